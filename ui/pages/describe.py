"""Workloads without a log: a form for one, a table of all, the same rows as a file."""

import streamlit as st

from ui import describing, state
from ui import strings as s

bench = state.workbench()
st.title(s.DESCRIBE_TITLE, anchor=False)
st.caption(s.DESCRIBE_CAPTION, help=s.terms(*s.TERMS_DESCRIBE))
describing.notice()

known = bench.described()
describing.form(bench, known)
describing.table(bench, known)
describing.history(bench)
