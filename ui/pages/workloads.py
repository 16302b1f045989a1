"""Each workload: its label and why, what every lane would cost it, and the facts its owner declares."""

import streamlit as st

from reports.format import label_title
from triage.model import LABELS
from ui import components as c
from ui import confirming, lanes, nav, sections, sla, state, tables, waits, workload_rules
from ui import strings as s
from ui.text import md

analysis = state.analysis()
st.title(s.WORKLOADS_TITLE, anchor=False)
if not analysis.workloads:
    sections.nothing_yet(s.WORKLOADS_EMPTY_TITLE, s.WORKLOADS_EMPTY_BODY)
    st.stop()
st.caption(s.WORKLOADS_CAPTION)
workload_rules.unattributed(analysis)
waits.editor(state.workbench(), analysis)
confirming.editor(state.workbench(), analysis)

shown_labels = st.pills(
    s.FILTER_LABEL,
    [label for label in LABELS if any(result.verdict.label == label for result in analysis.workloads)],
    selection_mode="multi",
    format_func=label_title,
    key=nav.LABEL_PARAM,
    bind="query-params",
)
listed = [result for result in analysis.workloads if not shown_labels or result.verdict.label in shown_labels]
names = [result.workload for result in analysis.workloads]
if st.session_state.get(nav.WORKLOAD_PARAM, names[0]) not in names:
    st.session_state[nav.WORKLOAD_PARAM] = names[0]  # it left the data since it was chosen
current = st.session_state.get(nav.WORKLOAD_PARAM) or st.query_params.get(nav.WORKLOAD_PARAM) or names[0]
if listed:
    tables.triage(listed, current, key="triage")
else:
    st.caption(s.FILTERED_OUT)

chosen = st.selectbox(
    s.PICK_WORKLOAD,
    names,
    key=nav.WORKLOAD_PARAM,
    bind="query-params",
    on_change=tables.forget_selection,
    args=("triage",),
)
result = analysis.workload(chosen if chosen in names else names[0])
verdict = result.verdict

st.header(md(result.workload), anchor=False)
st.markdown(f"{c.label_badge(verdict.label)} {md(verdict.sentence)}")
sla.notice(result)
lanes.summary(result)

reasons, declare = st.columns([3, 2], gap="large")
with reasons:
    lanes.evidence(verdict)
    lanes.findings(result)
with declare:
    sla.editor(state.workbench(), result)

lanes.comparison(result)

lanes.behaviour(result)
sla.history(state.workbench())
