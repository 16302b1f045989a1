"""What a move really saved: the calls since its claim as they ran, against the baseline's lane.

Actual is every call of the part since the claim in the tier that served it, failed and re-run lines
included. The other side is what the answers would have cost where the part ran before, with the cache
hits it had there, at the prices of the same days: only answers, because a line that failed and ran
again is one piece of work and two lines of the bill.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from data.errors import LanewiseDataError
from data.queries import observed_window
from data.schema import TIERS
from pricing.cost import lane_costs
from pricing.extract import PriceExtract
from pricing.model import AS_BILLED
from pricing.table import PriceTable
from reports import tables
from reports.analysis import PRECISION
from reports.display import in_dollars
from reports.format import count, label_title, lane_title, usd
from reports.ledger_model import Amounts, Baseline, Change, Key, Measured, Tokens
from reports.log_hours import covered
from reports.look import Inputs, Look, whole_cost
from reports.parts import MILLION
from reports.projection import HOURS_A_YEAR
from reports.recommend import LANE_OF_TIER, TIER_OF_LANE
from reports.windows import log_windows

NOTEWORTHY: Final = Decimal("0.1")
"""A volume or a size of calls that differs by at least this share has changed."""

_NO_DAY: Final = datetime(1970, 1, 1)
"""Undated calls are never measured, so this is no day of anything."""
_BEGINNING: Final = datetime(1, 1, 1)
_MICRO: Final = Decimal(1)
_HOURS_A_DAY: Final = 24


class LedgerError(LanewiseDataError):
    """What is asked of the ledger cannot be done; the message says why and what to do."""


def tier_counts(row: Mapping[str, Any]) -> dict[str, int]:
    """Requests by tier of a row of `part_tokens.sql`, without the tiers that served none."""
    return {tier: int(row[f"n_{tier}"]) for tier in TIERS if row[f"n_{tier}"]}


def token_sums(row: Mapping[str, Any]) -> Tokens:
    """The token sums of a row of `part_tokens.sql`."""
    return Tokens(**{name: int(row[name]) for name in Tokens.model_fields})


@in_dollars()
def measure(key: Key, baseline: Baseline, inputs: Inputs) -> Measured:
    """What the move of `key` saved until now.

    Raises:
        LedgerError: there are no calls since the claim, or some of them have no price.
    """
    with localcontext() as context:
        context.prec = PRECISION
        return _measure(key, baseline, inputs)


def _measure(key: Key, baseline: Baseline, inputs: Inputs) -> Measured:
    since = baseline.measured_from
    calls = tables.arrow(
        "part_since",
        {"cube": inputs.cube},
        workload=key.workload,
        provider=key.provider,
        model=key.model,
        since=since,
    )
    window = observed_window(inputs.cube)
    rows = tables.rows("part_tokens", {"cube": calls})
    named = tables.arrow(
        "part_since",
        {"cube": inputs.cube},
        workload=key.workload,
        provider=key.provider,
        model=key.model,
        since=_BEGINNING,
    )
    if not named.num_rows and baseline.hours:
        raise LedgerError(
            "Its calls have another name now",
            f"No call in the log is named {key.workload} on {key.model} any more, so its saving cannot be "
            "measured: a workload rule or a mapping renamed them, or their datasets were deleted. Take that "
            "back, or dismiss this claim and claim what is proposed under the new name.",
        )
    if not rows or window is None:
        raise LedgerError(
            "Nothing to verify yet",
            f"The log has no calls of {key.workload} on {key.model} from {since:%Y-%m-%d %H:%M} UTC on. "
            "Import the log of the days since, then verify again.",
        )
    answers = _answers(calls, baseline)
    actual = _cost(calls, inputs.prices, AS_BILLED)
    instead = _lane_cost(answers, inputs.prices, baseline)
    if actual is None or instead is None:
        raise LedgerError(
            "Some of these calls have no price",
            f"What {key.workload} cost since the claim is not known in full. Add the missing prices on the "
            "Prices page, then verify again.",
        )
    usable = tables.rows("part_tokens", {"cube": answers})
    n_ok = int(usable[0]["n_requests"]) if usable else 0
    tokens = token_sums(tables.rows("part_tokens", {"cube": calls})[0])
    n_requests = int(rows[0]["n_requests"])
    hours = covered(log_windows(inputs.cube)[key.part], since).hours
    saving = instead - actual
    return Measured(
        first_hour_utc=since,
        last_hour_utc=window.last_hour_utc,
        hours=hours,
        n_requests=n_requests,
        n_ok=n_ok,
        tiers=tier_counts(rows[0]),
        tokens=tokens,
        actual_micro_usd=actual,
        baseline_lane_micro_usd=instead,
        expected=_expected(baseline, instead),
        saving_per_year_micro_usd=(saving * HOURS_A_YEAR / hours).quantize(_MICRO, ROUND_HALF_EVEN),
        price_version=inputs.prices.version,
        policy_version=inputs.policy.version,
        changes=(
            _prices(key, baseline, inputs, calls, answers, saving),
            _policy(key, baseline, inputs),
            _volume(
                baseline,
                n_ok,
                hours,
                saving,
                tables.rows("part_tokens", {"cube": _of_claim(named, baseline)}),
            ),
            _calls(baseline, usable),
        ),
        sentence=_sentence(baseline, n_requests, n_ok, actual, instead),
    )


def _answers(calls: pa.Table, baseline: Baseline) -> pa.Table:
    """The calls that gave an answer, with the cache split of the baseline."""
    tokens = baseline.tokens
    total = max(tokens.input_tokens, 1)
    return tables.arrow(
        "baseline_mix",
        {"cube": calls},
        read=tokens.cache_read_tokens * MILLION // total,
        write=tokens.cache_write_tokens * MILLION // total,
        write_long=tokens.cache_write_long_tokens * MILLION // total,
    )


def _cost(cube: pa.Table, prices: PriceTable, lane: str, as_of: datetime | None = None) -> Decimal | None:
    """What the calls cost in one lane, each at its own day's price or all at one; None when any has none."""
    if not cube.num_rows:
        return Decimal(0)
    priced = lane_costs(
        cube, prices, group_by=(), as_of=as_of, undated_as_of=_NO_DAY, lanes=(lane,)
    ).to_pylist()
    return whole_cost(priced[0] if priced else None)


