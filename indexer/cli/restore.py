"""Put a backup in the place of the data, or verify it.

All of the archive is read and compared with its checksums before anything is replaced; then the
store, or all those of the shards of a crawl, is switched in one step, so that a restore that is
killed leaves the old data or the new. A store that the archive has not is gone then.
What is hidden now stays hidden. Searches are answered from the index in service until the next
`samsok reindex`, which builds everything anew. The configuration is written only where there is
none.

Restore your own archives only: an index in one is to be trusted as a program is, and
--store-only leaves it out.

Examples:
  samsok restore samsok.tar --verify          read all of it, change nothing
  samsok restore samsok.tar                   into a new or empty data directory
  samsok restore samsok.tar --replace         instead of the store that is there
  samsok restore samsok.tar --store-only      then `samsok reindex --from-store`
  samsok restore samsok.tar --ledger FILE     on a new machine: see `samsok forget --ledger`

exit codes: 0 done; 1 the archive is damaged or of another version, or the disk is full; 2 the
data directory is not empty, or the configuration is wrong; 75 another job is running.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.backup import held
from indexer.cli.progress import BytesProgress
from indexer.cli.terminal import print_json
from indexer.engine.durable import checksum
from indexer.jobs.archive import CONFIG, Archive
from indexer.jobs.backup import plain_contents
from indexer.jobs.erasure import carry_over
from indexer.jobs.restore import check_versions, place_configuration, restore

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok restore` takes."""
    parser.add_argument("file", type=Path, metavar="FILE.tar", help="what `samsok backup` wrote")
    parser.add_argument("--verify", action="store_true", help="read all of it and restore nothing")
    parser.add_argument(
        "--replace", action="store_true", help="the data directory need not be empty"
    )
    parser.add_argument(
        "--ledger",
        type=Path,
        metavar="FILE",
        help="forget what `samsok forget --ledger` wrote down, besides what is forgotten here",
    )
    parser.add_argument(
        "--store-only", action="store_true", help="leave out the index, if the archive holds one"
    )


def run(args: argparse.Namespace) -> int:
    """Restore or verify, and say what is there now."""
    archive = Archive(args.file)
    if args.verify:
        return _verify(archive, args)
    placed: tuple[Path, ...] = ()
    with BytesProgress() as progress:
        if not args.config.exists():
            check_versions(archive.contents, store_only=args.store_only)
            archive.verify(told=progress.show)
            placed = place_configuration(archive, args.config)
        loaded = config.load(args.config)
        done = restore(
            loaded,
            archive,
            replace=args.replace,
            store_only=args.store_only,
            told=progress.show,
            carry_over=partial(_forget_again, ledger=args.ledger),
        )
    if args.json:
        print_json({**done.plain(), "written": [str(path) for path in placed]})
        return 0
    for path in placed:
        print(f"wrote {path}")
    if not placed and checksum(args.config) != archive.contents.members[CONFIG].checksum:
        print(f"{args.config} was left alone; the archive has another one")
    print(f"restored {held(done.contents)} into {loaded.data_dir}")
    if done.generation:
        print(f"{done.generation} is in service; the next `samsok reindex` builds its successor")
    else:
        print("next: `samsok reindex --from-store` builds the index and sends no request")
    return 0


def _forget_again(now: Path, staged: Path, *, ledger: Path | None) -> None:
    """Take what was forgotten after the backup was made out of it, before anything is replaced."""
    for source in filter(None, (now, ledger)):
        carry_over(source, staged)


def _verify(archive: Archive, args: argparse.Namespace) -> int:
    contents = archive.contents
    with BytesProgress() as progress:
        archive.verify(told=progress.show)
    check_versions(contents, store_only=args.store_only)
    if args.json:
        print_json({"outcome": "whole", **plain_contents(contents)})
    else:
        print(
            f"{args.file} is whole: {held(contents)}, of {contents.created:%Y-%m-%d %H:%M} UTC, "
            f"made by Samsök {contents.software}"
        )
    return 0
