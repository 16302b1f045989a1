"""The Ledger and Alerts pages: what people do there, and the banner on the other pages."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from reports.ledger import ref_of
from reports.watch_model import Watched, read_watched
from reports.workbench import Workbench
from tests.app.conftest import RunApp
from tests.app.test_pages import metrics, texts
from tests.ledger_case import KEY, MOVED, after_the_move, before_the_move, lines, write
from ui import strings as s


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("moved")
    bench = before_the_move(folder)
    after_the_move(bench, folder)
    bench.analysis()  # leaves its roll-ups for the copies
    return bench.workspace.path


@pytest.fixture
def moved(home: Path, template: Path) -> Workbench:
    """The job that moved to batch, at the workspace the app looks at."""
    return Workbench.open(shutil.copytree(template, home))


def test_a_move_already_made_is_claimed_and_verified_on_the_page(moved: Workbench, run_app: RunApp) -> None:
    app = run_app("ledger")
    assert not app.exception
    app.selectbox(key="ledger_made").select_index(0).run()
    owner = f"owner_{ref_of(KEY)}"
    [button for button in app.button if button.label == s.LEDGER_CLAIM][-1].click().run()
    assert "Give an owner" in texts(app), "a refusal is a sentence, and nothing is written"
    assert moved.ledger().history() == ()
    app.text_input(key=owner).set_value("Ann *of* ops")
    [button for button in app.button if button.label == s.LEDGER_CLAIM][-1].click().run()
    assert not app.exception
    assert s.LEDGER_CLAIMED in texts(app)
    assert metrics(app)[s.KPI_CLAIMED] == "$126"
    next(button for button in app.button if button.label == s.LEDGER_VERIFY).click().run()
    assert not app.exception
    said = texts(app)
    assert s.LEDGER_MEASURED_OK in said
    assert "**$2.33** saved, $2.33 to $2.45 expected of these calls; **$121.36** a year" in said
    assert "1,400 calls in 168 hours from 2 Nov 2026: $4.90 in sync, no caching" in said
    assert metrics(app)[s.KPI_VERIFIED] == "$121"
    (claimed, verified) = moved.ledger().history()
    assert (claimed.event.owner, claimed.version.author) == ("Ann *of* ops", "test@example.com")
    assert verified.event.event == "verified"


def test_a_dismissal_is_made_and_taken_back(home: Path, tmp_path: Path, run_app: RunApp) -> None:
    bench = before_the_move(tmp_path)
    app = run_app("ledger")
    reason = next(field for field in app.text_input if field.label == s.LEDGER_REASON)
    reason.set_value("needs a new [pipeline](http://x)")
    next(button for button in app.button if button.label == s.LEDGER_DISMISS).click().run()
    assert not app.exception
    assert "needs a new [pipeline](http://x)" in texts(app)
    assert metrics(app)[s.KPI_PROPOSED] == "$0.00"
    next(button for button in app.button if button.label == s.LEDGER_REOPEN).click().run()
    assert metrics(app)[s.KPI_PROPOSED] == "$126"
    assert [item.event.event for item in bench.ledger().history()] == ["dismissed", "reopened"]


def test_alerts_lead_to_their_evidence_and_the_banner_hides(
    moved: Workbench, tmp_path: Path, run_app: RunApp
) -> None:
    moved.import_file(
        write(tmp_path / "failed.csv", lines("f", MOVED + timedelta(days=6, hours=3), 50, "batch", "error"))
    )
    budget = {"channel": "workload", "which": "nightly", "period": "day", "limit_usd": "0.30"}
    moved.watch().save(read_watched({"budgets": [budget]}), author="Ann", note="")
    app = run_app("alerts")
    assert not app.exception
    said = texts(app)
    # the 15th: 190 lines at 1,750 and 10 at 3,500 micro-dollars
    assert "Budget of workload nightly: $0.37 of $0.30 a day (2026-11-15, UTC), the limit is reached" in said
    assert "nightly on gpt-4o, in batch: 50 of 1,450 requests failed (3.45 %)" in said
    assert "70 of 1,450 requests expired" in said
    assert "2 breaches" not in said, "the page that says it all has no banner"
    app.session_state["how_budget_0"] = True
    app.run()
    assert "here by workload" in texts(app)
    fields = {field.label: field for field in app.text_input}
    fields[s.WATCH_FIELDS["error_rate"][0]].set_value("a lot")
    next(button for button in app.button if button.label == s.WATCH_SAVE).click().run()
    assert "error rate: “a lot” is no number" in texts(app)
    fields = {field.label: field for field in app.text_input}
    fields[s.WATCH_FIELDS["error_rate"][0]].set_value("3.45")
    next(button for button in app.button if button.label == s.WATCH_SAVE).click().run()
    assert not app.exception
    assert (
        moved.watch().watched().thresholds.error_rate
        == read_watched({"thresholds": {"error_rate": "0.0345"}}).thresholds.error_rate
    )
    assert moved.watch().watched().budgets[0].which == "nightly"
    assert "50 of 1,450" not in texts(app), "50 of 1,450 is a little below 3.45 %"
    app.button(key="watch_undo").click().run()
    app.button(key="watch_undo").click().run()
    assert moved.watch().watched() == Watched()

    page = run_app("prices")
    banner = "**1 breach and"
    assert banner in texts(page)
    page.button(key="banner_hide").click().run()
    assert banner not in texts(page)
    page.switch_page("ui/pages/ledger.py").run()
    assert banner not in texts(page)


def test_damage_in_the_alerts_document_stops_no_other_page(moved: Workbench, run_app: RunApp) -> None:
    moved.watch().save(read_watched({"time_zone": "Asia/Tokyo"}), author="Ann", note="")
    file = moved.workspace.path / "documents" / "alerts" / "000001.json"
    file.write_text(file.read_text(encoding="utf-8").replace("Asia/Tokyo", "Mars"), encoding="utf-8")
    assert not run_app("prices").error
    (told,) = run_app("alerts").error
    assert "changed by hand" in told.value
