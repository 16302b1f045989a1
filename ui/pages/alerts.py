"""What needs attention now, and the budgets and thresholds it is measured by."""

import streamlit as st

from ui import alerts, sections, state
from ui import strings as s

bench = state.workbench()
st.title(s.ALERTS_TITLE, anchor=False)
if not bench.workspace.datasets():
    sections.nothing_yet(s.ALERTS_EMPTY_TITLE, s.ALERTS_EMPTY_BODY)
    st.stop()
found = state.alerts()
watched = bench.watch().watched()
st.caption(s.alerts_caption(found.newest_hour_utc, watched.time_zone), help=s.terms(*s.TERMS_ALERTS))
alerts.notice()
alerts.firing(found)
alerts.budgets(found, state.analysis())
alerts.editor(bench, watched)
alerts.notifications(bench)
alerts.history(bench)
