"""Imports as a whole: every row accounted for, every call once, all or nothing."""

import hashlib
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data import ingest, settling
from data.errors import LanewiseDataError, WorkspaceError
from data.files import TEMPORARY
from data.ingest import ImportOutcome, import_file
from data.progress import Progress
from data.schema import COLUMNS, UNATTRIBUTED
from data.store import Workspace
from tests.formats_cases import calls, calls_table, snapshot


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def chat(call_id: str, *, tokens: int = 10, **beside: Any) -> str:
    return json.dumps(
        {
            **beside,
            "response": {
                "id": call_id,
                "object": "chat.completion",
                "created": 1777885200,
                "model": "gpt-4o",
                "usage": {"prompt_tokens": tokens, "completion_tokens": 1, "total_tokens": tokens + 1},
            },
        }
    )


def write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n")
    return path


def counts(outcome: ImportOutcome) -> tuple[int, int, int, int]:
    return outcome.read, outcome.accepted, outcome.rejected, outcome.duplicates


def test_the_same_file_twice_changes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    source = write(tmp_path / "log.jsonl", chat("a"), chat("b"), "not json", chat("a", tokens=99))
    first = import_file(workspace, source)
    assert counts(first) == (4, 2, 1, 1)
    assert first.first_duplicate_lines == (4,)
    before = snapshot(workspace.path)
    second = import_file(workspace, source)
    assert counts(second) == (4, 0, 1, 3)
    assert second.dataset_id is None
    assert second.duplicates_of == {first.dataset_id: 2}
    assert second.first_duplicate_lines == (1, 2, 4)
    assert (second.calls, second.extra_calls, second.undated) == (0, 0, 0)
    assert second.notice == (
        "2 of 4 rows are in the workspace already, from “log.jsonl”. "
        "Nothing in the file is new and usable, so no dataset was made."
    )
    assert snapshot(workspace.path) == before


def test_the_first_accepted_occurrence_is_kept(workspace: Workspace, tmp_path: Path) -> None:
    import_file(
        workspace, write(tmp_path / "log.jsonl", chat("a", tokens=-5), chat("a", tokens=7), chat("a"))
    )
    assert [(call["call_id"], call["input_tokens"]) for call in calls(workspace)] == [("a", 7)]


def spend(call_id: str, status: str, tokens: int) -> str:
    return json.dumps(
        {
            "request_id": call_id,
            "call_type": "acompletion",
            "status": status,
            "spend": 0.1,
            "model": "gpt-4o",
            "prompt_tokens": tokens,
            "completion_tokens": tokens,
        }
    )


FAILED, ANSWERED = spend("a", "failure", 0), spend("a", "success", 10)


def test_of_a_failure_and_a_billed_answer_of_one_id_the_answer_counts(
    workspace: Workspace, tmp_path: Path
) -> None:
    outcome = import_file(workspace, write(tmp_path / "log.jsonl", FAILED, ANSWERED, FAILED, ANSWERED))
    assert counts(outcome) == (4, 1, 0, 3)
    assert outcome.first_duplicate_lines == (1, 3, 4)
    assert [(call["status"], call["input_tokens"]) for call in calls(workspace)] == [("ok", 10)]


def test_a_billed_answer_counts_beside_a_failure_that_another_file_brought(
    workspace: Workspace, tmp_path: Path
) -> None:
    failed, log = write(tmp_path / "1.jsonl", FAILED), write(tmp_path / "2.jsonl", FAILED, ANSWERED)
    import_file(workspace, failed)
    assert [counts(import_file(workspace, log)) for _ in range(2)] == [(2, 1, 0, 1), (2, 0, 0, 2)]
    assert counts(import_file(workspace, failed)) == (1, 0, 0, 1)
    assert sorted((call["status"], call["input_tokens"]) for call in calls(workspace)) == [
        ("error", None),
        ("ok", 10),
    ]


