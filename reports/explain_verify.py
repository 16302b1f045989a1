"""How the figures of batch jobs, bills and budgets are computed, each as an `Explanation`."""

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal
from typing import Final

from pricing.table import PriceTable
from reports.batch_jobs import BatchJob, BatchTotals
from reports.budgets import Spent
from reports.differences import Comparison, together
from reports.explanation import (
    Explanation,
    Input,
    PricesNamed,
    all_parts,
    largest,
    named_rows,
    price_rows,
    summed,
    table_rows,
)
from reports.model import Analysis, Provenance

NO_BATCH: Final = "lines that name no batch"

# ---------------------------------------------------------------- batch jobs


def batches(jobs: Sequence[BatchJob], totals: BatchTotals) -> Explanation:
    """How many batches the log has."""
    found = summed((job.provider, Decimal(1)) for job in jobs if job.batch_id is not None)
    lines = sum(job.n_requests for job in jobs if job.batch_id is None)
    return Explanation(
        formula="The different batch ids in the logs, by provider:",
        inputs=largest(found.items(), "providers", "number"),
        figure=Decimal(totals.n_batches),
        unit="number",
        provenance="computed",
        prices=None,
        notes=(f"Requests in tier batch that name no batch, in all other figures: {lines:,}.",)
        if lines
        else (),
    )


def batch_errors(jobs: Sequence[BatchJob], totals: BatchTotals) -> Explanation:
    """How many requests of batches failed."""
    return Explanation(
        formula="The sum over batches of the requests that ended in an error:",
        inputs=largest(
            [(_batch(job), Decimal(job.n_error)) for job in jobs if job.n_error], "batches", "number"
        ),
        figure=Decimal(totals.n_errors),
        unit="number",
        provenance="computed",
        prices=None,
        notes=(
            f"Of {totals.n_requests:,} requests. Expired ones ({totals.n_expired:,}) and cancelled ones are "
            "no errors.",
        ),
    )


def batch_cost(jobs: Sequence[BatchJob], totals: BatchTotals, prices: PriceTable) -> Explanation:
    """What the batches cost as billed."""
    costs = [(_batch(job), job.cost_micro_usd) for job in jobs]
    return Explanation(
        formula="The sum over batches of tokens times the batch price of their model on their own day; lines "
        "that failed and were billed included:",
        inputs=largest([(name, cost) for name, cost in costs if cost is not None], "batches"),
        figure=totals.cost_micro_usd,
        unit="usd",
        provenance="computed",
        prices=_batch_prices(jobs, prices),
        notes=_unpriced(jobs),
    )


def usable_answer(jobs: Sequence[BatchJob], totals: BatchTotals, prices: PriceTable) -> Explanation:
    """What an answer that can be used cost."""
    cost = totals.cost_micro_usd
    return Explanation(
        formula="The cost of all batches divided by the requests that were answered:",
        inputs=(
            *((Input("Cost of the batches", cost),) if cost is not None else ()),
            Input("Requests answered", Decimal(totals.n_usable), "number"),
        ),
        figure=totals.each_micro_usd,
        unit="usd_each",
        provenance="computed",
        prices=_batch_prices(jobs, prices),
        notes=_unpriced(jobs),
    )


def _batch(job: BatchJob) -> str:
    return f"{job.provider}, {job.batch_id or NO_BATCH}"


def _unpriced(jobs: Sequence[BatchJob]) -> tuple[str, ...]:
    missing = sum(job.cost_micro_usd is None for job in jobs)
    return (f"Batches without a price for all of their requests, not in it: {missing:,}.",) if missing else ()


def _batch_prices(jobs: Sequence[BatchJob], prices: PriceTable) -> PricesNamed:
    """The batch rows of the models, those of the dearest batch first."""
    ordered = sorted(jobs, key=lambda job: -(job.cost_micro_usd or Decimal(0)))
    served = dict.fromkeys((job.provider, model) for job in ordered for model in job.models)
    first = min((job.first_ts for job in jobs if job.first_ts is not None), default=None)
    last = max((job.last_ts_end for job in jobs if job.last_ts_end is not None), default=None)
    rows = table_rows(prices, [(*model, ("batch",)) for model in served], first, last)
    return named_rows(rows, prices.version)


# ---------------------------------------------------------------- bills


def compared_cost(analysis: Analysis, rows: Sequence[Comparison]) -> Explanation:
    """What Lanewise computes for the calls that somebody else put a price on."""
    return Explanation(
        formula="The sum over the compared calls of tokens times the price of their model and tier on their "
        "own day, by provider and model:",
        inputs=_by_model(rows, lambda row: row.computed_micro_usd),
        figure=together(rows).computed_micro_usd,
        unit="usd",
        provenance="computed",
        prices=_compared_prices(analysis, rows),
        notes=("Only calls that the other side covers are in it.",),
    )


def other_cost(rows: Sequence[Comparison], what: str, provenance: Provenance = "billed") -> Explanation:
    """What the bill or the source of a log says; `what` names these amounts."""
    return Explanation(
        formula=f"The sum of the {what}, in USD, by provider and model:",
        inputs=_by_model(rows, lambda row: row.other_micro_usd),
        figure=together(rows).other_micro_usd,
        unit="usd",
        provenance=provenance,
        prices=None,
        notes=("Amounts that nothing could be held against stand below and are not in it.",),
    )


def difference(analysis: Analysis, rows: Sequence[Comparison], other: str) -> Explanation:
    """The other amount minus the computed one; every part of it has a cause or is unknown."""
    sums = together(rows)
    return Explanation(
        formula=f"{other}, minus what is computed for the same calls:",
        inputs=(
            Input(other, sums.other_micro_usd),
            Input("Computed", -sums.computed_micro_usd),
        ),
        figure=sums.difference_micro_usd,
        unit="usd",
        provenance="computed",
        prices=_compared_prices(analysis, rows),
        notes=("The causes below add up to it exactly; what no price explains is unknown.",),
    )


def _by_model(rows: Sequence[Comparison], amount: Callable[[Comparison], Decimal]) -> tuple[Input, ...]:
    named = (
        (f"{row.provider} / {row.model}" if row.model else f"{row.provider}, no model named", amount(row))
        for row in rows
    )
    return largest(summed(named).items(), "models")


def _compared_prices(analysis: Analysis, rows: Iterable[Comparison]) -> PricesNamed:
    models = {(row.provider, row.model) for row in rows}
    parts = [
        part
        for part in all_parts(analysis)
        if models & {(part.provider, part.model), (part.provider, part.price_model), (part.provider, None)}
    ]
    return price_rows(analysis, parts, planned=False)


# ---------------------------------------------------------------- budgets


def budget(analysis: Analysis, spent: Spent) -> Explanation:
    """What a budget's period has cost so far."""
    names = {name for name, _ in spent.by_workload}
    parts = [part for part in all_parts(analysis) if part.workload in names]
    return Explanation(
        formula="The sum over the calls of the period, in the days of the budgets' time zone, of tokens "
        "times the price of their model and tier on their own day; here by workload:",
        inputs=largest(spent.by_workload, "workloads"),
        figure=spent.micro_usd,
        unit="usd",
        provenance="computed",
        prices=price_rows(analysis, parts, planned=False),
        notes=(f"Calls of the period without a price, in no amount: {spent.n_unpriced:,}.",)
        if spent.n_unpriced
        else (),
    )
