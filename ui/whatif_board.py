"""The scenarios on the What-if page: up to four side by side, one of them edited, all in the address."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import streamlit as st

from reports.saved_scenarios import free_name
from reports.scenario import Scenario
from reports.scenario_link import ScenarioError, link, read_link
from ui import strings as s
from ui.text import md

MOST: Final = 4
PARAM: Final = "scenario"
"""The query parameter of the scenarios, once for each."""

_BOARD: Final = "whatif_board"
_WORDS: Final = "whatif_words"
"""Session keys: what stands on the page, and the address that was last written or read."""


@dataclass(frozen=True)
class Board:
    """The scenarios shown, which one the controls change, and how often it was replaced from outside.

    A new generation draws every control anew, with what the scenarios now say.
    """

    scenarios: tuple[Scenario, ...]
    active: int = 0
    generation: int = 0

    @property
    def current(self) -> Scenario:
        """The scenario that the controls change."""
        return self.scenarios[self.active]

    def named(self, scenario: Scenario) -> Scenario:
        """The scenario under a name that none on the board has."""
        taken = {known.name.casefold() for known in self.scenarios}
        if scenario.name.casefold() not in taken:
            return scenario
        return scenario.model_copy(update={"name": free_name(scenario.name, taken)})


def board() -> Board:
    """What stands on the page now."""
    known: Board | None = st.session_state.get(_BOARD)
    return known if known is not None else Board((Scenario(name=s.WHATIF_FIRST_NAME),))


def read_address() -> None:
    """Takes the scenarios of the address where somebody followed a link; says what it could not read."""
    words = st.query_params.get_all(PARAM)
    if not words or words == st.session_state.get(_WORDS):
        return
    found = Board(())
    for word in words[:MOST]:
        try:
            found = replace(found, scenarios=(*found.scenarios, found.named(read_link(word))))
        except ScenarioError as error:
            st.error(md(str(error)), title=s.WHATIF_BAD_LINK, icon=":material/link_off:")
    if len(words) > MOST:
        st.warning(s.WHATIF_MORE_LINKS, icon=":material/link:")
    st.session_state[_WORDS] = words
    if found.scenarios:
        show(found.scenarios)


def write_address() -> str | None:
    """Puts the board into the address; the reason where it is too long for one."""
    shown = board()
    words: list[str] = []
    problem = None
    if shown.scenarios != (Scenario(name=s.WHATIF_FIRST_NAME),):
        try:
            words = [link(scenario) for scenario in shown.scenarios]
        except ScenarioError as error:
            problem = str(error)
    if words != st.query_params.get_all(PARAM):
        st.session_state[_WORDS] = words
        if words:
            st.query_params[PARAM] = words
        else:
            st.query_params.pop(PARAM, None)
    return problem


def show(scenarios: Sequence[Scenario], active: int = 0) -> None:
    """Replaces the board and draws every control anew."""
    st.session_state[_BOARD] = Board(tuple(scenarios), active, board().generation + 1)


def edit(scenario: Scenario) -> None:
    """What the controls say now; they stay as they are."""
    shown = board()
    changed = tuple(
        scenario if place == shown.active else known for place, known in enumerate(shown.scenarios)
    )
    st.session_state[_BOARD] = replace(shown, scenarios=changed)


def activate(place: int) -> None:
    """Puts the controls on another scenario."""
    shown = board()
    if 0 <= place < len(shown.scenarios) and place != shown.active:
        show(shown.scenarios, place)


def add(scenario: Scenario) -> None:
    """Stands one more beside the others and puts the controls on it; nothing where four stand already."""
    shown = board()
    if len(shown.scenarios) < MOST:
        show((*shown.scenarios, shown.named(scenario)), len(shown.scenarios))


def take_out() -> None:
    """Takes the current one away; the last one becomes the recommendation again."""
    shown = board()
    others = [known for place, known in enumerate(shown.scenarios) if place != shown.active]
    show(others or [Scenario(name=s.WHATIF_FIRST_NAME)], max(0, shown.active - 1))
