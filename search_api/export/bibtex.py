r"""BibTeX, in UTF-8, with the fields of BibLaTeX that everybody reads (url, urldate, doi).

Ten characters mean something to TeX and are written as commands. BibTeX counts braces, also those
that are escaped (Patashnik 1988, "BibTeXing"): where one lacks its counterpart, they become
parentheses. Addresses stand as they are: their fields are read verbatim.
"""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b
from typing import TYPE_CHECKING

from search_api.export.reference import Reference, reference

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from indexer.engine import Document
    from search_api.export.names import Name
    from search_api.export.publication import Genre

TYPES: Mapping[Genre, str] = {
    "article": "article",
    "book": "book",
    "chapter": "incollection",
    "collection": "book",
    "conference_paper": "inproceedings",
    "dataset": "misc",
    "doctoral_thesis": "phdthesis",
    "other": "misc",
    "patent": "misc",
    "preprint": "unpublished",
    "report": "techreport",
    "thesis": "mastersthesis",
    "webpage": "online",  # BibLaTeX's; to styles of old it is one that they do not know: misc
}
_HOST_FIELDS: Mapping[Genre, str] = {
    "article": "journal",
    "chapter": "booktitle",
    "conference_paper": "booktitle",
    "report": "series",
    "book": "series",
    "collection": "series",
    "doctoral_thesis": "series",
    "thesis": "series",
    "webpage": "organization",
}
_PUBLISHER_FIELDS: Mapping[Genre, str] = {
    "doctoral_thesis": "school",
    "thesis": "school",
    "report": "institution",
}
_TYPED = {"doctoral_thesis", "thesis", "report"}
_LANGUAGES = {"sv": "swedish", "en": "english"}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_COMMANDS = str.maketrans(
    {
        "\\": r"{\textbackslash}",
        "^": r"{\textasciicircum}",
        "~": r"{\textasciitilde}",
        **{char: f"\\{char}" for char in "$&#%_{}"},
    }
)


_PARENTHESES = str.maketrans("{}", "()")


def write(documents: Sequence[Document]) -> bytes:
    """Return the documents as a file in BibTeX."""
    references = [reference(document) for document in documents]
    entries = (_entry(ref, key) for ref, key in zip(references, keys(references), strict=True))
    return "\n".join(entries).encode()


def keys(references: Sequence[Reference]) -> list[str]:
    """Return a citation key for each, such as ``oberg2024larande-1f3a``; no two are equal.

    The end is made of the document's id, so that a document has the same key in every export.
    """
    found: list[str] = []
    taken: set[str] = set()
    for ref in references:
        digest = blake2b(ref.id.encode(), digest_size=16).hexdigest()
        lengths = range(4, len(digest) + 1)
        begun = _readable(ref)
        key = next(key for n in lengths if (key := f"{begun}-{digest[:n]}") not in taken)
        taken.add(key)
        found.append(key)
    return found


def _readable(ref: Reference) -> str:
    who = ref.creators[0] if ref.creators else None
    name = (who.literal or who.family) if who else ref.appearance.title.partition(".")[0]
    year = str(ref.issued.year) if ref.issued else ""
    words = [_ascii(word) for word in ref.title.split()]
    first = next((word for word in words if len(word) > 3), "")  # noqa: PLR2004 - no "och", "the"
    return f"{_ascii(name)[:20]}{year}{first[:20]}" or "samsok"


def _ascii(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", plain)


def _entry(ref: Reference, key: str) -> str:
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(ref))
    return f"@{TYPES[ref.genre]}{{{key},\n{fields}}}\n"


def _fields(ref: Reference) -> Iterator[tuple[str, str]]:
    """Yield each field that is known, its value with its braces."""
    if ref.creators:
        names = " and ".join(map(_name, ref.creators))
        yield "editor" if ref.edited else "author", f"{{{names}}}"
    # The inner braces keep styles from changing capitals: Trollhättan is not trollhättan.
    yield "title", f"{{{{{_escaped(ref.title)}}}}}"
    yield from ((name, f"{{{_escaped(value)}}}") for name, value in _texts(ref) if value)
    if ref.issued:
        yield "year", f"{{{ref.issued.year:04d}}}"
    if ref.issued and not ref.year_only:
        yield "month", _MONTHS[ref.issued.month - 1]
    if ref.doi:
        yield "doi", f"{{{ref.doi}}}"
    if ref.url:
        yield "url", f"{{{ref.url}}}"
    if ref.accessed:
        yield "urldate", f"{{{ref.accessed.isoformat()}}}"


def _texts(ref: Reference) -> Iterator[tuple[str, str]]:
    place = ref.appearance
    yield _HOST_FIELDS.get(ref.genre, "howpublished"), place.title
    yield "number" if ref.genre == "report" else "volume", place.volume
    yield "issue" if ref.genre == "report" else "number", place.issue
    yield "pages", "--".join(filter(None, (place.first_page, place.last_page)))
    yield _PUBLISHER_FIELDS.get(ref.genre, "publisher"), ref.publisher
    yield "type", ref.stated if ref.genre in _TYPED else ""
    yield "isbn", ref.isbn
    yield "issn", ref.issn
    yield "langid", _LANGUAGES.get(ref.language, "")
    yield "keywords", ", ".join(ref.keywords)
    yield "abstract", ref.abstract


def _name(name: Name) -> str:
    # "and" and commas divide names; within braces they do not.
    if name.literal:
        return f"{{{_escaped(name.literal)}}}"
    return f"{_braced(name.family)}, {_braced(name.given)}"


def _braced(part: str) -> str:
    escaped = _escaped(part)
    return f"{{{escaped}}}" if re.search(r"\band\b", part) else escaped


def _escaped(text: str) -> str:
    if not _is_balanced(text):
        text = text.translate(_PARENTHESES)
    return text.translate(_COMMANDS)


def _is_balanced(text: str) -> bool:
    """Tell whether every brace has its counterpart: BibTeX counts those that are escaped, too."""
    depth = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0
