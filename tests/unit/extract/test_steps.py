from __future__ import annotations

import datetime as dt

import pytest

from indexer.extract import addresses, dates, facts, partnership, persons
from indexer.extract.dom import parse
from indexer.model import Concept, Period, Person


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 mars 2025", "2025-03-03"),
        ("den 3:e mars 2025", "2025-03-03"),
        ("March 3, 2025", "2025-03-03"),
        ("3rd of March 2025", "2025-03-03"),
        ("3 feb. 2025", "2025-02-03"),
        ("2025-03-03", "2025-03-03"),
        ("2025-03-03T12:00:00Z", "2025-03-03"),
        ("3/3 2025", "2025-03-03"),
        ("20250303", "2025-03-03"),
        ("31 februari 2025, eller 1 maj 2025", "2025-05-01"),
        ("2025-13-41", None),
        ("1899-01-01", None),
        ("2199-01-01", None),
        ("klockan 12", None),
        ("tel 0000-20250", None),
    ],
)
def test_a_day_is_read_in_swedish_english_and_iso(text: str, expected: str | None) -> None:
    assert dates.day(text) == (dt.date.fromisoformat(expected) if expected else None)


@pytest.mark.parametrize(
    ("line", "published", "modified"),
    [
        ("Senast uppdaterad 3 mars 2025", None, "2025-03-03"),
        ("Publicerad 2024-05-02", "2024-05-02", None),
        ("Publicerad: 2 maj 2024. Uppdaterad: 3 maj 2024.", "2024-05-02", "2024-05-03"),
        ("Uppdaterad av Eva Ek den 3 mars 2025", None, "2025-03-03"),
        ("Last updated 3 March 2025", None, "2025-03-03"),
        ("Mötet hölls 3 mars 2025", None, None),
        ("Avtalet uppdaterades efter långa samtal, " * 4 + "den 3 mars 2025", None, None),
    ],
)
def test_only_a_line_that_says_so_dates_a_page(
    line: str, published: str | None, modified: str | None
) -> None:
    found = dates.stated([line])

    assert found == tuple(
        dt.date.fromisoformat(day) if day else None for day in (published, modified)
    )


def span(start: str | None, end: str | None) -> Period:
    return Period(
        start=dt.date.fromisoformat(start) if start else None,
        end=dt.date.fromisoformat(end) if end else None,
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022–2025", span("2022-01-01", "2025-12-31")),
        ("2022 - 2025", span("2022-01-01", "2025-12-31")),
        ("mars 2023 – maj 2024", span("2023-03-01", "2024-05-31")),
        ("2022-02-01 till 2025-01-31", span("2022-02-01", "2025-01-31")),
        ("2022-02 – 2024-02", span("2022-02-01", "2024-02-29")),
        ("2023", span("2023-01-01", "2023-12-31")),
        ("2023–", span("2023-01-01", None)),
        ("från mars 2023", span("2023-03-01", None)),
        ("t.o.m. 2024", span(None, "2024-12-31")),
        ("2025–2022", None),
        ("pågående", None),
        ("2022-99-99 – 2023", span(None, "2023-12-31")),
    ],
)
def test_a_period_is_read_as_people_write_it(text: str, expected: Period | None) -> None:
    assert facts.period(text) == expected


def found(markup: str) -> tuple[Person, ...]:
    root = parse(f"<main>{markup}</main>")
    addresses.reveal_addresses(root)
    return persons.persons((root,))[0]


EVA = Person(name="Eva Ek", role="strateg", email="eva.ek@example.org", phone="0000-11 22 33")


