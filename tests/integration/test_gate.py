"""What the gate finds when one of several sources has lost its pages."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer import config
from indexer.cli.progress import JobProgress
from indexer.config import Config
from indexer.engine import Query, open_index
from indexer.jobs.publishing import Published, Refused, publish
from indexer.jobs.reindex import Reindex, ReindexReport
from tests.support.command import POLITE
from tests.support.faux_site import FauxSite, Reply

SOURCES = """\
sources:
  - {{name: stor, type: website, start: ["{site}/stor/"], sitemaps: none}}
  - {{name: liten, type: website, start: ["{site}/liten/"], sitemaps: none}}
publish: {{max_loss_percent: 20}}
"""
LARGE, SMALL = 60, 12


def write(site: FauxSite, folder: str, pages: int) -> None:
    links = [f"/{folder}/{number}/" for number in range(pages)]
    start = f"<h1>Om {folder}</h1><p>Alla sidor om {folder}.</p>"
    site.page(f"/{folder}/", html=start, links=links, title=f"Om {folder}")
    for number, path in enumerate(links):
        html = f"<h1>Avtal {number} i {folder}</h1><p>Samverkan nummer {number} om {folder}.</p>"
        site.page(path, html=html, title=f"Avtal {number} i {folder}")


def empty(site: FauxSite, folder: str, pages: int) -> None:
    site.page(f"/{folder}/", html="<h1>Ny webbplats</h1><p>Välkommen till den.</p>")
    for number in range(pages):
        site.reply(f"/{folder}/{number}/", Reply(status=410))


@pytest.fixture
def settings(tmp_path: Path, site: FauxSite) -> Config:
    write(site, "stor", LARGE)
    write(site, "liten", SMALL)
    file = tmp_path / "crawl_config.yaml"
    file.write_text((POLITE + SOURCES).format(site=site.url("").rstrip("/")), encoding="utf-8")
    return config.load(file)


def run(settings: Config) -> ReindexReport:
    return Reindex(settings, watcher=JobProgress()).run()


def served(settings: Config, source: str) -> int:
    with open_index("whoosh", settings.data_dir / "index").searcher() as searcher:
        return searcher.search(Query(filters={"source": (source,)})).total


def test_a_small_source_that_is_emptied_is_not_published_though_few_documents_are_gone(
    settings: Config, site: FauxSite
) -> None:
    assert run(settings).outcome == "published"
    empty(site, "liten", SMALL)

    refused = run(settings)

    assert refused.outcome == "refused"
    (objection,) = refused.objections
    assert f"{SMALL} of {SMALL + 1} documents of liten are gone" in objection
    assert "samsok publish --force" in objection
    assert served(settings, "liten") == SMALL + 1
    assert isinstance(publish(settings), Refused)
    assert isinstance(publish(settings, force=True), Published)
    assert (served(settings, "liten"), served(settings, "stor")) == (1, LARGE + 1)
    assert run(settings).outcome == "unchanged"


def test_a_small_source_may_lose_some_pages_in_a_night(settings: Config, site: FauxSite) -> None:
    run(settings)
    for number in range(5):
        site.reply(f"/liten/{number}/", Reply(status=410))

    assert run(settings).outcome == "published"
    assert served(settings, "liten") == SMALL + 1 - 5


def test_a_source_that_is_down_for_a_night_loses_nothing(settings: Config, site: FauxSite) -> None:
    run(settings)
    for path in ("/liten/", *(f"/liten/{number}/" for number in range(SMALL))):
        site.reply(path, Reply(status=503))

    assert run(settings).objections == ()
    assert served(settings, "liten") == SMALL + 1


def test_a_source_that_is_taken_out_of_the_configuration_is_no_loss(settings: Config) -> None:
    run(settings)
    text = settings.path.read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if "name: liten" not in line]
    settings.path.write_text("\n".join(lines), encoding="utf-8")
    fewer = config.load(settings.path)

    assert run(fewer).objections == ()
