"""The list of workloads to choose from: search, labels, order, and steps through it by keyboard."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from reports.format import label_title
from reports.model import Analysis, WorkloadResult
from triage.model import LABELS
from ui import nav, tables
from ui import strings as s

TABLE = "triage"
FIND_PARAM = "find"
SORT_PARAM = "order"


def chosen(analysis: Analysis) -> WorkloadResult:
    """Draws the list and returns the workload that is chosen; the address carries every choice."""
    names = [result.workload for result in analysis.workloads]
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        find = st.text_input(
            s.FIND, key=FIND_PARAM, bind="query-params", placeholder=s.FIND_PLACEHOLDER, width=240
        )
        labels = st.pills(
            s.FILTER_LABEL,
            [label for label in LABELS if any(item.verdict.label == label for item in analysis.workloads)],
            selection_mode="multi",
            format_func=label_title,
            key=nav.LABEL_PARAM,
            bind="query-params",
        )
        order = st.segmented_control(
            s.SORT,
            list(s.SORTS),
            default="spend",
            required=True,
            format_func=lambda name: s.SORTS[name],
            key=SORT_PARAM,
            bind="query-params",
        )
    listed = arranged(analysis.workloads, find, labels, order or "spend")
    if st.session_state.get(nav.WORKLOAD_PARAM, names[0]) not in names:
        st.session_state[nav.WORKLOAD_PARAM] = names[0]  # it left the data since it was chosen
    with st.container(horizontal=True, vertical_alignment="bottom"):
        name = st.selectbox(
            s.PICK_WORKLOAD,
            names,
            key=nav.WORKLOAD_PARAM,
            bind="query-params",
            on_change=tables.forget_selection,
            args=(TABLE,),
        )
        _steps([item.workload for item in listed], name)
    result = analysis.workload(name if name in names else names[0])
    st.space("small")  # the table's own toolbar floats above its corner
    if listed:
        tables.triage(listed, result.workload, key=TABLE)
    else:
        st.caption(s.NOT_FOUND)
    return result


def arranged(
    results: Sequence[WorkloadResult], find: str, labels: Sequence[str], order: str
) -> list[WorkloadResult]:
    """The workloads with that text in their name and one of the labels, in the order asked for.

    Order is `saving`, `spend` (both largest first, unknown last) or `name`.
    """
    wanted = find.strip().casefold()
    found = [
        item
        for item in results
        if wanted in item.workload.casefold() and (not labels or item.verdict.label in labels)
    ]
    if order == "name":
        return sorted(found, key=lambda item: item.workload.casefold())
    if order == "saving":
        return sorted(found, key=lambda item: -item.saving_per_year.base)
    return sorted(
        found, key=lambda item: (item.billed_micro_usd is None, -(item.billed_micro_usd or Decimal(0)))
    )


def _steps(names: Sequence[str], current: str | None) -> None:
    """The workloads before and after the chosen one, a key press away."""
    at = names.index(current) if current in names else None
    for title, step, key in ((s.PREVIOUS, -1, "Alt+Up"), (s.NEXT, 1, "Alt+Down")):
        target = 0 if at is None else at + step
        st.button(
            title,
            key=f"step_{step}",
            shortcut=key,
            disabled=not 0 <= target < len(names),
            on_click=_go,
            args=(names[target] if 0 <= target < len(names) else "",),
        )


def _go(name: str) -> None:
    st.session_state[nav.WORKLOAD_PARAM] = name
    tables.forget_selection(TABLE)
