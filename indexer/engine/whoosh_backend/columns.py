"""What of each document is filtered, counted and sorted by, as arrays over document numbers.

Derived from the rows of the documents when a generation is committed, and memory-mapped by
readers: every worker shares the pages.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import numpy as np
import orjson
from numpy.typing import NDArray

from indexer.engine import schema
from indexer.engine.array_files import mapped
from indexer.engine.preference import preferences
from indexer.engine.whoosh_backend.rows import NO_DAY, Row

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from indexer.engine.query import FilterName

Numbers = NDArray[np.int32]
Mask = NDArray[np.bool_]


class Columns:
    """One generation's columns; `ids[number]` is the id of a document, "" when it is deleted."""

    def __init__(self, directory: Path) -> None:
        self.ids: Sequence[str] = orjson.loads((directory / "ids.json").read_bytes())
        self.values: dict[FilterName, list[str]] = orjson.loads(
            (directory / "values.json").read_bytes()
        )
        self._arrays: dict[str, NDArray[Any]] = {
            path.stem: mapped(path) for path in sorted(directory.glob("*.npy"))
        }
        self.number = {id_: number for number, id_ in enumerate(self.ids) if id_}
        self._value_numbers = {
            name: {value: number for number, value in enumerate(values)}
            for name, values in self.values.items()
        }

    @classmethod
    def write(cls, directory: Path, held: Iterable[Row | None], *, today: dt.date) -> Self:
        """Write the columns of rows in order of number; None stands where one is deleted.

        `today` is what the preference for fresh documents counts from.
        """
        rows = [row or Row() for row in held]
        directory.mkdir()
        (directory / "ids.json").write_bytes(orjson.dumps([row.id for row in rows]))
        values: dict[FilterName, list[str]] = {}
        for name in schema.FILTER_VALUES:
            values[name] = sorted({value for row in rows for value in row.having(name)})
            known = {value: number for number, value in enumerate(values[name])}
            owners = [number for number, row in enumerate(rows) for _ in row.having(name)]
            numbers = [known[value] for row in rows for value in row.having(name)]
            _save(directory / f"{name}_owner.npy", owners)
            _save(directory / f"{name}_value.npy", numbers)
        (directory / "values.json").write_bytes(orjson.dumps(values))
        _save(directory / "start.npy", [row.start for row in rows])
        _save(directory / "end.npy", [row.end for row in rows])
        _save(directory / "day.npy", [row.day for row in rows])
        factors = preferences((row.standing if row.id else None for row in rows), today=today)
        np.save(directory / "preference.npy", np.array(factors))
        _save(directory / "id_rank.npy", _ranks([row.id for row in rows]))
        _save(directory / "title_rank.npy", _ranks([row.title for row in rows]))
        return cls(directory)

    def having(self, name: FilterName, wanted: Iterable[str]) -> Mask:
        """Mark the documents that have any of the values `wanted`."""
        numbers = [
            number for value in wanted if (number := self.value_number(name, value)) is not None
        ]
        mask = np.zeros(len(self.ids), bool)
        chosen = np.isin(self._arrays[f"{name}_value"], numbers)
        mask[self._arrays[f"{name}_owner"][chosen]] = True
        return mask

    def value_number(self, name: FilterName, value: str) -> int | None:
        """Return the number of a value in `values`, or None when no document has it."""
        return self._value_numbers[name].get(value)

    def overlapping(self, start: dt.date | None, end: dt.date | None) -> Mask:
        """Mark the documents whose span shares a day with that from `start` to `end`."""
        first, last = self._arrays["start"], self._arrays["end"]
        mask: Mask = first != NO_DAY
        if start:
            mask &= last >= start.toordinal()
        if end:
            mask &= first <= end.toordinal()
        return mask

    def counts(self, name: FilterName, found: Mask) -> Numbers:
        """Return how many of the documents `found` have each value, in order of `values`."""
        held = self._arrays[f"{name}_value"][found[self._arrays[f"{name}_owner"]]]
        return np.bincount(held, minlength=len(self.values[name])).astype(np.int32)

    @property
    def id_rank(self) -> Numbers:
        """The place of each document in the order of ids."""
        return self._arrays["id_rank"]

    @property
    def title_rank(self) -> Numbers:
        """The place of each document in the order of titles; equal titles share one."""
        return self._arrays["title_rank"]

    @property
    def preference(self) -> NDArray[np.float64]:
        """The factor of each document's score."""
        return self._arrays["preference"]

    def day(self, *, missing: int) -> Numbers:
        """Return the day that each document sorts by, `missing` where it has none."""
        days = self._arrays["day"]
        return np.where(days == NO_DAY, np.int32(missing), days)


def _ranks(keys: list[str]) -> list[int]:
    place = {key: number for number, key in enumerate(sorted(set(keys)))}
    return [place[key] for key in keys]


def _save(path: Path, numbers: list[int]) -> None:
    np.save(path, np.asarray(numbers, np.int32))
