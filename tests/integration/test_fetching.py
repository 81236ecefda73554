"""The fetcher against real servers: polite ones, broken ones and hostile ones."""

from __future__ import annotations

import asyncio
import gzip
import itertools
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path

import pytest

from indexer.fetch import Fetcher
from indexer.model import (
    CrawlRequest,
    Deferred,
    Denied,
    Failed,
    FetchResult,
    HttpSettings,
    NotModified,
    Page,
)
from tests.support.faux_site import FauxSite, Reply

AGENT = "Samsok/1.0 (+https://www.example.org/samsok; samsok@example.org)"
TRUST = ssl.create_default_context()  # made once: it reads every certificate there is
SWIFT = HttpSettings(delay_s=0.0, timeout_s=2.0, deadline_s=5.0, max_body_mb=1.0)


def new_fetcher(
    *,
    allow_private: tuple[str, ...] = ("127.0.0.1",),
    patience_s: float = 3.0,
    tls: ssl.SSLContext | None = None,
) -> Fetcher:
    return Fetcher(
        user_agent=AGENT,
        allow_private=allow_private,
        patience_s=patience_s,
        backoff_s=0.01,
        tls=tls or TRUST,
    )


def ask(url: str, *, etag: str | None = None, last_modified: str | None = None) -> CrawlRequest:
    return CrawlRequest(url=url, source="test", etag=etag, last_modified=last_modified)


def fetch_all(
    urls: list[str],
    *,
    fetcher: Fetcher | None = None,
    settings: HttpSettings = SWIFT,
    permit: Callable[[str], str | None] | None = None,
) -> list[FetchResult]:
    """Fetch one after the other with one fetcher."""

    async def run() -> list[FetchResult]:
        async with fetcher or new_fetcher() as one:
            extra = {"permit": permit} if permit else {}
            return [await one.fetch(ask(url), settings=settings, **extra) for url in urls]

    return asyncio.run(run())


def fetch(
    request: str | CrawlRequest,
    *,
    fetcher: Fetcher | None = None,
    settings: HttpSettings = SWIFT,
) -> FetchResult:
    async def run() -> FetchResult:
        async with fetcher or new_fetcher() as one:
            asked = ask(request) if isinstance(request, str) else request
            return await one.fetch(asked, settings=settings)

    return asyncio.run(run())


def refused(outcome: FetchResult) -> str:
    assert isinstance(outcome, Denied), outcome
    return outcome.reason


def failed(outcome: FetchResult) -> str:
    assert isinstance(outcome, Failed), outcome
    return outcome.reason


@pytest.fixture
def site() -> Iterator[FauxSite]:
    with FauxSite() as one:
        yield one


# --- a page ---------------------------------------------------------------------------------------


def test_a_page_comes_with_what_its_headers_said(site: FauxSite) -> None:
    headers = {
        "Content-Type": "Text/HTML; charset=ISO-8859-1",
        "ETag": '"v1"',
        "Last-Modified": "Sat, 31 Jan 2026 12:00:00 GMT",
        "X-Robots-Tag": "noarchive\nsamsok: noindex",
    }
    site.reply("/%C3%A5?a=1", Reply(body="å".encode("latin-1"), headers=headers))
    page = fetch(site.url("/å?a=1#topp"))
    assert isinstance(page, Page)
    assert page.url == site.url("/%C3%A5?a=1")
    assert page.request.url == site.url("/å?a=1#topp")
    assert page.body == b"\xe5"
    assert (page.media_type, page.charset) == ("text/html", "iso-8859-1")
    assert (page.etag, page.last_modified) == ('"v1"', "Sat, 31 Jan 2026 12:00:00 GMT")
    assert page.robots_tag == "noarchive\nsamsok: noindex"
    assert page.fetched_at.tzinfo is not None
    assert 0 < page.elapsed_s < 5


