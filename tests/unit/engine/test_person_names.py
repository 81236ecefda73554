from __future__ import annotations

import pytest

from indexer.engine.person_names import asks_for, name_key, shares_word, shown_name


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Eva Ek", "Eva Ek"),
        ("  Eva \u00a0 Ek ", "Eva Ek"),
        ("Ek, Eva", "Eva Ek"),
        ("af Ek, Eva Maria", "Eva Maria af Ek"),
        ("ek, eva", "eva ek"),
        ("Ek, Eva, professor", "Eva Ek"),
        ("Docent Eva Ek (PhD)", "Eva Ek"),
        ("Universitetslektor, docent Eva Ek", "Eva Ek"),
        ("Fil. dr. Eva Ek", "Eva Ek"),
        ("fil.dr Eva Ek", "Eva Ek"),
        ("Bitr. professor Eva Ek", "Eva Ek"),
        ("Professor emerita Eva Ek", "Eva Ek"),
        ("Eva Ek, Ph.D.", "Eva Ek"),
        ("Eva Ek, MedD", "Eva Ek"),
        ("Eva Ek, projektledare", "Eva Ek"),
        ("Doris Docker", "Doris Docker"),
        ("Andrea Prof", "Andrea"),
        ("Professor", "Professor"),
        (", ", ","),
        ("", ""),
    ],
)
def test_a_name_is_shown_as_one_says_it(written: str, shown: str) -> None:
    assert shown_name(written) == shown


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Eva Ek", "EK, EVA", True),
        ("Eva Ek", "docent Eva Ek", True),
        ("Anna-Karin Ek", "Anna Karin Ek", True),
        ("Tim O’Dell", "Tim O'Dell", True),
        ("Åsa Ek", "A\u030asa Ek", True),
        ("Åsa Ek", "Asa Ek", False),
        ("Eva Ek", "Eva Maria Ek", False),
        ("Eva Ek", "Ek Eva", False),
    ],
)
def test_two_ways_to_write_a_name_have_one_key(one: str, other: str, *, same: bool) -> None:
    assert (name_key(one) == name_key(other)) is same


@pytest.mark.parametrize(
    ("query", "name", "asked"),
    [
        ("eva ek", "eva ek", True),
        ("ek eva", "eva ek", True),
        ("eva ek", "eva maria ek", True),
        ("vem ar eva ek", "eva ek", True),
        ("eva eks projekt", "eva ek", True),
        ("asa oberg", "åsa öberg", True),
        ("ek", "eva ek", False),
        ("eva avtal", "eva ek", False),
        ("eva berg", "eva ek", False),
        ("eva eva", "eva maria ek", False),
        ("", "eva ek", False),
        ("eva ek", "", False),
    ],
)
def test_a_query_asks_for_a_person_by_two_words_of_the_name(
    query: str, name: str, *, asked: bool
) -> None:
    assert asks_for(frozenset(query.split()), name) is asked


def test_a_query_may_share_a_word_with_a_name() -> None:
    assert shares_word(frozenset({"oberg"}), "åsa öberg")
    assert not shares_word(frozenset({"ober"}), "åsa öberg")
