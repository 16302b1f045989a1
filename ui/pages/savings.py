"""What was really saved, beside what is still projected, and what changed a workload's spend."""

import streamlit as st

from ui import components as c
from ui import counting, nav, saved, sections, state, verified
from ui import strings as s

analysis = state.analysis()
if not analysis.totals.n_requests:
    st.title(s.NAV_SAVINGS, anchor=False)
    sections.nothing_yet(s.SAVINGS_EMPTY_TITLE, s.SAVINGS_EMPTY_BODY)
    st.stop()
found = verified.realised()
if not found.rows:
    st.title(s.NAV_SAVINGS, anchor=False)
    with c.empty(s.SAVINGS_NONE_TITLE, s.SAVINGS_NONE_BODY):
        if st.button(s.SEE_WORKLOADS, type="primary", icon=":material/checklist:"):
            st.switch_page(nav.WORKLOADS)
else:
    st.title(s.savings_headline(found.total.saved_micro_usd), anchor=False)
    st.caption(s.SAVINGS_CAPTION, help=s.terms(*s.TERMS_SAVINGS))
    sections.demo_notice()
    counting.notice()
    saved.figures(found, analysis)
    saved.over_time(found, analysis)
    saved.by_group(found)
saved.before_and_after(found, analysis)
