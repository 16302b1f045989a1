"""Files into the workspace on the Data page: chosen, read with progress, cancelled or mapped if need be."""

import uuid
from collections.abc import Callable, Generator, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import streamlit as st

from data.errors import LanewiseDataError, UnknownFormatError
from data.formats import FORMATS, format_named
from data.formats.mapped import PREFIX
from data.ingest import ImportOutcome, UnusableMember
from data.progress import Progress
from reports.format import percent, progress_facts
from reports.workbench import Workbench
from ui import folder_import, import_results, mapping_form, state, uploads
from ui import strings as s
from ui.import_results import Result
from ui.mapping_form import Unmapped
from ui.sources import Incoming, Upload
from ui.text import md, short

AUTOMATIC = "auto"
_SETTLING_SHARE = 0.9
"""Where the bar stands while what is left takes an unknown time."""
_GENERATION = "upload_generation"
_UNMAPPED = "import_unmapped"
_RUNNING = "import_running"
_PATIENCE_S = 120

Read = Callable[[Path, str, Callable[[Progress], None]], Iterable[ImportOutcome | UnusableMember]]
"""Imports a file, and all that is packed in it, under its name, telling how far it is."""


@dataclass
class Running:
    """An import under way: what is done of it, and whether its run of the script has ended.

    Streamlit ends a run by an exception at its next word to the browser, and lets it say nothing more
    to the session; the next run may have begun by then. So the two meet in this object.
    """

    results: list[Result] = field(default_factory=list)
    ended: Event = field(default_factory=Event)


def ended_early() -> None:
    """After Cancel, Stop or a change of page: waits until nothing of the import is left, and says so."""
    running: Running | None = st.session_state.get(_RUNNING)
    if running is None:
        return
    with st.spinner(s.IMPORT_ENDING):
        running.ended.wait(_PATIENCE_S)
    del st.session_state[_RUNNING]
    _keep(running.results, early=True)


def uploader(bench: Workbench) -> None:
    """The file field, the format choice, the allowed folders, and the buttons that import what was chosen."""
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
        st.caption(s.upload_caption(uploads.MAX_UPLOAD_MB))
        sources: Sequence[Incoming] = folder_import.picker(bench)
    if wanted:
        sources = [Upload(file) for file in files]
    if not sources:
        return
    format_name = None if chosen == AUTOMATIC else chosen

    def read(
        path: Path, name: str, show: Callable[[Progress], None]
    ) -> Iterable[ImportOutcome | UnusableMember]:
        return bench.import_all(path, display_name=name, format_name=format_name, on_progress=show)

    _keep(_import_all(bench, sources, read))
    st.rerun()


def _keep(done: Sequence[Result], *, early: bool = False) -> None:
    """Remembers what became of the files, and empties the choice of files."""
    waiting = [result.unmapped for result in done if result.unmapped is not None]
    st.session_state[_UNMAPPED] = [*st.session_state.get(_UNMAPPED, []), *waiting]
    st.session_state[_GENERATION] = st.session_state.get(_GENERATION, 0) + 1
    import_results.keep([result for result in done if result.unmapped is None], early=early)
    folder_import.listed_anew()


def waits_for_mapping() -> bool:
    """Whether a file waits to be told what its columns mean."""
    return bool(st.session_state.get(_UNMAPPED))


def mapping(bench: Workbench) -> None:
    """The form for a file that nobody knows, and the import of all that the mapping serves."""
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

    done = _import_all(bench, [item.source for item in served], read)
    refused = [result for result in done if result.outcome is None]
    if len(refused) == len(done):
        # The form stays, so that the name or a column can be changed.
        for result in refused:
            st.error(md(result.message), title=md(result.title), icon=":material/error:")
        return
    st.session_state[_UNMAPPED] = [item for item in others if item not in served]
    import_results.keep(done)
    st.rerun()


def _import_all(bench: Workbench, sources: Sequence[Incoming], read: Read) -> list[Result]:
    """What became of each file; whatever ends the script meanwhile leaves those before it on record."""
    running = Running()
    results = running.results
    st.session_state[_RUNNING] = running
    try:
        with st.status(s.importing(len(sources)), expanded=True) as status:
            line = st.progress(0.0)
            # Any press starts the script anew, which ends this run at its next word to the browser.
            st.button(s.CANCEL, icon=":material/cancel:", key="import_cancel")
            for place, source in enumerate(sources, 1):
                name = md(short(source.name))
                if len(sources) > 1:
                    name = s.import_place(name, place, len(sources))
                line.progress(0.0, text=s.import_step(name, s.STAGE_OPEN))

                def show(progress: Progress, name: str = name) -> None:
                    line.progress(share(progress), text=s.import_step(name, *known(progress)))

                with closing(_import_one(bench, source, read, show)) as found:
                    for result in found:
                        results.append(result)
            to_map = sum(result.unmapped is not None for result in results)
            failed = sum(result.outcome is None for result in results) - to_map
            status.update(
                label=s.imported(len(results) - failed - to_map, failed, to_map),
                state="error" if failed else "complete",
            )
    finally:
        running.ended.set()
    del st.session_state[_RUNNING]
    return results


def share(progress: Progress) -> float:
    """Where the bar stands, 0 to 1."""
    if progress.fraction is None:
        return _SETTLING_SHARE if progress.stage == "settling" else 0.0
    return min(max(progress.fraction, 0.0), 1.0)


def known(progress: Progress) -> list[str]:
    """The stage, its share, and what else is known of how far an import is."""
    facts = progress_facts(
        rows=progress.rows,
        bytes_read=progress.bytes_read,
        bytes_total=progress.bytes_total,
        seconds_left=progress.seconds_left,
    )
    part = [] if progress.fraction is None else [percent(progress.fraction)]
    return [s.stage(progress.stage), *part, *facts]


def _import_one(
    bench: Workbench, source: Incoming, read: Read, show: Callable[[Progress], None]
) -> Generator[Result]:
    """What became of a file, or of each file in it when it is an archive."""
    try:
        with source.at(bench) as path:
            try:
                for done in read(path, source.name, show):
                    yield _result(done)
            except UnknownFormatError:
                yield Result(source.name, None, unmapped=_unmapped(bench, source, path))
    except LanewiseDataError as error:
        yield Result(source.name, None, error.title, error.message)


def _result(done: ImportOutcome | UnusableMember) -> Result:
    if isinstance(done, UnusableMember):
        return Result(done.source, None, done.title, done.message, in_archive=True)
    return Result(done.source, done)


def _unmapped(bench: Workbench, source: Incoming, path: Path) -> Unmapped:
    """What the form needs of a file, so that nothing of it stays on the disk while the person thinks."""
    sample = bench.sample(path, display_name=source.name)
    return Unmapped(
        f"map_{uuid.uuid4().hex}",
        source,
        bench.propose_mapping(sample),
        bench.mapping_like(sample),
    )


def _format_option(name: str) -> str:
    if name == AUTOMATIC:
        return s.FORMAT_AUTO
    if name.startswith(PREFIX):
        return s.mapped_title(name.removeprefix(PREFIX))
    return format_named(name).title
