"""From what documents say to ranked proposals, in two readings of the documents.

1. The first gathers names from the structure of pages and from running text.
2. What is known, the site itself, or a person is left out; longer areas join what they begin with:
   "Breddad rekrytering till högre studier".
3. The second counts the pages whose text has a name that the structure of others gave.
4. A name that joins no pages is left out; the others are ranked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.jobs.vocabulary.gathered import Gathered
from indexer.jobs.vocabulary.organisations import looks_like
from indexer.jobs.vocabulary.proposal import Proposal, ProposalKind
from indexer.jobs.vocabulary.statements import ABOUT, MENTIONED
from indexer.jobs.vocabulary.text_names import TextNames
from indexer.jobs.vocabulary.wording import key

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from indexer.jobs.vocabulary.found import Found
    from indexer.model import Document, Vocabulary

    Harvest = Callable[[], Iterable[Document]]

_MAX_ALIASES = 5
_FEWEST_PAGES = 2


def suggest(
    harvest: Harvest, vocabulary: Vocabulary, *, site_names: Collection[str] = ()
) -> list[Proposal]:
    """Return what the documents have and the vocabulary has not, the best founded first.

    `harvest` gives the documents and is called twice. `site_names` are names of the sites
    themselves: they and their departments are mentioned everywhere, and are nobody's partner.
    """
    gathered = Gathered(vocabulary, site_names)
    for document in harvest():
        gathered.read(document)
    gathered.settle()
    names = TextNames(gathered.to_count())
    for document in harvest():
        for kind, name_key in names.in_text(document):
            found = gathered.found[kind][name_key]
            found.note(document, place="mentioned in the text", weight=MENTIONED)
    proposals = (
        _proposal(kind, one, gathered)
        for kind, of_kind in gathered.found.items()
        for one in of_kind.values()
        if _is_worth_having(kind, one)
    )
    ranked = sorted(
        proposals,
        key=lambda one: (-one.weight, -one.pages, one.name.casefold()),
    )
    return list(_each_name_once(ranked))


def _each_name_once(proposals: Collection[Proposal]) -> Iterator[Proposal]:
    """Leave an alias to the best founded of several: the configuration takes a name once."""
    taken = {one.name.casefold() for one in proposals if one.kind != "abbreviation"}
    for one in proposals:
        if one.kind == "abbreviation":
            yield one
            continue
        aliases = tuple(alias for alias in one.aliases if alias.casefold() not in taken)
        taken.update(map(str.casefold, aliases))
        if aliases or not one.extends:
            yield replace(one, aliases=aliases)


def _is_worth_having(kind: ProposalKind, one: Found) -> bool:
    """Tell whether a name joins pages: a word for one page alone is none of a vocabulary.

    A partner page is reason enough, and so is an explained abbreviation; a partner that one page
    alone states must look like one.
    """
    if kind == "abbreviation" or len(one.pages) >= _FEWEST_PAGES:
        return True
    if kind == "area":
        return False
    return one.structural >= ABOUT or (one.structural > 0 and any(map(looks_like, one.spellings)))


def _proposal(kind: ProposalKind, one: Found, gathered: Gathered) -> Proposal:
    name, extends = one.name, ""
    if kind == "partner" and (concept := gathered.partner(one)):
        name = extends = concept.name
    aliases = _aliases(kind, name, one, gathered)
    return Proposal(
        kind=kind,
        name=name,
        aliases=tuple(aliases[:_MAX_ALIASES]),
        pages=len(one.pages),
        weight=one.weight,
        evidence=one.evidence,
        extends=extends,
    )


def _aliases(kind: ProposalKind, name: str, one: Found, gathered: Gathered) -> list[str]:
    """Return what an abbreviation stands for, or other names that `name` alone would not find."""
    if kind == "abbreviation":
        return _distinct(long_form for long_form, _ in one.long_forms.most_common())
    spellings = [spelling for spelling, _ in one.spellings.most_common()]
    folded = f" {name.casefold()} "
    return [
        spelling
        for spelling in _distinct([*spellings, *gathered.short_forms(one)])
        if folded not in f" {spelling.casefold()} " and key(spelling) != key(name)
    ]


def _distinct(names: Iterable[str]) -> list[str]:
    """Return one spelling, the first, of names that only case and inflection tell apart."""
    first: dict[tuple[str, ...], str] = {}
    for name in names:
        first.setdefault(key(name), name)
    return list(first.values())
