from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis.folding import fold
from indexer.engine import Completion, Suggester
from indexer.engine.suggesting import SuggestionBuilder, write_suggestions
from indexer.engine.suggesting.wording import Words, tokens
from indexer.errors import IndexDamaged
from indexer.model import Concept, Document, Person, Section, Vocabulary
from tests.support.documents import document

VOCABULARY = Vocabulary(
    partners=(Concept(name="Trollhättans Stad", aliases=("Trollhättans kommun",)),),
    areas=(
        Concept(name="Arbetsintegrerat lärande", aliases=("AIL", "work-integrated learning")),
        Concept(name="Breddad rekrytering"),
    ),
    abbreviations={"VFU": ("Verksamhetsförlagd utbildning",)},
)

Open = Callable[..., Suggester]


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    """Write the suggestions of documents, and open them."""

    def open_(*documents: Document, vocabulary: Vocabulary | None = None) -> Suggester:
        write_suggestions(tmp_path / "suggest", documents, vocabulary=vocabulary)
        return Suggester(tmp_path / "suggest")

    return open_


def texts(completions: Iterable[Completion]) -> list[str]:
    return [completion.text for completion in completions]


def kinds(completions: Iterable[Completion]) -> list[tuple[str, str]]:
    return [(completion.text, completion.kind) for completion in completions]


def titled(*titles: str) -> list[Document]:
    return [document(number, title) for number, title in enumerate(titles)]


# --- what matches -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("hogs", "Högskolan Väst"),
        ("HÖGS", "Högskolan Väst"),
        ("ho\u0308gs", "Högskolan Väst"),
        ("hög\u00adsk", "Högskolan Väst"),
        ("högskolan", "Hög\u00adskolan Väst"),
        ("väst hög", "Högskolan Väst"),
        ("vä h", "Högskolan Väst"),
        ("högskolan\u00a0väst ", "Högskolan Väst"),
        ("idé", "En idé om e-hälsa"),
        ("ide", "En idé om e-hälsa"),
        ("e-häl", "En idé om e-hälsa"),
        ("ehal", "En idé om e-hälsa"),
        ("e hälsa", "En idé om e-hälsa"),
        ("om id", "En idé om e-hälsa"),
        ("e-häl", "Ehälsa för alla"),
        ("AIL-", "AIL-forskning"),
        ("forskning ail", "AIL-forskning"),
        ("2023/1", "Avtal 2023/118-2"),
        ("hv.s", "Nytt på hv.se"),
        ("eu", "EU:s mål"),
        ("“högsk", "Högskolan Väst"),
    ],
)
def test_what_is_typed_finds_the_title(opened: Open, typed: str, title: str) -> None:
    shown = title.replace("\u00ad", "")

    assert texts(opened(document(1, title), document(2, "Annat")).suggest(typed)) == [shown]


@pytest.mark.parametrize("typed", ["skolan", "väst syd", "högskolann", "st", "högskolanväst"])
def test_a_word_that_begins_none_of_the_title_finds_nothing(opened: Open, typed: str) -> None:
    assert opened(document(1, "Högskolan Väst")).suggest(typed) == ()


@pytest.mark.parametrize(
    "typed",
    ["", " ", "\0", "\x1b[2J", "…!?", "🙂", "*", '"" ()', "\u00ad", "\ud800", "\u202e\u2066"],
)
def test_what_holds_no_word_of_the_title_completes_to_nothing(opened: Open, typed: str) -> None:
    assert opened(document(1, "Högskolan 🙂 Väst")).suggest(typed) == ()


@pytest.mark.parametrize("typed", ["hög\0", "hög 🙂", "\x07hög", "(hög*", "hög\ud800", "\u202ehög"])
def test_what_is_no_word_beside_one_is_overlooked(opened: Open, typed: str) -> None:
    assert texts(opened(document(1, "Högskolan Väst")).suggest(typed)) == ["Högskolan Väst"]


def test_only_the_first_hundred_characters_are_looked_at(opened: Open) -> None:
    suggester = opened(document(1, "Högskolan Väst"))

    assert suggester.suggest("hög" + " " * 97 + "finns inte " * 1000)
    assert not suggester.suggest("hög" + " " * 90 + "finns inte")
    assert suggester.suggest("ö" * 10_000) == ()


TITLES = st.lists(
    st.text(st.sampled_from("aåäeéoö -s:'.1\u00ad\u0308🙂"), max_size=12), min_size=1, max_size=6
)


