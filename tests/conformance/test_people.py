from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from indexer.engine import PeopleAnswer, PeopleRequest, PersonHit, SearchIndex, find_people
from indexer.engine.people import PAGES
from indexer.model import Person, Section
from tests.conformance.conftest import Publish
from tests.support.documents import document


def person(name: str, **fields: str) -> Person:
    email = f"{name.lower().replace(' ', '.')}@example.org"
    return Person(**{"name": name, "email": email} | fields)


EVA = person("Eva Ek", role="projektledare")
BO = person("Bo Alm")
SIV = person("Siv Hed")


def ask(index: SearchIndex, text: str = "", **fields: object) -> PeopleAnswer:
    with index.searcher() as searcher:
        return find_people(searcher, PeopleRequest(text=text, **fields))  # type: ignore[arg-type]  # as the caller names them


def names(answer: PeopleAnswer) -> list[str]:
    return [hit.name for hit in answer.people]


def first(answer: PeopleAnswer) -> PersonHit:
    return answer.people[0]


def pages(hit: PersonHit) -> list[str]:
    return [page.id for page in hit.evidence]


def test_a_person_on_several_good_pages_comes_before_one_on_a_single_page(
    index: SearchIndex, publish: Publish
) -> None:
    publish(
        [
            document(1, text="samverkan om vård", persons=(BO,)),
            document(2, text="samverkan om vård", persons=(EVA,)),
            document(3, text="samverkan om vård", persons=(EVA,)),
            document(4, text="något annat", persons=(SIV,)),
        ]
    )

    answer = ask(index, "samverkan")

    assert names(answer) == ["Eva Ek", "Bo Alm"]
    assert answer.total == 2
    assert [hit.pages for hit in answer.people] == [2, 1]
    assert pages(first(answer)) == ["doc-002", "doc-003"]


def test_the_contact_of_the_better_page_comes_first(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, text="vård nämns här bland så mycket annat som en sida kan säga"),
            document(2, text="vård också, bland allt annat här", persons=(BO,)),
            document(3, "Vård", text="vård vård", persons=(EVA,)),
        ]
    )

    assert names(ask(index, "vård")) == ["Eva Ek", "Bo Alm"]


def test_to_be_a_contact_says_more_than_to_be_one_of_thirty_authors(
    index: SearchIndex, publish: Publish
) -> None:
    authors = ("Alm, Bo", *(f"Namn{number}, Någon" for number in range(29)))
    publish(
        [
            document(1, text="samverkan", authors=authors),
            document(2, text="samverkan", persons=(EVA,)),
        ]
    )

    answer = ask(index, "samverkan", limit=50)

    assert names(answer)[:2] == ["Eva Ek", "Bo Alm"]
    assert answer.total == 31
    assert [page.relation for hit in answer.people[:2] for page in hit.evidence] == [
        "contact",
        "author",
    ]


def test_everybody_on_a_page_shares_it(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, text="samverkan", persons=(BO, SIV)),
            document(2, text="samverkan", persons=(EVA,)),
        ]
    )

    assert names(ask(index, "samverkan")) == ["Eva Ek", "Bo Alm", "Siv Hed"]


def test_an_address_is_one_person_with_what_the_newest_page_says(
    index: SearchIndex, publish: Publish
) -> None:
    old = replace(EVA, role="doktorand", phone="0520-1", organisation="Högskolan")
    new = Person(
        name="Docent Eva Ek", role="projektledare", title="docent", email="EVA.EK@example.org"
    )
    publish(
        [
            document(1, text="vård vård", persons=(old,), modified=dt.date(2020, 1, 1)),
            document(2, text="vård och annat", persons=(new,), modified=dt.date(2025, 1, 1)),
        ]
    )

    answer = ask(index, "vård")

    assert names(answer) == ["Eva Ek"]
    hit = first(answer)
    assert (hit.role, hit.title, hit.phone, hit.organisation) == (
        "projektledare",
        "docent",
        "0520-1",
        "Högskolan",
    )
    assert hit.email == "EVA.EK@example.org"
    assert hit.pages == 2


