"""`samsok explain`: why a URL is, or is not, in the index."""

from __future__ import annotations

import dataclasses

import pytest

from indexer.jobs import Explanation, explain
from tests.support.faux_site import FauxSite, Reply, page_reply
from tests.support.operator import Operator, write, write_small_site

WORDS = " ".join(f"ord{number}" for number in range(60))


def explained(operator: Operator, path: str) -> Explanation:
    return explain(operator.config(), operator.site.url(path))


def said(found: Explanation) -> str:
    return "\n".join(f"{one.stage}: {one.said} [{one.because}]" for one in found.decisions)


def test_before_the_first_crawl_it_says_what_to_do(operator: Operator) -> None:
    operator.store.close()
    (operator.path / "crawl.db").unlink()
    found = explained(operator, "/")
    assert "samsok reindex" in found.conclusion


def test_a_stored_page_tells_its_whole_way(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    operator.crawl()
    found = explained(operator, "/partner/staden/")
    assert [one.stage for one in found.decisions] == [
        "scope",
        "links",
        "fetch",
        "recrawl",
        "extraction",
        "document",
        "index",
    ]
    assert "allow: /**" in said(found)
    assert f"named by {site.url('/partner/')}" in said(found)
    assert "with status 200" in said(found)
    assert "not published yet" in found.conclusion
    assert not found.is_found


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/hemligt/a", ("robots_disallowed", "/robots.txt says Disallow: /hemligt/")),
        ("/utskrift/a", ("outside of the source samverkan: deny [/utskrift/**]",)),
        ("/noindex", ("asks not to be indexed [meta robots]",)),
        ("/header", ("asks not to be indexed [X-Robots-Tag: noindex]",)),
        ("/borta", ("with status 404", "missing in 1 run since")),
        ("/gammal", ("redirected", "reads as '/ny'")),
        ("/nofollow", ("was left out of samverkan", "nofollow", "points to it")),
        ("/tom", ("gives no document: empty_text",)),
        ("/fil", ("gives no document: unsupported_media_type",)),
        ("/klagar", ("http_500",)),
    ],
)
def test_what_keeps_a_page_out_is_named_with_its_rule(
    site: FauxSite, operator: Operator, path: str, words: tuple[str, ...]
) -> None:
    operator.settings["deny"] = ("/utskrift/**",)
    site.robots("User-agent: *", "Disallow: /hemligt/")
    links = ("/hemligt/a", "/utskrift/a", "/noindex", "/header", "/borta", "/gammal", "/tom")
    site.page(
        "/",
        title="Start",
        html='<p>Hej och välkommen hit.</p><a rel="nofollow" href="/nofollow">x</a>',
        links=(*links, "/fil", "/klagar"),
    )
    write(site, "/noindex", head='<meta name="robots" content="noindex">')
    write(site, "/header", X_Robots_Tag="noindex")
    write(site, "/ny")
    site.redirect("/gammal", to="/ny")
    site.page("/tom")
    site.reply("/fil", Reply(body=b"\0\1", headers={"Content-Type": "application/zip"}))
    site.reply("/klagar", Reply(status=500))
    operator.crawl()
    found = explained(operator, path)
    assert not found.is_found
    for word in words:
        assert word in said(found)


def test_a_removed_page_says_when_and_why(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    operator.crawl()
    site.reply("/projekt/", Reply(status=410))
    operator.crawl()
    found = explained(operator, "/projekt/")
    assert "was removed on 2026-03-02" in said(found)
    assert "http_410" in found.conclusion


@pytest.mark.parametrize("slow", ["/kort", "/langre"])
def test_a_twin_names_the_page_that_stands_for_it_whichever_is_read_first(
    site: FauxSite, operator: Operator, slow: str
) -> None:
    write(site, "/", "/kort", "/langre")
    for path in ("/kort", "/langre"):
        twin = page_reply(html=f"<h1>Samma</h1><p>{WORDS}</p>", title="Samma")
        site.reply(path, dataclasses.replace(twin, stall_s=0.5 if path == slow else 0.0))
    operator.crawl()
    found = explained(operator, "/langre")
    assert f"outcome page: duplicate [{site.url('/kort')}]" in said(found)
    assert f"stored as {site.url('/kort')}" in said(found)


def test_a_url_that_nobody_knows_and_one_of_another_host(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    assert "no page that was crawled points to it" in explained(operator, "/okand").conclusion
    found = explain(operator.config(), "https://elsewhere.example.org/x")
    assert "no source has the host elsewhere.example.org" in said(found)


def test_an_address_is_explained_under_its_canonical_form(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    found = explain(operator.config(), f"{site.url('/partner/')}?utm_source=brev#topp")
    assert found.url == site.url("/partner/")
    assert found.decisions[0].stage == "address"
