"""Prices in a real browser: edit, preview, apply, undo; files, good and bad; a table that moved on."""

import csv
import json
import shutil
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from reports.workbench import Workbench
from tests.e2e.harness import Serve, Server, heading, no_tracebacks, settle, unfold, visit, whole_page

pytestmark = pytest.mark.e2e

HEADER = 35
ROW = 35
INPUT_PRICE_X = 88 + 160 + 84 + 40
"""Pixels from the grid's left edge to the input price: provider, model, tier come first."""

BAD = b"""provider,model,tier,valid_from,valid_to,input_usd_per_mtok,output_usd_per_mtok
openai,gpt-4o,standard,2026-01-01,2026-06-01,-1,10
openai,gpt-4o,standard,2026-05-01,,two,10
openai,gpt-4o,batch,2026-01-01,,1,5
openai,gpt-4o,batch,2026-01-01,,1,5
"""
CONTRACT = {
    "provider": "openai",
    "model": "gpt-4o",
    "tier": "batch",
    "input_usd_per_mtok": "1.1",
    "output_usd_per_mtok": "4.4",
    "cache_rule": "billed_as_input",
    "valid_from": "2026-11-01",
}


def workspace(folder: Path) -> Path:
    """1,000 calls on gpt-4o in June 2026 and 1,000 in July, 20,000 tokens in and 500 out."""
    log = folder / "calls.csv"
    with log.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["call_id", "ts", "provider", "model", "workload", "input_tokens", "output_tokens"])
        for month in (6, 7):
            for call in range(1000):
                at = datetime(2026, month, 3, 1) + timedelta(minutes=call)
                writer.writerow([f"{month}-{call}", at.isoformat(), "openai", "gpt-4o", "notes", 20_000, 500])
    bench = Workbench.open(folder / "workspace")
    bench.import_file(log)
    return bench.workspace.path


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The workspace as imported; each test works on a copy."""
    return workspace(tmp_path_factory.mktemp("filled"))


@pytest.fixture
def server(tmp_path: Path, filled: Path, serve: Serve) -> Server:
    return serve(Path(shutil.copytree(filled, tmp_path / "workspace")))


def edits(server: Server) -> int:
    return len(Workbench.open(server.workspace).price_edits())


def test_edit_preview_apply_undo(page: Page, server: Server, shots: Path) -> None:
    visit(page, server, "prices")
    box = page.get_by_test_id("stDataFrame").first.bounding_box()
    assert box is not None
    page.mouse.dblclick(box["x"] + INPUT_PRICE_X, box["y"] + HEADER + ROW / 2)
    cell = page.locator("#portal input")
    expect(cell).to_have_value("2.5")
    cell.fill("3.5")
    page.keyboard.press("Enter")
    expect(heading(page, "1 changed row, not applied yet")).to_be_visible()
    settle(page)
    page.get_by_test_id("stDateInput").get_by_role("spinbutton").first.click()
    page.keyboard.type("20260601")
    page.keyboard.press("Escape")
    heading(page, "Prices").click()  # a date counts when its field is left
    # 1,000 calls x 20,000 tokens x 1 micro-dollar more in each month
    said = page.get_by_test_id("stAlert").filter(has_text="This changes")
    expect(said).to_contain_text("This changes June 2026 by +$20.00 and July 2026 by +$20.00")
    settle(page)
    assert edits(server) == 0
    whole_page(page, shots / "prices-preview.png")
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_test_id("stAlert").filter(has_text="1 row applied")).to_be_visible()
    settle(page)
    assert edits(server) == 1
    page.get_by_role("button", name="Undo the last edit").click()
    expect(page.get_by_text("The last edit is taken back.")).to_be_visible()
    settle(page)
    assert edits(server) == 0
    unfold(page, "History of price edits")
    expect(page.get_by_role("cell", name="Undo", exact=True)).to_be_visible()
    no_tracebacks(server)


def test_a_bad_file_lists_every_problem_with_its_row_and_applies_nothing(
    page: Page, server: Server, shots: Path
) -> None:
    visit(page, server, "prices?change=Import+a+file")
    page.locator("input[type=file]").set_input_files(
        {"name": "bad.csv", "mimeType": "text/csv", "buffer": BAD}
    )
    expect(page.get_by_text("Nothing is applied: 4 problems in 3 rows")).to_be_visible()
    settle(page)
    lines = page.get_by_test_id("stTable").first.get_by_role("row")
    expect(lines).to_have_count(5)
    for line, row, words in (
        (1, "2", "A price cannot be negative (-1)."),
        (2, "3", "'two' is not a number"),
        (3, "3", "before row 2 ends (2026-06-01 00:00)"),
        (4, "5", "The row repeats row 4"),
    ):
        expect(lines.nth(line).get_by_role("cell").first).to_have_text(row)
        expect(lines.nth(line)).to_contain_text(words)
    expect(page.get_by_role("button", name="Apply", exact=True)).to_be_disabled()
    whole_page(page, shots / "prices-bad-file.png")
    assert edits(server) == 0
    no_tracebacks(server)


def test_an_export_comes_back_edited(page: Page, server: Server, tmp_path: Path) -> None:
    visit(page, server, "prices")
    for title, name in (("Export CSV", "prices.csv"), ("Export YAML", "prices.yaml")):
        with page.expect_download() as download:
            page.get_by_role("button", name=title).click()
        download.value.save_as(tmp_path / name)
    assert "input_usd_per_mtok: '2.5'" in (tmp_path / "prices.yaml").read_text(encoding="utf-8")
    text = (tmp_path / "prices.csv").read_text(encoding="utf-8")
    assert ",2.5,1.25," in text
    visit(page, server, "prices?change=Import+a+file")
    page.locator("input[type=file]").set_input_files(
        {
            "name": "mine.csv",
            "mimeType": "text/csv",
            "buffer": text.replace(",2.5,1.25,", ",2,1.25,").encode(),
        }
    )
    expect(heading(page, "1 changed row, not applied yet")).to_be_visible()
    # 1,000 calls x 20,000 tokens x half a micro-dollar less in each month
    expect(page.get_by_text("This changes June 2026 by -$10.00 and July 2026 by -$10.00")).to_be_visible()
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_test_id("stAlert").filter(has_text="1 row applied")).to_be_visible()
    assert edits(server) == 1
    no_tracebacks(server)


def test_a_discount_is_seen_before_it_counts(page: Page, server: Server, shots: Path) -> None:
    visit(page, server, "prices?change=Contract+discounts")
    provider = page.get_by_role("combobox", name="Provider")
    provider.fill("openai")
    page.get_by_role("option", name="openai", exact=True).click()
    percent = page.get_by_role("textbox", name="Percent off")
    percent.fill("10")
    percent.press("Enter")
    # a tenth of 1,000 x (20,000 x 2.50 + 500 x 10) micro-dollars in each month
    expect(page.get_by_text("This changes June 2026 by -$5.50 and July 2026 by -$5.50")).to_be_visible()
    page.get_by_role("button", name="Apply", exact=True).click()
    expect(page.get_by_text("The discount is applied.")).to_be_visible()
    settle(page)
    whole_page(page, shots / "prices-discount.png")
    (held,) = Workbench.open(server.workspace).discounts().current()
    assert str(held.percent_off) == "10.00"
    no_tracebacks(server)


def test_a_shipped_price_that_moved_is_shown_beside_the_edit(page: Page, server: Server, shots: Path) -> None:
    path = server.workspace
    bench = Workbench.open(path)
    bench.apply_prices(bench.check_prices([CONTRACT]).rows, author="ada", note="contract")
    # as if the edit had been made over a table whose batch price was still 1.20
    (saved,) = (path / "documents" / "price_overlay").glob("*.json")
    document = json.loads(saved.read_text(encoding="utf-8"))
    edit = document["content"]["edits"][0]
    edit["shipped_version"] = "0123456789ab"
    for row in edit["replaced"]:
        row["input_usd_per_mtok"] = "1.20"
    saved.write_text(json.dumps(document), encoding="utf-8")
    visit(page, server, "prices")
    expect(page.get_by_text("Shipped prices changed under your edits")).to_be_visible()
    lines = page.get_by_test_id("stTable").first.get_by_role("row")
    for line, whose, price in ((1, "yours", "1.1"), (2, "when you edited", "1.2"), (3, "now", "1.25")):
        expect(lines.nth(line).get_by_role("cell").first).to_contain_text(whose)
        expect(lines.nth(line).get_by_role("cell").nth(2)).to_have_text(price)
    whole_page(page, shots / "prices-conflict.png")
    page.get_by_role("button", name="Keep mine").click()
    expect(page.get_by_text("Your price stays.")).to_be_visible()
    settle(page)
    expect(page.get_by_text("Shipped prices changed under your edits")).to_have_count(0)
    assert edits(server) == 1
    no_tracebacks(server)
