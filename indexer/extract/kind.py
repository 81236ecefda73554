"""What kind of page it is, by the first rule that fits; the rule is named, so it can be argued."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.extract.metadata import Metadata
    from indexer.model import Kind

_TYPES: dict[str, Kind] = {
    "newsarticle": "news",
    "scholarlyarticle": "publication",
    "thesis": "publication",
    "report": "publication",
    "researchproject": "project",
    "person": "person",
    "profilepage": "person",
}
_PATH_WORDS: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("news", frozenset({"nyheter", "nyhet", "news", "aktuellt", "pressmeddelanden", "artiklar"})),
    ("publication", frozenset({"publikationer", "publikation", "publications", "publication"})),
    ("person", frozenset({"personer", "personal", "medarbetare", "people", "staff", "forskare"})),
    ("project", frozenset({"projekt", "forskningsprojekt", "projects", "project"})),
    ("partner", frozenset({"strategiska-partners", "partners", "partner", "samarbetspartners"})),
)
# Tried last: much that is no summary of research stands below these too.
_LAST_PATH_WORDS: tuple[tuple[Kind, frozenset[str]], ...] = (
    ("research", frozenset({"forskning", "research", "forskningsmiljoer"})),
)
_COLLABORATION = frozenset({"samverka-med-oss", "samverkan", "collaboration", "cooperation"})
_PARTNER_HEADINGS = ("utvecklingsområden", "prioriterade områden", "development areas")
_CONTACT_HEADINGS = ("kontakt", "contact")


def kind(
    *,
    url: str,
    head: Metadata,
    headings: Iterable[str],
    has_project_facts: bool,
    about_partner: bool,
) -> tuple[Kind, str]:
    """Return the kind of a page and the rule that says so."""
    segments = [unquote(part).lower() for part in urlsplit(url).path.split("/") if part]
    # The last segment names the page itself: /nyheter/ is a list of news, not a piece of it.
    folders = frozenset(segments[:-1])
    is_list = bool(segments) and any(segments[-1] in names for _, names in _PATH_WORDS)
    rules: tuple[tuple[Kind, str] | None, ...] = (
        _by_metadata(head),
        ("page", f"/{segments[-1]}/ is a list") if is_list else None,
        _by_folder(folders, _PATH_WORDS),
        ("project", "states a project period") if has_project_facts else None,
        _by_partnership(folders, [heading.casefold() for heading in headings], about=about_partner),
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
    return ("publication", "citation tags") if head.is_citation else None


def _by_folder(
    folders: frozenset[str], words: tuple[tuple[Kind, frozenset[str]], ...]
) -> tuple[Kind, str] | None:
    for found, names in words:
        if inside := names & folders:
            return found, f"path below /{min(inside)}/"
    return None


def _by_partnership(
    folders: frozenset[str], headings: list[str], *, about: bool
) -> tuple[Kind, str] | None:
    areas = any(word in heading for heading in headings for word in _PARTNER_HEADINGS)
    contacts = any(heading.startswith(_CONTACT_HEADINGS) for heading in headings)
    if areas and contacts:
        return "partner", "names development areas and contacts"
    if about and (areas or contacts or folders & _COLLABORATION):
        return "partner", "is about a partner"
    return None
