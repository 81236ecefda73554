"""The word lists that are shipped with the analysis; each file names its source and licence."""

from __future__ import annotations

from functools import cache
from importlib.resources import files


@cache
def word_list(name: str) -> frozenset[str]:
    """Return the lower-case words of ``data/<name>.txt``; lines that begin with # are comments."""
    return frozenset(_words(name).lower().split())


@cache
def place_names() -> frozenset[str]:
    """Return the words of the names of Swedish municipalities and counties, in lower case."""
    names = f"{_words('municipalities')} {_words('counties')}"
    return frozenset(names.lower().replace("-", " ").split())


@cache
def university_names() -> tuple[str, ...]:
    """Return the full names of Swedish universities."""
    return tuple(line for line in _words("universities").splitlines() if line)


def word_lists() -> bytes:
    """Return all that is shipped, for a checksum."""
    data = files("indexer.analysis").joinpath("data")
    return b"".join(file.read_bytes() for file in sorted(data.iterdir(), key=lambda it: it.name))


def _words(name: str) -> str:
    text = files("indexer.analysis").joinpath("data", f"{name}.txt").read_text(encoding="utf-8")
    return "\n".join(line for line in text.splitlines() if not line.startswith("#"))
