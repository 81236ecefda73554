"""Proposals as they must stand in the configuration."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from indexer.jobs.vocabulary.proposal import Proposal, ProposalKind

_TITLES: Mapping[ProposalKind, str] = {
    "partner": "partners",
    "area": "areas",
    "abbreviation": "abbreviations",
}


def as_yaml(proposals: Iterable[Proposal]) -> Iterator[str]:
    """Yield the lines that belong into the configuration.

    Aliases of what the vocabulary already has stand in comments: a name may stand there once.
    """
    chosen = list(proposals)
    new = [one for one in chosen if not one.extends]
    if new:
        yield "vocabulary:"
    for kind, title in _TITLES.items():
        of_kind = [one for one in new if one.kind == kind]
        if of_kind:
            yield f"  {title}:"
        for one in of_kind:
            yield from _abbreviation(one) if kind == "abbreviation" else _concept(one)
    for one in chosen:
        if one.extends:
            yield f"# more aliases of {_quoted(one.extends)}: {_list(one)}  # {_pages(one)}"


def _concept(one: Proposal) -> Iterator[str]:
    yield f"    - name: {_quoted(one.name)}  # {_pages(one)}"
    if one.aliases:
        yield f"      aliases: {_list(one)}"


def _abbreviation(one: Proposal) -> Iterator[str]:
    # NO and ON would be no strings without quotes.
    yield f"    {_quoted(one.name)}: {_list(one)}  # {_pages(one)}"


def _list(one: Proposal) -> str:
    return f"[{', '.join(map(_quoted, one.aliases))}]"


def _quoted(text: str) -> str:
    # JSON is YAML too, and quotes whatever a page may hold.
    return json.dumps(text, ensure_ascii=False)


def _pages(one: Proposal) -> str:
    return "1 page" if one.pages == 1 else f"{one.pages} pages"
