"""The guard: no address of the inside is asked for anything unless the operator named it.

Only the test's own host and port are named. Inside stands another site on loopback, which the
source's rules let in, so that nothing but the guard is in the way; not one byte may reach it.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hostile.cases import case
from tests.hostile.crawling import Operator, Resolver, text, write
from tests.support.faux_site import FauxSite, page_reply


@pytest.fixture
def inside(operator: Operator) -> Iterator[FauxSite]:
    """A site that nobody outside may reach, on every address of this machine."""
    with FauxSite(host="0.0.0.0") as one:  # noqa: S104 - so that no disguise fails for want of it
        one.answer(lambda path: page_reply(html=text(path)))
        operator.watches(one)
        yield one


DISGUISES = {
    "127.0.0.1": "127.0.0.1",
    "2130706433": "127.0.0.1",
    "0x7f000001": "127.0.0.1",
    "0X7F.1": "127.0.0.1",
    "0177.0.0.1": "127.0.0.1",
    "127.1": "127.0.0.1",
    "127.0.0.1.": "127.0.0.1",
    "127.0.0.2": "127.0.0.2",
    "１２７．０．０．１": "127.0.0.1",
    "localhost": "localhost",
    "LOCALHOST.": "localhost",
    "0.0.0.0": "0.0.0.0",  # noqa: S104 - a disguise of 127.0.0.1
    "0": "0.0.0.0",  # noqa: S104 - the same
    "[::1]": "[::1]",
    "[0:0:0:0:0:0:0:1]": "[::1]",
    "[::ffff:127.0.0.1]": "[::ffff:7f00:1]",
    "[::ffff:7f00:1]": "[::ffff:7f00:1]",
    "[::127.0.0.1]": "[::7f00:1]",
    "[64:ff9b::127.0.0.1]": "[64:ff9b::7f00:1]",
    "[2002:7f00:1::]": "[2002:7f00:1::]",
    "169.254.169.254": "169.254.169.254",
    "10.0.0.1": "10.0.0.1",
    "[fe80::1]": "[fe80::1]",
    "[fd00::1]": "[fd00::1]",
    "255.255.255.255": "255.255.255.255",
    "224.0.0.1": "224.0.0.1",
}


def crawl_inside(operator: Operator, inside: FauxSite, *hosts: str, link: str) -> dict[str, int]:
    """Crawl a page with one link to the inside, and return what was denied."""
    write(operator.site, "/", link, "/y")
    write(operator.site, "/y")
    own = f"127.0.0.1:{operator.site.port}"
    night = operator.crawl(hosts=(own, *(f"{host}:{inside.port}" for host in hosts)))
    assert inside.requests == []
    assert night.paths == ["/", "/y"]
    assert night.seconds < 5
    return night.counts("denied")


@pytest.mark.parametrize("host", DISGUISES)
@case("a link to the inside as http://{host}", "denied: private_address; nothing arrives there")
def test_no_disguise_gets_past_the_guard(operator: Operator, inside: FauxSite, host: str) -> None:
    spelled = f"http://{host}:{inside.port}/x"
    denied = crawl_inside(operator, inside, "127.0.0.1", DISGUISES[host], link=spelled)
    assert denied == {"private_address": 1}


@pytest.mark.parametrize(
    "link",
    ["http://127.0.0.1:{own}@127.0.0.1:{port}/x", "http://127.0.0.1:{port}\\@127.0.0.1:{own}/x"],
)
@case("a link to the inside as `{link}`", "nothing arrives there")
def test_a_user_name_is_no_way_in(operator: Operator, inside: FauxSite, link: str) -> None:
    spelled = link.format(own=operator.site.port, port=inside.port)
    crawl_inside(operator, inside, "127.0.0.1", link=spelled)


@case("a public-looking name that DNS leads to 127.0.0.1", "denied: private_address")
def test_a_name_that_leads_inside_is_refused(
    operator: Operator, inside: FauxSite, resolver: Resolver
) -> None:
    resolver.answer("www.hostile.example", ["127.0.0.1"])
    spelled = inside.url("/x", host="www.hostile.example")
    denied = crawl_inside(operator, inside, "www.hostile.example", link=spelled)
    assert denied == {"private_address": 1}


@case(
    "a name with an address that may be visited and one of the inside",
    "only the address that may be visited is",
)
def test_of_several_addresses_only_the_good_ones_are_used(
    operator: Operator, resolver: Resolver
) -> None:
    with FauxSite(host="127.0.0.3") as good, FauxSite(port=good.port) as inside:
        write(good, "/x")
        operator.watches(inside)
        operator.allowed.append("127.0.0.3")
        resolver.answer("tva.example", ["127.0.0.1", "127.0.0.3"])
        write(operator.site, "/", good.url("/x", host="tva.example"))
        own = f"127.0.0.1:{operator.site.port}"
        night = operator.crawl(hosts=(own, f"tva.example:{good.port}"))
    assert good.requested == ["/robots.txt", "/x"]
    assert inside.requests == []
    assert len(night.paths) == 2


@case(
    "a name that DNS leads to a good address at the first look and inside at every later one",
    "each connection goes to the address that was checked for it: nothing arrives inside",
)
def test_a_name_that_turns_inside_after_the_check_is_refused(
    operator: Operator, resolver: Resolver
) -> None:
    with FauxSite(host="127.0.0.3") as good, FauxSite(port=good.port) as inside:
        for path in ("/x", "/z"):
            site_page = page_reply(html=text(path), headers={"Connection": "close"})
            good.reply(path, site_page)
        good.robots("User-agent: *", "Disallow:")
        inside.answer(lambda path: page_reply(html=text(path)))
        operator.watches(inside)
        operator.allowed.append("127.0.0.3")
        resolver.answer("ombytt.example", ["127.0.0.3"], ["127.0.0.1"])
        write(operator.site, "/", *(good.url(path, host="ombytt.example") for path in ("/x", "/z")))
        own = f"127.0.0.1:{operator.site.port}"
        night = operator.crawl(hosts=(own, f"ombytt.example:{good.port}"))
    assert inside.requests == []
    assert good.requested[0] == "/robots.txt"
    assert night.counts("denied")["private_address"] >= 1


@case("the operator's allow_private names 127.0.0.1 with the port", "another port is refused")
def test_a_named_port_is_no_licence_for_the_host(operator: Operator, inside: FauxSite) -> None:
    assert operator.allowed == [f"127.0.0.1:{operator.site.port}"]
    denied = crawl_inside(operator, inside, "127.0.0.1", link=inside.url("/", host="127.0.0.1"))
    assert denied == {"private_address": 1}


@case(
    "robots.txt names a sitemap of the inside; the sitemap of the site lists pages of it",
    "neither is asked for",
)
def test_a_sitemap_is_no_way_in(operator: Operator, inside: FauxSite) -> None:
    site = operator.site
    hidden = inside.url("/karta.xml", host="127.0.0.1")
    site.robots(f"Sitemap: {hidden}", f"Sitemap: {site.url('/karta.xml')}")
    site.text(
        "/karta.xml", f"<urlset><url><loc>{inside.url('/x', host='localhost')}</loc></url></urlset>"
    )
    operator.settings["sitemaps"] = "auto"
    denied = crawl_inside(operator, inside, "127.0.0.1", "localhost", link="/y")
    assert denied == {"private_address": 2}
