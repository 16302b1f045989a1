"""The Workloads page by keyboard: find, step, declare, see what changed; then the policy replayed."""

import re
import shutil
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.harness import Serve, Server, go, heading, no_tracebacks, settle, unfold, visit, whole_page

pytestmark = pytest.mark.e2e


@pytest.fixture
def server(tmp_path: Path, looked_at: Path, serve: Serve) -> Server:
    """A demo of its own, which the test changes."""
    return serve(Path(shutil.copytree(looked_at, tmp_path / "demo")))


def test_a_workload_is_found_stepped_to_and_moved(page: Page, server: Server, shots: Path) -> None:
    visit(page, server, "workloads?order=Saving")
    page.get_by_role("textbox", name="Find a workload").fill("n")
    page.keyboard.press("Tab")
    settle(page)
    page.get_by_role("combobox", name="Workload").fill("nightly")
    page.keyboard.press("Enter")
    expect(heading(page, "nightly-summaries")).to_be_visible()
    page.keyboard.press("Alt+ArrowDown")
    expect(heading(page, "crm-enrichment")).to_be_visible()
    for choice in ("order=Saving", "find=n", "workload=crm-enrichment"):
        expect(page).to_have_url(re.compile(rf"[?&]{choice}(&|$)"))
    page.keyboard.press("Alt+ArrowUp")
    expect(heading(page, "nightly-summaries")).to_be_visible()
    settle(page)

    # OpenAI promises nothing below its window, so 12 h stay in flex; 24 h make it a batch.
    main = page.get_by_test_id("stMain")
    expect(main.get_by_text("Batch, no caching; Batch with cache")).to_be_visible()
    expect(main.get_by_text("If its owner says 24 h is fine")).to_be_visible()
    page.get_by_role("textbox", name="Longest acceptable wait").fill("24h")
    page.keyboard.press("Enter")
    expect(main.get_by_text("No answer of its owner would save more than today.")).to_be_visible()
    settle(page)
    expect(main.get_by_test_id("stMetricValue").filter(has_text="Batch, no caching")).to_be_visible()
    unfold(page, "History of decisions")
    expect(main.get_by_text("the longest acceptable wait", exact=True)).to_be_visible()
    whole_page(page, shots / "workload-decided.png")

    go(page, "What-if")
    page.get_by_role("button", name="Replay the log").click()
    expect(main.get_by_text("Calls deferred")).to_be_visible()
    settle(page)
    whole_page(page, shots / "whatif-replayed.png")
    no_tracebacks(server)