def test_the_server_is_told_who_asks_and_which_encodings_are_read(site: FauxSite) -> None:
    site.page("/")
    fetch(site.url("/"))
    for request in site.requests:
        assert request.headers["user-agent"] == AGENT
        assert request.headers["accept-encoding"] == "gzip, deflate"
        assert request.headers["accept-language"].startswith("sv")
    assert site.requested == ["/robots.txt", "/"]


def test_cookies_are_not_sent_back(site: FauxSite) -> None:
    site.reply("/a", Reply(status=302, headers={"Location": "/b", "Set-Cookie": "s=1; Path=/"}))
    site.reply("/b", Reply(body=b"b", headers={"Set-Cookie": "t=2"}))
    fetch_all([site.url("/a"), site.url("/b")])
    assert len(site.asked("/b")) == 2
    assert not any("cookie" in request.headers for request in site.requests)


@pytest.mark.parametrize("chunked", [False, True])
def test_a_compressed_page_comes_decompressed(site: FauxSite, *, chunked: bool) -> None:
    text = b"Samverkan" * 1000
    headers = {"Content-Encoding": "gzip"}
    site.reply("/", Reply(body=gzip.compress(text), headers=headers, chunked=chunked))
    page = fetch(site.url("/"))
    assert isinstance(page, Page)
    assert page.body == text


def test_an_unchanged_page_is_not_sent_again(site: FauxSite) -> None:
    date = "Sat, 31 Jan 2026 12:00:00 GMT"
    site.reply("/tag", Reply(body=b"x", headers={"ETag": '"v1"'}))
    site.reply("/date", Reply(body=b"x", headers={"Last-Modified": date}))
    for known in (ask(site.url("/tag"), etag='"v1"'), ask(site.url("/date"), last_modified=date)):
        assert fetch(known) == NotModified(request=known)


def test_a_changed_page_is_sent_again(site: FauxSite) -> None:
    site.reply("/", Reply(body=b"ny", headers={"ETag": '"v2"'}))
    page = fetch(ask(site.url("/"), etag='"v1"'))
    assert isinstance(page, Page)
    assert (page.body, page.etag) == (b"ny", '"v2"')


def test_what_is_known_of_a_page_is_not_asked_of_the_page_it_moved_to(site: FauxSite) -> None:
    site.redirect("/gammal", to="/ny")
    site.reply("/ny", Reply(body=b"ny", headers={"ETag": '"v1"'}))
    assert isinstance(fetch(ask(site.url("/gammal"), etag='"v1"')), Page)


def test_a_304_that_nobody_asked_for_is_a_failure(site: FauxSite) -> None:
    site.reply("/", Reply(status=304))
    assert failed(fetch(site.url("/"))) == "http_304"


@pytest.mark.parametrize("status", [204, 206, 400, 401, 403, 404, 410, 418, 500, 502, 599])
def test_any_other_status_is_a_failure_that_names_it(site: FauxSite, status: int) -> None:
    site.reply("/", Reply(status=status, body=b"<h1>Nej</h1>"))
    outcome = fetch(site.url("/"))
    assert isinstance(outcome, Failed)
    assert (outcome.reason, outcome.status) == (f"http_{status}", status)
    assert str(status) in outcome.detail
    assert site.requested == ["/robots.txt", "/"]


@pytest.mark.parametrize("url", ["", "mailto:a@example.org", "http://user:x@127.0.0.1/", "/stig"])
def test_what_is_no_web_url_is_a_failure(url: str) -> None:
    assert failed(fetch(url)) == "invalid_url"


# --- redirects ------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_leads_to_the_page_and_its_url(site: FauxSite, status: int) -> None:
    site.redirect("/a", to="b?utm_source=brev&sida=2#topp", status=status)
    site.page("/b?utm_source=brev&sida=2", html="här")
    page = fetch(site.url("/a"))
    assert isinstance(page, Page)
    assert page.url == site.url("/b?sida=2")


def test_a_redirect_to_itself_is_a_loop(site: FauxSite) -> None:
    site.redirect("/a", to="/a")
    assert failed(fetch(site.url("/a"))) == "redirect_loop"
    assert len(site.asked("/a")) == 1


