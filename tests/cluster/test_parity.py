"""The ranking over a cluster is that over Whoosh: the same store, the same judged searches."""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path

import pytest

from benchmarks.engine.collection import read_collection
from indexer import config
from indexer.cli.demo.server import DemoSite, demo_config
from indexer.cli.progress import JobProgress
from indexer.engine import SearchIndex, open_index
from indexer.engine.opensearch_backend import OpenSearchIndex
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.evaluate import Judgment, evaluate, read_judgments
from indexer.jobs import Reindex, status
from indexer.jobs.doctor import doctor
from indexer.jobs.indexing import GenerationBuilder
from indexer.jobs.publishing import rollback
from indexer.model import Vocabulary
from tests.support.cluster import opened, urls

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(900)]

ALLOWED = 0.02


def ndcg(index: SearchIndex, judged: Sequence[Judgment]) -> float:
    with index.searcher() as searcher:
        return evaluate(searcher, judged).means()["ndcg@10"]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[tuple[Path, Path]]:
    """The demo, crawled and indexed once by Whoosh, once into the cluster from the same store."""
    path, clustered = tmp_path / "crawl_config.yaml", tmp_path / "clustered.yaml"
    with DemoSite() as site, JobProgress() as progress:
        text = demo_config(site.url, tmp_path / "var")
        path.write_text(text, encoding="utf-8")
        nodes = ", ".join(f'"{url}"' for url in urls())
        prefix = f"test-{uuid.uuid4().hex[:12]}"
        block = f"index: {{backend: opensearch, url: [{nodes}], prefix: {prefix}, replicas: 0}}\n"
        clustered.write_text(text + block, encoding="utf-8")
        Reindex(config.load(path), watcher=progress).run()
        report = Reindex(config.load(clustered), watcher=progress).run(from_store=True)
    index = _index(clustered)
    assert isinstance(index, OpenSearchIndex)
    try:
        assert report.outcome == "published", report.lines()
        yield path, clustered
    finally:
        index.cluster.ask("DELETE", f"/{prefix}-*")
        index.cluster.close()


def test_the_demo_is_ranked_alike(demo: tuple[Path, Path]) -> None:
    judged = read_judgments(Path(str(files("indexer.cli.demo") / "judgments.yaml"))).judged

    whoosh, cluster = (ndcg(_index(path), judged) for path in demo)

    assert abs(whoosh - cluster) <= ALLOWED


def test_every_job_works_over_a_cluster(demo: tuple[Path, Path]) -> None:
    path = demo[1]
    settings = config.load(path)
    with JobProgress() as progress:
        again = Reindex(settings, watcher=progress).run(from_store=True, full=True)
    told = status(settings)
    found = {it.check: it.state for it in doctor(path, now=dt.datetime.now(dt.UTC)).findings}

    assert again.outcome in {"published", "unchanged"}
    assert told.cluster
    assert told.plain()["cluster"]["nodes"] == len(urls())
    assert found["cluster"] in {"ok", "warning"}
    assert (found["index"], found["generation"]) == ("ok", "ok")
    if again.outcome == "published":
        assert rollback(settings).generation.name == "gen-000001"


def test_a_test_collection_is_ranked_alike(tmp_path: Path) -> None:
    data = Path(os.environ.get("SAMSOK_DATA", "/nowhere")) / "relevance" / "swefaq-dev"
    if not data.is_dir():
        pytest.skip("SAMSOK_DATA does not name a folder with relevance/swefaq-dev")
    collection = read_collection(data)
    whoosh = WhooshIndex(tmp_path / "whoosh")
    with opened(tmp_path / "cache", shards=3, replicas=1) as cluster:
        for index in (whoosh, cluster):
            builder = GenerationBuilder(index, vocabulary=Vocabulary())
            index.publish(builder.build(lambda: collection.documents).name)
        found = ndcg(cluster, collection.judged)

    assert abs(ndcg(whoosh, collection.judged) - found) <= ALLOWED


def _index(path: Path) -> SearchIndex:
    settings = config.load(path)
    return open_index(settings.index.plain(), settings.data_dir / "index")
