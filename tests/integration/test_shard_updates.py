"""Night after night, the stores of four shards are indexed by what changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.jobs.renewal import differing
from tests.support.faux_site import FauxSite, Reply
from tests.support.nights import Nights
from tests.support.region import HOSTS, region

pytestmark = pytest.mark.jobs


@pytest.fixture
def sites() -> Iterator[dict[str, FauxSite]]:
    with region() as served:
        yield served


@pytest.fixture
def nights(tmp_path: Path, sites: dict[str, FauxSite]) -> Nights:
    return Nights(tmp_path, sites)


def test_a_night_of_few_changes_costs_what_changed(
    nights: Nights, sites: dict[str, FauxSite]
) -> None:
    nights.crawl()
    assert nights.reindex().outcome == "published"
    updates, before = nights.indexed()
    assert updates == 0
    assert before == nights.stored()
    assert nights.reindex().outcome == "unchanged"

    first, *_, last = (sites[host] for host in HOSTS)
    first.page("/sida-5/", title="Ny", html="<h1>Ny</h1><p>Havsörnar.</p>", links=["/till/"])
    first.page("/till/", title="Till", html="<h1>Till</h1><p>En sida till.</p>")
    last.reply("/sida-5/", Reply(status=410))
    nights.crawl()
    assert nights.reindex().outcome == "published"

    updates, after = nights.indexed()
    assert updates == 1
    assert after == nights.stored()
    changed = dict(differing(before, after))
    assert sorted(changed.values()) == [False, True, True]


def test_a_twin_that_goes_lets_the_other_come_back(
    nights: Nights, sites: dict[str, FauxSite]
) -> None:
    nights.crawl()
    nights.reindex()
    (rules,) = (it for it in nights.indexed()[1] if it.title == "Regler för samverkan")
    host = rules.url.split("/")[2].split(":")[0]

    sites[host].reply("/gemensam/", Reply(status=410))
    nights.crawl()
    nights.reindex()

    updates, documents = nights.indexed()
    (other,) = (it for it in documents if it.title == "Regler för samverkan")
    assert updates == 1
    assert other.url != rules.url
    assert documents == nights.stored()


def test_what_is_built_by_updates_holds_what_a_full_build_holds(
    nights: Nights, sites: dict[str, FauxSite]
) -> None:
    nights.crawl()
    nights.reindex()
    for night in range(3):
        site = sites[HOSTS[night]]
        site.page(f"/sida-{night}/", title=f"Natt {night}", html=f"<h1>Natt {night}</h1>Ny.")
        nights.crawl()
        nights.reindex()
    updates, updated = nights.indexed()
    assert updates == 3

    assert nights.reindex(update=False).outcome == "published"

    assert nights.indexed() == (0, updated)


def test_much_that_changed_is_built_anew(nights: Nights, sites: dict[str, FauxSite]) -> None:
    nights.crawl()
    nights.reindex()
    for host in HOSTS:
        sites[host].page("/mottagen/", title="Annan", html=f"<h1>Annan</h1><p>Ny {host}.</p>")
    nights.crawl()
    nights.reindex()

    updates, documents = nights.indexed()
    assert updates == 0
    assert documents == nights.stored()
