"""What the gate found: what stands against a generation, and what it does otherwise."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Self

from indexer.jobs.differences import Differences

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence


_WAY_OUT = (
    "if it is meant, `samsok publish --force` puts it into service all the same; if not, see to "
    "what is wrong: the next run asks again"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CanaryRanks:
    """Where a canary query found its page before, and where now; None beyond the first hundred."""

    q: str
    url: str
    top: int
    before: int | None
    now: int | None

    def line(self) -> str:
        """Return it in words."""
        return (
            f"canary “{self.q}”: {_place(self.before)} before, {_place(self.now)} now, wanted among"
            f" the first {self.top}: {self.url}"
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryFall:
    """A judged query that finds its pages worse than before; both are nDCG@10."""

    q: str
    before: float
    now: float

    def line(self) -> str:
        """Return it in words."""
        return f"“{self.q}” {self.before:.3f} before, {self.now:.3f} now"


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """The mean nDCG@10 of the judged queries, and those that fell most.

    `before` is None where nothing serves that can be asked; `missing` counts the judged pages
    that the new generation does not hold.
    """

    judgments: str
    floor: float
    before: float | None
    now: float
    fell: tuple[QueryFall, ...] = ()
    missing: int = 0

    @classmethod
    def from_plain(cls, raw: Mapping[str, Any]) -> Self:
        """Return the measures whose plain JSON values are `raw`."""
        return cls(**{**raw, "fell": tuple(QueryFall(**one) for one in raw["fell"])})

    def line(self) -> str:
        """Return it in words."""
        before = f"{self.before:.3f} before, " if self.before is not None else ""
        return f"nDCG@10 of {self.judgments}: {before}{self.now:.3f} now, floor {self.floor:g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the gate says of a generation. It may be published where nothing is objected."""

    objections: tuple[str, ...]
    differences: Differences
    canaries: tuple[CanaryRanks, ...] = ()
    evaluation: Evaluated | None = None

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values, without the objections, which stand in every report."""
        return {
            **self.differences.plain(),
            "canaries": [asdict(canary) for canary in self.canaries],
            "evaluation": asdict(self.evaluation) if self.evaluation else None,
        }

    @classmethod
    def from_plain(cls, raw: Mapping[str, Any], *, objections: Sequence[str] = ()) -> Self:
        """Return the verdict whose plain JSON values are `raw`."""
        evaluation = raw["evaluation"]
        return cls(
            objections=tuple(objections),
            differences=Differences.from_plain(raw),
            canaries=tuple(CanaryRanks(**one) for one in raw["canaries"]),
            evaluation=Evaluated.from_plain(evaluation) if evaluation else None,
        )

    def short(self) -> Iterator[str]:
        """Yield what a published generation does otherwise."""
        yield from self.differences.short()
        yield from (it.line() for it in self.canaries if it.before and it.before != it.now)
        if self.evaluation:
            yield self.evaluation.line()

    def lines(self) -> Iterator[str]:
        """Yield all that is known of a refused generation, and the way out."""
        yield from self.differences.lines()
        yield from (f"  {canary.line()}" for canary in self.canaries)
        if self.evaluation:
            yield f"  {self.evaluation.line()}"
            yield from (f"    {fall.line()}" for fall in self.evaluation.fell)
        yield _WAY_OUT


def _place(rank: int | None) -> str:
    return f"rank {rank}" if rank else "not found"
