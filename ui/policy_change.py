"""A policy on its way in: what to mend, or what it would change workload by workload, and the save."""

from collections.abc import Sequence

import streamlit as st

from data.errors import WorkspaceError
from reports import explain_inputs
from reports.format import lane_title, usd
from reports.model import STAY, WorkloadResult
from reports.policy_book import Fault, check
from reports.policy_preview import Effect, PolicyPreview, preview
from reports.workbench import Workbench
from ui import components as c
from ui import explain, policy_draft, policy_log, state
from ui import strings as s
from ui.policy_draft import Draft
from ui.text import md

TABLE_HEIGHT = 520
ROWS_BEFORE_SCROLLING = 12


@st.cache_resource(max_entries=8, show_spinner=False)
def _previewed(path: str, fingerprint: str, analysis_of: str, text: str) -> PolicyPreview | None:
    del path, fingerprint, analysis_of
    policy = check(text).policy
    return None if policy is None else preview(state.inputs(), state.analysis(), policy)


def panel(bench: Workbench, draft: Draft) -> None:
    """While the text is not the one in force, or cannot be used: problems or effects, and the buttons."""
    found = check(draft.text)
    if not draft.pending and found.policy is not None:
        return
    with st.container(border=True):
        st.header(s.POLICY_PENDING, anchor=False)
        if found.policy is None:
            _faults(found.faults)
        else:
            _effect(bench, draft)
        note = st.text_input(
            s.POLICY_NOTE,
            placeholder=s.POLICY_NOTE_PLACEHOLDER,
            key=f"policy_note_{policy_draft.generation()}",
            max_chars=200,
        )
        with st.container(horizontal=True):
            if st.button(
                s.POLICY_SAVE,
                type="primary",
                icon=":material/save:",
                disabled=found.policy is None,
                key="policy_save",
            ):
                _save(bench, draft, note.strip())
            if st.button(s.POLICY_DISCARD, icon=":material/close:", key="policy_discard"):
                policy_draft.edit(None)
                st.rerun()
            st.download_button(
                s.POLICY_DRAFT_DOWNLOAD,
                data=draft.text,
                file_name="lanewise-policy-draft.yaml",
                mime="application/yaml",
                icon=":material/download:",
                on_click="ignore",
                key="policy_draft_download",
            )


def _save(bench: Workbench, draft: Draft, note: str) -> None:
    book = bench.policy_book()
    before = _saving()
    try:
        book.save(
            draft.text,
            author=state.author(),
            note=note or draft.note,
            preset=draft.preset or None,
            expected=draft.base,
        )
    except WorkspaceError as refusal:
        c.problem(refusal)
        return
    title, after = md(book.in_force().used.title), _saving()
    policy_draft.edit(None)
    policy_log.say(
        s.policy_saved(title, before, after) if before and after else s.policy_saved_only(title),
    )


def _saving() -> str | None:
    """The projected saving as it is now, as Markdown; None while the policy in force cannot be used."""
    try:
        return md(usd(state.analysis().totals.saving_per_year.base))
    except WorkspaceError:
        return None


def _faults(faults: Sequence[Fault]) -> None:
    st.error(s.policy_faults(len(faults)), icon=":material/error:")
    with _scrolling(len(faults)):
        c.table(
            {
                s.COL_LINE: [s.WHOLE_FILE if fault.line is None else str(fault.line) for fault in faults],
                s.COL_COLUMN_NUMBER: ["" if fault.column is None else str(fault.column) for fault in faults],
                s.COL_MEND: [md(fault.sentence) for fault in faults],
                s.COL_AS_WRITTEN: [md(fault.text) for fault in faults],
            },
            alt=s.ALT_POLICY_FAULTS,
        )
    st.caption(s.POLICY_FURTHER)


def _effect(bench: Workbench, draft: Draft) -> None:
    try:
        analysis = state.analysis()
    except WorkspaceError:
        st.info(s.POLICY_NO_PREVIEW, icon=":material/info:")
        return
    found = _previewed(str(bench.workspace.path), bench.fingerprint(), analysis.as_of.isoformat(), draft.text)
    if found is None:
        return
    st.info(s.policy_effect(found), icon=":material/difference:")
    if not found.effects:
        return
    with st.grid(2, min_column_width=240):
        explain.figure(
            s.POLICY_SAVING_AFTER,
            md(usd(found.saving_after.base)),
            "policy_saving",
            lambda: explain_inputs.policy_saving(found, analysis.price_version),
            about=s.HOW_POLICY_SAVING,
            was=md(s.was(usd(found.saving_before.base))),
        )
        explain.figure(
            s.POLICY_POTENTIAL_AFTER,
            md(usd(found.potential_after.base)),
            "policy_potential",
            lambda: explain_inputs.policy_potential(found, analysis.price_version),
            about=s.HOW_POLICY_POTENTIAL,
            was=md(s.was(usd(found.potential_before.base))),
        )
    with _scrolling(len(found.effects)):
        _table(found.effects)
    if any(effect.hours for effect in found.effects):
        st.caption(s.POLICY_HALVES)


def _table(effects: Sequence[Effect]) -> None:
    c.table(
        {
            s.COL_WORKLOAD: [_name(effect) for effect in effects],
            s.COL_LABEL: [
                s.now_then(
                    c.label_badge(effect.before.verdict.label), c.label_badge(effect.after.verdict.label)
                )
                for effect in effects
            ],
            s.COL_FROM_LANE: [s.now_then(_lane(effect.before), _lane(effect.after)) for effect in effects],
            s.COL_SAVING_CHANGE: [
                s.now_then(
                    md(usd(effect.before.saving_per_year.base)), md(usd(effect.after.saving_per_year.base))
                )
                for effect in effects
            ],
        },
        alt=s.ALT_POLICY_PREVIEW,
    )
    # Sentences in a cell would be a word wide on a narrow screen.
    st.markdown("\n".join(f"- **{_name(effect)}**: {md(effect.why)}" for effect in effects))


def _name(effect: Effect) -> str:
    hours = f" :small[{s.hours_text(effect.hours)} UTC]" if effect.hours else ""
    return f"{md(effect.workload)}{hours}"


def _lane(result: WorkloadResult) -> str:
    return s.STAYS if result.recommended_lane == STAY else md(lane_title(result.recommended_lane))


def _scrolling(rows: int) -> "st.delta_generator.DeltaGenerator":
    """Many rows scroll in a window of their own, so that the buttons stay in reach."""
    long = rows > ROWS_BEFORE_SCROLLING
    return st.container(height=TABLE_HEIGHT if long else "content", border=long)
