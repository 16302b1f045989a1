"""How the figures of the log and of one workload are computed, each as an `Explanation`."""

from collections import defaultdict
from decimal import Decimal
from typing import Final

from reports.explanation import (
    Explanation,
    Input,
    all_parts,
    basis,
    exact,
    largest,
    model_of,
    part_moves,
    price_rows,
    year_of,
)
from reports.format import label_title, lane_title
from reports.model import Analysis, Range, WorkloadResult
from triage.model import LABELS

CAN_WAIT: Final = ("batch", "semi_interactive")
"""Labels of workloads that can wait, hours or minutes."""


def spend(analysis: Analysis) -> Explanation:
    """What the log cost, workload by workload."""
    by_workload: dict[str, Decimal] = defaultdict(Decimal)
    with exact():
        for day in analysis.days:
            if day.cost_micro_usd is not None:
                by_workload[day.workload] += day.cost_micro_usd
    coverage = analysis.coverage
    missing = coverage.n_requests - coverage.n_priced - coverage.n_failed_unmetered
    return Explanation(
        formula="The sum over all calls of tokens times the price of their model and tier on their own day; "
        "cached tokens at their own price. Here by workload:",
        inputs=largest(by_workload.items(), "workloads"),
        figure=analysis.totals.billed_micro_usd,
        unit="usd",
        provenance="computed",
        prices=price_rows(analysis, all_parts(analysis), planned=False),
        notes=(f"{missing:,} calls could not be priced and are in no amount.",) if missing else (),
    )


def described(analysis: Analysis) -> Explanation:
    """A year of workloads that are only described."""
    costs = [
        (result.workload, result.current_per_year_micro_usd)
        for result in analysis.workloads
        if result.current_per_year_micro_usd is not None
    ]
    return Explanation(
        formula="The sum over workloads of requests a year times tokens of a request times today's price:",
        inputs=largest(costs, "workloads"),
        figure=analysis.totals.current_per_year_micro_usd,
        unit="usd",
        provenance="estimated",
        prices=price_rows(analysis, all_parts(analysis), planned=True),
        notes=("Requests and tokens are as described, not counted.",),
    )


def can_wait(analysis: Analysis) -> Explanation:
    """The share of the spend whose label lets it wait."""
    spent = analysis.totals.spend_by_label
    with exact():
        whole = sum(spent.values(), Decimal(0))
        waits = sum((spent.get(label, Decimal(0)) for label in CAN_WAIT), Decimal(0))
        share = waits / whole if whole > 0 else None
    return Explanation(
        formula="Spend labelled batch or semi-interactive, divided by the spend of all four labels:",
        inputs=tuple(Input(label_title(label), spent[label]) for label in LABELS if label in spent),
        figure=share,
        unit="share",
        provenance="computed",
        prices=price_rows(analysis, all_parts(analysis), planned=False),
        notes=(
            f"The labels are verdicts of the policy {analysis.policy_title}; unknown counts as not waiting.",
        ),
    )


def saving_a_year(analysis: Analysis) -> Explanation:
    """The projected saving of every recommended move."""
    saving = analysis.totals.saving_per_year
    moving = [(item.workload, item.saving_per_year.base) for item in analysis.workloads if _moves(item)]
    return Explanation(
        formula="The sum over workloads of a year in today's lane minus a year in the recommended lane, "
        "base case:",
        inputs=largest(moving, "workloads"),
        figure=saving.base,
        unit="usd",
        provenance="estimated",
        prices=price_rows(analysis, [part for part in all_parts(analysis) if part_moves(part)], planned=True),
        assumptions=analysis.assumptions,
        spread=saving,
        notes=("Workloads that stay, and those nobody has answered for, are not in it.",),
    )


def saving_a_month(analysis: Analysis) -> Explanation:
    """A twelfth of the yearly saving."""
    yearly = saving_a_year(analysis)
    saving = analysis.totals.saving_per_year
    with exact():
        monthly = Range(saving.low / 12, saving.base / 12, saving.high / 12)
    return Explanation(
        formula="The projected saving a year divided by the months of a year:",
        inputs=(
            Input("Projected saving a year", saving.base),
            Input("Months of a year", Decimal(12), "number"),
        ),
        figure=monthly.base,
        unit="usd",
        provenance="estimated",
        prices=yearly.prices,
        assumptions=analysis.assumptions,
        spread=monthly,
    )


# ---------------------------------------------------------------- one workload


def year_today(analysis: Analysis, result: WorkloadResult) -> Explanation:
    """A workload's year in today's lane, model by model."""
    with exact():
        costs = [(model_of(part), year) for part in result.parts if (year := year_of(part)) is not None]
    return Explanation(
        formula="The sum over its models of the log's own calls at today's prices, times how often the "
        "log's time fits into a year:",
        inputs=largest(costs, "models"),
        figure=result.current_per_year_micro_usd,
        unit="usd",
        provenance="estimated",
        prices=price_rows(analysis, result.parts, planned=True),
        notes=basis(result.parts),
    )


def workload_saving(analysis: Analysis, result: WorkloadResult) -> Explanation:
    """What a workload's recommended moves save a year: today minus the recommended lane."""
    parts = [part for part in result.parts if part_moves(part)]
    today: list[tuple[str, Decimal]] = []
    then: list[tuple[str, Decimal]] = []
    with exact():
        for part in parts:
            projected = part.lane(part.recommended_lane).projected
            year = year_of(part)
            if projected is not None and year is not None and part.year_factor is not None:
                today.append((f"{model_of(part)}: today, {lane_title(part.current_lane)}", year))
                move = f"{model_of(part)}: {lane_title(part.recommended_lane)}"
                then.append((move, -projected.base * part.year_factor))
    return Explanation(
        formula="A year in today's lane minus a year in the recommended lane, re-runs and lost cache hits "
        "included, base case:"
        if parts
        else "It stays in its lane, so nothing is saved and nothing is lost.",
        inputs=(*largest(today, "models"), *largest(then, "models")),
        figure=result.saving_per_year.base,
        unit="usd",
        provenance="estimated",
        prices=price_rows(analysis, parts or result.parts, planned=True),
        assumptions=analysis.assumptions if parts else (),
        spread=result.saving_per_year if parts else None,
        notes=basis(parts),
    )


def workload_potential(analysis: Analysis, result: WorkloadResult) -> Explanation:
    """What a workload would save a year if its owner said that it can wait."""
    found = [(model_of(part), part.potential_per_year) for part in result.parts]
    known = [(name, worth.base) for name, worth in found if worth is not None]
    potential = result.potential_per_year
    return Explanation(
        formula="The sum over its models of a year in today's lane minus a year in the cheapest lane that a "
        "batch workload may use, base case:",
        inputs=largest(known, "models"),
        figure=None if potential is None else potential.base,
        unit="usd",
        provenance="estimated",
        prices=price_rows(analysis, result.parts, planned=True),
        assumptions=analysis.assumptions,
        spread=potential,
        notes=("It is in no total until somebody says that the workload can wait.", *basis(result.parts)),
    )


def _moves(result: WorkloadResult) -> bool:
    return any(part_moves(part) for part in result.parts)
