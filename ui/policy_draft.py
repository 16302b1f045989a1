"""The policy being edited on the Policy page, and the four ways to edit it; nothing here is saved."""

from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from data.errors import WorkspaceError
from reports.policy_book import PolicyBook, check
from ui import state
from ui import strings as s

_DRAFT: Final = "policy_draft"
_GENERATION: Final = "policy_generation"
EDITOR_HEIGHT: Final = 480
MEGABYTES: Final = 1
"""Of an uploaded policy; its text has at most 200,000 characters."""


@dataclass(frozen=True)
class Draft:
    """A policy's text on screen.

    Attributes:
        base: the version it was edited over; None where that one is damaged.
        preset: the preset it comes from; empty where nobody knows.
        note: what a save says when nobody writes a note.
        pending: whether it differs from the text in force.
    """

    text: str
    preset: str
    base: int | None
    note: str = ""
    pending: bool = False


def current(book: PolicyBook) -> Draft:
    """The text being edited, else the one in force; the shipped default where that one is damaged."""
    edited: Draft | None = st.session_state.get(_DRAFT)
    try:
        stored = book.stored()
    except WorkspaceError:
        preset = next(iter(book.presets()))
        return edited or Draft(book.preset_text(preset), preset, None)
    if edited is not None and edited.text != stored.text:
        return edited
    return Draft(stored.text, stored.preset, stored.seq)


def edit(draft: Draft | None, *, fields_too: bool = True) -> None:
    """Puts a text on screen (None: the one in force); `fields_too` starts the fields afresh with it."""
    if draft is None:
        st.session_state.pop(_DRAFT, None)
    else:
        st.session_state[_DRAFT] = replace(draft, pending=True)
    if fields_too:
        st.session_state[_GENERATION] = generation() + 1


def generation() -> int:
    """Changes whenever the text on screen was replaced, so that fields keyed by it start afresh."""
    return int(st.session_state.get(_GENERATION, 0))


def preset_form(book: PolicyBook, draft: Draft) -> None:
    """The shipped policies, each with what it is for."""
    presets = book.presets()
    with st.container(border=True):
        chosen = st.radio(
            s.POLICY_PRESET,
            list(presets),
            index=list(presets).index(draft.preset) if draft.preset in presets else 0,
            captions=[check(book.preset_text(preset)).description for preset in presets],
            format_func=lambda preset: s.policy_preset(presets[preset], preset),
            key=f"policy_preset_{generation()}",
        )
        if st.button(s.POLICY_PRESET_USE, icon=":material/visibility:", key="policy_preset_use"):
            note = s.policy_draft_note("preset", chosen)
            edit(replace(draft, text=book.preset_text(chosen), preset=chosen, note=note))
            st.rerun()


def override_form(book: PolicyBook, draft: Draft) -> None:
    """What holds for one workload, written into the text; and the overrides that are there, to remove."""
    policy = check(draft.text).policy
    if policy is None:
        st.info(s.POLICY_MEND_FIRST, icon=":material/info:")
        return
    workloads = _workloads()
    with st.container(border=True):
        st.caption(s.POLICY_OVERRIDE_HOW)
        if not workloads:
            st.caption(s.POLICY_OVERRIDE_NO_WORKLOADS)
        with st.grid(3, min_column_width=220):
            name = st.selectbox(
                s.COL_WORKLOAD, workloads, index=None, key=f"policy_override_name_{generation()}"
            )
            sla = st.selectbox(
                s.POLICY_OVERRIDE_SLA,
                [None, *policy.sla_classes],
                format_func=lambda known: s.POLICY_OVERRIDE_NONE if known is None else str(known),
                help=s.POLICY_OVERRIDE_SLA_HELP,
                key=f"policy_override_sla_{generation()}",
            )
            minimum = st.number_input(
                s.POLICY_OVERRIDE_MINIMUM,
                min_value=1,
                value=None,
                step=1,
                help=s.POLICY_OVERRIDE_MINIMUM_HELP,
                key=f"policy_override_minimum_{generation()}",
            )
        if st.button(
            s.POLICY_OVERRIDE_ADD,
            icon=":material/visibility:",
            disabled=name is None or (sla is None and minimum is None),
            key="policy_override_add",
        ):
            text = book.override(
                draft.text, str(name), sla=sla, min_requests=None if minimum is None else int(minimum)
            )
            edit(replace(draft, text=text, note=s.policy_draft_note("override", str(name))))
            st.rerun()
        if policy.overrides:
            listed = [item.named for item in policy.overrides]
            with st.container(horizontal=True, vertical_alignment="bottom"):
                picked = st.selectbox(
                    s.POLICY_OVERRIDE_PICK,
                    range(len(listed)),
                    format_func=lambda index: listed[index],
                    key=f"policy_override_pick_{generation()}",
                )
                if st.button(
                    s.POLICY_OVERRIDE_REMOVE, icon=":material/delete:", key="policy_override_remove"
                ):
                    text = book.without_override(draft.text, picked)
                    edit(replace(draft, text=text, note=s.policy_draft_note("remove", listed[picked])))
                    st.rerun()


def _workloads() -> list[str]:
    """The workloads by name; none while the policy in force cannot be used."""
    try:
        return sorted(result.workload for result in state.analysis().workloads)
    except WorkspaceError:
        return []


def yaml_form(draft: Draft) -> None:
    """The whole text, checked on the server whenever it is left."""
    st.caption(s.POLICY_YAML_HELP)
    text = st.text_area(
        s.POLICY_YAML,
        value=draft.text,
        height=EDITOR_HEIGHT,
        label_visibility="collapsed",
        key=f"policy_yaml_{generation()}",
    )
    st.button(s.POLICY_YAML_CHECK, icon=":material/visibility:", key="policy_yaml_check")
    if text != draft.text:
        edit(replace(draft, text=text, note=s.POLICY_DEFAULT_NOTE), fields_too=False)


def file_form(draft: Draft) -> None:
    """A policy from a file, put on screen as it is."""
    uploaded = st.file_uploader(
        s.POLICY_FILE,
        type=["yaml", "yml", "json"],
        key=f"policy_file_{generation()}",
        max_upload_size=MEGABYTES,
    )
    if uploaded is None:
        return
    try:
        text = uploaded.getvalue().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        st.error(s.POLICY_FILE_NOT_TEXT, icon=":material/error:")
        return
    note = s.policy_draft_note("file", uploaded.name[: s.FILE_NAME_SHOWN])
    edit(replace(draft, text=text, preset="", note=note))
    st.rerun()
