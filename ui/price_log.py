"""Around the prices: their age, conflicts with a newer table, undo, reset, export, history."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial

import streamlit as st

from pricing.model import PriceRow
from pricing.overlay import PriceEdit
from pricing.overlay_conflicts import Conflict
from pricing.price_files import csv_text, yaml_text
from pricing.table import PriceTable
from reports.price_age import STALE_AFTER_DAYS, price_age
from reports.workbench import Workbench
from ui import components as c
from ui import price_change, price_rows, state
from ui import strings as s
from ui.text import md

CONFLICTS_SHOWN = 10
"""At a time; the next ones follow when these are settled."""


def age(table: PriceTable, used: Sequence[tuple[str, str]], as_of: datetime) -> None:
    """How long ago the oldest price of the models in use was checked, loudly when that is long ago."""
    found = price_age(table, used, as_of)
    if found is None:
        return
    if found.n_stale:
        models = [md(f"{provider} / {model}") for provider, model in found.stale_models]
        st.warning(
            s.prices_stale(found.n_stale, found.n_rows, STALE_AFTER_DAYS, found.oldest, models),
            icon=":material/schedule:",
        )
    else:
        st.caption(s.prices_age(found.oldest, (as_of.date() - found.oldest).days))


def conflicts(bench: Workbench) -> None:
    """Edits whose shipped price has changed since: yours, then, now, and the two ways out."""
    found = bench.price_book().conflicts()
    if not found:
        return
    st.warning(s.conflict_how(len(found)), title=s.CONFLICT_TITLE, icon=":material/merge:")
    if len(found) > 1:
        edits = [conflict.edit for conflict in found]
        _ways_out(bench, edits, "all", s.conflict_keep_all(len(found)), s.conflict_take_all(len(found)))
    for position, conflict in enumerate(found[:CONFLICTS_SHOWN]):
        _conflict(bench, conflict, position)


def _conflict(bench: Workbench, conflict: Conflict, position: int) -> None:
    row = conflict.edit.row
    whose: list[str] = []
    rows: list[PriceRow | None] = []
    for title, items in (
        (s.CONFLICT_YOURS, (row,)),
        (s.CONFLICT_THEN, conflict.then or (None,)),
        (s.CONFLICT_NOW, conflict.now or (None,)),
    ):
        whose.extend([title] * len(items))
        rows.extend(items)
    columns = {
        s.COL_WHOSE: whose,
        s.COL_IN_FORCE: [
            s.CONFLICT_NOT_SHIPPED if item is None else s.in_force(item.valid_from, item.valid_to)
            for item in rows
        ],
        **{
            s.price_column(name): [s.rate(None if item is None else getattr(item, name)) for item in rows]
            for name in price_rows.PRICE_COLUMNS
        },
    }
    with st.container(border=True):
        st.markdown(s.conflict_line(md(row.provider), md(row.model), row.tier))
        c.table(
            columns, alt=s.CONFLICT_ALT, right=[s.price_column(name) for name in price_rows.PRICE_COLUMNS]
        )
        _ways_out(bench, [conflict.edit], str(position), s.CONFLICT_KEEP, s.CONFLICT_TAKE)


def _ways_out(bench: Workbench, edits: Sequence[PriceEdit], key: str, keep: str, take: str) -> None:
    with st.container(horizontal=True):
        if st.button(keep, icon=":material/check:", key=f"conflict_keep_{key}"):
            bench.price_book().keep(edits, author=state.author())
            price_change.done(s.CONFLICT_KEPT)
        if st.button(take, icon=":material/download_done:", key=f"conflict_take_{key}"):
            bench.price_book().take(edits, author=state.author())
            price_change.done(s.CONFLICT_TAKEN)


def undo_panel(bench: Workbench, rows: Sequence[PriceRow], *, everything: bool) -> None:
    """Undo the last change, go back to the shipped table, or take rows along as CSV or YAML."""
    edits = bench.price_edits()
    about = s.PRICES_EXPORT_ALL if everything else s.PRICES_EXPORT_SHOWN
    with st.container(horizontal=True):
        if st.button(
            s.PRICES_UNDO,
            icon=":material/undo:",
            disabled=not bench.price_book().can_undo(),
            key="prices_undo",
            help=s.PRICES_UNDO_HELP,
        ):
            bench.undo_prices(author=state.author())
            price_change.done(s.PRICES_UNDONE)
        if st.button(
            s.PRICES_RESET,
            icon=":material/restart_alt:",
            disabled=not edits,
            key="prices_reset",
            help=s.PRICES_RESET_HELP,
        ):
            _confirm_reset(bench, len(edits))
        for title, ending, mime, write in (
            (s.PRICES_EXPORT_CSV, "csv", "text/csv", csv_text),
            (s.PRICES_EXPORT_YAML, "yaml", "application/yaml", yaml_text),
        ):
            st.download_button(
                title,
                data=partial(write, rows),
                file_name=f"lanewise-prices.{ending}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"prices_export_{ending}",
                help=about,
            )


@st.dialog(s.PRICES_RESET_TITLE)
def _confirm_reset(bench: Workbench, n_edits: int) -> None:
    st.markdown(s.prices_reset_body(n_edits))
    with st.container(horizontal=True):
        if st.button(s.PRICES_RESET_CONFIRM, type="primary", key="prices_reset_confirm"):
            bench.reset_prices(author=state.author())
            price_change.done(s.PRICES_WERE_RESET)
        if st.button(s.CANCEL, key="prices_reset_cancel"):
            st.rerun()


def history(bench: Workbench) -> None:
    """Every change of prices and discounts in this workspace: when, who, why."""
    versions = [(version, s.CHANGED_PRICES) for version in bench.price_book().history()]
    versions += [(version, s.CHANGED_DISCOUNTS) for version in bench.discounts().history()]
    versions.sort(key=lambda entry: entry[0].at_utc, reverse=True)
    with st.expander(s.PRICES_HISTORY, icon=":material/history:"):
        if not versions:
            st.caption(s.PRICES_NO_HISTORY)
            return
        c.table(
            {
                s.col_when(): [s.moment(version.at_utc) for version, _ in versions],
                s.COL_WHO: [md(version.author) for version, _ in versions],
                s.COL_CHANGED: [what for _, what in versions],
                s.COL_NOTE: [md(version.note) for version, _ in versions],
            },
            alt=s.PRICES_HISTORY,
        )
