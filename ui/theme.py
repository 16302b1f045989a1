"""The appearance the person chose, as the palette that charts are drawn in."""

import streamlit as st

from reports.palette import Palette, ThemeName, palette


def theme_name() -> ThemeName:
    """`light` or `dark`; light until the browser has said which."""
    return "dark" if st.context.theme.type == "dark" else "light"


def colours() -> Palette:
    """The palette of the current appearance."""
    return palette(theme_name())
