"""One look at a workspace: cube x prices x verdicts to lanes, recommendations, savings and totals.

Two pricings are made. As billed: every call of the log at its own day's price, for spend and
coverage. As of the analysis date: the traffic a projection rests on, in every lane, for savings.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal, localcontext
from typing import Any, Final

from pricing.extract import PriceExtract
from pricing.model import PriceRow
from reports import assumptions, mixed, policy_book
from reports.halves import SplitLook, described
from reports.look import Inputs, Look, reason_sentence, sum_costs
from reports.model import (
    NO_USAGE,
    NOTHING,
    STAY,
    Analysis,
    Coverage,
    DaySpend,
    Mixed,
    NotCounted,
    Part,
    PriceUsed,
    Totals,
    Unpriced,
    WorkloadResult,
)
from reports.parts import MILLION, build_parts, hit_range
from triage.model import Label, Verdict

PRECISION: Final = 60
"""Decimal digits; enough for the sum of any DECIMAL(38,17) times a year."""


def analyse(inputs: Inputs) -> Analysis:
    """The whole analysis; exact in micro-dollars, with a reason wherever a figure is missing."""
    with localcontext() as context:
        context.prec = PRECISION
        look = Look(inputs)
        parts = build_parts(look)
        workloads = tuple(
            _workload(name, look.ground.verdicts[name], parts[name])
            for name in sorted(parts, key=lambda name: _dearest_first(parts[name]))
        )
        halves = _halves(look)
        workloads = tuple(replace(result, mixed=halves.get(result.workload)) for result in workloads)
        return assembled(look, workloads)


def assembled(look: Look, workloads: tuple[WorkloadResult, ...]) -> Analysis:
    """The analysis of `workloads` with everything that is summed over the calls of `look`."""
    inputs = look.inputs
    return Analysis(
        as_of=inputs.as_of,
        price_version=inputs.prices.version,
        policy_version=inputs.policy.version,
        first_hour_utc=look.ground.log["first_hour"],
        last_hour_utc=look.ground.log["last_hour"],
        window_hours=look.ground.window_hours,
        totals=_totals(look, workloads),
        workloads=workloads,
        days=_day_spend(look.billed),
        coverage=coverage(look.billed),
        unpriced=_unpriced(look),
        not_counted=(*of_files(inputs), *of_calls(look), *(item for item in inputs.set_aside if item.count)),
        assumptions=assumptions.listed(
            {provider: hit_range(look, provider, model) for provider, model in look.models()},
            look.price_changes(),
        ),
        prices_used=_prices_used(look),
        price_extract=PriceExtract.of(inputs.prices, look.models()),
        policy_used=inputs.policy_used or policy_book.used(inputs.policy),
    )


def coverage(rows: Iterable[Mapping[str, Any]]) -> Coverage:
    """How much of the billed rows is priced, by calls, tokens and reported spend."""
    items = list(rows)

    def total(*columns: str) -> int:
        return sum(int(item[column] or 0) for item in items for column in columns)

    def spend(column: str) -> Decimal | None:
        known = [item[column] for item in items if item[column] is not None]
        return sum(known, Decimal(0)) if known else None

    return Coverage(
        n_requests=total("n_requests"),
        n_priced=total("n_priced"),
        n_failed_unmetered=total("n_failed_unmetered"),
        tokens=total("input_tokens", "output_tokens"),
        priced_tokens=total("priced_tokens"),
        reported_usd=spend("reported_usd"),
        priced_reported_usd=spend("priced_reported_usd"),
    )


def _workload(name: str, verdict: Verdict, parts: Sequence[Part]) -> WorkloadResult:
    spent = [part.billed_micro_usd for part in parts if part.billed_micro_usd is not None]
    yearly = [cost for part in parts if (cost := _per_year(part)) is not None]
    potentials = [part.potential_per_year for part in parts if part.potential_per_year is not None]
    moving = [part for part in parts if part.recommended_lane != STAY]
    first = moving[0] if moving else parts[0] if parts else None
    return WorkloadResult(
        workload=name,
        verdict=verdict,
        described=bool(parts) and all(part.described for part in parts),
        n_requests=sum(part.n_requests for part in parts),
        billed_micro_usd=sum(spent, Decimal(0)) if spent else None,
        current_per_year_micro_usd=sum(yearly, Decimal(0)) if yearly else None,
        saving_per_year=sum((part.saving_per_year for part in parts), NOTHING),
        potential_per_year=sum(potentials, NOTHING) if potentials else None,
        current_lane=_one({part.current_lane for part in parts}),
        recommended_lane=_one({part.recommended_lane for part in moving}) if moving else STAY,
        because=first.because if first else "It is declared, but there is no usage for it yet.",
        parts=tuple(parts),
        complete=bool(parts) and all(part.current_micro_usd is not None for part in parts),
    )


def _halves(look: Look) -> dict[str, Mixed]:
    """What the mixed workloads are made of; each half is judged and priced like any workload."""
    splits = look.ground.splits
    if not splits:
        return {}
    divided = SplitLook(replace(look.inputs, cube=look.ground.cube), splits)
    parts = build_parts(divided)
    results = {
        name: _workload(name, divided.ground.verdicts[name], parts[name])
        for split in splits
        for name in split.part_names()
    }
    cells = mixed.profiles(look.ground.cube)
    return {split.workload: described(split, cells[split.workload], results) for split in splits}


def _per_year(part: Part) -> Decimal | None:
    if part.current_micro_usd is None or part.year_factor is None:
        return None
    return part.current_micro_usd * part.year_factor


def _one(lanes: set[str]) -> str:
    return next(iter(lanes)) if len(lanes) == 1 else "mixed" if lanes else NO_USAGE


def _dearest_first(parts: Sequence[Part]) -> tuple[Decimal, str]:
    yearly = [cost for part in parts if (cost := _per_year(part)) is not None]
    return -sum(yearly, Decimal(0)), parts[0].workload if parts else ""


def _totals(look: Look, workloads: Sequence[WorkloadResult]) -> Totals:
    by_label: dict[Label, Decimal] = defaultdict(Decimal)
    for result in workloads:
        if result.billed_micro_usd is not None:
            by_label[result.verdict.label] += result.billed_micro_usd
    yearly = [r.current_per_year_micro_usd for r in workloads if r.current_per_year_micro_usd is not None]
    potentials = [r.potential_per_year for r in workloads if r.potential_per_year is not None]
    return Totals(
        billed_micro_usd=sum_costs(look.billed),
        reported_micro_usd=look.ground.log["reported_cost_usd"] * MILLION
        if look.ground.log["n_reported"]
        else None,
        n_reported=int(look.ground.log["n_reported"]),
        spend_by_label=dict(by_label),
        current_per_year_micro_usd=sum(yearly, Decimal(0)),
        saving_per_year=sum((result.saving_per_year for result in workloads), NOTHING),
        potential_per_year=sum(potentials, NOTHING),
        n_requests=int(look.ground.log["n_requests"]),
        list_micro_usd=look.billed_at_list,
    )


def _day_spend(rows: Iterable[dict[str, Any]]) -> tuple[DaySpend, ...]:
    grouped: dict[tuple[date | None, str, str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        grouped[row["day_utc"], row["workload"], row["provider"], row["tier"]].append(row)
    ordered = sorted(grouped, key=lambda key: (key[0] is None, key[0] or date.min, key[1:]))
    return tuple(
        DaySpend(*key, sum(int(row["n_requests"]) for row in grouped[key]), sum_costs(grouped[key]))
        for key in ordered
    )


def _unpriced(look: Look) -> tuple[Unpriced, ...]:
    """Calls without a price by model, tier and reason, most tokens first."""
    requests: Counter[tuple[str, str, str, str]] = Counter()
    tokens: Counter[tuple[str, str, str, str]] = Counter()
    for row in look.billed:
        missing = row["n_requests"] - row["n_priced"] - row["n_failed_unmetered"]
        if missing > 0 and row["reason"] is not None:
            key = (row["provider"], row["model"], row["tier"], row["reason"])
            requests[key] += int(missing)
            tokens[key] += int(
                (row["input_tokens"] or 0) + (row["output_tokens"] or 0) - row["priced_tokens"]
            )
    found = [
        Unpriced(
            provider,
            model,
            requests[key],
            tokens[key],
            code,
            reason_sentence(code, provider, model, tier) or "",
        )
        for key in requests
        for provider, model, tier, code in (key,)
    ]
    return tuple(sorted(found, key=lambda item: (-item.tokens, -item.n_requests, item.provider, item.model)))


def of_files(inputs: Inputs) -> tuple[NotCounted, ...]:
    """Rows of the imported files that are in no total; they belong to no workload."""
    candidates = (
        NotCounted(
            "Rejected rows",
            sum(manifest.rejected for manifest in inputs.manifests),
            "Rows that were read and not accepted; each has its line and reason on the Data page.",
        ),
        NotCounted(
            "Duplicate rows",
            sum(manifest.duplicates for manifest in inputs.manifests),
            "Calls already in the workspace, counted once.",
        ),
    )
    return tuple(candidate for candidate in candidates if candidate.count)


def of_calls(look: Look) -> tuple[NotCounted, ...]:
    """What of the calls is in no total, or not certain."""
    both = look.inputs.cube.num_rows - look.ground.cube.num_rows
    candidates = (
        NotCounted(
            "Calls without a time",
            int(look.ground.log["n_undated"]),
            f"In the spend, priced as of {look.inputs.as_of:%Y-%m-%d}; they cannot be projected.",
        ),
        NotCounted(
            "Calls without token counts",
            int(look.ground.log["n_unmetered_ok"]),
            "They succeeded, but the log has no usage for them; their cost is unknown.",
        ),
        NotCounted(
            "Failed calls without usage",
            int(look.ground.log["n_unmetered_failed"]),
            "Errors, expired and cancelled requests carry no usage and are not billed.",
        ),
        NotCounted(
            "Calls with ambiguous token counts",
            int(look.ground.log["n_ambiguous"]),
            "The log does not settle whether cached tokens are inside the input number.",
        ),
        NotCounted(
            "Described workloads that also have a log",
            both,
            "The log counts; the description's volumes do not.",
        ),
    )
    return tuple(candidate for candidate in candidates if candidate.count)


def _prices_used(look: Look) -> tuple[PriceUsed, ...]:
    """The rows in force at any time from the log's first hour on, once each."""
    first: datetime | None = look.ground.log["first_hour"]
    start = min(first, look.inputs.as_of) if first is not None else look.inputs.as_of
    used = {
        (*row.key, row.valid_from): price_used(row)
        for provider, model in look.models()
        for row in look.inputs.prices.rows_for(provider, model)
        if row.valid_to is None or row.valid_to > start
    }
    return tuple(used.values())


def price_used(row: PriceRow) -> PriceUsed:
    """A row of the price table as an analysis keeps it."""
    return PriceUsed(
        row.provider,
        row.model,
        row.tier,
        row.min_prompt_tokens,
        row.valid_from,
        row.input_usd_per_mtok,
        row.cache_read_usd_per_mtok,
        row.cache_write_usd_per_mtok,
        row.cache_write_long_usd_per_mtok,
        row.output_usd_per_mtok,
        row.cache_rule,
        row.source,
        row.checked_on.isoformat(),
        row.confidence,
    )
