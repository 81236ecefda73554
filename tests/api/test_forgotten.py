"""A document that is hidden leaves no trace on any surface, for clients that ask again, too."""

from __future__ import annotations

import datetime as dt
import shutil
import time
from pathlib import Path

import falcon.testing
import pytest

from indexer.engine.changes import CHANGES, Change, write_changes
from indexer.engine.memory_backend import MemoryIndex
from indexer.engine.suggesting import SUGGESTIONS, write_suggestions
from indexer.model import Person, Section
from tests.support.documents import document

NAME = "Zetterqvisth"
HIDDEN = document(
    1,
    f"Åsa {NAME} om samverkan",
    kind="publication",
    partners=("Regionen",),
    authors=(f"{NAME}, Åsa",),
    persons=(Person(name=f"Åsa {NAME}", email="asa@example.org", role="samordnare"),),
    sections=(Section(text=f"Åsa {NAME} skriver om samverkan i regionen."),),
    modified=dt.date(2026, 1, 1),
)
OTHER = document(
    2,
    "Samverkan i regionen",
    partners=("Regionen",),
    persons=(Person(name="Eva Ek", email="eva@example.org"),),
    sections=(Section(text="Regionen och högskolan har samverkan."),),
)
SURFACES = (
    "/sok?q=samverkan",
    "/sok?q=zetterqvisth",
    "/api/v1/search?q=samverkan&facets=person,partner",
    "/api/v1/facets?q=samverkan&facets=person",
    "/api/v1/suggest?q=åsa",
    "/suggest.json?q=åsa",
    "/api/v1/people?q=samverkan",
    "/personer?q=samverkan",
    "/dokument/doc-001",
    "/api/v1/documents/doc-001",
    "/api/v1/documents/doc-002/similar",
    "/api/v1/export?q=samverkan&format=ris",
    "/api/v1/export?q=samverkan&format=csv",
    "/api/v1/changes",
    "/andringar",
    "/feed.atom?q=samverkan",
    "/partner",
)
SILENT = {"/partner", "/sok?q=zetterqvisth"}
"""Where the name does not stand, or only as the query that it was."""


@pytest.fixture
def published(index: MemoryIndex, bundle: Path, tmp_path: Path) -> None:
    directory = tmp_path / "with-all"
    shutil.copytree(bundle, directory)
    write_suggestions(directory / SUGGESTIONS, [HIDDEN, OTHER])
    change = Change(
        id=HIDDEN.id,
        event="added",
        at=dt.datetime.now(dt.UTC),
        url=HIDDEN.url,
        title=HIDDEN.title,
        source="exempel",
        kind="publication",
        partners=HIDDEN.partners,
        areas=(),
        reason="",
        difference=None,
    )
    write_changes(directory / CHANGES, iter([change]))
    with index.writer(bundle=directory) as writer:
        writer.put(HIDDEN)
        writer.put(OTHER)
    index.publish(index.generations()[-1].name)


@pytest.mark.usefixtures("published")
def test_a_hidden_document_is_on_no_surface_a_second_later(
    client: falcon.testing.TestClient, index: MemoryIndex
) -> None:
    before = {path: client.simulate_get(path) for path in SURFACES}
    showing = {path for path, answer in before.items() if NAME in answer.text}
    assert showing >= set(SURFACES) - SILENT

    index.suppress(frozenset({HIDDEN.id}))
    time.sleep(1)

    for path, shown in before.items():
        etag = {"If-None-Match": shown.headers["etag"]} if "etag" in shown.headers else {}
        after = client.simulate_get(path, headers=etag)
        assert after.status_code in {200, 404}, path
        assert NAME not in after.text.replace("zetterqvisth", ""), path
        assert "asa@example.org" not in after.text, path
