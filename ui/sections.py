"""The blocks of the Overview: each takes the analysis and draws one thing it says."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from data.queries import DESCRIBED
from data.store import Manifest
from reports import explain as how
from reports.counting import is_aggregate
from reports.format import usd_short
from reports.model import NOTHING, STAY, Analysis, Range, Totals, WorkloadResult
from ui import components as c
from ui import demo, explain, nav, state
from ui import strings as s
from ui.text import md, short

MOVES_SHOWN = 5
ASKS_SHOWN = 3


def waiting_share(totals: Totals) -> float | None:
    """Share of the spend, 0 to 1, whose label lets it wait minutes or hours; None without spend."""
    spend = sum(totals.spend_by_label.values(), Decimal(0))
    if spend <= 0:
        return None
    waits = sum(
        (amount for label, amount in totals.spend_by_label.items() if label in how.CAN_WAIT), Decimal(0)
    )
    return float(waits / spend)


def per_month(yearly: Range) -> Range:
    """A twelfth of a yearly range."""
    return Range(yearly.low / 12, yearly.base / 12, yearly.high / 12)


def welcome() -> None:
    """The first screen of a workspace without data: what Lanewise needs, and the two ways to begin.

    Where there is a bill already, what is missing beside it.
    """
    st.title(s.WELCOME_TITLE, anchor=False)
    if state.workbench().workspace.datasets():
        nothing_yet(s.NO_LOG_TITLE, s.NO_LOG_BODY)
        c.link(s.NO_LOG_BILLS, nav.BILLS, key="go_bills")
        return
    st.markdown(s.WELCOME_BODY)
    own, example = st.columns(2, gap="medium")
    with own, st.container(border=True, height="stretch"):
        st.header(s.WELCOME_OWN_TITLE, anchor=False)
        st.markdown(s.WELCOME_OWN_BODY)
        st.space("stretch")
        if st.button(s.WELCOME_OWN_BUTTON, type="primary", icon=":material/upload:"):
            st.switch_page(nav.DATA)
    with example, st.container(border=True, height="stretch"):
        st.header(s.WELCOME_DEMO_TITLE, anchor=False)
        st.markdown(s.WELCOME_DEMO_BODY)
        st.space("stretch")
        demo.button(key="welcome_demo")


def nothing_yet(title: str, body: str) -> None:
    """What a page shows before there is data for it, with the way to bring some.

    The demo is offered to an empty workspace only: beside own data it would be in every figure.
    """
    held = state.workbench().workspace.datasets()
    kind = only_kind(held)
    with c.empty(title, f"{body} {s.ONLY[kind]}" if kind else body):
        if st.button(s.WELCOME_OWN_BUTTON, type="primary", icon=":material/upload:", key="empty_upload"):
            st.switch_page(nav.DATA)
        if not held:
            demo.button(key="empty_demo")


def only_kind(datasets: Sequence[Manifest]) -> str | None:
    """What all datasets together hold nothing but: `bills`, `described` or `aggregates`; None otherwise."""
    kinds = {
        "described" if item.format == DESCRIBED else "aggregates" if is_aggregate(item) else "calls"
        for item in datasets
        if item.calls or item.format == DESCRIBED
    } or {"bills" for item in datasets if item.bills}
    return next(iter(kinds)) if len(kinds) == 1 and "calls" not in kinds else None


def first_data() -> None:
    """Below the upload of an empty workspace: the demo, and what can be uploaded."""
    with c.empty(s.FIRST_DATA_TITLE, s.FIRST_DATA_BODY):
        demo.button(key="data_demo")
    st.header(s.FORMATS_TITLE, anchor=False)
    st.table(dict(s.FORMATS), border="horizontal", alt=s.FORMATS_TITLE)


def spend_kpi(analysis: Analysis) -> None:
    """What the log cost; for workloads that are only described, what they would cost a year."""
    totals = analysis.totals
    if totals.n_requests:
        c.kpi(
            s.KPI_SPEND,
            usd_short(totals.billed_micro_usd),
            s.kpi_spend_detail(totals, analysis.window_hours),
            how=s.HOW_SPEND,
            page=nav.WORKLOADS,
            way=s.LINK_SPEND,
            key="go_spend",
            beside=lambda: explain.how(s.KPI_SPEND, "spend", lambda: how.spend(analysis)),
        )
        return
    described = sum(result.described for result in analysis.workloads)
    c.kpi(
        s.KPI_SPEND_DESCRIBED,
        usd_short(totals.current_per_year_micro_usd),
        s.described_detail(described),
        how=s.HOW_DESCRIBED,
        page=nav.WORKLOADS,
        way=s.LINK_SPEND,
        key="go_spend",
        beside=lambda: explain.how(s.KPI_SPEND_DESCRIBED, "spend", lambda: how.described(analysis)),
    )


def demo_notice() -> None:
    """Says plainly that the demo's names are ours, where the demo is what is on screen."""
    if demo.loaded(state.workbench()):
        st.info(s.DEMO_NOTICE, icon=":material/science:")


