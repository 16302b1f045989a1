"""Logs in: upload, what was accepted and what was not, the datasets of the workspace."""

import streamlit as st

from ui import counting, datasets, importing, sections, state
from ui import strings as s

bench = state.workbench()
known = bench.workspace.datasets()

st.title(s.DATA_TITLE, anchor=False)
st.caption(s.DATA_CAPTION)

importing.uploader(bench)
importing.results()
counting.chooser(bench)
if known:
    datasets.listing(bench, known)
else:
    sections.first_data()
