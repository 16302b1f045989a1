"""The upload on the Data page: files in, progress while they are read, a summary of each afterwards."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st
from streamlit.typing import UploadedFile

from data.errors import LanewiseDataError
from data.formats import FORMATS, format_named
from data.ingest import ImportOutcome, Progress
from reports.workbench import Workbench
from ui import datasets, nav, state, uploads
from ui import strings as s
from ui.text import md, short

AUTOMATIC = "auto"
_SETTLING_SHARE = 0.9
"""Where the bar stands while what is left takes an unknown time."""
_GENERATION = "upload_generation"
_RESULTS = "import_results"


@dataclass(frozen=True)
class Result:
    """What became of one uploaded file: an outcome, or the problem that kept it out."""

    name: str
    outcome: ImportOutcome | None
    title: str = ""
    message: str = ""


def uploader(bench: Workbench) -> None:
    """The file field, the format choice and the button that imports what was chosen."""
    generation = st.session_state.get(_GENERATION, 0)
    with st.container(border=True):
        files = st.file_uploader(
            s.UPLOAD_LABEL,
            accept_multiple_files=True,
            key=f"upload_{generation}",
            help=s.UPLOAD_HELP,
            max_upload_size=uploads.MAX_UPLOAD_MB,
        )
        with st.container(horizontal=True, vertical_alignment="bottom"):
            chosen = st.selectbox(
                s.FORMAT_LABEL,
                [AUTOMATIC, *(item.name for item in FORMATS)],
                format_func=lambda name: s.FORMAT_AUTO if name == AUTOMATIC else format_named(name).title,
                help=s.FORMAT_HELP,
                key="upload_format",
                width=320,
            )
            wanted = st.button(
                s.upload_button(len(files)),
                type="primary",
                icon=":material/upload_file:",
                disabled=not files,
                key="upload_import",
            )
        st.caption(s.UPLOAD_PRIVACY)
    if wanted and files:
        st.session_state[_RESULTS] = _import_all(bench, files, None if chosen == AUTOMATIC else chosen)
        st.session_state[_GENERATION] = generation + 1
        st.rerun()


def _import_all(bench: Workbench, files: Sequence[UploadedFile], format_name: str | None) -> list[Result]:
    results = []
    with st.status(s.importing(len(files)), expanded=True) as status:
        for uploaded in files:
            name = uploaded.name
            line = st.progress(0.0, text=s.import_step(md(short(name)), s.STAGE_COPY))

            def show(
                progress: Progress, name: str = name, line: st.delta_generator.DeltaGenerator = line
            ) -> None:
                done = progress.fraction if progress.fraction is not None else _SETTLING_SHARE
                line.progress(done, text=s.import_step(md(short(name)), s.stage(progress.stage)))

            results.append(_import_one(bench, uploaded, format_name, show))
            line.progress(1.0, text=s.import_step(md(short(name)), s.STAGE_DONE))
        failed = sum(result.outcome is None for result in results)
        status.update(
            label=s.imported(len(results) - failed, failed), state="error" if failed else "complete"
        )
    return results


def _import_one(
    bench: Workbench,
    uploaded: UploadedFile,
    format_name: str | None,
    show: Callable[[Progress], None],
) -> Result:
    try:
        with bench.workspace.scratch() as folder:
            path = uploads.copy_to(folder, uploaded)
            uploads.free(uploaded)
            outcome = bench.import_file(
                path, display_name=uploaded.name, format_name=format_name, on_progress=show
            )
    except LanewiseDataError as error:
        return Result(uploaded.name, None, error.title, error.message)
    return Result(uploaded.name, outcome)


def results() -> None:
    """What became of the files imported last, until other files are or the person dismisses it."""
    done: list[Result] = st.session_state.get(_RESULTS, [])
    if not done:
        return
    st.subheader(s.RESULTS_TITLE, anchor=False)
    for result in done:
        if result.outcome is None:
            st.error(
                md(result.message),
                title=f"{md(short(result.name))}: {md(result.title)}",
                icon=":material/error:",
            )
        else:
            _summary(result.name, result.outcome)
    with st.container(horizontal=True):
        if any(result.outcome is not None for result in done) and st.button(
            s.RESULTS_NEXT, type="primary", icon=":material/arrow_forward:", key="results_next"
        ):
            st.switch_page(nav.OVERVIEW)
        if st.button(s.RESULTS_DISMISS, icon=":material/close:", key="results_dismiss"):
            del st.session_state[_RESULTS]
            st.rerun()


def _summary(name: str, outcome: ImportOutcome) -> None:
    with st.container(border=True):
        st.markdown(f"**{md(name)}**")
        st.caption(
            s.recognised(datasets.format_title(outcome.format), md(outcome.container), md(outcome.token_rule))
        )
        if outcome.notice:
            st.info(md(outcome.notice), icon=":material/info:")
        cost, coverage = (None, None)
        if outcome.dataset_id is not None and outcome.dataset_id in state.dataset_ids():
            cost, coverage = state.import_cost(outcome.dataset_id)
        datasets.counts(
            read=outcome.read,
            accepted=outcome.accepted,
            rejected=outcome.rejected,
            duplicates=outcome.duplicates,
            undated=outcome.undated,
            cost=cost,
            coverage=coverage,
        )
        if outcome.first_rejects:
            datasets.rejects_table(outcome.first_rejects, outcome.rejected)
        if outcome.first_duplicate_lines:
            st.caption(s.duplicate_lines(outcome.first_duplicate_lines, outcome.duplicates))
        if outcome.dataset_id is None:
            st.caption(s.NOTHING_NEW)
