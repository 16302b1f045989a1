"""Calculators: what a job, a share of a bill, bulk tokens, a GPU or a cache write costs, without a log."""

import streamlit as st

from ui import calculator_forms, calculators
from ui import strings as s

st.title(s.CALC_TITLE, anchor=False)
st.caption(s.CALC_CAPTION, help=s.terms(*s.TERMS_CALCULATORS))
chosen = st.segmented_control(
    s.CALC_PICK,
    list(s.CALCULATORS),
    default="job",
    required=True,
    format_func=lambda name: s.CALCULATORS[name],
    key="calc",
    bind="query-params",
)
name = chosen or "job"
st.markdown(s.CALC_ABOUT[name])
subject = calculators.pick_subject()
calculators.working(subject, name, calculator_forms.FORMS[name](subject))
