"""Shapes that nobody exports and somebody sends: depth and width without end."""

import json
from pathlib import Path

import pytest

from data.errors import LanewiseDataError, UnreadableFileError
from data.formats import FORMATS
from data.ingest import ImportOutcome, import_file
from data.store import Workspace
from tests.formats_cases import FORMATS as CASES
from tests.formats_cases import calls

DEPTH = 200_000
DEEP = '{"a":' * DEPTH + "1" + "}" * DEPTH
DEEP_LIST = "[" * DEPTH + "]" * DEPTH
WIDE = "{" + ",".join(f'"k{i}":{i}' for i in range(300_000)) + "}"

LINES = sorted(
    {
        path.parent.parent.name: path
        for path in sorted(CASES.glob("*/*/input.jsonl"))
        if path.parent.parent.name in {known.name for known in FORMATS}
    }.values()
)
"""One file of each format that has JSON lines."""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def imported(workspace: Workspace, folder: Path, text: str, name: str | None = None) -> ImportOutcome | str:
    """The outcome, or the title of the error; nothing else may come of any text."""
    path = folder / "log"
    path.write_text(text, encoding="utf-8")
    try:
        outcome = import_file(workspace, path, format_name=name)
    except LanewiseDataError as problem:
        return problem.title
    assert outcome.accepted + outcome.rejected + outcome.duplicates == outcome.read
    return outcome


@pytest.mark.parametrize("path", LINES, ids=lambda path: f"{path.parent.parent.name}-{path.parent.name}")
def test_depth_and_width_beside_good_lines_do_no_harm(
    path: Path, workspace: Workspace, tmp_path: Path
) -> None:
    name = path.parent.parent.name
    lines = path.read_text(encoding="utf-8").splitlines()
    good = import_file(workspace, path).read
    record = json.loads(lines[0])
    holder = next((key for key, value in record.items() if isinstance(value, dict)), next(iter(record)))
    nested = [json.dumps(record | {holder: "@"}).replace('"@"', odd) for odd in (DEEP, DEEP_LIST, WIDE)]
    text = "\n".join([*lines, *nested, DEEP, DEEP_LIST, WIDE]) + "\n"
    (tmp_path / "other").mkdir()
    other = Workspace.open(tmp_path / "other" / "workspace")
    outcome = imported(other, tmp_path / "other", text, name)
    assert isinstance(outcome, ImportOutcome)
    # Each odd line is at least one record; one that lists records may be none or many.
    assert outcome.read >= good + 3


@pytest.mark.parametrize("odd", [DEEP, DEEP_LIST, "[" + DEEP + "]", '{"resourceSpans":[' + DEEP_LIST + "]}"])
@pytest.mark.parametrize("name", [None, "otel_genai", "langfuse", "weave"])
def test_a_file_of_depth_alone_is_one_clear_error_or_a_reject(
    odd: str, name: str | None, workspace: Workspace, tmp_path: Path
) -> None:
    outcome = imported(workspace, tmp_path, odd, name)
    assert isinstance(outcome, str) or outcome.accepted == 0 or name is not None


@pytest.mark.parametrize("count", [2_001, 100_000, 1_000_000])
def test_a_table_of_endless_columns_is_refused(count: int, workspace: Workspace, tmp_path: Path) -> None:
    header = ",".join(f"c{i}" for i in range(count))
    path = tmp_path / "wide.csv"
    path.write_text(header + "\n" + "1," * (count - 1) + "1\n", encoding="utf-8")
    with pytest.raises(UnreadableFileError, match="CSV header"):
        import_file(workspace, path)
    assert not workspace.datasets()


def test_two_thousand_columns_are_read(workspace: Workspace, tmp_path: Path) -> None:
    row = {
        "call_id": "a",
        "model": "gpt-4o",
        "provider": "openai",
        "input_tokens": "10",
        "output_tokens": "2",
    }
    row |= {f"c{i}": "x" for i in range(2_000 - len(row))}
    path = tmp_path / "wide.csv"
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    assert import_file(workspace, path).accepted == 1


def test_tens_of_thousands_of_spans_in_one_document_are_read(workspace: Workspace, tmp_path: Path) -> None:
    attribute = '{"key":"gen_ai.operation.name","value":{"stringValue":"execute_tool"}}'
    spans = ",".join(f'{{"spanId":"{i:06d}","attributes":[{attribute}]}}' for i in range(60_000))
    text = '{"resourceSpans":[{"scopeSpans":[{"spans":[' + spans + "]}]}]}\n"
    outcome = imported(workspace, tmp_path, text)
    assert isinstance(outcome, ImportOutcome)
    assert (outcome.read, outcome.accepted, outcome.calls, outcome.dataset_id) == (60_000, 60_000, 0, None)


def test_a_hundred_thousand_parts_of_one_usage_are_summed(workspace: Workspace, tmp_path: Path) -> None:
    parts = {f"input_part_{i}": 1 for i in range(100_000)} | {"output": 5}
    record = {"id": "a", "traceId": "t", "type": "GENERATION", "startTime": "2026-01-01T00:00:00Z"}
    text = json.dumps(record | {"model": "gpt-4o", "usageDetails": parts}) + "\n"
    outcome = imported(workspace, tmp_path, text)
    assert isinstance(outcome, ImportOutcome)
    (call,) = calls(workspace, outcome)
    assert (call["input_tokens"], call["output_tokens"]) == (100_000, 5)


def test_a_call_of_tens_of_thousands_of_models_is_rejected(workspace: Workspace, tmp_path: Path) -> None:
    models = {f"m{i}": {"prompt_tokens": 1, "completion_tokens": 1} for i in range(50_000)}
    costs = {name: {"prompt_tokens_total_cost": 1} for name in models}
    call = {"id": "a", "trace_id": "t", "op_name": "o", "started_at": "2026-01-01T00:00:00Z"}
    text = json.dumps(call | {"summary": {"usage": models, "weave": {"costs": costs}}}) + "\n"
    outcome = imported(workspace, tmp_path, text)
    assert isinstance(outcome, ImportOutcome)
    assert outcome.reject_counts == {"too_many_models": 1}
