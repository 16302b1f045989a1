"""What the log cost, how much of it can wait, and what that is worth."""

import streamlit as st

from reports import charts
from reports import explain as how
from reports import spend_treemap as treemap
from reports.format import label_title, percent, usd_short
from ui import components as c
from ui import counting, explain, filters, nav, sections, state, theme
from ui import strings as s

whole = state.analysis()
if not whole.workloads:
    sections.welcome()
    st.stop()

head = st.container()
analysis = filters.narrowed(whole, nav.OVERVIEW, lambda: head.title(s.NAV_OVERVIEW, anchor=False))
look = theme.theme_name()
totals = analysis.totals
saving = totals.saving_per_year
waiting = sections.waiting_share(totals)

with head:
    st.title(s.overview_headline(saving, waiting, totals.potential_per_year), anchor=False)
    st.caption(s.window(analysis), help=s.terms(*s.TERMS_OVERVIEW))
sections.demo_notice()
sections.coverage_notice(analysis)
counting.notice()

with st.grid(4, min_column_width=185):
    sections.spend_kpi(analysis)
    c.kpi(
        s.KPI_WAIT,
        percent(waiting),
        s.kpi_wait_detail(totals),
        how=s.HOW_WAIT,
        page=nav.WORKLOADS,
        way=s.LINK_WAIT,
        key="go_wait",
        query={nav.LABEL_PARAM: [label_title(label) for label in how.CAN_WAIT]},
        beside=lambda: explain.how(s.KPI_WAIT, "wait", lambda: how.can_wait(analysis)),
    )
    c.kpi(
        s.KPI_SAVING_YEAR,
        usd_short(saving.base),
        s.kpi_saving_detail(saving, totals.current_per_year_micro_usd),
        how=s.HOW_SAVING,
        page=nav.REPORT,
        way=s.LINK_SAVING,
        key="go_saving",
        beside=lambda: explain.how(s.KPI_SAVING_YEAR, "year", lambda: how.saving_a_year(analysis)),
    )
    c.kpi(
        s.KPI_SAVING_MONTH,
        usd_short(saving.base / 12),
        c.range_text(sections.per_month(saving)),
        how=s.HOW_SAVING_MONTH,
        page=nav.WHATIF,
        way=s.LINK_WHATIF,
        key="go_whatif",
        beside=lambda: explain.how(s.KPI_SAVING_MONTH, "month", lambda: how.saving_a_month(analysis)),
    )

moves, labels = st.columns([3, 2], gap="medium")
with moves:
    sections.top_moves(analysis)
with labels:
    st.header(s.SPEND_BY_LABEL, help=s.HOW_LABELS, anchor=False)
    if waiting is None:
        st.caption(s.NO_SPEND)
    else:
        c.figure(charts.spend_by_label(analysis, look), alt=s.alt_spend_by_label(totals), key="by_label")
    sections.to_ask(analysis)

by_workload = treemap.tiles(analysis)
if by_workload:
    st.header(s.SPEND_BY_WORKLOAD, help=s.HOW_TREEMAP, anchor=False)
    c.figure(treemap.spend_treemap(by_workload, look), alt=s.alt_treemap(by_workload), key="treemap")

if any(day.day_utc is not None and day.cost_micro_usd is not None for day in analysis.days):
    st.header(s.SPEND_BY_DAY, help=s.HOW_DAYS, anchor=False)
    c.figure(charts.spend_by_day(analysis, look), alt=s.alt_spend_by_day(analysis), key="by_day")

sections.not_counted(analysis)
st.caption(s.basis(analysis.price_version, analysis.policy_title))
