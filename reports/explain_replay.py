"""How the figures of a replayed policy are computed, each as an `Explanation`."""

from decimal import Decimal

from reports.dispatch import Dispatch
from reports.explanation import Explanation, Input, all_parts, largest, price_rows
from reports.model import Analysis, Range


def deferred(found: Dispatch) -> Explanation:
    """How many of the log's calls would be sent later."""
    rows = [(row.workload, Decimal(row.n_deferred)) for row in found.rows if row.n_deferred]
    return Explanation(
        formula="The sum over workloads of the calls that the policy, asked at each call's own minute, sends "
        "in a batch or in off-peak hours:",
        inputs=largest(rows, "workloads", "number"),
        figure=Decimal(found.outcome.n_deferred),
        unit="number",
        provenance="computed",
        prices=None,
        notes=(
            f"Of {found.outcome.n_calls:,} calls that ran at once; {found.n_left_out:,} that were in a "
            "batch, in flex or off-peak already are left out.",
        ),
    )


def saving(analysis: Analysis, found: Dispatch) -> Explanation:
    """What the deferred calls, and those sent in flex, would save a year."""
    known = [(row.workload, row.saving_per_year) for row in found.rows]
    moved = {row.workload for row in found.rows if row.n_deferred + row.n_flex}
    unknown = f"Workloads that would move and have no price there: {found.n_unpriced:,}."
    return Explanation(
        formula="The sum over workloads of what a year of each model saves in the tier that the policy "
        "picks, base case, times the share of its calls that go there:",
        inputs=largest([(name, amount) for name, amount in known if amount], "workloads"),
        figure=found.saving_per_year,
        unit="usd",
        provenance="estimated",
        prices=price_rows(
            analysis, [part for part in all_parts(analysis) if part.workload in moved], planned=True
        ),
        assumptions=analysis.assumptions,
        notes=(unknown,) if found.n_unpriced else (),
    )


def wait(found: Dispatch) -> Explanation:
    """How long the middle one of the deferred calls is held."""
    outcome = found.outcome
    longer = outcome.n_deferred - outcome.n_held_shorter - outcome.n_held_p50
    return Explanation(
        formula="The deferred calls in the order of how long each is held until what was collected is sent; "
        "the one in the middle gives the wait. Calls are held",
        inputs=(
            Input("a shorter time", Decimal(outcome.n_held_shorter), "number"),
            Input("as long as the one in the middle", Decimal(outcome.n_held_p50), "number"),
            Input("a longer time", Decimal(longer), "number"),
        ),
        figure=None if outcome.held_ms_p50 is None else Decimal(outcome.held_ms_p50),
        unit="ms",
        provenance="computed",
        prices=None,
        notes=("The batch itself takes its time on top of it.",),
    )


def late(found: Dispatch) -> Explanation:
    """How many answers are expected after their deadline."""
    outcome = found.outcome
    expected = outcome.missed_by_provider.items()
    unknown = f"Calls with a deadline whose provider's turnaround nobody knows: {outcome.n_unknown_risk:,}."
    return Explanation(
        formula="The sum over deferred calls with a deadline of the chance that the batch takes longer than "
        "is left when it is sent, P(miss); by provider:",
        inputs=tuple(Input(provider or "unknown provider", amount, "exact") for provider, amount in expected),
        figure=outcome.missed_base,
        unit="exact",
        provenance="estimated",
        prices=None,
        spread=Range(outcome.missed_low, outcome.missed_base, outcome.missed_high),
        notes=(
            f"Deferred calls with a deadline: {outcome.n_with_deadline:,}.",
            *((unknown,) if outcome.n_unknown_risk else ()),
        ),
    )
