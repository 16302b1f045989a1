"""The labelled workloads: every one gets its label, from the facts alone."""

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest

from triage.engine import judge, judge_all
from triage.model import TRIGGERS, WorkloadFacts
from triage.policy import Policy

GOLDEN = Path(__file__).resolve().parent / "golden" / "labelled_workloads.csv"
MS = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
YES_NO = {"yes": True, "no": False, "": None}
ROWS = list(csv.DictReader(GOLDEN.read_text(encoding="utf-8").splitlines()))
BY_NAME = {row["name"]: row for row in ROWS}


def wait_ms(text: str) -> int | None:
    match = re.fullmatch(r"(\d+)(ms|s|m|h|d)", text)
    assert match or not text
    return int(match[1]) * MS[match[2]] if match else None


def facts_of(row: dict[str, str], *, named: bool = True) -> WorkloadFacts:
    return WorkloadFacts(
        name=row["name"] if named else "",
        description=row["description"] if named else None,
        trigger=next((trigger for trigger in TRIGGERS if trigger == row["trigger"]), None),
        user_waiting=YES_NO[row["user_waiting"]],
        max_wait_ms=wait_ms(row["max_wait"]),
        sequential=YES_NO[row["sequential"]],
        requests_per_day=Decimal(row["requests_per_day"]),
        sources={"max_wait_ms": "labelled_workloads.csv"},
    )


def test_the_set_is_whole() -> None:
    counts = {label: sum(row["expected_label"] == label for row in ROWS) for label in
              ("interactive", "semi_interactive", "batch", "unknown")}  # fmt: skip
    assert len(ROWS) == 36
    assert counts == {"interactive": 10, "semi_interactive": 7, "batch": 17, "unknown": 2}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["name"])
def test_every_row_gets_its_label_with_a_reason_and_the_same_without_its_name(row: dict[str, str]) -> None:
    verdict = judge(facts_of(row), Policy.default())
    blank = judge(facts_of(row, named=False), Policy.default())
    assert verdict.label == row["expected_label"], verdict.sentence
    assert (blank.label, blank.rule_id, blank.sentence) == (verdict.label, verdict.rule_id, verdict.sentence)
    assert verdict.sentence.endswith(".")
    assert verdict.sentence[0].isupper()
    assert (verdict.question is not None) == (row["expected_label"] == "unknown")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "Agent step with human approval",
            "Somebody waits and the longest acceptable wait is 20 s, below the 30 s line.",
        ),
        (
            "Fraud alert",
            "The longest acceptable wait is 1 s, below the 30 s line, whoever or whatever waits.",
        ),
        ("Support chat", "Somebody waits for the answer, and nobody stated how long that may take."),
        (
            "Prompt debugging in development",
            "Somebody waits: the longest acceptable wait of 2 min is above the 30 s line, but nothing that "
            "somebody waits for is deferred.",
        ),
        (
            "Export with a 45 minute deadline",
            "The longest acceptable wait is 45 min, from 30 s up to 1 h: minutes are acceptable, a batch "
            "window of 24 h is not.",
        ),
        (
            "Sequential agent chain",
            "The longest acceptable wait is 24 h, but each step needs the answer before it: in batch every "
            "step could take a 24 h window of its own.",
        ),
        (
            "Uploaded document moderation",
            "The longest acceptable wait is 4 h, above the 1 h line; the 24 h batch window is longer, so the "
            "deadline risk is priced.",
        ),
        (
            "Entity extraction from archive",
            "The longest acceptable wait is 7 days, and the 24 h batch window fits into it.",
        ),
        (
            "Production invoice parser",
            "Nobody stated who waits for the answer or how long it may take; a name, a volume or running in "
            "production does not say it.",
        ),
    ],
)
def test_reasons_quote_the_numbers_that_decided(name: str, sentence: str) -> None:
    assert judge(facts_of(BY_NAME[name]), Policy.default()).sentence == sentence


@pytest.mark.parametrize(
    ("name", "counter"),
    [
        (
            "Uploaded document moderation",
            ["4 h is shorter than the 24 h batch window: some answers may come late, so the saving has to be "
             "priced with that deadline risk."],
        ),
        (
            "Sequential agent chain",
            ["The longest acceptable wait is 24 h: the 24 h batch window fits into it.",
             "A queue starts it, and such work can often wait."],
        ),
        ("Export with a 45 minute deadline", ["A schedule starts it, and such work can often wait."]),
        (
            "Prompt debugging in development",
            ["The longest acceptable wait is 2 min, from 30 s up to 1 h: a short delay is acceptable, a "
             "batch window is not."],
        ),
        ("Eval regression suite", []),
        ("Support chat", []),
    ],
)  # fmt: skip
def test_counter_evidence_is_shown_where_it_exists(name: str, counter: list[str]) -> None:
    verdict = judge(facts_of(BY_NAME[name]), Policy.default())
    assert [evidence.sentence for evidence in verdict.counter_evidence] == counter


def test_the_deadline_risk_carries_its_numbers_and_its_source() -> None:
    (risk,) = judge(facts_of(BY_NAME["Uploaded document moderation"]), Policy.default()).counter_evidence
    assert (risk.kind, risk.field, risk.value, risk.threshold) == (
        "declared", "max_wait_ms", 14_400_000, 86_400_000,
    )  # fmt: skip
    assert (risk.direction, risk.source) == ("unknown", "labelled_workloads.csv")


def test_production_is_not_evidence_and_the_owner_is_asked() -> None:
    verdict = judge(facts_of(BY_NAME["Production invoice parser"]), Policy.default())
    assert verdict.question == "What would 24 hours mean for this user?"
    assert verdict.shortest_answer == "'Somebody waits', or the longest acceptable wait, such as '12 h'."
    assert verdict.confidence == 0.0
    assert verdict.admissible_tiers == ("standard", "priority")


def test_only_the_small_workloads_are_not_worth_moving_and_keep_their_label() -> None:
    verdicts = judge_all(map(facts_of, ROWS), Policy.default())
    small = {verdict.workload: verdict for verdict in verdicts if not verdict.worth_moving}
    assert set(small) == {"Small monthly poll", "Prompt debugging in development"}
    poll = small["Small monthly poll"]
    assert poll.label == "batch"
    assert poll.worth_reason == "A day brings 1 request, below the 100 a batch needs to be worth moving."


def test_no_name_or_description_makes_a_label() -> None:
    for row in ROWS:
        facts = WorkloadFacts(name=row["name"], description=row["description"], requests_seen=10_000)
        assert judge(facts, Policy.default()).rule_id == "nothing-stated"
