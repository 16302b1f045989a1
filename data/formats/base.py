"""What a log format is: a claim on a file's head, and SQL that drafts the call record from its rows.

A format never sees the file itself. It gets `FileHead` to decide on, and writes a SELECT over a
relation named `source`: for JSON one column `raw` (the text of one record), for CSV the columns
`c0, c1, ...` as text, for Parquet the file's own columns. The SELECT has the columns of `DRAFT`,
made by `draft_select`, one row for every source row and in the same order; numbers and times stay
text there, so that one place (`data/sql/check_rows.sql`) reads, checks and rejects them alike.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, Final, Literal, Protocol, runtime_checkable

from data.packed import Packed

Container = Literal["jsonl", "json", "csv", "parquet", "yaml"]

CONTAINER_TITLES: Final[dict[Container, str]] = {
    "jsonl": "JSON Lines",
    "json": "a JSON document",
    "csv": "CSV",
    "parquet": "Parquet",
    "yaml": "YAML",
}
"""What people call the containers."""

EXACT: Final = 100
"""Claim: the format's own marker stands in the head (an `object` value, a column nobody else has)."""
MARKED: Final = 80
"""Claim: an object of the format stands inside a record that may belong to a more exact format."""


@dataclass(frozen=True)
class CsvDialect:
    """How a CSV file is cut up: delimiter, and lines before the header."""

    delimiter: str
    skip_lines: int


@dataclass(frozen=True)
class FileHead:
    """The beginning of a file, enough to say whose it is.

    `records` are the first JSON objects, whole, prompts and answers included: they are looked at
    and dropped, never stored or quoted. `columns` are the names of a CSV header or Parquet schema
    in order, as written; of a YAML list of records the keys. `types` are the DuckDB types of a Parquet
    file's columns, "" for one whose values have to be read as text (see `TYPED`). `is_array` tells a
    JSON document that is one list of records. `name` is what the file is called, as far as it is known:
    providers put ids into the names of what they export. Without `has_rows` the file is a CSV header
    and nothing else: it can be recognised, not imported. `packed` is set where `path` is a packed file
    or an archive; the other fields are about what is inside, and `open` gives it.
    """

    path: Path
    size_bytes: int
    container: Container
    records: tuple[dict[str, Any], ...] = field(default=(), repr=False)
    columns: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    csv: CsvDialect | None = None
    is_array: bool = False
    name: str = ""
    has_rows: bool = True
    packed: Packed | None = field(default=None, repr=False)

    def open(self) -> BinaryIO:
        """The bytes of the log, unpacked."""
        return self.packed.open() if self.packed else self.path.open("rb")


DRAFT: Final[dict[str, str]] = {
    "reject_code": "VARCHAR",
    "reject_column": "VARCHAR",
    "reject_detail": "VARCHAR",
    "call_id": "VARCHAR",
    "row_key": "VARCHAR",
    "ts_text": "VARCHAR",
    "ts_end_text": "VARCHAR",
    "ts_strict": "BOOLEAN",
    "provider_text": "VARCHAR",
    "model_text": "VARCHAR",
    "workload_text": "VARCHAR",
    "session_text": "VARCHAR",
    "input_rule": "VARCHAR",
    "input_text": "VARCHAR",
    "cache_read_text": "VARCHAR",
    "cache_write_text": "VARCHAR",
    "cache_write_long_text": "VARCHAR",
    "output_text": "VARCHAR",
    "reasoning_text": "VARCHAR",
    "total_text": "VARCHAR",
    "token_basis_text": "VARCHAR",
    "tier_text": "VARCHAR",
    "status_text": "VARCHAR",
    "latency_text": "VARCHAR",
    "ttft_text": "VARCHAR",
    "streamed_text": "VARCHAR",
    "deadline_text": "VARCHAR",
    "batch_eligible_text": "VARCHAR",
    "batch_id_text": "VARCHAR",
    "custom_id_text": "VARCHAR",
    "error_code_text": "VARCHAR",
    "cost_text": "VARCHAR",
    "requests_text": "VARCHAR",
    "band_tokens_text": "VARCHAR",
    "grain_text": "VARCHAR",
    "makes_call": "BOOLEAN",
    "notes": "VARCHAR[]",
    "makes_bill": "BOOLEAN",
    "item_text": "VARCHAR",
    "amount_text": "VARCHAR",
    "list_amount_text": "VARCHAR",
    "currency_text": "VARCHAR",
    "amount_usd_text": "VARCHAR",
    "attributes": "VARCHAR",
    "extra_calls": (
        "STRUCT(kind VARCHAR, model VARCHAR, input_tokens BIGINT, cache_read_tokens BIGINT, "
        "cache_write_tokens BIGINT, cache_write_long_tokens BIGINT, output_tokens BIGINT)[]"
    ),
}
"""Columns of a draft and their types; what a format does not have is NULL.

`reject_code` set by a format wins over every check. `row_key` identifies a row that has no call
id: equal rows have equal keys. `input_rule` is 'inclusive' when `input_text` is the total and
'exclusive' when the cached parts come on top. `ts_strict` rejects a time that does not parse
instead of keeping the call undated. `makes_call` is false for a row that is accepted without being
a call (a described workload without usage). `extra_calls` are calls the row reports besides its own.
`notes` are codes of `data.notes` for what the reader should know about an accepted row.

`makes_bill` is true for a row that is a line of a bill and no call; it becomes a row of
`schema.BILL_COLUMNS`. It needs `ts_text`, `provider_text` and `amount_text`; `model_text` and
`workload_text` (project or workspace) stay as written, `item_text` is what the provider calls the
position, never text that a user wrote. `amount_text` and `list_amount_text` are in `currency_text`,
US dollars when that is NULL, and may be negative; `amount_usd_text` is the amount in dollars where
the source itself converts it.
`attributes` is JSON text of what a workload rule may look at besides the call record, made with
`formats.attributes.attribute_list`, which leaves out whatever may be text of prompts.
"""


