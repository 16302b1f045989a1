"""What moved since an earlier report, and why: prices, volume, mix, verdict, lane.

The change of a workload's yearly cost is split without a rest. `prices` is today's calls at today's
prices less the same calls at the earlier report's prices (and date). `volume` is the earlier cost
times the growth of calls a year. `mix` is what remains: tokens a call, models, cache hits, tiers.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext
from typing import Final

from reports.analysis import PRECISION
from reports.format import label_title, lane_title, percent
from reports.model import Analysis, PriceUsed, WorkloadResult
from reports.reopen import ReportError
from reports.report_earlier import RATES, Earlier, Then, calls_a_year, known_amount, read_earlier

_NONE: Final = Decimal(0)
_NAMED_PRICES: Final = 2
"""Price changes named for one workload; the others are counted."""
_SHIFT: Final = 0.01
"""Shares that move less than this are not worth a word."""


@dataclass(frozen=True)
class Change:
    """One workload then and now, micro-dollars a year; None is unknown, or not there at all.

    `by_prices + by_volume + by_mix == change` wherever they are known.
    """

    workload: str
    cost_then: Decimal | None
    cost_now: Decimal | None
    change: Decimal | None
    by_prices: Decimal | None
    by_volume: Decimal | None
    by_mix: Decimal | None
    saving_then: Decimal | None
    saving_now: Decimal | None
    why: tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """Which workloads two reports are compared over, and the sums of these; micro-dollars a year.

    Attributes:
        names: all of both reports, unless one of the two was narrowed by a filter.
        left_then: how many of the earlier report's today's report leaves out by its filter.
        left_now: how many of today's the earlier report, a narrowed one, says nothing of.
    """

    names: tuple[str, ...]
    left_then: int
    left_now: int
    cost_then: Decimal
    cost_now: Decimal
    saving_then: Decimal
    saving_now: Decimal

    @property
    def n_left_out(self) -> int:
        """Workloads of either report that are not compared."""
        return self.left_then + self.left_now


@dataclass(frozen=True)
class Comparison:
    """Two reports side by side: what is different about them as a whole, and workload by workload."""

    then: Earlier
    now: Analysis
    changes: tuple[Change, ...]
    n_unchanged: int
    scope: Scope


def compare(
    then: Earlier,
    now: Analysis,
    at_old_prices: Analysis | None = None,
    known: Collection[str] | None = None,
) -> Comparison:
    """What changed between an earlier report and an analysis.

    `known` are all workloads that there are today, where a filter narrowed `now`.

    `at_old_prices` is the same workspace analysed at the earlier report's date and prices
    (`Workbench.reopen`); without it the change is not split.
    """
    with localcontext() as context:
        context.prec = PRECISION
        old = {result.workload: result for result in at_old_prices.workloads} if at_old_prices else {}
        changed_prices = _changed_prices(then, now.prices_used)
        results = {result.workload: result for result in now.workloads}
        scope = _scope(then, now, known if known is not None else results)
        changes = [
            _change(name, then.workloads.get(name), results.get(name), old.get(name), changed_prices)
            for name in scope.names
        ]
    moved = [change for change in changes if change.why or change.change]
    moved.sort(key=lambda change: (-abs(change.change or _NONE), change.workload))
    return Comparison(then, now, tuple(moved), len(changes) - len(moved), scope)


def _scope(then: Earlier, now: Analysis, known: Collection[str]) -> Scope:
    """What can be compared: what a filter leaves out of one report has neither come nor gone."""
    results = {result.workload: result for result in now.workloads}
    names = [name for name in results if then.narrowed is None or name in then.workloads]
    names += [
        name
        for name, old in then.workloads.items()
        if name not in results and name not in known and _fits(now, name, old)
    ]
    saving, whole = now.totals.saving_per_year.base, then.narrowed is None and now.narrowed is None
    shown = [results[name] for name in names if name in results]
    earlier = [then.workloads[name] for name in names if name in then.workloads]
    return Scope(
        names=tuple(names),
        left_then=len(then.workloads) - len(earlier),
        left_now=len(results) - len(shown),
        cost_then=then.cost if whole else sum((item.cost or _NONE for item in earlier), _NONE),
        cost_now=known_amount(now.totals.current_per_year_micro_usd)
        if whole
        else sum((_cost(item) or _NONE for item in shown), _NONE),
        saving_then=then.saving if whole else sum((item.saving for item in earlier), _NONE),
        saving_now=known_amount(saving)
        if whole
        else sum((known_amount(item.saving_per_year.base) for item in shown), _NONE),
    )


def _fits(now: Analysis, name: str, old: Then) -> bool:
    """Whether today's filter would have kept an earlier workload that is there no more."""
    if now.narrowed is None:
        return True
    return now.narrowed.by.keeps(name, old.label, {provider for provider, _ in old.models})


def since(
    text: str,
    now: Analysis,
    reopen: Callable[[str], Analysis],
    known: Collection[str] | None = None,
) -> Comparison:
    """A comparison with an earlier report's JSON; ReportError when it is none.

    `reopen` analyses the workspace at a report's own date and prices (`Workbench.reopen`). A report
    from before reports carried their prices is compared all the same, without the split. `known` as in
    `compare`.
    """
    then = read_earlier(text)
    try:
        at_old_prices: Analysis | None = reopen(text)
    except ReportError:
        at_old_prices = None
    return compare(then, now, at_old_prices, known)


