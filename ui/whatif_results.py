"""What a scenario makes of the month: figures, levers, lanes, workloads and what all that assumes."""

from collections.abc import Sequence
from decimal import Decimal

import streamlit as st

from reports import charts, explain_moves
from reports.format import lane_title, usd, usd_short, usd_signed
from reports.model import Analysis
from reports.scenario_terms import LEVER_TITLES
from reports.whatif import ScenarioResult, ScenarioRow
from ui import components as c
from ui import explain, theme
from ui import strings as s
from ui.text import md, short

LEFT_OUT_NAMED = 10
"""Workloads without a figure that are named above the results."""


def show(results: Sequence[ScenarioResult], active: int) -> None:
    """The scenario that is edited, and beside it the others."""
    result = results[active]
    _left_out(results)
    if not result.known:
        st.header(s.WHATIF_BY_WORKLOAD, anchor=False)
        _workloads(result)
        return
    st.header(s.WHATIF_STEPS, help=s.WHATIF_STEPS_HELP, anchor=False)
    c.figure(
        charts.scenario_waterfall(result, theme.theme_name()), alt=s.ALT_WATERFALL, key="whatif_waterfall"
    )
    st.header(s.WHATIF_SIDE_BY_SIDE if len(results) > 1 else s.WHATIF_BY_LANE, anchor=False)
    c.figure(
        charts.scenario_lanes(results, theme.theme_name()), alt=s.ALT_LANES_BY_SCENARIO, key="whatif_lanes"
    )
    if len(results) > 1:
        _comparison(results)
    st.header(s.WHATIF_BY_WORKLOAD, anchor=False)
    if len(results) > 1:
        _workloads_compared(results)
    else:
        _workloads(result)
    _levers(result)
    _assumptions(result)


def _left_out(results: Sequence[ScenarioResult]) -> None:
    """What is in no total of any scenario, so that their totals compare, each with its reason."""
    reasons = {row.workload: row.reason or "" for result in results for row in result.left_out}
    if reasons:
        said = [f"{md(short(workload))}: {md(reason)}" for workload, reason in reasons.items()]
        if len(said) > LEFT_OUT_NAMED:
            said = [*said[:LEFT_OUT_NAMED], s.whatif_left_out_rest(len(said) - LEFT_OUT_NAMED)]
        st.warning("  \n".join([s.whatif_left_out(len(results)), *said]), icon=":material/data_alert:")


def figures(analysis: Analysis, result: ScenarioResult) -> None:
    """Today, the scenario and what it saves, a month, with low to high."""
    if not result.known:
        with st.grid(3, min_column_width=170):
            for label in (s.WHATIF_TODAY, s.WHATIF_SCENARIO, s.whatif_saving(Decimal(0))):
                with st.container(border=True, height="stretch", gap="xsmall"):
                    st.metric(label, s.NOT_KNOWN)
                    st.caption(s.WHATIF_UNKNOWN)
        return
    with st.grid(3, min_column_width=170):
        with st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(s.WHATIF_TODAY, md(usd_short(result.today_micro_usd)), help=s.HOW_WHATIF_TODAY)
            st.space("stretch")
            explain.how(s.WHATIF_TODAY, "today", lambda: explain_moves.scenario_today(analysis, result))
        with st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(s.WHATIF_SCENARIO, md(usd_short(result.cost.base)), help=s.HOW_WHATIF_SCENARIO)
            st.caption(md(c.range_text(result.cost)))
            explain.how(s.WHATIF_SCENARIO, "scenario", lambda: explain_moves.scenario_cost(analysis, result))
        with st.container(border=True, height="stretch", gap="xsmall"):
            saves = s.whatif_saving(result.saving.base)
            st.metric(
                saves,
                md(usd_short(abs(result.saving.base))),
                help=s.HOW_WHATIF_SAVING,
            )
            st.caption(md(c.range_text(result.saving)))
            explain.how(saves, "scenario_saving", lambda: explain_moves.scenario_saving(analysis, result))


def _comparison(results: Sequence[ScenarioResult]) -> None:
    columns = {
        s.COL_SCENARIO: [md(short(result.scenario.name, 28)) for result in results],
        s.COL_SCENARIO_MONTH: [c.money(result.cost.base) for result in results],
        s.COL_SAVES_MONTH: [c.money(result.saving.base) for result in results],
        s.COL_LOW_TO_HIGH: [md(c.range_text(result.saving)) for result in results],
        s.COL_SAVES_YEAR: [c.money(result.saving.base * 12) for result in results],
    }
    c.table(columns, alt=s.ALT_COMPARISON, right=list(columns)[1:])


