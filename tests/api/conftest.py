from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

import falcon.testing
import pytest

from indexer.analysis import build_bundle
from indexer.engine.memory_backend import MemoryIndex
from indexer.engine.suggesting import SUGGESTIONS, write_suggestions
from indexer.model import Concept, Document, Person, Section, Vocabulary
from search_api.app import create_app
from search_api.settings import Settings
from tests.api.knowledge import KNOWLEDGE
from tests.support.command import Samsok
from tests.support.documents import document

Publish = Callable[[Sequence[Document]], str]


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("bundle")
    area = Concept(name="Arbetsintegrerat lärande", aliases=("AIL",))
    words = dict.fromkeys(["samverkan", "avtal", "kommunen", "lärande"], 3)
    build_bundle(directory, words=words, vocabulary=Vocabulary(areas=(area,)))
    return directory


@pytest.fixture
def index() -> MemoryIndex:
    return MemoryIndex()


@pytest.fixture
def publish(index: MemoryIndex, bundle: Path) -> Publish:
    def build(documents: Sequence[Document]) -> str:
        with index.writer(bundle=bundle) as writer:
            for item in documents:
                writer.put(item)
        name = index.generations()[-1].name
        index.publish(name)
        return name

    return build


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=str(tmp_path))


@pytest.fixture
def client(index: MemoryIndex, settings: Settings) -> falcon.testing.TestClient:
    return falcon.testing.TestClient(create_app(index, settings))


@pytest.fixture
def pages(publish: Publish) -> None:
    """Publish 25 news about samverkan, and one partner page."""
    news = [
        document(number, f"Nyhet {number}", "Om samverkan.", kind="news", partners=("Regionen",))
        for number in range(25)
    ]
    partner = document(
        99,
        "Trollhättans Stad",
        kind="partner",
        partners=("Trollhättans Stad",),
        areas=("Arbetsintegrerat lärande",),
        persons=(Person(name="Åsa Öberg", role="samordnare", email="asa@example.org"),),
        modified=dt.date(2025, 3, 3),
        sections=(
            Section(text="Partnerskapet gäller arbetsintegrerat lärande."),
            Section(heading="Syfte", anchor="syfte", text="Samverkan som håller länge."),
        ),
    )
    publish([*news, partner])


@pytest.fixture(scope="session")
def completing_bundle(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("completing") / "bundle"
    shutil.copytree(bundle, directory)
    write_suggestions(directory / SUGGESTIONS, KNOWLEDGE)
    return directory


@pytest.fixture
def knowledge(index: MemoryIndex, completing_bundle: Path) -> None:
    """Publish documents of every kind, with all that a document can say, and completions."""
    with index.writer(bundle=completing_bundle) as writer:
        for item in KNOWLEDGE:
            writer.put(item)
    index.publish(index.generations()[-1].name)


@pytest.fixture
def samsok(tmp_path: Path) -> Samsok:
    command = Samsok(tmp_path)
    command.write_config("https://www.example.org/")
    return command
