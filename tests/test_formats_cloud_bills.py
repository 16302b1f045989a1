"""Cloud bills: lines for models are kept beside the calls, everything else is left out and said."""

from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from data.bills import bill_lines
from data.ingest import import_file, recognise
from data.store import Workspace
from tests.conftest import COMMITTED_SAMPLES, full_samples
from tests.formats_cases import FORMATS, imported

FOLDERS = [folder / "exports" for folder in (COMMITTED_SAMPLES, full_samples()) if folder]
at = datetime.fromisoformat


def test_focus_lines(tmp_path: Path) -> None:
    workspace, outcome, rows = imported(tmp_path, FORMATS / "focus" / "models" / "input.csv")
    assert (outcome.read, outcome.accepted, outcome.rejected, outcome.bills, rows) == (8, 6, 2, 3, [])
    assert outcome.notice == (
        "Left out as credits, taxes or adjustments: 1 row. "
        "Left out as charges for other services than models: 2 rows."
    )
    lines = bill_lines(workspace).to_pylist()
    shown = {
        line["item"]: (
            line["provider"],
            line["workload"],
            line["tier"],
            line["amount"],
            line["amount_usd"],
            line["list_amount_usd"],
        )
        for line in lines
    }
    assert shown == {
        "USE1-Claude4.5Sonnet-input-tokens": (
            "bedrock",
            "nightly",
            None,
            Decimal("1.5"),
            Decimal("1.5"),
            Decimal("1.6"),
        ),
        "USE1-Claude4.5Sonnet-output-tokens-batch": (
            "bedrock",
            "Search",
            "batch",
            Decimal("0.75"),
            Decimal("0.75"),
            Decimal("0.75"),
        ),
        "Azure OpenAI - gpt-5-mini Input - Data Zone": (
            "azure",
            None,
            None,
            Decimal("-0.25"),
            None,
            None,
        ),
    }
    assert {(line["ts"], line["ts_end"]) for line in lines} == {(at("2026-09-01"), at("2026-09-02"))}


@pytest.mark.parametrize(("exports", "rows"), list(zip(FOLDERS, (24, 1000), strict=False)))
def test_the_focus_sample_has_no_models_in_it(exports: Path, rows: int, tmp_path: Path) -> None:
    source = exports / "focus" / "focus_sample.csv"
    found = recognise(source)
    assert (found.format, found.strength, found.also) == ("focus", 100, ())
    outcome = import_file(Workspace.open(tmp_path / "workspace"), source)
    assert (outcome.read, outcome.accepted, outcome.bills, outcome.dataset_id) == (rows, rows, 0, None)
    assert outcome.notice == (
        f"Left out as charges for other services than models: {rows:,} rows. "
        "There are no calls and no costs in the file, so no dataset was made."
    )


def test_google_cloud_lines(tmp_path: Path) -> None:
    workspace, outcome, _ = imported(tmp_path, FORMATS / "gcp_billing" / "rows" / "input.jsonl")
    assert (outcome.read, outcome.accepted, outcome.rejected, outcome.bills) == (9, 6, 3, 3)
    lines = {line["item"]: line for line in bill_lines(workspace).to_pylist()}
    first = lines["Gemini 2.5 Flash GA Text Input - Predictions"]
    assert (first["amount"], first["list_amount_usd"]) == (Decimal("0.24"), Decimal("0.30"))
    assert (first["provider"], first["model"], first["workload"]) == (
        "vertex_ai",
        "Gemini 2.5 Flash",
        "nightly",
    )
    assert (first["ts"], first["ts_end"]) == (at("2026-09-01T00:00"), at("2026-09-01T01:00"))
    lite = lines["Gemini 2.5 Flash Lite Text Output - Batch Predictions"]
    assert (lite["model"], lite["tier"], lite["workload"]) == ("Gemini 2.5 Flash Lite", "batch", "Search")
    assert (lite["amount"], lite["currency"], lite["amount_usd"]) == (Decimal("1.5"), "EUR", None)
    shared = lines["Flash GA / Lite input caching"]
    assert (shared["provider"], shared["model"]) == ("gemini", None)


def test_flat_google_cloud_rows(tmp_path: Path) -> None:
    workspace, outcome, _ = imported(tmp_path, FORMATS / "gcp_billing" / "flat" / "input.csv")
    assert outcome.bills == 1
    (line,) = bill_lines(workspace).to_pylist()
    assert (line["amount"], line["workload"]) == (Decimal("0.2"), "p-1")


def test_a_bill_exported_again_is_found_again(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    source = FORMATS / "focus" / "models" / "input.csv"
    later = tmp_path / "later.csv"
    later.write_text(source.read_text(encoding="utf-8").replace("\n1.50,", "\n1.75,"), encoding="utf-8")
    assert import_file(workspace, source).bills == 3
    outcome = import_file(workspace, later)
    assert (outcome.dataset_id, outcome.duplicates) == (None, 3)
    assert bill_lines(workspace).num_rows == 3