def test_a_ring_of_redirects_is_a_loop(site: FauxSite) -> None:
    site.redirect("/a", to="/b")
    site.redirect("/b", to="/a#x")
    assert failed(fetch(site.url("/a"))) == "redirect_loop"


def test_ten_redirects_are_followed_and_eleven_are_not(site: FauxSite) -> None:
    for number in range(1, 12):
        site.redirect(f"/{number}", to=f"/{number - 1}")
    site.page("/0")
    assert isinstance(fetch(site.url("/10")), Page)
    assert failed(fetch(site.url("/11"))) == "too_many_redirects"


@pytest.mark.parametrize("location", ["", "mailto:a@example.org", "http://", "http://u:p@h/"])
def test_a_redirect_to_no_web_url_is_a_failure(site: FauxSite, location: str) -> None:
    site.redirect("/", to=location)
    assert failed(fetch(site.url("/"))) == "redirect_invalid"


def test_a_redirect_goes_only_where_it_is_permitted(site: FauxSite) -> None:
    site.redirect("/a", to="/utanför?utm_source=x")
    site.page("/utanf%C3%B6r")
    asked: list[str] = []

    def permit(url: str) -> str | None:
        asked.append(url)
        return "not below start"

    (outcome,) = fetch_all([site.url("/a")], permit=permit)
    assert refused(outcome) == "redirect_out_of_scope"
    assert isinstance(outcome, Denied)
    assert outcome.detail.endswith(": not below start")
    assert asked == [site.url("/utanf%C3%B6r")]
    assert site.requested == ["/robots.txt", "/a"]


def test_a_redirect_to_a_disallowed_path_is_not_followed(site: FauxSite) -> None:
    site.robots("User-agent: *", "Disallow: /hemligt")
    site.redirect("/a", to="/hemligt")
    assert refused(fetch(site.url("/a"))) == "robots_disallowed"
    assert "/hemligt" not in site.requested


def test_a_redirect_to_another_host_obeys_the_robots_of_that_host(site: FauxSite) -> None:
    with FauxSite() as other:
        other.robots("User-agent: samsok", "Disallow: /")
        other.page("/")
        site.redirect("/a", to=other.url("/"))
        assert refused(fetch(site.url("/a"))) == "robots_disallowed"
        assert other.requested == ["/robots.txt"]


def test_a_redirect_to_the_inside_is_refused(site: FauxSite) -> None:
    with FauxSite() as inside:
        site.redirect("/a", to=inside.url("/"))
        fetcher = new_fetcher(allow_private=(f"127.0.0.1:{site.port}",))
        assert refused(fetch(site.url("/a"), fetcher=fetcher)) == "private_address"
        assert inside.requested == []


# --- the address guard ----------------------------------------------------------------------------


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001"])
def test_no_name_for_this_machine_is_fetched_unless_it_is_named(site: FauxSite, host: str) -> None:
    site.page("/")
    outcome = fetch(site.url("/", host=host), fetcher=new_fetcher(allow_private=()))
    assert refused(outcome) == "private_address"
    assert site.requests == []


@pytest.mark.parametrize("allowed", ["localhost", "127.0.0.0/8", "127.0.0.1"])
def test_an_allowed_name_is_fetched_by_its_name(site: FauxSite, allowed: str) -> None:
    site.page("/")
    fetcher = new_fetcher(allow_private=(allowed,))
    assert isinstance(fetch(site.url("/", host="localhost"), fetcher=fetcher), Page)
    assert {request.headers["host"] for request in site.requests} == {f"localhost:{site.port}"}


def test_a_name_that_does_not_exist_is_a_dns_failure() -> None:
    assert failed(fetch("http://nowhere.invalid/")) == "dns"


# --- robots.txt -----------------------------------------------------------------------------------


