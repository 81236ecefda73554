"""The search box on a page of another site, which has a strict policy of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.serving import CHROMIUM, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium here (apt-get install chromium)"),
    pytest.mark.timeout(300),
]

PAGE = """<!doctype html><html lang="sv"><head><meta charset="utf-8"><title>Kommunen</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<script type="module" src="{url}/widget.js"></script></head>
<body><main><h1>Kommunens sida</h1>
<samsok-search><form action="{url}/sok"><label>Sök <input name="q"></label><button>Sök</button>
</form></samsok-search>
<section lang="en"><h2>In English</h2>
<samsok-search label="Search partners" kind="partner"></samsok-search></section>
</main></body></html>"""


@pytest.fixture(scope="module")
def site(url: str) -> Iterator[str]:
    """Serve a page of somebody else, on another port: another origin."""
    policy = f"default-src 'none'; script-src {url}; connect-src {url}; form-action {url}"

    class Site(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = PAGE.format(url=url).encode() if self.path == "/" else b""
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Security-Policy", policy)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture
def page(browser: Browser, site: str) -> Iterator[Page]:
    """Open the page, and hold it to its policy: nothing is blocked, nothing fails."""
    context = browser.new_context(viewport={"width": 320, "height": 700})
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("console", lambda it: complaints.append(it.text) if it.type == "error" else None)
    opened.on("pageerror", lambda it: complaints.append(str(it)))
    opened.goto(site)
    yield opened
    assert complaints == []
    assert context.cookies() == []
    context.close()


def test_the_keyboard_alone_finds_a_suggestion_and_opens_it(page: Page, url: str) -> None:
    page.keyboard.press("Tab")
    page.keyboard.type("troll")
    page.get_by_role("option").first.wait_for()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    page.wait_for_url(f"{url}/**")
    assert "Trollhättan" in page.content()


def test_enter_leads_to_the_results_of_its_language_and_filter(page: Page, url: str) -> None:
    box = page.get_by_label("Search partners")
    box.fill("samverkan")
    box.press("Enter")

    page.wait_for_url(f"{url}/en/sok?**")
    assert "q=samverkan" in page.url
    assert "kind=partner" in page.url


def test_each_box_has_a_list_of_its_own(page: Page) -> None:
    page.get_by_label("Sök efter ord").press_sequentially("samv")
    page.get_by_role("option").first.wait_for()

    assert page.get_by_role("combobox").count() == 2
    assert page.get_by_role("combobox", expanded=True).count() == 1
    assert page.get_by_role("listbox").count() == 1


def test_it_fits_into_a_narrow_page(page: Page) -> None:
    page.get_by_label("Sök efter ord").press_sequentially("samv")
    page.get_by_role("option").first.wait_for()

    assert page.evaluate("document.documentElement.scrollWidth") <= 320


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_the_list_closed_and_open(page: Page, scheme: Any) -> None:
    page.emulate_media(color_scheme=scheme)
    assert violations(page) == []
    page.get_by_label("Sök efter ord").press_sequentially("samv")
    page.get_by_role("option").first.wait_for()

    assert violations(page) == []


def test_without_javascript_the_form_of_the_site_searches(
    browser: Browser, site: str, url: str
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(site)
    page.get_by_label("Sök").fill("samverkan")
    page.get_by_role("button").click()

    page.wait_for_url(f"{url}/sok?q=samverkan")
    context.close()
