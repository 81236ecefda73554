from __future__ import annotations

import pytest

from indexer.extract.soft_404 import is_soft_404, says_it_is_missing
from tests.unit.extract.pages import html, read

LONG = (
    "Texten handlar om hur högskolan och kommunen arbetar tillsammans med lärande i staden. " * 12
)


@pytest.mark.parametrize(
    "statement",
    [
        "404",
        "404 - Sidan hittades inte",
        "Fel 404",
        "Error 404: Not Found",
        "404 Not Found",
        "Sidan finns inte",
        "Sidan finns tyvärr inte längre",
        "Sidan kunde inte hittas",
        "Sidan kan inte hittas",
        "Sidan hittades inte",
        "Sidan du söker finns inte",
        "Sidan du letar efter finns inte",
        "Sidan som du söker kunde inte hittas",
        "Den här sidan finns inte",
        "Den sida du söker finns inte",
        "Oj! Sidan saknas",
        "Hoppsan, sidan finns inte",
        "Sidan har tagits bort",
        "Sidan är borttagen",
        "Sidan har flyttats",
        "Tyvärr kunde vi inte hitta sidan",
        "Vi kan inte hitta sidan",
        "Vi hittar tyvärr inte sidan du söker",
        "Ingen sida hittades",
        "Page not found",
        "Sorry, page not found",
        "The page you requested could not be found",
        "The page you are looking for does not exist",
        "This page doesn’t exist",
        "This page is no longer available",
        "Oops! That page can’t be found.",
        "We couldn't find that page",
        "Page cannot be found",
        "Not Found",
    ],
)
def test_a_page_that_says_it_is_missing_is_missing(statement: str) -> None:
    assert says_it_is_missing(statement)
    extraction = read(
        html(f"<h1>{statement}</h1><p>Gå till startsidan eller sök.</p>", title=statement)
    )

    assert extraction.document is None
    assert extraction.reason == "soft_404"
    assert extraction.links


@pytest.mark.parametrize(
    "statement",
    [
        "Så skriver du en bra 404-sida",
        "Vad betyder 404?",
        "404 studenter tog examen",
        "404 kronor i månaden",
        "Sidan om partnerskap",
        "Kommunen som inte finns",
        "Finns inte lokaler, finns inte studenter",
        "Sidan av myntet",
        "Page one",
        "Not found in translation",
        "Nothing found but the truth",
        "Dokumentet om samverkan finns inte bara på papper",
        "Det finns inte en lösning",
        "Sidan finns inte i alla språk",
    ],
)
def test_another_title_is_just_a_title(statement: str) -> None:
    assert not says_it_is_missing(statement)
    extraction = read(
        html(f"<h1>{statement}</h1><p>Gå till startsidan eller sök.</p>", title=statement)
    )

    assert extraction.reason == ""


def test_a_page_with_much_to_say_exists_whatever_its_title() -> None:
    extraction = read(html(f"<h1>Sidan finns inte</h1><p>{LONG}</p>", title="Sidan finns inte"))

    assert extraction.document is not None


def test_a_guide_with_many_headings_exists() -> None:
    parts = "".join(f"<h2>Del {n}</h2><p>Kort.</p>" for n in range(6))
    extraction = read(html(f"<h1>404 Not Found</h1>{parts}", title="404 Not Found"))

    assert extraction.document is not None


def test_a_missing_page_may_say_so_in_its_title_alone() -> None:
    extraction = read(
        html("<h1>Hoppsan!</h1><p>Här var det tomt.</p>", title="Sidan kunde inte hittas")
    )

    assert extraction.reason == "soft_404"


def test_a_missing_page_may_say_so_in_its_only_line() -> None:
    extraction = read(html("<p>Sidan du söker finns inte.</p>", title="Högskolan"))

    assert extraction.reason == "soft_404"


def test_a_missing_page_without_any_other_text_is_no_empty_page() -> None:
    extraction = read(html("<h1>Page not found</h1>", title="Page not found"))

    assert extraction.reason == "soft_404"


def test_a_sentence_in_a_text_makes_no_error_page() -> None:
    assert not is_soft_404(
        title="Arkivet",
        full_title="Arkivet | Högskolan",
        headings=["Arkivet"],
        text="Arkivet samlar allt som skrivits.\nSidan du söker finns inte alltid kvar. "
        + LONG[:400],
    )
