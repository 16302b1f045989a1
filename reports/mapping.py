"""What workload rules do to a workspace: how many calls each takes, what those cost, what is left over.

A preview is asked of the census: the calls of all logs by what rules can see of them, priced once.
Trying other rules on it touches neither calls nor prices, so it answers while somebody types.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, localcontext
from typing import Final

import pyarrow as pa

from data.attributes import attribute_sets
from data.attribution import Kind, fields
from data.rules import Fields, Rule, RuleSet
from data.schema import UNATTRIBUTED
from data.store import Workspace
from pricing.table import PriceTable
from reports.look import billed

NAMES_SHOWN: Final = 20
VALUES_SHOWN: Final = 100
_PRECISION: Final = 60


@dataclass(frozen=True)
class CallGroup:
    """Calls that rules cannot tell apart: what rules see of them, how many, and what they cost.

    The cost is as billed, in micro-dollars, over the calls that have a price; None when none has.
    """

    fields: Fields
    n_requests: int
    cost_micro_usd: Decimal | None


@dataclass(frozen=True)
class Taken:
    """The calls that one rule takes, or that none takes: a count, the cost, shares of all from 0 to 1.

    Shares are None where there is nothing to share. `workloads` are the first names made, most
    calls first; `n_workloads` is how many there are.
    """

    n_requests: int
    cost_micro_usd: Decimal | None
    share_of_calls: float | None
    share_of_cost: float | None
    workloads: tuple[str, ...]
    n_workloads: int


@dataclass(frozen=True)
class RulesPreview:
    """What a list of rules would do: per rule in order, what is left over, and every workload's cost."""

    rules: tuple[tuple[Rule, Taken], ...]
    unattributed: Taken
    n_requests: int
    cost_micro_usd: Decimal | None
    workloads: Mapping[str, tuple[int, Decimal | None]]


@dataclass(frozen=True)
class FieldSeen:
    """A field that calls of the workspace have: its most frequent values with their calls."""

    field: str
    n_values: int
    values: tuple[tuple[str, int], ...]


def census(
    workspace: Workspace, keyed: pa.Table, prices: PriceTable, as_of: datetime
) -> tuple[CallGroup, ...]:
    """The logged calls of a keyed cube (see `data.cube.keyed_usage`) by what rules see of them.

    Undated calls take the price at `as_of`. Described workloads are left out: rules do not rename them.
    """
    formats = {manifest.dataset_id: manifest.format for manifest in workspace.datasets()}
    sets = {dataset_id: attribute_sets(workspace, dataset_id) for dataset_id in formats}
    return tuple(
        CallGroup(
            fields(
                Kind(row["workload"], row["provider"], row["model"]),
                sets[row["dataset_id"]],
                formats[row["dataset_id"]],
            ),
            int(row["n_requests"]),
            row["cost_micro_usd"],
        )
        for row in billed(keyed, prices, as_of, "workload", "provider", "model", "dataset_id")
    )


def preview(groups: Iterable[CallGroup], rules: RuleSet) -> RulesPreview:
    """What the rules would do to the census."""
    by_rule: dict[int | None, list[tuple[str, CallGroup]]] = defaultdict(list)
    for group in groups:
        position, name = rules.deciding(group.fields)
        # A rule may give the name that stands for no name; then the call is as good as left over.
        by_rule[None if name == UNATTRIBUTED else position].append((name, group))
    everything = [entry for entries in by_rule.values() for entry in entries]
    with localcontext() as context:
        context.prec = _PRECISION
        total = _cost(everything)
        calls = sum(group.n_requests for _, group in everything)
        by_name: dict[str, list[tuple[str, CallGroup]]] = defaultdict(list)
        for entry in everything:
            by_name[entry[0]].append(entry)
        return RulesPreview(
            rules=tuple(
                (rule, _taken(by_rule[position], calls, total)) for position, rule in enumerate(rules.rules)
            ),
            unattributed=_taken(by_rule[None], calls, total),
            n_requests=calls,
            cost_micro_usd=total,
            workloads={
                name: (sum(group.n_requests for _, group in entries), _cost(entries))
                for name, entries in sorted(by_name.items())
            },
        )


def fields_seen(groups: Iterable[CallGroup]) -> tuple[FieldSeen, ...]:
    """Every field that some call has, by name, with its values by calls."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for group in groups:
        for field, values in group.fields.items():
            for value in set(values):
                counts[field][value] += group.n_requests
    return tuple(
        FieldSeen(
            field,
            len(counts[field]),
            tuple(sorted(counts[field].items(), key=lambda item: (-item[1], item[0]))[:VALUES_SHOWN]),
        )
        for field in sorted(counts)
    )


def _taken(entries: Sequence[tuple[str, CallGroup]], calls: int, total: Decimal | None) -> Taken:
    names: Counter[str] = Counter()
    for name, group in entries:
        names[name] += group.n_requests
    n_requests = sum(names.values())
    cost = _cost(entries)
    ordered = sorted(names, key=lambda name: (-names[name], name))
    return Taken(
        n_requests=n_requests,
        cost_micro_usd=cost if entries else Decimal(0),
        share_of_calls=n_requests / calls if calls else None,
        share_of_cost=float((cost or Decimal(0)) / total) if total else None,
        workloads=tuple(ordered[:NAMES_SHOWN]),
        n_workloads=len(ordered),
    )


def _cost(entries: Iterable[tuple[str, CallGroup]]) -> Decimal | None:
    priced = [group.cost_micro_usd for _, group in entries if group.cost_micro_usd is not None]
    return sum(priced, Decimal(0)) if priced else None
