"""The Workload rules page: no logs, shipped rules, a rule being written, refused, saved, undone."""

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data.rules import RuleSet
from data.schema import UNATTRIBUTED
from reports.model import NOTHING
from reports.workbench import Workbench
from tests import report_cases
from tests.app.conftest import RunApp
from tests.app.test_pages import metrics, texts
from ui import components, workload_rules
from ui.text import md


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("teams")
    rows: list[dict[str, Any]] = [
        {
            "call_id": f"c{n}",
            "ts": f"2026-11-02T09:{n:02d}:00Z",
            "provider": "openai",
            "model": "gpt-4o",
            "input_tokens": 100_000,
            "output_tokens": 0,
            **({"metadata": {"team": "data"}} if n < 6 else {}),
        }
        for n in range(8)
    ]
    source = folder / "log.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    bench = Workbench.open(folder / "workspace")
    bench.import_file(source)
    bench.analysis()  # leaves its roll-ups for the copies
    return bench.workspace.path


@pytest.fixture
def teams(home: Path, template: Path) -> Path:
    """Six calls of team data at 2.50 dollars per million tokens, and two that nothing names."""
    shutil.copytree(template, home)
    return home


def write_rule(app: AppTest, field: str, value: str, workload: str) -> AppTest:
    generation = app.session_state.get("rules_generation", 0)
    app.selectbox(key=f"rules_field_{generation}").set_value(field).run()
    app.selectbox(key=f"rules_value_{generation}_{field}").set_value(value)
    app.text_input(key=f"rules_workload_{generation}").set_value(workload)
    return app.run()


def rules_table(app: AppTest) -> list[list[str]]:
    table = next(table.value for table in app.table if "When" in table.value.columns)
    return [[str(cell).replace("\\", "") for cell in row] for row in table.to_numpy()]


def test_the_shipped_rules_leave_over_what_the_log_does_not_name(teams: Path, run_app: RunApp) -> None:
    app = run_app("rules")
    assert not app.exception
    shown = metrics(app)
    assert (shown["Calls without a workload"], shown["Their share of spend"]) == ("8", "100.0 %")
    rows = rules_table(app)
    assert len(rows) == len(RuleSet.default().rules) + 1
    assert rows[-1][1:3] == ["no rule", "**(unattributed)**"]
    assert app.button(key="rules_add").disabled
    assert app.button(key="rules_undo").disabled


def test_a_rule_is_previewed_while_it_is_written_then_added_saved_and_undone(
    teams: Path, run_app: RunApp
) -> None:
    app = write_rule(run_app("rules"), "metadata.team", "data", "team {metadata.team}")
    assert not app.exception
    # 6 of 8 calls, 100,000 tokens each at 2.50 dollars per million
    assert "It would take **6 calls** ($1.50, 75.0 % of the spend)." in texts(app)
    app.button(key="rules_add").click().run()
    assert not app.exception
    assert rules_table(app)[0][1:3] == ["Metadata: team is data", "team {metadata.team}: team data"]
    assert metrics(app)["Calls without a workload"] == "2"
    effect = next(table.value for table in app.table if "Calls then" in table.value.columns)
    assert [str(name).replace("\\", "") for name in effect["Workload"]] == ["(unattributed)", "team data"]
    bench = Workbench.open(teams)
    assert bench.rules() == RuleSet.default(), "nothing is saved by looking"

    app.text_input(key="rules_note").set_value("the data team")
    app.button(key="rules_save").click().run()
    assert not app.exception
    assert "saved and in force" in texts(app)
    assert bench.rules().rules[0].workload == "team {metadata.team}"
    (version,) = bench.rules_history()
    assert (version.author, version.note) == ("test@example.com", "the data team")
    assert bench.analysis().workload("team data").n_requests == 6

    app.button(key="rules_undo").click().run()
    assert not app.exception
    assert bench.rules() == RuleSet.default()
    assert metrics(app)["Calls without a workload"] == "8"


