from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from indexer.analysis import build_bundle
from indexer.engine import SearchAnswer, Searcher, SearchRequest, Suggestion, search
from indexer.engine.memory_backend import MemoryIndex
from indexer.model import Concept, Document, Person, Section, Vocabulary
from tests.support.documents import document

Open = Callable[[Sequence[Document]], Searcher]

VOCABULARY = Vocabulary(
    areas=(Concept(name="Arbetsintegrerat lärande", aliases=("AIL", "work-integrated learning")),),
)


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("bundle")
    words = ["samverkan", "avtal", "arbetsintegrerat", "lärande", "kommunen", "forskning"]
    build_bundle(directory, words=dict.fromkeys(words, 3), vocabulary=VOCABULARY)
    return directory


@pytest.fixture
def opened(bundle: Path) -> Open:
    def build(documents: Sequence[Document]) -> Searcher:
        index = MemoryIndex()
        with index.writer(bundle=bundle) as writer:
            for item in documents:
                writer.put(item)
        index.publish("gen-000001")
        return index.searcher()

    return build


def ids(answer: SearchAnswer) -> list[str]:
    return [ranked.document.id for ranked in answer.results]


def marked(answer: SearchAnswer) -> list[str]:
    return [
        piece.text for ranked in answer.results for piece in ranked.snippet.pieces if piece.marked
    ]


def text_of(answer: SearchAnswer, number: int = 0) -> str:
    return "".join(piece.text for piece in answer.results[number].snippet.pieces)


def test_pages_with_all_words_come_first_and_those_with_some_follow(opened: Open) -> None:
    searcher = opened(
        [
            document(1, text="avtal avtal avtal"),
            document(2, text="avtal med många andra ord och så kommunen"),
            document(3, text="kommunen"),
            document(4, text="annat"),
        ]
    )

    answer = search(searcher, SearchRequest(text="avtal kommunen"))

    assert ids(answer)[0] == "doc-002"
    assert set(ids(answer)) == {"doc-001", "doc-002", "doc-003"}
    assert answer.relaxed
    assert answer.with_all_words == 1
    newest = search(searcher, SearchRequest(text="avtal kommunen", sort="newest"))
    assert ids(newest) == ["doc-002"]


def test_where_enough_pages_hold_all_words_no_others_are_shown(opened: Open) -> None:
    both = [document(number, text="avtal kommunen") for number in range(10)]
    searcher = opened([*both, document(99, text="avtal")])

    answer = search(searcher, SearchRequest(text="avtal kommunen"))

    assert answer.total == answer.with_all_words == 10
    assert not answer.relaxed


def test_a_quoted_phrase_is_never_given_up(opened: Open) -> None:
    searcher = opened([document(1, text="avtal om vård"), document(2, text="vård avtal kommunen")])

    answer = search(searcher, SearchRequest(text='"avtal om" kommunen skola'))

    assert ids(answer) == []


def test_a_misspelt_word_is_answered_by_its_other_spelling_and_it_is_said(opened: Open) -> None:
    searcher = opened([document(1, text="Om samverkan.")])

    answer = search(searcher, SearchRequest(text="samvrekan"))

    assert ids(answer) == ["doc-001"]
    assert answer.suggestion == Suggestion(text="samverkan", total=1)
    assert marked(answer) == ["samverkan"]
    as_typed = search(searcher, SearchRequest(text="samvrekan", expand=False))
    assert as_typed.total == 0
    assert as_typed.suggestion is None


def test_when_no_page_has_all_words_those_with_some_are_shown_and_it_is_said(opened: Open) -> None:
    searcher = opened([document(1, text="avtal"), document(2, text="kommunen"), document(3)])

    answer = search(searcher, SearchRequest(text="avtal kommunen"))

    assert set(ids(answer)) == {"doc-001", "doc-002"}
    assert answer.relaxed


def test_words_spelt_much_like_those_asked_for_are_shown_where_nothing_else_is(
    opened: Open,
) -> None:
    searcher = opened([document(1, text="partnerskapsstrategi"), document(2, text="vård")])

    answer = search(searcher, SearchRequest(text="partnarskapsstratgei"))

    assert ids(answer) == ["doc-001"]
    assert answer.alike
    assert answer.with_all_words == 0
    assert not search(searcher, SearchRequest(text="vård")).alike
    exact = search(searcher, SearchRequest(text="partnarskapsstratgei", expand=False))
    assert exact.total == 0
    assert not exact.alike


