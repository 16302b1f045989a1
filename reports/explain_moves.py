"""How the figures of scenarios, of realised savings and of the ledger are computed."""

from collections.abc import Sequence
from decimal import Decimal

from pricing.coming import HOURS_A_YEAR
from reports.analysis import price_used
from reports.explain import saving_a_year
from reports.explanation import (
    Explanation,
    Input,
    PricesNamed,
    all_parts,
    largest,
    named_rows,
    price_rows,
    rows_used,
)
from reports.format import lane_title
from reports.ledger import Entry
from reports.ledger_model import State
from reports.model import Analysis, PriceUsed
from reports.realised import Realised, Track
from reports.whatif import ScenarioResult, ScenarioRow

# ---------------------------------------------------------------- scenarios


def scenario_today(analysis: Analysis, result: ScenarioResult) -> Explanation:
    """An average month as the workloads run today."""
    rows = [(row.workload, row.today_micro_usd) for row in _counted(result)]
    return Explanation(
        formula="The sum over workloads of a twelfth of a year in today's lane, at today's prices:",
        inputs=largest([(name, cost) for name, cost in rows if cost is not None], "workloads"),
        figure=result.today_micro_usd,
        unit="usd",
        provenance="estimated",
        prices=price_rows(analysis, all_parts(analysis), planned=True),
        notes=_left_out(result),
    )


def scenario_cost(analysis: Analysis, result: ScenarioResult) -> Explanation:
    """An average month as the scenario has it."""
    rows = [(row.workload, row.scenario_micro_usd) for row in _counted(result)]
    return Explanation(
        formula="The sum over workloads of an average month of the year from the scenario's day on, in the "
        "scenario's lanes, base case:",
        inputs=largest([(name, cost) for name, cost in rows if cost is not None], "workloads"),
        figure=result.cost.base,
        unit="usd",
        provenance="estimated",
        prices=named_rows(result.prices_used, analysis.price_version),
        assumptions=result.assumptions,
        spread=result.cost,
        notes=(*_discounts(result), *_left_out(result)),
    )


def scenario_saving(analysis: Analysis, result: ScenarioResult) -> Explanation:
    """What the scenario saves a month; negative where it costs more."""
    return Explanation(
        formula="Today, a month, minus the scenario, a month, base case:",
        inputs=(
            Input("Today, a month", result.today_micro_usd),
            Input("Scenario, a month", -result.cost.base),
        ),
        figure=result.saving.base,
        unit="usd",
        provenance="estimated",
        prices=named_rows(_new_first(analysis, result), analysis.price_version),
        assumptions=result.assumptions,
        spread=result.saving,
        notes=(*_discounts(result), *_left_out(result)),
    )


def _counted(result: ScenarioResult) -> list[ScenarioRow]:
    return [row for row in result.rows if row.scenario is not None and row.workload not in result.set_aside]


def _left_out(result: ScenarioResult) -> tuple[str, ...]:
    n_left = len(result.rows) - len(_counted(result))
    return (f"Workloads without a figure, in neither month: {n_left:,}.",) if n_left else ()


def _new_first(analysis: Analysis, result: ScenarioResult) -> list[PriceUsed]:
    """The rows of the scenario that today's month does not rest on, then all others, each once."""
    today = rows_used(analysis, all_parts(analysis), planned=True)
    known = set(today)
    new = [row for row in result.prices_used if row not in known]
    return list(dict.fromkeys([*new, *result.prices_used, *today]))


def _discounts(result: ScenarioResult) -> tuple[str, ...]:
    """What comes off the price rows, which are those of the table."""
    taken = [
        f"{provider} {percent.normalize():f} %"
        for provider, percent in sorted(result.scenario.discounts.items())
    ]
    return (
        (f"The scenario's discounts come off the prices of the table: {', '.join(taken)}.",) if taken else ()
    )


# ---------------------------------------------------------------- realised


def realised_saving(analysis: Analysis, found: Realised) -> Explanation:
    """What batch, flex, off-peak and caches really saved."""
    total = found.total
    undated = found.undated().saved_micro_usd != 0
    return Explanation(
        formula="Saved by caches, plus saved by batch, flex and off-peak, minus what failures cost:",
        inputs=(
            Input("Saved by caches, net of writes", total.cache_micro_usd),
            Input("Saved by the tier", total.tier_micro_usd),
            Input("Lost to failures", -total.lost_micro_usd),
        ),
        figure=total.saved_micro_usd,
        unit="usd",
        provenance="estimated" if undated else "computed",
        prices=price_rows(analysis, all_parts(analysis), planned=False),
        notes=("Calls without a time take today's prices, so their share is an estimate.",)
        if undated
        else (),
    )


