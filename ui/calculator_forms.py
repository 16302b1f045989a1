"""The five calculators: each asks for its figures, shows its answer and returns what it was based on."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import partial
from typing import Final, cast

import streamlit as st

from pricing.model import Lane
from reports import explain_calculators
from reports.calculators import (
    MILLION,
    MONTHS,
    Bill,
    Job,
    LaneSaving,
    OnMiss,
    Payback,
    batches_needed,
    bulk_usage,
    read_tokens,
    share_savings,
    write_paybacks,
)
from reports.display import in_dollars
from reports.format import count, dollars, lane_title, percent, usd
from reports.gpu import Gpu, LaneAgainstGpu, against_gpu
from reports.quote import CALCULATOR_LANES, Subject, quote
from ui import components as c
from ui import explain
from ui import strings as s
from ui.calculators import Answer, amount, cheapest, lane_table, saving, whole
from ui.text import md

BULK_LANES: Final[tuple[Lane, ...]] = ("sync", "batch", "flex")
PAID_LANES: Final[tuple[Lane, ...]] = ("sync", "sync+cache")
STEPS_SHOWN: Final = 6


def job_form(subject: Subject) -> Answer:
    """Four configurations and flex: one job in every lane."""
    with st.container(border=True):
        with st.grid(4, min_column_width=190):
            requests = whole(s.CALC_REQUESTS, 100_000, "requests", least=1)
            prefix = whole(s.CALC_PREFIX, 3_000, "prefix", help_text=s.CALC_PREFIX_HELP)
            suffix = whole(s.CALC_SUFFIX, 0, "suffix", help_text=s.CALC_SUFFIX_HELP)
            output = whole(s.CALC_OUTPUT, 500, "output")
        with st.grid(2, min_column_width=280):
            mode = _choice(s.CALC_CACHE, s.CACHE_MODES, "caching")
            long = st.toggle(s.CALC_LONG, help=s.CALC_LONG_HELP, key="long", bind="query-params")
        hits, miss = 100, "write"
        if mode == "rate":
            with st.grid(2, min_column_width=280):
                hits = _percentage(s.CALC_HITS, 80, "hits")
                miss = _choice(s.CALC_MISS, s.MISS_MODES, "miss")
    job = Job(
        requests,
        prefix,
        suffix,
        output,
        hit_rate=Decimal(hits) / 100 if mode == "rate" else None,
        on_miss=cast("OnMiss", miss),
        long_lifetime=long,
    )
    found = quote(subject, job.usage())
    cheapest(subject, job.usage(), found)
    lane_table(found, requests)
    inputs = {"requests": requests, "prefix": prefix, "suffix": suffix, "output": output, "long": long}
    inputs_rate = {"hits": hits, "miss": s.MISS_MODES[miss]} if mode == "rate" else {}
    return Answer(job.usage(), found, {**inputs, "caching": s.CACHE_MODES[mode], **inputs_rate})


def share_form(subject: Subject) -> Answer:
    """A bill, the share of it that can wait, and what that saves in each lane."""
    with st.container(border=True):
        with st.grid(3, min_column_width=210):
            month = amount(s.CALC_BILL, 5_000.0, "bill")
            low, high = st.slider(
                s.CALC_SHARE, 0, 100, (20, 40), step=1, format="%d %%", key="share", bind="query-params"
            )
            paid = _choice(s.CALC_PAID, {lane: lane_title(lane) for lane in PAID_LANES}, "paid")
        with st.grid(2, min_column_width=210):
            ratio = whole(s.CALC_RATIO, 4, "ratio")
            cached = _percentage(s.CALC_CACHED, 0, "cached", help_text=s.CALC_CACHED_HELP)
    bill = Bill(
        month * MILLION,
        Decimal(low) / 100,
        Decimal(high) / 100,
        cast("Lane", paid),
        Decimal(cached) / 100,
        ratio,
    )
    found = share_savings(subject, bill)
    c.table(
        {
            s.COL_LANE: [c.lane_text(item.quote.lane) for item in found],
            s.COL_RATIO: [
                s.NOT_KNOWN_DASH if item.ratio is None else percent(float(item.ratio), 1) for item in found
            ],
            s.COL_LOW_MONTH: [_waits(item, item.low_micro_usd) for item in found],
            s.COL_HIGH_MONTH: [_waits(item, item.high_micro_usd) for item in found],
            s.COL_HIGH_YEAR: [
                _waits(item, None if item.high_micro_usd is None else item.high_micro_usd * MONTHS)
                for item in found
            ],
            s.COL_NOTE: [md(item.quote.reason or "") for item in found],
        },
        alt=s.CALC_LANES_ALT,
        right=(s.COL_RATIO,),
    )
    quotes = quote(subject, bill.usage())
    inputs = {"bill": month, "share": [low, high], "ratio": ratio, "cached": cached}
    return Answer(bill.usage(), quotes, {**inputs, "paid": lane_title(paid)})


def _waits(item: LaneSaving, saved: Decimal | None) -> str:
    if saved is None or item.ratio is None:
        return s.NOT_KNOWN_DASH
    if saved < 0:
        return f":red[{md(s.calc_more(usd(-saved)))}]"
    return md(s.calc_saving(usd(saved), None)) if saved else s.SAME


def bulk_form(subject: Subject) -> Answer | None:
    """A heap of tokens in sync, batch and flex."""
    with st.container(border=True), st.grid(3, min_column_width=190):
        typed = st.text_input(
            s.CALC_TOKENS, "10B", key="tokens", bind="query-params", help=s.CALC_TOKENS_HELP, max_chars=30
        )
        typed_output = st.text_input(
            s.CALC_OUT_TOKENS,
            "0",
            key="out_tokens",
            bind="query-params",
            help=s.CALC_TOKENS_HELP,
            max_chars=30,
        )
        size = whole(s.CALC_SIZE, 1_000, "size", help_text=s.CALC_SIZE_HELP, least=1)
    tokens, output = read_tokens(typed), read_tokens(typed_output)
    if tokens is None or output is None:
        st.error(s.CALC_NO_NUMBER, icon=":material/error:")
        return None
    usage = bulk_usage(tokens, output, size)
    found = quote(subject, usage, BULK_LANES)
    cheapest(subject, usage, found)
    lane_table(found, usage.n_requests)
    batches = batches_needed(subject, usage)
    if batches is not None and found["batch"].cost_micro_usd is not None:
        st.caption(s.calc_batches(batches))
    return Answer(usage, found, {"tokens": typed, "out_tokens": typed_output, "size": size})


def gpu_form(subject: Subject) -> Answer:
    """A night's job on the API against reserved GPUs."""
    with st.container(border=True):
        with st.grid(4, min_column_width=190):
            requests = whole(s.CALC_REQUESTS, 20_000, "requests", least=1)
            prefix = whole(s.CALC_PREFIX, 2_000, "prefix", help_text=s.CALC_PREFIX_HELP)
            suffix = whole(s.CALC_SUFFIX, 500, "suffix", help_text=s.CALC_SUFFIX_HELP)
            output = whole(s.CALC_OUTPUT, 200, "output", least=1)
        with st.grid(3, min_column_width=190):
            hourly = amount(s.CALC_GPU_HOUR, 2.5, "gpu_hour")
            gpus = whole(s.CALC_GPUS, 1, "gpus", least=1)
            hours = amount(s.CALC_HOURS, 8.0, "hours", least=0.1)
        with st.grid(2, min_column_width=230):
            speed = amount(s.CALC_SPEED, 2_500.0, "speed", help_text=s.CALC_SPEED_HELP, least=1.0)
            speed_cached = amount(
                s.CALC_SPEED_CACHED, 6_000.0, "speed_cached", help_text=s.CALC_SPEED_HELP, least=1.0
            )
    job = Job(requests, prefix, suffix, output)
    plain = Gpu(hourly, gpus, hours, speed)
    cached = replace(plain, tokens_per_s=speed_cached)
    with st.grid(3, min_column_width=210):
        explain.figure(
            s.CALC_NIGHT,
            md(usd(plain.night_micro_usd)),
            "gpu_night",
            lambda: explain_calculators.gpu_night(plain),
            about=s.CALC_NIGHT_HELP,
        )
        for title, gpu, key in ((s.CALC_FITS, plain, "fits"), (s.CALC_FITS_CACHED, cached, "fits_cached")):
            explain.figure(
                title, count(gpu.capacity(job)), key, partial(explain_calculators.gpu_fits, gpu, job)
            )
    lines = [
        s.gpu_hours(f"{gpu.hours_needed(job):,.1f}", f"{hours:f}", gpu.capacity(job) >= requests, with_cache)
        for gpu, with_cache in ((plain, False), (cached, True))
    ]
    st.markdown("  \n".join(lines))
    found = against_gpu(subject, job, plain, CALCULATOR_LANES)
    found_cached = against_gpu(subject, job, cached, CALCULATOR_LANES)
    most = max(plain.capacity(job), cached.capacity(job))
    c.table(
        {
            s.COL_LANE: [c.lane_text(item.quote.lane) for item in found],
            s.COL_API_NIGHT: [
                s.NOT_KNOWN_DASH if item.quote.cost_micro_usd is None else md(usd(item.quote.cost_micro_usd))
                for item in found
            ],
            s.COL_VOLUME: [
                md(item.quote.reason or s.gpu_volume(item.break_even_requests, most)) for item in found
            ],
            s.COL_PREFIX_PLAIN: [_prefix(item) for item in found],
            s.COL_PREFIX_CACHED: [_prefix(item) for item in found_cached],
        },
        alt=s.GPU_ALT,
        right=(s.COL_API_NIGHT,),
    )
    inputs = {"requests": requests, "prefix": prefix, "suffix": suffix, "output": output}
    machine = {"gpu_hour": hourly, "gpus": gpus, "hours": hours, "speed": speed, "speed_cached": speed_cached}
    return Answer(job.usage(), {item.quote.lane: item.quote for item in found}, {**inputs, **machine})


