"""Redirects: where a request is led, and where it does not go."""

from __future__ import annotations

import pytest

from tests.hostile.cases import case
from tests.hostile.crawling import Operator, text, write
from tests.support.faux_site import HTML, FauxSite, Reply, page_reply, said


def redirect(site: FauxSite, to: str | None, *, status: int = 302, **headers: str) -> None:
    """Link to /x from the start page, and send whoever asks for it somewhere."""
    write(site, "/", "/x", "/y")
    write(site, "/y")
    location = {} if to is None else {"Location": to}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    site.reply("/x", Reply(status=status, headers=location | named))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@case("/x answers {status} to /mål", "one document, under the URL of its target")
def test_a_redirect_leads_to_its_target(site: FauxSite, operator: Operator, status: int) -> None:
    redirect(site, "/m%c3%a5l#topp", status=status)
    write(site, "/m%C3%A5l")
    night = operator.crawl()
    assert night.paths == ["/", "/m%C3%A5l", "/y"]
    assert night.counts("skipped") == {"redirected": 1}
    assert max(site.times.values()) == 1


@pytest.mark.parametrize("status", [300, 304, 305, 306, 399])
@case("/x answers {status} with a Location", "that is no redirect: it is counted as failed")
def test_what_is_no_redirect_is_a_failure(site: FauxSite, operator: Operator, status: int) -> None:
    redirect(site, "/dit", status=status)
    night = operator.crawl()
    assert not site.asked("/dit")
    assert night.counts("failed") == {f"http_{status}": 1}
    assert night.paths == ["/", "/y"]


@case("a chain of ten redirects", "it is followed to its end")
def test_a_chain_of_ten_is_followed(site: FauxSite, operator: Operator) -> None:
    redirect(site, "/1")
    for number in range(1, 10):
        site.redirect(f"/{number}", to=f"/{number + 1}")
    write(site, "/10")
    assert operator.crawl().paths == ["/", "/10", "/y"]


@case("every redirect leads to another one, without end", "eleven requests, and it is given up")
def test_a_chain_without_end_is_given_up(site: FauxSite, operator: Operator) -> None:
    redirect(site, "/hopp/1")
    site.answer(
        lambda path: (
            Reply(status=302, headers={"Location": f"{path}1"})
            if path.startswith("/hopp/")
            else None
        )
    )
    night = operator.crawl()
    assert night.counts("failed") == {"too_many_redirects": 1}
    assert len(site.requests) <= 14
    assert night.paths == ["/", "/y"]


@case("/x redirects to /z and that back to /x", "a loop: each is asked for once")
def test_a_ring_is_a_loop(site: FauxSite, operator: Operator) -> None:
    redirect(site, "/z")
    site.redirect("/z", to="/x")
    night = operator.crawl()
    assert night.counts("failed") == {"redirect_loop": 1}
    assert (len(site.asked("/x")), len(site.asked("/z"))) == (1, 1)


@case(
    "/x redirects to itself until a cookie is shown",
    "a loop: it is asked for once, and no cookie is sent",
)
def test_a_cookie_wall_is_a_loop(site: FauxSite, operator: Operator) -> None:
    redirect(site, "/x", Set_Cookie="ja=1; Path=/")
    night = operator.crawl()
    assert night.counts("failed") == {"redirect_loop": 1}
    assert len(site.asked("/x")) == 1


@case(
    "/x adds a session id in a redirect, and that adds another one",
    "the redirects are followed as they are written, eleven at most",
)
def test_session_ids_in_redirects_end(site: FauxSite, operator: Operator) -> None:
    redirect(site, "/x?PHPSESSID=0")
    site.answer(
        lambda path: (
            Reply(status=302, headers={"Location": f"{path}0"}) if "PHPSESSID" in path else None
        )
    )
    night = operator.crawl()
    assert night.counts("failed") == {"too_many_redirects": 1}
    assert len(site.requests) <= 14


@pytest.mark.parametrize(
    "location",
    [
        "https://www.example.org/underhall",
        "//www.example.org/",
        "http://127.0.0.1.evil.example/",
        "/annat/",
    ],
)
@case("/s/x redirects to `{location}`, out of the source", "the target is not asked for")
def test_a_redirect_out_of_the_source_is_not_followed(
    site: FauxSite, operator: Operator, location: str
) -> None:
    write(site, "/s/", "/s/x")
    site.redirect("/s/x", to=location)
    night = operator.crawl(start=(site.url("/s/"),))
    assert site.pages_requested == ["/s/", "/s/x"]
    (reason,) = night.counts("skipped")
    assert reason in {"redirect_other_host", "redirect_not_allowed"}


@case("/x redirects to what robots.txt disallows", "the target is not asked for")
def test_a_redirect_to_what_robots_disallows_is_not_followed(
    site: FauxSite, operator: Operator
) -> None:
    site.robots("User-agent: *", "Disallow: /hemligt")
    redirect(site, "/hemligt")
    write(site, "/hemligt")
    night = operator.crawl()
    assert not site.asked("/hemligt")
    assert night.counts("denied") == {"robots_disallowed": 1}


@pytest.mark.parametrize("address", ["127.0.0.1", "2130706433", "0x7f.1", "[::ffff:127.0.0.1]"])
@case(
    "/x redirects to another port of {address}, which the source names as a host",
    "the guard refuses it: nothing arrives there",
)
def test_a_redirect_to_the_inside_is_refused(
    site: FauxSite, other: FauxSite, operator: Operator, address: str
) -> None:
    operator.watches(other)
    write(other, "/")
    redirect(site, other.url("/", host=address))
    inside = (f"127.0.0.1:{other.port}", f"[::ffff:7f00:1]:{other.port}")
    night = operator.crawl(hosts=(f"127.0.0.1:{site.port}", *inside))
    assert other.requests == []
    assert night.counts("denied") == {"private_address": 1}


