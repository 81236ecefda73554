"""Turns at a host, on the real clock."""

from __future__ import annotations

import asyncio
import itertools
import time

import pytest

from indexer.fetch import HostClosed, RateLimiter


async def starts(
    limiter: RateLimiter, origins: list[str], *, delay_s: float, per_host: int, work_s: float = 0.0
) -> tuple[list[float], int]:
    """When each turn began, from now; and how many ever ran at the same time."""
    begun = time.monotonic()
    at: list[float] = []
    running = most = 0

    async def one(origin: str) -> None:
        nonlocal running, most
        async with limiter.turn(origin, delay_s=delay_s, per_host=per_host):
            at.append(time.monotonic() - begun)
            running += 1
            most = max(most, running)
            await asyncio.sleep(work_s)
            running -= 1

    await asyncio.gather(*map(one, origins))
    return at, most


def test_starts_at_one_host_are_a_delay_apart_even_with_several_slots() -> None:
    at, most = asyncio.run(
        starts(RateLimiter(concurrency=8), ["a"] * 4, delay_s=0.05, per_host=3, work_s=0.12)
    )
    gaps = [later - earlier for earlier, later in itertools.pairwise(at)]
    assert min(gaps) >= 0.05
    assert most == 3


def test_one_slot_means_one_at_a_time() -> None:
    _, most = asyncio.run(
        starts(RateLimiter(concurrency=8), ["a"] * 4, delay_s=0, per_host=1, work_s=0.01)
    )
    assert most == 1


def test_hosts_do_not_wait_for_each_other() -> None:
    at, _ = asyncio.run(starts(RateLimiter(concurrency=8), ["a", "b", "c"], delay_s=5, per_host=1))
    assert max(at) < 1


def test_all_hosts_together_stay_below_the_concurrency() -> None:
    origins = [f"host-{number}" for number in range(9)]
    _, most = asyncio.run(
        starts(RateLimiter(concurrency=2), origins, delay_s=0, per_host=1, work_s=0.01)
    )
    assert most == 2


def test_a_closed_host_is_refused_at_once_and_others_are_not() -> None:
    async def scene() -> float:
        limiter = RateLimiter(concurrency=1)
        limiter.close("busy", seconds=30)
        with pytest.raises(HostClosed) as refused:
            await starts(limiter, ["busy"], delay_s=0, per_host=1)
        at, _ = await starts(limiter, ["idle"], delay_s=0, per_host=1)
        assert at[0] < 1
        return refused.value.wait_s

    assert 29 < asyncio.run(scene()) <= 30


def test_the_pause_grows_with_slow_answers_but_not_without_end() -> None:
    async def gap(elapsed_s: float, delay_s: float) -> float:
        limiter = RateLimiter(concurrency=1)
        for _ in range(10):
            limiter.answered("a", elapsed_s=elapsed_s)
        at, _ = await starts(limiter, ["a", "a"], delay_s=delay_s, per_host=1)
        return at[1] - at[0]

    assert 0.05 <= asyncio.run(gap(0.01, 0.05)) < 0.15
    assert 0.18 <= asyncio.run(gap(0.2, 0.05)) < 0.3
    assert 0.5 <= asyncio.run(gap(30, 0.05)) < 0.7
    assert asyncio.run(gap(30, 0)) < 0.1


def test_a_host_that_refuses_without_a_time_is_left_alone_longer_and_longer() -> None:
    limiter = RateLimiter(concurrency=1)
    waits = []
    for _ in range(5):
        limiter.refused("a", asked_s=None, for_all=True)
        waits.append(round(limiter.closed_s("a")))
    assert waits == [1, 2, 4, 8, 16]
    limiter.refused("a", asked_s=None, for_all=True)
    assert limiter.closed_s("a") > 80_000


def test_an_answer_ends_the_counting_of_refusals() -> None:
    limiter = RateLimiter(concurrency=1)
    limiter.refused("a", asked_s=None, for_all=True)
    limiter.answered("a", elapsed_s=0.1)
    limiter.refused("a", asked_s=None, for_all=True)
    assert limiter.closed_s("a") <= 1


def test_one_page_that_is_unavailable_closes_nothing_and_the_second_in_a_row_does() -> None:
    limiter = RateLimiter(concurrency=1)
    limiter.refused("a", asked_s=5, for_all=False)
    assert limiter.closed_s("a") == 0
    limiter.refused("a", asked_s=5, for_all=False)
    assert 4 < limiter.closed_s("a") <= 5


def test_a_host_that_wants_long_peace_is_tried_twice_more() -> None:
    limiter = RateLimiter(concurrency=1)
    waits = []
    for _ in range(3):
        limiter.refused("a", asked_s=3600, for_all=True)
        waits.append(limiter.closed_s("a"))
    assert [wait > 1000 for wait in waits] == [False, False, True]
    assert 29 < waits[0] <= 30


def test_a_turn_that_fails_or_is_cancelled_gives_its_place_back() -> None:
    async def scene() -> int:
        limiter = RateLimiter(concurrency=1)
        for _ in range(3):
            task = asyncio.create_task(starts(limiter, ["a"], delay_s=0, per_host=1, work_s=60))
            await asyncio.sleep(0.01)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        _, most = await starts(limiter, ["a", "b"], delay_s=0, per_host=1)
        return most

    assert asyncio.run(asyncio.wait_for(scene(), 5)) == 1