@pytest.mark.parametrize(
    "markup",
    [
        """<div class="contact-card"><h3>Eva Ek</h3><p class="role">strateg</p>
        <a href="mailto:eva.ek@example.org">Skriv</a><p>Tel: 0000-11 22 33</p></div>""",
        """<ul><li class="vcard"><b class="fn">Eva Ek</b><br><span class="role">strateg</span><br>
        <a class="email" href="mailto:eva.ek@example.org?subject=Hej">eva.ek@example.org</a>
        <span class="tel">0000-11 22 33</span></li></ul>""",
        """<div itemscope itemtype="https://schema.org/Person"><span itemprop="name">Eva Ek</span>
        <span itemprop="jobTitle">strateg</span> eva.ek@example.org 0000-11 22 33</div>""",
        """<table><tr><th>Namn</th><th>Roll</th><th>E-post</th><th>Telefon</th></tr>
        <tr><td>Eva Ek</td><td>strateg</td><td>eva.ek (at) example.org</td><td>0000-11 22 33</td></tr>
        <tr><td>Växeln</td><td></td><td>info@example.org</td><td></td></tr></table>""",
        """<h2>Kontaktperson</h2><p>Eva Ek, strateg<br>eva.ek [at] example [punkt] org<br>
        Telefon: 0000-11 22 33</p><h2>Annat</h2><p>Bo Berg</p>""",
        """<h3>Contact</h3><p>Eva Ek<br>strateg<br>
        <span data-cfemail="422734236c2729022733232f322e276c2d3025">[skyddad]</span><br>
        0000-11 22 33</p>""".replace(
            "422734236c2729022733232f322e276c2d3025",
            "42" + "".join(f"{ord(char) ^ 0x42:02x}" for char in "eva.ek@example.org"),
        ),
    ],
    ids=["card", "vcard", "schema.org", "table", "lines", "cloudflare"],
)
def test_a_contact_is_read_however_it_is_written(markup: str) -> None:
    assert found(markup) == (EVA,)


def test_a_name_on_an_address_is_a_contact() -> None:
    markup = '<p>Fråga <a href="mailto:eva.ek@example.org">Eva Ek</a>.</p>'

    assert found(markup) == (Person(name="Eva Ek", email="eva.ek@example.org"),)


def test_two_mentions_are_one_person() -> None:
    markup = """<div class="vcard"><b>Eva Ek</b><p class="role">strateg</p></div>
    <div class="vcard"><b>Eva Ek</b><a href="mailto:eva@example.org">e</a></div>"""

    assert found(markup) == (Person(name="Eva Ek", role="strateg", email="eva@example.org"),)


@pytest.mark.parametrize(
    ("text", "is_name"),
    [
        ("Eva Ek", True),
        ("Carl von Linné", True),
        ("Åsa Öberg-Ström", True),
        ("Bo J. Ek", True),
        ("Eva", False),
        ("eva ek", False),
        ("Professor Ek", False),
        ("Partnership Office", False),
        ("Högskolan Väst", False),
        ("Kontakta oss", False),
        ("E" * 90 + " Ek", False),
    ],
)
def test_a_name_is_told_from_other_words(text: str, *, is_name: bool) -> None:
    assert persons.is_name(text) == is_name


CITY = Concept(name="Trollhättans Stad", aliases=("Trollhättans kommun",))
REGION = Concept(name="Västra Götalandsregionen", aliases=("VGR",))


@pytest.mark.parametrize(
    ("title", "path", "text", "expected", "about"),
    [
        ("Trollhättans Stad", "/x/", "", ("Trollhättans Stad",), True),
        ("Avtalet", "/partner/trollhattans-stad/", "", ("Trollhättans Stad",), True),
        ("Avtalet", "/x/", "hos Trollhättans kommuns skolor", ("Trollhättans Stad",), False),
        (
            "VGR",
            "/x/",
            "Trollhättans Stad",
            ("Västra Götalandsregionen", "Trollhättans Stad"),
            True,
        ),
        ("Avtalet", "/x/", "vgr är ett ord, AVGR ett annat", (), False),
        ("Avtalet", "/x/", "Trollhättans Stadsteater", (), False),
    ],
)
def test_a_page_about_a_partner_differs_from_one_that_mentions_it(
    title: str, path: str, text: str, expected: tuple[str, ...], *, about: bool
) -> None:
    places = partnership.Places(title=title, path=path, headings=(), text=text)

    assert partnership.partners(places, (CITY, REGION), stated=()) == (expected, about)