def _change(
    name: str,
    then: Then | None,
    now: WorkloadResult | None,
    at_old_prices: WorkloadResult | None,
    changed_prices: Mapping[tuple[str, str], list[str]],
) -> Change:
    cost_then = then.cost if then is not None else None
    cost_now = _cost(now)
    saving_then = then.saving if then is not None else None
    saving_now = known_amount(now.saving_per_year.base) if now is not None else None
    if then is None or now is None:
        known = cost_now is not None or cost_then is not None
        change = (cost_now or _NONE) - (cost_then or _NONE) if known else None
        nothing = _NONE if known else None
        why = "New since then." if then is None else "No longer in the workspace."
        return Change(
            name, cost_then, cost_now, change, nothing, change, nothing, saving_then, saving_now, (why,)
        )
    change_known = cost_now - cost_then if cost_now is not None and cost_then is not None else None
    prices, volume, mix = _split(then, now, at_old_prices)
    return Change(
        name,
        cost_then,
        cost_now,
        change_known,
        prices,
        volume,
        mix,
        saving_then,
        saving_now,
        tuple(_why(then, now, prices, changed_prices)),
    )


def _split(
    then: Then, now: WorkloadResult, at_old_prices: WorkloadResult | None
) -> tuple[Decimal | None, Decimal | None, Decimal | None]:
    """The change by prices, volume and mix; unknown where one of the three pricings is incomplete."""
    cost, before = _cost(now), _cost(at_old_prices)
    calls = _now_calls(now)
    if at_old_prices is None or before is None or cost is None or then.cost is None:
        return None, None, None
    if at_old_prices.complete != now.complete or not then.calls_per_year or calls is None:
        return None, None, None
    volume = known_amount(then.cost * calls / then.calls_per_year) - then.cost
    return cost - before, volume, before - then.cost - volume


def _cost(result: WorkloadResult | None) -> Decimal | None:
    cost = result.current_per_year_micro_usd if result is not None else None
    return known_amount(cost) if cost is not None else None


def _now_calls(now: WorkloadResult) -> Decimal | None:
    return calls_a_year([part.n_requests for part in now.parts], [part.year_factor for part in now.parts])


def _why(
    then: Then,
    now: WorkloadResult,
    by_prices: Decimal | None,
    changed_prices: Mapping[tuple[str, str], list[str]],
) -> list[str]:
    found = []
    verdict = now.verdict
    if then.label != verdict.label:
        found.append(
            f"Verdict: {label_title(then.label)} then, {label_title(verdict.label)} now "
            f"(rule {then.rule_id} then, {verdict.rule_id} now)."
        )
    elif then.rule_id != verdict.rule_id:
        found.append(f"Verdict: the same label, by rule {verdict.rule_id} instead of {then.rule_id}.")
    if then.current_lane != now.current_lane:
        found.append(
            f"It runs in another lane: {_lane(then.current_lane)} then, {_lane(now.current_lane)} now."
        )
    if then.recommended_lane != now.recommended_lane:
        found.append(f"Recommended: {_lane(then.recommended_lane)} then, {_lane(now.recommended_lane)} now.")
    models = {(part.provider, part.model) for part in now.parts}
    if then.models != models:
        came = ", ".join(sorted(model for _, model in models - then.models))
        went = ", ".join(sorted(model for _, model in then.models - models))
        found.append(
            "Models:" + (f" {came} came" if came else "") + (" and" if came and went else "")
            + (f" {went} went" if went else "") + "."
        )  # fmt: skip
    if by_prices is None or by_prices:
        prices = [sentence for key in sorted(models) for sentence in changed_prices.get(key, ())]
        more = f" and {len(prices) - _NAMED_PRICES} more" if len(prices) > _NAMED_PRICES else ""
        if prices:
            found.append(f"Prices: {'; '.join(prices[:_NAMED_PRICES])}{more}.")
    calls = _now_calls(now)
    if then.calls_per_year and calls is not None:
        growth = float(calls / then.calls_per_year) - 1
        if abs(growth) >= _SHIFT:
            found.append(f"Volume: {'+' if growth > 0 else '-'}{percent(abs(growth))} calls a year.")
    cached = _cached_share(now)
    if cached is not None and then.cached_share is not None and abs(cached - then.cached_share) >= _SHIFT:
        found.append(f"Mix: {percent(then.cached_share)} of the input cached then, {percent(cached)} now.")
    return found


def _cached_share(now: WorkloadResult) -> float | None:
    read = sum(part.tokens.cache_read_tokens for part in now.parts)
    total = sum(part.tokens.input_tokens for part in now.parts)
    return read / total if total else None


def _lane(lane: str) -> str:
    return lane_title(lane).lower()


def _changed_prices(then: Earlier, rows: tuple[PriceUsed, ...]) -> dict[tuple[str, str], list[str]]:
    """(provider, model) -> each rate that a row has now and had otherwise, or a row that is new."""
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        valid_from = row.valid_from.isoformat() if row.valid_from is not None else ""
        before = then.prices.get((row.provider, row.model, row.tier, row.min_prompt_tokens, valid_from))
        named = found.setdefault((row.provider, row.model), [])
        if before is None:
            since = f" from {row.valid_from:%Y-%m-%d}" if row.valid_from is not None else ""
            named.append(f"{row.model} {row.tier} has new prices{since}")
            continue
        for column, title in RATES.items():
            rate: Decimal | None = getattr(row, column)
            old = before[column]
            old_rate = Decimal(old) if old is not None else None
            if old_rate != rate:
                named.append(f"{row.model} {row.tier} {title} {_rate(old_rate)} then, {_rate(rate)} now")
    return {key: sentences for key, sentences in found.items() if sentences}


def _rate(rate: Decimal | None) -> str:
    return "none" if rate is None else f"{rate.normalize():f}"