@given(TITLES, st.text(max_size=30) | st.text(st.sampled_from("aåäeéoö -s:'.1"), max_size=8))
def test_every_completion_has_a_word_that_begins_with_each_that_was_typed(
    titles: list[str], typed: str
) -> None:
    with TemporaryDirectory() as directory:
        write_suggestions(Path(directory), titled(*titles))
        found = Suggester(Path(directory)).suggest(typed)

    assert len(set(texts(found))) == len(found)
    for completion in found:
        held = {fold(token) for token in tokens(Words().of(completion.text))}
        for word in Words().of(typed):
            apart = all(any(has.startswith(fold(part)) for has in held) for part in word)
            assert apart or any(has.startswith(fold("".join(word))) for has in held)


@given(TITLES)
def test_every_title_with_words_is_found_by_the_whole_of_it(titles: list[str]) -> None:
    with TemporaryDirectory() as directory:
        write_suggestions(Path(directory), titled(*titles))
        suggester = Suggester(Path(directory))
        for title in titles:
            if words := Words().of(title):
                found = suggester.suggest(title, limit=100)
                assert words in [Words().of(completion.text) for completion in found]


# --- what is offered ----------------------------------------------------------------------------


def test_a_completion_says_what_it_is_and_how_many_documents_use_it(opened: Open) -> None:
    suggester = opened(
        document(1, "Alla samverkar", partners=("Almi",), areas=("Allmän hälsa",)),
        document(2, "Nyhet", partners=("Almi",), authors=("Alva Alm",)),
        document(3, "Rapport", persons=(Person(name="Alva Alm"), Person(name="Alvar Ek"))),
    )

    assert set(suggester.suggest("al")) == {
        Completion(text="Almi", kind="partner", documents=2),
        Completion(text="Alva Alm", kind="person", documents=2),
        Completion(text="Allmän hälsa", kind="area", documents=1),
        Completion(text="Alvar Ek", kind="person", documents=1),
        Completion(
            text="Alla samverkar",
            kind="title",
            documents=1,
            document_id="doc-001",
            url="https://www.example.org/1",
        ),
    }


@pytest.mark.parametrize("typed", ["AIL", "ail", "Work-int", "learning work", "ail lär", "arbetsi"])
def test_other_names_of_the_vocabulary_complete_to_the_one_that_is_shown(
    opened: Open, typed: str
) -> None:
    areas = ("Arbetsintegrerat lärande",)
    suggester = opened(document(1, "Om oss", areas=areas), vocabulary=VOCABULARY)

    assert kinds(suggester.suggest(typed)) == [("Arbetsintegrerat lärande", "area")]


def test_a_document_that_uses_another_name_counts_for_the_one_that_is_shown(opened: Open) -> None:
    suggester = opened(
        document(1, partners=("Trollhättans kommun",)),
        document(2, partners=("trollhättans stad",)),
        vocabulary=VOCABULARY,
    )
    shown = Completion(text="Trollhättans Stad", kind="partner", documents=2)

    assert suggester.suggest("tr") == suggester.suggest("trollhättans k") == (shown,)


def test_an_abbreviation_completes_to_what_it_stands_for(opened: Open) -> None:
    suggester = opened(document(1, "Verksamhetsförlagd utbildning"), vocabulary=VOCABULARY)

    assert texts(suggester.suggest("vfu")) == ["Verksamhetsförlagd utbildning"]


def test_a_name_of_the_vocabulary_that_no_document_uses_is_not_offered(opened: Open) -> None:
    assert opened(document(1, "Om oss"), vocabulary=VOCABULARY).suggest("b") == ()


def test_a_text_of_several_kinds_is_offered_once_as_the_first_of_them(opened: Open) -> None:
    suggester = opened(
        document(1, "Skolverket", partners=("Skolverket",)),
        document(2, "SKOLVERKET"),
        document(3, "Simuleringsträning", areas=("Simuleringsträning",)),
    )

    assert kinds(suggester.suggest("s")) == [
        ("Skolverket", "partner"),
        ("Simuleringsträning", "area"),
    ]
    assert suggester.suggest("sk")[0].documents == 2


def test_of_pages_with_one_title_the_first_by_id_is_named(opened: Open) -> None:
    found = opened(*[document(number, "Kontakt") for number in (3, 1, 2)]).suggest("k")

    assert [(one.documents, one.document_id) for one in found] == [(3, "doc-001")]


def test_an_organisation_among_the_authors_is_no_person(opened: Open) -> None:
    authors = ("Högskolan Väst", "Skolverket", "Region Exempel", "Sara Ek")
    suggester = opened(document(1, authors=authors, organisations=("Region Exempel",)))

    found = [texts(suggester.suggest(typed)) for typed in ("hög", "skol", "reg", "sara")]
    assert found == [[], [], [], ["Sara Ek"]]


def test_what_nobody_sees_is_not_shown(opened: Open) -> None:
    suggester = opened(document(1, "  Hög\u00adskolan\n\tVäst\0\u202e \ud800"))

    assert texts(suggester.suggest("h")) == ["Högskolan Väst"]


