"""The calculators' arithmetic around the price engine: a job, a share of a bill, bulk tokens, cache writes.

Every cost is `reports.quote` over a usage built here. What is left to do here is to say how many
tokens of each kind a question means, and to compare costs. Money is Decimal micro-dollars.
"""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Final, Literal

from pricing.model import Lane
from reports.quote import LaneQuote, Subject, Usage, quote, quotes

PRECISION: Final = 60
"""Decimal digits of a quotient; costs themselves are exact."""

MONTHS: Final = 12
MILLION: Final = 1_000_000
MOST_TOKENS: Final = 10**15
MOST_READS: Final = 100
"""Requests after which a cache write that has not paid is said never to pay."""

_AMOUNT: Final = re.compile(r"((?:\d+|\d{1,3}(?:[ ,_']\d{3})+)(?:\.\d+)?)\s*([kmbt]?)")
"""Signs between digits only where they group thousands: `2,5M` may mean 2.5 million, never 25."""
_UNITS: Final = {"": 1, "k": 10**3, "m": 10**6, "b": 10**9, "t": 10**12}
_CACHED_PAIRS: Final[tuple[tuple[Lane, Lane], ...]] = (
    ("sync", "sync+cache"),
    ("batch", "batch+cache"),
    ("flex", "flex+cache"),
)

OnMiss = Literal["write", "input"]


def read_tokens(text: str) -> int | None:
    """A number of tokens such as `10B`, `2.5M` or `100 000`; None when it is no whole number up to 10^15."""
    found = _AMOUNT.fullmatch(text.strip().lower())
    if found is None:
        return None
    number = Decimal(re.sub(r"[ ,_']", "", found[1])) * _UNITS[found[2]]
    return int(number) if number == number.to_integral_value() and number <= MOST_TOKENS else None


# ---------------------------------------------------------------- four configurations


@dataclass(frozen=True)
class Job:
    """A run of requests that share a prefix; tokens are per request.

    `hit_rate` is the share of requests (0..1) that find the prefix cached; None means that the
    first request writes it and every other one reads it. `on_miss` says whether a request that
    does not find it writes it, or sends it as plain input.
    """

    n_requests: int
    prefix_tokens: int
    suffix_tokens: int
    output_tokens: int
    hit_rate: Decimal | None = None
    on_miss: OnMiss = "write"
    long_lifetime: bool = False

    @property
    def hits(self) -> int:
        """Requests that read the prefix from the cache, a whole number, half to even."""
        if self.hit_rate is None:
            return max(self.n_requests - 1, 0)
        return int((self.n_requests * self.hit_rate).to_integral_value(ROUND_HALF_EVEN))

    def usage(self) -> Usage:
        """The tokens of the whole job."""
        writes = (self.n_requests - self.hits) * self.prefix_tokens if self.on_miss == "write" else 0
        prompt = self.prefix_tokens + self.suffix_tokens
        return Usage(
            n_requests=self.n_requests,
            prompt_tokens=prompt,
            input_tokens=self.n_requests * prompt,
            cache_read_tokens=self.hits * self.prefix_tokens,
            cache_write_tokens=0 if self.long_lifetime else writes,
            cache_write_long_tokens=writes if self.long_lifetime else 0,
            output_tokens=self.n_requests * self.output_tokens,
        )


# ---------------------------------------------------------------- share of a bill


@dataclass(frozen=True)
class Bill:
    """A month's bill, how much of it can wait, and what its tokens look like.

    `share_low` and `share_high` and `cached_share` (of the input) are 0..1; `input_per_output` is
    input tokens per output token; `today` is the lane the bill was paid in.
    """

    month_micro_usd: Decimal
    share_low: Decimal
    share_high: Decimal
    today: Lane = "sync"
    cached_share: Decimal = Decimal(0)
    input_per_output: int = 4

    def usage(self) -> Usage:
        """A usage in the bill's proportions; its size does not matter, short prompts are assumed."""
        tokens = MILLION * max(self.input_per_output, 1)
        return Usage(
            n_requests=1,
            prompt_tokens=0,
            input_tokens=tokens,
            cache_read_tokens=int(tokens * self.cached_share),
            output_tokens=MILLION if self.input_per_output else 0,
        )


