"""The one form in which each way to write a name, an address, a number or a URL is hashed."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from indexer.analysis.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterator

# Apostrophes, soft hyphens and spaces of no width stand inside of words.
_INSIDE = "’'`´\u00ad\u200b-\u200d"
_LETTERS = r"[^\W_](?:[^\W_]|[\u0300-\u036f])*"
WORD = re.compile(rf"{_LETTERS}(?:[{_INSIDE}]{_LETTERS})*")
_HOST = re.compile(
    r"(?:@|[\[({<]\s?(?:at|a|ät|@|snabel-?a)\s?[\])}>]\s?)([\w-]+(?:\.[\w-]+)+)", re.IGNORECASE
)
_MAILBOX = re.compile(r"([\w.+-]{1,64})\s?$")
PHONE = re.compile(r"(?<![\w])(?:\+|\(?0)\d?[\d\s()/.\u00a0‐-―-]{4,22}\d")
URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'\\]+", re.IGNORECASE)

_PLAIN_WORD = re.compile(r"[^\W_]+")
_DROPPED = re.compile(rf"[{_INSIDE}]")
_DIGITS = re.compile(r"\d+")
_ABROAD = re.compile(r"(?:\+|00)")
_SWEDEN = "46"
_DEFAULT_PORT = re.compile(r":(?:80|443)$")
_BEHIND = ".,;:!?)]}…”’"
_FEWEST_DIGITS = 6


def word(token: str) -> str:
    """Return a word without case, apostrophes and invisible characters; diacritics count."""
    plain = token.casefold() if token.isascii() else unicodedata.normalize("NFC", token).casefold()
    return _DROPPED.sub("", plain)


def words(text: str) -> set[str]:
    """Return the words of a text, each once, as `word` returns them."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return set(_PLAIN_WORD.findall(_DROPPED.sub("", text.casefold())))


def name_words(name: str) -> tuple[str, ...]:
    """Return the words of a name in the order in which one says it, without titles."""
    # Loaded when somebody is to be forgotten: the workers of a crawl do without the engine.
    from indexer.engine.person_names import name_key  # noqa: PLC0415

    return tuple(word(found) for found in WORD.findall(name_key(name)))


def spellings(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the ways to write a name: Åsa Ek Berg, Ek Berg Åsa, Berg Åsa Ek, and Asa Ek Berg."""
    for spelled in dict.fromkeys((words, tuple(map(fold, words)))):
        for first in range(len(words)):
            yield spelled[first:] + spelled[:first]


def slug(words: tuple[str, ...]) -> str:
    """Return how an address writes these words: no diacritics, nothing between them."""
    return "".join(fold(one) for one in words)


def emails(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield where the e-mail addresses of a text stand, and each in one form."""
    # The sign first and the mailbox backwards: the other way round, every word is tried as one.
    for host in _HOST.finditer(text):
        begins = max(0, host.start() - 65)
        if box := _MAILBOX.search(text[begins : host.start()]):
            phrase = f"{box[1]}@{host[1]}".casefold().strip(".")
            yield begins + box.start(), host.end(), phrase


def email_phrase(email: str) -> str:
    """Return an e-mail address in one form."""
    return next((phrase for _start, _end, phrase in emails(email)), email.strip().casefold())


def phone_phrase(groups: str) -> str:
    """Return a telephone number in one form, or nothing where it is too short for one."""
    said = "".join(_DIGITS.findall(groups))
    if _ABROAD.match(groups.lstrip("( ")):
        said = said.removeprefix("00")
        if not said.startswith(_SWEDEN):
            return f"+{said}"
        said = said.removeprefix(_SWEDEN)
    said = said.lstrip("0")
    return said if len(said) >= _FEWEST_DIGITS else ""


def url_phrase(url: str) -> str:
    """Return a URL, or the identifier of a record, in one form.

    The scheme, a slash at the end, a fragment and percent-encoding do not count.
    """
    url = url.strip().rstrip(_BEHIND)
    try:
        parts = urlsplit(url if "://" in url or not url.startswith("www.") else f"http://{url}")
        if not parts.netloc:
            return url
        host = _DEFAULT_PORT.sub("", parts.netloc.lower())
    except ValueError:
        return url
    path = unicodedata.normalize("NFC", unquote(parts.path)).rstrip("/")
    return f"{host}{path}?{unquote(parts.query)}" if parts.query else f"{host}{path}"


def url_words(url: str) -> list[str]:
    """Return the words of a URL behind its host, without diacritics."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return []
    said = unquote(f"{parts.path}?{parts.query}" if parts.query else parts.path)
    return [fold(word(found)) for found in WORD.findall(said.replace("_", " "))]
