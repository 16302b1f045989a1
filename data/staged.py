"""A staged row in the shape of a stored call, so that a file without fault need not be written twice.

The first pass writes every row of a file with the columns of the call record (`schema.COLUMNS`). A log
whose rows are all accepted, all named by their source and all new is then a finished call file. What
else is known of a row hides where a stored call cannot have it:

* a row that is not accepted has no status; its reject code, column and detail stand in provider,
  model and model_raw;
* the id of a row that has none of its own begins with the control character U+0001 and is the key of
  its content; an id of the source that begins with that character is escaped with it.

`packed` writes such rows, `unpacked` reads them back as the columns the checks gave. What the checks give
beside the call record is staged only where the format speaks of it (`unspoken`). Of a row that may make no
call, or several, or a bill line, or that carries notes, it is, and then the file is no finished call file;
attributes and their numbers may stand in one.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final, get_args

import duckdb
import pyarrow.parquet as pq

from data.attributes import ATTRIBUTES_ID, NUMBER_SQL
from data.db import quoted
from data.formats.base import DRAFT
from data.schema import BILL_COLUMNS, COLUMNS, STATUSES, TIERS, TOKEN_BASES, Grain

_MARK: Final = "chr(1)"
_KEYED: Final = f"{_MARK} || 'k'"
_ESCAPED: Final = f"{_MARK} || 'i'"

_REJECT: Final[Mapping[str, str]] = {
    "provider": "reject_code",
    "model": "reject_column",
    "model_raw": "reject_detail",
}
"""Column of a call -> what stands there in a row that is not accepted."""

_BILLED: Final[Mapping[str, str]] = {
    "item": "VARCHAR",
    "bill_model": "VARCHAR",
    "bill_workload": "VARCHAR",
    "bill_tier": "VARCHAR",
    "amount": BILL_COLUMNS["amount"],
    "currency": "VARCHAR",
    "amount_usd": BILL_COLUMNS["amount_usd"],
    "list_amount_usd": BILL_COLUMNS["list_amount_usd"],
}
_BESIDE: Final[Mapping[str, str]] = {
    "makes_call": "true",
    "extra_calls": f"cast(NULL AS {DRAFT['extra_calls']})",
    "notes": (
        "CASE WHEN grain = 'bucket' AND ts_end > timezone('UTC', now()) AND token_basis <> 'declared' "
        "THEN ['bucket_not_over'] END"
    ),
    "attributes": "cast(NULL AS VARCHAR)",
    "makes_bill": "false",
    **{name: f"cast(NULL AS {kind})" for name, kind in _BILLED.items()},
}
"""What the checks give beside the call record -> what it is where the format does not speak of it."""

_WORDS: Final[Mapping[str, tuple[str, ...]]] = {
    "tier": TIERS,
    "status": STATUSES,
    "grain": get_args(Grain),
    "token_basis": TOKEN_BASES,
}


def create_word_types(cursor: duckdb.DuckDBPyConnection, format_name: str, dataset_id: str) -> None:
    """Makes the types that `stored` casts to.

    Parquet keeps an ENUM as plain text; the writer just does not have to collect its words first,
    which is a third of what writing a call costs.
    """
    for column, words in {**_WORDS, "source_format": (format_name,), "dataset_id": (dataset_id,)}.items():
        cursor.execute(f"CREATE TYPE {column}_word AS ENUM ({', '.join(map(quoted, words))})")


def stored(column: str, expression: str) -> str:
    """An expression as a column of a call file; needs `create_word_types`."""
    words = column in _WORDS or column in {"source_format", "dataset_id"}
    return f"cast({expression} AS {f'{column}_word' if words else COLUMNS[column]}) AS {column}"


def unspoken(draft_sql: str) -> frozenset[str]:
    """The columns beside the call record that a format's draft says nothing about."""

    def absent(name: str) -> bool:
        never = draft_sql.count(f"cast(NULL AS {DRAFT[name]}) AS {name}")
        return 0 < never == len(re.findall(rf"\bAS {name}\b", draft_sql))

    found = {name for name in ("notes", "attributes") if absent(name)}
    if absent("makes_bill"):
        found |= {"makes_bill", *_BILLED}
        found |= {name for name in ("makes_call", "extra_calls") if absent(name)}
    return frozenset(found)


