"""Golden cases of the formats: `tests/formats/<format>/<case>/` with `input.*`, `calls.json`, `rejects.json`.

`calls.json` lists the calls in file order, each with its columns that are not null, without
`dataset_id` and `source_format`; times are ISO 8601, amounts text. `rejects.json` lists line, code
and column.
"""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.ingest import ImportOutcome, import_file
from data.store import Workspace

FORMATS = Path(__file__).resolve().parent / "formats"
_PROVENANCE = {"dataset_id", "source_format"}


def cases(*formats: str) -> list[Path]:
    """The case folders of the named formats."""
    return sorted(case for name in formats for case in (FORMATS / name).iterdir() if case.is_dir())


def source(case: Path) -> Path:
    """The input file of a case."""
    return next(case.glob("input.*"))


def imported(case: Path, folder: Path) -> tuple[Workspace, ImportOutcome]:
    """A new workspace with the case's input in it."""
    workspace = Workspace.open(folder / "workspace")
    return workspace, import_file(workspace, source(case))


def calls(workspace: Workspace, outcome: ImportOutcome) -> list[dict[str, Any]]:
    """The calls an import made, as calls.json writes them."""
    if outcome.dataset_id is None:
        return []
    files = sorted((workspace.path / "datasets" / outcome.dataset_id / "calls").iterdir())
    rows = pa.concat_tables([pq.read_table(file) for file in files]).to_pylist()
    return [
        {name: _plain(value) for name, value in row.items() if value is not None and name not in _PROVENANCE}
        for row in rows
    ]


def rejects(outcome: ImportOutcome) -> list[dict[str, Any]]:
    """The first rejects of an import, as rejects.json writes them."""
    return [
        {"line": reject.line, "code": reject.code, "column": reject.column}
        for reject in outcome.first_rejects
    ]


def expected(case: Path, name: str) -> Any:
    """What a case's file says."""
    return json.loads((case / f"{name}.json").read_text(encoding="utf-8"))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return f"{value.normalize():f}" if isinstance(value, Decimal) else value
