"""The Display control of the sidebar, and what it sets for the script run that draws a page."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import Final

import streamlit as st

from data.errors import WorkspaceError
from reports import display
from reports.display_settings import FIRST_RATE_DAY, Rate, RateError, Settings, read_rate, zones
from reports.workbench import today
from ui import nav, state
from ui import strings as s
from ui.text import md

# The report is one document in dollars; budgets are typed in dollars and alerts sent in them.
_IN_DOLLARS: Final = frozenset({Path(nav.REPORT).stem, Path(nav.ALERTS).stem})
_BROWSER: Final = "browser"
_ZONE: Final = "display_zone"
_CURRENCY: Final = "display_currency"
_RATE: Final = "display_rate"
_RATE_OF: Final = "display_rate_of"
_SEEN: Final = "display_seen"
"""The settings that the fields were filled from; anything else saved since fills them anew."""
_PROBLEM: Final = "display_problem"


def use() -> None:
    """Shows this script run in what the person looking chose; before anything with an amount or a time.

    A fragment runs without the frame around its page, so it begins with this too.
    """
    display.show_in(_chosen().display(st.context.timezone))


def _chosen() -> Settings:
    """What the person chose; the defaults where that cannot be read, which the control says."""
    with suppress(WorkspaceError):
        return state.workbench().display_settings().of(state.author())
    return Settings()


@contextmanager
def page(path: str) -> Iterator[None]:
    """A page below the sentence that says what its amounts are in; `path` is its name in the address."""
    conversion = display.shown().conversion
    if conversion is None:
        yield
    elif path in _IN_DOLLARS:
        st.caption(s.AMOUNTS_IN_DOLLARS)
        with display.in_dollars():
            yield
    else:
        st.caption(s.converted(conversion))
        yield


def control() -> None:
    """The button that opens time zone and currency."""
    with st.popover(s.DISPLAY, icon=":material/language:", key="display", width="stretch"):
        try:
            chosen = state.workbench().display_settings().of(state.author())
        except WorkspaceError as error:
            st.error(md(error.message), title=md(error.title), icon=":material/error:")
            chosen = Settings()
        _fill(chosen)
        browser = st.context.timezone if st.context.timezone in zones() else None
        st.selectbox(
            s.DISPLAY_ZONE,
            [display.UTC_ZONE, _BROWSER, *zones()[1:]],
            format_func=lambda name: s.display_browser(browser) if name == _BROWSER else name,
            key=_ZONE,
            help=s.DISPLAY_ZONE_HELP,
            on_change=_save,
        )
        st.selectbox(
            s.DISPLAY_CURRENCY,
            list(display.CURRENCIES),
            format_func=lambda code: s.display_currency(code, display.CURRENCIES[code].name),
            key=_CURRENCY,
            help=s.DISPLAY_CURRENCY_HELP,
            on_change=_other_currency,
        )
        code = st.session_state[_CURRENCY]
        if code != display.DOLLARS:
            _rate(code, chosen)
        st.caption(s.DISPLAY_KEPT)


def _rate(code: str, chosen: Settings) -> None:
    st.text_input(
        s.display_rate(code),
        key=_RATE,
        placeholder="0.92",
        help=s.DISPLAY_RATE_HELP,
        on_change=_save,
    )
    st.date_input(
        s.DISPLAY_RATE_OF,
        key=_RATE_OF,
        min_value=FIRST_RATE_DAY,
        max_value=today().date(),
        format="YYYY-MM-DD",
        on_change=_save,
    )
    if problem := st.session_state.get(_PROBLEM):
        st.error(md(problem), icon=":material/error:")
    elif code not in chosen.rates:
        st.info(s.display_needs_rate(code), icon=":material/edit:")
    elif display.shown().conversion is not None:
        st.caption(s.display_example())


def _fill(chosen: Settings) -> None:
    """The fields as they are saved, unless the person is in the middle of changing them."""
    if st.session_state.get(_SEEN) == chosen and _CURRENCY in st.session_state:
        return
    st.session_state[_SEEN] = chosen
    st.session_state[_ZONE] = chosen.time_zone or _BROWSER
    st.session_state[_CURRENCY] = chosen.currency
    _fill_rate(chosen, chosen.currency)


def _fill_rate(chosen: Settings, code: str) -> None:
    known = chosen.rates.get(code)
    st.session_state[_RATE] = f"{known.per_usd:f}" if known is not None else ""
    day = today().date()
    st.session_state[_RATE_OF] = min(known.of, day) if known is not None else day
    st.session_state.pop(_PROBLEM, None)


def _other_currency() -> None:
    _fill_rate(_chosen(), st.session_state[_CURRENCY])
    _save()


def _save() -> None:
    """Saves the fields once they make sense; until then amounts stay as they were."""
    chosen, code = _chosen(), st.session_state[_CURRENCY]
    zone = st.session_state[_ZONE]
    found = chosen.model_copy(update={"time_zone": None if zone == _BROWSER else zone})
    st.session_state.pop(_PROBLEM, None)
    typed = st.session_state.get(_RATE, "").strip()
    if code == display.DOLLARS:
        found = found.model_copy(update={"currency": code})
    elif typed:
        try:
            rate = Rate(per_usd=read_rate(typed), of=_rate_day())
        except RateError as problem:
            st.session_state[_PROBLEM] = str(problem)
        else:
            found = found.model_copy(update={"currency": code, "rates": {**chosen.rates, code: rate}})
    elif code in chosen.rates:
        st.session_state[_PROBLEM] = s.display_needs_rate(code)
    try:
        state.workbench().display_settings().save(state.author(), found)
    except WorkspaceError as error:
        st.session_state[_PROBLEM] = error.message
    else:
        # What the person is still typing is not put back to what is saved.
        st.session_state[_SEEN] = found


def _rate_day() -> date:
    typed = st.session_state.get(_RATE_OF)
    return typed if isinstance(typed, date) else today().date()
