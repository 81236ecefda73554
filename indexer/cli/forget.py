"""Take a page, or a person, out of searches at once, and out of everything that is kept.

A page is forgotten with all its addresses, and is not asked for any more. A person is taken out
of the pages that name them: contact, author, name, e-mail address and telephone number in the
texts; the pages that are about nobody else go as a whole. Searches hide all these pages within
a second, also while a job is running, until an index without what was forgotten is in service:
the next `samsok reindex` builds it, or with --now this command.

What was forgotten never comes back when pages are read again. The ledger of it holds keyed
hashes, no names and no URLs. docs/PRIVACY.md says what remains elsewhere, such as in backups.

Examples:
  samsok forget https://www.hv.se/nyhet
  samsok forget --person "Eva Ek" --dry-run
  samsok forget --person eva.ek@example.org --now
  samsok forget --person "Eva Ek" --email eva.ek@example.org --yes
  samsok forget --list
  samsok forget --undo 5f3a9c01
  samsok forget --ledger /safe/place/erasures.json

exit codes: 0 done; 1 store or index cannot be written; 2 several people may be meant, or nothing
is; 3 and 75 with --now as for `samsok reindex`: what was forgotten is hidden all the same.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.progress import JobProgress
from indexer.cli.terminal import dim, print_json, printable
from indexer.errors import JobLocked, RequestUnclear
from indexer.jobs import Reindex
from indexer.jobs.forget import Forget, told
from indexer.jobs.forgetting import PageRequest, Which, lines, person_request

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from indexer.config import Config
    from indexer.jobs.forget import Forgotten, Plan
    from indexer.jobs.forgetting import Candidate, PersonRequest

_DONE, _REFUSED, _LOCKED = 0, 3, 75
_SHOWN = 50
_COUNTED = {
    "documents": ("document", "documents"),
    "redacted": ("document redacted", "documents redacted"),
    "urls": ("URL", "URLs"),
    "bodies": ("stored body", "stored bodies"),
    "history": ("entry of the history", "entries of the history"),
    "reports": ("report", "reports"),
    "queries": ("counted query", "counted queries"),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok forget` takes."""
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("url", nargs="?", metavar="URL", help="a page, or the identifier of a record")
    what.add_argument("--person", metavar="NAME", help="a person, by name or e-mail address")
    what.add_argument("--list", action="store_true", help="tell what was forgotten when")
    what.add_argument(
        "--undo", metavar="WHICH", help="let it come back: an id of --list, or the URL or name"
    )
    what.add_argument(
        "--ledger",
        type=Path,
        metavar="FILE",
        help="write the ledger to a file, to be kept apart from the backups",
    )
    which = parser.add_argument_group("where several people have the name")
    which.add_argument(
        "--email", action="append", default=[], metavar="ADDRESS", help="who has this address"
    )
    which.add_argument(
        "--page", action="append", default=[], metavar="URL", help="who is named on this page"
    )
    parser.add_argument("--dry-run", action="store_true", help="list the pages, and do nothing")
    parser.add_argument(
        "--yes", action="store_true", help="do not ask before a person is forgotten"
    )
    parser.add_argument(
        "--now", action="store_true", help="build an index without it now, from the store"
    )


def run(args: argparse.Namespace) -> int:
    """Forget, and say what was done and what is left."""
    loaded = config.load(args.config)
    with Forget.opened(loaded) as forget:
        if args.list or args.ledger or args.undo:
            _ledger(forget, args)
            return _DONE
        request = _request(forget, args)
        if isinstance(request, PageRequest) and not args.dry_run:
            forget.hide(request)
        plan = forget.plan(request)
        if args.dry_run or not args.json:
            _show(plan, as_json=args.json)
        if args.dry_run:
            return _DONE
        if args.person and not args.yes:
            _confirm()
        with JobProgress() as progress:
            done = forget.carry_out(plan, step=progress.step)
    if args.json:
        print_json(done.plain())
    else:
        print("\n".join(_told(done, now=args.now)))
    return _rebuild(loaded) if args.now else _DONE


