"""What a policy says, on the page: labels first, rules in order, and every other part of it."""

import streamlit as st

from reports.policy_book import InForce, check
from reports.policy_words import Section, described
from ui import components as c
from ui import strings as s
from ui.policy_draft import Draft
from ui.text import md


def show(draft: Draft, found: InForce | None) -> None:
    """The draft while there is one that can be used, else the policy in force, part by part."""
    tried = check(draft.text).policy if draft.pending else None
    policy = tried if tried is not None else found.policy if found is not None else None
    if policy is None:
        return
    st.header(s.POLICY_SAYS if tried is None else s.POLICY_SAYS_DRAFT, anchor=False)
    if policy.description:
        st.markdown(md(policy.description))
    labels, rules, *others = described(policy)
    _table(labels)
    st.caption(md(" ".join(labels.sentences)))
    with st.expander(s.policy_section(rules.title, len(rules.rows)), icon=":material/format_list_numbered:"):
        st.caption(md(" ".join(rules.sentences)))
        _table(rules)
    with st.grid(2, min_column_width=320):
        for section in others:
            with st.container(border=True, height="stretch"):
                st.header(section.title, anchor=False)
                bullet = "- " if len(section.sentences) > 1 else ""
                st.markdown("\n".join(f"{bullet}{md(sentence)}" for sentence in section.sentences))
                if section.rows:
                    _table(section)


def _table(section: Section) -> None:
    c.table(
        {name: [md(row[position]) for row in section.rows] for position, name in enumerate(section.header)},
        alt=section.title,
    )
