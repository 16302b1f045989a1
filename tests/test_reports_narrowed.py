"""A part of the workloads: every figure is theirs, the parts add up to the whole, and the report says so."""

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal, localcontext
from importlib import import_module
from pathlib import Path

import pytest
from openpyxl import load_workbook

from reports.chosen import Chosen
from reports.look import Inputs
from reports.model import Analysis, NotCounted
from reports.narrowed import narrowed
from reports.report_compare import compare, since
from reports.report_compared import compared_section
from reports.report_earlier import read_earlier
from reports.report_files import FORMATS
from reports.report_markdown import render_blocks
from reports.report_schema import schema
from reports.triage_report import json_text, markdown
from reports.workbench import Workbench
from tests.test_reports_analysis import AS_OF, START, bench_with, call

# A call of gpt-4o is 1,000 x 2.5 + 100 x 10 = 3,500 micro-dollars, one of claude-sonnet-4-5
# 1,000 x 3 + 100 x 15 = 4,500, half of that in a batch: tokens times published dollars a million.
GPT = Decimal(3_500)
CLAUDE = Decimal(4_500)


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    """Chat: 48 gpt-4o calls. Jobs: 24 gpt-4o and 24 batched Claude calls. Odd: 10 undated, 2 unpriced."""
    folder = tmp_path_factory.mktemp("parts")
    calls = [call(number, workload="chat", reported_cost_usd="0.0035") for number in range(48)]
    calls += [call(100 + number, workload="jobs", ts=at(number)) for number in range(24)]
    claude = {"provider": "anthropic", "model": "claude-sonnet-4-5", "tier": "batch", "workload": "jobs"}
    calls += [call(200 + number, **claude, ts=at(24 + number)) for number in range(24)]
    calls += [call(300 + number, workload="odd", ts=None) for number in range(10)]
    calls += [call(400 + number, workload="odd", model="nobody-s-model", ts=at(2)) for number in range(2)]
    calls += [call(500, workload="odd", status="error", input_tokens=None, output_tokens=None, ts=at(3))]
    made = bench_with(folder, calls)
    made.declare("chat", author="ada", user_waiting=True)
    made.declare("jobs", author="ada", user_waiting=False, max_wait="24h")
    return made


