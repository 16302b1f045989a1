"""The price rows behind every figure: shown with their sources, changed in five ways, undoable."""

from datetime import UTC, datetime

import streamlit as st

from ui import (
    price_change,
    price_discounts,
    price_editor,
    price_forms,
    price_log,
    price_review,
    sections,
    state,
    unmatched_models,
)
from ui import strings as s

bench = state.workbench()
analysis = state.analysis()
table = bench.prices()

st.title(s.PRICES_TITLE, anchor=False)
st.caption(s.prices_caption(table.version, analysis.as_of), help=s.terms(*s.TERMS_PRICES))
price_change.notice()
price_log.conflicts(bench)

unmatched_models.section(bench)
used = price_editor.used_models(analysis, table)
price_log.age(table, used, analysis.as_of)
mode = st.segmented_control(
    s.PRICES_MODE,
    list(s.PRICES_MODES),
    default="table",
    required=True,
    format_func=lambda name: s.PRICES_MODES[name],
    key="change",
    bind="query-params",
    disabled=price_editor.touched(),
)
rows, pending = list(table.rows), None
if mode == "model":
    pending = price_forms.model_form(table)
elif mode == "change":
    pending = price_forms.change_form(table, used)
elif mode == "file":
    pending = price_forms.file_form()
elif mode == "discount":
    price_discounts.in_force(bench)
    pending = price_discounts.form(bench, table)
else:
    scope = price_editor.pick_scope(table, used)
    rows = [row.price for row in scope.rows if row.price is not None]
    if scope.rows:
        edited = price_editor.editor(scope)
        pending = price_editor.pending(scope, edited, now=datetime.now(UTC).date())
        if pending is None:
            st.caption(s.PRICES_HOW_TO_EDIT)
    else:
        sections.nothing_yet(s.PRICES_EMPTY_TITLE, s.PRICES_EMPTY_BODY)
if pending is not None:
    price_change.panel(pending)
if mode != "discount":
    price_log.undo_panel(bench, rows, everything=mode != "table")
price_log.history(bench)
price_review.section()
