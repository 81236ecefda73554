"""URLs and host names as other canonicalisations spell them."""

from __future__ import annotations

import unicodedata
from collections import Counter
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import idna

from indexer.fetch import canonicalize
from tests.vectors.data import vectors

# --- scrapy/w3lib: canonicalize_url ---------------------------------------------------------------

ORDER = "parameters keep their order and their spelling: a server may read either as it likes"
FRAGMENT = "a fragment names a place in a page, never another page"
ENCODING = "what is not ASCII is UTF-8, in a query too"
BLANK = "a parameter without a value stays"
CREDENTIALS = "a URL with a user name or a password is refused"
NOT_THE_WEB = "a URL that is relative, or of another scheme, is none to fetch"
EMPTY_LABEL = "a host with an empty label is none"

W3LIB = {
    ORDER: 13,
    FRAGMENT: 3,
    ENCODING: 2,
    BLANK: 2,
    CREDENTIALS: 5,
    NOT_THE_WEB: 5,
    EMPTY_LABEL: 1,
}
"""How many vectors are answered otherwise, by the reason."""


def reason_of(vector: dict[str, Any], url: str, ours: str | None) -> str:
    options, parts = vector["kw"] or {}, urlsplit(url)
    reasons = {
        NOT_THE_WEB: parts.scheme not in {"http", "https"},
        CREDENTIALS: "@" in parts.netloc,
        EMPTY_LABEL: parts.netloc.startswith("."),
        FRAGMENT: "#" in vector["out"] and ours == vector["out"].partition("#")[0],
        ENCODING: "encoding" in options,
        BLANK: options.get("keep_blank_values") is False,
        ORDER: ours is not None and same_parameters(ours, vector["out"]),
    }
    unexplained = f"unexplained: {url} is {vector['out']}, not {ours}"
    return next((reason for reason, holds in reasons.items() if holds), unexplained)


def same_parameters(one: str, other: str) -> bool:
    ours, theirs = (urlsplit(url.replace(";", "&")) for url in (one, other))
    pairs = [sorted(parse_qsl(parts.query, keep_blank_values=True)) for parts in (ours, theirs)]
    return pairs[0] == pairs[1] and ours._replace(query="") == theirs._replace(query="")


def test_urls_are_spelled_as_by_w3lib_or_otherwise_for_a_reason() -> None:
    differences: Counter[str] = Counter()
    for vector in vectors("url/w3lib-canonicalize.jsonl"):
        url = vector["in"]
        if isinstance(url, dict):
            url = url["bytes_latin1"].encode("latin-1").decode("utf-8")
        ours = canonicalize(url)
        if ours != vector["out"]:
            differences[reason_of(vector, url, ours)] += 1

    assert differences == W3LIB


# --- web-platform-tests: domains to ASCII ---------------------------------------------------------

ROOT_DOT = "a dot at the end of a host means nothing to a crawler, and is dropped"
LENGTH = "labels have 1 to 63 characters and names 253 at most, or no DNS server knows them"
HYPHEN = "a label neither begins nor ends with a hyphen (RFC 1123, section 2.1)"
CHARACTER = "a character that IDNA 2008 has no place for (RFC 5892), or that no host has"
LABEL = "a label that IDNA 2008 has no place for (RFC 5891, section 4.2; RFC 5893)"

IDNA = {ROOT_DOT: 86, LENGTH: 166, HYPHEN: 68, CHARACTER: 160, LABEL: 14}
"""How many domains are answered otherwise, by the reason. Nothing is accepted that should not."""


def why_refused(domain: str, theirs: str) -> str:
    labels = theirs.removesuffix(".").split(".")
    if not all(0 < len(label) < 64 for label in labels) or len(".".join(labels)) > 253:
        return LENGTH
    if any(label.startswith("-") or label.endswith("-") for label in labels):
        return HYPHEN
    try:
        idna.encode(unicodedata.normalize("NFC", domain).lower(), uts46=True)
    except idna.InvalidCodepoint:
        return CHARACTER
    except idna.IDNAError as error:
        return HYPHEN if "start or end with a hyphen" in str(error) else LABEL
    return f"unexplained refusal of {domain!a}"


def test_domains_are_spelled_as_in_browsers_or_refused_for_a_reason() -> None:
    differences: Counter[str] = Counter()
    for vector in vectors("url/wpt-idna.jsonl"):
        domain, theirs = vector["input"], vector["output"]
        ours = canonicalize(f"https://{domain}/x")
        if ours == (theirs and f"https://{theirs}/x"):
            continue
        if ours is None:
            differences[why_refused(domain, theirs)] += 1
        elif theirs and ours == f"https://{theirs.removesuffix('.')}/x":
            differences[ROOT_DOT] += 1
        else:
            differences[f"unexplained: {domain!a} is {theirs!a}, not {ours!a}"] += 1

    assert differences == IDNA
