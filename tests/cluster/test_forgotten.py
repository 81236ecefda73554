"""Whoever was forgotten is in no index of the cluster, no file of its nodes and none fetched."""

from __future__ import annotations

import base64
import time
import uuid
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import falcon.testing
import pytest

from indexer import cli, config
from indexer.cli.progress import JobProgress
from indexer.engine import open_index
from indexer.engine.opensearch_backend import OpenSearchIndex, bundles
from indexer.engine.opensearch_backend import index as index_module
from indexer.engine.opensearch_backend.generations import LINGER_S
from indexer.jobs import Reindex
from search_api.app import create_app
from search_api.settings import Settings
from tests.support.cluster import urls
from tests.support.command import CONFIG
from tests.support.documents import document
from tests.support.faux_site import FauxSite
from tests.support.grepping import holding

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

NAME = "Åsa-Karin Zetterqvisth"
EMAIL = "asa.zetterqvisth@example.org"
NEEDLES = ("Zetterqvisth",)
OTHERS = 25
"""So many pages that one which changes is an update of the generation in service: a clone."""

FILLER = "<p>" + "Högskolan och kommunen samverkar om hållbar utveckling i regionen. " * 12 + "</p>"


class Operator:
    """Somebody who runs `samsok` in this process, with the index under a prefix of its own."""

    def __init__(self, directory: Path, site: FauxSite) -> None:
        self.prefix = f"test-{uuid.uuid4().hex[:12]}"
        self.var = directory / "var"
        self._file = directory / "crawl_config.yaml"
        nodes = ", ".join(f'"{url}"' for url in urls())
        self._file.write_text(
            CONFIG.format(url=site.url("/"), canaries="")
            + f"index: {{backend: opensearch, url: [{nodes}], prefix: {self.prefix}, "
            "keep_generations: 2, replicas: 0}\n",
            encoding="utf-8",
        )

    def reindex(self, *, from_store: bool = False) -> None:
        settings = config.load(self._file)
        report = Reindex(settings, watcher=JobProgress()).run(
            from_store=from_store, forced="a test"
        )
        assert report.outcome == "published", report.lines()

    def samsok(self, *arguments: str) -> int:
        return cli.main([*arguments, "--config", str(self._file)])

    def files(self) -> Iterator[str]:
        """Name the indices of files."""
        index = self.opened(self.var / "index")
        for name in index.cluster.ask("GET", f"/{self.prefix}-files-*/_settings"):
            yield name.removeprefix(f"{self.prefix}-")
        index.cluster.close()

    def opened(self, directory: Path) -> OpenSearchIndex:
        """Open the index as a machine does that keeps what it fetches in `directory`."""
        index = open_index(config.load(self._file).index.plain(), directory)
        assert isinstance(index, OpenSearchIndex)
        return index


@pytest.fixture
def site() -> Iterator[FauxSite]:
    with FauxSite() as site:
        others = [f"/nyhet-{number}" for number in range(OTHERS)]
        site.page("/", html=f"<h1>Samverkan</h1>{FILLER}" + _linked("/partner", "/om", *others))
        for number, path in enumerate(others):
            text = f"<p>En nyhet om samverkan, den {number}:e i ordningen {number**3}.</p>"
            site.page(path, html=f"<h1>Nyhet {number}</h1>" + text * 3)
        site.page(
            "/partner",
            html=f"<h1>Partnerskapet</h1>{FILLER}<h2>Kontakt</h2><p>{NAME}<br>Projektledare<br>"
            f'<a href="mailto:{EMAIL}">{EMAIL}</a></p><p>Eva Ekholm<br>Samordnare<br>'
            '<a href="mailto:eva.ekholm@example.org">eva.ekholm@example.org</a></p>',
        )
        site.page("/om", html=f"<h1>Om oss</h1>{FILLER}<p>Enligt {NAME} är det så.</p>")
        yield site


@pytest.fixture
def operator(tmp_path: Path, site: FauxSite, monkeypatch: pytest.MonkeyPatch) -> Iterator[Operator]:
    monkeypatch.setattr(index_module, "LINGER_S", 1.0)
    monkeypatch.setattr(bundles, "_TIDIED_EVERY_S", 0.0)
    operator = Operator(tmp_path, site)
    yield operator
    with_index = operator.opened(tmp_path / "last")
    with_index.cluster.ask("DELETE", f"/{operator.prefix}-*")
    with_index.cluster.close()


