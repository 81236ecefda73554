"""Looks at the stores of a data directory: is each whole, and are all shards of the crawl there?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.crawl import Shard
from indexer.jobs.findings import Finding, fine, problem, warning
from indexer.jobs.shards import divisions_of, missing_of, shards_of
from indexer.jobs.switch import WHOLE
from indexer.store import inspect_store, peek_shard, peek_shards_run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def store_findings(check: str, stores: tuple[Path, ...]) -> Iterator[Finding]:
    """Tell of each store that is there whether it is whole, and of the shard that its name says."""
    there = [path for path in dict.fromkeys(stores) if path.exists()]
    if not there:
        advice = "nothing has been crawled yet; run `samsok reindex`"
        yield warning(check, f"{stores[0]} is not there", advice)
    for path in there:
        shard = Shard.of_file(path)
        if problems := inspect_store(path):
            yield problem(check, f"{path}: {'; '.join(problems)}", _advice(shard))
        elif shard and (held := peek_shard(path)) and held != (shard.number, shard.total):
            right = Shard(number=held[0], total=held[1])
            yield problem(
                check,
                f"{path} is the store of shard {right}",
                f"call the file {right.store(path.parent).name} again",
            )
        else:
            yield fine(check, f"{path} is whole")


def shard_findings(check: str, data_dir: Path) -> Iterator[Finding]:
    """Tell whether all shards of one crawl are there; nothing where the crawl is not shared.

    One that never ran here may be crawled on another machine, and then nothing is amiss.
    """
    divisions = divisions_of(data_dir)
    shards, missing = shards_of(data_dir), missing_of(data_dir)
    if not shards:
        return
    if len(divisions) > 1:
        yield problem(
            check,
            f"{data_dir} holds the stores of crawls that were divided otherwise: into "
            f"{' and '.join(map(str, divisions))}",
            "pages of a host may be in two of them: move those of the old division away",
        )
    elif missing:
        yield from _missing(check, data_dir, missing, total=len(shards))
    else:
        yield fine(check, f"all {len(shards)} are there")


def _missing(
    check: str, data_dir: Path, missing: tuple[Shard, ...], *, total: int
) -> Iterator[Finding]:
    ran = peek_shards_run(data_dir / WHOLE)
    gone = [shard for shard in missing if str(shard) in ran]
    elsewhere = [shard for shard in missing if str(shard) not in ran]
    if gone:
        yield problem(
            check,
            f"the stores of {len(gone)} of {total} shards, which ran here, are not there: "
            f"{', '.join(map(str, gone))}",
            f"`samsok reindex --from-store` refuses to lose their hosts: run `samsok crawl --shard "
            f"{gone[0]}`, copy the store here, or restore a backup",
        )
    if elsewhere:
        it_is, its = ("it is", "its store") if len(elsewhere) == 1 else ("they are", "their stores")
        yield warning(
            check,
            f"{len(elsewhere)} of {total} shards never ran here and have no store here: "
            f"{', '.join(map(str, elsewhere))}",
            f"if {it_is} crawled on another machine, that is as it should be; copy {its} here or "
            "name the stores with --store where `samsok reindex --from-store` is run; otherwise "
            f"run `samsok crawl --shard {elsewhere[0]}`",
        )


def _advice(shard: Shard | None) -> str:
    if shard is None:
        return (
            "the source of truth cannot be used: restore a backup, or move the file away and "
            "crawl again; the index goes on serving until then"
        )
    return (
        "the source of truth of its hosts cannot be used: restore a backup, or move the file away "
        f"and run `samsok crawl --shard {shard}`; the index goes on serving until then"
    )
