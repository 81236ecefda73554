"""The ranking, held to judged searches over the demo site: crawled, built and searched for real.

`samsok demo --keep here` and `samsok evaluate indexer/cli/demo/judgments.yaml --config
here/crawl_config.yaml --gate tests/relevance_baseline.json` say the same, and which searches are
the worst; with `--update-baseline` the floors rise to what was reached.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from indexer import config
from indexer.cli.demo.server import DemoSite, demo_config
from indexer.cli.progress import JobProgress
from indexer.engine import Searcher, SearchRequest, open_index, search
from indexer.evaluate import Run, check, evaluate, read_judgments
from indexer.jobs import Reindex

BASELINE = Path(__file__).parent.parent / "relevance_baseline.json"
CITY = "/samverka-med-oss/strategiska-partners/trollhattans-stad/"


@pytest.fixture(scope="session")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Searcher]:
    folder = tmp_path_factory.mktemp("demo")
    path = folder / "crawl_config.yaml"
    with DemoSite() as site, JobProgress() as progress:
        path.write_text(demo_config(site.url, folder / "var"), encoding="utf-8")
        loaded = config.load(path)
        report = Reindex(loaded, watcher=progress).run()
    assert report.outcome == "published", report.lines()
    index = open_index(loaded.index.plain(), loaded.data_dir / "index")
    with index.searcher() as opened:
        yield opened


@pytest.fixture(scope="session")
def run(searcher: Searcher) -> Run:
    judgments = read_judgments(Path(str(files("indexer.cli.demo") / "judgments.yaml")))
    return evaluate(searcher, judgments.judged)


def first(searcher: Searcher, query: str) -> str:
    answer = search(searcher, SearchRequest(text=query, limit=1))
    return urlsplit(answer.results[0].document.url).path if answer.results else "nothing"


def test_the_ranking_stands_on_its_floors(run: Run) -> None:
    held = check(run, BASELINE)

    assert set(held) == {"queries", *run.means()}


@pytest.mark.parametrize(
    "query",
    [
        "trollhättan",
        "trollhättans stad",
        "hur kan kommunanställda kompetensutvecklas",
        "kompetensutveckling för kommunanställda",
        "Signhild Åkerbrand",
        "signhild akerbrand",
    ],
)
def test_the_page_about_the_city_comes_first(searcher: Searcher, query: str) -> None:
    assert first(searcher, query) == CITY


def test_the_words_alone_find_less(searcher: Searcher, run: Run) -> None:
    judgments = read_judgments(Path(str(files("indexer.cli.demo") / "judgments.yaml")))

    plain = evaluate(searcher, judgments.judged, expand=False)

    assert plain.means()["ndcg@10"] < run.means()["ndcg@10"]
    assert plain.means()["answered"] < run.means()["answered"]
