"""The blocks of the Savings page: each takes what was realised and draws one thing it says."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import streamlit as st

from reports import explain_moves, verify_charts
from reports.before_after import STEPS, Change, Changes
from reports.format import count, percent, usd, usd_short
from reports.model import Analysis
from reports.realised import Levers, Realised, track
from reports.verify_charts import STEP_TITLES
from ui import components as c
from ui import explain, nav, theme, verified
from ui import strings as s
from ui.text import md

_TRACK, _DAYS = s.SAVINGS_VIEW_TRACK, s.SAVINGS_VIEW_DAYS


def figures(found: Realised, analysis: Analysis) -> None:
    """What was realised, what is still to be had, the capture rate, and what failures cost."""
    total, beside = found.total, track(found, analysis)
    with st.grid(4, min_column_width=185):
        c.kpi(
            s.KPI_REALISED,
            usd_short(total.saved_micro_usd),
            s.realised_detail(total.cache_micro_usd, total.tier_micro_usd, total.lost_micro_usd),
            how=s.HOW_REALISED,
            page=nav.BATCHES,
            way=s.LINK_JOBS,
            key="go_jobs",
            beside=lambda: explain.how(
                s.KPI_REALISED, "realised", lambda: explain_moves.realised_saving(analysis, found)
            ),
        )
        c.kpi(
            s.KPI_OPEN,
            usd_short(beside.open_micro_usd),
            s.OPEN_DETAIL,
            how=s.HOW_OPEN,
            page=nav.WORKLOADS,
            way=s.LINK_MOVES,
            key="go_moves",
            beside=lambda: explain.how(
                s.KPI_OPEN, "open", lambda: explain_moves.still_open(analysis, beside)
            ),
        )
        with st.container(border=True, height="stretch", gap="xsmall"):
            rate = beside.capture_rate
            st.metric(
                s.KPI_CAPTURE,
                percent(float(rate)) if rate is not None else s.NOT_KNOWN_DASH,
                help=s.HOW_CAPTURE,
            )
            st.caption(s.CAPTURE_DETAIL if rate is not None else s.CAPTURE_NONE)
            st.space("stretch")
            explain.how(s.KPI_CAPTURE, "capture", lambda: explain_moves.capture_rate(analysis, beside))
        with st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(s.KPI_LOST, md(usd_short(total.lost_micro_usd)), help=s.HOW_LOST)
            st.caption(s.lost_detail(total.n_failed, total.n_repeated))
            st.space("stretch")
            explain.how(s.KPI_LOST, "lost", lambda: explain_moves.lost_to_failures(analysis, found))
    if total.n_unpriced:
        st.warning(s.savings_left_out(total.n_unpriced, total.n_requests), icon=":material/data_alert:")
    undated = found.undated()
    if undated.saved_micro_usd:
        st.info(s.savings_undated(usd(undated.saved_micro_usd)), icon=":material/event_busy:")


def over_time(found: Realised, analysis: Analysis) -> None:
    """The saving since the first day beside the projected one, or day by day and lever by lever."""
    by_day = found.by_day()
    if not by_day:
        return
    st.header(s.SAVINGS_TIME, help=s.HOW_SAVINGS_TIME, anchor=False)
    view = st.segmented_control(
        s.SAVINGS_PICK_VIEW,
        [_TRACK, _DAYS],
        default=_TRACK,
        required=True,
        label_visibility="collapsed",
        key="savings_view",
    )
    if view == _DAYS:
        chart = verify_charts.savings_by_day(by_day, theme.theme_name())
        c.figure(chart, alt=s.ALT_SAVINGS_DAYS, key="savings_days")
    else:
        chart = verify_charts.savings_track(track(found, analysis), theme.theme_name())
        c.figure(chart, alt=s.ALT_SAVINGS_TRACK, key="savings_track")


def by_group(found: Realised) -> None:
    """The saving by workload, lane or provider, each with its levers."""
    st.header(s.SAVINGS_BY, anchor=False)
    groups: dict[str, Callable[[], dict[str, Levers]]] = {
        s.GROUP_WORKLOAD: found.by_workload,
        s.GROUP_LANE: found.by_lane,
        s.GROUP_PROVIDER: found.by_provider,
    }
    chosen = st.segmented_control(
        s.SAVINGS_GROUP,
        list(groups),
        default=s.GROUP_WORKLOAD,
        required=True,
        label_visibility="collapsed",
        key="savings_by",
    )
    group = chosen if chosen in groups else s.GROUP_WORKLOAD
    rows = groups[group]()
    names = [c.lane_text(name) if group == s.GROUP_LANE else md(name) for name in rows]
    levers = list(rows.values())
    c.table(
        {
            group: names,
            s.COL_SAVED: [s.saving_amount(item.saved_micro_usd) for item in levers],
            s.COL_CACHE_LEVER: [s.saving_amount(item.cache_micro_usd) for item in levers],
            s.COL_TIER_LEVER: [s.saving_amount(item.tier_micro_usd) for item in levers],
            s.COL_LOST: [md(usd(item.lost_micro_usd)) for item in levers],
            s.COL_WOULD_HAVE: [md(usd(item.counterfactual_micro_usd)) for item in levers],
            s.COL_DID_COST: [md(usd(item.billed_micro_usd)) for item in levers],
            s.COL_CALLS: [count(item.n_requests) for item in levers],
        },
        alt=s.ALT_SAVINGS_TABLE,
        right=(
            s.COL_CALLS,
            s.COL_WOULD_HAVE,
            s.COL_DID_COST,
            s.COL_CACHE_LEVER,
            s.COL_TIER_LEVER,
            s.COL_LOST,
            s.COL_SAVED,
        ),
    )


# ------------------------------------------------------------------------ before and after


def before_and_after(found: Realised, analysis: Analysis) -> None:
    """For one workload and date: what changed its spend, as a waterfall and as a table that sums exactly."""
    logged = [result.workload for result in analysis.workloads if not result.described and result.n_requests]
    if not logged:
        return
    st.header(s.CHANGE, help=s.HOW_CHANGE, anchor=False)
    savers = [name for name in found.by_workload() if name in logged]
    changes = verified.changes()
    moved = [name for name in savers if _moved_within(found, changes, name)]
    names = list(dict.fromkeys([*moved, *savers, *logged]))
    if st.session_state.get("change_workload", names[0]) not in names:
        st.session_state["change_workload"] = names[0]  # a filter left it out since it was chosen
    pick, when = st.columns([3, 2], gap="medium")
    with pick:
        workload = st.selectbox(s.CHANGE_WORKLOAD, names, key="change_workload", bind="query-params")
    if analysis.workload(workload).billed_micro_usd is None:
        st.info(s.CHANGE_UNPRICED, icon=":material/sell:")
        return
    known = changes.days(workload)
    if known is None:
        st.caption(s.CHANGE_UNDATED)
        return
    if known[0] == known[1]:
        st.caption(s.CHANGE_ONE_DAY)
        return
    with when:
        split = st.date_input(
            s.CHANGE_DATE,
            _default_split(found, workload, known),
            min_value=known[0] + timedelta(days=1),
            max_value=known[1],
            key=f"change_date_{workload}",
        )
    if isinstance(split, date):
        _change(changes, workload, split)


def _first_deferred(found: Realised, workload: str) -> date | None:
    """The first day on which calls of a workload ran in another tier."""
    days = [
        row.day_utc
        for row in found.rows
        if row.workload == workload and row.day_utc is not None and row.levers.tier_micro_usd
    ]
    return min(days, default=None)


def _moved_within(found: Realised, changes: Changes, workload: str) -> bool:
    """Whether a workload began to run in another tier on a day of the log that is not its first."""
    first, known = _first_deferred(found, workload), changes.days(workload)
    return first is not None and known is not None and first > known[0]


def _default_split(found: Realised, workload: str, known: tuple[date, date]) -> date:
    """The day of the move where there was one within the log, else its middle."""
    moved = _first_deferred(found, workload)
    middle = known[0] + timedelta(days=((known[1] - known[0]).days + 1) // 2)
    return moved if moved is not None and moved > known[0] else middle


def _change(changes: Changes, workload: str, split: date) -> None:
    change = changes.over(workload, split)
    if change is None:
        st.info(s.CHANGE_NONE, icon=":material/date_range:")
        return
    st.caption(s.change_line(change.days, change.before.n_requests, change.after.n_requests))
    chart = verify_charts.change_steps(change, theme.theme_name())
    c.figure(chart, alt=s.ALT_CHANGE, key="change_steps")
    c.table(
        {
            s.COL_CAUSE: [*(STEP_TITLES[step] for step in STEPS), s.RESIDUAL, f"**{s.CHANGE_TOTAL}**"],
            s.COL_AMOUNT: [
                *(_amount(change.steps[step]) for step in STEPS),
                _amount(change.residual_micro_usd),
                f"**{_amount(change.change_micro_usd)}**",
            ],
            s.COL_MEANS: _meanings(change),
        },
        alt=s.ALT_CHANGE_TABLE,
        right=(s.COL_AMOUNT,),
    )


def _amount(micro_usd: Decimal | None) -> str:
    return s.NOT_KNOWN_DASH if micro_usd is None else md(s.signed(micro_usd))


def _meanings(change: Change) -> list[str]:
    steps = [s.CHANGE_MEANS[step] if change.steps[step] is not None else s.CHANGE_OPEN for step in STEPS]
    return [*steps, s.CHANGE_MEANS["residual"], ""]