def test_rules_are_moved_and_removed_before_they_are_saved(teams: Path, run_app: RunApp) -> None:
    app = write_rule(run_app("rules"), "model", "gpt-4o", "all of it")
    app.button(key="rules_add").click().run()
    app.button(key="rules_down").click().run()
    assert rules_table(app)[1][2] == "all of it"
    app.selectbox(key="rules_pick_2").set_value(0).run()
    app.button(key="rules_remove").click().run()
    assert rules_table(app)[0][2] == "all of it"
    assert app.button(key="rules_up").disabled
    app.button(key="rules_discard").click().run()
    assert len(rules_table(app)) == len(RuleSet.default().rules) + 1
    assert Workbench.open(teams).rules_history() == ()


def test_the_last_rule_can_go_too(teams: Path, run_app: RunApp) -> None:
    app = run_app("rules")
    app.text_area(key="rules_yaml_0").set_value("rules: []")
    app.button(key="rules_yaml_use").click().run()
    assert not app.exception
    assert len(rules_table(app)) == 1
    assert app.button(key="rules_remove").disabled


def test_a_pasted_list_is_tried_and_a_wrong_one_is_explained(teams: Path, run_app: RunApp) -> None:
    app = run_app("rules")
    app.text_area(key="rules_yaml_0").set_value("rules:\n- {workload: a, when: {teg: x}}")
    app.button(key="rules_yaml_use").click().run()
    assert not app.exception
    assert "Rule 1, when: “teg” is no field" in texts(app)
    app.text_area(key="rules_yaml_0").set_value("rules:\n- {workload: everything}")
    app.button(key="rules_yaml_use").click().run()
    assert rules_table(app)[0][1:3] == ["every call", "everything"]
    assert metrics(app)["Calls without a workload"] == "0"
    app.button(key="rules_shipped").click().run()
    assert len(rules_table(app)) == len(RuleSet.default().rules) + 1


def test_a_name_with_an_unknown_field_is_refused_while_it_is_written(teams: Path, run_app: RunApp) -> None:
    app = write_rule(run_app("rules"), "model", "gpt-4o", "{teem}")
    assert not app.exception
    assert "{teem} is no field" in texts(app)
    assert app.button(key="rules_add").disabled


def test_the_workloads_page_says_what_share_no_rule_names(teams: Path, run_app: RunApp) -> None:
    app = run_app("workloads")
    assert app.button(key="go_rules").label == "(unattributed) is 100.0 % of the spend: write a rule"
    app.button(key="go_rules").click().run()
    assert app.title[0].value == "Workload rules"


@pytest.mark.parametrize(("left", "offered"), [(0, False), (4_999, False), (5_000, True)])
def test_a_rule_is_asked_for_from_half_a_percent_of_the_spend_on(
    left: int, offered: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(components, "link", lambda label, *_, **__: asked.append(label))
    costs = {"named": 1_000_000 - left, UNATTRIBUTED: left}
    results = [report_cases.workload(name, Decimal(cost), NOTHING) for name, cost in costs.items()]
    workload_rules.unattributed(report_cases.analysis(results))
    assert asked == (["(unattributed) is 0.5 % of the spend: write a rule"] if offered else [])


def test_names_from_a_log_are_shown_as_they_are(teams: Path, run_app: RunApp) -> None:
    name = "[x](http://e.vil) $1$ **b**"
    app = write_rule(run_app("rules"), "model", "gpt-4o", name)
    app.button(key="rules_add").click().run()
    assert not app.exception
    assert any(md(name) in str(cell) for table in app.table for cell in table.value.to_numpy().ravel())


def test_saved_rules_changed_by_hand_are_a_sentence_on_every_page(teams: Path, run_app: RunApp) -> None:
    Workbench.open(teams).workspace.document("workload_rules").save(
        {"rules": [{"wehn": {}}]}, author="x", note="by hand"
    )
    for page in ("rules", "overview", "workloads"):
        app = run_app(page)
        assert not app.exception
        assert "there is no such key" in texts(app)
