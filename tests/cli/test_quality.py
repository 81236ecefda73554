"""The quality report of a site that has every fault that an editor can mend."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.command import POLITE, Samsok
from tests.support.faux_site import FauxSite, Reply

pytestmark = pytest.mark.jobs

WORDS = (
    "Högskolan och kommunen arbetar tillsammans med kompetensutveckling i skolan, och de har "
    "avtalat om praktik, uppsatser, gästföreläsningar och gemensamma projekt för flera år framåt. "
    "Arbetet leds av en styrgrupp som träffas fyra gånger om året och beslutar om nya satsningar "
    "inom vård, teknik, ekonomi och lärarutbildning i hela regionen."
)
DESCRIBED = '<meta name="description" content="Om samverkan.">'
DATED = "<p>Senast uppdaterad 2026-05-05</p>"
EVIL = '<script>alert(1)</script>"><img src=x onerror=alert(2)>'
LINKS = [
    "/borta",
    "/tagen-bort",
    "/stangd",
    "/mjuk",
    "/trasig",
    "/gammal-adress",
    "/ut-i-det-onda",
    "/tom",
    "/partner/utan-kontakt",
    "/partner/hel",
    "/utan-datum",
    "/gammal",
    "/tvilling",
    "/tvilling-igen",
    "/kanonisk",
    "/samma-ett",
    "/samma-tva",
    "/naken",
    "/stor",
    "/dold",
    "/forbjuden",
    "/ond",
]
LINKING = ("/", "/annan/", "/ond", "/partner/hel")


def page(site: FauxSite, path: str, html: str, *, head: str = DESCRIBED, **given: Any) -> None:
    site.page(path, html=html, head=head, **given)


@pytest.fixture(scope="module")
def faulty() -> Iterator[FauxSite]:
    with FauxSite() as site:
        site.robots("User-agent: *", "Disallow: /forbjuden")
        page(site, "/", f"<h1>Samverkan</h1><p>Om samverkan.</p>{DATED}", links=LINKS)
        page(
            site,
            "/partner/hel",
            f"<h1>Hela staden</h1><p>{WORDS}</p>{DATED}"
            '<div class="kontakt"><h2>Kontakt</h2><p>Eva Ek, samordnare</p>'
            '<p><a href="mailto:eva@example.org">eva@example.org</a></p></div>',
            links=["/borta", "/gammal-adress"],
        )
        page(site, "/partner/utan-kontakt", f"<h1>Regionen</h1><p>Om avtalet.</p>{DATED}")
        site.reply("/tagen-bort", Reply(status=410))
        site.reply("/stangd", Reply(status=403))
        site.reply("/trasig", Reply(status=500))
        page(site, "/mjuk", "<h1>Sidan finns inte</h1>")
        site.redirect("/gammal-adress", to="/partner/hel")
        site.redirect("/ut-i-det-onda", to=f"https://other.example.org/{'x' * 10}")
        page(site, "/tom", "")
        page(site, "/utan-datum", "<h1>Utan datum</h1><p>När skrevs det här?</p>")
        page(
            site, "/gammal", "<h1>Gammal</h1><p>Det var då.</p><p>Senast uppdaterad 2011-02-03</p>"
        )
        for path in ("/tvilling", "/tvilling-igen"):
            page(site, path, f"<h1>Tvillingar</h1><p>{WORDS} Två gånger.</p>{DATED}")
        page(
            site,
            "/kanonisk",
            f"<h1>Tvillingar</h1><p>{WORDS} Två gånger.</p>{DATED}",
            head=f'{DESCRIBED}<link rel="canonical" href="/tvilling">',
        )
        page(site, "/samma-ett", f"<h1>Lika</h1><p>Om det ena.</p>{DATED}")
        page(site, "/samma-tva", f"<h1>Lika</h1><p>Om det andra.</p>{DATED}")
        page(
            site,
            "/naken",
            f"<p>Ingen rubrik, bara text.</p>{DATED}",
            head="<title>Naken</title>",
            lang="",
        )
        page(site, "/stor", f"<h1>Stor</h1><p>Bilder.</p>{DATED}<!--{'x' * 1_100_000}-->")
        page(
            site,
            "/dold",
            f"<h1>Dold</h1><p>Inget för sökmotorer.</p>{DATED}",
            head='<meta name="robots" content="noindex">',
        )
        page(
            site,
            "/ond",
            f"<h1>=cmd|calc!A1 {EVIL.replace('<', '&lt;')}</h1><p>Ont.</p>",
            links=["/borta", "javascript:alert(3)"],
        )
        page(site, "/annan/", f"<h1>Annan</h1><p>En annan källa.</p>{DATED}", links=["/borta"])
        yield site


CONFIG = (
    POLITE
    + """\
