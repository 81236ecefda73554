"""How the shards of a crawl tell each other of URLs: a small file of each, in one directory.

What a shard finds is in its store, with the page that led there. From there it is written, whole
and in one step, to ``found-by-2-of-4.jsonl``; the others read on from where they were. The
directory may be shared, or copied between machines by whatever copies files.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import time
from typing import TYPE_CHECKING, Any

import orjson

from indexer.errors import StoreError
from indexer.store import FoundUrl

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.crawl.recorder import Recorder
    from indexer.crawl.shard import Share
    from indexer.crawl.tally import Tally
    from indexer.store import DocumentStore

DIRECTORY = "handover"
_FORMAT = "samsok-handover-1"
_REST = 20
"""Writing takes one part in so many of the time, however much was found."""

logger = logging.getLogger(__name__)


class Handing:
    """The exchange of one shard with the others, in `directory`."""

    def __init__(self, store: DocumentStore, share: Share, directory: Path) -> None:
        self.share = share
        self._store = store
        self._directory = directory
        self._written = 0
        self._next = 0.0
        self._seen: dict[tuple[str, Path], tuple[int, int]] = {}

    def write(self, *, now: bool = False) -> None:
        """Tell the others what was found, if that is more than before; not too often.

        Raises:
            StoreError: If the directory cannot be written.
        """
        begun, newest = time.monotonic(), self._store.handover.newest()
        if newest == self._written or (begun < self._next and not now):
            return
        shard = self.share.shard
        path = self._directory / f"found-by-{shard.number}-of-{shard.total}.jsonl"
        try:
            self._directory.mkdir(parents=True, exist_ok=True)
            self._replace(path)
        except OSError as error:
            raise StoreError(f"{path} cannot be written: {error.strerror}") from error
        self._written = newest
        self._next = time.monotonic() + max(1.0, _REST * (time.monotonic() - begun))

    def take_in(self, source: str, recorder: Recorder, tally: Tally) -> int:
        """Queue what the others found at our hosts since the last time; return how many URLs.

        A file that cannot be read holds up nobody: it is told of, and tried again next time.
        """
        taken = 0
        for path in self._others():
            try:
                stat = path.stat()
                state = (stat.st_mtime_ns, stat.st_ino)
                if self._seen.get((source, path)) != state:
                    taken += self._take(path, source, recorder)
                    self._seen[source, path] = state
            except (OSError, ValueError, KeyError, TypeError) as error:
                logger.warning("%s cannot be read (%s); copy it again", path, error)
        tally.taken_in += taken
        return taken

    def _replace(self, path: Path) -> None:
        # Not by the engine's `durable`: the workers of a crawl would load the engine for it.
        draft = path.with_name(f".{path.name}.new")
        with draft.open("wb") as file:
            file.writelines(self._lines())
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)

    def _others(self) -> list[Path]:
        own = self.share.shard
        named = (
            self._directory / f"found-by-{number}-of-{own.total}.jsonl"
            for number in range(1, own.total + 1)
            if number != own.number
        )
        return [path for path in named if path.exists()]

    def _take(self, path: Path, source: str, recorder: Recorder) -> int:
        with path.open("rb") as lines:
            head = orjson.loads(next(lines, b"null"))
            if head["format"] != _FORMAT:
                raise ValueError(f"not of the form {_FORMAT}")
            name = str(head["store"])
            known = self._store.handover.taken(name, source)
            count, newest = 0, known
            with self._store.transaction():
                for raw in map(orjson.loads, lines):
                    if raw["serial"] <= known:
                        continue
                    newest = max(newest, int(raw["serial"]))
                    if raw["source"] == source and self.share.owns(raw["url"]):
                        recorder.take_in(_found(raw))
                        count += 1
                if newest > known:
                    self._store.handover.took(name, source, newest)
        return count

    def _lines(self) -> Iterator[bytes]:
        head = {
            "format": _FORMAT,
            "shard": str(self.share.shard),
            "store": self._store.name,
        }
        yield orjson.dumps(head, option=orjson.OPT_APPEND_NEWLINE)
        for serial, found in self._store.handover.found():
            plain = {
                "serial": serial,
                "source": found.source,
                "url": found.url,
                "depth": found.depth,
                "referrer": found.referrer,
                "lastmod": found.lastmod,
                "listed": found.listed,
            }
            yield orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE)


def _found(raw: dict[str, Any]) -> FoundUrl:
    lastmod = raw["lastmod"]
    return FoundUrl(
        source=str(raw["source"]),
        url=str(raw["url"]),
        depth=max(0, int(raw["depth"])),
        referrer=raw["referrer"] and str(raw["referrer"]),
        lastmod=dt.datetime.fromisoformat(lastmod) if lastmod else None,
        listed=bool(raw["listed"]),
    )
