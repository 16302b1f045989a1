"""What a change of prices would change: spend by month, a year's cost and saving, and lanes."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, localcontext

from reports.analysis import PRECISION
from reports.model import Analysis


@dataclass(frozen=True)
class MonthChange:
    """The spend of one month of the log, before and after, micro-dollars; None when nothing is priced.

    `month` is its first day; None are the calls without a date.
    """

    month: date | None
    before_micro_usd: Decimal | None
    after_micro_usd: Decimal | None

    @property
    def difference_micro_usd(self) -> Decimal:
        """What the month costs more; what gets its first price counts in full."""
        return (self.after_micro_usd or Decimal(0)) - (self.before_micro_usd or Decimal(0))


@dataclass(frozen=True)
class PricePreview:
    """What a change would do, before it is applied.

    Amounts are micro-dollars; spend and `months` (only those that change, oldest first) are as
    billed over the log, the saving is the base case a year and `year` what the projected traffic
    costs in today's lanes, both at the prices of `as_of`. `lane_changes` are (workload, lane before,
    lane after), `saving_changes` (workload, what its base case a year gains) where that is not nothing;
    `n_newly_priced` are calls that had no price.
    """

    as_of: datetime
    spend_before_micro_usd: Decimal | None
    spend_after_micro_usd: Decimal | None
    months: tuple[MonthChange, ...]
    year_before_micro_usd: Decimal
    year_after_micro_usd: Decimal
    saving_before_micro_usd: Decimal
    saving_after_micro_usd: Decimal
    lane_changes: tuple[tuple[str, str, str], ...]
    n_newly_priced: int
    saving_changes: tuple[tuple[str, Decimal], ...] = ()


def compare(before: Analysis, after: Analysis) -> PricePreview:
    """Two analyses of the same log at the same instant, with the prices before and after."""
    lanes_before = {result.workload: result.recommended_lane for result in before.workloads}
    saved_before = {result.workload: result.saving_per_year.base for result in before.workloads}
    with localcontext(prec=PRECISION):
        gains = [
            (result.workload, result.saving_per_year.base - saved_before[result.workload])
            for result in after.workloads
        ]
    return PricePreview(
        as_of=after.as_of,
        spend_before_micro_usd=before.totals.billed_micro_usd,
        spend_after_micro_usd=after.totals.billed_micro_usd,
        months=tuple(change for change in _months(before, after) if change.difference_micro_usd),
        year_before_micro_usd=before.totals.current_per_year_micro_usd,
        year_after_micro_usd=after.totals.current_per_year_micro_usd,
        saving_before_micro_usd=before.totals.saving_per_year.base,
        saving_after_micro_usd=after.totals.saving_per_year.base,
        lane_changes=tuple(
            (result.workload, lanes_before[result.workload], result.recommended_lane)
            for result in after.workloads
            if lanes_before[result.workload] != result.recommended_lane
        ),
        n_newly_priced=max(after.coverage.n_priced - before.coverage.n_priced, 0),
        saving_changes=tuple((name, gain) for name, gain in gains if gain),
    )


def looks_ahead(starts: Iterable[datetime | None], today: datetime) -> datetime:
    """The instant to compare at: today, or the last start when everything starts later."""
    known = list(starts)
    later = [start for start in known if start is not None and start > today]
    return max(later) if later and len(later) == len(known) else today


def _months(before: Analysis, after: Analysis) -> list[MonthChange]:
    first, second = _by_month(before), _by_month(after)
    months = sorted({*first, *second}, key=lambda month: (month is None, month or date.min))
    return [MonthChange(month, first.get(month), second.get(month)) for month in months]


def _by_month(analysis: Analysis) -> dict[date | None, Decimal]:
    found: defaultdict[date | None, Decimal] = defaultdict(Decimal)
    for spent in analysis.days:
        if spent.cost_micro_usd is not None:
            month = None if spent.day_utc is None else spent.day_utc.replace(day=1)
            found[month] += spent.cost_micro_usd
    return dict(found)
