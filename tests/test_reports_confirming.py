"""What a log suggests is confirmed or refused for many workloads with one press, by name, and taken back."""

import shutil
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from reports.confirming import Suggestion, one_line, suggestions
from reports.workbench import Workbench
from tests.test_reports_behaviour import MONDAY, log
from triage.behaviour import Behaviour
from triage.engine import judge
from triage.model import WorkloadFacts
from triage.policy import Policy

AS_OF = datetime(2026, 11, 20)


def job(name: str, hour: int, tokens: int = 1_000) -> list[dict[str, Any]]:
    """120 calls from the full hour on, one a second, every night of two weeks; nothing streams."""
    return [
        {
            "ts": MONDAY + timedelta(days=day, hours=hour, seconds=second),
            "workload": name,
            "model": "gpt-4.1",
            "input_tokens": tokens,
            "output_tokens": 100,
            "streamed": "false",
        }
        for day in range(14)
        for second in range(120)
    ]


def chat(name: str) -> list[dict[str, Any]]:
    return [
        {"ts": MONDAY + timedelta(hours=hour), "workload": name, "streamed": "true"}
        for hour in range(14 * 24)
    ]


def suggesting(folder: Path) -> Workbench:
    """Two nightly jobs that nobody speaks for, a chain of steps, a job with an owner, and a chat."""
    bench = log(
        folder,
        [*job("export", 2), *job("scores", 3, 2_000), *job("chain", 4), *job("owned", 5), *chat("support")],
    )
    bench.declare("chain", author="Ann", sequential=True)
    bench.declare("owned", author="Ann", max_wait="10m")
    return bench


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    bench = suggesting(tmp_path_factory.mktemp("suggesting"))
    bench.analysis(AS_OF)  # leaves its roll-ups for the copies
    return bench.workspace.path


@pytest.fixture
def bench(template: Path, tmp_path: Path) -> Workbench:
    return Workbench.open(shutil.copytree(template, tmp_path / "home"))


def found(bench: Workbench) -> dict[str, Suggestion]:
    inputs = bench.inputs(as_of=AS_OF)
    return {item.workload: item for item in suggestions(inputs, bench.analysis(AS_OF))}


def labels(bench: Workbench) -> dict[str, str]:
    return {item.workload: item.verdict.label for item in bench.analysis(AS_OF).workloads}


def test_every_suggestion_is_listed_with_its_evidence_and_what_it_would_save(bench: Workbench) -> None:
    """scores: 1,680 calls in 14 days of 2,000 in at 2.00 and 100 out at 8.00 a million; a batch is half."""
    listed = found(bench)
    assert list(listed) == ["scores", "export", "chain"], "the largest saving first"
    scores = listed["scores"]
    assert scores.label == "batch"
    assert scores.confirming == {"max_wait_ms": 86_400_000}
    assert 0.5 < scores.confidence < 1
    assert "Calls come in bursts of 120 without a minute's pause." in scores.evidence
    assert "line:" not in scores.evidence
    assert "\n" not in scores.evidence
    assert listed["chain"].label == "semi_interactive"
    assert listed["chain"].evidence.startswith("Calls keep to the same minutes of the hour, ")
    assert listed["chain"].confirming == {"max_wait_ms": 3_600_000}
    # What it saves once it is confirmed is what the analysis says then, to the last digit.
    bench.confirming().confirm(list(listed.values()), author="Ben")
    analysis = bench.analysis(AS_OF)
    for name, item in listed.items():
        assert analysis.workload(name).saving_per_year == item.saving
        assert analysis.workload(name).recommended_lane == item.lane
    # 1 % of the requests run again at today's price in the base case; the log covers 14 days.
    fortnight = 1_680 * (2_000 * Decimal(2) + 100 * Decimal(8)) / 2 * Decimal("0.99")
    assert round(scores.saving.base, 3) == round(fortnight * 365 / 14, 3)
    assert suggestions(bench.inputs(as_of=AS_OF), analysis) == ()


