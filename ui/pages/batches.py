"""Every batch: how it ended, what it cost, whether it was in time, and what has to run again."""

import streamlit as st

from ui import batch_views, sections, verified
from ui import strings as s

st.title(s.NAV_BATCHES, anchor=False)
jobs = verified.batch_jobs()
if not jobs:
    sections.nothing_yet(s.BATCHES_EMPTY_TITLE, s.BATCHES_EMPTY_BODY)
    st.stop()
st.caption(s.batches_caption(), help=s.terms(*s.TERMS_BATCHES))
batch_views.figures(jobs)
batch_views.table(jobs)
job = batch_views.pick(jobs)
batch_views.facts(job)
errors, retry = st.columns([2, 3], gap="large")
with errors:
    batch_views.error_codes(job)
with retry:
    batch_views.retry_list(job)
