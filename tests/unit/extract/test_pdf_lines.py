"""Lines of a paged file to paragraphs, as a reader would join them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.pdf_lines import Line, joined, pieces


def line(
    text: str,
    *,
    y: float = 700,
    page: int = 1,
    size: float = 10,
    left: float = 72,
    bold: bool = False,
    cut: bool = False,
) -> Line:
    """Return a line of letters half as wide as they are high."""
    right = left + len(text) * size / 2
    return Line(text, page, left, right, y, size, is_bold=bold, is_cut=cut)


def below(*texts: str, top: float = 700, page: int = 1, bold: bool = False) -> list[Line]:
    """Return lines below each other, with an empty line where a text is empty."""
    return [
        line(text, y=top - number * 12, page=page, bold=bold)
        for number, text in enumerate(texts)
        if text
    ]


def texts(lines: list[Line]) -> list[str]:
    return [piece.text for piece in pieces(lines)]


# --- words that are cut -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("ett part-", "nerskap", "ett partnerskap"),
        ("ett part\u00ad", "nerskap", "ett partnerskap"),
        ("i Väst-", "Sverige", "i Väst-Sverige"),
        ("en VFU-", "period", "en VFU-period"),
        ("åren 2022-", "2025", "åren 2022-2025"),
        ("arbets-", "och fritid", "arbets- och fritid"),
        ("samverkans-", "eller partnerskapsavtal", "samverkans- eller partnerskapsavtal"),
        ("in-", "or outside", "in- or outside"),
        ("staden –", "och regionen", "staden – och regionen"),
        ("en rad", "till", "en rad till"),
    ],
)
def test_a_word_that_the_end_of_a_line_cuts_is_whole_again(
    first: str, second: str, whole: str
) -> None:
    assert joined([line(first), line(second)]) == whole


@pytest.mark.parametrize(
    ("first", "second", "whole"),
    [
        ("ett part", "nerskap", "ett partnerskap"),
        ("i Väst", "Sverige", "i Väst-Sverige"),
        ("arbets", "och fritid", "arbets- och fritid"),
    ],
)
def test_so_is_one_whose_hyphen_the_reader_took(first: str, second: str, whole: str) -> None:
    assert joined([line(first, cut=True), line(second)]) == whole


def test_a_word_may_be_cut_at_the_foot_of_a_page() -> None:
    lines = [line("ett långt part", y=60, cut=True), line("nerskap till.", y=780, page=2)]

    assert texts(lines) == ["ett långt partnerskap till."]


# --- where a paragraph ends ---------------------------------------------------------------------

FULL = "Den här raden är full, så att inget ord till får plats på"
GOES_ON = "den, och fortsätter därför på nästa rad, som är lika full"


def test_lines_of_a_paragraph_are_one() -> None:
    assert texts(below(FULL, GOES_ON, "och tar slut.")) == [f"{FULL} {GOES_ON} och tar slut."]


def test_a_gap_ends_a_paragraph() -> None:
    assert texts(below(FULL, "och slut.", "", FULL, "och slut.")) == [f"{FULL} och slut."] * 2


def test_a_line_that_has_room_for_the_next_word_ends_a_paragraph() -> None:
    rows = ["Vård och omsorg 11,2", "Industri 12,9", "Skola och förskola 4,6"]

    assert texts(below(FULL, "och slut.", *rows)) == [f"{FULL} och slut.", *rows]


def test_an_indent_ends_a_paragraph() -> None:
    first = "Den här raden är full, så att inget ord till får plats. Se."
    lines = [line(first, y=700), line("Nästa stycke är indraget så här", y=688, left=90)]

    assert len(texts(lines)) == 2


def test_a_name_at_the_start_of_a_line_does_not() -> None:
    lines = below(FULL, "Trollhättan, och fortsätter därför på nästa rad, som är full", GOES_ON)

    assert len(texts(lines)) == 1


@pytest.mark.parametrize(
    ("before", "after", "number"),
    [
        ("och fortsätter", "på nästa sida.", 1),
        ("och tar slut.", "på nästa sida.", 2),
        ("och fortsätter", "På nästa sida.", 2),
    ],
)
def test_a_sentence_may_go_on_on_the_next_page(before: str, after: str, number: int) -> None:
    assert len(texts([line(before, y=60), line(after, y=780, page=2)])) == number


def test_a_sentence_may_go_on_in_the_next_column() -> None:
    lines = [*below(FULL, "som går vidare"), line("i nästa spalt.", y=700, left=330)]

    assert texts(lines) == [f"{FULL} som går vidare i nästa spalt."]


@pytest.mark.parametrize("bullet", ["•", "–", "\uf0b7", "▪", "✓"])
def test_a_bullet_begins_an_item(bullet: str) -> None:
    found = pieces(below(f"{bullet} ett", f"{bullet} två som är", "längre"))

    assert [(piece.text, piece.is_item) for piece in found] == [
        ("ett", True),
        ("två som är längre", True),
    ]


def test_a_number_begins_an_item() -> None:
    full = "1. Den här raden är full, så att inget ord till får plats"

    assert len(texts(below(full, "2) Nästa punkt."))) == 2


# --- headings -----------------------------------------------------------------------------------


def test_larger_lines_are_headings_by_their_size() -> None:
    lines = [
        line("Del ett", y=760, size=24),
        line("Bakgrund", y=730, size=14),
        *below(FULL, GOES_ON, FULL),
    ]

    assert [piece.level for piece in pieces(lines)] == [1, 2, 0]


def test_what_ends_as_a_sentence_is_no_heading() -> None:
    lines = [line("Det här är ett citat i stor stil.", y=760, size=14), *below(FULL, GOES_ON)]

    assert {piece.level for piece in pieces(lines)} == {0}


def test_where_most_is_bold_it_says_nothing() -> None:
    lines = [*below(FULL, GOES_ON, bold=True), *below("Kort rad", top=600, bold=True)]

    assert {piece.level for piece in pieces(lines)} == {0}


# --- what is repeated ---------------------------------------------------------------------------


def test_headers_footers_and_page_numbers_are_left_out() -> None:
    lines = [
        one
        for page in range(1, 5)
        for one in (
            line("Årsrapport 2024", y=820, page=page, size=8),
            *below(*(f"{word} {'x' * page} och går" for word in "abcd"), page=page, top=780),
            line("Högskolan Väst", y=40, page=page, size=8),
            line(f"{page} (4)", y=20, page=page, size=8),
        )
    ]

    assert not {"Årsrapport 2024", "Högskolan Väst"} & set(texts(lines))
    assert " ".join(texts(lines)).count("och går") == 16


@pytest.mark.parametrize("number", ["7", "- 7 -", "Sida 7 av 9", "s. 7", "7/9", "iv", "| 7"])
def test_a_page_number_alone_is_left_out(number: str) -> None:
    lines = [
        *below(FULL, GOES_ON),
        line(number, y=20),
        *below("Helt annan text här", page=2),
    ]

    assert number not in texts(lines)


def test_a_number_on_the_only_page_stays() -> None:
    assert texts([line("2024", y=20)]) == ["2024"]


def test_what_two_pages_have_in_common_stays() -> None:
    lines = [line("Samma rad", y=800, page=page) for page in (1, 2)]

    assert texts(lines) == ["Samma rad", "Samma rad"]


def test_no_lines_are_no_pieces() -> None:
    assert pieces([]) == []


numbers = st.floats(-1e4, 1e4, allow_nan=False)
any_lines = st.builds(
    Line,
    text=st.text(min_size=1, max_size=40),
    page=st.integers(1, 4),
    left=numbers,
    right=numbers,
    y=numbers,
    size=st.floats(0, 200, allow_nan=False),
    is_bold=st.booleans(),
    is_cut=st.booleans(),
)


@given(st.lists(any_lines, max_size=30))
def test_no_text_is_said_twice(lines: list[Line]) -> None:
    said = sum(len(piece.text) for piece in pieces(lines))

    assert said <= sum(2 * len(one.text) + 1 for one in lines)
