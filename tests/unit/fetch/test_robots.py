"""The rules of robots.txt, as far as they are not protego's own tests."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.fetch.client import Response
from indexer.fetch.robots import MAX_BYTES, RobotsCache, RobotsPolicy, parse_robots, product_token
from indexer.model import HttpSettings

ORIGIN = "https://www.example.org"


def policy(text: str) -> RobotsPolicy:
    return parse_robots(text.encode(), origin=ORIGIN, crawler="Samsok")


def test_the_group_of_our_name_goes_before_the_group_of_all() -> None:
    rules = policy("User-agent: *\nDisallow: /\n\nUser-agent: samsok\nDisallow: /print/\n")
    assert rules.allows(f"{ORIGIN}/nyheter")
    assert not rules.allows(f"{ORIGIN}/print/1")


def test_the_longest_rule_wins_and_letters_beyond_ascii_match() -> None:
    rules = policy("User-agent: *\nDisallow: /område\nAllow: /område/öppet\n")
    assert not rules.allows(f"{ORIGIN}/omr%C3%A5de/x")
    assert rules.allows(f"{ORIGIN}/omr%C3%A5de/%C3%B6ppet")


@pytest.mark.parametrize(
    ("user_agent", "token"),
    [
        ("Samsok/1.0 (+https://www.example.org/samsok; samsok@example.org)", "Samsok"),
        ("my-crawler", "my-crawler"),
        ("99bot/2", "99bot"),
    ],
)
def test_only_the_product_token_is_matched(user_agent: str, token: str) -> None:
    assert product_token(user_agent) == token


def test_a_crawler_named_in_our_contact_address_is_not_us() -> None:
    body = b"User-agent: example\nDisallow: /\n"
    crawler = product_token("Samsok/1.0 (+https://example.org)")
    assert parse_robots(body, origin=ORIGIN, crawler=crawler).allows(f"{ORIGIN}/")


def test_sitemaps_are_absolute_and_named_once() -> None:
    text = f"Sitemap: /karta.xml\nSitemap: {ORIGIN}/karta.xml\nSitemap: ftp://x/\nSitemap: å.xml"
    assert policy(text).sitemaps == (f"{ORIGIN}/karta.xml", f"{ORIGIN}/%C3%A5.xml")


@pytest.mark.parametrize(("line", "delay"), [("5", 5.0), ("86400", 60.0), ("x", 0.0), ("-1", 0.0)])
def test_the_crawl_delay_is_capped_at_a_minute(line: str, delay: float) -> None:
    assert policy(f"User-agent: *\nCrawl-delay: {line}\n").crawl_delay_s == delay


def test_a_byte_order_mark_does_not_hide_the_first_line() -> None:
    assert not policy("\ufeffUser-agent: *\nDisallow: /\n").allows(f"{ORIGIN}/a")


def test_half_a_line_at_the_size_limit_is_not_a_rule() -> None:
    start = "User-agent: *\nDisallow: /print\n"
    filler = "#" * (MAX_BYTES - len(start) - len("\nDisallow: /"))
    rules = policy(f"{start}{filler}\nDisallow: /hemligt\n")
    assert rules.allows(f"{ORIGIN}/nyheter")
    assert not rules.allows(f"{ORIGIN}/print")


def test_what_is_no_robots_file_allows_everything() -> None:
    assert policy("<!doctype html><title>Välkommen</title>").allows(f"{ORIGIN}/a")


def test_an_unreachable_policy_allows_nothing() -> None:
    assert not RobotsPolicy(origin=ORIGIN, reason="robots_unreachable").allows(f"{ORIGIN}/")


# --- groups (RFC 9309, section 2.2.1) -------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "User-agent: SAMSOK\nDisallow: /a\n",
        "User-agent: samsok/1.0\nDisallow: /a\n",
        "User-agent: Samsok crawler\nDisallow: /a\n",
        "user-agent : samsok # vi\n disallow : /a # inte\n",
        "User-agent: andra\nUser-agent: samsok\nDisallow: /a\n",
        "User-agent: samsok\nUser-agent: andra\nDisallow: /a\n",
        "User-agent: samsok\n\n\nUser-agent: andra\nDisallow: /a\n",
        "User-agent: samsok\nNoindex: /x\nUser-agent: andra\nDisallow: /a\n",
        "User-agent: samsok\nSitemap: /x.xml\nUser-agent: andra\nDisallow: /a\n",
        "User-agent: *\nDisallow: /x\nUser-agent: samsok\nDisallow: /a\n",
        "User-agent: samsok\nDisallow: /a\nUser-agent: *\nDisallow: /x\n",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_the_group_that_names_us_is_ours(text: str, end: str) -> None:
    rules = policy(text.replace("\n", end))
    assert not rules.allows(f"{ORIGIN}/a")
    assert rules.allows(f"{ORIGIN}/x")


@pytest.mark.parametrize(
    "name", ["sam", "samsoker", "samsok-news", "not-samsok", "googlebot", "*sok", ""]
)
def test_a_group_of_somebody_else_is_not_ours(name: str) -> None:
    rules = policy(f"User-agent: {name}\nDisallow: /a\n\nUser-agent: *\nDisallow: /x\n")
    assert rules.allows(f"{ORIGIN}/a")
    assert not rules.allows(f"{ORIGIN}/x")
    assert policy(f"User-agent: {name}\nDisallow: /a\n").allows(f"{ORIGIN}/a")


def test_groups_of_the_same_crawler_are_one_group() -> None:
    rules = policy(
        "User-agent: samsok\nDisallow: /a\n\nUser-agent: *\nDisallow: /x\n\n"
        "User-agent: andra\nUser-agent: Samsok\nDisallow: /b\nAllow: /a/b\n"
    )
    assert not rules.allows(f"{ORIGIN}/a")
    assert not rules.allows(f"{ORIGIN}/b")
    assert rules.allows(f"{ORIGIN}/a/b")
    assert rules.allows(f"{ORIGIN}/x")


def test_an_empty_group_of_ours_allows_everything() -> None:
    assert policy("User-agent: *\nDisallow: /\n\nUser-agent: samsok\n").allows(f"{ORIGIN}/a")
    assert policy("User-agent: samsok\nDisallow:\n").allows(f"{ORIGIN}/a")


def test_rules_before_any_group_are_nobodys() -> None:
    assert policy("Disallow: /\nUser-agent: *\nAllow: /\n").allows(f"{ORIGIN}/a")


# --- rules (RFC 9309, section 2.2.2) --------------------------------------------------------------


@pytest.mark.parametrize(
    ("rules", "path", "allowed"),
    [
        # a tie goes to Allow
        (["Disallow: /a", "Allow: /a"], "/a", True),
        (["Allow: /a", "Disallow: /a"], "/a", True),
        (["Disallow: /a*", "Allow: /b"], "/a", False),
        # letters, however they are written here and there
        (["Disallow: /område"], "/omr%C3%A5de/x", False),
        (["Disallow: /omr%c3%a5de"], "/omr%C3%A5de/x", False),
        (["Disallow: /omra\u030ade"], "/omr%C3%A5de/x", False),
        (["Disallow: /område"], "/omrade", True),
        (["Disallow: /%62%61"], "/ba", False),
        (["Disallow: /a%2Fb"], "/a/b", True),
        (["Disallow: /?s=ö"], "/?s=%C3%B6", False),
        # special characters
        (["Disallow: /*.pdf$"], "/a/b.pdf", False),
        (["Disallow: /*.pdf$"], "/a/b.pdf?x=1", True),
        (["Disallow: /a*c*e"], "/abcde/f", False),
        (["Disallow: /$"], "/", False),
        (["Disallow: /$"], "/a", True),
        # case counts in paths
        (["Disallow: /A"], "/a", True),
        # robots.txt itself
        (["Disallow: /"], "/robots.txt", True),
    ],
)
def test_which_rule_wins(*, rules: list[str], path: str, allowed: bool) -> None:
    assert policy("\n".join(["User-agent: *", *rules])).allows(ORIGIN + path) is allowed


def test_letters_in_an_old_encoding_are_understood() -> None:
    text = "User-agent: *\nDisallow: /område\n"
    for encoding in ("utf-8", "utf-8-sig", "cp1252"):
        rules = parse_robots(text.encode(encoding), origin=ORIGIN, crawler="Samsok")
        assert not rules.allows(f"{ORIGIN}/omr%C3%A5de")


@pytest.mark.parametrize("mark", [b"\xef", b"\xef\xbb", b"\xef\xbb\xbf"])
def test_what_is_left_of_a_byte_order_mark_hides_nothing(mark: bytes) -> None:
    body = mark + b"User-agent: *\nDisallow: /\n"
    assert not parse_robots(body, origin=ORIGIN, crawler="Samsok").allows(f"{ORIGIN}/a")


# --- which rule decides ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "rule"),
    [
        ("/nyheter/1", ""),
        ("/intern/x", "Disallow: /intern/"),
        ("/intern/öppet/x", "Allow: /intern/öppet/"),
        ("/a.pdf", "Disallow: /*.pdf$"),
        ("/tie", "Allow: /tie"),
        ("/robots.txt", ""),
    ],
)
def test_the_rule_that_decides_can_be_told(path: str, rule: str) -> None:
    rules = policy(
        "User-agent: *\nDisallow: /nyheter\n\nUser-agent: samsok\nDissallow: /intern/ # så\n"
        "allow: /intern/öppet/\nDisallow: /*.pdf$\nDisallow: /tie\nAllow: /tie\nDisallow:\n"
    )
    assert rules.rule_for(ORIGIN + path) == rule
    assert rules.allows(ORIGIN + path) is not rule.startswith("Disallow")


def test_no_rule_decides_where_there_is_none() -> None:
    assert RobotsPolicy(origin=ORIGIN).rule_for(f"{ORIGIN}/a") == ""
    assert RobotsPolicy(origin=ORIGIN, reason="robots_unreachable").rule_for(f"{ORIGIN}/a") == ""


LINES = st.sampled_from(
    (
        *("User-agent: *", "User-agent: samsok", "User-agent: sam", "Disallow: /", "Allow: /a"),
        *("Disallow: /a*b$", "Disallow: /%C3", "Crawl-delay: 9", "Sitemap: /x", "Disallow: *"),
        *("", "?: x"),
    )
)


@given(lines=st.lists(LINES | st.text(max_size=12)), path=st.sampled_from(["", "a", "ab", "å?x"]))
def test_the_rule_that_is_told_agrees_with_the_verdict(lines: list[str], path: str) -> None:
    rules = policy("\n".join(lines).encode("utf-8", "replace").decode())
    assert rules.rule_for(f"{ORIGIN}/{path}").startswith("Disallow") is not rules.allows(
        f"{ORIGIN}/{path}"
    )


# --- how long it is believed (RFC 9309, section 2.4) ----------------------------------------------


@pytest.mark.parametrize(("status", "lifetime_s"), [(200, 24 * 3600), (404, 24 * 3600), (503, 300)])
def test_robots_are_asked_for_again_after_a_day_and_after_an_outage_soon(
    status: int, lifetime_s: int
) -> None:
    asked: list[float] = []
    now = 1000.0

    async def get(url: str, _settings: HttpSettings) -> Response:
        asked.append(now)
        return Response(url=url, status=status, headers={}, body=b"")

    async def run() -> None:
        nonlocal now
        cache = RobotsCache(get, user_agent="Samsok/1.0", clock=lambda: now)
        for later in (0, lifetime_s - 1, lifetime_s):
            now = 1000.0 + later
            await cache.policy(ORIGIN, HttpSettings())

    asyncio.run(run())

    assert asked == [1000.0, 1000.0 + lifetime_s]


def test_robots_are_followed_through_five_redirects() -> None:
    async def get(url: str, _settings: HttpSettings) -> Response:
        step = int(url.rpartition("/")[2].replace("robots.txt", "0"))
        if step == 5:
            return Response(url=url, status=200, headers={}, body=b"User-agent: *\nDisallow: /")
        return Response(url=url, status=302, headers={"location": f"/{step + 1}"})

    cache = RobotsCache(get, user_agent="Samsok/1.0")
    assert not asyncio.run(cache.policy(ORIGIN, HttpSettings())).allows(f"{ORIGIN}/a")
