"""The appearance the person chose, as the palette that charts are drawn in; and legible choices in both."""

from pathlib import Path
from typing import Final

import streamlit as st

from reports.palette import Palette, ThemeName, palette

_CHOSEN: Final = (
    "[data-testid=stButtonGroup] [data-selected=true] [data-testid=stMarkdownContainer]",
    "[data-testid=stSliderThumbValue] [data-testid=stMarkdownContainer]",
    # An open or pressed one is written darker than the primary colour: on dark, 1.5:1.
    "button[kind=tertiary]:not(:disabled):is(:hover, :focus-visible, :active, [aria-expanded=true])",
)


_follow: Final = st.components.v2.component(
    "lanewise_theme",
    html="<i aria-hidden='true'></i>",
    css="i { position: absolute; color: var(--st-background-color); transition: color 1ms; }",
    js=(Path(__file__).parent / "assets" / "theme.js").read_text(encoding="utf-8"),
)


def theme_name() -> ThemeName:
    """`light` or `dark`; light until the browser has said which."""
    return "dark" if st.context.theme.type == "dark" else "light"


def colours() -> Palette:
    """The palette of the current appearance."""
    return palette(theme_name())


def follow() -> None:
    """Draws the page again when its appearance changes, so that charts have the colours of the new one."""
    _follow(key="theme", data={"drawn": theme_name()}, on_changed_change=lambda: None, height="content")


def legible() -> None:
    """Writes what is chosen or pointed at in the colour of links, which reaches 4.5:1 on the dark background.

    Streamlit writes it in the primary colour, on which it puts white text too: no one colour is far
    enough from both. The browser picks by the page's own `color-scheme`, so nothing waits for a rerun.
    """
    light, dark = (st.get_option(f"theme.{name}.linkColor") for name in ("light", "dark"))
    st.html(f"<style>{', '.join(_CHOSEN)} {{ color: light-dark({light}, {dark}); }}</style>")
