"""What became of the files imported last: a card each while they are few, else a table with details."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
import streamlit as st

from data.ingest import ImportOutcome
from reports.counting import is_aggregate
from reports.workbench import Workbench
from ui import counting, datasets, nav, state
from ui import strings as s
from ui.mapping_form import Unmapped
from ui.text import md, short

_RESULTS: Final = "import_results"
_EARLY: Final = "import_ended_early"
FEW: Final = 3
"""Up to this many files are shown one below the other."""
PER_PAGE: Final = 10
COLUMN_LENGTH: Final = 42
"""Characters of a name that fit the column; the middle goes, because ends tell files apart."""
_COUNTS: Final = (s.COUNT_READ, s.COUNT_ACCEPTED, s.COUNT_REJECTED, s.COUNT_DUPLICATES)


@dataclass(frozen=True)
class Result:
    """What became of one file: an outcome, the problem that kept it out, or a file to map.

    `in_archive` says that the file is one of several in an archive.
    """

    name: str
    outcome: ImportOutcome | None
    title: str = ""
    message: str = ""
    unmapped: Unmapped | None = None
    in_archive: bool = False


def keep(done: Sequence[Result], *, early: bool = False) -> None:
    """Remembers what became of an import until another one, or until the person dismisses it.

    `early` when it was ended before it was done.
    """
    st.session_state[_RESULTS] = list(done)
    st.session_state[_EARLY] = early


def show(bench: Workbench) -> None:
    """The results of the last import, where there are any."""
    done: list[Result] = st.session_state.get(_RESULTS, [])
    early = bool(st.session_state.get(_EARLY))
    if not done and not early:
        return
    st.header(s.RESULTS_TITLE, anchor=False)
    if early:
        st.info(s.RESULTS_EARLY, icon=":material/cancel:")
    if len(done) > FEW:
        _table(done)
        _pages(bench, done)
    else:
        for place, result in enumerate(done):
            _card(bench, result, place)
    if any(result.in_archive and result.outcome is None for result in done):
        st.caption(s.RESULTS_IN_ARCHIVE)
    with st.container(horizontal=True):
        if any(result.outcome is not None for result in done) and st.button(
            s.RESULTS_NEXT, type="primary", icon=":material/arrow_forward:", key="results_next"
        ):
            st.switch_page(nav.OVERVIEW)
        if st.button(s.RESULTS_DISMISS, icon=":material/close:", key="results_dismiss"):
            keep(())
            st.rerun()


def _table(done: Sequence[Result]) -> None:
    """Every file on a line, and the sums that hold for all of them."""
    outcomes = [result.outcome for result in done if result.outcome is not None]
    st.markdown(s.results_files(len(outcomes), len(done) - len(outcomes)))
    if outcomes:
        st.caption(
            s.counts_sum(
                sum(outcome.read for outcome in outcomes),
                sum(outcome.accepted for outcome in outcomes),
                sum(outcome.rejected for outcome in outcomes),
                sum(outcome.duplicates for outcome in outcomes),
            )
        )
    frame = pd.DataFrame(
        {
            s.COL_FILE: [short(result.name, COLUMN_LENGTH) for result in done],
            s.COL_READ_AS: [
                datasets.plain_title(result.outcome.format) if result.outcome else result.title
                for result in done
            ],
            s.COUNT_READ: [result.outcome.read if result.outcome else None for result in done],
            s.COUNT_ACCEPTED: [result.outcome.accepted if result.outcome else None for result in done],
            s.COUNT_REJECTED: [result.outcome.rejected if result.outcome else None for result in done],
            s.COUNT_DUPLICATES: [result.outcome.duplicates if result.outcome else None for result in done],
        }
    ).astype(dict.fromkeys(_COUNTS, "Int64"))
    st.dataframe(
        frame,
        hide_index=True,
        placeholder=s.NOT_KNOWN_DASH,
        alt=s.ALT_RESULTS,
        key="results_table",
        column_config={
            s.COL_FILE: st.column_config.TextColumn(width=300),
            s.COL_READ_AS: st.column_config.TextColumn(width=180),
        },
    )


def _pages(bench: Workbench, done: Sequence[Result]) -> None:
    pages = -(-len(done) // PER_PAGE)
    page = st.pagination(pages, key="results_page") if pages > 1 else 1
    for place, result in list(enumerate(done))[(page - 1) * PER_PAGE : page * PER_PAGE]:
        card = st.expander(
            s.results_line(md(short(result.name)), md(result.title)),
            key=f"result_{place}",
            icon=":material/error:" if result.outcome is None else ":material/check_circle:",
            on_change="rerun",
        )
        if card.open:
            with card:
                _details(bench, result, place)


def _card(bench: Workbench, result: Result, place: int) -> None:
    if result.outcome is None:
        st.error(
            md(result.message),
            title=f"{md(short(result.name))}: {md(result.title)}",
            icon=":material/error:",
        )
        return
    with st.container(border=True):
        st.markdown(f"**{md(result.name)}**")
        _details(bench, result, place)


def _details(bench: Workbench, result: Result, place: int) -> None:
    outcome = result.outcome
    if outcome is None:
        st.markdown(md(result.message))
        return
    st.caption(
        s.recognised(datasets.format_title(outcome.format), md(outcome.container), md(outcome.token_rule))
    )
    if outcome.notice:
        st.info(md(outcome.notice), icon=":material/info:")
    cost, coverage, aggregates = None, None, False
    if outcome.dataset_id is not None and outcome.dataset_id in state.dataset_ids():
        cost, coverage = state.import_cost(outcome.dataset_id)
        manifest = bench.workspace.manifest(outcome.dataset_id)
        aggregates = is_aggregate(manifest)
        counting.on_dataset(manifest, place="result")
    datasets.counts(
        read=outcome.read,
        accepted=outcome.accepted,
        rejected=outcome.rejected,
        duplicates=outcome.duplicates,
        undated=outcome.undated,
        cost=cost,
        coverage=coverage,
        aggregates=aggregates,
        dataset_id=outcome.dataset_id,
        key=f"result_{place}",
    )
    if outcome.first_rejects:
        datasets.rejects_table(outcome.first_rejects, outcome.rejected)
    if outcome.first_duplicate_lines:
        st.caption(s.duplicate_lines(outcome.first_duplicate_lines, outcome.duplicates))
    if outcome.dataset_id is None:
        st.caption(s.NOTHING_NEW)