def test_calls_of_other_datasets_are_duplicates(workspace: Workspace, tmp_path: Path) -> None:
    one = import_file(workspace, write(tmp_path / "one.jsonl", chat("a"), chat("b")))
    two = import_file(workspace, write(tmp_path / "two.jsonl", chat("b"), chat("c")))
    both = import_file(workspace, write(tmp_path / "both.jsonl", chat("d"), chat("a"), chat("c"), chat("b")))
    assert counts(two) == (2, 1, 0, 1)
    assert counts(both) == (4, 1, 0, 3)
    assert both.duplicates_of == {one.dataset_id: 2, two.dataset_id: 1}
    assert workspace.manifest(str(both.dataset_id)).duplicates_of == both.duplicates_of
    assert sorted(call["call_id"] for call in calls(workspace)) == ["a", "b", "c", "d"]


def test_the_same_call_in_another_format_is_a_duplicate(workspace: Workspace, tmp_path: Path) -> None:
    import_file(workspace, write(tmp_path / "openai.jsonl", chat("chatcmpl-1")))
    spend = {
        "request_id": "chatcmpl-1",
        "call_type": "acompletion",
        "spend": 0.1,
        "model": "gpt-4o",
        "prompt_tokens": 10,
        "completion_tokens": 1,
    }
    outcome = import_file(workspace, write(tmp_path / "litellm.jsonl", json.dumps(spend)))
    assert outcome.format == "litellm_spend"
    assert counts(outcome) == (1, 0, 0, 1)


def test_rows_without_an_id_all_count_and_reimport_adds_nothing(workspace: Workspace, tmp_path: Path) -> None:
    row = "2026-05-04T09:00:00Z,openai,gpt-4o,10,1"
    other = "2026-05-04T09:00:01Z,openai,gpt-4o,10,1"
    source = write(tmp_path / "log.csv", "ts,provider,model,input_tokens,output_tokens", row, other, row, row)
    assert counts(import_file(workspace, source)) == (4, 4, 0, 0)
    assert len({call["call_id"] for call in calls(workspace)}) == 4
    assert counts(import_file(workspace, source)) == (4, 0, 0, 4)
    longer = write(tmp_path / "longer.csv", source.read_text().strip(), row)
    assert counts(import_file(workspace, longer)) == (5, 1, 0, 4)


def test_of_a_growing_log_only_what_is_new_comes_in(workspace: Workspace, tmp_path: Path) -> None:
    lines = [chat(f"c-{number}") for number in range(50)]
    source = write(tmp_path / "log.jsonl", *lines[:30])
    first = import_file(workspace, source)
    write(source, *lines)
    second = import_file(workspace, source)
    assert [counts(first), counts(second)] == [(30, 30, 0, 0), (50, 20, 0, 30)]
    assert second.duplicates_of == {first.dataset_id: 30}
    assert sorted(call["call_id"] for call in calls(workspace)) == sorted(f"c-{n}" for n in range(50))
    third = import_file(workspace, source)
    assert (counts(third), third.dataset_id) == ((50, 0, 0, 50), None)


def test_the_record_has_its_columns_in_order(workspace: Workspace, tmp_path: Path) -> None:
    outcome = import_file(workspace, write(tmp_path / "log.jsonl", chat("a")))
    table = calls_table(workspace)
    assert table.column_names == [*COLUMNS, "attributes_id", "attributes"]
    kinds = {"VARCHAR": "string", "TIMESTAMP": "timestamp[us]", "BIGINT": "int64", "BOOLEAN": "bool"}
    for field in table.select(list(COLUMNS)).schema:
        assert str(field.type) == kinds.get(COLUMNS[field.name], "decimal128(24, 12)")
    (call,) = table.to_pylist()
    assert call["dataset_id"] == outcome.dataset_id
    assert call["source_format"] == "openai_chat"
    assert call["workload"] == UNATTRIBUTED


