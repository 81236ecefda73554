"""Bytes to text: which encoding, in the order of trust.

Byte order mark, HTTP header, the page's own declaration, UTF-8 if it is valid, windows-1252.
Labels mean what browsers take them for: latin-1 is windows-1252 (WHATWG Encoding, section 4.2).
"""

from __future__ import annotations

import codecs
import re
import unicodedata

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MARKUP_IN_UTF16 = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_PRESCAN_BYTES = 2048
_META = re.compile(
    rb"<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]{2,40})", re.IGNORECASE
)
_XML = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_:.-]{2,40})")
_AS_BROWSERS_DO = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254"}
# What the web uses, by Python's names; not utf-7, idna and others that no browser knows.
_ENCODINGS = re.compile(
    r"utf-8|utf-16(?:-[lb]e)?|iso8859-\d+|cp(?:1250|1251|1252|1253|1254|1255|1256|1257|1258|866|874|932)"
    r"|koi8-[ru]|mac-roman|mac-cyrillic|gbk|gb2312|gb18030|big5|euc_jp|euc_kr|shift_jis|iso2022_jp"
)

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
    for label, whose in ((declared, "HTTP header"), (_in_page(body), "the page's own declaration")):
        known = _known(label)
        if known and (text := _if_believable(body, known)) is not None:
            return text, f"{whose}: {known}"
    try:
        return body.decode("utf-8"), "valid UTF-8"
    except UnicodeDecodeError:
        return _text(body, "cp1252"), "no valid UTF-8: windows-1252"


def clean(text: str) -> str:
    """Return `text` composed (NFC), without invisible characters, white space folded to one."""
    folded = " ".join(text.split())
    if not folded.isprintable():
        folded = " ".join(_CONTROL.sub(" ", _INVISIBLE.sub("", folded)).split())
    return folded if folded.isascii() else unicodedata.normalize("NFC", folded)


def _in_page(body: bytes) -> str | None:
    start = body[:_PRESCAN_BYTES]
    found = _META.search(start) or _XML.match(start)
    label = found[1].decode("ascii") if found else None
    # A page that can be read so far as to say utf-16 is not in utf-16 (WHATWG HTML, prescan).
    return None if label and label.lower().startswith(("utf-16", "utf16")) else label


def _known(label: str | None) -> str | None:
    """Return Python's name of the encoding that browsers take a label for."""
    try:
        name = codecs.lookup((label or "").strip()).name
    except (LookupError, ValueError):
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
