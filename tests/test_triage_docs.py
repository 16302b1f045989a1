"""docs/policy.md lists everything the default policy has, and nothing it does not have."""

import re
from pathlib import Path

import pytest

from triage.engine import judge
from triage.facts import FACTS
from triage.model import KINDS, WorkloadFacts
from triage.policy import ConfidenceTerms, Policy
from triage.rules import CONDITION_WORDS, Rule, Thresholds
from triage.sentences import PLACEHOLDERS

ROOT = Path(__file__).resolve().parent.parent
PAGE = (ROOT / "docs" / "policy.md").read_text(encoding="utf-8")
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
