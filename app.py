"""Lanewise in the browser: page config, sign-in gate and navigation; nothing else."""

import streamlit as st

from ui import shell
from ui import strings as s

st.set_page_config(
    page_title=s.PRODUCT,
    page_icon=str(shell.ASSETS / "mark.svg"),
    layout="wide",
    initial_sidebar_state=220,
    menu_items={"About": s.ABOUT},
)
shell.sign_in_gate()
shell.navigation()
