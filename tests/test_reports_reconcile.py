"""Reported costs and bills beside computed ones: each known way to be wrong is named, the rest is unknown."""

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reports.billed_lines import Bills
from reports.differences import Comparison, together
from reports.reported import Reported
from reports.workbench import Workbench
from tests.record_files import write_records

D = Decimal


def call(workload: str, usd: str | None, day: int = 10, **changes: Any) -> dict[str, Any]:
    return {
        "ts": f"2026-11-{day:02}T10:00:00Z",
        "provider": "openai",
        "model": "gpt-4o",  # 2.50 a million of input, 1.25 in batch or read from the cache
        "workload": workload,
        "tier": "standard",
        "input_tokens": 1_000_000,
        "output_tokens": 0,
        "reported_cost_usd": usd,
    } | changes


def line(day: int, item: str | None, usd: str, project: str | None = None) -> dict[str, Any]:
    start = int(datetime(2026, 11, day, tzinfo=UTC).timestamp())
    return {
        "object": "bucket",
        "start_time": start,
        "end_time": start + 86_400,
        "results": [
            {
                "object": "organization.costs.result",
                "amount": {"value": usd, "currency": "usd"},
                "line_item": item,
                "project_id": project,
            }
        ],
    }


def cost_page(path: Path, *lines: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"object": "page", "data": lines, "has_more": False}), encoding="utf-8")
    return path


ANTHROPIC_BILL = (
    "usage_date_utc,model,workspace,api_key,usage_type,context_window,token_type,cost_usd,list_price_usd,"
    "cost_type,inference_geo,speed,api_key_id,api_key_status\n"
    "2026-11-10,Claude Sonnet 4.5,alpha,k,message,≤ 200k,input_no_cache,0.20,0.30,token,,,k,active\n"
    "2026-11-10,Claude Sonnet 4.5,beta,k,message,≤ 200k,input_no_cache,0.45,0.45,token,,,k,active\n"
)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """A gateway's log with a mistake a workload, and the provider's bill of two of its days."""
    folder = tmp_path_factory.mktemp("reconcile")
    found = Workbench.open(folder / "workspace")
    check = found.check_prices(
        [{"provider": "openai", "model": "gpt-4o", "tier": "standard", "valid_from": "2026-11-11",
          "input_usd_per_mtok": "5"}]
    )  # fmt: skip
    found.apply_prices(check.rows, author="Ann", note="")
    calls = [
        call("right", "2.5"),
        call("rounded", "2.5000004"),
        call("batch at the standard rate", "2.5", tier="batch"),
        call("cache forgotten", "2.5", cache_read_tokens=1_000_000),
        call("old price", "2.5", day=12),
        call("half of it", "2.5"), call("half of it", None),
        call("no idea", "7"),
        call("no price", "1", model="no-such-model"),
        call("nothing said", None),
    ]  # fmt: skip
    assert found.import_file(write_records(folder / "gateway.jsonl", *calls)).rejected == 0
    page = cost_page(
        folder / "costs.json",
        # On the 10th the eight priced calls: 5 x 2.50 at once, 1.25 in batch, 1.25 cached, and 2.50 half said
        line(10, "gpt-4o, input", "17.50"),
        line(10, "gpt-4o, input", "-1"),
        line(10, None, "0.75"),
        line(10, "o3, output", "3"),
        line(12, "gpt-4o, input", "2.50"),
    )
    assert found.import_file(page).bills == 5
    sonnet: dict[str, Any] = {"provider": "anthropic", "model": "claude-sonnet-4-5", "input_tokens": 100_000}
    calls = [
        call("alpha", None, **sonnet),
        call("beta", None, **sonnet),
        call("beta", None, day=12, **sonnet),
    ]
    assert found.import_file(write_records(folder / "anthropic.jsonl", *calls)).rejected == 0
    bill = folder / "anthropic.csv"
    bill.write_text(ANTHROPIC_BILL, encoding="utf-8")
    assert found.import_file(bill).bills == 2
    return found


@pytest.fixture(scope="module")
def said(bench: Workbench) -> Reported:
    return bench.verify().reported()


@pytest.fixture(scope="module")
def billed(bench: Workbench) -> Bills:
    return bench.verify().bills()


def by_workload(rows: Iterable[Comparison]) -> dict[str | None, Comparison]:
    return {row.workload: row for row in rows}


