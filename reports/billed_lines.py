"""Imported bills beside what Lanewise computes for the same provider, days, models and projects.

A bill is compared by the provider's own periods. Models are told apart where the bill names them, projects
where all of its projects are workloads of the log. Lines in another currency, which nobody converted, are
listed and compared with nothing.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, localcontext
from typing import Any, Final

import pyarrow as pa

from pricing.table import PriceTable
from reports import tables
from reports.alternatives import Priced, priced_ways
from reports.differences import PRECISION, ROUNDING_OF_A_LINE, Cause, Comparison, classify
from reports.look import Inputs, billed
from reports.reported import MICRO, NotCompared

_MARK: Final = "\x1f"
_TS: Final = pa.timestamp("us")
TRUSTED: Final = Decimal("0.01")
"""A total that is within this share of the bill agrees with it."""


@dataclass(frozen=True)
class Trust:
    """A total over what the bill of a provider covers, beside the bill's charges for models, micro-dollars.

    `source` is a dataset's id, or None for Lanewise's own computed cost. `n_missing` calls of the source have
    no cost in it.
    """

    provider: str
    source: str | None
    micro_usd: Decimal
    bill_micro_usd: Decimal
    n_missing: int

    @property
    def off_by(self) -> Decimal | None:
        """The difference as a share of the bill; None where the bill charges nothing."""
        if not self.bill_micro_usd:
            return None
        with localcontext() as context:
            context.prec = PRECISION
            return (self.micro_usd - self.bill_micro_usd) / self.bill_micro_usd

    @property
    def agrees(self) -> bool:
        """Whether it is near enough to the bill to be trusted."""
        return self.off_by is not None and abs(self.off_by) <= TRUSTED


@dataclass(frozen=True)
class Bills:
    """The comparisons with bills, whom to trust after them, and what could not be compared."""

    rows: tuple[Comparison, ...]
    trust: tuple[Trust, ...]
    not_compared: tuple[NotCompared, ...]


@dataclass(frozen=True)
class _Period:
    provider: str
    start: datetime
    end: datetime


@dataclass
class _Cell:
    """One cell of a bill: its charges, and of them the credits and discounts."""

    charged: Decimal = Decimal(0)
    credits: Decimal = Decimal(0)
    n_lines: int = 0


def bills(inputs: Inputs, cube: pa.Table, lines: pa.Table) -> Bills:
    """Every imported bill held against the calls of its provider and days.

    Args:
        inputs: prices, and the datasets by name.
        cube: the logged calls that count.
        lines: `data.bills.bill_lines`.
    """
    with localcontext() as context:
        context.prec = PRECISION
        all_lines = lines.to_pylist()
        usable = [line for line in all_lines if line["amount_usd"] is not None]
        left_out = _not_compared(all_lines)
        if not usable:
            return Bills((), (), left_out)
        periods = _periods(usable)
        named = _models(usable, inputs.prices)
        projects = _projects(usable, cube)
        mine = tables.arrow("bill_cube", {"cube": cube, **_relations(periods, named, projects, cube, inputs)})
        ways = priced_ways(mine, inputs.prices, ("provider", "workload"), inputs.as_of)
        computed = {(provider, cell): found for (provider, cell), found in ways.items()}
        cells = _cells(usable, periods, named, projects, discounted=bool(inputs.prices.discounts))
        covered = _covered(cube)
        rows = tuple(
            _compared(place, cells.get(place, _Cell()), computed.get(place), periods, covered, named)
            for place in sorted(
                {*cells, *(place for place, item in computed.items() if item.computed_micro_usd)}
            )
        )
        left_out = (*left_out, *_unpriced(mine, inputs))
        trust = _trust(rows, tables.rows("bill_reported", {"cube": mine}))
        return Bills(rows, trust, left_out)


_Place = tuple[str, str]
"""Provider, and the cell of its bill: period, model and project, joined."""


def _periods(lines: Iterable[Mapping[str, Any]]) -> list[_Period]:
    """The times that each provider's bill covers; lines that overlap are one period."""
    spans: dict[str, list[tuple[datetime, datetime]]] = defaultdict(list)
    for line in lines:
        end = line["ts_end"] or line["ts"] + timedelta(days=1)
        spans[line["provider"]].append((line["ts"], max(end, line["ts"] + timedelta(hours=1))))
    found: list[_Period] = []
    for provider, known in sorted(spans.items()):
        start, end = min(known)
        for first, last in sorted(known)[1:]:
            if first < end:
                end = max(end, last)
            else:
                found.append(_Period(provider, start, end))
                start, end = first, last
        found.append(_Period(provider, start, end))
    return found


def _models(lines: Iterable[Mapping[str, Any]], prices: PriceTable) -> dict[tuple[str, str], str]:
    """(provider, model as the bill writes it) -> the model it is, for those that the price table knows."""
    found: dict[tuple[str, str], str] = {}
    for line in lines:
        if line["model"] is not None:
            place = prices.locate(line["provider"], line["model"], line["ts"])
            found[line["provider"], line["model"]] = place[1] if place else line["model"].lower()
    return found


def _projects(lines: Sequence[Mapping[str, Any]], cube: pa.Table) -> frozenset[str]:
    """The providers whose bills name projects, all of which are workloads of the log."""
    workloads = set(cube["workload"].to_pylist())
    named: dict[str, set[str | None]] = defaultdict(set)
    for line in lines:
        named[line["provider"]].add(line["workload"])
    return frozenset(provider for provider, names in named.items() if names <= workloads)


