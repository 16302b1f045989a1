"""The few shapes every page is made of, so that the same thing looks the same everywhere."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from data.errors import LanewiseDataError
from pricing.errors import PricingError
from reports.format import label_title, lane_title, usd, usd_short
from reports.model import STAY, Range
from triage.errors import TriageError
from ui import strings as s
from ui import theme
from ui.text import md

# Streamlit's colour names, given the palette's values by .streamlit/config.toml.
_LABEL_BADGES: Mapping[str, str] = {
    "interactive": "blue",
    "semi_interactive": "orange",
    "batch": "green",
    "unknown": "gray",
}


ROWS_A_PAGE = 50
"""Rows of a table drawn at once: each cell is Markdown of its own, and thousands stop a browser."""


def label_badge(label: str) -> str:
    """A label as a Markdown badge in its colour."""
    return f":{_LABEL_BADGES.get(label, 'gray')}-badge[{label_title(label)}]"


def lane_text(lane: str) -> str:
    """A lane as Markdown: a square in its colour, then its name."""
    colour = theme.colours().lanes.get(lane)
    square = f':color[■]{{foreground="{colour}"}} ' if colour else ""
    return f"{square}{md(lane_title(lane))}"


def move_text(current: str, recommended: str) -> str:
    """Where a workload is and where it should be, as Markdown."""
    if recommended in (STAY, current):
        return f"{lane_text(current)} · {s.STAYS}"
    return f"{lane_text(current)} → {lane_text(recommended)}"


def range_text(amount: Range, *, short: bool = True) -> str:
    """Low to high as plain text; one figure when they are the same."""
    show = usd_short if short else usd
    low, high = show(amount.low), show(amount.high)
    return low if low == high else s.low_to_high(low, high)


def money(micro_usd: Decimal | None, *, short: bool = False) -> str:
    """An amount as Markdown text."""
    return md(usd_short(micro_usd) if short else usd(micro_usd))


def link(
    label: str, page: str, *, key: str, query: Mapping[str, str | list[str]] | None = None, arrow: bool = True
) -> None:
    """A way to another page, aligned with the text around it; long labels wrap."""
    if st.button(
        label,
        key=key,
        type="tertiary",
        icon=":material/arrow_forward:" if arrow else None,
        icon_position="right",
        wrap=True,
    ):
        # Not None: Streamlit refuses that on a page whose address holds the value of a widget.
        st.switch_page(page, query_params=dict(query or {}))


def kpi(
    label: str,
    value: str,
    detail: str,
    *,
    how: str,
    page: str,
    way: str,
    key: str,
    query: Mapping[str, str | list[str]] | None = None,
    beside: Callable[[], None] | None = None,
) -> None:
    """A figure, what it means, how it is computed (hover; in full `beside`), and the way to its evidence."""
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(label, md(value), help=how)
        st.caption(md(detail))
        st.space("stretch")
        # One below the other in every card: side by side they would fit in some only.
        link(way, page, key=key, query=query)
        if beside is not None:
            beside()


def figure(chart: Any, *, alt: str, key: str) -> None:
    """A Plotly figure as wide as its place, without the floating toolbar."""
    st.plotly_chart(chart, width="stretch", key=key, alt=alt, config={"displayModeBar": False})


def table(columns: Mapping[str, Sequence[str]], *, alt: str, right: Collection[str] = ()) -> None:
    """A small table of Markdown cells; the columns named in `right` are aligned as numbers are.

    Streamlit aligns by type and shows a Styler's text: a column of amounts holds row numbers, which
    nobody sees, and its formatter looks the cells up. So no amount becomes a float to be shown.
    """
    length = len(next(iter(columns.values()), ()))
    place = st.container(gap=None)
    rows = page_of(length, key=f"rows_{alt}_{'_'.join(columns)}")
    listed = {name: list(cells)[rows] for name, cells in columns.items()}
    frame = pd.DataFrame(
        {name: range(len(cells)) if name in right else cells for name, cells in listed.items()}
    )
    shown = frame.style.format({name: partial(_cell, listed[name]) for name in right})
    place.table(shown, border="horizontal", hide_index=True, alt=alt)


def page_of(length: int, *, key: str, most: int = ROWS_A_PAGE) -> slice:
    """Which of `length` rows to draw now: all, or the page chosen in the row of pages this draws."""
    pages = -(-length // most)
    if pages <= 1:
        return slice(0, length)
    with st.container(horizontal=True, vertical_alignment="center"):
        chosen = min(st.pagination(pages, key=key), pages)
        first = (chosen - 1) * most
        st.caption(s.rows_shown(first + 1, min(first + most, length), length))
    return slice(first, first + most)


def _cell(cells: Sequence[str], row: object) -> str:
    return cells[int(str(row))]


PROBLEMS = (LanewiseDataError, PricingError, TriageError)
"""Exceptions made to be read by people: each has a title and a message."""


def problem(error: LanewiseDataError | PricingError | TriageError) -> None:
    """A problem the person can act on: its title, what was wrong and what to do. Never a traceback."""
    st.error(md(error.message), title=md(error.title), icon=":material/error:")


@contextmanager
def empty(title: str, body: str) -> Iterator[None]:
    """A page that has nothing to show yet: what belongs here, how it gets here, and inside, the buttons.

    The terms of the glossary in `body`, Markdown, are explained beside it.
    """
    with st.container(border=True, horizontal_alignment="center", gap="small"):
        st.space("small")
        st.header(title, text_alignment="center", anchor=False)
        used = s.terms_in(body)
        st.markdown(body, text_alignment="center", help=s.terms(*used) if used else None)
        with st.container(horizontal=True, horizontal_alignment="center"):
            yield
        st.space("small")
