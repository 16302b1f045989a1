"""The Alerts page's blocks, and the banner that every other page carries while something fires."""

from collections.abc import Sequence
from contextlib import suppress
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import pandas as pd
import streamlit as st

from reports import explain_verify
from reports.alerts import Alert, Found
from reports.model import Analysis
from reports.notices import Targets
from reports.watch_model import CHANNEL_KINDS, PERIODS, Budget, Watched, WatchError, read_watched
from reports.workbench import Workbench
from ui import components as c
from ui import explain, nav, state
from ui import strings as s
from ui.text import md, short

_NOTICE = "alerts_notice"
_GENERATION = "alerts_generation"
_HIDDEN = "alerts_hidden"
_PAGES = {
    "workloads": nav.WORKLOADS,
    "batches": nav.BATCHES,
    "ledger": nav.LEDGER,
    "prices": nav.PRICES,
    "data": nav.DATA,
    "rules": nav.RULES,
}
_COLOURS = {"breach": "red", "warning": "orange", "ok": "green"}
_IN_PERCENT = ("error_rate", "hit_rate_drop")


def banner(page: str) -> None:
    """One line while something fires, on every page but the one that says it all.

    `page` is the name in the address. Hidden for the session on request, until something else fires.
    """
    if page == Path(nav.ALERTS).stem:
        return
    with suppress(*c.PROBLEMS):  # a page says its own problems; the banner adds none
        found = state.alerts()
        firing = frozenset(alert.state for alert in found.alerts)
        if not firing or firing <= st.session_state.get(_HIDDEN, frozenset()):
            return
        breaches = sum(alert.severity == "breach" for alert in found.alerts)
        kinds = list(dict.fromkeys(alert.kind for alert in found.alerts))
        with st.container(border=True, horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(
                f":{_COLOURS[found.alerts[0].severity]}[:material/notifications_active:] "
                + s.alert_banner(breaches, len(found.alerts) - breaches, kinds),
                width="content",
            )
            c.link(s.ALERTS_SEE, nav.ALERTS, key="banner_see")
            if st.button(
                s.ALERTS_HIDE,
                type="tertiary",
                icon=":material/close:",
                key="banner_hide",
                help=s.ALERTS_HIDE_HELP,
            ):
                st.session_state[_HIDDEN] = firing
                st.rerun()


def notice() -> None:
    """What the last change did, once."""
    message = st.session_state.pop(_NOTICE, None)
    if message:
        st.success(message, icon=":material/check_circle:")


def firing(found: Found) -> None:
    """What fires, worst first, each with what to do and where to look."""
    if not found.alerts:
        st.success(s.ALERTS_NONE, icon=":material/check_circle:")
    place = st.container()
    for position, alert in enumerate(found.alerts[c.page_of(len(found.alerts), key="alerts_page", most=20)]):
        with place:
            _alert(alert, position)


def _alert(alert: Alert, position: int) -> None:
    query = {nav.WORKLOAD_PARAM: alert.workload} if alert.where == "workloads" and alert.workload else None
    with st.container(border=True, gap="xsmall"):
        colour = _COLOURS[alert.severity]
        st.markdown(f":{colour}-badge[{s.ALERT_SEVERITIES[alert.severity]}] {md(alert.sentence)}")
        st.caption(md(alert.todo))
        way = s.ALERT_PAGES[alert.where] if query or alert.where != "workloads" else s.SEE_WORKLOADS
        c.link(way, _PAGES[alert.where], key=f"alert_{position}", query=query)


def budgets(found: Found, analysis: Analysis) -> None:
    """How every budget stands, whether it fires or not."""
    st.header(s.BUDGETS, anchor=False)
    if not found.budgets:
        st.caption(s.BUDGETS_NONE)
        return
    items = found.budgets
    states = ["breach" if item.breached else "warning" if item.alerting else "ok" for item in items]
    c.table(
        {
            s.COL_CHANNEL: [_channel(item.budget) for item in items],
            s.COL_DAYS: [s.budget_days(item.first_day, item.last_day) for item in items],
            s.COL_SO_FAR: [c.money(item.micro_usd) for item in items],
            s.COL_LIMIT: [c.money(item.limit_micro_usd) for item in items],
            s.COL_OF_LIMIT: [f"{item.micro_usd * 100 / item.limit_micro_usd:.1f} %" for item in items],
            s.COL_STATE: [f":{_COLOURS[name]}-badge[{s.BUDGET_STATES[name]}]" for name in states],
        },
        alt=s.ALT_BUDGETS,
        right=(s.COL_SO_FAR, s.COL_LIMIT, s.COL_OF_LIMIT),
    )
    with st.container(horizontal=True):
        for position, item in enumerate(items):
            title = _channel(item.budget)
            explain.how(
                title,
                f"budget_{position}",
                partial(explain_verify.budget, analysis, item),
                button=s.explain_named(f"{title}, {s.budget_days(item.first_day, item.last_day)}"),
            )
    unpriced = max(item.n_unpriced for item in items)
    if unpriced:
        st.caption(s.budget_unpriced(unpriced))


def _channel(budget: Budget) -> str:
    title = s.BUDGET_CHANNELS[budget.channel]
    return f"{title} {md(short(budget.which, 40))}" if budget.which else title


def editor(bench: Workbench, watched: Watched) -> None:
    """Budgets and thresholds to edit together; nothing is saved while anything makes no sense."""
    generation = int(st.session_state.get(_GENERATION, 0))
    with st.expander(s.WATCH_EDIT, icon=":material/tune:", expanded=not watched.budgets):
        st.caption(s.BUDGETS_HOW)
        with st.form(f"watch_{generation}", border=False):
            zones = sorted(available_timezones())
            zone = st.selectbox(
                s.WATCH_ZONE,
                zones,
                index=zones.index(watched.time_zone),
                help=s.WATCH_ZONE_HELP,
                key=f"zone_{generation}",
                width=320,
            )
            rows = _budget_grid(watched.budgets, generation)
            st.markdown(f"**{s.WATCH_LIMITS}**")
            limits = _limit_fields(watched, generation)
            asked = st.form_submit_button(s.WATCH_SAVE, type="primary", icon=":material/check:")
        if asked:
            _save(bench, {"time_zone": zone, "budgets": rows, "thresholds": limits})
        if st.button(
            s.WATCH_UNDO, icon=":material/undo:", disabled=not bench.watch().can_undo(), key="watch_undo"
        ):
            bench.watch().undo(author=state.author())
            _done(s.WATCH_UNDONE)


def _budget_grid(known: Sequence[Budget], generation: int) -> list[dict[str, Any]]:
    before = pd.DataFrame(
        [
            {
                "channel": budget.channel,
                "which": budget.which,
                "period": budget.period,
                "limit_usd": f"{budget.limit_usd.normalize():f}",
                "alert_at": f"{(budget.alert_at * 100).normalize():f}",
            }
            for budget in known
        ],
        columns=["channel", "which", "period", "limit_usd", "alert_at"],
        dtype=str,
    )
    edited = st.data_editor(
        before,
        key=f"budgets_{generation}",
        num_rows="dynamic",
        hide_index=True,
        alt=s.ALT_BUDGET_GRID,
        column_config={
            "channel": st.column_config.SelectboxColumn(
                s.COL_CHANNEL,
                options=list(CHANNEL_KINDS),
                format_func=lambda name: s.BUDGET_CHANNELS.get(str(name), str(name)),
                default="all",
            ),
            "which": st.column_config.TextColumn(s.COL_WHICH, max_chars=500, default=""),
            "period": st.column_config.SelectboxColumn(s.COL_PERIOD, options=list(PERIODS), default="day"),
            "limit_usd": st.column_config.TextColumn(s.COL_LIMIT_USD, max_chars=20, default=""),
            "alert_at": st.column_config.TextColumn(s.COL_ALERT_AT, max_chars=6, default="80"),
        },
    )
    return [
        {str(name): value for name, value in row.items()} | {"alert_at": _hundredth(str(row["alert_at"]))}
        for row in edited.fillna("").to_dict("records")
    ]


def _limit_fields(watched: Watched, generation: int) -> dict[str, str]:
    limits: dict[str, str] = {}
    with st.grid(3, min_column_width=200):
        for name, (title, how) in s.WATCH_FIELDS.items():
            value = Decimal(getattr(watched.thresholds, name))
            shown = value * 100 if name in _IN_PERCENT else value
            text = st.text_input(
                title, f"{shown.normalize():f}", help=how, max_chars=12, key=f"limit_{name}_{generation}"
            )
            limits[name] = _hundredth(text) if name in _IN_PERCENT else text
    return limits


def _hundredth(text: str) -> str:
    """A percentage as a share; what is no number stays as it is, to be refused with its place."""
    try:
        return f"{Decimal(text.strip()) / 100:f}"
    except ArithmeticError:
        return text


def _save(bench: Workbench, content: dict[str, Any]) -> None:
    try:
        asked = read_watched(content)
    except WatchError as refused:
        st.error(
            "\n".join(f"- {md(problem)}" for problem in refused.problems),
            title=s.WATCH_PROBLEMS,
            icon=":material/error:",
        )
        return
    saved = bench.watch().save(asked, author=state.author(), note=s.WATCH_NOTE)
    _done(s.WATCH_SAVED if saved else s.WATCH_SAME)


def _done(message: str) -> None:
    st.session_state[_GENERATION] = int(st.session_state.get(_GENERATION, 0)) + 1
    st.session_state[_NOTICE] = message
    st.rerun()


def notifications(bench: Workbench) -> None:
    """Who is told, without their addresses, and how to set it up."""
    st.header(s.NOTIFY, anchor=False)
    targets = Targets(bench.workspace).all()
    st.caption(s.NOTIFY_SOME if targets else s.NOTIFY_NONE)
    if targets:
        c.table(
            {
                s.COL_WHO: [md(target.name) for target in targets],
                s.COL_ADDRESS: [md(target.shown) for target in targets],
            },
            alt=s.ALT_TARGETS,
        )
    st.code(s.NOTIFY_COMMANDS, language="sh")


def history(bench: Workbench) -> None:
    """Who changed budgets and thresholds, newest first."""
    versions = bench.watch().history()
    with st.expander(s.WATCH_HISTORY, icon=":material/history:"):
        if not versions:
            st.caption(s.WATCH_NO_HISTORY)
            return
        c.table(
            {
                s.col_when(): [s.moment(version.at_utc) for version in versions],
                s.COL_WHO: [md(version.author) for version in versions],
                s.COL_NOTE: [md(version.note) for version in versions],
            },
            alt=s.WATCH_HISTORY,
        )
