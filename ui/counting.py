"""Aggregates beside calls on the pages: what they are, where both cover the same days, which counts."""

from functools import partial

import streamlit as st

from data.store import Manifest
from reports.counting import COUNTS, Overlap, is_aggregate
from reports.format import label_title
from reports.workbench import Workbench
from ui import components as c
from ui import nav, state
from ui import strings as s
from ui.text import md, short


def notice() -> None:
    """On the Overview: loudly while the same spend may be in the totals twice."""
    open_pairs = [overlap for overlap in state.overlaps() if overlap.counts is None]
    if open_pairs:
        st.warning(s.counting_overview(len(open_pairs)), title=s.COUNTING_TITLE, icon=":material/data_alert:")
        c.link(s.COUNTING_WAY, nav.DATA, key="go_counting")


def chooser(bench: Workbench) -> None:
    """Every pair that overlaps, with the choice of what counts."""
    found = state.overlaps()
    if not found:
        return
    undecided = any(overlap.counts is None for overlap in found)
    with st.container(border=True):
        if undecided:
            st.warning(s.COUNTING_HELP, title=s.COUNTING_TITLE, icon=":material/data_alert:")
        else:
            st.header(s.COUNTING_SETTLED, help=s.COUNTING_HELP, anchor=False)
        for overlap in found:
            _choose(bench, overlap)
        _history(bench)


def _choose(bench: Workbench, overlap: Overlap) -> None:
    st.markdown(
        s.counting_overlap(
            md(overlap.provider),
            md(short(overlap.aggregates.name)),
            md(short(overlap.calls.name)),
            overlap.days_utc,
            are_reports=overlap.are_reports,
        )
    )
    chosen = st.segmented_control(
        s.COUNTING_QUESTION,
        COUNTS,
        default=overlap.counts,
        format_func=partial(s.counting_choice, are_reports=overlap.are_reports),
        key="counting_" + "_".join(overlap.key),
    )
    if chosen is not None and chosen != overlap.counts:
        bench.choose_counting(overlap, chosen, author=state.author())
        st.rerun()


def _history(bench: Workbench) -> None:
    versions = bench.counting_history()
    if not versions:
        return
    with st.expander(s.COUNTING_HISTORY, icon=":material/history:"):
        c.table(
            {
                s.col_when(): [s.moment(version.at_utc) for version in versions],
                s.COL_WHO: [md(version.author) for version in versions],
                s.COL_WHAT: [md(version.note) for version in versions],
            },
            alt=s.COUNTING_HISTORY,
        )


def on_dataset(item: Manifest, *, place: str = "") -> None:
    """What to know of a dataset: that it holds aggregates, and on which days it does not count.

    `place` tells its widgets from those of the same dataset elsewhere on the page.
    """
    if is_aggregate(item):
        st.info(s.AGGREGATES, icon=":material/stacked_bar_chart:")
        c.link(
            s.AGGREGATES_WAY,
            nav.WORKLOADS,
            key=f"tell_{place}{item.dataset_id}",
            query={nav.LABEL_PARAM: [label_title("unknown")]},
        )
    for overlap in state.overlaps():
        if overlap.left_out is not None and overlap.left_out.dataset_id == item.dataset_id:
            other = overlap.calls if overlap.left_out is overlap.aggregates else overlap.aggregates
            st.caption(s.counting_left_out(len(overlap.days_utc), md(short(other.name))))
