"""The status page after a month of runs, with its chart, in a real browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator

from indexer.analysis import build_bundle
from indexer.engine import STATUS_NOTE, RunUpkeep, SourceUpkeep, Upkeep, open_index
from indexer.model import Vocabulary
from tests.browser.serving import CHROMIUM, violations
from tests.support.command import Samsok
from tests.support.documents import document
from tests.support.serving import serving

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium here (apt-get install chromium)"),
    pytest.mark.timeout(300),
]

NIGHTS = 30
GROWTH = 10
SCHEMES = ["light", "dark"]


def month() -> Upkeep:
    """Thirty nights: the index grows, one night is refused, one fails, a source is down."""
    now = dt.datetime.now(dt.UTC)
    runs = [
        RunUpkeep(
            id=NIGHTS - age,
            job="reindex",
            outcome={3: "refused", 7: "failed"}.get(age, "published"),
            started=now - dt.timedelta(days=age, minutes=5),
            finished=now - dt.timedelta(days=age),
            documents=None if age == 7 else 1000 + GROWTH * (NIGHTS - age),
            added=GROWTH,
        )
        for age in range(NIGHTS)
    ]
    down = now - dt.timedelta(days=3)
    return Upkeep(
        written=now,
        succeeded=now,
        sources=(
            SourceUpkeep(name="samverkan", documents=1200, reached=now, tried=now),
            SourceUpkeep(name="diva", documents=80, reached=down, tried=now, problem="http_503"),
        ),
        runs=tuple(runs),
        failures=(("http_404", 12),),
    )


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    directory = tmp_path_factory.mktemp("status")
    samsok = Samsok(directory)
    samsok.write_config("https://www.example.org/")
    bundle = directory / "bundle"
    bundle.mkdir()
    build_bundle(bundle, words={}, vocabulary=Vocabulary())
    index = open_index("whoosh", directory / "var" / "index")
    with index.writer(bundle=bundle) as writer:
        writer.put(document(1))
    index.publish(index.generations()[-1].name)
    index.put_note(STATUS_NOTE, month().to_bytes())
    with serving(samsok) as (address, _):
        yield address


def heights(line: Locator) -> list[float]:
    points = str(line.get_attribute("points")).split()
    return [float(point.split(",")[1]) for point in points]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", ["/status", "/en/status"])
def test_axe_finds_nothing(browser: Browser, url: str, path: str, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.goto(url + path)
    assert violations(page) == []
    context.close()


@pytest.mark.parametrize("width", [320, 768, 1200])
def test_the_chart_is_seen_whole_at_every_width(browser: Browser, url: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.goto(f"{url}/status")
    chart = page.locator("svg[aria-labelledby]")

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert chart.count() == 1
    box = chart.bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width
    assert box["width"] > width / 3
    assert box["height"] > 40
    context.close()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_line_rises_with_the_index_and_stands_out(
    browser: Browser, url: str, scheme: Any
) -> None:
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    page.goto(f"{url}/status")
    line = page.locator("svg[aria-labelledby] polyline").first

    drawn = heights(line)
    assert drawn == sorted(drawn, reverse=True)  # y grows downwards
    assert drawn[0] > drawn[-1]
    ink = line.evaluate("it => getComputedStyle(it).stroke")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert contrast(ink, paper) >= 3  # WCAG 2.2, 1.4.11
    context.close()


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours, `rgb(…)` each (WCAG 2.2, relative luminance)."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = [int(part) / 255 for part in colour.strip("rgb()").split(",")]
    linear = [it / 12.92 if it <= 0.04045 else ((it + 0.055) / 1.055) ** 2.4 for it in channels]
    return sum(it * weight for it, weight in zip(linear, (0.2126, 0.7152, 0.0722), strict=True))
