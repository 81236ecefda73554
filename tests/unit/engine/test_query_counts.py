"""Counts of searches on disk: what is frequent is told, and what is rare leaves no trace."""

from __future__ import annotations

import datetime as dt
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from indexer.engine import query_counts
from indexer.engine.query_counts import Counts, QueryCounts, read_counts, sweep_counts
from indexer.errors import EngineError

DAY = dt.date(2026, 11, 28)
KEY = bytes(range(32))
ROOT = Path(__file__).parents[3]


def counting(directory: Path, *, key: bytes = KEY) -> QueryCounts:
    counts = QueryCounts(directory, min_count=5, key=key)
    counts.prepare()
    return counts


def searched(*texts: str, fruitless: bool = False) -> Counts:
    seen = Counter(texts)
    none = Counter(seen) if fruitless else Counter[str]()
    return Counts(
        searches=len(texts), without_hits=none.total(), texts=seen, fruitless=Counter(none)
    )


def on_disk(directory: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in directory.rglob("*") if path.is_file())


def told(directory: Path, *, min_count: int = 5) -> dict[str, int]:
    days = read_counts(directory, since=DAY, min_count=min_count)
    return {text: seen for day in days for text, seen in day.counts.texts.items()}


def test_a_rare_query_is_not_on_disk_and_a_frequent_one_is_with_all_its_searches(
    tmp_path: Path,
) -> None:
    counts = counting(tmp_path)

    for _ in range(4):
        counts.add(searched("forskningssamverkan", fruitless=True), day=DAY)
    assert b"forskningssamverkan" not in on_disk(tmp_path)
    assert told(tmp_path) == {}

    counts.add(searched("forskningssamverkan"), day=DAY)
    counts.add(searched("forskningssamverkan"), day=DAY)

    (day,) = read_counts(tmp_path, since=DAY, min_count=5)
    assert day.counts.texts == {"forskningssamverkan": 6}
    assert day.counts.fruitless == {"forskningssamverkan": 4}
    assert (day.counts.searches, day.counts.without_hits) == (6, 4)


def test_the_searches_of_all_workers_of_a_server_are_summed(tmp_path: Path) -> None:
    first, second = counting(tmp_path), counting(tmp_path)

    first.add(searched(*["avtal"] * 3), day=DAY)
    second.add(searched(*["avtal"] * 2), day=DAY)

    assert told(tmp_path) == {"avtal": 5}


def test_a_server_that_starts_again_cannot_read_the_digests_of_the_one_before(
    tmp_path: Path,
) -> None:
    counting(tmp_path).add(searched(*["avtal"] * 4), day=DAY)
    left = on_disk(tmp_path)

    after = counting(tmp_path, key=bytes(32))
    after.add(searched(*["avtal"] * 4), day=DAY)
    assert told(tmp_path) == {}
    assert b"avtal" not in on_disk(tmp_path)
    assert KEY.hex().encode() not in left

    after.add(searched("avtal"), day=DAY)
    assert told(tmp_path) == {"avtal": 5}


def test_every_day_is_counted_for_itself(tmp_path: Path) -> None:
    counts = counting(tmp_path)

    for days in range(5):
        counts.add(searched("avtal"), day=DAY + dt.timedelta(days=days))

    assert told(tmp_path) == {}
    assert b"avtal" not in on_disk(tmp_path)


@pytest.mark.parametrize("seed", range(5))
def test_whatever_is_searched_by_whichever_worker_only_what_is_frequent_is_on_disk(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    workers = [counting(tmp_path) for _ in range(3)]
    queries = [f"fråga{number:03d}" for number in range(60)]
    truth: Counter[str] = Counter()

    for _ in range(40):
        batch = [queries[min(int(chance.expovariate(0.1)), 59)] for _ in range(5)]
        truth.update(batch)
        chance.choice(workers).add(searched(*batch), day=DAY)
        written = on_disk(tmp_path).decode()
        for query, seen in truth.items():
            assert (f'"{query}"' in written) == (seen >= 5), (query, seen)

    assert told(tmp_path) == {query: seen for query, seen in truth.items() if seen >= 5}


WORKER = """
import datetime as dt, sys
from collections import Counter
from pathlib import Path
from indexer.engine.query_counts import Counts, QueryCounts

counts = QueryCounts(Path(sys.argv[1]), min_count=5, key=bytes(range(32)))
for number in range(30):
    texts = Counter(["avtal", f"ensam{sys.argv[2]}{number}"])
    counts.add(Counts(searches=2, texts=texts), day=dt.date(2026, 11, 28))
"""


def test_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    counting(tmp_path)
    workers = [
        subprocess.Popen([sys.executable, "-c", WORKER, str(tmp_path), name], cwd=ROOT)
        for name in "abc"
    ]

    assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    (day,) = read_counts(tmp_path, since=DAY, min_count=5)
    assert day.counts.searches == 180
    assert day.counts.texts == {"avtal": 90}
    assert b"ensam" not in on_disk(tmp_path)


def test_what_is_old_goes_and_digests_go_with_their_day(tmp_path: Path) -> None:
    counts = counting(tmp_path)
    for days in (0, 1, 89, 90):
        counts.add(searched(*["avtal"] * 5, "sällan"), day=DAY - dt.timedelta(days=days))
    (tmp_path / ".2026-11-01.json.new").write_text("{}")
    (tmp_path / "notes.txt").write_text("mine")

    sweep_counts(tmp_path, today=DAY, keep_days=90)

    left = {path.name for path in tmp_path.iterdir()}
    assert {name for name in left if name.endswith(".json")} == {
        "2026-11-28.json",
        "2026-11-27.json",
        "2026-08-31.json",
    }
    assert [name[:10] for name in left if name.endswith(".pending")] == ["2026-11-28"]
    assert "notes.txt" in left
    assert ".2026-11-01.json.new" not in left


def test_a_minimum_that_was_raised_holds_for_what_was_counted_before(tmp_path: Path) -> None:
    counting(tmp_path).add(searched(*["avtal"] * 6, *["möte"] * 12), day=DAY)

    assert told(tmp_path, min_count=10) == {"möte": 12}


def test_queries_without_end_do_not_fill_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(query_counts, "MOST_PENDING", 10)
    counts = counting(tmp_path)

    counts.add(searched(*(f"ny{number}" for number in range(50))), day=DAY)
    counts.add(searched(*["avtal"] * 5), day=DAY)

    (day,) = read_counts(tmp_path, since=DAY, min_count=5)
    assert day.counts.searches == 55
    assert day.counts.texts == {"avtal": 5}
    assert len(on_disk(tmp_path)) < 1000


@pytest.mark.parametrize("content", ["", "[]", '{"searches": "many"}', '{"queries": {"a": 1}}'])
def test_a_file_that_is_no_count_is_named_with_the_way_out(tmp_path: Path, content: str) -> None:
    counts = counting(tmp_path)
    (tmp_path / f"{DAY}.json").write_text(content)

    with pytest.raises(EngineError, match=f"{DAY}.json cannot be read.*delete it"):
        read_counts(tmp_path, since=DAY, min_count=5)
    with pytest.raises(EngineError, match="delete it"):
        counts.add(searched("avtal"), day=DAY)