@pytest.mark.parametrize(
    "location",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,<h1>x</h1>",
        "gopher://127.0.0.1/",
        "http://",
        "http://ann:hemligt@127.0.0.1/",
        "http://[::1",
        "",
    ],
)
@case("/x redirects to `{location}`", "that is no web address: counted as redirect_invalid")
def test_a_redirect_to_no_web_address_is_a_failure(
    site: FauxSite, operator: Operator, location: str
) -> None:
    redirect(site, location)
    night = operator.crawl()
    assert night.counts("failed") == {"redirect_invalid": 1}
    assert night.paths == ["/", "/y"]


@case("/x answers 302 without Location", "counted as redirect_invalid")
def test_a_redirect_to_nowhere_is_a_failure(site: FauxSite, operator: Operator) -> None:
    redirect(site, None)
    assert operator.crawl().counts("failed") == {"redirect_invalid": 1}


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("dit", "/dit"),
        ("./a/../dit?x=1", "/dit?x=1"),
        ("?sida=2", "/x?sida=2"),
        ("/sm\u00e5land", "/sm%C3%A5land"),
        ("/dit?utm_source=brev", "/dit?utm_source=brev"),
        ("  /dit  ", "/dit"),
    ],
)
@case("/x redirects to `{location}`", "`{target}` is asked for")
def test_a_relative_location_is_resolved(
    site: FauxSite, operator: Operator, location: str, target: str
) -> None:
    write(site, "/", "/x")
    head = f"HTTP/1.1 302 Found\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    site.reply("/x", Reply(raw=said(head.encode())))
    site.answer(lambda path: page_reply(html=text(path)))
    operator.crawl()
    assert site.pages_requested == ["/", "/x", target]


@case("a Location in Latin-1 bytes: /sm\\xe5land", "/sm%C3%A5land or /sm%E5land is asked for, once")
def test_a_location_in_latin_1_is_resolved(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/x")
    head = b"HTTP/1.1 302 Found\r\nLocation: /sm\xe5land\r\nContent-Length: 0\r\n\r\n"
    site.reply("/x", Reply(raw=said(head)))
    site.answer(lambda path: page_reply(html=text(path)))
    night = operator.crawl()
    assert site.pages_requested[2:] in (["/sm%C3%A5land"], ["/sm%E5land"])
    assert len(night.paths) == 2


@case("a Location of 8 000 characters, and one said twice", "counted as failed; the crawl goes on")
def test_a_monstrous_location_is_a_failure(site: FauxSite, operator: Operator) -> None:
    redirect(site, "/" + "a" * 8000)
    site.reply("/y", Reply(status=302, headers={"Location": "http://\nhttp://"}))
    night = operator.crawl()
    assert night.counts("failed") == {"redirect_invalid": 2}


@case("302 with an endless body", "the body is not read: the target comes at once")
def test_the_body_of_a_redirect_is_not_read(site: FauxSite, operator: Operator) -> None:
    redirect(site, "/dit")
    write(site, "/dit")

    def endless() -> object:
        while True:
            yield b"x" * 65_536

    headers = {"Location": "/dit"}
    site.reply("/x", Reply(status=302, headers=headers, stream=endless, chunked=True))  # type: ignore[arg-type]  # a generator
    night = operator.crawl()
    assert night.paths == ["/", "/dit", "/y"]
    assert night.seconds < 3


@case(
    "five old addresses redirect to a page that is linked as well",
    "the page is asked for once, and is one document",
)
def test_many_redirects_to_one_page_cost_one_request(site: FauxSite, operator: Operator) -> None:
    old = [f"/gammal/{number}" for number in range(5)]
    write(site, "/", "/ny", *old)
    for path in old:
        site.redirect(path, to="/ny")
    write(site, "/ny")
    night = operator.crawl()
    assert (len(site.asked("/ny")), night.paths) == (1, ["/", "/ny"])


@case("the start page redirects to /hem", "the source is there; /hem is its document")
def test_a_start_page_may_redirect(site: FauxSite, operator: Operator) -> None:
    site.redirect("/", to="/hem")
    write(site, "/hem", "/a")
    write(site, "/a")
    night = operator.crawl()
    assert (night.paths, night.exit_code) == (["/a", "/hem"], 0)


@case("the start page redirects to another host", "the source fails and says so; exit 1")
def test_a_start_page_that_leads_away_fails_the_source(site: FauxSite, operator: Operator) -> None:
    site.redirect("/", to="https://www.example.org/")
    night = operator.crawl()
    assert (night.exit_code, night.source.problem) == (1, "source_failed")
    assert site.pages_requested == ["/"]


@case(
    '`<meta http-equiv="refresh" content="0; url=/ny">` and nothing else on the page',
    "/ny is found; the empty page is no document",
)
def test_a_page_that_refreshes_leads_to_its_target(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/gammal")
    refresh = b'<html><head><meta http-equiv="Refresh" content="0; URL=\'/ny\'"></head></html>'
    site.reply("/gammal", Reply(body=refresh, headers={"Content-Type": HTML}))
    write(site, "/ny")
    assert operator.crawl().paths == ["/", "/ny"]
