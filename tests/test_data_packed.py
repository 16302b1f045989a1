"""Packed files give what they hold unpacked, stay within bounds, and leave nothing of it on the disk."""

import gzip
import io
import json
import struct
import tarfile
import threading
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from data import packed
from data.errors import LanewiseDataError, UnreadableFileError
from data.ingest import ImportOutcome, UnusableMember, import_all, import_file, recognise
from data.packed import Archive
from data.progress import Progress
from data.store import Workspace
from lanewise.cli import cli
from tests.formats_cases import FORMATS, Rows, calls, source

CANARY = "the quick canary sings at midnight"

CASES = (
    "otel_genai/otlp_lines",  # JSON Lines, documents of many records
    "otel_genai/otlp_document",  # one JSON document
    "openinference/phoenix_spans",  # a JSON list
    "azure_llm_trace/conversation",  # CSV with rows that the reader itself refuses
    "weave/calls_lines",  # read in two steps
)


def as_gzip(content: bytes) -> bytes:
    return gzip.compress(content)


def as_zstd(content: bytes) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as out:
        out.write(content)
    return bytes(sink.getvalue())


def as_zip(members: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return file.getvalue()


def chat(call_id: str, text: str = "hello") -> dict[str, Any]:
    return {
        "id": call_id,
        "object": "chat.completion",
        "created": 1_790_000_000,
        "model": "gpt-4o",
        "choices": [{"message": {"content": text}}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 2, "total_tokens": 12},
    }


def chats(*names: str, text: str = "hello") -> bytes:
    return "".join(json.dumps(chat(name, text)) + "\n" for name in names).encode()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def write(tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(content)
    return path


def files_below(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def title(path: Path, workspace: Workspace) -> str:
    """The title of the error that the file gives, which must leave the workspace as it was."""
    before = files_below(workspace.path)
    with pytest.raises(UnreadableFileError) as problem:
        list(import_all(workspace, path))
    assert files_below(workspace.path) == before
    assert problem.value.message.endswith(".")
    assert not [thread for thread in threading.enumerate() if thread.name == "feed"]
    return problem.value.title


def kept(rows: Rows) -> Rows:
    return [{name: value for name, value in row.items() if name != "dataset_id"} for row in rows]


def only(outcomes: list[ImportOutcome | UnusableMember]) -> ImportOutcome:
    (outcome,) = outcomes
    assert isinstance(outcome, ImportOutcome)
    return outcome


# -- the same as unpacked -----------------------------------------------------------------------

PACKERS: dict[str, Callable[[bytes, str], bytes]] = {
    "gzip": lambda content, _: as_gzip(content),
    "zstd": lambda content, _: as_zstd(content),
    "zip": lambda content, name: as_zip({name: content}),
    "stored zip": lambda content, name: as_zip({name: content}, zipfile.ZIP_STORED),
}


# Every kind of file once, in turns, and every way of packing it.
@pytest.mark.parametrize(
    ("case", "how"), [(case, sorted(PACKERS)[place % len(PACKERS)]) for place, case in enumerate(CASES)]
)
def test_a_packed_file_gives_what_it_gives_unpacked(case: str, how: str, tmp_path: Path) -> None:
    plain = source(FORMATS / case)
    one, other = Workspace.open(tmp_path / "one"), Workspace.open(tmp_path / "other")
    expected = import_file(one, plain)
    path = write(tmp_path, "packed.bin", PACKERS[how](plain.read_bytes(), plain.name))
    found = only(list(import_all(other, path)))
    same = ("format", "container", "read", "accepted", "rejected", "duplicates", "calls", "reject_counts")
    assert [getattr(found, name) for name in same] == [getattr(expected, name) for name in same]
    assert found.first_rejects == expected.first_rejects
    assert kept(calls(other, found)) == kept(calls(one, expected))
    manifest = other.datasets()[0]
    assert manifest.source_bytes == plain.stat().st_size
    assert manifest.source_sha256 == one.datasets()[0].source_sha256


@pytest.mark.parametrize("how", sorted(PACKERS))
def test_a_workload_description_may_be_packed(how: str, tmp_path: Path, workspace: Workspace) -> None:
    content = b"name,user_waiting,max_wait\nreports,no,8h\n"
    path = write(tmp_path, "packed.bin", PACKERS[how](content, "w.csv"))
    assert only(list(import_all(workspace, path))).accepted == 1
    assert [declared.name for declared in workspace.declared()] == ["reports"]


@pytest.mark.parametrize("how", sorted(PACKERS))
def test_parquet_may_be_packed_and_is_read_in_memory(how: str, tmp_path: Path, workspace: Workspace) -> None:
    rows = {
        "call_id": [f"c{i}" for i in range(5000)],
        "model": ["gpt-4o"] * 5000,
        "provider": ["openai"] * 5000,
        "input_tokens": list(range(5000)),
        "output_tokens": [1] * 5000,
    }
    file = io.BytesIO()
    pq.write_table(pa.table(rows), file, row_group_size=1000)
    path = write(tmp_path, "packed.bin", PACKERS[how](file.getvalue(), "calls.parquet"))
    outcome = only(list(import_all(workspace, path)))
    assert (outcome.format, outcome.accepted) == ("lanewise_parquet", 5000)
    made = calls(workspace, outcome)
    assert [row["input_tokens"] for row in made] == list(range(5000))


def test_packed_parquet_that_does_not_fit_in_memory_is_refused(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "MAX_IN_MEMORY_BYTES", 100)
    path = write(tmp_path, "calls.parquet.gz", as_gzip(b"PAR1" + b"x" * 200))
    assert title(path, workspace) == "The packed Parquet file is too large"


@pytest.mark.parametrize("pack", [as_gzip, as_zstd])
def test_every_part_of_a_file_packed_in_parts_is_read(
    pack: Callable[[bytes], bytes], tmp_path: Path, workspace: Workspace
) -> None:
    parts = [chats(f"a{i}", f"b{i}") for i in range(5)]
    path = write(tmp_path, "calls", b"".join(pack(part) for part in parts))
    outcome = import_file(workspace, path)
    assert outcome.accepted == 10
    assert recognise(path).format == "openai_chat"


def test_the_name_says_nothing_about_the_packing(tmp_path: Path, workspace: Workspace) -> None:
    assert import_file(workspace, write(tmp_path, "calls.jsonl", as_gzip(chats("a")))).accepted == 1
    assert import_file(workspace, write(tmp_path, "calls.jsonl.gz", chats("b"))).accepted == 1
    assert import_file(workspace, write(tmp_path, "calls.zst", chats("c"))).accepted == 1


def test_a_large_member_streams_through(tmp_path: Path, workspace: Workspace) -> None:
    lines = b"".join(chats(*(f"{block}-{i}" for i in range(200)), text="x" * 400) for block in range(100))
    fractions: list[float] = []

    def note(progress: Progress) -> None:
        if progress.stage == "reading" and progress.fraction is not None:
            fractions.append(progress.fraction)

    path = write(tmp_path, "calls.zip", as_zip({"calls.jsonl": lines}))
    outcome = only(list(import_all(workspace, path, on_progress=note)))
    assert outcome.accepted == 20_000
    assert fractions == sorted(fractions)
    assert all(0 <= fraction <= 1 for fraction in fractions)


# -- archives of several files ------------------------------------------------------------------


def test_each_member_is_a_source_of_its_own(tmp_path: Path, workspace: Workspace) -> None:
    members = {
        "2026-01/calls.jsonl": chats("a", "b"),
        "2026-02/calls.jsonl": chats("b", "c"),
        "2026-02/notes.txt": b"nothing to see here, and no table either",
        "trace.csv": b"TIMESTAMP,ContextTokens,GeneratedTokens\n2024-05-12 00:00:01,9,1\n",
        "2026-02/": b"",
        "__MACOSX/._calls.jsonl": b"\x00\x05\x16\x07",
        ".DS_Store": b"\x00",
    }
    path = write(tmp_path, "export.zip", as_zip(members))
    first, second, third, fourth = import_all(workspace, path)
    assert isinstance(first, ImportOutcome)
    assert isinstance(second, ImportOutcome)
    assert isinstance(third, UnusableMember)
    assert isinstance(fourth, ImportOutcome)
    assert (first.source, first.accepted) == ("export.zip › 2026-01 › calls.jsonl", 2)
    assert (second.source, second.accepted, second.duplicates) == ("export.zip › 2026-02 › calls.jsonl", 1, 1)
    assert (third.source, third.title) == ("export.zip › 2026-02 › notes.txt", "The file has no rows")
    assert (fourth.format, fourth.accepted) == ("azure_llm_trace", 1)
    assert len(workspace.datasets()) == 3
    again = list(import_all(workspace, path))
    assert [outcome.dataset_id for outcome in again if isinstance(outcome, ImportOutcome)] == [None] * 3


@pytest.mark.parametrize(
    "name",
    [
        "../../evil.jsonl",
        "/etc/evil.jsonl",
        "C:\\Windows\\evil.jsonl",
        "..\\..\\evil.jsonl",
        "a\nb\u202e.jsonl",
        "x" * 5000 + ".jsonl",
        "*.jsonl",
        "/dev/fd/0",
    ],
)
def test_names_in_archives_are_shown_and_never_used(name: str, tmp_path: Path, workspace: Workspace) -> None:
    before = files_below(tmp_path)
    path = write(tmp_path, "export.zip", as_zip({name: chats("a")}))
    outcome = only(list(import_all(workspace, path)))
    assert outcome.accepted == 1
    assert outcome.source.startswith("export.zip › ")
    assert len(outcome.source) <= 120
    assert outcome.source.isprintable()
    new = files_below(tmp_path) - before - {"export.zip"}
    assert all(name.startswith("workspace/") for name in new)
    assert not any("evil" in name for name in new)


def test_two_members_of_one_name_are_both_read(tmp_path: Path, workspace: Workspace) -> None:
    content = as_zip({"calls-1.jsonl": chats("a"), "calls-2.jsonl": chats("b")})
    path = write(tmp_path, "export.zip", content.replace(b"calls-2.jsonl", b"calls-1.jsonl"))
    first, second = import_all(workspace, path)
    assert isinstance(first, ImportOutcome)
    assert isinstance(second, ImportOutcome)
    assert first.source == second.source
    assert (first.accepted, second.accepted) == (1, 1)


def test_the_command_line_imports_each_file_of_an_archive(tmp_path: Path) -> None:
    members = {"one.jsonl": chats("a", "b"), "two.jsonl": chats("b", "c"), "notes.txt": b"no log"}
    path = write(tmp_path, "export.zip", as_zip(members))
    arguments = ["import", str(path), "--workspace", str(tmp_path / "w"), "--json"]
    result = CliRunner().invoke(cli, arguments)
    assert result.exit_code == 1  # the notes cannot be used, and that is said
    summary = json.loads(result.stdout)
    assert [file["source"] for file in summary["files"]] == [
        "export.zip › one.jsonl",
        "export.zip › two.jsonl",
        "export.zip › notes.txt",
    ]
    assert [file["accepted"] for file in summary["files"]] == [2, 1, 0]
    assert summary["files"][2]["error"]["title"] == "The file has no rows"
    assert summary["totals"]["duplicates"] == 1


def test_an_archive_asked_for_as_one_file_is_explained(tmp_path: Path, workspace: Workspace) -> None:
    path = write(tmp_path, "export.zip", as_zip({"a.jsonl": chats("a")}))
    with pytest.raises(UnreadableFileError, match="ZIP archive of files"):
        import_file(workspace, path)


# -- bounds ---------------------------------------------------------------------------------------


def zeros(count: int) -> bytes:
    return b'{"a": "' + b"0" * count + b'"}\n'


@pytest.mark.parametrize("how", sorted(PACKERS))
def test_too_many_bytes_for_few_are_refused(
    how: str, tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "FREE_BYTES", 100_000)
    monkeypatch.setattr(packed, "MAX_RATIO", 10)
    path = write(tmp_path, "bomb", PACKERS[how](zeros(5_000_000), "a.jsonl"))
    if how == "stored zip":  # nothing comes out that did not go in
        assert len(list(import_all(workspace, path))) == 1
        return
    found = refusals(workspace, path)
    assert found == ["The packed file unpacks to too much"]


def refusals(workspace: Workspace, path: Path) -> list[str]:
    try:
        return [done.title for done in import_all(workspace, path) if isinstance(done, UnusableMember)]
    except LanewiseDataError as problem:
        return [problem.title]


@pytest.mark.parametrize("how", sorted(PACKERS))
def test_more_bytes_than_the_bound_are_refused(
    how: str, tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "MAX_UNPACKED_BYTES", 1_000_000)
    path = write(tmp_path, "bomb", PACKERS[how](zeros(5_000_000), "a.jsonl"))
    assert title(path, workspace) == "The packed file unpacks to too much"


def test_a_real_bomb_is_refused_after_a_quarter_of_a_gigabyte(tmp_path: Path, workspace: Workspace) -> None:
    block = as_zstd(b" " * 64 * 1024**2)  # some 2 KiB
    path = write(tmp_path, "bomb.zst", block * 20)
    assert path.stat().st_size < 200_000
    assert title(path, workspace) == "The packed file unpacks to too much"


def test_too_many_members_are_refused(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "MAX_MEMBERS", 3)
    path = write(tmp_path, "many.zip", as_zip({f"{i}.jsonl": chats("a") for i in range(4)}))
    assert title(path, workspace) == "The archive has too many files"


def test_a_list_of_members_that_does_not_fit_is_refused(
    tmp_path: Path, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(packed, "_MAX_DIRECTORY_BYTES", 1000)
    path = write(tmp_path, "many.zip", as_zip({f"{i:040}.jsonl": b"" for i in range(50)}))
    assert title(path, workspace) == "The packed file unpacks to too much"


def test_members_that_share_their_bytes_are_refused(tmp_path: Path, workspace: Workspace) -> None:
    one = as_zip({"a.jsonl": chats(*map(str, range(200)))}, zipfile.ZIP_STORED)
    end = one.rindex(b"PK\x05\x06")
    start = one.index(b"PK\x01\x02")
    entry = one[start:end]
    n = 50
    directory = entry * n
    tail = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, n, n, len(directory), start, 0)
    path = write(tmp_path, "overlap.zip", one[:start] + directory + tail)
    assert title(path, workspace) == "The packed file unpacks to too much"


@pytest.mark.parametrize(
    ("name", "inner"),
    [
        ("inner.jsonl.gz", as_gzip(chats("a"))),
        ("inner.zst", as_zstd(chats("a"))),
        ("inner.zip", as_zip({"a.jsonl": chats("a")})),
        ("inner.xz", b"\xfd7zXZ\x00" + b"0" * 40),
    ],
)
def test_an_archive_in_an_archive_is_refused(
    name: str, inner: bytes, tmp_path: Path, workspace: Workspace
) -> None:
    path = write(tmp_path, "outer.zip", as_zip({name: inner, "b.jsonl": chats("b")}))
    bad, good = import_all(workspace, path)
    assert isinstance(bad, UnusableMember)
    assert bad.title == "The file is packed"
    assert isinstance(good, ImportOutcome)
    assert good.accepted == 1
    assert title(write(tmp_path, "outer.gz", as_gzip(inner)), workspace) == "The file is packed"


def test_a_tar_archive_is_named(tmp_path: Path, workspace: Workspace) -> None:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        info = tarfile.TarInfo("calls.jsonl")
        info.size = len(chats("a"))
        archive.addfile(info, io.BytesIO(chats("a")))
    assert title(write(tmp_path, "calls.tar.gz", file.getvalue()), workspace) == "The file is packed"


# -- damage ---------------------------------------------------------------------------------------


def flagged(content: bytes, flag: int) -> bytes:
    """The archive with a flag set in the list of members."""
    at = content.index(b"PK\x01\x02") + 8
    return (
        content[:at]
        + struct.pack("<H", struct.unpack("<H", content[at : at + 2])[0] | flag)
        + content[at + 2 :]
    )


def test_an_encrypted_archive_is_refused(tmp_path: Path, workspace: Workspace) -> None:
    path = write(tmp_path, "secret.zip", flagged(as_zip({"a.jsonl": chats("a")}), 1))
    assert title(path, workspace) == "The archive is encrypted"


def test_an_office_document_is_refused(tmp_path: Path, workspace: Workspace) -> None:
    members = {"[Content_Types].xml": b"<Types/>", "xl/workbook.xml": b"<workbook/>"}
    path = write(tmp_path, "usage.xlsx", as_zip(members))
    assert title(path, workspace) == "The file is an office document"


@pytest.mark.parametrize("members", [{}, {"folder/": b""}, {".hidden": b"x"}])
def test_an_archive_without_files_is_refused(
    members: dict[str, bytes], tmp_path: Path, workspace: Workspace
) -> None:
    assert title(write(tmp_path, "empty.zip", as_zip(members)), workspace) == "The archive is empty"


@pytest.mark.parametrize("pack", [as_gzip, as_zstd])
def test_nothing_in_it_is_an_empty_file(
    pack: Callable[[bytes], bytes], tmp_path: Path, workspace: Workspace
) -> None:
    assert title(write(tmp_path, "empty", pack(b"")), workspace) == "The file is empty"
    assert title(write(tmp_path, "blank", pack(b" \n \n")), workspace) == "The file is empty"


def test_an_unusual_method_is_named(tmp_path: Path, workspace: Workspace) -> None:
    path = write(tmp_path, "a.zip", as_zip({"a.jsonl": chats("a")}, zipfile.ZIP_BZIP2))
    (done,) = import_all(workspace, path)
    assert isinstance(done, UnusableMember)
    assert done.title == "The archive is packed in an unusual way"


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
@pytest.mark.parametrize("how", sorted(PACKERS))
def test_a_file_that_was_cut_off_is_refused(
    how: str, keep: float, tmp_path: Path, workspace: Workspace
) -> None:
    content = PACKERS[how](chats(*(f"{i}" * 20 for i in range(300))), "a.jsonl")
    path = write(tmp_path, "cut", content[: int(len(content) * keep)])
    assert title(path, workspace) == "The packed file is damaged"


def test_a_check_sum_that_does_not_fit_is_refused(tmp_path: Path, workspace: Workspace) -> None:
    content = chats("a", "b")
    broken = bytearray(as_gzip(content))
    broken[-6] ^= 0xFF
    assert title(write(tmp_path, "a.gz", bytes(broken)), workspace) == "The packed file is damaged"
    assert (
        title(write(tmp_path, "b.gz", as_gzip(content) + b"more"), workspace) == "The packed file is damaged"
    )
    stored = as_zip({"a.jsonl": content}, zipfile.ZIP_STORED).replace(b"hello", b"hullo", 1)
    (done,) = import_all(workspace, write(tmp_path, "a.zip", stored))
    assert isinstance(done, UnusableMember)
    assert done.title == "The packed file is damaged"


def test_a_size_that_is_not_true_is_refused(tmp_path: Path, workspace: Workspace) -> None:
    content = as_zip({"a.jsonl": chats("a", "b")})
    at = content.index(b"PK\x01\x02") + 24
    lying = content[:at] + struct.pack("<L", 10) + content[at + 4 :]
    (done,) = import_all(workspace, write(tmp_path, "a.zip", lying))
    assert isinstance(done, UnusableMember)
    assert done.title == "The packed file is damaged"
    assert not workspace.datasets()


def test_a_damaged_document_in_an_archive_ends_the_feeding(tmp_path: Path, workspace: Workspace) -> None:
    good = json.dumps(chat("a"))
    broken = "[" + f"{good},\n" * 2000 + '{"id": ]'
    (done,) = import_all(workspace, write(tmp_path, "a.zip", as_zip({"a.json": broken.encode()})))
    assert isinstance(done, UnusableMember)
    assert done.title == "The JSON document is damaged"
    assert not [thread for thread in threading.enumerate() if thread.name == "feed"]
    assert not workspace.datasets()


def test_stopping_an_import_ends_the_feeding(tmp_path: Path, workspace: Workspace) -> None:
    class StopError(Exception):
        pass

    def stop(progress: Progress) -> None:
        if progress.fraction:
            raise StopError

    lines = b"".join(chats(*(f"{block}-{i}" for i in range(500)), text="x" * 900) for block in range(100))
    before = files_below(workspace.path)
    with pytest.raises(StopError):
        list(import_all(workspace, write(tmp_path, "a.zip", as_zip({"a.jsonl": lines})), on_progress=stop))
    assert files_below(workspace.path) == before
    assert not [thread for thread in threading.enumerate() if thread.name == "feed"]


def test_what_changes_between_two_reads_is_noticed(tmp_path: Path, workspace: Workspace) -> None:
    lines = chats(*map(str, range(1000)))
    path = write(tmp_path, "a.zip", as_zip({"a.jsonl": lines}, zipfile.ZIP_STORED))
    with Archive(path, "a.zip") as archive:
        (member,) = archive.members
        whole = member.packed()
        path.write_bytes(path.read_bytes().replace(b"hello", b"hullo"))
        with packed.Feed(whole, "a.zip") as feed, Path(feed.path).open("rb") as pipe:
            pipe.read()
        assert isinstance(feed.fault, UnreadableFileError)


# -- privacy ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("how", sorted(PACKERS))
def test_what_is_inside_never_reaches_the_disk(how: str, tmp_path: Path) -> None:
    folder = tmp_path / "w"
    workspace = Workspace.open(folder / "workspace")
    content = chats(*(f"call-{i}" for i in range(3000)), text=CANARY) + b'{"cut off ' + CANARY.encode()
    path = write(tmp_path, "log", PACKERS[how](content, CANARY.replace(" ", "-")))

    def look(_: Progress) -> None:
        for file in folder.rglob("*"):
            if file.is_file():
                assert CANARY.encode() not in file.read_bytes(), file

    outcome = only(list(import_all(workspace, path, on_progress=look)))
    assert (outcome.accepted, outcome.rejected) == (3000, 1)
    look(Progress("settling", None))
    assert CANARY not in str(outcome)
