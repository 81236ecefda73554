"""Generations in a cluster: an index each, an alias on the one in service, and one index of notes.

    samsok-gen-000041  samsok-gen-000042   documents; what a generation is stands in its mapping
    samsok-files-000041                    the files of their bundles, in pieces
    samsok-current                         the alias on the one in service
    samsok-notes                           suppressions, notes, and the lock of the writer

A generation is `building` until its mapping says that it is `whole`, which the cluster changes in
one step; the alias moves in one step, too. One that is pruned is marked first and deleted a while
later, because whoever searches it shall go on.

The files have an index for each generation that was built anew, and for all that were built on
it: what an index holds is gone with the index, and with less nobody knows when.
"""

from __future__ import annotations

import base64
import datetime as dt
import re
from typing import TYPE_CHECKING, Any

import orjson

from indexer.engine.opensearch_backend.cluster import Refused
from indexer.engine.opensearch_backend.held import HeldGeneration, number
from indexer.errors import GenerationUnknown, IndexDamaged, IndexMissing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indexer.engine.opensearch_backend.cluster import Cluster

GRACE = dt.timedelta(minutes=5)
"""How long a pruned generation can still be searched by those who have it open."""

LINGER_S = 10.0
"""How long one can that must be gone when pruning returns: a reader switches within seconds."""

QUICK_S = 3.0
"""Seconds in which what is asked every second must be answered."""

_NAME = re.compile(r"gen-(?:[0-9]{6}|[1-9][0-9]{6,})")
_NOTES_MAPPING = {
    "dynamic": "strict",
    "properties": {"value": {"type": "binary"}, "lock": {"type": "object", "enabled": False}},
}


