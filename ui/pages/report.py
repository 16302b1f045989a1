"""The triage report as people will read it, and as files to take along."""

import streamlit as st

from reports import triage_report
from ui import report_view, sections, state
from ui import strings as s

analysis = state.analysis()
st.title(s.REPORT_TITLE, anchor=False)
if not analysis.workloads:
    sections.nothing_yet(s.REPORT_EMPTY_TITLE, s.REPORT_EMPTY_BODY)
    st.stop()
st.caption(s.REPORT_CAPTION)

name = s.report_file(analysis.as_of)
with st.container(horizontal=True):
    st.download_button(
        s.REPORT_MD,
        data=lambda: triage_report.markdown(analysis),
        file_name=f"{name}.md",
        mime="text/markdown",
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key="report_md",
        help=s.REPORT_MD_HELP,
    )
    st.download_button(
        s.REPORT_CSV,
        data=lambda: triage_report.csv_text(analysis),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/table_view:",
        on_click="ignore",
        key="report_csv",
        help=s.REPORT_CSV_HELP,
    )
    st.download_button(
        s.REPORT_JSON,
        data=lambda: triage_report.json_text(analysis),
        file_name=f"{name}.json",
        mime="application/json",
        icon=":material/data_object:",
        on_click="ignore",
        key="report_json",
        help=s.REPORT_JSON_HELP,
    )

with st.container(border=True):
    report_view.show(triage_report.markdown(analysis))
