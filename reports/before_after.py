"""Before and after a date: what changed a workload's spend, split into causes that sum exactly.

The spend of a period is answered calls x tokens and models per call x price x what the cache leaves of it
x what the tier leaves of that x what failures add. The steps change one of these factors after the other,
in this order, each from its value before to its value after, and begin where the last one ended. So they
sum to the change, whatever the factors are. Where a factor cannot be told (nothing before to compare with,
calls without a price in some lane) its step is open, and what it may have done is in the residual.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, localcontext
from typing import Any, Final, Literal, get_args

import pyarrow as pa

from pricing.cost import lane_costs
from pricing.model import AS_BILLED
from reports import tables
from reports.look import Inputs

PRECISION: Final = 60
WEEK: Final = 7
_SCALE: Final = Decimal(1).scaleb(-17)
"""Steps are kept at the scale of costs, so that differences of them are exact."""

Step = Literal["volume", "mix", "price", "cache", "tier", "errors"]
STEPS: Final[tuple[Step, ...]] = get_args(Step)
"""In the order in which they are taken."""


@dataclass(frozen=True)
class Period:
    """What one period measures, micro-dollars; costs but `spend` are of the calls that were answered.

    `plain_then` is in the standard tier without a cache at the prices of the date, `plain` at the calls' own
    day's, `with_hits` with their cache hits, `billed` in the tier that served them. `spend` adds the calls
    that failed and were billed; `apart` is spend whose factors cannot be told apart.
    """

    n_ok: int = 0
    plain_then: Decimal = Decimal(0)
    plain: Decimal = Decimal(0)
    with_hits: Decimal = Decimal(0)
    billed: Decimal = Decimal(0)
    spend: Decimal = Decimal(0)
    apart: Decimal = Decimal(0)
    n_requests: int = 0

    @property
    def total(self) -> Decimal:
        """Everything that was spent."""
        with localcontext() as context:
            context.prec = PRECISION
            return self.spend + self.apart


@dataclass(frozen=True)
class Change:
    """The change in a workload's spend over a date, micro-dollars; a step is None where it cannot be told.

    The periods are equally long and of whole weeks where the log has them: `days` each.
    """

    workload: str
    split: date
    days: int
    before: Period
    after: Period
    steps: Mapping[Step, Decimal | None]
    residual_micro_usd: Decimal

    @property
    def change_micro_usd(self) -> Decimal:
        """After minus before: the steps and the residual together."""
        with localcontext() as context:
            context.prec = PRECISION
            return self.after.total - self.before.total


def explain_change(before: Period, after: Period) -> tuple[dict[Step, Decimal | None], Decimal]:
    """The steps from one period to the other, and the residual; together they are the change, exactly."""
    with localcontext() as context:
        context.prec = PRECISION
        factors: list[tuple[Step, Decimal, Decimal]] = [
            ("volume", Decimal(before.n_ok), Decimal(after.n_ok)),
            ("mix", before.plain_then, after.plain_then),
            ("price", before.plain, after.plain),
            ("cache", before.with_hits, after.with_hits),
            ("tier", before.billed, after.billed),
            ("errors", before.spend, after.spend),
        ]
        if not before.spend:
            # Nothing was there: all of it is new, and no factor has a value to change from.
            return _only_volume(after), after.apart - before.apart
        reached, open_step = before.spend, False
        steps: dict[Step, Decimal | None] = {}
        residual = after.apart - before.apart
        for step, was, now in factors:
            if not was:
                steps[step], open_step = None, True
                continue
            to = after.spend if step == "errors" else (before.spend * now / was).quantize(_SCALE)
            if open_step:
                residual += to - reached
                steps[step], open_step = None, False
            else:
                steps[step] = to - reached
            reached = to
        return steps, residual


def _only_volume(after: Period) -> dict[Step, Decimal | None]:
    return {step: after.spend if step == "volume" else Decimal(0) for step in STEPS}


def equal_days(first: date, split: date, last: date) -> int:
    """How many days both sides of `split` have, whole weeks where there is one; 0 when a side has none."""
    days = min((split - first).days, (last - split).days + 1)
    return max(0, days // WEEK * WEEK if days >= WEEK else days)


class Changes:
    """The logged calls of an analysis, to be compared before and after a date."""

    def __init__(self, inputs: Inputs, cube: pa.Table) -> None:
        self._inputs = inputs
        self._cube = cube

    def days(self, workload: str) -> tuple[date, date] | None:
        """The first and last UTC day of a workload's calls; None where they have no time."""
        row = tables.rows("workload_days", {"cube": self._cube}, workload=workload)[0]
        return (row["first_day"], row["last_day"]) if row["first_day"] is not None else None

    def over(self, workload: str, split: date) -> Change | None:
        """What changed a workload's spend at `split`; None where one side has no day."""
        known = self.days(workload)
        length = equal_days(known[0], split, known[1]) if known is not None else 0
        if not length:
            return None
        first, last = split - timedelta(days=length), split + timedelta(days=length)
        rows = tables.rows(
            "change_bases",
            {"priced": self._priced(workload, datetime.combine(split, time.min))},
            workload=workload,
            first=datetime.combine(first, time.min),
            split=datetime.combine(split, time.min),
            last=datetime.combine(last, time.min),
        )
        periods = {row["period"]: _period(row) for row in rows}
        before, after = periods.get("before", Period()), periods.get("after", Period())
        steps, residual = explain_change(before, after)
        return Change(workload, split, length, before, after, steps, residual)

    def _priced(self, workload: str, split: datetime) -> pa.Table:
        cube = tables.arrow("one_workload", {"cube": self._cube}, workload=workload)
        group = ("hour_utc", "workload", "provider", "model", "tier", "status")
        # Prices of the last hour before the date: what the calls after it would have cost had none changed.
        then = lane_costs(
            cube,
            self._inputs.prices,
            group_by=group,
            as_of=split - timedelta(hours=1),
            undated_as_of=split,
            lanes=("sync",),
        )
        lane = pa.array(["sync_then"] * then.num_rows, pa.string())
        then = then.set_column(then.schema.get_field_index("lane"), "lane", lane)
        own = lane_costs(
            cube,
            self._inputs.prices,
            group_by=group,
            as_of=None,
            undated_as_of=split,
            lanes=("sync", "sync+cache", AS_BILLED),
        )
        return pa.concat_tables([own, then])


def _period(row: Mapping[str, Any]) -> Period:
    return Period(
        row["n_ok"],
        row["plain_then_micro_usd"],
        row["plain_micro_usd"],
        row["with_hits_micro_usd"],
        row["billed_micro_usd"],
        row["spend_micro_usd"],
        row["apart_micro_usd"],
        row["n_requests"],
    )
