"""The blocks of the Batch jobs page: totals, one row a batch, its error codes and its retry list."""

from collections.abc import Sequence

import pandas as pd
import streamlit as st

from reports import display, explain_verify
from reports.batch_jobs import BatchJob, batch_totals, retry_csv, retry_jsonl, to_retry
from reports.format import count, percent, usd_short, usd_unit
from ui import amounts, explain, state, tables
from ui import components as c
from ui import strings as s
from ui.text import md, short

_TABLE = "batch_table"
_PICKED = "batch"
IDS_SHOWN = 20


def figures(jobs: Sequence[BatchJob]) -> None:
    """All batches together: how many, how many requests failed, their cost, and that of a usable answer."""
    found, prices = batch_totals(jobs), state.workbench().prices()
    cost, at_list = found.cost_micro_usd, found.at_list_micro_usd
    failed = percent(found.n_errors / found.n_requests, 2)
    with st.grid(4, min_column_width=185):
        explain.figure(
            s.KPI_BATCHES,
            count(found.n_batches),
            "batches",
            lambda: explain_verify.batches(jobs, found),
            details=[md(s.batches_detail(found.n_requests, found.n_expired))],
        )
        explain.figure(
            s.KPI_BATCH_ERRORS,
            count(found.n_errors),
            "batch_errors",
            lambda: explain_verify.batch_errors(jobs, found),
            details=[md(s.batch_errors_detail(found.n_errors, failed))],
        )
        explain.figure(
            s.KPI_BATCH_COST,
            md(usd_short(cost)),
            "batch_cost",
            lambda: explain_verify.batch_cost(jobs, found, prices),
            about=s.HOW_BATCH_COST,
            details=[md(s.batch_cost_detail(usd_short(at_list)))],
        )
        explain.figure(
            s.KPI_USABLE,
            md(usd_unit(found.each_micro_usd)),
            "usable",
            lambda: explain_verify.usable_answer(jobs, found, prices),
            about=s.HOW_USABLE,
            details=[md(s.usable_detail(found.n_usable))],
        )


def table(jobs: Sequence[BatchJob]) -> None:
    """One row a batch; picking one shows its details below."""
    generation = st.session_state.get(f"{_TABLE}_generation", 0)
    widget = f"{_TABLE}_{generation}"
    keys = [job.key for job in jobs]
    st.dataframe(
        _frame(jobs),
        key=widget,
        hide_index=True,
        on_select=lambda: _pick_row(widget, keys),
        selection_mode="single-row",
        placeholder=s.NOT_KNOWN,
        alt=s.ALT_BATCHES,
        column_config={
            s.COL_BATCH: st.column_config.TextColumn(width=120, pinned=True),
            s.COL_REQUESTS: st.column_config.NumberColumn(format="localized", width=78),
            s.COL_OK: st.column_config.NumberColumn(format="localized", width=60),
            s.COL_ERRORS: st.column_config.NumberColumn(format="localized", width=62),
            s.COL_EXPIRED: st.column_config.NumberColumn(format="localized", width=66),
            s.COL_CANCELLED: st.column_config.NumberColumn(format="localized", width=80),
            s.COL_COST: amounts.column(width=74, help=s.HOW_BATCH_COST),
            s.COL_USABLE: amounts.column(width=92, help=s.HOW_USABLE, more_places=4),
            s.COL_HITS: st.column_config.NumberColumn(format="percent", width=70),
            s.COL_TURNAROUND: st.column_config.TextColumn(width=84, help=s.HELP_TURNAROUND),
            s.COL_DEADLINE: st.column_config.TextColumn(width=86, help=s.HELP_DEADLINE),
            s.COL_LIST: amounts.column(width=76, help=s.HELP_LIST),
            s.col_batch_start(): st.column_config.DatetimeColumn(format=s.TIME_FORMAT, width=136),
        },
    )


def _frame(jobs: Sequence[BatchJob]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            s.COL_BATCH: [job.batch_id or s.NO_BATCH_ID for job in jobs],
            s.COL_REQUESTS: [job.n_requests for job in jobs],
            s.COL_OK: [job.n_ok for job in jobs],
            s.COL_ERRORS: [job.n_error for job in jobs],
            s.COL_EXPIRED: [job.n_expired for job in jobs],
            s.COL_CANCELLED: [job.n_cancelled for job in jobs],
            s.COL_COST: [amounts.rounded(job.cost_micro_usd) for job in jobs],
            s.COL_USABLE: [amounts.rounded(job.cost_per_usable_micro_usd, 4) for job in jobs],
            s.COL_HITS: [None if job.hit_rate is None else float(job.hit_rate) for job in jobs],
            s.COL_TURNAROUND: [_took(job) for job in jobs],
            s.COL_DEADLINE: [s.IN_TIME[job.in_time] for job in jobs],
            s.COL_LIST: [amounts.rounded(job.list_micro_usd) for job in jobs],
            s.col_batch_start(): [
                None if job.first_ts is None else display.local(job.first_ts) for job in jobs
            ],
            s.COL_WORKLOAD: [", ".join(job.workloads) for job in jobs],
            s.COL_MODEL: [", ".join(job.models) for job in jobs],
            s.COL_PROVIDER: [job.provider for job in jobs],
        }
    )


