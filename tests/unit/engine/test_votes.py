from __future__ import annotations

import datetime as dt

from indexer.engine import Hit
from indexer.engine.votes import Candidate, candidates
from indexer.model import Document, Person
from tests.support.documents import document

EVA = Person(name="Eva Ek", email="eva.ek@example.org")
BO = Person(name="Bo Alm", email="bo.alm@example.org")


def ranked(*pages: tuple[Document, float]) -> dict[str, Candidate]:
    found = candidates([Hit(document=page, score=score) for page, score in pages])
    return {person.name: person for person in found}


def page(number: int, person: Person) -> Document:
    return document(number, persons=(person,))


def test_many_pages_that_mention_a_topic_say_less_than_one_about_it() -> None:
    mentions = [(page(number, BO), 2.0) for number in range(2, 9)]

    people = ranked((page(1, EVA), 10.0), *mentions)

    assert 0 < people["Bo Alm"].votes < people["Eva Ek"].votes


def test_two_good_pages_say_more_than_the_best() -> None:
    people = ranked((page(1, EVA), 10.0), (page(2, BO), 9.0), (page(3, BO), 8.0))

    assert people["Bo Alm"].votes > people["Eva Ek"].votes


def test_pages_that_score_alike_say_alike() -> None:
    people = ranked((page(1, EVA), 5.0), (page(2, BO), 5.0))

    assert people["Bo Alm"].votes == people["Eva Ek"].votes > 0


def test_a_page_never_says_more_than_one_before_it() -> None:
    people = ranked((page(1, EVA), 5.0), (page(2, BO), 500.0))

    assert people["Bo Alm"].votes <= people["Eva Ek"].votes


def test_without_scores_all_pages_say_the_same() -> None:
    people = ranked((page(1, EVA), 0.0), (page(2, EVA), 0.0), (page(3, BO), 0.0))

    assert people["Eva Ek"].votes == 2 * people["Bo Alm"].votes > 0


def test_a_contact_who_is_an_author_too_counts_once_as_the_contact() -> None:
    authors = ("Ek, Eva", "Alm, Bo", "Hed, Siv")

    people = ranked((document(1, persons=(EVA,), authors=authors), 1.0))

    assert [appearance.relation for appearance in people["Eva Ek"].pages] == ["contact"]
    assert people["Eva Ek"].votes == 1


def test_a_name_is_shown_as_a_page_has_it_that_knows_the_person() -> None:
    record = document(2, authors=("EK, EVA",), published=dt.date(2025, 1, 1))

    people = ranked((record, 2.0), (page(1, EVA), 1.0))

    assert list(people) == ["Eva Ek"]
