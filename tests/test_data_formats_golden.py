"""Golden cases: `formats/<format>/<case>/input.*` must become its `calls.csv` and `rejects.csv`.

`LANEWISE_UPDATE_GOLDEN=1` rewrites the expected files; read the difference before keeping it.
"""

import csv
import io
import os
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from data.formats import FORMATS
from data.ingest import ImportOutcome, import_file, recognise
from data.schema import COLUMNS
from data.store import Workspace
from tests.importing import calls

CASES = sorted(path.parent for path in (Path(__file__).parent / "formats").glob("*/*/input.*"))
_CONSTANT = {"source_format", "dataset_id"}


def _as_csv(header: list[str], rows: list[list[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()


def _calls_text(workspace: Workspace) -> str:
    """The calls, with empty columns left out and the day of the import written as TODAY."""
    rows = calls(workspace)
    header = [
        name for name in COLUMNS if name not in _CONSTANT and any(row[name] is not None for row in rows)
    ]
    midnight = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
    days = {midnight: "TODAY", midnight + timedelta(days=1): "TOMORROW"}
    return _as_csv(header, [[_shown(days.get(row[name], row[name])) for name in header] for row in rows])


def _shown(value: object) -> object:
    return f"{value:f}" if isinstance(value, Decimal) else value


def _rejects_text(workspace: Workspace, outcome: ImportOutcome) -> str:
    found = workspace.rejects(outcome.dataset_id, 1000) if outcome.dataset_id else outcome.first_rejects
    return _as_csv(
        ["line", "code", "column", "reason"], [[r.line, r.code, r.column or "", r.reason] for r in found]
    )


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_case(case: Path, tmp_path: Path) -> None:
    source = next(case.glob("input.*"))
    workspace = Workspace.open(tmp_path / "workspace")

    assert recognise(source).format == case.parent.name
    outcome = import_file(workspace, source)

    found = {"calls.csv": _calls_text(workspace), "rejects.csv": _rejects_text(workspace, outcome)}
    for name, text in found.items():
        expected = case / name
        if os.environ.get("LANEWISE_UPDATE_GOLDEN"):
            expected.write_text(text, encoding="utf-8")
        assert text.splitlines() == expected.read_text(encoding="utf-8").splitlines()
    assert outcome.accepted + outcome.rejected + outcome.duplicates == outcome.read
    assert outcome.calls == len(calls(workspace))


def test_there_is_a_case_for_every_format() -> None:
    covered = {case.parent.name for case in CASES}
    # A golden case is text; the Parquet container has tests of its own.
    assert covered == {known.name for known in FORMATS} - {"lanewise_parquet"}
