"""What a person declares about a workload, saved as said, with its effect shown and its history."""

from collections.abc import Mapping

import streamlit as st

from data.declared import Declared, format_duration
from reports.format import label_title, usd_short
from reports.model import WorkloadResult
from reports.workbench import Workbench
from triage.model import TRIGGERS
from ui import components as c
from ui import state
from ui import strings as s
from ui.text import md

_NOTICE = "sla_notice"
_YES_NO: Mapping[str | None, bool | None] = {"yes": True, "no": False, "unsaid": None}


def editor(bench: Workbench, result: WorkloadResult) -> None:
    """The facts that decide a label, as a form; saving re-labels and re-prices at once."""
    said = next((item for item in bench.workspace.declared() if item.name == result.workload), None)
    st.subheader(s.SLA_TITLE, help=s.HOW_SLA, anchor=False)
    with st.form(f"sla_{result.workload}"):
        waiting = st.segmented_control(
            s.SLA_WAITING,
            list(_YES_NO),
            default=_answer(said.user_waiting if said else None),
            required=True,
            format_func=s.yes_no,
            help=s.SLA_WAITING_HELP,
            key=f"sla_waiting_{result.workload}",
        )
        max_wait = st.text_input(
            s.SLA_MAX_WAIT,
            value=_wait_text(said),
            placeholder=s.SLA_MAX_WAIT_PLACEHOLDER,
            help=s.SLA_MAX_WAIT_HELP,
            key=f"sla_max_wait_{result.workload}",
        )
        trigger = st.selectbox(
            s.SLA_TRIGGER,
            [None, *TRIGGERS],
            index=[None, *TRIGGERS].index(said.trigger if said else None),
            format_func=s.trigger_title,
            help=s.SLA_TRIGGER_HELP,
            key=f"sla_trigger_{result.workload}",
        )
        sequential = st.segmented_control(
            s.SLA_SEQUENTIAL,
            list(_YES_NO),
            default=_answer(said.sequential if said else None),
            required=True,
            format_func=s.yes_no,
            help=s.SLA_SEQUENTIAL_HELP,
            key=f"sla_sequential_{result.workload}",
        )
        saved = st.form_submit_button(s.SLA_SAVE, type="primary", icon=":material/save:", width="stretch")
    if not saved:
        return
    try:
        bench.declare(
            result.workload,
            author=state.author(),
            user_waiting=_YES_NO[waiting],
            max_wait=max_wait.strip() or None,
            trigger=trigger,
            sequential=_YES_NO[sequential],
        )
    except ValueError as refusal:
        st.error(md(str(refusal)), title=s.SLA_REFUSED, icon=":material/error:")
        return
    st.session_state[_NOTICE] = (result.workload, result.verdict.label, result.saving_per_year.base)
    st.rerun()


def notice(result: WorkloadResult) -> None:
    """Once after saving: which label and saving the workload had and has now."""
    before = st.session_state.get(_NOTICE)
    if before is None or before[0] != result.workload:
        return
    del st.session_state[_NOTICE]
    _, label, worth = before
    moved = label != result.verdict.label
    st.success(
        s.sla_effect(
            label_title(label) if moved else None,
            c.label_badge(result.verdict.label),
            md(usd_short(worth)),
            md(usd_short(result.saving_per_year.base)),
        ),
        title=s.SLA_SAVED,
        icon=":material/check_circle:",
    )


def history(bench: Workbench, workload: str) -> None:
    """What people declared about a workload: who, when, what; newest first."""
    about = f"{workload}: "
    versions = [item for item in bench.declaration_history() if item.note.startswith(about)]
    with st.expander(s.SLA_HISTORY, icon=":material/history:"):
        if not versions:
            st.caption(s.SLA_NO_HISTORY)
            return
        c.table(
            {
                s.col_when(): [s.moment(version.at_utc) for version in versions],
                s.COL_WHO: [md(version.author) for version in versions],
                s.COL_WHAT: [md(s.declared_facts(version.note.removeprefix(about))) for version in versions],
            },
            alt=s.SLA_HISTORY,
        )


def _answer(value: bool | None) -> str:
    return "unsaid" if value is None else "yes" if value else "no"


def _wait_text(said: Declared | None) -> str:
    return "" if said is None or said.max_wait_ms is None else format_duration(said.max_wait_ms)
