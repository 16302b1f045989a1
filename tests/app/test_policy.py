"""The Policy page: read, a preset tried, text refused, an override, saved, undone; and a damaged policy."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from reports.workbench import Workbench
from tests.app.conftest import RunApp
from tests.app.test_pages import metrics, texts
from tests.test_reports_behaviour import log
from tests.test_reports_policy_preview import calls
from triage.policy import Policy
from ui.text import md

DEFAULT = Policy.preset_text("default")


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`minutes` may wait 45 minutes, `hours` 8 hours, `days` a week; of `somebody` nothing is said."""
    found = log(tmp_path_factory.mktemp("policy"), list(calls()))
    for name, wait in (("minutes", "45m"), ("hours", "8h"), ("days", "7d")):
        found.declare(name, author="Ann", max_wait=wait)
    found.analysis()  # leaves its roll-ups for the copies
    return found.workspace.path


@pytest.fixture
def own(template: Path, home: Path) -> Path:
    shutil.copytree(template, home)
    return home


def table(app: AppTest, column: str) -> list[list[str]]:
    (found,) = [item.value for item in app.table if column in item.value.columns]
    return [[str(cell).replace("\\", "") for cell in row] for row in found.to_numpy()]


def write(app: AppTest, text: str) -> AppTest:
    return (
        app.text_area(key=f"policy_yaml_{app.session_state.get('policy_generation', 0)}")
        .set_value(text)
        .run()
    )


def press(app: AppTest, key: str) -> AppTest:
    app.button(key=key).click().run()
    assert not app.exception
    return app


def test_the_policy_in_force_is_said_in_words(own: Path, run_app: RunApp) -> None:
    app = run_app("policy")
    assert not app.exception
    said = texts(app)
    assert "In force: **Lanewise default (preset default), as shipped**." in said
    assert "There are none: the hour of the day decides nothing." in said
    assert table(app, "Tiers allowed")[2] == [
        "Batch", "above 1 h", "standard, priority, flex, batch, offpeak",
    ]  # fmt: skip
    assert len(table(app, "When")) == len(Policy.default().rules)
    assert app.button(key="policy_undo").disabled
    assert app.button(key="policy_reset").disabled


def test_a_preset_is_previewed_workload_by_workload_then_saved_and_undone(own: Path, run_app: RunApp) -> None:
    app = run_app("policy", policy_way="Choose a preset")
    app.radio(key="policy_preset_0").set_value("gateway")
    press(app, "policy_preset_use")
    bench = Workbench.open(own)
    assert bench.policy() == Policy.default(), "nothing is saved by looking"
    assert "2 of 4 workloads would change, 1 of them the label. The other 2 stay exactly as now." in texts(
        app
    )
    row, hours = table(app, "Recommended lane")
    # Nothing is published on batches of 8 hours; only this preset takes a risk that nobody knows.
    assert hours == ["hours", ":green-badge[Batch]", "stays → Batch, no caching", "$0.00 → $699.05"]
    name, label, lane, saving = row
    assert name == "minutes"
    assert label == ":orange-badge[Semi-interactive] → :green-badge[Batch]"
    assert lane == "stays → Batch, no caching"
    # Half of 1,471.68 dollars a year, less 5 % that run again at today's price.
    assert saving == "$0.00 → $699.05"
    assert "- **minutes**: The longest acceptable wait is 45 min, above the 30 min line;" in texts(app)
    assert "on the clocks of UTC" in texts(app), "the words are those of the draft"
    shown = metrics(app)
    before = bench.analysis().totals.saving_per_year.base
    assert shown["Projected saving a year, then"] == f"${(before + 2 * 699_048_000) / 1_000_000:,.2f}"

    app.text_input(key="policy_note_1").set_value("we sort at the gateway")
    press(app, "policy_save")
    assert "Gateway (preset gateway), version 1 is saved and in force." in texts(app)
    (version,) = bench.policy_book().history()
    assert (version.author, version.note) == ("test@example.com", "we sort at the gateway")
    assert bench.analysis().workload("minutes").verdict.label == "batch"
    assert "policy_save" not in [button.key for button in app.button]
    press(app, "policy_undo")
    assert bench.policy() == Policy.default()

    app.selectbox(key="policy_version").set_value(1)
    press(app, "policy_look")
    assert "minutes" in [row[0] for row in table(app, "Recommended lane")]
    press(app, "policy_save")
    assert bench.policy_book().history()[0].note == "Back to version 1"


