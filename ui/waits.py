"""Workloads known from usage reports only: nothing shows how they behave, so a person says it for many."""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st

from data.declared import format_duration
from data.schema import UNATTRIBUTED
from reports.format import label_title, usd_short
from reports.model import Analysis, WorkloadResult
from reports.workbench import Workbench
from ui import amounts, state
from ui import strings as s
from ui.filters import Shown
from ui.text import md

WAITS: Mapping[str, str | None] = {
    "now": None,
    "5m": "5m",
    "1h": "1h",
    "8h": "8h",
    "24h": "24h",
    "unsaid": None,
}
_NOTICE = "waits_notice"
_GENERATION = "waits_generation"
ROW_PIXELS = 35
ROWS_SHOWN = 8


def editor(bench: Workbench, analysis: Analysis, shown: Shown) -> None:
    """The shown workloads of usage reports with one press for many; nothing where there are none."""
    if shown.changed:
        st.session_state[_GENERATION] = _generation() + 1  # ticks belong to rows, and these are others
    _notice(analysis)
    names = state.only_aggregates()
    listed = [result for result in analysis.workloads if result.workload in names & shown.names]
    if not listed:
        return
    unanswered = [result for result in listed if result.verdict.label == "unknown"]
    with st.expander(
        s.waits_title(len(listed), len(unanswered)),
        expanded=bool(unanswered),
        icon=":material/stacked_bar_chart:",
    ):
        st.caption(s.WAITS_HOW)
        chosen = _choice(bench, listed)
        if any(result.workload == UNATTRIBUTED for result in listed):
            st.caption(s.WAITS_UNATTRIBUTED)
        st.markdown(s.WAITS_PRESS)
        with st.container(horizontal=True):
            for wait, text in WAITS.items():
                if st.button(s.waits_choice(wait), disabled=not chosen, key=f"waits_{wait}"):
                    changed = bench.declare_waits(
                        [result.workload for result in chosen],
                        author=state.author(),
                        somebody_waits=wait == "now",
                        max_wait=text,
                    )
                    st.session_state[_NOTICE] = (changed, wait, analysis.totals.saving_per_year.base)
                    st.session_state[_GENERATION] = _generation() + 1
                    st.rerun()


def _generation() -> int:
    return int(st.session_state.get(_GENERATION, 0))


def _choice(bench: Workbench, listed: Sequence[WorkloadResult]) -> list[WorkloadResult]:
    """The rows that are ticked; at first those that nobody has answered for."""
    said = {item.name: item for item in bench.workspace.declared()}
    waits: list[str | None] = []
    for result in listed:
        known = said.get(result.workload)
        if known is not None and known.user_waiting:
            waits.append(s.waits_choice("now"))
        elif known is not None and known.max_wait_ms is not None:
            waits.append(format_duration(known.max_wait_ms))
        else:
            waits.append(None)
    open_rows = [row for row, result in enumerate(listed) if result.verdict.label == "unknown"]
    frame = pd.DataFrame(
        {
            s.COL_WORKLOAD: [result.workload for result in listed],
            s.COL_LABEL: [label_title(result.verdict.label) for result in listed],
            s.COL_LONGEST_WAIT: waits,
            s.COL_CALLS: [result.n_requests for result in listed],
            s.COL_SPEND: [amounts.rounded(result.billed_micro_usd) for result in listed],
        }
    )
    event = st.dataframe(
        frame,
        key=f"waits_rows_{_generation()}",
        hide_index=True,
        row_height=ROW_PIXELS,
        height=ROW_PIXELS * (min(len(listed), ROWS_SHOWN) + 1) + 2,
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": open_rows}},
        placeholder=s.NOT_KNOWN,
        alt=s.ALT_WAITS,
        column_config={
            s.COL_WORKLOAD: st.column_config.TextColumn(width=260),
            s.COL_LABEL: st.column_config.TextColumn(width=130),
            s.COL_LONGEST_WAIT: st.column_config.TextColumn(width=120),
            s.COL_CALLS: st.column_config.NumberColumn(format="localized", width=110),
            s.COL_SPEND: amounts.column(help=s.HOW_SPEND, width=110),
        },
    )
    return [listed[row] for row in event.selection.rows if row < len(listed)]


def _notice(analysis: Analysis) -> None:
    """Once after a press: for how many it is news, and what it is worth."""
    said = st.session_state.pop(_NOTICE, None)
    if said is None:
        return
    changed, wait, before = said
    after = analysis.totals.saving_per_year.base
    st.success(
        s.waits_saved(changed, wait, md(usd_short(before)), md(usd_short(after))),
        icon=":material/check_circle:",
    )
