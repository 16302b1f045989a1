"""An API's lanes against a GPU that is reserved for some hours a night and paid whether used or not.

Let G be the GPU's price a night, T its tokens a second (prompt and answer together), H its hours,
and a request P + S + O tokens long (prefix, suffix, output).

- Capacity a night: floor(3600 T H / (P + S + O)) requests.
- Break-even volume: the API's bill grows by the same amount with each request after the first, so
  the first n with API(n) >= G is 1 + ceil((G - API(1)) / (API(2) - API(1))).
- Break-even prefix: at full use a request costs G (P + S + O) / (3600 T H) on the GPU, a straight
  line in P; on the API it is a straight line between two context bands. They cross where the
  difference changes its sign.

Costs of the API are `reports.quote`; the GPU's are exact quotients of what was typed in.
"""

from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext
from typing import Final

from pricing.model import Lane
from reports.calculators import MILLION, PRECISION, Job
from reports.quote import LaneQuote, Subject, quotes

SECONDS: Final = 3600
LONGEST_PREFIX: Final = 1_000_000
"""Where the search for a break-even prefix ends: no model reads more today."""


@dataclass(frozen=True)
class Gpu:
    """What is reserved and what it does; tokens a second are of all GPUs together, prompt and answer."""

    usd_per_gpu_hour: Decimal
    n_gpus: int
    hours_per_night: Decimal
    tokens_per_s: Decimal

    @property
    def night_micro_usd(self) -> Decimal:
        """What the reservation costs a night, used or not."""
        return self.usd_per_gpu_hour * self.n_gpus * self.hours_per_night * MILLION

    @property
    def night_tokens(self) -> Decimal:
        """The tokens it can serve in a night."""
        return self.tokens_per_s * self.hours_per_night * SECONDS

    def capacity(self, job: Job) -> int:
        """Requests of the job's size that fit into a night."""
        size = job.prefix_tokens + job.suffix_tokens + job.output_tokens
        if not size:
            return 0
        return int((self.night_tokens / size).to_integral_value(ROUND_FLOOR))

    def hours_needed(self, job: Job) -> Decimal:
        """Hours that the whole job takes."""
        size = job.prefix_tokens + job.suffix_tokens + job.output_tokens
        with localcontext() as context:
            context.prec = PRECISION
            return job.n_requests * size / (self.tokens_per_s * SECONDS)

    def micro_usd_per_mtok(self) -> Decimal:
        """What a million tokens cost at full use."""
        with localcontext() as context:
            context.prec = PRECISION
            return self.night_micro_usd * MILLION / self.night_tokens


@dataclass(frozen=True)
class PrefixBreakEven:
    """Which side is cheaper without a prefix, and the first prefix length at which the other one is.

    `tokens` is None when the same side stays cheaper up to `LONGEST_PREFIX`.
    """

    api_cheaper_without: bool
    tokens: int | None


@dataclass(frozen=True)
class LaneAgainstGpu:
    """One lane's bill for the night, and where the GPU begins to win; None where there is no price.

    `break_even_requests` is the first volume a night at which the API costs as much as the GPU,
    None when it never does (a free lane). `prefix` compares at full use of the GPU.
    """

    quote: LaneQuote
    break_even_requests: int | None
    prefix: PrefixBreakEven | None


def against_gpu(subject: Subject, job: Job, gpu: Gpu, lanes: tuple[Lane, ...]) -> tuple[LaneAgainstGpu, ...]:
    """Each lane against the GPU for one night's job."""
    ends = _band_ends(subject, job.suffix_tokens)
    found = quotes(
        subject,
        {
            "night": job.usage(),
            "one": replace(job, n_requests=1).usage(),
            "two": replace(job, n_requests=2).usage(),
            **{f"at {end}": replace(job, prefix_tokens=end).usage() for end in ends},
        },
        lanes,
    )
    with localcontext() as context:
        context.prec = PRECISION
        return tuple(
            LaneAgainstGpu(
                found["night"][lane],
                _volume(found["one"][lane], found["two"][lane], gpu.night_micro_usd),
                _prefix([found[f"at {end}"][lane].cost_micro_usd for end in ends], ends, job, gpu),
            )
            for lane in lanes
        )


def _volume(one: LaneQuote, two: LaneQuote, night_micro_usd: Decimal) -> int | None:
    first, second = one.cost_micro_usd, two.cost_micro_usd
    if first is None or second is None:
        return None
    if first >= night_micro_usd:
        return 1
    if second <= first:
        return None
    return 1 + int(((night_micro_usd - first) / (second - first)).to_integral_value(ROUND_CEILING))


def _band_ends(subject: Subject, suffix_tokens: int) -> list[int]:
    """First and last prefix length of each context band, ascending, in pairs."""
    cuts = sorted(
        {0} | {start - suffix_tokens for start in subject.table.thresholds() if start > suffix_tokens}
    )
    cuts = [cut for cut in cuts if cut <= LONGEST_PREFIX]
    lasts = [*(cut - 1 for cut in cuts[1:]), LONGEST_PREFIX]
    return [end for pair in zip(cuts, lasts, strict=True) for end in pair]


def _prefix(costs: list[Decimal | None], ends: list[int], job: Job, gpu: Gpu) -> PrefixBreakEven | None:
    over: list[Decimal] = []
    for end, cost in zip(ends, costs, strict=True):
        if cost is None:
            break  # beyond this length nobody publishes a price for the lane
        # both sides times requests and tokens a night, so that nothing is divided before the comparison
        own = gpu.night_micro_usd * job.n_requests * (end + job.suffix_tokens + job.output_tokens)
        over.append(cost * gpu.night_tokens - own)
    if not over:
        return None
    api_first = over[0] < 0
    for position, difference in enumerate(over):
        if (difference < 0) == api_first:
            continue
        if position % 2 == 0:  # a band begins, and its price decides at once
            return PrefixBreakEven(api_first, ends[position])
        start, before = ends[position - 1], over[position - 1]
        step = -before * (ends[position] - start) / (difference - before)
        tokens = start + int(step.to_integral_value(ROUND_CEILING if api_first else ROUND_FLOOR))
        return PrefixBreakEven(api_first, tokens if api_first else tokens + 1)
    return PrefixBreakEven(api_first, None)
