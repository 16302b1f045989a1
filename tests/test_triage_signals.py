"""What the log may say: each signal on both sides of its line, what they say together, and what they may "
"not do."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.behaviour import Behaviour, busiest_share, concentration
from triage.engine import judge
from triage.errors import FactsError
from triage.model import Verdict, WorkloadFacts
from triage.policy import Policy
from triage.signals import MIN_CALLS, SIGNALS, Reading, read_signals

CHAT = Behaviour(5_000, streaming_share=0.97, multi_turn_share=0.6, session_gap_p50_s=45, n_users=800)
JOB = Behaviour(
    5_000,
    cron_likeness=0.7,
    busiest_hours_share=0.98,
    hour_of_week_spread=0.05,
    burst_size_p50=900,
    streaming_share=0.0,
    n_users=1,
    batch_tier_share=0.0,
)


def verdict(**facts: Any) -> Verdict:
    return judge(WorkloadFacts(name="w", **facts), Policy.default())


@pytest.mark.parametrize(
    ("field", "holds", "not_yet", "label", "weight", "needs"),
    [
        ("streaming_share", 0.5, 0.49, "interactive", 3, {}),
        ("multi_turn_share", 0.3, 0.29, "interactive", 2, {"session_gap_p50_s": 5.0}),
        ("multi_turn_share", 0.3, 0.29, "interactive", 2, {"session_gap_p50_s": 1_800.0}),
        ("priority_tier_share", 0.5, 0.49, "interactive", 2, {}),
        ("n_users", 20, 19, "interactive", 1, {}),
        (
            "hour_of_week_spread",
            0.3,
            0.29,
            "interactive",
            1,
            {"busiest_hours_share": 0.4, "cron_likeness": 0.1},
        ),
        ("flex_tier_share", 0.5, 0.49, "semi_interactive", 2, {}),
        ("latency_p50_ms", 60_000, 59_999, "semi_interactive", 1, {}),
        ("batch_tier_share", 0.5, 0.49, "batch", 3, {}),
        ("cron_likeness", 0.2, 0.19, "batch", 2, {}),
        ("busiest_hours_share", 0.8, 0.79, "batch", 2, {}),
        ("burst_size_p50", 50, 49, "batch", 2, {}),
        ("hour_of_week_spread", 0.15, 0.16, "batch", 1, {}),
        ("streaming_share", 0.01, 0.02, "batch", 1, {}),
        ("n_users", 2, 3, "batch", 1, {}),
        ("error_share", 0.1, 0.09, "unknown", 1, {}),
        ("retry_share", 0.1, 0.09, "unknown", 1, {}),
    ],
)
def test_both_sides_of_every_signal(
    field: str, holds: float, not_yet: float, label: str, weight: int, needs: dict[str, float]
) -> None:
    def shown(value: float) -> list[tuple[str, str, int, float | int | bool | str | None]]:
        behaviour = Behaviour(1_000, **{field: value, **needs})  # type: ignore[arg-type]
        return [
            (item.field, item.direction, item.weight, item.value) for item in read_signals(behaviour).evidence
        ]

    assert shown(holds) == [(f"behaviour.{field}", label, weight, holds)]
    assert shown(not_yet) == []


def test_every_signal_was_tried_above() -> None:
    """Seventeen cases for sixteen signals: one has two ends."""
    assert len(SIGNALS) == 16


@pytest.mark.parametrize("gap_s", [4.9, 1_801.0, None])
def test_turns_faster_or_slower_than_a_person_are_no_sign_of_one(gap_s: float | None) -> None:
    behaviour = Behaviour(1_000, multi_turn_share=0.9, session_gap_p50_s=gap_s)
    assert read_signals(behaviour).evidence == ()


def test_too_few_calls_say_nothing() -> None:
    assert read_signals(replace(JOB, n_calls=MIN_CALLS - 1)) == Reading((), None, 0)
    assert read_signals(replace(JOB, n_calls=MIN_CALLS)).lean == "batch"
    assert read_signals(None) == Reading((), None, 0)


@pytest.mark.parametrize(
    ("behaviour", "lean", "points"),
    [
        (CHAT, "interactive", 6),  # 3 + 2 + 1
        (JOB, "batch", 9),  # 2 + 2 + 2 + 1 + 1 + 1
        (replace(JOB, priority_tier_share=0.9), None, 0),  # one strong signal forbids batch
        (replace(JOB, n_users=800), "batch", 7),  # a hint does not: 8 - 1
        (Behaviour(1_000, cron_likeness=0.9, busiest_hours_share=0.9), None, 0),  # 4 points are too few
        (Behaviour(1_000, cron_likeness=0.9, busiest_hours_share=0.9, n_users=1), "batch", 5),
        (Behaviour(1_000, streaming_share=0.9), "interactive", 3),
        (Behaviour(1_000, priority_tier_share=0.9), None, 0),
        (Behaviour(1_000, streaming_share=0.9, cron_likeness=0.9, burst_size_p50=60), None, 0),
        (Behaviour(1_000), None, 0),
    ],
)
def test_what_signals_say_together(behaviour: Behaviour, lean: str | None, points: int) -> None:
    reading = read_signals(behaviour)
    assert (reading.lean, reading.points) == (lean, points)


def test_the_log_suggests_batch_and_somebody_has_to_confirm_it() -> None:
    found = verdict(behaviour=JOB)
    assert (found.label, found.suggested, found.needs_confirmation) == ("unknown", "batch", True)
    assert (found.confidence, found.admissible_tiers) == (0.0, ("standard", "priority"))
    assert found.sentence == (
        "Nobody stated how long an answer may take; 6 signals of its log say batch, none says otherwise, "
        "so it "
        "could be batch once somebody confirms it."
    )
    assert found.question == "May the answers take 24 h?"
    assert (
        found.shortest_answer == "'Yes' confirms batch; else the longest acceptable wait, such as '10 min'."
    )
    assert [item.kind for item in found.evidence] == ["behaviour"] * 6
    confirmed = verdict(behaviour=JOB, max_wait_ms=86_400_000)
    assert (confirmed.label, confirmed.suggested, confirmed.needs_confirmation) == ("batch", None, False)


def test_the_log_may_keep_a_workload_where_it_is() -> None:
    found = verdict(behaviour=CHAT)
    assert (found.label, found.rule_id, found.suggested) == ("interactive", "behaves-interactive", None)
    assert found.sentence == (
        "Nobody stated who waits for the answer, but 3 signals of its log say interactive, none says "
        "otherwise: it "
        "stays where it is."
    )


def test_what_a_person_says_outweighs_the_log_and_the_log_stands_against_it() -> None:
    found = verdict(behaviour=CHAT, max_wait_ms=172_800_000, user_waiting=False)
    assert found.label == "batch"
    assert {item.kind for item in found.evidence} == {"declared"}
    assert [item.field for item in found.counter_evidence] == [
        "behaviour.streaming_share",
        "behaviour.multi_turn_share",
        "behaviour.n_users",
    ]
    assert verdict(behaviour=JOB, user_waiting=True).label == "interactive"


def test_a_chain_that_looks_like_a_job_is_suggested_for_minutes() -> None:
    found = verdict(behaviour=JOB, sequential=True)
    assert (found.label, found.suggested) == ("unknown", "semi_interactive")


def test_a_name_is_shown_where_the_label_is_open_and_weighs_nothing() -> None:
    named = judge(WorkloadFacts(name="Nightly chat-eval"), Policy.default())
    blank = judge(WorkloadFacts(name=""), Policy.default())
    assert (named.label, named.rule_id, named.sentence) == (blank.label, blank.rule_id, blank.sentence)
    assert [(item.kind, item.value, item.direction, item.weight) for item in named.evidence] == [
        ("name", "chat", "interactive", 0),
        ("name", "eval", "batch", 0),
        ("name", "nightly", "batch", 0),
    ]
    assert named.evidence[0].sentence == "Its name says 'chat'; a name decides nothing."
    said = judge(WorkloadFacts(name="Nightly chat", user_waiting=True), Policy.default())
    assert "name" not in {item.kind for item in (*said.evidence, *said.counter_evidence)}


@pytest.mark.parametrize(
    ("facts", "codes"),
    [
        ({"user_waiting": True, "behaviour": Behaviour(500, batch_tier_share=0.05)}, ["batched-but-urgent"]),
        ({"user_waiting": True, "behaviour": Behaviour(500, batch_tier_share=0.04)}, []),
        (
            {"max_wait_ms": 3_600_000, "behaviour": Behaviour(500, batch_tier_share=0.9)},
            ["batched-but-urgent"],
        ),
        ({"max_wait_ms": 3_600_001, "behaviour": Behaviour(500, batch_tier_share=0.9)}, []),
        ({"behaviour": replace(CHAT, batch_tier_share=0.2)}, ["batched-but-urgent"]),
        ({"behaviour": JOB}, ["sync-but-job-shaped"]),
        ({"user_waiting": True, "behaviour": JOB}, ["sync-but-job-shaped"]),
        ({"max_wait_ms": 600_000, "behaviour": JOB}, ["sync-but-job-shaped"]),
        ({"max_wait_ms": 600_000, "behaviour": replace(JOB, batch_tier_share=0.5)},
         ["batched-but-urgent", "sync-but-job-shaped"]),
        ({"max_wait_ms": 600_000, "behaviour": replace(JOB, flex_tier_share=0.9)}, []),
        ({"max_wait_ms": 86_400_000, "behaviour": JOB}, []),
        ({"user_waiting": True, "behaviour": CHAT}, []),
        ({"user_waiting": True}, []),
    ],
)  # fmt: skip
def test_mis_triage_is_found_both_ways(facts: dict[str, Any], codes: list[str]) -> None:
    assert [finding.code for finding in verdict(**facts).findings] == codes


def test_findings_say_what_is_wrong_with_the_numbers() -> None:
    (urgent,) = verdict(user_waiting=True, behaviour=Behaviour(500, batch_tier_share=0.25)).findings
    assert urgent.sentence == "25 % of the calls run in a batch, yet somebody waits: they may come too late."
    assert urgent.fields == ("behaviour.batch_tier_share", "user_waiting")
    (soon,) = verdict(max_wait_ms=600_000, behaviour=Behaviour(500, batch_tier_share=1.0)).findings
    assert soon.sentence == (
        "100 % of the calls run in a batch, yet the answers are needed within 1 h: they may come too late."
    )
    (shaped,) = verdict(user_waiting=True, behaviour=JOB).findings
    assert shaped.sentence == (
        "Its calls run synchronously and come as a scheduled job's do, yet its label is interactive: ask "
        "whether "
        "it can wait."
    )


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([1_000] + [0] * 59, 1.0),
        ([50] * 60, 0.0),
        ([0] * 60, None),
        ([1] + [0] * 59, None),
        ([2] + [0] * 59, 1.0),
        ([1, 1] + [0] * 58, 0.0),
        # Half in one minute, half in another: pairs share a minute in 19,800 of 39,800 cases.
        ([100, 100] + [0] * 58, (60 * 19_800 / 39_800 - 1) / 59),
    ],
)
def test_concentration(counts: list[int], expected: float | None) -> None:
    found = concentration(counts)
    assert found == (None if expected is None else pytest.approx(expected))


def test_concentration_of_a_few_calls_that_miss_each_other_is_none() -> None:
    """Ten calls in ten different minutes are as even as ten calls can be, although 50 minutes are empty."""
    assert concentration([1] * 10 + [0] * 50) == 0.0


def test_busiest_share() -> None:
    assert busiest_share([5, 0, 20, 10, 65], 3) == 0.95
    assert busiest_share([0, 0], 1) is None


@pytest.mark.parametrize(
    ("fields", "problem"),
    [
        ({"streaming_share": 1.1}, "streaming_share is 1.1; it lies between 0 and 1."),
        ({"cron_likeness": -0.1}, "cron_likeness is -0.1; it lies between 0 and 1."),
        ({"error_share": float("nan")}, "error_share is nan; it lies between 0 and 1."),
        ({"latency_p50_ms": -1.0}, "latency_p50_ms is -1.0; it lies at 0 or above."),
        ({"n_users": -1}, "n_users is -1; it lies at 0 or above."),
    ],
)
def test_signals_that_cannot_be_are_refused(fields: dict[str, Any], problem: str) -> None:
    with pytest.raises(FactsError) as caught:
        Behaviour(1, **fields)
    assert caught.value.message == problem


SHARES = st.none() | st.floats(0, 1)


@settings(deadline=None, database=None, max_examples=300)
@given(
    st.builds(
        Behaviour,
        n_calls=st.integers(0, 10_000),
        cron_likeness=SHARES,
        busiest_hours_share=SHARES,
        hour_of_week_spread=SHARES,
        burst_size_p50=st.none() | st.floats(1, 1e4),
        session_gap_p50_s=st.none() | st.floats(0, 1e5),
        multi_turn_share=SHARES,
        streaming_share=SHARES,
        n_users=st.none() | st.integers(0, 100),
        latency_p50_ms=st.none() | st.floats(0, 1e6),
        batch_tier_share=SHARES,
        flex_tier_share=SHARES,
        priority_tier_share=SHARES,
        error_share=SHARES,
    ),
    st.sampled_from((None, False, True)),
    st.sampled_from((None, "user", "schedule")),
)
def test_no_log_ever_defers_anything_by_itself(
    behaviour: Behaviour, waiting: bool | None, trigger: Any
) -> None:
    for preset in Policy.presets():
        facts = WorkloadFacts(name="w", user_waiting=waiting, trigger=trigger, behaviour=behaviour)
        found = judge(facts, Policy.named(preset))
        assert found.label in ("interactive", "unknown")
        assert set(found.admissible_tiers) == {"standard", "priority"}
        assert found.suggested in (None, "batch")
        if found.suggested:
            assert waiting is not True
            assert trigger != "user"
            assert (behaviour.streaming_share or 0) < 0.5