def test_a_correction_that_finds_no_page_with_all_words_is_not_made(opened: Open) -> None:
    searcher = opened([document(1, text="samverkan"), document(2, text="högskolan")])

    answer = search(searcher, SearchRequest(text="samvrekan högskolan"))

    assert set(ids(answer)) == {"doc-001", "doc-002"}
    assert answer.suggestion is None
    assert answer.relaxed


def test_nothing_found_is_not_called_relaxed(opened: Open) -> None:
    answer = search(opened([document(1)]), SearchRequest(text="xyzzy plugh"))

    assert answer.total == 0
    assert not answer.relaxed


def test_no_words_browse_everything(opened: Open) -> None:
    answer = search(opened([document(1), document(2)]), SearchRequest(text="  "))

    assert answer.total == 2


def test_a_phrase_wants_its_words_next_to_each_other(opened: Open) -> None:
    searcher = opened(
        [document(1, text="avtal om samverkan"), document(2, text="samverkan om avtal")]
    )

    assert ids(search(searcher, SearchRequest(text='"om samverkan"'))) == ["doc-001"]


def test_a_minus_leaves_out(opened: Open) -> None:
    searcher = opened([document(1, text="avtal skola"), document(2, text="avtal")])

    assert ids(search(searcher, SearchRequest(text="avtal -skola"))) == ["doc-002"]
    assert ids(search(searcher, SearchRequest(text="-skola"))) == ["doc-002"]


def test_a_word_in_the_title_outranks_one_in_the_text(opened: Open) -> None:
    searcher = opened([document(1, text="samverkan"), document(2, "Samverkan", text="annat")])

    assert ids(search(searcher, SearchRequest(text="samverkan"))) == ["doc-002", "doc-001"]


def test_a_stop_word_does_not_have_to_be_there(opened: Open) -> None:
    searcher = opened([document(1, text="avtal samverkan")])

    assert ids(search(searcher, SearchRequest(text="avtal om samverkan"))) == ["doc-001"]


def test_a_query_of_stop_words_alone_still_searches(opened: Open) -> None:
    searcher = opened([document(1, text="att vara"), document(2, text="annat")])

    assert ids(search(searcher, SearchRequest(text="att vara"))) == ["doc-001"]


def test_a_person_is_found_by_name_and_by_address(opened: Open) -> None:
    searcher = opened(
        [document(1, persons=(Person(name="Åsa Öberg", email="asa@example.org"),)), document(2)]
    )

    assert ids(search(searcher, SearchRequest(text="åsa öberg"))) == ["doc-001"]
    assert ids(search(searcher, SearchRequest(text="asa@example.org"))) == ["doc-001"]


def test_an_abbreviation_finds_what_it_stands_for_and_says_so(opened: Open) -> None:
    searcher = opened([document(1, text="Om arbetsintegrerat lärande i skolan."), document(2)])

    answer = search(searcher, SearchRequest(text="AIL"))

    assert ids(answer) == ["doc-001"]
    assert any("arbetsintegrerat lärande" in text.lower() for text in answer.expanded)
    assert search(searcher, SearchRequest(text="AIL", expand=False)).total == 0


def test_what_an_area_and_an_abbreviation_both_say_is_told_once(
    tmp_path: Path,
) -> None:
    vocabulary = Vocabulary(
        areas=(Concept(name="Verksamhetsförlagd utbildning", aliases=("VFU",)),),
        abbreviations={"VFU": ("verksamhetsförlagd utbildning",)},
    )
    build_bundle(tmp_path, words={"verksamhetsförlagd": 3, "utbildning": 3}, vocabulary=vocabulary)
    index = MemoryIndex()
    with index.writer(bundle=tmp_path) as writer:
        writer.put(document(1, text="Verksamhetsförlagd utbildning i skolan."))
    index.publish("gen-000001")

    answer = search(index.searcher(), SearchRequest(text="VFU"))

    assert answer.expanded == ("Verksamhetsförlagd utbildning",)


