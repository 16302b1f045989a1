"""What tests of imports share: the golden cases of the formats, and a workspace read back without the code.

A case is `formats/<format>/<case>/` with `input.*`, `calls.csv`, `rejects.csv` and, where there are
lines of a bill, `bills.csv`. `calls.csv` has the calls in file order, without the columns that are empty
throughout and without `source_format` and `dataset_id`.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.bills import bill_lines
from data.errors import LanewiseDataError
from data.ingest import ImportOutcome, import_file
from data.mapping import ColumnMapping
from data.schema import BILL_COLUMNS, COLUMNS
from data.store import Workspace

FORMATS = Path(__file__).resolve().parent / "formats"
CASES = sorted(path.parent for path in FORMATS.glob("*/*/input.*"))
_CONSTANT = {"source_format", "dataset_id"}

Rows = list[dict[str, Any]]


def cases(*formats: str) -> list[Path]:
    """The case folders of some formats."""
    return [case for case in CASES if case.parent.name in formats]


def case_id(case: Path) -> str:
    """What a case is called in a test's id."""
    return f"{case.parent.name}-{case.name}"


def source(case: Path) -> Path:
    """The input file of a case."""
    return next(case.glob("input.*"))


def calls_table(workspace: Workspace, outcome: ImportOutcome | None = None) -> pa.Table:
    """All calls of a workspace, or those that one import made, in dataset and file order."""
    dataset = "*" if outcome is None else outcome.dataset_id or "none"
    files = sorted((workspace.path / "datasets").glob(f"{dataset}/calls/*.parquet"))
    tables = [pq.read_table(file, partitioning=None) for file in files]
    return pa.concat_tables(tables, promote_options="permissive")


def calls(workspace: Workspace, outcome: ImportOutcome | None = None) -> Rows:
    """The same as dictionaries, none where nothing was made."""
    if not workspace.datasets() or (outcome is not None and outcome.dataset_id is None):
        return []
    rows: Rows = calls_table(workspace, outcome).to_pylist()
    return rows


def imported(folder: Path, path: Path) -> tuple[Workspace, ImportOutcome, Rows]:
    """A file imported into a workspace of its own; every record must be accounted for."""
    workspace = Workspace.open(folder / "workspace")
    outcome = import_file(workspace, path)
    assert outcome.accepted + outcome.rejected + outcome.duplicates == outcome.read
    rows = calls(workspace)
    assert outcome.calls == len(rows)
    return workspace, outcome, rows


def found(workspace: Workspace, outcome: ImportOutcome) -> dict[str, str]:
    """The expected files of a case by name, as the import made them; the day of the import is TODAY."""
    rejects = workspace.rejects(outcome.dataset_id, 1000) if outcome.dataset_id else outcome.first_rejects
    texts = {
        "calls.csv": _table(COLUMNS, calls(workspace)),
        "rejects.csv": _csv(
            [["line", "code", "column", "reason"]]
            + [[str(reject.line), reject.code, reject.column or "", reject.reason] for reject in rejects]
        ),
    }
    if outcome.bills:
        texts["bills.csv"] = _table(BILL_COLUMNS, bill_lines(workspace).to_pylist())
    return texts


def expected(case: Path) -> dict[str, str]:
    """The committed files of a case."""
    return {
        path.name: path.read_text(encoding="utf-8") for path in case.glob("*.csv") if path.stem != "input"
    }


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder below a folder, with the bytes of the files."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def _outcome_or_error(
    workspace: Workspace, path: Path, format_name: str | None, mapping: ColumnMapping | None
) -> tuple[ImportOutcome | None, LanewiseDataError | None]:
    try:
        return import_file(workspace, path, format_name=format_name, mapping=mapping), None
    except LanewiseDataError as error:
        return None, error


def attempt(
    workspace: Workspace,
    content: bytes,
    format_name: str | None = None,
    mapping: ColumnMapping | None = None,
) -> tuple[ImportOutcome | None, str]:
    """Imports any bytes into an emptied workspace and checks what must hold whatever they are.

    Either rows and rejects that account for every record, or one error with a title and a sentence and
    nothing changed. Returns the outcome, None for an error, and all that was said.
    """
    for manifest in workspace.datasets():
        workspace.delete(manifest.dataset_id)
    before = snapshot(workspace.path)
    path = workspace.path.parent / "log.bin"
    path.write_bytes(content)
    outcome, refused = _outcome_or_error(workspace, path, format_name, mapping)
    if refused is not None or outcome is None:
        assert refused is not None
        assert refused.title
        assert refused.message.endswith(".")
        assert snapshot(workspace.path) == before
        return None, f"{refused.title} {refused.message}"
    assert outcome.accepted + outcome.rejected + outcome.duplicates == outcome.read
    assert sum(outcome.reject_counts.values()) == outcome.rejected
    # A row may be accepted and be neither a call nor a line of a bill; only a description is kept as facts.
    described = outcome.format == "workload_description"
    kept = outcome.accepted if described else outcome.calls + outcome.bills
    assert (outcome.dataset_id is None) == (kept == 0)
    if outcome.dataset_id is None:
        assert snapshot(workspace.path) == before
        return outcome, str(outcome)
    rows = calls(workspace)
    assert len(rows) == outcome.calls
    assert described or outcome.calls + outcome.bills <= outcome.accepted + outcome.extra_calls
    assert len({row["call_id"] for row in rows}) == len(rows)
    rejects = workspace.rejects(outcome.dataset_id, 100_000)
    assert len(rejects) == outcome.rejected
    for row in rows:
        for name in ("call_id", "provider", "model", "workload", "tier", "status", "grain", "token_basis"):
            assert row[name]
        if row["input_tokens"] is not None:
            parts = [row["cache_read_tokens"], row["cache_write_tokens"], row["cache_write_long_tokens"]]
            assert min(parts) >= 0
            assert sum(parts) <= row["input_tokens"] < 10**15
    return outcome, f"{outcome} {rejects}"


def _table(columns: Mapping[str, str], rows: Sequence[Mapping[str, Any]]) -> str:
    header = [
        name for name in columns if name not in _CONSTANT and any(row[name] is not None for row in rows)
    ]
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    days = {midnight: "TODAY", midnight + timedelta(days=1): "TOMORROW"}
    return _csv([header] + [[_shown(days.get(row[name], row[name])) for name in header] for row in rows])


def _shown(value: object) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else "" if value is None else str(value)


def _csv(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()
