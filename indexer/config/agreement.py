"""Where two entries of the file contradict each other, though each is fine by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.config.checks import host_of, same_host, same_name

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

Conflict = tuple[tuple[str | int, ...], str]
"""A path within the block that was looked at, and what is wrong there."""


class Conflicts(ValueError):
    """Everything that a block's entries contradict each other in."""

    def __init__(self, found: Iterable[Conflict]) -> None:
        self.found = tuple(found)
        super().__init__("; ".join(message for _, message in self.found))


def repeated_sources(names: Sequence[str]) -> Iterator[Conflict]:
    """Sources of the same name: reports and filters could not tell them apart."""
    for number, name in enumerate(names):
        if names.index(name) < number:
            first = names.index(name)
            yield ("sources", number, "name"), f'"{name}" is the name of sources[{first}] too'


def impatient(*, timeout_s: float, deadline_s: float) -> Iterator[Conflict]:
    """A deadline for a whole page that ends before the time allowed for one silence."""
    if deadline_s < timeout_s:
        yield (
            ("deadline_s",),
            (
                f"is {deadline_s:g}, but timeout_s is {timeout_s:g}: the deadline for a whole page "
                "must not be the shorter one"
            ),
        )


def backwards(*, min_hours: float, max_days: float) -> Iterator[Conflict]:
    """A latest visit that comes before the soonest."""
    if min_hours > max_days * 24:
        yield (
            ("max_days",),
            (
                f"is {max_days:g}, but min_hours is {min_hours:g}, which is longer: the latest "
                "visit must not come before the soonest"
            ),
        )


def misplaced(*, backend: str, said: Collection[str], with_url: bool) -> Iterator[Conflict]:
    """A cluster without an address, or the address of a cluster that is not asked."""
    if backend == "opensearch" and not with_url:
        yield (), "the backend opensearch needs `url`, such as https://search-1.example.org:9200"
    if backend != "opensearch":
        for name in sorted(said):
            yield (name,), f"is for `backend: opensearch`, and the backend is {backend}"


def idle(*, said: Collection[str], manners: Sequence[str]) -> Iterator[Conflict]:
    """An exception that is for everything, or that changes nothing."""
    if not {"match", "host"} & set(said):
        yield (), "needs `match`, `host` or both; what holds for all of a source stands beside name"
    if not set(manners) & set(said):
        yield (), f"makes no difference; say one of {', '.join(manners)}"


def strangers(
    *,
    start: Sequence[str],
    hosts: Collection[str],
    aliases: Mapping[str, str],
    exceptions: Sequence[str | None] = (),
) -> Iterator[Conflict]:
    """Start pages, aliases and exceptions of foreign hosts: all there would be out of scope."""
    own = {same_host(host) for host in hosts}
    others = {same_host(alias) for alias in aliases}
    for number, url in enumerate(start):
        if host_of(url) not in own | others:
            yield ("start", number), f"{host_of(url)} is not among hosts; add it there"
    for alias, host in aliases.items():
        if same_host(alias) in own:
            yield ("aliases", alias), "is one of hosts already; take it out of one of the two"
        elif same_host(host) not in own:
            yield ("aliases", alias), f"{host} is not among hosts; an alias names one of them"
    for number, name in enumerate(exceptions):
        if name is not None and same_host(name) not in own | others:
            where = ("http_exceptions", number, "host")
            yield where, f"{name} is not among hosts, so nothing is fetched from it"


def half_said(**keys: object) -> Iterator[Conflict]:
    """Keys that mean something together only, of which some are missing."""
    missing = [name for name, value in keys.items() if value is None]
    if len(missing) < len(keys):
        for name in missing:
            others = ", ".join(other for other in keys if other != name)
            yield (name,), f"is missing; {others} means nothing without it"


def ambiguous_names(vocabulary: Mapping[str, Sequence[Sequence[str]]]) -> Iterator[Conflict]:
    """Names that two concepts share; `vocabulary` maps a block to the names of each concept.

    The first name of each concept is the one that is shown, the others are its aliases.
    """
    owners: dict[str, tuple[str, int]] = {}
    for block, concepts in vocabulary.items():
        for number, names in enumerate(concepts):
            for place, name in enumerate(names):
                owner = owners.setdefault(same_name(name), (block, number))
                if owner != (block, number):
                    shown = vocabulary[owner[0]][owner[1]][0]
                    path: tuple[str | int, ...] = (block, number)
                    path += ("aliases", place - 1) if place else ("name",)
                    message = (
                        f'"{name}" stands for "{shown}" ({owner[0]}) already; '
                        "a name can stand for one thing only"
                    )
                    yield path, message
