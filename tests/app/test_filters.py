"""One filter for four pages: in the address, on every page, over every figure, and gone with one press."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from reports.chosen import Chosen
from reports.format import usd, usd_short
from reports.model import Analysis
from reports.narrowed import narrowed
from reports.triage_report import json_text
from reports.workbench import Workbench
from tests.app.conftest import RunApp
from tests.app.test_pages import metrics, texts, write_calls
from ui import strings as s


@pytest.fixture(scope="module")
def batch(demo_template: Path, demo_analysis: Analysis) -> Analysis:
    return narrowed(demo_analysis, Workbench.open(demo_template).inputs(), Chosen(labels=("batch",)))


def address(app: AppTest) -> dict[str, list[str]]:
    said = {name: app.query_params[name] for name in app.query_params}
    return {name: [value] if isinstance(value, str) else list(value) for name, value in said.items()}


def test_a_choice_holds_on_every_page_and_stands_in_each_address(
    demo: Path, batch: Analysis, demo_analysis: Analysis, run_app: RunApp
) -> None:
    spend, whole = batch.totals.billed_micro_usd, demo_analysis.totals.billed_micro_usd
    app = run_app()
    assert "Filtered" not in texts(app)
    app.pills(key="label").set_value(["batch"]).run()
    says = f"**Filtered: 4 of 10 workloads** ({usd(spend)} of {usd(whole)} spend)"
    assert says in texts(app)
    assert metrics(app)["Spend in this log"] == usd_short(spend)
    assert metrics(app)["Can wait"] == "100 %"
    for page in ("workloads", "prices", "report", "savings"):
        app.switch_page(f"ui/pages/{page}.py").run()
        assert not app.exception
        if page == "prices":
            continue
        assert says in texts(app)
        assert address(app)["label"] == ["Batch"]
        assert app.pills(key="label").value == ["batch"]
        if page == "report":
            assert "**A part: 4 of 10 workloads.** Filter: label Batch." in texts(app)
            assert "support-chat" not in texts(app)
    app.button(key="filters_clear").click().run()
    assert "Filtered" not in texts(app)
    assert "label" not in address(app)
    app.switch_page("ui/pages/overview.py").run()
    assert metrics(app)["Spend in this log"] == usd_short(whole)


def test_an_address_restores_what_it_says_and_ignores_what_it_does_not_know(
    demo: Path, run_app: RunApp
) -> None:
    app = run_app("report", label=["Nonsense", "batch"], provider=["nobody", "anthropic"], find=" REVIEW ")
    assert not app.exception
    assert "**Filtered: 1 of 10 workloads**" in texts(app)
    assert address(app)["label"] == ["Batch"]
    assert address(app)["provider"] == ["anthropic"]
    # A link that names labels keeps the other filters.
    app.switch_page("ui/pages/overview.py").run()
    app.button(key="go_wait").click().run()
    assert not app.exception
    assert set(address(app)["label"]) == {"Batch", "Semi-interactive"}
    assert list(app.dataframe[0].value["Workload"]) == ["filing-review"]


@pytest.mark.parametrize("page", ["overview", "report", "savings"])
def test_a_filter_that_fits_nothing_says_so_and_is_cleared(page: str, demo: Path, run_app: RunApp) -> None:
    app = run_app(page, find="zzz", label=["Batch"])
    assert not app.exception
    assert app.title[0].value
    assert "None of the 10 workloads fits: name contains “zzz”; label Batch." in texts(app)
    assert not app.metric
    app.button(key="filters_clear").click().run()
    assert "None of the" not in texts(app)
    assert not {"find", "label"} & set(address(app))


def test_a_workload_opened_by_name_is_shown_beside_the_filter(demo: Path, run_app: RunApp) -> None:
    app = run_app("workloads", label=["Batch"], workload="support-chat")
    assert app.header[0].value == r"support\-chat"
    assert "support-chat is outside the filters. It is shown because it was opened by name" in texts(app)
    assert "support-chat" not in list(app.dataframe[0].value["Workload"])
    # A filter that is changed moves on to what it finds.
    app.text_input(key="find").set_value("filing").run()
    assert app.header[0].value == r"filing\-review"
    assert "outside the filters" not in texts(app)


def test_one_workload_has_nothing_to_filter(home: Path, tmp_path: Path, run_app: RunApp) -> None:
    Workbench.open(home).import_file(write_calls(tmp_path / "calls.csv"))
    app = run_app(find="zzz")
    assert not app.exception
    assert not [item for item in app.text_input if item.key == "find"]
    assert metrics(app)["Spend in this log"] != "–"


def test_savings_are_those_of_the_workloads_shown(demo: Path, run_app: RunApp) -> None:
    found = Workbench.open(demo).verify().realised()
    name, levers = next(iter(found.by_workload().items()))
    app = run_app("savings", find=name)
    assert metrics(app)["Realised saving"] == usd_short(levers.saved_micro_usd)
    assert [box.options for box in app.selectbox if box.key == "change_workload"] == [[name]]


def test_the_filtered_report_compares_what_it_covers(
    demo: Path, demo_analysis: Analysis, run_app: RunApp
) -> None:
    report = json_text(demo_analysis)
    app = run_app("report", label=["Batch"])
    app.file_uploader(key="report_earlier").upload("october.json", report.encode()).run()
    assert not app.exception
    assert "**Compared:** 4 workloads. The earlier report covers all" in texts(app)
    assert "Not compared: 6 of the earlier report that this filter leaves out" in texts(app)
    assert "No longer in the workspace" not in texts(app)


def test_a_link_leads_away_from_an_address_with_the_value_of_a_widget(demo: Path, run_app: RunApp) -> None:
    app = run_app("savings", change_workload="nightly-summaries", label=["Batch"])
    app.button(key="go_moves").click().run()
    assert not app.exception
    assert app.title[0].value == "Workloads"
    assert address(app) == {"label": ["Batch"]}


def test_without_a_name_an_empty_list_ends_the_page(demo: Path, run_app: RunApp) -> None:
    app = run_app("workloads", find="zzz")
    assert not app.exception
    assert "None of the 10 workloads fits: name contains “zzz”." in texts(app)
    assert [item.value for item in app.header] == [s.FILTER_NONE_TITLE]
    app.button(key="filters_clear").click().run()
    assert app.header[0].value == r"nightly\-summaries"


def test_the_last_of_a_list_stays_on_screen_when_an_answer_takes_it_out(
    own_demo: Path, run_app: RunApp
) -> None:
    name = "agent-evaluations"
    app = run_app("workloads", label=["Unknown"], find=name)
    assert app.header[0].value == r"agent\-evaluations"
    app.text_input(key=f"sla_max_wait_{name}").set_value("36h")
    app.segmented_control(key=f"sla_waiting_{name}").set_value("no")
    app.form_submit_button[0].click().run()
    assert not app.exception
    assert "None of the 10 workloads fits" in texts(app)
    assert "Label: Unknown → :green-badge[Batch]" in texts(app)
