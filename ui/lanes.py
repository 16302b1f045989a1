"""What speaks for and against a verdict, and every lane's cost side by side."""

from decimal import Decimal
from functools import partial

import streamlit as st

from reports import charts
from reports import explain as how
from reports import risk_curve as risk
from reports.format import lane_title, usd, usd_short
from reports.model import STAY, Analysis, LaneCost, Part, Range, WorkloadResult
from reports.payback import payback
from triage.model import Evidence, Verdict
from ui import cache_lifetimes, explain, lane_terms, state, theme
from ui import components as c
from ui import strings as s
from ui.text import md


def headline(result: WorkloadResult) -> None:
    """The verdict in one sentence, with the rule that decided and how firmly."""
    verdict = result.verdict
    st.markdown(f"{c.label_badge(verdict.label)} {md(verdict.sentence)}")
    st.caption(
        s.rule_line(verdict.rule_id, verdict.policy_version, verdict.confidence, verdict.confidence_basis)
    )


def summary(analysis: Analysis, result: WorkloadResult) -> None:
    """What the workload costs, where it should run and what that saves, in three figures."""
    with st.grid(3, min_column_width=210):
        with st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(
                s.KPI_YEAR_TODAY, md(usd_short(result.current_per_year_micro_usd)), help=s.HOW_YEAR_TODAY
            )
            st.markdown(s.small(c.lane_text(result.current_lane) if result.parts else s.NO_USAGE_YET))
            st.space("stretch")
            explain.how(s.KPI_YEAR_TODAY, "year_today", lambda: how.year_today(analysis, result))
        with st.container(border=True, height="stretch", gap="xsmall"):
            st.metric(s.KPI_MOVE_TO, _target(result), help=s.HOW_MOVES)
            st.caption(md(result.because))
        with st.container(border=True, height="stretch", gap="xsmall"):
            if result.potential_per_year is not None:
                st.metric(s.KPI_POTENTIAL, md(usd_short(result.potential_per_year.base)), help=s.HOW_ASK)
                st.caption(md(c.range_text(result.potential_per_year)) + " · " + s.ASK_NOT_IN_TOTAL)
                st.space("stretch")
                explain.how(s.KPI_POTENTIAL, "potential", lambda: how.workload_potential(analysis, result))
            else:
                st.metric(s.KPI_SAVING_YEAR, md(usd_short(result.saving_per_year.base)), help=s.HOW_SAVING)
                stays = result.recommended_lane == STAY
                st.caption(s.STAYS_PUT if stays else md(c.range_text(result.saving_per_year)))
                st.space("stretch")
                explain.how(s.KPI_SAVING_YEAR, "saving", lambda: how.workload_saving(analysis, result))

    found = payback(result, state.inputs().policy.moving)
    if found is not None:
        st.markdown(s.payback(found))


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


def findings(result: WorkloadResult) -> None:
    """What its owner should look at, whatever its label."""
    for finding in result.verdict.findings:
        st.warning(md(finding.sentence), icon=":material/troubleshoot:")
    if result.mixed is not None:
        st.warning(md(s.mixed_line(result.mixed)), icon=":material/call_split:")


