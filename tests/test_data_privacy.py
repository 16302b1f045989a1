"""Prompts and answers never reach the disk, an outcome, a reject or an error message."""

import csv
import io
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import LanewiseDataError
from data.ingest import import_file
from data.store import Workspace

CANARY = "the canary sang behind the blue door"
CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1777885200,
    "model": "gpt-4o",
    "choices": [{"message": {"content": CANARY, "tool_calls": [{"function": {"arguments": CANARY}}]}}],
    "usage": {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11},
}
MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "model": "claude-sonnet-4-5",
    "content": [{"type": "text", "text": CANARY}, {"type": "thinking", "thinking": CANARY}],
    "usage": {
        "input_tokens": 1,
        "output_tokens": 1,
        "iterations": [{"type": "compaction", "input_tokens": 1, "output_tokens": 1, "content": CANARY}],
    },
}
RESPONSE = {
    "id": "resp_1",
    "object": "response",
    "status": "completed",
    "created_at": 1777885200,
    "model": "gpt-5",
    "instructions": CANARY,
    "output": [{"content": [{"text": CANARY}], "arguments": CANARY}],
    "usage": {"input_tokens": 1, "output_tokens": 1, "total_tokens": 2},
}
ASKED = {"messages": [{"role": "system", "content": CANARY}], "input": CANARY, "system": CANARY}
SPEND = {
    "request_id": "r-1",
    "call_type": "acompletion",
    "spend": 0.1,
    "model": "gpt-4o",
    "prompt_tokens": 10,
    "completion_tokens": 1,
    "startTime": "2026-05-04T09:00:00Z",
    "messages": [{"content": CANARY}],
    "response": {**CHAT, "id": "other"},
    "proxy_server_request": {"body": ASKED},
    "metadata": {"error_information": {"error_message": CANARY, "traceback": CANARY}},
    "error_str": CANARY,
    "exception": CANARY,
}
OWN = {
    "call_id": "own-1",
    "ts": "2026-05-04T09:00:00Z",
    "provider": "openai",
    "model": "gpt-4o",
    "input_tokens": 10,
    "output_tokens": 1,
    "prompt": CANARY,
    "answer": CANARY,
    "messages": [CANARY],
}
FAILED = {
    "http_status": 500,
    "request": {**ASKED, "model": "gpt-4o"},
    "response": {"error": {"message": CANARY}},
}


def _lines(*records: Any) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def _table(*records: dict[str, Any]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, list(records[0]))
    writer.writeheader()
    writer.writerows({**record, "messages": CANARY} for record in records)
    return text.getvalue().encode()


def _parquet(path: Path) -> bytes:
    pq.write_table(pa.Table.from_pylist([OWN, {**OWN, "call_id": "own-2", "model": None}]), path)
    return path.read_bytes()


# Each file has rows that are accepted and rows that are rejected at every stage, all with the canary.
FILES: dict[str, bytes] = {
    "openai_chat": _lines(
        CHAT,
        {"request": ASKED, "response": {**CHAT, "id": "b"}, "workload": "W"},
        FAILED,
        {**CHAT, "id": "c", "usage": {"prompt_tokens": CANARY, "completion_tokens": 1}},
        {**CHAT, "id": "d", "service_tier": CANARY},
        {**CHAT, "id": CANARY * 20},
        {**CHAT, "id": "e", "model": CANARY * 20},
        {**CHAT, "id": "f", "latency_ms": CANARY},
        {"text": CANARY},
        CANARY,
        [CANARY],
    )
    + f"{CANARY}\n{{{CANARY}\n".encode()
    + CANARY.encode()
    + b"\xe2\x82",
    "openai_responses": _lines(
        RESPONSE,
        {**RESPONSE, "id": "b", "status": CANARY},
        {**RESPONSE, "id": "c", "status": "failed", "error": {"message": CANARY}, "usage": None},
        {**RESPONSE, "id": "d", "status": "queued", "usage": None},
        FAILED,
    ),
    "anthropic_messages": _lines(
        MESSAGE,
        {"http_status": 400, "request": ASKED, "response": {"type": "error", "error": {"message": CANARY}}},
        {
            **MESSAGE,
            "id": "b",
            "usage": {
                "input_tokens": 1,
                "output_tokens": 1,
                "iterations": [{"type": "compaction", "input_tokens": CANARY}],
            },
        },
    ),
    "litellm_spend": _lines(
        SPEND,
        {
            **SPEND,
            "request_id": "b",
            "metadata": json.dumps({"error_information": CANARY}),
            "request_tags": CANARY,
        },
        {**SPEND, "request_id": "c", "spend": CANARY},
        {**SPEND, "request_id": "d", "status": CANARY},
    ),
    "litellm_spend_csv": _table(
        {
            "request_id": "a",
            "call_type": "acompletion",
            "spend": "0.1",
            "model": "gpt-4o",
            "prompt_tokens": "10",
            "completion_tokens": "1",
            "startTime": "2026-05-04 09:00:00+00",
            "messages": CANARY,
        },
        {
            "request_id": "b",
            "call_type": "acompletion",
            "spend": CANARY,
            "model": "gpt-4o",
            "prompt_tokens": CANARY,
            "completion_tokens": "1",
            "startTime": CANARY,
            "messages": CANARY,
        },
    ),
    "lanewise_jsonl": _lines(
        OWN, {**OWN, "call_id": "own-2", "ts": CANARY}, {**OWN, "call_id": "own-3", "grain": CANARY}
    ),
    "lanewise_csv": _table(OWN, {**OWN, "call_id": "own-2", "input_tokens": CANARY})
    + f'"{CANARY}",{CANARY}\r\n'.encode()
    + f'a,"{CANARY}"x,{CANARY}\r\n'.encode(),
    "openai_chat_document": json.dumps([CHAT, {**CHAT, "id": "b", "model": None}, CANARY], indent=1).encode(),
}


