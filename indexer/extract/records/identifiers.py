"""Names of publications and people that mean the same everywhere, each in one spelling."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_MAX_URL = 2_000
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]{1,300}")
_ORCID = re.compile(r"(?<!\d)(\d{4})-?(\d{4})-?(\d{4})-?(\d{3}[\dXx])(?![\dA-Za-z])")
_URN = re.compile(r"\burn:nbn:[a-z]{2}[a-z0-9:_.-]{1,200}", re.IGNORECASE)
_DIVA = re.compile(r"\bdiva2:\d{1,12}\b")
_ISBN = re.compile(r"(?:97[89][ -]?)?(?:\d[ -]?){9}[\dXx]")
_ISSN = re.compile(r"(?<![\d-])\d{4}-\d{3}[\dXx](?![\d-])")
_HANDLE = re.compile(r"hdl\.handle\.net/([^\s\"<>?#]{3,200})")
_ORCID_MODULUS = 11
_TEN = "X"


def doi(text: str) -> str:
    """Return the DOI in a text or URL, in lower case (DOI handbook, 2.4), or ""."""
    found = _DOI.search(unquote(text))
    return found[0].rstrip(".,;").lower() if found else ""


def orcid(text: str) -> str:
    """Return the ORCID in a text as 0000-0000-0000-0000, or "" if its check digit is wrong."""
    found = _ORCID.search(text)
    if not found:
        return ""
    digits = "".join(found.groups()).upper()
    total = 0
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2
    check = (12 - total % _ORCID_MODULUS) % _ORCID_MODULUS
    expected = _TEN if check == len("0123456789") else str(check)
    return "-".join(found.groups()).upper() if digits[-1] == expected else ""


def urn(text: str) -> str:
    """Return the URN of a national library in a text or URL, or ""."""
    found = _URN.search(unquote(text))
    return found[0].rstrip(".") if found else ""


def diva(text: str) -> str:
    """Return DiVA's number of a record, diva2:123, or ""."""
    found = _DIVA.search(unquote(text))
    return found[0] if found else ""


def isbn(text: str) -> str:
    """Return the ISBN in a text without hyphens, or ""."""
    found = _ISBN.search(text)
    return re.sub("[ -]", "", found[0]).upper() if found else ""


def issn(text: str) -> str:
    """Return the ISSN in a text, or ""."""
    found = _ISSN.search(text)
    return found[0].upper() if found else ""


def handle(text: str) -> str:
    """Return the handle in a URL of hdl.handle.net, or ""."""
    found = _HANDLE.search(text)
    return unquote(found[1]) if found else ""


def web_url(text: str) -> str:
    """Return a text that is an http or https URL without a user name, or ""."""
    url = text.strip()
    if len(url) > _MAX_URL or not url.isprintable() or any(char in url for char in " <>\"'\\"):
        return ""
    try:
        parts = urlsplit(url)
        is_web = parts.scheme in {"http", "https"} and bool(parts.hostname)
    except ValueError:
        return ""
    return url if is_web and "@" not in parts.netloc else ""


def landing_pages(stated: Iterable[str], known: Mapping[str, str]) -> tuple[str, ...]:
    """Return the pages about a publication, the best first.

    A page of the repository, where it states one; then resolvers of URN, DOI and handle.
    """
    urls = [url for raw in stated if (url := web_url(raw))]
    # A DOI leads to the publisher, where many have to pay.
    own = [url for url in urls if not doi(url)]
    resolvers = []
    if known.get("urn", "").lower().startswith("urn:nbn:se"):
        resolvers.append(f"http://urn.kb.se/resolve?urn={known['urn']}")
    if "doi" in known:
        resolvers.append(f"https://doi.org/{known['doi']}")
    if "handle" in known:
        resolvers.append(f"https://hdl.handle.net/{known['handle']}")
    return tuple(dict.fromkeys((*own, *resolvers, *urls)))
