"""A model without a price, in a real browser: matched in two clicks, every figure follows, taken back."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from reports.workbench import Workbench
from tests.app.test_unmatched import write_log
from tests.e2e.harness import Serve, Server, heading, no_tracebacks, settle, unfold, visit, whole_page
from tests.e2e.test_screens import NARROW, sound

pytestmark = pytest.mark.e2e


@pytest.fixture
def server(tmp_path: Path, serve: Serve) -> Server:
    workspace = tmp_path / "workspace"
    Workbench.open(workspace).import_file(write_log(tmp_path / "calls.csv"))
    return serve(workspace)


def test_two_clicks_give_a_model_its_price(page: Page, server: Server, shots: Path) -> None:
    visit(page, server, "prices")
    expect(heading(page, "2 models without a price")).to_be_visible()
    sound(page)
    whole_page(page, shots / "unmatched.png")
    use = page.get_by_role("button", name="Use this price").first
    expect(use).to_be_disabled()

    page.get_by_role("radio", name="gpt-4o (openai)").click()
    settle(page)
    use.click()
    settle(page)
    expect(heading(page, "1 model without a price")).to_be_visible()
    expect(page.get_by_text("our-gpt-4o takes the prices of gpt-4o (openai) from now on")).to_be_visible()

    unfold(page, "Models you matched (1)")
    expect(page.get_by_text("gateway our-gpt-4o is openai gpt-4o")).to_be_visible()
    sound(page)
    whole_page(page, shots / "unmatched-matched.png")
    page.get_by_role("button", name="Remove").click()
    settle(page)
    expect(heading(page, "2 models without a price")).to_be_visible()
    no_tracebacks(server)


def test_on_a_phone_and_with_the_decisions_open(page: Page, server: Server, shots: Path) -> None:
    page.set_viewport_size(NARROW)
    visit(page, server, "prices")
    sound(page)
    whole_page(page, shots / "unmatched-narrow.png")
    unfold(page, "Sources that disagree")
    settle(page)
    sound(page)
    whole_page(page, shots / "unmatched-narrow-decisions.png")
    no_tracebacks(server)
