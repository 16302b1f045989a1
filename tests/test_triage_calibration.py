"""Confidence is counted on labelled workloads: the table is what the procedure gives, and verdicts quote "
"it."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.triage import cases
from scripts.build_calibration import Case, behaviour_cases, calibrate, labelled_cases, pooled, variants
from triage.behaviour import Behaviour
from triage.calibration import BASES, band_of, bands
from triage.engine import judge
from triage.model import WorkloadFacts
from triage.policy import Policy
from triage.sentences import calibrated_sentence

TABLE = Path(__file__).resolve().parent.parent / "triage" / "calibration.csv"


def test_the_committed_table_is_what_the_procedure_gives() -> None:
    """Fails after a change of the default policy: then run `python -m scripts.build_calibration`."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        assert list(csv.DictReader(lines)) == calibrate([*labelled_cases(), *behaviour_cases()])


def test_every_basis_has_bands_whose_confidence_rises() -> None:
    for basis in BASES:
        own = [band for band in bands() if band.basis == basis]
        assert own[0].score_from == 0
        assert [band.score_from for band in own] == sorted({band.score_from for band in own})
        assert [band.confidence for band in own] == sorted(band.confidence for band in own)
        for band in own:
            assert 0 <= band.n_right <= band.n
            assert band.policy_version == Policy.default().version


def test_the_variants_of_a_workload() -> None:
    facts = WorkloadFacts(name="w", trigger="user", user_waiting=True, max_wait_ms=2_000)
    cases = list(variants(facts, "interactive"))
    assert sum(case.weight for case in cases) == 1
    stated = [(case.facts.trigger, case.facts.user_waiting, case.facts.max_wait_ms) for case in cases]
    assert stated == [
        ("user", True, 2_000),
        (None, True, 2_000),
        ("user", None, 2_000),
        ("user", True, None),
        ("user", False, 2_000),
        ("user", True, 120_000),
        ("user", True, 33),
        ("schedule", True, 2_000),
    ]
    assert {case.weight for case in cases[1:4]} == {Decimal("0.05")}
    assert {case.weight for case in cases[4:]} == {Decimal("0.0125")}


def test_a_band_counts_rights_and_wrongs_and_leaves_out_what_is_not_defended() -> None:
    """Three firm verdicts of which one is wrong, one that asks: (2 + 1) / (3 + 2)."""
    firm = WorkloadFacts(name="w", user_waiting=True, max_wait_ms=2_000)
    one = Decimal(1)
    rows = calibrate(
        [
            Case(firm, "interactive", one),
            Case(firm, "interactive", one),
            Case(firm, "batch", one),
            Case(WorkloadFacts(name="w"), "batch", one),
        ]
    )
    version = Policy.default().version
    assert rows[0] == {
        "basis": "declared", "score_from": "0", "n": "0.00", "n_right": "0.00", "confidence": "0.500",
        "policy_version": version,
    }  # fmt: skip
    assert rows[1]["score_from"] == "0.9"
    assert (rows[1]["n"], rows[1]["n_right"], rows[1]["confidence"]) == ("3.00", "2.00", "0.600")


def test_a_suggestion_is_counted_as_the_label_it_suggests() -> None:
    job = Behaviour(1_000, cron_likeness=0.9, busiest_hours_share=0.9, burst_size_p50=500, n_users=1)
    rows = calibrate([Case(WorkloadFacts(name="w", behaviour=job), "batch", Decimal(8))])
    (row,) = (row for row in rows if row["basis"] == "behaves-batch" and row["n"] != "0.00")
    assert (row["score_from"], row["n"], row["n_right"], row["confidence"]) == ("7", "8.00", "8.00", "0.900")


def test_a_firmer_band_never_reads_as_a_weaker_one() -> None:
    """9 of 10 right below 5 of 10 right: joined to 14 of 20; an empty band joins the one below."""
    low, middle, high = Decimal(0), Decimal("0.5"), Decimal("0.9")
    ten = Decimal(10)
    assert pooled([(low, ten, Decimal(9)), (middle, ten, Decimal(5))]) == [(low, Decimal(20), Decimal(14))]
    assert pooled([(low, ten, Decimal(5)), (middle, ten, Decimal(9)), (high, Decimal(0), Decimal(0))]) == [
        (low, ten, Decimal(5)),
        (middle, ten, Decimal(9)),
    ]


@pytest.mark.parametrize(
    ("score", "score_from"),
    [("0", "0"), ("0.79", "0"), ("0.8", "0.8"), ("0.89", "0.8"), ("0.9", "0.9"), ("1", "0.9")],
)
def test_a_score_is_read_from_its_band(score: str, score_from: str) -> None:
    assert band_of("declared", Decimal(score)).score_from == Decimal(score_from)


def test_a_verdict_says_what_its_confidence_was_measured_on() -> None:
    firm = WorkloadFacts(name="w", max_wait_ms=172_800_000, user_waiting=False)
    band = band_of("declared", Decimal("0.95"))
    verdict = judge(firm, Policy.default())
    assert verdict.confidence == float(band.confidence)
    assert verdict.confidence_basis == (
        "95.2 %: of 21.33 labelled workloads decided as firmly 21.21 were right; variants count in part, "
        "one more "
        "right and one more wrong are added."
    )
    other = judge(firm, Policy.named("gateway"))
    assert other.confidence == verdict.confidence
    assert other.confidence_basis == (
        f"{verdict.confidence_basis} Measured under the default policy, from which this one differs."
    )


def test_what_the_log_suggests_was_counted_on_workloads_of_known_truth() -> None:
    job = Behaviour(1_000, cron_likeness=0.9, busiest_hours_share=0.9, burst_size_p50=500, n_users=1)
    suggested = judge(WorkloadFacts(name="w", behaviour=job), Policy.default())
    band = band_of("behaves-batch", Decimal(7))
    assert band.n > 50
    assert (suggested.confidence, suggested.suggested_confidence) == (0.0, float(band.confidence))
    assert suggested.confidence_basis.endswith(
        f"of {band.n:.0f} workloads of generated companies and real traces whose logs say so as firmly "
        f"{band.n_right:.0f} were right; one more right and one more wrong are added."
    )
    nothing = judge(WorkloadFacts(name="w"), Policy.default())
    assert (nothing.confidence, nothing.suggested_confidence) == (0.0, 0.0)
    assert nothing.confidence_basis == "None: no label is defended until the question is answered."


def test_what_was_never_measured_says_so() -> None:
    none = Decimal(0)
    assert calibrated_sentence(Decimal("0.5"), none, none, same_policy=True, seen=True) == (
        "Not measured yet: no labelled case decides this way, so even odds are stated."
    )


def test_companies_with_an_odd_seed_are_kept_to_test_the_count_on() -> None:
    counted = [
        case for case in cases.read() if case.group == cases.REAL or cases.seed_of(case) in range(0, 9_999, 2)
    ]
    assert [case.behaviour for case in counted] == [case.facts.behaviour for case in behaviour_cases()]
    assert sum(case.group == cases.REAL for case in counted) == 4
    assert len(cases.read()) > len(counted) > 400
