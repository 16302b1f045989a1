"""A way through the app in a real browser: upload, declare, edit a price, report, reconcile, claim, retry."""

import csv
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.harness import (
    Serve,
    Server,
    dialog_by,
    go,
    heading,
    no_tracebacks,
    settle,
    unfold,
    visit,
    whole_page,
)

pytestmark = pytest.mark.e2e

WORKLOAD = "nightly-notes"
USAGE = ("call_id", "ts", "provider", "model", "workload", "input_tokens", "output_tokens")
HEADER = 35
ROW = 35
INPUT_PRICE_X = 88 + 160 + 84 + 40
"""Pixels from the grid's left edge to the middle of the input price: provider, model, tier come first."""


@pytest.fixture
def server(tmp_path: Path, serve: Serve) -> Server:
    return serve(tmp_path / "workspace")


def usage_log(path: Path) -> Path:
    """Two weeks of 200 calls a night on gpt-4o, priced by the gateway, one row broken and one repeated."""
    start = datetime(2026, 11, 2, 1)
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow([*USAGE, "reported_cost_usd"])
        used = ["openai", "gpt-4o", WORKLOAD, 20_000, 500, "0.055"]
        for number in range(2800):
            night, within = divmod(number, 200)
            at = start + timedelta(days=night, seconds=within * 30)
            writer.writerow([f"n-{number}", at.isoformat(), *used])
        writer.writerow(["n-broken", "2026-11-16T01:00:00", *used[:3], "a lot", *used[4:]])
        writer.writerow(["n-0", "2026-11-02T01:00:00", *used])
    return path


def batch_log(path: Path) -> Path:
    """The lines of one batch that somebody sent: every tenth of thirty failed."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow([*USAGE, "tier", "batch_id", "custom_id", "status", "error_code"])
        for number in range(30):
            failed = number % 10 == 0
            row = [f"b-{number}", "2026-11-16T01:00:00", "openai", "gpt-4o", WORKLOAD]
            row += ["", ""] if failed else ["20000", "500"]
            row += ["batch", "batch_1", f"note-{number}"]
            writer.writerow(row + (["error", "server_error"] if failed else ["ok", ""]))
    return path


def downloaded(page: Page, button: str, folder: Path) -> str:
    """What the button of that name downloads, as text."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).click()
    target = folder / download.value.suggested_filename
    download.value.save_as(target)
    return target.read_text(encoding="utf-8")


def metric(page: Page, label: str) -> str:
    """What a figure shows now."""
    card = page.get_by_test_id("stMetric").filter(has_text=label).first
    return card.get_by_test_id("stMetricValue").inner_text().strip()


