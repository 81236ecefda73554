"""The rules of robots.txt, as far as they are not protego's own tests."""

from __future__ import annotations

import pytest

from indexer.fetch.robots import MAX_BYTES, RobotsPolicy, parse_robots, product_token

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
