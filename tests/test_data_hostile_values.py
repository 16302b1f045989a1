"""Values and bytes that nobody should export and somebody does: read right, or rejected with the reason."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import UnreadableFileError
from data.ingest import ImportOutcome, import_file
from data.store import Workspace
from tests.formats_cases import Rows, calls

HEADER = "call_id,ts,provider,model,input_tokens,output_tokens,reported_cost_usd"
USUAL = {
    "call_id": "a",
    "ts": "2026-05-04T09:00:00Z",
    "provider": "openai",
    "model": "gpt-4o",
    "input_tokens": "10",
    "output_tokens": "1",
    "reported_cost_usd": "0.5",
}
FAR = 25_000
"""More rows than there are in the part of a file that is looked at first."""


def row(**values: str) -> str:
    return ",".join(f'"{cell}"' if "," in cell else cell for cell in {**USUAL, **values}.values()) + "\n"


def line(**values: Any) -> str:
    return json.dumps({**USUAL, **values}) + "\n"


def bring(folder: Path, content: str | bytes) -> tuple[ImportOutcome, Rows]:
    path = folder / "log"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    workspace = Workspace.open(folder / "workspace")
    outcome = import_file(workspace, path)
    assert outcome.accepted + outcome.rejected + outcome.duplicates == outcome.read
    return outcome, calls(workspace)


def reasons(outcome: ImportOutcome) -> list[tuple[int, str, str | None]]:
    return [(reject.line, reject.code, reject.column) for reject in outcome.first_rejects]


# -- counts ----------------------------------------------------------------------------------------

COUNTS = [
    ("-1", "negative"),
    ("-0", 0),
    ("999999999999999", 999_999_999_999_999),
    ("1000000000000000", "too_large"),
    ("1000000000000000000", "too_large"),
    ("9223372036854775808", "too_large"),
    ("-1000000000000000000", "negative"),
    ("10.0", 10),
    ("10.000000", 10),
    ("+5", 5),
    ("10.5", "not_a_whole_number"),
    ("1e3", "not_a_whole_number"),
    ("0x10", "not_a_whole_number"),
    ("NaN", "not_a_whole_number"),
    ("Infinity", "not_a_whole_number"),
    ("1_000", "not_a_whole_number"),
    ("1 000", "not_a_whole_number"),
    ("1,000", "not_a_whole_number"),
    # A thousand where people write so; taking it for 1 would lose 999 tokens in silence.
    ("1.000", "not_a_whole_number"),
    ("٣", "not_a_whole_number"),
]


CONTAINERS = ("csv", "jsonl", "parquet")

Fault = tuple[str, str | None, str]
"""Code, column and reason of a reject."""


def each(folder: Path, content: str | bytes, header: int = 0) -> tuple[dict[int, Fault], dict[str, Any]]:
    """One file of many rows, each as if it stood alone: faults by row from 0 on, calls by their id."""
    outcome, rows = bring(folder, content)
    faults = Workspace.open(folder / "workspace").rejects(str(outcome.dataset_id), 1000)
    assert len(faults) == outcome.rejected
    assert len(faults) + len(rows) == outcome.read
    return (
        {fault.line - 1 - header: (fault.code, fault.column, fault.reason) for fault in faults},
        {call["call_id"]: call for call in rows},
    )


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[int, Fault], dict[str, Any]]]:
    """Every text of COUNTS as the tokens of a call named by its place, in a file of each kind."""
    values = [{"call_id": f"c{n}", "input_tokens": text} for n, (text, _) in enumerate(COUNTS)]
    found = {}
    for container in CONTAINERS:
        folder = tmp_path_factory.mktemp(container)
        if container == "csv":
            content = (HEADER + "\n" + "".join(row(**value) for value in values)).encode()
        elif container == "jsonl":
            content = "".join(line(**value) for value in values).encode()
        else:
            pq.write_table(pa.Table.from_pylist([{**USUAL, **value} for value in values]), folder / "t")
            content = (folder / "t").read_bytes()
        found[container] = each(folder, content, header=int(container == "csv"))
    return found


@pytest.mark.parametrize("container", CONTAINERS)
@pytest.mark.parametrize(("text", "expected"), COUNTS)
def test_token_counts(
    text: str,
    expected: int | str,
    container: str,
    counted: dict[str, tuple[dict[int, Fault], dict[str, Any]]],
) -> None:
    faults, rows = counted[container]
    place = [known for known, _ in COUNTS].index(text)
    if isinstance(expected, int):
        assert rows[f"c{place}"]["input_tokens"] == expected
        assert place not in faults
    else:
        code, column, reason = faults[place]
        assert (code, column) == (expected, "input_tokens")
        assert text not in reason
        assert f"c{place}" not in rows


NO_COUNTS = ("-1", "1000000000000000000", "1e18", "-1e400", "1.5", "[10]", '{"n": 10}')


@pytest.fixture(scope="module")
def json_numbers(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[int, Fault], dict[str, Any]]:
    """Each of NO_COUNTS as the tokens of a call, and a good call after it."""
    lines = [
        line(call_id=f"c{n}", input_tokens="@").replace('"@"', number) + line(call_id=f"good{n}")
        for n, number in enumerate(NO_COUNTS)
    ]
    return each(tmp_path_factory.mktemp("numbers"), "".join(lines))


@pytest.mark.parametrize("number", NO_COUNTS)
def test_json_numbers_that_are_no_counts(
    number: str, json_numbers: tuple[dict[int, Fault], dict[str, Any]]
) -> None:
    faults, rows = json_numbers
    place = NO_COUNTS.index(number)
    assert faults[2 * place][1] == "input_tokens"
    assert 2 * place + 1 not in faults
    assert f"c{place}" not in rows
    assert f"good{place}" in rows


# -- decimal commas --------------------------------------------------------------------------------


def test_decimal_commas_are_not_read_as_points(tmp_path: Path) -> None:
    text = HEADER.replace(",", ";") + "\n"
    for name, cost, count in (
        ("a", "0,5", "10"),
        ("b", "1.234,56", "10"),
        ("c", "0.5", "10,0"),
        ("d", "0.5", "10"),
    ):
        text += (
            ";".join({**USUAL, "call_id": name, "reported_cost_usd": cost, "input_tokens": count}.values())
            + "\n"
        )
    outcome, rows = bring(tmp_path, text)
    assert reasons(outcome) == [
        (2, "not_a_number", "reported_cost_usd"),
        (3, "not_a_number", "reported_cost_usd"),
        (4, "not_a_whole_number", "input_tokens"),
    ]
    assert [(call["call_id"], call["reported_cost_usd"]) for call in rows] == [("d", Decimal("0.5"))]


# -- dates -----------------------------------------------------------------------------------------


NO_DATES = (
    "9999-12-31T00:00:00Z", "2100-01-01", "1999-12-31T23:59:59Z", "0000-00-00", "253402300800", "4102444800",
    "-1", "292277026596-01-01", "2026-02-30", "2026-13-01", "infinity", "-infinity", "epoch", "now", "today",
    "١٢٣٤٥٦٧٨٩٠",
)  # fmt: skip
LAST_DATES = {
    "2000-01-01T00:00:00Z": datetime(2000, 1, 1),
    "2099-12-31T23:59:59Z": datetime(2099, 12, 31, 23, 59, 59),
    "4102444799": datetime(2099, 12, 31, 23, 59, 59),
    "2026-05-04T09:00:00+14:00": datetime(2026, 5, 3, 19),
}


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[int, Fault], dict[str, Any]]:
    """A call at each of NO_DATES and of LAST_DATES, named by its place."""
    texts = (*NO_DATES, *LAST_DATES)
    rows = "".join(row(call_id=f"c{n}", ts=text) for n, text in enumerate(texts))
    return each(tmp_path_factory.mktemp("dates"), HEADER + "\n" + rows, header=1)


@pytest.mark.parametrize("text", NO_DATES)
def test_dates_that_no_call_has(text: str, dated: tuple[dict[int, Fault], dict[str, Any]]) -> None:
    faults, rows = dated
    place = NO_DATES.index(text)
    assert faults[place][:2] == ("bad_timestamp", "ts")
    assert f"c{place}" not in rows


@pytest.mark.parametrize("text", LAST_DATES)
def test_the_last_dates_that_are_read(text: str, dated: tuple[dict[int, Fault], dict[str, Any]]) -> None:
    faults, rows = dated
    place = len(NO_DATES) + list(LAST_DATES).index(text)
    assert rows[f"c{place}"]["ts"] == LAST_DATES[text]
    assert place not in faults


# -- bytes -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content",
    [HEADER + "\n" + row(), line(), "[" + line() + "]", " \n" + line()],
    ids=["csv", "jsonl", "json", "blank"],
)
def test_a_byte_order_mark_at_the_beginning_is_no_text(content: str, tmp_path: Path) -> None:
    outcome, rows = bring(tmp_path, b"\xef\xbb\xbf" + content.encode())
    assert (outcome.read, [call["call_id"] for call in rows]) == (1, ["a"])


def test_exports_one_after_the_other_with_their_marks_and_headers(tmp_path: Path) -> None:
    once = b"\xef\xbb\xbf" + (HEADER + "\n").encode()
    outcome, rows = bring(tmp_path, once + row().encode() + once + row(call_id="b").encode())
    assert [call["call_id"] for call in rows] == ["a", "b"]
    assert [where for where, *_ in reasons(outcome)] == [3]


def test_json_lines_with_a_byte_order_mark_within(tmp_path: Path) -> None:
    mark = b"\xef\xbb\xbf"
    outcome, rows = bring(tmp_path, mark + line().encode() + mark + line(call_id="b").encode())
    assert reasons(outcome) == [(2, "not_json", None)]
    assert [call["call_id"] for call in rows] == ["a"]


def test_a_nul_byte_at_the_beginning_is_no_text_file(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="binary"):
        bring(tmp_path, HEADER + "\n" + row(call_id="a\x00b"))


def test_nul_bytes_further_down(tmp_path: Path) -> None:
    lines = [line(call_id=f"c{number}") for number in range(FAR)]
    lines += ['{"call_id": "\x00"}\n', line(call_id="x\x00y", model="gpt\x00-4o"), line(call_id="last")]
    outcome, rows = bring(tmp_path, "".join(lines))
    assert reasons(outcome) == [(FAR + 1, "not_json", None)]
    assert [call["call_id"] for call in rows[FAR:]] == ["x\x00y", "last"]
    assert rows[FAR]["model"] == "gpt -4o", "a name that is shown has no control characters"


def test_latin_1_at_the_beginning_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"Line 3 of “log” has a byte \(0xE9\) that is not UTF-8"):
        bring(tmp_path, (HEADER + "\n" + row() + row(call_id="é")).encode("latin-1"))


@pytest.mark.parametrize("container", ["csv", "jsonl"])
def test_latin_1_further_down_is_one_reject(container: str, tmp_path: Path) -> None:
    made = row if container == "csv" else line
    text = (HEADER + "\n" if container == "csv" else "") + "".join(made(call_id=f"c{n}") for n in range(FAR))
    where = text.count("\n") + 1
    bad = made(call_id="@").encode().replace(b"@", b"\xe9")
    outcome, rows = bring(tmp_path, text.encode() + bad + made(call_id="last").encode())
    assert reasons(outcome) == [(where, "not_utf8", None)]
    assert (len(rows), rows[-1]["call_id"]) == (FAR + 1, "last")


def test_mixed_line_ends_of_json_lines(tmp_path: Path) -> None:
    text = (
        line().replace("\n", "\r\n") + line(call_id="b") + "\r\n\n" + line(call_id="c").replace("\n", "\r\n")
    )
    outcome, rows = bring(tmp_path, text)
    assert [call["call_id"] for call in rows] == ["a", "b", "c"]
    assert outcome.rejected == 0


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_mixed_line_ends_of_a_table_are_one_clear_error(end: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="one kind of line end"):
        bring(tmp_path, HEADER + "\n" + row().replace("\n", end) + row(call_id="b"))
    assert not Workspace.open(tmp_path / "workspace").datasets()


@pytest.mark.parametrize("second", ["input_tokens", "Input Tokens", "INPUT-TOKENS", " input_tokens "])
def test_duplicate_headers_are_one_clear_error(second: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match="more than once"):
        bring(tmp_path, f"{HEADER},{second}\n" + row().rstrip() + ",5\n")


def test_duplicate_keys_of_a_json_object_give_one_value(tmp_path: Path) -> None:
    text = line().replace('"input_tokens": "10"', '"input_tokens": "10", "input_tokens": "99"')
    _, rows = bring(tmp_path, text)
    assert [call["input_tokens"] for call in rows] == [10]