def test_robots_is_read_once_and_obeyed(site: FauxSite) -> None:
    site.robots("User-agent: *", "Disallow: /print/")
    site.page("/a")
    first, second, third = fetch_all([site.url(path) for path in ("/a", "/print/a", "/a")])
    assert isinstance(first, Page)
    assert refused(second) == "robots_disallowed"
    assert isinstance(third, Page)
    assert site.requested == ["/robots.txt", "/a", "/a"]


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_a_site_without_robots_allows_everything(site: FauxSite, status: int) -> None:
    site.reply("/robots.txt", Reply(status=status))
    site.page("/")
    assert isinstance(fetch(site.url("/")), Page)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_robots_that_cannot_be_read_forbid_everything(site: FauxSite, status: int) -> None:
    site.reply("/robots.txt", Reply(status=status))
    site.page("/")
    first, second = fetch_all([site.url("/"), site.url("/b")])
    assert isinstance(first, Failed)
    assert (first.reason, first.status) == ("robots_unreachable", status)
    assert failed(second) == "robots_unreachable"
    assert set(site.requested) == {"/robots.txt"}


def test_a_line_dropped_over_robots_forbids_everything(site: FauxSite) -> None:
    site.reply("/robots.txt", Reply(hangup="before_headers"))
    site.page("/")
    outcome = fetch(site.url("/"))
    assert failed(outcome) == "robots_unreachable"
    assert isinstance(outcome, Failed)
    assert "dropped" in outcome.detail
    assert site.asked("/") == []


def test_robots_may_be_redirected_even_to_another_host(site: FauxSite) -> None:
    with FauxSite() as other:
        other.text("/regler", "User-agent: *\nDisallow: /a\n")
        site.redirect("/robots.txt", to=other.url("/regler"))
        site.page("/b")
        disallowed, allowed = fetch_all([site.url("/a"), site.url("/b")])
    assert refused(disallowed) == "robots_disallowed"
    assert isinstance(allowed, Page)


@pytest.mark.parametrize(("location", "asked"), [("/robots.txt", 6), ("", 1), ("ftp://h/", 1)])
def test_robots_redirected_without_end_or_sense_count_as_absent(
    site: FauxSite, location: str, asked: int
) -> None:
    site.redirect("/robots.txt", to=location)
    site.page("/")
    assert isinstance(fetch(site.url("/")), Page)
    assert len(site.asked("/robots.txt")) == asked


def test_robots_redirected_to_the_inside_forbid_everything(site: FauxSite) -> None:
    with FauxSite() as inside:
        site.redirect("/robots.txt", to=inside.url("/"))
        fetcher = new_fetcher(allow_private=(f"127.0.0.1:{site.port}",))
        assert failed(fetch(site.url("/"), fetcher=fetcher)) == "robots_unreachable"
        assert inside.requested == []


def test_endless_robots_are_read_as_far_as_500_kib(site: FauxSite) -> None:
    rules = b"User-agent: *\nDisallow: /a\n" + b"#" * 3_000_000
    site.reply("/robots.txt", Reply(body=rules))
    site.page("/b")
    disallowed, allowed = fetch_all([site.url("/a"), site.url("/b")])
    assert refused(disallowed) == "robots_disallowed"
    assert isinstance(allowed, Page)


def test_sources_can_read_the_sitemaps_of_robots(site: FauxSite) -> None:
    site.robots("Sitemap: /karta.xml", "User-agent: *", "Crawl-delay: 0.5")

    async def run() -> tuple[tuple[str, ...], float, str]:
        async with new_fetcher() as fetcher:
            policy = await fetcher.robots(site.url("/a/b?c"))
            nonsense = await fetcher.robots("mailto:a@example.org")
            return policy.sitemaps, policy.crawl_delay_s, nonsense.reason

    assert asyncio.run(run()) == ((site.url("/karta.xml"),), 0.5, "invalid_url")


def test_many_at_once_ask_for_robots_one_time(site: FauxSite) -> None:
    for number in range(5):
        site.page(f"/{number}")

    async def run() -> list[FetchResult]:
        async with new_fetcher() as fetcher:
            wanted = (ask(site.url(f"/{number}")) for number in range(5))
            return await asyncio.gather(*(fetcher.fetch(one, settings=SWIFT) for one in wanted))

    assert all(isinstance(outcome, Page) for outcome in asyncio.run(run()))
    assert len(site.asked("/robots.txt")) == 1


