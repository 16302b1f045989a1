"""The Display control in a browser, by keyboard: euros and the browser's own clocks, wherever one goes."""

from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.harness import Serve, go, no_tracebacks, settle, visit, whole_page
from tests.e2e.test_accessibility import found
from tests.whatif_bench import open_bench
from ui import strings as s

pytestmark = pytest.mark.e2e


def amounts(page: Page) -> list[str]:
    """The figures of the page that are money."""
    settle(page)
    texts = page.get_by_test_id("stMetricValue").all_inner_texts()
    return [text for text in texts if "$" in text or "€" in text]


def test_a_currency_is_chosen_by_keyboard_and_holds_everywhere(
    browser: Browser, serve: Serve, shots: Path, tmp_path: Path
) -> None:
    context = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme="light", timezone_id="Europe/Berlin"
    )
    context.add_init_script(AXE_SCRIPT)
    page = context.new_page()
    server = serve(open_bench(tmp_path).workspace.path)
    visit(page, server, "whatif")
    before = amounts(page)
    assert before
    assert all(text.startswith("$") for text in before)
    expect(page.get_by_test_id("stSidebar")).to_contain_text("All times are Europe/Berlin")
    page.get_by_role("button", name=s.DISPLAY).focus()
    page.keyboard.press("Enter")
    currency = page.get_by_role("combobox", name=s.DISPLAY_CURRENCY)
    currency.focus()
    page.keyboard.type("EUR")
    page.keyboard.press("Enter")
    rate = page.get_by_role("textbox", name=s.display_rate("EUR"))
    rate.focus()
    page.keyboard.type("0.5")
    page.keyboard.press("Enter")
    expect(page.get_by_text("1 USD = 0.5 EUR")).to_be_visible()
    settle(page)
    whole_page(page, shots / "display-open.png")
    assert [item["said"] for item in found(page, []) if not item["known"]] == []
    page.keyboard.press("Escape")
    assert all(text.startswith("≈\N{NO-BREAK SPACE}€") for text in amounts(page))

    # A moved control runs its part of the page alone, without the frame around it.
    metric = page.get_by_test_id("stMetric").filter(has_text=s.WHATIF_SCENARIO)
    month = metric.inner_text()
    page.get_by_role("slider", name="Volume, today is 100 %").focus()
    page.keyboard.press("ArrowRight")
    expect(metric).not_to_have_text(month, use_inner_text=True)
    assert all(text.startswith("≈\N{NO-BREAK SPACE}€") for text in amounts(page))
    go(page, s.NAV_WORKLOADS)
    assert all("€" in text for text in amounts(page))

    page.set_viewport_size(ViewportSize(width=390, height=844))
    visit(page, server)
    assert all("€" in text for text in amounts(page)), "remembered for the next visit"
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_role("button", name=s.DISPLAY).click()
    box = page.get_by_role("combobox", name=s.DISPLAY_ZONE).bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 390
    whole_page(page, shots / "display-narrow.png")
    no_tracebacks(server)
    context.close()