def test_nothing_of_a_person_is_left_when_forgetting_is_done(
    operator: Operator, site: FauxSite, tmp_path: Path
) -> None:
    operator.reindex()
    site.page("/om", html=f"<h1>Om oss</h1>{FILLER}<p>{NAME} har slutit två avtal.</p>")
    operator.reindex()
    other = tmp_path / "other machine"
    assert [*operator.files()] == ["files-000001"], "the second generation is built on the first"
    index = operator.opened(other)
    client = falcon.testing.TestClient(create_app(index, Settings(data_dir=str(tmp_path))))
    held = _total(client, "samverkar")
    assert _total(client, "zetterqvisth") == 2
    before = _named(index, operator.prefix)
    assert {"documents", "terms", "files"} <= {*before}, "what is looked for can be found"
    assert holding(other, *NEEDLES)
    nodes = _folders(index, operator.prefix)
    assert [*_holding(nodes)], "what is looked for can be found on the disks of the nodes"

    assert operator.samsok("forget", "--person", NAME, "--yes", "--now") == 0

    assert _named(index, operator.prefix) == {}
    assert holding(operator.var, *NEEDLES) == {}
    assert len(index.generations()) == 1
    _wait_until_gone(nodes.keys() - _folders(index, operator.prefix).keys(), nodes)
    assert [*_holding(_folders(index, operator.prefix))] == []
    # The other machine notices when it next looks.
    deadline = time.monotonic() + 20
    while holding(other, *NEEDLES) and time.monotonic() < deadline:
        assert _total(client, "samverkar") in {held, None}
        time.sleep(0.3)
    assert holding(other, *NEEDLES) == {}
    assert (_total(client, "zetterqvisth"), _total(client, "samverkar")) == (0, held)
    index.cluster.close()


def test_a_backup_that_is_restored_brings_nobody_back(operator: Operator, tmp_path: Path) -> None:
    operator.reindex()
    archive = str(tmp_path / "samsok.tar")
    assert operator.samsok("backup", archive, "--with-index") == 1
    assert operator.samsok("backup", archive) == 0
    assert operator.samsok("forget", "--person", NAME, "--yes", "--now") == 0
    index = operator.opened(tmp_path / "other machine")
    clean = index.current()

    assert operator.samsok("restore", archive, "--replace") == 0

    assert index.current() == clean
    assert _named(index, operator.prefix) == {}
    operator.reindex(from_store=True)
    assert index.current() != clean
    assert _named(index, operator.prefix) == {}
    assert index.suppressed() == frozenset()
    assert holding(operator.var, *NEEDLES) == {}
    index.cluster.close()


def publish_first(index: OpenSearchIndex, bundle: Path) -> None:
    """Build generation 1, of one document, and put it into service."""
    with index.writer(bundle=bundle) as writer:
        writer.put(document(1))
    index.publish("gen-000001")


