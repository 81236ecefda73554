from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from indexer import config
from indexer.analysis import build_bundle
from indexer.config import Config
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.model import Vocabulary
from indexer.store import DocumentStore
from tests.support.command import CONFIG
from tests.support.documents import document


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("bundle")
    build_bundle(directory, words={}, vocabulary=Vocabulary())
    return directory


@pytest.fixture
def config_file(tmp_path: Path) -> Path:
    path = tmp_path / "crawl_config.yaml"
    path.write_text(CONFIG.format(url="http://127.0.0.1:9/", canaries=""), encoding="utf-8")
    return path


@pytest.fixture
def settings(config_file: Path) -> Config:
    return config.load(config_file)


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory, bundle: Path) -> Path:
    """A data directory, built once and copied for each test."""
    data_dir = tmp_path_factory.mktemp("built") / "var"
    index = WhooshIndex(data_dir / "index")
    for count in (1, 2, 3):
        with index.writer(bundle=bundle) as writer:
            for number in range(count):
                writer.put(document(number))
        index.publish(index.generations()[-1].name)
    with DocumentStore.open(data_dir / "crawl.db") as store:
        for number in range(3):
            store.put(document(number), fingerprint="1")
    return data_dir


@pytest.fixture
def index(settings: Config, built: Path) -> WhooshIndex:
    """Three generations of one, two and three documents, the last in service, and a store."""
    shutil.copytree(built, settings.data_dir)
    return WhooshIndex(settings.data_dir / "index")
