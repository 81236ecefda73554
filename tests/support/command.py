"""The command line as its users run it: a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import orjson

POLITE = """\
version: 1
user_agent: "Samsok-test/1.0 (+https://www.example.org/samsok; samsok@example.org)"
data_dir: var
http: {{delay_s: 0, timeout_s: 5, deadline_s: 10}}
recrawl: {{min_hours: 0}}
network: {{allow_private: ["127.0.0.1"]}}
"""
"""How the sites of tests are crawled, and where to; what is crawled follows it."""

CONFIG = (
    POLITE
    + """\
sources:
  - name: exempel
    type: website
    start: ["{url}"]
    sitemaps: none
publish: {{max_loss_percent: 20, canaries: [{canaries}]}}
"""
)


@dataclass(frozen=True)
class Outcome:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, object]:
        """Standard output as JSON."""
        value = orjson.loads(self.out)
        assert isinstance(value, dict)
        return value


class Samsok:
    """Runs `samsok` in one directory; `plain` is without what measures the tests' reach."""

    def __init__(self, directory: Path, *, plain: bool = False) -> None:
        self.directory = directory
        self._plain = plain

    @property
    def config(self) -> Path:
        return self.directory / "crawl_config.yaml"

    def write_config(self, url: str, *, canaries: str = "") -> None:
        """Write a config that crawls the site at `url`."""
        self.config.write_text(CONFIG.format(url=url, canaries=canaries), encoding="utf-8")

    def __call__(self, *arguments: str, timeout: float = 60) -> Outcome:
        """Run the command to its end."""
        ended = subprocess.run(
            [sys.executable, "-m", "indexer", *arguments],
            cwd=self.directory,
            env=self._environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )
        return Outcome(ended.returncode, ended.stdout, ended.stderr)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """Start the command and leave it running."""
        return subprocess.Popen(
            [sys.executable, "-m", "indexer", *arguments],
            cwd=self.directory,
            env=self._environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def _environment(self) -> dict[str, str]:
        root = Path(__file__).parent.parent.parent
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not (self._plain and name.startswith("COVERAGE"))
        }
        return inherited | {"PYTHONPATH": str(root), "PYTHONIOENCODING": "utf-8"}
