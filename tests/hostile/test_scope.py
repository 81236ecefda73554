"""Scope: which URLs belong to a source, and what tries to look as if it did."""

from __future__ import annotations

import pytest

from tests.hostile.cases import case
from tests.hostile.crawling import Operator, Resolver, write
from tests.support.faux_site import FauxSite


def write_all(site: FauxSite, start: str, *paths: str) -> None:
    """Write a start page that links to paths, and the pages."""
    write(site, start, *paths)
    for path in paths:
        write(site, path)


@case(
    "links up, down and sideways from a start page in a folder",
    "only what is below the start page's folder is asked for",
)
def test_a_source_is_what_is_below_its_start(site: FauxSite, operator: Operator) -> None:
    write_all(site, "/s/", "/s/a", "/s/b/c", "/", "/sida", "/annat/", "/S/a")
    night = operator.crawl(start=(site.url("/s/"),))
    assert site.pages_requested == ["/s/", "/s/a", "/s/b/c"]
    assert night.counts("skipped") == {"not_allowed": 4}


@pytest.mark.parametrize(
    "path",
    [
        "/s/../annat/x",
        "/s/%2e%2e/annat/x",
        "/s/.%2E/annat/x",
        "/s\\..\\annat/x",
        "/s/b/../../annat/x",
        "/annat/x?/s/",
        "/annat/x#/s/",
    ],
)
@case("a link to `{path}`, out of the folder by a detour", "it is not asked for")
def test_no_detour_leads_out_of_the_folder(site: FauxSite, operator: Operator, path: str) -> None:
    write(site, "/s/", path, "/s/a")
    write(site, "/s/a")
    site.answer(lambda _: None)
    operator.crawl(start=(site.url("/s/"),))
    assert site.pages_requested == ["/s/", "/s/a"]


@pytest.mark.parametrize(
    "path", ["/hemligt/x", "/%68emligt/x", "/a/../hemligt/x", "/./hemligt/x", "/hemligt/?x"]
)
@case("`deny: /hemligt/**` and a link to `{path}`", "it is not asked for, and the report says why")
def test_a_denied_path_is_denied_in_any_spelling(
    site: FauxSite, operator: Operator, path: str
) -> None:
    write(site, "/", path)
    night = operator.crawl(deny=("/hemligt/**",))
    assert site.pages_requested == ["/"]
    assert night.counts("skipped") == {"deny": 1}


@pytest.mark.parametrize("path", ["/nämnd/x", "/n%C3%A4mnd/x", "/n%c3%a4mnd/x", "/na\u0308mnd/x"])
@case("`deny: /nämnd/**` and a link to `{path}`", "it is not asked for")
def test_a_rule_with_letters_holds_for_every_spelling(
    site: FauxSite, operator: Operator, path: str
) -> None:
    write(site, "/", path)
    assert operator.crawl(deny=("/nämnd/**",)).counts("skipped") == {"deny": 1}
    assert site.pages_requested == ["/"]


@case("a path that `allow` and `deny` both match", "deny wins")
def test_deny_wins_over_allow(site: FauxSite, operator: Operator) -> None:
    write_all(site, "/", "/a/b", "/a/print/b")
    operator.crawl(allow=("/", "/a/**"), deny=("/**/print/**",))
    assert site.pages_requested == ["/", "/a/b"]


