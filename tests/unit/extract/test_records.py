"""Records of publications to documents: MODS as DiVA writes it, and Dublin Core."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.extract.charset import clean
from indexer.model import Link, Person, Section, document_id
from tests.unit.extract.records_samples import (
    ARTICLE,
    AT,
    IDENTIFIER,
    LONG,
    REPORT,
    TITLE,
    URN,
    document,
    dublin_core,
    mods,
    page,
    read,
    record,
)


def person(given: str, family: str, *, role: str = "aut", more: str = "") -> str:
    return (
        f'<name type="personal"><namePart type="family">{family}</namePart>'
        f'<namePart type="given">{given}</namePart>'
        f'<role><roleTerm type="code" authority="marcrelator">{role}</roleTerm></role>{more}</name>'
    )


# --- MODS -----------------------------------------------------------------------------------------


def test_an_article_of_diva_is_understood() -> None:
    found = document(ARTICLE)

    assert found.id == document_id(IDENTIFIER)
    assert found.kind == "publication"
    assert found.title == "Learning at work: a study of home visits"
    assert found.url == "http://urn.kb.se/resolve?urn=urn:nbn:se:hv:diva-4711"
    assert found.language == "en"
    assert found.authors == ("Signe Åker", "Per-Olof Örn")
    assert found.published == dt.date(2024, 1, 1)
    assert found.funder == "Exempelrådet"
    assert found.subjects == ("Home visits", "arbetsintegrerat lärande", "Nursing", "Omvårdnad")
    assert found.organisations == (
        "Högskolan Väst, Institutionen för hälsovetenskap",
        "Trollhättans Stad",
        "Exempelförlaget",
    )
    assert found.harvested == AT
    assert found.source == "diva"
    assert found.content_hash


def test_the_abstracts_of_both_languages_are_kept_as_plain_text() -> None:
    swedish, english, _ = document(ARTICLE).sections

    assert swedish == Section(
        heading="Sammanfattning", text="Vi besökte hundra hem. Det gick bra.", language="sv"
    )
    assert english == Section(
        heading="Abstract",
        text="We visited 102 homes. It worked, p < 0.05.\nMore research is needed.",
    )


def test_the_summary_is_swedish_where_there_is_one() -> None:
    assert document(ARTICLE).summary == "Vi besökte hundra hem. Det gick bra."


def test_the_summary_of_an_english_publication_is_english_without_a_swedish_abstract() -> None:
    english = (
        '<abstract lang="eng">All about home visits.</abstract>'
        '<abstract lang="ger">Alles über Hausbesuche.</abstract>'
        '<language><languageTerm type="code">ger</languageTerm></language>'
    )
    found = document(mods(TITLE + URN + english))

    assert found.language == "de"
    assert found.summary == "Alles über Hausbesuche."
    assert [section.language for section in found.sections] == ["", "en"]


def test_other_titles_type_journal_and_project_can_be_searched() -> None:
    about = document(ARTICLE).sections[-1]

    assert about.heading == "About the publication"
    assert about.text.split("\n") == [
        "Other title: Lära i arbetet: en studie av hembesök",
        "Type: Article in journal",
        "Published in: Tidskrift för hembesök, 44(4), 283–299",
        "Published in: AIL-dagarna, Trollhättan, 2024",
        "Project: Digitala hembesök",
    ]


def test_everybody_is_named_with_the_organisation_they_belong_to() -> None:
    assert document(ARTICLE).persons == (
        Person(
            name="Signe Åker",
            organisation="Högskolan Väst, Institutionen för hälsovetenskap; Trollhättans Stad",
        ),
        Person(
            name="Per-Olof Örn", organisation="Högskolan Väst, Institutionen för hälsovetenskap"
        ),
        Person(name="Asta Lind", role="Redaktör"),
    )


def test_identifiers_are_flat_and_orcids_go_by_the_position_of_the_author() -> None:
    assert document(ARTICLE).identifiers == {
        "doi": "10.1234/lara.2024.7",
        "urn": "urn:nbn:se:hv:diva-4711",
        "diva": "diva2:459554",
        "isi": "A1990DY89000003",
        "pmid": "12345678",
        "scopus": "2-s2.0-84900000000",
        "issn": "0376-9429",
        "orcid:1": "0000-0002-1825-0097",
        "orcid:2": "0000-0001-5109-3700",
    }


def test_partners_and_areas_are_those_that_affiliations_and_keywords_name() -> None:
    found = document(ARTICLE)

    assert found.partners == ("Trollhättans Stad",)
    assert found.areas == ("Arbetsintegrerat lärande",)


def test_the_full_text_and_the_other_addresses_are_links() -> None:
    assert read(ARTICLE).links == (
        Link(url="https://hv.diva-portal.org/smash/get/diva2:459554/FULLTEXT01.pdf"),
        Link(url="https://doi.org/10.1234/lara.2024.7"),
    )


def test_the_trace_names_the_element_behind_each_field() -> None:
    trace = read(ARTICLE).trace

    assert trace["title"] == "mods titleInfo"
    assert trace["areas"] == "named in the text"
    assert trace["partners"] == "mentioned, or an affiliation"


def test_a_collection_has_its_editors_as_authors() -> None:
    editors = person("Asta", "Lind", role="edt") + person("Ebbe", "Ek", role="ths")
    found = document(mods(TITLE + URN + editors))

    assert found.authors == ("Asta Lind",)
    assert found.persons[1] == Person(name="Ebbe Ek", role="Handledare")


def test_a_name_without_role_or_parts_is_an_author() -> None:
    name = '<name type="personal"><namePart>Ek, Ebbe</namePart></name><name type="personal"/>'

    assert document(mods(TITLE + URN + name)).authors == ("Ebbe Ek",)


def test_a_role_may_be_said_in_words() -> None:
    name = (
        '<name type="personal"><namePart>Ebbe Ek</namePart>'
        '<role><roleTerm type="text">Thesis advisor</roleTerm></role></name>'
    )

    assert document(mods(TITLE + URN + name)).persons == (
        Person(name="Ebbe Ek", role="Handledare"),
    )


@pytest.mark.parametrize(
    "more",
    [
        '<nameIdentifier type="orcid" invalid="yes">0000-0002-1825-0097</nameIdentifier>',
        '<nameIdentifier type="orcid">0000-0002-1825-0098</nameIdentifier>',
        '<nameIdentifier type="isni">0000000218250097</nameIdentifier>',
        "<description>orcid.org=</description>",
    ],
)
def test_an_orcid_that_is_none_is_left_out(more: str) -> None:
    found = document(mods(TITLE + URN + person("Ebbe", "Ek", more=more)))

    assert list(found.identifiers) == ["urn"]


def test_an_orcid_may_be_the_address_of_a_name() -> None:
    name = (
        '<name type="personal" xlink:href="https://orcid.org/0000-0002-9079-593X">'
        "<namePart>Ebbe Ek</namePart></name>"
    )

    assert document(mods(TITLE + URN + name)).identifiers["orcid:1"] == "0000-0002-9079-593X"


def test_an_author_named_twice_counts_once_in_the_positions() -> None:
    orcid = "<description>orcid.org=0000-0001-5109-3700</description>"
    names = person("Ebbe", "Ek") * 2 + person("Asta", "Lind", more=orcid)
    found = document(mods(TITLE + URN + names))

    assert found.authors == ("Ebbe Ek", "Asta Lind")
    assert found.identifiers["orcid:2"] == "0000-0001-5109-3700"


def test_mail_addresses_in_affiliations_are_left_out() -> None:
    more = "<affiliation>Högskolan Väst, Sweden. ebbe.ek@example.org</affiliation>"
    found = document(mods(TITLE + URN + person("Ebbe", "Ek", more=more)))

    assert found.organisations == ("Högskolan Väst, Sweden",)
    assert "@" not in found.persons[0].organisation


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("<title>Vem svarar?</title><subTitle>Om maskiner</subTitle>", "Vem svarar? Om maskiner"),
        ("<title>Vem svarar</title><subTitle/>", "Vem svarar"),
        ("<nonSort>The</nonSort><title>answer</title>", "The answer"),
        ("<title>Svar</title><partNumber>2</partNumber>", "Svar. 2"),
        ("<title>&lt;i&gt;In vivo&lt;/i&gt; &amp;amp; mera</title>", "In vivo & mera"),
        ("<title>  Mjuka\u00ad streck\n och  rader </title>", "Mjuka streck och rader"),
    ],
)
def test_titles_are_written_as_catalogues_do(title: str, expected: str) -> None:
    assert document(mods(f"<titleInfo>{title}</titleInfo>{URN}")).title == expected


def test_a_title_that_is_only_an_alternative_is_no_title() -> None:
    only = '<titleInfo type="alternative"><title>Annan</title></titleInfo>'

    assert read(mods(only + URN)).reason == "no_title"


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        ("<dateIssued>2019-05-07</dateIssued>", dt.date(2019, 5, 7)),
        ("<dateIssued>2019-05</dateIssued>", dt.date(2019, 5, 1)),
        ("<dateIssued>2019-13-40</dateIssued>", dt.date(2019, 1, 1)),
        ("<dateIssued/><copyrightDate>c2018</copyrightDate>", dt.date(2018, 1, 1)),
        ("<dateIssued>2027</dateIssued>", dt.date(2027, 1, 1)),
        ("<dateIssued>2099</dateIssued>", None),
        ("<dateIssued>i tryck</dateIssued>", None),
        ("<dateOther type='availableFrom'>2017-09-07T09:18:49</dateOther>", None),
    ],
)
def test_a_year_alone_is_its_first_day(origin: str, expected: dt.date | None) -> None:
    found = document(mods(f"{TITLE}{URN}<originInfo>{origin}</originInfo>"))

    assert found.published == expected


def test_a_chapter_is_as_old_as_its_book() -> None:
    book = (
        '<relatedItem type="host"><titleInfo><title>Boken</title></titleInfo>'
        "<originInfo><dateIssued>2011</dateIssued></originInfo>"
        '<identifier type="isbn">978-91-85019-98-7</identifier></relatedItem>'
    )
    found = document(mods(TITLE + URN + book))

    assert found.published == dt.date(2011, 1, 1)
    assert found.identifiers["isbn"] == "9789185019987"
    assert "Publicerad i: Boken" in found.sections[-1].text


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (
            '<identifier type="doi">https://doi.org/10.1234/ABC.</identifier>',
            "https://doi.org/10.1234/abc",
        ),
        ('<identifier type="hdl">2043/20021</identifier>', "https://hdl.handle.net/2043/20021"),
        (
            (
                '<identifier type="urn">urn:nbn:se:hv:diva-1</identifier>'
                '<identifier type="doi">10.1234/abc</identifier>'
            ),
            "http://urn.kb.se/resolve?urn=urn:nbn:se:hv:diva-1",
        ),
        (
            (
                '<identifier type="uri">http://urn.kb.se/resolve?urn=urn:nbn:se:hv:diva-1</identifier>'
                "<location><url>https://hv.diva-portal.org/smash/record.jsf?pid=diva2:1&amp;copy=2</url>"
                "</location>"
            ),
            "https://hv.diva-portal.org/smash/record.jsf?pid=diva2:1&copy=2",
        ),
        (
            '<location><url displayLabel="FULLTEXT">https://example.org/a.pdf</url></location>',
            "https://example.org/a.pdf",
        ),
    ],
)
def test_the_url_is_the_best_page_about_the_publication(inner: str, expected: str) -> None:
    assert document(mods(TITLE + inner)).url == expected


@pytest.mark.parametrize(
    "inner",
    [
        "",
        '<identifier type="uri">javascript:alert(1)</identifier>',
        '<identifier type="uri">https://user:secret@example.org/</identifier>',
        '<identifier type="uri">https://</identifier>',
        '<identifier type="uri">https://[::1/</identifier>',
        f'<identifier type="uri">https://example.org/{"x" * 3000}</identifier>',
        '<identifier type="doi" invalid="yes">10.1234/abc</identifier>',
    ],
)
def test_a_record_that_leads_nowhere_is_no_document(inner: str) -> None:
    extraction = read(mods(TITLE + inner))

    assert (extraction.document, extraction.reason) == (None, "no_url")


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        (
            (
                '<name type="corporate"><namePart lang="eng">Example Council</namePart>'
                '<namePart lang="swe">Exempelrådet</namePart><role><roleTerm>fnd</roleTerm></role></name>'
            ),
            "Exempelrådet (Example Council)",
        ),
        ('<note type="funder">Exempelfonden</note>', "Exempelfonden"),
        (
            '<relatedItem type="funder"><titleInfo><title>Fonden</title></titleInfo></relatedItem>',
            "Fonden",
        ),
        (
            '<note type="funder">Fonden A</note><note type="funder">Fonden B</note>',
            "Fonden A; Fonden B",
        ),
    ],
)
def test_a_funder_is_found_wherever_it_stands(inner: str, expected: str) -> None:
    found = document(mods(TITLE + URN + inner))

    assert found.funder == expected
    assert expected not in found.organisations


@pytest.mark.parametrize(
    ("genre", "expected"),
    [
        ('<genre authority="svep" type="publicationType">dok</genre>', "Typ: Doktorsavhandling"),
        (
            '<genre authority="kb.se" type="outputType">publication/report</genre>',
            "Typ: Rapport",
        ),
        (
            '<genre authority="diva" type="publicationType" lang="eng">Student thesis</genre>',
            "Typ: Student thesis",
        ),
        ('<genre authority="local">annat</genre>', ""),
    ],
)
def test_the_type_has_a_name_in_the_language_of_the_publication(genre: str, expected: str) -> None:
    found = document(mods(TITLE + URN + genre))

    assert "\n".join(section.text for section in found.sections) == expected


def test_a_publication_without_abstract_is_a_document() -> None:
    found = document(mods(TITLE + URN))

    assert found.sections == ()
    assert found.summary == ""
    assert found.language == "sv"


def test_the_language_of_a_text_is_recognised_where_nothing_says_it() -> None:
    title = "<titleInfo><title>Work</title></titleInfo>"
    text = (
        "<abstract>This is a long text about how people learn when they work together.</abstract>"
    )
    extraction = read(mods(title + URN + text))

    assert extraction.document is not None
    assert extraction.document.language == "en"
    assert extraction.document.sections[0].heading == "Abstract"
    assert extraction.trace["language"].startswith("text")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("swe", "sv"),
        ("ENG", "en"),
        ("nob", "nb"),
        ("ger", "de"),
        ("deu", "de"),
        ("sv-SE", "sv"),
        ("en_US", "en"),
        ("Svenska", "sv"),
        ("sms", "sms"),
        ("und", "sv"),
        ("klingonska", "sv"),
    ],
)
def test_codes_of_languages_have_two_letters_where_they_can(code: str, expected: str) -> None:
    said = f"<language><languageTerm>{code}</languageTerm></language>"

    assert document(mods(TITLE + URN + said)).language == expected


def test_a_prefix_of_the_namespace_and_a_collection_around_it_do_not_matter() -> None:
    inner = (
        '<m:modsCollection xmlns:m="http://www.loc.gov/mods/v3"><m:mods><m:titleInfo>'
        "<m:title>Med prefix</m:title></m:titleInfo>"
        '<m:identifier type="uri">https://example.org/1</m:identifier>'
        "<m:abstract><m:p>Ett</m:p><m:p>två</m:p></m:abstract></m:mods></m:modsCollection>"
    )
    found = document(inner)

    assert found.title == "Med prefix"
    assert found.sections[0].text == "Ett\ntvå"


# --- Dublin Core ----------------------------------------------------------------------------------


def test_a_report_in_dublin_core_is_understood() -> None:
    found = document(REPORT)

    assert found.title == "Rikedom och makt: Skiktning i västra Sverige"
    assert found.kind == "publication"
    assert found.language == "sv"
    assert found.url == "http://urn.kb.se/resolve?urn=urn:nbn:se:hv:diva-2500"
    assert found.authors == ("Signe Åker", "Per-Olof Örn")
    assert found.persons[2] == Person(name="Asta Lind", role="Medverkande")
    assert found.organisations == (
        "Högskolan Väst, Institutionen för ekonomi och it",
        "Arkivgruppen",
    )
    assert found.subjects == ("Historia",)
    assert found.published == dt.date(2004, 1, 1)
    assert found.funder == "EC H2020"
    assert found.summary == LONG
    assert found.identifiers == {
        "urn": "urn:nbn:se:hv:diva-2500",
        "doi": "10.1234/rikedom",
        "diva": "diva2:5",
        "isbn": "9185019984",
        "issn": "1403-8099",
        "orcid:2": "0000-0001-5109-3700",
    }
    assert [section.text for section in found.sections] == [
        LONG,
        (
            "Annan titel: Wealth and power\nTyp: Rapport\n"
            "Publicerad i: Studier från Väst, 1403-8099; 2004:30"
        ),
    ]


def test_a_short_description_counts_when_it_is_the_only_one() -> None:
    found = document(
        dublin_core(
            "<dc:title>Kort</dc:title><dc:identifier>https://example.org/1</dc:identifier>"
            "<dc:description>Om hembesök.</dc:description>"
        )
    )

    assert found.summary == "Om hembesök."


# --- what is no document --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        (record(mods(URN)), "no_title"),
        (record(mods(f"<titleInfo><title>-</title></titleInfo>{URN}")), "no_title"),
        (record(dublin_core("")), "no_title"),
        (record('<marc xmlns="http://www.loc.gov/MARC21/slim"/>'), "unsupported_record"),
        (record('<x xmlns="u"><mods/></x>'), "unsupported_record"),
        ("<record/>", "unsupported_record"),
        ("", "parse_error"),
        ("<record>", "parse_error"),
        ('<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>', "parse_error"),
        ("<!doctype html><html><body>Hej</body></html>", "parse_error"),
    ],
)
def test_what_is_no_publication_says_why(xml: str, reason: str) -> None:
    extraction = extract(page(xml))

    assert (extraction.document, extraction.reason) == (None, reason)


def test_a_record_is_found_inside_another_format() -> None:
    wrapped = f'<mets xmlns="http://www.loc.gov/METS/"><dmdSec>{mods(TITLE + URN)}</dmdSec></mets>'

    assert document(wrapped).title == "Lära i arbetet"


def test_a_record_that_hides_deep_in_something_else_is_not_searched_for_without_end() -> None:
    assert read(f"<x>{'<y/>' * 3_000}{mods(TITLE + URN)}</x>").reason == "unsupported_record"


def test_an_endless_record_is_bounded() -> None:
    names = person("Ebbe", "Ek{}") * 1
    many = "".join(names.replace("{}", str(number)) for number in range(3_000))
    keywords = "".join(f"<subject><topic>ord {n}</topic></subject>" for n in range(500))
    abstract = f"<abstract>{'ord ' * 100_000}</abstract>" * 12
    found = document(mods(TITLE + URN + abstract + keywords + many))

    assert len(found.authors) == 500
    assert len(found.subjects) == 80
    assert sum(len(section.text) for section in found.sections) <= 8 * 50_000


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=300))
def test_no_text_breaks_a_record(text: str) -> None:
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    fields = (
        f"<titleInfo><title>Titel {escaped}</title></titleInfo>{URN}"
        f"<abstract>{escaped}</abstract><name type='personal'><namePart>{escaped}</namePart></name>"
        f"<subject><topic>{escaped}</topic></subject><identifier type='doi'>{escaped}</identifier>"
    )
    extraction = extract(page(record(mods(fields))))

    assert extraction.document is not None, extraction.trace
    for said in (extraction.document.title, *extraction.document.authors):
        assert said == clean(said)
