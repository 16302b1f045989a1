"""What an import keeps beside the calls for workload rules: plain names only, few sets, never text."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import attributes
from data.attributes import attribute_sets, has_attributes
from data.errors import WorkspaceError
from data.ingest import ImportOutcome, import_file
from data.schema import COLUMNS
from data.store import Workspace
from tests.formats_cases import calls

CANARY = "the canary sang behind the blue door"
CHAT = {
    "object": "chat.completion",
    "created": 1777885200,
    "model": "gpt-4o",
    "usage": {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11},
}
OWN = {
    "ts": "2026-05-04T09:00:00Z",
    "provider": "openai",
    "model": "gpt-4o",
    "input_tokens": 10,
    "output_tokens": 1,
}
SPEND = {
    "call_type": "acompletion",
    "spend": 0.1,
    "model": "gpt-4o",
    "custom_llm_provider": "openai",
    "prompt_tokens": 10,
    "completion_tokens": 1,
    "startTime": "2026-05-04T09:00:00Z",
}


def bring(folder: Path, *records: dict[str, Any], suffix: str = "jsonl") -> tuple[Workspace, ImportOutcome]:
    source = folder / f"log.{suffix}"
    source.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    workspace = Workspace.open(folder / "workspace")
    return workspace, import_file(workspace, source)


def only_set(workspace: Workspace, outcome: ImportOutcome) -> dict[str, tuple[str, ...]]:
    (found,) = attribute_sets(workspace, str(outcome.dataset_id)).values()
    return dict(found)


def test_a_wrapped_response_keeps_the_callers_own_names(tmp_path: Path) -> None:
    record = {
        "response": {**CHAT, "id": "a"},
        "tags": ["nightly", "team-a"],
        "feature": "notes",
        "project": "blue",
        "api_key_alias": "ci-key",
        "trace_name": "summarise",
        "url": "https://api.openai.com/v1/chat/completions?beta=1#x",
        "user_agent": "OpenAI/Python 1.40.0 (Linux; x86)",
        "metadata": {"team": "data", "retries": 3, "dry_run": True},
    }
    workspace, outcome = bring(tmp_path, record)
    assert only_set(workspace, outcome) == {
        "tag": ("nightly", "team-a"),
        "project": ("blue",),
        "api_key_alias": ("ci-key",),
        "trace_name": ("summarise",),
        "endpoint": ("/v1/chat/completions",),
        "user_agent": ("OpenAI/Python 1.40.0",),
        "metadata.feature": ("notes",),
        "metadata.team": ("data",),
        "metadata.retries": ("3",),
        "metadata.dry_run": ("true",),
    }


def test_a_litellm_row_keeps_tags_key_team_route_agent_and_metadata(tmp_path: Path) -> None:
    record = {
        **SPEND,
        "request_id": "a",
        "team_id": "team-7",
        "request_tags": json.dumps(["User-Agent: curl", "nightly", "batchable"]),
        "metadata": json.dumps(
            {
                "user_api_key_alias": "ci",
                "user_api_key_team_alias": "data-team",
                "user_api_key_request_route": "/chat/completions",
                "user_agent": "curl/8.1",
                "spend_logs_metadata": {"feature": "notes", "trace_name": "summarise"},
                "requester_metadata": {"env": "prod"},
                "error_information": {"error_message": CANARY},
            }
        ),
    }
    workspace, outcome = bring(tmp_path, record)
    assert only_set(workspace, outcome) == {
        "tag": ("nightly", "batchable"),
        "project": ("data-team",),
        "api_key_alias": ("ci",),
        "trace_name": ("summarise",),
        "endpoint": ("/chat/completions",),
        "user_agent": ("curl/8.1",),
        "metadata.feature": ("notes",),
        "metadata.trace_name": ("summarise",),
        "metadata.env": ("prod",),
    }


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_own_records_keep_the_columns_of_those_names(tmp_path: Path, suffix: str) -> None:
    row = {**OWN, "call_id": "a", "project": "blue", "tags": '["x","y"]', "metadata": '{"team":"data"}'}
    source = tmp_path / f"log.{suffix}"
    if suffix == "csv":
        cells = ('"' + str(value).replace('"', '""') + '"' for value in row.values())
        source.write_text(",".join(row) + "\n" + ",".join(cells) + "\n", encoding="utf-8")
    else:
        pq.write_table(pa.Table.from_pylist([row]), source)
    workspace = Workspace.open(tmp_path / "workspace")
    outcome = import_file(workspace, source)
    assert only_set(workspace, outcome) == {
        "tag": ("x", "y"),
        "project": ("blue",),
        "metadata.team": ("data",),
    }


LONG = "x" * 101


@pytest.mark.parametrize(
    "value",
    [
        CANARY,
        CANARY.replace(" ", "\n", 1),
        "two\nlines",
        "a\ttab",
        "hidden\u200bmark",
        "line\u2028break",
        LONG,
        "   ",
        '{"json": 1}',
        '["a", "b"]',
        "sk-abcdefghijklmnop1234",
        "key is sk-proj-abcdefghijklmnop1234",
        "AKIAABCDEFGHIJKLMNOP",
    ],
)
def test_a_value_that_is_no_plain_name_is_dropped(tmp_path: Path, value: str) -> None:
    workspace, outcome = bring(
        tmp_path,
        {
            **OWN,
            "call_id": "a",
            "project": value,
            "trace_name": value,
            "api_key_alias": value,
            "tags": [value, "kept"],
            "metadata": {"team": value, "note": "kept"},
        },
    )
    assert only_set(workspace, outcome) == {"tag": ("kept",), "metadata.note": ("kept",)}


def test_an_address_is_kept_as_a_hash(tmp_path: Path) -> None:
    workspace, outcome = bring(
        tmp_path,
        {**OWN, "call_id": "a", "metadata": {"owner": "Ann Lee <ann@example.com>"}, "project": "a@b.co"},
        {**OWN, "call_id": "b", "metadata": {"owner": "x"}, "project": "A@B.co"},
    )
    first, second = (dict(found) for found in attribute_sets(workspace, str(outcome.dataset_id)).values())
    assert first["project"] == second["project"], "the same address in other capitals is the same"
    for value in (first["project"][0], first["metadata.owner"][0], second["metadata.owner"][0]):
        assert value == "x" or (value.startswith("h-") and len(value) == 26)
    assert "@" not in str(first) + str(second)


@pytest.mark.parametrize(
    "key",
    ["prompt", "system_prompt", "messages", "input", "answer_text", "error_message", "user_id", "user",
     "email", "session_id", "request_id", "api_token", "odd key", "ключ", "k" * 61],
)  # fmt: skip
def test_metadata_that_holds_texts_people_or_single_requests_is_not_looked_at(
    tmp_path: Path, key: str
) -> None:
    workspace, outcome = bring(tmp_path, {**OWN, "call_id": "a", "metadata": {key: "hello", "team": "data"}})
    assert only_set(workspace, outcome) == {"metadata.team": ("data",)}


def test_texts_are_nowhere_in_the_workspace(tmp_path: Path) -> None:
    hidden = {"note": f"{CANARY}\n", "team": CANARY * 9, "prompt": "canary", "deep": {"text": CANARY}}
    records: list[dict[str, Any]] = [
        {**OWN, "call_id": "a", "metadata": hidden, "tags": ["ok", CANARY], "user_agent": CANARY},
        {"response": {**CHAT, "id": "b", "metadata": hidden}, "tags": ["ok", CANARY], "trace_name": CANARY},
    ]
    for number, record in enumerate(records):
        folder = tmp_path / str(number)
        folder.mkdir()
        workspace, outcome = bring(folder, record)
        assert outcome.accepted == 1
        for path in workspace.path.rglob("*"):
            if path.is_file():
                content = path.read_bytes()
                if path.suffix == ".parquet":
                    content += str(pq.read_table(path).to_pydict()).encode()
                assert b"canary" not in content, path


def test_calls_carry_the_number_of_their_set_beside_the_record(tmp_path: Path) -> None:
    workspace, outcome = bring(
        tmp_path,
        {**OWN, "call_id": "a", "project": "blue"},
        {**OWN, "call_id": "b", "project": "red"},
        {**OWN, "call_id": "c", "project": "blue"},
        {**OWN, "call_id": "d"},
    )
    rows = {row["call_id"]: row for row in calls(workspace)}
    assert list(rows["a"]) == [*COLUMNS, "attributes_id", "attributes"]
    sets = attribute_sets(workspace, str(outcome.dataset_id))
    assert {name: sets.get(row["attributes_id"]) for name, row in rows.items()} == {
        "a": {"project": ("blue",)},
        "b": {"project": ("red",)},
        "c": {"project": ("blue",)},
        "d": None,
    }


def test_the_number_stays_where_the_calls_are_written_again(tmp_path: Path) -> None:
    workspace, outcome = bring(
        tmp_path,
        {**OWN, "call_id": "a", "project": "blue"},
        {**OWN, "call_id": "a", "project": "green"},
        {**OWN, "call_id": "b", "project": "red"},
        {**OWN, "call_id": "c"},
    )
    rows = {row["call_id"]: row for row in calls(workspace)}
    assert list(rows["a"]) == [*COLUMNS, "attributes_id"]
    sets = attribute_sets(workspace, str(outcome.dataset_id))
    assert {name: sets.get(row["attributes_id"]) for name, row in rows.items()} == {
        "a": {"project": ("blue",)},
        "b": {"project": ("red",)},
        "c": None,
    }


def test_a_log_without_attributes_has_no_file_of_them(tmp_path: Path) -> None:
    workspace, outcome = bring(tmp_path, {**OWN, "call_id": "a"})
    assert not has_attributes(workspace, str(outcome.dataset_id))
    assert attribute_sets(workspace, str(outcome.dataset_id)) == {}
    assert calls(workspace)[0]["attributes_id"] is None


def test_what_tells_single_requests_apart_is_left_out_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attributes, "MAX_SETS", 10)
    workspace, outcome = bring(
        tmp_path,
        *(
            {**OWN, "call_id": f"c{n}", "metadata": {"job": f"job-{n}", "shard": f"s{n % 4}"}, "project": "p"}
            for n in range(50)
        ),
    )
    sets = attribute_sets(workspace, str(outcome.dataset_id))
    assert sorted(str(dict(found)["metadata.shard"][0]) for found in sets.values()) == [
        "s0",
        "s1",
        "s2",
        "s3",
    ]
    assert all(set(found) == {"metadata.shard", "project"} for found in sets.values())
    assert outcome.notice is not None
    assert "cannot look at metadata.job" in outcome.notice
    assert outcome.accepted == 50
    assert all(row["attributes_id"] is not None for row in calls(workspace))


def test_a_damaged_file_is_a_sentence(tmp_path: Path) -> None:
    workspace, outcome = bring(tmp_path, {**OWN, "call_id": "a", "project": "blue"})
    (workspace.dataset_path(str(outcome.dataset_id)) / "attributes.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(WorkspaceError, match=r"attributes\.parquet"):
        attribute_sets(workspace, str(outcome.dataset_id))
