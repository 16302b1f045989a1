"""A person changes the policy in a real browser: a file refused, mended, previewed, saved and undone."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from reports.workbench import Workbench
from tests.e2e.harness import Serve, Server, go, heading, no_tracebacks, settle, visit, whole_page
from tests.test_reports_behaviour import log
from tests.test_reports_policy_preview import calls
from triage.policy import Policy

pytestmark = pytest.mark.e2e

GATEWAY = Policy.preset_text("gateway").replace("time_zone: UTC ", "time_zone: Europe/Berlin ")


@pytest.fixture
def server(tmp_path: Path, serve: Serve) -> Server:
    """`minutes` may wait 45 minutes: 1,471.68 dollars a year."""
    bench = log(tmp_path, list(calls()))
    bench.declare("minutes", author="Ann", max_wait="45m")
    return serve(bench.workspace.path)


def upload(page: Page, text: str) -> None:
    # For a moment after a rerun the page holds the uploader of before as well.
    expect(page.locator("input[type=file]")).to_have_count(1)
    page.locator("input[type=file]").set_input_files(
        {"name": "ours.yaml", "mimeType": "application/yaml", "buffer": text.encode()}
    )


def test_a_policy_from_a_file_is_refused_mended_saved_and_undone(
    page: Page, server: Server, shots: Path
) -> None:
    visit(page, server, "policy")
    expect(page.get_by_text("In force: Lanewise default (preset default), as shipped")).to_be_visible()
    page.get_by_role("radio", name="Upload a file").click()
    settle(page)
    upload(page, GATEWAY.replace("flush_every_s: 900", "flush_every_s: often"))
    expect(page.get_by_test_id("stAlert").filter(has_text="1 thing to mend")).to_be_visible()
    row = page.get_by_role("row").filter(has_text="deadlines.flush_every_s: 'often' must be a whole number.")
    line = 1 + GATEWAY[: GATEWAY.index("flush_every_s")].count("\n")
    expect(row.get_by_role("cell").first).to_have_text(str(line))
    expect(page.get_by_role("button", name="Save the policy")).to_be_disabled()

    upload(page, GATEWAY)
    expect(page.get_by_text("1 of 4 workloads would change, 1 of them the label.")).to_be_visible()
    expect(page.get_by_role("cell", name="$0.00 → $699.05")).to_be_visible()
    expect(page.get_by_text("on the clocks of Europe/Berlin")).to_be_visible()
    settle(page)
    whole_page(page, shots / "policy-pending.png")
    page.set_viewport_size(ViewportSize(width=390, height=844))
    settle(page)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("element => element.scrollWidth - element.clientWidth") <= 1
    whole_page(page, shots / "policy-pending-narrow.png")
    page.set_viewport_size(ViewportSize(width=1280, height=900))
    settle(page)

    page.get_by_role("button", name="Save the policy").click()
    expect(page.get_by_test_id("stAlert").filter(has_text="is saved and in force")).to_be_visible()
    expect(heading(page, "Not saved yet")).to_have_count(0)
    expect(page.get_by_text("In force: Gateway (preset gateway, edited), version 1")).to_be_visible()
    with page.expect_download() as started:
        page.get_by_role("button", name="JSON for gateways").click()
    exported = json.loads(Path(started.value.path()).read_text(encoding="utf-8"))
    assert exported["off_peak"]["time_zone"] == "Europe/Berlin"

    go(page, "Report")
    expect(page.get_by_text("Gateway (preset gateway, edited), version 1").first).to_be_visible()
    go(page, "Policy")
    page.get_by_role("button", name="Undo the last save").click()
    expect(page.get_by_test_id("stAlert").filter(has_text="taken back")).to_be_visible()
    assert Workbench.open(server.workspace).policy() == Policy.default()
    no_tracebacks(server)
