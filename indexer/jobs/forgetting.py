"""What would be forgotten: the pages, and the people of one name, before anything is done."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from indexer.config import WebsiteSource
from indexer.crawl import Allowed, says_enough, scope_of
from indexer.engine.identity import Mention, email_key, organisation_keys, same_people
from indexer.engine.person_names import name_key
from indexer.erasure import email_phrase, name_words, phone_phrase
from indexer.errors import RequestUnclear
from indexer.fetch import canonicalize
from indexer.model import document_id

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from indexer.config import Config
    from indexer.model import Document, Person
    from indexer.store import DocumentStore

_WHOLE_NAME = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Affected:
    """A page that would change; it is forgotten as a `whole`, or else redacted."""

    url: str
    title: str
    whole: bool

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {"url": self.url, "title": self.title, "whole": self.whole}


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One of the people of a name, as the pages that name them as a contact show them."""

    names: tuple[str, ...]
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    descriptions: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "names": list(self.names),
            "emails": list(self.emails),
            "phones": list(self.phones),
            "descriptions": list(self.descriptions),
            "pages": list(self.pages),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRequest:
    """A page that is to be forgotten, under all the URLs by which it is known.

    `documents` are the ids that it has, or would have.
    """

    asked: str
    urls: tuple[str, ...]
    documents: frozenset[str]
    contents: tuple[str, ...]
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRequest:
    """A person who is to be forgotten. With `evidence`, others have the name."""

    asked: str
    names: tuple[str, ...]
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    evidence: tuple[str, ...] | None = None


def page_request(config: Config, stores: Sequence[DocumentStore], url: str) -> PageRequest:
    """Return what is known of a page: its other addresses, and what leads to it.

    One that nobody knows can be forgotten, too: it is then never asked for.
    """
    asked = canonicalize(url) or url.strip()
    if not asked or any(character.isspace() for character in asked):
        raise RequestUnclear(
            f"{url!r} is neither a URL nor the identifier of a record; for somebody's name write "
            "`samsok forget --person NAME`"
        )
    urls, documents = _known_as(config, stores, asked)
    if ":" not in asked and not any(store.get(one) for store in stores for one in documents):
        raise RequestUnclear(
            f"{url!r} is no page that was harvested, nor a whole URL: write it with https://; for "
            "somebody's e-mail address write `samsok forget --person ADDRESS`"
        )
    held = [stored.document for store in stores for one in documents if (stored := store.get(one))]
    return PageRequest(
        asked=asked,
        urls=tuple(urls),
        documents=frozenset(documents),
        contents=tuple(one.content_hash for one in held if one and says_enough(one)),
        warnings=tuple(_warnings(config, urls)),
    )


def _known_as(
    config: Config, stores: Sequence[DocumentStore], asked: str
) -> tuple[dict[str, None], dict[str, None]]:
    """Return the URLs of a page, those that lead to it, and the ids of its documents."""
    places = (scope_of(source).decide(asked) for source in config.sources)
    waiting = [asked, *(place.url for place in places if isinstance(place, Allowed))]
    urls: dict[str, None] = {}
    documents: dict[str, None] = {}
    while waiting:
        url = waiting.pop()
        if url not in urls:
            urls[url] = None
            for store in stores:
                waiting += _also_known_as(store, url, documents)
    return urls, documents


def _also_known_as(store: DocumentStore, url: str, documents: dict[str, None]) -> Iterator[str]:
    """Yield the other URLs of a page that a store knows, and note the ids of its documents."""
    rows = store.frontier.of_all_sources(url)
    of_it = {document_id(url), *(stored.id for stored in store.with_url(url))}
    of_it |= {known.document_id for known in rows if known.document_id is not None}
    for identity in of_it:
        documents[identity] = None
        yield from (known.url for known in store.frontier.standing_for(identity))
        if stored := store.get(identity):
            yield stored.url
    yield from (known.url for known in store.frontier.leading_to(url))


def _warnings(config: Config, urls: Collection[str]) -> Iterable[str]:
    for source in config.sources:
        if isinstance(source, WebsiteSource):
            starts = {canonicalize(start) for start in source.start}
            if starts and starts <= set(urls):
                yield (
                    f"it is the only start page of the source {source.name}, which cannot be "
                    f"crawled any more: give it another `start` in {config.path.name}"
                )


