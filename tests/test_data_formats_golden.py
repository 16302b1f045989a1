"""Golden cases: what is in `formats/<format>/<case>/` must become the calls, rejects and bill lines there.

`LANEWISE_UPDATE_GOLDEN=1` rewrites the expected files; read the difference before keeping it.
"""

import os
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from data.bills import bill_lines
from data.formats import FORMATS
from data.ingest import import_file, recognise
from tests.formats_cases import CASES, case_id, expected, found, imported, source

HIDDEN = ("a secret", "(text)", "someone@example.com")
"""What stands in the inputs where prompts, answers and people do."""

FIRST_CASES = {case.parent: case for case in reversed(CASES)}.values()
"""One case of each format: enough to see that a second import of the same file changes nothing."""


@pytest.mark.parametrize("case", CASES, ids=case_id)
def test_case(case: Path, tmp_path: Path) -> None:
    assert recognise(source(case)).format == case.parent.name
    workspace, outcome, _ = imported(tmp_path, source(case))
    texts = found(workspace, outcome)
    if os.environ.get("LANEWISE_UPDATE_GOLDEN"):
        for name, text in texts.items():
            (case / name).write_text(text, encoding="utf-8")
    assert texts == expected(case)
    assert outcome.bills == bill_lines(workspace).num_rows

    kept = str(outcome)
    for file in workspace.path.rglob("*.parquet"):
        kept += str(pq.read_table(file, partitioning=None).to_pylist())
    assert not [text for text in HIDDEN if text in kept]

    if case not in FIRST_CASES:
        return
    again = import_file(workspace, source(case))
    assert (again.dataset_id, again.read, again.rejected) == (None, outcome.read, outcome.rejected)
    assert again.duplicates >= outcome.duplicates


def test_there_is_a_case_for_every_format() -> None:
    covered = {case.parent.name for case in CASES}
    # A golden case is text; the Parquet container has tests of its own.
    assert covered == {known.name for known in FORMATS} - {"lanewise_parquet"}
