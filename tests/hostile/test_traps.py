"""Traps: sites without end, made by a few lines of somebody's code.

Each is a site whose pages are made as they are asked for. The crawl has to end by itself after a
bounded number of requests, and a real page beside the trap has to be found.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.hostile.cases import case
from tests.hostile.crawling import Operator, text, write
from tests.support.faux_site import FauxSite, Reply, page_reply

Maker = Callable[[str], list[str]]
BUDGET = 20


@dataclass(frozen=True, kw_only=True)
class Trap:
    """`links` gives the links of a path of the trap; at most so many requests may be sent to it."""

    name: str
    does: str
    start: str
    links: Maker
    at_most: int
    by: str = "pattern_budget"
    same: bool = False
    settings: dict[str, Any] = field(default_factory=dict)

    @property
    def must(self) -> str:
        """What must happen, in words."""
        named = f"; the report says {self.by}" if self.by else ""
        return f"at most {self.at_most} requests to it{named}"

    def __str__(self) -> str:
        return self.name


def long_text(subject: str) -> str:
    """Return a text that is too long to be said twice by chance."""
    more = " ".join(f"I del {part} står mer om {subject} och om högskolan." for part in range(9))
    return f"{text(subject)}<p>{more}</p>"


def number(path: str) -> int:
    digits = "".join(character for character in path if character.isdigit())
    return int(digits or "0")


def word(seed: str) -> str:
    """Return a word of letters that nobody has seen before."""
    return "".join(chr(ord("a") + byte % 26) for byte in hashlib.sha256(seed.encode()).digest()[:9])


def facets(path: str) -> list[str]:
    chosen = set(filter(None, path.partition("?")[2].split("&")))
    values = [f"{name}={value}" for name in ("amne", "ar", "ort", "typ") for value in "abc"]
    return ["/lista?" + "&".join([*chosen, value]) for value in values if value not in chosen]


def days(path: str) -> list[str]:
    today = number(path)
    return [f"/kalender/{today + step:08d}/" for step in (1, 7, 30)]


TRAPS = [
    Trap(
        name="calendar",
        does="a calendar whose every day links to tomorrow, next week and next month",
        start="/kalender/20260101/",
        links=days,
        at_most=BUDGET,
    ),
    Trap(
        name="pages of a list",
        does="a list with a next page for ever",
        start="/lista?sida=1",
        links=lambda path: [f"/lista?sida={number(path) + 1}"],
        at_most=BUDGET,
    ),
    Trap(
        name="facets",
        does="twelve filters that can be combined in any order",
        start="/lista?amne=a",
        links=facets,
        at_most=16 * BUDGET,
        settings={"max_depth": 100},
    ),
    Trap(
        name="order of parameters",
        does="a page whose seven parameters are linked in every order",
        start="/sok?a=1",
        links=lambda _: [
            "/sok?" + "&".join(order)
            for order in itertools.islice(itertools.permutations("abcdefg"), 800)
        ],
        at_most=2 * BUDGET,
    ),
    Trap(
        name="session in the path",
        does="every link carries a new session id as a folder",
        start="/s/0123456789abcdef/start/",
        links=lambda path: [
            f"/s/{hashlib.md5(f'{path}{n}'.encode()).hexdigest()[:16]}/start/"  # noqa: S324 - no secret
            for n in range(3)
        ],
        at_most=BUDGET,
    ),
    Trap(
        name="growing query",
        does="every page adds a parameter to its own URL",
        start="/sok?q=1",
        links=lambda path: [f"{path}&q=1", f"{path}&q=2"],
        at_most=BUDGET,
    ),
    Trap(
        name="into itself",
        does="a relative link a/ on every page",
        start="/a/",
        links=lambda path: [f"{path}a/"],
        at_most=3,
        by="repeating_path",
    ),
    Trap(
        name="into itself by turns",
        does="relative links sv/, en/ and om/ in a ring",
        start="/sv/",
        links=lambda path: [
            path + {"sv/": "en/", "en/": "om/", "om/": "sv/"}[path.split("/")[-2] + "/"]
        ],
        at_most=9,
        by="repeating_path",
    ),
    Trap(
        name="random words",
        does="three links to words that nobody has seen before, on every page",
        start="/slump/start/",
        links=lambda path: [f"/slump/{word(f'{path}{n}')}/" for n in range(3)],
        at_most=1 + 3 + 9 + 27,
        by="max_depth",
        settings={"max_depth": 4},
    ),
    Trap(
        name="random folders",
        does="every page has three folders below it, with words nobody has seen before",
        start="/djup/",
        links=lambda path: [f"{path}{word(f'{path}{n}')}/" for n in range(3)],
        at_most=1 + 3 + 9 + 27,
        by="max_depth",
        settings={"max_depth": 4},
    ),
    Trap(
        name="one body for every path",
        does="any path below /galleri/ shows the same page, which links to three more in words",
        start="/galleri/a/",
        links=lambda path: [f"/galleri/{word(f'{path}{n}')}/" for n in range(3)],
        at_most=250,
        by="duplicate_pattern",
        same=True,
    ),
    Trap(
        name="long URLs",
        does="every page links to itself with 300 letters more",
        start="/lang/",
        links=lambda path: [f"{path}{word(path) * 30}/"],
        at_most=10,
        by="",
    ),
    Trap(
        name="redirects to new pages",
        does="each page of a list redirects to the next one, a hundred links on every page",
        start="/r/1",
        links=lambda path: [f"/r/{number(path) * 100 + n}" for n in range(100)],
        at_most=BUDGET,
    ),
]


def spring(trap: Trap, site: FauxSite) -> None:
    """Let the site answer every path of the trap."""
    root = trap.start.split("/")[1].partition("?")[0]

    def answer(path: str) -> Reply | None:
        if path.split("/")[1].partition("?")[0] != root:
            return None
        links = trap.links(path)
        if trap.same:
            onward = "".join(f'<a href="{link}">Visa mer</a>' for link in links)
            return page_reply(html=long_text(trap.name) + onward, title=trap.name)
        return page_reply(html=text(path), title=path, links=links)

    site.answer(answer)


@pytest.mark.parametrize("trap", TRAPS, ids=str)
@case("{trap.does}; pattern_budget is 20", "{trap.must}; the page beside it is found")
def test_a_trap_ends_and_is_named(site: FauxSite, operator: Operator, trap: Trap) -> None:
    write(site, "/", trap.start, "/akta/")
    write(site, "/akta/", "/akta/sida/")
    write(site, "/akta/sida/")
    spring(trap, site)
    night = operator.crawl(**({"pattern_budget": BUDGET, "max_depth": 50} | trap.settings))
    assert {"/", "/akta/", "/akta/sida/"} <= set(night.paths)
    inside = [path for path in site.pages_requested if path not in {"/", "/akta/", "/akta/sida/"}]
    assert 1 <= len(inside) <= trap.at_most
    assert max(site.times.values()) == 1
    assert night.exit_code == 0
    assert trap.by in {"", *night.counts("skipped")}
    if trap.by in {"pattern_budget", "duplicate_pattern"}:
        assert night.source.spent_patterns
        assert any("pattern budget spent" in line for line in night.report.lines())


@case("the trap is there on the second night as well", "it gets no second budget")
def test_a_trap_gets_no_new_budget_each_night(site: FauxSite, operator: Operator) -> None:
    write(site, "/", TRAPS[0].start)
    spring(TRAPS[0], site)
    first = operator.crawl(pattern_budget=BUDGET, max_depth=50)
    for _ in range(3):
        again = operator.crawl()
        assert again.paths == first.paths
        assert len(site.pages_requested) <= BUDGET + 1


@case(
    "five paths show the same text, without a canonical",
    "each is asked for once; the text is one document",
)
def test_one_text_under_many_paths_is_one_document(site: FauxSite, operator: Operator) -> None:
    paths = [f"/{name}" for name in ("a", "b", "c", "d", "e")]
    write(site, "/", *paths)
    for path in paths:
        site.page(path, html=long_text("samma"), title="Samma")
    for _ in range(2):
        night = operator.crawl()
        assert len(night.paths) == 2
        assert max(site.times.values()) == 1


@case(
    "thirty pages, and all of them again under /spegel/",
    "each is asked for once; every text is one document, at the address that is nearer",
)
def test_a_mirror_of_the_site_gives_no_second_document(site: FauxSite, operator: Operator) -> None:
    names = [word(str(one)) for one in range(30)]
    write(site, "/", *(f"/{name}/" for name in names), "/spegel/")
    write(site, "/spegel/", *(f"/spegel/{name}/" for name in names))
    for name in names:
        for path in (f"/{name}/", f"/spegel/{name}/"):
            site.page(path, html=long_text(name), title=name)
    night = operator.crawl()
    assert sorted(set(night.paths) - {"/spegel/"}) == sorted(["/", *(f"/{n}/" for n in names)])
    assert max(site.times.values()) == 1


@case(
    "a document under two paths; the one it is stored under answers 410",
    "it is found under the other",
)
def test_a_copy_takes_the_place_of_what_is_gone(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/a", "/b")
    for path in ("/a", "/b"):
        site.page(path, html=long_text("samma"), title="Samma")
    stored = next(path for path in operator.crawl().paths if path != "/")
    other = {"/a": "/b", "/b": "/a"}[stored]
    site.reply(stored, Reply(status=410))
    operator.crawl()
    assert operator.crawl().paths == ["/", other]


@case("a page with 30 000 links; max_pages is 50", "fifty are asked for; the crawl ends in 20 s")
def test_a_page_of_very_many_links_is_bounded(site: FauxSite, operator: Operator) -> None:
    anchors = "".join(f'<a href="/{word(str(one))}">länk</a>' for one in range(30_000))
    site.page("/", html=text("/") + anchors, title="/")
    site.answer(lambda path: page_reply(html=text(path), title=path))
    night = operator.crawl(max_pages=50)
    assert len(site.pages_requested) <= 50
    assert night.source.problem == "max_pages"
    assert night.seconds < 20


@case(
    "300 pages in a chain, every tenth linked from the start page",
    "each is asked for once, and all are found",
)
def test_a_large_honest_site_is_no_trap(site: FauxSite, operator: Operator) -> None:
    names = [word(str(one)) for one in range(300)]
    for here, there in itertools.pairwise(names):
        write(site, f"/{here}/", f"/{there}/")
    write(site, f"/{names[-1]}/")
    write(site, "/", *(f"/{name}/" for name in names[::10]))
    night = operator.crawl(max_depth=15)
    assert len(night.paths) == 301
    assert max(site.times.values()) == 1
