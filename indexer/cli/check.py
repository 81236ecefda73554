"""Validate the configuration and say what it will do.

Sends no request and writes nothing. Every problem is named with its key and line.

Examples:
  samsok check
  samsok check --config /etc/samsok/crawl_config.yaml
"""

from __future__ import annotations

import shutil
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from indexer import config
from indexer.cli.terminal import print_json, printable, table
from indexer.config import WebsiteSource
from indexer.counting import counted
from indexer.evaluate import read_judgments

if TYPE_CHECKING:
    import argparse

    from indexer.config import Config, NotifySettings, SourceSettings


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`samsok check` takes the common options only."""


def run(args: argparse.Namespace) -> int:
    """Print what the configuration means."""
    loaded = config.load(args.config)
    wanted = loaded.publish.evaluation
    judged = len(read_judgments(wanted.judgments).judged) if wanted else 0
    if args.json:
        print_json(
            {
                "config": str(loaded.path),
                "data_dir": str(loaded.data_dir),
                "sources": [asdict(source) for source in loaded.sources],
                "partners": len(loaded.vocabulary.partners),
                "areas": len(loaded.vocabulary.areas),
                "abbreviations": len(loaded.vocabulary.abbreviations),
                "canaries": len(loaded.publish.canaries),
                "notify": {
                    "webhook": loaded.notify.webhook is not None,
                    "command": bool(loaded.notify.command),
                },
                "judged_queries": judged,
            }
        )
        return 0
    vocabulary = loaded.vocabulary
    print(f"{loaded.path} is fine")
    print(f"  data       {loaded.data_dir}")
    print(f"  agent      {loaded.user_agent}")
    print(
        f"  words      {counted(len(vocabulary.partners), 'partner')}, "
        f"{counted(len(vocabulary.areas), 'area')}, "
        f"abbreviations: {len(vocabulary.abbreviations)}"
    )
    print(
        f"  gate       refuse when more than {loaded.publish.max_loss_percent:g} % of the "
        f"documents, or of a source, are gone; {len(loaded.publish.canaries)} canary queries"
        f"{_floor(loaded, judged)}"
    )
    print(f"  notify     {_notified(loaded.notify)}")
    print("sources:")
    rows = [("name", "starts at", "pages at most", "seconds between requests")]
    rows += [
        (source.name, source.entrance, _most(source), f"{source.http.delay_s:g}")
        for source in loaded.sources
    ]
    print("\n".join(table(rows)))
    return 0


def _floor(loaded: Config, judged: int) -> str:
    wanted = loaded.publish.evaluation
    return f"; nDCG@10 of {judged} judged queries at least {wanted.floor:g}" if wanted else ""


def _most(source: SourceSettings) -> str:
    return f"{source.max_pages}" if isinstance(source, WebsiteSource) else "all records"


def _notified(notify: NotifySettings) -> str:
    """Return who is told of failed runs, without what may be a secret."""
    told = []
    if notify.webhook:
        told.append(f"a webhook at {urlsplit(notify.webhook).hostname}")
    if notify.command:
        program = notify.command[0]
        missing = "" if shutil.which(program) else ", WHICH IS NOT ON THIS MACHINE"
        told.append(f"the command {printable(Path(program).name)}{missing}")
    if not told:
        return "nobody is told when a run fails (see notify in docs/CONFIGURATION.md)"
    return f"{' and '.join(told)}; `samsok report last --notify` tries it out"