def _lane_cost(
    cube: pa.Table, prices: PriceTable, baseline: Baseline, as_of: datetime | None = None
) -> Decimal | None:
    """The same in the lane of the baseline; in the mix of its lanes where no lane carried nearly all."""
    if baseline.lane in TIER_OF_LANE:
        return _cost(cube, prices, baseline.lane, as_of)
    total = sum(baseline.tiers.values())
    cost = Decimal(0)
    for tier, n_requests in baseline.tiers.items():
        plain = LANE_OF_TIER[tier]
        cached = f"{plain}+cache"
        lane = cached if baseline.tokens.cache_read_tokens and cached in TIER_OF_LANE else plain
        share = _cost(cube, prices, lane, as_of) if lane in TIER_OF_LANE else None
        if share is None:
            return None
        cost += share * n_requests / total
    return cost


def _expected(baseline: Baseline, instead: Decimal) -> Amounts:
    """The promised share of the baseline's cost, of what these calls would have cost there."""

    def share(saving: Decimal) -> Decimal:
        if not baseline.cost_micro_usd:
            return Decimal(0)
        return (instead * saving / baseline.cost_micro_usd).quantize(_MICRO, ROUND_HALF_EVEN)

    saving = baseline.saving
    return Amounts(low=share(saving.low), base=share(saving.base), high=share(saving.high))


def _prices(
    key: Key, baseline: Baseline, inputs: Inputs, calls: pa.Table, answers: pa.Table, saving: Decimal
) -> Change:
    """Whether prices moved: the same calls priced with the rows frozen at the claim, as of the claim."""
    frozen = baseline.prices.table()
    at = baseline.priced_at
    actual = _cost(calls, frozen, AS_BILLED, at)
    instead = _lane_cost(answers, frozen, baseline, at)
    now = PriceExtract.of(inputs.prices, [(key.provider, key.model)])
    edited = (now.rows, now.discounts) != (baseline.prices.rows, baseline.prices.discounts)
    if actual is None or instead is None:
        return Change(
            kind="prices",
            changed=True,
            sentence="Prices changed: some of these calls had no price when the claim was made.",
        )
    effect = saving - (instead - actual)
    now_actual = _cost(calls, inputs.prices, AS_BILLED)
    if not effect and now_actual == actual:
        note = " Rows of the price table were edited, none that these calls meet." if edited else ""
        return Change(
            kind="prices",
            changed=False,
            sentence=f"Prices are those of the claim.{note}",
            effect_micro_usd=effect,
        )
    why = "the price table was edited since" if edited else "a dated price took effect"
    return Change(
        kind="prices",
        changed=True,
        sentence=f"Prices changed ({why}): at those of the claim the same calls would have saved "
        f"{usd(instead - actual)}.",
        effect_micro_usd=effect,
    )