def _relations(
    periods: Sequence[_Period],
    named: Mapping[tuple[str, str], str],
    projects: frozenset[str],
    cube: pa.Table,
    inputs: Inputs,
) -> dict[str, pa.Table]:
    by_model = {provider for provider, _ in named}
    logged = cube.select(["provider", "model"]).group_by(["provider", "model"]).aggregate([]).to_pylist()
    models = [
        {**row, "priced_by": place[1] if place else row["model"].lower()}
        for row in logged
        if row["provider"] in by_model
        for place in (inputs.prices.locate(row["provider"], row["model"]),)
    ]
    text = pa.string()
    return {
        "periods": pa.table(
            {
                "provider": pa.array([period.provider for period in periods], text),
                "period": pa.array(range(len(periods)), pa.int64()),
                "start_ts": pa.array([period.start for period in periods], _TS),
                "end_ts": pa.array([period.end for period in periods], _TS),
            }
        ),
        "models": pa.Table.from_pylist(
            models, pa.schema([("provider", text), ("model", text), ("priced_by", text)])
        ),
        "projects": pa.table({"provider": pa.array(sorted(projects), text)}),
    }


def _cells(
    lines: Iterable[Mapping[str, Any]],
    periods: Sequence[_Period],
    named: Mapping[tuple[str, str], str],
    projects: frozenset[str],
    *,
    discounted: bool,
) -> dict[_Place, _Cell]:
    found: dict[_Place, _Cell] = defaultdict(_Cell)
    for line in lines:
        provider, amount = line["provider"], line["amount_usd"] * MICRO
        number = next(
            i
            for i, period in enumerate(periods)
            if period.provider == provider and period.start <= line["ts"] < period.end
        )
        model = named.get((provider, line["model"]), "") if line["model"] is not None else ""
        project = (line["workload"] or "") if provider in projects else ""
        cell = found[provider, _MARK.join((str(number), model, project))]
        cell.n_lines += 1
        cell.charged += amount
        if amount < 0:
            cell.credits += amount
        elif line["list_amount_usd"] is not None and not discounted:
            # A discount that nobody told Lanewise of; the list price is what its own figure is held against.
            cell.credits += amount - line["list_amount_usd"] * MICRO
    return found


def _covered(cube: pa.Table) -> dict[str, tuple[datetime, datetime]]:
    """Provider -> the first hour of its log, and the end of the last."""
    rows = tables.rows("provider_hours", {"cube": cube})
    return {row["provider"]: (row["first_hour"], row["end_ts"]) for row in rows}


def _compared(
    place: _Place,
    cell: _Cell,
    priced: Priced | None,
    periods: Sequence[_Period],
    covered: Mapping[str, tuple[datetime, datetime]],
    named: Mapping[tuple[str, str], str],
) -> Comparison:
    provider, (number, model, project) = place[0], place[1].split(_MARK)
    period = periods[int(number)]
    computed = priced.computed_micro_usd if priced else Decimal(0)
    charged = cell.charged - cell.credits
    hours = covered.get(provider)
    whole_log = hours is not None and hours[0] <= period.start and hours[1] >= period.end
    fallback: Cause = "unknown"
    if not model and any(key[0] == provider for key in named):
        fallback = "no_model"
    elif priced is None or not cell.n_lines or not whole_log:
        fallback = "missing_calls"
    causes, detail = classify(
        charged,
        computed,
        priced.alternatives if priced and priced.complete else [],
        rounding=ROUNDING_OF_A_LINE * cell.n_lines,
        fallback=fallback,
    )
    if cell.credits:
        causes = (*causes, ("credits", cell.credits))
    return Comparison(
        provider,
        provider,
        model or None,
        project or None,
        None,
        period.start.date(),
        (period.end - timedelta(microseconds=1)).date(),
        priced.n_requests if priced else 0,
        computed,
        cell.charged,
        causes,
        detail,
    )


def _trust(rows: Sequence[Comparison], said: Iterable[Mapping[str, Any]]) -> tuple[Trust, ...]:
    """The totals of Lanewise and of each source beside the charges for models of each bill."""
    charged: dict[str, Decimal] = defaultdict(Decimal)
    computed: dict[str, Decimal] = defaultdict(Decimal)
    for row in rows:
        causes = dict(row.causes)
        charged[row.provider] += row.other_micro_usd - causes.get("credits", 0) - causes.get("no_model", 0)
        computed[row.provider] += row.computed_micro_usd
    own = [Trust(provider, None, computed[provider], charged[provider], 0) for provider in sorted(charged)]
    theirs = [
        Trust(
            row["provider"],
            row["dataset_id"],
            row["reported_usd"] * MICRO,
            charged[row["provider"]],
            row["n_requests"] - row["n_reported"],
        )
        for row in said
    ]
    return (*own, *theirs)


def _unpriced(cube: pa.Table, inputs: Inputs) -> tuple[NotCompared, ...]:
    """The calls that a bill covers and that have no price here."""
    found: dict[str, int] = defaultdict(int)
    for row in billed(cube, inputs.prices, inputs.as_of, "provider"):
        found[row["provider"]] += row["n_requests"] - row["n_priced"] - row["n_failed_unmetered"]
    return tuple(NotCompared(provider, "unpriced", n, None) for provider, n in found.items() if n)


def _not_compared(lines: Iterable[Mapping[str, Any]]) -> tuple[NotCompared, ...]:
    found: dict[tuple[str, str], int] = defaultdict(int)
    for line in lines:
        if line["amount_usd"] is None:
            found[line["provider"], line["currency"] or ""] += 1
    return tuple(NotCompared(provider, f"currency:{code}", n, None) for (provider, code), n in found.items())
