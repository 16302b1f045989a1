"""How the figures of the calculators are computed, each as an `Explanation`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from pricing.lanes import LANE_TIERS
from pricing.model import Lane
from reports.analysis import price_used
from reports.calculators import MILLION, Job
from reports.explanation import Explanation, Input, PricesNamed, exact, named_rows
from reports.format import lane_title
from reports.gpu import SECONDS, Gpu
from reports.quote import LaneQuote, Subject, Usage, rows_used

_KINDS: Final = (
    ("uncached input", "input_usd_per_mtok"),
    ("cache read", "cache_read_usd_per_mtok"),
    ("cache write", "cache_write_usd_per_mtok"),
    ("long cache write", "cache_write_long_usd_per_mtok"),
    ("output", "output_usd_per_mtok"),
)
_TYPED_IN: Final = "A question typed in, not a log: nothing of it is measured."


def lane_cost(subject: Subject, usage: Usage, found: LaneQuote) -> Explanation:
    """What a stated usage costs in one lane: tokens of each kind times their rate."""
    return Explanation(
        formula=f"{lane_title(found.lane)}: tokens of each kind times their price per million, added up:",
        inputs=_amounts(usage, found),
        figure=found.cost_micro_usd,
        unit="usd",
        provenance="estimated",
        prices=_prices(subject, usage, (found.lane,)),
        notes=(*_discounted(subject, found.lane), _TYPED_IN),
    )


def lane_saving(subject: Subject, usage: Usage, quotes: Mapping[Lane, LaneQuote], best: Lane) -> Explanation:
    """What a lane saves against sync without caching; the share is of the first input."""
    base, cost = quotes["sync"].cost_micro_usd, quotes[best].cost_micro_usd
    known = [(lane_title("sync"), base), (lane_title(best), None if cost is None else -cost)]
    with exact():
        saved = None if base is None or cost is None else base - cost
    return Explanation(
        formula=f"The cost in the lane {lane_title('sync')} minus the cost in the cheapest lane; the share "
        "is this, divided by the first:",
        inputs=tuple(Input(name, amount) for name, amount in known if amount is not None),
        figure=saved,
        unit="usd",
        provenance="estimated",
        prices=_prices(subject, usage, ("sync", best)),
        notes=(*_discounted(subject, best), _TYPED_IN),
    )


def gpu_night(gpu: Gpu) -> Explanation:
    """What the reservation costs a night."""
    return Explanation(
        formula="The price of a GPU-hour times GPUs times hours, used or not:",
        inputs=(
            Input("A GPU-hour", gpu.usd_per_gpu_hour * MILLION),
            Input("GPUs", Decimal(gpu.n_gpus), "number"),
            Input("Hours a night", gpu.hours_per_night, "exact"),
        ),
        figure=gpu.night_micro_usd,
        unit="usd",
        provenance="estimated",
        prices=None,
        notes=(_TYPED_IN,),
    )


def gpu_fits(gpu: Gpu, job: Job) -> Explanation:
    """How many requests fit into a night."""
    return Explanation(
        formula="Tokens a second times the seconds of an hour times hours, divided by the tokens of a "
        "request (prefix, own part and answer), rounded down:",
        inputs=(
            Input("Tokens a second", gpu.tokens_per_s, "exact"),
            Input("Seconds of an hour", Decimal(SECONDS), "number"),
            Input("Hours a night", gpu.hours_per_night, "exact"),
            Input(
                "Tokens of a request",
                Decimal(job.prefix_tokens + job.suffix_tokens + job.output_tokens),
                "number",
            ),
        ),
        figure=Decimal(gpu.capacity(job)),
        unit="number",
        provenance="estimated",
        prices=None,
        notes=(_TYPED_IN,),
    )


def _amounts(usage: Usage, found: LaneQuote) -> tuple[Input, ...]:
    """Tokens times USD per million tokens is micro-dollars; kinds without tokens are left out."""
    if found.rate is None:
        return ()
    cached = usage.cache_read_tokens + usage.cache_write_tokens + usage.cache_write_long_tokens
    tokens = (
        usage.input_tokens - cached,
        usage.cache_read_tokens,
        usage.cache_write_tokens,
        usage.cache_write_long_tokens,
        usage.output_tokens,
    )
    rates: list[Decimal | None] = [getattr(found.rate, field) for _, field in _KINDS]
    return tuple(
        Input(f"{number:,} {kind} x {rate.normalize():f}", number * rate)
        for (kind, _), number, rate in zip(_KINDS, tokens, rates, strict=True)
        if number and rate is not None
    )


def _prices(subject: Subject, usage: Usage, lanes: tuple[Lane, ...]) -> PricesNamed:
    rows = rows_used(subject, usage.prompt_tokens, lanes)
    return named_rows([price_used(row) for row in rows], subject.table.version)


def _discounted(subject: Subject, lane: Lane) -> tuple[str, ...]:
    tier = LANE_TIERS[lane][0]
    if not subject.table.discounts_for(subject.provider, subject.model, tier):
        return ()
    return ("Contract and regional percentages of this workspace are multiplied into the rates.",)
