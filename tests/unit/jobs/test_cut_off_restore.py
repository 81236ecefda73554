"""A restore that was decided and cut off is completed by whoever looks next."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.cli import main
from indexer.config import Config
from indexer.jobs.switch import decide
from indexer.store import DocumentStore
from tests.support.documents import document


@pytest.mark.parametrize(
    "command",
    [
        ["status"],
        ["report"],
        ["explain", "https://www.hv.se/"],
        ["export", "--warc", "pages.warc.gz"],
        ["crawl", "--dry-run"],
        ["reindex", "--dry-run"],
    ],
    ids=" ".join,
)
def test_whoever_looks_sees_what_was_decided(
    config_file: Path, settings: Config, command: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(config_file.parent)
    var, staged = settings.data_dir, settings.data_dir / "restoring"
    for place, number in ((var, 1), (staged, 2)):
        with DocumentStore.open(place / "crawl.db") as store:
            store.put(document(number), fingerprint="1")
            store.record_run({"job": "crawl"})
    decide(staged, var)

    assert main(command) == 0

    assert not (var / "restored").exists()
    with DocumentStore.open(var / "crawl.db") as store:
        assert [held.id for held in store.documents()] == [document(2).id]
