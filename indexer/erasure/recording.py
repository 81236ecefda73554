"""From what is to be forgotten to the keyed hashes that are kept of it."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from indexer.erasure.ledger import Erasure, hashed
from indexer.erasure.phrases import (
    email_phrase,
    name_words,
    phone_phrase,
    slug,
    spellings,
    url_phrase,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping


def erasure_of_page(
    asked: str,
    *,
    urls: Iterable[str],
    contents: Iterable[str] = (),
    key: bytes,
    at: dt.datetime,
) -> Erasure:
    """Return the erasure of a page that is found at all of `urls`; `asked` was asked for.

    `contents` are the content hashes of its documents: the same text elsewhere is it, too.
    """
    found = {
        "url": {url_phrase(url) for url in (asked, *urls)},
        "content": {one for one in contents if one},
    }
    return Erasure(
        id=secrets.token_hex(4),
        subject="page",
        at=at,
        key=key,
        asked=hashed(key, "url", url_phrase(asked)),
        hashes=_hashes(key, found),
    )


def erasure_of_person(
    asked: str,
    *,
    names: Iterable[str],
    emails: Iterable[str],
    phones: Iterable[str],
    own_pages: Iterable[str],
    evidence: Iterable[str] | None,
    key: bytes,
    at: dt.datetime,
) -> Erasure:
    """Return the erasure of a person who is written in these ways.

    `own_pages` are the URLs of pages that are about nobody else. With `evidence`, which may be
    empty, the name is shared: it counts on those pages, and where an address or a number is.
    """
    words = [split for name in names if (split := name_words(name))]
    found = {
        "name": {" ".join(spelled) for one in words for spelled in spellings(one)},
        "first": {spelled[0] for one in words for spelled in spellings(one)},
        "slug": {slug(spelled) for one in words for spelled in spellings(one)},
        "email": {email_phrase(email) for email in emails},
        "phone": {phrase for phone in phones if (phrase := phone_phrase(phone))},
        "url": {url_phrase(url) for url in own_pages},
        "page": {url_phrase(url) for url in evidence or ()},
    }
    return Erasure(
        id=secrets.token_hex(4),
        subject="person",
        at=at,
        key=key,
        asked=_asked(key, asked),
        hashes=_hashes(key, found),
        longest=max(map(len, words), default=0),
        needs_evidence=evidence is not None,
    )


def is_about(erasure: Erasure, asked: str) -> bool:
    """Tell whether an erasure was asked for in these words."""
    if erasure.subject == "page":
        return erasure.asked == hashed(erasure.key, "url", url_phrase(asked))
    return erasure.asked == _asked(erasure.key, asked)


def _hashes(key: bytes, found: Mapping[str, set[str]]) -> dict[str, frozenset[bytes]]:
    return {
        kind: frozenset(hashed(key, kind, phrase) for phrase in phrases)
        for kind, phrases in found.items()
        if phrases
    }


def _asked(key: bytes, who: str) -> bytes:
    if "@" in who:
        return hashed(key, "email", email_phrase(who))
    return hashed(key, "name", " ".join(name_words(who)))
