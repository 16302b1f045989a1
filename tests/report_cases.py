"""An analysis as nasty as a report can meet, built by hand so that every figure in it is known."""

from datetime import date, datetime
from decimal import Decimal

from pricing.extract import PriceExtract
from pricing.model import LANES, PriceRow, TierTerms
from reports.model import (
    NOTHING,
    STAY,
    Analysis,
    Assumption,
    Coverage,
    DaySpend,
    LaneCost,
    NotCounted,
    Part,
    PriceUsed,
    Range,
    TokenSums,
    Totals,
    Unpriced,
    WorkloadResult,
)
from triage.model import Evidence, Label, Verdict

AS_OF = datetime(2026, 11, 20)
TINY = Decimal("0.4")
"""$0.0000004 in micro-dollars."""
HUGE = Decimal(9) * 10**15
"""$9 billion in micro-dollars."""

NAMES = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "\tTab first",
    "日本語の要約",
    "תמיכה בעברית",
    "دعم العملاء",
    "triage 🚦 émoji",
    "naïve | pipe `tick` <b>bold</b> [link](http://x.example)",
    "<script>alert('workload')</script>",
    "http://tracker.example/pixel.png",
    "tag:" + "x" * 196,
    "$1 and $2",
)
"""The first workloads; the others are `workload-14` and so on."""

Micro = Decimal


def verdict(name: str, label: Label, question: str | None) -> Verdict:
    evidence = Evidence(
        "declared", "user_waiting", False, None, label, 10, f"Nobody waits for {name[:60]}.", "=owner's file"
    )
    return Verdict(
        workload=name,
        label=label,
        rule_id="nobody-waits",
        sentence="Nobody waits; the longest acceptable wait is 24 h.",
        evidence=(evidence,),
        counter_evidence=(),
        confidence=0.0 if label == "unknown" else 0.97,
        confidence_basis="Counted.",
        suggested=None,
        suggested_confidence=0.0,
        question=question,
        shortest_answer="Yes or no." if question else None,
        findings=(),
        worth_moving=True,
        worth_reason="100 requests a day.",
        admissible_tiers=("standard", "batch"),
        policy_version="policy-1",
    )


def part(
    name: str,
    cost: Decimal | None,
    saved: Range,
    lane: str = "batch",
    *,
    calls: int = 1000,
    model: str = "gpt-4o",
) -> Part:
    lanes = tuple(
        LaneCost(
            lane=known,
            cost_micro_usd=cost if known in {"sync", "batch"} else None,
            projected=Range(cost, cost, cost) if cost is not None and known in {"sync", "batch"} else None,
            reason_code=None if known in {"sync", "batch"} else "not_offered",
            reason=None if known in {"sync", "batch"} else f"The price table has no {known} price.",
            admissible=True,
            why_not=None,
        )
        for known in LANES
    )
    return Part(
        workload=name,
        provider="openai",
        model=model,
        price_model=model,
        described=False,
        n_requests=calls,
        n_failed=0,
        n_unmetered_ok=0,
        tokens=TokenSums(1_000_000, 250_000, 0, 0, 10_000),
        tier_mix={"standard": 1.0},
        window_note="Projected from the log's 14 days.",
        year_factor=Decimal(26),
        billed_micro_usd=cost,
        current_lane="sync",
        current_micro_usd=cost,
        lanes=lanes,
        recommended_lane=lane,
        because="Batch is the cheapest lane that meets its SLA.",
        saving_per_year=saved,
        potential_per_year=None,
    )


def workload(
    name: str, cost: Decimal | None, saved: Range, *, label: Label = "batch", calls: int = 1000
) -> WorkloadResult:
    """A workload that costs `cost` over the window and 26 times as much a year."""
    moves = saved != NOTHING
    question = "What would 24 hours mean for this user?" if label == "unknown" else None
    found = part(name, cost, saved, "batch" if moves else STAY, calls=calls)
    return WorkloadResult(
        workload=name,
        verdict=verdict(name, label, question),
        described=False,
        n_requests=calls,
        billed_micro_usd=cost,
        current_per_year_micro_usd=cost * 26 if cost is not None else None,
        saving_per_year=saved,
        potential_per_year=Range(Decimal(0), Decimal(5), Decimal(9)) if label == "unknown" else None,
        current_lane="sync",
        recommended_lane="batch" if moves else STAY,
        because=found.because,
        parts=(found,),
        complete=cost is not None,
    )