def packed(relation: str, format_name: str, dataset_id: str, left_out: Iterable[str] = ()) -> str:
    """The SELECT that packs the output of `sql/check_rows.sql`, without the columns that are `unspoken`."""
    values = {name: name for name in COLUMNS}
    values |= {"source_format": quoted(format_name), "dataset_id": quoted(dataset_id)}
    values |= {
        name: f"CASE WHEN reject_code IS NULL THEN {name} ELSE {hidden} END"
        for name, hidden in _REJECT.items()
    }
    values["status"] = "CASE WHEN reject_code IS NULL THEN status END"
    values["call_id"] = (
        f"CASE WHEN reject_code IS NOT NULL THEN NULL WHEN call_id IS NULL THEN {_KEYED} || row_key "
        f"WHEN starts_with(call_id, {_MARK}) THEN {_ESCAPED} || call_id ELSE call_id END"
    )
    columns = [stored(name, value) for name, value in values.items()]
    beside = [name for name in _BESIDE if name not in set(left_out)]
    if "attributes" in beside:
        columns.append(f"{NUMBER_SQL} AS {ATTRIBUTES_ID}")
    return f"SELECT {', '.join([*columns, *beside])} FROM {relation}"


def unpacked(path: Path, *, finished: bool = False) -> str:
    """The staged rows of $rows as the checks gave them, with their position `p`, as a relation.

    Of a file that is `finished` (see `is_call_file`) nothing is unpacked, and the optimizer knows that
    no row has a fault.
    """
    given = pq.read_schema(path).names
    added = [f"{value} AS {name}" for name, value in _BESIDE.items() if name not in given]
    if finished:
        added += [f"cast(NULL AS VARCHAR) AS {name}" for name in ("row_key", *_REJECT.values())]
        return (
            f"(SELECT *, {', '.join(added)}, file_row_number AS p "
            "FROM read_parquet($rows, file_row_number = true))"
        )
    call_id = (
        f"CASE WHEN starts_with(call_id, {_ESCAPED}) THEN substr(call_id, 3) "
        f"WHEN NOT starts_with(call_id, {_MARK}) THEN call_id END AS call_id"
    )
    accepted = [f"CASE WHEN status IS NOT NULL THEN {name} END AS {name}" for name in _REJECT]
    added.append(f"CASE WHEN starts_with(call_id, {_KEYED}) THEN substr(call_id, 3) END AS row_key")
    added += [f"CASE WHEN status IS NULL THEN {name} END AS {hidden}" for name, hidden in _REJECT.items()]
    return (
        f"(SELECT * REPLACE ({', '.join([call_id, *accepted])}), {', '.join(added)}, file_row_number AS p "
        "FROM read_parquet($rows, file_row_number = true))"
    )


def unpacked_again() -> str:
    """The same of $rows that were written as they came out of `unpacked`."""
    return "(SELECT *, file_row_number AS p FROM read_parquet($rows, file_row_number = true))"


def is_call_file(cursor: duckdb.DuckDBPyConnection, path: Path) -> bool:
    """Whether every staged row is an accepted call with an id of its own."""
    if pq.read_schema(path).names not in (list(COLUMNS), [*COLUMNS, ATTRIBUTES_ID, "attributes"]):
        return False
    faults = cursor.execute(
        f"""SELECT count(*) FROM read_parquet($rows)
        WHERE status IS NULL OR starts_with(call_id, {_MARK})""",
        {"rows": str(path)},
    ).fetchall()
    return bool(faults[0][0] == 0)
