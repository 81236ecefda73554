"""Which queries may be told of: words that everybody uses, and nothing that points at somebody."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.analysis import build_bundle
from indexer.engine import Searcher
from indexer.engine.discretion import as_told, may_be_told
from indexer.engine.memory_backend import MemoryIndex
from indexer.engine.suggesting import SUGGESTIONS, write_suggestions
from indexer.model import Concept, Person, Vocabulary
from tests.support.documents import document

VOCABULARY = Vocabulary(
    partners=(
        Concept(name="Trollhättans Stad", aliases=("Trollhättans kommun",)),
        Concept(name="GKN Aerospace", aliases=("Volvo Aero",)),
    ),
    areas=(Concept(name="Arbetsintegrerat lärande", aliases=("AIL",)),),
    abbreviations={"VFU": ("verksamhetsförlagd utbildning",)},
)
PEOPLE = ("Åsa Öberg", "Sten Rask", "Per-Olof Örn", "Kent Slott")


def bundle(directory: Path) -> Path:
    directory.mkdir()
    # Pages name people, too: that they do is no reason to tell of them.
    words = dict.fromkeys(("samverkan", "löfstrand", "quintus", "öberg"), 9)
    build_bundle(directory, words=words, vocabulary=VOCABULARY)
    return directory


def searcher(directory: Path) -> Searcher:
    index = MemoryIndex()
    with index.writer(bundle=directory):
        pass
    index.publish(index.generations()[-1].name)
    return index.searcher()


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    directory = bundle(tmp_path_factory.mktemp("discretion") / "bundle")
    persons = tuple(Person(name=name) for name in PEOPLE)
    write_suggestions(directory / SUGGESTIONS, [document(1, "Slott och möten", persons=persons)])
    with searcher(directory) as held:
        yield held


@pytest.mark.parametrize(
    "query",
    [
        "samverkan",
        "AIL",
        "vfu",
        "Trollhättans Stad",
        "gkn aerospace",
        "Arbetsintegrerat Lärande",
        "work-integrated learning",
        "parkeringstillstånd",
        "kompetensutveckling av kommunanställda",
        "hur kan kommunen stödja livslångt lärande",
        "projekt 2025",
        "öppet hus i maj",
        "bo på campus",
        "fred och konflikt",
        "slott och möten",
        "arbetsmarknad",
        '"breddad rekrytering" -kurs',
        "additive manufacturing",
    ],
)
def test_words_that_everybody_uses_may_be_told(opened: Searcher, query: str) -> None:
    assert may_be_told(query, opened)


@pytest.mark.parametrize(
    "query",
    [
        "Åsa Öberg",
        "åsa öberg",
        "asa oberg",
        "öberg åsa",
        "vem är åsa öberg",
        "docent åsa öberg samverkan",
        "per örn",
        "sten rask",
        "projekt sten rask",
        "Kents slott",
        "kent slott",
        "rask",
    ],
)
def test_a_person_of_the_index_is_not_told(opened: Searcher, query: str) -> None:
    assert not may_be_told(query, opened)


@pytest.mark.parametrize(
    "query",
    [
        "eva ek",
        "Eva Ek",
        "evas projekt",
        "maria",
        "anna lind",
        "bo ek",
        "Sten Stark",
        "Stark Sten",
        "kim berg",
        "lindberg",
        "möte med lindbergs",
        "sjögren",
        "löfstrand",
        "forskning quintus",
        "mohammed al-hassan",
        "nguyen",
        "m. söderlund",
        "maria-lena",
        "ＥＶＡ ＥＫ",
        "Ｌｉｎｄｂｅｒｇ",
    ],
)
def test_what_looks_like_a_name_is_not_told(opened: Searcher, query: str) -> None:
    assert not may_be_told(query, opened)


@pytest.mark.parametrize(
    "query",
    [
        "eva.ek@example.org",
        "samverkan @eva",
        "850312-1234",
        "19850312 1234",
        "850312+1234",
        "8 5 0 3 1 2 1 2 3 4",
        "٨٥٠٣١٢١٢٣٤",
        "0520-22 30 00",
        "+46 520 22 30 00",
        "telefon 223000",
        "diarienummer 2023/118",
        "461 86",
        "https://www.example.org/samverkan",
        "www.example.org",
        "example.org",
        "samverkan " * 9,
        "samverkan\x00möte",
        "",
        "???",
        "😀",
    ],
)
def test_addresses_numbers_and_stories_are_not_told(opened: Searcher, query: str) -> None:
    assert not may_be_told(query, opened)


def test_where_the_people_of_an_index_are_not_known_nothing_is_told(tmp_path: Path) -> None:
    with searcher(bundle(tmp_path / "bundle")) as held:
        assert not may_be_told("samverkan", held)


def test_a_query_is_told_in_one_line_of_small_letters_in_one_form() -> None:
    assert as_told("  Forskning \n o\u0308ver  GRA\u0308NSER ") == "forskning över gränser"
