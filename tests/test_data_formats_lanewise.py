"""Lanewise's own record in its three containers, and the round trip through a dataset's own files."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.formats import FORMATS
from data.formats.base import DRAFT, FileHead, draft_select, share
from data.formats.layers import Layers
from data.ingest import import_file, recognise
from data.store import Workspace
from tests.formats_cases import calls

WHEN = datetime(2026, 5, 4, 9, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def test_parquet_columns_of_any_sensible_type(workspace: Workspace, tmp_path: Path) -> None:
    table = pa.table(
        {
            "ts": pa.array([WHEN, WHEN], pa.timestamp("ns", tz="Europe/Berlin")),
            "Call-ID": pa.array([1, 2], pa.int32()),
            "model": pa.array(["gpt-4o", "gpt-4o"], pa.dictionary(pa.int8(), pa.string())),
            "input_tokens": pa.array([10.0, 2.5], pa.float64()),
            "output_tokens": pa.array([1, 1], pa.uint64()),
            "streamed": pa.array([True, None]),
            "reported_cost_usd": pa.array([Decimal("0.10"), Decimal("0.20")], pa.decimal128(10, 2)),
            "prompt": pa.array([{"text": "x"}, {"text": "y"}]),
            'odd "name"': pa.array([["a"], ["b"]]),
        }
    )
    source = tmp_path / "log.parquet"
    pq.write_table(table, source)
    assert recognise(source).format == "lanewise_parquet"
    outcome = import_file(workspace, source)
    assert (outcome.read, outcome.accepted, outcome.rejected) == (2, 1, 1)
    assert [(reject.line, reject.code) for reject in outcome.first_rejects] == [(2, "not_a_whole_number")]
    (call,) = calls(workspace)
    assert call["call_id"] == "1"
    assert call["ts"] == WHEN.replace(tzinfo=None)
    assert (call["input_tokens"], call["output_tokens"], call["streamed"]) == (10, 1, True)
    assert call["reported_cost_usd"] == Decimal("0.10")


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (pa.timestamp("us"), datetime(2026, 5, 4, 9)),
        (pa.timestamp("s"), datetime(2026, 5, 4, 9)),
        (pa.int64(), 1777885200),
        (pa.int64(), 1777885200000),
        (pa.float64(), 1777885200.0),
        (pa.string(), "2026-05-04T09:00:00Z"),
    ],
)
def test_times_in_parquet(workspace: Workspace, tmp_path: Path, kind: pa.DataType, value: Any) -> None:
    source = tmp_path / "log.parquet"
    columns = {"ts": pa.array([value], kind), "model": ["gpt-4o"], "input_tokens": [1], "output_tokens": [1]}
    pq.write_table(pa.table(columns), source)
    import_file(workspace, source)
    assert [call["ts"] for call in calls(workspace)] == [WHEN.replace(tzinfo=None)]


def test_parquet_lines_are_record_numbers(workspace: Workspace, tmp_path: Path) -> None:
    rows = 300_000
    source = tmp_path / "log.parquet"
    tokens = [-1 if number % 100_000 == 99_999 else number for number in range(rows)]
    columns = {"call_id": [f"c{number}" for number in range(rows)], "model": ["gpt-4o"] * rows}
    pq.write_table(
        pa.table({**columns, "input_tokens": tokens, "output_tokens": tokens}), source, row_group_size=7_000
    )
    outcome = import_file(workspace, source)
    assert [reject.line for reject in outcome.first_rejects] == [100_000, 200_000, 300_000]
    assert outcome.accepted == rows - 3


def test_a_dataset_can_be_moved_to_another_workspace(workspace: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "log.jsonl"
    record = {
        "ts": "2026-05-04T09:00:00.25Z",
        "provider": "Azure_OpenAI",
        "model": "azure/GPT-4o",
        "workload": "Chat",
        "session": "alice@example.com",
        "input_tokens": 100,
        "cache_read_tokens": 40,
        "output_tokens": 10,
        "tier": "fast",
        "status": "ok",
        "latency_ms": 812.4,
        "streamed": True,
        "deadline_s": 60,
        "batch_eligible": False,
        "reported_cost_usd": "0.000000000123",
    }
    other = {
        "ts": None,
        "provider": "openai",
        "model": "gpt-4o",
        "input_tokens": None,
        "output_tokens": None,
        "status": "expired",
    }
    source.write_text(
        json.dumps(record) + "\n" + json.dumps(record) + "\n" + json.dumps({**other, "call_id": "x"}) + "\n"
    )
    import_file(workspace, source)
    (dataset,) = workspace.datasets()
    (file,) = workspace.call_files(dataset.dataset_id)
    elsewhere = Workspace.open(tmp_path / "elsewhere")
    outcome = import_file(elsewhere, file)
    assert (outcome.format, outcome.accepted, outcome.rejected) == ("lanewise_parquet", 3, 0)
    own = {"dataset_id", "source_format", "model_raw"}
    moved = [{key: value for key, value in call.items() if key not in own} for call in calls(elsewhere)]
    assert moved == [
        {key: value for key, value in call.items() if key not in own} for call in calls(workspace)
    ]
    assert import_file(workspace, file).accepted == 0


def test_json_document_of_own_records(workspace: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "log.json"
    record = {"call_id": "a", "model": "gpt-4o", "input_tokens": 1, "output_tokens": 1}
    source.write_text(json.dumps([record, {**record, "call_id": "b", "model": ""}], indent=2))
    outcome = import_file(workspace, source)
    assert (outcome.format, outcome.container) == ("lanewise_jsonl", "json")
    assert [(reject.line, reject.code, reject.column) for reject in outcome.first_rejects] == [
        (2, "missing_value", "model")
    ]


@pytest.mark.parametrize(
    ("columns", "claims"),
    [
        (("ts", "model", "input_tokens", "output_tokens"), {"lanewise_csv": 100}),
        (("call_id", "Model", "Input Tokens", "output-tokens"), {"lanewise_csv": 100}),
        (("model", "input_tokens", "output_tokens"), {}),
        (("name", "max_wait"), {"workload_description": 100}),
        (("name",), {"workload_description": 10}),
        (
            ("name", "requests_per_day", "model", "input_tokens", "output_tokens"),
            {"workload_description": 100},
        ),
        (("ts", "name", "trigger"), {}),
        (("request_id", "call_type", "startTime", "model"), {"litellm_spend": 100}),
        (("date", "amount"), {}),
    ],
)
def test_claims_on_csv_headers(columns: tuple[str, ...], claims: dict[str, int]) -> None:
    head = FileHead(Path("x.csv"), 1, "csv", columns=columns)
    found = {known.name: known.claim(head) for known in FORMATS if "csv" in known.containers}
    assert {name: strength for name, strength in found.items() if strength} == claims


def test_every_format_states_its_token_rule() -> None:
    names = [known.name for known in FORMATS]
    assert len(set(names)) == len(names)
    for known in FORMATS:
        assert known.token_rule.endswith(".")
        assert "token" in known.token_rule.lower()
        assert known.title
        module = __import__(type(known).__module__, fromlist=["x"])
        assert "token" in str(module.__doc__).lower()


def test_a_draft_has_only_known_columns() -> None:
    with pytest.raises(KeyError, match="tokens"):
        draft_select({"tokens": "1"}, "source")
    assert draft_select({}, "source").count(" AS ") == 2 * len(DRAFT)


@pytest.mark.parametrize(
    ("matches", "of", "strength"),
    [(0, 10, 0), (1, 1, 80), (1, 2, 40), (1, 200, 1), (200, 200, 80), (0, 0, 0)],
)
def test_a_share_of_a_claim(matches: int, of: int, strength: int) -> None:
    assert share(matches, of, 80) == strength


def test_layers_compute_an_expression_once() -> None:
    layers = Layers()
    first = layers.column("a + 1")
    assert layers.column("a + 1") == first
    second = layers.column(f"{first} * 2")
    assert (first, second) == ("v1", "v2")
    tables, last = layers.expressions("source")
    assert last == "layer1"
    assert [" ".join(table.split()) for table in tables] == [
        "layer0 AS ( SELECT *, a + 1 AS v1 FROM source )",
        "layer1 AS ( SELECT *, v1 * 2 AS v2 FROM layer0 )",
    ]
