"""What a crawl would do, shown without doing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.cli.terminal import print_json
from indexer.jobs.plan import lines, plan

if TYPE_CHECKING:
    from indexer.config import Config
    from indexer.crawl import Shard

DRY_RUN = "list what is due; send no request and change nothing"

_SHOWN = 50


def print_plan(
    config: Config,
    sources: tuple[str, ...] | None,
    *,
    full: bool,
    as_json: bool,
    shard: Shard | None = None,
) -> None:
    """Print what is due of the sources, of all where None are named; with `full` everything."""
    planned = plan(config, sources, full=full, shard=shard)
    if as_json:
        print_json([one.plain() for one in planned])
    else:
        print("\n".join(lines(planned, at_most=_SHOWN)))
