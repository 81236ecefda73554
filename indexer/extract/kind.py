"""What kind of page it is, by the first rule that fits; the rule is named, so it can be argued."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from indexer.extract.partnership import PARTNER_FOLDERS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.extract.metadata import Metadata
    from indexer.model import Kind

_TYPES: dict[str, Kind] = {
    "newsarticle": "news",
    "scholarlyarticle": "publication",
    "thesis": "publication",
    "report": "publication",
    "researchproject": "project",
    "profilepage": "person",
}
# What a page is besides, when its JSON-LD names the person who wrote it.
_PAGE_TYPES = re.compile(r"(?:article|posting|webpage|website|collectionpage|itempage)$")
_PATH_WORDS: tuple[tuple[Kind, frozenset[str]], ...] = (
    (
        "news",
        frozenset({"nyheter", "nyhet", "news", "aktuellt", "pressmeddelanden", "artiklar", "blogg"})
        | {"nyhetsarkiv", "press-releases", "pressreleases", "news-archive", "blog", "newsroom"},
    ),
    (
        "publication",
        frozenset({"publikationer", "publikation", "publications", "publication", "rapporter"})
        | {"reports", "avhandlingar", "theses"},
    ),
    (
        "person",
        frozenset({"personer", "person", "personal", "medarbetare", "people", "staff", "forskare"})
        | {"hitta-personal", "hitta-medarbetare", "profil", "profiler", "profile", "profiles"}
        | {"employees", "employee", "researchers", "our-researchers", "vara-forskare", "anstallda"},
    ),
    (
        "project",
        frozenset({"projekt", "forskningsprojekt", "projects", "project", "research-projects"})
        | {"samverkansprojekt", "pagaende-projekt", "avslutade-projekt", "projektarkiv"},
    ),
    ("partner", PARTNER_FOLDERS),
)
_A_PARTNER_FOLDER = re.compile(r"partner(?!s?-?(?:nyheter|news))")
# Tried last: much that is no summary of research stands below these too.
_LAST_PATH_WORDS: tuple[tuple[Kind, frozenset[str]], ...] = (
    (
        "research",
        frozenset({"forskning", "research", "forskningsmiljoer", "forskningsomraden"})
        | {"forskningsgrupper", "research-groups", "research-environments", "research-areas"},
    ),
)
_COLLABORATION = frozenset(
    {"samverka-med-oss", "samverka", "samverkan", "collaboration", "cooperation", "samarbete"}
    | {"samarbeten", "samarbeta-med-oss", "collaborate", "partnership"}
)
# Names that systems give a page's body or html element: "single-post", "node--type-project".
_BODY_NAME = re.compile(
    r"(?:sv-)?(?:single|type|template|page|node|pagetype|node-type|page-type|page-node-type|sida)?[-_]*(?P<what>news|nyhet\w*|post|blog|project|projekt|"
    r"person\w*|profile|employee|partner|publication|publikation)[-_]?(?:page|sida|article|artikel|template)?"
)
_BODY_KINDS: tuple[tuple[str, Kind], ...] = (
    ("news", "news"),
    ("nyhet", "news"),
    ("post", "news"),
    ("blog", "news"),
    ("proje", "project"),
    ("person", "person"),
    ("profile", "person"),
    ("employee", "person"),
    ("partner", "partner"),
    ("publi", "publication"),
)
_DAY_IN_PATH = re.compile(r"/(?:19|20)\d\d/(?:0?[1-9]|1[0-2])/")
_CONTACT_HEADINGS = ("kontakt", "contact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What a page shows of its kind.

    `class_names` are those of ``<html>``, ``<body>`` and the article that holds the heading.
    """

    url: str
    head: Metadata
    headings: Sequence[str] = ()
    has_project_facts: bool = False
    about_partner: bool = False
    about_person: bool = False
    lists_areas: bool = False
    class_names: Sequence[str] = ()


def is_below_news(url: str) -> bool:
    """Tell whether an address is that of a piece of news."""
    news = next(names for found, names in _PATH_WORDS if found == "news")
    return not news.isdisjoint(_segments(url)[:-1]) or bool(_DAY_IN_PATH.search(url))


def kind(signs: Signs) -> tuple[Kind, str]:
    """Return the kind of a page and the rule that says so."""
    head = signs.head
    segments = _segments(signs.url)
    # The last segment names the page itself: /nyheter/ is a list of news, not a piece of it.
    folders = frozenset(segments[:-1])
    is_list = bool(segments) and any(segments[-1] in names for _, names in _PATH_WORDS)
    rules: tuple[tuple[Kind, str] | None, ...] = (
        _by_metadata(head),
        ("page", f"/{segments[-1]}/ is a list") if is_list else None,
        _by_folder(folders, _PATH_WORDS),
        _below_partners(segments[:-1]),
        _by_class(signs),
        ("news", "year and month in the path") if _DAY_IN_PATH.search(signs.url) else None,
        ("project", "states a project period") if signs.has_project_facts else None,
        ("person", "is about the person whom its title names") if signs.about_person else None,
        _by_partnership(folders, signs),
        _by_folder(folders, _LAST_PATH_WORDS),
    )
    for found in rules:
        if found:
            return found
    return "page", "no rule fits"


def _by_metadata(head: Metadata) -> tuple[Kind, str] | None:
    for type_ in sorted(head.types):
        if type_ in _TYPES:
            return _TYPES[type_], f"schema.org type {type_}"
    if head.is_citation:
        return "publication", "citation tags"
    if "person" in head.types and not any(_PAGE_TYPES.search(type_) for type_ in head.types):
        return "person", "schema.org type person"
    return None


def _segments(url: str) -> list[str]:
    segments = [unquote(part).lower() for part in urlsplit(url).path.split("/") if part]
    return [*segments[:-1], segments[-1].partition(".")[0]] if segments else []


def _by_class(signs: Signs) -> tuple[Kind, str] | None:
    for name in signs.class_names:
        match = _BODY_NAME.fullmatch(name.lower())
        # "news" and "post" alone may be said of a list too.
        if match and (match[0] != match["what"] or signs.head.is_article):
            for start, found in _BODY_KINDS:
                if match["what"].startswith(start):
                    return found, f"class {name}"
    return None


def _by_folder(
    folders: frozenset[str], words: tuple[tuple[Kind, frozenset[str]], ...]
) -> tuple[Kind, str] | None:
    for found, names in words:
        if inside := names & folders:
            return found, f"path below /{min(inside)}/"
    return None


def _below_partners(folders: list[str]) -> tuple[Kind, str] | None:
    folder = next((name for name in reversed(folders) if _A_PARTNER_FOLDER.search(name)), None)
    return ("partner", f"path below /{folder}/") if folder else None


def _by_partnership(folders: frozenset[str], signs: Signs) -> tuple[Kind, str] | None:
    contacts = any(heading.casefold().startswith(_CONTACT_HEADINGS) for heading in signs.headings)
    is_research = any(folders & names for _, names in _LAST_PATH_WORDS)
    if signs.lists_areas and contacts and not is_research:
        return "partner", "names development areas and contacts"
    if signs.about_partner and (signs.lists_areas or contacts or folders & _COLLABORATION):
        return "partner", "is about a partner"
    return None
