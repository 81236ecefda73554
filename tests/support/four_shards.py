"""Four hosts of one source on loopback, of which each falls to another of four shards."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from tests.support.command import POLITE, Samsok
from tests.support.faux_site import FauxSite

OF_SHARD = {1: "127.0.0.7", 2: "127.0.0.2", 3: "127.0.0.9", 4: "127.0.0.3"}
"""The host that falls to each shard; the crawl starts at that of the second."""

TWIN = (
    "Alla lärosäten i regionen följer samma regler för hur avtal om arbetsintegrerat lärande (AIL) "
    "skrivs och följs upp. "
) * 8
CONFIG = (
    POLITE.replace("127.0.0.1", "127.0.0.0/8")
    + """\
sources:
  - name: regionen
    type: website
    start: ["{start}"]
    hosts: [{hosts}]
    allow: ["/**"]
    sitemaps: none
notify: {{webhook: {webhook}}}
"""
)


@contextlib.contextmanager
def four_hosts() -> Iterator[dict[int, FauxSite]]:
    """Serve two pages of each host, by shard: one of its own and one that the others have, too.

    The fourth links to a page that is not there.
    """
    with contextlib.ExitStack() as stack:
        sites = {
            number: stack.enter_context(FauxSite(host=host)) for number, host in OF_SHARD.items()
        }
        starts = [site.url("/") for site in sites.values()]
        for number, site in sites.items():
            links = ["/regler/", *(starts if number == 2 else ["/borta/"] if number == 4 else [])]
            site.page(
                "/",
                title=f"Samverkan {number}",
                html=f"<h1>Samverkan {number}</h1><p>Avtal {number} mellan högskolan och kommunen"
                " om vad de gör tillsammans.</p>",
                links=links,
            )
            site.page("/regler/", title="Regler", html=f"<h1>Regler</h1><p>{TWIN}</p>")
        yield sites


def write_config(samsok: Samsok, sites: dict[int, FauxSite], *, webhook: str | None = None) -> None:
    """Write a config that crawls all of them as one source."""
    hosts = ", ".join(f'"{site.url("").split("/")[2]}"' for site in sites.values())
    text = CONFIG.format(
        start=sites[2].url("/"), hosts=hosts, webhook=f'"{webhook}"' if webhook else "null"
    )
    samsok.config.write_text(text, encoding="utf-8")