def _needles() -> list[bytes]:
    return [CANARY.encode(), CANARY.split("behind ", maxsplit=1)[1].encode(), b"canary"]


def _assert_clean(folder: Path) -> None:
    for path in folder.rglob("*"):
        if not path.is_file():
            continue
        content = path.read_bytes()
        if path.suffix == ".parquet":
            content += str(pq.read_table(path).to_pydict()).encode()
        for needle in _needles():
            assert needle not in content, path


@pytest.mark.parametrize("name", [*FILES, "lanewise_parquet"])
def test_the_canary_is_nowhere(name: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    source = tmp_path / "log.bin"
    source.write_bytes(FILES[name] if name in FILES else _parquet(tmp_path / "made.parquet"))
    workspace = Workspace.open(tmp_path / "workspace")
    seen_in_scratch: list[Path] = []

    def look(_: object) -> None:
        for scratch in workspace.path.glob(".tmp-*"):
            staged = scratch / "rows.parquet"
            if staged.exists() and staged.read_bytes().endswith(b"PAR1"):
                _assert_clean(scratch)
                seen_in_scratch.append(staged)

    outcome = import_file(workspace, source, on_progress=look)
    assert outcome.accepted >= 1
    assert outcome.rejected >= 1
    assert seen_in_scratch
    _assert_clean(workspace.path)
    said = f"{outcome} {workspace.rejects(str(outcome.dataset_id), 100)} {workspace.datasets()}"
    assert "canary" not in said
    assert "canary" not in "".join(capfd.readouterr())


@pytest.mark.parametrize(
    "content",
    [
        CANARY.encode(),
        f"{CANARY},{CANARY},x\n1,2,3\n".encode(),
        f'{{"a": "{CANARY}"\n'.encode(),
        f'[{{"a": "{CANARY}"}}, {{"a": "{CANARY}"]'.encode(),
        json.dumps({"prompt": CANARY}).encode(),
        json.dumps([CHAT, CHAT])[:-1].encode() + CANARY.encode() + b"]",
        b"ts,model,input_tokens,output_tokens\r\n" + f'"{CANARY}\n{CANARY}",2\n'.encode() * 3,
        f"{CANARY}\xe9".encode("latin-1"),
    ],
)
def test_the_canary_is_in_no_error(content: bytes, tmp_path: Path) -> None:
    source = tmp_path / "log.bin"
    source.write_bytes(content)
    workspace = Workspace.open(tmp_path / "workspace")
    said = ""
    try:
        said = str(import_file(workspace, source))
    except LanewiseDataError as error:
        causes: BaseException | None = error
        while causes is not None:
            said += f"{causes!s} {causes!r}"
            causes = (
                causes.__cause__ if causes.__cause__ or causes.__suppress_context__ else causes.__context__
            )
    assert said
    assert "canary" not in said
    _assert_clean(workspace.path)