def test_nothing_usable_makes_no_dataset(workspace: Workspace, tmp_path: Path) -> None:
    before = snapshot(workspace.path)
    outcome = import_file(
        workspace, write(tmp_path / "log.jsonl", chat("a", tokens=-1), chat("b", tokens=-2))
    )
    assert counts(outcome) == (2, 0, 2, 0)
    assert outcome.dataset_id is None
    assert outcome.reject_counts == {"negative": 2}
    assert [(reject.line, reject.column) for reject in outcome.first_rejects] == [
        (1, "usage.prompt_tokens"),
        (2, "usage.prompt_tokens"),
    ]
    assert outcome.notice == "Nothing in the file is new and usable, so no dataset was made."
    assert snapshot(workspace.path) == before


def test_undated_calls_are_kept_and_counted(workspace: Workspace, tmp_path: Path) -> None:
    message = {
        "id": "m",
        "type": "message",
        "model": "claude-sonnet-4-5",
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }
    dated = {"recorded_at": "Thu, 20 Nov 2025 12:06:12 GMT", "response": {**message, "id": "n"}}
    outcome = import_file(workspace, write(tmp_path / "log.jsonl", json.dumps(message), json.dumps(dated)))
    assert (outcome.accepted, outcome.undated) == (2, 1)
    assert "1 calls carry no time" in str(outcome.notice)
    assert [str(call["ts"]) for call in calls(workspace)] == ["None", "2025-11-20 12:06:12"]


def test_extra_calls_are_counted_apart(workspace: Workspace, tmp_path: Path) -> None:
    advised = {
        "id": "m",
        "type": "message",
        "model": "claude-sonnet-5",
        "usage": {
            "input_tokens": 10,
            "output_tokens": 2,
            "iterations": [
                {"type": "advisor_message", "model": "claude-opus-4-8", "input_tokens": 5, "output_tokens": 1}
            ],
        },
    }
    source = write(tmp_path / "log.jsonl", json.dumps(advised), json.dumps(advised))
    outcome = import_file(workspace, source)
    assert counts(outcome) == (2, 1, 0, 1)
    assert (outcome.extra_calls, outcome.calls) == (1, 2)
    manifest = workspace.manifest(str(outcome.dataset_id))
    assert (manifest.extra_calls, manifest.calls) == (1, 2)
    assert [(call["call_id"], call["model"]) for call in calls(workspace)] == [
        ("m", "claude-sonnet-5"),
        ("m#advisor_message-1", "claude-opus-4-8"),
    ]
    assert counts(import_file(workspace, source)) == (2, 0, 0, 2)


def test_a_truncated_last_line_is_one_reject(workspace: Workspace, tmp_path: Path) -> None:
    source = tmp_path / "log.jsonl"
    source.write_bytes(f"{chat('a')}\n{chat('b')}\n{chat('ü')}"[:-40].encode() + b"\xe2\x82")
    outcome = import_file(workspace, source)
    assert counts(outcome) == (3, 2, 1, 0)
    assert outcome.first_rejects[0].line == 3
    assert outcome.first_rejects[0].code in {"not_json", "not_utf8"}


def test_line_numbers_hold_across_lines_that_cannot_be_split(workspace: Workspace, tmp_path: Path) -> None:
    head = [chat(f"h-{number}") for number in range(6000)]  # longer than the head that is looked at
    body = [
        chat("b-1").encode(),
        b'{"a": "\xe9"}',
        chat("b-2", tokens=-1).encode(),
        b"",
        b'{"a": "\xff\xfe"}',
        b'{"b": "\xff\xfe"}',
        chat("b-3", tokens=-1).encode(),
        chat("b-1").encode(),
        b"broken",
    ]
    source = tmp_path / "log.jsonl"
    source.write_bytes("\n".join(head).encode() + b"\n" + b"\n".join(body) + b"\n")
    assert source.stat().st_size > 1024 * 1024
    outcome = import_file(workspace, source)
    assert counts(outcome) == (6008, 6001, 6, 1)
    assert [(reject.line, reject.code) for reject in outcome.first_rejects] == [
        (6002, "not_utf8"),
        (6003, "negative"),
        (6005, "not_utf8"),
        (6006, "not_utf8"),
        (6007, "negative"),
        (6009, "not_json"),
    ]
    assert outcome.first_duplicate_lines == (6008,)