def halves(analysis: Analysis, result: WorkloadResult) -> None:
    """The two halves of a mixed workload beside each other, each with its own verdict and saving."""
    if result.mixed is None:
        return
    st.subheader(s.HALVES, anchor=False)
    columns = st.columns(2, gap="medium")
    for column, title, half, key in zip(
        columns,
        (s.HALF_JOB, s.HALF_REST),
        (result.mixed.job, result.mixed.rest),
        ("half_job", "half_rest"),
        strict=True,
    ):
        own = half.result
        with column, st.container(border=True, height="stretch", gap="xsmall"):
            st.markdown(f"**{title}** {c.label_badge(own.verdict.label)}")
            st.caption(md(s.half_line(half, is_rest=half is result.mixed.rest)))
            st.markdown(md(own.verdict.sentence))
            if own.potential_per_year is not None:
                said = s.KPI_POTENTIAL
                st.metric(said, md(usd_short(own.potential_per_year.base)), help=s.HOW_ASK)
            else:
                said = s.HALF_STAYS if own.recommended_lane == STAY else _target(own)
                st.metric(said, md(usd_short(own.saving_per_year.base)), help=s.HOW_SAVING)
            st.caption(md(own.because))
            st.space("stretch")
            made = how.workload_saving if own.potential_per_year is None else how.workload_potential
            explain.how(f"{title}: {said}", key, partial(made, analysis, own))


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
    _deadline(part, part.year_factor)
    c.figure(charts.lane_costs(part, theme.theme_name()), alt=s.alt_lanes(part), key="lane_costs")
    _risk_curve(part)
    lane_terms.section(state.workbench(), part)
    cache_lifetimes.section(state.workbench(), part)


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
            s.COL_LANE_SAVES: [_saves(part, lane, year) for lane in part.lanes],
            s.COL_MISS: [
                s.NOT_KNOWN_DASH if lane.risk is None else md(s.missed(lane.risk.miss)) for lane in part.lanes
            ],
            s.COL_LANE_NOTE: [s.allowed(lane) for lane in part.lanes],
        },
        right=(s.COL_LANE_COST, s.COL_LANE_PROJECTED, s.COL_LANE_SAVES),
        alt=s.ALT_LANES,
    )
    st.markdown(_reasons(part))


def _deadline(part: Part, year: Decimal) -> None:
    """What the deadline does to the batch lane that the workload would use."""
    lane = next((part.lane(name) for name in ("batch+cache", "batch") if _priced(part.lane(name))), None)
    if lane is None or lane.risk is None:
        return
    once, twice = (
        None if amount is None else md(usd(amount * year))
        for amount in (lane.saving_once_micro_usd, lane.saving_twice_micro_usd)
    )
    st.markdown(s.deadline(lane.risk, once, twice))


def _risk_curve(part: Part) -> None:
    """How the chance to miss a deadline falls as the deadline grows, where a batch is offered at all."""
    lane = next((part.lane(name) for name in ("batch+cache", "batch") if _priced(part.lane(name))), None)
    if lane is None:
        return
    given = state.inputs()
    took = given.turnarounds.get(part.provider)
    deadline_s = None if lane.risk is None else lane.risk.deadline_s
    st.markdown(f"**{s.CHART_RISK}**", help=s.HOW_RISK)
    if took is None or not risk.is_known(took):
        st.caption(s.risk_unknown(part.provider, took))
        return
    st.caption(s.risk_basis(part.provider, took, deadline_s, bounds=risk.only_bounds(took)))
    chart = risk.risk_curve(took, deadline_s, given.policy.deadlines.max_miss_share, theme.theme_name())
    c.figure(chart, alt=s.alt_risk(part.provider, took, deadline_s), key="risk_curve")


def _priced(lane: LaneCost) -> bool:
    return lane.cost_micro_usd is not None


def _saves(part: Part, lane: LaneCost, year: Decimal) -> str:
    """The base case after re-runs; red where the lane costs more."""
    if lane.projected is None or part.current_micro_usd is None or lane.lane == part.current_lane:
        return s.NOT_KNOWN_DASH
    saved = (part.current_micro_usd - lane.projected.base) * year
    return f":red[{md(usd(saved))}]" if saved < 0 else md(usd(saved))


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


def _reasons(part: Part) -> str:
    """Why lanes are not allowed or not offered, each reason once.

    In a list and not in the table, whose columns a narrow screen would squeeze to single letters.
    """
    lanes_of: dict[str, list[str]] = {}
    for lane in part.lanes:
        reason = lane.reason or lane.why_not
        if reason is not None:
            lanes_of.setdefault(reason, []).append(lane_title(lane.lane))
    return "\n".join(f"- **{md('; '.join(names))}**: {md(reason)}" for reason, names in lanes_of.items())
