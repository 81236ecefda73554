"""Each document as a reference: the right type of entry, whole, and unharmed by what is in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import orjson
import pytest
import rispy
from citeproc import (
    Citation,
    CitationItem,
    CitationStylesBibliography,
    CitationStylesStyle,
    formatter,
)
from citeproc.source.json import CiteProcJSON
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import Entry, parse_string
from pybtex.richtext import Text

from indexer.model import Document, Section
from search_api.export import FORMATS
from search_api.export.names import Name, split_name
from search_api.export.publication import Appearance, Genre, appearance, publication
from tests.api.knowledge import ARTICLE, BARE, KNOWLEDGE, NEWS, PARTNER, REPORT
from tests.unit.extract.records_samples import ARTICLE as ARTICLE_RECORD
from tests.unit.extract.records_samples import document as read_record


def as_ris(*documents: Document) -> list[dict[str, Any]]:
    return rispy.loads(FORMATS["ris"].write(documents).decode())


def as_bibtex(*documents: Document) -> dict[str, Entry]:
    return dict(parse_string(FORMATS["bibtex"].write(documents).decode(), "bibtex").entries)


def as_csl(*documents: Document) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = orjson.loads(FORMATS["csl-json"].write(documents))
    return items


def bibliography(*documents: Document) -> list[str]:
    items = as_csl(*documents)
    style = CitationStylesStyle("harvard-cite-them-right", validate=False)
    cited = CitationStylesBibliography(style, CiteProcJSON(items), formatter.plain)
    for item in items:
        cited.register(Citation([CitationItem(item["id"])]))
    return [str(line) for line in cited.bibliography()]


def of_type(stated: str, host: str = "") -> Document:
    """Return a publication whose record states a type, and where it appeared."""
    lines = [f"Typ: {stated}"] + ([f"Publicerad i: {host}"] if host else [])
    about = Section(heading="Om publikationen", text="\n".join(lines))
    return replace(ARTICLE, sections=(about,), identifiers={})


@pytest.mark.parametrize(
    ("stated", "ris", "bibtex", "csl"),
    [
        ("Artikel i tidskrift", "JOUR", "article", "article-journal"),
        ("Artikel, forskningsöversikt", "JOUR", "article", "article-journal"),
        ("Article, book review", "JOUR", "article", "article-journal"),
        ("Konferensbidrag", "CPAPER", "inproceedings", "paper-conference"),
        ("Conference paper", "CPAPER", "inproceedings", "paper-conference"),
        ("Paper in proceedings", "CPAPER", "inproceedings", "paper-conference"),
        ("Kapitel i bok, del av antologi", "CHAP", "incollection", "chapter"),
        ("Chapter in book", "CHAP", "incollection", "chapter"),
        ("Bok", "BOOK", "book", "book"),
        ("Book", "BOOK", "book", "book"),
        ("Samlingsverk (redaktörskap)", "EDBOOK", "book", "book"),
        ("Collection (editor)", "EDBOOK", "book", "book"),
        ("Conference proceedings (editor)", "EDBOOK", "book", "book"),
        ("Doktorsavhandling, sammanläggning", "THES", "phdthesis", "thesis"),
        ("Doctoral thesis, monograph", "THES", "phdthesis", "thesis"),
        ("Licentiatavhandling, monografi", "THES", "mastersthesis", "thesis"),
        ("Studentuppsats (Examensarbete)", "THES", "mastersthesis", "thesis"),
        ("Rapport", "RPRT", "techreport", "report"),
        ("Report", "RPRT", "techreport", "report"),
        ("Manuskript (preprint)", "UNPB", "unpublished", "article"),
        ("Patent", "PAT", "misc", "patent"),
        ("Dataset", "DATA", "misc", "dataset"),
        ("Övrigt", "GEN", "misc", "document"),
    ],
)
def test_a_publication_is_an_entry_of_its_type(
    stated: str, ris: str, bibtex: str, csl: str
) -> None:
    document = of_type(stated)

    (entry,) = as_bibtex(document).values()
    assert as_ris(document)[0]["type_of_reference"] == ris
    assert entry.type == bibtex
    assert as_csl(document)[0]["type"] == csl


@pytest.mark.parametrize("kind", ["partner", "project", "research", "news", "person", "page"])
def test_what_is_no_publication_is_a_web_page_with_the_day_it_was_read(kind: Any) -> None:
    document = replace(PARTNER, kind=kind)

    (entry,) = as_bibtex(document).values()
    (ris,) = as_ris(document)
    (csl,) = as_csl(document)
    assert (ris["type_of_reference"], entry.type, csl["type"]) == ("ELEC", "online", "webpage")
    assert ris["access_date"] == "2026/01/31"
    assert entry.fields["urldate"] == "2026-01-31"
    assert csl["accessed"] == {"date-parts": [[2026, 1, 31]]}
    assert ris["urls"] == [PARTNER.url]
    assert entry.fields["url"] == csl["URL"] == PARTNER.url


def test_an_article_is_whole_in_every_format() -> None:
    (ris,) = as_ris(ARTICLE)
    assert ris == {
        "type_of_reference": "JOUR",
        "id": ARTICLE.id,
        "authors": ["Öberg, Åsa", "von Exempel, Anna"],
        "title": ARTICLE.title,
        "secondary_title": "Tidskrift för exempel",
        "volume": "44",
        "number": "4",
        "start_page": "283",
        "end_page": "299",
        "year": "2024",
        "doi": "10.1234/ex_ample.1",
        "issn": "1234-5679",
        "urls": [ARTICLE.url],
        "abstract": "Vi studerar samverkan i hemtjänsten.",
        "keywords": ["hemtjänst", "vård & omsorg"],
        "language": "sv",
        "access_date": "2026/01/31",
    }
    (entry,) = as_bibtex(ARTICLE).values()
    assert dict(entry.fields) == {
        "title": f"{{{ARTICLE.title}}}",
        "journal": "Tidskrift för exempel",
        "volume": "44",
        "number": "4",
        "pages": "283--299",
        "issn": "1234-5679",
        "langid": "swedish",
        "keywords": r"hemtjänst, vård \& omsorg",
        "abstract": "Vi studerar samverkan i hemtjänsten.",
        "year": "2024",
        "doi": "10.1234/ex_ample.1",
        "url": ARTICLE.url,
        "urldate": "2026-01-31",
    }
    asa, anna = entry.persons["author"]
    assert (asa.first_names, asa.last_names) == (["Åsa"], ["Öberg"])
    assert (anna.prelast_names, anna.last_names) == (["von"], ["Exempel"])


def test_a_word_processor_makes_a_bibliography_of_it() -> None:
    article, report, news = bibliography(ARTICLE, REPORT, NEWS)

    assert article == (
        "Öberg, Å. and von Exempel, A. (2024) “Lärande i arbetet: samverkan i hemtjänsten”, "
        "Tidskrift för exempel, 44(4), pp. 283–299. Available at: "
        "https://doi.org/10.1234/ex_ample.1."
    )
    assert report == (
        "Örn, P.-O. (2025) Report on partnerships. Report 7. Högskolan Exempel. Available at: "
        "https://diva.example.org/record/4712 (Accessed: January 31, 2026)."
    )
    assert news == (
        "Nytt avtal om samverkan (2025) Nytt avtal om samverkan, example.org. Available at: "
        "https://www.example.org/nyheter/avtal (Accessed: January 31, 2026)."
    )
    assert len(bibliography(*KNOWLEDGE)) == len(KNOWLEDGE)


def test_what_extraction_writes_of_a_record_is_read_again() -> None:
    """Both sides name the same headings and labels: a change of one is noticed here."""
    found = publication(read_record(ARTICLE_RECORD))

    assert found.genre == "article"
    assert found.stated
    assert found.appearance.title
    assert found.appearance.volume
    assert found.appearance.first_page
    assert found.abstract


@pytest.mark.parametrize(
    ("host", "genre", "expected"),
    [
        ("Tidskrift, 44(4), 283–299", "article", ("Tidskrift", "44", "4", "283", "299")),
        ("Tidskrift, 44", "article", ("Tidskrift", "44", "", "", "")),
        ("Tidskrift, 283–299", "article", ("Tidskrift", "", "", "283", "299")),
        ("Tidskrift, 12(S1), e1234", "article", ("Tidskrift", "12", "S1", "e1234", "")),
        ("Vård, skola och omsorg", "article", ("Vård, skola och omsorg", "", "", "", "")),
        ("Skrifter, 2025:3", "report", ("Skrifter", "2025:3", "", "", "")),
        ("En antologi, 12–34", "chapter", ("En antologi", "", "", "12", "34")),
        ("Konferens, 2024", "conference_paper", ("Konferens, 2024", "", "", "", "")),
    ],
)
def test_where_it_appeared_is_taken_apart(
    host: str, genre: Genre, expected: tuple[str, ...]
) -> None:
    title, volume, issue, first_page, last_page = expected

    assert appearance(host, genre) == Appearance(
        title=title, volume=volume, issue=issue, first_page=first_page, last_page=last_page
    )


def test_a_year_alone_is_no_first_of_january_and_a_day_is_a_day() -> None:
    on_a_day = replace(ARTICLE, published=dt.date(2024, 5, 6))

    assert as_csl(ARTICLE)[0]["issued"] == {"date-parts": [[2024]]}
    assert "date" not in as_ris(ARTICLE)[0]
    assert as_csl(on_a_day)[0]["issued"] == {"date-parts": [[2024, 5, 6]]}
    assert as_ris(on_a_day)[0]["date"] == "2024/05/06"
    (entry,) = as_bibtex(on_a_day).values()
    assert (entry.fields["year"], entry.fields["month"]) == ("2024", "May")


def test_who_made_a_collection_edited_it() -> None:
    document = of_type("Samlingsverk (redaktörskap)")

    (entry,) = as_bibtex(document).values()
    assert list(entry.persons) == ["editor"]
    assert [name["family"] for name in as_csl(document)[0]["editor"]] == ["Öberg", "von Exempel"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Åsa Öberg", Name(family="Öberg", given="Åsa")),
        ("Öberg, Åsa", Name(family="Öberg", given="Åsa")),
        ("Anna von der Exempel", Name(family="von der Exempel", given="Anna")),
        ("Per-Olof Ek Örn", Name(family="Örn", given="Per-Olof Ek")),
        ("van Gogh", Name(family="Gogh", given="van")),
        ("Högskolan Väst", Name(literal="Högskolan Väst")),
        ("Trollhättans Stad", Name(literal="Trollhättans Stad")),
        ("Västra Götalandsregionen", Name(literal="Västra Götalandsregionen")),
        ("Göteborgs universitet", Name(literal="Göteborgs universitet")),
        ("Exempel AB", Name(literal="Exempel AB")),
        ("Platon", Name(literal="Platon")),
        ("Grupp 7 Nord", Name(literal="Grupp 7 Nord")),
        ("En, två, tre", Name(literal="En, två, tre")),
    ],
)
def test_names_are_taken_apart(text: str, name: Name) -> None:
    organisations = frozenset({"Högskolan Väst", "Trollhättans Stad"})

    assert split_name(text, organisations=organisations) == name


def test_an_organisation_is_no_person_in_any_format() -> None:
    document = replace(ARTICLE, authors=("Högskolan Exempel",))

    (entry,) = as_bibtex(document).values()
    assert entry.persons["author"][0].last_names == ["{Högskolan Exempel}"]
    # In RIS, a comma behind says that there is no given name.
    assert as_ris(document)[0]["authors"] == ["Högskolan Exempel,"]
    assert as_csl(document)[0]["author"] == [{"literal": "Högskolan Exempel"}]


def test_a_key_is_that_of_the_document_and_no_two_are_equal() -> None:
    same = [replace(ARTICLE, id=f"{n:020x}") for n in range(1000)]

    together = as_bibtex(*same)

    assert len(together) == 1000
    assert all(key.startswith("oberg2024larande-") for key in together)
    (alone,) = as_bibtex(ARTICLE)
    assert alone in as_bibtex(*KNOWLEDGE)


SPECIAL = r"50 % & #1 _x_ $y$ ^z~ \alpha {av} <b>"


def test_what_means_something_to_tex_is_written_as_itself() -> None:
    (entry,) = as_bibtex(replace(ARTICLE, title=SPECIAL)).values()

    written = entry.fields["title"]
    assert written == (
        r"{50 \% \& \#1 \_x\_ \$y\$ {\textasciicircum}z{\textasciitilde} "
        r"{\textbackslash}alpha \{av\} <b>}"
    )
    plain = str(Text.from_latex(r"50 \% \& \#1 \_x\_"))
    assert plain == "50 % & #1 _x_"


@pytest.mark.parametrize("title", ["}", "{", "a } b { c", "{{}", r"\}", "}}}}@misc{x,y={z}"])
def test_braces_that_lack_their_counterpart_end_no_entry(title: str) -> None:
    entries = as_bibtex(replace(ARTICLE, title=title, authors=(f"Anna {title}",)), REPORT)

    assert [entry.type for entry in entries.values()] == ["article", "techreport"]
    assert "title" in entries[next(iter(entries))].fields


@pytest.mark.parametrize(
    "title", ["A\r\nER  - \r\nTY  - JOUR", "A\nUR  - javascript:x", "A\u2028B", "A\x85B", "A\x00B"]
)
def test_a_line_break_begins_no_field(title: str) -> None:
    document = replace(ARTICLE, title=title, authors=(title,), subjects=(title,), summary=title)

    ris = FORMATS["ris"].write([document]).decode()

    assert [line[:6] for line in ris.split("\r\n") if line[:2] in {"TY", "ER", "UR"}] == [
        "TY  - ",
        "UR  - ",
        "ER  - ",
    ]
    assert ris.count("\r\n") == len(ris.splitlines())
    assert len(as_bibtex(document)) == 1


def test_an_address_that_is_none_is_left_out() -> None:
    assert "urls" not in as_ris(BARE)[0]
    assert "URL" not in as_csl(BARE)[0]
    (entry,) = as_bibtex(BARE).values()
    assert "url" not in entry.fields


def test_an_address_with_braces_stays_one() -> None:
    (entry,) = as_bibtex(replace(ARTICLE, url="https://e.example.org/a{b}c\\?d=%7E_e&f#g")).values()

    assert entry.fields["url"] == "https://e.example.org/a%7Bb%7Dc%5C?d=%7E_e&f#g"


# What a crawled page may hold: anything but halves of characters, which no database keeps.
crawled = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


@given(said=st.tuples(*[crawled] * 6))
def test_whatever_a_document_says_is_one_entry(said: tuple[str, ...]) -> None:
    title, author, host, doi, summary, language = said
    about = Section(heading="Om publikationen", text=f"Typ: {title}\nPublicerad i: {host}")
    document = replace(
        ARTICLE,
        title=title,
        authors=(author, title),
        sections=(about,),
        subjects=(summary, author),
        organisations=(host,),
        identifiers={"doi": doi, "isbn": doi, "issn": doi},
        summary=summary,
        language=language,
        url=f"https://www.example.org/{doi}",
    )

    assert len(as_ris(document, REPORT)) == 2
    assert len(as_bibtex(document, REPORT)) == 2
    assert [item["id"] for item in as_csl(document, REPORT)] == [ARTICLE.id, REPORT.id]
    assert FORMATS["csv"].write([document]).count(b"\r\n") == 2
    assert FORMATS["jsonl"].write([document, REPORT]).count(b"\n") == 2
