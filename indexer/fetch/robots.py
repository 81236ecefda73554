"""robots.txt as RFC 9309 wants it read: protego judges the rules, the fetching is ours.

An answer of 4xx means that there are no rules; one of 5xx, or none, that nothing may be
fetched. 429 is counted with the latter: who asks for less does not mean "everything".
"""

from __future__ import annotations

import asyncio
import re
import time
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from protego import Protego

from indexer.fetch.client import REDIRECTS, Response
from indexer.fetch.problems import FetchProblem, Refused
from indexer.fetch.urls import canonicalize, normalize, origin_of
from indexer.model import HttpSettings

MAX_BYTES: Final = 500 * 1024
MAX_DELAY_S: Final = 60.0

_MAX_REDIRECTS: Final = 5
_LIFETIME_S: Final = 24 * 3600.0
# An outage is looked at again soon, or a minute of it would cost the whole crawl.
_LIFETIME_UNREACHABLE_S: Final = 300.0
_NOBODY_THERE: Final = frozenset({"dns", "connect", "tls"})
_TOKEN: Final = re.compile(r"[A-Za-z_-]+")
_LINE_ENDS: Final = re.compile(rb"\r\n?|\n")
# Proxies that convert encodings leave half of one behind.
_BYTE_ORDER_MARK: Final = re.compile(rb"\xef(?:\xbb\xbf?)?")
_AGENT: Final = re.compile(r"\s*user[- ]?agent(?:\s*:|\s)\s*([^#]*)", re.IGNORECASE)
# With the misspellings that protego forgives.
_RULE: Final = re.compile(r"\s*(allow|d\w{5,9}w)(?:\s*:|\s)\s*([^#]*)", re.IGNORECASE)
_OTHER: Final = re.compile(
    r"\s*(?:crawl[- ]delay|request[- ]rate|visit[- ]time|site-?maps?|host)(?:\s*:|\s)",
    re.IGNORECASE,
)
_OF_THE_SITE: Final = re.compile(r"\s*(?:site|host)", re.IGNORECASE)