_COUNTS: Final = ("input", "cache_read", "cache_write", "cache_write_long", "output", "reasoning", "total")

TYPED: Final[Mapping[str, frozenset[str]]] = {
    "BIGINT": frozenset(f"{name}_text" for name in (*_COUNTS, "deadline", "requests", "latency", "ttft")),
    "TIMESTAMP": frozenset({"ts_text", "ts_end_text"}),
    "BOOLEAN": frozenset({"streamed_text", "batch_eligible_text"}),
}
"""Type -> columns of a draft that may have it instead of text; the checks read both alike."""


class Format(Protocol):
    """One log format; instances are stateless and listed in `data.formats.FORMATS`."""

    @property
    def name(self) -> str:
        """The stable id users pass as --format and manifests keep."""

    @property
    def title(self) -> str:
        """What people call it."""

    @property
    def token_rule(self) -> str:
        """One sentence for the import preview: what its token numbers include."""

    @property
    def containers(self) -> frozenset[Container]:
        """The kinds of file it comes in."""

    @property
    def labels(self) -> Mapping[str, str]:
        """Canonical column -> the name this format's files use, for messages about a row."""

    def claim(self, head: FileHead) -> int:
        """How sure it is that the file is its own: 0 for not at all, up to EXACT."""


@runtime_checkable
class LogFormat(Format, Protocol):
    """A format of calls that were made, read by SQL alone."""

    def draft(self, head: FileHead) -> str:
        """The SELECT over `source` that makes the draft."""


@runtime_checkable
class RepeatingFormat(LogFormat, Protocol):
    """A log that may write one call several times while its numbers grow."""

    def keeps_last(self, head: FileHead) -> bool:
        """Whether this file does: then the last of equal ids is kept, else the first."""


@runtime_checkable
class DescriptionFormat(Format, Protocol):
    """A format in which a person describes workloads: a short list, read row by row."""

    def describe(self, head: FileHead, shown: str) -> "Descriptions":
        """The draft rows, the declared facts beside them and what the reader should know."""


@dataclass(frozen=True)
class Descriptions:
    """What a description file holds.

    `lines` and `drafts` run in parallel, one entry a row: the line it starts on, and its draft as
    text by column of `DRAFT`. `facts` maps a draft's `call_id` to its fact row (see
    `Workspace.facts`). `notices` are sentences about what was assumed or ignored.
    """

    lines: tuple[int, ...]
    drafts: tuple[Mapping[str, str | bool | None], ...]
    facts: Mapping[str, Mapping[str, Any]]
    notices: tuple[str, ...]


def share(matches: int, of: int, strength: int) -> int:
    """A claim scaled by how many of the head's records match; any match is at least 1."""
    return max(1, strength * matches // of) if matches and of else 0


def shown_column(column: str) -> str:
    """A column name fit to quote: without a header the first row may hold prompt text."""
    return f"“{column}”" if re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]{0,59}", column) else "(not a plain name)"


def noted(conditions: Mapping[str, str]) -> str:
    """SQL for a draft's `notes`: the codes whose condition holds, NULL when none does."""
    codes = ", ".join(f"CASE WHEN {condition} THEN '{code}' END" for code, condition in conditions.items())
    return f"nullif(list_filter([{codes}], lambda code: code IS NOT NULL), cast([] AS VARCHAR[]))"


def draft_select(values: Mapping[str, str], relation: str, *, types: Mapping[str, str] | None = None) -> str:
    """The draft's SELECT from SQL expressions by column; raises KeyError for a column that is none.

    `types` names the columns that are not text but of a type that `TYPED` allows them.
    """
    unknown = values.keys() - DRAFT.keys()
    if unknown:
        message = f"not columns of a draft: {sorted(unknown)}"
        raise KeyError(message)
    kinds = DRAFT | dict(types or {})
    columns = ",\n  ".join(f"cast({values.get(name, 'NULL')} AS {kinds[name]}) AS {name}" for name in DRAFT)
    return f"SELECT\n  {columns}\nFROM {relation}"
