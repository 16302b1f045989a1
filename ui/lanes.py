"""What speaks for and against a verdict, and every lane's cost side by side."""

from decimal import Decimal

import streamlit as st

from reports import charts
from reports.format import lane_title, usd, usd_short
from reports.model import STAY, LaneCost, Part, Range, WorkloadResult
from triage.model import Evidence, Verdict
from ui import components as c
from ui import lane_terms, state, theme
from ui import strings as s
from ui.text import md


def summary(result: WorkloadResult) -> None:
    """What the workload costs, where it should run and what that saves, in three figures."""
    with st.grid(3, min_column_width=210):
        with st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(
                s.KPI_YEAR_TODAY, md(usd_short(result.current_per_year_micro_usd)), help=s.HOW_YEAR_TODAY
            )
            st.markdown(s.small(c.lane_text(result.current_lane) if result.parts else s.NO_USAGE_YET))
        with st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(s.KPI_MOVE_TO, _target(result), help=s.HOW_MOVES)
            st.caption(md(result.because))
        with st.container(border=True, height="stretch", gap="xsmall"):
            if result.potential_per_year is not None:
                st.metric(s.KPI_POTENTIAL, md(usd_short(result.potential_per_year.base)), help=s.HOW_ASK)
                st.caption(md(c.range_text(result.potential_per_year)) + " · " + s.ASK_NOT_IN_TOTAL)
            else:
                st.metric(s.KPI_SAVING_YEAR, md(usd_short(result.saving_per_year.base)), help=s.HOW_SAVING)
                stays = result.recommended_lane == STAY
                st.caption(s.STAYS_PUT if stays else md(c.range_text(result.saving_per_year)))


def _target(result: WorkloadResult) -> str:
    return s.STAYS.capitalize() if result.recommended_lane == STAY else lane_title(result.recommended_lane)


def evidence(verdict: Verdict) -> None:
    """Every fact the label rests on, every fact against it, and what is still to be asked."""
    st.subheader(s.EVIDENCE, help=s.HOW_EVIDENCE, anchor=False)
    _facts(verdict.evidence, s.NO_EVIDENCE)
    if verdict.counter_evidence:
        st.markdown(f"**{s.COUNTER_EVIDENCE}**")
        _facts(verdict.counter_evidence, "")
    if verdict.question:
        st.info(md(verdict.question), title=s.QUESTION_TITLE, icon=":material/help:")
    st.caption(s.rule_line(verdict.rule_id, verdict.policy_version, verdict.confidence))


def findings(result: WorkloadResult) -> None:
    """What its owner should look at, whatever its label."""
    for finding in result.verdict.findings:
        st.warning(md(finding.sentence), icon=":material/troubleshoot:")
    if result.mixed is not None:
        st.warning(md(s.mixed_line(result.mixed)), icon=":material/call_split:")


def _facts(facts: tuple[Evidence, ...], none: str) -> None:
    if not facts:
        st.caption(none)
        return
    st.markdown(
        "\n".join(f"- {md(fact.sentence)} :small[{s.said_by(fact.kind, md(fact.source))}]" for fact in facts)
    )


def comparison(result: WorkloadResult) -> None:
    """Every lane of one of the workload's models: cost a year, projected range, allowed or why not."""
    st.subheader(s.LANES, help=s.HOW_LANES, anchor=False)
    if not result.parts:
        st.caption(s.NO_USAGE)
        return
    part = _pick_part(result)
    st.caption(s.part_line(part))
    if part.year_factor is None:
        return
    _lane_table(part, part.year_factor)
    c.figure(charts.lane_costs(part, theme.theme_name()), alt=s.alt_lanes(part), key="lane_costs")
    lane_terms.section(state.workbench(), part)


def behaviour(result: WorkloadResult) -> None:
    """When the calls come and how long they take: what a log shows of urgency."""
    st.subheader(s.BEHAVIOUR, help=s.HOW_BEHAVIOUR, anchor=False)
    seen = state.behaviour(result.workload)
    if result.described or not (seen.hours or seen.latency or seen.inputs):
        st.caption(s.NO_BEHAVIOUR)
        return
    look = theme.theme_name()
    week, times = st.columns(2, gap="medium")
    with week:
        st.markdown(f"**{s.CHART_WEEK}**")
        if seen.hours:
            c.figure(charts.week_heatmap(seen.hours, look), alt=s.alt_week(result.workload), key="week")
        else:
            st.caption(s.NO_HOURS)
    with times:
        if seen.latency:
            st.markdown(f"**{s.CHART_LATENCY}**")
            chart = charts.log_histogram(seen.latency, "ms", look)
            c.figure(chart, alt=s.alt_latency(result.workload), key="latency")
        elif seen.inputs:
            st.markdown(f"**{s.CHART_INPUT}**")
            st.caption(s.NO_LATENCY)
            chart = charts.log_histogram(seen.inputs, "tokens", look)
            c.figure(chart, alt=s.alt_inputs(result.workload), key="inputs")


def _pick_part(result: WorkloadResult) -> Part:
    if len(result.parts) == 1:
        return result.parts[0]
    labels = [f"{part.provider} / {part.model}" for part in result.parts]
    chosen = st.segmented_control(
        s.PICK_MODEL, labels, default=labels[0], required=True, key=f"part_{result.workload}", wrap=True
    )
    return result.parts[labels.index(chosen) if chosen in labels else 0]


def _lane_table(part: Part, year: Decimal) -> None:
    c.table(
        {
            s.COL_LANE: [_lane_name(part, lane) for lane in part.lanes],
            s.COL_LANE_COST: [
                s.NOT_KNOWN_DASH if lane.cost_micro_usd is None else md(usd(lane.cost_micro_usd * year))
                for lane in part.lanes
            ],
            s.COL_LANE_PROJECTED: [_projected(lane, year) for lane in part.lanes],
            s.COL_LANE_NOTE: [_note(part, lane) for lane in part.lanes],
        },
        right=(s.COL_LANE_COST, s.COL_LANE_PROJECTED),
        alt=s.ALT_LANES,
    )


def _lane_name(part: Part, lane: LaneCost) -> str:
    name = c.lane_text(lane.lane)
    if lane.lane == part.current_lane:
        name += f" :gray-badge[{s.BADGE_TODAY}]"
    if lane.lane == part.recommended_lane:
        name += f" :green-badge[{s.BADGE_RECOMMENDED}]"
    return name


def _projected(lane: LaneCost, year: Decimal) -> str:
    if lane.projected is None:
        return s.NOT_KNOWN_DASH
    yearly: Range = lane.projected.scaled(year)
    return md(c.range_text(yearly, short=False))


def _note(part: Part, lane: LaneCost) -> str:
    if lane.reason is not None:
        return md(lane.reason)
    if not lane.admissible:
        return md(lane.why_not or s.NOT_ALLOWED)
    if lane.lane == part.recommended_lane:
        return md(part.because)
    return s.ALLOWED
