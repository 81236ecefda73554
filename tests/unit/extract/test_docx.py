"""Word files to documents, and what gives none."""

from __future__ import annotations

import datetime as dt

import pytest
from docx.document import Document as WordDocument
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.extract import extract
from indexer.model import Document, Extraction, Person, SiteRule
from tests.support.word_files import archive, with_body, with_parts, word
from tests.unit.extract.pages import AT, VOCABULARY, page

URL = "https://www.example.org/dokument/avtal.docx"
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CONTAINER = bytes.fromhex("D0CF11E0A1B11AE1")
PROSE = "Avtalet mellan högskolan och Trollhättans kommun gäller i tre år och kan förlängas."


def agreement(made: WordDocument) -> None:
    made.add_heading("Avtal om samverkan", 0)
    made.add_paragraph(PROSE)
    made.add_heading("Prioriterade utvecklingsområden", 1)
    for area in ("AIL", "livslångt lärande"):
        made.add_paragraph(area, style="List Bullet")
    made.add_heading("Kontakt", 2)
    table = made.add_table(rows=2, cols=3)
    rows = (("Namn", "Roll", "E-post"), ("Signe Åker", "Samordnare", "signe.aker@example.org"))
    for row, said in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, said, strict=True):
            cell.text = text


AGREEMENT = word(
    agreement,
    title="Avtal om samverkan",
    author="Signe Åker",
    keywords="avtal; samverkan",
    created=dt.datetime(2024, 3, 15, 12, tzinfo=dt.UTC),
    modified=dt.datetime(2024, 4, 2, 8, tzinfo=dt.UTC),
)


def read(
    body: bytes,
    *,
    media_type: str = MEDIA_TYPE,
    url: str = URL,
    robots_tag: str | None = None,
) -> Extraction:
    fetched = page(body, url=url, media_type=media_type, charset=None, robots_tag=robots_tag)
    rules = (SiteRule(match="/avtal/**", kind="partner"),)
    return extract(fetched, rules=rules, vocabulary=VOCABULARY)


def document(body: bytes, *, url: str = URL) -> Document:
    extraction = read(body, url=url)
    assert extraction.document is not None, extraction
    return extraction.document


def paragraph(text: str, *, style: str = "", look: str = "") -> str:
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{look}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def lines(xml: str) -> list[str]:
    sections = document(with_body(xml)).sections
    return [line for section in sections for line in section.text.split("\n")]


# --- what a file says ---------------------------------------------------------------------------


def test_an_agreement_is_understood() -> None:
    found = document(AGREEMENT)

    assert found.title == "Avtal om samverkan"
    assert found.kind == "page"
    assert found.language == "sv"
    assert found.authors == ("Signe Åker",)
    assert found.subjects == ("avtal", "samverkan")
    assert found.published == dt.date(2024, 3, 15)
    assert found.modified == dt.date(2024, 4, 2)
    assert found.partners == ("Trollhättans Stad",)
    assert found.areas == ("Arbetsintegrerat lärande", "Livslångt lärande")
    assert found.persons == (
        Person(name="Signe Åker", role="Samordnare", email="signe.aker@example.org"),
    )
    assert found.summary == PROSE
    assert found.harvested == AT


def test_headings_open_sections_and_tables_are_lines() -> None:
    found = document(AGREEMENT)

    assert [(section.heading, section.text) for section in found.sections] == [
        ("", PROSE),
        ("Prioriterade utvecklingsområden", "AIL\nlivslångt lärande"),
        ("Kontakt", "Namn | Roll | E-post\nSigne Åker | Samordnare | signe.aker@example.org"),
    ]


def test_every_field_says_where_it_was_found() -> None:
    trace = read(AGREEMENT).trace

    assert trace["text"] == "Word"
    assert trace["title"] == "title or first heading"
    assert trace["persons"] == "table of contacts"


def test_a_matching_rule_says_what_kind_it_is_of() -> None:
    assert document(AGREEMENT, url="https://www.example.org/avtal/1.docx").kind == "partner"


def test_what_a_server_asks_of_indexers_is_heeded() -> None:
    assert read(AGREEMENT, robots_tag="noindex").reason == "noindex"


@pytest.mark.parametrize(
    ("media_type", "url", "is_read"),
    [
        ("application/octet-stream", URL, True),
        ("application/zip", URL.upper().replace("HTTPS", "https"), True),
        ("application/octet-stream", "https://www.example.org/arkiv.zip", False),
        ("application/zip", "https://www.example.org/arkiv", False),
    ],
)
def test_a_file_under_another_type_is_known_by_its_name(
    media_type: str, url: str, is_read: bool
) -> None:
    found = read(AGREEMENT, media_type=media_type, url=url)

    assert found.reason == ("" if is_read else "unsupported_media_type")


