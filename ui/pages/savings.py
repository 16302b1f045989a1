"""What was really saved, beside what is still projected, and what changed a workload's spend."""

import streamlit as st

from ui import components as c
from ui import counting, filters, nav, saved, sections, state, verified
from ui import strings as s

whole = state.analysis()
if not whole.totals.n_requests:
    st.title(s.NAV_SAVINGS, anchor=False)
    sections.nothing_yet(s.SAVINGS_EMPTY_TITLE, s.SAVINGS_EMPTY_BODY)
    st.stop()
head = st.container()
analysis = filters.narrowed(whole, nav.SAVINGS, lambda: head.title(s.NAV_SAVINGS, anchor=False))
found = verified.realised().of({result.workload for result in analysis.workloads})
if not found.rows:
    head.title(s.NAV_SAVINGS, anchor=False)
    if analysis.narrowed is None:
        said = s.SAVINGS_NONE_TITLE, s.SAVINGS_NONE_BODY
    else:
        said = s.SAVINGS_NONE_OF_PART_TITLE, s.SAVINGS_NONE_OF_PART_BODY
    with c.empty(*said):
        if st.button(s.SEE_WORKLOADS, type="primary", icon=":material/checklist:"):
            st.switch_page(nav.WORKLOADS, query_params={})
else:
    head.title(s.savings_headline(found.total.saved_micro_usd), anchor=False)
    head.caption(s.SAVINGS_CAPTION, help=s.terms(*s.TERMS_SAVINGS))
    sections.demo_notice()
    counting.notice()
    saved.figures(found, analysis)
    saved.over_time(found, analysis)
    saved.by_group(found)
saved.before_and_after(found, analysis)