def test_one_press_confirms_the_chosen_ones_by_name_and_can_be_taken_back(bench: Workbench) -> None:
    listed = found(bench)
    before = labels(bench)
    press = bench.confirming()
    assert press.confirm([listed["scores"], listed["chain"]], author="Ben") == 2
    after = labels(bench)
    assert (after["scores"], after["chain"], after["export"]) == ("batch", "semi_interactive", "unknown")
    newest = bench.declaration_history()[0]
    assert (newest.author, newest.note) == ("Ben", "confirmed from behaviour: scores, chain")
    verdict = bench.analysis(AS_OF).workload("scores").verdict
    assert {(item.kind, item.source) for item in verdict.evidence if item.field == "max_wait_ms"} == {
        ("declared", "Ben, confirmed from behaviour")
    }
    last = press.last()
    assert last is not None
    assert (last.author, last.note) == ("Ben", newest.note)
    assert press.undo(last, author="Ann")
    assert labels(bench) == before
    assert press.last() is None
    assert not press.undo(last, author="Ann")
    said = {item.name: item for item in bench.workspace.declared()}
    assert said["chain"].sequential, "what was declared before stays"


def test_a_refusal_is_recorded_and_not_asked_about_again(bench: Workbench) -> None:
    assert bench.confirming().refuse(["export", "scores"], author="Ben") == 2
    assert labels(bench)["export"] == labels(bench)["scores"] == "interactive"
    assert list(found(bench)) == ["chain"]
    (newest, *_) = bench.declaration_history()
    assert newest.note == "refused what behaviour suggests: somebody waits: export, scores"
    bench.declare("owned", author="Ann", max_wait="12m")
    assert bench.confirming().last() is None, "somebody declared something since"


def test_what_a_press_cannot_confirm_says_so_and_is_left_alone(bench: Workbench) -> None:
    """A policy whose rules still call a day's wait of a job semi-interactive."""
    text = bench.policy_book().preset_text("default")
    stricter = text.replace(
        "  - id: window-fits\n    when:\n      wait_s: {above: semi_up_to_s, at_least: batch_window_s}",
        "  - id: window-fits\n    when:\n      wait_s: {above: semi_up_to_s, at_least: 172800}",
    ).replace(
        "  - id: window-at-risk\n    when:\n      wait_s: {above: semi_up_to_s, below: batch_window_s}\n"
        "    label: batch",
        "  - id: window-at-risk\n    when:\n      wait_s: {above: semi_up_to_s, below: 172800}\n"
        "    label: semi_interactive",
    )
    bench.policy_book().save(stricter, author="Ann", note="")
    listed = found(bench)
    assert listed["scores"].confirming is None
    assert listed["scores"].saving.base == 0
    assert bench.confirming().confirm([listed["scores"]], author="Ben") == 0
    assert all("confirmed" not in version.note for version in bench.declaration_history())


def test_what_speaks_against_a_suggestion_stands_beside_it() -> None:
    """12 points for batch, 1 for interactive, and failures that may be repeats."""
    seen = Behaviour(
        n_calls=2_000,
        batch_tier_share=0.9,
        cron_likeness=0.5,
        busiest_hours_share=0.95,
        burst_size_p50=120,
        n_users=25,
        error_share=0.2,
    )
    verdict = judge(WorkloadFacts(name="w", behaviour=seen), Policy.default())
    assert verdict.suggested == "batch"
    assert one_line(verdict) == (
        "90 % of the calls already run in a batch. Calls keep to the same minutes of the hour, 50 % of the "
        "way from even to all in one minute, as a scheduled job does. 95 % of the calls come in three hours "
        "of the day. Against it: 25 different users are behind the calls. 20 % of the calls fail, so bursts "
        "may be repeats and not a job."
    )


def test_without_a_suggestion_nothing_is_computed(tmp_path: Path) -> None:
    assert found(log(tmp_path, chat("support"))) == {}