def _took(job: BatchJob) -> str:
    taken = job.turnaround
    return s.NOT_KNOWN if taken is None else s.batch_took(int(taken.total_seconds()), job.turnaround_is_whole)


def _pick_row(widget: str, keys: Sequence[str]) -> None:
    rows = st.session_state[widget].selection.rows
    if rows and rows[0] < len(keys):
        st.session_state[_PICKED] = keys[rows[0]]


def pick(jobs: Sequence[BatchJob]) -> BatchJob:
    """The batch whose details are shown: the chosen one, else the latest with something to run again."""
    by_key = {job.key: job for job in jobs}
    if st.session_state.get(_PICKED) not in by_key:
        st.session_state[_PICKED] = next((job.key for job in jobs if job.n_to_retry), jobs[0].key)
    chosen = st.selectbox(
        s.PICK_BATCH,
        list(by_key),
        format_func=lambda key: s.batch_option(
            short(by_key[key].batch_id or s.NO_BATCH_ID), by_key[key].n_requests, by_key[key].n_to_retry
        ),
        key=_PICKED,
        on_change=tables.forget_selection,
        args=(_TABLE,),
    )
    return by_key[chosen]


def facts(job: BatchJob) -> None:
    """The chosen batch in a line: its models, times, costs and deadline."""
    st.caption(
        s.batch_facts(
            models=md(", ".join(job.models)),
            begun=None if job.first_ts is None else s.moment(job.first_ts),
            took=_took(job),
            deadline=s.batch_deadline(job.in_time, job.deadline_s, job.deadline_by),
            cost=job.cost_micro_usd,
            lost=job.lost_micro_usd,
            reported=None if job.reported_usd is None else job.reported_usd * 1_000_000,
        )
    )


def error_codes(job: BatchJob) -> None:
    """Why lines failed, by the code that the provider gave."""
    st.header(s.BATCH_ERROR_TYPES, anchor=False)
    if not job.errors:
        st.caption(s.BATCH_NO_ERRORS)
        return
    c.table(
        {
            s.COL_WHAT: [md(code) for code in job.errors],
            s.COL_REQUESTS: [count(number) for number in job.errors.values()],
        },
        alt=s.BATCH_ERROR_TYPES,
        right=(s.COL_REQUESTS,),
    )


def retry_list(job: BatchJob) -> None:
    """The custom ids to run again, and the list as a download."""
    st.header(s.RETRY, help=s.HOW_RETRY, anchor=False)
    if not job.n_to_retry:
        st.caption(s.RETRY_NONE)
        return
    lines = state.workbench().verify().retry_lines(job)
    if not lines:
        st.caption(s.RETRY_TOTALS if job.n_totals else s.RETRY_NONE)
        return
    answered = sum(line.n_lines for line in lines if line.custom_id is not None and line.n_answered_since)
    nameless = sum(line.n_lines for line in lines if line.custom_id is None)
    too = bool(answered) and st.toggle(s.RETRY_ANSWERED_TOO, key=f"answered_too_{job.key}")
    wanted = to_retry(lines, answered_too=too)
    st.markdown(s.retry_counts(len(wanted), 0 if too else answered, nameless))
    if not wanted:
        return
    with st.container(horizontal=True):
        for title, ending, mime, write in (
            (s.RETRY_CSV, "csv", "text/csv", retry_csv),
            (s.RETRY_JSONL, "jsonl", "application/jsonl", retry_jsonl),
        ):
            st.download_button(
                title,
                data=write(lines, wanted),
                file_name=f"retry-{_file_name(job)}.{ending}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"retry_{ending}",
            )
    chosen = set(wanted)
    first = [line for line in lines if line.custom_id in chosen][:IDS_SHOWN]
    c.table(
        {
            s.COL_CUSTOM_ID: [md(short(line.custom_id or "")) for line in first],
            s.COL_ENDED: [s.ENDINGS.get(line.status, line.status) for line in first],
        },
        alt=s.ALT_RETRY,
    )
    if len(wanted) > IDS_SHOWN:
        st.caption(s.retry_first(IDS_SHOWN, len(wanted)))


def _file_name(job: BatchJob) -> str:
    """The id of the batch as part of a file name."""
    return "".join(
        letter if letter.isalnum() or letter in "-_" else "-" for letter in job.batch_id or "lines"
    )[:80]
