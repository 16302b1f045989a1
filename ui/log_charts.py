"""How a workload's calls behave, as four small charts: hours of the week, latency, gaps, tiers by day."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
import streamlit as st

from data.queries import histogram
from reports import charts, display
from reports.behaviour import Histogram, gaps, local_hours
from reports.model import Analysis, WorkloadResult
from ui import components as c
from ui import state, theme
from ui import strings as s


@dataclass(frozen=True)
class _Log:
    """What the charts of all workloads are drawn from."""

    hours: pa.Table
    signals: pa.Table
    gaps: Mapping[str, Histogram]


@st.cache_resource(max_entries=4, show_spinner=False)
def _log(path: str, fingerprint: str) -> _Log:
    del path, fingerprint
    given = state.inputs()
    single = given.cube.filter((pc.field("grain") == "call") & pc.field("hour_utc").is_valid())
    hours = single.group_by(["workload", "hour_utc"]).aggregate([("n_requests", "sum")])
    return _Log(hours, given.rollups.signals, gaps(given.rollups.bursts))


def gaps_of(workload: str) -> Histogram:
    """Seconds between a call of the workload and the next, in log buckets."""
    return _shown().gaps.get(workload, {})


def _shown() -> _Log:
    bench = state.workbench()
    return _log(str(bench.workspace.path), bench.fingerprint())


def section(analysis: Analysis, result: WorkloadResult) -> None:
    """When the calls come, how long they take, how far apart they are, and in which tier they ran."""
    st.subheader(s.BEHAVIOUR, help=s.HOW_BEHAVIOUR, anchor=False)
    log, name, look = _shown(), result.workload, theme.theme_name()
    mine = log.hours.filter(pc.field("workload") == name)
    hours = list(zip(mine["hour_utc"].to_pylist(), mine["n_requests_sum"].to_pylist(), strict=True))
    latency = histogram(log.signals, "latency_log", name)
    inputs = histogram(log.signals, "input_log", name)
    if result.described or not (hours or latency or inputs):
        st.caption(s.NO_BEHAVIOUR)
        return
    days = [day for day in analysis.days if day.workload == name and day.day_utc is not None]
    first, second = st.columns(2, gap="medium"), st.columns(2, gap="medium")
    with first[0]:
        st.markdown(f"**{s.CHART_WEEK}**")
        if hours:
            zone = display.shown().zone
            st.caption(s.in_zone(zone))
            chart = charts.week_heatmap(local_hours(hours, zone), look, zone)
            c.figure(chart, alt=s.alt_week(name, zone), key="week")
        else:
            st.caption(s.NO_HOURS)
    with first[1]:
        if latency:
            st.markdown(f"**{s.CHART_LATENCY}**")
            c.figure(charts.log_histogram(latency, "ms", look), alt=s.alt_latency(name), key="latency")
        elif inputs:
            st.markdown(f"**{s.CHART_INPUT}**")
            st.caption(s.NO_LATENCY)
            c.figure(charts.log_histogram(inputs, "tokens", look), alt=s.alt_inputs(name), key="inputs")
    with second[0]:
        st.markdown(f"**{s.CHART_GAPS}**")
        if log.gaps.get(name):
            c.figure(charts.log_histogram(log.gaps[name], "s", look), alt=s.alt_gaps(name), key="gaps")
        else:
            st.caption(s.NO_GAPS)
    with second[1]:
        st.markdown(f"**{s.CHART_TIERS}**")
        if days:
            c.figure(charts.tier_history(days, look), alt=s.alt_tiers(name), key="tiers")
        else:
            st.caption(s.NO_TIERS)
