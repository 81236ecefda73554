"""What two editions of a document say differently."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from indexer.model import Difference, Document, FactChange, Period, Person, Section
from indexer.store.differences import QUOTED, SENTENCES, difference, still_said

PAGE = Document(
    id="a",
    url="https://www.example.org/a",
    title="Partnerskap",
    partners=("Trollhättans Stad",),
    areas=("Livslångt lärande",),
    persons=(Person(name="Åsa Öberg", email="asa@example.org", phone="0520-22 30 00"),),
    sections=(
        Section(heading="Syfte", text="Avtalet gäller i tre år. Parterna möts i maj.\nEn punkt"),
    ),
)


def changed(**values: object) -> Document:
    return dataclasses.replace(PAGE, **values)  # type: ignore[arg-type]


def with_text(text: str) -> Document:
    return changed(sections=(Section(heading="Syfte", text=text),))


def test_the_same_page_has_no_difference() -> None:
    assert difference(PAGE, PAGE) == Difference()


def test_what_only_moved_is_no_difference() -> None:
    moved = with_text("En punkt\nParterna möts i maj.  Avtalet gäller\u2003i tre år.")

    assert difference(PAGE, moved) == Difference()


def test_new_sentences_are_quoted_and_the_words_of_all_counted() -> None:
    told = difference(PAGE, with_text("Avtalet gäller i fem år. Parterna möts i maj.\nEn punkt"))

    assert told.added == ("Avtalet gäller i fem år.",)
    assert (told.words_added, told.words_removed) == (5, 5)


def test_a_sentence_said_once_less_is_gone_once() -> None:
    told = difference(with_text("Ja. Ja. Nej."), with_text("Ja. Nej."))

    assert (told.added, told.words_added, told.words_removed) == ((), 0, 1)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"title": "Avtal"}, FactChange(fact="title", removed=("Partnerskap",), added=("Avtal",))),
        ({"kind": "partner"}, FactChange(fact="kind", removed=("page",), added=("partner",))),
        (
            {"partners": ("Region Väst", "Trollhättans Stad")},
            FactChange(fact="partners", added=("Region Väst",)),
        ),
        ({"areas": ()}, FactChange(fact="areas", removed=("Livslångt lärande",))),
        (
            {"persons": (Person(name="Bo Ek"),)},
            FactChange(fact="persons", added=("Bo Ek",)),
        ),
        (
            {"period": Period(start=dt.date(2024, 1, 1))},
            FactChange(fact="period", added=("2024-01-01/",)),
        ),
    ],
)
def test_a_fact_is_told_with_what_is_gone_and_what_is_new(
    values: dict[str, object], expected: FactChange
) -> None:
    assert difference(PAGE, changed(**values)).facts == (expected,)


def test_values_in_another_order_are_no_difference() -> None:
    first, second = changed(areas=("A", "B")), changed(areas=("B", "A", "B"))

    assert difference(first, second) == Difference()


def test_a_new_address_of_a_person_is_not_told() -> None:
    moved = changed(persons=(Person(name="Åsa Öberg", email="oberg@example.org"),))

    assert difference(PAGE, moved) == Difference()


@pytest.mark.parametrize(
    "address",
    ["asa.oberg+x@mail.example.org", "0520-22 30 00", "+46 (0)520 22 30 00", "0705123456"],
)
def test_addresses_and_numbers_are_not_quoted(address: str) -> None:
    told = difference(PAGE, with_text(f"Fråga Åsa på {address} om år 2024."))

    assert address not in told.added[0]
    assert "år 2024" in told.added[0]


def test_a_new_text_is_quoted_in_part() -> None:
    told = difference(
        PAGE, with_text(" ".join(f"Mening {n} är ny." for n in range(50)) + "x" * 900)
    )

    assert len(told.added) == SENTENCES
    assert told.words_added > 100
    long = difference(PAGE, with_text("x" * 5000))
    assert len(long.added[0]) <= QUOTED


def test_a_page_of_endless_signs_is_compared() -> None:
    told = difference(with_text("0" * 300_000), with_text("a@" * 150_000 + "1 " * 100_000))

    assert len(told.added) <= SENTENCES


def test_who_is_named_no_more_is_not_named_in_the_difference() -> None:
    told = difference(PAGE, changed(persons=()))

    assert told.facts == (FactChange(fact="persons"),)
    assert "Öberg" not in repr(told)


def test_what_has_been_taken_back_since_is_told_no_more() -> None:
    after = changed(
        persons=(*PAGE.persons, Person(name="Bo Ek")),
        sections=(Section(text="Bo Ek är ny. Avtalet gäller i fem år."),),
        areas=("Hälsa",),
    )
    later = changed(sections=(Section(text="Avtalet gäller i fem år."),), areas=("Hälsa",))
    told = difference(PAGE, after)
    assert "Bo Ek är ny." in told.added

    left = still_said(told, later)

    assert "Bo Ek" not in repr(left)
    assert left.added == ("Avtalet gäller i fem år.",)
    assert [fact.fact for fact in left.facts] == ["areas", "persons"]
    assert still_said(told, after) == told