def _prefix(item: LaneAgainstGpu) -> str:
    if item.prefix is None:
        return s.NOT_KNOWN_DASH
    return md(s.gpu_prefix(item.prefix.api_cheaper_without, item.prefix.tokens))


def write_form(subject: Subject) -> Answer:
    """From which request on a cache write pays, at the default and the longer lifetime."""
    with st.container(border=True):
        prefix = whole(s.CALC_PREFIX, 4_000, "prefix", help_text=s.CALC_PREFIX_HELP, least=1)
    found = write_paybacks(subject, prefix)
    c.table(
        {
            s.COL_LANE: [c.lane_text(item.lane) for item in found],
            s.COL_LIFETIME: [s.LIFETIME_LONG if item.long_lifetime else s.LIFETIME_DEFAULT for item in found],
            s.COL_PAYS: [md(item.reason or s.pays_from(item.pays_from)) for item in found],
        },
        alt=s.PAYBACK_ALT,
    )
    _steps(found)
    usage = Job(2, prefix, 0, 0).usage()
    return Answer(usage, quote(subject, usage), {"prefix": prefix})


# Every digit of a step is shown, which a conversion would bury; so are the differences beside it.
@in_dollars()
def _steps(found: tuple[Payback, ...]) -> None:
    default, long = (item for item in found if item.lane == "sync+cache")
    if default.reason is not None:
        return
    shown = range(min(STEPS_SHOWN, len(default.plain_micro_usd)))
    columns = {
        s.COL_REQUEST_N: [count(step + 1) for step in shown],
        s.COL_NOT_CACHED: [_exact(default.plain_micro_usd[step]) for step in shown],
        s.COL_CACHED_DEFAULT: [
            f"{_exact(default.cached_micro_usd[step])} · "
            f"{saving(default.plain_micro_usd[step], default.cached_micro_usd[step])}"
            for step in shown
        ],
    }
    if long.reason is None:
        columns[s.COL_CACHED_LONG] = [
            f"{_exact(long.cached_micro_usd[step])} · "
            f"{saving(long.plain_micro_usd[step], long.cached_micro_usd[step])}"
            for step in shown
        ]
    st.markdown(s.PAYBACK_STEPS)
    c.table(columns, alt=s.PAYBACK_STEPS_ALT, right=(s.COL_REQUEST_N, s.COL_NOT_CACHED))


def _exact(micro_usd: Decimal) -> str:
    """Every digit of an amount, as Markdown: the steps of a payback are fractions of a cent."""
    return md(f"${s.exact_usd(dollars(micro_usd))}")


def _choice(label: str, options: Mapping[str, str], key: str) -> str:
    """One of a few named options, kept in the address under its name; the first is the default."""
    chosen = st.segmented_control(
        label,
        list(options),
        default=next(iter(options)),
        required=True,
        format_func=lambda name: options[name],
        key=key,
        bind="query-params",
    )
    return chosen or next(iter(options))


def _percentage(label: str, value: int, key: str, *, help_text: str | None = None) -> int:
    chosen = st.slider(
        label, 0, 100, value, step=1, format="%d %%", key=key, bind="query-params", help=help_text
    )
    return int(chosen)


FORMS: Final[Mapping[str, Callable[[Subject], Answer | None]]] = {
    "job": job_form,
    "share": share_form,
    "bulk": bulk_form,
    "gpu": gpu_form,
    "write": write_form,
}
