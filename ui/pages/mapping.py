"""Which workload a call is part of: the rules, what each of them takes, and what they leave over."""

import streamlit as st

from reports import mapping
from ui import mapping_rules, sections, state
from ui import strings as s

bench = state.workbench()
st.title(s.RULES_TITLE, anchor=False)
groups = state.call_census()
if not groups:
    sections.nothing_yet(s.RULES_EMPTY_TITLE, s.RULES_EMPTY_BODY)
    st.stop()
st.caption(s.RULES_CAPTION)
mapping_rules.notice()

rules = mapping_rules.draft(bench)
preview = mapping.preview(groups, rules)
mapping_rules.figures(preview)
mapping_rules.pending(bench, groups, rules, preview)
mapping_rules.table(preview)

add, arrange = st.columns([3, 2], gap="medium")
with add:
    mapping_rules.adder(groups, rules)
with arrange:
    mapping_rules.arranger(rules)
mapping_rules.as_yaml(rules)
mapping_rules.undo_panel(bench)
mapping_rules.history(bench)