@pytest.mark.parametrize(
    ("workload", "cause", "usd", "detail"),
    [
        ("rounded", "rounding", "0.0000004", None),
        ("batch at the standard rate", "tier", "1.25", "sync+cache"),
        ("cache forgotten", "cache", "1.25", ""),
        ("old price", "price_age", "-2.5", "2026-11-10"),
        ("half of it", "missing_calls", "-2.5", None),
        ("no idea", "unknown", "4.5", None),
    ],
)
def test_each_mistake_of_a_source_is_named(
    said: Reported, workload: str, cause: str, usd: str, detail: str | None
) -> None:
    row = by_workload(said.rows)[workload]
    assert row.causes == ((cause, D(usd) * 1_000_000),)
    assert row.detail == detail
    assert row.difference_micro_usd == D(usd) * 1_000_000


def test_what_is_right_differs_by_nothing_and_what_was_not_said_is_not_compared(said: Reported) -> None:
    rows = by_workload(said.rows)
    assert rows["right"].causes == ()
    assert rows["right"].main_cause is None
    assert "nothing said" not in rows
    (left_out,) = said.not_compared
    assert (left_out.reason, left_out.n, left_out.micro_usd) == ("no_price", 1, D(1_000_000))


def test_the_classes_are_the_whole_difference(said: Reported, billed: Bills) -> None:
    for rows in (said.rows, billed.rows):
        total = together(rows)
        assert sum(amount for _, amount in total.causes) == total.difference_micro_usd
        for row in rows:
            assert sum(amount for _, amount in row.causes) == row.difference_micro_usd


def test_a_bill_by_day_and_model(billed: Bills) -> None:
    rows = {(row.first_day, row.model): row for row in billed.rows if row.provider == "openai"}
    first = rows[date(2026, 11, 10), "gpt-4o"]
    # right, rounded, no idea, nothing said and two halves at 2.50; batch and cached at 1.25
    assert first.computed_micro_usd == 6 * 2_500_000 + 2 * 1_250_000
    assert first.other_micro_usd == 16_500_000
    assert first.causes == (("credits", D(-1_000_000)),)
    second = rows[date(2026, 11, 12), "gpt-4o"]
    assert second.causes == (("price_age", D(-2_500_000)),)
    assert second.detail == "2026-11-10"


def test_what_only_the_bill_has(billed: Bills) -> None:
    rows = {row.model: row for row in billed.rows if row.first_day == date(2026, 11, 10)}
    assert rows["o3"].n_requests == 0
    assert rows["o3"].causes == (("missing_calls", D(3_000_000)),)
    assert rows[None].causes == (("no_model", D(750_000)),)


def test_projects_are_told_apart_where_all_of_them_are_workloads(billed: Bills) -> None:
    rows = {row.workload: row for row in billed.rows if row.provider == "anthropic"}
    assert set(rows) == {"alpha", "beta"}
    # 100,000 tokens at 3 USD are 0.30; a third off on the bill; half as much again, which nothing explains
    assert rows["alpha"].causes == (("credits", D(-100_000)),)
    assert rows["beta"].causes == (("unknown", D(150_000)),)
    assert rows["beta"].computed_micro_usd == 300_000


def test_calls_without_a_price_under_a_bill_are_counted(billed: Bills) -> None:
    assert [(item.source, item.reason, item.n) for item in billed.not_compared] == [("openai", "unpriced", 1)]


def test_who_is_to_be_trusted_after_the_bill(bench: Workbench, billed: Bills) -> None:
    own, gateway = (item for item in billed.trust if item.provider == "openai")
    (log,) = [item for item in bench.workspace.datasets() if item.name == "gateway.jsonl"]
    assert (own.source, gateway.source) == (None, log.dataset_id)
    # the bill charges 17.50 + 3 + 2.50 for models; the gateway said 15.0000004 + 7, and 1 without a price
    assert own.bill_micro_usd == 23_000_000
    assert own.micro_usd == 22_500_000
    assert not own.agrees
    assert gateway.micro_usd == D("23000000.4")
    assert gateway.n_missing == 2
    assert gateway.agrees


def test_no_bill_and_no_reported_cost_give_nothing(tmp_path: Path) -> None:
    empty = Workbench.open(tmp_path / "empty")
    assert empty.verify().reported() == Reported((), ())
    assert empty.verify().bills() == Bills((), (), ())
