"""Files as a whole: what cannot be read says so, and the workspace stays byte for byte as it was."""

import bz2
import io
import json
import lzma
import tarfile
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import AmbiguousFormatError, LanewiseDataError, UnknownFormatError, UnreadableFileError
from data.ingest import import_file, recognise
from data.reading import last_byte, read_head
from data.store import Workspace
from tests.formats_cases import calls, snapshot

HEADER = "call_id,ts,provider,model,input_tokens,output_tokens\n"
ROW = "a,2026-05-04T09:00:00Z,openai,gpt-4o,10,1\n"
CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1777885200,
    "model": "gpt-4o",
    "usage": {"prompt_tokens": 10, "completion_tokens": 1, "total_tokens": 11},
}
LINE = json.dumps(CHAT)


def _parquet(path: Path, rows: int = 100) -> bytes:
    pq.write_table(
        pa.table(
            {
                "ts": ["2026-05-04T09:00:00Z"] * rows,
                "model": ["gpt-4o"] * rows,
                "input_tokens": list(range(rows)),
                "output_tokens": [1] * rows,
            }
        ),
        path,
    )
    return path.read_bytes()


def _tar(content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        member = tarfile.TarInfo("log.jsonl")
        member.size = len(content)
        archive.addfile(member, io.BytesIO(content))
    return packed.getvalue()


BROKEN: list[tuple[str, bytes, str, str]] = [
    ("empty", b"", "The file is empty", "Export it again"),
    ("blank", b" \n\n\t \r\n", "The file is empty", "blank space"),
    ("bom_only", b"\xef\xbb\xbf", "The file is empty", "blank space"),
    ("long_blank", b" " * 3_000_000, "The file is empty", "blank space"),
    ("header_only", HEADER.encode(), "The file has no rows", "header line"),
    ("header_without_line_end", HEADER.strip().encode(), "The file has no rows", "header line"),
    ("header_and_blank_rows", (HEADER + "\n,,,,,\n\n").encode(), "The file has no rows", "header line"),
    ("binary", bytes(range(256)) * 64, "The file is binary", "CSV, JSON, JSON Lines or Parquet"),
    ("png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + b"\x00" * 100, "The file is binary", "not a text file"),
    ("utf16_bom", (HEADER + ROW).encode("utf-16"), "The file is UTF-16", "Save it as UTF-8"),
    ("utf16_le", (HEADER + ROW).encode("utf-16-le"), "The file is UTF-16", "Save it as UTF-8"),
    ("utf16_be", (LINE + "\n").encode("utf-16-be"), "The file is UTF-16", "Save it as UTF-8"),
    ("utf32", (HEADER + ROW).encode("utf-32"), "The file is UTF-16", "Save it as UTF-8"),
    ("latin1", (HEADER + ROW + ROW.replace("a,", "é,")).encode("latin-1"), "The file is not UTF-8", "Line 3"),
    ("latin1_json", b'{"id": "\xe9"}\n', "The file is not UTF-8", "Line 1"),
    ("truncated_object", json.dumps(CHAT, indent=2)[:-20].encode(), "The file is not valid JSON", "cut off"),
    (
        "truncated_objects",
        (json.dumps(CHAT, indent=2) * 3)[:-20].encode(),
        "The JSON document is damaged",
        "cut off",
    ),
    ("truncated_list", json.dumps([CHAT] * 5)[:-40].encode(), "The file is cut off", "without its end"),
    (
        "list_after_comma",
        (json.dumps([CHAT] * 5)[:-1] + ",").encode(),
        "The file is cut off",
        "without its end",
    ),
    (
        "list_cut_after_inner_list",
        f'[{LINE}, {{"id": "b", "tags": ["x"]'.encode(),
        "The JSON document is damaged",
        "cut off",
    ),
    ("list_with_a_hole", f"[{LINE} {LINE}]".encode(), "The JSON document is damaged", "not one complete"),
    ("truncated_line", LINE[:-20].encode(), "The file is not valid JSON", "cut off"),
    ("no_json_at_all", b"{this is not JSON}\n{nor is this}\n", "The file is not valid JSON", "cut off"),
    ("long_text", b"x" * 50_000_000, "Not a table and not JSON", "CSV"),
    ("long_object", b'{"id": "' + b"x" * 50_000_000 + b'"}', "The file is one endless line", "8 MiB"),
    ("long_list_item", b'[{"id": "' + b"x" * 50_000_000 + b'"}]', "A record is too long", "8 MiB"),
    ("empty_list", b"[\n]\n", "The file has no rows", "without a readable record"),
    ("list_of_nothing", b"[nothing]", "The file has no rows", "without a readable record"),
    ("prose", b"Dear all,\nplease find the log attached.\n", "Not a log that is known", "--mapping"),
    ("one_word", b"hello", "The file has no rows", "header line"),
    (
        "two_same_columns",
        b"ts,Model,model,input_tokens,output_tokens\n1,2,3,4,5\n",
        "Two columns have the same name",
        "“Model”",
    ),
    (
        "mixed_line_ends",
        (HEADER + ROW * 3).replace("\n", "\r\n", 2).encode(),
        "The file cannot be read as a table",
        "line end",
    ),
]


@pytest.mark.parametrize(("name", "content", "title", "says"), BROKEN, ids=[case[0] for case in BROKEN])
def test_a_broken_file(tmp_path: Path, name: str, content: bytes, title: str, says: str) -> None:
    source = tmp_path / f"{name}.log"
    source.write_bytes(content)
    workspace = Workspace.open(tmp_path / "workspace")
    before = snapshot(workspace.path)
    with pytest.raises(LanewiseDataError) as caught:
        import_file(workspace, source)
    assert caught.value.title == title
    assert says in caught.value.message
    assert f"“{name}.log”" in caught.value.message
    assert snapshot(workspace.path) == before


@pytest.mark.parametrize("kind", ["bzip2", "xz", "tar"])
def test_packed_in_a_way_that_is_not_read(tmp_path: Path, kind: str) -> None:
    source = tmp_path / "log.packed"
    packed = {
        "bzip2": bz2.compress(LINE.encode()),
        "xz": lzma.compress(LINE.encode()),
        "tar": _tar(LINE.encode()),
    }
    source.write_bytes(packed[kind])
    with pytest.raises(UnreadableFileError, match="Unpack it"):
        read_head(source, "log.packed")


@pytest.mark.parametrize("keep", [4, 100, -1, -8, -200])
def test_a_truncated_parquet_file(tmp_path: Path, keep: int) -> None:
    content = _parquet(tmp_path / "whole.parquet")
    source = tmp_path / "cut.parquet"
    source.write_bytes(content[:keep])
    workspace = Workspace.open(tmp_path / "workspace")
    before = snapshot(workspace.path)
    with pytest.raises(UnreadableFileError, match="Parquet file is damaged"):
        import_file(workspace, source)
    assert snapshot(workspace.path) == before


def test_a_parquet_file_damaged_in_the_middle(tmp_path: Path) -> None:
    content = bytearray(_parquet(tmp_path / "whole.parquet", 5000))
    content[4:400] = b"\xff" * 396
    source = tmp_path / "bad.parquet"
    source.write_bytes(bytes(content))
    workspace = Workspace.open(tmp_path / "workspace")
    before = snapshot(workspace.path)
    with pytest.raises(UnreadableFileError, match="damaged"):
        import_file(workspace, source)
    assert snapshot(workspace.path) == before


def test_a_parquet_file_without_rows(tmp_path: Path) -> None:
    source = tmp_path / "none.parquet"
    _parquet(source, 0)
    with pytest.raises(UnreadableFileError, match="without rows"):
        read_head(source, "none.parquet")


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    for path in (tmp_path / "missing.csv", tmp_path):
        with pytest.raises(UnreadableFileError, match="No such file"):
            read_head(path, "x")


@pytest.mark.parametrize(
    ("content", "container", "records"),
    [
        (LINE, "jsonl", 1),
        (f"{LINE}\n{LINE}\n", "jsonl", 2),
        (f"\n\n  {LINE}\r\n\r\n{LINE}", "jsonl", 2),
        (f"\ufeff{LINE}\n", "jsonl", 1),
        (f"{LINE[:-9]}\n{LINE}\n", "jsonl", 1),
        (f"{LINE}\n{LINE[:-9]}", "jsonl", 1),
        (json.dumps(CHAT, indent=2), "json", 1),
        (json.dumps(CHAT, indent=2) + "\n" + json.dumps(CHAT, indent=2), "json", 2),
        (json.dumps([CHAT, CHAT]), "json", 2),
        (json.dumps([CHAT, 1, None, CHAT], indent=1), "json", 2),
        ("  \n" + json.dumps([CHAT] * 300), "json", 200),
        (HEADER + ROW, "csv", 0),
        (HEADER.replace(",", "\t") + ROW.replace(",", "\t"), "csv", 0),
        (HEADER.replace(",", "|") + ROW.replace(",", "|"), "csv", 0),
        ("sep=;\n" + HEADER.replace(",", ";") + ROW.replace(",", ";"), "csv", 0),
        ("\n\n" + HEADER + ROW, "csv", 0),
    ],
)
def test_containers(tmp_path: Path, content: str, container: str, records: int) -> None:
    source = tmp_path / "log"
    source.write_bytes(content.encode())
    head = read_head(source, "log")
    assert head.container == container
    assert len(head.records) == records
    outcome = import_file(Workspace.open(tmp_path / "ws"), source)
    assert outcome.container == container
    assert outcome.accepted >= 1


def test_a_long_first_line_does_not_hide_the_log(tmp_path: Path) -> None:
    source = tmp_path / "log.jsonl"
    long = json.dumps({**CHAT, "id": "long", "choices": ["x" * 3_000_000]})
    source.write_text(f"{long}\n{LINE}\n")
    workspace = Workspace.open(tmp_path / "ws")
    outcome = import_file(workspace, source)
    assert (outcome.read, outcome.accepted, outcome.container) == (2, 2, "jsonl")
    assert [call["call_id"] for call in calls(workspace)] == ["long", "chatcmpl-1"]


@pytest.mark.parametrize("position", [1, 2, 3])
def test_a_line_beyond_the_limit_is_one_reject(tmp_path: Path, position: int) -> None:
    lines = [json.dumps({**CHAT, "id": f"c-{number}"}) for number in (1, 2, 3)]
    lines[position - 1] = json.dumps({**CHAT, "choices": ["x" * 50_000_000]})
    source = tmp_path / "log.jsonl"
    source.write_text("\n".join(lines) + "\n")
    outcome = import_file(Workspace.open(tmp_path / "ws"), source)
    assert (outcome.read, outcome.accepted, outcome.rejected) == (3, 2, 1)
    (reject,) = outcome.first_rejects
    assert (reject.line, reject.code) == (position, "line_too_long")


def test_a_large_list_on_one_line(tmp_path: Path) -> None:
    many = [{**CHAT, "id": f"c-{number}", "choices": ["x" * 1000]} for number in range(3000)]
    source = tmp_path / "log.json"
    source.write_text(json.dumps(many))
    assert source.stat().st_size > 3_000_000
    outcome = import_file(Workspace.open(tmp_path / "ws"), source)
    assert (outcome.container, outcome.read, outcome.accepted) == ("json", 3000, 3000)


@pytest.mark.parametrize(
    "name", ["log[1].jsonl", "lo?.jsonl", "*.jsonl", "it's.jsonl", "a;b --.jsonl", "ü ö.jsonl"]
)
def test_a_file_name_is_only_a_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "log1.jsonl").write_text(json.dumps({**CHAT, "id": "the other file"}) + "\n")
    source = tmp_path / name
    source.write_text(LINE + "\n")
    workspace = Workspace.open(tmp_path / "ws")
    outcome = import_file(workspace, source)
    assert (outcome.source, outcome.read, outcome.accepted) == (name, 1, 1)
    assert [call["call_id"] for call in calls(workspace)] == ["chatcmpl-1"]


def test_the_display_name_is_cleaned_and_no_path(tmp_path: Path) -> None:
    source = tmp_path / "upload.bin"
    source.write_text(LINE + "\n")
    workspace = Workspace.open(tmp_path / "ws")
    outcome = import_file(workspace, source, display_name="../../evil\u202e\n\x00.jsonl")
    assert outcome.source == "evil.jsonl"
    assert workspace.datasets()[0].name == "evil.jsonl"


def test_recognition_tells_who_else_claimed(tmp_path: Path) -> None:
    payload = {
        "id": "x",
        "call_type": "acompletion",
        "response_cost": 0.1,
        "startTime": 1777885200.5,
        "prompt_tokens": 10,
        "completion_tokens": 1,
        "model": "gpt-4o",
        "response": CHAT,
    }
    source = tmp_path / "log.jsonl"
    source.write_text(json.dumps(payload) + "\n")
    found = recognise(source)
    assert (found.format, found.container, found.strength) == ("litellm_spend", "jsonl", 100)
    assert found.also == (("openai_chat", 80),)
    forced = recognise(source, "openai_chat")
    assert (forced.format, forced.strength) == ("openai_chat", 80)
    assert forced.also == (("litellm_spend", 100),)


def test_a_tie_names_both(tmp_path: Path) -> None:
    message = {
        "id": "m",
        "type": "message",
        "model": "claude-sonnet-4-5",
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }
    source = tmp_path / "mixed.jsonl"
    source.write_text(f"{LINE}\n{json.dumps(message)}\n")
    with pytest.raises(AmbiguousFormatError) as caught:
        recognise(source)
    assert "openai_chat and anthropic_messages" in caught.value.message
    assert "--format" in caught.value.message
    outcome = import_file(Workspace.open(tmp_path / "ws"), source, format_name="anthropic_messages")
    assert (outcome.accepted, outcome.rejected) == (1, 1)
    assert outcome.first_rejects[0].code == "not_this_format"


def test_the_stronger_share_wins(tmp_path: Path) -> None:
    message = {
        "id": "m",
        "type": "message",
        "model": "claude-sonnet-4-5",
        "usage": {"input_tokens": 1, "output_tokens": 1},
    }
    source = tmp_path / "mixed.jsonl"
    source.write_text(f"{LINE}\n{json.dumps(message)}\n" + json.dumps({**CHAT, "id": "c2"}) + "\n")
    found = recognise(source)
    assert (found.format, found.strength, found.also) == ("openai_chat", 53, (("anthropic_messages", 26),))


def test_an_unknown_format_name_lists_the_names(tmp_path: Path) -> None:
    source = tmp_path / "log.jsonl"
    source.write_text(LINE + "\n")
    with pytest.raises(UnknownFormatError) as caught:
        recognise(source, "no_such_format")
    for name in ("lanewise_csv", "lanewise_jsonl", "lanewise_parquet", "openai_chat", "workload_description"):
        assert name in caught.value.message


def test_an_explicit_format_of_another_container(tmp_path: Path) -> None:
    source = tmp_path / "log.csv"
    source.write_text(HEADER + ROW)
    with pytest.raises(
        UnreadableFileError, match="is CSV, and openai_chat reads JSON Lines or a JSON document"
    ):
        recognise(source, "openai_chat")


def test_messages_do_not_quote_a_row_taken_for_a_header(tmp_path: Path) -> None:
    source = tmp_path / "log.csv"
    source.write_text("tell me a secret please,answer with care,3\nx,y,4\n")
    with pytest.raises(UnknownFormatError) as caught:
        recognise(source)
    assert "secret" not in caught.value.message


def test_last_byte(tmp_path: Path) -> None:
    source = tmp_path / "x"
    for content, last in (
        (b"ab]\n \n", b"]"),
        (b"\n" * 3_000_000, b""),
        (b"x" + b" " * 2_000_000, b"x"),
        (b"", b""),
    ):
        source.write_bytes(content)
        assert last_byte(source) == last