def candidates(documents: Iterable[Document], who: str) -> list[Candidate]:
    """Return the people whom a name, or an e-mail address, may mean; the most named first."""
    wanted = email_phrase(who) if "@" in who else ""
    named = [(document, person) for document in documents for person in document.persons]
    keys = {name_key(who)} if not wanted else set()
    addresses = {wanted} if wanted else set()
    for _document, person in named:
        if email_key(person.email) in addresses or name_key(person.name) in keys:
            keys.add(name_key(person.name))
            addresses |= {email_key(person.email)} - {""}
    chosen = [
        (document, person)
        for document, person in named
        if name_key(person.name) in keys or (email_key(person.email) or None) in addresses
    ]
    mentions = [
        Mention(
            name=name_key(person.name),
            email=email_key(person.email),
            organisations=organisation_keys(person.organisation),
            page=document.id,
        )
        for document, person in chosen
    ]
    holders = _holders(named)
    people = [
        _candidate([chosen[place] for place in places], holders) for places in same_people(mentions)
    ]
    asked = name_key(who)
    meant = [
        one
        for one in people
        if (wanted in one.emails if wanted else asked in map(name_key, one.names))
    ]
    return sorted(meant, key=lambda one: (-len(one.pages), one.names, one.emails))


def _holders(named: Iterable[tuple[Document, Person]]) -> Mapping[str, set[str]]:
    """Return the names that have each address and each number."""
    holders: defaultdict[str, set[str]] = defaultdict(set)
    for _document, person in named:
        for reached in (email_key(person.email), phone_phrase(person.phone)):
            if reached:
                holders[reached].add(name_key(person.name))
    return holders


def _candidate(
    mentions: list[tuple[Document, Person]], holders: Mapping[str, set[str]]
) -> Candidate:
    people = [person for _document, person in mentions]
    keys = {name_key(person.name) for person in people}
    described = (", ".join(filter(None, (one.title, one.role, one.organisation))) for one in people)
    # What others have, too, such as the number of a switchboard, is nobody's own.
    emails = (
        email_key(one.email) for one in people if holders.get(email_key(one.email), set()) <= keys
    )
    phones = (one.phone for one in people if holders.get(phone_phrase(one.phone), set()) <= keys)
    return Candidate(
        names=tuple(dict.fromkeys(person.name for person in people)),
        emails=tuple(dict.fromkeys(filter(None, emails))),
        phones=tuple(dict.fromkeys(filter(None, phones))),
        descriptions=tuple(dict.fromkeys(filter(None, described))),
        pages=tuple(dict.fromkeys(document.url for document, _person in mentions)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Which:
    """What tells people of one name apart: an address, or pages that are about the one meant."""

    emails: tuple[str, ...] = ()
    pages: tuple[str, ...] = field(default=())

    def __bool__(self) -> bool:
        return bool(self.emails or self.pages)


def person_request(found: list[Candidate], who: str, which: Which) -> PersonRequest:
    """Return who is to be forgotten.

    Raises:
        RequestUnclear: If several people may be meant, nobody is, or a name is too short.
    """
    is_address = "@" in who
    if not is_address and len(name_words(who)) < _WHOLE_NAME:
        raise RequestUnclear(
            f"{who!r} may be part of anybody's name: give the whole name, or the e-mail address"
        )
    chosen = [one for one in found if _is_meant(one, which)] if which else found
    if which and found and not chosen:
        raise RequestUnclear(f"nobody of that name has {_told(which)}; {_listed(found)}")
    if len(chosen) > 1:
        raise RequestUnclear(
            f"{len(chosen)} people may be meant; add --email or --page to say which:\n"
            f"{_listed(chosen)}"
        )
    person = chosen[0] if chosen else Candidate(names=() if is_address else (who,))
    emails = {*person.emails, *map(email_phrase, which.emails)}
    if is_address:
        emails.add(email_phrase(who))
    others = _namesakes(found, person) or bool(which.pages)
    pages = {*map(_page, which.pages), *(person.pages if others else ())}
    return PersonRequest(
        asked=who,
        names=person.names if is_address else (*person.names, who),
        emails=tuple(sorted(emails)),
        phones=person.phones,
        evidence=tuple(sorted(pages)) if others else None,
    )


def _is_meant(one: Candidate, which: Which) -> bool:
    addresses = {*map(email_phrase, which.emails)}
    pages = {*map(_page, which.pages)}
    return bool(addresses & set(one.emails)) or bool(pages & set(one.pages))


def _namesakes(found: list[Candidate], person: Candidate) -> bool:
    return any(one is not person for one in found) and len(found) > 1


def _page(url: str) -> str:
    return canonicalize(url) or url


def _told(which: Which) -> str:
    return " or ".join((*which.emails, *which.pages))


def _listed(found: Iterable[Candidate]) -> str:
    return "\n".join(line for number, one in enumerate(found, 1) for line in lines(one, number))


def lines(one: Candidate, number: int) -> list[str]:
    """Return somebody as lines for people."""
    said = [f"  {number}. {', '.join(one.names)}  {', '.join(one.emails) or 'no e-mail address'}"]
    said += [f"     {text}" for text in one.descriptions[:3]]
    said += [f"     {url}" for url in one.pages[:3]]
    more = len(one.pages) - 3
    return [*said, f"     and {more} more pages"] if more > 0 else said
