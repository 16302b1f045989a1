"""The lane picker of the What-if page: one choice a workload, a page of them at a time."""

from collections.abc import Sequence
from functools import partial

import streamlit as st

from reports.format import lane_title, usd
from reports.model import WorkloadResult
from reports.whatif import CURRENT, RECOMMENDED, ScenarioRow
from ui import strings as s
from ui.text import md, short

PER_PAGE = 9
FOLLOW = "follow"
"""The choice that leaves a workload to the setting for everything."""


def choices(results: Sequence[WorkloadResult], default_lane: str) -> dict[str, str]:
    """Draws the pickers and returns workload -> lane for every workload with a choice of its own."""
    pages = -(-len(results) // PER_PAGE)
    page = st.session_state.get("lane_page", 1) if pages > 1 else 1
    first = (min(page, pages) - 1) * PER_PAGE
    with st.grid(3, min_column_width=240):
        for result in results[first : first + PER_PAGE]:
            st.selectbox(
                md(short(result.workload, 48)),
                options(result),
                format_func=partial(choice_title, result=result, default_lane=default_lane),
                key=_key(result.workload),
                persist_state="session",
            )
    if pages > 1:
        st.pagination(pages, key="lane_page")
    chosen = {result.workload: st.session_state.get(_key(result.workload), FOLLOW) for result in results}
    return {workload: lane for workload, lane in chosen.items() if lane != FOLLOW}


def options(result: WorkloadResult) -> list[str]:
    """What a workload can be set to: the setting for everything, today, recommended, and each lane that
    is both allowed and offered for every model it uses."""
    possible = [
        {lane.lane for lane in part.lanes if lane.admissible and lane.cost_micro_usd is not None}
        for part in result.parts
    ]
    shared = set.intersection(*possible) if possible else set()
    offered = [lane.lane for lane in result.parts[0].lanes if lane.lane in shared] if result.parts else []
    return [FOLLOW, CURRENT, RECOMMENDED, *offered]


def choice_title(lane: str, result: WorkloadResult, default_lane: str) -> str:
    """One option as it reads in the picker."""
    if lane == FOLLOW:
        return s.follow(s.default_lane(default_lane))
    if lane == CURRENT:
        return s.today_is(lane_title(result.current_lane))
    if lane == RECOMMENDED:
        return s.recommended_is(lane_title(result.recommended_lane))
    return lane_title(lane)


def difference(row: ScenarioRow) -> str:
    """What the scenario saves, signed and in words of colour; why there is no figure otherwise."""
    saving = row.saving_micro_usd
    if saving is None:
        return md(row.reason or s.NOT_KNOWN)
    if saving == 0:
        return s.SAME
    return f":green[{s.saves(md(usd(saving)))}]" if saving > 0 else f":red[{s.costs_more(md(usd(-saving)))}]"


def _key(workload: str) -> str:
    return f"lane_{workload}"
