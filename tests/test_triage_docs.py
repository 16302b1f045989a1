"""docs/policy.md lists everything the default policy has, and nothing it does not have."""

import dataclasses
import itertools
import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from triage.behaviour import Behaviour
from triage.durations import seconds_text
from triage.engine import judge
from triage.facts import FACTS
from triage.model import KINDS, WEIGHTS, WorkloadFacts
from triage.off_peak import OffPeak
from triage.policy import Policy
from triage.rules import CONDITION_WORDS, ConfidenceTerms, Rule, Thresholds
from triage.sections import Deadlines, Moving, Override
from triage.sentences import PLACEHOLDERS
from triage.signals import MIN_CALLS, SIGNALS

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
SIGNALS_PAGE = (ROOT / "docs" / "guide" / "signals.md").read_text(encoding="utf-8")
DEFAULT_TEXT = (ROOT / "triage" / "policies" / "default.yaml").read_text(encoding="utf-8")


def table(first_column: str, after: str = "") -> dict[str, list[str]]:
    """The rows of the first table with this heading: name in the first cell -> all cells."""
    lines = PAGE[PAGE.index(after) :].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"| {first_column} |"))
    rows: dict[str, list[str]] = {}
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        rows[cells[0].strip("`")] = cells
    return rows


@pytest.mark.parametrize(
    ("first_column", "after", "expected"),
    [
        ("field", "## Fields of the file", tuple(Policy.model_fields)),
        ("threshold", "", tuple(Thresholds.model_fields)),
        ("fact", "", tuple(FACTS)),
        ("word", "", CONDITION_WORDS),
        ("field", "A rule has these fields", tuple(Rule.model_fields)),
        ("rule", "", tuple(rule.id for rule in Policy.default().rules)),
        ("placeholder", "", tuple(PLACEHOLDERS)),
        ("field", "## Evidence", tuple(ConfidenceTerms.model_fields)),
        ("label", "", ("interactive", "semi_interactive", "batch", "unknown")),
    ],
)
def test_each_table_lists_exactly_what_there_is_in_order(
    first_column: str, after: str, expected: tuple[str, ...]
) -> None:
    assert tuple(table(first_column, after)) == expected


@pytest.mark.parametrize(
    ("first_column", "after", "model"),
    [
        ("field", "An override has a pattern", Override),
        ("field", "## What moving takes", Moving),
        ("field", "## Deadlines", Deadlines),
        ("field", "## Off-peak hours", OffPeak),
    ],
)
def test_the_sections_beside_the_rules_are_documented_with_their_defaults(
    first_column: str, after: str, model: type[BaseModel]
) -> None:
    rows = table(first_column, after)
    assert tuple(rows) == tuple(field.alias or name for name, field in model.model_fields.items())
    if model in (Moving, Deadlines):
        for name, cells in rows.items():
            default = model.model_fields[name].default
            assert cells[1] == ("no" if default is False else str(default)), name


def test_presets_and_their_promises_are_documented() -> None:
    rows = table("preset")
    assert tuple(rows) == tuple(Policy.named(name).name for name in Policy.presets())
    for name, cells in zip(Policy.presets(), rows.values(), strict=True):
        assert f"(../triage/policies/{name}.yaml)" in cells[1]
    for preset in Policy.presets():
        classes = Policy.named(preset).sla_classes
        assert tuple(table("class")) == tuple(classes)
        for name, cells in table("class").items():
            sla = classes[name]
            assert cells[1] == ("yes" if sla.user_waiting else "no")
            assert cells[2] == ("" if sla.max_wait_s is None else seconds_text(sla.max_wait_s))


def test_weights_of_evidence_are_documented() -> None:
    rows = table("kind")
    assert tuple(rows) == KINDS
    for kind, weight in WEIGHTS.items():
        assert rows[kind][1] == str(weight)


