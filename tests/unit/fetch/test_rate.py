"""Turns at a host, on the real clock."""

from __future__ import annotations

import asyncio
import itertools
import time

from indexer.fetch import RateLimiter


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


def test_who_waits_for_a_closed_host_holds_up_nobody_else() -> None:
    async def scene() -> float:
        limiter = RateLimiter(concurrency=1)
        limiter.close("busy", seconds=30)
        waiting = asyncio.create_task(starts(limiter, ["busy"], delay_s=0, per_host=1))
        await asyncio.sleep(0.01)
        at, _ = await starts(limiter, ["idle"], delay_s=0, per_host=1)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        return at[0]

    assert asyncio.run(scene()) < 1


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