def _workloads(result: ScenarioResult) -> None:
    c.table(
        {
            s.COL_WORKLOAD: [md(row.workload) for row in result.rows],
            s.COL_SCENARIO_LANE: [_lane(row) for row in result.rows],
            s.COL_TODAY_MONTH: [c.money(row.today_micro_usd) for row in result.rows],
            s.COL_SCENARIO_MONTH: [c.money(row.scenario_micro_usd) for row in result.rows],
            s.COL_DIFFERENCE: [_difference(row) for row in result.rows],
        },
        alt=s.ALT_SCENARIO_TABLE,
        right=(s.COL_TODAY_MONTH, s.COL_SCENARIO_MONTH, s.COL_DIFFERENCE),
    )


def _workloads_compared(results: Sequence[ScenarioResult]) -> None:
    """Each scenario's month and what it saves, a column a scenario."""
    first = results[0]
    columns = {
        s.COL_WORKLOAD: [md(row.workload) for row in first.rows],
        s.COL_TODAY_MONTH: [c.money(row.today_micro_usd) for row in first.rows],
    }
    for result in results:
        columns[md(short(result.scenario.name, 28))] = [_month(row) for row in result.rows]
    c.table(columns, alt=s.ALT_SCENARIO_TABLE, right=list(columns)[1:])


def _month(row: ScenarioRow) -> str:
    """A workload's month in a scenario, and the change with its sign; that it is unknown otherwise."""
    saving = row.saving_micro_usd
    if not saving:
        return s.NOT_KNOWN if saving is None else c.money(row.scenario_micro_usd)
    change = f":{'green' if saving > 0 else 'red'}[{md(usd_signed(-saving))}]"
    return f"{c.money(row.scenario_micro_usd)} {change}"


def _case(text: str) -> str:
    """One case of an assumption; a percentage stays on one line."""
    return md(text).replace(" %", "\u00a0%")


def _lane(row: ScenarioRow) -> str:
    before, after = md(lane_title(row.lane_today)), md(lane_title(row.lane))
    lane = after if row.lane == row.lane_today else f"{before} → {after}"
    if row.model:
        lane += f", {md(row.model)}"
    return f"{lane} ({s.NEEDS_ANSWER})" if row.needs_answer else lane


def _difference(row: ScenarioRow) -> str:
    """What the scenario saves, signed and in words of colour; that it is unknown otherwise."""
    saving = row.saving_micro_usd
    if saving is None:
        return s.NOT_KNOWN
    if saving == 0:
        return s.SAME
    return f":green[{s.saves(md(usd(saving)))}]" if saving > 0 else f":red[{s.costs_more(md(usd(-saving)))}]"


def _levers(result: ScenarioResult) -> None:
    place = st.expander(s.WHATIF_LEVERS, icon=":material/stairs:", key="whatif_levers", on_change="rerun")
    if not place.open:
        return
    with place:
        st.caption(s.WHATIF_LEVERS_HOW)
        alone = sum((step.alone_micro_usd for step in result.steps), Decimal(0))
        c.table(
            {
                s.COL_LEVER: [
                    *(LEVER_TITLES[step.lever] for step in result.steps),
                    s.LEVER_OVERLAP,
                    s.LEVER_TOTAL,
                ],
                s.COL_IN_ORDER: [
                    *(c.money(step.change_micro_usd) for step in result.steps),
                    "",
                    c.money(-result.saving_micro_usd),
                ],
                s.COL_ALONE: [
                    *(c.money(step.alone_micro_usd) for step in result.steps),
                    c.money(result.overlap_micro_usd),
                    c.money(alone + result.overlap_micro_usd),
                ],
            },
            alt=s.ALT_LEVERS,
            right=(s.COL_IN_ORDER, s.COL_ALONE),
        )


def _assumptions(result: ScenarioResult) -> None:
    place = st.expander(
        s.WHATIF_ASSUMPTIONS,
        expanded=True,
        icon=":material/fact_check:",
        key="whatif_assumed",
        on_change="rerun",
    )
    if not place.open:
        return
    with place:
        if result.assumptions:
            c.table(
                {
                    s.COL_ASSUMPTION: [md(item.name) for item in result.assumptions],
                    s.COL_LOW: [_case(item.low) for item in result.assumptions],
                    s.COL_BASE: [_case(item.base) for item in result.assumptions],
                    s.COL_HIGH: [_case(item.high) for item in result.assumptions],
                    s.COL_ASSUMED_FROM: [md(item.source) for item in result.assumptions],
                },
                alt=s.ALT_ASSUMPTIONS,
                right=(s.COL_LOW, s.COL_BASE, s.COL_HIGH),
            )
        for note in result.notes:
            st.caption(md(note))
