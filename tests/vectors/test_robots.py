"""robots.txt as the vectors of RFC 9309's authors read it."""

from __future__ import annotations

from typing import Any

from indexer.fetch.robots import parse_robots, product_token
from tests.vectors.data import vectors

ORIGIN = "http://example.com"

# Where our answer is another, and why; the vectors are named by folder, file and number.
OTHERWISE = {
    # `/robots.txt` itself is always allowed (RFC 9309, section 2.2.2).
    "stress/327748#6": "robots.txt itself",
    "stress/369883#6": "robots.txt itself",
    "stress/369883#10": "robots.txt itself",
    "stress/860237#10": "robots.txt itself",
    # %62 is b wherever it stands (RFC 9309, section 2.2.2, third row of the table).
    "correctness/non-ascii-paths#6": "an escape that need not be one",
    "ID_Encoding#67": "an escape that need not be one",
    # These URLs hold letters that a client would send percent-encoded, and so they are compared.
    "correctness/non-ascii-paths#3": "a URL that nobody can send",
    "correctness/non-ascii-paths#5": "a URL that nobody can send",
    "ID_Encoding#64": "a URL that nobody can send",
    "ID_Encoding#66": "a URL that nobody can send",
    # A product token has neither digits nor blanks (RFC 9309, section 2.2.1): these crawlers are
    # "Foo" and "AB", and are meant.
    "correctness/user-agent-name#2": "a crawler whose name is no product token",
    "GoogleOnly_AcceptUserAgentUpToFirstSpace#41": "a crawler whose name is no product token",
    "stress/369883#7": "a crawler whose name is no product token",
    "stress/369883#8": "a crawler whose name is no product token",
}


def is_allowed(vector: dict[str, Any]) -> bool:
    policy = parse_robots(
        vector["robots_latin1"].encode("latin-1"),
        origin=ORIGIN,
        crawler=product_token(vector["ua"]),
    )
    rule = policy.rule_for(vector["url"])
    allowed = policy.allows(vector["url"])
    assert allowed is not rule.startswith("Disallow: "), vector
    return allowed


def name_of(vector: dict[str, Any]) -> str:
    source = str(vector["src"]).replace(".textproto", "")
    return source.removeprefix("robotstxt-spec-test/").removeprefix("google/robotstxt/")


def test_every_vector_that_protego_agrees_with_holds() -> None:
    agreed = [one for one in vectors("robots/vectors.jsonl") if one["protego_agrees"]]

    assert len(agreed) >= 500
    assert [name_of(one) for one in agreed if is_allowed(one) != one["allowed"]] == []


def test_every_other_vector_holds_or_is_known_not_to() -> None:
    others = [one for one in vectors("robots/vectors.jsonl") if not one["protego_agrees"]]

    assert {name_of(one) for one in others if is_allowed(one) != one["allowed"]} == set(OTHERWISE)