def figures(number: int) -> tuple[Decimal | None, Range, Label]:
    """Cost over the window, saving a year and label of one workload of the nasty ones."""
    if number == 0:
        return HUGE, Range(HUGE, HUGE * 2, HUGE * 3), "batch"
    if number == 1:
        return TINY, Range(TINY / 4, TINY / 2, TINY), "batch"
    if number == 2:
        return None, NOTHING, "unknown"
    if number == 3:
        return Decimal(10**6), Range(Decimal(-3 * 10**6), Decimal(-(10**6)), Decimal(0)), "semi_interactive"
    cost = Decimal(number * 1_010_101)
    return (
        cost,
        Range(cost, cost * 2, cost * 3) if number % 2 else NOTHING,
        "batch" if number % 2 else "unknown",
    )


def nasty(count: int = 500) -> Analysis:
    """`count` workloads: hostile names first, then plain ones; amounts from $0.0000004 to $9 billion."""
    names = [*NAMES, *(f"workload-{number}" for number in range(len(NAMES), count))][:count]
    return analysis(
        [workload(name, *figures(number)[:2], label=figures(number)[2]) for number, name in enumerate(names)]
    )


def analysis(workloads: list[WorkloadResult], *, price: str = "2.5", as_of: datetime = AS_OF) -> Analysis:
    """An analysis of some workloads, with the totals that follow from them."""
    costs = [result.billed_micro_usd for result in workloads if result.billed_micro_usd is not None]
    by_label: dict[Label, Decimal] = {}
    for result in workloads:
        if result.billed_micro_usd is not None:
            label = result.verdict.label
            by_label[label] = by_label.get(label, Decimal(0)) + result.billed_micro_usd
    saved = NOTHING
    for result in workloads:
        saved = saved + result.saving_per_year
    days = tuple(
        DaySpend(day, result.workload, "openai", "standard", 500, half)
        for result in workloads
        for half in [result.billed_micro_usd / 2 if result.billed_micro_usd is not None else None]
        for day in (date(2026, 11, 2), date(2026, 11, 3))
    )
    row = PriceRow(
        provider="openai",
        model="gpt-4o",
        tier="standard",
        input_usd_per_mtok=Decimal(price),
        cache_rule="none",
        output_usd_per_mtok=Decimal(10),
        source_kind="override",
        source="https://example.com/prices",
        checked_on=date(2026, 11, 20),
        confidence="high",
        valid_to=datetime(2026, 12, 24),
    )
    terms = TierTerms(
        provider="openai",
        model_glob="gpt-4o",
        tier="batch",
        window_s=86_400,
        expiry_s=86_400,
        max_requests=50_000,
        max_bytes=200_000_000,
        cache_rule="none",
        note="=2,000 batches an hour",
        source="https://example.com/batch",
        checked_on=date(2026, 11, 20),
    )
    return Analysis(
        as_of=as_of,
        price_version=f"prices-{price}",
        policy_version="policy-1",
        first_hour_utc=datetime(2026, 11, 2),
        last_hour_utc=datetime(2026, 11, 15),
        window_hours=336,
        totals=Totals(
            billed_micro_usd=sum(costs, Decimal(0)),
            reported_micro_usd=None,
            n_reported=0,
            spend_by_label=by_label,
            current_per_year_micro_usd=sum(costs, Decimal(0)) * 26,
            saving_per_year=saved,
            potential_per_year=NOTHING,
            n_requests=sum(result.n_requests for result in workloads),
        ),
        workloads=tuple(workloads),
        days=days,
        coverage=Coverage(1000 * len(workloads), 1000 * len(costs), 0, 10**9, 9 * 10**8),
        unpriced=(Unpriced("openai", "=made-up", 1000, 10**8, "unknown_model", "No price is known."),),
        not_counted=(NotCounted("Rejected rows", 3, "-Rows that were not accepted."),),
        assumptions=(Assumption("Batch requests that run again", "5 %", "1 %", "0 %", "Assumed."),),
        prices_used=(
            PriceUsed(
                "openai", "gpt-4o", "standard", 0, None, Decimal(price), None, None, None, Decimal(10),
                "none", "https://example.com/prices", "2026-11-20", "high",
            ),
        ),
        price_extract=PriceExtract(
            version=f"prices-{price}", rows=(row,), terms=(terms,), clock=(), discounts=()
        ),
    )  # fmt: skip
