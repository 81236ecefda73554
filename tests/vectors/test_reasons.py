"""Every reason for a difference from the vectors of others is told, with its number."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.vectors import test_encoding, test_robots, test_urls

TOLD = (Path(__file__).parents[2] / "docs" / "SOURCES.md").read_text("utf-8")
REASONS = test_urls.W3LIB | test_urls.IDNA | test_encoding.OTHERWISE


@pytest.mark.parametrize("reason", REASONS)
def test_the_documentation_tells_the_reason(reason: str) -> None:
    assert f" {REASONS[reason]} | {reason} |" in TOLD


def test_the_documentation_counts_the_robots_that_we_read_otherwise() -> None:
    assert f"| google/robotstxt, 542 | {len(test_robots.OTHERWISE)} |" in TOLD
