"""What a new generation holds that the one in service does not, and the reverse."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from indexer.engine import Document, Searcher

What = Literal["gone", "new", "changed"]
WHAT: tuple[What, ...] = ("gone", "new", "changed")

SHOWN = 10
"""Documents of each kind of difference that are named; all are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDifference:
    """How many documents a source had and has, and how many of them are not the same.

    `repeats` counts the documents that say word for word what another one says, less those that
    did so before: a site that asks everybody to log in says the same under every address.
    """

    source: str
    before: int
    now: int
    gone: int
    new: int
    changed: int
    repeats: int

    def line(self) -> str:
        """Return it in words."""
        repeats = f", {self.repeats} more say the same as another" if self.repeats > 0 else ""
        return (
            f"{self.source}: documents before {self.before}, now {self.now}"
            f" ({self.gone} gone, {self.new} new, {self.changed} changed{repeats})"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDifference:
    """A document that is not the same; `reason` is why it was removed, as far as that is known.

    Without its title, which may hold a name: reports are kept long.
    """

    url: str
    reason: str = ""

    def line(self) -> str:
        """Return it in words."""
        return f"{self.url}  ({self.reason})" if self.reason else self.url


@dataclass(frozen=True, slots=True, kw_only=True)
class Differences:
    """The differences between two generations, source by source, with the first documents of each.

    `before` is the name of the generation in service, None where there is none that can be read.
    """

    before: str | None
    now: str
    sources: tuple[SourceDifference, ...] = ()
    gone: tuple[DocumentDifference, ...] = ()
    new: tuple[DocumentDifference, ...] = ()
    changed: tuple[DocumentDifference, ...] = ()

    def count(self, what: What) -> int:
        """Return how many documents in all are gone, new or changed."""
        return sum(int(getattr(source, what)) for source in self.sources)

    def plain(self) -> dict[str, Any]:
        """Return them as plain JSON values."""
        return {
            "before": self.before,
            "now": self.now,
            "sources": [
                {name: getattr(one, name) for name in ("source", "before", "now", *WHAT, "repeats")}
                for one in self.sources
            ],
            **{
                what: {
                    "documents": self.count(what),
                    "examples": [{"url": one.url, "reason": one.reason} for one in self._of(what)],
                }
                for what in WHAT
            },
        }

    @classmethod
    def from_plain(cls, raw: Mapping[str, Any]) -> Self:
        """Return the differences whose plain JSON values are `raw`."""
        return cls(
            before=raw["before"],
            now=raw["now"],
            sources=tuple(SourceDifference(**one) for one in raw["sources"]),
            **{
                what: tuple(DocumentDifference(**it) for it in raw[what]["examples"])
                for what in WHAT
            },
        )

    def short(self) -> Iterator[str]:
        """Yield a line for each source that is not what it was."""
        yield from (source.line() for source in self.sources if _is_other(source))

    def lines(self) -> Iterator[str]:
        """Yield the differences as text."""
        if self.before is None:
            yield "there is no generation in service to compare with"
            return
        yield f"compared with {self.before}, which is in service:"
        yield from (f"  {source.line()}" for source in self.sources)
        for what in WHAT:
            shown = self._of(what)
            if shown:
                yield f"  {what}:"
                yield from (f"    {one.line()}" for one in shown)
                more = self.count(what) - len(shown)
                yield from [f"    … and {more} more"] if more else []

    def _of(self, what: What) -> tuple[DocumentDifference, ...]:
        found: tuple[DocumentDifference, ...] = getattr(self, what)
        return found


class _Contents:
    """How many documents each source has, and how many different things they say."""

    def __init__(self) -> None:
        self.documents: Counter[str] = Counter()
        self._said: defaultdict[str, set[str]] = defaultdict(set)

    def add(self, document: Document | None) -> None:
        if document:
            self.documents[document.source] += 1
            self._said[document.source].add(document.content_hash or document.id)

    def repeats(self, source: str) -> int:
        return self.documents[source] - len(self._said[source])


def differences(
    serving: Searcher | None, candidate: Searcher, *, why_gone: Callable[[str], str]
) -> Differences:
    """Compare all documents of two generations; both are read from first to last.

    `why_gone` says for the id of a document why it was removed. A document that differs in
    nothing but when it was harvested has not changed.
    """
    before, now = _Contents(), _Contents()
    counts: defaultdict[What, Counter[str]] = defaultdict(Counter)
    examples: defaultdict[What, list[DocumentDifference]] = defaultdict(list)
    for old, new in _paired(serving, candidate):
        before.add(old)
        now.add(new)
        what = _what(old, new)
        shown = new or old
        if what is None or shown is None:
            continue
        counts[what][shown.source] += 1
        if len(examples[what]) < SHOWN:
            reason = why_gone(shown.id) if what == "gone" else ""
            examples[what].append(DocumentDifference(url=shown.url, reason=reason))
    return Differences(
        before=serving.generation.name if serving else None,
        now=candidate.generation.name,
        sources=tuple(
            SourceDifference(
                source=name,
                before=before.documents[name],
                now=now.documents[name],
                repeats=now.repeats(name) - before.repeats(name),
                **{what: counts[what][name] for what in WHAT},
            )
            for name in sorted({*before.documents, *now.documents})
        ),
        **{what: tuple(examples[what]) for what in WHAT},
    )


def _paired(
    serving: Searcher | None, candidate: Searcher
) -> Iterator[tuple[Document | None, Document | None]]:
    """Yield the documents of both, which come in the order of their ids, side by side."""
    left, right = serving.scan() if serving else iter(()), candidate.scan()
    old, new = next(left, None), next(right, None)
    while old or new:
        if old and (new is None or old.id < new.id):
            yield old, None
            old = next(left, None)
        elif new and (old is None or new.id < old.id):
            yield None, new
            new = next(right, None)
        else:
            yield old, new
            old, new = next(left, None), next(right, None)


def _what(old: Document | None, new: Document | None) -> What | None:
    if new is None:
        return "gone"
    if old is None:
        return "new"
    return None if replace(new, harvested=old.harvested) == old else "changed"


def _is_other(source: SourceDifference) -> bool:
    return bool(source.gone or source.new or source.changed)
