"""The policy replayed over the log on the What-if page, when somebody asks for it."""

import pyarrow as pa
import streamlit as st

from data.minutes import call_minutes
from reports import explain_replay
from reports.dispatch import INTERVALS_S, Dispatch, dispatch
from reports.format import count, usd, usd_short
from ui import components as c
from ui import explain, state
from ui import strings as s
from ui.text import md

_ASKED = "replay_asked"


@st.cache_resource(max_entries=2, show_spinner=False)
def _minutes(path: str, fingerprint: str) -> pa.Table:
    del path, fingerprint
    return call_minutes(state.workbench().workspace)


@st.cache_resource(max_entries=8, show_spinner=False)
def _dispatch(path: str, fingerprint: str, flush_every_s: int) -> Dispatch:
    return dispatch(_minutes(path, fingerprint), state.inputs(), state.analysis(), flush_every_s)


def section() -> None:
    """The interval, a button, and what would have happened; nothing is read until somebody presses it.

    Nothing where there is no log to replay.
    """
    if not state.analysis().totals.n_requests:
        return
    st.header(s.REPLAY, anchor=False)
    st.caption(s.REPLAY_HOW)
    bench = state.workbench()
    policy = state.inputs().policy
    asked = (str(bench.workspace.path), bench.fingerprint())
    usual = policy.deadlines.flush_every_s
    with st.container(horizontal=True, vertical_alignment="bottom"):
        interval = st.segmented_control(
            s.REPLAY_EVERY,
            sorted({*INTERVALS_S, usual}),
            default=usual,
            required=True,
            format_func=s.every,
            help=s.REPLAY_EVERY_HELP,
            key="replay_every",
        )
        st.button(s.REPLAY_BUTTON, key="replay", icon=":material/replay:", on_click=_ask, args=(asked,))
    if st.session_state.get(_ASKED) != asked:
        return
    with st.spinner(s.REPLAY_RUNNING):
        found = _dispatch(*asked, interval or usual)
    _show(found, policy.thresholds.min_requests_per_batch)


def _ask(asked: tuple[str, str]) -> None:
    st.session_state[_ASKED] = asked


def _show(found: Dispatch, minimum: int) -> None:
    outcome = found.outcome
    if not outcome.n_calls:
        st.caption(s.REPLAY_NOTHING)
        return
    late = (outcome.missed_low, outcome.missed_high, outcome.n_with_deadline, outcome.n_unknown_risk)
    with st.grid(4, min_column_width=190):
        explain.figure(
            s.REPLAY_DEFERRED,
            count(outcome.n_deferred),
            "replay_deferred",
            lambda: explain_replay.deferred(found),
            details=[md(s.replay_deferred(outcome.n_deferred, outcome.n_calls, found.n_left_out))],
        )
        explain.figure(
            s.REPLAY_SAVING,
            md(usd_short(found.saving_per_year)),
            "replay_saving",
            lambda: explain_replay.saving(state.analysis(), found),
            about=s.HOW_REPLAY_SAVING,
            details=[s.replay_unpriced(found.n_unpriced)] if found.n_unpriced else [],
        )
        explain.figure(
            s.REPLAY_WAIT,
            s.about(outcome.held_ms_p50),
            "replay_wait",
            lambda: explain_replay.wait(found),
            about=s.HOW_REPLAY_WAIT,
            details=[md(s.replay_wait(outcome.held_ms_p90, outcome.held_ms_max))],
        )
        explain.figure(
            s.REPLAY_LATE,
            count(round(outcome.missed_base)),
            "replay_late",
            lambda: explain_replay.late(found),
            about=s.HOW_REPLAY_LATE,
            details=[md(s.replay_late(*late))],
        )
    c.table(
        {
            s.COL_WORKLOAD: [md(row.workload) for row in found.rows],
            s.COL_CALLS: [count(row.n_calls) for row in found.rows],
            s.COL_DEFERRED: [count(row.n_deferred) for row in found.rows],
            s.COL_FLEX: [count(row.n_flex) for row in found.rows],
            s.COL_SAVING: [
                s.NOT_KNOWN if row.saving_per_year is None else md(usd(row.saving_per_year))
                for row in found.rows
            ],
        },
        alt=s.ALT_REPLAY,
        right=(s.COL_CALLS, s.COL_DEFERRED, s.COL_FLEX, s.COL_SAVING),
    )
    st.caption(s.replay_flushes(outcome.n_flushes, outcome.n_small_flushes, minimum))
