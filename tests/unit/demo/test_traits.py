"""The site is as large and as awkward as its README says."""

import datetime as dt
import re
from collections import Counter
from urllib.parse import urljoin, urlsplit

import pytest
from bs4 import BeautifulSoup

from indexer.cli.demo.rendering import SiteContent, SitePage
from indexer.cli.demo.server import DemoSite
from indexer.extract import extract
from indexer.model import CrawlRequest, Page
from tests.unit.demo.fetching import fetch

PARTNERS = "/samverka-med-oss/strategiska-partners/"
CITY = f"{PARTNERS}trollhattans-stad/"


def read(site: DemoSite, path: str) -> BeautifulSoup:
    answer = fetch(site.url, path)
    assert answer.status == 200, path
    return BeautifulSoup(answer.body, "lxml")


def family(content: SiteContent, name: str) -> list[SitePage]:
    return [page for page in content.pages.values() if page.family == name]


def links(site: DemoSite, path: str) -> set[str]:
    """The addresses of the site that a page links to, but for its own."""
    found = {
        urlsplit(urljoin(f"{site.url}{path}", str(anchor["href"])))
        for anchor in read(site, path).find_all("a", href=True)
    }
    return {link.path for link in found if link.netloc == urlsplit(site.url).netloc} - {path}


# --- the size ---------------------------------------------------------------------------------


def test_there_are_pages_enough_in_both_languages(content: SiteContent) -> None:
    languages = Counter(page.language for page in content.pages.values())
    assert languages.total() >= 48
    assert languages["en"] >= 8


@pytest.mark.parametrize(
    ("name", "number"),
    [("project", 12), ("research", 6), ("news", 8), ("person", 5), ("publication", 5)],
)
def test_every_family_is_there(content: SiteContent, name: str, number: int) -> None:
    assert len(family(content, name)) >= number


def test_every_page_is_served_with_its_heading_and_language(
    site: DemoSite, content: SiteContent
) -> None:
    for path, page in content.pages.items():
        soup = read(site, path)
        assert soup.html is not None
        assert soup.html["lang"] == page.language, path
        heading = soup.find("h1")
        assert heading is not None
        assert heading.get_text(strip=True), path


def test_every_page_says_something_that_no_other_page_says(content: SiteContent) -> None:
    paragraphs = Counter(
        re.sub(r"<[^>]+>", "", paragraph)
        for page in content.pages.values()
        for paragraph in re.findall(r"<p[^>]*>(.{40,}?)</p>", page.body)
    )
    assert [text for text, times in paragraphs.items() if times > 1] == []


def test_titles_and_descriptions_are_not_shared(content: SiteContent) -> None:
    for language in ("sv", "en"):
        pages = [page for page in content.pages.values() if page.language == language]
        assert len({page.title for page in pages}) == len(pages)


# --- partners, projects, news, publications ---------------------------------------------------


def test_a_partner_page_introduces_lists_areas_and_names_contacts(
    site: DemoSite, content: SiteContent
) -> None:
    partners = [page for page in family(content, "partner") if page.path.startswith(PARTNERS)]
    assert len(partners) >= 8
    for page in partners:
        soup = read(site, page.path)
        assert len(soup.select("main h2")) >= 4, page.path
        assert len(soup.select("main article > ul > li")) >= 4, page.path
        assert soup.select(".contact-card a[href^=mailto]"), page.path
        assert re.search(r"Senast uppdaterad \d+ \w+ 20\d\d", soup.get_text()), page.path


def test_a_project_page_names_funder_period_leader_and_partners(
    site: DemoSite, content: SiteContent
) -> None:
    for page in family(content, "project"):
        labels = {label.get_text() for label in read(site, page.path).select("dl.facts dt")}
        assert labels >= {"Finansiär", "Projektperiod", "Projektledare", "Deltagande partner"}


def test_a_news_item_carries_its_date_twice(site: DemoSite, content: SiteContent) -> None:
    for page in family(content, "news"):
        soup = read(site, page.path)
        moment, data = soup.find("time"), soup.find("script", type="application/ld+json")
        assert moment is not None
        assert data is not None
        assert f'"datePublished": "{moment["datetime"]}"' in str(data), page.path


def test_a_publication_carries_citation_tags(site: DemoSite, content: SiteContent) -> None:
    for page in family(content, "publication"):
        soup = read(site, page.path)
        for name in ("title", "author", "publication_date"):
            assert soup.select(f'meta[name="citation_{name}"]'), page.path


def test_every_address_of_a_person_is_an_invented_one(content: SiteContent) -> None:
    contacts = [person for page in content.pages.values() for person in page.contacts]
    assert contacts
    assert all(person.email.endswith("@example.org") for person in contacts)
    assert all(person.phone.startswith("0000-") for person in contacts if person.phone)


def test_the_contact_of_the_city_is_named_there_and_in_one_news_item(
    site: DemoSite, content: SiteContent
) -> None:
    naming = {path for path in content.pages if "Åkerbrand" in read(site, path).get_text()}
    assert naming == {CITY, "/nyheter/avtal-forlangt-med-staden/"}


