from __future__ import annotations

from collections.abc import Callable

import pytest

from indexer.engine import IndexWriter, SearchIndex
from tests.conformance.conftest import Publish
from tests.support.documents import document

STATUS = '{"källor": []}'.encode()


def test_a_note_is_kept_as_it_was_put(index: SearchIndex) -> None:
    assert index.note("status") is None

    index.put_note("status", STATUS)
    index.put_note("other", b"\x00\xff")

    assert index.note("status") == STATUS
    assert index.note("other") == b"\x00\xff"


def test_a_note_takes_the_place_of_the_one_before(index: SearchIndex) -> None:
    index.put_note("status", b"a long note, longer than the next")
    index.put_note("status", b"")

    assert index.note("status") == b""


def test_a_note_can_be_put_before_anything_is_built(index: SearchIndex) -> None:
    index.put_note("status", STATUS)

    assert index.current() is None
    assert index.generations() == ()


def test_generations_come_and_go_beside_notes(
    index: SearchIndex, publish: Publish, writer: Callable[..., IndexWriter]
) -> None:
    first = publish([document(1)])
    index.put_note("status", STATUS)
    publish([document(2)])
    index.publish(first)
    with writer() as opened:
        opened.put(document(3))
    index.prune(keep=1)
    index.suppress(frozenset({document(1).id}))

    assert index.note("status") == STATUS
    assert index.current() == first
    assert index.suppressed() == {document(1).id}
    assert len(index.generations()) == 2


@pytest.mark.parametrize("name", ["", "Status", "status.json", "../status", "sta tus", "ä", "a\n"])
def test_a_note_has_a_plain_name(index: SearchIndex, name: str) -> None:
    with pytest.raises(ValueError, match="no name of a note"):
        index.put_note(name, STATUS)
    with pytest.raises(ValueError, match="no name of a note"):
        index.note(name)