def test_only_the_first_rejects_are_listed_but_all_are_kept(workspace: Workspace, tmp_path: Path) -> None:
    lines = [chat("a"), *["x"] * 50, *[chat("a")] * 30]
    outcome = import_file(workspace, write(tmp_path / "log.jsonl", *lines))
    assert counts(outcome) == (81, 1, 50, 30)
    assert [reject.line for reject in outcome.first_rejects] == list(range(2, 22))
    assert outcome.first_duplicate_lines == tuple(range(52, 72))
    stored = workspace.rejects(str(outcome.dataset_id), 1000)
    assert [reject.line for reject in stored] == list(range(2, 52))
    assert stored[:20] == outcome.first_rejects


def test_the_manifest_names_the_very_file(workspace: Workspace, tmp_path: Path) -> None:
    source = write(tmp_path / "log.jsonl", chat("a"))
    manifest = workspace.manifest(str(import_file(workspace, source).dataset_id))
    assert manifest.source_sha256 == hashlib.sha256(source.read_bytes()).hexdigest()
    assert manifest.source_bytes == source.stat().st_size


def test_progress_is_told_on_the_calling_thread(workspace: Workspace, tmp_path: Path) -> None:
    source = write(tmp_path / "log.jsonl", *(chat(f"c-{number}") for number in range(20_000)))
    told: list[tuple[Progress, int]] = []
    import_file(
        workspace, source, on_progress=lambda progress: told.append((progress, threading.get_ident()))
    )
    assert {thread for _, thread in told} == {threading.get_ident()}
    size = source.stat().st_size
    first, last = told[0][0], told[-1][0]
    assert (first.stage, first.fraction, first.bytes_read, first.bytes_total) == ("reading", 0.0, 0, size)
    assert last == Progress("settling", None, size, size, 20_000)
    assert all(progress.fraction is None or 0 <= progress.fraction <= 1 for progress, _ in told)


@pytest.mark.parametrize("stage", ["reading", "settling"])
def test_stopping_an_import_leaves_the_workspace(workspace: Workspace, tmp_path: Path, stage: str) -> None:
    class StopError(Exception):
        pass

    def stop(progress: Progress) -> None:
        if progress.stage == stage:
            raise StopError

    source = write(tmp_path / "log.jsonl", *(chat(f"c-{number}") for number in range(2000)))
    before = snapshot(workspace.path)
    with pytest.raises(StopError):
        import_file(workspace, source, on_progress=stop)
    assert snapshot(workspace.path) == before


