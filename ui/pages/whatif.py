"""Scenarios: other lanes, hit rates, volumes, models and prices, and the month each of them makes."""

import streamlit as st

from ui import display, replay, sections, state, whatif_board, whatif_controls, whatif_menu, whatif_results
from ui import strings as s
from ui.text import md

analysis = state.analysis()
st.title(s.WHATIF_TITLE, anchor=False)
if not any(result.parts for result in analysis.workloads):
    sections.nothing_yet(s.WHATIF_EMPTY_TITLE, s.WHATIF_EMPTY_BODY)
    st.stop()
st.caption(s.WHATIF_CAPTION, help=s.terms(*s.TERMS_WHATIF))
whatif_board.read_address()


# Everything below answers a moved control alone, without the rest of the page.
@st.fragment
def scenarios() -> None:
    """The toolbar and the figures, then the controls on one side and on the other what they make."""
    display.use()
    whatif_menu.toolbar()
    figures = st.container()  # above the controls that make them: on a small screen they come first
    shown = whatif_board.board()
    left, right = st.columns([5, 9], gap="medium")
    with left:
        prefix = f"whatif_{shown.generation}"
        whatif_board.edit(whatif_controls.controls(shown.current, analysis, prefix))
    problem = whatif_board.write_address()
    shown = whatif_board.board()
    results = state.scenarios(shown.scenarios)
    with figures:
        whatif_results.figures(analysis, results[shown.active])
    with right:
        if problem is not None:
            st.warning(md(problem), title=s.WHATIF_TOO_LONG, icon=":material/link_off:")
        whatif_results.show(results, shown.active)
        whatif_menu.downloads(results)


scenarios()
replay.section()
