"""The datasets of the workspace: what each holds, what was left out of it, and deleting it."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from data.formats import FORMATS
from data.formats.mapped import PREFIX
from data.queries import DESCRIBED
from data.schema import Reject
from data.store import Manifest
from reports import display, explain_inputs
from reports.counting import is_aggregate
from reports.explanation import Explanation
from reports.format import percent, usd, usd_short
from reports.model import Coverage
from reports.workbench import Workbench, today
from ui import components as c
from ui import counting, explain, state
from ui import strings as s
from ui.text import md, short

PER_PAGE = 10
REJECTS_SHOWN = 20


def listing(bench: Workbench, known: Sequence[Manifest]) -> None:
    """Every dataset, the newest first; its details are read only when it is opened."""
    st.header(s.DATASETS_TITLE, help=s.HOW_DATASETS, anchor=False)
    newest = sorted(known, key=lambda item: item.imported_at_utc, reverse=True)
    pages = -(-len(newest) // PER_PAGE)
    page = st.pagination(pages, key="datasets_page") if pages > 1 else 1
    for item in newest[(page - 1) * PER_PAGE : page * PER_PAGE]:
        card = st.expander(
            s.dataset_line(
                md(short(item.name, 60)), _content(item), s.day(display.local(item.imported_at_utc))
            ),
            key=f"dataset_{item.dataset_id}",
            icon=":material/table_rows:",
            on_change="rerun",
        )
        if card.open:
            with card:
                _details(bench, item)


def _content(item: Manifest) -> str:
    """What a dataset holds and how many of it."""
    if item.format == DESCRIBED:
        return s.holds(described=item.accepted)
    if is_aggregate(item):
        return s.holds(aggregates=item.calls)
    return s.holds(calls=item.calls, bills=item.bills)


def _details(bench: Workbench, item: Manifest) -> None:
    st.caption(s.recognised(format_title(item.format), md(item.container), md(item.token_rule)))
    st.caption(s.dataset_window(item.first_ts_utc, item.last_ts_utc, item.source_bytes))
    counting.on_dataset(item)
    cost, coverage = state.import_cost(item.dataset_id)
    counts(
        read=item.read,
        accepted=item.accepted,
        rejected=item.rejected,
        duplicates=item.duplicates,
        undated=item.undated,
        cost=cost,
        coverage=coverage,
        aggregates=is_aggregate(item),
        dataset_id=item.dataset_id,
        key=item.dataset_id,
    )
    if item.rejected:
        rejects_table(bench.workspace.rejects(item.dataset_id, REJECTS_SHOWN), item.rejected)
    if st.button(s.DELETE, icon=":material/delete:", key=f"delete_{item.dataset_id}"):
        _confirm_delete(bench, item)


@st.dialog(s.DELETE_TITLE)
def _confirm_delete(bench: Workbench, item: Manifest) -> None:
    st.markdown(s.delete_body(md(item.name), _content(item)))
    with st.container(horizontal=True):
        if st.button(s.DELETE_CONFIRM, type="primary", icon=":material/delete:", key="delete_confirm"):
            bench.delete(item.dataset_id, author=state.author())
            st.toast(s.deleted(md(short(item.name))), icon=":material/check_circle:")
            st.rerun()
        if st.button(s.CANCEL, key="delete_cancel"):
            st.rerun()


def format_title(name: str) -> str:
    """A format's title, as Markdown; the name itself where this version does not know it."""
    return md(plain_title(name))


def plain_title(name: str) -> str:
    """The same without Markdown."""
    if name.startswith(PREFIX):
        return s.mapped_title(name.removeprefix(PREFIX))
    return next((known.title for known in FORMATS if known.name == name), name)


def counts(
    *,
    read: int,
    accepted: int,
    rejected: int,
    duplicates: int,
    undated: int,
    cost: Decimal | None,
    coverage: Coverage | None,
    aggregates: bool = False,
    dataset_id: str | None = None,
    key: str = "",
) -> None:
    """The row counts, which always sum, and what the accepted calls (or aggregates) cost.

    `dataset_id` is where the accepted ones are, `key` what tells these counts from others on the page.
    """
    with st.grid(6, min_column_width=120):
        st.metric(s.COUNT_READ, f"{read:,}", help=s.HOW_READ)
        st.metric(s.COUNT_ACCEPTED, f"{accepted:,}")
        st.metric(s.COUNT_REJECTED, f"{rejected:,}", help=s.HOW_REJECTED)
        st.metric(s.COUNT_DUPLICATES, f"{duplicates:,}", help=s.HOW_DUPLICATES)
        st.metric(s.COUNT_UNDATED, f"{undated:,}", help=s.HOW_UNDATED)
        if coverage is not None:
            st.metric(s.COUNT_COST, md(usd_short(cost)), help=s.HOW_IMPORT_COST)
    st.caption(s.counts_sum(read, accepted, rejected, duplicates))
    with st.container(horizontal=True):
        explain.how(
            s.COUNT_READ,
            f"read_{key}",
            lambda: explain_inputs.rows_read(accepted, rejected, duplicates),
            button=s.explain_named(s.COUNT_READ),
        )
        if coverage is not None and dataset_id is not None:
            explain.how(
                s.COUNT_COST,
                f"cost_{key}",
                lambda: _cost(dataset_id),
                button=s.explain_named(s.COUNT_COST),
            )
    if coverage is not None:
        share = coverage.share_of_tokens
        if aggregates:
            st.caption(s.aggregates_stand_for(accepted, coverage.n_requests))
        st.caption(
            s.import_cost(
                md(usd(cost)), None if coverage.complete else percent(share, 1), aggregates=aggregates
            )
        )


def _cost(dataset_id: str) -> Explanation:
    bench = state.workbench()
    prices = bench.prices()
    return explain_inputs.import_cost(bench.cube(prices), prices, dataset_id, today())


def rejects_table(rejects: Sequence[Reject], total: int) -> None:
    """The first rejected rows with line and reason."""
    st.markdown(s.rejects_title(len(rejects), total))
    c.table(
        {
            s.COL_LINE: [f"{reject.line:,}" for reject in rejects],
            s.COL_COLUMN: [md(reject.column) if reject.column else s.WHOLE_ROW for reject in rejects],
            s.COL_REASON: [md(reject.reason) for reject in rejects],
        },
        alt=s.ALT_REJECTS,
        right=(s.COL_LINE,),
    )
