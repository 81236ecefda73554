"""Test collections, and what people do to queries: typing errors, no å ä ö."""

from __future__ import annotations

import gzip
import random
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import orjson

from indexer.analysis.wordlists import word_list
from indexer.evaluate import Judgment, read_judgments
from indexer.model import Document, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_WORD = re.compile(r"[^\W\d_]+")
_SHORTEST = 5
"""A word with fewer letters keeps them: one of four that is misspelt is another word."""

_LETTERS = "abcdefghijklmnopqrstuvwxyzåäö"
_BARE = str.maketrans("åäöéÅÄÖÉ", "aaoeAAOE")
_SAMPLE = 2024


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Texts, and queries with the grades of the texts that answer them."""

    name: str
    documents: tuple[Document, ...]
    judged: tuple[Judgment, ...]


def read_collection(directory: Path, *, queries: int | None = None) -> Collection:
    """Read corpus.jsonl (or .gz), queries.tsv and qrels.tsv; with `queries`, a sample of so many.

    The sample is the same every time. Raises `ConfigError` where the judgments are malformed.
    """
    judged = read_judgments(directory).judged
    if queries is not None and queries < len(judged):
        judged = tuple(random.Random(_SAMPLE).sample(judged, queries))  # noqa: S311 - no secret
    return Collection(name=directory.name, documents=tuple(_documents(directory)), judged=judged)


def with_typo(text: str, chance: random.Random) -> str:
    """Return `text` with one letter wrong inside one of its long words, the first letter never.

    A letter is left out, put in, or another one, or two have changed places; stop words are
    spared. A text without a long word stays as it is.
    """
    stop = word_list("stopwords_sv")
    long = [
        match
        for match in _WORD.finditer(text)
        if len(match[0]) >= _SHORTEST and match[0].lower() not in stop
    ]
    if not long:
        return text
    match = chance.choice(long)
    wrong = match[0]
    while wrong == match[0]:
        wrong = chance.choice(_ERRORS)(match[0], chance)
    return text[: match.start()] + wrong + text[match.end() :]


def without_diacritics(text: str) -> str:
    """Return `text` as it is typed on a keyboard without å ä ö é."""
    return text.translate(_BARE)


def _documents(directory: Path) -> Iterator[Document]:
    path = directory / "corpus.jsonl"
    packed = directory / "corpus.jsonl.gz"
    with path.open("rb") if path.exists() else gzip.open(packed) as lines:
        for line in lines:
            text = orjson.loads(line)
            yield Document(
                id=text["id"],
                url=f"https://www.example.org/{text['id']}",
                title=text["title"],
                sections=(Section(text=text["text"]),),
                source="benchmark",
            )


def _leave_out(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + word[at + 1 :]


def _swap(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) - 1)
    return word[:at] + word[at + 1] + word[at] + word[at + 2 :]


def _replace(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + chance.choice(_LETTERS) + word[at + 1 :]


def _put_in(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word) + 1)
    return word[:at] + chance.choice(_LETTERS) + word[at:]


_ERRORS: tuple[Callable[[str, random.Random], str], ...] = (_leave_out, _swap, _replace, _put_in)
