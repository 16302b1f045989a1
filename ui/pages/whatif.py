"""Another lane, hit rate or volume, and what the month would cost then."""

from decimal import Decimal

import streamlit as st

from reports import charts, whatif
from reports.format import lane_title, usd, usd_short
from ui import components as c
from ui import replay, scenario, sections, state, theme
from ui import strings as s
from ui.text import md

analysis = state.analysis()
st.title(s.WHATIF_TITLE, anchor=False)
priced = [result for result in analysis.workloads if result.parts]
if not priced:
    sections.nothing_yet(s.WHATIF_EMPTY_TITLE, s.WHATIF_EMPTY_BODY)
    st.stop()
st.caption(s.WHATIF_CAPTION)

with st.container(border=True):
    everywhere, hits, volume = st.columns([4, 3, 3], gap="medium")
    with everywhere:
        default_lane = st.segmented_control(
            s.WHATIF_DEFAULT,
            [whatif.RECOMMENDED, whatif.CURRENT],
            default=whatif.RECOMMENDED,
            required=True,
            format_func=s.default_lane,
            help=s.WHATIF_DEFAULT_HELP,
            key="everything",
            bind="query-params",
        )
    with hits:
        set_hits = st.toggle(s.WHATIF_SET_HITS, help=s.WHATIF_HITS_HELP, key="set_hits", bind="query-params")
        hit_percent = st.slider(
            s.WHATIF_HITS,
            0,
            100,
            50,
            step=5,
            format="%d %%",
            disabled=not set_hits,
            key="hits",
            bind="query-params",
        )
    with volume:
        factor_percent = st.slider(
            s.WHATIF_VOLUME,
            0,
            400,
            100,
            step=10,
            format="%d %%",
            help=s.WHATIF_VOLUME_HELP,
            key="volume",
            bind="query-params",
        )

st.subheader(s.WHATIF_LANES, help=s.WHATIF_LANES_HELP, anchor=False)
chosen = scenario.choices(priced, default_lane or whatif.RECOMMENDED)

result = state.scenario(
    whatif.Scenario(
        default_lane=default_lane or whatif.RECOMMENDED,
        lanes=chosen,
        hit_rate=Decimal(hit_percent) / 100 if set_hits else None,
        volume=Decimal(factor_percent) / 100,
    )
)

with st.grid(3, min_column_width=210):
    st.metric(s.WHATIF_TODAY, md(usd_short(result.today_micro_usd)), border=True, help=s.HOW_WHATIF_TODAY)
    st.metric(
        s.WHATIF_SCENARIO,
        md(usd_short(result.scenario_micro_usd)),
        border=True,
        help=s.HOW_WHATIF_SCENARIO,
    )
    st.metric(
        s.whatif_saving(result.saving_micro_usd), md(usd_short(abs(result.saving_micro_usd))), border=True
    )
if result.left_out:
    st.warning(s.whatif_left_out([md(name) for name in result.left_out]), icon=":material/data_alert:")
c.figure(charts.scenario_costs(result, theme.theme_name()), alt=s.ALT_SCENARIO, key="scenario")
c.table(
    {
        s.COL_WORKLOAD: [md(row.workload) for row in result.rows],
        s.COL_SCENARIO_LANE: [md(s.scenario_lane(row.lane, lane_title(row.lane))) for row in result.rows],
        s.COL_TODAY_MONTH: [md(usd(row.today_micro_usd)) for row in result.rows],
        s.COL_SCENARIO_MONTH: [md(usd(row.scenario_micro_usd)) for row in result.rows],
        s.COL_DIFFERENCE: [scenario.difference(row) for row in result.rows],
    },
    alt=s.ALT_SCENARIO_TABLE,
    right=(s.COL_TODAY_MONTH, s.COL_SCENARIO_MONTH, s.COL_DIFFERENCE),
)
st.caption(md(" ".join(result.notes)))
replay.section()
