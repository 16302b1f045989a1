"""Each workload: its label and why, what every lane would cost it, and the facts its owner declares."""

import streamlit as st

from ui import (
    changes,
    confirming,
    filters,
    lanes,
    log_charts,
    nav,
    picker,
    sections,
    sla,
    state,
    waits,
    workload_rules,
)
from ui import strings as s
from ui.text import md

analysis = state.analysis()
st.title(s.WORKLOADS_TITLE, anchor=False)
if not analysis.workloads:
    sections.nothing_yet(s.WORKLOADS_EMPTY_TITLE, s.WORKLOADS_EMPTY_BODY)
    st.stop()
st.caption(s.WORKLOADS_CAPTION, help=s.terms(*s.TERMS_WORKLOADS))
shown = filters.drawn(analysis, nav.WORKLOADS)
workload_rules.unattributed(analysis)
waits.editor(state.workbench(), analysis, shown)
confirming.editor(state.workbench(), analysis, shown)

result = picker.chosen(analysis, shown)

st.header(md(result.workload), anchor=False)
lanes.headline(result)
sla.notice(result)
lanes.summary(analysis, result)

reasons, declare = st.columns([3, 2], gap="large")
with reasons:
    lanes.evidence(result.verdict)
    lanes.findings(result)
with declare:
    sla.editor(state.workbench(), result)

lanes.halves(analysis, result)
changes.section(result)
lanes.comparison(result)
log_charts.section(analysis, result)
sla.history(state.workbench(), result.workload)