@pytest.mark.parametrize("step", ["stage_log", "settle", "finish"])
def test_a_crash_at_any_step_leaves_the_workspace(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def crash(*_: object, **__: object) -> None:
        raise MemoryError

    source = write(tmp_path / "log.jsonl", chat("a"))
    before = snapshot(workspace.path)
    monkeypatch.setattr(ingest, step, crash)
    with pytest.raises(MemoryError):
        import_file(workspace, source)
    assert snapshot(workspace.path) == before
    monkeypatch.undo()
    assert import_file(workspace, source).accepted == 1


def test_a_dataset_published_meanwhile_is_compared_too(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = write(tmp_path / "one.jsonl", chat("a"), chat("b"))
    two = write(tmp_path / "two.jsonl", chat("b"), chat("c"))
    finish = settling.finish
    others: Iterator[Path] = iter([one])

    def finish_after_another(folder: Path) -> None:
        finish(folder)
        for other in others:
            import_file(workspace, other)

    monkeypatch.setattr(ingest, "finish", finish_after_another)
    outcome = import_file(workspace, two)
    assert counts(outcome) == (2, 1, 0, 1)
    assert sorted(call["call_id"] for call in calls(workspace)) == ["a", "b", "c"]


def test_imports_at_once_keep_every_call_once(workspace: Workspace, tmp_path: Path) -> None:
    sources = [write(tmp_path / f"{name}.jsonl", chat("shared"), chat(name)) for name in "abcd"]
    outcomes: list[ImportOutcome] = []
    workers = [
        threading.Thread(target=lambda source=source: outcomes.append(import_file(workspace, source)))
        for source in sources
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(call["call_id"] for call in calls(workspace)) == ["a", "b", "c", "d", "shared"]
    assert sum(outcome.accepted for outcome in outcomes) == 5
    assert not list(workspace.path.glob(f"{TEMPORARY}*"))


def test_a_damaged_dataset_is_named_not_crashed_on(workspace: Workspace, tmp_path: Path) -> None:
    first = import_file(workspace, write(tmp_path / "one.jsonl", chat("a")))
    (file,) = workspace.call_files(str(first.dataset_id))
    file.write_bytes(b"PAR1 and then nothing PAR1")
    with pytest.raises(WorkspaceError, match="damaged"):
        import_file(workspace, write(tmp_path / "two.jsonl", chat("b")))
    workspace.delete(str(first.dataset_id))
    assert import_file(workspace, tmp_path / "two.jsonl").accepted == 1


def test_a_description_tells_what_it_assumed(workspace: Workspace, tmp_path: Path) -> None:
    source = write(
        tmp_path / "team.csv",
        "name,max_wait,requests_per_day,requests_per_run,model,input_tokens,output_tokens,owner",
        "Half,,2.5,,gpt-4o,100,10,Ann",
        "Once,,,80,gpt-4o,100,10,Ann",
        "Facts,8h,,,,,,Ann",
    )
    outcome = import_file(workspace, source)
    assert counts(outcome) == (3, 3, 0, 0)
    assert outcome.calls == 2
    assert outcome.notice == (
        "Ignored columns: owner. "
        "A usage bucket holds whole requests; rounded for: Half. Yearly figures use the exact number. "
        "Without runs_per_year the yearly figures count one run for: Once."
    )
    assert workspace.manifest(str(outcome.dataset_id)).grain == "bucket"
    assert [row["name"] for row in workspace.facts(str(outcome.dataset_id))] == ["Half", "Once", "Facts"]


def test_a_description_of_facts_only_makes_a_dataset_without_calls(
    workspace: Workspace, tmp_path: Path
) -> None:
    source = write(tmp_path / "team.csv", "name,user_waiting", "Chat,yes")
    outcome = import_file(workspace, source)
    assert (outcome.accepted, outcome.calls) == (1, 0)
    assert calls(workspace) == []
    assert [declared.name for declared in workspace.declared()] == ["Chat"]
    again = import_file(workspace, source)
    assert counts(again) == (1, 0, 0, 1)
    assert again.duplicates_of == {outcome.dataset_id: 1}


def test_a_workload_is_described_by_one_dataset(workspace: Workspace, tmp_path: Path) -> None:
    header = "name,max_wait,requests_per_day,model,input_tokens,output_tokens"
    first = import_file(workspace, write(tmp_path / "old.csv", header, "Chat,2s,100,gpt-4o,100,10"))
    changed = write(tmp_path / "new.csv", header, "Chat,9s,999,gpt-4o,100,10", "Digest,24h,1,gpt-4o,100,10")
    second = import_file(workspace, changed)
    assert counts(second) == (2, 1, 0, 1)
    assert second.duplicates_of == {first.dataset_id: 1}
    assert {call["workload"]: call["n_requests"] for call in calls(workspace)} == {"Chat": 100, "Digest": 1}
    workspace.delete(str(first.dataset_id))
    assert import_file(workspace, changed).accepted == 1
    assert {call["workload"]: call["n_requests"] for call in calls(workspace)} == {"Chat": 999, "Digest": 1}


@pytest.mark.parametrize(
    ("content", "title"),
    [
        ('name,max_wait\n"Chat,2s\n', "The file is not valid CSV"),
        ("title,max_wait\nChat,2s\n", "No names"),
    ],
)
def test_a_description_that_is_none(workspace: Workspace, tmp_path: Path, content: str, title: str) -> None:
    source = tmp_path / "team.csv"
    source.write_text(content)
    with pytest.raises(LanewiseDataError) as caught:
        import_file(workspace, source, format_name="workload_description")
    assert caught.value.title == title
