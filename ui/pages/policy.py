"""What decides which workloads can wait: read, tried on the workspace's own workloads, saved, taken back."""

import streamlit as st

from ui import policy_change, policy_draft, policy_log, policy_text, state
from ui import strings as s

bench = state.workbench()
book = bench.policy_book()
st.title(s.POLICY_TITLE, anchor=False)
st.caption(s.POLICY_CAPTION, help=s.terms(*s.TERMS_POLICY))
policy_log.notice()
found = policy_log.in_force(book)
draft = policy_draft.current(book)

way = st.segmented_control(
    s.POLICY_CHANGE,
    list(s.POLICY_WAYS),
    format_func=lambda name: s.POLICY_WAYS[name],
    key="policy_way",
    bind="query-params",
)
if way == "preset":
    policy_draft.preset_form(book, draft)
elif way == "override":
    policy_draft.override_form(book, draft)
elif way == "yaml":
    policy_draft.yaml_form(draft)
elif way == "file":
    policy_draft.file_form(draft)
draft = policy_draft.current(book)
policy_change.panel(bench, draft)

policy_text.show(draft, found)
policy_log.versions(book)
