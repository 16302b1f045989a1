"""What an answer of a workload's owner would change: concrete waits with label, lane and saving."""

import streamlit as st

from reports.answers import Answer, best
from reports.format import usd
from reports.model import STAY, WorkloadResult
from ui import components as c
from ui import state
from ui import strings as s
from ui.text import md


def section(result: WorkloadResult) -> None:
    """The answer worth asking for, and every supposed answer with what would follow."""
    st.subheader(s.CHANGES, help=s.HOW_CHANGES, anchor=False)
    if not result.parts:
        st.caption(s.NO_USAGE)
        return
    found = state.answers(result.workload)
    worth = best(found, result.saving_per_year.base)
    if worth is None or worth.max_wait_s is None:
        st.markdown(s.NOTHING_TO_CHANGE)
    else:
        st.markdown(
            s.would_change(
                worth.max_wait_s,
                c.lane_text(worth.lane),
                md(usd(worth.saving_per_year.base)),
                md(usd(worth.saving_per_year.base - result.saving_per_year.base)),
            )
        )
    c.table(
        {
            s.COL_IF: [_said(item) for item in found],
            s.COL_LABEL: [c.label_badge(item.label) for item in found],
            s.COL_MOVE_TO: [
                s.STAYS.capitalize() if item.lane == STAY else c.lane_text(item.lane) for item in found
            ],
            s.COL_SAVING: [md(usd(item.saving_per_year.base)) for item in found],
        },
        alt=s.ALT_CHANGES,
        right=(s.COL_SAVING,),
    )


def _said(answer: Answer) -> str:
    said = md(s.answer(answer.max_wait_s))
    return said if answer.changes else f"{said} :gray-badge[{s.BADGE_AS_TODAY}]"