def _ledger(forget: Forget, args: argparse.Namespace) -> None:
    if args.ledger:
        forget.write_ledger(args.ledger)
        print(f"{args.ledger} holds the ledger and its keys: keep it where few can read it")
        return
    if args.undo:
        undone = forget.undo(args.undo)
        if args.json:
            print_json([told(one) for one in undone])
            return
        print(f"undone: {', '.join(one.id for one in undone)}")
        print("it comes back as pages are read again; the next `samsok reindex` begins with that")
        return
    held = forget.ledger()
    if args.json:
        print_json([told(one) for one in held])
        return
    if not held:
        print("nothing was forgotten")
    for one in held:
        undone_on = f", undone on {one.undone_at:%Y-%m-%d %H:%M} UTC" if one.undone_at else ""
        print(f"{one.id}  {one.subject.ljust(6)}  {one.at:%Y-%m-%d %H:%M} UTC{undone_on}")
        print(dim(f"          {_counts(one.counts)}  [{one.asked.hex()}]"))


# --- who is meant -------------------------------------------------------------------------------


def _request(forget: Forget, args: argparse.Namespace) -> PageRequest | PersonRequest:
    if not args.person:
        if args.email or args.page:
            raise RequestUnclear("--email and --page tell people apart: they go with --person")
        return forget.page(args.url)
    found = forget.people(args.person)
    which = Which(emails=tuple(args.email), pages=tuple(args.page))
    if len(found) > 1 and not which and _is_asked():
        which = _asked(found)
    return person_request(found, args.person, which)


def _is_asked() -> bool:
    return sys.stdin.isatty() and sys.stdout.isatty()


def _asked(found: list[Candidate]) -> Which:
    print(f"{len(found)} people may be meant:")
    for number, one in enumerate(found, 1):
        print("\n".join(map(printable, lines(one, number))))
    answer = input(f"Which one? [1-{len(found)}, or nothing to stop] ").strip()
    if not answer.isdecimal() or not 1 <= int(answer) <= len(found):
        raise RequestUnclear("nobody was chosen, and nothing was done")
    chosen = found[int(answer) - 1]
    return Which(emails=chosen.emails, pages=() if chosen.emails else chosen.pages)


def _confirm() -> None:
    if not _is_asked():
        raise RequestUnclear("nothing was done: look at what is above, and add --yes if it is so")
    if input("Forget this? [y/N] ").strip().lower() not in {"y", "yes"}:
        raise RequestUnclear("nothing was done")


# --- what is said -------------------------------------------------------------------------------


def _show(plan: Plan, *, as_json: bool) -> None:
    if as_json:
        print_json(plan.plain())
        return
    if not plan.pages:
        print("no page that was harvested holds it; once forgotten, it is kept out from then on")
    for page in plan.pages[:_SHOWN]:
        print(f"  {'goes   ' if page.whole else 'changes'}  {printable(page.url)}")
        print(dim(f"           {printable(page.title)}"))
    if len(plan.pages) > _SHOWN:
        print(f"  …and {len(plan.pages) - _SHOWN} more; --json lists them all")
    for warning in plan.warnings:
        print(f"note: {warning}", file=sys.stderr)


def _told(done: Forgotten, *, now: bool) -> Iterator[str]:
    pages = "1 page is" if done.hidden == 1 else f"{done.hidden} pages are"
    hidden = f"{pages} in no search that begins a second from now" if done.hidden else "kept out"
    yield f"forgotten as {done.erasure.id}: {hidden}"
    yield f"taken out of the store: {_counts(done.erasure.counts)}"
    if not done.is_whole:
        yield "a job is running, or something reads the store: what it holds goes with the next run"
    if done.hidden and not now:
        yield "generations of the index hold it, hidden, until the next `samsok reindex` (or --now)"
    yield "backups and exports of before hold it still: docs/PRIVACY.md says what to do about them"


def _counts(counts: Mapping[str, int]) -> str:
    said = [
        f"{count} {one if count == 1 else many}"
        for what, (one, many) in _COUNTED.items()
        if (count := counts.get(what, 0))
    ]
    return ", ".join(said) or "nothing was there"


def _rebuild(loaded: Config) -> int:
    try:
        with JobProgress() as progress:
            report = Reindex(loaded, watcher=progress).run(from_store=True)
    except JobLocked as error:
        print(f"the index was not built anew: {error}", file=sys.stderr)
        return _LOCKED
    print("\n".join(report.lines()), file=sys.stderr)
    return _REFUSED if report.outcome == "refused" else _DONE
