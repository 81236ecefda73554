from __future__ import annotations

from dataclasses import replace

import pytest

from indexer.engine import SearchIndex, similar_documents
from indexer.model import Document, Person
from tests.conformance.conftest import Publish
from tests.support.documents import document


def like(index: SearchIndex, number: int, **fields: object) -> list[str] | None:
    with index.searcher() as searcher:
        hits = similar_documents(searcher, f"doc-{number:03d}", **fields)  # type: ignore[arg-type]  # as the caller names them
    return None if hits is None else [hit.document.id for hit in hits]


WELDING = document(
    1,
    "Svetsning av flygmotorer",
    text="Robotar svetsar motorer av titan. Sensorer mäter fogen medan roboten svetsar.",
)


@pytest.fixture
def texts(publish: Publish) -> None:
    publish(
        [
            WELDING,
            document(2, "Robotar svetsar", text="Titan svetsas av robotar; sensorer följer fogen."),
            document(3, "Sensorer i vården", text="Sensorer mäter hur patienten mår."),
            document(4, "Musik i förskolan", text="Barnen sjunger, spelar trumma och dansar."),
            document(5, "Engelska", text="Robots weld titanium.", language="en"),
        ]
    )


@pytest.mark.usefixtures("texts")
def test_what_shares_more_of_the_telling_words_comes_first(index: SearchIndex) -> None:
    assert like(index, 1) == ["doc-002", "doc-003"]


@pytest.mark.usefixtures("texts")
def test_it_works_both_ways(index: SearchIndex) -> None:
    found = like(index, 2)

    assert found is not None
    assert found[0] == "doc-001"


@pytest.mark.usefixtures("texts")
def test_what_shares_nothing_has_nothing_like_it(index: SearchIndex) -> None:
    assert like(index, 4) == []


@pytest.mark.usefixtures("texts")
def test_a_document_that_is_not_here_has_none(index: SearchIndex) -> None:
    assert like(index, 99) is None


@pytest.mark.usefixtures("texts")
def test_a_hidden_document_is_neither_asked_for_nor_found(index: SearchIndex) -> None:
    index.suppress(frozenset({"doc-002"}))

    assert like(index, 2) is None
    assert like(index, 1) == ["doc-003"]


@pytest.mark.usefixtures("texts")
def test_at_most_as_many_as_asked_for(index: SearchIndex) -> None:
    assert like(index, 1, limit=1) == ["doc-002"]
    assert like(index, 1, limit=0) == []
    assert like(index, 1, limit=100_000) == ["doc-002", "doc-003"]


def test_parts_of_compounds_and_inflections_count(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, "Arbetsmiljö", text="Arbetsmiljön på sjukhusen granskas."),
            document(2, "Sjukhusets miljöarbete", text="Sjukhuset vill förbättra miljön."),
            document(3, "Annat", text="Trummor och dans."),
        ]
    )

    assert like(index, 1) == ["doc-002"]


def test_the_title_says_more_than_the_text(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, "Förskola", text="trumma"),
            document(2, "Annat", text="trumma och lera"),
            document(3, "Annat", text="förskola och lera"),
        ]
    )

    assert like(index, 1, limit=1) == ["doc-003"]


def test_partners_and_areas_count(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, "Alfa", text="trumma", partners=("Exempelstad",), areas=("Folkhälsa",)),
            document(2, "Beta", text="dans", partners=("Exempelstad",), areas=("Folkhälsa",)),
            document(3, "Gamma", text="sång"),
        ]
    )

    assert like(index, 1) == ["doc-002"]


def test_copies_are_left_out(index: SearchIndex, publish: Publish) -> None:
    def copy(number: int, of: Document, **fields: object) -> Document:
        given = {"id": f"doc-{number:03d}", "url": f"https://www.example.org/{number}"}
        return replace(of, **given | fields)  # type: ignore[arg-type]  # fields of a document

    one = replace(WELDING, content_hash="abc")
    other = document(20, "Robotar svetsar", text="Titan svetsas av robotar.", content_hash="def")
    publish(
        [
            one,
            copy(2, one, title="En annan rubrik"),
            copy(3, one, content_hash="", title="SVETSNING av flygmotorer"),
            *(copy(number, one) for number in range(4, 20)),
            other,
            copy(21, other),
            *(document(number, f"Annat {number}", text="musik") for number in range(30, 90)),
        ]
    )

    assert like(index, 1, limit=1) == ["doc-020"]
    assert like(index, 1) == ["doc-020"]
    found = like(index, 20)
    assert found is not None
    assert len(found) == 1


def test_filters_hold(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            replace(WELDING, kind="research"),
            document(2, "Robotar svetsar titan", text="sensorer", kind="news"),
            document(3, "Robotar svetsar titan med sensorer", text="motorer", kind="project"),
            document(4, "Musik", text="En robot spelar trumma på en konsert", kind="news"),
        ]
    )

    assert like(index, 1, filters={"kind": ("news",)}) == ["doc-002"]
    assert like(index, 1, filters={"kind": ("partner",)}) == []


def test_what_is_alike_is_in_order_of_id(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            WELDING,
            *(document(number, f"Svetsning {number}", text="titan") for number in (5, 3, 4, 2)),
            *(document(number, f"Annat {number}", text="musik") for number in range(10, 20)),
        ]
    )

    assert like(index, 1, limit=3) == ["doc-002", "doc-003", "doc-004"]


def test_a_document_without_text_has_nothing_like_it(index: SearchIndex, publish: Publish) -> None:
    empty = replace(document(1), title="", persons=(Person(name="Eva Ek"),))
    publish([empty, replace(empty, id="doc-002"), document(3, "2024", text="0520-12 34 56")])

    assert like(index, 1) == []
    assert like(index, 3) == []
