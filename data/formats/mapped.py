"""Any other table, read as a person mapped it: CSV, JSON Lines, JSON documents and Parquet.

Token rule: as the mapping says. Where it says that input leaves cached tokens out, they are added;
where the file has no cached tokens the input is taken as the total.

Names in the file are never part of the SQL: a CSV or Parquet column is named by its position, a
JSON path is a quoted JSON Pointer, a constant is a quoted text. Being told by a person, units are
strict: a time in seconds that is not plausible as seconds rejects the row, whatever else it could
be. Statuses are read by their usual words and by HTTP codes; other words reject the row.
"""

from collections.abc import Mapping
from typing import Final

from data.db import quoted
from data.formats.base import Container, FileHead
from data.formats.flat_record import FlatRecord, normal
from data.mapping import CACHED, FIELDS, ColumnMapping, Field, MappingError
from data.table_sample import has_name, pointer, refuse_wide

PREFIX: Final = "mapped:"
"""How the format name of a mapped table begins; the mapping's own name follows."""

_TEXTS: Final[dict[Field, str]] = {
    "input_tokens": "input_text",
    "cache_read_tokens": "cache_read_text",
    "cache_write_tokens": "cache_write_text",
    "cache_write_long_tokens": "cache_write_long_text",
    "output_tokens": "output_text",
    "reasoning_tokens": "reasoning_text",
    "model": "model_text",
    "workload": "workload_text",
    "tier": "tier_text",
    "streamed": "streamed_text",
    "deadline_s": "deadline_text",
    "batch_eligible": "batch_eligible_text",
    "batch_id": "batch_id_text",
    "custom_id": "custom_id_text",
    "session": "session_text",
    "call_id": "call_id",
    "n_requests": "requests_text",
}
"""Field -> draft column, where the value needs no change."""

_NAMES: Final[frozenset[Field]] = frozenset(
    {"provider", "model", "workload", "session", "call_id", "batch_id", "custom_id", "tier", "status"}
)
"""Fields that are names: an object or a list under them is no name."""

_PER_SECOND: Final = {"s": 1, "ms": 1_000, "us": 1_000_000, "ns": 1_000_000_000}
_MICROSECONDS: Final = {"s": "* 1000000", "ms": "* 1000", "us": "", "ns": "// 1000"}
_YEAR_2000_S: Final = 946_684_800
_YEAR_2100_S: Final = 4_102_444_800
_NO_TIME: Final = "'not a time in the unit that was said'"

_STATUSES: Final = {
    "ok": ("ok", "success", "succeeded", "successful", "completed", "complete", "done", "true"),
    "error": ("error", "errored", "failure", "failed", "fail", "exception", "false"),
    "expired": ("expired",),
    "cancelled": ("cancelled", "canceled", "aborted"),
}


class MappedFormat:
    """The log format that a mapping makes."""

    title = "Any other table, as mapped"
    containers: frozenset[Container] = frozenset({"csv", "jsonl", "json", "parquet"})

    def __init__(self, mapping: ColumnMapping) -> None:
        self._mapping = mapping
        self.name = f"{PREFIX}{mapping.name}"
        self.token_rule = _token_rule(mapping)
        self.labels: Mapping[str, str] = {
            field: source.column
            for field, source in mapping.fields.items()
            if source.column is not None and source.column.isascii() and len(source.column) <= 60
        }

    def claim(self, head: FileHead) -> int:
        """Never by itself: a mapped table is known by its header signature or named by a person."""
        del head
        return 0

    def draft(self, head: FileHead) -> str:
        """One row a record."""
        mapping, record = self._mapping, _Record(head)

        def text(field: Field) -> str:
            source = mapping.fields.get(field)
            if source is None:
                return "cast(NULL AS VARCHAR)"
            if source.constant is not None:
                return f"cast({quoted(source.constant)} AS VARCHAR)"
            column = source.column or ""
            value = record.top(column if record.is_json else normal(column))
            return record.column(_scalar(value)) if field in _NAMES else value

        model, status, requests = text("model"), text("status"), text("n_requests")
        is_bucket = mapping.row_is == "bucket"
        return record.select(
            {
                **{draft: text(field) for field, draft in _TEXTS.items()},
                "ts_text": self._time(record, "ts", text("ts")),
                "ts_end_text": self._time(record, "ts_end", text("ts_end")),
                "ts_strict": "true",
                "provider_text": f"coalesce({text('provider')}, provider_of_model({model}))",
                "input_rule": "'exclusive'" if _adds_cached(mapping) else "'inclusive'",
                "status_text": _status(f"lower(trim({status}))"),
                "latency_text": self._latency(text("latency_ms")),
                "ttft_text": self._latency(text("ttft_ms")),
                "cost_text": self._cost(text("reported_cost_usd")),
                "grain_text": quoted("bucket" if is_bucket else "call"),
                "attributes": record.attributes(),
            },
            reject=f"CASE WHEN {requests} IS NULL THEN 'missing_value:n_requests' END"
            if is_bucket
            else "cast(NULL AS VARCHAR)",
        )

    def _time(self, record: FlatRecord, field: Field, text: str) -> str:
        """The time as ISO text in UTC; what is not a time in the unit that was said stays unreadable."""
        source = self._mapping.fields.get(field)
        if source is None or source.column is None:
            return text
        unit = self._mapping.time_unit or "iso"
        if unit == "iso":
            is_number = f"regexp_full_match(trim({text}), '[+-]?[0-9.]+')"
            return record.column(f"CASE WHEN {is_number} THEN {_NO_TIME} ELSE {text} END")
        number = record.column(f"try_cast({text} AS DECIMAL(38, 6))")
        first, last = _YEAR_2000_S * _PER_SECOND[unit], _YEAR_2100_S * _PER_SECOND[unit]
        plausible = f"{number} >= {first} AND {number} < {last}"
        micros = (
            f"cast(floor({number}) AS BIGINT) // 1000"
            if unit == "ns"
            else f"cast(floor({number} {_MICROSECONDS[unit]}) AS BIGINT)"
        )
        return record.column(
            f"CASE WHEN {text} IS NULL THEN NULL "
            f"WHEN {plausible} THEN cast(make_timestamp({micros}) AS VARCHAR) ELSE {_NO_TIME} END"
        )

    def _latency(self, text: str) -> str:
        if self._mapping.latency_unit != "s":
            return text
        return f"coalesce(cast(try_cast({text} AS DECIMAL(24, 6)) * 1000 AS VARCHAR), {text})"

    def _cost(self, text: str) -> str:
        if self._mapping.cost_unit != "cents":
            return text
        return f"coalesce(cast(try_cast({text} AS DECIMAL(24, 12)) * 0.01 AS VARCHAR), {text})"


