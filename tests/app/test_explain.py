"""How a figure is computed and what its terms mean, a click and a hover away on every page of figures."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from reports.format import usd
from reports.model import Analysis
from tests.app.conftest import ROOT, RunApp
from ui import strings as s

FIGURES = {
    "overview": ("spend", "wait", "year", "month"),
    "workloads": ("year_today", "saving"),
    "whatif": ("today", "scenario", "scenario_saving"),
    "savings": ("realised", "open", "capture", "lost"),
    "batches": ("batches", "batch_errors", "batch_cost", "usable"),
    "rules": ("left_calls", "left_spend", "named"),
    "calculators": ("calc_sync", "calc_best", "calc_saves"),
    "ledger": (s.KPI_PROPOSED, s.KPI_CLAIMED, s.KPI_EXPECTED_OF, s.KPI_VERIFIED),
}


PRICED = {"batches": 2, "rules": 1}
"""How many of them are amounts, where counts stand beside them."""


def explained(app: AppTest) -> int:
    """How many explanations are open."""
    return sum(said(app).count(f"-badge[{kind}]") for kind in s.EXPLAIN_PROVENANCE.values())


def said(app: AppTest) -> str:
    return "\n".join(str(item.value) for item in [*app.markdown, *app.caption]).replace("\\", "")


@pytest.mark.parametrize("page", FIGURES)
def test_every_headline_figure_says_how_it_is_computed(
    page: str, demo: Path, demo_analysis: Analysis, run_app: RunApp
) -> None:
    query = {"workload": "nightly-summaries"} if page == "workloads" else {}
    app = run_app(page, **query)
    assert not app.exception
    assert explained(app) == 0  # nothing is made before it is asked for
    for key in FIGURES[page]:
        app.session_state[f"how_{key}"] = True
    app.run()
    assert not app.exception
    assert explained(app) == len(FIGURES[page])
    assert said(app).count(f"Price table {demo_analysis.price_version}.") == PRICED.get(
        page, len(FIGURES[page])
    )
    if page == "overview":
        low, high = demo_analysis.totals.saving_per_year.low, demo_analysis.totals.saving_per_year.high
        assert f"From low to high: {usd(low)} to {usd(high)}" in said(app)
        assert "prompts from " in said(app)
        assert "[developers.openai.com](https://" in said(app)


def test_every_term_of_a_page_is_in_the_glossary() -> None:
    pages = {name: terms for name, terms in vars(s).items() if name.startswith("TERMS_")}
    scripts = (ROOT / "ui" / "pages").glob("*.py")
    assert set(pages) == {f"TERMS_{path.stem.upper()}" for path in scripts}
    for names in pages.values():
        assert s.terms(*names).count("\n") == len(names) - 1
