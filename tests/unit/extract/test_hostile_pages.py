from __future__ import annotations

import time

import pytest

from indexer.model import SiteRule
from tests.unit.extract.pages import html, read

MUCH = 5_000_000
LIMIT_S = 5.0


def once(piece: str) -> str:
    return piece * (MUCH // len(piece.encode()))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("<html><body>" + once("<p>ord på rad</p>"), "parse_limit"),
        ("<html><body>" + "<div>" * 60_000 + "x" + "</div>" * 60_000, "parse_limit"),
        ("<html><body>" + "<b>" * 60_000 + "x", "parse_limit"),
        ("<html><body><p " + " ".join(f"a{n}=1" for n in range(40_000)) + ">x</p>", "parse_limit"),
        (
            "<html><body><p " + " ".join(f'a{n}=">"' for n in range(40_000)) + ">x</p>",
            "parse_limit",
        ),
        ("<html><body><p " + " ".join(f"a{n}" for n in range(40_000)) + ">x</p>", "parse_limit"),
        ("<html><body><p " + "x" * 4_000_000, "empty_text"),
        ("<!--" + once("<div>"), "parse_limit"),
    ],
    ids=[
        "5 MB of paragraphs",
        "60 000 nested blocks",
        "60 000 nested inline tags",
        "40 000 attributes",
        "40 000 attributes with ends in them",
        "40 000 attributes without values",
        "a tag that never ends",
        "a comment that never ends",
    ],
)
def test_a_monstrous_page_is_given_up_in_time_and_says_why(body: str, reason: str) -> None:
    started = time.perf_counter()
    extraction = read(body)

    assert time.perf_counter() - started < LIMIT_S
    assert extraction.document is None
    assert extraction.reason == reason


@pytest.mark.parametrize(
    "main",
    [
        "<h1>T</h1>" + "<p>Ett stycke om lärande i staden och på landet.</p>" * 20_000,
        "<h1>T</h1><p>" + "ord " * 400_000 + "</p>",
        "<h1>T</h1><p>" + "Eva Ek, strateg, eva.ek@example.org, 0000-11 22 33; " * 20_000 + "</p>",
        "<h2>Kontakt</h2>" + "<p><b>Eva Ek</b><br>strateg<br>0000-11 22 33</p>" * 8_000,
        "<h2>Prioriterade områden</h2><ul>" + "<li>Ett område</li>" * 15_000 + "</ul>",
        "<h1>T</h1><p>" + "Senast uppdaterad " * 40_000 + "</p>",
        "<h1>T</h1>" + "<p>Publicerad: i går</p>" * 15_000,
        "<h1>T</h1>" + "<dl><dt>Finansiär</dt><dd>Forte</dd></dl>" * 8_000,
        "<h1>T</h1><p>Text.</p>"
        + '<div class="contact-card"><div class="contact">' * 80
        + "Eva Ek",
        "<h1>T</h1><p>" + "a@" * 200_000 + "</p>",
        "<h1>T</h1><p>" + "1 " * 400_000 + "</p>",
        "<h1>T</h1><p>" + "(at) " * 200_000 + "</p>",
        "<h1>" + "Fel " * 200_000 + "</h1><p>Text.</p>",
        "<table>" + "<tr><td>Eva Ek</td><td>a</td></tr>" * 15_000 + "</table>",
        "<h1>T</h1>" + '<a href="/x">x</a> ' * 30_000,
        "<h1>T</h1>" + '<div class="col-1">x</div>' * 20_000,
        "<h1>T</h1>" + "<time>2025-03-03</time>" * 20_000,
    ],
    ids=[
        *("paragraphs", "words", "contacts in a line", "contacts", "areas", "labels in a line"),
        *("labels", "facts", "cards in cards", "at signs", "digits", "hidden at signs", "title"),
        *("rows", "links", "columns", "times"),
    ],
)
def test_a_large_page_is_read_in_time(main: str) -> None:
    started = time.perf_counter()
    extraction = read(html(main))

    assert time.perf_counter() - started < LIMIT_S
    assert extraction.reason in {"", "soft_404"}


def test_a_rule_that_finds_only_an_empty_element_falls_back() -> None:
    rule = SiteRule(match="/**", main=".tom")
    page = html('<h1>T</h1><div class="tom"> </div><p>Text som finns på sidan.</p>')
    extraction = read(page, rules=(rule,))

    assert extraction.document is not None
    assert "Text som finns på sidan." in extraction.document.sections[0].text
    assert extraction.trace["text"] == "landmark: main (the site rule '.tom' finds nothing)"


@pytest.mark.parametrize(
    "selector", ["::before", "div[", "p:nonsense(3)", "", "   ", "h1 >", ">>>"]
)
def test_a_rule_that_is_no_selector_falls_back(selector: str) -> None:
    rule = SiteRule(match="/**", main=selector, remove=(selector,), fields={"persons": selector})
    extraction = read(html("<h1>T</h1><p>Text som finns på sidan.</p>"), rules=(rule,))

    assert extraction.document is not None
    assert extraction.document.sections[0].text == "Text som finns på sidan."


def test_a_rule_that_removes_everything_is_no_silent_emptiness() -> None:
    rule = SiteRule(match="/**", remove=("main",))
    extraction = read(html("<h1>T</h1><p>Text som finns på sidan.</p>"), rules=(rule,))

    assert (extraction.document is None) == bool(extraction.reason)