def test_phrases_of_titles_headings_and_texts_are_offered(opened: Open) -> None:
    suggester = opened(
        document(1, "Nytt om god vård"),
        document(2, sections=(Section(heading="God vård"),)),
        document(3, text="Vi vill ha god vård."),
    )

    assert suggester.suggest("vår")[0] == Completion(text="god vård", kind="phrase", documents=3)


# --- what comes first ---------------------------------------------------------------------------


def test_what_begins_as_it_was_typed_comes_before_what_holds_the_words(opened: Open) -> None:
    rarely, often = "Väst hög och låg", "Högskolan Väst"
    suggester = opened(document(1, rarely), document(2, often), document(3, often))

    assert texts(suggester.suggest("väst hög")) == [rarely, often]
    assert texts(suggester.suggest("hög väst")) == [often, rarely]


def test_an_alias_that_begins_as_it_was_typed_counts_as_the_text(opened: Open) -> None:
    suggester = opened(
        *[document(number, "Nytt om ailanthus") for number in range(3)],
        document(4, areas=("Arbetsintegrerat lärande",)),
        vocabulary=VOCABULARY,
    )

    assert texts(suggester.suggest("ail"))[0] == "Arbetsintegrerat lärande"


def test_what_is_spelt_as_typed_comes_before_what_only_looks_alike(opened: Open) -> None:
    suggester = opened(*titled("Amal", "Amal", "Åmål", "Nytt i Åmål"))

    assert texts(suggester.suggest("åm")) == ["Åmål", "Nytt i Åmål", "Amal"]
    assert texts(suggester.suggest("am")) == ["Amal", "Åmål", "Nytt i Åmål"]


def test_more_documents_then_shorter_then_the_alphabet(opened: Open) -> None:
    suggester = opened(*titled("Annat", "Allt", "Alla", "Avhandling", "Avhandling"))

    assert texts(suggester.suggest("a")) == ["Avhandling", "Alla", "Allt", "Annat"]


def mixture(*, partners: int, titles: int) -> list[Document]:
    names = tuple(f"Almi {number}" for number in range(partners))
    return [
        document(0, "0", partners=names),
        document(1, "1", partners=names),
        *(document(number, f"Avtal {number}") for number in range(2, titles + 2)),
    ]


@pytest.mark.parametrize(
    ("partners", "titles", "taken"),
    [
        (9, 9, (6, 2)),
        (9, 1, (7, 1)),
        (3, 9, (3, 5)),
        (0, 9, (0, 8)),
        (9, 0, (8, 0)),
        (1, 1, (1, 1)),
    ],
)
def test_titles_have_a_place_but_not_the_place_of_others(
    opened: Open, partners: int, titles: int, taken: tuple[int, int]
) -> None:
    found = kinds(opened(*mixture(partners=partners, titles=titles)).suggest("a"))

    by_kind = [kind for _, kind in found]
    assert (by_kind.count("partner"), by_kind.count("title")) == taken


def test_titles_that_fit_better_fill_half_of_the_list_while_others_match(opened: Open) -> None:
    pages = [document(number, f"Stor: sak {number}") for number in range(9)]
    names = tuple(f"Sak {number} Stor" for number in range(9))
    suggester = opened(*pages, document(10, partners=names))

    assert [kind for _, kind in kinds(suggester.suggest("stor sak"))] == [
        *["title"] * 4,
        *["partner"] * 4,
    ]


def test_a_rare_name_stands_beside_frequent_phrases(opened: Open) -> None:
    said = "allmän hälsa, allmän kultur, allmän skola, allmän trafik, allmän vård"
    suggester = opened(
        *[document(number, text=said) for number in range(5)],
        document(6, persons=(Person(name="Bo Alm"),)),
    )

    found = kinds(suggester.suggest("al", limit=4))
    assert found[-1] == ("Bo Alm", "person")
    assert [kind for _, kind in found[:-1]] == ["phrase"] * 3


@pytest.mark.parametrize(("limit", "length"), [(-1, 0), (0, 0), (1, 1), (3, 3), (200, 100)])
def test_a_list_is_no_longer_than_asked_for(opened: Open, limit: int, length: int) -> None:
    suggester = opened(*[document(number, f"Avtal {number}") for number in range(120)])

    found = texts(suggester.suggest("avtal", limit=limit))
    assert len(set(found)) == len(found) == length


# --- hidden documents ---------------------------------------------------------------------------

NAME = st.sampled_from(["Alm", "Alva Ek", "Bo Alm", "Ek", "Åsa Ek"])
NAMES = st.lists(NAME, max_size=2).map(tuple)
PAGE = st.fixed_dictionaries({"title": NAME, "partners": NAMES, "areas": NAMES, "authors": NAMES})


