"""Every page in every state it can meet: empty, demo, a model without a price, damage, refusal."""

import csv
import json
import re
import shutil
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from streamlit.testing.v1.element_tree import Block

from reports import triage_report
from reports.model import Analysis
from reports.workbench import Workbench
from tests.app.conftest import RunApp
from ui import strings as s
from ui.text import WORD_JOINER, md

PAGES = (
    "overview",
    "workloads",
    "whatif",
    "report",
    "data",
    "describe",
    "rules",
    "policy",
    "prices",
    "calculators",
    "savings",
    "batches",
    "bills",
    "ledger",
    "alerts",
)
NEED_NO_DATA = {"data", "describe", "policy", "prices", "calculators"}


def texts(app: AppTest | Block) -> str:
    """All that the page says in Markdown, alerts and captions, without the escapes."""
    elements = [*app.markdown, *app.caption, *app.error, *app.warning, *app.info, *app.success, *app.title]
    return "\n".join(str(element.value) for element in elements).replace("\\", "").replace(WORD_JOINER, "")


def shown(app: Block) -> str:
    """The same with headings, names of columns and of controls, where terms of art stand as well."""
    named = [*app.button, *app.metric, *app.expander, *app.selectbox, *app.slider, *app.number_input]
    # Columns in small letters are fields, which the page shows by another name.
    tables = [*app.table, *app.dataframe]
    columns = [str(name) for table in tables for name in table.value.columns if not str(name).islower()]
    headings = [str(item.value) for item in (*app.header, *app.subheader)]
    return "\n".join([texts(app), *headings, *columns, *(item.label for item in named)])


def terms_used(text: str) -> set[str]:
    """The terms of the glossary that occur in a text, the longer one where one is part of another."""
    found = set()
    for term in sorted(s.GLOSSARY, key=len, reverse=True):
        text, n = re.subn(rf"(?<![\w-]){re.escape(term)}(s|es)?(?![\w-])", "", text, flags=re.IGNORECASE)
        if n:
            found.add(term)
    return found


def metrics(app: AppTest) -> dict[str, str]:
    return {metric.label: metric.value.replace("\\", "") for metric in app.metric}


def write_calls(
    path: Path, *, model: str = "gpt-4o", provider: str = "openai", workload: str = "reports"
) -> Path:
    """240 hourly calls from 2 November 2026 on, 1,000 tokens in and 100 out each."""
    start = datetime(2026, 11, 2)
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["call_id", "ts", "provider", "model", "workload", "input_tokens", "output_tokens"])
        for hour in range(240):
            at = (start + timedelta(hours=hour)).isoformat()
            writer.writerow([f"{workload}-{hour}", at, provider, model, workload, 1000, 100])
    return path


# ---------------------------------------------------------------- empty


