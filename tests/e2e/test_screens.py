"""Every page of the demo as people see it: light and dark, wide and narrow; nothing broken, nothing cut."""

import json
import re
from decimal import Decimal
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, ViewportSize, expect

from reports.palette import palette
from tests.e2e.harness import ROOT, Serve, Server, go, no_tracebacks, settle, visit, whole_page
from tests.e2e.test_accessibility import ASKED, STREAMLIT, found

pytestmark = pytest.mark.e2e

TITLES = (
    "Overview",
    "Workloads",
    "What-if",
    "Report",
    "Calculators",
    "Savings",
    "Batch jobs",
    "Bills",
    "Ledger",
    "Alerts",
    "Data",
    "Describe",
    "Workload rules",
    "Policy",
    "Prices",
)
WIDE = ViewportSize(width=1280, height=900)
NARROW = ViewportSize(width=390, height=844)


def nothing_sticks_out(page: Page) -> None:
    """The page never scrolls sideways; wide tables scroll within themselves."""
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 1


def sound(page: Page) -> None:
    expect(page.get_by_test_id("stException")).to_have_count(0)
    expect(page.get_by_test_id("stMain").get_by_role("heading").first).to_be_visible()
    nothing_sticks_out(page)


def test_every_page_is_sound_accessible_and_pictured(
    browser: Browser, demo_server: Server, shots: Path
) -> None:
    """Wide and narrow in light and wide in dark; nothing serious by axe, and no heading skips a level."""
    context = browser.new_context(viewport=WIDE, color_scheme="light")
    context.add_init_script(AXE_SCRIPT)
    page = context.new_page()
    visit(page, demo_server)
    links = page.get_by_test_id("stSidebarNav").get_by_role("link")
    expect(links).to_have_count(len(list((ROOT / "ui" / "pages").glob("*.py"))))
    expect(links).to_have_count(len(TITLES))
    findings: dict[str, list[str]] = {}
    occurred: set[str] = set()
    for theme, rules in ASKED.items():
        page.emulate_media(color_scheme=theme)
        for title in TITLES:
            go(page, title)
            sound(page)
            # It stays a moment after the script has ended, and is Streamlit's.
            expect(page.get_by_test_id("stStatusWidget")).to_have_count(0)
            listed = found(page, rules)
            occurred |= {finding["rule"] for finding in listed if finding["known"]}
            ours = [finding["said"] for finding in listed if not finding["known"]]
            if ours:
                findings[f"{title}, {theme}"] = ours
            name = title.lower().replace("-", "").replace(" ", "-")
            whole_page(page, shots / f"{name}-{theme}.png")
            if theme == "light":
                page.set_viewport_size(NARROW)
                settle(page)
                sound(page)
                whole_page(page, shots / f"{name}-narrow.png")
                page.set_viewport_size(WIDE)
                settle(page)
        red, green, blue = bytes.fromhex(palette(theme).background.lstrip("#"))
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", f"rgb({red}, {green}, {blue})")
    context.close()
    assert findings == {}
    assert occurred == set(STREAMLIT), "a finding that is gone must leave the list"
    no_tracebacks(demo_server)


def test_the_way_from_a_figure_to_its_evidence(page: Page, demo_server: Server, shots: Path) -> None:
    visit(page, demo_server)
    page.get_by_role("button", name="Workloads that can wait").click()
    expect(page).to_have_url(f"{demo_server.url}/workloads?label=Batch&label=Semi-interactive")
    settle(page)
    page.get_by_role("combobox", name="Workload").fill("crm")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="crm-enrichment")).to_be_visible()
    expect(page).to_have_url(
        f"{demo_server.url}/workloads?label=Batch&label=Semi-interactive&workload=crm-enrichment"
    )
    sound(page)
    no_tracebacks(demo_server)


def test_a_filter_holds_on_every_page_in_every_figure_and_in_the_address(
    page: Page, demo_server: Server, shots: Path, tmp_path: Path
) -> None:
    main = page.get_by_test_id("stMain")
    says = main.get_by_text("Filtered: 4 of 10 workloads")
    visit(page, demo_server)
    main.get_by_role("button", name="Batch", exact=True).click()
    expect(says).to_be_visible()
    expect(page).to_have_url(f"{demo_server.url}/?label=Batch")
    settle(page)
    share = says.locator("xpath=ancestor-or-self::p").inner_text()
    spend = re.search(r"\((\$[\d,.]+) of \$[\d,.]+ spend\)", share)
    assert spend is not None, share
    whole_page(page, shots / "overview-filtered.png")
    for title in ("Workloads", "Report"):
        go(page, title)
        expect(says).to_be_visible()
        expect(page).to_have_url(re.compile(r"\?label=Batch(&|$)"))
        expect(says.locator("xpath=ancestor-or-self::p")).to_have_text(share)
        sound(page)
        whole_page(page, shots / f"{title.lower()}-filtered.png")

    # Reloaded, the address alone restores it; what is downloaded is what is shown.
    page.reload()
    settle(page)
    expect(main.get_by_text("A part: 4 of 10 workloads.")).to_be_visible()
    expect(main.get_by_text(f"{spend.group(1)} of")).to_have_count(2)
    with page.expect_download() as started:
        page.get_by_role("button", name="JSON", exact=True).click()
    started.value.save_as(tmp_path / "part.json")
    assert started.value.suggested_filename.endswith("-part.json")
    told = json.loads((tmp_path / "part.json").read_text(encoding="utf-8"))
    assert f"${Decimal(told['totals']['billed_usd']):,.2f}" == spend.group(1)
    assert (told["narrowed"]["n_workloads"], len(told["workloads"])) == (4, 4)

    # From an address that was reloaded to the next page, then cleared with one press for all of them.
    go(page, "Savings")
    expect(page).to_have_url(re.compile(r"\?label=Batch(&|$)"))
    page.get_by_role("button", name="Clear filters").click()
    expect(says).to_have_count(0)
    expect(page).not_to_have_url(re.compile("label="))
    go(page, "Overview")
    expect(says).to_have_count(0)
    no_tracebacks(demo_server)


def test_a_row_of_the_table_opens_its_workload(page: Page, demo_server: Server) -> None:
    visit(page, demo_server, "workloads")
    first = page.get_by_test_id("stMain").get_by_role("heading", level=2).first.inner_text()
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + 37 + 94 + 47)
    expect(page.get_by_test_id("stMain").get_by_role("heading", level=2).first).not_to_have_text(first)
    no_tracebacks(demo_server)


def test_an_empty_workspace_is_pictured_too(page: Page, serve: Serve, shots: Path, tmp_path: Path) -> None:
    running = serve(tmp_path / "workspace")
    visit(page, running)
    sound(page)
    whole_page(page, shots / "overview-empty.png")
    go(page, "Data")
    sound(page)
    whole_page(page, shots / "data-empty.png")
    go(page, "Workloads")
    sound(page)
    whole_page(page, shots / "workloads-empty.png")
    no_tracebacks(running)
