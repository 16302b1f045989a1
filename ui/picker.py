"""The list of workloads to choose from: what the filters leave, in order, with steps by keyboard."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from reports.model import Analysis, WorkloadResult
from ui import filters, nav, tables
from ui import strings as s
from ui.filters import Shown
from ui.text import md

TABLE = "triage"
SORT_PARAM = "order"
SELECTOR_PIXELS = 420


def chosen(analysis: Analysis, shown: Shown) -> WorkloadResult:
    """Draws the list of what the filters leave and returns the workload that is chosen.

    The address carries every choice. A workload it names is shown even where the filters leave it out.
    """
    if not shown.part.workloads:
        return _beside_nothing(analysis, shown)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        order = st.segmented_control(
            s.SORT,
            list(s.SORTS),
            default="spend",
            required=True,
            format_func=lambda name: s.SORTS[name],
            key=SORT_PARAM,
            bind="query-params",
        )
        listed = arranged(shown.part.workloads, order or "spend")
        names = _offered(analysis, [item.workload for item in listed], shown)
        name = st.selectbox(
            s.PICK_WORKLOAD,
            names,
            key=nav.WORKLOAD_PARAM,
            bind="query-params",
            on_change=tables.forget_selection,
            args=(TABLE,),
            width=SELECTOR_PIXELS,
        )
        _steps([item.workload for item in listed], name)
    result = analysis.workload(name if name in names else names[0])
    if result.workload not in shown.names:
        st.info(s.filter_beside(md(result.workload)), icon=":material/filter_alt:")
    st.space("small")  # the table's own toolbar floats above its corner
    tables.triage(listed, result.workload, key=TABLE)
    return result


def _beside_nothing(analysis: Analysis, shown: Shown) -> WorkloadResult:
    """Where the filters leave nothing: the workload that the address names or that just left them.

    The last one of a list leaves it when somebody declares what it is. Without one the page ends.
    """
    filters.nothing(shown.part)
    if shown.changed or shown.entered:
        st.session_state.pop(nav.WORKLOAD_PARAM, None)
    asked = st.session_state.get(nav.WORKLOAD_PARAM, st.query_params.get(nav.WORKLOAD_PARAM))
    found = next((result for result in analysis.workloads if result.workload == asked), None)
    if found is None:
        st.stop()
    st.info(s.filter_beside(md(found.workload)), icon=":material/filter_alt:")
    return found


def _offered(analysis: Analysis, listed: Sequence[str], shown: Shown) -> list[str]:
    """The names to choose from: those listed, and one that is shown already or asked for by the address.

    A filter that was just changed moves on to what it finds.
    """
    known = [result.workload for result in analysis.workloads]
    held = st.session_state.get(nav.WORKLOAD_PARAM)
    unasked = shown.changed or (shown.entered and nav.WORKLOAD_PARAM not in st.query_params)
    if held is not None and (held not in known or (held not in listed and unasked)):
        st.session_state[nav.WORKLOAD_PARAM] = listed[0]
    asked = st.session_state.get(nav.WORKLOAD_PARAM, st.query_params.get(nav.WORKLOAD_PARAM))
    if asked in known and asked not in listed:
        return [*listed, asked]
    return list(listed)


def arranged(results: Sequence[WorkloadResult], order: str) -> list[WorkloadResult]:
    """The workloads by `saving` or `spend`, both largest first and unknown last, or by `name`."""
    if order == "name":
        return sorted(results, key=lambda item: item.workload.casefold())
    if order == "saving":
        return sorted(results, key=lambda item: -item.saving_per_year.base)
    return sorted(
        results, key=lambda item: (item.billed_micro_usd is None, -(item.billed_micro_usd or Decimal(0)))
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