def _policy(key: Key, baseline: Baseline, inputs: Inputs) -> Change:
    verdict = Look(inputs).ground.verdicts.get(key.workload)
    label = verdict.label if verdict is not None else baseline.label
    allowed = verdict is None or TIER_OF_LANE.get(key.lane) in verdict.admissible_tiers
    title = label_title(label).lower()
    changed = inputs.policy.version != baseline.policy_version or label != baseline.label
    if inputs.policy.version == baseline.policy_version:
        said = "The policy is that of the claim"
    else:
        said = f"The policy changed ({baseline.policy_version} to {inputs.policy.version})"
    if label == baseline.label:
        said += f"; the workload is still {title}"
    else:
        said += f"; the workload was {label_title(baseline.label).lower()} and is {title} now"
    if not allowed:
        said += f", which does not allow {lane_title(key.lane).lower()}"
    return Change(kind="policy", changed=changed or not allowed, sentence=f"{said}.")


def _of_claim(named: pa.Table, baseline: Baseline) -> pa.Table:
    """The calls that have the name now, of the hours that the baseline was frozen from."""
    if baseline.first_hour_utc is None or baseline.last_hour_utc is None:
        return named.slice(0, 0)
    hour = pc.field("hour_utc")
    return named.filter((hour >= baseline.first_hour_utc) & (hour <= baseline.last_hour_utc))


def _volume(
    baseline: Baseline, n_ok: int, hours: int, saving: Decimal, of_claim: Sequence[Mapping[str, Any]]
) -> Change:
    before = baseline.n_requests - baseline.n_failed
    if not baseline.hours or not before:
        return Change(
            kind="volume",
            changed=False,
            sentence="The baseline is a description, so volumes cannot be compared.",
        )
    then = Decimal(before * _HOURS_A_DAY) / baseline.hours
    now = Decimal(n_ok * _HOURS_A_DAY) / hours
    share = now / then - 1
    there = sum(int(row["n_requests"]) for row in of_claim)
    renamed = there != baseline.n_requests
    said = (
        f" In the hours of the baseline {count(there)} calls have this name now and "
        f"{count(baseline.n_requests)} had it at the claim: a rule, an import or a deletion changed which "
        "calls are meant."
        if renamed
        else ""
    )
    return Change(
        kind="volume",
        changed=renamed or abs(share) >= NOTEWORTHY,
        sentence=f"Answers a day: {count(round(then))} at the claim, {count(round(now))} since"
        f" ({_signed(share)}).{said}",
        effect_micro_usd=(saving * (1 - then / now)).quantize(_MICRO, ROUND_HALF_EVEN) if now else None,
    )


def _calls(baseline: Baseline, usable: Sequence[Mapping[str, Any]]) -> Change:
    """Whether the calls grew or shrank; what a call costs in any lane follows from its tokens."""
    before = baseline.n_requests - baseline.n_failed
    if not before or not usable:
        return Change(
            kind="calls", changed=False, sentence="There is nothing to compare the calls' tokens with."
        )
    row = usable[0]
    pairs = [
        (name, Decimal(total) / before, Decimal(int(row[column])) / int(row["n_requests"]))
        for name, total, column in (
            ("input", baseline.tokens.input_tokens, "input_tokens"),
            ("output", baseline.tokens.output_tokens, "output_tokens"),
        )
    ]
    changed = any(then and abs(now / then - 1) >= NOTEWORTHY for _, then, now in pairs)
    said = ", ".join(
        f"{name} {count(round(then))} at the claim, {count(round(now))} since" for name, then, now in pairs
    )
    return Change(kind="calls", changed=changed, sentence=f"Tokens of a call: {said}.")


def _sentence(baseline: Baseline, n_requests: int, n_ok: int, actual: Decimal, instead: Decimal) -> str:
    failed = n_requests - n_ok
    without = f", {count(failed)} of them without an answer" if failed else ""
    return (
        f"{count(n_requests)} calls since the claim cost {usd(actual)}{without}; the answers would have cost "
        f"{usd(instead)} in {lane_title(baseline.lane).lower()}."
    )


def _signed(share: Decimal) -> str:
    whole = round(share * 100)
    return f"{whole:+d} %" if whole else "about the same"
