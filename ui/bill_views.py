"""The blocks of the Bills page: whom to trust, and two amounts with the causes of their difference."""

from collections.abc import Callable, Mapping, Sequence

import streamlit as st

from reports import explain_verify
from reports.billed_lines import Trust
from reports.differences import Comparison, grouped, together
from reports.format import count, usd, usd_short
from reports.reported import NotCompared
from ui import components as c
from ui import explain, state
from ui import strings as s
from ui.text import md, short

ROWS_SHOWN = 40


def trust(totals: Sequence[Trust], names: Mapping[str, str]) -> None:
    """Each total beside the bill of its provider, and whether it agrees; nothing without a bill."""
    if not totals:
        return
    st.header(s.TRUST, help=s.HOW_TRUST, anchor=False)
    c.table(
        {
            s.COL_PROVIDER: [md(item.provider) for item in totals],
            s.COL_WHAT: [
                s.OWN_FIGURES
                if item.source is None
                else s.trust_source(md(short(names.get(item.source, item.source))), item.n_missing)
                for item in totals
            ],
            s.COL_VERDICT: [
                f":green-badge[{s.AGREES}]" if item.agrees else f":red-badge[{s.DISAGREES}]"
                for item in totals
            ],
            s.COL_OFF: [md(s.off_by(item.off_by)) for item in totals],
            s.COL_TOTAL: [md(usd(item.micro_usd)) for item in totals],
            s.COL_BILL: [md(usd(item.bill_micro_usd)) for item in totals],
        },
        alt=s.ALT_TRUST,
        right=(s.COL_TOTAL, s.COL_BILL, s.COL_OFF),
    )


def section(rows: Sequence[Comparison], other: str, how: str, *, key: str) -> None:
    """Both amounts, the difference by cause, and the same by day, model, project or provider."""
    total = together(rows)
    with st.grid(3, min_column_width=185):
        explain.figure(
            s.KPI_COMPUTED,
            md(usd_short(total.computed_micro_usd)),
            f"{key}_computed",
            lambda: explain_verify.compared_cost(state.analysis(), rows),
            about=s.HOW_COMPUTED,
        )
        explain.figure(
            other,
            md(usd_short(total.other_micro_usd)),
            f"{key}_other",
            lambda: explain_verify.other_cost(rows, s.BILL_AMOUNTS[key]),
            about=how,
        )
        explain.figure(
            s.KPI_DIFFERENCE,
            md(s.signed(total.difference_micro_usd)),
            f"{key}_difference",
            lambda: explain_verify.difference(state.analysis(), rows, other),
            about=s.HOW_DIFFERENCE,
        )
    if not total.causes:
        st.success(s.EVERYTHING_AGREES, icon=":material/check_circle:")
        return
    _causes(rows)
    _groups(rows, other, key)


def _causes(rows: Sequence[Comparison]) -> None:
    total = together(rows)
    details: dict[str, list[tuple[str | None, str]]] = {}
    for row in rows:
        if row.main_cause is not None and row.detail:
            details.setdefault(row.main_cause, []).append((row.tier, row.detail))
    c.table(
        {
            s.COL_CAUSE: [s.CAUSE_TITLES[cause] for cause, _ in total.causes],
            s.COL_AMOUNT: [md(s.signed(amount)) for _, amount in total.causes],
            s.COL_MEANS: [md(s.cause_meaning(cause, details.get(cause, []))) for cause, _ in total.causes],
        },
        alt=s.ALT_CAUSES,
        right=(s.COL_AMOUNT,),
    )


def _groups(rows: Sequence[Comparison], other: str, key: str) -> None:
    groups: dict[str, Callable[[Comparison], str]] = {
        s.GROUP_DAY: lambda row: s.bill_period(row.first_day, row.last_day),
        s.GROUP_MODEL: lambda row: row.model or s.NOT_KNOWN_DASH,
        s.GROUP_PROJECT: lambda row: row.workload or s.NOT_KNOWN_DASH,
        s.GROUP_PROVIDER: lambda row: row.provider,
    }
    chosen = st.segmented_control(
        s.SAVINGS_GROUP,
        list(groups),
        default=s.GROUP_MODEL,
        required=True,
        label_visibility="collapsed",
        key=f"{key}_by",
    )
    group = chosen if chosen in groups else s.GROUP_MODEL
    sums = list(grouped(rows, groups[group]).items())
    shown = sums[:ROWS_SHOWN]
    c.table(
        {
            group: [md(name) for name, _ in shown],
            s.COL_CALLS: [count(item.n_requests) for _, item in shown],
            s.KPI_COMPUTED: [md(usd(item.computed_micro_usd)) for _, item in shown],
            other: [md(usd(item.other_micro_usd)) for _, item in shown],
            s.COL_DIFF: [md(s.signed(item.difference_micro_usd)) for _, item in shown],
            s.COL_MAIN_CAUSE: [
                s.CAUSE_TITLES[max(item.causes, key=lambda found: abs(found[1]))[0]]
                if item.causes
                else s.NO_DIFFERENCE
                for _, item in shown
            ],
        },
        alt=s.ALT_DIFFERENCES,
        right=(s.COL_CALLS, s.KPI_COMPUTED, other, s.COL_DIFF),
    )
    if len(sums) > ROWS_SHOWN:
        st.caption(s.differences_first(ROWS_SHOWN, len(sums)))


def left_out(items: Sequence[NotCompared], names: Mapping[str, str]) -> None:
    """What could not be compared with anything."""
    for item in items:
        name = md(short(names.get(item.source, item.source)))
        amount = usd(item.micro_usd) if item.micro_usd is not None else None
        st.warning(s.not_compared(name, item.reason, item.n, amount), icon=":material/data_alert:")
