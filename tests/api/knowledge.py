"""A small knowledge base: documents of every kind, which together say all that one can say."""

from __future__ import annotations

import datetime as dt

from indexer.model import Document, Period, Person, Section

HARVESTED = dt.datetime(2026, 1, 31, 2, 10, tzinfo=dt.UTC)

ASA = Person(
    name="Åsa Öberg",
    role="samordnare",
    title="docent",
    email="asa@example.org",
    phone="+46 520 00 00 00",
    organisation="Högskolan Exempel",
)

PARTNER = Document(
    id="a0000000000000000001",
    url="https://www.example.org/partner/trollhattan",
    title="Trollhättans Stad",
    summary="Partnerskapet gäller arbetsintegrerat lärande.",
    sections=(
        Section(text="Partnerskapet gäller arbetsintegrerat lärande och samverkan i skolan."),
        Section(heading="Syfte", anchor="syfte", text="Samverkan som håller länge."),
    ),
    kind="partner",
    partners=("Trollhättans Stad",),
    areas=("Arbetsintegrerat lärande",),
    persons=(ASA,),
    organisations=("Högskolan Exempel",),
    identifiers={"diary": "2025/123"},
    modified=dt.date(2025, 3, 3),
    harvested=HARVESTED,
    source="samverkan",
    content_hash="1" * 32,
)
PROJECT = Document(
    id="a0000000000000000002",
    url="https://www.example.org/projekt/skola",
    title="Samverkan i skolan & kommunen",
    summary="Ett projekt om samverkan.",
    sections=(Section(heading="Om projektet", text="Samverkan i skolan, med kommunen."),),
    kind="project",
    partners=("Trollhättans Stad", "Regionen"),
    areas=("Skola",),
    persons=(ASA, Person(name="Per-Olof Örn", role="projektledare")),
    funder="Exempelrådet",
    period=Period(start=dt.date(2024, 1, 1), end=dt.date(2026, 12, 31)),
    modified=dt.date(2025, 5, 5),
    harvested=HARVESTED,
    source="samverkan",
    content_hash="2" * 32,
)
ARTICLE = Document(
    id="a0000000000000000003",
    url="https://diva.example.org/record/4711",
    title="Lärande i arbetet: samverkan i hemtjänsten",
    summary="Vi studerar samverkan i hemtjänsten.",
    sections=(
        Section(heading="Sammanfattning", text="Vi studerar samverkan i hemtjänsten."),
        Section(
            heading="Om publikationen",
            text="Annan titel: Learning at work\nTyp: Artikel i tidskrift\n"
            "Publicerad i: Tidskrift för exempel, 44(4), 283–299",
        ),
    ),
    kind="publication",
    persons=(Person(name="Åsa Öberg", organisation="Högskolan Exempel"),),
    organisations=("Högskolan Exempel", "Exempelförlaget"),
    authors=("Åsa Öberg", "Anna von Exempel"),
    subjects=("hemtjänst", "vård & omsorg"),
    identifiers={"doi": "10.1234/ex_ample.1", "issn": "1234-5679", "diva": "diva2:4711"},
    published=dt.date(2024, 1, 1),
    harvested=HARVESTED,
    source="diva",
    content_hash="3" * 32,
)
REPORT = Document(
    id="a0000000000000000004",
    url="https://diva.example.org/record/4712",
    title="Report on partnerships",
    summary="What partnerships bring.",
    sections=(
        Section(heading="Abstract", text="What partnerships bring: samverkan."),
        Section(heading="About the publication", text="Type: Report\nPublished in: Reports, 7"),
    ),
    kind="publication",
    language="en",
    organisations=("Högskolan Exempel",),
    authors=("Per-Olof Örn",),
    published=dt.date(2025, 6, 15),
    harvested=HARVESTED,
    source="diva",
    content_hash="4" * 32,
)
NEWS = Document(
    id="a0000000000000000005",
    url="https://www.example.org/nyheter/avtal",
    title="Nytt avtal om samverkan",
    summary="Staden och högskolan skriver avtal.",
    sections=(Section(text="Staden och högskolan skriver avtal om samverkan."),),
    kind="news",
    partners=("Trollhättans Stad",),
    published=dt.date(2025, 9, 1),
    harvested=HARVESTED,
    source="nyheter",
    content_hash="5" * 32,
)
RESEARCH = Document(
    id="a0000000000000000006",
    url="https://www.example.org/forskning/larande",
    title="Forskning om arbetsintegrerat lärande",
    sections=(Section(text="Forskning om arbetsintegrerat lärande i samverkan."),),
    kind="research",
    areas=("Arbetsintegrerat lärande",),
    harvested=HARVESTED,
    source="samverkan",
)
PERSON = Document(
    id="a0000000000000000007",
    url="https://www.example.org/personer/asa",
    title="Åsa Öberg",
    sections=(Section(text="Åsa Öberg forskar om lärande."),),
    kind="person",
    persons=(ASA,),
    source="samverkan",
)
BARE = Document(id="a0000000000000000008", url="javascript:alert(1)", title="Sida utan uppgifter")

KNOWLEDGE = (PARTNER, PROJECT, ARTICLE, REPORT, NEWS, RESEARCH, PERSON, BARE)
