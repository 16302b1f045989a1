"""A scenario in a real browser: move a control, see the month change, save it, open its address elsewhere."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.e2e.harness import Serve, no_tracebacks, serving, settle, visit, whole_page
from tests.whatif_bench import open_bench

pytestmark = pytest.mark.e2e

MONTH = "Scenario, a month"


def month(page: Page) -> str:
    settle(page)
    return page.get_by_test_id("stMetric").filter(has_text=MONTH).inner_text()


def test_a_scenario_is_made_saved_and_shared_and_outlives_the_server(
    page: Page, browser: Browser, serve: Serve, shots: Path, tmp_path: Path
) -> None:
    workspace = open_bench(tmp_path).workspace.path
    server = serve(workspace)
    visit(page, server, "whatif")
    before = month(page)
    slider = page.get_by_role("slider", name="Volume, today is 100 %")
    slider.focus()
    page.keyboard.press("ArrowRight")
    metric = page.get_by_test_id("stMetric").filter(has_text=MONTH)
    expect(metric).not_to_have_text(before, use_inner_text=True)
    expect(page.get_by_test_id("stPlotlyChart").first).to_contain_text("Volume")
    page.get_by_role("button", name="Scenarios").click()
    page.get_by_role("textbox", name="Name").fill("A <b>twentieth</b> more")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_text("Saved as A <b>twentieth</b> more.")).to_be_visible()
    made = month(page)
    whole_page(page, shots / "whatif.png")
    page.set_viewport_size(ViewportSize(width=390, height=844))
    settle(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 1
    whole_page(page, shots / "whatif-narrow.png")
    address = urlsplit(page.url)
    assert address.query.startswith("scenario=1-")
    no_tracebacks(server)

    # A server of its own, that knows nothing of the first one.
    with serving(workspace) as server:
        window = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="dark")
        elsewhere = window.new_page()
        visit(elsewhere, server, f"whatif?{address.query}")
        assert month(elsewhere) == made
        elsewhere.get_by_role("button", name="Scenarios").click()
        saved = elsewhere.get_by_role("combobox", name="Saved scenarios")
        expect(saved).to_have_value("A <b>twentieth</b> more")
        elsewhere.keyboard.press("Escape")
        whole_page(elsewhere, shots / "whatif-dark.png")
        no_tracebacks(server)
        window.close()
