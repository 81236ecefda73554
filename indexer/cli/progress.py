"""How a long job shows itself: a line on a terminal, log lines elsewhere."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Self

from indexer.cli.terminal import ProgressLine
from indexer.errors import ConfigError, ConfigProblem

if TYPE_CHECKING:
    from indexer.config import Config
    from indexer.crawl import SourceProgress


FULL = "ask for every known page, also those that are not due (see recrawl in the configuration)"


class JobProgress:
    """Shows the progress of a crawl and of building an index."""

    def __init__(self) -> None:
        self._line = ProgressLine()
        self._started = time.monotonic()

    def update(self, progress: SourceProgress) -> None:
        """Show how far the crawl of a source is."""
        self._line.show(
            f"{progress.source}: {progress.done} pages done, {progress.queued} to go, "
            f"{progress.rate:.1f} pages/s, {time.monotonic() - self._started:.0f} s"
            f"{_waiting(progress)}"
        )

    def step(self, what: str, done: int) -> None:
        """Show how far the index is."""
        self._line.show(f"{what}: {done} documents, {time.monotonic() - self._started:.0f} s")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._line.clear()


class BytesProgress:
    """Shows how far something is that is counted in bytes."""

    def __init__(self) -> None:
        self._line = ProgressLine()

    def show(self, what: str, done: int, total: int) -> None:
        """Show what is being done, and how much of it is; nothing of it where nobody can tell."""
        share = f": {done / 1e6:.0f} of {total / 1e6:.0f} MB" if total else ""
        self._line.show(f"{what}{share}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._line.clear()


def _waiting(progress: SourceProgress) -> str:
    waits = [f"{wait.host} {wait.reason} ({wait.wait_s:.0f} s)" for wait in progress.waiting[:2]]
    more = len(progress.waiting) - len(waits)
    return f"; {'; '.join(waits)}{f' and {more} more hosts' if more else ''}" if waits else ""


def chosen_sources(config: Config, names: list[str] | None) -> tuple[str, ...] | None:
    """Return the sources that were asked for, or None for all.

    Raises:
        ConfigError: If there is no source of that name.
    """
    if not names:
        return None
    known = [source.name for source in config.sources]
    if unknown := [name for name in names if name not in known]:
        message = f"there is no source {unknown[0]!r}; there are: {', '.join(known)}"
        raise ConfigError(str(config.path), (ConfigProblem(key="--source", message=message),))
    return tuple(names)
