"""What genre of publication a record describes, and where it appeared.

Extraction writes both as lines of a section, in the language of the publication; here they are
read again. A test holds the two together.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from indexer.engine import Document

Genre = Literal[
    "article",
    "book",
    "chapter",
    "collection",
    "conference_paper",
    "dataset",
    "doctoral_thesis",
    "other",
    "patent",
    "preprint",
    "report",
    "thesis",
    "webpage",
]

_ABOUT = {"Om publikationen", "About the publication"}
_ABSTRACTS = {"Sammanfattning", "Abstract"}
_TYPE = re.compile(r"^(?:Typ|Type): (.+)$", re.MULTILINE)
_HOST = re.compile(r"^(?:Publicerad i|Published in): (.+)$", re.MULTILINE)

# The first that fits: "Kapitel i bok" is a chapter before it is a book.
_GENRES: tuple[tuple[str, Genre], ...] = (
    (
        r"(?<!in )proceedings(?! paper)|samlingsverk|collection|edited book|\((?:redakt|editor)",
        "collection",
    ),
    (r"konferens|conference|proceedings", "conference_paper"),
    (r"doktorsavhandling|doctoral|\bph\.?d", "doctoral_thesis"),
    (r"avhandling|thesis|uppsats|examensarbete|dissertation", "thesis"),
    (r"kapitel|chapter|del av antologi", "chapter"),
    (r"preprint|manuskript|manuscript", "preprint"),
    (r"dataset|data set|datamängd", "dataset"),
    (r"patent", "patent"),
    (r"artikel|article|översikt|review|recension", "article"),
    (r"rapport|report", "report"),
    (r"\bbok\b|\bbook\b|monogra", "book"),
)
_RANGE = re.compile(r", (?P<start>[\w.]{0,10}\d)–(?P<end>[\w.]{0,10}\d)$")
_VOLUME = re.compile(
    r", (?P<volume>(?=[^,()–]*\d)[^,()–]{1,20})(?:\((?P<issue>[^()]{1,20})\))?"
    r"(?:, (?P<start>[\w.]{0,10}\d)(?:–(?P<end>[\w.]{0,10}\d))?)?$"
)
_IN_VOLUMES = {"article", "report"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Appearance:
    """Where a publication appeared: a journal, a book, a series or a conference, and the place."""

    title: str = ""
    volume: str = ""
    issue: str = ""
    first_page: str = ""
    last_page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """The genre of a publication, its name in the record, where it appeared, and its abstract."""

    genre: Genre
    stated: str = ""
    appearance: Appearance = Appearance()
    abstract: str = ""


def publication(document: Document) -> Publication:
    """Return what the record of a publication says beyond the fields of a document."""
    about = "\n".join(it.text for it in document.sections if it.heading in _ABOUT)
    stated = _TYPE.search(about)
    host = _HOST.search(about)
    genre = _genre(stated[1] if stated else "")
    abstracts = (it.text for it in document.sections if it.heading in _ABSTRACTS)
    return Publication(
        genre=genre,
        stated=stated[1] if stated else "",
        appearance=appearance(host[1], genre) if host else Appearance(),
        abstract=next(abstracts, document.summary),
    )


def _genre(stated: str) -> Genre:
    return next(
        (genre for words, genre in _GENRES if re.search(words, stated, re.IGNORECASE)), "other"
    )


def appearance(host: str, genre: Genre) -> Appearance:
    """Return the parts of "Title, 44(4), 283–299"; only journals and series have volumes."""
    found = (_VOLUME if genre in _IN_VOLUMES else _RANGE).search(host) or _RANGE.search(host)
    if not found:
        return Appearance(title=host)
    parts = found.groupdict()
    return Appearance(
        title=host[: found.start()],
        volume=parts.get("volume") or "",
        issue=parts.get("issue") or "",
        first_page=parts["start"] or "",
        last_page=parts["end"] or "",
    )