def test_the_snippet_shows_why(opened: Open) -> None:
    filler = "Här står något helt annat som ingen frågar efter. " * 10
    searcher = opened(
        [
            document(
                1,
                sections=(
                    Section(heading="Bakgrund", text=filler),
                    Section(heading="Avtal", anchor="avtal", text=f"{filler}Ett avtal finns."),
                ),
            )
        ]
    )

    answer = search(searcher, SearchRequest(text="avtal"))

    snippet = answer.results[0].snippet
    assert text_of(answer) == "Ett avtal finns."
    assert marked(answer) == ["avtal"]
    assert snippet.section == "Avtal"
    assert snippet.url == "https://www.example.org/1#avtal:~:text=Ett%20avtal%20finns."


def test_the_second_fragment_adds_what_the_first_did_not_say(opened: Open) -> None:
    searcher = opened(
        [
            document(
                1,
                text="Avtal och avtal.\nAvtal igen.\nNågot annat.\nMed kommunen också.",
            )
        ]
    )

    answer = search(searcher, SearchRequest(text="avtal kommunen"))

    assert text_of(answer) == "Avtal och avtal. … Med kommunen också."


def test_a_long_sentence_is_cut_around_its_words(opened: Open) -> None:
    long = "ord " * 100 + "samverkan " + "ord " * 100
    answer = search(opened([document(1, text=long)]), SearchRequest(text="samverkan"))

    shown = text_of(answer)
    assert len(shown) < 200
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert marked(answer) == ["samverkan"]


def test_between_two_cut_sentences_there_is_one_ellipsis(opened: Open) -> None:
    first, second = (f"{'ord ' * 60}{word} {'ord ' * 60}" for word in ("avtal", "kommunen"))
    answer = search(
        opened([document(1, text=f"{first}\n{second}")]), SearchRequest(text="avtal kommunen")
    )

    shown = text_of(answer)
    assert marked(answer) == ["avtal", "kommunen"]
    assert shown.count("…") == 3
    assert " ord … ord " in shown


def test_without_words_in_the_text_the_snippet_is_the_beginning(opened: Open) -> None:
    searcher = opened([document(1, "Samverkan", text="Först detta. " * 30)])

    answer = search(searcher, SearchRequest(text="samverkan"))

    assert text_of(answer).startswith("Först detta.")
    assert text_of(answer).endswith(" …")
    assert answer.results[0].snippet.url == "https://www.example.org/1"


def test_a_part_of_a_compound_is_marked_within_it(opened: Open) -> None:
    searcher = opened([document(1, text="Vår forskningssamverkan växer.")])

    answer = search(searcher, SearchRequest(text="samverkan"))

    assert ids(answer) == ["doc-001"]
    assert marked(answer) == ["samverkan"]


def test_the_part_of_a_hyphenated_word_is_marked(opened: Open) -> None:
    searcher = opened([document(1, text="Om AIL-forskningen hos oss.")])

    answer = search(searcher, SearchRequest(text="forskning", expand=False))

    assert marked(answer) == ["forskningen"]


def test_parts_are_marked_only_where_the_whole_compound_is_said(opened: Open) -> None:
    searcher = opened(
        [document(1, text="Forskningen växer. Samverkan växer. Samverkan kring forskning växer.")]
    )

    answer = search(searcher, SearchRequest(text="forskningssamverkan"))

    assert text_of(answer) == "Samverkan kring forskning växer."


def test_a_name_in_a_heading_is_shown(opened: Open) -> None:
    sections = (Section(heading="Åsa Öberg", text="handläggare"),)
    searcher = opened([document(1, sections=sections)])

    answer = search(searcher, SearchRequest(text="Åsa Öberg"))

    assert marked(answer) == ["Åsa", "Öberg"]


def test_hostile_text_stays_text(opened: Open) -> None:
    searcher = opened([document(1, text="avtal <script>alert(1)</script> \x1b[31m")])

    assert "<script>" in text_of(search(searcher, SearchRequest(text="avtal")))


@pytest.mark.parametrize(
    "text",
    [
        "*" * 200,
        '"' * 200,
        "(" * 200,
        "- " * 100,
        "a " * 100,
        "\x00\x01",
        "\u202e\u2066",
        "😀" * 100,
    ],
    ids=["stars", "quotes", "parentheses", "dashes", "words", "controls", "bidi", "emoji"],
)
def test_hostile_queries_have_an_answer(opened: Open, text: str) -> None:
    answer = search(opened([document(1, text="a")]), SearchRequest(text=text))

    assert answer.total in {0, 1}