@dataclass(frozen=True)
class LaneSaving:
    """What moving the waiting share saves a month in one lane; negative when it costs more.

    `ratio` is the lane's cost over today's lane's for the same tokens.
    """

    quote: LaneQuote
    ratio: Decimal | None
    low_micro_usd: Decimal | None
    high_micro_usd: Decimal | None


def share_savings(subject: Subject, bill: Bill) -> tuple[LaneSaving, ...]:
    """Saving a month = bill x share x (1 - lane cost / today's lane cost), in every lane but today's."""
    found = quote(subject, bill.usage())
    base = found[bill.today].cost_micro_usd
    with localcontext() as context:
        context.prec = PRECISION
        return tuple(
            _lane_saving(bill, lane_quote, base) for lane, lane_quote in found.items() if lane != bill.today
        )


def _lane_saving(bill: Bill, lane_quote: LaneQuote, base: Decimal | None) -> LaneSaving:
    cost = lane_quote.cost_micro_usd
    if not base or cost is None:
        return LaneSaving(lane_quote, None, None, None)
    return LaneSaving(
        lane_quote,
        cost / base,
        bill.month_micro_usd * bill.share_low * (base - cost) / base,
        bill.month_micro_usd * bill.share_high * (base - cost) / base,
    )


# ---------------------------------------------------------------- bulk tokens


def bulk_usage(input_tokens: int, output_tokens: int, tokens_per_request: int) -> Usage:
    """A heap of tokens as requests of about one size; nothing is shared, so nothing is cached."""
    return Usage(
        n_requests=-(-input_tokens // max(tokens_per_request, 1)),
        prompt_tokens=tokens_per_request,
        input_tokens=input_tokens,
        output_tokens=output_tokens,
    )


def batches_needed(subject: Subject, usage: Usage) -> int | None:
    """How many batch files the requests fill by the provider's limit; None where none is published."""
    terms = subject.table.terms(subject.provider, subject.model, "batch")
    if terms is None or not terms.max_requests:
        return None
    return -(-usage.n_requests // terms.max_requests)


# ---------------------------------------------------------------- cache writes


@dataclass(frozen=True)
class Payback:
    """When writing a prefix to cache pays in one lane: costs of 1, 2, 3, ... requests, micro-dollars.

    `pays_from` is the first request count at which caching is cheaper than not caching; None when
    it never is within `MOST_READS`, or when `reason` says why there is no price.
    """

    lane: Lane
    long_lifetime: bool
    pays_from: int | None
    reason: str | None
    plain_micro_usd: tuple[Decimal, ...]
    cached_micro_usd: tuple[Decimal, ...]


def write_paybacks(subject: Subject, prefix_tokens: int) -> tuple[Payback, ...]:
    """The first request count at which a write, default and long, costs less than sending the prefix."""
    found = quotes(
        subject,
        {
            f"{count}{'-long' if long else ''}": Job(count, prefix_tokens, 0, 0, long_lifetime=long).usage()
            for count in range(1, MOST_READS + 1)
            for long in (False, True)
        },
    )
    return tuple(
        _payback(
            [found[f"{count}{suffix}"] for count in range(1, MOST_READS + 1)], plain, cached, bool(suffix)
        )
        for plain, cached in _CACHED_PAIRS
        for suffix in ("", "-long")
    )


def _payback(by_count: list[dict[Lane, LaneQuote]], plain: Lane, cached: Lane, long: bool) -> Payback:
    without = [item[plain].cost_micro_usd for item in by_count]
    with_cache = [item[cached].cost_micro_usd for item in by_count]
    reason = by_count[0][plain].reason or by_count[0][cached].reason
    known = [
        (first, second)
        for first, second in zip(without, with_cache, strict=True)
        if first is not None and second is not None
    ]
    if reason is not None:
        return Payback(cached, long, None, reason, (), ())
    pays = next((count for count, (first, second) in enumerate(known, start=1) if second < first), None)
    return Payback(
        cached, long, pays, None, tuple(first for first, _ in known), tuple(second for _, second in known)
    )
