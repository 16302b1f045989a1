"""What every calculator shares: the model and day it asks about, its table of lanes, and its working."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from pricing.model import TIERS, Lane
from reports import explain_calculators
from reports.format import count, dollars, lane_title, percent, usd
from reports.quote import LaneQuote, Subject, Usage, rows_used
from ui import components as c
from ui import explain, state
from ui import strings as s
from ui.text import linked, md

DEFAULT_MODEL: Final = ("anthropic", "claude-sonnet-4-5")
FIRST_DAY: Final = date.fromisoformat("2020-01-01")
LAST_DAY: Final = date.fromisoformat("2035-12-31")
THOUSAND: Final = 1_000
MOST_USD: Final = 1e9
MOST_REQUESTS: Final = 1_000_000_000
MOST_PROMPT: Final = 10_000_000


@dataclass(frozen=True)
class Answer:
    """What a calculator asked the price engine and was told, for its working; its inputs as a query."""

    usage: Usage
    quotes: Mapping[Lane, LaneQuote]
    inputs: Mapping[str, object]


def pick_subject() -> Subject:
    """The model and the day, kept in the address."""
    table = state.workbench().prices()
    models = {s.calc_model(*pair): pair for pair in table.models()}
    default = s.calc_model(*DEFAULT_MODEL)
    with st.container(horizontal=True):
        titles = list(models)
        title = st.selectbox(
            s.CALC_MODEL,
            titles,
            index=titles.index(default) if default in models else 0,
            key="model",
            bind="query-params",
            width=380,
        )
        asked = st.date_input(
            s.CALC_DATE,
            datetime.now(UTC).date(),
            min_value=FIRST_DAY,
            max_value=LAST_DAY,
            key="date",
            bind="query-params",
            help=s.CALC_DATE_HELP,
            format="YYYY-MM-DD",
            width=220,
        )
    provider, model = models[title]
    chosen = asked if isinstance(asked, date) else datetime.now(UTC).date()
    return Subject(table, provider, model, datetime.combine(chosen, time.min))


def whole(label: str, value: int, key: str, *, help_text: str | None = None, least: int = 0) -> int:
    """A whole number typed in, kept in the address."""
    most = MOST_REQUESTS if key == "requests" else MOST_PROMPT
    typed = st.number_input(label, least, most, value, step=1, key=key, bind="query-params", help=help_text)
    return int(typed)


def amount(
    label: str, value: float, key: str, *, help_text: str | None = None, least: float = 0.0
) -> Decimal:
    """A number with decimals typed in, exact as its digits stand; kept in the address."""
    typed = st.number_input(
        label,
        least,
        MOST_USD,
        value,
        step=None,
        format="%g",
        key=key,
        bind="query-params",
        help=help_text,
    )
    return Decimal(str(typed))


def saving(before: Decimal | None, after: Decimal | None) -> str:
    """What one amount saves against another, in words of colour; a dash where either is unknown."""
    if before is None or after is None:
        return s.NOT_KNOWN_DASH
    if after == before:
        return s.SAME
    if after < before:
        share = float((before - after) / before)
        return f":green[{md(s.calc_saving(usd(before - after), share))}]"
    return f":red[{md(s.calc_more(usd(after - before)))}]"


def lane_table(quotes: Mapping[Lane, LaneQuote], n_requests: int) -> None:
    """Cost, cost of 1,000 requests and difference in each lane; the reason where a lane has no price."""
    base = quotes["sync"].cost_micro_usd
    costs = [item.cost_micro_usd for item in quotes.values()]
    c.table(
        {
            s.COL_LANE: [c.lane_text(lane) for lane in quotes],
            s.COL_COST: [md(usd(cost)) if cost is not None else s.NOT_KNOWN_DASH for cost in costs],
            s.COL_PER_THOUSAND: [
                md(usd(cost * THOUSAND / n_requests)) if cost is not None and n_requests else s.NOT_KNOWN_DASH
                for cost in costs
            ],
            s.COL_AGAINST_SYNC: [
                md(item.reason) if item.reason else saving(base, item.cost_micro_usd)
                for item in quotes.values()
            ],
        },
        alt=s.CALC_LANES_ALT,
        right=(s.COL_COST, s.COL_PER_THOUSAND),
    )


def cheapest(subject: Subject, usage: Usage, quotes: Mapping[Lane, LaneQuote]) -> None:
    """The three figures of a lane comparison: sync, the cheapest lane, and what it saves."""
    known = {lane: item.cost_micro_usd for lane, item in quotes.items() if item.cost_micro_usd is not None}
    if not known:
        st.warning(s.CALC_NO_PRICE, icon=":material/data_alert:")
        return
    best = min(known, key=lambda lane: known[lane])
    base = known.get("sync")
    with st.grid(3, min_column_width=210):
        explain.figure(
            lane_title("sync"),
            md(usd(base)),
            "calc_sync",
            lambda: explain_calculators.lane_cost(subject, usage, quotes["sync"]),
        )
        explain.figure(
            f"{s.CALC_CHEAPEST}: {lane_title(best)}",
            md(usd(known[best])),
            "calc_best",
            lambda: explain_calculators.lane_cost(subject, usage, quotes[best]),
        )
        if base:
            saved = base - known[best]
            explain.figure(
                s.calc_saves(percent(float(saved / base), 1)),
                md(usd(saved)),
                "calc_saves",
                lambda: explain_calculators.lane_saving(subject, usage, quotes, best),
            )


def working(subject: Subject, name: str, answer: Answer | None) -> None:
    """The formula, the rates and price rows behind an answer, and a link that repeats it."""
    if answer is None:
        return
    with st.expander(s.CALC_WORKING, icon=":material/function:"):
        st.markdown(md(s.CALC_FORMULA[name]))
        _rates(answer)
        _rows(subject, answer)
        if any(subject.table.discounts_for(subject.provider, subject.model, tier) for tier in TIERS):
            st.caption(s.CALC_DISCOUNTED)
        st.caption(s.calc_prices(subject.table.version, subject.at.date()))
        st.caption(s.CALC_LINK)
        inputs = {
            "calc": s.CALCULATORS[name],
            "model": s.calc_model(subject.provider, subject.model),
            "date": subject.at.date().isoformat(),
            **answer.inputs,
        }
        base = (st.context.url or "").split("?")[0]
        st.code(f"{base}?{urlencode(inputs, doseq=True)}", language=None, wrap_lines=True)


def _rates(answer: Answer) -> None:
    usage = answer.usage
    cached = usage.cache_read_tokens + usage.cache_write_tokens + usage.cache_write_long_tokens
    tokens = (
        usage.input_tokens - cached,
        usage.cache_read_tokens,
        usage.cache_write_tokens,
        usage.cache_write_long_tokens,
        usage.output_tokens,
    )
    items = [item for item in answer.quotes.values() if item.rate is not None]
    columns: dict[str, list[str]] = {
        s.COL_LANE: [f"**{s.CALC_KIND_TOKENS}**", *(md(lane_title(item.lane)) for item in items)]
    }
    for (field, title), number in zip(s.TOKEN_KINDS.items(), tokens, strict=True):
        columns[title] = [count(number), *(s.rate(getattr(item.rate, field)) for item in items)]
    columns[s.CALC_EXACT] = [s.NOT_KNOWN_DASH, *_exact(item.cost_micro_usd for item in items)]
    st.markdown(s.CALC_RATES)
    c.table(columns, alt=s.CALC_RATES_ALT, right=(*s.TOKEN_KINDS.values(), s.CALC_EXACT))


def _exact(costs: Iterable[Decimal | None]) -> list[str]:
    return [s.exact_usd(None if cost is None else dollars(cost)) for cost in costs]


def _rows(subject: Subject, answer: Answer) -> None:
    rows = rows_used(subject, answer.usage.prompt_tokens, list(answer.quotes))
    if not rows:
        st.caption(s.CALC_NO_PRICE)
        return
    st.markdown(s.CALC_SOURCES)
    c.table(
        {
            s.COL_TIER: [row.tier for row in rows],
            s.COL_BAND: [s.from_band(row.min_prompt_tokens) for row in rows],
            s.COL_IN_FORCE: [s.in_force(row.valid_from, row.valid_to) for row in rows],
            s.COL_SOURCE: [linked(row.source) for row in rows],
            s.COL_CHECKED: [s.day(row.checked_on) for row in rows],
            s.COL_PRICE_CONFIDENCE: [row.confidence for row in rows],
        },
        alt=s.CALC_SOURCES_ALT,
    )