def test_facts_are_taken_from_pages_in_the_language_asked_for(
    index: SearchIndex, publish: Publish
) -> None:
    english = replace(EVA, role="project leader", phone="+46 520 2")
    publish(
        [
            document(
                1,
                text="vård",
                persons=(replace(EVA, phone="0520-1"),),
                modified=dt.date(2024, 1, 1),
            ),
            document(
                2, text="vård", persons=(english,), language="en", modified=dt.date(2025, 1, 1)
            ),
        ]
    )

    hits = {language: first(ask(index, "vård", language=language)) for language in ("sv", "en")}

    assert {language: hit.role for language, hit in hits.items()} == {
        "sv": "projektledare",
        "en": "project leader",
    }
    assert {hit.phone for hit in hits.values()} == {"+46 520 2"}


def test_the_same_name_with_two_addresses_is_two_people(
    index: SearchIndex, publish: Publish
) -> None:
    publish(
        [
            document(1, text="vård", persons=(replace(EVA, email="b@example.org"),)),
            document(2, text="vård", persons=(replace(EVA, email="a@example.org"),)),
            document(3, text="vård", authors=("Ek, Eva",)),
        ]
    )

    answer = ask(index, "vård")

    assert [(hit.name, hit.email) for hit in answer.people] == [
        ("Eva Ek", "a@example.org"),
        ("Eva Ek", "b@example.org"),
        ("Eva Ek", ""),
    ]


def test_an_author_is_the_only_contact_of_that_name(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, text="vård", authors=("Ek, Eva", "Alm, Bo")),
            document(2, text="vård", persons=(EVA,)),
        ]
    )

    answer = ask(index, "vård")

    assert [(hit.name, hit.email, hit.pages) for hit in answer.people] == [
        ("Eva Ek", "eva.ek@example.org", 2),
        ("Bo Alm", "", 1),
    ]


def test_a_record_that_repeats_its_authors_counts_each_of_them_once(
    index: SearchIndex, publish: Publish
) -> None:
    record = document(
        1,
        text="vård",
        authors=("Ek, Eva", "Alm, Bo"),
        persons=(Person(name="Ek, Eva", organisation="Högskolan"), Person(name="Alm, Bo")),
        kind="publication",
    )
    publish([record])

    answer = ask(index, "vård")

    assert [(hit.name, hit.organisation) for hit in answer.people] == [
        ("Bo Alm", ""),
        ("Eva Ek", "Högskolan"),
    ]
    assert {page.relation for hit in answer.people for page in hit.evidence} == {"author"}


def test_organisations_and_signatures_are_nobody(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(
                1,
                text="vård",
                authors=("Redaktionen", "Exempelstads Kommun", "Ek, Eva"),
                partners=("Exempelstads kommun",),
            )
        ]
    )

    assert names(ask(index, "vård")) == ["Eva Ek"]


def test_who_is_asked_for_by_name_comes_first(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, "Eva Ek", text="Eva Ek leder projektet", persons=(BO, EVA)),
            document(2, text="Eva Ek och Bo Alm", persons=(BO, SIV)),
            document(3, text="Eva Ek igen", persons=(BO,)),
        ]
    )

    assert names(ask(index, "Bo Alm"))[0] == "Bo Alm"
    for query in (
        "Eva Ek",
        "eva ek",
        "Ek Eva",
        "Ek, eva",
        "professor Eva Ek",
        '"Eva Ek"',
        "vem är Eva Ek",
    ):
        assert names(ask(index, query))[0] == "Eva Ek", query


