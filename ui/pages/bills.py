"""Computed costs beside what providers charged and logs report: each difference has a cause or is unknown."""

import streamlit as st

from ui import bill_views, counting, nav, state, verified
from ui import components as c
from ui import strings as s

st.title(s.NAV_BILLS, anchor=False)
bills, reported = verified.bills(), verified.reported()
if not (bills.rows or bills.not_compared or reported.rows or reported.not_compared):
    with c.empty(s.BILLS_EMPTY_TITLE, s.BILLS_EMPTY_BODY):
        if st.button(s.BILLS_UPLOAD, type="primary", icon=":material/upload:"):
            st.switch_page(nav.DATA)
    st.stop()
st.caption(s.BILLS_CAPTION, help=s.terms(*s.TERMS_BILLS))
counting.notice()
names = {manifest.dataset_id: manifest.name for manifest in state.workbench().workspace.datasets()}
if state.analysis().totals.n_requests:
    bill_views.trust(bills.trust, names)
else:
    st.info(s.BILLS_NO_LOG, icon=":material/info:")
    if st.button(s.WELCOME_OWN_BUTTON, type="primary", icon=":material/upload:", key="bills_upload"):
        st.switch_page(nav.DATA)

st.header(s.BILL_SECTION, anchor=False)
if bills.rows:
    bill_views.section(bills.rows, s.KPI_BILLED, s.HOW_BILLED, key="billed")
else:
    st.caption(s.BILL_NONE)
bill_views.left_out(bills.not_compared, names)

st.header(s.REPORTED_SECTION, anchor=False)
if reported.rows:
    bill_views.section(reported.rows, s.KPI_REPORTED, s.HOW_REPORTED, key="reported")
else:
    st.caption(s.REPORTED_NONE)
bill_views.left_out(reported.not_compared, names)
