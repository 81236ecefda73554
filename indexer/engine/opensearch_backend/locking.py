"""One writer at a time, whatever machine it is on: a document that only one can make."""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import socket
import threading
import uuid
from pathlib import Path
from typing import TYPE_CHECKING, Any

from indexer.engine.opensearch_backend.cluster import Refused
from indexer.errors import EngineError, IndexLocked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.engine.opensearch_backend.cluster import Cluster
    from indexer.engine.opensearch_backend.generations import ClusterGenerations

LEASE = dt.timedelta(seconds=90)
"""How long a lock holds that nobody renews."""

RENEWED_EVERY_S = 20.0


class WriterLock:
    """Held from its making to `release`, and renewed by a thread meanwhile.

    Raises:
        IndexLocked: If another writer holds it. One that was killed on this machine does not
            count, and one on another only until its lease ends.
    """

    def __init__(self, cluster: Cluster, generations: ClusterGenerations) -> None:
        self._cluster = cluster
        self._path = f"/{generations.notes}/_doc/writer"
        self._owner = uuid.uuid4().hex
        self._lost = ""
        self._released = threading.Event()
        self._using = threading.Lock()
        generations.make_notes()
        held, self._place = self._read()
        if held.get("owner") and not _is_over(held):
            raise IndexLocked(_locked(held))
        self.last: int = held.get("last", 0)
        """The number of the newest generation that any writer has begun."""

        self._write()
        self._thread = threading.Thread(target=self._renew, name="writer-lock", daemon=True)
        self._thread.start()

    def check(self) -> None:
        """Make sure that the lock is still ours.

        Raises:
            IndexLocked: If it is not: we were silent for longer than the lease.
        """
        with self._using:
            if not self._lost:
                self._write()
        if self._lost:
            raise IndexLocked(self._lost)

    def begin(self, generation: int) -> None:
        """Note that a generation of this number has been begun."""
        self.last = generation
        self.check()

    def release(self) -> None:
        """Let go of the lock; twice is no error."""
        if self._released.is_set():
            return
        self._released.set()
        self._thread.join()
        # A lock that cannot be given back ends by itself.
        with contextlib.suppress(EngineError):
            self._owner = ""
            self._write()

    def _renew(self) -> None:
        while not self._released.wait(RENEWED_EVERY_S):
            # What cannot be renewed now may be a little later; if not, `check` tells.
            with contextlib.suppress(EngineError):
                self.check()

    def _read(self) -> tuple[Mapping[str, Any], dict[str, Any]]:
        try:
            found = self._cluster.ask("GET", self._path)
        except Refused as error:
            if not error.is_missing:
                raise
            return {}, {"op_type": "create"}
        place = {"if_seq_no": found["_seq_no"], "if_primary_term": found["_primary_term"]}
        return found["_source"]["lock"], place

    def _write(self) -> None:
        lock = {
            "owner": self._owner,
            "machine": _machine(),
            "process": os.getpid(),
            "until": (dt.datetime.now(dt.UTC) + LEASE).isoformat(timespec="seconds"),
            "last": self.last,
        }
        try:
            written = self._cluster.ask("PUT", self._path, {"lock": lock}, **self._place)
        except Refused as error:
            if not error.is_conflict:
                raise
            self._conflict()
            return
        self._place = {"if_seq_no": written["_seq_no"], "if_primary_term": written["_primary_term"]}

    def _conflict(self) -> None:
        """Somebody wrote meanwhile: another writer, or we, and the answer was lost on its way."""
        held, place = self._read()
        if held.get("owner") == self._owner:
            self._place = place
            return
        self._lost = _locked(held)
        raise IndexLocked(self._lost)


def _is_over(held: Mapping[str, Any]) -> bool:
    if dt.datetime.fromisoformat(held["until"]) < dt.datetime.now(dt.UTC):
        return True
    return held["machine"] == _machine() and not Path(f"/proc/{held['process']}").exists()


def _locked(held: Mapping[str, Any]) -> str:
    return (
        f"another process is writing the index in the cluster (process {held.get('process')}); "
        f"if it was killed, its lock ends at {held.get('until')}"
    )


def _machine() -> str:
    """Return what tells this run of this machine, or container, from others."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        boot = ""
    return f"{socket.gethostname()} {boot}"
