"""Writing the stored pages into a file that other crawlers and archives read."""

from __future__ import annotations

import dataclasses
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer import __version__
from indexer.config import OaiPmhSource
from indexer.errors import ConfigError, ConfigProblem, StoreError
from indexer.jobs.stores import catch_up, store_files
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Callable, Collection
    from pathlib import Path

    from indexer.config import Config
    from indexer.fetch.warc_writer import WarcFile
    from indexer.store import KnownUrl


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportReport:
    """What was written: pages, redirects, records of repositories; and bytes in all."""

    file: str
    pages: int
    redirects: int
    records: int
    bytes: int

    def plain(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return dataclasses.asdict(self)


def export_archive(
    config: Config,
    file: Path,
    *,
    stores: tuple[Path, ...] = (),
    sources: Collection[str] | None = None,
    show: Callable[[int], None] = lambda _: None,
) -> ExportReport:
    """Write what `stores` hold of the servers' answers, or else the stores of the data directory.

    It disturbs no running job. The file gets its name when it is whole.

    Raises:
        ConfigError: If the file exists, or a store does not.
        StoreError: If a store cannot be read or the file not be written.
    """
    from indexer.fetch.warc_writer import WarcFile  # noqa: PLC0415 - needed here only

    catch_up(config)
    paths = stores or store_files(config)
    if gone := [path for path in paths if not path.is_file()]:
        raise _wrong(config, "--store", f"there is no store {gone[0]}; `samsok crawl` makes one")
    if file.exists():
        raise _wrong(config, "--warc", f"{file} exists; name another file, or move it away")
    draft = file.with_name(f".{file.name}.part")
    try:
        with draft.open("wb") as target:
            writing = _Writing(
                WarcFile(target, name=file.name, software=f"samsok/{__version__}"), config, show
            )
            for path in paths:
                with DocumentStore.open(path) as store:
                    writing.write(store, sources)
            target.flush()
            os.fsync(target.fileno())
        draft.replace(file)
        size = file.stat().st_size
    except OSError as error:
        raise StoreError(f"{file} cannot be written: {error.strerror or error}") from error
    finally:
        draft.unlink(missing_ok=True)
    return ExportReport(
        file=str(file),
        pages=writing.pages,
        redirects=writing.redirects,
        records=writing.records,
        bytes=size,
    )


class _Writing:
    """Writes one store after the other into a file."""

    def __init__(self, file: WarcFile, config: Config, show: Callable[[int], None]) -> None:
        self.pages = self.redirects = self.records = 0
        self._file = file
        self._show = show
        self._repositories = {
            source.name for source in config.sources if isinstance(source, OaiPmhSource)
        }

    def write(self, store: DocumentStore, sources: Collection[str] | None) -> None:
        for source in store.frontier.sources():
            if sources is None or source in sources:
                for known in store.frontier.known(source):
                    self._write(store, known)
                    self._show(self.pages + self.redirects + self.records)

    def _write(self, store: DocumentStore, known: KnownUrl) -> None:
        body = store.bodies.get(known.id)
        if body is None:
            if known.reason == "redirected" and known.visited_at is not None:
                self._file.redirect(
                    known.url,
                    known.detail,
                    source=known.source,
                    depth=known.depth,
                    at=known.visited_at,
                )
                self.redirects += 1
            return
        page = dataclasses.replace(
            body.page(known.request(conditional=False)),
            etag=known.etag,
            last_modified=known.last_modified,
        )
        if known.source in self._repositories:
            self._file.record(page, depth=known.depth)
            self.records += 1
        else:
            self._file.page(page, depth=known.depth)
            self.pages += 1


def _wrong(config: Config, key: str, message: str) -> ConfigError:
    return ConfigError(str(config.path), (ConfigProblem(key=key, message=message),))
