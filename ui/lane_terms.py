"""What each lane promises and limits, what a workload's own tokens cost there, and where a batch loses."""

import streamlit as st

from reports.lane_facts import LaneFact, LaneSheet
from reports.model import Part
from reports.workbench import Workbench
from ui import components as c
from ui import strings as s
from ui.text import md


def section(bench: Workbench, part: Part) -> None:
    """The terms of every lane of a part, closed until somebody asks."""
    with st.expander(s.TERMS, icon=":material/gavel:"):
        sheet = bench.lane_sheet(part)
        c.table(
            {
                s.COL_LANE: [c.lane_text(fact.offer.lane) for fact in sheet.lanes],
                s.COL_OWN_PRICE: [_price(fact) for fact in sheet.lanes],
                s.COL_WINDOW: [s.lane_window(fact.offer) for fact in sheet.lanes],
                s.COL_LIMITS: [s.lane_limits(fact.offer) for fact in sheet.lanes],
                s.COL_CACHED: [md(s.lane_cached(fact.offer)) for fact in sheet.lanes],
            },
            right=(s.COL_OWN_PRICE,),
            alt=s.ALT_TERMS,
        )
        st.caption(s.HOW_TERMS)
        st.markdown(_break_even(sheet))


def _price(fact: LaneFact) -> str:
    price = fact.effective_usd_per_mtok
    return s.NOT_KNOWN_DASH if price is None else md(f"${price:,.4f}")


def _break_even(sheet: LaneSheet) -> str:
    return s.break_even(sheet.cached_share, sheet.batch_loses_above, sheet.hits_a_batch_needs)
