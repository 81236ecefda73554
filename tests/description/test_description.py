"""The API against its description, by Schemathesis: made-up requests to a real server."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.demo import demo_served

PROJECT = Path(__file__).parent.parent.parent


@pytest.mark.schemathesis
@pytest.mark.timeout(600)
def test_no_request_is_answered_otherwise_than_described(tmp_path: Path) -> None:
    with demo_served(tmp_path) as url:
        told = subprocess.run(
            [
                *(str(Path(sys.executable).parent / "schemathesis"), "run", f"{url}/openapi.json"),
                *("--url", url, "--checks", "all"),
                *("--max-examples", "100", "--seed", "1", "--max-response-time", "0.5"),
                *("--no-color", "--generation-database", "none"),
            ],
            cwd=tmp_path,
            env=os.environ
            | {"SCHEMATHESIS_HOOKS": "tests.description.hooks", "PYTHONPATH": str(PROJECT)},
            capture_output=True,
            text=True,
            check=False,
        )

    assert told.returncode == 0, told.stdout[-8000:] + told.stderr[-2000:]
    assert "Tested: 13" in told.stdout
