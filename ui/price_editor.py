"""The Prices page piece by piece: which rows are shown, the grid, what an edit would do, undo, history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import pandas as pd
import streamlit as st

from pricing.model import CACHE_RULES, TIERS, PriceRow
from pricing.table import PriceTable
from reports.format import lane_title, usd
from reports.model import Analysis
from reports.workbench import PricePreview, Workbench, today
from ui import components as c
from ui import price_rows, state
from ui import strings as s
from ui.text import md

_GENERATION = "prices_generation"
_NOTICE = "prices_notice"
STALE_AFTER_DAYS = 90
ALL = "all"
ROWS_SHOWN = 14
ROW_PIXELS = 35
PRICE_WIDTHS = {
    "input_usd_per_mtok": 84,
    "output_usd_per_mtok": 90,
    "cache_read_usd_per_mtok": 110,
    "cache_write_usd_per_mtok": 114,
    "cache_write_long_usd_per_mtok": 108,
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


@dataclass(frozen=True)
class Pending:
    """What the person changed: the price rows it makes, and every problem with the line it is on."""

    n_changed: int
    rows: tuple[PriceRow, ...]
    problems: tuple[str, ...]


def used_models(analysis: Analysis, table: PriceTable) -> list[tuple[str, str]]:
    """The (provider, model) pairs of the workspace's traffic."""
    return price_rows.in_use(analysis, table)


def pick_scope(table: PriceTable, used: Sequence[tuple[str, str]]) -> Scope:
    """The filter: the models in use (or every model), narrowed to a provider and a model."""
    generation = st.session_state.get(_GENERATION, 0)
    previous = st.session_state.get("prices_scope_key", "")
    locked = _touched(previous)
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
    st.session_state["prices_scope_key"] = key
    return Scope(tuple(price_rows.lines(unique, today(), unpriced)), key)


def _touched(key: str) -> bool:
    edits = st.session_state.get(key) if key else None
    if not edits:
        return False
    return bool(edits.get("edited_rows") or edits.get("added_rows"))


def age(scope: Scope, as_of: datetime) -> None:
    """How long ago the oldest of the shown prices was checked, loudly when that is long ago."""
    checked = [row.price.checked_on for row in scope.rows if row.price is not None]
    if not checked:
        return
    stale = sum((as_of.date() - on).days > STALE_AFTER_DAYS for on in checked)
    if stale:
        st.warning(
            s.prices_stale(stale, len(checked), STALE_AFTER_DAYS, min(checked)), icon=":material/schedule:"
        )
    else:
        st.caption(s.prices_age(min(checked), (as_of.date() - min(checked)).days))


def editor(scope: Scope) -> pd.DataFrame:
    """The grid. Constraints here are a courtesy; every changed line is checked again on the server."""
    before = price_rows.frame(scope.rows)
    price = {
        name: st.column_config.NumberColumn(
            s.price_column(name),
            help=s.price_column_help(name),
            min_value=0,
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
            "model": st.column_config.TextColumn(s.COL_MODEL, width=168, pinned=True, required=True),
            "tier": st.column_config.SelectboxColumn(
                s.COL_TIER, options=list(TIERS), width=84, required=True
            ),
            "min_prompt_tokens": st.column_config.NumberColumn(
                s.COL_BAND, help=s.COL_BAND_HELP, min_value=0, step=1, default=0, width=112
            ),
            **price,
            "cache_rule": st.column_config.SelectboxColumn(
                s.COL_CACHE_RULE, help=s.COL_CACHE_RULE_HELP, options=list(CACHE_RULES), width=150
            ),
            "valid_from": st.column_config.DateColumn(s.COL_SINCE, help=s.COL_SINCE_HELP, width=95),
            "valid_to": st.column_config.DateColumn(s.COL_UNTIL, help=s.COL_UNTIL_HELP, width=95),
            "source": st.column_config.TextColumn(s.COL_SOURCE, width=240),
            "checked_on": st.column_config.DateColumn(s.COL_CHECKED, width=95),
            "confidence": st.column_config.TextColumn(s.COL_CONFIDENCE, width=95),
        },
    )


def pending(scope: Scope, edited: pd.DataFrame, *, now: date) -> Pending:
    """The changed lines as checked price rows, taking effect on the day the person chooses."""
    before = price_rows.frame(scope.rows)
    positions = price_rows.changed(before, edited)
    if not positions:
        return Pending(0, (), ())
    with st.container(border=True):
        st.subheader(s.prices_pending(len(positions)), anchor=False)
        effective = st.date_input(s.PRICES_EFFECTIVE, value=now, help=s.PRICES_EFFECTIVE_HELP, width=220)
    day = effective if isinstance(effective, date) else now
    asked = [
        price_rows.edit(edited, position, scope.rows, effective=day, author=state.author(), today=now)
        for position in positions
    ]
    check = state.workbench().check_prices(asked)
    return Pending(
        len(positions),
        check.rows,
        tuple(
            s.price_problem(
                positions[problem.row - 1] + 1 if 0 < problem.row <= len(positions) else problem.row,
                md(_what(asked, problem.row - 1)),
                md(problem.sentence),
            )
            for problem in check.problems
        ),
    )


