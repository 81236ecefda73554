"""Header values as servers really send them."""

from __future__ import annotations

import datetime as dt

import pytest

from indexer.fetch.headers import parse_content_type, retry_after_s, validator

NOW = dt.datetime(2026, 1, 31, 12, 0, 0, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("value", "media_type", "charset"),
    [
        ("text/html; charset=utf-8", "text/html", "utf-8"),
        ("Text/HTML;CHARSET=ISO-8859-1", "text/html", "iso-8859-1"),
        ('text/html; boundary=x; charset="UTF-8"', "text/html", "utf-8"),
        ("text/html; charset='utf-8'", "text/html", "utf-8"),
        ("text/html;", "text/html", None),
        ("text/html; charset=", "text/html", None),
        ("application/pdf", "application/pdf", None),
        ("application/xhtml+xml; charset = utf-8", "application/xhtml+xml", "utf-8"),
        ("", "", None),
        ("html", "application/octet-stream", None),
        ("text/html, text/html", "application/octet-stream", None),
        ("a/" + "b" * 500, "application/octet-stream", None),
    ],
)
def test_the_content_type_is_split(value: str, media_type: str, charset: str | None) -> None:
    assert parse_content_type(value) == (media_type, charset)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("0", 0.0),
        (" 12 ", 12.0),
        ("Sat, 31 Jan 2026 12:00:30 GMT", 30.0),
        ("Sat, 31 Jan 2026 12:00:30 -0000", 30.0),
        ("Sat, 31 Jan 2026 11:00:00 GMT", 0.0),
        ("9" * 400, 999_999_999.0),
        ("-3", None),
        ("١٢", None),
        ("1.5", None),
        ("soon", None),
        ("", None),
        (None, None),
    ],
)
def test_retry_after_is_seconds_or_a_date(value: str | None, seconds: float | None) -> None:
    assert retry_after_s(value, now=NOW) == seconds


def test_a_validator_is_kept_only_if_it_can_be_sent_back() -> None:
    assert validator('W/"a-1"') == 'W/"a-1"'
    for unusable in (None, "", '"å"', '"a\r\nX: 1"', '"' + "a" * 2000 + '"'):
        assert validator(unusable) is None
