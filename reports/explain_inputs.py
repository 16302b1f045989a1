"""How the figures of imports, workload rules, policies and price changes are computed before they count."""

from datetime import datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from data.schema import UNATTRIBUTED
from pricing.table import PriceTable
from reports.explanation import Explanation, Input, PricesNamed, exact, largest, named_rows, table_rows
from reports.look import billed, sum_costs
from reports.mapping import RulesPreview
from reports.policy_preview import PolicyPreview
from reports.price_preview import PricePreview

# ---------------------------------------------------------------- what a file brought


def rows_read(accepted: int, rejected: int, duplicates: int) -> Explanation:
    """The rows of a file: every one of them became something."""
    return Explanation(
        formula="Every row of the file is accepted, rejected with its line and reason, or known already:",
        inputs=(
            Input("Accepted", Decimal(accepted), "number"),
            Input("Rejected", Decimal(rejected), "number"),
            Input("Duplicates", Decimal(duplicates), "number"),
        ),
        figure=Decimal(accepted + rejected + duplicates),
        unit="number",
        provenance="computed",
        prices=None,
        notes=("Rows without a time are among the accepted ones.",),
    )


def import_cost(cube: pa.Table, prices: PriceTable, dataset_id: str, as_of: datetime) -> Explanation:
    """What one dataset costs as billed, model by model; undated calls at the prices of `as_of`."""
    mine = cube.filter(pc.equal(cube["dataset_id"], dataset_id))
    rows = billed(mine, prices, as_of, "provider", "model", "tier")
    rows.sort(key=lambda row: -(row["cost_micro_usd"] or Decimal(0)))
    costs = [
        (f"{row['provider']} / {row['model']}, {row['tier']}", row["cost_micro_usd"])
        for row in rows
        if row["cost_micro_usd"] is not None
    ]
    missing = sum(row["n_requests"] - row["n_priced"] - row["n_failed_unmetered"] for row in rows)
    hours = pc.min_max(mine["hour_utc"]).as_py()
    used = table_rows(
        prices,
        [(row["provider"], row["model"], (row["tier"],)) for row in rows],
        hours["min"] or as_of,
        hours["max"] or as_of,
    )
    return Explanation(
        formula="The sum over the calls of tokens times the price of their model and tier on their own day; "
        "here by model and tier:",
        inputs=largest(costs, "models and tiers"),
        figure=sum_costs(rows),
        unit="usd",
        provenance="computed",
        prices=named_rows(used, prices.version),
        notes=(f"{missing:,} calls could not be priced and are in no amount.",) if missing else (),
    )


# ---------------------------------------------------------------- workload rules


def left_calls(preview: RulesPreview) -> Explanation:
    """How many calls no rule names."""
    left = preview.unattributed.n_requests
    return Explanation(
        formula="All logged calls minus those that some rule, or their own record, names:",
        inputs=(
            Input("Calls", Decimal(preview.n_requests), "number"),
            Input("Named", Decimal(left - preview.n_requests), "number"),
        ),
        figure=Decimal(left),
        unit="number",
        provenance="computed",
        prices=None,
    )


def left_spend(preview: RulesPreview, version: str) -> Explanation:
    """The share of the spend that no rule names; `version` is the price table's."""
    left = preview.unattributed.cost_micro_usd or Decimal(0)
    whole = preview.cost_micro_usd
    with exact():
        share = left / whole if whole else None
    return Explanation(
        formula="Spend of the calls that no rule names, divided by the spend of all calls, as billed:",
        inputs=(
            Input("Named by no rule", left),
            *((Input("All calls", whole),) if whole is not None else ()),
        ),
        figure=share,
        unit="share",
        provenance="computed",
        prices=PricesNamed((), 0, version),
        notes=("Each call at the price of its own day; the price rows are those of the spend in the log.",),
    )


def named_workloads(preview: RulesPreview) -> Explanation:
    """How many workloads the rules make."""
    unnamed = int(UNATTRIBUTED in preview.workloads)
    return Explanation(
        formula="The different names that the rules give to the logged calls, without the name for none:",
        inputs=(
            Input("Different names", Decimal(len(preview.workloads)), "number"),
            Input(UNATTRIBUTED, Decimal(-unnamed), "number"),
        ),
        figure=Decimal(len(preview.workloads) - unnamed),
        unit="number",
        provenance="computed",
        prices=None,
        notes=("Workloads that are only described are not counted; no rule renames them.",),
    )


# ---------------------------------------------------------------- before a policy or a price is saved


def policy_saving(preview: PolicyPreview, version: str) -> Explanation:
    """The projected saving under the policy on screen; `version` is the price table's."""
    with exact():
        changes = [
            (effect.workload, effect.after.saving_per_year.base - effect.before.saving_per_year.base)
            for effect in preview.effects
            if not effect.hours
        ]
    return Explanation(
        formula="The saving a year under the policy in force, plus what changes workload by workload under "
        "this one, base case:",
        inputs=(
            Input("Policy in force", preview.saving_before.base),
            *largest([(name, amount) for name, amount in changes if amount], "workloads"),
        ),
        figure=preview.saving_after.base,
        unit="usd",
        provenance="estimated",
        prices=PricesNamed((), 0, version),
        spread=preview.saving_after,
        notes=("A policy changes no price: the price rows are those of the saving a year.",),
    )


def policy_potential(preview: PolicyPreview, version: str) -> Explanation:
    """What unknown workloads would save under the policy on screen; `version` is the price table's."""
    changes: list[tuple[str, Decimal]] = []
    with exact():
        for effect in preview.effects:
            before, after = effect.before.potential_per_year, effect.after.potential_per_year
            changed = (after.base if after else Decimal(0)) - (before.base if before else Decimal(0))
            if changed and not effect.hours:
                changes.append((effect.workload, changed))
    return Explanation(
        formula="What unknown workloads would save under the policy in force if they could wait, plus what "
        "changes workload by workload under this one, base case:",
        inputs=(Input("Policy in force", preview.potential_before.base), *largest(changes, "workloads")),
        figure=preview.potential_after.base,
        unit="usd",
        provenance="estimated",
        prices=PricesNamed((), 0, version),
        spread=preview.potential_after,
        notes=("It is in no total until somebody says that these workloads can wait.",),
    )


def changed_spend(preview: PricePreview) -> Explanation:
    """The spend in the log after a change of prices."""
    before = preview.spend_before_micro_usd
    months = [
        ("no date" if change.month is None else f"{change.month:%B %Y}", change.difference_micro_usd)
        for change in preview.months
    ]
    return Explanation(
        formula="The spend in the log as it is, plus what each month of it costs more with the new prices, "
        "each call on its own day:",
        inputs=(
            *((Input("As it is", before),) if before is not None else ()),
            *largest(months, "months"),
        ),
        figure=preview.spend_after_micro_usd,
        unit="usd",
        provenance="computed",
        prices=None,
        notes=("The price rows are those being changed, on this page.",),
    )


def changed_saving(preview: PricePreview) -> Explanation:
    """The saving a year after a change of prices."""
    return Explanation(
        formula="The saving a year as it is, plus what changes workload by workload with the new prices, "
        "base case:",
        inputs=(
            Input("As it is", preview.saving_before_micro_usd),
            *largest(preview.saving_changes, "workloads"),
        ),
        figure=preview.saving_after_micro_usd,
        unit="usd",
        provenance="estimated",
        prices=None,
        notes=("The price rows are those being changed, on this page.",),
    )
