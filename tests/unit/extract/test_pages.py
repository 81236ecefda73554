from __future__ import annotations

import datetime as dt
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract import extract, fingerprint
from indexer.model import Concept, Link, Period, Person, SiteRule, Vocabulary, document_id
from tests.unit.extract.pages import AT, CHROME_WORDS, document, html, page, read, text

PARTNER = html(
    """
<h1>Trollhättans Stad</h1>
<p class="lead">Staden är högskolans hem&shy;kommun.</p>
<h2 id="syfte">Syftet med partnerskapet</h2>
<p>Avtalet ska göra att forskning kommer till nytta.</p>
<h2>Särskilt prioriterade utvecklingsområden</h2>
<ul><li>AIL</li><li>livslångt lärande i staden</li><li>social hållbarhet</li></ul>
<section class="contact"><h2>Kontaktpersoner</h2>
<div class="contact-card"><h3>Signe Åker</h3><p class="role">Samordnare</p>
<p class="academic-title">docent i pedagogik</p>
<p><a href="mailto:Signe.Aker@example.org">Signe.Aker@example.org</a></p>
<p>Telefon: <a href="tel:0000112233">0000-11 22 33</a></p></div>
</section>
<p class="updated">Senast uppdaterad 3 mars 2025</p>
""",
    title="Trollhättans Stad",
    head='<meta name="description" content="Partnerskapet med staden.">',
)


def test_a_partner_page_is_understood() -> None:
    found = document(PARTNER, url="https://www.example.org/samverka/partners/trollhattans-stad/")

    assert found.title == "Trollhättans Stad"
    assert found.kind == "partner"
    assert found.language == "sv"
    assert found.partners == ("Trollhättans Stad",)
    assert found.areas == ("Arbetsintegrerat lärande", "Livslångt lärande", "Social hållbarhet")
    assert found.persons == (
        Person(
            name="Signe Åker",
            role="Samordnare",
            title="docent i pedagogik",
            email="signe.aker@example.org",
            phone="0000-11 22 33",
        ),
    )
    assert found.modified == dt.date(2025, 3, 3)
    assert found.published is None
    assert found.summary == "Partnerskapet med staden."
    assert found.harvested == AT
    assert found.source == "exempel"
    assert found.id == document_id(found.url)


def test_the_text_is_the_content_and_nothing_around_it() -> None:
    found = document(PARTNER)

    assert [section.heading for section in found.sections] == [
        "",
        "Syftet med partnerskapet",
        "Särskilt prioriterade utvecklingsområden",
        "Kontaktpersoner",
        "Signe Åker",
    ]
    assert found.sections[0].text == "Staden är högskolans hemkommun."
    assert found.sections[1].anchor == "syfte"
    assert found.sections[2].text == "AIL\nlivslångt lärande i staden\nsocial hållbarhet"
    assert "uppdaterad" not in text(found)
    for word in CHROME_WORDS:
        assert word not in text(found)


def test_every_field_says_which_rule_gave_it() -> None:
    trace = read(PARTNER).trace

    assert trace["text"] == "landmark: main"
    assert trace["areas"] == "list under an area heading"
    assert trace["persons"] == "contact blocks"
    assert trace["kind"] == "names development areas and contacts"


def test_a_project_page_is_understood() -> None:
    found = document(
        html(
            """<h1>Digitala hembesök</h1><p>Vi undersöker videosamtal i hemsjukvården.</p>
<dl><dt>Finansiär</dt><dd>Forte</dd><dt>Projektperiod</dt><dd>mars 2022–2025</dd>
<dt>Projektledare</dt><dd>Amina Sol</dd><dt>Diarienummer</dt><dd>2022/118</dd>
<dt>Deltagande partner</dt><dd>VGR, Exempelbolaget</dd></dl>
<p>Senast uppdaterad: 2025-02-03</p>""",
            title="Digitala hembesök",
        ),
        url="https://www.example.org/forskning/projekt/digitala-hembesok/",
    )

    assert found.kind == "project"
    assert found.funder == "Forte"
    assert found.period == Period(start=dt.date(2022, 3, 1), end=dt.date(2025, 12, 31))
    assert found.persons == (Person(name="Amina Sol", role="Projektledare"),)
    assert found.organisations == ("VGR", "Exempelbolaget")
    assert found.partners == ("Västra Götalandsregionen",)
    assert found.identifiers == {"diary": "2022/118"}
    assert found.modified == dt.date(2025, 2, 3)