def test_from_upload_to_report(page: Page, server: Server, tmp_path: Path, shots: Path) -> None:
    outside: list[str] = []
    page.on("request", lambda request: None if is_local(request.url, server) else outside.append(request.url))

    visit(page, server)
    expect(heading(page, "Which of your LLM calls can wait?")).to_be_visible()
    page.get_by_role("button", name="Upload a log").click()
    expect(heading(page, "Data")).to_be_visible()
    settle(page)

    page.locator("input[type=file]").set_input_files(usage_log(tmp_path / "nightly.csv"))
    page.get_by_role("button", name="Import 1 file").click()
    expect(heading(page, "Last import")).to_be_visible()
    expect(page.get_by_text("2,802 read = 2,800 accepted + 1 rejected + 1 duplicate").first).to_be_visible()
    assert metric(page, "Rejected") == "1"
    # 2,800 x (20,000 x 2.50 + 500 x 10) micro-dollars
    expect(page.get_by_text("The accepted calls cost $154.00; every one of them is priced.")).to_be_visible()
    expect(page.get_by_role("cell", name="2,802", exact=True)).to_be_visible()

    whole_page(page, shots / "data-imported.png")

    go(page, "Workloads")
    expect(heading(page, WORKLOAD)).to_be_visible()
    expect(page.get_by_text("To ask its owner")).to_be_visible()
    page.get_by_role("radiogroup").filter(has_text="No").first.get_by_text("No", exact=True).click()
    page.get_by_role("textbox", name="Longest acceptable wait").fill("36h")
    page.get_by_role("button", name="Save", exact=True).click()
    saved = page.get_by_test_id("stAlert").filter(has_text="Saved")
    expect(saved).to_contain_text("Label: Unknown → Batch")
    expect(saved).to_contain_text(re.compile(r"Projected saving: \$0\.00 → \$[\d.]+k a year"))
    whole_page(page, shots / "workloads-declared.png")
    unfold(page, "History of decisions")
    expect(page.get_by_role("cell", name="local user")).to_be_visible()

    go(page, "Overview")
    before = metric(page, "Projected saving a year")
    assert before.startswith("$")
    assert before != "$0.00"

    go(page, "Prices")
    grid = page.get_by_test_id("stDataFrame").first
    box = grid.bounding_box()
    assert box is not None
    batch_row = 1
    page.mouse.dblclick(box["x"] + INPUT_PRICE_X, box["y"] + HEADER + ROW * batch_row + ROW / 2)
    cell = page.locator("#portal input")
    expect(cell).to_have_value("1.25")
    cell.fill("2")
    page.keyboard.press("Enter")
    expect(heading(page, "1 changed row, not applied yet")).to_be_visible()
    expect(page.get_by_text("Saving a year, after")).to_be_visible()
    page.get_by_role("textbox", name="Why (kept in the history)").fill("A worse contract")
    page.keyboard.press("Tab")
    settle(page)
    whole_page(page, shots / "prices-pending.png")
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_test_id("stAlert").filter(has_text="1 row applied")).to_contain_text(
        "Projected saving:"
    )
    settle(page)
    unfold(page, "History of price edits")
    expect(page.get_by_role("cell", name="A worse contract")).to_be_visible()

    go(page, "Overview")
    expect(page.get_by_test_id("stMetric").filter(has_text="Projected saving a year")).not_to_contain_text(
        before
    )
    after = metric(page, "Projected saving a year")

    go(page, "Report")
    report = downloaded(page, "Markdown", tmp_path)
    assert WORKLOAD in report
    assert "Batch" in report
    assert after.startswith("$")

    # What the gateway said it cost, line by line, is what the calls cost here.
    go(page, "Bills")
    assert (metric(page, "Computed"), metric(page, "Difference")) == ("$154", "$0.00")

    go(page, "Ledger")
    page.get_by_role("textbox", name="Owner").fill("Ann")
    page.get_by_role("button", name="Claim", exact=True).click()
    expect(page.get_by_test_id("stAlert").filter(has_text="Claimed")).to_be_visible()
    settle(page)
    ledger = downloaded(page, "CSV", tmp_path)
    assert WORKLOAD in ledger
    assert "Ann" in ledger
    whole_page(page, shots / "ledger-claimed.png")

    go(page, "Data")
    unfold(page, "nightly.csv")
    expect(page.get_by_role("button", name="Delete this dataset")).to_be_visible()
    settle(page)
    dialog = dialog_by(page, "Delete this dataset")
    expect(dialog).to_contain_text("leaves every figure")
    page.screenshot(path=shots / "data-delete.png")
    dialog.get_by_role("button", name="Delete", exact=True).click()
    expect(page.get_by_text("Nothing is loaded yet")).to_be_visible()
    settle(page)

    # The batch that was sent: what of it has to run again.
    page.locator("input[type=file]").set_input_files(batch_log(tmp_path / "batch.csv"))
    page.get_by_role("button", name="Import 1 file").click()
    expect(page.get_by_text("30 read = 30 accepted").first).to_be_visible()
    go(page, "Batch jobs")
    expect(page.get_by_text("3 custom ids to run again.")).to_be_visible()
    again = downloaded(page, "Retry list (CSV)", tmp_path)
    assert [line.split(",")[0] for line in again.splitlines()[1:]] == ["note-0", "note-10", "note-20"]

    assert outside == []
    no_tracebacks(server)


def is_local(url: str, server: Server) -> bool:
    """Whether a request stays with our own server (or inside the page)."""
    return url.startswith((server.url, server.url.replace("http:", "ws:"), "data:", "blob:"))
