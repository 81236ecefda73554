"""What people owe to the understanding of queries; `tests/conformance` has the rest."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from indexer.analysis import build_bundle
from indexer.engine import PeopleRequest, Searcher, Suggestion, find_people
from indexer.engine.memory_backend import MemoryIndex
from indexer.model import Concept, Document, Person, Vocabulary
from tests.support.documents import document

Open = Callable[[Sequence[Document]], Searcher]

EVA = Person(name="Eva Ek", email="eva.ek@example.org")
BO = Person(name="Bo Alm", email="bo.alm@example.org")


@pytest.fixture
def opened(tmp_path: Path) -> Open:
    def build(documents: Sequence[Document]) -> Searcher:
        build_bundle(
            tmp_path,
            words=dict.fromkeys(("samverkan", "arbetsintegrerat", "lärande"), 3),
            vocabulary=Vocabulary(
                areas=(Concept(name="Arbetsintegrerat lärande", aliases=("AIL",)),),
            ),
        )
        index = MemoryIndex()
        with index.writer(bundle=tmp_path) as writer:
            for item in documents:
                writer.put(item)
        index.publish("gen-000001")
        return index.searcher()

    return build


def test_a_topic_is_understood_as_in_a_search(opened: Open) -> None:
    searcher = opened(
        [
            document(1, text="arbetsintegrerat lärande", persons=(EVA,)),
            document(2, text="samverkansavtal", persons=(BO,)),
        ]
    )

    def names(text: str, *, expand: bool = True) -> list[str]:
        answer = find_people(searcher, PeopleRequest(text=text, expand=expand))
        return [hit.name for hit in answer.people]

    assert names("AIL") == ["Eva Ek"]
    assert names("AIL", expand=False) == []
    assert names("samverkan") == ["Bo Alm"]
    assert names('"lärande arbetsintegrerat"') == []
    assert names("lärande -arbetsintegrerat") == []


def test_the_answer_says_what_else_was_searched(opened: Open) -> None:
    searcher = opened([document(1, text="samverkan", persons=(EVA,))])

    misspelled = find_people(searcher, PeopleRequest(text="samvrekan"))
    synonym = find_people(searcher, PeopleRequest(text="AIL"))

    assert misspelled.suggestion == Suggestion(text="samverkan", total=1)
    assert [hit.name for hit in misspelled.people] == ["Eva Ek"]
    assert "Arbetsintegrerat lärande" in synonym.expanded
    assert misspelled.generation.name == "gen-000001"


def test_no_name_is_logged(opened: Open, caplog: pytest.LogCaptureFixture) -> None:
    searcher = opened([document(1, text="samverkan", persons=(EVA,), authors=("Alm, Bo",))])

    with caplog.at_level(logging.DEBUG):
        answer = find_people(searcher, PeopleRequest(text="Eva Ek samverkan"))

    assert answer.total == 2
    assert not caplog.records