def test_the_report_is_a_small_pdf(site: DemoSite) -> None:
    assert "/dokument/samverkansrapport-2024.pdf" in links(site, "/rapporter/")
    answer = fetch(site.url, "/dokument/samverkansrapport-2024.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.body.startswith(b"%PDF-")
    assert len(answer.body) < 40_000


def test_the_report_says_what_no_page_says(site: DemoSite, content: SiteContent) -> None:
    url = f"{site.url}/dokument/samverkansrapport-2024.pdf"
    request = CrawlRequest(url=url, source="demo")
    body = fetch(site.url, urlsplit(url).path).body
    now = dt.datetime.now(dt.UTC)
    report = extract(
        Page(request=request, url=url, body=body, media_type="application/pdf", fetched_at=now)
    ).document

    assert report is not None
    assert (report.title, report.language) == ("Samverkansrapport 2024", "sv")
    assert report.authors == ("Högskolan Väst",)
    assert [section.heading for section in report.sections][1:3] == [
        "1. Året i sammandrag",
        "2. Cykelverkstaden som lades ned",
    ]
    assert any("en app för föräldramöten" in section.text for section in report.sections)
    assert not any("föräldramöten" in page.body for page in content.pages.values())


# --- the awkward traits -----------------------------------------------------------------------


def test_every_page_opens_with_a_noscript_message_and_a_cookie_banner(
    site: DemoSite, content: SiteContent
) -> None:
    for path in content.pages:
        body = read(site, path).body
        assert body is not None
        first, second = body.find_all(recursive=False)[:2]
        assert first.name == "noscript", path
        assert second["class"] == ["cookie-banner"], path


def test_most_swedish_pages_hold_soft_hyphens(site: DemoSite, content: SiteContent) -> None:
    swedish = [page for page in content.pages.values() if page.language == "sv"]
    soft = [page for page in swedish if "\u00ad" in read(site, page.path).get_text()]
    assert len(soft) > len(swedish) / 2
    heading = read(site, "/samverka-med-oss/arbetsintegrerat-larande/").find("h1")
    assert heading is not None
    assert heading.get_text() == "Arbets\u00adintegrerat lärande"


def test_one_page_has_two_addresses_and_names_the_right_one(site: DemoSite) -> None:
    one, other = (fetch(site.url, path) for path in (PARTNERS, "/om-hogskolan/partner/"))
    assert one.body == other.body
    assert f'<link rel="canonical" href="{site.url}{PARTNERS}">' in one.text
    assert "/om-hogskolan/partner/" in links(site, "/om-hogskolan/")


def test_one_page_asks_not_to_be_indexed(site: DemoSite, content: SiteContent) -> None:
    hidden = [page.path for page in content.pages.values() if page.robots]
    assert hidden == ["/nyheter/arkiv/"]
    assert read(site, hidden[0]).select('meta[name="robots"][content="noindex"]')


def test_a_disallowed_folder_is_linked(site: DemoSite) -> None:
    assert "Disallow: /intern/" in fetch(site.url, "/robots.txt").text
    assert "/intern/" in links(site, "/")
    assert "/intern/motesanteckningar/" in links(site, "/intern/")


def test_the_sitemap_names_every_open_page_and_one_that_is_gone(
    site: DemoSite, content: SiteContent
) -> None:
    locations = {
        location.get_text().removeprefix(site.url)
        for location in BeautifulSoup(fetch(site.url, "/sitemap.xml").body, "xml").find_all("loc")
    }
    gone = {path for path in locations if fetch(site.url, path).status == 404}
    assert gone == {"/nyheter/inspirationsdag-2019/"}
    assert locations - gone == {path for path in content.pages if "/intern/" not in path}


def test_an_old_address_leads_to_the_new_one(site: DemoSite) -> None:
    assert "/samverkan/trollhattan/" in links(site, "/nyheter/avtal-forlangt-med-staden/")
    answer = fetch(site.url, "/samverkan/trollhattan/")
    assert (answer.status, answer.headers["Location"]) == (301, CITY)


def test_language_versions_name_each_other(site: DemoSite, content: SiteContent) -> None:
    paired = [page for page in content.pages.values() if page.translation]
    assert CITY in {page.path for page in paired}
    for page in paired:
        assert content.pages[page.translation].translation == page.path
        other = content.pages[page.translation].language
        assert read(site, page.path).select(
            f'link[rel="alternate"][hreflang="{other}"][href="{site.url}{page.translation}"]'
        )


def test_the_city_page_links_to_another_host(content: SiteContent) -> None:
    assert 'href="https://trollhattan.example.org/"' in content.pages[CITY].body


def test_one_page_is_windows_1252_and_says_nothing(site: DemoSite) -> None:
    answer = fetch(site.url, "/nyheter/tjugofem-ar/")
    assert answer.headers["Content-Type"] == "text/html"
    assert b"charset" not in answer.body
    assert "tjugofem år" in answer.body.decode("windows-1252")
    with pytest.raises(UnicodeDecodeError):
        answer.body.decode("utf-8")


def test_one_page_is_known_to_the_sitemap_alone(site: DemoSite, content: SiteContent) -> None:
    linked = set().union(*(links(site, path) for path in content.pages))
    assert set(content.pages) - linked == {"/om-hogskolan/visselblasning/"}


def test_one_english_page_opens_in_swedish(site: DemoSite) -> None:
    text = fetch(site.url, "/en/research/simulation-in-health-care/").text
    assert '<html lang="en">' in text
    assert "Din webbläsare har JavaScript avstängt" in text


def test_every_internal_link_leads_somewhere(site: DemoSite, content: SiteContent) -> None:
    linked = set().union(*(links(site, path) for path in content.pages))
    assert {path for path in linked if fetch(site.url, path).status not in {200, 301}} == set()
