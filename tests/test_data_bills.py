"""Bill lines: kept beside the calls, never among them, every row of the export accounted for."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data.bills import BILLS_SCHEMA, bill_lines
from data.cube import usage_cube
from data.errors import WorkspaceError
from data.formats.base import EXACT, Container, FileHead
from data.formats.flat_record import FlatRecord
from data.ingest import import_file
from data.store import Workspace

at = datetime.fromisoformat


class Bill:
    """A bill as CSV: the smallest format that makes bill lines."""

    name = "bill"
    title = "A bill"
    token_rule = "There are no tokens."
    containers: frozenset[Container] = frozenset({"csv"})
    labels: Mapping[str, str] = {"amount": "cost"}

    def claim(self, head: FileHead) -> int:
        return EXACT if "cost" in head.columns else 0

    def draft(self, head: FileHead) -> str:
        record = FlatRecord(head)
        top = record.top
        return record.select(
            {
                "call_id": "NULL",
                "ts_text": top("day"),
                "ts_end_text": top("until"),
                "ts_strict": "true",
                "provider_text": "'Acme'",
                "model_text": top("sku"),
                "workload_text": top("project"),
                "item_text": top("item"),
                "tier_text": top("tier"),
                "amount_text": f"nullif({top('cost')}, 'none')",
                "list_amount_text": top("list"),
                "currency_text": top("currency"),
                "amount_usd_text": top("usd"),
                "makes_bill": f"{top('cost')} IS DISTINCT FROM 'none'",
                "makes_call": "false",
                "notes": f"CASE WHEN {top('cost')} = 'none' THEN ['bucket_not_over'] END",
            },
            reject="NULL",
        )


HEADER = "day,until,sku,project,item,tier,cost,list,currency,usd\n"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    monkeypatch.setattr("data.formats.FORMATS", (Bill(),))
    return Workspace.open(tmp_path / "workspace")


def bill(tmp_path: Path, *rows: str) -> Path:
    path = tmp_path / "bill.csv"
    path.write_text(HEADER + "\n".join(rows) + "\n", encoding="utf-8")
    return path


def test_a_bill_line_keeps_what_the_bill_says(workspace: Workspace, tmp_path: Path) -> None:
    path = bill(tmp_path, "2026-03-01,2026-03-02,Model Four,Search,tokens out,batch,-1.25,2.50,usd,")
    outcome = import_file(workspace, path)

    assert (outcome.read, outcome.accepted, outcome.calls, outcome.bills) == (1, 1, 0, 1)
    assert outcome.dataset_id is not None
    manifest = workspace.manifest(outcome.dataset_id)
    assert (manifest.bills, manifest.calls, manifest.first_ts_utc) == (1, 0, at("2026-03-01"))
    lines = bill_lines(workspace)
    assert lines.schema.equals(BILLS_SCHEMA)
    line = lines.to_pylist()[0]
    assert line.pop("line_id").startswith("row-")
    assert line == {
        "ts": at("2026-03-01"),
        "ts_end": at("2026-03-02"),
        "provider": "acme",
        "model": "Model Four",
        "workload": "Search",
        "item": "tokens out",
        "tier": "batch",
        "amount": Decimal("-1.25"),
        "currency": "USD",
        "amount_usd": Decimal("-1.25"),
        "list_amount_usd": Decimal("2.5"),
        "source_format": "bill",
        "dataset_id": outcome.dataset_id,
    }


def test_an_amount_in_another_currency_is_dollars_only_where_the_bill_says_how_many(
    workspace: Workspace, tmp_path: Path
) -> None:
    path = bill(tmp_path, "2026-03-01,,,,,,10,12,EUR,11.5", "2026-03-02,,,,,,10,12,EUR,")
    import_file(workspace, path)
    found = bill_lines(workspace).to_pylist()
    assert [line["amount_usd"] for line in found] == [Decimal("11.5"), None]
    assert [(line["amount"], line["currency"]) for line in found] == [(10, "EUR"), (10, "EUR")]
    assert [line["list_amount_usd"] for line in found] == [None, None]


def test_what_is_unknown_stays_unknown(workspace: Workspace, tmp_path: Path) -> None:
    import_file(workspace, bill(tmp_path, "2026-03-01,,,,,rocket,0.000000000001,,,"))
    line = bill_lines(workspace).to_pylist()[0]
    assert line["amount_usd"] == Decimal("0.000000000001")
    unknown = ("ts_end", "model", "workload", "item", "tier", "list_amount_usd")
    assert [line[column] for column in unknown] == [None] * 6


def test_lines_that_cannot_be_read_are_rejected(workspace: Workspace, tmp_path: Path) -> None:
    rows = {
        "2026-03-01,,,,,,1,,,": None,
        ",,,,,,1,,,": ("missing_value", "ts"),
        "yesterday,,,,,,1,,,": ("bad_timestamp", "ts"),
        "2026-03-02,2026-03-01,,,,,1,,,": ("ends_before_it_starts", "ts_end"),
        "2026-03-01,,,,,,,,,": ("missing_value", "cost"),
        '2026-03-01,,,,,,"1,5",,,': ("not_a_number", "cost"),
        "2026-03-01,,,,,,1000000000000,,,": ("amount_too_large", "cost"),
        "2026-03-01,,,,,,1,x,,": ("not_a_number", "list_amount_usd"),
        "2026-03-01,,,,,,1,,dollars,": ("bad_currency", "currency"),
        f"2026-03-01,,,,{'x' * 301},,1,,,": ("too_long", "item"),
    }
    outcome = import_file(workspace, bill(tmp_path, *rows))
    assert (outcome.read, outcome.accepted, outcome.rejected) == (10, 1, 9)
    found = {reject.line: (reject.code, reject.column) for reject in outcome.first_rejects}
    assert found == {number: why for number, why in enumerate(rows.values(), start=2) if why}


def test_a_bill_is_imported_once_and_never_becomes_usage(workspace: Workspace, tmp_path: Path) -> None:
    same = "2026-03-01,2026-03-02,Model Four,Search,tokens out,,1,,,"
    path = bill(tmp_path, same, same, "2026-03-02,,,,,,none,,,")
    first = import_file(workspace, path)
    assert (first.accepted, first.bills) == (3, 2)
    assert first.notice is not None
    assert first.notice.startswith("For 1 row the period")
    again = import_file(workspace, path)
    assert (again.accepted, again.duplicates, again.dataset_id) == (1, 2, None)
    assert bill_lines(workspace).num_rows == 2
    assert usage_cube(workspace, [200_001]).num_rows == 0


def test_rows_that_make_nothing_make_no_dataset(workspace: Workspace, tmp_path: Path) -> None:
    outcome = import_file(workspace, bill(tmp_path, "2026-03-02,,,,,,none,,,"))
    assert (outcome.read, outcome.accepted, outcome.dataset_id) == (1, 1, None)
    assert outcome.notice is not None
    assert outcome.notice.endswith("There are no calls and no costs in the file, so no dataset was made.")
    assert workspace.dataset_ids() == ()


def test_a_damaged_file_of_bill_lines_is_named(workspace: Workspace, tmp_path: Path) -> None:
    outcome = import_file(workspace, bill(tmp_path, "2026-03-01,,,,,,1,,,"))
    assert outcome.dataset_id is not None
    workspace.bill_files(outcome.dataset_id)[0].write_bytes(b"PAR1")
    with pytest.raises(WorkspaceError, match=outcome.dataset_id):
        bill_lines(workspace)


def test_bill_files_hold_no_text_but_the_columns_of_a_bill(workspace: Workspace, tmp_path: Path) -> None:
    outcome = import_file(workspace, bill(tmp_path, "2026-03-01,,,,,,1,,,"))
    assert outcome.dataset_id is not None
    assert pq.read_schema(workspace.bill_files(outcome.dataset_id)[0]).names == BILLS_SCHEMA.names
