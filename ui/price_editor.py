"""The price grid: which rows are shown, what may be typed into them, and the edits that makes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from pricing.edit_check import HIGHEST_USD_PER_MTOK, LONGEST_PROMPT
from pricing.model import CACHE_RULES, TIERS
from pricing.table import PriceTable
from reports.model import Analysis
from reports.workbench import today
from ui import price_change, price_rows, state
from ui import strings as s
from ui.price_change import Pending
from ui.text import md

SCOPE_KEY = "prices_scope_key"
ALL = "all"
ROWS_SHOWN = 14
ROW_PIXELS = 35
PRICE_WIDTHS = {
    "input_usd_per_mtok": 104,
    "output_usd_per_mtok": 112,
    "cache_read_usd_per_mtok": 104,
    "cache_write_usd_per_mtok": 106,
    "cache_write_long_usd_per_mtok": 138,
}
ORDER = (
    "provider",
    "model",
    "tier",
    "input_usd_per_mtok",
    "output_usd_per_mtok",
    "cache_read_usd_per_mtok",
    "cache_write_usd_per_mtok",
    "cache_write_long_usd_per_mtok",
    "cache_rule",
    "min_prompt_tokens",
    "valid_from",
    "valid_to",
    "checked_on",
    "confidence",
    "source",
)


@dataclass(frozen=True)
class Scope:
    """The rows on screen and the key their pending edits are kept under."""

    rows: tuple[price_rows.Row, ...]
    key: str


def used_models(analysis: Analysis, table: PriceTable) -> list[tuple[str, str]]:
    """The (provider, model) pairs of the workspace's traffic."""
    return price_rows.in_use(analysis, table)


def pick_scope(table: PriceTable, used: Sequence[tuple[str, str]]) -> Scope:
    """The filter: the models in use (or every model), narrowed to a provider and a model."""
    generation = price_change.generation()
    locked = touched()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        everything = st.toggle(
            s.PRICES_ALL,
            value=not used,
            key="prices_all",
            disabled=locked,
            bind="query-params",
            help=s.PRICES_ALL_HELP,
        )
        models = list(table.models()) if everything else list(used)
        providers = sorted({provider for provider, _ in models})
        provider = st.selectbox(
            s.PRICES_PROVIDER,
            [ALL, *providers],
            format_func=lambda name: s.PRICES_ANY_PROVIDER if name == ALL else name,
            key="prices_provider",
            disabled=locked,
            width=220,
        )
        found = st.text_input(
            s.PRICES_SEARCH,
            key="prices_search",
            placeholder=s.PRICES_SEARCH_PLACEHOLDER,
            disabled=locked,
            width=260,
        )
    if locked:
        st.caption(s.PRICES_LOCKED)
    chosen = [
        (name, model) for name, model in models if provider in (ALL, name) and found.strip().lower() in model
    ]
    rows = [row for name, model in chosen for row in table.rows_for(name, model)]
    unpriced = [(name, model) for name, model in chosen if not table.rows_for(name, model)]
    unique = list(dict.fromkeys(rows))
    key = f"prices_{generation}_{table.version}_{provider}_{everything}_{found}"
    st.session_state[SCOPE_KEY] = key
    return Scope(tuple(price_rows.lines(unique, today(), unpriced)), key)


def touched() -> bool:
    """Whether the grid holds edits that are neither applied nor discarded."""
    key = st.session_state.get(SCOPE_KEY)
    edits = st.session_state.get(key) if key else None
    return bool(edits and (edits.get("edited_rows") or edits.get("added_rows")))


def editor(scope: Scope) -> pd.DataFrame:
    """The grid. Constraints here are a courtesy; every changed line is checked again on the server."""
    before = price_rows.frame(scope.rows)
    price = {
        name: st.column_config.NumberColumn(
            s.price_heading(name),
            help=s.price_column_help(name),
            min_value=0,
            max_value=HIGHEST_USD_PER_MTOK,
            format="plain",
            width=PRICE_WIDTHS[name],
        )
        for name in price_rows.PRICE_COLUMNS
    }
    return st.data_editor(
        before,
        key=scope.key,
        column_order=ORDER,
        num_rows="add",
        hide_index=True,
        height=min(len(scope.rows) + 2, ROWS_SHOWN) * ROW_PIXELS,
        placeholder="",
        alt=s.ALT_PRICES,
        disabled=["valid_from", "valid_to", "source", "checked_on", "confidence"],
        column_config={
            "provider": st.column_config.TextColumn(s.COL_PROVIDER, width=88, pinned=True, required=True),
            "model": st.column_config.TextColumn(s.COL_MODEL, width=160, pinned=True, required=True),
            "tier": st.column_config.SelectboxColumn(
                s.COL_TIER, options=list(TIERS), width=84, required=True
            ),
            "min_prompt_tokens": st.column_config.NumberColumn(
                s.COL_BAND,
                help=s.COL_BAND_HELP,
                min_value=0,
                max_value=LONGEST_PROMPT,
                step=1,
                default=0,
                width=112,
            ),
            **price,
            "cache_rule": st.column_config.SelectboxColumn(
                s.COL_CACHE_RULE, help=s.COL_CACHE_RULE_HELP, options=list(CACHE_RULES), width=150
            ),
            "valid_from": st.column_config.DateColumn(s.COL_SINCE, help=s.COL_SINCE_HELP, width=105),
            "valid_to": st.column_config.DateColumn(s.COL_UNTIL, help=s.COL_UNTIL_HELP, width=105),
            "source": st.column_config.TextColumn(s.COL_SOURCE, width=240),
            "checked_on": st.column_config.DateColumn(s.COL_CHECKED, width=105),
            "confidence": st.column_config.TextColumn(s.COL_PRICE_CONFIDENCE, width=105),
        },
    )


def pending(scope: Scope, edited: pd.DataFrame, *, now: date) -> Pending | None:
    """The changed lines as checked price rows, taking effect on the day the person chooses."""
    before = price_rows.frame(scope.rows)
    positions = price_rows.changed(before, edited)
    if not positions:
        return None
    with st.container(border=True):
        st.header(s.prices_pending(len(positions)), anchor=False)
        effective = st.date_input(s.PRICES_EFFECTIVE, value=now, help=s.PRICES_EFFECTIVE_HELP, width=220)
    day = effective if isinstance(effective, date) else now
    asked = [
        price_rows.edit(edited, position, scope.rows, effective=day, author=state.author(), today=now)
        for position in positions
    ]
    check = state.workbench().check_prices(asked)
    return price_change.of_rows(
        check.rows,
        tuple(
            s.price_problem(
                positions[problem.row - 1] + 1,
                md(_what(asked[problem.row - 1])),
                md(problem.sentence),
            )
            for problem in check.problems
        ),
        note=s.PRICES_DEFAULT_NOTE,
    )


def _what(line: dict[str, object]) -> str:
    return f"{line['provider']} / {line['model']}, {line['tier']}"
