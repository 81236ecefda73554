"""Bytes to text: which encoding, in the order of trust.

Byte order mark, HTTP header, the page's own declaration, UTF-8 if it is valid, windows-1252.
Labels mean what browsers take them for: latin-1 is windows-1252 (WHATWG Encoding, section 4.2).
"""

from __future__ import annotations

import codecs
import re
import unicodedata

from indexer.extract.prescan import declared_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKUP_IN_UTF16 = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})")
_LABEL = re.compile(r"[A-Za-z0-9_:.-]{2,40}")
_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}
# What the web uses, by Python's names; not utf-7, idna and others that no browser knows.
_ENCODINGS = re.compile(
    r"utf-8|utf-16(?:-[lb]e)?|iso8859-\d+|cp(?:1250|1251|1252|1253|1254|1255|1256|1257|1258|866|874|932)"
    r"|koi8-[ru]|mac-roman|mac-cyrillic|gbk|gb2312|gb18030|big5|euc_jp|euc_kr|shift_jis|iso2022_jp"
)

_BEYOND_ASCII = re.compile("[^\\x00-\\x7f\ufffd]")
# A letter of windows-1252 next to never begins a valid one of UTF-8: a few of these prove a lot.
_LETTERS_A_FAULT = 5

# Soft hyphen, zero-width space and joiners, word joiner, byte order mark, and bidi overrides.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def decode(body: bytes, *, declared: str | None) -> tuple[str, str]:
    """Return the text of `body`, and how its encoding was found; `declared` is HTTP's charset."""
    for mark, name in _BOMS:
        if body.startswith(mark):
            return _text(body, name), f"byte order mark: {name}"
    for start, utf16 in _MARKUP_IN_UTF16:
        if body.startswith(start):
            return _text(body, utf16), f"markup in {utf16}"
    said = (_known(declared), "HTTP header"), (_in_page(body), "the page's own declaration")
    for known, whose in said:
        if known and (text := _if_believable(body, known)) is not None:
            return text, f"{whose}: {known}"
    return _undeclared(body)


def clean(text: str) -> str:
    """Return `text` composed (NFC), without invisible characters, white space folded to one."""
    folded = " ".join(text.split())
    if not folded.isprintable():
        folded = " ".join(_CONTROL.sub(" ", _INVISIBLE.sub("", folded)).split())
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)


def _undeclared(body: bytes) -> tuple[str, str]:
    """Read what nobody declared: UTF-8 if it is that, but for a byte here and there."""
    if _is_utf8(body):
        return _text(body, "utf-8"), "valid UTF-8"
    as_utf8 = _text(body, "utf-8")
    letters, faults = len(_BEYOND_ASCII.findall(as_utf8)), as_utf8.count("\ufffd")
    if letters >= _LETTERS_A_FAULT * faults:
        return as_utf8, f"UTF-8 with {faults} bytes that are none"
    return _text(body, "cp1252"), "no valid UTF-8: windows-1252"


def _in_page(body: bytes) -> str | None:
    """Return the encoding that the page or, in XML, its first line declares."""
    in_xml = _XML.match(body)
    encoding = declared_encoding(body, known=_known)
    encoding = encoding or (_known(in_xml[1].decode("ascii")) if in_xml else None)
    # A page that can be read so far as to say utf-16 is not in utf-16.
    return "utf-8" if encoding and encoding.startswith("utf-16") else encoding


def _known(label: str | None) -> str | None:
    """Return Python's name of the encoding that browsers take a label for."""
    # Python would look past quotes and other marks: iso8859-2" is no label.
    plain = _LABEL.fullmatch((label or "").strip())
    try:
        name = codecs.lookup(plain[0] if plain else "").name
    except LookupError:
        return None
    name = _AS_BROWSERS_DO.get(name, name)
    return name if _ENCODINGS.fullmatch(name) else None


def _if_believable(body: bytes, name: str) -> str | None:
    """Return the text of `body` unless a look at the bytes proves the declaration wrong.

    Servers that declare one charset for a whole site are common, and a page of ÃƒÂ¥ helps nobody:
    what is valid UTF-8 beyond ASCII is not windows-1252, and the other way round.
    """
    if name == "cp1252" and not body.isascii() and _is_utf8(body):
        return None
    text = _text(body, name)
    if name == "utf-8" and "\ufffd" in text and not re.search("[^\\x00-\\x7f\ufffd]", text):
        return None
    return text


def _is_utf8(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _text(body: bytes, name: str) -> str:
    return body.decode(name, errors="replace").removeprefix("\ufeff")
