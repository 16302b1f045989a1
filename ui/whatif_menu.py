"""What can be done with scenarios besides editing one: keep, copy, compare, share and take along."""

from collections.abc import Callable, Sequence
from functools import partial

import streamlit as st

from reports import scenario_export
from reports.saved_scenarios import SavedScenarios
from reports.scenario import MAX_NAME, Scenario
from reports.scenario_link import ScenarioError, read
from reports.whatif import ScenarioResult
from reports.workbench import today
from ui import state, whatif_board
from ui import strings as s
from ui.text import md, short

_SAID = "whatif_said"
"""Session key of what the last action has to say, shown once: (went well, Markdown)."""


def toolbar() -> None:
    """Which scenario the controls change, and the menu."""
    shown = whatif_board.board()
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if len(shown.scenarios) > 1:
            key = f"whatif_pick_{shown.generation}"
            st.segmented_control(
                s.WHATIF_PICK,
                range(len(shown.scenarios)),
                default=shown.active,
                required=True,
                format_func=lambda place: md(short(shown.scenarios[place].name, 28)),
                label_visibility="collapsed",
                key=key,
                on_change=lambda: whatif_board.activate(st.session_state[key]),
            )
        with st.popover(
            s.WHATIF_MENU, icon=":material/bookmarks:", key="whatif_menu", on_change="rerun"
        ) as menu:
            if menu.open:
                _menu(shown)
        with st.popover(s.WHATIF_SHARE, icon=":material/share:"):
            st.markdown(s.WHATIF_SHARE_BODY)
    _say()


def downloads(results: Sequence[ScenarioResult]) -> None:
    """The scenarios shown as files."""
    name = s.whatif_file(today())
    with st.container(horizontal=True):
        st.download_button(
            s.WHATIF_CSV,
            data=lambda: scenario_export.csv_text(results),
            file_name=f"{name}.csv",
            mime="text/csv",
            icon=":material/table_view:",
            on_click="ignore",
            key="whatif_csv",
        )
        st.download_button(
            s.WHATIF_JSON,
            data=lambda: scenario_export.json_text(results),
            file_name=f"{name}.json",
            mime="application/json",
            icon=":material/data_object:",
            on_click="ignore",
            key="whatif_json",
        )


def _menu(shown: whatif_board.Board) -> None:
    saved = state.workbench().scenarios()
    current = shown.current
    name_key = f"whatif_name_{shown.generation}"
    st.text_input(s.WHATIF_NAME, current.name, max_chars=MAX_NAME, key=name_key)
    with st.container(horizontal=True):
        _button(s.WHATIF_SAVE, "save", partial(_save, saved, name_key), icon="save", primary=True)
        _button(s.WHATIF_SAVE_AGAIN, "save_again", partial(_save, saved, name_key, replace=True), icon="sync")
    full = len(shown.scenarios) >= whatif_board.MOST
    with st.container(horizontal=True):
        _button(
            s.WHATIF_DUPLICATE,
            "duplicate",
            partial(whatif_board.add, current),
            icon="content_copy",
            disabled=full,
        )
        _button(
            s.WHATIF_CLOSE,
            "close",
            whatif_board.take_out,
            icon="close",
            disabled=len(shown.scenarios) == 1,
        )
        _button(s.WHATIF_RESET, "reset", _reset, icon="restart_alt")
    if full:
        st.caption(s.WHATIF_FOUR)
    st.header(s.WHATIF_SAVED, anchor=False)
    known = saved.all()
    if not known:
        st.caption(s.WHATIF_SAVED_NONE)
    else:
        names = [scenario.name for scenario in known]
        picked = st.selectbox(
            s.WHATIF_SAVED,
            names,
            names.index(current.name) if current.name in names else 0,
            format_func=str,
            label_visibility="collapsed",
            key="whatif_saved_pick",
        )
        name = picked if picked in names else names[0]
        with st.container(horizontal=True):
            opened = known[names.index(name)]
            _button(
                s.WHATIF_OPEN,
                "open",
                partial(whatif_board.add, opened),
                icon="add_column_right",
                disabled=full,
            )
            _button(s.WHATIF_RENAME, "rename", partial(_rename, saved, name, name_key), icon="edit")
            _button(s.WHATIF_DELETE, "delete", partial(_delete, saved, name), icon="delete")
    _button(
        s.WHATIF_UNDO,
        "undo",
        partial(saved.undo, author=state.author()),
        icon="undo",
        disabled=not saved.can_undo(),
    )


def _button(
    label: str,
    name: str,
    action: Callable[[], object],
    *,
    icon: str,
    primary: bool = False,
    disabled: bool = False,
) -> None:
    st.button(
        label,
        key=f"whatif_{name}",
        icon=f":material/{icon}:",
        type="primary" if primary else "secondary",
        disabled=disabled,
        on_click=partial(_attempt, action),
    )


def _attempt(action: Callable[[], object]) -> None:
    try:
        action()
    except ScenarioError as error:
        st.session_state[_SAID] = (False, md(str(error)))


def _say() -> None:
    said: tuple[bool, str] | None = st.session_state.pop(_SAID, None)
    if said is not None:
        went_well, text = said
        (st.success if went_well else st.error)(
            text, icon=":material/check:" if went_well else ":material/error:"
        )


def _save(saved: SavedScenarios, name_key: str, *, replace: bool = False) -> None:
    shown = whatif_board.board()
    named = read({**shown.current.model_dump(), "name": st.session_state[name_key]})
    saved.save(named, author=state.author(), replace=replace)
    others = list(shown.scenarios)
    others[shown.active] = named
    whatif_board.show(others, shown.active)
    st.session_state[_SAID] = (True, s.whatif_saved(md(named.name)))


def _rename(saved: SavedScenarios, name: str, name_key: str) -> None:
    renamed = saved.rename(name, st.session_state[name_key], author=state.author())
    shown = whatif_board.board()
    scenarios = [
        known.model_copy(update={"name": renamed.name}) if known.name == name else known
        for known in shown.scenarios
    ]
    whatif_board.show(scenarios, shown.active)
    st.session_state[_SAID] = (True, s.whatif_saved(md(renamed.name)))


def _delete(saved: SavedScenarios, name: str) -> None:
    saved.delete(name, author=state.author())
    st.session_state[_SAID] = (True, s.whatif_deleted(md(name)))


def _reset() -> None:
    shown = whatif_board.board()
    scenarios = list(shown.scenarios)
    scenarios[shown.active] = Scenario(name=shown.current.name)
    whatif_board.show(scenarios, shown.active)
