from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping

import pytest

from indexer.engine import Document, IndexMissing, IndexWriter, Query, SearchIndex
from indexer.engine.query import Node, Phrase, Term
from indexer.errors import GenerationUnknown, IndexLocked
from tests.conformance.conftest import Publish
from tests.support.documents import document

OpenWriter = Callable[..., IndexWriter]


def total(index: SearchIndex, generation: str | None = None) -> int:
    with index.searcher(generation) as searcher:
        return searcher.search(Query()).total


def test_an_index_that_was_never_published_is_missing(index: SearchIndex) -> None:
    assert index.current() is None
    assert index.generations() == ()
    with pytest.raises(IndexMissing, match=r"samsok reindex|nothing has been published"):
        index.searcher()


def test_what_is_committed_is_seen_only_once_it_is_published(
    index: SearchIndex, writer: OpenWriter
) -> None:
    with writer() as opened:
        opened.put(document(1))

    assert [generation.documents for generation in index.generations()] == [1]
    with pytest.raises(IndexMissing):
        index.searcher()

    index.publish(index.generations()[0].name)

    assert total(index) == 1


def test_a_generation_can_be_searched_before_it_is_published(
    index: SearchIndex, publish: Publish, writer: OpenWriter
) -> None:
    publish([document(1)])
    opened = writer()
    opened.put(document(1))
    opened.put(document(2))
    candidate = opened.commit()

    assert total(index, candidate.name) == 2
    assert total(index) == 1


def test_an_open_searcher_is_a_snapshot(index: SearchIndex, publish: Publish) -> None:
    publish([document(1)])
    with index.searcher() as old:
        publish([document(1), document(2)])

        assert old.search(Query()).total == 1
        assert total(index) == 2


def test_a_generation_starts_empty_or_from_another(index: SearchIndex, publish: Publish) -> None:
    first = publish([document(1), document(2)])
    publish([document(3)], base=first)
    assert total(index) == 3

    publish([document(4)])
    assert total(index) == 1
    assert total(index, first) == 2


def test_put_replaces_the_document_of_the_same_id(index: SearchIndex, publish: Publish) -> None:
    base = publish([document(1, "Först"), document(1, "Igen"), document(2)])
    publish([document(2, "Ny")], base=base)

    with index.searcher() as searcher:
        assert searcher.search(Query()).total == 2
        assert [found.title for found in searcher.scan()] == ["Igen", "Ny"]


def test_a_deleted_document_is_gone_and_deleting_nothing_is_no_error(
    index: SearchIndex, publish: Publish, writer: OpenWriter
) -> None:
    base = publish([document(1), document(2)])
    with writer(base) as opened:
        opened.put(document(3))
        opened.delete("doc-001")
        opened.delete("doc-003")
        opened.delete("doc-999")
    index.publish(index.generations()[-1].name)

    with index.searcher() as searcher:
        assert [found.id for found in searcher.scan()] == ["doc-002"]
        assert searcher.get("doc-001") is None
        assert searcher.search(Query(facets=("kind",))).facets["kind"][0].count == 1


def test_an_exception_rolls_everything_back(index: SearchIndex, writer: OpenWriter) -> None:
    opened = writer()
    with contextlib.suppress(ZeroDivisionError), opened:
        opened.put(document(1))
        raise ZeroDivisionError

    assert index.generations() == ()
    opened.rollback()
    with writer() as again:
        again.put(document(1))


def test_there_is_one_writer_at_a_time(writer: OpenWriter) -> None:
    opened = writer()

    with pytest.raises(IndexLocked):
        writer()

    opened.rollback()
    writer().rollback()


def test_publishing_an_older_generation_is_a_rollback(index: SearchIndex, publish: Publish) -> None:
    first = publish([document(1)])
    publish([document(1), document(2)])

    index.publish(first)

    assert index.current() == first
    assert total(index) == 1


@pytest.mark.parametrize("name", ["gen-000099", "../gen-000001", "", "CURRENT"])
def test_an_unknown_generation_is_refused(
    index: SearchIndex, publish: Publish, writer: OpenWriter, name: str
) -> None:
    publish([document(1)])

    with pytest.raises(GenerationUnknown):
        index.publish(name)
    if name:
        with pytest.raises(GenerationUnknown):
            index.searcher(name)
        with pytest.raises(GenerationUnknown):
            writer(name)
    assert total(index) == 1


