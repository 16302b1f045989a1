"""What another policy would change, before it is saved: every workload, its lane and its saving."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from pathlib import Path

import pytest

from reports import explain_inputs
from reports.policy_preview import PolicyPreview, preview
from reports.workbench import Workbench
from tests.test_reports_behaviour import MONDAY, log
from tests.test_reports_mixed import AS_OF, chat, run, workbench
from triage.policy import Policy

TEXT = Policy.preset_text("default")


def calls() -> Iterator[dict[str, object]]:
    """A day of four workloads, one call each minute: 1,000 tokens in and 100 out."""
    for name in ("minutes", "hours", "days", "somebody"):
        for minute in range(24 * 60):
            yield {
                "ts": MONDAY + timedelta(minutes=minute),
                "workload": name,
                "model": "gpt-4.1",
                "input_tokens": 1_000,
                "output_tokens": 100,
            }


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    found = log(tmp_path_factory.mktemp("preview"), list(calls()))
    for name, wait in (("minutes", "45m"), ("hours", "8h"), ("days", "7d")):
        found.declare(name, author="Ann", max_wait=wait)
    found.declare("somebody", author="Ann", user_waiting=True)
    return found


def previewed(bench: Workbench, policy: Policy) -> PolicyPreview:
    inputs = bench.inputs(as_of=datetime(2026, 11, 20))
    return preview(inputs, bench.analysis(datetime(2026, 11, 20)), policy)


def test_the_savings_after_it_are_those_before_and_the_changes(bench: Workbench) -> None:
    found = previewed(bench, Policy.named("gateway"))
    saving = explain_inputs.policy_saving(found, "v")
    potential = explain_inputs.policy_potential(found, "v")
    assert {item.name for item in saving.inputs} == {"Policy in force", "minutes", "hours"}
    for explained, after in ((saving, found.saving_after), (potential, found.potential_after)):
        assert (explained.figure, explained.spread) == (after.base, after)
        with localcontext(prec=60):
            added = sum((item.amount for item in explained.inputs), Decimal(0))
        assert abs(added - after.base) < Decimal("1e-30")


def test_the_gateway_takes_what_may_wait_45_minutes(bench: Workbench) -> None:
    """gpt-4.1 costs 2.00 and 8.00 a million, half of it in a batch: 1,440 calls a day are 4.032 dollars."""
    found = previewed(bench, Policy.named("gateway"))
    effects = {effect.workload: effect for effect in found.effects}
    effect, eight_hours = effects.pop("minutes"), effects.pop("hours")
    assert not effects
    assert (effect.label_changes, effect.lane_changes) == (True, True)
    assert (effect.before.verdict.label, effect.after.verdict.label) == ("semi_interactive", "batch")
    assert effect.after.recommended_lane == "batch"
    assert "(Rule window-at-risk, so far wait-within-the-hour.)" in effect.why
    assert effect.why.endswith("Batch, no caching is the cheapest lane that meets its SLA.")
    # Of these batches nothing is published: this preset takes a risk that nobody knows, the default does not.
    assert (eight_hours.label_changes, eight_hours.lane_changes) == (False, True)
    assert (eight_hours.before.recommended_lane, eight_hours.after.recommended_lane) == ("stay", "batch")
    assert (found.n_workloads, found.n_labels, found.n_changed) == (4, 1, 2)
    # Both deadlines are inside the window: 5 % run again at today's price in the base case.
    yearly = 1_440 * (1_000 * Decimal(2) + 100 * Decimal(8)) * 365
    for changed in (effect, eight_hours):
        assert changed.before.saving_per_year.base == 0
        assert changed.after.saving_per_year.base == yearly / 2 * Decimal("0.95")
    assert found.saving_after.base - found.saving_before.base == yearly * Decimal("0.95")


def test_strict_24_h_keeps_what_may_wait_eight_hours_out_of_batches(bench: Workbench) -> None:
    found = previewed(bench, Policy.named("strict_24h"))
    (effect,) = found.effects
    assert (effect.workload, effect.after.verdict.label) == ("hours", "semi_interactive")
    # A risk that nobody knows was not taken before either, so nothing that was counted on is lost.
    assert found.saving_after == found.saving_before
    assert "from 30 s up to 23 h 59 min 59 s" in effect.why


def test_the_policy_in_force_changes_nothing(bench: Workbench) -> None:
    assert previewed(bench, Policy.default()).effects == ()


def test_what_leaves_the_label_is_shown_all_the_same(bench: Workbench) -> None:
    """Minimum volume, tiers, and which rule decides."""
    volume = previewed(bench, Policy.load(TEXT.replace("per_batch: 100", "per_batch: 1441")))
    assert {effect.workload for effect in volume.effects} == {"minutes", "hours", "days", "somebody"}
    days = next(effect for effect in volume.effects if effect.workload == "days")
    assert not days.label_changes
    assert days.after.recommended_lane == "stay"
    assert days.why == "A day brings 1,440 requests, below the 1,441 a batch needs to be worth moving."
    assert volume.saving_after.base == 0

    tiers = previewed(
        bench, Policy.load(TEXT.replace("[standard, priority, flex, batch, offpeak]", "[standard, batch]"))
    )
    assert {effect.workload for effect in tiers.effects} == {"hours", "days"}
    assert (
        "Tiers allowed: standard, batch; so far standard, priority, flex, batch, offpeak."
        in tiers.effects[0].why
    )

    renamed = previewed(bench, Policy.load(TEXT.replace("id: window-fits", "id: takes-a-day")))
    assert [(effect.workload, effect.lane_changes) for effect in renamed.effects] == [("days", False)]
    assert "(Rule takes-a-day, so far window-fits.)" in renamed.effects[0].why


def test_halves_of_a_mixed_workload_are_shown_and_are_in_no_total(tmp_path: Path) -> None:
    luck = random.Random(11)  # noqa: S311 - a test, not a secret
    traffic = [*chat(luck, streamed=True), *run(luck, 22, 150, streamed=False)]
    mixed = workbench(tmp_path, traffic)
    before = mixed.analysis(AS_OF)
    override = Policy.load(
        TEXT.replace("overrides: []", "overrides:\n  - {workload: assistant, sla: within-a-day}")
    )
    found = preview(mixed.inputs(as_of=AS_OF), before, override)
    assert [bool(effect.hours) for effect in found.effects].count(False) == found.n_changed == 1
    assert len(found.effects) == 3
    assert found.saving_after.base == sum(
        effect.after.saving_per_year.base for effect in found.effects if not effect.hours
    )
