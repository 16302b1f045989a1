"""The first pass keeps the order of the rows, which is what tells their record numbers."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from data import staging
from data.db import open_engine
from data.formats import FORMATS, format_named
from data.formats.base import DRAFT, LogFormat
from data.ingest import import_file
from data.reading import read_head
from data.rejects import SENTENCES, sentence
from data.schema import STATUSES, TOKEN_BASES, UNATTRIBUTED
from data.staging import READER_FAULTS, check_sql, macro_statements
from data.store import Workspace

INPUTS = sorted((Path(__file__).parent / "formats").glob("*/*/input.*"))
# A long-form export and a transcript tell one call on several lines, so their drafts look at all of them.
LOOKING_AROUND = {
    "deepseek_console",
    "claude_code",
    "codex",
    "mooncake_trace",
    "bailian_trace",
    "ragpulse_trace",
    "weave",
}
LOGS = [
    path
    for path in INPUTS
    if isinstance(format_named(path.parent.parent.name), LogFormat)
    and path.parent.parent.name not in LOOKING_AROUND
]
# All of these keep the order of the rows and hold a few of them at a time.
STREAMING = {"Projection", "Read Csv", "Read Json Objects", "Read Parquet", "Unnest", "Streaming Window"}


@pytest.fixture(scope="module")
def planner() -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor that knows the macros and may read every log."""
    with open_engine(readable=LOGS) as engine, engine.cursor() as cursor:
        for macro in macro_statements():
            cursor.execute(macro)
        yield cursor


@pytest.mark.parametrize("source", LOGS, ids=lambda path: f"{path.parent.parent.name}-{path.parent.name}")
def test_staging_is_a_scan_and_projections(source: Path, planner: duckdb.DuckDBPyConnection) -> None:
    """A join, a sort or an aggregation could reorder the rows or hold them all in memory."""
    head = read_head(source, "x")
    chosen = format_named(source.parent.parent.name)
    assert isinstance(chosen, LogFormat)
    plan = planner.execute(
        f"EXPLAIN WITH source AS ({staging.reader_sql(head)}), draft AS ({chosen.draft(head)}), "
        f"checked AS ({check_sql()}) SELECT * FROM checked",
        {"path": str(source)},
    ).fetchall()
    operators = set(re.findall(r"╭─ ([A-Za-z_ ]+?) ─", "\n".join(text for _, text in plan)))
    assert operators
    assert operators <= STREAMING


def test_lines_hold_in_a_file_read_by_many_threads(tmp_path: Path) -> None:
    source = tmp_path / "log.jsonl"
    pad = "p" * 300
    bad = {7, 9_999, 30_000, 55_555, 79_999}
    with source.open("w") as file:
        for number in range(1, 80_001):
            record = {
                "call_id": f"c-{number}",
                "model": "gpt-4o",
                "input_tokens": -1 if number in bad else number,
                "output_tokens": 1,
                "prompt": pad,
            }
            file.write(json.dumps(record) + "\n")
    assert source.stat().st_size > 30_000_000
    outcome = import_file(Workspace.open(tmp_path / "ws"), source)
    assert {reject.line for reject in outcome.first_rejects} == bad
    assert outcome.accepted == 80_000 - len(bad)


def test_every_format_drafts_every_column(tmp_path: Path) -> None:
    for source in LOGS:
        chosen = format_named(source.parent.parent.name)
        assert isinstance(chosen, LogFormat)
        draft = chosen.draft(read_head(source, "x"))
        for name, kind in DRAFT.items():
            assert f"AS {kind}) AS {name}" in draft


def test_every_reason_has_a_sentence() -> None:
    folder = Path(staging.__file__).parent
    text = "\n".join(path.read_text() for path in [*folder.rglob("*.py"), *folder.rglob("*.sql")])
    used = set(re.findall(r"'([a-z]+_[a-z_]+):[a-z_.]*'", text)) | set(READER_FAULTS.values())
    used |= set(re.findall(r"THEN '([a-z]+_[a-z_]+)'", text)) & set(SENTENCES)
    used |= set(re.findall(r'_FaultError\("([a-z_]+)"', text))
    assert {"missing_value", "unknown_tier", "parts_exceed_input", "line_too_long", "duplicate_name"} <= used
    assert used <= set(SENTENCES)
    for code in SENTENCES:
        said = sentence(code, "usage.input_tokens", "auto")
        assert said.endswith(".")
        assert "{" not in said


def test_a_reason_of_a_newer_version_is_still_shown() -> None:
    assert sentence("brand_new", None, None) == "The row was rejected (brand_new)."


def test_sql_and_python_agree_on_the_unattributed_workload() -> None:
    assert f"'{UNATTRIBUTED}'" in check_sql()


def test_sql_and_python_agree_on_the_words_of_the_record() -> None:
    for words in (STATUSES, TOKEN_BASES):
        assert "(" + ", ".join(f"'{word}'" for word in words) + ")" in check_sql()


def test_labels_name_columns_of_the_record() -> None:
    columns = set(re.findall(r":([a-z_]+)'", check_sql()))
    for known in FORMATS:
        assert set(known.labels) <= columns
