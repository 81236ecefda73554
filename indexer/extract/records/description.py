"""What a record says of a publication, whichever format says it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True, kw_only=True)
class Abstract:
    """A text about the publication; paragraphs are lines, `language` may be unknown ("")."""

    text: str
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """Somebody who made the publication; `role` is a code of MARC relators, "aut" by default."""

    name: str
    role: str = "aut"
    affiliations: tuple[str, ...] = ()
    orcid: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """All that the formats have in common; texts are clean, and empty where nothing is said.

    `language` is a code of two letters where there is one. `links` lead to a page about the
    publication, the best first; `fulltexts` to the publication itself. `types` are names of the
    type of publication by language ("" if that is not said). `trace` names the elements that
    gave each field.
    """

    title: str = ""
    other_titles: tuple[str, ...] = ()
    abstracts: tuple[Abstract, ...] = ()
    language: str = ""
    names: tuple[Name, ...] = ()
    organisations: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    identifiers: Mapping[str, str] = field(default_factory=dict)
    links: tuple[str, ...] = ()
    fulltexts: tuple[str, ...] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    hosts: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    funders: tuple[str, ...] = ()
    published: dt.date | None = None
    trace: Mapping[str, str] = field(default_factory=dict)
