"""Reads back what an import made of a golden case, as text to compare with the committed files."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from data.bills import bill_lines
from data.ingest import ImportOutcome
from data.schema import BILL_COLUMNS, COLUMNS
from data.store import Workspace

_CONSTANT = {"source_format", "dataset_id"}


def calls(workspace: Workspace) -> list[dict[str, Any]]:
    """All calls of a workspace, in dataset and file order."""
    files = sorted((workspace.path / "datasets").glob("*/calls/*.parquet"))
    return [row for file in files for row in pq.read_table(file, partitioning=None).to_pylist()]


def as_text(outcome: ImportOutcome, workspace: Workspace) -> dict[str, str]:
    """The expected files of a case by name; columns that are empty throughout are left out."""
    rejects = workspace.rejects(outcome.dataset_id, 1000) if outcome.dataset_id else outcome.first_rejects
    found = {
        "calls.csv": _table(COLUMNS, calls(workspace)),
        "rejects.csv": _csv(
            [["line", "code", "column", "reason"]]
            + [[str(reject.line), reject.code, reject.column or "", reject.reason] for reject in rejects]
        ),
    }
    if outcome.bills:
        found["bills.csv"] = _table(BILL_COLUMNS, bill_lines(workspace).to_pylist())
    return found


def expected(case: Path) -> dict[str, str]:
    """The committed files of a case."""
    return {
        path.name: path.read_text(encoding="utf-8") for path in case.glob("*.csv") if path.stem != "input"
    }


def _table(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> str:
    header = [
        name for name in columns if name not in _CONSTANT and any(row[name] is not None for row in rows)
    ]
    return _csv([header] + [[_shown(row[name]) for name in header] for row in rows])


def _shown(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else "" if value is None else str(value)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