def test_the_metadata_name_what_shows_no_title() -> None:
    found = read(word(lambda made: made.add_paragraph(PROSE), title="Avtal 2024"))

    assert found.document is not None
    assert found.document.title == "Avtal 2024"
    assert found.trace["title"] == "metadata"


def test_a_file_without_any_title_has_its_first_line() -> None:
    assert document(with_body(paragraph("Minnesanteckningar") + paragraph(PROSE))).title == (
        "Minnesanteckningar"
    )


def test_a_file_of_numbers_has_its_own_name() -> None:
    found = document(
        with_body(paragraph("17")), url="https://www.example.org/statistik-%C3%B6ver_%C3%A5ret.docx"
    )

    assert found.title == "Statistik över året"


def test_a_file_of_numbers_without_a_name_has_its_address() -> None:
    assert document(with_body(paragraph("17")), url="https://www.example.org/17").title == (
        "https://www.example.org/17"
    )


def test_properties_that_are_not_there_are_not_made_up() -> None:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="rId1" Target="word/document.xml" Type="http://schemas.openxmlformats.org'
        '/officeDocument/2006/relationships/officeDocument"/></Relationships>'
    )
    found = document(with_body(paragraph(PROSE), **{"_rels/.rels": rels}))

    assert (found.published, found.modified, found.authors) == (None, None, ())


# --- the body -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("xml", "said"),
    [
        ("<w:r><w:t>in</w:t></w:r><w:ins><w:r><w:t>satt</w:t></w:r></w:ins>", ["insatt"]),
        ("<w:r><w:t>kvar</w:t></w:r><w:del><w:r><w:t>bort</w:t></w:r></w:del>", ["kvar"]),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t></w:r>", ["a b", "c"]),
        ("<w:r><w:t>VFU</w:t><w:noBreakHyphen/><w:t>tid</w:t></w:r>", ["VFU-tid"]),
        ("<w:r><w:t>sam</w:t><w:softHyphen/><w:t>verkan</w:t></w:r>", ["samverkan"]),
        ("<w:hyperlink><w:r><w:t>länk</w:t></w:r></w:hyperlink>", ["länk"]),
        ("<w:sdt><w:sdtContent><w:r><w:t>fält</w:t></w:r></w:sdtContent></w:sdt>", ["fält"]),
        (
            (
                "<w:r><w:t>text</w:t></w:r><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r>"
                "<w:t>ruta</w:t></w:r></w:p></w:txbxContent></mc:Choice><mc:Fallback><w:txbxContent><w:p>"
                "<w:r><w:t>ruta</w:t></w:r></w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r>"
            ),
            ["text", "ruta"],
        ),
    ],
    ids=["inserted", "deleted", "breaks", "hyphen", "soft", "link", "control", "box"],
)
def test_a_paragraph_says_what_its_reader_sees(xml: str, said: list[str]) -> None:
    assert lines(f"<w:p>{xml}</w:p>") == said


def test_content_controls_around_paragraphs_are_looked_into() -> None:
    inside = f"<w:sdt><w:sdtContent>{paragraph('Inuti')}</w:sdtContent></w:sdt>"

    assert lines(paragraph("Före") + inside) == ["Före", "Inuti"]


def test_a_table_of_one_column_only_lays_out() -> None:
    cell = f"<w:tc>{paragraph('Ett stycke')}{paragraph('Ett till')}</w:tc>"

    assert lines(f"<w:tbl><w:tr>{cell}</w:tr></w:tbl>") == ["Ett stycke", "Ett till"]


