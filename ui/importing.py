"""The upload on the Data page: files in, progress while they are read, a summary of each afterwards."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st
from streamlit.typing import UploadedFile

from data.errors import LanewiseDataError, UnknownFormatError
from data.formats import FORMATS, format_named
from data.formats.mapped import PREFIX
from data.ingest import ImportOutcome, UnusableMember
from data.progress import Progress
from reports.workbench import Workbench
from ui import datasets, mapping_form, nav, state, uploads
from ui import strings as s
from ui.mapping_form import Unmapped
from ui.text import md, short

AUTOMATIC = "auto"
_SETTLING_SHARE = 0.9
"""Where the bar stands while what is left takes an unknown time."""
_GENERATION = "upload_generation"
_RESULTS = "import_results"
_UNMAPPED = "import_unmapped"

Read = Callable[[Path, str, Callable[[Progress], None]], Iterable[ImportOutcome | UnusableMember]]
"""Imports the copy of an upload, and all that is packed in it, under its name, telling how far it is."""


@dataclass(frozen=True)
class Result:
    """What became of one uploaded file: an outcome, the problem that kept it out, or a file to map."""

    name: str
    outcome: ImportOutcome | None
    title: str = ""
    message: str = ""
    unmapped: Unmapped | None = None


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
                [
                    AUTOMATIC,
                    *(item.name for item in FORMATS),
                    *(PREFIX + item.name for item in bench.mappings()),
                ],
                format_func=_format_option,
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
        format_name = None if chosen == AUTOMATIC else chosen

        def read(
            path: Path, name: str, show: Callable[[Progress], None]
        ) -> Iterable[ImportOutcome | UnusableMember]:
            return bench.import_all(path, display_name=name, format_name=format_name, on_progress=show)

        done = _import_all(bench, files, read)
        waiting = [result.unmapped for result in done if result.unmapped is not None]
        st.session_state[_UNMAPPED] = [*st.session_state.get(_UNMAPPED, []), *waiting]
        st.session_state[_RESULTS] = [result for result in done if result.unmapped is None]
        st.session_state[_GENERATION] = generation + 1
        st.rerun()


def waits_for_mapping() -> bool:
    """Whether an upload waits to be told what its columns mean."""
    return bool(st.session_state.get(_UNMAPPED))


def mapping(bench: Workbench) -> None:
    """The form for an upload that nobody knows, and the import of all that the mapping serves."""
    waiting: list[Unmapped] = st.session_state.get(_UNMAPPED, [])
    if not waiting:
        return
    asked, *others = waiting
    decision = mapping_form.show(bench, asked, others)
    if decision is None:
        return
    chosen = decision.mapping
    if chosen is None:
        st.session_state[_UNMAPPED] = others
        st.rerun()
    shape = asked.proposal.sample.signature
    served = [item for item in waiting if item.proposal.sample.signature == shape]

    def read(path: Path, name: str, show: Callable[[Progress], None]) -> Iterable[ImportOutcome]:
        yield bench.import_mapped(path, chosen, author=state.author(), display_name=name, on_progress=show)

    done = _import_all(bench, [item.uploaded for item in served], read)
    refused = [result for result in done if result.outcome is None]
    if len(refused) == len(done):
        # The form stays, so that the name or a column can be changed.
        for result in refused:
            st.error(md(result.message), title=md(result.title), icon=":material/error:")
        return
    st.session_state[_UNMAPPED] = [item for item in others if item not in served]
    st.session_state[_RESULTS] = done
    st.rerun()


def _import_all(bench: Workbench, files: Sequence[UploadedFile], read: Read) -> list[Result]:
    results: list[Result] = []
    with st.status(s.importing(len(files)), expanded=True) as status:
        for uploaded in files:
            name = uploaded.name
            line = st.progress(0.0, text=s.import_step(md(short(name)), s.STAGE_COPY))

            def show(
                progress: Progress, name: str = name, line: st.delta_generator.DeltaGenerator = line
            ) -> None:
                done = progress.fraction if progress.fraction is not None else _SETTLING_SHARE
                far = s.how_far(
                    progress.rows, progress.bytes_read, progress.bytes_total, progress.seconds_left
                )
                line.progress(done, text=s.import_step(md(short(name)), s.stage(progress.stage) + far))

            results += _import_one(bench, uploaded, read, show)
            line.progress(1.0, text=s.import_step(md(short(name)), s.STAGE_DONE))
        to_map = sum(result.unmapped is not None for result in results)
        failed = sum(result.outcome is None for result in results) - to_map
        status.update(
            label=s.imported(len(results) - failed - to_map, failed, to_map),
            state="error" if failed else "complete",
        )
    return results


def _import_one(
    bench: Workbench, uploaded: UploadedFile, read: Read, show: Callable[[Progress], None]
) -> list[Result]:
    """What became of an upload, or of each file in it when it is an archive."""
    results: list[Result] = []
    try:
        with uploads.folder_for(uploaded.size, bench.workspace.scratch()) as folder:
            path = uploads.copy_to(folder, uploaded)
            uploads.free(uploaded)
            try:
                results += (_result(done) for done in read(path, uploaded.name, show))
            except UnknownFormatError:
                results.append(Result(uploaded.name, None, unmapped=_unmapped(bench, uploaded, path)))
    except LanewiseDataError as error:
        results.append(Result(uploaded.name, None, error.title, error.message))
    return results


def _result(done: ImportOutcome | UnusableMember) -> Result:
    if isinstance(done, UnusableMember):
        return Result(done.source, None, done.title, done.message)
    return Result(done.source, done)


def _unmapped(bench: Workbench, uploaded: UploadedFile, path: Path) -> Unmapped:
    """What the form needs of a file, so that nothing of it stays on the disk while the person thinks."""
    sample = bench.sample(path, display_name=uploaded.name)
    return Unmapped(
        f"map_{uuid.uuid4().hex}",
        uploaded,
        bench.propose_mapping(sample),
        bench.mapping_like(sample),
    )


def _format_option(name: str) -> str:
    if name == AUTOMATIC:
        return s.FORMAT_AUTO
    if name.startswith(PREFIX):
        return s.mapped_title(name.removeprefix(PREFIX))
    return format_named(name).title


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
