"""Which workload a call is part of: the rules, what each of them takes, and what they leave over."""

import streamlit as st

from reports import mapping
from ui import sections, state, workload_rules
from ui import strings as s

bench = state.workbench()
st.title(s.RULES_TITLE, anchor=False)
groups = state.call_census()
if not groups:
    sections.nothing_yet(s.RULES_EMPTY_TITLE, s.RULES_EMPTY_BODY)
    st.stop()
st.caption(s.RULES_CAPTION, help=s.terms(*s.TERMS_RULES))
workload_rules.notice()

rules = workload_rules.draft(bench)
preview = mapping.preview(groups, rules)
workload_rules.figures(preview)
workload_rules.pending(bench, groups, rules, preview)
workload_rules.table(preview)

add, arrange = st.columns([3, 2], gap="medium")
with add:
    workload_rules.adder(groups, rules)
with arrange:
    workload_rules.arranger(rules)
workload_rules.as_yaml(rules)
workload_rules.undo_panel(bench)
workload_rules.history(bench)