@pytest.fixture(scope="module")
def nothing(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("nothing")


@pytest.mark.parametrize("page", PAGES)
def test_an_empty_workspace_offers_both_ways_to_begin(
    page: str, nothing: Path, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANEWISE_HOME", str(nothing))  # shared: pages only look
    app = run_app(page)
    assert not app.exception
    assert not app.error
    labels = {button.label for button in app.button}
    assert "Load the demo" in labels or page in {"prices", "policy", "describe", "calculators", "bills"}
    if page not in NEED_NO_DATA:
        assert labels & {"Upload a log", "Upload a bill or a log"}


def test_prices_of_an_empty_workspace_show_the_whole_table(run_app: RunApp) -> None:
    app = run_app("prices")
    assert app.toggle(key="prices_all").value is True
    assert len(app.data_editor[0].value) > 50


def test_the_demo_button_loads_the_demo(run_app: RunApp) -> None:
    app = run_app()
    app.button(key="welcome_demo").click().run()
    assert not app.exception
    assert "timings and lengths are real" in texts(app)
    assert metrics(app)["Spend in this log"].startswith("$")


# ---------------------------------------------------------------- demo


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_demo_renders(page: str, demo: Path, run_app: RunApp) -> None:
    app = run_app(page)
    assert not app.exception
    assert not app.error
    assert app.title[0].value
    assert all(str(item.value).strip() for item in app.markdown)
    helps = "\n".join(str(item.help) for item in (*app.caption, *app.markdown) if item.help)
    unexplained = {term for term in terms_used(shown(app.main)) if f"- **{term}**: " not in helps}
    assert unexplained == set()


def test_the_overview_says_what_the_analysis_says(
    demo: Path, demo_analysis: Analysis, run_app: RunApp
) -> None:
    analysis = demo_analysis
    saving = analysis.totals.saving_per_year.base / 1_000_000
    billed = analysis.totals.billed_micro_usd
    assert billed is not None
    app = run_app()
    shown = metrics(app)
    assert shown["Projected saving a year"] == f"${saving / 1000:.2f}k"
    assert f"${billed / 1_000_000:,.2f} over" in texts(app)
    assert f"${saving / 1000:.2f}k a year" in app.title[0].value.replace("\\", "")
    waiting = sum(
        (
            amount
            for label, amount in analysis.totals.spend_by_label.items()
            if label in ("batch", "semi_interactive")
        ),
        Decimal(0),
    )
    assert shown["Can wait"] == f"{waiting / billed * 100:.0f} %"


def test_each_figure_of_the_overview_leads_to_its_evidence(
    demo: Path, demo_analysis: Analysis, run_app: RunApp
) -> None:
    app = run_app()
    labels = {button.label for button in app.button}
    assert {
        "Spend by workload",
        "Workloads that can wait",
        "The report behind it",
        "Try other lanes",
    } <= labels
    assert all(metric.help for metric in app.metric)
    name = max(demo_analysis.workloads, key=lambda result: result.saving_per_year.base).workload
    app.button(key=f"go_{name}").click().run()
    assert not app.exception
    assert app.title[0].value == "Workloads"
    assert app.header[0].value == md(name)


def test_a_workload_named_in_the_address_is_the_one_shown(demo: Path, run_app: RunApp) -> None:
    app = run_app("workloads", workload="crm-enrichment")
    assert not app.exception
    assert app.selectbox(key="workload").value == "crm-enrichment"
    assert app.header[0].value == md("crm-enrichment")


def test_an_unknown_workload_in_the_address_falls_back_to_the_first(
    demo: Path, demo_analysis: Analysis, run_app: RunApp
) -> None:
    app = run_app("workloads", workload="no such workload")
    assert not app.exception
    assert app.header[0].value == md(demo_analysis.workloads[0].workload)


def test_the_label_filter_narrows_the_table(demo: Path, demo_analysis: Analysis, run_app: RunApp) -> None:
    analysis = demo_analysis
    batch = [result.workload for result in analysis.workloads if result.verdict.label == "batch"]
    app = run_app("workloads", label=["Batch"])
    assert list(app.dataframe[0].value["Workload"]) == batch


@pytest.mark.parametrize("position", range(10))
def test_every_workload_of_the_demo_can_be_looked_at(
    position: int, demo: Path, demo_analysis: Analysis, run_app: RunApp
) -> None:
    result = demo_analysis.workloads[position]
    app = run_app("workloads", workload=result.workload)
    assert not app.exception
    said = texts(app)
    assert result.verdict.sentence in said
    for fact in result.verdict.evidence:
        assert fact.sentence in said
    if result.verdict.question:
        assert result.verdict.question in said


def test_declaring_an_sla_moves_label_and_saving_at_once(own_demo: Path, run_app: RunApp) -> None:
    name = "agent-evaluations"
    before = Workbench.open(own_demo).analysis().workload(name)
    assert before.verdict.label == "unknown"
    app = run_app("workloads", workload=name)
    app.text_input(key=f"sla_max_wait_{name}").set_value("36h")
    app.segmented_control(key=f"sla_waiting_{name}").set_value("no")
    app.form_submit_button[0].click().run()
    assert not app.exception
    after = Workbench.open(own_demo).analysis().workload(name)
    assert after.verdict.label == "batch"
    assert "Label: Unknown → :green-badge[Batch]" in texts(app)
    assert app.text_input(key=f"sla_max_wait_{name}").value == "36h"
    history = Workbench.open(own_demo).declaration_history()
    assert [version.author for version in history] == ["test@example.com"]


@pytest.mark.parametrize("wait", ["soon", "-5m", "12 parsecs", "0s"])
def test_a_wait_that_makes_no_sense_is_refused_with_a_sentence(
    wait: str, own_demo: Path, run_app: RunApp
) -> None:
    name = "agent-evaluations"
    app = run_app("workloads", workload=name)
    app.text_input(key=f"sla_max_wait_{name}").set_value(wait)
    app.form_submit_button[0].click().run()
    assert not app.exception
    assert len(app.error) == 1
    assert Workbench.open(own_demo).declaration_history() == ()


def test_the_report_page_shows_the_markdown_it_downloads(
    demo: Path, demo_analysis: Analysis, run_app: RunApp
) -> None:
    app = run_app("report")
    assert not app.exception
    report = triage_report.markdown(demo_analysis, appendix=False)
    shown = texts(app)
    for line in report.splitlines():
        if line.startswith(("#", "-")):
            assert line.replace("\\", "") in shown, line
    n_tables = sum(line.startswith(("|---", "|:--")) for line in report.splitlines())
    assert len(app.table) == n_tables
    labels = ["PDF", "HTML", "Excel", "Markdown", "CSV", "JSON", "FOCUS"]
    assert [button.label for button in app.download_button] == labels
    (code,) = app.code
    assert 'service_tier="flex"' in code.value


def test_the_report_page_compares_with_an_earlier_report_and_refuses_what_is_none(
    demo: Path, demo_analysis: Analysis, run_app: RunApp
) -> None:
    app = run_app("report")
    app.file_uploader(key="report_earlier").upload("old.json", b"{}").run()
    assert "no Lanewise report" in app.error[0].value
    same = triage_report.json_text(demo_analysis).encode()
    app.file_uploader(key="report_earlier").set_value(None)
    app.file_uploader(key="report_earlier").upload("old.json", same).run()
    assert not app.exception
    assert not app.error
    assert f"{len(demo_analysis.workloads)} workloads are as they were" in texts(app)


def test_the_data_page_accounts_for_every_row(demo: Path, run_app: RunApp) -> None:
    app = run_app("data")
    manifest = Workbench.open(demo).workspace.datasets()[0]
    app.session_state[f"dataset_{manifest.dataset_id}"] = True
    app.run()
    assert not app.exception
    shown = metrics(app)
    assert shown["Read"] == f"{manifest.read:,}"
    assert shown["Accepted"] == f"{manifest.accepted:,}"
    assert f"{manifest.read:,} read = {manifest.accepted:,} accepted" in texts(app)


def test_prices_show_the_models_in_use_with_their_sources(
    demo: Path, demo_analysis: Analysis, run_app: RunApp
) -> None:
    app = run_app("prices")
    grid = app.data_editor[0].value
    used = {part.price_model for result in demo_analysis.workloads for part in result.parts}
    assert set(grid["model"]) == used
    assert grid["source"].str.len().min() > 0
    assert all(isinstance(price, Decimal) for price in grid["input_usd_per_mtok"].dropna())


def edit_first_price(app: AppTest, column: str, value: object) -> AppTest:
    """Types into the first row of the grid, as the browser reports it."""
    key = app.session_state["prices_scope_key"]
    app.session_state[key] = {"edited_rows": {0: {column: value}}, "added_rows": [], "deleted_rows": []}
    return app.run()


def test_a_price_edit_is_previewed_applied_and_undone(own_demo: Path, run_app: RunApp) -> None:
    bench = Workbench.open(own_demo)
    version = bench.prices().version
    app = edit_first_price(run_app("prices"), "output_usd_per_mtok", 50.25)
    assert not app.exception
    assert "1 changed row, not applied yet" in [item.value for item in app.header]
    assert bench.prices().version == version
    app.button(key="prices_apply").click().run()
    assert not app.exception
    assert "1 row applied" in texts(app)
    (made,) = bench.price_edits()
    assert made.row.output_usd_per_mtok == Decimal("50.25")
    assert made.row.source == "entered by test@example.com"
    assert bench.prices().version != version
    app.button(key="prices_undo").click().run()
    assert not app.exception
    assert bench.price_edits() == ()
    assert bench.prices().version == version


def test_a_price_that_makes_no_sense_is_listed_with_its_row(demo: Path, run_app: RunApp) -> None:
    app = edit_first_price(run_app("prices"), "input_usd_per_mtok", -1)
    assert not app.exception
    assert "Row 1 (" in texts(app)
    assert "negative" in texts(app)
    assert app.button(key="prices_apply").disabled


# ---------------------------------------------------------------- a model without a price


@pytest.fixture(scope="module")
def unpriced_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unpriced")
    bench = Workbench.open(folder / "workspace")
    bench.import_file(write_calls(folder / "priced.csv"))
    bench.import_file(write_calls(folder / "odd.csv", model="house-model-1", provider="acme", workload="odd"))
    bench.analysis()  # leaves its roll-ups for the copies
    return bench.workspace.path


@pytest.fixture
def unpriced(home: Path, unpriced_template: Path) -> Path:
    shutil.copytree(unpriced_template, home)
    return home


@pytest.mark.parametrize("page", PAGES)
def test_every_page_renders_with_a_model_that_has_no_price(
    page: str, unpriced_template: Path, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANEWISE_HOME", str(unpriced_template))  # shared: pages only look
    app = run_app(page)
    assert not app.exception
    assert not app.error


def test_partial_totals_say_so(unpriced: Path, run_app: RunApp) -> None:
    app = run_app()
    assert "240 calls of 480 could not be priced (1 model); 50.0 % of all tokens are priced" in texts(app)
    # 240 calls x (1,000 x 2.50 + 100 x 10) micro-dollars; the other 240 are not counted as free.
    assert "$0.84 over" in texts(app)
    unpriced_table = app.table[-1].value
    assert unpriced_table.iloc[0, 0] == md("acme / house-model-1")


def test_the_missing_price_has_a_row_to_fill_in_and_then_everything_is_priced(
    unpriced: Path, run_app: RunApp
) -> None:
    app = run_app("prices")
    grid = app.data_editor[0].value
    assert list(grid.loc[0, ["provider", "model", "tier"]]) == ["acme", "house-model-1", "standard"]
    key = app.session_state["prices_scope_key"]
    app.session_state[key] = {
        "edited_rows": {0: {"input_usd_per_mtok": 1, "output_usd_per_mtok": 2}},
        "added_rows": [],
        "deleted_rows": [],
    }
    app.run()
    app.button(key="prices_apply").click().run()
    assert not app.exception
    analysis = Workbench.open(unpriced).analysis()
    assert analysis.coverage.complete
    # 240 x (1,000 x 2.50 + 100 x 10) + 240 x (1,000 x 1 + 100 x 2) micro-dollars
    assert analysis.totals.billed_micro_usd == Decimal(240 * 3500 + 240 * 1200)


# ---------------------------------------------------------------- uploads


def upload(app: AppTest, name: str, content: bytes) -> AppTest:
    app.file_uploader[0].upload(name, content)
    app.run()
    app.button(key="upload_import").click().run()
    return app


def test_an_upload_is_summarised_and_its_rows_sum(run_app: RunApp, home: Path, tmp_path: Path) -> None:
    good = write_calls(tmp_path / "calls.csv").read_text(encoding="utf-8")
    text = (
        good
        + "bad-1,yesterday,openai,gpt-4o,reports,many,1\n"
        + "reports-0,2026-11-02T00:00:00,openai,gpt-4o,reports,1000,100\n"
    )
    app = upload(run_app("data"), "../../calls.csv", text.encode())
    assert not app.exception
    shown = metrics(app)
    assert (shown["Read"], shown["Accepted"], shown["Rejected"], shown["Duplicates"]) == (
        "242",
        "240",
        "1",
        "1",
    )
    said = texts(app)
    assert "242 read = 240 accepted + 1 rejected + 1 duplicate" in said
    assert "The accepted calls cost $0.84; every one of them is priced." in said
    rejects = app.table[0].value
    assert len(str(rejects.iloc[0, 2])) > 10
    (manifest,) = Workbench.open(home).workspace.datasets()
    assert (manifest.accepted, manifest.rejected, manifest.duplicates) == (240, 1, 1)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("binary.csv", bytes(range(256)) * 8),
        ("cut.json", b'[{"model": "gpt-4o", "usage": {"prompt_tok'),
        ("utf16.csv", "call_id,ts\n1,2\n".encode("utf-16")),
        ("header.csv", b"call_id,ts,provider,model,workload,input_tokens,output_tokens\n"),
    ],
)
def test_a_file_that_cannot_be_used_gives_one_message_and_changes_nothing(
    name: str, content: bytes, run_app: RunApp, home: Path
) -> None:
    app = upload(run_app("data"), name, content)
    assert not app.exception
    (message,) = app.error
    assert len(message.value) > 20
    assert "Traceback" not in message.value
    assert Workbench.open(home).workspace.datasets() == ()


def test_one_bad_file_does_not_keep_the_others_out(run_app: RunApp, home: Path, tmp_path: Path) -> None:
    app = run_app("data")
    app.file_uploader[0].upload("good.csv", write_calls(tmp_path / "good.csv").read_bytes())
    app.file_uploader[0].upload("empty.csv", b"")
    app.run()
    app.button(key="upload_import").click().run()
    assert not app.exception
    assert len(app.error) == 1
    assert metrics(app)["Accepted"] == "240"
    assert len(Workbench.open(home).workspace.datasets()) == 1


def test_nothing_of_an_upload_is_left_lying_about(run_app: RunApp, home: Path) -> None:
    upload(run_app("data"), "empty.csv", b"")
    assert list(home.glob(".tmp-*")) == []


# ---------------------------------------------------------------- damage and refusal


def test_a_damaged_dataset_is_a_sentence_on_every_page(own_demo: Path, run_app: RunApp) -> None:
    manifest = next((own_demo / "datasets").glob("*/manifest.json"))
    manifest.write_text("{", encoding="utf-8")
    for page in PAGES:
        app = run_app(page)
        assert not app.exception
        assert any("damaged" in str(error.value) or "Delete" in str(error.value) for error in app.error), page


@pytest.mark.parametrize(
    ("document", "key", "page"),
    [
        ("workload_rules", "rules", "rules"),
        ("declarations", "workloads", "workloads"),
        ("ledger", "event", "ledger"),
        ("alerts", "budgets", "alerts"),
        ("price_overlay", "edits", "prices"),
        ("discounts", "discounts", "prices"),
        ("counting", "choices", "overview"),
        ("policy", "text", "policy"),
        ("mappings", "mappings", "data"),
    ],
)
def test_a_document_changed_by_hand_is_a_sentence_where_it_is_used(
    document: str, key: str, page: str, own_demo: Path, run_app: RunApp
) -> None:
    Workbench.open(own_demo).workspace.document(document).save({key: 7}, author="Ann", note="by hand")
    app = run_app(page)
    assert not app.exception
    assert len(app.error) == 1


def test_descriptions_changed_by_hand_leave_what_was_imported(own_demo: Path, run_app: RunApp) -> None:
    bench = Workbench.open(own_demo)
    bench.save_descriptions([{"name": "typed-here", "trigger": "schedule"}], author="Ann", note="")
    bench.workspace.document("descriptions").save({"workloads": 7}, author="Ann", note="by hand")
    app = run_app("describe")
    assert not app.exception
    assert "typed-here" in app.data_editor[0].value.to_string()


def test_a_workspace_that_cannot_be_made_is_a_sentence(
    run_app: RunApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    monkeypatch.setenv("LANEWISE_HOME", str(blocked / "inside"))
    app = run_app()
    assert not app.exception
    assert len(app.error) == 1
    assert "LANEWISE_HOME" in texts(app)


def test_json_of_the_report_is_valid_for_every_state(unpriced: Path) -> None:
    assert json.loads(triage_report.json_text(Workbench.open(unpriced).analysis()))


def test_a_choice_that_is_gone_from_the_data_falls_back(unpriced: Path, run_app: RunApp) -> None:
    app = run_app("workloads", workload="odd", label=["Unknown"])
    assert app.header[0].value == "odd"
    bench = Workbench.open(unpriced)
    for manifest in bench.workspace.datasets():
        if manifest.name == "odd.csv":
            bench.delete(manifest.dataset_id)
    app.run()
    assert not app.exception
    assert app.header[0].value == "reports"
    assert app.selectbox(key="workload").value == "reports"