def at(hour: int) -> str:
    return START.replace(day=START.day + hour // 24, hour=hour % 24).isoformat()


@pytest.fixture(scope="module")
def inputs(bench: Workbench) -> Inputs:
    return bench.inputs(as_of=AS_OF)


@pytest.fixture(scope="module")
def whole(bench: Workbench) -> Analysis:
    return bench.analysis(AS_OF)


def test_a_part_has_the_figures_of_its_workloads_and_none_of_the_others(
    whole: Analysis, inputs: Inputs
) -> None:
    jobs = narrowed(whole, inputs, Chosen(find="JOB"))
    assert [result.workload for result in jobs.workloads] == ["jobs"]
    assert jobs.totals.billed_micro_usd == 24 * GPT + 24 * CLAUDE / 2
    assert (jobs.totals.n_requests, jobs.totals.n_reported, jobs.totals.reported_micro_usd) == (48, 0, None)
    assert jobs.totals.spend_by_label == {"batch": 24 * GPT + 24 * CLAUDE / 2}
    assert (jobs.coverage.n_requests, jobs.coverage.n_priced, jobs.coverage.complete) == (48, 48, True)
    assert (jobs.unpriced, jobs.not_counted) == ((), ())
    assert {row.provider for row in jobs.prices_used} == {"openai", "anthropic"}
    assert {day.workload for day in jobs.days} == {"jobs"}
    assert jobs.totals.saving_per_year == whole.workload("jobs").saving_per_year
    # The verdict and the projection are the whole's: the log was watched for its 48 hours.
    assert jobs.workload("jobs") == whole.workload("jobs")
    assert (jobs.first_hour_utc, jobs.window_hours) == (START, 48)

    chat = narrowed(whole, inputs, Chosen(labels=("interactive",)))
    assert (chat.totals.n_reported, chat.totals.reported_micro_usd) == (48, 48 * GPT)
    assert {row.provider for row in chat.prices_used} == {"openai"}
    assert chat.price_extract is not None
    assert {row.provider for row in chat.price_extract.rows} == {"openai"}

    odd = narrowed(whole, inputs, Chosen(find="odd"))
    assert odd.totals.billed_micro_usd == 10 * GPT
    assert {item.what: item.count for item in odd.not_counted} == {
        "Calls without a time": 10,
        "Failed calls without usage": 1,
    }
    assert [(item.model, item.n_requests) for item in odd.unpriced] == [("nobody-s-model", 2)]
    mark = odd.narrowed
    assert mark is not None
    assert (mark.n_workloads, mark.of_workloads) == (1, 3)
    assert (mark.whole_n_requests, mark.whole_billed_micro_usd) == (109, 82 * GPT + 12 * CLAUDE)


def test_whole_workloads_by_provider_with_all_they_have(whole: Analysis, inputs: Inputs) -> None:
    anthropic = narrowed(whole, inputs, Chosen(providers=("anthropic",)))
    assert anthropic.totals.billed_micro_usd == 24 * GPT + 12 * CLAUDE
    both = narrowed(whole, inputs, Chosen(labels=("interactive",), providers=("anthropic",)))
    assert both.workloads == ()
    assert (both.totals.billed_micro_usd, both.totals.n_requests, both.days) == (None, 0, ())


def test_the_parts_by_label_add_up_to_the_whole_exactly(whole: Analysis, inputs: Inputs) -> None:
    labels = {result.verdict.label for result in whole.workloads}
    assert labels == {"interactive", "batch", "unknown"}
    parts = [narrowed(whole, inputs, Chosen(labels=(label,))) for label in labels]
    counts: tuple[Callable[[Analysis], Decimal | int | None], ...] = (
        lambda found: found.totals.billed_micro_usd,
        lambda found: found.totals.n_requests,
        lambda found: found.totals.n_reported,
        lambda found: found.coverage.n_priced,
        lambda found: found.coverage.tokens,
        lambda found: found.coverage.priced_tokens,
        lambda found: found.coverage.reported_usd,
    )
    years: tuple[Callable[[Analysis], Decimal], ...] = (
        lambda found: found.totals.current_per_year_micro_usd,
        lambda found: found.totals.saving_per_year.low,
        lambda found: found.totals.saving_per_year.base,
        lambda found: found.totals.potential_per_year.high,
    )
    with localcontext(prec=60):
        for read in counts:
            assert sum((read(found) or 0 for found in parts), Decimal(0)) == read(whole)
        for year in years:
            # A year is a quotient, kept to 60 digits.
            assert abs(sum((year(found) for found in parts), Decimal(0)) - year(whole)) < Decimal("1e-30")
    assert sorted(day for found in parts for day in map(repr, found.days)) == sorted(map(repr, whole.days))


def test_a_filter_that_keeps_all_changes_no_figure(whole: Analysis, inputs: Inputs) -> None:
    found = narrowed(whole, inputs, Chosen(find="  "))
    assert replace(found, narrowed=None) == replace(whole, not_counted=found.not_counted)


def test_what_no_filter_can_divide_says_so(whole: Analysis, inputs: Inputs) -> None:
    aside = NotCounted("Requests that another dataset counts", 7, "As chosen.")
    found = narrowed(whole, replace(inputs, set_aside=(aside,)), Chosen(find="jobs"))
    (item,) = found.not_counted
    assert (item.what, item.count) == ("Requests that another dataset counts (whole workspace)", 7)
    assert item.detail.startswith("As chosen. Counted for the whole workspace")


def test_realised_savings_are_narrowed_by_workload(bench: Workbench, inputs: Inputs) -> None:
    found = bench.verify().realised(AS_OF)
    assert found.of({"jobs"}).total.saved_micro_usd == 12 * CLAUDE
    assert found.of({"chat"}).rows == ()
    assert found.of({"chat", "jobs", "odd"}) == found


# ---------------------------------------------------------------- the report


def test_every_format_says_which_part_it_covers_and_ties_to_it(whole: Analysis, inputs: Inputs) -> None:
    part = narrowed(whole, inputs, Chosen(labels=("batch",), find="job"))
    written = {name: known.write(part, None) for name, known in FORMATS.items()}
    says = "1 of 3 workloads"
    # 24 x 3,500 + 24 x 2,250 micro-dollars are $0.138; the whole is 82 x 3,500 + 12 x 4,500 = $0.341.
    text = written["md"].decode()
    assert text.index("## What this report covers") < text.index("## Summary")
    assert f"**A part: {says}.** Filter: name contains “job”; label Batch." in text
    assert "**Spend in the log:** $0.14 of $0.34." in text
    assert "chat" not in text
    assert says in written["html"].decode()
    rows = list(csv.DictReader(io.StringIO(written["csv"].decode())))
    assert [row["workload"] for row in rows] == ["jobs", "TOTAL"]
    assert {row["covers"] for row in rows} == {
        f"{says}, $0.14 of $0.34 spend; name contains “job”; label Batch"
    }
    assert rows[-1]["spend_in_log_usd"] == "0.138"
    focus = list(csv.DictReader(io.StringIO(written["focus"].decode())))
    assert sum(Decimal(row["EffectiveCost"]) for row in focus) == Decimal("0.138")
    assert all(row["x_Covers"].startswith(says) for row in focus)
    sheet = load_workbook(io.BytesIO(written["xlsx"]))["Summary"]
    facts = {row[0].value: row[1].value for row in sheet.iter_rows(min_row=3, max_row=7)}
    assert str(facts["Covers"]).startswith(says)
    assert facts["Spend in the log"] == 0.138
    assert facts["Spend in the log, all workloads"] == 0.341
    told = json.loads(written["json"])
    assert told["totals"]["billed_usd"] == "0.138"
    assert told["narrowed"]["by"] == {"find": "job", "labels": ["batch"], "providers": []}
    assert told["narrowed"]["whole_billed_usd"] == "0.341"
    import_module("jsonschema").Draft202012Validator(schema()).validate(told)
    assert "narrowed" not in json.loads(json_text(whole))
    assert "What this report covers" not in markdown(whole)


def test_the_report_on_a_part_opens_again_as_it_was(
    bench: Workbench, whole: Analysis, inputs: Inputs
) -> None:
    part = narrowed(whole, inputs, Chosen(providers=("anthropic",)))
    assert json_text(bench.reopen(json_text(part))) == json_text(part)


# ---------------------------------------------------------------- compared


def known(whole: Analysis) -> set[str]:
    return {result.workload for result in whole.workloads}


def test_what_the_filter_leaves_out_is_not_gone(bench: Workbench, whole: Analysis, inputs: Inputs) -> None:
    part = narrowed(whole, inputs, Chosen(find="jobs"))
    found = since(json_text(whole), part, bench.reopen, known(whole))
    assert (found.changes, found.n_unchanged) == ((), 1)
    assert (found.scope.names, found.scope.left_then, found.scope.left_now) == (("jobs",), 2, 0)
    assert found.scope.cost_then == found.scope.cost_now
    text = render_blocks(compared_section(found).blocks)
    assert "**Compared:** 1 workloads." not in text
    assert "The earlier report covers all, this one covers 1 of 3 workloads (name contains “jobs”)" in text
    assert "Not compared: 2 of the earlier report that this filter leaves out" in text


def test_an_earlier_part_says_nothing_of_the_others(
    bench: Workbench, whole: Analysis, inputs: Inputs
) -> None:
    part = narrowed(whole, inputs, Chosen(find="jobs"))
    found = since(json_text(part), whole, bench.reopen, known(whole))
    assert (found.changes, found.n_unchanged) == ((), 1)
    assert (found.scope.left_then, found.scope.left_now) == (0, 2)


def test_what_left_the_workspace_is_gone_where_the_filter_would_have_kept_it(
    whole: Analysis, inputs: Inputs
) -> None:
    part = narrowed(whole, inputs, Chosen(find="jobs"))
    ghost = replace(whole.workload("jobs"), workload="old-jobs")
    other = replace(whole.workload("chat"), workload="old-chat")
    then = replace(whole, workloads=(*whole.workloads, ghost, other))
    found = compare(read_earlier(json_text(then)), part, None, known(whole))
    assert [
        change.workload for change in found.changes if change.why == ("No longer in the workspace.",)
    ] == ["old-jobs"]
    assert found.scope.left_then == 3


def test_filters_read_as_people_say_them(tmp_path: Path) -> None:
    assert Chosen().words == ""
    assert not Chosen(find=" ").any
    assert Chosen(labels=("batch", "unknown"), providers=("openai",)).words == (
        "label Batch or Unknown; provider openai"
    )


def test_the_days_of_a_part_are_those_of_its_log_however_that_was_cut_into_files(tmp_path: Path) -> None:
    bench = Workbench.open(tmp_path / "home")
    for day, names in ((2, ("weekly", "nightly")), (3, ("nightly",)), (4, ("nightly",))):
        rows = [f"{name}-{day},2026-11-0{day}T01:00:00Z,openai,gpt-4o,{name},10,1" for name in names]
        file = tmp_path / f"{day}.csv"
        file.write_text(
            "\n".join(["call_id,ts,provider,model,workload,input_tokens,output_tokens", *rows]) + "\n"
        )
        bench.import_file(file)
    whole = bench.analysis()
    part = narrowed(whole, bench.inputs(), Chosen(find="weekly"))
    assert (part.first_hour_utc, part.last_hour_utc, part.window_hours) == (
        datetime(2026, 11, 2, 1),
        datetime(2026, 11, 4, 1),
        72,
    )
    assert whole.window_hours == 72
