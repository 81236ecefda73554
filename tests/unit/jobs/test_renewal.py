"""What is put into a generation anew when several stores are compared with it."""

from __future__ import annotations

from indexer.jobs.renewal import differing
from tests.support.documents import document


def test_two_orders_of_documents_are_compared_one_by_one() -> None:
    same, other, gone, new = (document(number) for number in range(4))
    changed = document(1, text="annat")
    before = sorted([same, other, gone], key=lambda one: one.id)
    now = sorted([same, changed, new], key=lambda one: one.id)

    found = list(differing(before, now))

    assert found == sorted([(other.id, True), (gone.id, False), (new.id, True)])
    assert list(differing(now, now)) == []
    assert dict(differing([], now)) == dict.fromkeys([one.id for one in now], True)
    assert dict(differing(before, [])) == dict.fromkeys([one.id for one in before], False)
