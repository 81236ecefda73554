from __future__ import annotations

import dataclasses
import datetime as dt
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.errors import StoreError
from indexer.model import Document, Period, Person, Section
from indexer.store import DocumentStore, document_from_json, document_to_json
from tests.support.documents import document

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)

FULL = Document(
    id="doc-001",
    url="https://www.example.org/samverkan/",
    title="Samverkan med Åmåls kommun",
    summary="Högskolan och kommunen.",
    sections=(Section(heading="Syfte", anchor="syfte", text="Vi lär\u00adande.\nRad två."),),
    kind="partner",
    language="sv",
    partners=("Åmåls kommun",),
    areas=("Livslångt lärande", "AIL"),
    persons=(Person(name="Åsa Öberg", role="kontakt", email="asa@example.org"), Person(name="Bo")),
    organisations=("Högskolan",),
    authors=("Åsa Öberg",),
    subjects=("pedagogik",),
    identifiers={"doi": "10.1000/182"},
    funder="Vinnova",
    period=Period(start=dt.date(2024, 1, 1)),
    published=dt.date(2025, 5, 1),
    modified=dt.date(2026, 2, 28),
    harvested=NOON,
    source="samverkan",
    content_hash="abc",
)


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[DocumentStore]:
    with DocumentStore.open(tmp_path / "crawl.db", clock=clock) as store:
        yield store


def events(store: DocumentStore) -> list[tuple[str, str, str]]:
    return [(entry.document_id, entry.event, entry.reason) for entry in store.history()]


def test_a_document_comes_back_as_it_was_put(store: DocumentStore) -> None:
    assert store.put(FULL, fingerprint="f1") == "added"
    assert list(store.documents()) == [FULL]


@pytest.mark.parametrize("period", [Period(), Period(end=dt.date(2027, 12, 31)), None])
def test_open_periods_survive(period: Period | None) -> None:
    given = dataclasses.replace(FULL, period=period)
    assert document_from_json(document_to_json(given)) == given


def test_a_bare_document_is_stored_without_its_empty_fields() -> None:
    data = document_to_json(document(1))
    assert b"funder" not in data
    assert document_from_json(data) == document(1)


def test_lone_surrogates_of_a_hostile_page_become_replacement_characters() -> None:
    hostile = dataclasses.replace(FULL, title="a\ud800b", identifiers={"x\udfff": "y\ud800"})
    read = document_from_json(document_to_json(hostile))
    assert read.title == "a?b"
    assert read.identifiers == {"x?": "y?"}
    assert read.sections == FULL.sections


def test_a_document_with_lone_surrogates_can_be_stored(store: DocumentStore) -> None:
    assert store.put(document(1, title="\ud800"), fingerprint="f1") == "added"
    assert store.history()[0].title == "?"


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b'{"id": 1', b'{"sections": 3}'])
def test_what_is_no_stored_document_is_a_value_error(data: bytes) -> None:
    with pytest.raises(ValueError, match=r"stored document|unexpected|EOF|zero-length|empty|Input"):
        document_from_json(data)


def test_documents_come_ordered_by_id_however_they_were_put(store: DocumentStore) -> None:
    for number in [5, 1, 900, 33, *range(300, 800)]:
        store.put(document(number), fingerprint="f1")
    ids = [found.id for found in store.documents()]
    assert ids == sorted(ids)
    assert len(ids) == store.count() == 504


def test_documents_may_be_removed_while_they_are_listed(store: DocumentStore) -> None:
    for number in range(500):
        store.put(document(number), fingerprint="f1")
    for found in store.documents():
        store.remove(found.id, "gone")
    assert store.count() == 0


def test_the_same_document_again_is_unchanged(store: DocumentStore) -> None:
    store.put(FULL, fingerprint="f1")
    assert store.put(FULL, fingerprint="f1") == "unchanged"
    assert events(store) == [("doc-001", "added", "")]


def test_another_text_is_a_change(store: DocumentStore, clock: Clock) -> None:
    store.put(FULL, fingerprint="f1")
    clock.now += dt.timedelta(days=1)
    other = dataclasses.replace(FULL, sections=(Section(text="Nytt."),), content_hash="def")
    assert store.put(other, fingerprint="f1") == "changed"
    assert events(store)[1:] == [("doc-001", "changed", "")]
    stored = store.get("doc-001")
    assert stored is not None
    assert (stored.first_seen, stored.changed_at) == (NOON, clock.now)


def test_a_new_date_under_the_same_text_is_kept_but_is_no_change(
    store: DocumentStore, clock: Clock
) -> None:
    store.put(FULL, fingerprint="f1")
    clock.now += dt.timedelta(days=1)
    later = dataclasses.replace(FULL, modified=dt.date(2026, 3, 2), harvested=clock.now)
    assert store.put(later, fingerprint="f1") == "unchanged"
    stored = store.get("doc-001")
    assert stored is not None
    assert stored.document == later
    assert stored.changed_at == NOON


def test_a_document_that_was_only_harvested_again_is_not_stored_anew(store: DocumentStore) -> None:
    store.put(FULL, fingerprint="f1")
    revision = store.revision()
    again = dataclasses.replace(FULL, harvested=NOON + dt.timedelta(days=1))
    assert store.put(again, fingerprint="f2") == "unchanged"
    assert list(store.documents()) == [FULL]
    stored = store.get("doc-001")
    assert stored is not None
    assert stored.fingerprint == "f2"
    assert store.revision() == revision


