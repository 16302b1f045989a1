"""What the Verify pages ask of the workspace, computed once for each state it is in."""

from datetime import datetime

import streamlit as st

from reports.batch_jobs import BatchJob
from reports.before_after import Changes
from reports.billed_lines import Bills
from reports.realised import Realised
from reports.reported import Reported
from reports.workbench import today
from ui import state


@st.cache_resource(max_entries=4, show_spinner=False)
def _batch_jobs(path: str, fingerprint: str, as_of: datetime) -> tuple[BatchJob, ...]:
    del path, fingerprint  # with the day they are the cache key: any change to the workspace asks anew
    return state.workbench().verify().batch_jobs(as_of)


@st.cache_resource(max_entries=4, show_spinner=False)
def _realised(path: str, fingerprint: str, as_of: datetime) -> Realised:
    del path, fingerprint
    return state.workbench().verify().realised(as_of)


@st.cache_resource(max_entries=4, show_spinner=False)
def _changes(path: str, fingerprint: str, as_of: datetime) -> Changes:
    del path, fingerprint
    return state.workbench().verify().changes(as_of)


@st.cache_resource(max_entries=4, show_spinner=False)
def _reported(path: str, fingerprint: str, as_of: datetime) -> Reported:
    del path, fingerprint
    return state.workbench().verify().reported(as_of)


@st.cache_resource(max_entries=4, show_spinner=False)
def _bills(path: str, fingerprint: str, as_of: datetime) -> Bills:
    del path, fingerprint
    return state.workbench().verify().bills(as_of)


def _now() -> tuple[str, str, datetime]:
    bench = state.workbench()
    return str(bench.workspace.path), bench.fingerprint(), today()


def batch_jobs() -> tuple[BatchJob, ...]:
    """Every batch of the workspace, latest first."""
    return _batch_jobs(*_now())


def realised() -> Realised:
    """What calls in batch, flex, off-peak and with a cache saved."""
    return _realised(*_now())


def changes() -> Changes:
    """The logged calls, to be compared before and after a date."""
    return _changes(*_now())


def reported() -> Reported:
    """The costs that the sources of the logs reported, beside the computed ones."""
    return _reported(*_now())


def bills() -> Bills:
    """The imported bills beside the computed costs."""
    return _bills(*_now())
