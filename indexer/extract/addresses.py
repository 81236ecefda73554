"""E-mail addresses and telephone numbers, however a page hides them from collectors."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

from indexer.extract.charset import clean

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_OBFUSCATED = re.compile(
    r"([\w.+-]+)\s*[\[({]\s*(?:at|a|snabel-?a)\s*[\])}]\s*([\w-]+(?:(?:\.|\s*[\[({]\s*(?:dot|punkt)\s*"
    r"[\])}]\s*)[\w-]+)+)",
    re.IGNORECASE,
)
_PHONE = re.compile(r"(?<![\w-])(?:\+|00?)\d[\d\s()/-]{5,18}\d(?!\w)")


def reveal_addresses(root: Element) -> None:
    """Write out addresses that were hidden from collectors (Cloudflare's data-cfemail)."""
    for element in root.iter("a", "span"):
        hidden = element.get("data-cfemail")
        if hidden and (address := _decoded(hidden)):
            for child in list(element):
                element.remove(child)
            element.text = address


def mailto_address(href: str) -> str:
    """Return the address that a ``mailto:`` link writes to (RFC 6068)."""
    return email_in(unquote(href).removeprefix("mailto:").split("?")[0])


def email_in(text: str) -> str:
    """Return the first e-mail address of a text in lower case, or nothing."""
    if match := _EMAIL.search(text):
        return match[0].lower().rstrip(".")
    if match := _OBFUSCATED.search(text):
        host = re.sub(r"\s*[\[({]\s*(?:dot|punkt)\s*[\])}]\s*", ".", match[2], flags=re.IGNORECASE)
        return f"{match[1]}@{host}".lower()
    return ""


def phone_in(text: str) -> str:
    """Return the first telephone number of a text, or nothing."""
    match = _PHONE.search(text)
    return clean(match[0]) if match else ""


def without_addresses(text: str) -> str:
    """Return `text` with a space instead of every address and number."""
    return _PHONE.sub(" ", _OBFUSCATED.sub(" ", _EMAIL.sub(" ", text)))


def _decoded(hidden: str) -> str:
    """Return what Cloudflare hid: bytes in hexadecimal, each XORed with the first."""
    try:
        key, *rest = bytes.fromhex(hidden)
        return email_in(bytes(byte ^ key for byte in rest).decode())
    except ValueError:
        return ""
