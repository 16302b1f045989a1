"""One set of filters for the pages that look at workloads: kept from page to page and in each address.

Streamlit forgets a widget that the next page does not draw, and a page entered through the navigation has
an address without choices. So the choice is kept in the session, laid into the widgets of a page that is
entered, and written into its address; what an address says wins over what is kept. Widgets that Streamlit
binds to the address itself would not do: a page with one cannot lead to another with its parameter set.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import streamlit as st

from reports.chosen import Chosen
from reports.format import label_title
from reports.model import Analysis
from reports.report_part import spend_words, workloads_words
from triage.model import LABELS, Label
from ui import components as c
from ui import nav, state
from ui import strings as s
from ui.text import md, short

FIND_PARAM: Final = "find"
PROVIDER_PARAM: Final = "provider"
_KEPT: Final = "filters_kept"
_PAGE: Final = "filters_page"
_WRITTEN: Final = "filters_written"
_PARAMS: Final = (FIND_PARAM, nav.LABEL_PARAM, PROVIDER_PARAM)
_CLEAR: Final = "filters_clear"


@dataclass(frozen=True)
class _Options:
    labels: tuple[Label, ...]
    providers: tuple[str, ...]


@dataclass(frozen=True)
class Shown:
    """The part of the whole that the filters leave.

    `changed` says that they are not those of the last run, `entered` that the last run was of another page.
    """

    part: Analysis
    changed: bool
    entered: bool

    @property
    def names(self) -> frozenset[str]:
        """The workloads that are shown."""
        return frozenset(result.workload for result in self.part.workloads)


def narrowed(whole: Analysis, page: str, untitled: Callable[[], object] | None = None) -> Analysis:
    """Draws the filters and returns what they leave; where that is nothing, says so and ends the page.

    `untitled` gives the page its title in that case, where it has one of its figures otherwise.
    """
    shown = drawn(whole, page)
    if not shown.part.workloads:
        if untitled is not None:
            untitled()
        nothing(shown.part)
        st.stop()
    return shown.part


def drawn(whole: Analysis, page: str) -> Shown:
    """Draws the filters and, where they are set, how much they leave; hidden where there is no choice."""
    if len(whole.workloads) < 2:
        return Shown(whole, changed=False, entered=False)
    before: Chosen | None = st.session_state.get(_KEPT)
    entered = st.session_state.get(_PAGE) != page
    options = _options(whole)
    _lay(_asked(options, before if before is not None else Chosen(), entered=entered), options)
    by = _row(options)
    _write(by, anew=entered)
    st.session_state[_KEPT], st.session_state[_PAGE] = by, page
    part = state.narrowed(by) if by.any else whole
    mark = part.narrowed
    if mark is not None and part.workloads:
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.markdown(
                s.filtered(workloads_words(mark), md(spend_words(part))), width="content", help=s.FILTER_HOW
            )
            _clear()
    return Shown(part, changed=before is not None and before != by, entered=entered)


def nothing(part: Analysis) -> None:
    """What stands where the filters leave no workload."""
    mark = part.narrowed
    if mark is None:
        return
    with c.empty(s.FILTER_NONE_TITLE, s.filter_none(md(mark.by.words), mark.of_workloads)):
        _clear(primary=True)


def _options(whole: Analysis) -> _Options:
    """What there is to choose from; a kind of filter with a single value is none."""
    labels = tuple(label for label in LABELS if any(item.verdict.label == label for item in whole.workloads))
    providers = tuple(sorted({part.provider for item in whole.workloads for part in item.parts}))
    return _Options(
        labels if len(labels) > 1 else (),
        providers if len(providers) > 1 else (),
    )


def _asked(options: _Options, kept: Chosen, *, entered: bool) -> Chosen | None:
    """What the widgets have to be set to; None where they hold what the person chose on this page.

    On a page just entered the address wins, field by field, over what is kept. On the page itself the
    address counts where it changed by itself: on the way back through the browser's history.
    """
    said = _said()
    if not entered and said == st.session_state.get(_WRITTEN):
        return None
    find = said[FIND_PARAM][-1] if said[FIND_PARAM] else kept.find if entered else ""
    names = {name.casefold() for name in said[nav.LABEL_PARAM]}
    labels = tuple(label for label in LABELS if names & {label, label_title(label).casefold()})
    return Chosen(
        find,
        labels if names or not entered else kept.labels,
        tuple(said[PROVIDER_PARAM]) if said[PROVIDER_PARAM] or not entered else kept.providers,
    )


def _said() -> dict[str, list[str]]:
    """What the address says of the filters."""
    return {name: st.query_params.get_all(name) for name in _PARAMS}


def _lay(asked: Chosen | None, options: _Options) -> None:
    """Sets the widgets about to be drawn; what the data does not have, or no longer has, is left out."""
    if asked is not None:
        st.session_state[FIND_PARAM] = asked.find
    chosen = asked if asked is not None else Chosen()
    for name, values, known in (
        (nav.LABEL_PARAM, chosen.labels, options.labels),
        (PROVIDER_PARAM, chosen.providers, options.providers),
    ):
        held = values if asked is not None else st.session_state.get(name, ())
        st.session_state[name] = [value for value in known if value in held]


def _row(options: _Options) -> Chosen:
    """The widgets in one row, and what they hold."""
    labels: Sequence[Label] = ()
    providers: Sequence[str] = ()
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        find = st.text_input(
            s.FIND,
            key=FIND_PARAM,
            placeholder=s.FIND_PLACEHOLDER,
            icon=":material/search:",
            label_visibility="collapsed",
            width=180,
        )
        if options.labels:
            labels = st.pills(
                s.FILTER_LABEL,
                options.labels,
                selection_mode="multi",
                format_func=label_title,
                key=nav.LABEL_PARAM,
                label_visibility="collapsed",
            )
        if options.providers:
            providers = st.pills(
                s.FILTER_PROVIDER,
                options.providers,
                selection_mode="multi",
                format_func=lambda name: md(short(name)),
                key=PROVIDER_PARAM,
                label_visibility="collapsed",
            )
    return Chosen(
        find.strip(),
        tuple(label for label in options.labels if label in labels),
        tuple(provider for provider in options.providers if provider in providers),
    )


def _write(by: Chosen, *, anew: bool) -> None:
    """Writes the choice into the address; `anew` whatever Streamlit takes to be in it already.

    A page that is entered has the parameters of the last one for Streamlit, and none for the browser.
    """
    chosen: Mapping[str, list[str]] = {
        FIND_PARAM: [by.find] if by.find else [],
        nav.LABEL_PARAM: [label_title(label) for label in by.labels],
        PROVIDER_PARAM: list(by.providers),
    }
    said = _said()
    changed = {name: values for name, values in chosen.items() if values and set(values) != set(said[name])}
    if anew:
        same = {name: said[name] for name, values in chosen.items() if values and name not in changed}
        changed |= same
    for name, values in chosen.items():
        if not values and said[name]:
            del st.query_params[name]
    if changed:
        st.query_params.update(changed)  # at once, so that the browser's history has one entry of it
    st.session_state[_WRITTEN] = _said()


def _clear(*, primary: bool = False) -> None:
    st.button(
        s.FILTER_CLEAR,
        key=_CLEAR,
        type="primary" if primary else "tertiary",
        icon=":material/filter_alt_off:",
        on_click=_cleared,
    )


def _cleared() -> None:
    st.session_state[FIND_PARAM] = ""
    st.session_state[nav.LABEL_PARAM] = []
    st.session_state[PROVIDER_PARAM] = []
