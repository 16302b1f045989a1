"""The plain read beside the first pass, and lines that the reader drops without a word."""

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import UnreadableFileError
from data.formats.base import FileHead
from data.ingest import import_file
from data.reading import MAX_LINE_BYTES
from data.store import Workspace
from data.survey import Survey, reconciled, survey

LONG = b"x" * MAX_LINE_BYTES


@pytest.mark.parametrize(
    ("content", "lines", "overlong"),
    [
        (b"a\nb\n", 2, ()),
        (b"a\nb", 2, ()),
        (b"\n\n", 2, ()),
        (b"", 0, ()),
        (b"a", 1, ()),
        (LONG, 1, (1,)),
        (LONG[1:], 1, ()),
        (b"a\n" + LONG + b"\nb\n", 3, (2,)),
        (b"a\n" + LONG[1:] + b"\nb\n", 3, ()),
        (b"a\nb\n" + LONG + b"\n" + LONG + b"x\nc", 5, (3, 4)),
        (b"a\r\n" * 1_000_000 + LONG, 1_000_001, (1_000_001,)),
    ],
)
def test_survey(tmp_path: Path, content: bytes, lines: int, overlong: tuple[int, ...]) -> None:
    source = tmp_path / "log"
    source.write_bytes(content)
    assert survey(FileHead(source, len(content), "jsonl"), "log") == Survey(
        hashlib.sha256(content).hexdigest(), lines, overlong
    )


def test_a_file_that_goes_away(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"“log\.jsonl” went away"):
        survey(FileHead(tmp_path / "gone", 1, "jsonl"), "log.jsonl")


@pytest.mark.parametrize(
    ("reported", "overlong", "skipped"),
    [
        ([], (), []),
        ([(4, "not_utf8")], (), [(4, "not_utf8")]),
        ([(2, "line_too_long"), (4, "not_utf8")], (2,), [(2, "line_too_long"), (4, "not_utf8")]),
        # Line 2 was not mentioned: what the reader calls line 3 is line 4.
        ([(3, "not_utf8")], (2,), [(2, "line_too_long"), (4, "not_utf8")]),
        # What it calls line 2 is then line 3.
        ([(2, "not_utf8")], (2,), [(2, "line_too_long"), (3, "not_utf8")]),
        ([(1, "not_utf8")], (2,), [(1, "not_utf8"), (2, "line_too_long")]),
        # The first of two is not mentioned, the second is.
        (
            [(6, "line_too_long"), (9, "not_utf8")],
            (3, 7),
            [(3, "line_too_long"), (7, "line_too_long"), (10, "not_utf8")],
        ),
        # A line it finds too long and we do not is skipped all the same.
        ([(5, "line_too_long")], (2,), [(2, "line_too_long"), (6, "line_too_long")]),
    ],
)
def test_reconciled(
    reported: list[tuple[int, str]], overlong: tuple[int, ...], skipped: list[tuple[int, str]]
) -> None:
    assert reconciled(reported, overlong) == skipped


@given(
    kinds=st.lists(st.sampled_from(["fine", "broken", "long", "long, not mentioned"]), max_size=40),
)
def test_reconciled_undoes_what_the_reader_leaves_out(kinds: list[str]) -> None:
    """A reader that forgets some long lines, and counts without them, as a model of the real one."""
    counted = 0
    reported: list[tuple[int, str]] = []
    for kind in kinds:
        if kind == "long, not mentioned":
            continue
        counted += 1
        if kind != "fine":
            reported.append((counted, "line_too_long" if kind == "long" else "not_utf8"))
    truth = [
        (line, "not_utf8" if kind == "broken" else "line_too_long")
        for line, kind in enumerate(kinds, 1)
        if kind != "fine"
    ]
    overlong = [line for line, code in truth if code == "line_too_long"]
    assert reconciled(reported, overlong) == truth


def test_a_long_line_across_the_buffers_of_the_reader(tmp_path: Path) -> None:
    record = {"call_id": "", "model": "gpt-4o", "input_tokens": 1, "output_tokens": 1, "prompt": "p" * 400}
    lines = [json.dumps({**record, "call_id": f"c-{number}"}).encode() for number in range(12_000)]
    lines.append(b'{"call_id": "' + b"x" * 12_000_000 + b'"}')
    lines += [json.dumps({**record, "call_id": f"d-{number}"}).encode() for number in range(4_000)]
    lines.append(b'{"call_id": "\xff"}')
    lines.append(json.dumps({**record, "call_id": "last", "input_tokens": -1}).encode())
    source = tmp_path / "log.jsonl"
    source.write_bytes(b"\n".join(lines) + b"\n")
    outcome = import_file(Workspace.open(tmp_path / "ws"), source)
    assert (outcome.read, outcome.accepted) == (16_003, 16_000)
    assert [(reject.line, reject.code) for reject in outcome.first_rejects] == [
        (12_001, "line_too_long"),
        (16_002, "not_utf8"),
        (16_003, "negative"),
    ]


def test_a_csv_row_beyond_the_limit_is_refused_with_its_line(tmp_path: Path) -> None:
    source = tmp_path / "log.csv"
    row = b"c-1,2026-05-04T09:00:00Z,openai,gpt-4o,10,1,\n"
    source.write_bytes(
        b"call_id,ts,provider,model,input_tokens,output_tokens,prompt\n"
        + row
        + row[:-1]
        + b'"'
        + LONG
        + b'"\n'
        + row
    )
    with pytest.raises(UnreadableFileError, match=r"Line 3 of “log\.csv” is longer than 8 MiB"):
        import_file(Workspace.open(tmp_path / "ws"), source)
