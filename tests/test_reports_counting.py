"""Aggregates beside calls: which days they share, what a choice leaves out, worked out by hand."""

import csv
import shutil
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.schema import UNATTRIBUTED
from lanewise.importing import counted_twice
from reports import counting
from reports.counting import Counts
from reports.workbench import Workbench

CALL = ["call_id", "ts", "provider", "model", "workload", "input_tokens", "output_tokens"]
BUCKET = [*CALL, "ts_end", "n_requests", "grain"]


def write(path: Path, header: list[str], rows: list[list[Any]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def day(number: int) -> datetime:
    return datetime(2026, 11, number)


def call(number: int, at: datetime, provider: str = "openai", model: str = "gpt-4o") -> list[Any]:
    return [f"c{number}-{provider}", at.isoformat(), provider, model, "app", 1_000_000, 0]


def bucket(first: datetime, days: int = 1, provider: str = "openai", model: str = "gpt-4o") -> list[Any]:
    end = (first + timedelta(days=days)).isoformat()
    return [
        f"b{first:%d}-{provider}",
        first.isoformat(),
        provider,
        model,
        "",
        4_000_000,
        0,
        end,
        40,
        "bucket",
    ]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Aggregates of 2 to 5 November at 10 dollars a day; calls on the 4th and 6th at 2.50 each."""
    folder = tmp_path_factory.mktemp("template")
    found = Workbench.open(folder / "home")
    usage = [bucket(day(number)) for number in range(2, 6)]
    logged = [call(1, day(4) + timedelta(hours=23)), call(2, day(6))]
    found.import_file(write(folder / "usage.csv", BUCKET, usage))
    found.import_file(write(folder / "calls.csv", CALL, logged))
    found.analysis()  # leaves its roll-ups for the copies
    return found.workspace.path


@pytest.fixture
def bench(template: Path, tmp_path: Path) -> Workbench:
    return Workbench.open(shutil.copytree(template, tmp_path / "home"))


def spend(bench: Workbench) -> dict[str, Decimal | None]:
    return {result.workload: result.billed_micro_usd for result in bench.analysis().workloads}


def choose(bench: Workbench, counts: Counts) -> None:
    (overlap,) = bench.overlaps()
    bench.choose_counting(overlap, counts, author="Ann")


def test_days_of_one_provider_in_both_are_found(bench: Workbench) -> None:
    (overlap,) = bench.overlaps()
    assert overlap.provider == "openai"
    assert (overlap.aggregates.name, overlap.calls.name) == ("usage.csv", "calls.csv")
    assert overlap.days_utc == (day(4),)
    assert overlap.counts is None
    assert counting.is_aggregate(overlap.aggregates)
    assert not counting.is_aggregate(overlap.calls)


DOLLAR = 1_000_000


@pytest.mark.parametrize(
    ("counts", "aggregates", "calls", "left_out"),
    [
        (None, 40, 5, None),
        ("both", 40, 5, None),
        ("calls", 30, 5, ("Requests of “usage.csv” that another dataset counts", 40, "“calls.csv” counts")),
        (
            "aggregates",
            40,
            Decimal("2.5"),
            ("Requests of “calls.csv” that another dataset counts", 1, "“usage.csv” counts"),
        ),
    ],
)
def test_what_a_choice_leaves_out_is_in_no_figure_and_is_listed(
    bench: Workbench,
    counts: Counts | None,
    aggregates: int,
    calls: Decimal | int,
    left_out: tuple[str, int, str] | None,
) -> None:
    if counts is not None:
        choose(bench, counts)
    assert spend(bench) == {UNATTRIBUTED: aggregates * DOLLAR, "app": calls * DOLLAR}
    preview = bench.preview_rules(bench.rules())
    assert preview.cost_micro_usd == (aggregates + calls) * DOLLAR, "the rules see what the analysis counts"
    listed = [item for item in bench.analysis().not_counted if "another dataset" in item.what]
    if left_out is None:
        assert listed == []
    else:
        (item,) = listed
        assert (item.what, item.count) == left_out[:2]
        assert left_out[2] in item.detail


def test_a_choice_can_be_made_anew_and_is_kept_with_its_author(bench: Workbench) -> None:
    choose(bench, "calls")
    before = bench.fingerprint()
    choose(bench, "aggregates")
    assert bench.fingerprint() != before
    (overlap,) = bench.overlaps()
    assert overlap.counts == "aggregates"
    assert overlap.left_out is overlap.calls
    assert [version.author for version in bench.counting_history()] == ["Ann", "Ann"]
    assert bench.counting_history()[0].note == "openai: aggregates (usage.csv, calls.csv)"


def test_a_dataset_keeps_its_own_cost_whatever_counts(bench: Workbench) -> None:
    choose(bench, "calls")
    (overlap,) = bench.overlaps()
    assert bench.import_cost(overlap.aggregates.dataset_id)[0] == 40 * DOLLAR


def test_another_provider_on_the_same_days_is_other_spend(bench: Workbench, tmp_path: Path) -> None:
    rows = [call(1, day(3), "anthropic", "claude-sonnet-4-5")]
    bench.import_file(write(tmp_path / "claude.csv", CALL, rows))
    assert [overlap.provider for overlap in bench.overlaps()] == ["openai"]


def test_each_provider_of_a_pair_is_a_choice_of_its_own(bench: Workbench, tmp_path: Path) -> None:
    usage = [bucket(day(4), provider="anthropic", model="claude-sonnet-4-5")]
    calls = [call(9, day(4), "anthropic", "claude-sonnet-4-5")]
    bench.import_file(write(tmp_path / "more-usage.csv", BUCKET, usage))
    bench.import_file(write(tmp_path / "more-calls.csv", CALL, calls))
    first, second = bench.overlaps()
    assert [first.provider, second.provider] == ["anthropic", "openai"]
    bench.choose_counting(first, "calls", author="Ann")
    assert [overlap.counts for overlap in bench.overlaps()] == ["calls", None]
    # Everything of openai, and one call of a million tokens at the long-context price of 6 dollars.
    total = bench.analysis().totals.billed_micro_usd
    assert total == (40 + 5 + 6) * DOLLAR


def test_a_bucket_of_several_days_goes_whole(tmp_path: Path) -> None:
    bench = Workbench.open(tmp_path / "home")
    bench.import_file(
        write(tmp_path / "weekly.csv", BUCKET, [bucket(day(2), days=7), bucket(day(9), days=7)])
    )
    bench.import_file(write(tmp_path / "calls.csv", CALL, [call(1, day(8))]))
    (overlap,) = bench.overlaps()
    assert overlap.days_utc == (day(8),), "the end of a bucket is not in it"
    choose(bench, "calls")
    assert spend(bench) == {UNATTRIBUTED: 10 * DOLLAR, "app": Decimal("2.5") * DOLLAR}


def test_days_that_only_touch_do_not_overlap(tmp_path: Path) -> None:
    bench = Workbench.open(tmp_path / "home")
    bench.import_file(write(tmp_path / "usage.csv", BUCKET, [bucket(day(2))]))
    bench.import_file(write(tmp_path / "calls.csv", CALL, [call(1, day(3))]))
    assert bench.overlaps() == ()


def test_undated_calls_and_descriptions_overlap_with_nothing(bench: Workbench, tmp_path: Path) -> None:
    described = tmp_path / "workloads.csv"
    described.write_text(
        "name,requests_per_day,model,input_tokens,output_tokens\nReports,10,gpt-4o,1000,100\n",
        encoding="utf-8",
    )
    bench.import_file(described)
    undated = tmp_path / "undated.csv"
    undated.write_text(
        "call_id,provider,model,input_tokens,output_tokens\nu,openai,gpt-4o,1,1\n", encoding="utf-8"
    )
    bench.import_file(undated)
    assert len(bench.overlaps()) == 1
    choose(bench, "calls")
    assert "Reports" in spend(bench)


def test_a_deleted_dataset_takes_its_choice_out_of_force(bench: Workbench) -> None:
    choose(bench, "aggregates")
    (overlap,) = bench.overlaps()
    bench.delete(overlap.aggregates.dataset_id)
    assert bench.overlaps() == ()
    assert spend(bench) == {"app": 5 * DOLLAR}


def test_a_document_of_nonsense_is_no_choice() -> None:
    assert counting.choices(None) == {}
    assert (
        counting.choices({"choices": [{"provider": "p", "aggregates": "a", "calls": "c", "counts": "x"}]})
        == {}
    )


def _hours(number: int, model: str = "gpt-4o") -> list[list[Any]]:
    """A day of November by the hour: 24 buckets of 4,000,000 tokens in all, at 10 dollars."""
    rows = [bucket(day(number) + timedelta(hours=hour), model=model) for hour in range(24)]
    for hour, row in enumerate(rows):
        row[0] = f"h{number}-{hour}"
        row[5] = 160_000 + (160_000 if hour == 23 else 0)
        row[7] = (day(number) + timedelta(hours=hour + 1)).isoformat()
    return rows


def test_the_same_usage_by_the_day_and_by_the_hour_is_told_and_counts_once_when_chosen(
    bench: Workbench, tmp_path: Path
) -> None:
    before = bench.analysis().totals.billed_micro_usd or 0
    bench.import_file(write(tmp_path / "hourly.csv", BUCKET, _hours(2)))
    assert (bench.analysis().totals.billed_micro_usd or 0) - before == 10 * DOLLAR
    (reports,) = [overlap for overlap in bench.overlaps() if overlap.are_reports]
    assert (reports.aggregates.name, reports.calls.name) == ("usage.csv", "hourly.csv")
    assert reports.days_utc == (day(2),)
    told = [item for item in bench.analysis().not_counted if "both count" in item.what]
    assert [(item.what, item.count) for item in told] == [
        ("Days on which “usage.csv” and “calls.csv” both count", 1),
        ("Days on which “usage.csv” and “hourly.csv” both count", 1),
    ]
    assert [pair["names"] for pair in counted_twice(bench)] == [
        ["usage.csv", "calls.csv"],
        ["usage.csv", "hourly.csv"],
    ]
    bench.choose_counting(reports, "calls", author="Ann")
    assert bench.analysis().totals.billed_micro_usd == before
    assert [(pair["names"], pair["days"]) for pair in counted_twice(bench)] == [
        (["usage.csv", "calls.csv"], 1)
    ]
    assert len([item for item in bench.analysis().not_counted if "both count" in item.what]) == 1


def test_reports_of_other_models_are_other_usage(bench: Workbench, tmp_path: Path) -> None:
    bench.import_file(write(tmp_path / "embeddings.csv", BUCKET, _hours(2, "text-embedding-3-small")))
    assert not [overlap for overlap in bench.overlaps() if overlap.are_reports]