def signal_rows(heading: str) -> list[list[str]]:
    lines = SIGNALS_PAGE[SIGNALS_PAGE.index(heading) :].splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("| signal |"))
    rows = itertools.takewhile(lambda line: line.startswith("|"), lines[start + 2 :])
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in rows]


def test_every_signal_has_a_meaning_a_range_and_a_failure_mode() -> None:
    rows = signal_rows("## What each number is")
    assert [row[0].strip("`") for row in rows] == [item.name for item in dataclasses.fields(Behaviour)]
    for row in rows:
        assert len(row) == 4
        assert all(row)


def test_every_signal_is_documented_with_its_line_label_and_points() -> None:
    rows = signal_rows("## What each signal points to")
    assert len(rows) == len(SIGNALS)
    for row, signal in zip(rows, SIGNALS, strict=True):
        assert row[0] == f"`{signal.field}`"
        assert row[1].split(",")[0] == f"{signal.side.replace('_', ' ')} {signal.threshold}"
        assert row[2] == ("doubt" if signal.label == "unknown" else signal.label)
        assert row[3] == str(signal.weight)
    assert f"Below {MIN_CALLS} calls no signal is read" in SIGNALS_PAGE


def test_thresholds_and_confidence_terms_are_documented_with_their_defaults() -> None:
    policy = Policy.default()
    for name, cells in table("threshold").items():
        assert cells[1] == str(getattr(policy.thresholds, name)), name
    for name, cells in table("field", "## Evidence").items():
        assert cells[1] == str(getattr(policy.confidence, name)), name


def test_rules_are_documented_with_label_and_confidence() -> None:
    rows = table("rule")
    for rule in Policy.default().rules:
        _, when, label, confidence, why = rows[rule.id]
        assert when
        assert why
        assert label == rule.label
        assert confidence == ("" if rule.confidence is None else str(rule.confidence))


def test_admissible_tiers_are_documented() -> None:
    policy = Policy.default()
    for label, cells in table("label").items():
        documented = tuple(re.findall(r"`(\w+)`", cells[2]))
        assert documented == next(tiers for name, tiers in policy.admissible_tiers.items() if name == label)


def test_words_of_a_trigger_and_kinds_of_evidence_are_documented() -> None:
    assert table("fact")["trigger"][1] == ", ".join(FACTS["trigger"].words)
    for kind in KINDS:
        assert f"`{kind}`" in PAGE


def test_the_worked_example_can_be_followed() -> None:
    match = re.search(r"   ```yaml\n(.*?)   ```", PAGE, flags=re.DOTALL)
    assert match is not None
    example = "\n".join(line[3:] for line in match[1].splitlines())
    assert DEFAULT_TEXT.count("  - id: window-fits") == 1
    policy = Policy.load(DEFAULT_TEXT.replace("  - id: window-fits", f"{example}\n  - id: window-fits"))

    export = WorkloadFacts(name="export", trigger="schedule", user_waiting=False, max_wait_ms=7_200_000)
    assert judge(export, Policy.default()).label == "batch"
    verdict = judge(export, policy)
    assert (verdict.label, verdict.rule_id) == ("semi_interactive", "tight-schedule")
    assert verdict.sentence == (
        "A schedule starts it and the longest acceptable wait is 2 h: "
        "two hours or less leave no room for a late batch."
    )
    assert policy.version != Policy.default().version


def test_the_strict_variant_of_the_page_can_be_followed() -> None:
    strict = DEFAULT_TEXT.replace("semi_up_to_s: 3600 ", "semi_up_to_s: 86399 ")
    start = strict.index("  - id: window-at-risk")
    end = strict.index("  # Nobody stated a wait")
    policy = Policy.load(strict[:start] + strict[end:])
    assert judge(WorkloadFacts(name="a", max_wait_ms=86_400_000), policy).label == "batch"
    assert judge(WorkloadFacts(name="a", max_wait_ms=86_399_000), policy).label == "semi_interactive"
