"""What became of each recommendation: claimed, measured, verified or dismissed, with who and when."""

import streamlit as st

from reports.ledger_model import STATES
from ui import components as c
from ui import ledger, nav, sections, state
from ui import strings as s

bench = state.workbench()
st.title(s.LEDGER_TITLE, anchor=False)
analysis = state.analysis()
if not analysis.workloads:
    sections.nothing_yet(s.LEDGER_EMPTY_TITLE, s.LEDGER_EMPTY_BODY)
    st.stop()
st.caption(s.LEDGER_CAPTION, help=s.terms(*s.TERMS_LEDGER))
ledger.notice()
entries = state.ledger_entries()
ledger.figures(analysis, entries)
if entries:
    counts = {name: sum(entry.state == name for entry in entries) for name in STATES}
    shown = st.segmented_control(
        s.LEDGER_SHOW,
        ["all", *(name for name in STATES if counts[name])],
        default="all",
        required=True,
        format_func=lambda name: (
            s.ledger_state_count(s.LEDGER_ALL, len(entries))
            if name == "all"
            else s.ledger_state_count(s.LEDGER_STATES[name], counts[name])
        ),
        key="ledger_state",
    )
    listed = [entry for entry in entries if shown in ("all", entry.state)]
    ledger.table(listed)
    ledger.detail(bench, listed)
else:
    st.info(s.LEDGER_NO_MOVES, icon=":material/inventory:")
    c.link(s.SEE_WORKLOADS, nav.WORKLOADS, key="no_moves")
ledger.moves(bench, entries)
ledger.files(bench, entries)
ledger.history(bench)