GetRobots = Callable[[str, HttpSettings], Awaitable[Response]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RobotsPolicy:
    """What one origin lets us do.

    `reason` is empty when the rules are known (having none is knowing them). Else nothing is
    allowed: it is `robots_unreachable`, or says why the host itself cannot be visited
    (`private_address`, `dns`, `connect`, `tls`); `detail` and `status` say what happened.
    `crawl_delay_s` is at most 60. `our_rules` are those of the group that is meant for us, each
    as ``Allow: /path`` or ``Disallow: /path``.
    """

    origin: str
    sitemaps: tuple[str, ...] = ()
    crawl_delay_s: float = 0.0
    reason: str = ""
    detail: str = ""
    status: int | None = None
    rules: Protego | None = None
    crawler: str = ""
    our_rules: tuple[str, ...] = ()

    def allows(self, url: str) -> bool:
        """Whether `url`, of this origin, may be fetched."""
        if self.reason:
            return False
        return self.rules is None or self.rules.can_fetch(url, self.crawler)

    def rule_for(self, url: str) -> str:
        """The rule that decides on `url`, such as ``Disallow: /intern/``; nothing if none does.

        The longest that matches decides, and its path is as it stands in the file.
        """
        verdict = "Allow" if self.allows(url) else "Disallow"
        fitting = (rule for rule in self.our_rules if _decides(rule, verdict, url))
        return "" if self.reason else max(fitting, key=len, default="")


def parse_robots(body: bytes, *, origin: str, crawler: str) -> RobotsPolicy:
    """Read the first 500 KiB of a robots.txt for the crawler that calls itself `crawler`."""
    kept = body[:MAX_BYTES]
    if len(body) > MAX_BYTES:
        # Half a line would be another rule: `Disallow: /` out of `Disallow: /print`.
        kept = kept[: max(kept.rfind(b"\n"), kept.rfind(b"\r")) + 1]
    text = _Text(kept)
    # protego would take the group of "Sam" for ours, but it is the one of somebody else.
    group = crawler.lower() if crawler.lower() in text.groups else "*"
    rules = Protego.parse("\n".join(text.lines))
    named = (canonicalize(line, f"{origin}/robots.txt") for line in rules.sitemaps)
    return RobotsPolicy(
        origin=origin,
        rules=rules,
        crawler=group,
        our_rules=tuple(text.groups.get(group, ())),
        sitemaps=tuple(dict.fromkeys(url for url in named if url)),
        crawl_delay_s=min(rules.crawl_delay(group) or 0.0, MAX_DELAY_S),
    )


class _Text:
    """The lines of a robots.txt that mean something to us, and the rules of each group.

    A group is found by the whole product token, whatever stands behind it in the line (RFC 9309,
    section 2.2.1); groups of one token are one group, and records of other kinds do not end one
    (2.2.4), so they are left out.
    """

    def __init__(self, body: bytes) -> None:
        self.lines: list[str] = []
        self.groups: dict[str, list[str]] = {}
        self._names: list[str] = []
        self._is_heading = False
        start = _BYTE_ORDER_MARK.match(body)
        for line in _LINE_ENDS.split(body[start.end() if start else 0 :]):
            self._read(_decoded(line))

    def _read(self, line: str) -> None:
        if agent := _AGENT.match(line):
            self._begin(product_token(agent[1].strip()))
        elif rule := _RULE.match(line):
            self.lines.append(line)
            self._is_heading = False
            verb = "Allow" if rule[1].lower() == "allow" else "Disallow"
            for name in self._names if rule[2].strip() else ():
                self.groups[name].append(f"{verb}: {rule[2].strip()}")
        elif _OTHER.match(line):
            self.lines.append(line)
            self._is_heading = self._is_heading and bool(_OF_THE_SITE.match(line))

    def _begin(self, name: str) -> None:
        if not self._is_heading:
            self._names.clear()
        self._is_heading = True
        self._names.append(name.lower())
        self.groups.setdefault(name.lower(), [])
        self.lines.append(f"User-agent: {name}")


def _decoded(line: bytes) -> str:
    """A line as UTF-8, or else as what editors in Sweden wrote before; letters are composed."""
    try:
        text = line.decode("utf-8")
    except UnicodeDecodeError:
        text = line.decode("cp1252", errors="replace")
    return unicodedata.normalize("NFC", text)


def _decides(rule: str, verdict: str, url: str) -> bool:
    verb, _, path = rule.partition(": ")
    return verb == verdict and not Protego.parse(f"User-agent: *\nDisallow: {path}").can_fetch(
        url, "*"
    )


def product_token(user_agent: str) -> str:
    """The name that robots.txt groups are matched with: `Samsok` of `Samsok/1.0 (+…)`.

    Only the token, because the contact in the comment may contain another crawler's name.
    """
    token = _TOKEN.match(user_agent)
    return token.group() if token else user_agent.partition("/")[0].strip()


class RobotsCache:
    """Fetches the policy of an origin once a day; `get` asks politely but without robots."""

    def __init__(
        self, get: GetRobots, *, user_agent: str, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._get = get
        self._clock = clock
        self._crawler = product_token(user_agent)
        self._policies: dict[str, tuple[RobotsPolicy, float]] = {}
        self._locks: dict[str, asyncio.Lock] = {}

    async def policy(self, origin: str, settings: HttpSettings) -> RobotsPolicy:
        """The policy of `origin`; many may ask at once, the server is asked one time."""
        async with self._locks.setdefault(origin, asyncio.Lock()):
            policy, expires = self._policies.get(origin, (None, 0.0))
            if policy is None or self._clock() >= expires:
                policy = await self._fetched(origin, settings)
                lifetime = _LIFETIME_UNREACHABLE_S if policy.reason else _LIFETIME_S
                self._policies[origin] = (policy, self._clock() + lifetime)
            return policy

    async def _fetched(self, origin: str, settings: HttpSettings) -> RobotsPolicy:
        url = f"{origin}/robots.txt"
        for _ in range(_MAX_REDIRECTS + 1):
            try:
                response = await self._get(url, settings)
            except FetchProblem as problem:
                return _unreachable(origin, url, problem)
            if response.status not in REDIRECTS:
                return self._judged(origin, response)
            location = response.headers.get("location", "")
            target = normalize(location, url) if location else None
            if target is None:
                break
            url = target
        # RFC 9309, 2.3.1.2: after five redirects it counts as absent; so does one to nowhere.
        return RobotsPolicy(origin=origin)

    def _judged(self, origin: str, response: Response) -> RobotsPolicy:
        status = response.status
        if status in {HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION}:
            return parse_robots(response.body, origin=origin, crawler=self._crawler)
        if status == HTTPStatus.TOO_MANY_REQUESTS or not 200 <= status < 500:  # noqa: PLR2004 - classes of status
            detail = f"{response.url} answered {status}, so nothing may be fetched"
            return RobotsPolicy(
                origin=origin, reason="robots_unreachable", detail=detail, status=status
            )
        return RobotsPolicy(origin=origin)


def _unreachable(origin: str, url: str, problem: FetchProblem) -> RobotsPolicy:
    at_home = origin_of(url) == origin
    if at_home and (isinstance(problem, Refused) or problem.reason in _NOBODY_THERE):
        return RobotsPolicy(origin=origin, reason=problem.reason, detail=problem.detail)
    detail = f"{url} could not be read ({problem.reason}: {problem.detail})"
    return RobotsPolicy(
        origin=origin, reason="robots_unreachable", detail=detail, status=problem.status
    )
