"""Workspaces that hold only a part: each page says what is there, what is missing and the one way to it."""

from pathlib import Path

import pytest

from reports.report_tables import decisions
from reports.workbench import Workbench
from tests.app.conftest import ROOT, RunApp
from tests.app.test_pages import texts
from ui import strings as s

FORMATS = ROOT / "tests" / "formats"
DESCRIBED = (
    "name,user_waiting,max_wait,requests_per_day,provider,model,input_tokens,output_tokens\n"
    "nightly,no,24h,1000,openai,gpt-4o,1000,100\n"
    "chat,yes,2s,,,,,\n"
)
WAITS_FOR_A_LOG = {
    "bills": ("overview", "workloads", "savings", "batches", "alerts"),
    "described": ("savings", "batches", "alerts", "rules"),
    "aggregates": ("batches",),
}


@pytest.fixture
def partial(home: Path, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    """A workspace that holds one kind of thing, named by the parameter."""
    kind: str = request.param
    described = tmp_path / "described.csv"
    described.write_text(DESCRIBED, encoding="utf-8")
    source = {
        "bills": FORMATS / "openai_costs" / "pages" / "input.json",
        "aggregates": FORMATS / "openai_usage" / "pages" / "input.json",
        "described": described,
    }[kind]
    assert Workbench.open(home).import_file(source).accepted
    return kind


@pytest.mark.parametrize("partial", WAITS_FOR_A_LOG, indirect=True)
def test_what_is_there_is_said_and_the_demo_is_not_mixed_into_it(partial: str, run_app: RunApp) -> None:
    for page in WAITS_FOR_A_LOG[partial]:
        app = run_app(page)
        assert not app.exception, page
        assert s.ONLY[partial] in texts(app), page
        offered = [button.label for button in app.main.button]
        assert s.WELCOME_OWN_BUTTON in offered, page
        assert s.DEMO_BUTTON not in offered, page


@pytest.mark.parametrize("partial", ["bills"], indirect=True)
def test_a_bill_without_calls_is_shown_and_asks_for_them(partial: str, run_app: RunApp) -> None:
    app = run_app("bills")
    assert not app.exception
    assert s.BILLS_NO_LOG in [item.value for item in app.info]
    assert s.TRUST not in [item.value for item in app.header]
    app.button(key="bills_upload").click().run()
    assert app.title[0].value == s.DATA_TITLE
    run_app("overview").button(key="go_bills").click().run()


@pytest.mark.parametrize("partial", ["aggregates"], indirect=True)
def test_a_ledger_without_moves_leads_to_the_questions(partial: str, run_app: RunApp) -> None:
    app = run_app("ledger")
    app.button(key="no_moves").click().run()
    assert app.title[0].value == s.WORKLOADS_TITLE


@pytest.mark.parametrize("partial", ["described"], indirect=True)
def test_without_a_log_there_is_nothing_to_replay(partial: str, run_app: RunApp) -> None:
    app = run_app("whatif")
    assert not app.exception
    assert s.REPLAY not in [item.value for item in app.header]


@pytest.mark.parametrize("file", ["manifest.json", "calls"])
def test_a_damaged_dataset_is_deleted_where_it_is_told(
    file: str, home: Path, tmp_path: Path, run_app: RunApp
) -> None:
    bench = Workbench.open(home)
    for name in ("sound", "damaged"):
        path = tmp_path / f"{name}.csv"
        header = "call_id,ts,provider,model,workload,input_tokens,output_tokens"
        path.write_text(f"{header}\n{name},2026-11-02T01:00:00,openai,gpt-4o,{name},1000,100\n")
        assert bench.import_file(path).accepted == 1
    (broken,) = (one for one in bench.workspace.datasets() if one.name == "damaged.csv")
    folder = bench.workspace.dataset_path(broken.dataset_id)
    for path in [folder / file] if file == "manifest.json" else folder.glob("calls/*.parquet"):
        path.write_bytes(b"damaged")
    app = run_app("overview")
    assert not app.exception
    assert [item.value for item in app.title] == []
    assert any(broken.dataset_id in item.value.replace("\\", "") for item in app.error)
    app.button(key="damaged_delete").click().run()
    app.button(key="damaged_cancel").click().run()
    assert len(bench.workspace.dataset_ids()) == 2
    app.button(key="damaged_delete").click().run()
    app.button(key="damaged_confirm").click().run()
    assert not app.exception
    assert not app.error
    assert [one.name for one in bench.workspace.datasets()] == ["sound.csv"]
    assert run_app("workloads").header[0].value == "sound"


def test_unknown_spend_is_nowhere_nought(home: Path, tmp_path: Path, run_app: RunApp) -> None:
    path = tmp_path / "house.csv"
    rows = [f"h{day},2026-11-0{day}T01:00:00,acme,house-llm,notes,1000,100" for day in range(2, 8)]
    path.write_text(
        "\n".join(["call_id,ts,provider,model,workload,input_tokens,output_tokens", *rows]) + "\n"
    )
    bench = Workbench.open(home)
    assert bench.import_file(path).accepted == len(rows)
    app = run_app("whatif")
    assert not app.exception
    assert {metric.value for metric in app.metric} == {s.NOT_KNOWN}
    app = run_app("savings")
    assert not app.exception
    assert s.CHANGE_UNPRICED in [item.value for item in app.info]
    total = decisions(bench.analysis()).total
    assert total is not None
    assert (total[3], total[6]) == (None, 0)