# --- politeness -----------------------------------------------------------------------------------


def gaps(site: FauxSite) -> list[float]:
    times = [request.at for request in site.requests]
    return [later - earlier for earlier, later in itertools.pairwise(times)]


@pytest.mark.parametrize(("delay_s", "crawl_delay"), [(0.2, "0"), (0.0, "0.2"), (0.2, "0.1")])
def test_the_longer_delay_lies_between_two_requests(
    site: FauxSite, delay_s: float, crawl_delay: str
) -> None:
    site.robots("User-agent: *", f"Crawl-delay: {crawl_delay}")
    for number in range(3):
        site.page(f"/{number}")

    async def run() -> None:
        settings = HttpSettings(delay_s=delay_s, per_host=2, timeout_s=2, deadline_s=5)
        async with new_fetcher() as fetcher:
            wanted = (ask(site.url(f"/{number}")) for number in range(3))
            await asyncio.gather(*(fetcher.fetch(one, settings=settings) for one in wanted))

    asyncio.run(run())
    assert len(site.requests) == 4
    # A connection that is already open is a little quicker than the first one.
    assert min(gaps(site)) > 0.15


def test_a_busy_server_is_asked_again_when_it_said_so(site: FauxSite) -> None:
    busy = Reply(status=503, headers={"Retry-After": "1"})
    site.reply("/", busy, Reply(body=b"nu"))
    page = fetch(site.url("/"))
    assert isinstance(page, Page)
    assert page.body == b"nu"
    first, second = (request.at for request in site.asked("/"))
    assert 0.95 < second - first < 2


def test_a_date_in_retry_after_is_waited_for_too(site: FauxSite) -> None:
    busy = Reply(status=429, headers={"Retry-After": formatdate(time.time() + 1.5, usegmt=True)})
    site.reply("/", busy, Reply(body=b"nu"))
    assert isinstance(fetch(site.url("/")), Page)


def test_a_server_that_stays_busy_is_asked_three_times(site: FauxSite) -> None:
    site.reply("/", Reply(status=429, headers={"Retry-After": "0"}))
    assert failed(fetch(site.url("/"))) == "http_429"
    assert len(site.asked("/")) == 3


def test_an_unavailable_page_that_does_not_say_for_how_long_is_asked_for_three_times(
    site: FauxSite,
) -> None:
    site.reply("/", Reply(status=503))
    assert failed(fetch(site.url("/"))) == "http_503"
    assert len(site.asked("/")) == 3
    assert min(gaps(site)[1:]) > 0.9


def test_a_server_that_wants_long_peace_is_given_up_at_once(site: FauxSite) -> None:
    site.reply("/a", Reply(status=429, headers={"Retry-After": "600"}))
    site.page("/b")
    first, second = fetch_all([site.url("/a"), site.url("/b")])
    assert isinstance(first, Failed)
    assert (first.reason, first.status) == ("http_429", 429)
    assert "left alone for 600 s" in first.detail
    assert failed(second) == "host_busy"
    assert site.requested == ["/robots.txt", "/a"]


def test_one_page_that_is_unavailable_for_long_does_not_close_the_site(site: FauxSite) -> None:
    site.reply("/a", Reply(status=503, headers={"Retry-After": "600"}))
    site.page("/b")
    first, second = fetch_all([site.url("/a"), site.url("/b")])
    assert failed(first) == "http_503"
    assert isinstance(second, Page)


