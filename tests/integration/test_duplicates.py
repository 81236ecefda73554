"""The same page under several addresses, with nothing on it that says so."""

from __future__ import annotations

from tests.support.faux_site import FauxSite
from tests.support.operator import Operator, write

WORDS = " ".join(f"ord{number}" for number in range(60))


def twin(site: FauxSite, *paths: str, text: str = WORDS) -> None:
    for path in paths:
        site.page(path, html=f"<h1>Samma sida</h1><p>{text}</p>", title="Samma sida")


def test_twins_are_one_document_under_the_shorter_address(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/mycket/langre/adress", "/kort", "/korv")
    twin(site, "/mycket/langre/adress", "/kort", "/korv")
    report = operator.crawl()
    assert operator.paths == ["/", "/kort"]
    assert report.skipped["duplicate"].count >= 1
    found = operator.found("/kort")
    assert found is not None
    assert operator.known("/mycket/langre/adress").document_id == found.id
    assert operator.known("/korv").document_id == found.id


def test_twins_stay_one_document_night_after_night(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/kort", "/langre")
    twin(site, "/kort", "/langre")
    operator.crawl()
    events = operator.events
    for _ in range(3):
        operator.crawl()
        operator.read_again()
    assert operator.paths == ["/", "/kort"]
    assert operator.events == events


def test_short_pages_that_say_the_same_are_pages_of_their_own(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/a", "/b")
    twin(site, "/a", "/b", text="Kort och gott.")
    operator.crawl()
    assert operator.paths == ["/", "/a", "/b"]


def test_twins_that_part_become_two_documents(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/kort", "/langre")
    twin(site, "/kort", "/langre")
    operator.crawl()
    twin(site, "/kort", text=f"{WORDS} och något nytt")
    operator.crawl()
    operator.read_again()
    assert operator.paths == ["/", "/kort", "/langre"]


def test_when_the_one_that_gave_its_address_goes_the_other_stays(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/kort", "/langre")
    twin(site, "/kort", "/langre")
    operator.crawl()
    site.remove("/kort")
    operator.crawl()
    operator.crawl()
    operator.read_again()
    assert operator.paths == ["/", "/langre"]


AREAS = (
    *("lärande", "hälsa", "kultur", "teknik", "skola", "vård", "miljö", "idrott", "handel"),
    *("turism", "energi", "trafik", "språk", "musik", "forskning", "arbete", "boende", "natur"),
)
LONG = " ".join(
    f"{who} arbetar tillsammans med andra för bättre {area} {where}."
    for who in ("Högskolan", "Staden", "Regionen", "Kommunen")
    for area, where in zip(AREAS, (*AREAS[5:], *AREAS[:5]), strict=True)
)


def nearly(site: FauxSite, path: str, text: str, *, title: str = "Nästan samma") -> None:
    site.page(path, html=f"<h1>{title}</h1><p>{LONG}</p><p>{text}</p>", title=title)


def test_pages_that_differ_in_a_word_are_one_document(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/kort", "/kort/utskrift")
    nearly(site, "/kort", "Välkommen att höra av dig till oss.")
    nearly(site, "/kort/utskrift", "Välkommen att höra av dig till oss!  Utskrift.")
    operator.crawl()
    assert operator.paths == ["/", "/kort"]


def test_pages_that_differ_in_a_number_or_in_their_title_are_not(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/a", "/b", "/c")
    nearly(site, "/a", "Rapport för 2024.")
    nearly(site, "/b", "Rapport för 2025.")
    nearly(site, "/c", "Rapport för 2024.", title="En annan titel")
    operator.crawl()
    assert operator.paths == ["/", "/a", "/b", "/c"]


def test_a_place_that_only_repeats_other_pages_is_cut_off_and_named(
    site: FauxSite, operator: Operator
) -> None:
    links = [f"/visa?nr={number}" for number in range(300)]
    write(site, "/", *links[:100])
    for number, link in enumerate(links):
        following = links[number + 100 : number + 101]
        anchors = "".join(f'<a href="{one}">nästa</a>' for one in following)
        site.page(link, html=f"<h1>Samma sida</h1><p>{WORDS}</p>{anchors}", title="Samma sida")
    report = operator.crawl()
    (pattern,) = report.spent_patterns
    assert pattern.endswith("/visa?nr=*")
    assert 50 <= report.fetched < 80


def test_a_mirror_of_the_site_is_cut_off(site: FauxSite, operator: Operator) -> None:
    pages = [f"/sida-{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(200)]
    write(site, "/", *pages, "/spegel/")
    write(site, "/spegel/", *[f"/spegel{page}" for page in pages[:60]])
    for number, page in enumerate(pages):
        text = f"<h1>{page}</h1><p>{WORDS} {page}</p>"
        following = "".join(f'<a href="/spegel{one}">nästa</a>' for one in pages[number + 60 :][:1])
        site.page(page, html=text, title=page)
        site.page(f"/spegel{page}", html=f"{text}<nav>{following}</nav>", title=page)
    report = operator.crawl()
    assert len(operator.paths) == 202
    assert list(report.spent_patterns) == [f"127.0.0.1:{site.port}/spegel/**"]
    assert len([path for path in site.requested if path.startswith("/spegel/")]) < 130
