"""When a list says that its pages changed, and when it only says when it was made."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.sources.lastmod import is_about_the_list, parse_lastmod

NOW = dt.datetime(2026, 3, 2, 12, 0, tzinfo=dt.UTC)

MOMENTS = {
    # the six forms of the W3C's profile
    "2025": "2025-01-01T00:00:00",
    "2026-02": "2026-02-01T00:00:00",
    "2026-01-31": "2026-01-31T23:59:59",
    "2026-01-31T10:30Z": "2026-01-31T10:30:00",
    "2026-01-31T10:30:15+01:00": "2026-01-31T09:30:15",
    "2026-01-31T10:30:15.123456789-05:30": "2026-01-31T16:00:15",
    # what generators make of them
    "2026-01-31T10:30:15": "2026-01-31T10:30:15",
    "2026-01-31 10:30:15": "2026-01-31T10:30:15",
    "2026-01-31 10:30:15 UTC": "2026-01-31T10:30:15",
    "2026-01-31t10:30:15z": "2026-01-31T10:30:15",
    "2026-01-31T10:30:15+0100": "2026-01-31T09:30:15",
    "2026-01-31T10:30:15+01": "2026-01-31T09:30:15",
    "\n 2026-01-31 ": "2026-01-31T23:59:59",
    # a day that is not over yet
    "2026-03-02": "2026-03-02T12:00:00",
}


@pytest.mark.parametrize(("text", "moment"), MOMENTS.items())
def test_a_date_is_read_in_every_precision(text: str, moment: str) -> None:
    assert parse_lastmod(text, now=NOW) == dt.datetime.fromisoformat(moment).replace(tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nyss",
        "2026-13-01",
        "2026-02-30",
        "2026-1-1",
        "01/31/2026",
        "0000-01-01",
        "2026-01-31T25:00Z",
        "2026-01-31T10:30:15+99:00x",
        "2026-01-31Tnyss",
        "0001-01-01T00:00+23:59",
        "٢٠٢٦-01-31",
        "2026-01-31T10:30:15Z" + "0" * 100_000,
    ],
)
def test_what_is_no_date_says_nothing(text: str) -> None:
    assert parse_lastmod(text, now=NOW) is None


@pytest.mark.parametrize(
    "text", ["2026-03-02T12:00:01Z", "2026-03-02T12:30:00Z", "2026-03-03", "2026-04", "2027"]
)
def test_the_future_has_not_happened(text: str) -> None:
    assert parse_lastmod(text, now=NOW) is None


@given(text=st.text(max_size=40) | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d\d:\d\d"))
def test_any_text_is_a_moment_that_has_been_or_nothing(text: str) -> None:
    moment = parse_lastmod(text, now=NOW)
    assert moment is None or moment <= NOW


LONG_AGO = NOW - dt.timedelta(days=40)


def test_a_list_that_stamps_every_page_with_the_time_of_the_request_says_nothing() -> None:
    stamps = [NOW - dt.timedelta(seconds=number) for number in range(21)]
    assert is_about_the_list(stamps, now=NOW)


def test_a_list_that_stamps_every_page_with_the_time_it_was_made_says_nothing() -> None:
    assert is_about_the_list([LONG_AGO] * 21, now=NOW, made=LONG_AGO + dt.timedelta(seconds=9))


@pytest.mark.parametrize(
    "moments",
    [
        [],
        [NOW] * 20,
        [LONG_AGO] * 21,
        [*[NOW] * 21, None],
        [*[NOW] * 21, NOW - dt.timedelta(minutes=2)],
        [None] * 30,
    ],
)
def test_few_or_old_or_different_moments_are_about_the_pages(
    moments: list[dt.datetime | None],
) -> None:
    assert not is_about_the_list(moments, now=NOW, made=NOW)
