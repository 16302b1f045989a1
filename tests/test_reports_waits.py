"""What a person says of many workloads at once: how long they may wait, and what it changes."""

import shutil
from pathlib import Path

import pytest

from data.declared import Declared
from reports import counting
from reports.workbench import Workbench
from tests.test_reports_counting import BUCKET, CALL, bucket, call, day, write

WORKLOAD = BUCKET.index("workload")


def usage_report(path: Path, *workloads: str) -> Path:
    """400 calls of gpt-4o, 4,000,000 tokens in, for each project on 2 November."""
    rows = []
    for name in workloads:
        row = bucket(day(2))
        row[0], row[WORKLOAD], row[BUCKET.index("n_requests")] = f"b-{name}", name, 400
        rows.append(row)
    return write(path, BUCKET, rows)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Projects `search`, `notes` and `app` from a report; `app` has a call in a log too."""
    folder = tmp_path_factory.mktemp("template")
    found = Workbench.open(folder / "home")
    found.import_file(usage_report(folder / "usage.csv", "search", "notes", "app"))
    found.import_file(write(folder / "calls.csv", CALL, [call(1, day(9))]))
    found.analysis()  # leaves its roll-ups for the copies
    return found.workspace.path


@pytest.fixture
def bench(template: Path, tmp_path: Path) -> Workbench:
    return Workbench.open(shutil.copytree(template, tmp_path / "home"))


def said(bench: Workbench) -> dict[str, Declared]:
    return {item.name: item for item in bench.workspace.declared()}


def labels(bench: Workbench) -> dict[str, str]:
    return {result.workload: result.verdict.label for result in bench.analysis().workloads}


def test_only_workloads_without_a_single_call_are_known_from_aggregates_only(bench: Workbench) -> None:
    assert counting.only_aggregates(bench.cube()) == {"search", "notes"}


def test_a_described_workload_is_not_known_from_aggregates(bench: Workbench, tmp_path: Path) -> None:
    described = tmp_path / "described.csv"
    described.write_text(
        "name,model,requests_per_day,input_tokens,output_tokens\nplanned,gpt-4o,10,1000,100\n"
    )
    bench.import_file(described)
    assert counting.only_aggregates(bench.cube()) == {"search", "notes"}


def test_one_word_for_many_changes_their_labels(bench: Workbench) -> None:
    assert labels(bench) == {"search": "unknown", "notes": "unknown", "app": "unknown"}
    changed = bench.declare_waits(["search", "notes"], author="Ann", somebody_waits=False, max_wait="24h")
    assert changed == 2
    assert labels(bench) == {"search": "batch", "notes": "batch", "app": "unknown"}
    assert [version.author for version in bench.declaration_history()] == ["Ann", "Ann"]
    again = bench.declare_waits(["search", "notes"], author="Ben", somebody_waits=False, max_wait="24h")
    assert again == 0
    assert len(bench.declaration_history()) == 2


def test_other_facts_stay_and_a_wait_takes_back_that_somebody_waits(bench: Workbench) -> None:
    bench.declare("search", author="Ann", trigger="schedule", sequential=True, user_waiting=True)
    bench.declare_waits(["search"], author="Ben", somebody_waits=False, max_wait="8h")
    item = said(bench)["search"]
    assert (item.max_wait_ms, item.user_waiting) == (8 * 3_600_000, None)
    assert (item.trigger, item.sequential) == ("schedule", True)


def test_that_nobody_waits_is_kept_beside_a_wait(bench: Workbench) -> None:
    bench.declare("search", author="Ann", user_waiting=False)
    bench.declare_waits(["search"], author="Ben", somebody_waits=False, max_wait="8h")
    assert said(bench)["search"].user_waiting is False


def test_somebody_waits_and_nobody_has_said(bench: Workbench) -> None:
    bench.declare_waits(["search"], author="Ann", somebody_waits=True, max_wait=None)
    assert (said(bench)["search"].user_waiting, said(bench)["search"].max_wait_ms) == (True, None)
    assert labels(bench)["search"] == "interactive"
    bench.declare_waits(["search"], author="Ann", somebody_waits=False, max_wait=None)
    assert labels(bench)["search"] == "unknown"


def test_a_wait_that_is_none_is_refused_before_anything_is_saved(bench: Workbench) -> None:
    with pytest.raises(ValueError, match="Write a wait"):
        bench.declare_waits(["search", "notes"], author="Ann", somebody_waits=False, max_wait="soon")
    assert bench.declaration_history() == ()