def test_a_table_in_a_table_is_part_of_its_cell() -> None:
    inner = "".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in ("b", "c"))
    cells = f"<w:tc>{paragraph('a')}</w:tc><w:tc><w:tbl><w:tr>{inner}</w:tr></w:tbl></w:tc>"

    assert lines(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>") == ["a | b c"]


def test_an_outline_level_makes_a_heading_and_body_text_unmakes_one() -> None:
    found = document(
        with_body(
            paragraph("Bakgrund", look='<w:outlineLvl w:val="1"/>')
            + paragraph(PROSE)
            + paragraph("Rad i brödtexten", style="Normal", look='<w:outlineLvl w:val="9"/>')
        )
    )

    assert [section.heading for section in found.sections] == [""]
    assert found.title == "Bakgrund"


def test_a_style_is_what_it_is_based_on() -> None:
    styles = (
        '<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
        '<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-GB"/></w:rPr></w:rPrDefault></w:docDefaults>'
        '<w:style w:styleId="Egen"><w:name w:val="Min rubrik"/><w:basedOn w:val="R1"/></w:style>'
        '<w:style w:styleId="R1"><w:name w:val="heading 1"/><w:basedOn w:val="Egen"/></w:style>'
        '<w:style w:styleId="I1"><w:name w:val="toc 1"/></w:style>'
        '<w:style w:styleId="L1"><w:name w:val="List Number"/></w:style></w:styles>'
    )
    body = (
        paragraph("Första", style="Egen")
        + paragraph("Första 7", style="I1")
        + paragraph(PROSE)
        + paragraph("Andra", style="Egen")
        + paragraph("ett", style="L1")
        + paragraph("två", style="L1")
    )
    found = document(with_body(body, **{"word/styles.xml": styles}))

    assert [(section.heading, section.text) for section in found.sections] == [
        ("", PROSE),
        ("Andra", "ett\ntvå"),
    ]


@pytest.mark.parametrize(
    ("text", "look", "is_heading"),
    [
        ("Så gick det till", "<w:b/>", True),
        ("Så gick det till", '<w:b w:val="0"/>', False),
        ("Så gick det till.", "<w:b/>", False),
    ],
)
def test_a_short_line_in_bold_is_a_heading_where_no_style_marks_any(
    text: str, look: str, is_heading: bool
) -> None:
    bold = f"<w:p><w:r><w:rPr>{look}</w:rPr><w:t>{text}</w:t></w:r></w:p>"
    found = document(with_body(paragraph("Inledning.") + bold + paragraph(PROSE)))

    assert (found.title == text or text in [s.heading for s in found.sections]) is is_heading


# --- what gives no document ---------------------------------------------------------------------

ENTITIES = (
    '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "'
    + "&a;" * 100
    + '"><!ENTITY c "'
    + "&b;" * 100
    + '"><!ENTITY d SYSTEM "file:///etc/hostname">]>'
)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "parse_error"),
        (b"PK\x03\x04 men inget mer", "parse_error"),
        (b"<!doctype html><title>Logga in</title>", "parse_error"),
        (AGREEMENT[: len(AGREEMENT) // 2], "parse_error"),
        (archive({"anteckning.txt": "hej"}), "parse_error"),
        (with_parts({"word/document.xml": None}), "parse_error"),
        (with_parts({"word/document.xml": "<w:document"}), "parse_error"),
        (with_parts({"[Content_Types].xml": "<Types/>"}), "parse_error"),
        (with_body(""), "without_text"),
        (with_parts({"word/media/a.bin": bytes(101_000_000)}), "parse_limit"),
        (with_parts({"word/comments.xml": b" " * 31_000_000}), "parse_limit"),
        (with_parts({"word/media/a.bin": bytes(20_000_000)}), "parse_limit"),
        (archive({f"{number}.xml": "" for number in range(5_001)}), "parse_limit"),
        (CONTAINER + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (CONTAINER + "WordDocument".encode("utf-16-le"), "parse_error"),
    ],
    ids=[
        *("none", "mark", "html", "cut", "other", "bodiless", "broken", "untyped", "empty"),
        *("large", "much-xml", "ratio", "members", "encrypted", "old"),
    ],
)
def test_what_cannot_be_read_says_why(body: bytes, reason: str) -> None:
    found = read(body)

    assert found.document is None
    assert found.reason == reason
    assert found.trace["parse"]


def test_an_encrypted_member_says_so() -> None:
    central = AGREEMENT.index(b"PK\x01\x02")
    locked = bytearray(AGREEMENT)
    locked[central + 8] |= 1

    assert read(bytes(locked)).reason == "encrypted"


def test_what_is_nested_is_said_once() -> None:
    assert lines("<w:p><w:r><w:t>ytter</w:t></w:r>" + paragraph("inner") + "</w:p>") == ["ytter"]


def test_entities_are_neither_expanded_nor_loaded() -> None:
    body = with_parts(
        {
            "word/document.xml": ENTITIES
            + '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
            f"<w:body>{paragraph('före &c; &d; efter')}{paragraph(PROSE)}</w:body></w:document>"
        }
    )
    found = read(body)

    said = "" if found.document is None else str(found.document.sections)
    assert "haha" not in said
    assert found.reason in {"", "parse_error"}


def test_so_much_text_is_cut_off() -> None:
    found = read(with_body(paragraph("Ord på ord på ord. " * 500) * 250))

    assert found.trace["text"] == "Word, cut off"
    assert found.document is not None
    assert 2_000_000 <= sum(len(section.text) for section in found.document.sections) < 2_020_000


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(AGREEMENT) - 1), st.binary(min_size=1, max_size=40))
def test_any_damage_has_an_extraction(place: int, rubbish: bytes) -> None:
    found = read(AGREEMENT[:place] + rubbish + AGREEMENT[place + len(rubbish) :])

    assert (found.document is None) == bool(found.reason)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.sampled_from(["p", "r", "t", "tbl", "tr", "tc", "sdt", "br", "pPr"]), max_size=30)
)
def test_any_nesting_has_an_extraction(tags: list[str]) -> None:
    opened = "".join(f"<w:{tag}>x" for tag in tags)
    closed = "".join(f"</w:{tag}>" for tag in reversed(tags))

    assert read(with_body(opened + closed)).reason in {"", "without_text"}
