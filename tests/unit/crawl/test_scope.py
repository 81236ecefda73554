from __future__ import annotations

import time
from typing import Any

import pytest

from indexer.config import WebsiteSource
from indexer.crawl import Allowed, OutOfScope, Scope

HOST = "https://www.hv.se"


def scope(**settings: Any) -> Scope:
    given: dict[str, Any] = {"start": (f"{HOST}/samverka/",)}
    return Scope(WebsiteSource(name="s", **(given | settings)))


def reason(decided: Allowed | OutOfScope) -> str:
    return decided.reason if isinstance(decided, OutOfScope) else ""


@pytest.mark.parametrize("path", ["/samverka/", "/samverka", "/samverka/a/b", "/samverka/?x=1"])
def test_without_allow_everything_below_start_is_in(path: str) -> None:
    assert scope().decide(HOST + path) == Allowed(url=HOST + path)


@pytest.mark.parametrize("path", ["/", "/samverkan/", "/om/samverka/"])
def test_without_allow_everything_else_is_out(path: str) -> None:
    assert scope().decide(HOST + path) == OutOfScope(reason="not_allowed", rule="allow")


@pytest.mark.parametrize(
    ("start", "inside", "outside"),
    [
        ("/", "/vad/som/helst", None),
        ("/s/index.html", "/s/a", "/t/a"),
        ("/samverkan", "/samverkan/a", "/annat"),
    ],
)
def test_a_start_page_means_its_folder(start: str, inside: str, outside: str | None) -> None:
    rules = scope(start=(HOST + start,))
    assert reason(rules.decide(HOST + inside)) == ""
    if outside:
        assert reason(rules.decide(HOST + outside)) == "not_allowed"


@pytest.mark.parametrize(
    ("glob", "path", "matches"),
    [
        ("/a/*", "/a/b", True),
        ("/a/*", "/a/b/c", False),
        ("/a/*/", "/a/b/", True),
        ("/a/**", "/a/b/c", True),
        ("/a/**", "/a", True),
        ("/a/**", "/ab", False),
        ("/**/print/**", "/print/x", True),
        ("/**/print/**", "/a/b/print/", True),
        ("/**/print/**", "/a/printer/", False),
        ("/**", "/", True),
        ("/a**z", "/a/b/z", True),
        ("/**/*.pdf", "/x/y.pdf", True),
        ("/**/*.pdf", "/x/y.pdf/", False),
        ("/a.b", "/aXb", False),
        ("/Öppet/*", "/%C3%96ppet/a", True),
        ("/O\u0308ppet/*", "/%C3%96ppet/a", True),
        ("/Öppet/*", "/O%CC%88ppet/a", True),
        ("/sok?q=*", "/sok?q=abc", True),
        ("/sok?q=*", "/sok", False),
        ("/sok", "/sok?q=abc", True),
    ],
)
def test_globs(glob: str, path: str, matches: bool) -> None:
    decided = scope(allow=("/**",), deny=(glob,)).decide(HOST + path)
    assert reason(decided) == ("deny" if matches else "")


def test_deny_is_stronger_than_allow_and_names_its_rule() -> None:
    decided = scope(deny=("/x/**", "/**/print/**")).decide(f"{HOST}/samverka/print/a")
    assert decided == OutOfScope(reason="deny", rule="/**/print/**")


def test_another_host_is_out() -> None:
    decided = scope(allow=("/**",)).decide("https://www.example.org/samverka/")
    assert decided == OutOfScope(reason="other_host", rule="www.example.org")


@pytest.mark.parametrize(
    "url", ["https://www.hv.se:8443/samverka/", "https://hv.se/samverka/", "https://hv.se.evil.se/"]
)
def test_a_host_is_its_whole_name_and_port(url: str) -> None:
    assert reason(scope().decide(url)) == "other_host"


def test_hosts_may_be_written_as_people_do() -> None:
    rules = scope(hosts=("Trollhättan.SE", "www.hv.se"), allow=("/**",))
    assert reason(rules.decide("https://xn--trollhttan-v5a.se/a")) == ""
    assert reason(rules.decide(f"{HOST}/a")) == ""


def test_an_alias_is_the_same_site_under_its_own_name() -> None:
    rules = scope(aliases={"admin.hv.se": "www.hv.se"})
    assert rules.decide("https://admin.hv.se/samverka/a?b=1") == Allowed(
        url=f"{HOST}/samverka/a?b=1"
    )
    assert reason(rules.decide("https://admin.hv.se/annat")) == "not_allowed"


def test_a_page_to_follow_only_is_crawled_and_not_indexed() -> None:
    decided = scope(follow_only=("/**/arkiv/",)).decide(f"{HOST}/samverka/arkiv/")
    assert decided == Allowed(url=f"{HOST}/samverka/arkiv/", index=False, rule="/**/arkiv/")


def test_depth_is_bounded() -> None:
    rules = scope(max_depth=2)
    assert reason(rules.decide(f"{HOST}/samverka/a", 2)) == ""
    assert rules.decide(f"{HOST}/samverka/a", 3) == OutOfScope(
        reason="max_depth", rule="max_depth: 2"
    )


def test_urls_of_traps_are_out() -> None:
    rules = scope()
    assert reason(rules.decide(f"{HOST}/samverka/" + "a" * 2000)) == "url_too_long"
    assert reason(rules.decide(f"{HOST}/samverka/a/b/a/b/a/b/")) == "repeating_path"
    assert reason(rules.decide(f"{HOST}/samverka/a/b/a/b/c/")) == ""
    assert reason(rules.decide(f"{HOST}/samverka/2026/2026/")) == ""


def test_a_long_path_without_repetition_is_decided_at_once() -> None:
    path = "/samverka/" + "/".join(f"{number % 7}{number}" for number in range(350))
    begun = time.perf_counter()
    assert reason(scope().decide(HOST + path)) == ""
    assert time.perf_counter() - begun < 0.1
