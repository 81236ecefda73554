"""What has changed comes with a generation, whatever the backend."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from indexer.analysis import build_bundle
from indexer.engine import (
    Change,
    ChangesAnswer,
    ChangesRequest,
    IndexDamaged,
    SearchIndex,
    find_changes,
)
from indexer.engine.changes import CHANGES, write_changes
from indexer.model import Difference, FactChange, Vocabulary
from tests.support.documents import document

NOW = dt.datetime(2026, 5, 4, 3, 2, 1, tzinfo=dt.UTC)
TOLD = Difference(
    facts=(FactChange(fact="title", removed=("Gammal",), added=("Ny",)),),
    words_added=3,
    words_removed=1,
    added=("En ny mening.",),
)


def change(day: int, event: str = "changed", **values: object) -> Change:
    return Change(
        id=f"doc-{day:03d}",
        event=event,  # type: ignore[arg-type]
        at=NOW - dt.timedelta(days=day),
        url=f"https://www.example.org/{day}",
        title=f"Sida {day}",
        **values,  # type: ignore[arg-type]
    )


LOG = (
    change(1, difference=TOLD, partners=("Trollhättans Stad",), kind="partner", source="a"),
    change(2, "added", kind="news", source="b"),
    change(3, "removed", reason="gone", source="b"),
    change(40, "changed", areas=("Hälsa",), kind="news", source="a"),
)


@pytest.fixture
def published(index: SearchIndex, tmp_path: Path) -> SearchIndex:
    folder = tmp_path / "bundle"
    folder.mkdir()
    build_bundle(folder, words={}, vocabulary=Vocabulary())
    write_changes(folder / CHANGES, LOG)
    with index.writer(bundle=folder) as writer:
        writer.put(document(1))
    index.publish(index.generations()[-1].name)
    return index


def asked(index: SearchIndex, **request: object) -> ChangesAnswer:
    with index.searcher() as searcher:
        return find_changes(searcher, ChangesRequest(**request))  # type: ignore[arg-type]


def days(index: SearchIndex, **request: object) -> list[int]:
    return [int(change.id[4:]) for change in asked(index, **request).changes]


def test_everything_comes_back_as_it_was_written(published: SearchIndex) -> None:
    answer = asked(published)

    assert answer.changes == LOG
    assert answer.total == len(LOG)
    assert answer.generation.name == published.current()


@pytest.mark.parametrize(
    ("request_", "expected"),
    [
        ({"since": NOW - dt.timedelta(days=30)}, [1, 2, 3]),
        ({"since": NOW - dt.timedelta(days=3)}, [1, 2, 3]),
        ({"until": NOW - dt.timedelta(days=2)}, [3, 40]),
        ({"events": ("added", "removed")}, [2, 3]),
        ({"filters": {"partner": ("Trollhättans Stad",)}}, [1]),
        ({"filters": {"area": ("Hälsa", "Annat")}}, [40]),
        ({"filters": {"kind": ("news",), "source": ("a",)}}, [40]),
        ({"document_id": "doc-002"}, [2]),
        ({"offset": 1, "limit": 2}, [2, 3]),
        ({"limit": 0}, []),
    ],
)
def test_the_newest_that_pass_come_first(
    published: SearchIndex, request_: dict[str, object], expected: list[int]
) -> None:
    assert days(published, **request_) == expected


def test_the_time_may_be_given_in_any_zone(published: SearchIndex) -> None:
    stockholm = dt.timezone(dt.timedelta(hours=2))
    since = (NOW - dt.timedelta(days=2)).astimezone(stockholm)

    assert days(published, since=since) == [1, 2]


def test_the_total_counts_what_is_not_shown(published: SearchIndex) -> None:
    answer = asked(published, limit=1, events=("changed",))

    assert (len(answer.changes), answer.total) == (1, 2)


def test_what_is_suppressed_is_told_of_no_more(published: SearchIndex) -> None:
    published.suppress(frozenset({"doc-002", "doc-040"}))

    assert days(published) == [1, 3]


def test_what_cannot_be_filtered_by_is_refused() -> None:
    with pytest.raises(ValueError, match="person"):
        ChangesRequest(filters={"person": ("Åsa Öberg",)})


def test_a_generation_without_changes_has_none(index: SearchIndex, publish: object) -> None:
    publish([document(1)])  # type: ignore[operator]

    assert asked(index).total == 0


@pytest.mark.parametrize("line", [b"{", b"[]", b'{"at": 1}', b'{"at": "2026", "id": "x"}'])
def test_a_damaged_file_is_told_with_what_to_do(published: SearchIndex, line: bytes) -> None:
    with published.searcher() as searcher:
        path = searcher.bundle / CHANGES
        path.unlink()
        path.write_bytes(line + b"\n")

        with pytest.raises(IndexDamaged, match="samsok reindex --from-store"):
            find_changes(searcher, ChangesRequest(since=NOW - dt.timedelta(days=9000)))
