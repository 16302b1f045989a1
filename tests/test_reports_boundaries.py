"""Thresholds and days on which prices change, from a log through the roll-up to the cost."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from pricing.cost import lane_costs
from pricing.discounts import Discount
from pricing.model import AS_BILLED, PriceRow
from pricing.overlay import PriceEdit
from pricing.table import PriceTable
from reports.model import Analysis
from reports.reopen import ReportError
from reports.triage_report import json_text, markdown
from reports.workbench import Workbench

AS_OF = datetime(2026, 11, 21)


def call(name: str, **values: object) -> dict[str, object]:
    """One plain call whose workload is its name, of the day before the analysis."""
    return {
        "call_id": name,
        "ts": "2026-11-20T12:00:00Z",
        "provider": "openai",
        "model": "gpt-4o",
        "workload": name,
        "input_tokens": 0,
        "cache_read_tokens": 0,
        "cache_write_tokens": 0,
        "cache_write_long_tokens": 0,
        "output_tokens": 0,
        "tier": "standard",
        "status": "ok",
    } | values


def bench_with(folder: Path, calls: list[dict[str, object]]) -> Workbench:
    bench = Workbench.open(folder / "workspace")
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(item) + "\n" for item in calls))
    assert bench.import_file(log).rejected == 0
    return bench


def billed(bench: Workbench, prices: PriceTable | None = None) -> dict[str, Decimal]:
    """Workload -> dollars as billed, from the cube that the roll-up made of the log."""
    table = prices or bench.prices()
    rows = lane_costs(
        bench.cube(table), table, group_by=["workload"], as_of=None, undated_as_of=AS_OF, lanes=[AS_BILLED]
    ).to_pylist()
    assert [row["reason"] for row in rows] == [None] * len(rows)
    return {row["workload"]: row["cost_micro_usd"].scaleb(-6) for row in rows}


def test_a_call_pays_the_band_its_whole_input_reaches(tmp_path: Path) -> None:
    pro: dict[str, object] = {"provider": "gemini", "model": "gemini-2.5-pro", "output_tokens": 1_000}
    grok: dict[str, object] = {"provider": "xai", "model": "grok-4.3"}
    gpt: dict[str, object] = {"provider": "openai", "model": "gpt-5.4"}
    haiku: dict[str, object] = {"provider": "anthropic", "model": "claude-haiku-5-5"}
    cases: dict[str, tuple[dict[str, object], str]] = {
        # 200,000 x 1.25 + 1,000 x 10, then 200,001 x 2.5 + 1,000 x 15
        "gemini below": (pro | {"input_tokens": 200_000}, "0.26"),
        "gemini above": (pro | {"input_tokens": 200_001}, "0.5150025"),
        # the cached part counts: 50,001 x 2.5 + 150,000 x 0.25 + 1,000 x 15
        "gemini cached": (pro | {"input_tokens": 200_001, "cache_read_tokens": 150_000}, "0.1775025"),
        # xAI's threshold belongs to the longer band
        "xai below": (grok | {"input_tokens": 199_999}, "0.24999875"),
        "xai at": (grok | {"input_tokens": 200_000}, "0.5"),
        "gpt at": (gpt | {"input_tokens": 272_000}, "0.68"),
        "gpt above": (gpt | {"input_tokens": 272_001}, "1.360005"),
        "haiku at": (haiku | {"input_tokens": 100_000}, "0.01"),
        "haiku above": (haiku | {"input_tokens": 100_001}, "0.0500005"),
        # batches have the same thresholds, at half: 100,001 x 0.25
        "haiku batch": (haiku | {"input_tokens": 100_001, "tier": "batch"}, "0.02500025"),
    }
    bench = bench_with(tmp_path, [call(name, **values) for name, (values, _) in cases.items()])
    assert billed(bench) == {name: Decimal(expected) for name, (_, expected) in cases.items()}


def test_a_price_change_holds_from_its_second_on(tmp_path: Path) -> None:
    million: dict[str, object] = {"input_tokens": 1_000_000, "tier": "batch"}
    short: dict[str, object] = {"input_tokens": 100_000, "output_tokens": 10_000}
    cases: dict[str, tuple[str, dict[str, object], str]] = {
        # Sol: 0.1 x 5 + 0.01 x 30, then 0.1 x 4 + 0.01 x 20
        "sol a second before": ("2026-08-20T23:59:59Z", {"model": "gpt-5.6-sol", **short}, "0.8"),
        "sol at": ("2026-08-21T00:00:00Z", {"model": "gpt-5.6-sol", **short}, "0.6"),
        # the same instant said in another zone
        "sol at, in New York": ("2026-08-20T20:00:00-04:00", {"model": "gpt-5.6-sol", **short}, "0.6"),
        # Luna: 0.1 x 1 + 0.01 x 6, then 0.1 x 0.2 + 0.01 x 1.2
        "luna a second before": ("2026-07-29T23:59:59Z", {"model": "gpt-5.6-luna", **short}, "0.16"),
        "luna at": ("2026-07-30T00:00:00Z", {"model": "gpt-5.6-luna", **short}, "0.032"),
        # an announced one, in a batch: 1, then 2
        "argon a second before": (
            "2026-11-30T23:59:59Z",
            {"provider": "gemini", "model": "gemini-4-argon", **million},
            "1",
        ),
        "argon at": (
            "2026-12-01T00:00:00Z",
            {"provider": "gemini", "model": "gemini-4-argon", **million},
            "2",
        ),
    }
    bench = bench_with(tmp_path, [call(name, ts=ts, **values) for name, (ts, values, _) in cases.items()])
    assert billed(bench) == {name: Decimal(expected) for name, (_, _, expected) in cases.items()}


def uncut(table: PriceTable, model: str, before: str) -> PriceTable:
    """The table as if a price cut had never come: the rows before it hold on."""
    cut = datetime.fromisoformat(before)
    edits = [
        PriceEdit(row.model_copy(update={"valid_from": cut, "valid_to": None}), "test", AS_OF)
        for row in table.rows_for("openai", model)
        if row.valid_to == cut
    ]
    assert edits
    return table.with_edits(edits)


@pytest.mark.parametrize(
    ("model", "cut", "usd_before", "usd_after"),
    [("gpt-5.6-sol", "2026-08-21", "0.8", "0.6"), ("gpt-5.6-luna", "2026-07-30", "0.16", "0.032")],
)
def test_a_cut_changes_only_the_calls_after_it(
    tmp_path: Path, model: str, cut: str, usd_before: str, usd_after: str
) -> None:
    days = ["2026-07-01", "2026-07-29", "2026-07-30", "2026-08-20", "2026-08-21", "2026-10-01"]
    calls = [
        call(day, ts=f"{day}T12:00:00Z", model=model, input_tokens=100_000, output_tokens=10_000)
        for day in days
    ]
    bench = bench_with(tmp_path, calls)
    with_cut, without = billed(bench), billed(bench, uncut(bench.prices(), model, cut))
    assert without == dict.fromkeys(days, Decimal(usd_before))
    assert with_cut == {day: Decimal(usd_before if day < cut else usd_after) for day in days}


def argon_log(folder: Path) -> Workbench:
    """Ten days of one call an hour: a million tokens in a batch, on a model whose price doubles soon."""
    hours = [f"2026-11-{11 + n // 24:02}T{n % 24:02}:00:00Z" for n in range(240)]
    argon = {"provider": "gemini", "model": "gemini-4-argon", "workload": "w", "input_tokens": 1_000_000}
    return bench_with(folder, [call(hour, ts=hour, **argon) for hour in hours])


def test_a_projection_year_prices_each_hour_at_its_own_price(tmp_path: Path) -> None:
    analysis = argon_log(tmp_path).analysis(AS_OF)
    # 8,760 calls a year: 240 hours until 2026-12-01 at $2, 8,520 at $4; a batch costs half of both
    assert analysis.totals.current_per_year_micro_usd == (240 * 2 + 8_520 * 4) * 1_000_000
    (part,) = analysis.workload("w").parts
    assert part.year_factor is not None
    batch = part.lane("batch").cost_micro_usd
    assert batch is not None
    assert round(batch * part.year_factor, 6) == (240 * 1 + 8_520 * 2) * 1_000_000
    # the log itself is billed at the price of its days
    assert analysis.totals.billed_micro_usd == 240 * 2 * 1_000_000
    (change,) = [item for item in analysis.assumptions if "gemini-4-argon" in item.name]
    assert change.name == "The price of gemini-4-argon (gemini) changes on 2026-12-01"
    assert (change.low, change.base, change.high) == ("4 in, 20 out",) * 3
    assert change.source.startswith("Known ahead: until then 2 in, 10 out (sync, no caching)")


def test_a_year_after_the_change_has_one_price(tmp_path: Path) -> None:
    analysis = argon_log(tmp_path).analysis(datetime(2026, 12, 1))
    assert analysis.totals.current_per_year_micro_usd == 8_760 * 4 * 1_000_000
    assert not [item for item in analysis.assumptions if "gemini-4-argon" in item.name]


def test_a_contract_that_ends_within_the_year_is_part_of_the_projection(tmp_path: Path) -> None:
    bench = bench_with(
        tmp_path,
        [
            call(f"c{n}", ts=f"2026-11-20T{n:02}:00:00Z", workload="w", input_tokens=1_000_000)
            for n in range(24)
        ],
    )
    half = Discount(provider="openai", percent_off=Decimal(50), valid_to=datetime(2026, 12, 21))
    bench.discounts().set([half], author="ada")
    # gpt-4o at $2.50: 30 days at half, 335 at list
    expected = (30 * 24 * Decimal("1.25") + 335 * 24 * Decimal("2.5")) * 1_000_000
    assert bench.analysis(AS_OF).totals.current_per_year_micro_usd == expected


def costs_of(analysis: Analysis) -> list[object]:
    """Every amount of an analysis that a reader could compare."""
    return [
        analysis.totals,
        [
            (result.workload, result.billed_micro_usd, result.saving_per_year, result.recommended_lane)
            for result in analysis.workloads
        ],
        [
            (lane.lane, lane.cost_micro_usd, lane.projected, lane.reason_code)
            for result in analysis.workloads
            for part in result.parts
            for lane in part.lanes
        ],
        [(day.day_utc, day.workload, day.cost_micro_usd) for day in analysis.days],
    ]


def dearer(row: PriceRow) -> PriceRow:
    raised = {name: value + 1 for name, value in row if name.endswith("_usd_per_mtok") and value is not None}
    return row.model_copy(update=raised)


def test_a_report_opened_after_a_table_upgrade_says_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = argon_log(tmp_path)
    more = tmp_path / "more.jsonl"
    night = {"provider": "deepseek", "model": "deepseek-v4-flash", "workload": "night"}
    dated = {"model": "openai/gpt-4.1-2025-04-14", "workload": "dated", "cache_read_tokens": 90_000}
    cached = {"provider": "anthropic", "model": "claude-sonnet-4-5", "workload": "long"}
    calls = [
        call("n1", ts="2026-11-19T02:00:00Z", input_tokens=100_000, **night),
        call("n2", ts="2026-11-19T12:00:00Z", input_tokens=100_000, **night),
        call("d1", ts="2026-11-19T12:00:00Z", input_tokens=100_000, **dated),
        call("l1", ts="2026-11-19T12:00:00Z", input_tokens=200_001, cache_read_tokens=150_000, **cached),
        call("u1", ts="2026-11-19T12:00:00Z", model="nobody-knows", workload="u", input_tokens=1),
    ]
    more.write_text("".join(json.dumps(item) + "\n" for item in calls))
    assert bench.import_file(more).rejected == 0
    discounts = [
        Discount(provider="openai", percent_off=Decimal(10)),
        Discount(provider="openai", model_glob="gpt-4*", percent_off=Decimal("33.33"), tier="batch"),
        Discount(provider="gemini", kind="regional", percent_off=Decimal(-10)),
    ]
    bench.discounts().set(discounts, author="ada")
    bench.declare("dated", author="ada", user_waiting=False, max_wait="24h")
    before = bench.analysis(AS_OF)
    report = json_text(before)

    shipped = PriceTable.shipped()
    upgraded = PriceTable([dearer(row) for row in shipped.rows])
    monkeypatch.setattr(PriceTable, "shipped", classmethod(lambda cls: upgraded))
    bench.discounts().set([], author="ada")
    assert costs_of(bench.analysis(AS_OF)) != costs_of(before)
    again = bench.reopen(report)
    assert costs_of(again) == costs_of(before)
    assert again.price_version == before.price_version
    assert json_text(bench.reopen(json_text(again))) == json_text(again)
    # 0.9 of the list price of gpt-4.1, 1.1 of that of Argon
    assert before.totals.list_micro_usd is not None
    assert before.totals.list_micro_usd != before.totals.billed_micro_usd
    assert "## Discounts" in markdown(before)
    assert "The same at list prices" in markdown(before)
    assert json.loads(report)["price_extract"]["version"] == before.price_version


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "cannot be read"),
        ("[]", "no Lanewise report"),
        ('{"schema": "other/1"}', "no Lanewise report"),
        ('{"schema": "lanewise.triage-report/1", "as_of": "2026-11-21"}', "lacks 'price_extract'"),
        ('{"schema": "lanewise.triage-report/1", "as_of": "x", "price_extract": {}}', "cannot be read"),
        (
            '{"schema": "lanewise.triage-report/1", "as_of": "2026-11-21", "price_extract": {}}',
            "cannot be read",
        ),
    ],
)
def test_what_is_no_report_is_refused_in_words(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(ReportError, match=words):
        Workbench.open(tmp_path).reopen(text)


def test_coverage_counts_calls_tokens_and_reported_spend(tmp_path: Path) -> None:
    known = {"input_tokens": 1_000, "reported_cost_usd": "0.75"}
    calls = [
        call("known", **known),
        call("unknown model", model="nobody-knows", input_tokens=3_000, reported_cost_usd="0.25"),
        call("failed", status="error", input_tokens=None, output_tokens=None),
    ]
    coverage = bench_with(tmp_path, calls).analysis(AS_OF).coverage
    assert (coverage.share_of_requests, coverage.share_of_tokens, coverage.share_of_spend) == (
        0.5,
        0.25,
        0.75,
    )
    assert not coverage.complete
    assert (coverage.reported_usd, coverage.priced_reported_usd) == (Decimal(1), Decimal("0.75"))


def test_coverage_of_a_log_without_reported_costs_has_no_share_of_spend(tmp_path: Path) -> None:
    coverage = bench_with(tmp_path, [call("known", input_tokens=1)]).analysis(AS_OF).coverage
    assert (coverage.share_of_requests, coverage.share_of_spend, coverage.complete) == (1.0, None, True)
