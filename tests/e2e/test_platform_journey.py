"""A platform team: cron imports what the night wrote and checks the budgets; people see the same figures."""

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from reports.watch_model import Budget, Watched
from reports.workbench import Workbench
from tests.e2e.harness import Server, go, heading, no_tracebacks, serving, settle, visit, whole_page

pytestmark = pytest.mark.e2e

FIRST_NIGHT = datetime.combine(datetime.now(UTC).date() - timedelta(days=4), time(2))
CALLS = 100
"""Of each service in a usual night, 20,000 tokens in and 500 out each."""
SERVICES = {"search-index": "gpt-4o", "enrichment": "gpt-4o-mini"}
A_NIGHT = Decimal("5.50") + Decimal("0.33")
"""100 x (20,000 x 2.50 + 500 x 10) and 100 x (20,000 x 0.15 + 500 x 0.60) micro-dollars."""


def write_night(folder: Path, night: int, calls: int = CALLS) -> None:
    """What the two services logged in one night, as a rotated and packed file."""
    with gzip.open(folder / f"calls-{night}.jsonl.gz", "wt", encoding="utf-8") as out:
        for workload, model in SERVICES.items():
            for number in range(calls):
                at = FIRST_NIGHT + timedelta(days=night, seconds=15 * number)
                record = {
                    "call_id": f"{workload}-{night}-{number}",
                    "ts": f"{at.isoformat()}Z",
                    "provider": "openai",
                    "model": model,
                    "workload": workload,
                    "input_tokens": 20_000,
                    "output_tokens": 500,
                }
                out.write(json.dumps(record) + "\n")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    with serving(tmp_path / "workspace") as running:
        yield running


def told(server: Server, *arguments: str, code: int = 0) -> Any:
    """The JSON that `lanewise ...` prints in a process of its own; `code` is how it has to end."""
    environment: Mapping[str, str] = {**os.environ, "LANEWISE_HOME": str(server.workspace)}
    command = [sys.executable, "-m", "lanewise", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def spend(page: Page) -> str:
    """The Overview's spend."""
    card = page.get_by_test_id("stMetric").filter(has_text="Spend in this log")
    return card.get_by_test_id("stMetricValue").inner_text()


def state_of(checked: Any) -> tuple[str, str]:
    """What the budget's newest day spent, and how that stands."""
    newest = max(checked["budgets"], key=lambda one: str(one["first_day"]))
    return newest["spent_usd"], newest["state"]


def test_cron_brings_the_nights_and_the_pages_show_what_ci_was_told(
    page: Page, server: Server, tmp_path: Path, shots: Path
) -> None:
    logs = tmp_path / "logs"
    logs.mkdir()
    for night in range(3):
        write_night(logs, night)

    # Cron runs, and runs once more: what is known is not counted twice.
    arguments = ("import", str(logs), "--json", "--fail-on-rejects")
    assert [file["accepted"] for file in told(server, *arguments)["files"]] == [2 * CALLS] * 3
    again = told(server, *arguments)["files"]
    assert [(file["accepted"], file["duplicates"]) for file in again] == [(0, 2 * CALLS)] * 3
    assert told(server, "check", "--json")["worst"] is None

    visit(page, server)
    assert spend(page) == f"${3 * A_NIGHT}"
    report = told(server, "report", "--format", "json")
    assert report["totals"]["billed_usd"] == str(3 * A_NIGHT)
    # Three nights in three files are three days of 365, whatever the hours of the files.
    a_year = Decimal(report["totals"]["current_per_year_usd"])
    assert abs(a_year - 365 * A_NIGHT) < Decimal("1e-50"), "365 / 3 has no end"

    # Whoever answers for the bill sets a limit; the next check is a warning, and the pages say the same.
    limit = {"channel": "workload", "which": "search-index", "period": "day", "limit_usd": "6.50"}
    watched = Watched(budgets=(Budget.model_validate(limit),))
    Workbench.open(server.workspace).watch().save(watched, author="Ann", note="a night of the index")
    warned = told(server, "check", "--json", code=4)
    assert state_of(warned) == ("5.5", "warning")
    page.reload()
    settle(page)
    page.get_by_role("button", name="See all", exact=True).click()
    expect(heading(page, "Alerts").first).to_be_visible()
    settle(page)
    expect(page.get_by_text("$5.50 of $6.50").first).to_be_visible()

    # Somebody ran the index twice: CI turns red, and the open page shows it with the next look.
    write_night(logs, 3, 2 * CALLS)
    (new,) = [file for file in told(server, *arguments)["files"] if file["accepted"]]
    assert new["accepted"] == 4 * CALLS
    breached = told(server, "check", "--json", code=5)
    assert state_of(breached) == ("11", "breach")
    go(page, "Overview")
    expect(page.get_by_test_id("stMetric").filter(has_text="Spend in this log")).to_contain_text(
        f"${5 * A_NIGHT}"
    )
    expect(page.get_by_text("1 breach").first).to_be_visible()
    whole_page(page, shots / "platform-breach.png")
    go(page, "Alerts")
    expect(page.get_by_text("$11.00 of $6.50").first).to_be_visible()
    no_tracebacks(server)