sources:
  - name: webben
    type: website
    start: ["{url}"]
    sitemaps: none
    rules:
      - match: "/partner/*"
        kind: partner
        main: ".finns-inte"
  - name: annan
    type: website
    start: ["{url}annan/"]
    sitemaps: none
"""
)


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory, faulty: FauxSite) -> Samsok:
    samsok = Samsok(tmp_path_factory.mktemp("quality"))
    samsok.config.write_text(CONFIG.format(url=faulty.url("/")), encoding="utf-8")
    samsok("crawl")
    return samsok


@pytest.fixture(scope="module")
def findings(command: Samsok) -> dict[str, list[dict[str, Any]]]:
    told = command("quality", "--json", "--source", "webben")
    assert told.code == 0, told.err
    sources = orjson.loads(told.out)["sources"]
    assert [source["name"] for source in sources] == ["webben"]
    found: dict[str, list[dict[str, Any]]] = sources[0]["findings"]
    return found


def paths(site: FauxSite, found: list[dict[str, Any]]) -> list[str]:
    return sorted(finding["url"].removeprefix(site.url("")) for finding in found)


@pytest.mark.parametrize(
    ("check", "at"),
    [
        ("broken", ["/borta", "/stangd", "/tagen-bort"]),
        ("soft_404", ["/mjuk"]),
        ("unreachable", ["/trasig"]),
        ("redirected", ["/gammal-adress", "/ut-i-det-onda"]),
        ("empty", ["/tom"]),
        ("no_contact", ["/partner/utan-kontakt"]),
        ("undated", ["/ond", "/utan-datum"]),
        ("stale", ["/gammal"]),
        ("duplicate", ["/tvilling-igen"]),
        ("same_title", ["/samma-ett", "/samma-tva"]),
        ("no_description", ["/naken"]),
        ("no_heading", ["/naken"]),
        ("no_language", ["/naken"]),
        ("large", ["/stor"]),
        ("noindex", ["/dold"]),
        ("robots", ["/forbjuden"]),
        ("rule_missed", ["/partner/hel", "/partner/utan-kontakt"]),
    ],
)
def test_each_fault_is_found_and_no_other_page_has_it(
    findings: dict[str, list[dict[str, Any]]], faulty: FauxSite, check: str, at: list[str]
) -> None:
    assert paths(faulty, findings.get(check, [])) == at


def test_a_broken_link_comes_with_all_pages_that_have_it_the_most_linked_first(
    findings: dict[str, list[dict[str, Any]]], faulty: FauxSite
) -> None:
    first = findings["broken"][0]

    assert first["url"] == faulty.url("/borta")
    assert first["detail"] == "http_404"
    # Pages of other sources are looked through, too.
    assert first["linked_from"] == [faulty.url(path) for path in LINKING]
    assert first["links"] == 4
    moved = {finding["url"]: finding for finding in findings["redirected"]}
    assert moved[faulty.url("/gammal-adress")]["target"] == faulty.url("/partner/hel")
    assert findings["duplicate"][0]["target"] == faulty.url("/tvilling")
    assert findings["stale"][0]["detail"] == "2011-02-03"


class Elements(HTMLParser):
    """All elements of a page, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