def test_pruning_keeps_the_newest_and_the_one_in_service(
    index: SearchIndex, publish: Publish
) -> None:
    names = [publish([document(number)]) for number in range(4)]
    index.publish(names[0])

    with index.searcher(names[1]) as open_on_doomed:
        assert index.prune(keep=1) == (names[1], names[2])
        assert open_on_doomed.search(Query()).total == 1

    assert [generation.name for generation in index.generations()] == [names[0], names[3]]
    assert total(index) == 1


def test_what_waits_to_be_published_takes_the_place_of_none_that_served(
    index: SearchIndex, publish: Publish
) -> None:
    names = [publish([document(number)]) for number in range(5)]
    index.publish(names[2])

    assert index.prune(keep=2) == (names[0], names[3])
    assert [generation.name for generation in index.generations()] == [*names[1:3], names[4]]


def test_what_must_be_gone_is_gone_when_erasing_returns(
    index: SearchIndex, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.engine.opensearch_backend.index.LINGER_S", 0.1)
    names = [publish([document(number)]) for number in range(3)]

    assert index.prune(keep=2) == (names[0],)
    assert index.erase(keep=1) == (names[1],)

    assert [generation.name for generation in index.generations()] == [names[2]]
    with pytest.raises(GenerationUnknown):
        index.searcher(names[1])
    assert total(index) == 1


def test_a_generation_can_be_verified_whether_it_serves_or_not(
    index: SearchIndex, publish: Publish
) -> None:
    names = [publish([document(number)]) for number in range(2)]

    assert [index.verify(name) for name in names] == [(), ()]
    index.prune(keep=1)
    for unknown in (names[0], "gen-000099", "../index", ""):
        with pytest.raises(GenerationUnknown):
            index.verify(unknown)


def test_names_of_generations_grow_and_are_not_used_twice(
    index: SearchIndex, publish: Publish
) -> None:
    names = [publish([document(number)]) for number in range(3)]
    index.prune(keep=1)

    names.append(publish([document(9)]))

    assert names == sorted(set(names))


def test_a_suppressed_document_is_nowhere(index: SearchIndex, publish: Publish) -> None:
    publish([document(1, "Avtal", partners=("Regionen",)), document(2, "Avtal")])

    index.suppress(frozenset({"doc-001"}))

    assert index.suppressed() == {"doc-001"}
    with index.searcher() as searcher:
        results = searcher.search(Query(facets=("partner",)))
        assert [hit.document.id for hit in results.hits] == ["doc-002"]
        assert results.total == 1
        assert results.facets["partner"] == ()
        assert searcher.get("doc-001") is None
        assert [found.id for found in searcher.scan()] == ["doc-002"]

    index.suppress(frozenset())
    assert total(index) == 2


_TREES: tuple[Node, ...] = (
    Term(chain="exact", text="alfa"),
    Term(chain="exact", text="workintegrated"),
    Term(chain="exact", text="gammal"),
    Term(chain="parts", text="samverkansavtal"),
    Term(chain="stem", text="bet"),
    Term(chain="gram", text="_teg"),
    Phrase(chain="exact", terms=("alfa", "beta")),
    Phrase(chain="exact", terms=("work", "integrated", "alfa")),
    Phrase(chain="lemma", terms=("kvart", "tegel")),
    Phrase(chain="stem", terms=("alfa", "kvart")),
)


def test_a_generation_on_another_answers_as_one_built_at_once(
    index: SearchIndex, publish: Publish, writer: OpenWriter
) -> None:
    texts = {
        1: "alfa beta kvart tegel",
        2: "work-integrated alfa tegel",
        3: "samverkans- och partnerskapsavtal om kvart",
        4: "kvart tegel tegel\nbeta alfa",
        5: "alfa och kvart",
        6: "tegel alfa beta",
    }
    first = publish([document(1, text="gammal alfa beta"), *_documents(texts, 2, 3)])
    second = publish([*_documents(texts, 1, 4), document(9, text="alfa beta")], base=first)
    opened = writer(second)
    for again in _documents(texts, 5, 6):
        opened.put(again)
    opened.delete("doc-009")
    grown = opened.commit().name
    whole = publish(_documents(texts, *texts))

    with index.searcher(grown) as ours, index.searcher(whole) as theirs:
        for tree in _TREES:
            mine, other = ours.search(Query(tree=tree)), theirs.search(Query(tree=tree))
            assert [hit.document for hit in mine.hits] == [hit.document for hit in other.hits], tree


def _documents(texts: Mapping[int, str], *numbers: int) -> list[Document]:
    return [document(number, text=texts[number]) for number in numbers]
