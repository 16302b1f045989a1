"""Three ways to change prices beside the grid: a new model, a dated change, a file."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any

import streamlit as st

from pricing.model import CACHE_RULES, TIERS, PriceRow
from pricing.price_files import MAX_BYTES
from pricing.table import PriceTable
from ui import price_change, price_rows, state
from ui import strings as s
from ui.price_change import Pending
from ui.text import md

FIRST_DAY = date.fromisoformat("2015-01-01")
LAST_DAY = date.fromisoformat("2100-12-31")
_MEGABYTE = 1_000_000


def model_form(table: PriceTable) -> Pending | None:
    """The first price of a model that the table does not know."""
    key = f"new_{price_change.generation()}"
    st.caption(s.PRICES_MODEL_HOW)
    with st.container(border=True):
        with st.grid(4, min_column_width=190):
            provider = st.selectbox(
                s.COL_PROVIDER,
                sorted({name for name, _ in table.models()}),
                index=None,
                accept_new_options=True,
                key=f"{key}_provider",
            )
            model = st.text_input(s.COL_MODEL, key=f"{key}_model", max_chars=200)
            tier = st.selectbox(s.COL_TIER, TIERS, key=f"{key}_tier")
            band = st.number_input(s.COL_BAND, 0, step=1, help=s.COL_BAND_HELP, key=f"{key}_band")
        with st.grid(2, min_column_width=190):
            since = _day(s.PRICES_FIRST_DAY, None, f"{key}_since")
            until = _day(s.PRICES_LAST_DAY, None, f"{key}_until")
        prices, rule, source = _price_fields(key, None)
    if not provider or not model.strip() or not any(prices.values()):
        st.caption(s.PRICES_FILL_MODEL)
        return None
    if table.resolve(provider.strip().lower(), model):
        st.info(s.PRICES_KNOWN, icon=":material/info:")
    asked = {
        "provider": provider,
        "model": model,
        "tier": tier,
        "min_prompt_tokens": band,
        "valid_from": _midnight(since),
        "valid_to": _midnight(until),
        **_priced(prices, rule, source),
    }
    return _checked(asked)


def change_form(table: PriceTable, used: Sequence[tuple[str, str]]) -> Pending | None:
    """A price of a known model that holds from a day on; its fields begin with the price in force."""
    st.caption(s.PRICES_CHANGE_HOW)
    priced = [pair for pair in used if table.rows_for(*pair)]
    titles = {
        s.model_option(*pair, used=pair in priced): pair for pair in dict.fromkeys([*priced, *table.models()])
    }
    with st.container(border=True):
        title = st.selectbox(s.COL_MODEL, list(titles), key="change_model")
        with st.grid(4, min_column_width=190):
            tier = st.selectbox(s.COL_TIER, TIERS, key="change_tier")
            rows = [row for row in table.rows_for(*titles[title]) if row.tier == tier]
            band = st.selectbox(
                s.COL_BAND,
                sorted({0, *(row.min_prompt_tokens for row in rows)}),
                format_func=s.from_band,
                help=s.COL_BAND_HELP,
                key="change_band",
            )
            since = st.date_input(
                s.PRICES_EFFECTIVE,
                datetime.now(UTC).date(),
                min_value=FIRST_DAY,
                max_value=LAST_DAY,
                help=s.PRICES_EFFECTIVE_HELP,
                key="change_since",
                format="YYYY-MM-DD",
            )
            start = _midnight(since if isinstance(since, date) else None)
            held = next((row for row in rows if row.min_prompt_tokens == band and row.covers(start)), None)
            key = f"change_{price_change.generation()}_{title}_{tier}_{band}_{start}"
            until = _day(
                s.PRICES_LAST_DAY, held.valid_to.date() if held and held.valid_to else None, f"{key}_until"
            )
        if held is None:
            st.caption(s.PRICES_NO_ROW)
        prices, rule, source = _price_fields(key, held)
    asked = {
        "provider": titles[title][0],
        "model": table.resolve(*titles[title]),
        "tier": tier,
        "min_prompt_tokens": band,
        "valid_from": start,
        "valid_to": _midnight(until),
        **_priced(prices, rule, source),
    }
    if not any(prices.values()) or (held is not None and _same(held, prices, rule)):
        st.caption(s.PRICES_FILL_CHANGE)
        return None
    return _checked(asked)


def file_form() -> Pending | None:
    """Rows from a CSV or YAML file, all of them or none."""
    st.caption(s.PRICES_FILE_HOW)
    uploaded = st.file_uploader(
        s.PRICES_FILE,
        type=["csv", "yaml", "yml"],
        key=f"prices_file_{price_change.generation()}",
        max_upload_size=MAX_BYTES // _MEGABYTE,
    )
    if uploaded is None:
        return None
    check = state.price_file(uploaded.getvalue(), uploaded.name)
    if not check.problems and not check.rows:
        st.info(s.PRICES_FILE_NOTHING, icon=":material/info:")
        return None
    if not check.problems:
        st.header(s.prices_pending(len(check.rows)), anchor=False)
    return price_change.of_rows(
        check.rows, faults=check.problems, note=s.imported_note(uploaded.name[: s.FILE_NAME_SHOWN])
    )


def _price_fields(key: str, held: PriceRow | None) -> tuple[dict[str, str], str, str]:
    """The five prices as typed, the cache rule and the source; typed as text, so that no digit is lost."""
    prices: dict[str, str] = {}
    with st.grid(5, min_column_width=135):
        for name in price_rows.PRICE_COLUMNS:
            known = None if held is None else getattr(held, name)
            prices[name] = st.text_input(
                s.price_column(name),
                "" if known is None else s.rate(known),
                key=f"{key}_{name}",
                help=s.price_column_help(name),
                placeholder=s.NOT_KNOWN,
                max_chars=40,
            ).strip()
    rules = list(CACHE_RULES)
    with st.grid(2, min_column_width=190):
        rule = st.selectbox(
            s.COL_CACHE_RULE,
            rules,
            index=rules.index(held.cache_rule if held is not None else "none"),
            help=s.COL_CACHE_RULE_HELP,
            key=f"{key}_rule",
        )
        source = st.text_input(
            s.PRICES_SOURCE, placeholder=s.PRICES_SOURCE_PLACEHOLDER, key=f"{key}_source", max_chars=300
        )
    return prices, str(rule), source.strip()


def _priced(prices: dict[str, str], rule: str, source: str) -> dict[str, object]:
    """The cells of the prices; a typed cache price says that the tier prices caching."""
    return {
        **prices,
        "cache_rule": "priced" if prices["cache_read_usd_per_mtok"] else rule,
        "source": source or s.price_entered_by(state.author()),
        "confidence": "high",
    }


def _same(held: PriceRow, prices: dict[str, str], rule: str) -> bool:
    typed = {name: text or None for name, text in prices.items()}
    known = {
        name: None if getattr(held, name) is None else s.rate(getattr(held, name))
        for name in price_rows.PRICE_COLUMNS
    }
    return typed == known and rule == held.cache_rule


def _checked(asked: dict[str, Any]) -> Pending:
    check = state.workbench().check_prices([asked])
    what = f"{asked['provider']} / {asked['model']}, {asked['tier']}"
    st.header(s.prices_pending(1), anchor=False)
    return price_change.of_rows(
        check.rows,
        [s.price_problem(problem.row, md(what), md(problem.sentence)) for problem in check.problems],
        note=s.PRICES_DEFAULT_NOTE,
    )


def _day(label: str, value: date | None, key: str) -> date | None:
    chosen = st.date_input(
        label, value, min_value=FIRST_DAY, max_value=LAST_DAY, key=key, format="YYYY-MM-DD"
    )
    return chosen if isinstance(chosen, date) else None


def _midnight(day: date | None) -> datetime | None:
    return None if day is None else datetime.combine(day, time.min)