def mapped_format(mapping: ColumnMapping, head: FileHead, shown: str) -> MappedFormat:
    """The format for one file; raises MappingError naming the fields whose columns the file has not.

    In JSON an optional key may be missing from the first records; only the fields that nearly every
    record must have are looked for.
    """
    refuse_wide(head, shown)
    is_json = head.container in {"jsonl", "json"}
    looked_for = ("ts", "model", "input_tokens", "output_tokens") if is_json else FIELDS
    missing = [
        field
        for field in looked_for
        if field in mapping.fields
        and (column := mapping.fields[field].column) is not None
        and not has_name(head, column)
    ]
    if missing:
        raise MappingError(
            "The mapping does not fit the file",
            f"“{shown}” has not the columns that the mapping “{mapping.name}” reads for: "
            f"{', '.join(missing)}. Change the mapping, or map the file anew.",
        )
    return MappedFormat(mapping)


class _Record(FlatRecord):
    """A flat record whose names come from outside: nothing of them gets into the SQL unquoted."""

    def __init__(self, head: FileHead) -> None:
        super().__init__(head)
        if head.container == "parquet":
            # By position: DuckDB renames columns that are empty or differ in case only.
            self._columns = {}
            for position, column in enumerate(head.columns):
                self._columns.setdefault(normal(column), f"q{position}")
            names = ", ".join(f"q{position}" for position in range(len(head.columns)))
            self._source = f"(SELECT * FROM source) AS source({names})"

    @property
    def is_json(self) -> bool:
        """Whether names are paths rather than columns."""
        return self._is_json

    def _path(self, name: str) -> str:
        return pointer(name)


def _adds_cached(mapping: ColumnMapping) -> bool:
    return mapping.input_includes_cached is False and any(field in mapping.fields for field in CACHED)


def _token_rule(mapping: ColumnMapping) -> str:
    if not any(field in mapping.fields for field in CACHED):
        rule = "As mapped: input is taken as the total; the file has no cached tokens."
    elif _adds_cached(mapping):
        rule = "As mapped: input leaves cached tokens out; they are added to it."
    else:
        rule = "As mapped: input is the total, cached tokens included."
    return f"{rule} One row is a bucket of requests." if mapping.row_is == "bucket" else rule


def _scalar(text: str) -> str:
    return f"CASE WHEN left({text}, 1) IN ('{{', '[') AND json_valid({text}) THEN NULL ELSE {text} END"


def _status(text: str) -> str:
    words = " ".join(
        f"WHEN {text} IN ({', '.join(map(quoted, known))}) THEN {quoted(status)}"
        for status, known in _STATUSES.items()
    )
    codes = (
        f"WHEN regexp_full_match({text}, '[23][0-9][0-9]') THEN 'ok' "
        f"WHEN regexp_full_match({text}, '[45][0-9][0-9]') THEN 'error'"
    )
    return f"CASE {words} {codes} ELSE {text} END"
