"""The price rows behind every figure: shown with their sources, editable, validated, undoable."""

from datetime import UTC, datetime

import streamlit as st

from ui import price_editor, price_review, sections, state, unmatched_models
from ui import strings as s

bench = state.workbench()
analysis = state.analysis()
table = bench.prices()

st.title(s.PRICES_TITLE, anchor=False)
st.caption(s.prices_caption(table.version, analysis.as_of))

unmatched_models.section(bench)

used = price_editor.used_models(analysis, table)
scope = price_editor.pick_scope(table, used)
if not scope.rows:
    sections.nothing_yet(s.PRICES_EMPTY_TITLE, s.PRICES_EMPTY_BODY)
    st.stop()
price_editor.age(scope, analysis.as_of)

edited = price_editor.editor(scope)
pending = price_editor.pending(scope, edited, now=datetime.now(UTC).date())
price_editor.apply_panel(bench, pending)
price_editor.undo_panel(bench, scope)
price_editor.history(bench)
price_review.section()
