"""Taking in what another crawler fetched: the records of WARC files, read as pages of ours.

A record passes what a fetched page passes: the scope of its source, the shard of the store, the
limit for a body, the reader in its worker processes, and the filing. No request is sent, so
robots.txt is heeded by the next crawl, which removes what it forbids.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer.counting import counted
from indexer.crawl.archive_intake import SourceIntake
from indexer.crawl.process_reader import ProcessReader
from indexer.crawl.report import ReasonCount, reason_lines
from indexer.crawl.tally import Reasons

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from indexer.config import Config
    from indexer.crawl.reading import PageReader
    from indexer.fetch.warc import Archived
    from indexer.store import DocumentStore

_BY_WHAT_THEY_TELL = (
    "body_too_large",
    "other_shard",
    "pattern_budget",
    "deny",
    "max_depth",
    "not_allowed",
    "repeating_path",
    "url_too_long",
    "not_a_web_address",
    "other_host",
    "no_source",
)
"""Why no source took a record: what comes first says more than what comes later."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What came of the records of some files.

    `pages` were read, or were as they had been; `added`, `changed` and `unchanged` count
    documents. `skipped` are records that are not wanted, `failed` those that cannot be used, each
    with its reason.
    """

    files: tuple[str, ...]
    records: int
    pages: int
    redirects: int
    added: int
    changed: int
    unchanged: int
    removed: Mapping[str, ReasonCount]
    skipped: Mapping[str, ReasonCount]
    failed: Mapping[str, ReasonCount]

    def plain(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        said = {**dataclasses.asdict(self), "files": list(self.files)}
        return {"job": "import", "outcome": "imported", **said}

    def lines(self) -> Iterator[str]:
        """Yield the report as text."""
        return import_lines(self.plain())


def import_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield what `ImportReport.plain` returned as text."""
    yield (
        f"{counted(report['records'], 'record')} of {counted(len(report['files']), 'file')}: "
        f"{counted(report['pages'], 'page')}, {counted(report['redirects'], 'redirect')}"
    )
    damaged = report["failed"].get("damaged_record", {"count": 0})["count"]
    if report["records"] <= damaged:
        yield "  no answer of a web server is in there; what is wanted is WARC (ISO 28500)"
    yield "  " + ", ".join(f"{report[what]} {what}" for what in ("added", "changed", "unchanged"))
    for title in ("removed", "skipped", "failed"):
        yield from reason_lines(title, report[title])


def _rank(reason: str) -> int:
    known = reason in _BY_WHAT_THEY_TELL
    return _BY_WHAT_THEY_TELL.index(reason) if known else -1


class ArchiveImport:
    """Files the records of WARC files under the sources of a configuration, in one store.

    A record is stored for every source that has its URL in scope. Each is one transaction: who is
    killed and begins again finds what was done unchanged.
    """

    def __init__(
        self,
        config: Config,
        store: DocumentStore,
        *,
        reader: PageReader | None = None,
        show: Callable[[int], None] = lambda _: None,
    ) -> None:
        self._config = config
        self._store = store
        self._reader = reader
        self._show = show
        self._records = 0
        self._skipped = Reasons()
        self._failed = Reasons()

    async def run(
        self, files: Sequence[Path], sources: Collection[str] | None = None
    ) -> ImportReport:
        """Import the files into the named sources, or into all.

        Raises:
            OSError: If a file cannot be read.
            StoreError: If the store cannot be written.
        """
        reader = self._reader or ProcessReader()
        chosen = [one for one in self._config.sources if sources is None or one.name in sources]
        parts = [SourceIntake(one, self._config, self._store, reader) for one in chosen]
        try:
            for file in files:
                await self._import(file, parts)
        finally:
            for part in parts:
                part.finish()
            if self._reader is None:
                reader.close()
        return self._report(files, parts)

    async def _import(self, file: Path, parts: list[SourceIntake]) -> None:
        # Loaded when it is needed only: a nightly crawl has no use for it.
        from indexer.fetch.warc import archived  # noqa: PLC0415

        limit = max((part.limit for part in parts), default=0)
        for record in archived(file, limit=limit):
            self._records += 1
            self._show(self._records)
            if record.reason:
                self._refused(record, file)
                continue
            refusals = [await part.take(record) for part in parts]
            if all(refusals):
                reason = min(refusals, key=_rank, default="no_source")
                self._skipped.add(reason, record.url)
        for part in parts:
            await part.flush()

    def _refused(self, record: Archived, file: Path) -> None:
        if record.reason == "revisit" or record.reason.startswith("http_"):
            self._skipped.add(record.reason, record.url)
        else:
            self._failed.add(record.reason, record.url or f"{file.name}, {record.detail}")

    def _report(self, files: Sequence[Path], parts: list[SourceIntake]) -> ImportReport:
        skipped, removed = self._skipped, Reasons()
        for part in parts:
            skipped.include(part.skipped)
            removed.include(part.tally.removed)
            skipped.include(part.tally.skipped)
            self._failed.include(part.tally.failed)
        return ImportReport(
            files=tuple(file.name for file in files),
            records=self._records,
            pages=sum(part.pages for part in parts),
            redirects=sum(part.redirects for part in parts),
            added=sum(part.tally.changes["added"] for part in parts),
            changed=sum(part.tally.changes["changed"] for part in parts),
            unchanged=sum(part.tally.changes["unchanged"] for part in parts),
            removed=removed.counted(),
            skipped=skipped.counted(),
            failed=self._failed.counted(),
        )
