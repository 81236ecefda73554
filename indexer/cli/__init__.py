"""The command `samsok`: one verb, one file.

A verb is a module of this package with `add_arguments(parser)` and `run(args) -> exit code`; only
the one that was asked for is imported, so that `samsok --help` answers at once. Another package
adds a verb through the entry-point group ``samsok.commands``: a module with `HELP`,
`add_arguments(parser)` and `run(args, settings)`, where `settings` are plain values.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import keyword
import os
import re
import sys
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from indexer import __version__, logs
from indexer.cli.stopping import Stopped, end_by_sigterm, told_to_stop
from indexer.errors import (
    ConfigError,
    GateRefused,
    GenerationUnknown,
    JobLocked,
    RequestUnclear,
    RunUnknown,
    SamsokError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DONE, FAILED, WRONG_USE, GATE_REFUSED, LOCKED, INTERRUPTED = 0, 1, 2, 3, 75, 130

VERBS: Mapping[str, str] = {
    "demo": "crawl a bundled site, search it, and serve the search page",
    "check": "validate the configuration and say what it will do",
    "crawl": "fetch what the sources publish into the store",
    "reindex": "crawl, build a new index, look at it, and publish it",
    "import": "take in pages that another crawler fetched, from WARC files",
    "export": "write the stored pages into a WARC file",
    "search": "search the published index from the terminal",
    "evaluate": "measure the ranking against judged queries",
    "status": "show sources, their ages, the last runs, and what cannot be had",
    "report": "show the report of a run again",
    "insight": "show what was searched for, where that is counted",
    "explain": "say why a URL is, or is not, in the index",
    "quality": "report what web editors can mend on the pages",
    "vocabulary": "propose words for it from what was harvested",
    "forget": "take a page or a person out of searches and store, for good",
    "rollback": "put an older generation of the index into service",
    "publish": "put a generation into service that the gate refused",
    "backup": "write the store, the configuration and what is hidden to one file",
    "restore": "put a backup in the place of the data, or verify it",
    "schedule": "write files for systemd or cron that run the job every night",
    "doctor": "look for what is wrong, and say what to do",
    "analyze": "show the terms of a text, and why",
    "extract": "show the document of a page, and which rule gave each field",
}

_CODES: Mapping[type[SamsokError], int] = {
    ConfigError: WRONG_USE,
    GenerationUnknown: WRONG_USE,
    RunUnknown: WRONG_USE,
    RequestUnclear: WRONG_USE,
    GateRefused: GATE_REFUSED,
    JobLocked: LOCKED,
}

_DESCRIPTION = "Harvest what a university and its partners publish together, and search it."
_EPILOG = """\
start here:
  samsok demo                         see it work, with no configuration
  samsok check                        look over ./crawl_config.yaml
  samsok reindex                      crawl, index, publish; safe to run every night
  samsok serve                        answer searches on http://127.0.0.1:8080/

`samsok VERB --help` tells more. Exit codes: 0 done, 1 a source or the job failed,
2 wrong use or configuration, 3 the new index was not good enough to publish,
75 another job is running.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the verb that `argv` names and return its exit code."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    verb = arguments[0] if arguments else ""
    try:
        return _run(arguments)
    except SamsokError as error:
        print(error, file=sys.stderr)
        return next((code for kind, code in _CODES.items() if isinstance(error, kind)), FAILED)
    except Stopped:
        print(told_to_stop(verb, "stopped"), file=sys.stderr, flush=True)
        end_by_sigterm()
    except KeyboardInterrupt:
        print(told_to_stop(verb, "interrupted"), file=sys.stderr)
        return INTERRUPTED
    except BrokenPipeError:
        # The reader of our output has gone; there is nobody left to tell.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _run(arguments: list[str]) -> int:
    plugins = {point.name: point for point in entry_points(group="samsok.commands")}
    wanted = arguments[0] if arguments else ""
    parser = argparse.ArgumentParser(
        prog="samsok",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("-V", "--version", action="version", version=f"samsok {__version__}")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")
    for name in (*VERBS, *plugins):
        module = _module(name, plugins) if name == wanted or name not in VERBS else None
        _add_verb(verbs, name, module, chosen=name == wanted)
    _refuse_misspelt(parser, wanted, (*VERBS, *plugins))
    args, unknown = parser.parse_known_args(arguments)
    if unknown:
        _refuse_unknown(verbs.choices[args.verb] if args.verb else parser, unknown)
    if args.verb is None:
        parser.print_help()
        return WRONG_USE
    logs.configure(args.verbose)
    module = _module(args.verb, plugins)
    if args.verb in plugins:
        return int(module.run(args, _settings(args.config)))
    return int(module.run(args))


def _refuse_misspelt(parser: argparse.ArgumentParser, wanted: str, verbs: Sequence[str]) -> None:
    if wanted in {"", *verbs} or wanted.startswith("-"):
        return
    near = difflib.get_close_matches(wanted, verbs, n=1)
    hint = f"did you mean `samsok {near[0]}`?" if near else "`samsok --help` lists all verbs"
    parser.error(f"there is no verb {wanted!r}; {hint}")


def _refuse_unknown(parser: argparse.ArgumentParser, unknown: Sequence[str]) -> None:
    options = re.findall(r"--[a-z-]+", parser.format_usage())
    near = difflib.get_close_matches(unknown[0].partition("=")[0], options, n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    parser.error(f"unrecognized arguments: {' '.join(unknown)}{hint}")


def _module(name: str, plugins: Mapping[str, EntryPoint]) -> ModuleType:
    if name in plugins:
        loaded = plugins[name].load()
        if not isinstance(loaded, ModuleType):
            raise TypeError(f"the entry point {name!r} of samsok.commands must name a module")
        return loaded
    # A verb that is a word of Python cannot be the name of a module.
    return importlib.import_module(f"indexer.cli.{name}{'_' * keyword.iskeyword(name)}")


def _add_verb(
    verbs: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    module: ModuleType | None,
    *,
    chosen: bool,
) -> None:
    summary = VERBS.get(name) or getattr(module, "HELP", "")
    parser = verbs.add_parser(
        name,
        help=summary,
        description=(module.__doc__ if module and name in VERBS else summary),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if not (chosen and module):
        return
    module.add_arguments(parser)
    common = parser.add_argument_group("common options")
    common.add_argument(
        "--config",
        type=Path,
        default=Path("crawl_config.yaml"),
        metavar="FILE",
        help="the configuration (default: ./crawl_config.yaml)",
    )
    common.add_argument("--json", action="store_true", help="answer in JSON")
    common.add_argument(
        "-v", "--verbose", action="count", default=0, help="log more; twice: every detail"
    )


def _settings(path: Path) -> Mapping[str, object]:
    """Return the part of the configuration that a plugin may see, as plain values."""
    plain: Mapping[str, object] = importlib.import_module("indexer.cli.settings").plain(path)
    return plain
