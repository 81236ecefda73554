"""Twelve hosts of one source on loopback, whose pages lead from host to host."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from tests.support.command import Samsok
from tests.support.faux_site import FauxSite

HOSTS = tuple(f"127.0.0.{number}" for number in range(2, 14))
PAGES = 6
FOOTER = (
    "<p>Högskolan i regionen, Storgatan 1, växel 0500 00 00 00, öppet vardagar åtta till fem</p>"
)

CONFIG = """\
version: 1
user_agent: "Samsok-test/1.0 (+https://www.example.org/samsok; samsok@example.org)"
data_dir: {data_dir}
http: {{delay_s: {delay_s}, per_host: 1, concurrency: 8, timeout_s: 5, deadline_s: 10}}
network: {{allow_private: ["127.0.0.0/8"]}}
sources:
  - name: regionen
    type: website
    start: ["{start}"]
    sitemaps: ["{sitemap}"]
    hosts: [{hosts}]
    allow: ["/**"]
    max_depth: 60
"""


@contextlib.contextmanager
def region() -> Iterator[dict[str, FauxSite]]:
    """Serve the hosts, by their addresses."""
    with contextlib.ExitStack() as stack:
        sites = {host: stack.enter_context(FauxSite(host=host)) for host in HOSTS}
        for number, host in enumerate(HOSTS):
            _write(sites, number, host)
        yield sites


def _write(sites: dict[str, FauxSite], number: int, host: str) -> None:
    """Write six pages in a chain, of which the third leads to the next host.

    The first page of all leads to every third host besides.
    Every host has one page that every other has word for word, one that sends to the host before,
    and one that says that it is properly the next host's.
    """
    site, after = sites[host], sites[HOSTS[(number + 1) % len(HOSTS)]]
    before = sites[HOSTS[number - 1]]
    for page in range(PAGES):
        links = [f"/sida-{page + 1}/"] if page + 1 < PAGES else []
        if number == 0 and page == 0:
            links += [sites[host].url("/sida-0/") for host in HOSTS[3::3]]
        if page == 2:
            links += [after.url("/sida-0/"), "/gemensam/", "/flyttad/", "/spegel/"]
        site.page(
            f"/sida-{page}/",
            title=f"Samverkan {number}-{page}",
            html=f"<h1>Samverkan {number}-{page}</h1><p>Om avtal {number * PAGES + page} mellan "
            f"högskolan och kommunen, och vad de gör tillsammans.</p>{FOOTER}",
            links=links,
        )
    site.page(
        "/gemensam/",
        title="Regler för samverkan",
        html="<h1>Regler för samverkan</h1><p>"
        + "Alla lärosäten i regionen följer samma regler för hur avtal skrivs och följs upp. " * 8
        + "</p>",
    )
    site.redirect("/flyttad/", to=before.url("/mottagen/"))
    site.page(
        "/mottagen/", title=f"Mottagen {number}", html=f"<h1>Mottagen {number}</h1><p>Hit.</p>"
    )
    canonical = f'<link rel="canonical" href="{after.url("/eget/")}">'
    site.page(
        "/spegel/", title="Spegel", html=f"<h1>Spegel {number}</h1><p>Kopia.</p>", head=canonical
    )
    site.page("/eget/", title=f"Eget {number}", html=f"<h1>Eget {number}</h1><p>Här.</p>")


def prepared(
    directory: Path, sites: dict[str, FauxSite], *, data_dir: str = "var", delay_s: float = 0.0
) -> Samsok:
    """Write the configuration of somebody who crawls the region."""
    directory.mkdir(exist_ok=True)
    first = sites[HOSTS[0]]
    listed = "".join(f"<url><loc>{sites[HOSTS[5]].url('/listad/')}</loc></url>" for _ in range(1))
    first.text(
        "/karta.xml",
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{listed}</urlset>',
        media_type="application/xml",
    )
    sites[HOSTS[5]].page("/listad/", title="Listad", html="<h1>Listad</h1><p>Bara i kartan.</p>")
    samsok = Samsok(directory)
    samsok.config.write_text(
        CONFIG.format(
            data_dir=data_dir,
            delay_s=delay_s,
            start=first.url("/sida-0/"),
            sitemap=first.url("/karta.xml"),
            hosts=", ".join(f'"{site.host}:{site.port}"' for site in sites.values()),
        ),
        encoding="utf-8",
    )
    return samsok
