"""The What-if page: controls, comparison, saved scenarios, and addresses that somebody made up."""

from decimal import Decimal
from pathlib import Path

from streamlit.testing.v1 import AppTest

from reports.format import usd_short
from reports.model import Analysis
from reports.scenario import CURRENT, Choice, Scenario
from reports.scenario_link import link, read_link
from reports.workbench import Workbench
from tests.app.conftest import RunApp
from ui.text import md


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value.replace("\\", "") for metric in app.metric}


def in_address(app: AppTest) -> list[Scenario]:
    words = app.query_params.get("scenario", [])
    return [read_link(word) for word in ([words] if isinstance(words, str) else words)]


def opened(app: AppTest, section: str) -> AppTest:
    """The page with a section open, as after a click on it."""
    app.session_state[f"whatif_section_{section}"] = True
    return app.run()


def test_the_page_begins_with_the_recommendation(
    demo: Path, demo_analysis: Analysis, run_app: RunApp
) -> None:
    app = run_app("whatif")
    assert not app.exception
    saving = demo_analysis.totals.saving_per_year.base / 12
    assert metrics(app)["Saves, a month"] == usd_short(saving)
    assert in_address(app) == []


def test_controls_change_the_month_and_the_address(demo: Path, run_app: RunApp) -> None:
    app = run_app("whatif")
    app.segmented_control(key="whatif_0_lane").set_value(CURRENT).run()
    today = metrics(app)
    assert today["Today, a month"] == today["Scenario, a month"]
    assert today["Saves, a month"] == "$0.00"
    app.slider(key="whatif_0_volume").set_value(200).run()
    # Twice today less today is today.
    assert metrics(app)["Costs more, a month"] == today["Today, a month"]
    (asked,) = in_address(app)
    assert (asked.lane, asked.volume) == (CURRENT, Decimal(2))
    opened(app, "one_workload")
    app.selectbox(key="whatif_0_workload").set_value("nightly-summaries").run()
    names = app.selectbox(key="whatif_0_workload").options
    place = names.index("nightly-summaries")
    app.selectbox(key=f"whatif_0_of_{place}_lane").set_value("flex").run()
    assert not app.exception
    (asked,) = in_address(app)
    assert asked.workloads == {"nightly-summaries": Choice(lane="flex")}


def test_only_lanes_that_are_allowed_and_sold_are_offered(demo: Path, run_app: RunApp) -> None:
    app = opened(run_app("whatif"), "one_workload")
    picker = app.selectbox(key="whatif_0_workload")
    place = picker.options.index("support-chat")
    picker.set_value("support-chat").run()
    options = app.selectbox(key=f"whatif_0_of_{place}_lane").options
    assert not any(option.startswith(("Batch", "Flex")) for option in options)


def test_every_section_reads_back_what_the_address_says(demo: Path, run_app: RunApp) -> None:
    asked = Scenario.model_validate(
        {
            "name": "Odd *figures*",
            "share": "0.333333",
            "hit_rate": "0.6",
            "batch_hit_rate": "0.123456",
            "ttl": "1h",
            "volume": "7.25",
            "growth": "-0.305",
            "prefix_tokens": -30,
            "models": {"openai/gpt-5.5": "anthropic/claude-haiku-4-5"},
            "discounts": {"openai": "12.5"},
            "on": "2027-03-01",
            "rerun_share": "0.07",
            "billed_twice": True,
            "min_saving_usd": "1.25",
            "workloads": {"support-chat": {"share": "0.1", "volume": "3"}},
        }
    )
    app = run_app("whatif", scenario=link(asked))
    for section in ("one_workload", "models", "prices", "risk"):
        opened(app, section)
    assert not app.exception
    assert not app.error
    assert in_address(app) == [asked]


def test_an_address_that_is_no_scenario_says_so_and_shows_the_others(demo: Path, run_app: RunApp) -> None:
    good = link(Scenario(name="Twice", volume=Decimal(2)))
    app = run_app("whatif", scenario=[good, "1-nonsense", good, good, good])
    assert not app.exception
    (said,) = app.error
    assert "no readable scenario" in said.value.replace("\\", "")
    assert len(app.warning) == 1
    assert [scenario.name for scenario in in_address(app)] == ["Twice", "Twice copy", "Twice copy 2"]


def test_save_compare_and_delete(own_demo: Path, run_app: RunApp) -> None:
    app = run_app("whatif")
    app.slider(key="whatif_0_volume").set_value(150).run()
    app.session_state["whatif_menu"] = True
    app.run()
    app.text_input(key="whatif_name_0").set_value("Growth [x](y)")
    app.button(key="whatif_save").click().run()
    assert not app.exception
    assert [item.value for item in app.success] == [f"Saved as **{md('Growth [x](y)')}**."]
    app.button(key="whatif_save").click().run()
    assert "already" in app.error[0].value
    app.button(key="whatif_duplicate").click().run()
    assert [scenario.name for scenario in in_address(app)] == ["Growth [x](y)", "Growth [x](y) copy"]
    app.button(key="whatif_open").click().run()
    assert len(in_address(app)) == 3
    app.button(key="whatif_close").click().run()
    app.button(key="whatif_delete").click().run()
    assert not app.exception
    assert Workbench.open(own_demo).scenarios().all() == ()
    app.button(key="whatif_undo").click().run()
    (kept,) = Workbench.open(own_demo).scenarios().all()
    assert (kept.name, kept.volume) == ("Growth [x](y)", Decimal("1.5"))


def test_what_has_no_price_is_named_with_its_reason(demo: Path, run_app: RunApp) -> None:
    asked = Scenario(models={"openai/gpt-5.4": "openai/no-such-model"})
    app = run_app("whatif", scenario=link(asked))
    assert not app.exception
    (said,) = app.warning
    assert "crm" in said.value
    assert "price table" in said.value
