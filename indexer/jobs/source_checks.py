"""Asks the host of each source whether it answers, and what its robots.txt lets us do."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.config import WebsiteSource
from indexer.fetch import Fetcher, RobotsPolicy, canonicalize, origin_of
from indexer.jobs.findings import Finding, fine, problem, warning

if TYPE_CHECKING:
    from indexer.config import Config, SourceSettings

_PATIENCE_S = 10.0
_DEADLINE_S = 20.0
_SHOWN = 3


def source_findings(config: Config) -> tuple[Finding, ...]:
    """Return a finding for each source; all are asked at once, none for more than 20 seconds.

    One request goes to each host, for its robots.txt, through the guard and with our name.
    """
    return asyncio.run(_findings(config))


async def _findings(config: Config) -> tuple[Finding, ...]:
    async with Fetcher(
        user_agent=config.user_agent,
        allow_private=config.allow_private,
        concurrency=config.http.concurrency,
        backoff_s=0.2,
    ) as fetcher:
        return tuple(await asyncio.gather(*(_asked(it, fetcher) for it in config.sources)))


async def _asked(source: SourceSettings, fetcher: Fetcher) -> Finding:
    check = f"robots of {source.name}"
    http = replace(
        source.http,
        timeout_s=min(source.http.timeout_s, _PATIENCE_S),
        deadline_s=min(source.http.deadline_s, _DEADLINE_S),
    )
    urls = _entries(source)
    hosts = {origin_of(url): url for url in urls}
    try:
        async with asyncio.timeout(_DEADLINE_S):
            asked = [fetcher.robots(url, settings=http) for url in hosts.values()]
            policies = dict(zip(hosts, await asyncio.gather(*asked), strict=True))
    except TimeoutError:
        hosts_named = ", ".join(hosts)
        return warning(check, f"no answer from {hosts_named} in {_DEADLINE_S:g} s", _DOWN)
    return _judged(check, urls, policies)


_DOWN = (
    "nothing is fetched from there, and its documents are kept; is the site down, or the address "
    "wrong? `samsok doctor` asks again"
)


def _judged(check: str, urls: tuple[str, ...], policies: dict[str, RobotsPolicy]) -> Finding:
    if silent := [policy for policy in policies.values() if policy.reason]:
        return warning(check, f"{silent[0].origin}: {silent[0].detail or silent[0].reason}", _DOWN)
    closed = [url for url in urls if not policies[origin_of(url)].allows(url)]
    if closed:
        rule = policies[origin_of(closed[0])].rule_for(closed[0])
        more = f" and {len(closed) - 1} more" if len(closed) > 1 else ""
        tell = problem if len(closed) == len(urls) else warning
        return tell(
            check,
            f"robots.txt does not let us fetch {closed[0]}{more} ({rule or 'Disallow'})",
            "ask the owner of the site to let our user agent in, or begin elsewhere (start)",
        )
    delay = max(policy.crawl_delay_s for policy in policies.values())
    pause = f", and asks for {delay:g} s between requests" if delay else ""
    shown = ", ".join([*policies][:_SHOWN])
    return fine(check, f"{shown} lets us fetch what we begin with{pause}")


def _entries(source: SourceSettings) -> tuple[str, ...]:
    """Return where a source begins, in the form in which it is asked for."""
    if isinstance(source, WebsiteSource):
        lists = source.sitemaps if isinstance(source.sitemaps, tuple) else ()
        urls = (*source.start, *source.feeds, *lists)
    else:
        urls = (source.url,)
    return tuple(dict.fromkeys(canonicalize(url) or url for url in urls))
