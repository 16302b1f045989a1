"""The pages under Verify: what an empty workspace, the demo and a small log with a bill show."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reports.workbench import Workbench
from tests.app.conftest import RunApp
from tests.record_files import write_records
from ui import strings as s


def line(name: str, **changes: Any) -> dict[str, Any]:
    return {
        "ts": "2026-11-09T20:00:00Z",
        "provider": "openai",
        "model": "gpt-4o",
        "workload": "nightly",
        "tier": "batch",
        "batch_id": "b-1",
        "custom_id": name,
        "input_tokens": 1_000_000,
        "output_tokens": 0,
        "reported_cost_usd": "2.5",
    } | changes


@pytest.mark.parametrize(
    ("page", "title"),
    [
        ("savings", s.SAVINGS_EMPTY_TITLE),
        ("batches", s.BATCHES_EMPTY_TITLE),
        ("bills", s.BILLS_EMPTY_TITLE),
    ],
)
def test_an_empty_workspace_says_what_belongs_here(run_app: RunApp, page: str, title: str) -> None:
    app = run_app(page)
    assert not app.exception
    assert title in [item.value for item in app.header]


def test_the_savings_of_the_demo(demo: Path, run_app: RunApp) -> None:
    app = run_app("savings")
    assert not app.exception
    assert app.title[0].value == r"\$837 saved so far"
    figures = {item.label: item.value for item in app.metric}
    assert figures[s.KPI_REALISED] == r"\$837"
    assert figures[s.KPI_LOST] == r"\$0.00"
    assert app.selectbox(key="change_workload").value == "filing-review"
    assert s.change_line(6, 3216, 4100) in [item.value for item in app.caption]


def test_a_batch_its_retry_list_and_its_bill(home: Path, tmp_path: Path, run_app: RunApp) -> None:
    failed = {"status": "error", "error_code": "server_error", "model": None, "reported_cost_usd": None}
    bench = Workbench.open(home)
    bench.import_file(
        write_records(
            tmp_path / "gateway.jsonl",
            line("a"),
            line("b") | failed | {"input_tokens": None, "output_tokens": None},
        )
    )
    app = run_app("batches")
    assert not app.exception
    figures = {item.label: item.value for item in app.metric}
    assert figures[s.KPI_BATCH_COST] == r"\$1.25"
    assert "**1 custom id** to run again." in [item.value for item in app.markdown]
    assert any("server" in str(table.value) for table in app.table)

    app = run_app("bills")
    assert not app.exception
    assert s.REPORTED_SECTION in [item.value for item in app.header]
    assert any(s.CAUSE_TITLES["tier"] in str(table.value) for table in app.table)
    assert s.BILL_NONE in [item.value for item in app.caption]
    for side in ("computed", "other", "difference"):
        app.session_state[f"how_reported_{side}"] = True
    app.run()
    assert not app.exception
    # A million tokens at 2.50 dollars is what the gateway said; the batch price is half of it.
    gives = [table.value for table in app.table if s.EXPLAIN_INPUT in table.value]
    assert len(gives) == 3
    assert r":green-badge[Billed: a source reported it]" in "".join(item.value for item in app.markdown)


def test_words_of_batches_and_bills() -> None:
    assert s.batch_took(3599, whole=True) == "59 min"
    assert s.batch_took(2 * 3600 + 44 * 60, whole=False) == "≥ 2 h 44 min"
    assert s.batch_took(313 * 3600, whole=True) == "13 d 1 h"
    assert s.batch_deadline("unknown", None, None) == "deadline not known"
    assert s.batch_deadline("met", 86_400, "provider") == "deadline met (24 h, when the provider gives up)"
    assert s.retry_counts(0, 1, 2) == (
        "Nothing is left to run again. 1 line was answered elsewhere since under the same custom id. "
        "2 failed lines carry no custom id and cannot be listed."
    )
    assert s.cause_meaning("tier", [("batch", "sync")]) == "Batch calls at the rate of Sync, no caching"
    assert (
        s.cause_meaning("price_age", [(None, "2026-11-10")]) == "The same calls at the prices of 2026-11-10"
    )
    assert s.cause_meaning("cache", []) == "Cached tokens at the full input price"
    assert s.off_by(Decimal("-0.0767")) == "-7.67 %"
    assert (
        s.savings_headline(Decimal(-5_000_000))
        == r"\$5.00 more was spent than without caches and cheaper lanes"
    )
