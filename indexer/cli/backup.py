"""Write the stores, the configuration and what is hidden to one file, while jobs may run.

The file is a plain tar with a checksum of every member. An older backup of that name is replaced
when the new one is complete, and no other file ever is. It holds what pages say of persons: only
its owner may read it; keep it as carefully as the data.

The index is not in it unless you ask: it is built again from the store, by `samsok reindex
--from-store` (about a minute for 20 000 documents; no request is sent), and would double the
file. With --with-index a restored machine answers at once.

Examples:
  samsok backup /backup/samsok.tar
  samsok backup "/backup/samsok-$(date +%F).tar" --with-index
  samsok restore /backup/samsok.tar --verify     read it again, as it lies there

exit codes: 0 done; 1 nothing to keep, a damaged store, or a full disk; 75 another backup is
writing the same file.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.progress import BytesProgress
from indexer.cli.terminal import print_json
from indexer.counting import counted
from indexer.jobs.backup import backup
from indexer.jobs.switch import WHOLE

if TYPE_CHECKING:
    import argparse

    from indexer.jobs.archive import Contents


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok backup` takes."""
    parser.add_argument("file", type=Path, metavar="FILE.tar", help="the file to write")
    parser.add_argument(
        "--with-index", action="store_true", help="keep the generation in service too"
    )


def run(args: argparse.Namespace) -> int:
    """Back up and say what is in the file."""
    with BytesProgress() as progress:
        done = backup(
            config.load(args.config), args.file, with_index=args.with_index, told=progress.show
        )
    if args.json:
        print_json(done.plain())
    else:
        print(f"backed up {held(done.contents)}: {done.path}, {done.size / 1e6:.1f} MB")
    return 0


def held(contents: Contents) -> str:
    """Return what an archive holds, in a few words."""
    index = f" and {contents.generation.name}" if contents.generation else ", no index"
    shards = len(contents.stores) - (WHOLE in contents.stores)
    several = f" in the stores of {counted(shards, 'shard')}" if shards else ""
    return f"{counted(contents.documents, 'document')}{several}{index}"