def test_erasing_takes_what_was_pruned_a_moment_ago_and_what_nobody_can_read(
    index: OpenSearchIndex, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    waits: list[float] = []
    monkeypatch.setattr(index_module, "time", SimpleNamespace(sleep=waits.append))
    prefix = index.cluster.settings.prefix
    for number in range(3):
        with index.writer(bundle=bundle) as writer:
            writer.put(document(number))
        index.publish(index.generations()[-1].name)
    assert index.prune(keep=2) == ("gen-000001",)
    index.cluster.ask("PUT", f"/{prefix}-gen-000099")

    assert index.erase(keep=2) == ()
    assert waits == []
    assert index.erase(keep=1) == ("gen-000002",)

    assert waits == [LINGER_S]
    left = index.cluster.ask("GET", f"/{prefix}-*/_settings")
    assert sorted(left) == [f"{prefix}-{it}" for it in ("files-000003", "gen-000003", "notes")]


def test_erasing_leaves_what_serves_whoever_can_read_it(
    index: OpenSearchIndex, bundle: Path
) -> None:
    prefix = index.cluster.settings.prefix
    publish_first(index, bundle)
    index.cluster.ask("PUT", f"/{prefix}-gen-000001/_mapping", {"_meta": {"of": "another version"}})

    assert index.erase(keep=1) == ()

    assert index.current() == "gen-000001"
    left = index.cluster.ask("GET", f"/{prefix}-*/_settings")
    assert {f"{prefix}-gen-000001", f"{prefix}-files-000001"} <= left.keys()


def test_a_writer_leaves_the_files_of_a_generation_of_another_version(
    index: OpenSearchIndex, bundle: Path
) -> None:
    prefix = index.cluster.settings.prefix
    publish_first(index, bundle)
    files = f"{prefix}-files-000001"
    before = _count(index, files)
    meta = {"of": "another version", "files": files}
    index.cluster.ask("PUT", f"/{prefix}-gen-000001/_mapping", {"_meta": meta})

    with index.writer(bundle=bundle) as writer:
        writer.put(document(2))

    assert before
    assert _count(index, files) == before


def test_a_clone_of_which_its_killed_writer_said_nothing_is_no_generation(
    index: OpenSearchIndex, bundle: Path
) -> None:
    prefix = index.cluster.settings.prefix
    with index.writer(bundle=bundle) as writer:
        writer.put(document(1))
    index.cluster.ask("POST", f"/{prefix}-gen-000001/_clone/{prefix}-gen-000002")

    assert [held.name for held in index.generations()] == ["gen-000001"]
    index.writer(bundle=bundle).rollback()
    assert [*index.cluster.ask("GET", f"/{prefix}-gen-*/_settings")] == [f"{prefix}-gen-000001"]


def _count(index: OpenSearchIndex, name: str) -> int:
    index.cluster.ask("POST", f"/{name}/_refresh")
    return int(index.cluster.ask("GET", f"/{name}/_count")["count"])


def _linked(*paths: str) -> str:
    return "".join(f'<p><a href="{path}">Läs mer om det här</a></p>' for path in paths)


def _total(client: falcon.testing.TestClient, text: str) -> int | None:
    answer = client.simulate_get(f"/api/v1/search?q={text}&expand=false")
    return answer.json["meta"]["total"] if answer.status_code == 200 else None


def _named(index: OpenSearchIndex, prefix: str) -> dict[str, list[str]]:
    """Return where in the indices of a prefix the person is named, however one asks."""
    ask = index.cluster.ask
    found: dict[str, list[str]] = {}
    ask("POST", f"/{prefix}-*/_refresh")
    for name in sorted(ask("GET", f"/{prefix}-*/_settings", expand_wildcards="all")):
        everything = ask("POST", f"/{name}/_search", {"query": {"match_all": {}}, "size": 1000})
        stored = [repr(hit["_source"]) for hit in everything["hits"]["hits"]]
        pieces = [
            base64.b64decode(value)
            for hit in everything["hits"]["hits"]
            for field in ("data", "value")
            if (value := hit["_source"].get(field))
        ]
        properties = ask("GET", f"/{name}/_mapping")[name]["mappings"].get("properties", {})
        keywords = [field for field, said in properties.items() if said.get("type") == "keyword"]
        texts = [field for field, said in properties.items() if said.get("type") == "text"]
        wanted = {
            field: {"terms": {"field": field, "size": 10_000}}
            for field in keywords
            if properties[field].get("doc_values", True)
        }
        counted = ask("POST", f"/{name}/_search", {"size": 0, "aggs": wanted}) if wanted else {}
        like = {"query_string": {"query": "*zetterq*", "fields": texts}}
        matching = ask("POST", f"/{name}/_search", {"size": 0, "query": like}) if texts else None
        for where, holds in (
            ("documents", any(NEEDLES[0] in text for text in stored)),
            ("values", NEEDLES[0] in repr(counted.get("aggregations"))),
            ("terms", matching is not None and matching["hits"]["total"]["value"] > 0),
            ("files", any(_is_in(piece) for piece in pieces)),
            ("deleted", "-gen-" in name and _deleted(index, name) > 0),
        ):
            if holds:
                found.setdefault(where, []).append(name)
    return found


def _is_in(piece: bytes) -> bool:
    lowered = piece.lower()
    return any(
        needle.lower().encode(coding) in lowered
        for needle in NEEDLES
        for coding in ("utf-8", "utf-16-le")
    )


def _deleted(index: OpenSearchIndex, name: str) -> int:
    """Return how many documents an index has deleted and not yet merged away."""
    segments = index.cluster.ask("GET", f"/_cat/segments/{name}", format="json")
    return sum(int(segment["docs.deleted"]) for segment in segments)


def _folders(index: OpenSearchIndex, prefix: str) -> dict[str, list[Path]]:
    """Return where the nodes keep the indices of a prefix, as far as that is on this machine."""
    told = index.cluster.ask("GET", "/_nodes/stats/fs")["nodes"].values()
    roots = [Path(disk["path"]) for node in told for disk in node["fs"]["data"]]
    settings = index.cluster.ask("GET", f"/{prefix}-*/_settings", flat_settings=True)
    return {
        name: [root / "indices" / held["settings"]["index.uuid"] for root in roots]
        for name, held in settings.items()
    }


def _holding(folders: dict[str, list[Path]]) -> Iterator[str]:
    for name, places in folders.items():
        if any(holding(place, *NEEDLES) for place in places if place.is_dir()):
            yield name


def _wait_until_gone(names: set[str], nodes: dict[str, list[Path]]) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        if not any(place.is_dir() for name in names for place in nodes[name]):
            return
        time.sleep(0.1)
    raise AssertionError(f"the nodes keep files of {sorted(names)}")