def test_an_attempt_leaves_the_waiting_to_the_caller(site: FauxSite) -> None:
    site.reply("/", Reply(status=429, headers={"Retry-After": "60"}))
    site.page("/b")

    async def run() -> list[FetchResult | Deferred]:
        async with new_fetcher() as fetcher:
            urls = [site.url("/"), site.url("/b")]
            outcomes = [await fetcher.attempt(ask(url), settings=SWIFT) for url in urls]
            assert 58 < fetcher.closed_s(site.url("/b")) <= 60
            return outcomes

    first, second = asyncio.run(run())
    assert isinstance(first, Deferred)
    assert (first.reason, first.status, first.wait_s) == ("http_429", 429, 60)
    assert isinstance(second, Deferred)
    assert (second.reason, second.status) == ("host_busy", None)
    assert 58 < second.wait_s <= 60
    assert site.requested == ["/robots.txt", "/"]


def test_waiting_for_a_busy_server_holds_up_no_other(site: FauxSite) -> None:
    site.reply("/", Reply(status=503, headers={"Retry-After": "2"}), Reply(body=b"a"))

    async def run(other: FauxSite) -> float:
        async with Fetcher(
            user_agent=AGENT, allow_private=("127.0.0.1",), concurrency=1
        ) as fetcher:
            slow = asyncio.create_task(fetcher.fetch(ask(site.url("/")), settings=SWIFT))
            while not site.asked("/"):
                await asyncio.sleep(0.01)
            begun = time.monotonic()
            assert isinstance(await fetcher.fetch(ask(other.url("/")), settings=SWIFT), Page)
            took = time.monotonic() - begun
            assert isinstance(await slow, Page)
            return took

    with FauxSite() as other:
        other.page("/")
        assert asyncio.run(run(other)) < 1


# --- servers that break ---------------------------------------------------------------------------


def test_a_line_dropped_once_is_tried_again(site: FauxSite) -> None:
    site.reply("/", Reply(hangup="before_headers"), Reply(body=b"andra"))
    page = fetch(site.url("/"))
    assert isinstance(page, Page)
    assert page.body == b"andra"


@pytest.mark.parametrize("hangup", ["before_headers", "in_headers", "in_body"])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_line_that_keeps_dropping_is_a_failure(
    site: FauxSite, hangup: str, *, chunked: bool
) -> None:
    reply = Reply(body=b"halva sidan", hangup=hangup, chunked=chunked)  # type: ignore[arg-type]  # one of Hangup
    site.reply("/", reply)
    assert failed(fetch(site.url("/"))) == "dropped"
    assert len(site.asked("/")) == 2


def test_a_silent_server_times_out_and_gets_a_second_chance(site: FauxSite) -> None:
    site.reply("/", Reply(stall_s=10))
    settings = HttpSettings(delay_s=0, timeout_s=0.2, deadline_s=5)
    assert failed(fetch(site.url("/"), settings=settings)) == "timeout"
    assert len(site.asked("/")) == 2


def test_a_page_that_drips_ends_at_the_deadline(site: FauxSite) -> None:
    site.reply("/", Reply(body=b"x" * 1000, drip_s=0.05))
    settings = HttpSettings(delay_s=0, timeout_s=1, deadline_s=0.5)
    begun = time.monotonic()
    assert failed(fetch(site.url("/"), settings=settings)) == "deadline"
    assert time.monotonic() - begun < 3


def test_the_deadline_holds_over_redirects_and_retries(site: FauxSite) -> None:
    for number in range(9):
        location = {"Location": f"/{number + 1}"}
        site.reply(f"/{number}", Reply(status=302, headers=location, stall_s=0.15))
    settings = HttpSettings(delay_s=0, timeout_s=1, deadline_s=0.5)
    assert failed(fetch(site.url("/0"), settings=settings)) == "deadline"
    assert 2 <= len(site.requests) - 1 <= 4


def test_waiting_for_a_turn_is_not_charged_to_the_deadline(site: FauxSite) -> None:
    site.page("/")
    settings = HttpSettings(delay_s=0.6, timeout_s=0.5, deadline_s=0.5)
    assert isinstance(fetch(site.url("/"), settings=settings), Page)