def test_news_take_their_dates_from_json_ld() -> None:
    head = """<script type="application/ld+json">{"@context": "https://schema.org",
"@graph": [{"@type": "NewsArticle", "datePublished": "2025-05-06T08:00:00+02:00",
"dateModified": "2025-05-07", "author": {"@type": "Person", "name": "Eva Ek"}}]}</script>"""
    found = document(html("<h1>Invigt</h1><p>Rummet är invigt nu.</p>", head=head))

    assert found.kind == "news"
    assert found.published == dt.date(2025, 5, 6)
    assert found.modified == dt.date(2025, 5, 7)
    assert found.authors == ("Eva Ek",)


def test_a_publication_is_cited_right() -> None:
    head = "".join(
        f'<meta name="citation_{name}" content="{value}">'
        for name, value in (
            ("title", "Det första vårdåret"),
            ("author", "Moss, Ingela"),
            ("author", "Ylva Trane"),
            ("publication_date", "2024/06/01"),
            ("doi", "https://doi.org/10.99999/hv.2024.1"),
            ("keywords", "omvårdnad; mentorskap"),
        )
    )
    found = document(html("<h1>Sammanfattning</h1><p>Syftet var att beskriva året.</p>", head=head))

    assert found.kind == "publication"
    assert found.title == "Det första vårdåret"
    assert found.authors == ("Ingela Moss", "Ylva Trane")
    assert found.published == dt.date(2024, 6, 1)
    assert found.identifiers == {"doi": "10.99999/hv.2024.1"}
    assert found.subjects == ("omvårdnad", "mentorskap")


def test_an_english_page_below_a_swedish_noscript_is_english() -> None:
    found = document(
        html(
            "<h1>Research</h1><p>We study how people learn at work, and why it matters.</p>",
            lang="sv",
        )
    )

    assert found.language == "en"


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        (
            "Vi undersøger, hvordan sygeplejersker lærer af hinanden på hospitalet, og hvorfor.",
            "da",
        ),
        ("Tutkimme, miten ihmiset oppivat työssään ja miksi se on tärkeää kaikille meille.", "fi"),
        ("Wir untersuchen, wie Menschen bei der Arbeit lernen und warum das wichtig ist.", "de"),
    ],
)
def test_other_languages_are_not_called_swedish(sentence: str, language: str) -> None:
    assert document(html(f"<h1>X</h1><p>{sentence}</p>")).language == language


ENCODED = "<html><head>{meta}<title>Högskolan</title></head><body><main><p>Åäö räksmörgås till alla i hela huset.</p></main></body></html>"


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (ENCODED.format(meta="").encode("cp1252"), None),
        (ENCODED.format(meta='<meta charset="iso-8859-1">').encode("cp1252"), None),
        (ENCODED.format(meta='<meta charset="utf-8">').encode(), None),
        (ENCODED.format(meta="").encode("utf-8-sig"), None),
        (ENCODED.format(meta="").encode("utf-16"), None),
        (ENCODED.format(meta='<meta charset="utf-16">').encode(), None),
        (ENCODED.format(meta="").encode("latin-1"), "ISO-8859-1"),
        (ENCODED.format(meta='<meta charset="cp1252">').encode(), "utf-8"),
        (unicodedata.normalize("NFD", ENCODED.format(meta="")).encode(), "utf-8"),
        (ENCODED.format(meta="").encode(), "no-such-charset"),
        (ENCODED.format(meta="").encode(), "rot13"),
    ],
    ids=[
        "cp1252",
        "latin-1 meta",
        "meta",
        "bom",
        "utf-16",
        "utf-16 meta",
        "http",
        "http wins",
        "nfd",
        "unknown",
        "no charset",
    ],
)
def test_encodings_are_told_apart(body: bytes, charset: str | None) -> None:
    found = document(body, charset=charset)

    assert found.title == "Högskolan"
    assert text(found).strip() == "Åäö räksmörgås till alla i hela huset."


