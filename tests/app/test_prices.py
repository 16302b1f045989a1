"""The Prices page in its other modes: new models, dated changes, files, discounts, conflicts, age."""

import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

import pricing.table
from pricing.price_files import csv_text
from pricing.table import PriceTable
from reports.workbench import Workbench
from tests.app.conftest import RunApp
from tests.app.test_pages import edit_first_price, texts, write_calls

BAD = """provider,model,tier,valid_from,valid_to,input_usd_per_mtok,output_usd_per_mtok
openai,gpt-4o,standard,2026-01-01,2026-06-01,-1,10
openai,gpt-4o,standard,2026-05-01,,two,10
openai,gpt-4o,batch,2026-01-01,,1,5
openai,gpt-4o,batch,2026-01-01,,1,5
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("log")
    bench = Workbench.open(folder / "workspace")
    bench.import_file(write_calls(folder / "calls.csv"))
    bench.analysis()  # leaves its roll-ups for the copies
    return bench.workspace.path


@pytest.fixture
def log(home: Path, template: Path) -> Workbench:
    """240 hourly calls on gpt-4o from 2 November 2026 on: 1,000 tokens in, 100 out."""
    shutil.copytree(template, home)
    return Workbench.open(home)


def field(app: AppTest, kind: str, end: str) -> str:
    """The key of the one widget of a kind that ends like that; forms key by generation."""
    (key,) = [widget.key for widget in app.get(kind) if widget.key and widget.key.endswith(end)]
    return str(key)


def alerts(app: AppTest) -> str:
    return "\n".join(str(item.value) for item in (*app.error, *app.info, *app.warning)).replace("\\", "")


def test_the_grid_has_units_in_its_headings_and_typed_columns(demo: Path, run_app: RunApp) -> None:
    config = run_app("prices").data_editor[0].proto.columns
    assert '"Input ($/M)"' in config
    assert '"max_value": 10000' in config or '"max_value":10000' in config
    assert '"Since (UTC)"' in config


def test_a_change_is_told_as_a_difference_in_spend_by_month(log: Workbench, run_app: RunApp) -> None:
    app = run_app("prices", change="Add a dated change")
    app.selectbox(key="change_model").set_value("openai / gpt-4o (in your data)")
    app.date_input(key="change_since").set_value(date(2026, 11, 7)).run()
    assert not app.exception
    assert "Change at least one price" in texts(app)
    key = field(app, "text_input", "_input_usd_per_mtok")
    assert app.text_input(key=key).value == "2.5"
    app.text_input(key=key).set_value("3.5").run()
    assert not app.exception
    # 5 days from 2 November at 24 calls; the other 120 calls cost 1,000 x 1 micro-dollar more
    assert "This changes **November 2026** by **+$0.12**, no lane changes." in alerts(app)
    app.text_input(key="prices_note").set_value("contract")
    app.button(key="prices_apply").click().run()
    (made,) = log.price_edits()
    assert (made.row.input_usd_per_mtok, str(made.row.valid_from)) == (Decimal("3.5"), "2026-11-07 00:00:00")
    assert made.note == "contract"
    app.button(key="prices_undo").click().run()
    assert log.price_edits() == ()


def test_a_future_change_is_told_on_its_own_day(log: Workbench, run_app: RunApp) -> None:
    app = run_app("prices", change="Add a dated change")
    app.date_input(key="change_since").set_value(date(2099, 1, 1)).run()
    app.text_input(key=field(app, "text_input", "_input_usd_per_mtok")).set_value("5").run()
    said = alerts(app)
    assert "This changes no month of the log" in said
    assert "at the prices of 1 Jan 2099: **+$" in said


def test_a_model_of_ones_own_is_added(log: Workbench, run_app: RunApp) -> None:
    app = run_app("prices", change="Add a model")
    assert "Give a provider, a model and at least one price" in texts(app)
    app.selectbox(key=field(app, "selectbox", "_provider")).set_value("openai")
    app.text_input(key=field(app, "text_input", "_model")).set_value("house model")
    app.text_input(key=field(app, "text_input", "_input_usd_per_mtok")).set_value("-1").run()
    said = alerts(app)
    assert "'house model' contains a space" in said
    assert "cannot be negative (-1)" in said
    assert app.button(key="prices_apply").disabled
    app.text_input(key=field(app, "text_input", "_model")).set_value("House-Model/1")
    app.text_input(key=field(app, "text_input", "_input_usd_per_mtok")).set_value("0.123456789").run()
    app.button(key="prices_apply").click().run()
    assert not app.exception
    (made,) = log.price_edits()
    assert (made.row.model, made.row.input_usd_per_mtok) == ("house-model/1", Decimal("0.123456789"))
    assert made.row.valid_from is None


def test_a_model_the_table_knows_is_pointed_out(log: Workbench, run_app: RunApp) -> None:
    app = run_app("prices", change="Add a model")
    app.selectbox(key=field(app, "selectbox", "_provider")).set_value("openai")
    app.text_input(key=field(app, "text_input", "_model")).set_value("gpt-4o")
    app.text_input(key=field(app, "text_input", "_input_usd_per_mtok")).set_value("1").run()
    assert "The table knows this model" in alerts(app)


def upload(app: AppTest, name: str, text: str) -> AppTest:
    app.file_uploader[0].set_value((name, text.encode(), "text/csv")).run()
    return app


def test_a_bad_file_lists_every_problem_and_applies_nothing(log: Workbench, run_app: RunApp) -> None:
    app = upload(run_app("prices", change="Import a file"), "bad.csv", BAD)
    assert not app.exception
    assert "Nothing is applied: 4 problems in 3 rows" in alerts(app)
    shown = app.table[0].value.values.tolist()
    assert [row[0] for row in shown] == ["2", "3", "3", "5"]
    said = " ".join(str(row[2]) for row in shown).replace("\\", "")
    for words in ("cannot be negative", "'two' is not a number", "before row 2 ends", "repeats row 4"):
        assert words in said
    assert app.button(key="prices_apply").disabled
    assert log.price_edits() == ()


def test_a_good_file_is_previewed_and_applied_as_one_change(log: Workbench, run_app: RunApp) -> None:
    text = csv_text(log.prices().rows_for("openai", "gpt-4o")).replace(",2.5,1.25,", ",2.25,1.25,")
    app = upload(run_app("prices", change="Import a file"), "prices.csv", text)
    assert not app.exception
    # 240 calls x 1,000 x 0.25 micro-dollars
    assert "by **-$0.06**" in alerts(app)
    app.button(key="prices_apply").click().run()
    assert not app.exception
    assert len(log.price_edits()) == 1
    assert log.price_book().history()[0].note == "Imported prices.csv"


def test_a_file_that_says_nothing_new_says_so(log: Workbench, run_app: RunApp) -> None:
    text = csv_text(log.prices().rows_for("openai", "gpt-4o"))
    app = upload(run_app("prices", change="Import a file"), "prices.csv", text)
    assert "Every row of the file says what the table says already." in alerts(app)


def test_a_discount_is_previewed_applied_removed_and_undone(log: Workbench, run_app: RunApp) -> None:
    app = run_app("prices", change="Contract discounts")
    assert "No discount is in force" in texts(app)
    app.selectbox(key=field(app, "selectbox", "_provider")).set_value("openai")
    app.text_input(key=field(app, "text_input", "_percent")).set_value("ten").run()
    assert "'ten' is not a number" in alerts(app)
    app.text_input(key=field(app, "text_input", "_percent")).set_value("10").run()
    # a tenth of 240 x 3,500 micro-dollars
    assert "This changes **November 2026** by **-$0.08**" in alerts(app)
    app.button(key="prices_apply").click().run()
    assert not app.exception
    (held,) = log.discounts().current()
    assert held.provider == "openai"
    assert held.percent_off == 10
    app.button(key="discount_remove").click().run()
    assert log.discounts().current() == ()
    app.button(key="discount_undo").click().run()
    assert log.discounts().current() == (held,)
    app.button(key="discount_undo").click().run()
    assert log.discounts().current() == ()
    assert app.button(key="discount_undo").disabled


def test_the_mode_waits_for_pending_edits_of_the_grid(demo: Path, run_app: RunApp) -> None:
    app = edit_first_price(run_app("prices"), "output_usd_per_mtok", 50.25)
    assert app.segmented_control(key="change").disabled


def test_a_conflict_with_a_newer_table_is_shown_and_settled(
    log: Workbench, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = {
        "provider": "openai",
        "model": "gpt-4o",
        "tier": "standard",
        "input_usd_per_mtok": "2",
        "output_usd_per_mtok": "9",
        "valid_from": "2026-11-01",
    }
    log.apply_prices(log.check_prices([asked]).rows, author="ada", note="contract")
    assert "changed under your edits" not in str(run_app("prices").warning)
    later = PriceTable(
        [
            row.model_copy(update={"input_usd_per_mtok": Decimal("2.2")})
            if row.key == ("openai", "gpt-4o", "standard", 0)
            else row
            for row in PriceTable.shipped().rows
        ]
    )
    monkeypatch.setattr(pricing.table, "_shipped_table", lambda: later)
    app = run_app("prices")
    assert "The shipped price of **openai / gpt-4o**, standard, has changed" in texts(app)
    assert [row[0] for row in app.table[0].value.values.tolist()] == [
        "yours",
        "shipped, when you edited",
        "shipped, now",
    ]
    app.button(key="conflict_take_0").click().run()
    assert not app.exception
    assert log.price_edits() == ()
    assert "The shipped price holds again" in texts(app)


def test_old_prices_of_the_models_in_use_are_pointed_out(
    log: Workbench, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Checked more than 90 days ago" not in alerts(run_app("prices"))
    old = PriceTable(
        [row.model_copy(update={"checked_on": date(2026, 1, 5)}) for row in PriceTable.shipped().rows]
    )
    monkeypatch.setattr(pricing.table, "_shipped_table", lambda: old)
    assert "Checked more than 90 days ago: " in alerts(run_app("prices"))
    assert "the oldest on 5 Jan 2026 (openai / gpt-4o)" in alerts(run_app("prices"))
