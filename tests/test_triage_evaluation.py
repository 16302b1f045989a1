"""Triage is scored: on the committed cases in full, and end to end on a few fresh companies."""

import dataclasses
from pathlib import Path

import pytest

from benchmarks.triage import cases, page
from benchmarks.triage.companies import KINDS, Noise, company
from benchmarks.triage.measuring import NOISES, Judged, evaluate_companies
from benchmarks.triage.running import seeds


@pytest.fixture(scope="module")
def every() -> tuple[Judged, ...]:
    return cases.read()


def test_what_is_suggested_as_batch_is_batch(every: tuple[Judged, ...]) -> None:
    """Tags removed: at least 98 in 100 suggestions are right, and four in five jobs are found."""
    generated = [case for case in every if case.group != cases.REAL]
    (right, said), (known, true) = page.precision(generated), page.recall(generated)
    assert said > 200
    assert right >= 0.98 * said
    assert true > 200
    assert known >= 0.80 * true


def test_nothing_is_labelled_batch_by_behaviour(every: tuple[Judged, ...]) -> None:
    """It is suggested, and somebody confirms it."""
    assert {case.suggested for case in every if case.said in ("batch", "semi_interactive")} == {True}


def test_only_the_known_weak_spot_is_interactive_and_suggested_as_batch(every: tuple[Judged, ...]) -> None:
    """A rush that nobody could tell from a job; the page names it."""
    wrong = [case for case in every if case.truth == {"interactive"} and case.said == "batch"]
    assert {cases.kind_of(case) for case in wrong} <= {"rush"}
    assert "*rush*" in page.PAGE.read_text(encoding="utf-8")


def test_no_real_traffic_that_somebody_waits_for_is_taken_for_batch(every: tuple[Judged, ...]) -> None:
    real = [case for case in every if case.group == cases.REAL]
    assert len(real) == 4
    for case in real:
        assert not (case.truth == {"interactive"} and case.said == "batch" and case.confidence > 0.5)


def test_confidence_came_true_where_it_was_not_counted(every: tuple[Judged, ...]) -> None:
    """Of the companies held out, no fewer suggestions are right than was stated, less five in a hundred."""
    for said in ("batch", "interactive"):
        own = [case for case in every if page.held_out(case) and case.lean == said]
        assert len(own) > 50
        stated = sum(case.confidence for case in own) / len(own)
        assert sum(case.right for case in own) / len(own) >= stated - 0.05


def test_the_page_is_what_the_cases_give(every: tuple[Judged, ...]) -> None:
    """Fails after a change of weights, thresholds or policy: then run `python -m benchmarks triage`."""
    assert page.PAGE.read_text(encoding="utf-8") == page.text(every)


def test_fresh_logs_give_the_committed_cases(tmp_path: Path, every: tuple[Judged, ...]) -> None:
    """Import, roll-up, behaviour and verdict of one company under every kind of noise but size."""
    name = "all of it"
    (seed, *_) = seeds(name)
    fresh = {case.name: case for case in evaluate_companies(tmp_path / "w", [seed], name)}
    kept = {case.name: case for case in every if case.group == name and cases.seed_of(case) == seed}
    assert fresh.keys() == kept.keys()
    for case_name, case in fresh.items():
        assert (case.said, case.truth) == (kept[case_name].said, kept[case_name].truth)
        for field in dataclasses.fields(case.behaviour):
            value = getattr(case.behaviour, field.name)
            expected = getattr(kept[case_name].behaviour, field.name)
            assert value == (expected if expected is None else pytest.approx(expected, rel=1e-5)), field.name


def test_a_company_is_the_same_for_the_same_seed_and_noise_spoils_it() -> None:
    clean = company(7, Noise())
    assert company(7, Noise()) == clean
    assert company(8, Noise()) != clean
    assert not clean.shared
    assert {call.workload for call in clean.calls} == set(clean.truth)
    assert set(clean.truth.values()) == {"interactive", "semi_interactive", "batch"}

    kept = company(7, Noise(kept=0.25))
    assert len(kept.calls) == pytest.approx(len(clean.calls) / 4, rel=0.05)
    blank = company(7, Noise(missing_tags=0.3))
    assert sum(not call.workload for call in blank.calls) == pytest.approx(0.3 * len(clean.calls), rel=0.05)
    silent = company(7, Noise(says_streaming=False, says_latency=False))
    assert {(call.streamed, call.latency_ms) for call in silent.calls} == {(None, None)}
    mixed = company(7, Noise(mixed_keys=1.0))
    assert any(len(labels) > 1 for labels in mixed.shared.values())
    assert not mixed.shared.keys() & mixed.truth.keys()


def test_every_kind_and_noise_is_evaluated(every: tuple[Judged, ...]) -> None:
    generated = [case for case in every if case.group != cases.REAL]
    assert {case.group for case in generated} == set(NOISES)
    assert {cases.kind_of(case) for case in generated} == {kind.name for kind in KINDS}
