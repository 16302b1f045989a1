"""A change of prices on its way in: its problems or what it would do, the note, Apply and Discard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from pricing.edit_check import Problem
from pricing.model import PriceRow
from reports import explain_inputs
from reports.format import lane_title, usd
from reports.price_preview import PricePreview
from ui import components as c
from ui import explain, state
from ui import strings as s
from ui.text import md

_GENERATION = "prices_generation"
_NOTICE = "prices_notice"
PROBLEMS_HEIGHT = 420
PROBLEMS_BEFORE_SCROLLING = 10


@dataclass(frozen=True)
class Pending:
    """What is asked for: sentences or placed faults that stand against it, else how to see and apply it.

    `apply` is given the note and `applied` the saving a year before and after, as Markdown.
    """

    problems: tuple[str, ...]
    faults: tuple[Problem, ...]
    preview: Callable[[], PricePreview]
    apply: Callable[[str], None]
    applied: Callable[[str, str], str]
    note: str

    @property
    def sound(self) -> bool:
        """Whether it may be applied."""
        return not self.problems and not self.faults


def of_rows(
    rows: Sequence[PriceRow], problems: Sequence[str] = (), *, note: str, faults: Sequence[Problem] = ()
) -> Pending:
    """Checked price rows that wait to be laid over the table."""
    asked = tuple(rows)

    def apply(said: str) -> None:
        state.workbench().apply_prices(asked, author=state.author(), note=said)

    return Pending(
        tuple(problems),
        tuple(faults),
        lambda: state.price_preview(asked),
        apply,
        lambda before, after: s.prices_applied(len(asked), before, after),
        note,
    )


def generation() -> int:
    """Changes whenever something was applied or discarded, so that fields keyed by it start afresh."""
    return int(st.session_state.get(_GENERATION, 0))


def panel(pending: Pending) -> None:
    """Problems to mend, or what the change would do, and the buttons that apply or discard it."""
    if pending.faults:
        _fault_table(pending.faults)
    if pending.problems:
        st.error(
            "\n".join(f"- {problem}" for problem in pending.problems),
            title=s.PRICES_PROBLEMS,
            icon=":material/error:",
        )
    if pending.sound:
        _preview(pending.preview())
    note = st.text_input(
        s.PRICES_NOTE, placeholder=s.PRICES_NOTE_PLACEHOLDER, key="prices_note", max_chars=200
    )
    with st.container(horizontal=True):
        if st.button(
            s.PRICES_APPLY,
            type="primary",
            icon=":material/check:",
            disabled=not pending.sound,
            key="prices_apply",
        ):
            before = state.analysis().totals.saving_per_year.base
            pending.apply(note.strip() or pending.note)
            after = state.analysis().totals.saving_per_year.base
            done(pending.applied(md(usd(before)), md(usd(after))))
        if st.button(s.PRICES_DISCARD, icon=":material/close:", key="prices_discard"):
            done(None)


def _fault_table(faults: Sequence[Problem]) -> None:
    rows = len({problem.row for problem in faults if problem.row})
    st.error(s.file_problems(len(faults), rows), icon=":material/error:")
    long = len(faults) > PROBLEMS_BEFORE_SCROLLING
    with st.container(height=PROBLEMS_HEIGHT if long else "content", border=long):
        c.table(
            {
                s.COL_ROW: [str(problem.row) if problem.row else s.WHOLE_FILE for problem in faults],
                s.COL_COLUMN: [md(problem.column or s.NOT_KNOWN_DASH) for problem in faults],
                s.COL_PROBLEM: [md(problem.sentence) for problem in faults],
            },
            alt=s.PRICES_FAULTS_ALT,
        )


def _preview(preview: PricePreview) -> None:
    st.info(s.prices_change(preview), icon=":material/difference:")
    with st.grid(2, min_column_width=240):
        explain.figure(
            s.PRICES_SPEND_AFTER,
            md(usd(preview.spend_after_micro_usd)),
            "spend_after",
            lambda: explain_inputs.changed_spend(preview),
            about=s.HOW_PREVIEW_SPEND,
            was=md(s.was(usd(preview.spend_before_micro_usd))),
        )
        explain.figure(
            s.PRICES_SAVING_AFTER,
            md(usd(preview.saving_after_micro_usd)),
            "saving_after",
            lambda: explain_inputs.changed_saving(preview),
            about=s.HOW_PREVIEW_SAVING,
            was=md(s.was(usd(preview.saving_before_micro_usd))),
        )
    if preview.lane_changes:
        st.markdown(
            "\n".join(
                "- " + s.lane_change(md(workload), lane_title(before), lane_title(after))
                for workload, before, after in preview.lane_changes
            )
        )


def done(message: str | None) -> None:
    """Starts the page afresh, so that what was applied or discarded is not pending any more."""
    st.session_state[_GENERATION] = generation() + 1
    if message is not None:
        st.session_state[_NOTICE] = message
    st.rerun()


def notice() -> None:
    """What the last change did, once."""
    message = st.session_state.pop(_NOTICE, None)
    if message:
        st.success(message, icon=":material/check_circle:")
