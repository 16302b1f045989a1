"""From rolled-up calls to workloads: the workload rules asked once for each kind of call.

The roll-up is made without the rules. In place of the workload it groups by a key: the number of the
call's attribute set and the name its log gives. Rules are asked about the few different keys, and
parts that come to the same workload are merged like any others. So an edited rule never reads a call
again, whatever the size of the logs.
"""

from collections.abc import Mapping
from typing import Final, NamedTuple

import duckdb
import pyarrow as pa

from data.attributes import ATTRIBUTES_ID, NONE, AttributeSet
from data.rules import Fields, RuleSet, fields_of

_MARK: Final = "\x1f"
"""Between the number and the name; a name has no control characters."""

KEY_SQL: Final = f"concat(coalesce({ATTRIBUTES_ID}, 0), chr({ord(_MARK)}), workload)"
"""The key of a call whose dataset has attributes; without them the name alone is the key."""

_PARTS: Final = ("workload", "provider", "model")


class Kind(NamedTuple):
    """Calls that rules cannot tell apart: a workload key, a provider and a model."""

    key: str
    provider: str
    model: str


def kinds(part: pa.Table) -> list[Kind]:
    """The different kinds of call in a roll-up, sorted."""
    rows = part.select(_PARTS).group_by(list(_PARTS)).aggregate([]).to_pylist()
    return sorted(Kind(*(row[name] for name in _PARTS)) for row in rows)


def fields(kind: Kind, sets: Mapping[int, AttributeSet], source_format: str) -> Fields:
    """What rules see of the calls of a kind."""
    number, mark, name = kind.key.partition(_MARK)
    return fields_of(
        named=name if mark else kind.key,
        model=kind.model,
        provider=kind.provider,
        source_format=source_format,
        attributes=sets.get(int(number), NONE) if mark else NONE,
    )


def name_workloads(
    cursor: duckdb.DuckDBPyConnection,
    part: pa.Table,
    rules: RuleSet,
    sets: Mapping[int, AttributeSet],
    source_format: str,
) -> pa.Table:
    """The roll-up with the workloads that the rules make of its keys; rows may then be alike."""
    found = {kind: rules.deciding(fields(kind, sets, source_format))[1] for kind in kinds(part)}
    if all(kind.key == workload for kind, workload in found.items()):
        return part
    naming = pa.Table.from_pylist(
        [{**kind._asdict(), "named": workload} for kind, workload in found.items()],
        pa.schema([(name, pa.string()) for name in (*Kind._fields, "named")]),
    )
    cursor.register("keyed", part)
    cursor.register("naming", naming)
    try:
        named = cursor.sql(
            """SELECT keyed.* REPLACE (naming.named AS workload)
            FROM keyed JOIN naming ON naming.key = keyed.workload
              AND naming.provider = keyed.provider AND naming.model = keyed.model"""
        ).to_arrow_table()
    finally:
        cursor.unregister("keyed")
        cursor.unregister("naming")
    return named.cast(part.schema)
