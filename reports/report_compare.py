"""What moved since an earlier report, and why: prices, volume, mix, verdict, lane.

The change of a workload's yearly cost is split without a rest. `prices` is today's calls at today's
prices less the same calls at the earlier report's prices (and date). `volume` is the earlier cost
times the growth of calls a year. `mix` is what remains: tokens a call, models, cache hits, tiers.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any, Final

from reports.analysis import PRECISION
from reports.format import label_title, lane_title, percent
from reports.model import Analysis, PriceUsed, WorkloadResult
from reports.parts import MILLION
from reports.reopen import ReportError
from reports.triage_report import SCHEMA

_NONE: Final = Decimal(0)
_NAMED_PRICES: Final = 2
"""Price changes named for one workload; the others are counted."""
_GRAIN: Final = Decimal("0.000001")
"""Micro-dollars: below it an amount is the dust of a division, and nothing that anybody was charged."""
_SHIFT: Final = 0.01
"""Shares that move less than this are not worth a word."""


@dataclass(frozen=True)
class Then:
    """One workload as an earlier report has it; amounts are micro-dollars a year."""

    label: str
    rule_id: str
    current_lane: str
    recommended_lane: str
    cost: Decimal | None
    saving: Decimal
    calls_per_year: Decimal | None
    cached_share: float | None
    models: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Earlier:
    """What a comparison needs of an earlier report's JSON."""

    as_of: datetime
    price_version: str
    policy_version: str
    cost: Decimal
    saving: Decimal
    workloads: Mapping[str, Then]
    prices: Mapping[tuple[str, str, str, int, str], Mapping[str, str | None]]


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
class Comparison:
    """Two reports side by side: what is different about them as a whole, and workload by workload."""

    then: Earlier
    now: Analysis
    changes: tuple[Change, ...]
    n_unchanged: int


def read_earlier(text: str) -> Earlier:
    """An earlier report's JSON; ReportError when it is none, or is damaged."""
    try:
        with localcontext() as context:
            context.prec = PRECISION
            return _read(json.loads(text))
    except ReportError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation) as error:
        raise ReportError("The report cannot be read; open the JSON file as Lanewise wrote it.") from error


def _read(report: Any) -> Earlier:
    if not isinstance(report, dict) or report.get("schema") != SCHEMA:
        raise ReportError(f"This is no Lanewise report: its “schema” is not {SCHEMA}.")
    totals = report["totals"]
    return Earlier(
        as_of=datetime.fromisoformat(report["as_of"]),
        price_version=str(report["price_version"]),
        policy_version=str(report["policy_version"]),
        cost=_amount(totals["current_per_year_usd"]) or _NONE,
        saving=_amount(totals["saving_per_year_usd"]["base"]) or _NONE,
        workloads={str(item["workload"]): _then(item) for item in report["workloads"]},
        prices={
            (
                row["provider"],
                row["model"],
                row["tier"],
                row["min_prompt_tokens"],
                row["valid_from"] or "",
            ): {column: row[column] for column in _RATES}
            for row in report["prices_used"]
        },
    )


_RATES: Final[Mapping[str, str]] = {
    "input_usd_per_mtok": "input",
    "cache_read_usd_per_mtok": "cache read",
    "cache_write_usd_per_mtok": "cache write",
    "cache_write_long_usd_per_mtok": "long cache write",
    "output_usd_per_mtok": "output",
}


def _amount(usd_text: str | None) -> Decimal | None:
    return None if usd_text is None else known_amount(Decimal(usd_text) * MILLION)


def known_amount(micro_usd: Decimal) -> Decimal:
    """An amount without the dust of divisions, to a millionth of a micro-dollar."""
    return micro_usd.quantize(_GRAIN)


def _then(item: Mapping[str, Any]) -> Then:
    parts = item["parts"]
    factors = [None if part["year_factor"] is None else Decimal(part["year_factor"]) for part in parts]
    read = sum(part["tokens"]["cache_read_tokens"] for part in parts)
    total = sum(part["tokens"]["input_tokens"] for part in parts)
    return Then(
        label=item["verdict"]["label"],
        rule_id=item["verdict"]["rule_id"],
        current_lane=item["current_lane"],
        recommended_lane=item["recommended_lane"],
        cost=_amount(item["current_per_year_usd"]),
        saving=_amount(item["saving_per_year_usd"]["base"]) or _NONE,
        calls_per_year=_calls([part["n_requests"] for part in parts], factors),
        cached_share=read / total if total else None,
        models=frozenset((part["provider"], part["model"]) for part in parts),
    )


def _calls(counts: list[int], factors: list[Decimal | None]) -> Decimal | None:
    known = [number * factor for number, factor in zip(counts, factors, strict=True) if factor is not None]
    return sum(known, _NONE) if known else None


def compare(then: Earlier, now: Analysis, at_old_prices: Analysis | None = None) -> Comparison:
    """What changed between an earlier report and an analysis.

    `at_old_prices` is the same workspace analysed at the earlier report's date and prices
    (`Workbench.reopen`); without it the change is not split.
    """
    with localcontext() as context:
        context.prec = PRECISION
        old = {result.workload: result for result in at_old_prices.workloads} if at_old_prices else {}
        changed_prices = _changed_prices(then, now.prices_used)
        results = {result.workload: result for result in now.workloads}
        names = list(dict.fromkeys([*results, *then.workloads]))
        changes = [
            _change(name, then.workloads.get(name), results.get(name), old.get(name), changed_prices)
            for name in names
        ]
    moved = [change for change in changes if change.why or change.change]
    moved.sort(key=lambda change: (-abs(change.change or _NONE), change.workload))
    return Comparison(then, now, tuple(moved), len(changes) - len(moved))


def since(text: str, now: Analysis, reopen: Callable[[str], Analysis]) -> Comparison:
    """A comparison with an earlier report's JSON; ReportError when it is none.

    `reopen` analyses the workspace at a report's own date and prices (`Workbench.reopen`). A report
    from before reports carried their prices is compared all the same, without the split.
    """
    then = read_earlier(text)
    try:
        at_old_prices: Analysis | None = reopen(text)
    except ReportError:
        at_old_prices = None
    return compare(then, now, at_old_prices)


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
    return _calls([part.n_requests for part in now.parts], [part.year_factor for part in now.parts])


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
        for column, title in _RATES.items():
            rate: Decimal | None = getattr(row, column)
            old = before[column]
            old_rate = Decimal(old) if old is not None else None
            if old_rate != rate:
                named.append(f"{row.model} {row.tier} {title} {_rate(old_rate)} then, {_rate(rate)} now")
    return {key: sentences for key, sentences in found.items() if sentences}


def _rate(rate: Decimal | None) -> str:
    return "none" if rate is None else f"{rate.normalize():f}"