def test_a_title_in_the_query_is_no_part_of_the_name(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, text="professor", persons=(BO, person("Eva Maria Ek"))),
            *(document(number, text="professor Eva Ek", persons=(BO,)) for number in range(2, 9)),
        ]
    )

    assert names(ask(index, "professor Eva Ek"))[0] == "Eva Maria Ek"


def test_a_family_name_alone_moves_its_bearer_up(index: SearchIndex, publish: Publish) -> None:
    publish([document(1, text="vård", persons=(BO, person("Åsa Öberg")))])

    assert names(ask(index, "Öberg")) == ["Åsa Öberg", "Bo Alm"]
    assert names(ask(index, "vård")) == ["Bo Alm", "Åsa Öberg"]


def test_who_stands_on_every_page_does_not_work_with_everything(
    index: SearchIndex, publish: Publish
) -> None:
    press = person("Alva Press")
    publish(
        [
            document(1, "Vård", text="vård", persons=(EVA,)),
            document(2, "Vård", text="vård", persons=(press,)),
            *(document(number, text="en nyhet", persons=(press,)) for number in range(3, 60)),
        ]
    )

    assert names(ask(index, "vård")) == ["Eva Ek", "Alva Press"]


def test_namesakes_do_not_count_as_each_other_elsewhere(
    index: SearchIndex, publish: Publish
) -> None:
    namesakes = [replace(BO, email=f"{letter}@example.org") for letter in "ab"]
    publish(
        [
            document(12 * number + page, text="vård", persons=(who,))
            for number, who in enumerate((*namesakes, EVA))
            for page in range(12)
        ]
    )

    assert names(ask(index, "vård")) == ["Bo Alm", "Bo Alm", "Eva Ek"]


def test_without_words_the_newest_pages_count(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(
                number,
                partners=("Staden",),
                persons=(person(f"Namn{number:03d} Ek"),),
                modified=dt.date(2000, 1, 1) + dt.timedelta(days=number),
            )
            for number in range(PAGES + 1)
        ]
    )

    answer = ask(index, filters={"partner": ("Staden",)}, limit=PAGES + 1)

    assert len(answer.people) == answer.total == PAGES
    assert "Namn000 Ek" not in names(answer)


def test_without_words_the_filters_say_whom_to_list(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, partners=("Staden",), areas=("Vård",), persons=(EVA, BO)),
            document(2, partners=("Staden",), persons=(BO,)),
            document(3, partners=("Regionen",), persons=(SIV,)),
        ]
    )

    assert names(ask(index, filters={"partner": ("Staden",)})) == ["Bo Alm", "Eva Ek"]
    assert names(ask(index, "  ", filters={"partner": ("Regionen",)})) == ["Siv Hed"]
    assert set(names(ask(index, filters={"partner": ("Staden",), "area": ("Vård",)}))) == {
        "Bo Alm",
        "Eva Ek",
    }
    assert names(ask(index, filters={"person": ("Eva Ek",)})) == ["Eva Ek", "Bo Alm"]
    assert names(ask(index, filters={"partner": ()})) == []
    assert (names(ask(index)), ask(index).total) == ([], 0)


def test_filters_hold_with_words_too(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, text="vård", partners=("Staden",), persons=(EVA,)),
            document(2, text="vård", partners=("Regionen",), persons=(BO,)),
        ]
    )

    assert names(ask(index, "vård", filters={"partner": ("Staden",)})) == ["Eva Ek"]


def test_evidence_is_the_best_three_pages_and_says_why(
    index: SearchIndex, publish: Publish
) -> None:
    section = Section(heading="Syfte", text="Vi lär oss om vården tillsammans.")
    publish(
        [
            document(1, "Om vård", sections=(section,), persons=(EVA,)),
            *(
                document(number, text="vård" + " och annat" * number, persons=(EVA,))
                for number in range(2, 6)
            ),
        ]
    )

    hit = first(ask(index, "vård"))

    assert pages(hit) == ["doc-001", "doc-002", "doc-003"]
    assert hit.pages == 5
    assert hit.evidence[0].title == "Om vård"
    assert hit.evidence[0].url == "https://www.example.org/1"
    marked = [piece.text for piece in hit.evidence[0].snippet.pieces if piece.marked]
    assert marked == ["vården"]


