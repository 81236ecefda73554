"""What has changed in an index: told by the file that every generation carries.

    changes.jsonl      one change a line, the newest first

Written once over the bundle, whatever the backend; the process that searches has no store.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import orjson

from indexer.errors import IndexDamaged
from indexer.model import Difference, Kind, difference_from_plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from indexer.engine.ports import Searcher
    from indexer.engine.query import FilterName
    from indexer.engine.results import Generation

CHANGES = "changes.jsonl"
"""What the file is called, beside the analysis of a generation."""

Event = Literal["added", "changed", "removed"]
EVENTS: tuple[Event, ...] = ("added", "changed", "removed")


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Something that happened to a document, and when.

    `title` and `url` are those of that time. `kind`, `partners` and `areas` are those of now,
    and unknown of what has been removed since.
    """

    id: str
    event: Event
    at: dt.datetime
    url: str
    title: str
    source: str = ""
    kind: Kind | None = None
    partners: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    reason: str = ""
    difference: Difference | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesRequest:
    """Which changes are wanted: since a moment, of some events, of documents that pass filters.

    Only `partner`, `area`, `kind` and `source` can be filtered by. Raises ValueError otherwise.
    """

    since: dt.datetime | None = None
    until: dt.datetime | None = None
    events: tuple[Event, ...] = EVENTS
    filters: Mapping[FilterName, tuple[str, ...]] = field(default_factory=dict)
    document_id: str | None = None
    offset: int = 0
    limit: int = 20

    def __post_init__(self) -> None:
        if unknown := self.filters.keys() - _FILTERS:
            raise ValueError(f"changes cannot be filtered by {', '.join(sorted(unknown))}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangesAnswer:
    """The changes that were asked for, the newest first; `total` counts all that pass."""

    changes: tuple[Change, ...]
    total: int
    generation: Generation


def find_changes(searcher: Searcher, request: ChangesRequest) -> ChangesAnswer:
    """Return what has changed, from the generation that `searcher` has open.

    What is suppressed is left out. A generation that was built without changes has none.

    Raises:
        IndexDamaged: If the file is not one that was written.
    """
    path = searcher.bundle / CHANGES
    wanted: list[Change] = []
    total = 0
    try:
        for raw in _lines(path, request):
            if raw["id"] in searcher.hidden or not _passes(raw, request):
                continue
            if request.offset <= total < request.offset + request.limit:
                wanted.append(_change(raw))
            total += 1
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise IndexDamaged(
            f"The changes in {path} cannot be used ({type(error).__name__}: {error}). "
            "Run `samsok reindex --from-store` to build the index anew."
        ) from error
    return ChangesAnswer(changes=tuple(wanted), total=total, generation=searcher.generation)


def write_changes(path: Path, changes: Iterable[Change]) -> None:
    """Write changes, which must come the newest first, into a new file."""
    with path.open("wb") as file:
        for change in changes:
            plain = {name: getattr(change, name) for name in Change.__slots__}
            plain["at"] = _text(change.at)
            file.write(orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE))


_FILTERS: frozenset[FilterName] = frozenset({"partner", "area", "kind", "source"})
_KEYS: Mapping[FilterName, str] = {"partner": "partners", "area": "areas"}


def _lines(path: Path, request: ChangesRequest) -> Iterator[dict[str, Any]]:
    """Yield the lines of the days that are asked for, as far as they are read."""
    # Times are in UTC and of one form, so that they compare as text.
    since, until = _text(request.since), _text(request.until)
    if not path.exists():
        return
    with path.open("rb") as file:
        for line in file:
            raw = orjson.loads(line)
            if raw["at"] < since:
                return
            if not until or raw["at"] < until:
                yield raw


def _passes(raw: Mapping[str, Any], request: ChangesRequest) -> bool:
    if raw["event"] not in request.events:
        return False
    if request.document_id not in {None, raw["id"]}:
        return False
    for name, values in request.filters.items():
        held = raw[_KEYS.get(name, name)]
        if not set(values) & ({held} if isinstance(held, str | None) else set(held)):
            return False
    return True


def _change(raw: Mapping[str, Any]) -> Change:
    told = raw["difference"]
    values = {
        **raw,
        "partners": tuple(raw["partners"]),
        "areas": tuple(raw["areas"]),
        "at": dt.datetime.fromisoformat(raw["at"]),
        "difference": difference_from_plain(told) if told else None,
    }
    return Change(**values)


def _text(moment: dt.datetime | None) -> str:
    if moment is None:
        return ""
    return moment.astimezone(dt.UTC).isoformat(timespec="microseconds")
