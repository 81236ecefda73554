from __future__ import annotations

import codecs
import datetime as dt
import unicodedata

import pytest

from indexer.model import Person
from tests.unit.extract.pages import document, html, text

META = '<meta charset="{}">'
OLD_META = '<meta http-equiv="Content-Type" content="text/html; charset={}">'
MAIN = """<h1>Sjövägens förskola</h1><p>Åtta lärare på Öckerö prövar nya sätt – ”lyssna först” – i tre år.</p>
<h2>Prioriterade områden</h2><ul><li>Språkutveckling på landsbygden</li><li>Kött, fågel och räkor</li></ul>
<h2>Kontakt</h2><p>Åsa Öberg, föreståndare, asa.oberg@example.org</p><p>Senast ändrad 3 mars 2025</p>"""


def whole(head: str = "") -> str:
    return html(MAIN, title="Sjövägens förskola", head=head)


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        (whole().encode("cp1252"), None),
        (whole(META.format("iso-8859-1")).encode("cp1252"), None),
        (whole(OLD_META.format("ISO-8859-1")).encode("cp1252"), None),
        (whole().encode("cp1252"), "ISO-8859-1"),
        (codecs.BOM_UTF8 + whole().encode(), None),
        (codecs.BOM_UTF8 + whole(META.format("iso-8859-1")).encode(), "iso-8859-1"),
        (codecs.BOM_UTF16_LE + whole().encode("utf-16-le"), None),
        (codecs.BOM_UTF16_BE + whole().encode("utf-16-be"), None),
        (whole().encode("utf-16-le"), None),
        (whole(META.format("utf-8")).encode(), None),
        (whole().encode(), None),
        (whole(META.format("iso-8859-1")).encode(), None),
        (whole().encode("cp1252"), "utf-8"),
        (unicodedata.normalize("NFD", whole()).encode(), "utf-8"),
    ],
    ids=[
        "windows-1252 without a declaration",
        "ISO-8859-1 in meta",
        "ISO-8859-1 in http-equiv",
        "ISO-8859-1 in HTTP",
        "UTF-8 with a mark",
        "a mark against both declarations",
        "UTF-16 little-endian",
        "UTF-16 big-endian",
        "UTF-16 without a mark",
        "UTF-8 in meta",
        "UTF-8 without a declaration",
        "UTF-8 that says ISO-8859-1",
        "windows-1252 that says UTF-8",
        "decomposed letters",
    ],
)
def test_the_whole_page_comes_out_right(body: bytes, charset: str | None) -> None:
    found = document(body, charset=charset)

    assert found.title == "Sjövägens förskola"
    assert "Åtta lärare på Öckerö prövar nya sätt – ”lyssna först” – i tre år." in text(found)
    assert found.areas == ("Språkutveckling på landsbygden", "Kött, fågel och räkor")
    assert found.persons == (
        Person(name="Åsa Öberg", role="föreståndare", email="asa.oberg@example.org"),
    )
    assert found.modified == dt.date(2025, 3, 3)
    assert found.language == "sv"
    assert unicodedata.is_normalized("NFC", text(found))
