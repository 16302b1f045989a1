"""The triage table: every workload on one line, and the one whose details are shown below it."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from reports.format import label_title, lane_title
from reports.model import STAY, WorkloadResult
from ui import amounts, nav, theme
from ui import strings as s

ROW_HEIGHT = 94
"""Pixels; five lines of a reason. Streamlit wraps cells only in rows of more than twice its own height."""
MOST_ROWS_SHOWN = 7
HEADER_HEIGHT = 37
WHY_WIDTH, LEAST_WHY_WIDTH, SPEND_WIDTH, SAVING_WIDTH = 186, 160, 86, 94


def triage(listed: Sequence[WorkloadResult], current: str, *, key: str) -> None:
    """The table of `listed`; picking a row puts its name into the workload selector."""
    generation = st.session_state.get(f"{key}_generation", 0)
    widget = f"{key}_{generation}"
    names = [result.workload for result in listed]
    colours = theme.colours().labels
    frame = _frame(listed)
    spend = amounts.width_of(frame[s.COL_SPEND].dropna(), SPEND_WIDTH)
    saving = amounts.width_of(frame[s.COL_SAVING].dropna(), SAVING_WIDTH)
    wider = spend + saving - SPEND_WIDTH - SAVING_WIDTH
    st.dataframe(
        frame,
        key=widget,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=HEADER_HEIGHT + ROW_HEIGHT * min(len(listed), MOST_ROWS_SHOWN) if listed else "auto",
        on_select=lambda: _picked(widget, names),
        selection_mode="single-row",
        selection_default={"selection": {"rows": [names.index(current)]}} if current in names else None,
        placeholder=s.NOT_KNOWN,
        alt=s.ALT_TRIAGE,
        column_config={
            s.COL_WORKLOAD: st.column_config.TextColumn(width=125),
            s.COL_LABEL: st.column_config.MultiselectColumn(
                width=118,
                options=[label_title(label) for label in colours],
                color=list(colours.values()),
            ),
            # Sentences wrap; figures do not: long amounts take their room from the reasons.
            s.COL_WHY: st.column_config.TextColumn(width=max(WHY_WIDTH - wider, LEAST_WHY_WIDTH)),
            s.COL_SPEND: amounts.column(help=s.HOW_SPEND, width=spend),
            s.COL_TODAY: st.column_config.TextColumn(width=84, help=s.GLOSSARY["Lane"]),
            s.COL_MOVE_TO: st.column_config.TextColumn(width=98, help=s.HOW_MOVES),
            s.COL_SAVING: amounts.column(help=s.HOW_SAVING, width=saving),
            s.COL_CONFIDENCE: st.column_config.NumberColumn(
                format="percent", help=s.HOW_CONFIDENCE, width=84
            ),
        },
    )


def forget_selection(key: str) -> None:
    """Draws the table anew, so that its highlighted row follows a choice made elsewhere."""
    st.session_state[f"{key}_generation"] = st.session_state.get(f"{key}_generation", 0) + 1


def _picked(widget: str, names: Sequence[str]) -> None:
    rows = st.session_state[widget].selection.rows
    if rows and rows[0] < len(names):
        st.session_state[nav.WORKLOAD_PARAM] = names[rows[0]]


def _frame(listed: Sequence[WorkloadResult]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            s.COL_WORKLOAD: [result.workload for result in listed],
            s.COL_LABEL: [[label_title(result.verdict.label)] for result in listed],
            s.COL_WHY: [result.verdict.sentence for result in listed],
            s.COL_SPEND: [amounts.rounded(result.billed_micro_usd) for result in listed],
            s.COL_TODAY: [
                lane_title(result.current_lane) if result.parts else s.NO_USAGE_YET.capitalize()
                for result in listed
            ],
            s.COL_MOVE_TO: [
                s.STAYS.capitalize()
                if result.recommended_lane == STAY
                else lane_title(result.recommended_lane)
                for result in listed
            ],
            s.COL_SAVING: [amounts.rounded(result.saving_per_year.base) for result in listed],
            s.COL_CONFIDENCE: [result.verdict.confidence or None for result in listed],
        }
    )
