"""`lanewise savings` and `lanewise bills`: figures by hand, exact as JSON, readable as lines."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from lanewise.cli import cli
from lanewise.verifying import bills_lines, savings_lines
from reports.workbench import Workbench
from tests.record_files import write_records


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A batch that its gateway priced at the standard rate, a call whose cache was only written, a bill."""
    folder = tmp_path_factory.mktemp("verifying")
    call: dict[str, Any] = {
        "ts": "2026-11-10T10:00:00Z",
        "provider": "anthropic",
        "model": "claude-sonnet-4-5",
        "input_tokens": 100_000,
        "output_tokens": 0,
    }
    calls = [
        call | {"workload": "nightly", "tier": "batch", "reported_cost_usd": "0.3"},
        call | {"workload": "chat", "cache_write_tokens": 100_000},
    ]
    bill = folder / "bill.csv"
    bill.write_text(
        "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,"
        "cost_type,inference_geo,speed,api_key_id,api_key_status\n"
        "2026-11-10,Claude Sonnet 4.5,Default,k,message,≤ 200k,input_no_cache,0.525,0.525,token,,,k,active\n",
        encoding="utf-8",
    )
    bench = Workbench.open(folder / "workspace")
    assert bench.import_file(write_records(folder / "gateway.jsonl", *calls)).rejected == 0
    assert bench.import_file(bill).bills == 1
    return folder / "workspace"


def test_savings_as_json_and_as_lines(workspace: Path) -> None:
    summary = json.loads(run("savings", "--workspace", workspace, "--json").stdout)
    # batch halves 100,000 x 3; the write costs 0.75 a million more than plain input
    assert Decimal(summary["by_workload"]["nightly"]["saved_usd"]) == Decimal("0.15")
    assert Decimal(summary["by_workload"]["chat"]["saved_usd"]) == Decimal("-0.075")
    assert Decimal(summary["total"]["saved_usd"]) == Decimal("0.075")
    assert summary["by_day"]["2026-11-10"] == summary["total"]
    text = "\n".join(savings_lines(summary))
    assert "Realised saving $0.08: cache -$0.08, tier $0.15, lost to failures $0.00." in text
    assert "  chat: -$0.08 of $0.30" in text


def test_bills_as_json_and_as_lines(workspace: Path) -> None:
    summary = json.loads(run("bills", "--workspace", workspace, "--json").stdout)
    assert summary["reported"]["causes_usd"] == {"tier": "0.15"}
    assert summary["bills"]["difference_usd"] == "0"
    own, gateway = summary["trust"]
    assert (own["source"], own["agrees"], own["off_by"]) == ("computed", True, 0)
    assert (gateway["source"], gateway["agrees"]) == ("gateway.jsonl", False)
    text = "\n".join(bills_lines(summary))
    assert "Reported costs: $0.30 beside $0.15 computed, difference $0.15\n  tier: $0.15" in text
    assert "anthropic, computed: $0.52 agrees with the bill (+0.00%)" in text


def test_an_empty_workspace_says_so(tmp_path: Path) -> None:
    assert run("bills", "--workspace", tmp_path / "w").stdout == (
        "No bill has been imported.\nNo log that was imported carries costs.\n"
    )
