"""The way out of a damaged dataset: it can be deleted where the problem is told, on any page."""

from contextlib import suppress
from typing import Final

import streamlit as st

from data.errors import DamagedDatasetError, LanewiseDataError
from ui import state
from ui import strings as s
from ui.text import md, short

_ASKED: Final = "damaged_asked"
"""The dataset that the person is asked about now."""


def way_out(error: DamagedDatasetError) -> None:
    """Deletes the dataset after asking; every page waits for it, since none has its figures without."""
    if st.session_state.get(_ASKED) != error.dataset_id:
        st.button(
            s.DAMAGED_DELETE,
            type="primary",
            icon=":material/delete:",
            key="damaged_delete",
            on_click=_ask,
            args=(error.dataset_id,),
        )
        return
    name = error.dataset_id
    with suppress(LanewiseDataError):  # of a damaged manifest nobody knows more than the id
        name = state.workbench().workspace.manifest(error.dataset_id).name
    st.markdown(s.damaged_body(md(short(name))))
    with st.container(horizontal=True):
        if st.button(s.DELETE_CONFIRM, type="primary", icon=":material/delete:", key="damaged_confirm"):
            _ask(None)
            state.workbench().delete(error.dataset_id, author=state.author())
            st.toast(s.deleted(md(short(name))), icon=":material/check_circle:")
            st.rerun()
        st.button(s.CANCEL, key="damaged_cancel", on_click=_ask, args=(None,))


def _ask(dataset_id: str | None) -> None:
    st.session_state[_ASKED] = dataset_id
