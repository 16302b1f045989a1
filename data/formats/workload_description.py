"""Workload descriptions: what people know about their workloads, one CSV row or YAML record each.

Columns, all but `name` optional: name, description, trigger (user, event, schedule, queue, ci,
manual), user_waiting (yes/no), max_wait (300ms, 2s, 5m, 8h, 7d), sequential (yes/no),
requests_per_day, provider, model, input_tokens, shared_prefix_tokens, output_tokens,
requests_per_run, runs_per_year. Other columns are ignored, with a notice.

Token rule: `input_tokens` is all a request sends, the shared prefix included. Where requests,
model and tokens are given the row also makes one bucket of usage holding one run (else one day) of
n requests, as if served in tier standard with a warm cache: the prefix is written once and read
n - 1 times. A bucket holds whole requests; a fractional n is rounded half to even.

A description is a list typed by people, tens of rows, so it is read row by row in Python.
"""

import csv
import hashlib
import io
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from data.declared import (
    TRIGGERS,
    bucket_requests,
    parse_amount,
    parse_duration_ms,
    parse_yes_no,
    to_json,
)
from data.errors import UnreadableFileError
from data.formats.base import EXACT, Container, Descriptions, FileHead
from data.formats.flat_record import normal
from data.formats.vocabulary import provider_of_model
from data.formats.yaml_records import Record, yaml_records

MAX_ROWS: Final = 20_000
MAX_NAME: Final = 300

_FLAGS: Final = ("user_waiting", "sequential")
_AMOUNTS: Final = ("requests_per_day", "requests_per_run", "runs_per_year")
_COUNTS: Final = ("input_tokens", "shared_prefix_tokens", "output_tokens")
_WORDS: Final = ("description", "provider", "model")
_COLUMNS: Final = {"name", "trigger", "max_wait", *_FLAGS, *_AMOUNTS, *_COUNTS, *_WORDS}
_TELLING: Final = {"trigger", "user_waiting", "max_wait", "sequential", *_AMOUNTS}
_OF_LOGS: Final = {"ts", "call_id", "timestamp", "request_id"}


class WorkloadDescription:
    """One described workload a row."""

    name = "workload_description"
    title = "Workload descriptions"
    token_rule = "input_tokens is all that one request sends, the shared prefix included."  # noqa: S105
    containers: frozenset[Container] = frozenset({"csv", "yaml"})
    labels: Mapping[str, str] = {
        "n_requests": "requests_per_day",
        "cache_read_tokens": "shared_prefix_tokens",
        "cache_write_tokens": "shared_prefix_tokens",
        "workload": "name",
    }

    def claim(self, head: FileHead) -> int:
        """A name beside at least one declared fact; a name alone is a weak claim."""
        names = {normal(column) for column in head.columns}
        if "name" not in names or names & _OF_LOGS:
            return 0
        return EXACT if names & _TELLING else 10

    def describe(self, head: FileHead, shown: str) -> Descriptions:
        """Reads the whole file; raises UnreadableFileError when it is no list a person would type."""
        names = [normal(column) for column in head.columns]
        if "name" not in names:
            raise UnreadableFileError(
                "No names", f"“{shown}” has no column “name”. A workload description needs one."
            )
        today = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        lines: list[int] = []
        drafts: list[Mapping[str, str | bool | None]] = []
        facts: dict[str, Mapping[str, Any]] = {}
        uncertain: dict[str, list[str]] = {"rounded": [], "runs": []}
        read = _yaml_rows(head, shown) if head.container == "yaml" else _csv_rows(head, names, shown)
        for line, row in read:
            lines.append(line)
            try:
                if row is None:
                    raise _FaultError("wrong_columns", None)
                nested = next((column for column in row if column in _COLUMNS and row[column] is None), None)
                if nested is not None:
                    raise _FaultError("not_plain", nested)
                plain = {column: value for column, value in row.items() if value is not None}
                draft, fact = _described(plain, today, uncertain)
                if fact["row_id"] in facts:
                    raise _FaultError("duplicate_name", "name")
            except _FaultError as fault:
                drafts.append({"reject_code": fault.code, "reject_column": fault.column})
            else:
                drafts.append(draft)
                facts[fact["row_id"]] = fact
        return Descriptions(tuple(lines), tuple(drafts), facts, _notices(names, uncertain))


class _FaultError(Exception):
    """Leaves one row: a reject code and the column."""

    def __init__(self, code: str, column: str | None) -> None:
        super().__init__(code)
        self.code = code
        self.column = column


def _yaml_rows(head: FileHead, shown: str) -> list[tuple[int, Record | None]]:
    return list(enumerate(yaml_records(head.open, head.size_bytes, shown), 1))


def _csv_rows(head: FileHead, names: list[str], shown: str) -> list[tuple[int, Record | None]]:
    """The rows by column; None for one with too few or too many cells."""
    found: list[tuple[int, Record | None]] = []
    for line, cells in _rows(head, shown):
        surplus = len(cells) - len(names)
        # A comma too many in a last column that nobody reads does no harm.
        fits = not (surplus < 0 or (surplus and names[-1] in _COLUMNS))
        found.append((line, dict(zip(names, cells, strict=False)) if fits else None))
    return found


