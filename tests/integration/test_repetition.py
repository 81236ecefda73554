"""Blocks that a site repeats on its pages are learnt from many of them, and left out."""

from __future__ import annotations

from indexer.crawl import learn_repeated
from tests.support.faux_site import FauxSite
from tests.support.operator import Operator

INVITATION = "Vill du veta mer om hur vi samverkar med andra? Hör av dig till oss i dag."


def write_site(site: FauxSite, count: int, *, inviting: int) -> list[str]:
    paths = [f"/sida-{number}" for number in range(count)]
    site.page("/", html="<h1>Start</h1><p>Välkommen till oss.</p>", title="Start", links=paths)
    for number, path in enumerate(paths):
        shared = f"<p>{INVITATION}</p>" if number < inviting else ""
        own = f"<p>Det här är sidan om område {number} och ingenting annat alls.</p>"
        site.page(path, html=f"<h1>Sida {number}</h1>{own}{shared}", title=f"Sida {number}")
    return paths


def having_it(operator: Operator) -> int:
    return sum(
        INVITATION in section.text
        for document in operator.store.documents()
        for section in document.sections
    )


def test_a_block_on_many_pages_is_left_out_and_no_request_is_sent_for_it(
    site: FauxSite, operator: Operator
) -> None:
    write_site(site, 40, inviting=35)
    operator.crawl()
    assert having_it(operator) == 35
    assert learn_repeated(operator.store, operator.config()) == {"samverkan": 1}
    assert operator.read_again()["changed"] == 35
    assert having_it(operator) == 0
    assert len(operator.paths) == 41


def test_what_was_learnt_stays_and_changes_nothing_more(site: FauxSite, operator: Operator) -> None:
    write_site(site, 40, inviting=35)
    operator.crawl()
    learn_repeated(operator.store, operator.config())
    operator.read_again()
    report = operator.crawl()
    assert (report.changed, report.added) == (0, 0)
    assert not learn_repeated(operator.store, operator.config())
    assert operator.read_again()["read"] == 0
    assert having_it(operator) == 0


def test_a_block_on_some_pages_or_of_a_small_site_is_their_own(
    site: FauxSite, operator: Operator
) -> None:
    write_site(site, 40, inviting=8)
    operator.crawl()
    assert not learn_repeated(operator.store, operator.config())
    assert having_it(operator) == 8


def test_a_page_that_says_nothing_else_keeps_it(site: FauxSite, operator: Operator) -> None:
    write_site(site, 40, inviting=35)
    site.page("/sida-3", html=f"<h1>Sida 3</h1><p>{INVITATION}</p>", title="Sida 3")
    operator.crawl()
    learn_repeated(operator.store, operator.config())
    operator.read_again()
    assert having_it(operator) == 1
    assert "/sida-3" in operator.paths