class ClusterGenerations:
    """The generations under one prefix of names."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._prefix = cluster.settings.prefix
        self.alias = f"{self._prefix}-current"
        self.notes = f"{self._prefix}-notes"

    # --- reading --------------------------------------------------------------------------------

    def index_of(self, name: str) -> str:
        """Return the index that a generation lies in."""
        return f"{self._prefix}-{name}"

    def files_of(self, name: str) -> str:
        """Return the index of the files of a generation that is built anew."""
        return f"{self._prefix}-files-{name.removeprefix('gen-')}"

    def file_indices(self) -> tuple[str, ...]:
        """Return the indices of files, also those of no generation."""
        return tuple(self._cluster.ask("GET", f"/{self._prefix}-files-*/_settings"))

    def all(self, *, timeout_s: float | None = None) -> list[HeldGeneration]:
        """Return every generation, also what is being built or is pruned, oldest first."""
        read = (_read(*one) for one in self._mappings(timeout_s))
        return sorted((held for held in read if held), key=lambda it: number(it.name))

    def damaged(self) -> list[str]:
        """Return the indices of which nobody can tell what they hold, but the one in service.

        That may be of another version, and be searched by processes of that version.
        """
        serving = self.index_of(self.current() or "")
        return sorted(index for index, _ in self._unread() if index != serving)

    def files_of_others(self, *, timeout_s: float | None = None) -> set[str] | None:
        """Return the indices of files that generations of another version have.

        None where one of them does not say it: then any may be wanted.
        """
        files = {meta.get("files") for _, meta in self._unread(timeout_s)}
        return None if None in files else {str(index) for index in files}

    def _unread(self, timeout_s: float | None = None) -> list[tuple[str, Mapping[str, Any]]]:
        return [(one[1], one[2]) for one in self._mappings(timeout_s) if _read(*one) is None]

    def _mappings(self, timeout_s: float | None) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
        """Yield name, index, and what the mapping says, of every generation."""
        path = f"/{self._prefix}-gen-*/_mapping"
        for index, held in self._cluster.ask("GET", path, timeout_s=timeout_s).items():
            name = index.removeprefix(f"{self._prefix}-")
            if _NAME.fullmatch(name):
                yield name, index, held.get("mappings", {}).get("_meta") or {}

    def whole(self) -> list[HeldGeneration]:
        """Return the generations that can be searched, oldest first."""
        return [held for held in self.all() if held.state == "whole"]

    def read(self, name: str) -> HeldGeneration:
        """Return a whole generation.

        Raises:
            GenerationUnknown: If there is none of that name.
        """
        if _NAME.fullmatch(name):
            try:
                answer = self._cluster.ask("GET", f"/{self.index_of(name)}/_mapping")
            except Refused as error:
                if not error.is_missing:
                    raise
                answer = {}
            for index, held in answer.items():
                meta = held.get("mappings", {}).get("_meta", {})
                found = HeldGeneration.read(name, index, meta)
                if found.state == "whole":
                    return found
        raise GenerationUnknown(f"there is no generation {name!r} in the cluster")

    def current(self) -> str | None:
        """Return the name of the generation in service."""
        try:
            answer = self._cluster.ask("GET", f"/_alias/{self.alias}", timeout_s=QUICK_S)
        except Refused as error:
            if error.is_missing:
                return None
            raise
        names = [index.removeprefix(f"{self._prefix}-") for index in answer]
        return max(names, key=number) if names else None

    def in_service(self) -> str:
        """Return the name of the generation in service.

        Raises:
            IndexMissing: If nothing has been published.
        """
        name = self.current()
        if name is None:
            raise IndexMissing("no index in the cluster: run `samsok reindex` first")
        return name

    # --- changing -------------------------------------------------------------------------------

    def publish(self, name: str) -> None:
        """Move the alias to a generation, in one step.

        Raises:
            GenerationUnknown: If there is no whole one of that name.
        """
        target = self.read(name).index
        others = {"index": f"{self._prefix}-gen-*", "alias": self.alias, "must_exist": False}
        actions = [{"remove": others}, {"add": {"index": target, "alias": self.alias}}]
        self._cluster.ask("POST", "/_aliases", {"actions": actions})

    def create(self, held: HeldGeneration, *, settings: Mapping[str, Any], mapping: Any) -> None:
        """Make the index of a generation that is to be built."""
        body = {"settings": settings, "mappings": {**mapping, "_meta": held.meta()}}
        self._cluster.ask("PUT", f"/{held.index}", body, wait_for_active_shards=1)

    def mark(self, held: HeldGeneration) -> None:
        """Write into the mapping what a generation is now."""
        self._cluster.ask("PUT", f"/{held.index}/_mapping", {"_meta": held.meta()})

    def delete(self, index: str) -> None:
        """Delete an index; one that is not there is no error."""
        try:
            self._cluster.ask("DELETE", f"/{index}", ignore_unavailable=True)
        except Refused as error:
            if not error.is_missing:
                raise

    # --- notes ----------------------------------------------------------------------------------

    def note(self, name: str, *, timeout_s: float | None = None) -> bytes | None:
        """Return what was noted under a name, or None."""
        try:
            found = self._cluster.ask("GET", f"/{self.notes}/_doc/{name}", timeout_s=timeout_s)
        except Refused as error:
            if error.is_missing:
                return None
            raise
        return base64.b64decode(found["_source"]["value"])

    def put_note(self, name: str, data: bytes) -> None:
        """Note something under a name, in place of what stood there."""
        self.make_notes()
        value = base64.b64encode(data).decode()
        self._cluster.ask("PUT", f"/{self.notes}/_doc/{name}", {"value": value}, refresh=True)

    def make_notes(self) -> None:
        """Make the index of notes where there is none."""
        self.make(self.notes, _NOTES_MAPPING)

    def make(self, index: str, mapping: Mapping[str, Any]) -> None:
        """Make a small index where there is none; it has copies as soon as there are nodes."""
        settings = {"number_of_shards": 1, "auto_expand_replicas": "0-2"}
        try:
            self._cluster.ask("GET", f"/{index}/_settings", flat_settings=True)
        except Refused as error:
            if not error.is_missing:
                raise
        else:
            return
        try:
            self._cluster.ask("PUT", f"/{index}", {"settings": settings, "mappings": mapping})
        except Refused as error:
            if not error.is_conflict:
                raise

    def suppressed(self) -> frozenset[str]:
        """Return the ids of the hidden documents.

        Raises:
            IndexDamaged: If they cannot be read: what must be hidden is then not shown.
        """
        held = self.note("suppressed", timeout_s=QUICK_S)
        try:
            return frozenset(orjson.loads(held)) if held else frozenset()
        except (ValueError, TypeError) as error:
            raise IndexDamaged(
                f"the index {self.notes} does not say what must be hidden, so nothing is shown; "
                "hide the documents again, or delete its document `suppressed` if nothing was"
            ) from error

    def suppress(self, ids: frozenset[str]) -> None:
        """Hide exactly these documents."""
        self.put_note("suppressed", orjson.dumps(sorted(ids)))


def _read(name: str, index: str, meta: Mapping[str, Any]) -> HeldGeneration | None:
    try:
        return HeldGeneration.read(name, index, meta)
    except IndexDamaged:
        return None
