"""The demo data: whether it is what is on screen, and the button that loads it."""

import streamlit as st

from data.demo import DEMO_FILES, build_demo
from data.errors import LanewiseDataError
from reports.workbench import Workbench
from ui import components as c
from ui import state
from ui import strings as s


def loaded(bench: Workbench) -> bool:
    """Whether any dataset of the workspace is the demo's."""
    names = {f"demo-{name}" for name in DEMO_FILES}
    return any(manifest.name in names for manifest in bench.workspace.datasets())


def button(*, key: str) -> None:
    """Loads the demo into this workspace."""
    if not st.button(s.DEMO_BUTTON, icon=":material/science:", key=key):
        return
    try:
        with st.spinner(s.DEMO_LOADING):
            build_demo(state.workbench().workspace)
    except LanewiseDataError as error:
        c.problem(error)
        return
    st.rerun()