def test_a_body_that_says_it_is_too_large_is_not_read(site: FauxSite) -> None:
    site.reply("/", Reply(body=b"x" * 1_000_001))
    outcome = fetch(site.url("/"))
    assert failed(outcome) == "body_too_large"


@pytest.mark.parametrize("encoding", ["", "gzip"])
def test_a_body_that_turns_out_too_large_is_cut_off(site: FauxSite, encoding: str) -> None:
    body = b"\0" * 30_000_000
    if encoding:
        body = gzip.compress(body)
    headers = {"Content-Encoding": encoding} if encoding else {}
    site.reply("/", Reply(body=body, headers=headers, chunked=True))
    assert failed(fetch(site.url("/"))) == "body_too_large"


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip"])
def test_an_encoding_that_does_not_decode_is_a_failure(site: FauxSite, encoding: str) -> None:
    site.reply("/", Reply(body=b"inte packat", headers={"Content-Encoding": encoding}))
    assert failed(fetch(site.url("/"))) == "bad_encoding"


def test_a_port_where_nobody_listens_is_a_connect_failure() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert failed(fetch(f"http://127.0.0.1:{port}/")) == "connect"


def test_plain_http_behind_https_is_a_tls_failure(site: FauxSite) -> None:
    outcome = fetch(site.url("/").replace("http:", "https:"))
    assert failed(outcome) == "tls"


@contextmanager
def server_that_says(answer: bytes) -> Iterator[str]:
    """A server that knows robots.txt and otherwise answers these very bytes."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            while True:
                try:
                    line, _ = listener.accept()
                except OSError:
                    return
                with line:
                    asked = line.recv(65_536)
                    known = b"HTTP/1.0 404 No\r\n\r\n"
                    line.sendall(known if b"/robots.txt" in asked else answer)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/"
        listener.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"220 mail.example.org ESMTP\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxx",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000,
        b"\x16\x03\x01" + b"\0" * 100,
    ],
)
def test_what_is_not_http_is_a_bad_response(answer: bytes) -> None:
    with server_that_says(answer) as url:
        assert failed(fetch(url)) == "bad_response"


def test_a_server_may_end_an_old_style_body_by_closing() -> None:
    with server_that_says(b"HTTP/1.0 200 OK\r\n\r\nhej") as url:
        page = fetch(url)
    assert isinstance(page, Page)
    assert (page.body, page.media_type) == (b"hej", "")


def test_after_all_that_the_fetcher_still_works(site: FauxSite) -> None:
    site.reply("/slow", Reply(stall_s=10))
    site.page("/")

    async def run() -> FetchResult:
        async with new_fetcher() as fetcher:
            for _ in range(20):
                task = asyncio.create_task(fetcher.fetch(ask(site.url("/slow")), settings=SWIFT))
                await asyncio.sleep(0.01)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
            return await fetcher.fetch(ask(site.url("/")), settings=SWIFT)

    assert isinstance(asyncio.run(run()), Page)


# --- TLS ------------------------------------------------------------------------------------------


@pytest.mark.skipif(shutil.which("openssl") is None, reason="makes its certificate with openssl")
def test_the_certificate_is_checked_against_the_name_and_not_the_address(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 "
        f"-subj /CN=localhost -addext subjectAltName=DNS:localhost -keyout {key} "
        f"-out {certificate}".split(),
        check=True,
        capture_output=True,
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    asked: list[str | None] = []
    tls.sni_callback = lambda _socket, name, _context: asked.append(name)
    trusting = ssl.create_default_context(cafile=str(certificate))
    with FauxSite(tls=tls) as site:
        site.page("/")
        by_name = fetch(site.url("/", host="localhost"), fetcher=new_fetcher(tls=trusting))
        by_address = fetch(site.url("/"), fetcher=new_fetcher(tls=trusting))
        unknown = fetch(site.url("/", host="localhost"))
    assert isinstance(by_name, Page)
    assert asked[0] == "localhost"
    assert site.requests[0].headers["host"] == f"localhost:{site.port}"
    assert failed(by_address) == "tls"
    assert failed(unknown) == "tls"
