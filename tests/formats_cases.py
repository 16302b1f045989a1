"""Golden cases of log formats: `formats/<format>/<case>/input.*` beside its `calls.csv` and `rejects.csv`.

`LANEWISE_UPDATE_GOLDEN=1` rewrites the expected files; read the difference before keeping it.
"""

import csv
import io
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from data.ingest import ImportOutcome, import_file, recognise
from data.schema import COLUMNS
from data.store import Workspace

FORMATS = Path(__file__).parent / "formats"
_CONSTANT = {"source_format", "dataset_id"}


def cases(*formats: str) -> list[Path]:
    """The case folders of some formats."""
    return sorted(path.parent for name in formats for path in (FORMATS / name).glob("*/input.*"))


def case_id(case: Path) -> str:
    """What a case is called in a test's id."""
    return f"{case.parent.name}-{case.name}"


def calls(workspace: Workspace) -> list[dict[str, Any]]:
    """All calls of a workspace, in dataset and file order."""
    rows: list[dict[str, Any]] = []
    for file in sorted((workspace.path / "datasets").glob("*/calls/*.parquet")):
        rows += pq.read_table(file, partitioning=None).to_pylist()
    return rows


def imported(folder: Path, source: Path) -> tuple[Workspace, ImportOutcome, list[dict[str, Any]]]:
    """A file imported into a workspace of its own; every record must be accounted for."""
    workspace = Workspace.open(folder / "workspace")
    outcome = import_file(workspace, source)
    assert outcome.accepted + outcome.rejected + outcome.duplicates == outcome.read
    rows = calls(workspace)
    assert outcome.calls == len(rows)
    return workspace, outcome, rows


def check_case(case: Path, folder: Path) -> None:
    """Recognises and imports the case's input and compares calls and rejects with the expected ones."""
    source = next(case.glob("input.*"))
    assert recognise(source).format == case.parent.name
    workspace, outcome, rows = imported(folder, source)
    header = [
        name for name in COLUMNS if name not in _CONSTANT and any(row[name] is not None for row in rows)
    ]
    rejects = workspace.rejects(outcome.dataset_id, 1000) if outcome.dataset_id else outcome.first_rejects
    found = {
        "calls.csv": _as_csv(header, [[_shown(row[name]) for name in header] for row in rows]),
        "rejects.csv": _as_csv(
            ["line", "code", "column", "reason"],
            [[reject.line, reject.code, reject.column or "", reject.reason] for reject in rejects],
        ),
    }
    for name, text in found.items():
        if os.environ.get("LANEWISE_UPDATE_GOLDEN"):
            (case / name).write_text(text, encoding="utf-8")
        assert text.splitlines() == (case / name).read_text(encoding="utf-8").splitlines()


def _shown(value: object) -> object:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _as_csv(header: list[str], rows: list[list[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