@given(
    st.lists(PAGE, max_size=8),
    st.sets(st.integers(0, 9)),
    st.sampled_from(["a", "å", "e", "ek a", "b"]),
    st.integers(1, 5),
)
def test_hidden_documents_are_as_if_they_were_not_there(
    pages: list[dict[str, object]], numbers: set[int], typed: str, limit: int
) -> None:
    documents = [document(number, **page) for number, page in enumerate(pages)]  # type: ignore[arg-type]
    hidden = frozenset(f"doc-{number:03d}" for number in numbers)
    with TemporaryDirectory() as directory:
        some, every = Path(directory, "some"), Path(directory, "every")
        write_suggestions(some, [one for one in documents if one.id not in hidden])
        write_suggestions(every, documents)

        seen = Suggester(every).suggest(typed, limit=limit, hidden=hidden)
        assert seen == Suggester(some).suggest(typed, limit=limit)


def test_a_phrase_is_offered_while_a_document_that_says_it_is_not_hidden(opened: Open) -> None:
    suggester = opened(*[document(number, text="god vård") for number in range(3)])

    def offered(*hidden: str) -> list[int]:
        return [one.documents for one in suggester.suggest("god", hidden=frozenset(hidden))]

    assert offered("doc-000") == [2]
    assert offered("doc-000", "doc-002", "no such id", "\ud800") == [1]
    assert offered("doc-000", "doc-001", "doc-002") == []
    assert offered() == [3]


def test_a_title_of_a_hidden_page_leads_to_another_with_that_title(opened: Open) -> None:
    suggester = opened(*[document(number, "Kontakt") for number in range(3)])

    found = suggester.suggest("k", hidden=frozenset({"doc-000"}))
    assert [(one.documents, one.document_id) for one in found] == [(2, "doc-001")]


# --- files --------------------------------------------------------------------------------------


def test_an_index_without_documents_completes_nothing(opened: Open) -> None:
    suggester = opened()

    assert suggester.suggest("a") == suggester.suggest("a", hidden=frozenset({"doc-001"})) == ()


def test_other_processes_write_the_same_bytes(tmp_path: Path) -> None:
    program = (
        "import argparse, sys; from pathlib import Path; from benchmarks import corpus;"
        "from indexer.engine.suggesting import write_suggestions;"
        "chosen = argparse.Namespace(texts=None, documents=50);"
        "write_suggestions(Path(sys.argv[1]), corpus.documents(chosen))"
    )
    root = Path(__file__).parents[3]
    written = []
    for seed in ("0", "1"):
        target = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", program, target],
            check=True,
            cwd=root,
            env={"PYTHONHASHSEED": seed},
        )
        written.append({path.name: path.read_bytes() for path in target.iterdir()})

    assert written[0] == written[1]
    assert len(written[0]) > 10


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def change(path: Path) -> None:
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))


@pytest.mark.parametrize("harm", [cut, change, Path.unlink])
def test_damaged_files_are_refused_with_what_to_do(
    opened: Open, tmp_path: Path, harm: Callable[[Path], None]
) -> None:
    opened(document(1, "Högskolan Väst", partners=("Skolverket",)), vocabulary=VOCABULARY)
    for path in sorted((tmp_path / "suggest").iterdir()):
        before = path.read_bytes()
        harm(path)
        with pytest.raises(IndexDamaged, match="samsok reindex --from-store"):
            Suggester(tmp_path / "suggest")
        path.write_bytes(before)

    assert Suggester(tmp_path / "suggest").suggest("hög")


@pytest.mark.parametrize(
    "manifest", ["", "[]", "{}", '{"version": "1", "files": []}', "[" * 100_000]
)
def test_a_manifest_that_is_none_is_refused(opened: Open, tmp_path: Path, manifest: str) -> None:
    opened(document(1, "Högskolan Väst"))
    (tmp_path / "suggest" / "manifest.json").write_text(manifest)

    with pytest.raises(IndexDamaged, match="samsok reindex --from-store"):
        Suggester(tmp_path / "suggest")


def test_files_of_another_version_are_refused(opened: Open, tmp_path: Path) -> None:
    opened(document(1, "Högskolan Väst"))
    path = tmp_path / "suggest" / "manifest.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"version": "0"}))

    with pytest.raises(IndexDamaged, match="of version '0'"):
        Suggester(tmp_path / "suggest")


def test_a_builder_that_is_given_up_closes_its_file_and_has_written_nothing(tmp_path: Path) -> None:
    with SuggestionBuilder() as builder:
        builder.add(document(1, "Högskolan Väst"))
    builder.close()

    assert not list(tmp_path.iterdir())
    with pytest.raises(ValueError, match="closed"):
        builder.write(tmp_path)


def test_the_steps_are_told(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    write_suggestions(
        tmp_path, titled("Ett", "Två"), step=lambda what, done: told.append((what, done))
    )

    assert told == [
        ("reading suggestions", 0),
        ("reading suggestions", 1),
        ("writing suggestions", 0),
    ]