def test_text_that_cannot_be_used_is_listed_with_its_places_and_not_saved(own: Path, run_app: RunApp) -> None:
    app = run_app("policy", policy_way="Edit the YAML")
    wrong = DEFAULT.replace("semi_up_to_s: 3600 ", "semi_up_to_s: soon ").replace(
        "overrides: []", "overridden: []"
    )
    write(app, wrong)
    assert not app.exception
    rows = table(app, "What to mend")
    assert [row[:2] for row in rows] == [["13", "3"], ["27", "1"]]
    assert rows[0][2] == "thresholds.semi_up_to_s: 'soon' must be a whole number."
    assert rows[0][3].startswith("semi_up_to_s: soon")
    assert app.button(key="policy_save").disabled
    write(app, DEFAULT.replace("min_requests_per_batch: 100", "min_requests_per_batch: 1441"))
    assert "4 of 4 workloads would change, none of them the label." in texts(app)
    write(app, DEFAULT)
    assert "policy_save" not in [button.key for button in app.button], "typed back to what is in force"
    write(app, DEFAULT + "# mine")
    press(app, "policy_discard")
    assert "policy_save" not in [button.key for button in app.button]
    assert Workbench.open(own).policy_book().history() == ()


def test_an_override_of_one_workload_is_written_into_the_text_and_removed(own: Path, run_app: RunApp) -> None:
    app = run_app("policy", policy_way="Override one workload")
    app.selectbox(key="policy_override_name_0").set_value("somebody")
    app.selectbox(key="policy_override_sla_0").set_value("by-morning").run()
    press(app, "policy_override_add")
    (row,) = table(app, "Recommended lane")
    assert (row[0], row[1]) == ("somebody", ":gray-badge[Unknown] → :green-badge[Batch]")
    press(app, "policy_save")
    book = Workbench.open(own).policy_book()
    assert "- {workload: somebody, sla: by-morning}" in book.stored().text
    assert book.history()[0].note == "Override of somebody"
    press(app, "policy_override_remove")
    press(app, "policy_save")
    assert book.stored().text == DEFAULT


def test_a_save_over_somebody_elses_is_refused(own: Path, run_app: RunApp) -> None:
    app = run_app("policy", policy_way="Edit the YAML")
    write(app, DEFAULT.replace("name: Lanewise default", "name: Ours"))
    Workbench.open(own).policy_book().choose("strict_24h", author="Ben", note="")
    app.button(key="policy_save").click().run()
    assert not app.exception
    assert "Version 1 is in force; yours was edited over version 0." in texts(app)
    assert Workbench.open(own).policy().name == "Strict 24 h"


def test_a_damaged_policy_is_a_sentence_everywhere_and_left_behind_on_the_page(
    own: Path, run_app: RunApp
) -> None:
    bench = Workbench.open(own)
    bench.workspace.document("policy").save({"preset": 3}, author="x", note="by hand")
    app = run_app("overview")
    assert not app.exception
    assert "Version 1 of the" in texts(app)
    app = run_app("policy")
    assert not app.exception
    press(app, "policy_reset")
    assert "nothing to compare with" in texts(app)
    press(app, "policy_save")
    assert "is saved and in force" in texts(app)
    assert bench.policy() == Policy.default()


def test_without_data_a_policys_own_words_are_shown_as_they_are_and_a_preset_is_chosen(
    home: Path, run_app: RunApp
) -> None:
    name = "[x](http://e.vil) $1$ **b** | <i>"
    text = DEFAULT.replace("name: Lanewise default", f"name: '{name}'")
    book = Workbench.open(home).policy_book()
    hostile = text.replace("overrides: []", "overrides: [{tag: '$2$ **t**', sla: interactive}]")
    book.save(hostile, author="$3$ [a](b)", note="`c` :red[d]")
    app = run_app("policy", policy_way="Choose a preset")
    assert not app.exception
    said = "\n".join(str(item.value) for item in (*app.markdown, *app.caption))
    assert md(name) in said
    assert md("$3$ [a](b)") in said
    assert md("`c` :red[d]") in said
    assert any(
        md("tag $2$ **t**") in str(cell) for found in app.table for cell in found.value.to_numpy().ravel()
    )
    app.radio(key="policy_preset_0").set_value("strict_24h")
    press(app, "policy_preset_use")
    assert "There is no workload yet, so nothing changes today." in texts(app)
    press(app, "policy_save")
    assert Workbench.open(home).policy().name == "Strict 24 h"