@pytest.mark.parametrize(("language", "said"), [("sv", "Trasiga länkar"), ("en", "Broken links")])
def test_the_page_for_editors_is_whole_harmless_and_in_their_language(
    command: Samsok, faulty: FauxSite, language: str, said: str
) -> None:
    told = command("quality", "--html", f"{language}.html", "--lang", language)
    assert told.code == 0
    assert f"written: {language}.html" in told.out
    text = (command.directory / f"{language}.html").read_text(encoding="utf-8")

    elements = Elements(text).found
    assert dict(elements)["html"] == {"lang": language}
    assert said in text
    assert "http_" not in re.sub(r"https?://", "", text)
    assert not {"script", "img", "iframe", "link", "form"} & {tag for tag, _ in elements}
    assert not any(name.startswith("on") for _, given in elements for name in given)
    links = [given["href"] or "" for tag, given in elements if tag == "a"]
    own = faulty.url("/")
    assert all(link.startswith(("#", own, "https://other.example.org/")) for link in links)
    anchors = {given["id"] for _, given in elements if given.get("id")}
    assert {link[1:] for link in links if link.startswith("#")} <= anchors
    assert "&lt;script&gt;alert(1)" in text
    heads = [given for tag, given in elements if tag == "th"]
    assert all(given.get("scope") in {"col", "row"} for given in heads)


def test_a_redirect_to_something_else_than_the_web_is_no_link() -> None:
    from indexer.jobs.quality.html import Address  # noqa: PLC0415

    for url in ("javascript:alert(1)", "data:text/html,x", "//evil", "http://[", "JavaScript:x"):
        assert Address.of(url).href is None
    assert Address.of("https://www.example.org/%C3%A5").shown == "www.example.org/å"
    assert "\u202e" not in Address.of("https://www.example.org/\u202egnp").shown


def test_the_table_holds_all_and_no_formula(command: Samsok, faulty: FauxSite) -> None:
    assert command("quality", "--csv", "quality.csv").code == 0
    content = (command.directory / "quality.csv").read_bytes()

    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))
    assert content.startswith(b"\xef\xbb\xbf")
    broken = [row for row in rows if (row["source"], row["check"]) == ("webben", "broken")]
    assert {row["url"] for row in broken} == {
        faulty.url(path) for path in ("/borta", "/stangd", "/tagen-bort")
    }
    assert broken[0]["linked_from"].split() == [faulty.url(path) for path in LINKING]
    (evil,) = [row for row in rows if row["url"].endswith("/ond") and row["check"] == "undated"]
    assert evil["title"].startswith("'=cmd|calc!A1")
    assert not any(cell[:1] in tuple("=+-@\t\r") for row in rows for cell in row.values())


def test_counts_are_printed_of_the_sources_that_were_asked_for(command: Samsok) -> None:
    told = command("quality", "--source", "webben", "--years", "20")

    assert told.code == 0
    assert re.search(r"webben: \d+ documents, \d+ findings", told.out)
    assert "3  links to pages that are not there" in told.out
    assert "not updated" not in told.out
    assert "annan" not in told.out


def test_what_cannot_be_written_leaves_the_old_file_and_says_so(command: Samsok) -> None:
    told = command("quality", "--html", "no/such/folder.html")
    assert told.code == 1
    assert "no/such/folder.html cannot be written" in told.err
    assert "Traceback" not in told.err
    assert list(command.directory.glob("**/.*.new")) == []


def test_wrong_use_and_an_empty_store_are_told_in_one_line(command: Samsok, tmp_path: Path) -> None:
    assert "there is no source 'borta'" in command("quality", "--source", "borta").err
    assert "1 to 100" in command("quality", "--years", "0").err
    empty = Samsok(tmp_path)
    empty.write_config("https://www.example.org/")
    told = empty("quality")
    assert told.code == 1
    assert "run `samsok reindex`" in told.err