def coverage_notice(analysis: Analysis) -> None:
    """Says that totals are partial, how partial, and what is missing; nothing when all is priced."""
    if analysis.coverage.complete:
        return
    st.warning(
        s.partial(analysis.coverage, analysis.unpriced), title=s.PARTIAL_TITLE, icon=":material/data_alert:"
    )


def moves(analysis: Analysis) -> list[WorkloadResult]:
    """Workloads with a lane to move to, the largest saving first."""
    found = [
        result for result in analysis.workloads if result.recommended_lane not in (STAY, result.current_lane)
    ]
    return sorted(found, key=lambda result: (-result.saving_per_year.base, result.workload))


def top_moves(analysis: Analysis) -> None:
    """The workloads whose lane should change, with what each change is worth a year."""
    found = moves(analysis)
    st.header(s.TOP_MOVES, help=s.HOW_MOVES, anchor=False)
    if not found:
        open_questions = any(result.verdict.label == "unknown" for result in analysis.workloads)
        st.markdown(s.NO_MOVES_YET if open_questions else s.NO_MOVES)
        return
    for result in found[:MOVES_SHOWN]:
        with st.container(border=True):
            name, amount = st.columns([3, 2], vertical_alignment="center")
            with name, st.container(gap=None):
                _workload_link(result)
                st.markdown(s.small(c.move_text(result.current_lane, result.recommended_lane)))
            with amount, st.container(gap=None):
                st.markdown(s.move_saving(usd_short(result.saving_per_year.base)), text_alignment="right")
                st.caption(md(c.range_text(result.saving_per_year)), text_alignment="right")
    rest = found[MOVES_SHOWN:]
    if rest:
        worth = sum((result.saving_per_year for result in rest), NOTHING)
        c.link(s.more_moves(len(rest), usd_short(worth.base)), nav.WORKLOADS, key="go_more_moves")


def to_ask(analysis: Analysis) -> None:
    """Workloads nothing is known of, with what they would save if their owner said they can wait."""
    asks = [
        (result.potential_per_year, result)
        for result in analysis.workloads
        if result.verdict.label == "unknown" and result.potential_per_year is not None
    ]
    asks = [(worth, result) for worth, result in asks if worth.base > 0]
    if not asks:
        return
    st.header(s.TO_ASK, help=s.HOW_ASK, anchor=False)
    for worth, result in sorted(asks, key=lambda item: -item[0].base)[:ASKS_SHOWN]:
        with st.container(border=True, gap=None):
            _workload_link(result)
            st.caption(md(result.verdict.question or ""))
            st.markdown(s.ask_saving(usd_short(worth.base)))


def not_counted(analysis: Analysis) -> None:
    """Everything seen and left out of the totals, and every model without a price."""
    if not analysis.not_counted and not analysis.unpriced:
        st.caption(s.ALL_COUNTED if analysis.narrowed is None else s.ALL_COUNTED_OF_PART)
        return
    st.header(s.NOT_COUNTED, help=s.HOW_NOT_COUNTED, anchor=False)
    if analysis.not_counted:
        c.table(
            {
                s.COL_WHAT: [md(item.what) for item in analysis.not_counted],
                s.COL_HOW_MANY: [f"{item.count:,}" for item in analysis.not_counted],
                s.COL_WHERE: [md(item.detail) for item in analysis.not_counted],
            },
            alt=s.NOT_COUNTED,
            right=(s.COL_HOW_MANY,),
        )
    if analysis.unpriced:
        c.table(
            {
                s.COL_MODEL: [md(f"{item.provider} / {item.model}") for item in analysis.unpriced],
                s.COL_CALLS: [f"{item.n_requests:,}" for item in analysis.unpriced],
                s.COL_TOKENS: [f"{item.tokens:,}" for item in analysis.unpriced],
                s.COL_WHY_UNPRICED: [md(item.reason) for item in analysis.unpriced],
            },
            alt=s.ALT_UNPRICED,
            right=(s.COL_CALLS, s.COL_TOKENS),
        )
        c.link(s.LINK_PRICES, nav.PRICES, key="go_prices")


def _workload_link(result: WorkloadResult) -> None:
    name = result.workload
    c.link(
        f"**{md(short(name))}**",
        nav.WORKLOADS,
        key=f"go_{name}",
        query={nav.WORKLOAD_PARAM: name},
        arrow=False,
    )
