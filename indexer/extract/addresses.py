"""E-mail addresses and telephone numbers, however a page hides them from collectors."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from indexer.extract.charset import clean
from indexer.extract.dom import ElementPath, drop

if TYPE_CHECKING:
    from collections.abc import Callable

    from lxml.etree import _Element as Element

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_DOT = r"(?:\.|\s*[\[({]\s*(?:dot|punkt|\.)\s*[\])}]\s*|\s+(?:dot|punkt)\s+)"
_TOP_LEVEL = r"(?:se|org|com|net|nu|eu|edu|fi|no|dk|de|uk)"
# In brackets anything goes; bare words only between a name with a dot and a host with a known end.
_OBFUSCATED = re.compile(
    rf"([\w.+-]+)\s*"
    rf"(?:[\[({{<]\s*(?:at|a|ät|@|snabel-?a)\s*[\])}}>]|\s@\s?|@\s|\s+snabel-?a\s+)\s*"
    rf"([\w-]+(?:{_DOT}[\w-]+)+)"
    rf"|([\w+-]+(?:\.[\w+-]+)+)\s+at\s+([\w-]+(?:{_DOT}[\w-]+)*{_DOT}{_TOP_LEVEL})\b",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w./-])(?:\+|00?)\d[\d\s()/–-]{5,18}\d(?!\w)(?!-\d)")
_ROT13 = str.maketrans(
    {letter: codecs.encode(letter, "rot13") for letter in map(chr, range(65, 123))}
)
_HIDING = ElementPath(
    ".//*[self::a or self::span][@data-cfemail or @data-enc-email or @data-user or @data-name"
    " or contains(@href, '/email-protection#')] | .//img[@alt]"
)
_CLOUDFLARE = "/cdn-cgi/l/email-protection#"
_LONGEST_HREF = 500


def reveal_addresses(root: Element) -> None:
    """Write out addresses that were hidden from collectors, where they stand.

    Cloudflare's data-cfemail, rot13 in data-enc-email, an address in two data attributes, and
    pictures whose alternative text is "@".
    """
    for element in _HIDING(root):
        if element.tag == "img":
            if clean(element.get("alt") or "") in {"@", "snabel-a", "(at)"}:
                element.tail = f"@{(element.tail or '').lstrip()}"
                drop(element)
            continue
        address = next((found for reveal in _REVEALERS if (found := reveal(element))), "")
        if address:
            for child in list(element):
                element.remove(child)
            element.text = address


def mailto_address(href: str) -> str:
    """Return the address that a ``mailto:`` link writes to (RFC 6068)."""
    if len(href) > _LONGEST_HREF:
        return ""
    return email_in(re.sub(r"^\s*mailto:\s*", "", unquote(href), flags=re.IGNORECASE).split("?")[0])


def is_mailto(href: str) -> bool:
    """Tell whether a link writes a letter."""
    return href.lstrip()[:7].lower() == "mailto:"


def email_in(text: str) -> str:
    """Return the first e-mail address of a text in lower case, or nothing."""
    if match := _EMAIL.search(text):
        return match[0].lower().strip(".")
    if match := _OBFUSCATED.search(text):
        host = re.sub(_DOT, ".", match[2] or match[4], flags=re.IGNORECASE)
        return f"{match[1] or match[3]}@{host}".lower()
    return ""


def phone_in(text: str) -> str:
    """Return the first telephone number of a text, or nothing."""
    match = _PHONE.search(text)
    return phone(match[0]) if match else ""


def phone(text: str) -> str:
    """Return a number in one form: no "(0)" behind a country, a hyphen for any dash."""
    number = re.sub(r"\s*[‐-―]\s*|\s+-\s*|\s*-\s+", "-", clean(text))
    if number.startswith(("+", "00")):
        number = re.sub(r"\s*\(0\)\s*-?\s*", " ", number)
    return clean(number)


def without_addresses(text: str) -> str:
    """Return `text` with a bar instead of every address and number."""
    return _PHONE.sub(" | ", _OBFUSCATED.sub(" | ", _EMAIL.sub(" | ", text)))


def _cloudflare(element: Element) -> str:
    hidden = element.get("data-cfemail") or ""
    href = element.get("href") or ""
    if not hidden and _CLOUDFLARE in href:
        hidden = href.partition(_CLOUDFLARE)[2]
    return _decoded(hidden) if hidden else ""


def _rot13(element: Element) -> str:
    hidden = element.get("data-enc-email")
    return email_in(hidden.translate(_ROT13)) if hidden else ""


def _in_halves(element: Element) -> str:
    user = element.get("data-user") or element.get("data-name")
    host = element.get("data-domain") or element.get("data-host")
    return email_in(f"{user}@{host}") if user and host else ""


_REVEALERS: tuple[Callable[[Element], str], ...] = (_cloudflare, _rot13, _in_halves)


def _decoded(hidden: str) -> str:
    """Return what Cloudflare hid: bytes in hexadecimal, each XORed with the first."""
    try:
        key, *rest = bytes.fromhex(hidden)
        return email_in(bytes(byte ^ key for byte in rest).decode())
    except ValueError:
        return ""
