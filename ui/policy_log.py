"""Around the policy: which is in force and since when, files to take along, undo, and its history."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from data.documents import Version
from data.errors import WorkspaceError
from reports.policy_book import InForce, PolicyBook
from ui import components as c
from ui import policy_draft, state
from ui import strings as s
from ui.policy_draft import Draft
from ui.text import md

_NOTICE: Final = "policy_notice"


def say(message: str) -> None:
    """Draws the page afresh with a message above it, once."""
    st.session_state[_NOTICE] = message
    st.rerun()


def notice() -> None:
    """What the last press did, once."""
    message = st.session_state.pop(_NOTICE, None)
    if message:
        st.success(message, icon=":material/check_circle:")


def in_force(book: PolicyBook) -> InForce | None:
    """The policy in force with its origin, downloads and ways back; None, and the problem, when damaged."""
    found: InForce | None = None
    try:
        found = book.in_force()
        versions: Sequence[Version] = book.history()
    except WorkspaceError as damage:
        c.problem(damage)
        versions = ()
    if found is not None:
        st.markdown(s.policy_in_force(md(found.used.title), found.policy.version))
        if versions:
            newest = versions[0]
            st.caption(s.policy_saved_by(md(newest.author), newest.at_utc, md(newest.note)))
        if found.outdated:
            st.warning(s.POLICY_OUTDATED, icon=":material/update:")
    with st.container(horizontal=True):
        if found is not None:
            _downloads(found)
        _ways_back(book, found)
    return found


def _downloads(found: InForce) -> None:
    for title, about, data, ending, mime in (
        (s.POLICY_YAML_DOWNLOAD, s.POLICY_YAML_DOWNLOAD_HELP, found.stored.text, "yaml", "application/yaml"),
        (
            s.POLICY_JSON_DOWNLOAD,
            s.POLICY_JSON_DOWNLOAD_HELP,
            found.policy.to_json(),
            "json",
            "application/json",
        ),
        (s.POLICY_SCHEMA_DOWNLOAD, None, found.policy.json_schema(), "schema.json", "application/json"),
    ):
        st.download_button(
            title,
            data=data,
            file_name=f"lanewise-policy.{ending}",
            mime=mime,
            icon=":material/download:",
            help=about,
            on_click="ignore",
            key=f"policy_download_{ending}",
        )


def _ways_back(book: PolicyBook, found: InForce | None) -> None:
    try:
        can_undo = book.can_undo()
    except WorkspaceError:
        can_undo = False
    if st.button(
        s.POLICY_UNDO,
        icon=":material/undo:",
        disabled=not can_undo,
        help=s.POLICY_UNDO_HELP,
        key="policy_undo",
    ):
        book.undo(author=state.author())
        policy_draft.edit(None)
        say(s.POLICY_UNDONE)
    as_shipped = found is not None and not found.stored.edited and not found.outdated
    if st.button(
        s.POLICY_RESET,
        icon=":material/restart_alt:",
        disabled=as_shipped,
        help=s.POLICY_RESET_HELP,
        key="policy_reset",
    ):
        draft = policy_draft.current(book)
        preset = draft.preset if draft.preset in book.presets() else next(iter(book.presets()))
        note = s.policy_draft_note("preset", preset)
        policy_draft.edit(Draft(book.preset_text(preset), preset, draft.base, note))
        st.rerun()


def versions(book: PolicyBook) -> None:
    """Every saved version: when, who, why; and one of them to look at again before it is saved anew."""
    with st.expander(s.POLICY_HISTORY, icon=":material/history:"):
        try:
            listed = book.history()
        except WorkspaceError as damage:
            c.problem(damage)
            return
        if not listed:
            st.caption(s.POLICY_NO_HISTORY)
            return
        c.table(
            {
                s.COL_VERSION: [str(version.seq) for version in listed],
                s.col_when(): [s.moment(version.at_utc) for version in listed],
                s.COL_WHO: [md(version.author) for version in listed],
                s.COL_NOTE: [md(version.note) for version in listed],
            },
            alt=s.POLICY_HISTORY,
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            seq = st.selectbox(
                s.POLICY_PICK_VERSION, [version.seq for version in listed], key="policy_version", width=140
            )
            if st.button(s.POLICY_LOOK, icon=":material/visibility:", key="policy_look"):
                _look(book, int(seq))


def _look(book: PolicyBook, seq: int) -> None:
    try:
        chosen = book.at(seq)
    except WorkspaceError as damage:
        c.problem(damage)
        return
    base = policy_draft.current(book).base
    policy_draft.edit(Draft(chosen.text, chosen.preset, base, s.policy_draft_note("version", str(seq))))
    st.rerun()
