"""PDF files to documents: what they say, who wrote them and when, and what gives no document."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.extract.pdfium import MAX_PAGES
from indexer.model import Document, Extraction, Period, Person, SiteRule, document_id
from tests.support.pdf_files import IMAGE, PdfFile, Text, column, pdf
from tests.unit.extract.pages import AT, VOCABULARY, page

URL = "https://www.example.org/dokument/samverkan-2024.pdf"
TITLE = [Text(text="Tre år av samverkan", y=790, size=24)]
PROSE = column(
    "Högskolan och Trollhättans kommun har under tre år prövat hur studenter,",
    "lärare och tjänstepersoner kan lära av varandra. Här står vad som blev av det",
    "och vad som inte blev av.",
    top=740,
)
REPORT = pdf(
    [
        *TITLE,
        *PROSE,
        Text(text="Bakgrund", y=650, size=16),
        *column(
            "Avtalet om arbetsintegrerat lärande skrevs våren 2022. Det förlängdes i sam-",
            "band med att regionen, NÄL och två av kommunens skolor kom med.",
            top=620,
        ),
    ],
    [
        *column("Rätt sak i rätt tid är vad de flesta som vi har talat med önskar sig.", top=780),
        Text(text="Kontakt", y=700, size=16),
        *column("Signe Åker, samordnare", "signe.aker@example.org, 0000-11 22 33", top=670),
    ],
    Title="Tre år av samverkan",
    Author="Signe Åker; Per-Olof Örn",
    Keywords="samverkan, lärande",
    CreationDate="D:20240315120000+01'00'",
    ModDate="D:20240402080000Z",
    language="sv-SE",
)


def read(
    body: bytes,
    *,
    url: str = URL,
    media_type: str = "application/pdf",
    rules: tuple[SiteRule, ...] = (),
    robots_tag: str | None = None,
) -> Extraction:
    fetched = page(body, url=url, media_type=media_type, charset=None, robots_tag=robots_tag)
    return extract(fetched, rules=rules, vocabulary=VOCABULARY)


def document(body: bytes, *, media_type: str = "application/pdf") -> Document:
    extraction = read(body, media_type=media_type)
    assert extraction.document is not None, extraction
    return extraction.document


def text(found: Document) -> str:
    return "\n".join(f"{section.heading}\n{section.text}" for section in found.sections)


# --- what a report says -------------------------------------------------------------------------


def test_a_report_is_understood() -> None:
    found = document(REPORT)

    assert found.title == "Tre år av samverkan"
    assert found.kind == "page"
    assert found.language == "sv"
    assert found.authors == ("Signe Åker", "Per-Olof Örn")
    assert found.subjects == ("samverkan", "lärande")
    assert found.published == dt.date(2024, 3, 15)
    assert found.modified == dt.date(2024, 4, 2)
    assert found.partners == ("Trollhättans Stad", "NU-sjukvården")
    assert found.areas == ("Arbetsintegrerat lärande",)
    assert found.persons == (
        Person(
            name="Signe Åker",
            role="samordnare",
            email="signe.aker@example.org",
            phone="0000-11 22 33",
        ),
    )
    assert found.summary.startswith("Högskolan och Trollhättans kommun har under tre år prövat")
    assert found.harvested == AT
    assert found.source == "exempel"
    assert found.id == document_id(URL)
    assert found.content_hash


def test_its_headings_open_sections_that_lead_to_their_pages() -> None:
    found = document(REPORT)

    assert [(section.heading, section.anchor) for section in found.sections] == [
        ("", ""),
        ("Bakgrund", "page=1"),
        ("Kontakt", "page=2"),
    ]
    assert found.sections[1].text == (
        "Avtalet om arbetsintegrerat lärande skrevs våren 2022. Det förlängdes i samband med att"
        " regionen, NÄL och två av kommunens skolor kom med.\n"
        "Rätt sak i rätt tid är vad de flesta som vi har talat med önskar sig."
    )


def test_every_field_says_where_it_was_found() -> None:
    trace = read(REPORT).trace

    assert trace["text"] == "PDF"
    assert trace["pages"] == "2"
    assert trace["title"] == "largest text of its first page"
    assert trace["published"] == trace["modified"] == "metadata"
    assert trace["persons"]


def test_a_day_that_the_report_states_counts_before_that_of_its_export() -> None:
    stated = pdf(
        [*TITLE, *PROSE, Text(text="Publicerad 1 februari 2023", y=650)], CreationDate="D:20240101"
    )
    found = read(stated)

    assert found.document is not None
    assert found.document.published == dt.date(2023, 2, 1)
    assert found.trace["published"] == "stated in the text"
    assert "Publicerad" not in text(found.document)


@pytest.mark.parametrize("said", ["D:99990101", "D:2024", "igår", "D:20241399", "D:19000101"])
def test_a_day_that_cannot_be_is_none(said: str) -> None:
    assert document(pdf(PROSE, CreationDate=said)).published is None


def test_a_change_before_the_publication_is_that_of_a_template() -> None:
    found = document(pdf(PROSE, CreationDate="D:20240301", ModDate="D:20130101"))

    assert found.published == dt.date(2024, 3, 1)
    assert found.modified is None


def test_the_facts_of_a_project_are_read_as_on_a_page() -> None:
    lines = column("Finansiär: Vinnova", "", "Projektperiod: 2022–2025", "", top=700)
    found = document(pdf([*PROSE, *lines]))

    assert found.funder == "Vinnova"
    assert found.period == Period(start=dt.date(2022, 1, 1), end=dt.date(2025, 12, 31))


def test_an_english_report_is_english() -> None:
    said = column(
        "The agreement between the university and the City of Trollhättan was signed in 2022.",
        "It says how students, teachers and staff shall learn from each other at work.",
    )

    assert document(pdf(said)).language == "en"


def test_a_matching_rule_says_what_kind_it_is_of() -> None:
    found = read(REPORT, rules=(SiteRule(match="/dokument/**", kind="publication"),))

    assert found.document is not None
    assert found.document.kind == "publication"
    assert found.trace["kind"] == "site rule for /dokument/**"


def test_what_a_server_asks_of_indexers_is_heeded() -> None:
    found = read(REPORT, robots_tag="noindex, nofollow")

    assert found.document is None
    assert (found.reason, found.noindex, found.nofollow) == ("noindex", True, True)


@pytest.mark.parametrize("media_type", ["", "application/octet-stream", "text/html", "text/plain"])
def test_a_pdf_under_another_name_is_known_by_its_first_bytes(media_type: str) -> None:
    assert document(REPORT, media_type=media_type).title == "Tre år av samverkan"


def test_other_bytes_of_no_known_type_stay_unread() -> None:
    assert (
        read(b"\x00\x01", media_type="application/octet-stream").reason == "unsupported_media_type"
    )


# --- its title ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "Microsoft Word - rapport_v3_slutlig.docx",
        "untitled",
        "Namnlös",
        "Dokument1",
        "PowerPoint-presentation",
        "rapport.indd",
        "---",
        "Mall för protokoll",
    ],
)
def test_what_a_program_wrote_is_no_title(said: str) -> None:
    assert document(pdf([*TITLE, *PROSE], Title=said)).title == "Tre år av samverkan"


@pytest.mark.parametrize(
    ("said", "first", "title", "how"),
    [
        ("Samverkan 2024: tre år", TITLE, "Samverkan 2024: tre år", "metadata"),
        ("Årsrapport", [], "Årsrapport", "metadata"),
        ("", TITLE, "Tre år av samverkan", "largest text of its first page"),
        ("", column("Minnesanteckningar", "", top=790), "Minnesanteckningar", "first line"),
    ],
)
def test_the_title_is_the_one_that_the_reader_sees(
    said: str, first: list[Text], title: str, how: str
) -> None:
    found = read(pdf([*first, *PROSE], Title=said))

    assert found.document is not None
    assert (found.document.title, found.trace["title"]) == (title, how)


def test_a_title_of_two_lines_is_one() -> None:
    large = column("Tre år av samverkan mellan", "högskola och kommun", top=800, size=22)

    assert document(pdf([*large, *PROSE])).title == "Tre år av samverkan mellan högskola och kommun"


def test_letters_that_are_scaled_are_as_large_as_they_look() -> None:
    scaled = Text(text="Tre år av samverkan", y=790, size=1, scale=24)

    assert document(pdf([scaled, *PROSE])).title == "Tre år av samverkan"


def test_a_long_first_line_is_cut_at_a_word() -> None:
    many = column(*["och så vidare i all oändlighet med samma ord i varje rad av detta stycke"] * 9)
    title = document(pdf(many)).title

    assert len(title) <= 202
    assert title.endswith(" …")


@pytest.mark.parametrize(
    ("said", "authors"),
    [
        ("Åker, Signe", ("Signe Åker",)),
        ("Signe Åker, Per-Olof Örn", ("Signe Åker", "Per-Olof Örn")),
        ("Signe Åker och Per-Olof Örn", ("Signe Åker", "Per-Olof Örn")),
        ("Högskolan Väst", ("Högskolan Väst",)),
        ("Windows User", ()),
        ("u12345", ()),
    ],
)
def test_the_account_of_a_computer_is_no_author(said: str, authors: tuple[str, ...]) -> None:
    assert document(pdf(PROSE, Author=said)).authors == authors


def test_a_university_that_is_the_author_is_one_of_the_organisations() -> None:
    found = document(pdf(PROSE, Author="Högskolan Väst, Signe Åker"))
    assert found.authors == ("Högskolan Väst", "Signe Åker")
    assert found.organisations == ("Högskolan Väst",)


# --- its pages ----------------------------------------------------------------------------------


def test_what_stands_at_the_edge_of_every_page_is_left_out() -> None:
    pages = [
        [
            Text(text="Högskolan Väst - dnr 2024/117", y=820, size=9),
            *column(f"Kapitel {word} handlar om något som inga andra sidor tar upp."),
            Text(text=f"Sida {number} (4)", y=30, size=9),
        ]
        for number, word in enumerate(("ett", "två", "tre", "fyra"), start=1)
    ]
    said = text(document(pdf(*pages)))

    assert "dnr" not in said
    assert "Sida" not in said
    assert said.count("Kapitel") == 4


def test_a_file_without_headings_is_parted_by_its_pages() -> None:
    pages = [
        column(f"Den här sidan, {word}, säger sitt och börjar om på nytt igen.")
        for word in "abcdefghijkl"
    ]
    found = document(pdf(*pages))

    assert [section.anchor for section in found.sections] == ["", "page=6", "page=11"]
    assert all(section.heading == "" for section in found.sections)


def test_a_thousand_pages_are_cut_off_and_the_trace_says_so() -> None:
    pages = [column(f"Det här är vad som står på blad {'x' * (n % 7)}.") for n in range(1_000)]
    found = read(pdf(*pages))

    assert found.trace["pages"] == f"{MAX_PAGES} of 1000: cut off"
    assert found.document is not None
    assert text(found.document).count("Det här är") == MAX_PAGES


def test_so_much_text_is_cut_off_too() -> None:
    line = "Så här står det på varenda rad, och det gör det länge. " * 20
    pages = [column(*[line] * 50) for _ in range(60)]
    found = read(pdf(*pages))

    assert found.trace["pages"].endswith(": cut off")
    assert found.document is not None
    assert len(text(found.document)) < 2_100_000


def test_the_table_of_contents_says_nothing_that_the_headings_do_not() -> None:
    contents = column("Bakgrund ............ 3", "Slutsatser . . . . . . . iv", top=600)

    assert "...." not in text(document(pdf([*PROSE, *contents])))


def test_items_of_a_list_are_lines() -> None:
    lines = column("• AIL", "• livslångt lärande i kommunen", "• en god tid", top=600)
    found = document(pdf([*PROSE, Text(text="Våra fokusområden", y=640, size=16), *lines]))

    assert found.sections[1].text == "AIL\nlivslångt lärande i kommunen\nen god tid"
    assert found.areas == ("Arbetsintegrerat lärande", "Livslångt lärande", "En god tid")


def test_text_in_bold_of_the_same_size_is_a_heading() -> None:
    found = document(
        pdf(
            [
                *PROSE,
                Text(text="Så gick det till", y=650, bold=True),
                *column("Först lite.", top=630),
            ]
        )
    )

    assert [section.heading for section in found.sections] == ["", "Så gick det till"]


# --- what gives no document ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (pdf(PROSE, locked_with="lösen", Title="Hemligt"), "encrypted"),
        (PdfFile(pages=[IMAGE, IMAGE]).written(), "without_text"),
        (pdf([Text(text="17", y=400)]), "without_text"),
        (PdfFile(pages=[]).written(), "parse_error"),
        (b"%PDF-1.7", "parse_error"),
        (b"%PDF-1.4\n" + bytes(range(256)) * 40, "parse_error"),
        (REPORT[: len(REPORT) // 3], "parse_error"),
        (b"", "parse_error"),
        (b"<!doctype html><title>Logga in</title>", "parse_error"),
    ],
    ids=["encrypted", "scanned", "number", "empty", "mark", "rubbish", "cut", "none", "html"],
)
def test_what_cannot_be_read_says_why(body: bytes, reason: str) -> None:
    found = read(body)

    assert found.document is None
    assert found.reason == reason
    assert found.trace["parse"]


def test_a_broken_page_costs_one_page() -> None:
    # Where the first page should be, there is a font.
    broken = REPORT.replace(b"/Kids [6 0 R", b"/Kids [3 0 R")
    found = read(broken)

    assert found.trace["pages"] == "2, 1 of them broken"
    assert found.document is not None
    assert text(found.document).startswith("\nRätt sak i rätt tid")


def test_a_file_of_broken_pages_is_broken() -> None:
    broken = REPORT.replace(b"/Kids [6 0 R 8 0 R", b"/Kids [3 0 R 4 0 R")

    assert read(broken).reason == "parse_error"


def test_a_language_of_absurd_length_is_none() -> None:
    assert document(pdf(PROSE, language="sv" * 100)).language == "sv"


def test_letters_that_no_document_can_hold_are_left_out() -> None:
    found = document(pdf(PROSE, Title="Sam\x00verkan\ufffe i tre år \U0001f600"))

    assert found.title == "Samverkan i tre år \U0001f600"


def test_metadata_that_are_no_text_are_none() -> None:
    half_a_pair = "FEFFD83D00410042"
    whole = pdf(PROSE, Title="AB\u00e5").replace(b"feff0041004200e5", half_a_pair.encode())

    assert half_a_pair.encode() in whole
    assert read(whole).trace["title"] == "first line"


def test_two_threads_read_at_once() -> None:
    begin = threading.Barrier(4)

    def read_again(_: int) -> list[str]:
        begin.wait()
        return [document(REPORT).content_hash for _ in range(5)]

    with ThreadPoolExecutor(4) as pool:
        hashes = {one for many in pool.map(read_again, range(4)) for one in many}

    assert len(hashes) == 1


def test_who_meets_no_file_loads_no_reader_of_files() -> None:
    said = "import sys, indexer.extract; print({'pypdfium2', 'docx'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)

    assert run.stdout.strip() == "set()"


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(REPORT) - 1), st.binary(min_size=1, max_size=40))
def test_any_damage_has_an_extraction(place: int, rubbish: bytes) -> None:
    damaged = REPORT[:place] + rubbish + REPORT[place + len(rubbish) :]
    found = read(damaged)

    assert (found.document is None) == bool(found.reason)


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=500))
def test_any_bytes_behind_the_mark_have_an_extraction(body: bytes) -> None:
    found = read(b"%PDF-1.7\n" + body)

    assert (found.document is None) == bool(found.reason)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec="cp1252"), max_size=60), max_size=30))
def test_any_lines_have_an_extraction(lines: list[str]) -> None:
    found = read(pdf(column(*lines)))

    assert found.reason in {"", "without_text"}