def test_an_address_may_stand_outside_the_topic(index: SearchIndex, publish: Publish) -> None:
    elsewhere = replace(EVA, title="docent")
    publish(
        [
            document(1, text="vård", authors=("Ek, Eva", "Alm, Bo")),
            document(
                2, text="något annat", persons=(elsewhere, replace(BO, email="a@example.org"))
            ),
            document(3, text="något tredje", persons=(replace(BO, email="b@example.org"),)),
        ]
    )
    answer = ask(index, "vård")

    assert {hit.name: (hit.email, hit.title, hit.role) for hit in answer.people} == {
        "Eva Ek": ("eva.ek@example.org", "docent", ""),
        "Bo Alm": ("", "", ""),
    }
    assert {hit.pages for hit in answer.people} == {1}


def test_records_without_addresses_do_not_stand_before_the_page_that_has_one(
    index: SearchIndex, publish: Publish
) -> None:
    record = document(
        1,
        text="annat",
        kind="publication",
        authors=("Eva Ek",),
        published=dt.date(2025, 1, 1),
    )
    publish(
        [
            document(1, text="vård", authors=("Eva Ek",)),
            document(2, text="annat", persons=(EVA,)),
            *(replace(record, id=f"doc-{number:03d}") for number in range(3, 40)),
        ]
    )

    assert first(ask(index, "vård")).email == "eva.ek@example.org"


def test_a_suppressed_page_says_nothing_of_anybody(index: SearchIndex, publish: Publish) -> None:
    publish(
        [
            document(1, text="vård", persons=(EVA,)),
            document(2, text="vård", persons=(BO,), authors=("Ek, Eva",)),
            document(3, text="vård", persons=(SIV,)),
            document(4, text="annat", persons=(EVA,)),
        ]
    )
    index.suppress(frozenset({"doc-001", "doc-003", "doc-004"}))

    answer = ask(index, "vård")

    assert [(hit.name, hit.email, hit.pages) for hit in answer.people] == [
        ("Bo Alm", "bo.alm@example.org", 1),
        ("Eva Ek", "", 1),
    ]
    assert answer.total == 2
    assert names(ask(index, "Siv Hed")) == []


def test_ties_are_in_order_of_name_then_address_so_that_pages_never_overlap(
    index: SearchIndex, publish: Publish
) -> None:
    crowd = [
        person("Bo Alm", email="b@example.org"),
        person("Bo Alm", email="a@example.org"),
        person("Åsa Ek"),
        person("Eva Ek"),
    ]
    publish([document(number, text="vård", persons=(who,)) for number, who in enumerate(crowd)])

    windows = [ask(index, "vård", offset=offset, limit=2) for offset in (0, 2, 4)]

    assert [[hit.email for hit in window.people] for window in windows] == [
        ["a@example.org", "b@example.org"],
        ["eva.ek@example.org", "åsa.ek@example.org"],
        [],
    ]
    assert {window.total for window in windows} == {4}
    assert ask(index, "vård", limit=0).people == ()


def test_whatever_is_typed_has_an_answer(index: SearchIndex, publish: Publish) -> None:
    publish(
        [document(1, text="vård", persons=(EVA, Person(name=" ,")), authors=("", ",", "(", "\x00"))]
    )

    for query in ("*", '"', "-", "((((", "\u202e\x00", "a" * 10_000, ", " * 5_000, "vård " * 199):
        assert set(names(ask(index, query))) <= {"Eva Ek", ","}, query
    for query in ("*", "-", "-vård", " "):
        assert names(ask(index, query)) == [], query
    with pytest.raises(ValueError, match="negative"):
        PeopleRequest(offset=-1)
