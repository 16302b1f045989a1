"""What logs suggest, workload by workload, and the two presses that answer it for many at once."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from reports.confirming import Suggestion, suggestions
from reports.format import label_title, lane_title, usd_short
from reports.model import NOTHING, STAY, Analysis, Range
from reports.workbench import Workbench
from triage.durations import duration_text
from ui import amounts, state
from ui import strings as s
from ui.filters import Shown
from ui.text import md, short

_NOTICE = "confirm_notice"
_GENERATION = "confirm_generation"
HEADER_PIXELS = 37
ROW_PIXELS = 94
"""Five lines of evidence; Streamlit wraps cells only in rows of more than twice its own height."""
ROWS_SHOWN = 6
NOTE_LENGTH = 160


@st.cache_resource(max_entries=4, show_spinner=False)
def _suggestions(path: str, fingerprint: str, analysis_of: str) -> tuple[Suggestion, ...]:
    del path, fingerprint, analysis_of
    return suggestions(state.inputs(), state.analysis())


def editor(bench: Workbench, analysis: Analysis, shown: Shown) -> None:
    """The suggestions for the shown workloads with one press for many, and the last press to take back."""
    if shown.changed:
        st.session_state[_GENERATION] = _generation() + 1  # ticks belong to rows, and these are others
    _notice(bench, analysis)
    listed: tuple[Suggestion, ...] = ()
    if any(result.verdict.suggested for result in analysis.workloads):
        listed = _suggestions(str(bench.workspace.path), bench.fingerprint(), analysis.as_of.isoformat())
        listed = tuple(item for item in listed if item.workload in shown.names)
    if not listed:
        return
    with st.expander(s.confirm_title(len(listed)), expanded=True, icon=":material/how_to_reg:"):
        st.caption(s.CONFIRM_HOW)
        chosen = _choice(listed)
        able = [item for item in chosen if item.confirming is not None]
        st.markdown(s.confirm_ticked(len(chosen), len(listed), _together(able)))
        st.caption(" ".join(_meanings(listed)))
        with st.container(horizontal=True):
            if st.button(
                s.confirm_button(len(able)),
                type="primary",
                icon=":material/check:",
                disabled=not able,
                key="confirm_yes",
            ):
                _done(bench.confirming().confirm(able, author=state.author()), analysis, refused=False)
            if st.button(
                s.CONFIRM_REFUSE,
                icon=":material/front_hand:",
                disabled=not chosen,
                help=s.CONFIRM_REFUSE_HELP,
                key="confirm_no",
            ):
                names = [item.workload for item in chosen]
                _done(bench.confirming().refuse(names, author=state.author()), analysis, refused=True)


def _generation() -> int:
    return int(st.session_state.get(_GENERATION, 0))


def _choice(listed: Sequence[Suggestion]) -> list[Suggestion]:
    """The ticked rows; at first none, because nobody has looked at them yet."""
    frame = pd.DataFrame(
        {
            s.COL_WORKLOAD: [item.workload for item in listed],
            s.COL_SUGGESTED: [label_title(item.label) for item in listed],
            s.COL_CONFIDENCE: [item.confidence for item in listed],
            s.COL_SUGGESTED_BY: [item.evidence for item in listed],
            s.COL_IF_CONFIRMED: [
                None if item.confirming is None else amounts.rounded(item.saving.base) for item in listed
            ],
            s.COL_CONFIRM_LANE: [
                s.STAYS.capitalize() if item.lane == STAY else lane_title(item.lane) for item in listed
            ],
        }
    )
    event = st.dataframe(
        frame,
        key=f"confirm_rows_{_generation()}",
        hide_index=True,
        row_height=ROW_PIXELS,
        height=HEADER_PIXELS + ROW_PIXELS * min(len(listed), ROWS_SHOWN),
        on_select="rerun",
        selection_mode="multi-row",
        placeholder=s.NOT_KNOWN,
        alt=s.ALT_CONFIRM,
        column_config={
            s.COL_WORKLOAD: st.column_config.TextColumn(width=118),
            s.COL_SUGGESTED: st.column_config.TextColumn(width=112),
            s.COL_CONFIDENCE: st.column_config.NumberColumn(
                format="percent", help=s.HOW_CONFIRM_CONFIDENCE, width=84
            ),
            s.COL_SUGGESTED_BY: st.column_config.TextColumn(width=310),
            s.COL_IF_CONFIRMED: amounts.column(help=s.HOW_CONFIRM_SAVING, width=112),
            s.COL_CONFIRM_LANE: st.column_config.TextColumn(width=100),
        },
    )
    return [listed[row] for row in event.selection.rows if row < len(listed)]


def _together(chosen: Sequence[Suggestion]) -> Range:
    return sum((item.saving for item in chosen), NOTHING)


def _meanings(listed: Sequence[Suggestion]) -> list[str]:
    """What a confirmation declares, label by label, and which rows a press cannot confirm."""
    waits = {
        item.label: int(item.confirming["max_wait_ms"])
        for item in listed
        if item.confirming is not None and "max_wait_ms" in item.confirming
    }
    said = [s.confirm_means(label, duration_text(wait_ms)) for label, wait_ms in waits.items()]
    unable = [md(short(item.workload)) for item in listed if item.confirming is None]
    return [*said, *([s.confirm_not_by_press(", ".join(unable))] if unable else [])]


def _done(workloads: int, analysis: Analysis, *, refused: bool) -> None:
    st.session_state[_NOTICE] = (workloads, refused, analysis.totals.saving_per_year.base)
    st.session_state[_GENERATION] = _generation() + 1
    st.rerun()


def _notice(bench: Workbench, analysis: Analysis) -> None:
    """What the last press did, and the way back for as long as nobody declared anything since."""
    said = st.session_state.pop(_NOTICE, None)
    if isinstance(said, str):
        st.info(said, icon=":material/undo:")
    elif said is not None:
        workloads, refused, before = said
        after = analysis.totals.saving_per_year.base
        st.success(
            s.confirm_saved(workloads, refused, md(usd_short(before)), md(usd_short(after))),
            icon=":material/check_circle:",
        )
    last = bench.confirming().last()
    if last is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(
            s.confirm_last(md(last.author), last.at_utc, md(short(last.note, NOTE_LENGTH))), width="stretch"
        )
        if st.button(s.CONFIRM_UNDO, icon=":material/undo:", key="confirm_undo"):
            undone = bench.confirming().undo(last, author=state.author())
            st.session_state[_NOTICE] = s.CONFIRM_UNDONE if undone else s.CONFIRM_CHANGED
            st.rerun()
