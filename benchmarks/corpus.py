"""Texts to measure with: generated from a seed, or real ones from a file."""

from __future__ import annotations

import gzip
import itertools
import random
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from indexer.model import Document, Section

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

_STEMS = [
    "samverkan",
    "forskning",
    "utbildning",
    "kommun",
    "region",
    "sjukhus",
    "skola",
    "avtal",
    "utveckling",
    "arbete",
    "lärande",
    "student",
    "lärare",
    "projekt",
    "partner",
    "kompetens",
    "hälsa",
    "miljö",
    "energi",
    "industri",
    "teknik",
    "rekrytering",
    "ledning",
    "ungdom",
    "språk",
    "kultur",
    "data",
    "säkerhet",
    "ekonomi",
    "process",
    "metod",
    "analys",
    "resultat",
    "stöd",
    "plan",
    "grupp",
    "vård",
]
_ENDINGS = ("", "", "en", "et", "er", "erna", "s", "ens")
_SMALL = [
    "och",
    "i",
    "att",
    "en",
    "som",
    "på",
    "för",
    "med",
    "av",
    "till",
    "den",
    "är",
    "om",
    "vid",
    "från",
    "ett",
    "har",
    "inte",
    "kan",
    "de",
]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options that choose the texts."""
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--texts", type=Path, help="JSON lines with id, title, text; may be .gz")


def documents(args: argparse.Namespace) -> list[Document]:
    """Return the texts that the options choose, as documents."""
    source = _read(args.texts) if args.texts else generated()
    return list(itertools.islice(source, args.documents))


def queries(documents: list[Document], *, count: int = 300) -> list[str]:
    """Return queries of one to three words that stand next to each other in some document."""
    chance = random.Random(7)  # noqa: S311 - the same queries every time
    found: list[str] = []
    while len(found) < count:
        words = chance.choice(documents).sections[0].text.split()
        start = chance.randrange(max(1, len(words) - 3))
        taken = words[start : start + chance.randint(1, 3)]
        query = " ".join(word.strip(".,;:()") for word in taken)
        if any(len(word) > 3 for word in query.split()):
            found.append(query)
    return found


def _read(path: Path) -> Iterator[Document]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as lines:
        for line in lines:
            text = orjson.loads(line)
            yield _document(text["id"], text["title"], text["text"])


def generated() -> Iterator[Document]:
    """Yield texts without end, the same every time."""
    chance = random.Random(42)  # noqa: S311 - the same texts every time
    vocabulary = [
        first + joint + second + ending
        for first in _STEMS
        for joint, second in [("", "")] + [("s", other) for other in _STEMS]
        for ending in _ENDINGS
    ]
    chance.shuffle(vocabulary)
    weights = [1 / (rank + 3) for rank in range(len(vocabulary))]
    for number in itertools.count():
        large = chance.choices(vocabulary, weights, k=180)
        small = chance.choices(_SMALL, k=len(large))
        words = list(itertools.chain.from_iterable(zip(large, small, strict=True)))[:300]
        title = " ".join(chance.choices(vocabulary, weights, k=5))
        yield _document(f"{number:06d}", title, " ".join(words))


def _document(id_: str, title: str, text: str) -> Document:
    return Document(
        id=id_,
        url=f"https://www.example.org/{id_}",
        title=title,
        sections=(Section(text=text),),
        source="benchmark",
    )
