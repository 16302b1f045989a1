"""Logs in: upload, what was accepted and what was not, the datasets of the workspace."""

import streamlit as st

from ui import counting, datasets, import_results, importing, mapping_list, sections, state
from ui import strings as s

bench = state.workbench()
known = bench.workspace.datasets()

st.title(s.DATA_TITLE, anchor=False)
st.caption(s.DATA_CAPTION, help=s.terms(*s.TERMS_DATA))

importing.ended_early()
importing.uploader(bench)
importing.mapping(bench)
import_results.show(bench)
counting.chooser(bench)
if known:
    datasets.listing(bench, known)
elif not importing.waits_for_mapping():
    sections.first_data()
mapping_list.listing(bench)