@pytest.mark.parametrize(
    ("title", "heading", "expected"),
    [
        ("Avtal | Högskolan", "Avtal", "Avtal"),
        ("Avtal - Högskolan Väst", "", "Avtal"),
        (
            "Avtal – en lång historia | Högskolan",
            "Avtal – en lång historia",
            "Avtal – en lång historia",
        ),
        ("Högskolan", "Välkommen hit", "Högskolan"),
        ("", "Välkommen hit", "Välkommen hit"),
    ],
)
def test_a_title_is_without_the_name_of_the_site(title: str, heading: str, expected: str) -> None:
    h1 = f"<h1>{heading}</h1>" if heading else ""
    body = f"<html><head><title>{title}</title></head><body><main>{h1}<p>Text om avtal.</p></main></body></html>"

    assert document(body).title == expected


def test_links_are_absolute_and_know_who_asked_not_to_be_followed() -> None:
    body = """<html><head><base href="/a/"></head><body><main><p>Text</p>
<a href="b">b</a><a href="../c#x">c</a><a href="mailto:x@example.org">m</a><a href="javascript:x()">j</a>
<a href="https://andra.example.org/" rel="nofollow">n</a><a href="http://[">bad</a></main></body></html>"""

    assert read(body).links == (
        Link(url="https://www.example.org/a/b"),
        Link(url="https://www.example.org/c#x"),
        Link(url="https://andra.example.org/", nofollow=True),
    )


@pytest.mark.parametrize(
    ("head", "robots_tag", "noindex", "nofollow"),
    [
        ('<meta name="robots" content="NOINDEX, follow">', None, True, False),
        ('<meta name="robots" content="none">', None, True, True),
        ('<meta name="googlebot" content="noindex">', None, False, False),
        ("", "noindex", True, False),
        ("", "googlebot: noindex", False, False),
        ("", "samsok: nofollow", False, True),
        ("", None, False, False),
    ],
)
def test_a_page_may_ask_not_to_be_indexed(
    head: str, robots_tag: str | None, *, noindex: bool, nofollow: bool
) -> None:
    extraction = read(html("<p>Text som läses.</p>", head=head), robots_tag=robots_tag)

    assert (extraction.noindex, extraction.nofollow) == (noindex, nofollow)
    assert (extraction.document is None) == noindex
    assert len(extraction.links) > 0


def test_a_canonical_is_reported_and_not_believed() -> None:
    head = '<link rel="canonical" href="/annan/">'
    extraction = read(html("<p>Text som läses.</p>", head=head))

    assert extraction.canonical == "https://www.example.org/annan/"
    assert extraction.document is not None
    assert extraction.document.url == "https://www.example.org/sida/"


RULE = SiteRule(
    match="/partner/*/",
    kind="partner",
    main="#innehall",
    remove=(".ruta",),
    fields={
        "title": ".rubrik",
        "modified": ".datum",
        "areas": ".omraden li",
        "persons": ".kort",
        "summary": ".ingress",
    },
)
RULED = """<html lang="sv"><head><title>X</title></head><body><div id="innehall">
<p class="rubrik">Regionen</p><p class="datum">2024-05-02</p><p class="ingress">Kort sagt.</p>
<div class="ruta">Reklam</div><p>Vi arbetar tillsammans om vården.</p>
<ul class="omraden"><li>Nära vård</li></ul>
<div class="kort"><b>Eva Ek</b>, strateg, eva@example.org</div></div><div>Annat</div></body></html>"""


def test_a_site_rule_wins_over_every_heuristic() -> None:
    extraction = read(RULED, rules=(RULE,), url="https://www.example.org/partner/regionen/")
    found = extraction.document

    assert found is not None
    assert found.title == "Regionen"
    assert found.kind == "partner"
    assert found.modified == dt.date(2024, 5, 2)
    assert found.areas == ("Nära vård",)
    assert found.summary == "Kort sagt."
    assert found.persons == (Person(name="Eva Ek", role="strateg", email="eva@example.org"),)
    assert "Reklam" not in text(found)
    assert "Annat" not in text(found)
    assert extraction.trace["text"] == "site rule: #innehall"


