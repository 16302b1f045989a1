"""What every page stands in: the sign-in gate, the navigation, the sidebar and the error boundary."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from data.errors import DamagedDatasetError
from data.queries import DESCRIBED
from data.store import Manifest
from reports.counting import is_aggregate
from reports.workbench import default_workspace
from ui import alerts, damaged, display, nav, state, theme
from ui import components as c
from ui import strings as s
from ui.text import md, plural, short

ASSETS = Path(__file__).parent / "assets"


def sign_in_gate() -> None:
    """Stops here until the person has signed in, where the server's secrets configure `[auth]`."""
    if not st.secrets.load_if_toml_exists() or "auth" not in st.secrets:
        return
    if st.user.is_logged_in:
        with st.sidebar:
            st.caption(s.signed_in(md(state.author())))
            st.button(s.SIGN_OUT, icon=":material/logout:", on_click=st.logout)
        return
    st.title(s.SIGN_IN_TITLE, anchor=False)
    st.markdown(s.SIGN_IN_BODY)
    st.button(s.SIGN_IN, type="primary", icon=":material/login:", on_click=st.login)
    st.stop()


def navigation() -> None:
    """Runs the page the address names; a problem in the data becomes a sentence, not a traceback."""
    page = st.navigation(
        {
            s.NAV_DECIDE: [
                _page(nav.OVERVIEW, s.NAV_OVERVIEW, "space_dashboard", s.NAV_OVERVIEW_HELP, default=True),
                _page(nav.WORKLOADS, s.NAV_WORKLOADS, "checklist", s.NAV_WORKLOADS_HELP),
                _page(nav.WHATIF, s.NAV_WHATIF, "tune", s.NAV_WHATIF_HELP),
                _page(nav.REPORT, s.NAV_REPORT, "description", s.NAV_REPORT_HELP),
                _page(nav.CALCULATORS, s.NAV_CALCULATORS, "calculate", s.NAV_CALCULATORS_HELP),
            ],
            s.NAV_VERIFY: [
                _page(nav.SAVINGS, s.NAV_SAVINGS, "savings", s.NAV_SAVINGS_HELP),
                _page(nav.BATCHES, s.NAV_BATCHES, "stacks", s.NAV_BATCHES_HELP),
                _page(nav.BILLS, s.NAV_BILLS, "receipt_long", s.NAV_BILLS_HELP),
                _page(nav.LEDGER, s.NAV_LEDGER, "fact_check", s.NAV_LEDGER_HELP),
                _page(nav.ALERTS, s.NAV_ALERTS, "notifications", s.NAV_ALERTS_HELP),
            ],
            s.NAV_INPUTS: [
                _page(nav.DATA, s.NAV_DATA, "database", s.NAV_DATA_HELP),
                _page(nav.DESCRIBE, s.NAV_DESCRIBE, "edit_note", s.NAV_DESCRIBE_HELP),
                _page(nav.RULES, s.NAV_RULES, "account_tree", s.NAV_RULES_HELP),
                _page(nav.POLICY, s.NAV_POLICY, "policy", s.NAV_POLICY_HELP),
                _page(nav.PRICES, s.NAV_PRICES, "sell", s.NAV_PRICES_HELP),
            ],
        },
        expanded=True,  # above ten pages Streamlit would fold the way to one's own data away
    )
    theme.legible()
    try:
        display.use()
        _sidebar()
        alerts.banner(page.url_path)
        with display.page(page.url_path):
            page.run()
    except c.PROBLEMS as error:
        c.problem(error)
        if isinstance(error, DamagedDatasetError):
            damaged.way_out(error)


def _page(path: str, title: str, icon: str, about: str, *, default: bool = False) -> st.Page:
    root = Path(__file__).resolve().parent.parent
    return st.Page(root / path, title=title, icon=f":material/{icon}:", help=about, default=default)


def _holdings(datasets: Sequence[Manifest]) -> str:
    """What the datasets hold together, each kind of row by its name."""
    logs = [item for item in datasets if item.format != DESCRIBED and not is_aggregate(item)]
    return s.holds(
        calls=sum(item.calls for item in logs),
        aggregates=sum(item.calls for item in datasets if is_aggregate(item)),
        described=sum(item.accepted for item in datasets if item.format == DESCRIBED),
        bills=sum(item.bills for item in datasets),
    )


def _sidebar() -> None:
    st.logo(str(ASSETS / "logo.svg"), size="large", icon_image=str(ASSETS / "mark.svg"))
    bench = state.workbench()
    datasets = bench.workspace.datasets()
    with st.sidebar:
        st.caption(
            s.sidebar(
                workspace=md(short(default_workspace().name, 40)),
                loaded=plural(len(datasets), s.DATASET),
                holds=_holdings(datasets),
                prices=md(bench.prices().version),
                edited=bool(bench.price_edits()),
                times=s.display_times(),
            ),
        )
        display.control()
        theme.follow()