def _what(asked: Sequence[dict[str, object]], index: int) -> str:
    if not 0 <= index < len(asked):
        return ""
    line = asked[index]
    return f"{line['provider']} / {line['model']}, {line['tier']}"


def apply_panel(bench: Workbench, pending: Pending) -> None:
    """Problems to mend, or what the edit would change and the button that applies it."""
    _notice()
    if not pending.n_changed:
        st.caption(s.PRICES_HOW_TO_EDIT)
        return
    if pending.problems:
        st.error(
            "\n".join(f"- {problem}" for problem in pending.problems),
            title=s.PRICES_PROBLEMS,
            icon=":material/error:",
        )
    elif pending.rows:
        _preview(state.price_preview(pending.rows))
    note = st.text_input(
        s.PRICES_NOTE, placeholder=s.PRICES_NOTE_PLACEHOLDER, key="prices_note", max_chars=200
    )
    with st.container(horizontal=True):
        if st.button(
            s.PRICES_APPLY,
            type="primary",
            icon=":material/check:",
            disabled=bool(pending.problems) or not pending.rows,
            key="prices_apply",
        ):
            before = state.analysis().totals.saving_per_year.base
            bench.apply_prices(
                pending.rows, author=state.author(), note=note.strip() or s.PRICES_DEFAULT_NOTE
            )
            after = state.analysis().totals.saving_per_year.base
            _done(s.prices_applied(len(pending.rows), md(usd(before)), md(usd(after))))
        if st.button(s.PRICES_DISCARD, icon=":material/close:", key="prices_discard"):
            _done(None)


def _preview(preview: PricePreview) -> None:
    with st.grid(2, min_column_width=240):
        st.metric(
            s.PRICES_SPEND_AFTER,
            md(usd(preview.spend_after_micro_usd)),
            help=s.HOW_PREVIEW_SPEND,
            delta=md(s.was(usd(preview.spend_before_micro_usd))),
            delta_color="off",
            delta_arrow="off",
            border=True,
        )
        st.metric(
            s.PRICES_SAVING_AFTER,
            md(usd(preview.saving_after_micro_usd)),
            help=s.HOW_PREVIEW_SAVING,
            delta=md(s.was(usd(preview.saving_before_micro_usd))),
            delta_color="off",
            delta_arrow="off",
            border=True,
        )
    if preview.lane_changes:
        st.markdown(
            "\n".join(
                "- " + s.lane_change(md(workload), lane_title(before), lane_title(after))
                for workload, before, after in preview.lane_changes
            )
        )
    else:
        st.caption(s.PRICES_NO_LANE_CHANGE)


def undo_panel(bench: Workbench, scope: Scope) -> None:
    """Undo the last applied edit, go back to the shipped table, or take the shown rows along as CSV."""
    edits = bench.price_edits()
    rows = [row.price for row in scope.rows if row.price is not None]
    with st.container(horizontal=True):
        if st.button(
            s.PRICES_UNDO,
            icon=":material/undo:",
            disabled=not edits,
            key="prices_undo",
            help=s.PRICES_UNDO_HELP,
        ):
            bench.undo_prices(author=state.author())
            _done(s.PRICES_UNDONE)
        if st.button(
            s.PRICES_RESET,
            icon=":material/restart_alt:",
            disabled=not edits,
            key="prices_reset",
            help=s.PRICES_RESET_HELP,
        ):
            _confirm_reset(bench, len(edits))
        st.download_button(
            s.PRICES_EXPORT,
            data=lambda: price_rows.csv_text(rows),
            file_name="lanewise-prices.csv",
            mime="text/csv",
            icon=":material/download:",
            on_click="ignore",
            key="prices_export",
            help=s.PRICES_EXPORT_HELP,
        )


@st.dialog(s.PRICES_RESET_TITLE)
def _confirm_reset(bench: Workbench, n_edits: int) -> None:
    st.markdown(s.prices_reset_body(n_edits))
    with st.container(horizontal=True):
        if st.button(s.PRICES_RESET_CONFIRM, type="primary", key="prices_reset_confirm"):
            bench.reset_prices(author=state.author())
            _done(s.PRICES_WERE_RESET)
        if st.button(s.CANCEL, key="prices_reset_cancel"):
            st.rerun()


def _done(message: str | None) -> None:
    """Starts a fresh grid, so that what was applied or discarded is not pending any more."""
    st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1
    if message is not None:
        st.session_state[_NOTICE] = message
    st.rerun()


def _notice() -> None:
    message = st.session_state.pop(_NOTICE, None)
    if message:
        st.success(message, icon=":material/check_circle:")


def history(bench: Workbench) -> None:
    """Every change of the price table in this workspace: when, who, why."""
    versions = sorted(bench.price_history(), key=lambda version: -version.seq)
    with st.expander(s.PRICES_HISTORY, icon=":material/history:"):
        if not versions:
            st.caption(s.PRICES_NO_HISTORY)
            return
        c.table(
            {
                s.COL_WHEN: [s.utc(version.at_utc) for version in versions],
                s.COL_WHO: [md(version.author) for version in versions],
                s.COL_NOTE: [md(version.note) for version in versions],
            },
            alt=s.PRICES_HISTORY,
        )
