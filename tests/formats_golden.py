"""Golden cases of the formats: `tests/formats/<format>/<case>/` with `input.*`, `calls.csv`, `rejects.csv`.

`calls.csv` has the calls in file order, without the columns that are empty throughout and without
`source_format` and `dataset_id`; `rejects.csv` has line, code, column and reason.
"""

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.ingest import ImportOutcome, import_file
from data.schema import COLUMNS
from data.store import Workspace

FORMATS = Path(__file__).resolve().parent / "formats"
_PROVENANCE = {"source_format", "dataset_id"}

Rows = list[dict[str, Any]]


def cases(*formats: str) -> list[Path]:
    """The case folders of the named formats."""
    return sorted(case for name in formats for case in (FORMATS / name).iterdir() if case.is_dir())


def source(case: Path) -> Path:
    """The input file of a case."""
    return next(case.glob("input.*"))


def imported(case: Path, folder: Path) -> tuple[Workspace, ImportOutcome]:
    """A workspace with the case's input in it."""
    workspace = Workspace.open(folder / "workspace")
    return workspace, import_file(workspace, source(case))


def calls(workspace: Workspace, outcome: ImportOutcome) -> Rows:
    """The calls an import made, in file order."""
    if outcome.dataset_id is None:
        return []
    files = sorted((workspace.path / "datasets" / outcome.dataset_id / "calls").iterdir())
    rows: Rows = pa.concat_tables([pq.read_table(file) for file in files]).to_pylist()
    return rows


def calls_text(rows: Rows) -> str:
    """Calls as calls.csv writes them."""
    header = [
        name for name in COLUMNS if name not in _PROVENANCE and any(row[name] is not None for row in rows)
    ]
    return _as_csv(header, [[_shown(row[name]) for name in header] for row in rows])


def rejects(outcome: ImportOutcome) -> list[tuple[str, str, str]]:
    """Line, code and column of the first rejects of an import."""
    return [(str(r.line), r.code, r.column or "") for r in outcome.first_rejects]


def expected_rejects(case: Path) -> list[tuple[str, str, str]]:
    """Line, code and column of the rejects that rejects.csv lists; its sentences are for people."""
    rows = list(csv.reader(io.StringIO(expected(case, "rejects.csv"))))
    return [(line, code, column) for line, code, column, _ in rows[1:]]


def expected(case: Path, name: str) -> str:
    """What a case's file says."""
    return (case / name).read_text(encoding="utf-8")


def _as_csv(header: list[str], rows: list[list[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _shown(value: object) -> object:
    return f"{value:f}" if isinstance(value, Decimal) else value