def still_open(analysis: Analysis, beside: Track) -> Explanation:
    """What the recommended moves would save over as long a time as the log has."""
    return Explanation(
        formula="The projected saving a year times the hours of the log, divided by the hours of a year:",
        inputs=(
            Input("Projected saving a year", analysis.totals.saving_per_year.base),
            Input("Hours of the log", Decimal(analysis.window_hours), "number"),
            Input("Hours of a year", Decimal(HOURS_A_YEAR), "number"),
        ),
        figure=beside.open_micro_usd,
        unit="usd",
        provenance="estimated",
        prices=saving_a_year(analysis).prices,
        assumptions=analysis.assumptions,
    )


def capture_rate(analysis: Analysis, beside: Track) -> Explanation:
    """The part of the whole saving that is realised."""
    return Explanation(
        formula="Realised saving divided by realised and still open saving together:",
        inputs=(
            Input("Realised saving", beside.realised_micro_usd),
            Input("Still to be had", beside.open_micro_usd),
        ),
        figure=beside.capture_rate,
        unit="share",
        provenance="estimated",
        prices=saving_a_year(analysis).prices,
        assumptions=analysis.assumptions,
    )


def lost_to_failures(analysis: Analysis, found: Realised) -> Explanation:
    """What was billed for deferred lines that gave no answer of their own."""
    lost = [(name, levers.lost_micro_usd) for name, levers in found.by_workload().items()]
    return Explanation(
        formula="The sum over workloads of what was billed for deferred lines that failed, expired, were "
        "cancelled or were answered twice:",
        inputs=largest([(name, amount) for name, amount in lost if amount], "workloads"),
        figure=found.total.lost_micro_usd,
        unit="usd",
        provenance="computed",
        prices=price_rows(analysis, all_parts(analysis), planned=False),
        notes=(
            f"Lines that failed: {found.total.n_failed:,}. Answered twice: {found.total.n_repeated:,}. "
            "Failed lines without tokens cost nothing.",
        ),
    )


# ---------------------------------------------------------------- ledger


def ledger_expected(analysis: Analysis, entries: Sequence[Entry], states: Sequence[State]) -> Explanation:
    """The expected saving a year of the entries in some states that count."""
    counted = [
        (entry, entry.expected_per_year.base)
        for entry in entries
        if entry.state in states and entry.expected_per_year is not None and entry.counts
    ]
    proposed = "proposed" in states
    return Explanation(
        formula="The sum over recommendations of the saving a year, base case:"
        if proposed
        else "The sum over claims of the saving a year that was frozen with each, base case:",
        inputs=largest([(_entry(entry), amount) for entry, amount in counted], "recommendations"),
        figure=sum((amount for _, amount in counted), Decimal(0)),
        unit="usd",
        provenance="estimated",
        prices=_entry_prices(analysis, [entry for entry, _ in counted]),
        assumptions=analysis.assumptions if proposed else (),
        notes=()
        if proposed
        else ("A claim keeps its prices, policy and volume; it does not move with today's.",),
    )


def ledger_verified(analysis: Analysis, entries: Sequence[Entry]) -> Explanation:
    """What the verified moves save a year by what was measured."""
    counted = [
        (entry, amount)
        for entry in entries
        if entry.state == "verified"
        and entry.counts
        and (amount := entry.verified_per_year_micro_usd) is not None
    ]
    return Explanation(
        formula="The sum over verified moves of what the answers since the claim would have cost in the "
        "baseline's lane, less what all calls cost as they ran, at their pace for a year:",
        inputs=largest([(_entry(entry), amount) for entry, amount in counted], "moves"),
        figure=sum((amount for _, amount in counted), Decimal(0)),
        unit="usd",
        provenance="computed",
        prices=_entry_prices(analysis, [entry for entry, _ in counted]),
    )


def _entry(entry: Entry) -> str:
    return f"{entry.key.workload}, {entry.key.model}: {lane_title(entry.key.lane)}"


def _entry_prices(analysis: Analysis, entries: Sequence[Entry]) -> PricesNamed:
    """The rows frozen with the claims; of what is not claimed yet, today's."""
    frozen = [
        price_used(row)
        for entry in entries
        if entry.baseline is not None
        for row in entry.baseline.prices.rows
    ]
    open_parts = {entry.key.part for entry in entries if entry.baseline is None}
    parts = [part for part in all_parts(analysis) if (part.workload, part.provider, part.model) in open_parts]
    today = rows_used(analysis, parts, planned=True)
    return named_rows(dict.fromkeys([*frozen, *today]), analysis.price_version)
