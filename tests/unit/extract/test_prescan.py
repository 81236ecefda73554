"""Which encoding a page declares, and what only looks like a declaration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.extract.charset import decode
from indexer.extract.prescan import PRESCAN_BYTES, declared_encoding

LABELS = {"iso-8859-2", "koi8-r"}


def declared(text: str) -> str | None:
    return declared_encoding(
        text.encode("latin-1"), known=lambda label: label if label in LABELS else None
    )


@pytest.mark.parametrize(
    "text",
    [
        "<meta charset=koi8-r>",
        "<META CHARSET='koi8-r'/>",
        '<meta\ncharset\n=\n"koi8-r">',
        "<meta name=x charset=koi8-r >",
        "<meta charset=koi8-r charset=iso-8859-2>",
        '<meta http-equiv=Content-Type content="text/html; charset=koi8-r">',
        "<meta content='text/html; charset = \"koi8-r\"' http-equiv='content-type'>",
        "<meta http-equiv=content-type content='charset charset=koi8-r;x'>",
        "<meta charset=x><meta charset=koi8-r>",
        "<meta http-equiv=refresh content='charset=iso-8859-2'><meta charset=koi8-r>",
        "<!--<meta charset=iso-8859-2>--><meta charset=koi8-r>",
        "<!-->--><meta charset=koi8-r>",
        (
            "<!doctype html><?x <meta charset=iso-8859-2?><p a='<meta charset=iso-8859-2>'>"
            "</p b=1><meta charset=koi8-r>"
        ),
        f"<!--{'x' * 9000}--><meta charset=koi8-r>",
    ],
)
def test_a_page_declares_its_encoding(text: str) -> None:
    assert declared(text) == "koi8-r"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<",
        "<meta",
        "<meta charset",
        "<meta charset=koi8-r",
        "<meta charset='koi8-r>",
        "<metacharset=koi8-r>",
        "<meta charset=>",
        "<meta charset>",
        "<meta name=charset content=koi8-r>",
        "<meta content='charset=koi8-r'>",
        "<meta http-equiv=content-type>",
        "<meta http-equiv=content-type content='charset=\"koi8-r'>",
        "<p title='<meta charset=koi8-r>'>",
        "<p title='<meta charset=koi8-r>",
        "<!-- <meta charset=koi8-r>",
        f"<!--{'x' * PRESCAN_BYTES}--><meta charset=koi8-r>",
    ],
)
def test_what_only_looks_like_a_declaration_is_none(text: str) -> None:
    assert declared(text) is None


@given(body=st.text(alphabet="<>!-/?= '\"metachrsk8pquivon", max_size=80))
def test_any_text_is_scanned_to_an_end(body: str) -> None:
    assert declared(body) in {None, *LABELS}


def test_a_label_ends_where_it_ends() -> None:
    assert decode(b'<meta charset=iso8859-2">', declared=None)[1] == "valid UTF-8"
    assert decode(b"<p>", declared=" iso8859-2 ")[1] == "HTTP header: iso8859-2"
    assert decode(b"<p>", declared='"iso8859-2')[1] == "valid UTF-8"
