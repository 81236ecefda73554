"""The XML of strangers, and the markup inside its fields."""

from __future__ import annotations

import time

import pytest
from lxml import etree

from indexer.extract.records import BrokenXml, parse
from indexer.extract.records.plain_text import line, paragraphs


@pytest.mark.parametrize(
    ("markup", "expected"),
    [
        ("Ren text", "Ren text"),
        ("<p>Ett</p><p>Två</p>", "Ett\nTvå"),
        ("Ett<br/>två<BR>tre", "Ett\ntvå\ntre"),
        ("H<sub>2</sub>O och <em>x</em>", "H2O och x"),
        ("<ul><li>a</li><li>b</li></ul>", "a\nb"),
        ("&lt;p&gt;Dubbelt&lt;/p&gt;", "Dubbelt"),
        ("<jats:title>Abstract</jats:title><jats:p>Text.</jats:p>", "Abstract\nText."),
        ("<mml:math><mml:mi>x</mml:mi></mml:math>", "x"),
        ('<a href="https://example.org/?a=1&copy=2">länk</a>', "länk"),
        ("p < 0.05 och q > 3", "p < 0.05 och q > 3"),
        ("p &lt; 0.05", "p < 0.05"),
        ("List<T> av x<y", "List<T> av x<y"),
        ("AT&T, R&D, &copy=1, &aring;", "AT&T, R&D, &copy=1, å"),
        ("<script>alert(1)</script>kvar<style>p{}</style>", "kvar"),
        ("<!-- dold -->kvar", "kvar"),
        ("<script>utan slut", ""),
        ("rad som\n   bryts", "rad som bryts"),
        ("stycke\n\n  stycke", "stycke\nstycke"),
        ("mjukt\u00adstreck", "mjuktstreck"),
    ],
)
def test_markup_becomes_text_and_text_stays(markup: str, expected: str) -> None:
    assert paragraphs(markup) == expected


def test_a_line_is_cut_between_words() -> None:
    assert line("<p>ett två</p><p>tre fyra</p>", at_most=10) == "ett två …"


@pytest.mark.parametrize("piece", ["<", "<p ", "<script>", "<!--", "&lt;", "</", "<a:b "])
def test_no_markup_takes_long(piece: str) -> None:
    begun = time.monotonic()
    paragraphs(piece * 100_000)
    assert time.monotonic() - begun < 2


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (b"<a>\x01b\x0bc</a>", "bc"),
        (b"<a>&#1;b&#x1F;c&#xFFFF;&#99999999;&#65;</a>", "bcA"),
        (b"<a>\xe5</a>", "\ufffd"),
        ("<a>b\ufffe</a>".encode(), "b"),
        (b"<a>b&nbsp;c&aring;&amp;&unknown;</a>", "b\u00a0cå&&unknown;"),
        (b"<a>Barn & unga</a>", "Barn & unga"),
    ],
)
def test_what_repositories_leave_in_is_mended_and_said(body: bytes, text: str) -> None:
    root, mended = parse(body)

    assert root.text == text
    assert mended.endswith("were mended")


@pytest.mark.parametrize(
    "body",
    [
        b"<a>b</a>",
        b"\xef\xbb\xbf<a>b</a>",
        b"\n\n <?xml version='1.0'?><!-- x --><a>b</a>",
        "<?xml version='1.0' encoding='iso-8859-1'?><a>b</a>".encode("latin-1"),
        "<?xml version='1.0' encoding='utf-16'?><a>b</a>".encode("utf-16"),
    ],
)
def test_sound_xml_is_left_alone(body: bytes) -> None:
    root, mended = parse(body)

    assert (root.text, mended) == ("b", "")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"broken xml", "not well-formed"),
        (b"<a><b></a>", "not well-formed"),
        (b"<a><b>\x01", "not well-formed"),
        pytest.param(b"<a>" * 5000, "not well-formed", id="depth"),
        (b"<?xml version='1.0' encoding='iso-8859-1'?><a>\x01</a>", "not well-formed"),
        pytest.param(b"<a>&nbsp;" + b" " * 5_000_000 + b"</a>", "not well-formed", id="large"),
        pytest.param(b"<a>" + b"& " * 300_001 + b"</a>", "not well-formed", id="ampersands"),
        pytest.param(b"<a>" + b"<b/>" * 500_000 + b"</a>", "more than 500,000 tags", id="tags"),
        pytest.param(
            b"<a>" + b"<b c='' d='' e=''/>" * 150_000 + b"</a>",
            "more than 500,000 tags",
            id="attributes",
        ),
        (b"<!DOCTYPE html><html><body/></html>", "HTML"),
        (b"<html xmlns='http://www.w3.org/1999/xhtml'/>", "HTML"),
        (b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "type definition"),
        (b"<!DOCTYPE a SYSTEM 'file:///etc/passwd'><a/>", "type definition"),
        pytest.param(
            b"<!--" + b" " * 5000 + b"--><!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
            "type definition",
            id="late",
        ),
        (
            "<?xml version='1.0' encoding='utf-16'?><!DOCTYPE a [<!ENTITY b 'c'>]><a/>".encode(
                "utf-16"
            ),
            "type definition",
        ),
    ],
)
def test_what_is_no_sound_xml_is_refused(body: bytes, said: str) -> None:
    with pytest.raises(BrokenXml, match=said):
        parse(body)


def test_entities_are_not_expanded_however_deep_they_nest() -> None:
    laughs = "".join(f'<!ENTITY a{level} "{f"&a{level - 1};" * 10}">' for level in range(1, 12))
    bomb = f'<!DOCTYPE a [<!ENTITY a0 "ha">{laughs}]><a b="&a11;">&a11;</a>'
    begun = time.monotonic()
    for body in (bomb.encode(), f"<!--{' ' * 5000}-->{bomb}".encode()):
        with pytest.raises(BrokenXml):
            parse(body)
    assert time.monotonic() - begun < 1


def test_a_tag_with_very_many_attributes_does_not_freeze_the_parser() -> None:
    attributes = " ".join(f'x{number}="1"' for number in range(40_000))
    begun = time.monotonic()
    root, _ = parse(f"<a {attributes}/>".encode())
    assert time.monotonic() - begun < 2
    assert isinstance(root, etree._Element)
