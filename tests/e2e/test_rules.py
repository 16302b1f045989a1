"""A person names calls by a rule in a real browser: write, preview, save, see the workload with its spend."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from reports.workbench import Workbench
from tests.e2e.harness import Serve, Server, go, heading, no_tracebacks, settle, unfold, visit, whole_page

pytestmark = pytest.mark.e2e


def usage_log(path: Path) -> Path:
    """240 calls on gpt-4o, 10,000 tokens in: two of three are of the data team, half of those at night."""
    start = datetime(2026, 11, 2)
    with path.open("w", encoding="utf-8") as out:
        for number in range(240):
            row: dict[str, Any] = {
                "call_id": f"c{number}",
                "ts": (start + timedelta(hours=number)).isoformat(),
                "provider": "openai",
                "model": "gpt-4o",
                "input_tokens": 10_000,
                "output_tokens": 0,
            }
            if number % 3:
                row["metadata"] = {"team": "data", **({"shift": "night"} if number % 3 == 1 else {})}
            out.write(json.dumps(row) + "\n")
    return path


@pytest.fixture
def server(tmp_path: Path, serve: Serve) -> Server:
    Workbench.open(tmp_path / "workspace").import_file(usage_log(tmp_path / "log.jsonl"))
    return serve(tmp_path / "workspace")


def choose(page: Page, label: str, text: str) -> None:
    """Types into a selector and takes what it offers; again where a busy machine missed the key."""
    box = page.get_by_role("combobox", name=label)
    for _ in range(2):
        box.fill(text)
        page.keyboard.press("Enter")
        # The other fields are drawn anew for it; what is typed before that is lost.
        page.wait_for_timeout(300)
        settle(page)
        box.blur()
        if box.input_value() == text:
            return
    expect(box).to_have_value(text)


def test_a_rule_names_calls_from_preview_to_the_workloads_page(
    page: Page, server: Server, shots: Path
) -> None:
    visit(page, server, "rules")
    left = page.get_by_test_id("stMetric").filter(has_text="Calls without a workload")
    expect(left).to_contain_text("240")
    choose(page, "Look at", "Metadata: team")
    choose(page, "Value", "d*")
    page.get_by_role("textbox", name="is part of the workload").fill("team {metadata.team}")
    page.keyboard.press("Tab")
    # 160 calls x 10,000 tokens x 2.50 micro-dollars
    expect(page.get_by_text("It would take 160 calls ($4.00, 66.7 % of the spend).")).to_be_visible()
    page.get_by_role("button", name="Add it as the first rule").click()
    expect(heading(page, "Not saved yet")).to_be_visible()
    expect(left).to_contain_text("80")
    expect(page.get_by_role("cell", name="Metadata: team is d*")).to_be_visible()
    expect(page.get_by_role("cell", name="team {metadata.team}: team data")).to_be_visible()
    settle(page)
    whole_page(page, shots / "rules-pending.png")
    page.set_viewport_size(ViewportSize(width=390, height=844))
    settle(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 1
    whole_page(page, shots / "rules-pending-narrow.png")
    page.set_viewport_size(ViewportSize(width=1280, height=900))

    page.get_by_role("textbox", name="Why (kept in the history)").fill("The data team")
    page.keyboard.press("Tab")
    settle(page)
    page.get_by_role("button", name="Save the rules").click()
    expect(page.get_by_test_id("stAlert").filter(has_text="saved and in force")).to_be_visible()
    expect(heading(page, "Not saved yet")).to_have_count(0)

    go(page, "Workloads")
    expect(
        page.get_by_role("button", name="(unattributed) is 33.3 % of the spend: write a rule")
    ).to_be_visible()
    page.get_by_role("combobox", name="Workload").fill("team data")
    page.keyboard.press("Enter")
    expect(heading(page, "team data")).to_be_visible()
    expect(page.get_by_text("160 requests").first).to_be_visible()
    whole_page(page, shots / "workloads-mapped.png")
    (result,) = [
        found
        for found in Workbench.open(server.workspace).analysis().workloads
        if found.workload == "team data"
    ]
    assert result.billed_micro_usd == 160 * 10_000 * 5 // 2

    go(page, "Workload rules")
    page.get_by_role("button", name="Undo the last save").click()
    expect(page.get_by_test_id("stAlert").filter(has_text="taken back")).to_be_visible()
    expect(left).to_contain_text("240")
    unfold(page, "History of the rules")
    expect(page.get_by_role("cell", name="The data team")).to_be_visible()
    no_tracebacks(server)