def test_the_revision_grows_with_whatever_changes_the_documents(store: DocumentStore) -> None:
    seen = [store.revision()]
    for step in (
        lambda: store.put(document(1), fingerprint="f1"),
        lambda: store.put(document(2), fingerprint="f1"),
        lambda: store.put(document(1, modified=dt.date(2026, 1, 1)), fingerprint="f1"),
        lambda: store.remove("doc-001", "http_410"),
        lambda: store.put(document(1), fingerprint="f1"),
    ):
        step()
        seen.append(store.revision())
    assert seen == sorted(set(seen))


@pytest.mark.parametrize(
    "other", [{"areas": ("AIL",)}, {"kind": "project"}, {"persons": ()}, {"title": "Ny"}]
)
def test_another_understanding_of_the_same_text_is_a_change(
    store: DocumentStore, other: dict[str, object]
) -> None:
    store.put(FULL, fingerprint="f1")
    assert store.put(dataclasses.replace(FULL, **other), fingerprint="f2") == "changed"  # type: ignore[arg-type]  # any field


def test_a_removed_document_is_gone_but_its_reason_stays(
    store: DocumentStore, clock: Clock
) -> None:
    store.put(FULL, fingerprint="f1")
    clock.now += dt.timedelta(days=2)
    assert store.remove("doc-001", "http_410")
    assert list(store.documents()) == []
    assert store.count() == store.count("samverkan") == 0
    stored = store.get("doc-001")
    assert stored is not None
    assert stored.document is None
    assert (stored.removed_at, stored.removed_reason) == (clock.now, "http_410")
    assert events(store)[-1] == ("doc-001", "removed", "http_410")


def test_the_text_of_a_removed_document_is_gone_from_the_table(
    store: DocumentStore, tmp_path: Path
) -> None:
    store.put(FULL, fingerprint="f1")
    store.remove("doc-001", "noindex")
    with sqlite3.connect(tmp_path / "crawl.db") as raw:
        assert raw.execute("SELECT data FROM documents").fetchall() == [(None,)]
    raw.close()


def test_removing_what_is_not_there_says_so(store: DocumentStore) -> None:
    assert not store.remove("doc-404", "http_410")
    store.put(FULL, fingerprint="f1")
    store.remove("doc-001", "http_410")
    assert not store.remove("doc-001", "http_410")
    assert len(store.history()) == 2


def test_a_document_that_comes_back_is_added_again_with_its_first_date(
    store: DocumentStore, clock: Clock
) -> None:
    store.put(FULL, fingerprint="f1")
    store.remove("doc-001", "http_404")
    clock.now += dt.timedelta(days=3)
    assert store.put(FULL, fingerprint="f1") == "added"
    stored = store.get("doc-001")
    assert stored is not None
    assert (stored.first_seen, stored.removed_at, stored.removed_reason) == (NOON, None, "")


def test_history_can_be_asked_from_a_moment_on_and_of_one_document(
    store: DocumentStore, clock: Clock
) -> None:
    store.put(document(1), fingerprint="f1")
    clock.now += dt.timedelta(days=1)
    store.put(document(2), fingerprint="f1")
    assert [e.document_id for e in store.history(since=clock.now)] == ["doc-002"]
    assert [e.document_id for e in store.history(document_id="doc-001")] == ["doc-001"]


def test_what_changed_is_kept_with_the_change(store: DocumentStore) -> None:
    store.put(FULL, fingerprint="f1")
    store.put(
        dataclasses.replace(FULL, title="Samverkan \ud800", content_hash="def"), fingerprint="f1"
    )

    told = store.history()[-1].difference
    assert told is not None
    (title,) = told.facts
    assert (title.fact, title.added) == ("title", ("Samverkan ?",))


def test_a_page_that_the_first_crawl_of_a_source_found_is_no_news(
    store: DocumentStore, clock: Clock
) -> None:
    crawl = store.frontier.begin("a", at=clock.now)
    store.put(document(1, source="a"), fingerprint="f1")
    before = list(store.news(since=NOON))
    store.frontier.finish(crawl, at=clock.now)
    clock.now += dt.timedelta(days=1)
    store.put(document(2, source="a"), fingerprint="f1")
    store.put(document(3, source="b"), fingerprint="f1")
    clock.now += dt.timedelta(days=1)
    store.remove("doc-001", "http_410")

    assert before == []
    assert [(it.document_id, it.event) for it in store.news(since=NOON)] == [
        ("doc-001", "removed"),
        ("doc-002", "added"),
    ]
    assert [it.document_id for it in store.news(since=clock.now)] == ["doc-001"]


def test_counts_are_by_source(store: DocumentStore) -> None:
    store.put(document(1, source="a"), fingerprint="f1")
    store.put(document(2, source="b"), fingerprint="f1")
    store.put(document(3, source="b"), fingerprint="f1")
    assert (store.count(), store.count("a"), store.count("b"), store.count("c")) == (3, 1, 2, 0)


def test_a_document_that_was_never_stored_is_none(store: DocumentStore) -> None:
    assert store.get("doc-404") is None


def test_a_damaged_document_is_a_store_error(store: DocumentStore, tmp_path: Path) -> None:
    store.put(FULL, fingerprint="f1")
    with sqlite3.connect(tmp_path / "crawl.db") as raw:
        raw.execute("UPDATE documents SET data = X'7B7D'")
    raw.close()
    with pytest.raises(StoreError, match="doc-001 is damaged"):
        list(store.documents())
