"""A calculator in a real browser: what is typed is in the address, and the address repeats the answer."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.harness import Serve, Server, go, heading, no_tracebacks, settle, unfold, visit, whole_page

pytestmark = pytest.mark.e2e


@pytest.fixture
def server(tmp_path: Path, serve: Serve) -> Server:
    return serve(tmp_path / "workspace")


def test_a_calculation_is_shared_by_its_address(page: Page, server: Server, shots: Path) -> None:
    visit(page, server)
    go(page, "Calculators")
    expect(heading(page, "Calculators")).to_be_visible()
    requests = page.get_by_role("spinbutton", name="Requests")
    requests.fill("50000")
    requests.press("Enter")
    settle(page)
    expect(page).to_have_url(f"{server.url}/calculators?requests=50000")
    # 50,000 x (3,000 x 3 + 500 x 15) micro-dollars
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("$825.00")
    unfold(page, "Working: formula, prices, sources")
    settle(page)
    whole_page(page, shots / "calculators-working.png")
    link = page.get_by_test_id("stCode").inner_text().strip()
    assert link.startswith(f"{server.url}/calculators?calc=Four+configurations&model=anthropic+%2F+claude")
    assert "&date=" in link
    page.goto(link)
    settle(page)
    expect(page.get_by_test_id("stMetricValue").first).to_have_text("$825.00")
    no_tracebacks(server)


def test_each_calculator_is_one_click_away(page: Page, server: Server, shots: Path) -> None:
    visit(page, server, "calculators")
    for title, name in (
        ("Share that can wait", "share"),
        ("Bulk tokens", "bulk"),
        ("API or GPU", "gpu"),
        ("Cache writes", "write"),
    ):
        page.get_by_role("radio", name=title, exact=True).click()
        settle(page)
        expect(page.get_by_text("Working: formula, prices, sources")).to_be_visible()
        expect(page.get_by_test_id("stException")).to_have_count(0)
        whole_page(page, shots / f"calculators-{name}.png")
    expect(page.get_by_role("cell", name="from the 2nd request").first).to_be_visible()
    no_tracebacks(server)
