"""An override written into a policy's text: the policy says it, and every other line is as it was."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from triage.engine import judge
from triage.errors import PolicyError
from triage.model import WorkloadFacts
from triage.policy import Policy
from triage.policy_edit import pattern_of, with_override, without_override
from triage.sections import Override

TEXT = Policy.preset_text("default")
GATEWAY = Policy.preset_text("gateway")


def test_the_first_override_takes_the_place_of_the_empty_list_and_nothing_else_moves() -> None:
    after = with_override(TEXT, Override(workload="nightly-export", sla="by-morning"))
    assert after == TEXT.replace(
        "overrides: []", "overrides:\n  - {workload: nightly-export, sla: by-morning}"
    )
    assert without_override(after, 0) == TEXT


def test_more_overrides_follow_and_comments_after_them_stay() -> None:
    after = with_override(GATEWAY, Override(tag="ci", min_requests_per_batch=20))
    assert Policy.load(after).overrides == (
        *Policy.named("gateway").overrides,
        Override(tag="ci", min_requests_per_batch=20),
    )
    assert after.count("#") >= GATEWAY.count("#") - 5  # only comments beside a rewritten override go
    before_rules = GATEWAY[GATEWAY.index("moving:") :]
    assert after.endswith(before_rules)


def test_an_override_for_the_same_pattern_is_replaced() -> None:
    once = with_override(TEXT, Override(workload="Export", sla="by-morning"))
    twice = with_override(once, Override(workload="export", min_requests_per_batch=7))
    assert Policy.load(twice).overrides == (Override(workload="export", min_requests_per_batch=7),)


def test_a_policy_without_the_section_gets_one_at_its_end() -> None:
    start, end = TEXT.index("# Such as:"), TEXT.index("moving:")
    after = with_override(TEXT[:start] + TEXT[end:], Override(tag="no", sla="interactive"))
    assert after.endswith('\n\noverrides:\n  - {tag: "no", sla: interactive}\n')
    assert Policy.load(after).overrides[0].tag == "no"


def test_a_block_of_several_lines_is_replaced_whole() -> None:
    text = TEXT.replace(
        "overrides: []",
        "overrides:\n- tag: a   # why\n  sla: by-morning\n- workload: b\n  sla: interactive\n# end",
    )
    after = without_override(text, 1)
    assert "overrides:\n  - {tag: a, sla: by-morning}\n# end\n" in after
    with pytest.raises(IndexError):
        without_override(after, 1)


def test_text_that_is_no_policy_is_refused() -> None:
    with pytest.raises(PolicyError):
        with_override("name: x", Override(tag="a", sla="interactive"))


@settings(deadline=None, database=None, max_examples=6)
@example("a\u2028b")
@example('x: [*?] "#\U0001f600')
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12))
def test_any_name_is_matched_by_its_own_pattern_after_a_round_through_the_text(name: str) -> None:
    after = with_override(TEXT, Override(workload=pattern_of(name), sla="within-a-day"))
    policy = Policy.load(after)
    assert judge(WorkloadFacts(name=name), policy).label == "batch"
    assert judge(WorkloadFacts(name=f"{name}x"), policy).label == "unknown"
