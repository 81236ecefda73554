"""The search page in a real browser: widths, keyboard, no JavaScript, accessibility."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.serving import CHROMIUM, violations

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="no chromium here (apt-get install chromium)"),
    pytest.mark.timeout(300),
]

PAGES = [
    "/",
    "/sok",
    "/sok?q=samverkan",
    "/sok?q=samverkan&kind=partner&from=2024-01-01",
    "/sok?q=kompetensutveckling+kommun",
    "/sok?q=AIL&expand=false",
    "/sok?q=samverkan&page=2&size=5",
    "/sok?q=samvrekan",
    "/sok?q=xyzzy&kind=partner",
    "/nope",
    "/partner",
    "/partner?partner=Trollh%C3%A4ttans+Stad",
    "/personer",
    "/personer?q=samverkan",
    "/andringar",
    "/status",
    "/om",
    "/widget",
    "/integritet",
    "/tillganglighet",
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("prefix", ["", "/en"], ids=["sv", "en"])
def test_axe_finds_nothing(browser: Browser, url: str, scheme: Any, prefix: str) -> None:
    context = browser.new_context(color_scheme=scheme, viewport={"width": 1200, "height": 900})
    page = context.new_page()
    for path in PAGES:
        page.goto(url + prefix + path)
        assert violations(page) == [], path
    context.close()


@pytest.mark.parametrize("width", [320, 768, 1200])
def test_nothing_is_wider_than_the_screen(browser: Browser, url: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    for path in PAGES:
        page.goto(url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()


def test_the_keyboard_alone_searches_and_opens_a_hit(browser: Browser, url: str) -> None:
    page = browser.new_page()
    page.goto(f"{url}/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("trollhättan")
    page.keyboard.press("Enter")
    page.wait_for_url("**/sok?**")

    assert page.locator("#count").inner_text().endswith("trollhättan")
    first = page.locator(".hits h3 a").first
    assert first.inner_text() == "Trollhättans Stad"
    first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/strategiska-partners/trollhattans-stad/**")
    page.close()


def test_everything_works_without_javascript(browser: Browser, url: str) -> None:
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 1200, "height": 900}
    )
    page = context.new_page()
    page.goto(f"{url}/")
    page.fill("#q", "samverkan")
    page.click("button[type=submit]")
    everything = page.locator(".hits > li").count()
    page.check("input[name=kind][value=partner]")
    page.locator(".groups button").click()
    chips = page.locator(".active a")

    assert "kind=partner" in page.url
    assert 0 < page.locator(".hits > li").count() <= everything
    assert chips.first.inner_text().startswith("Partner")
    chips.first.click()
    assert "kind=" not in page.url
    context.close()


def test_suggestions_are_walked_with_the_keyboard_and_chosen(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(f"{url}/")
    page.type("#q", "trollh", delay=30)
    options = page.locator("[role=option]")
    options.first.wait_for()
    box = page.locator("#q")

    assert box.get_attribute("aria-expanded") == "true"
    assert violations(page) == []
    page.keyboard.press("ArrowDown")
    assert box.get_attribute("aria-activedescendant") == options.first.get_attribute("id")
    assert options.first.get_attribute("aria-selected") == "true"
    assert violations(page) == []
    chosen = options.first.locator("span").first.inner_text()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sok?**")
    assert chosen in page.inner_text("main")
    page.close()


def test_escape_closes_the_suggestions_and_keeps_what_was_typed(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(f"{url}/")
    page.type("#q", "sam", delay=30)
    page.locator("[role=option]").first.wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.keyboard.press("Escape")

    assert not page.locator("#suggestions").is_visible()
    assert page.input_value("#q") == "sam"
    page.keyboard.press("Enter")
    page.wait_for_url("**/sok?q=sam**")
    page.close()


def test_a_suggestion_may_be_clicked(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(f"{url}/en")
    page.type("#q", "livsl", delay=30)
    page.locator("[role=option]").first.click()
    page.wait_for_url("**/en/sok?**")

    assert page.locator(".hits > li").count() > 0
    page.close()


def test_a_document_is_reached_from_its_hit(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(f"{url}/sok?q=trollh%C3%A4ttan")
    page.locator("a.more-of").first.click()
    page.wait_for_url("**/dokument/**")

    assert page.locator("h1").inner_text() == "Trollhättans Stad"
    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


def test_filters_are_folded_on_a_narrow_screen_and_open_on_a_wide_one(
    browser: Browser, url: str
) -> None:
    for width, visible in ((320, False), (1200, True)):
        page = browser.new_page(viewport={"width": width, "height": 900})
        page.goto(f"{url}/sok?q=samverkan")
        assert page.locator("#sort").is_visible() == visible
        if not visible:
            page.locator(".filters > summary").click()
            assert page.locator("#sort").is_visible()
        page.close()


def test_filters_in_use_do_not_push_the_hits_off_a_narrow_screen(
    browser: Browser, url: str
) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(f"{url}/sok?q=samverkan&kind=partner")

    box = page.locator(".hits h3 a").first.bounding_box()
    assert box is not None
    assert box["y"] + box["height"] < 800
    page.close()


def test_the_open_filters_of_a_narrow_screen_are_accessible_too(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport={"width": 320, "height": 800})
    page.goto(f"{url}/sok?q=samverkan")
    for summary in page.locator("summary").all():
        summary.click()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_light_with_all_that_belongs_to_it(browser: Browser, url: str, path: str) -> None:
    context = browser.new_context()  # nothing is kept from the page before
    page = context.new_page()
    sizes: list[int] = []
    page.on("response", lambda answer: sizes.append(len(answer.body())))
    page.goto(url + path)
    page.wait_for_load_state("networkidle")

    assert sum(sizes) < 60_000, sizes
    context.close()


@pytest.mark.parametrize(
    "path", ["/personer?q=breddad+rekrytering", "/partner?partner=GKN+Aerospace"]
)
def test_a_telephone_number_stands_on_one_line(browser: Browser, url: str, path: str) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 800})
    page = context.new_page()
    page.goto(url + path)
    phones = page.locator(".phone")

    assert phones.count()
    for number in range(phones.count()):
        lines = phones.nth(number).evaluate(
            "phone => { const range = document.createRange(); range.selectNodeContents(phone);"
            " return range.getClientRects().length; }"
        )
        assert lines == 1
    context.close()


def test_the_numbers_of_a_row_stand_on_one_line(browser: Browser, url: str) -> None:
    page = browser.new_page(viewport={"width": 1200, "height": 900})
    page.goto(url + "/partner")

    bottoms = page.locator("tbody tr").first.evaluate(
        "row => [...row.querySelectorAll('td.number')].filter(cell => /[0-9]/.test(cell.innerText))"
        ".map(cell => { const range = document.createRange();"
        " range.selectNodeContents(cell.querySelector('a') ?? cell);"
        " return Math.round(range.getBoundingClientRect().bottom); })"
    )

    assert len(bottoms) > 1
    assert len(set(bottoms)) == 1
    page.close()
