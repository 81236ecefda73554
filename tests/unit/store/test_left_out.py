from __future__ import annotations

import datetime as dt
from pathlib import Path

from indexer.store import DocumentStore, LeftOut

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def left_out(number: int, *, at: dt.datetime = NOON) -> LeftOut:
    url = f"https://www.example.org/{number}"
    return LeftOut(source="s", url=url, reason="nofollow", rule="rel", referrer=None, at=at)


def test_there_is_room_for_so_many_and_what_is_old_makes_room(tmp_path: Path) -> None:
    with DocumentStore.open(tmp_path / "crawl.db") as store:
        assert store.left_out.make_room("s", at=NOON) == 20_000
        store.left_out.add(left_out(number) for number in range(20_001))
        assert store.left_out.make_room("s", at=NOON) == 0
        assert store.left_out.make_room("other", at=NOON) == 20_000
        assert store.left_out.make_room("s", at=NOON + dt.timedelta(days=91)) == 20_000
        assert store.left_out.find("https://www.example.org/7") == []


def test_a_url_is_remembered_with_the_last_reason(tmp_path: Path) -> None:
    with DocumentStore.open(tmp_path / "crawl.db") as store:
        store.left_out.add([left_out(1)])
        later = left_out(1, at=NOON + dt.timedelta(days=1))
        store.left_out.add([later])
        assert store.left_out.find("https://www.example.org/1") == [later]
