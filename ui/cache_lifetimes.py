"""What a prompt cache could read of a workload, looked for when somebody asks, and how long to keep it."""

import streamlit as st

from reports.cache_choice import PREFIX_TOKENS, CacheChoice, cache_choice
from reports.cache_potential import CachePotential
from reports.format import percent, usd
from reports.model import Part
from reports.workbench import Workbench, today
from ui import components as c
from ui import log_charts, state
from ui import strings as s
from ui.text import md

_ASKED = "cache_asked"


# Every call is read for it, so it is kept for all sessions until the data changes, and found once.
@st.cache_resource(max_entries=2, show_spinner=False)
def _potentials(path: str, fingerprint: str) -> tuple[CachePotential, ...]:
    del path, fingerprint
    return state.workbench().cache_potentials()


def section(bench: Workbench, part: Part) -> None:
    """Closed until somebody asks; the page never waits for it."""
    if part.described:
        return
    asked = (str(bench.workspace.path), bench.fingerprint())
    with st.expander(s.CACHE, icon=":material/cached:"):
        if st.session_state.get(_ASKED) != asked:
            st.caption(s.CACHE_READS)
            st.button(s.CACHE_ASK, key="cache_ask", icon=":material/search:", on_click=_ask, args=(asked,))
            return
        with st.spinner(s.CACHE_READING):
            found = _potentials(*asked)
        _answer(cache_choice(bench.prices(), part, found, log_charts.gaps_of(part.workload), today()))


def _ask(asked: tuple[str, str]) -> None:
    st.session_state[_ASKED] = asked


def _answer(choice: CacheChoice) -> None:
    if not choice.potentials:
        st.caption(s.CACHE_NONE)
    else:
        read = choice.read_today
        c.table(
            {
                s.COL_TTL: [s.ttl(item.ttl_s) for item in choice.potentials],
                s.COL_COULD_READ: [md(s.could_read(item.low, item.high)) for item in choice.potentials],
                s.COL_READ_TODAY: [
                    s.NOT_KNOWN_DASH if read is None else percent(read, 1) for _ in choice.potentials
                ],
                s.COL_BASIS: [md(s.cache_basis(item.basis, item.width)) for item in choice.potentials],
            },
            alt=s.ALT_CACHE,
            right=(s.COL_COULD_READ, s.COL_READ_TODAY),
        )
        st.caption(md(choice.potentials[0].sentence))
    if choice.by_hits is not None:
        st.markdown(s.cache_by_hits(choice.by_hits.best))
    cheapest = choice.cheapest
    if cheapest is not None:
        costs = [(item.ttl_s, md(usd(item.cost_micro_usd))) for item in choice.by_gaps]
        st.markdown(s.cache_by_gaps(PREFIX_TOKENS, costs, cheapest.ttl_s))