def _rows(head: FileHead, shown: str) -> list[tuple[int, list[str]]]:
    assert head.csv is not None  # noqa: S101 - asked of CSV only
    rows: list[tuple[int, list[str]]] = []
    try:
        with head.open() as raw, io.TextIOWrapper(raw, encoding="utf-8-sig", newline="") as file:
            for _ in range(head.csv.skip_lines):
                file.readline()
            reader = csv.reader(file, delimiter=head.csv.delimiter, strict=True)
            next(reader)
            start = reader.line_num
            for cells in reader:
                if any(cell.strip() for cell in cells):
                    rows.append((head.csv.skip_lines + start + 1, [cell.strip() for cell in cells]))
                start = reader.line_num
                if len(rows) > MAX_ROWS:
                    raise UnreadableFileError(
                        "Too many descriptions",
                        f"“{shown}” describes more than {MAX_ROWS:,} workloads. A log needs a column “ts”.",
                    )
    except UnicodeDecodeError:
        raise UnreadableFileError(
            "The file is not UTF-8",
            f"“{shown}” is stored in another encoding. Save it as UTF-8 and import that.",
        ) from None
    except csv.Error:
        raise UnreadableFileError(
            "The file is not valid CSV",
            f"A quote in “{shown}” is not closed, at or after line {head.csv.skip_lines + len(rows) + 2}. "
            "Close it, and double the quotes inside a value.",
        ) from None
    return rows


def _described(
    row: Mapping[str, str], today: datetime, uncertain: Mapping[str, list[str]]
) -> tuple[dict[str, str | bool | None], dict[str, Any]]:
    """A row's draft and its fact row; raises _FaultError for the first thing wrong with it."""
    name = " ".join(row.get("name", "").split())
    if not name:
        raise _FaultError("missing_value", "name")
    if len(name) > MAX_NAME:
        raise _FaultError("too_long", "name")
    facts = _facts(row)
    n = bucket_requests(facts["requests_per_day"], facts["requests_per_run"])
    row_id = "described-" + hashlib.sha256(name.encode()).hexdigest()[:24]
    draft: dict[str, str | bool | None] = {
        "call_id": row_id,
        "workload_text": name,
        "makes_call": False,
        "input_rule": "inclusive",
    }
    sent, prefix, answered = (facts[column] for column in _COUNTS)
    if prefix is not None and (sent is None or prefix > sent):
        raise _FaultError("parts_exceed_input" if sent is not None else "missing_value", "input_tokens")
    if answered is None and facts["model"] and "embed" in facts["model"].lower():
        answered = 0
    has_usage = bool(n and facts["model"] and sent is not None and answered is not None)
    if has_usage and n:
        described = (
            facts["requests_per_run"] if facts["requests_per_run"] is not None else facts["requests_per_day"]
        )
        if described != n:
            uncertain["rounded"].append(name)
        if facts["requests_per_run"] is not None and not (
            facts["runs_per_year"] or facts["requests_per_day"]
        ):
            uncertain["runs"].append(name)
        draft |= {
            "makes_call": True,
            "ts_text": today.isoformat(),
            "ts_end_text": (today + timedelta(days=1)).isoformat(),
            "provider_text": facts["provider"] or provider_of_model(facts["model"]),
            "model_text": facts["model"],
            "input_text": str(n * sent),
            "cache_read_text": str((n - 1) * (prefix or 0)),
            "cache_write_text": str(prefix or 0),
            "output_text": str(n * answered),
            "requests_text": str(n),
            "grain_text": "bucket",
            "token_basis_text": "declared",
        }
    fact = {
        "row_id": row_id,
        "name": name,
        "facts": to_json(facts),
        "bucket_requests": n if has_usage else None,
    }
    return draft, fact


def _facts(row: Mapping[str, str]) -> dict[str, Any]:
    facts: dict[str, Any] = {column: row.get(column) or None for column in _WORDS}
    trigger = row.get("trigger", "").lower()
    if trigger and trigger not in TRIGGERS:
        raise _FaultError("bad_trigger", "trigger")
    facts["trigger"] = trigger or None
    for column in _FLAGS:
        facts[column] = _parsed(row, column, parse_yes_no, "not_yes_or_no")
    facts["max_wait_ms"] = _parsed(row, "max_wait", parse_duration_ms, "bad_wait")
    for column in _AMOUNTS:
        facts[column] = _parsed(row, column, parse_amount, "bad_amount")
    for column in _COUNTS:
        amount: Decimal | None = _parsed(row, column, parse_amount, "bad_amount")
        if amount is not None and amount != int(amount):
            raise _FaultError("not_a_whole_number", column)
        facts[column] = None if amount is None else int(amount)
    return facts


def _parsed(row: Mapping[str, str], column: str, parse: Any, code: str) -> Any:
    text = row.get(column, "")
    if not text:
        return None
    try:
        return parse(text)
    except ValueError:
        raise _FaultError(code, column) from None


def _notices(names: list[str], uncertain: Mapping[str, list[str]]) -> tuple[str, ...]:
    found = []
    ignored = [column for column in names if column and column not in _COLUMNS]
    if ignored:
        found.append(f"Ignored columns: {', '.join(column[:40] for column in ignored)}.")
    if uncertain["rounded"]:
        found.append(
            f"A usage bucket holds whole requests; rounded for: {_listed(uncertain['rounded'])}. "
            "Yearly figures use the exact number."
        )
    if uncertain["runs"]:
        found.append(
            f"Without runs_per_year the yearly figures count one run for: {_listed(uncertain['runs'])}."
        )
    return tuple(found)


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(names[:5]) + more
