"""A configuration file to spoil: six lines that are right, and whatever a test adds."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.config import load
from indexer.errors import ConfigError, ConfigProblem

RIGHT = """\
version: 1
user_agent: "Samsok/1.0 (samsok@example.org)"
sources:
  - name: samverkan
    type: website
    start: ["https://www.example.org/samverkan/"]
"""


def written(directory: Path, text: str) -> Path:
    """Write `text` as a configuration."""
    path = directory / "crawl_config.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def problems_of(path: Path) -> tuple[ConfigProblem, ...]:
    """Return what is wrong with the file, which must be something."""
    with pytest.raises(ConfigError) as caught:
        load(path)
    assert caught.value.problems
    return caught.value.problems
