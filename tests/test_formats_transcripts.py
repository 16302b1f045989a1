"""Transcripts of Claude Code and Codex: each call once, however often its usage is written."""

import json
from pathlib import Path
from typing import Any

import pytest

from data.ingest import import_file, recognise
from data.store import Workspace
from tests.conftest import COMMITTED_SAMPLES, full_samples
from tests.formats_cases import FORMATS, calls, imported

FOLDERS = [folder / "exports" for folder in (COMMITTED_SAMPLES, full_samples()) if folder]
CLAUDE = FORMATS / "claude_code" / "recorded" / "input.jsonl"
CODEX = FORMATS / "codex" / "recorded" / "input.jsonl"


def records(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def total(rows: list[dict[str, Any]], column: str) -> int:
    return sum(row[column] for row in rows)


def test_a_real_claude_session_counts_each_answer_once(tmp_path: Path) -> None:
    lines = [record["message"] for record in records(CLAUDE) if record["type"] == "assistant"]
    last = {message["id"]: message["usage"] for message in lines}
    assert (len(lines), len(last)) == (25, 10)

    _, outcome, rows = imported(tmp_path, CLAUDE)

    assert (outcome.read, outcome.accepted, outcome.duplicates, outcome.calls) == (64, 49, 15, 10)
    for column, key in (
        ("cache_read_tokens", "cache_read_input_tokens"),
        ("cache_write_tokens", "cache_creation_input_tokens"),
        ("output_tokens", "output_tokens"),
    ):
        assert total(rows, column) == sum(usage[key] for usage in last.values())
    uncached = (
        total(rows, "input_tokens") - total(rows, "cache_read_tokens") - total(rows, "cache_write_tokens")
    )
    assert uncached == 2892 + 131 + 8 * 2
    # What a sum over the lines would have said.
    assert round(sum(message["usage"]["input_tokens"] for message in lines) / uncached, 2) == 3.95
    naive = sum(message["usage"]["output_tokens"] for message in lines)
    assert round(naive / total(rows, "output_tokens"), 2) == 2.83


def test_the_last_of_repeated_lines_counts(tmp_path: Path) -> None:
    def line(output: int, second: int) -> str:
        usage = {"input_tokens": 5, "output_tokens": output}
        message = {"id": "msg_1", "model": "claude-opus-4-8", "role": "assistant", "usage": usage}
        return json.dumps(
            {
                "type": "assistant",
                "sessionId": "s",
                "requestId": "req_1",
                "timestamp": f"2026-06-01T10:00:0{second}Z",
                "message": message,
            }
        )

    source = tmp_path / "session.jsonl"
    source.write_text("\n".join([line(1, 0), line(60, 1), line(87, 2)]) + "\n", encoding="utf-8")
    _, outcome, rows = imported(tmp_path, source)
    assert [(row["output_tokens"], row["ts"].second) for row in rows] == [(87, 2)]
    assert outcome.first_duplicate_lines == (1, 2)


def test_a_resumed_session_adds_only_what_is_new(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    whole = CLAUDE.read_text(encoding="utf-8").splitlines(keepends=True)
    begun, resumed = tmp_path / "begun.jsonl", tmp_path / "resumed.jsonl"
    begun.write_text("".join(whole[:33]), encoding="utf-8")
    resumed.write_text("".join(whole), encoding="utf-8")

    assert import_file(workspace, begun).calls == 5
    outcome = import_file(workspace, resumed)
    assert (outcome.calls, outcome.duplicates, sum(outcome.duplicates_of.values())) == (5, 15 + 5, 5)
    assert len({row["call_id"] for row in calls(workspace)}) == len(calls(workspace)) == 10
    again = import_file(workspace, resumed)
    assert (again.dataset_id, again.calls) == (None, 0)
    assert again.accepted + again.duplicates == 64


def test_a_real_codex_session_counts_deltas(tmp_path: Path) -> None:
    infos = [
        record["payload"]["info"]
        for record in records(CODEX)
        if record["payload"].get("type") == "token_count"
    ]
    assert len(infos) == 9

    _, outcome, rows = imported(tmp_path, CODEX)

    assert (outcome.read, outcome.accepted, outcome.calls) == (72, 72, 9)
    final = infos[-1]["total_token_usage"]
    assert final["input_tokens"] == total(rows, "input_tokens") == 95_819
    assert final["cached_input_tokens"] == total(rows, "cache_read_tokens") == 79_488
    assert final["output_tokens"] == total(rows, "output_tokens") == 1_912
    assert final["reasoning_output_tokens"] == total(rows, "reasoning_tokens") == 581
    assert {row["token_basis"] for row in rows} == {"inclusive"}
    naive = sum(info["total_token_usage"]["input_tokens"] for info in infos)
    assert round(naive / total(rows, "input_tokens"), 1) == 4.8
    assert {(row["model"], row["workload"], row["session"]) for row in rows} == {
        ("gpt-5.4", "project", "01a7c9e4-6d12-7b3a-9f42-8c6d5e1a0b73")
    }


def test_a_forked_codex_session_repeats_its_parent(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    import_file(workspace, CODEX)
    meta = {"id": "02b7c9e4-0000-7b3a-9f42-8c6d5e1a0b74", "cwd": "/workspace/project"}
    fork = tmp_path / "fork.jsonl"
    head = json.dumps({"timestamp": "2026-03-22T10:00:00Z", "type": "session_meta", "payload": meta})
    usage = {"input_tokens": 7, "cached_input_tokens": 0, "output_tokens": 3, "total_tokens": 10}
    running = {"input_tokens": 95_826, "output_tokens": 1_915, "total_tokens": 97_741}
    info = {"last_token_usage": usage, "total_token_usage": running}
    event = {"type": "token_count", "info": info}
    added = json.dumps({"timestamp": "2026-03-22T10:01:00Z", "type": "event_msg", "payload": event})
    fork.write_text(f"{head}\n{CODEX.read_text(encoding='utf-8')}{added}\n", encoding="utf-8")

    outcome = import_file(workspace, fork)
    assert (outcome.duplicates, outcome.calls) == (9, 1)
    assert total(calls(workspace), "input_tokens") == 95_826


@pytest.mark.parametrize("exports", FOLDERS)
def test_third_party_fixtures(exports: Path, tmp_path: Path) -> None:
    claude = exports / "claude_code_transcripts"
    workspace = Workspace.open(tmp_path / "workspace")
    outcomes = [import_file(workspace, path) for path in sorted(claude.glob("ccusage_*.jsonl"))]
    assert {outcome.format for outcome in outcomes} == {"claude_code"}
    assert [(outcome.read, outcome.calls, outcome.rejected) for outcome in outcomes] == [
        (3, 3, 0),
        (2, 2, 0),
        (4, 0, 2),
    ]
    rows = calls(workspace)
    assert total(rows, "input_tokens") == (100 + 25 + 10) + (200 + 50 + 20) + 340 + (50 + 5 + 15) + 115
    assert total(rows, "output_tokens") == 50 + 75 + 125 + 25 + 35
    assert [row["tier"] for row in rows] == ["standard", "priority", "standard", "standard", "standard"]
    # Lines without a model cannot be priced, and nothing else is in the third file.
    assert outcomes[2].dataset_id is None
    assert outcomes[2].reject_counts == {"missing_value": 2}

    codex = exports / "codex_transcripts" / "ccusage_session-alpha.jsonl"
    assert recognise(codex).format == "codex"
    _, outcome, rows = imported(tmp_path / "codex", codex)
    assert (outcome.read, outcome.calls) == (3, 2)
    # Its totals count reasoning beside the output, unlike a real session.
    assert [(row["model"], row["input_tokens"], row["token_basis"]) for row in rows] == [
        ("gpt-5.2-codex", 1000, "ambiguous"),
        ("gpt-5.3-codex", 2500, "ambiguous"),
    ]


def test_no_text_of_a_transcript_is_stored(tmp_path: Path) -> None:
    secret = "the-canary-sings"
    source = tmp_path / "session.jsonl"
    lines = records(CLAUDE)
    for line in lines:
        line["toolUseResult"] = secret
        line.setdefault("message", {})["content"] = [{"type": "text", "text": secret}]
        line["cwd"] = f"/home/{secret}/project"
    source.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    workspace = Workspace.open(tmp_path / "workspace")
    assert import_file(workspace, source).calls == 10
    for file in workspace.path.rglob("*"):
        assert not file.is_file() or secret.encode() not in file.read_bytes()