def test_a_rule_for_other_pages_is_left_alone() -> None:
    found = read(RULED, rules=(RULE,), url="https://www.example.org/annat/a/b/").document

    assert found is not None
    assert found.kind != "partner"


def test_a_rule_that_finds_nothing_falls_back_and_says_so() -> None:
    rule = SiteRule(match="/**", main="#finns-inte")
    extraction = read(PARTNER, rules=(rule,))

    assert extraction.document == document(PARTNER)
    assert "finds nothing" in extraction.trace["text"]


def test_a_page_without_landmarks_is_read_too() -> None:
    paragraphs = "".join(
        f"<p>Stycke {number} handlar om hur högskolan och staden samverkar kring lärande.</p>"
        for number in range(8)
    )
    menu = "".join(f'<li><a href="/{n}">Meny {n}</a></li>' for n in range(20))
    extraction = read(
        f"<html lang=sv><head><title>Utan landmärken</title></head><body><div><ul>{menu}</ul></div>"
        f"<div><h1>Utan landmärken</h1>{paragraphs}</div></body></html>"
    )

    assert extraction.document is not None
    assert extraction.trace["text"] == "trafilatura"
    assert "Stycke 7" in text(extraction.document)
    assert "Meny 3" not in text(extraction.document)


def test_a_table_keeps_its_rows() -> None:
    found = document(
        html(
            "<h1>T</h1><table><tr><th>År</th><th>Antal</th></tr><tr><td>2024</td><td>7</td></tr></table>"
        )
    )

    assert found.sections[0].text == "År | Antal\n2024 | 7"


def test_the_content_hash_changes_with_the_content_and_not_with_a_date() -> None:
    again = PARTNER.replace("3 mars 2025", "4 april 2026").replace("nr 4711", "nr 4712")

    assert document(again).content_hash == document(PARTNER).content_hash
    assert document(again).modified != document(PARTNER).modified
    changed = PARTNER.replace("kommer till nytta", "gör nytta")
    assert document(changed).content_hash != document(PARTNER).content_hash


def test_the_fingerprint_changes_with_rules_and_vocabulary() -> None:
    words = Vocabulary(areas=(Concept(name="X"),))
    prints = {
        fingerprint((), Vocabulary()),
        fingerprint((RULE,), Vocabulary()),
        fingerprint((), words),
        fingerprint((RULE,), words),
    }

    assert len(prints) == 4
    assert fingerprint((RULE,), words) in prints


@pytest.mark.parametrize(
    ("body", "media_type", "reason"),
    [
        ("\x89PNG", "image/png", "unsupported_media_type"),
        ("", "text/html", "empty_text"),
        ("<html><body><nav>Meny</nav></body></html>", "text/html", "empty_text"),
        ("  \n", "text/plain", "empty_text"),
        ("<p " + "a=1 " * 40_000 + ">", "text/html", "parse_limit"),
        ("<div>" * 60_000, "text/html", "parse_limit"),
        ("x" * 5_000_001, "text/html", "parse_limit"),
    ],
    ids=["picture", "nothing", "menu", "blank", "attributes", "nesting", "size"],
)
def test_what_cannot_be_read_says_why(body: str, media_type: str, reason: str) -> None:
    extraction = read(body, media_type=media_type)

    assert extraction.document is None
    assert extraction.reason == reason


def test_plain_text_is_read() -> None:
    found = document("Rubrik om avtal\n\nText om Trollhättans kommun.\n", media_type="text/plain")

    assert found.title == "Rubrik om avtal"
    assert found.partners == ("Trollhättans Stad",)


@given(st.binary(max_size=2_000))
def test_any_bytes_have_an_extraction(body: bytes) -> None:
    extraction = extract(page(body, charset=None))

    assert (extraction.document is None) == bool(extraction.reason)


@given(st.text(alphabet="<>/=\"' abhpåäö!-&;{}[]", max_size=500))
def test_any_markup_has_an_extraction(markup: str) -> None:
    extraction = read(f"<main><h1>T</h1><p>{markup}</p></main>")

    assert extraction.reason != "parse_error"
