"""What the tests in a browser share: the browser, and axe-core."""

from __future__ import annotations

import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium") or ""


def axe() -> str:
    path = files("axe_playwright_python").joinpath("axe.min.js")
    return Path(str(path)).read_text(encoding="utf-8")


def violations(page: Page) -> list[str]:
    """Run axe-core; through the debugger, since the page's policy admits no foreign script."""
    session = page.context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": axe()})
    told: Any = session.send(
        "Runtime.evaluate",
        {
            "expression": "axe.run().then(r => JSON.stringify(r.violations.map(v => "
            "v.id + ': ' + v.nodes.map(n => n.html).join(' | '))))",
            "awaitPromise": True,
            "returnByValue": True,
        },
    )
    found: list[str] = json.loads(told["result"]["value"])
    return found