@case(
    "an archive that is `follow_only`, linked from the start page",
    "its links are followed, and it is no document",
)
def test_what_is_only_to_be_followed_is_no_document(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/arkiv/")
    write(site, "/arkiv/", "/nyhet")
    write(site, "/nyhet")
    night = operator.crawl(follow_only=("/arkiv/",))
    assert night.paths == ["/", "/nyhet"]
    assert night.counts("skipped") == {"follow_only": 1}


@case(
    "a chain of six pages, a shortcut to the fifth found last; max_depth 3",
    "three links deep is as far as it goes, by the shortest way",
)
def test_depth_is_counted_by_the_shortest_way(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/1", "/ut")
    for number in range(1, 7):
        write(site, f"/{number}", f"/{number + 1}")
    write(site, "/ut", "/5")
    operator.crawl(max_depth=3)
    assert sorted(site.pages_requested) == ["/", "/1", "/2", "/3", "/5", "/6", "/ut"]


@case(
    "the same site by another name, as an alias: links mix both names",
    "one name is asked for and each page is one document",
)
def test_an_alias_is_the_same_site(site: FauxSite, operator: Operator) -> None:
    write(site, "/", site.url("/a", host="localhost"), "/a", site.url("/", host="localhost"))
    write(site, "/a", site.url("/b", host="localhost"))
    write(site, "/b")
    own = f"127.0.0.1:{site.port}"
    night = operator.crawl(aliases={f"localhost:{site.port}": own})
    assert night.paths == ["/", "/a", "/b"]
    assert {request.host for request in site.requests} == {own}
    assert max(site.times.values()) == 1


@case("a link to another port of the same host", "nothing is asked there, not even robots.txt")
def test_another_port_is_another_site(site: FauxSite, other: FauxSite, operator: Operator) -> None:
    operator.knows(other)
    write(site, "/", other.url("/"))
    write(other, "/")
    assert operator.crawl().counts("skipped") == {"other_host": 1}
    assert other.requests == []


@case("a link to the same host and port by https", "nothing is asked: TLS bytes never arrive")
def test_another_scheme_does_not_fail_the_source(site: FauxSite, operator: Operator) -> None:
    write(site, "/", site.url("/a").replace("http:", "https:"), "/b")
    write(site, "/b")
    night = operator.crawl()
    assert site.pages_requested == ["/", "/b"]
    assert night.exit_code == 0


LOOKALIKES = (
    "www.hostile.example.evil.example",
    "wwwxhostile.example",
    "evil-www.hostile.example",
    "hostile.example",
    "a.www.hostile.example",
    "www.hostile.example.",
)


@pytest.mark.parametrize("name", LOOKALIKES[:-1])
@case("the source is www.hostile.example; a link to {name}", "it is another host: never asked")
def test_a_host_that_looks_like_ours_is_not(
    site: FauxSite, operator: Operator, resolver: Resolver, name: str
) -> None:
    own = "www.hostile.example"
    for known in (own, *LOOKALIKES):
        resolver.answer(known, ["127.0.0.1"])
    operator.allowed = ["127.0.0.1"]
    write(site, "/", site.url("/a", host=name), site.url("/b", host=f"{own}."))
    write(site, "/a")
    write(site, "/b")
    operator.crawl(start=(site.url("/", host=own),))
    assert site.pages_requested == ["/", "/b"]
    assert {request.host for request in site.requests} == {f"{own}:{site.port}"}
    assert set(resolver.lookups) == {own}


@case(
    "a page claims to be https://www.example.org/ by its canonical link",
    "nobody may speak for another host: it is stored under its own URL, and nothing is asked there",
)
def test_a_canonical_of_another_host_is_not_believed(site: FauxSite, operator: Operator) -> None:
    write(site, "/", head='<link rel="canonical" href="https://www.example.org/">')
    assert operator.crawl().paths == ["/"]


@case("forty pages and `max_pages: 10`", "ten are asked for; the report says max_pages; exit 0")
def test_a_crawl_stops_at_its_number_of_pages(site: FauxSite, operator: Operator) -> None:
    write_all(site, "/", *(f"/{number}" for number in range(40)))
    night = operator.crawl(max_pages=10)
    assert len(site.pages_requested) == 10
    assert night.source.problem == "max_pages"
    assert night.exit_code == 0


@case("a start page that the source's own rules deny", "the source fails and says so; exit 1")
def test_a_start_out_of_scope_fails_the_source(site: FauxSite, operator: Operator) -> None:
    write(site, "/")
    night = operator.crawl(deny=("/**",))
    assert site.pages_requested == []
    assert night.exit_code == 1
    assert "start" in night.source.detail
