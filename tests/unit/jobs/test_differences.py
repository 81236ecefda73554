from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

from indexer.engine import Document, SearchIndex
from indexer.engine.memory_backend import MemoryIndex
from indexer.jobs.differences import SHOWN, Differences, differences
from tests.support.documents import document


def built(index: SearchIndex, bundle: Path, documents: Iterable[Document]) -> str:
    with index.writer(bundle=bundle) as writer:
        for held in documents:
            writer.put(held)
    return index.generations()[-1].name


def compared(bundle: Path, before: list[Document] | None, now: list[Document]) -> Differences:
    index = MemoryIndex()
    old = built(index, bundle, before) if before is not None else None
    new = built(index, bundle, now)
    serving = index.searcher(old) if old else None
    return differences(serving, index.searcher(new), why_gone=lambda id_: f"why {id_}")


def test_what_is_gone_new_and_changed_is_counted_by_source_and_named(bundle: Path) -> None:
    before = [document(1, "Ett"), document(2, "Två"), document(3, "Tre", source="b")]
    now = [document(2, "Två, nu"), document(3, "Tre", source="b"), document(4, "Fyra", source="b")]

    found = compared(bundle, before, now)

    second, first = found.sources
    assert (first.before, first.now, first.gone, first.new, first.changed) == (2, 1, 1, 0, 1)
    assert (second.before, second.now, second.gone, second.new, second.changed) == (1, 2, 0, 1, 0)
    assert [one.line() for one in found.gone] == [f"{before[0].url}  (why doc-001)"]
    assert [one.url for one in found.changed] == [now[0].url]
    assert [one.url for one in found.new] == [now[2].url]
    assert list(found.short()) == [
        "b: documents before 1, now 2 (0 gone, 1 new, 0 changed)",
        "exempel: documents before 2, now 1 (1 gone, 0 new, 1 changed)",
    ]


def test_only_the_first_are_named_and_all_are_counted(bundle: Path) -> None:
    found = compared(bundle, [document(n) for n in range(SHOWN + 7)], [document(99)])

    assert len(found.gone) == SHOWN
    assert found.count("gone") == SHOWN + 7
    assert "    … and 7 more" in list(found.lines())


def test_a_document_that_was_only_harvested_again_is_the_same(bundle: Path) -> None:
    day = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
    before, now = (document(1, "Ett", harvested=day + dt.timedelta(days=n)) for n in (0, 1))

    found = compared(bundle, [before], [now])

    assert [found.count(what) for what in ("gone", "new", "changed")] == [0, 0, 0]
    assert list(found.short()) == []


def test_no_title_is_kept_for_it_may_hold_a_name(bundle: Path) -> None:
    person = document(1, "Åsa Öberg", kind="person")

    found = compared(bundle, [person, document(2, "Avtal")], [])

    told = "\n".join([*found.lines(), str(found.plain())])
    assert "Åsa" not in told
    assert "Avtal" not in told
    assert found.plain()["gone"]["examples"][0] == {"url": person.url, "reason": "why doc-001"}


def test_kept_as_plain_values_they_read_the_same(bundle: Path) -> None:
    found = compared(bundle, [document(1, "Ett"), document(2, "Två")], [document(2, "Två, nu")])

    assert Differences.from_plain(found.plain()) == found


def test_without_anything_in_service_there_is_nothing_to_compare_with(bundle: Path) -> None:
    found = compared(bundle, None, [document(1)])

    assert list(found.lines()) == ["there is no generation in service to compare with"]
    assert found.count("new") == 1


def test_documents_that_come_to_say_the_same_are_counted(bundle: Path) -> None:
    before = [document(n, content_hash=f"{n}") for n in range(5)]
    now = [document(n, content_hash="login" if n else "0") for n in range(5)]

    (source,) = compared(bundle, before, now).sources

    assert (source.before, source.now, source.changed, source.repeats) == (5, 5, 4, 3)
    assert source.line().endswith("4 changed, 3 more say the same as another)")
    (source,) = compared(bundle, now, now).sources
    assert source.repeats == 0
