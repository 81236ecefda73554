"""What the gate finds when one of several sources has lost its pages."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from indexer import config
from indexer.cli.progress import JobProgress
from indexer.config import Config, EvaluationSettings
from indexer.crawl import ThreadReader
from indexer.engine import Query, SearchIndex, open_index
from indexer.errors import ConfigError
from indexer.jobs import status
from indexer.jobs.publishing import Published, Refused, publish, rollback
from indexer.jobs.reindex import Reindex, ReindexReport
from tests.support.command import POLITE
from tests.support.faux_site import FauxSite, Reply

pytestmark = pytest.mark.jobs

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
    return Reindex(settings, watcher=JobProgress(), reader=ThreadReader).run()


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
    assert "samsok explain" in objection
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


# --- what a refusal shows, and what becomes of it -----------------------------------------------


def test_a_refusal_shows_what_is_otherwise_and_publish_shows_it_again(
    settings: Config, site: FauxSite
) -> None:
    run(settings)
    empty(site, "liten", SMALL)
    refused = run(settings)

    told = "\n".join(refused.lines())
    assert "compared with gen-000001, which is in service:" in told
    assert f"liten: documents before {SMALL + 1}, now 1 ({SMALL} gone, 0 new, 1 changed)" in told
    assert f"stor: documents before {LARGE + 1}, now {LARGE + 1} (0 gone, 0 new, 0 changed)" in told
    assert told.count("  (http_410)\n") == 10
    assert f"… and {SMALL - 10} more" in told
    assert "samsok publish --force" in told
    assert refused.plain()["differences"]["gone"]["documents"] == SMALL

    again = publish(settings)
    assert isinstance(again, Refused)
    assert refused.verdict
    assert again.verdict.differences == refused.verdict.differences


def test_what_was_refused_waits_and_is_not_built_again_until_something_changes(
    settings: Config, site: FauxSite
) -> None:
    run(settings)
    empty(site, "liten", SMALL)
    first = run(settings)
    again = run(settings)

    assert (first.outcome, again.outcome) == ("refused", "refused")
    assert again.generation == first.generation
    assert again.objections == first.objections

    site.page("/stor/1/", html="<h1>Avtal 1</h1><p>Nu med en annan text.</p>", title="Avtal 1")
    third = run(settings)
    assert third.outcome == "refused"
    assert names(settings) == ["gen-000001", "gen-000003"]

    write(site, "liten", SMALL)
    recovered = run(settings)
    assert recovered.outcome == "published"
    assert served(settings, "liten") == SMALL + 1


def test_nights_of_refusals_push_nothing_out_that_one_could_go_back_to(
    settings: Config, site: FauxSite
) -> None:
    run(settings)
    for night in (1, 2):
        write_one(site, night)
        assert run(settings).outcome == "published"
    empty(site, "liten", SMALL)
    for night in range(3, 7):
        write_one(site, night)
        assert run(settings).outcome == "refused"

    assert names(settings) == ["gen-000001", "gen-000002", "gen-000003", "gen-000007"]


def write_one(site: FauxSite, night: int) -> None:
    text = f"<h1>Avtal 1</h1><p>Texten är en annan i natt: {night}.</p>"
    site.page("/stor/1/", html=text, title="Avtal 1")


def test_what_was_built_and_not_published_is_published_without_building_it_again(
    settings: Config, site: FauxSite
) -> None:
    run(settings)
    write_one(site, 1)
    run(settings)
    rollback(settings)

    assert run(settings).outcome == "published"
    assert names(settings) == ["gen-000001", "gen-000002"]
    assert index_of(settings).current() == "gen-000002"


def test_what_waits_and_is_damaged_is_built_anew(settings: Config, site: FauxSite) -> None:
    run(settings)
    empty(site, "liten", SMALL)
    assert run(settings).outcome == "refused"
    file = next((settings.data_dir / "index" / "gen-000002" / "arrays").glob("stem_scores.npy"))
    file.write_bytes(b"\x00" * file.stat().st_size)

    again = run(settings)

    assert again.outcome == "refused"
    assert names(settings) == ["gen-000001", "gen-000003"]


def test_what_is_published_says_in_short_what_is_otherwise(
    settings: Config, site: FauxSite
) -> None:
    run(settings)
    write_one(site, 1)

    lines = run(settings).lines()

    before = LARGE + 1
    assert lines[-1] == (
        f"  stor: documents before {before}, now {before} (0 gone, 0 new, 1 changed)"
    )


def test_what_is_done_by_hand_stands_among_the_runs(settings: Config, site: FauxSite) -> None:
    run(settings)
    empty(site, "liten", SMALL)
    run(settings)
    publish(settings)
    publish(settings, force=True)
    rollback(settings)

    runs = [one.report for one in status(settings).runs]

    assert [(one["job"], one["outcome"]) for one in runs] == [
        ("rollback", "published"),
        ("publish", "published"),
        ("publish", "refused"),
        ("reindex", "refused"),
        ("reindex", "published"),
    ]
    assert runs[1]["forced"]
    assert runs[0]["generation"] == "gen-000001"


def names(settings: Config) -> list[str]:
    return [generation.name for generation in index_of(settings).generations()]


def index_of(settings: Config) -> SearchIndex:
    return open_index("whoosh", settings.data_dir / "index")


# --- the evaluation floor -----------------------------------------------------------------------


@pytest.fixture
def judged(settings: Config, tmp_path: Path) -> Config:
    """The same configuration with two judged queries and a floor under both together."""
    judgments = "judgments:\n" + "".join(
        f"  - {{q: avtal {number} i {folder}, pages: {{/{folder}/{number}/: 3}}}}\n"
        for folder, number in (("stor", 7), ("liten", 3))
    )
    (tmp_path / "judgments.yaml").write_text(judgments, encoding="utf-8")
    return dataclasses.replace(
        settings,
        publish=dataclasses.replace(
            settings.publish,
            evaluation=EvaluationSettings(judgments=tmp_path / "judgments.yaml", floor=0.9),
        ),
    )


def test_a_generation_below_the_floor_is_refused_with_the_queries_that_fell(
    judged: Config, site: FauxSite
) -> None:
    first = run(judged)
    assert first.outcome == "published"
    assert first.verdict
    assert first.verdict.evaluation
    assert (first.verdict.evaluation.before, first.verdict.evaluation.now) == (None, 1.0)
    site.reply("/stor/7/", Reply(status=410))

    refused = run(judged)

    assert refused.outcome == "refused"
    (objection,) = refused.objections
    assert "nDCG@10 of judgments.yaml is 0.500, below its floor 0.9" in objection
    assert "judged pages that are not in the index: 1" in objection
    assert "“avtal 7 i stor” 1.000 before, 0.000 now" in objection
    assert "  nDCG@10 of judgments.yaml: 1.000 before, 0.500 now, floor 0.9" in refused.lines()
    assert run(judged).objections == refused.objections


def test_judgments_that_cannot_be_read_are_told_before_anything_is_fetched(
    judged: Config, site: FauxSite
) -> None:
    evaluation = judged.publish.evaluation
    assert evaluation
    evaluation.judgments.unlink()

    with pytest.raises(ConfigError, match=r"judgments\.yaml"):
        run(judged)
    assert site.requests == []
