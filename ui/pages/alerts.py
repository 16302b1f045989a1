"""What needs attention now, and the budgets and thresholds it is measured by."""

import streamlit as st

from ui import alerts, sections, state
from ui import strings as s

bench = state.workbench()
st.title(s.ALERTS_TITLE, anchor=False)
found = state.alerts()
watched = bench.watch().watched()
if found.newest_hour_utc is None and not found.alerts and not watched.budgets:
    sections.nothing_yet(s.ALERTS_EMPTY_TITLE, s.ALERTS_EMPTY_BODY)
    st.stop()
st.caption(s.alerts_caption(found.newest_hour_utc, watched.time_zone), help=s.terms(*s.TERMS_ALERTS))
alerts.notice()
alerts.firing(found)
alerts.budgets(found, state.analysis())
alerts.editor(bench, watched)
alerts.notifications(bench)
alerts.history(bench)
