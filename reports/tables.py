"""Small queries over the cube: Arrow tables in, rows or Arrow tables out, SQL in `reports/sql/`."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, Final

import duckdb
import pyarrow as pa

_SQL: Final = Path(__file__).parent / "sql"
_LOCAL: Final = threading.local()


@cache
def _text(name: str) -> str:
    return (_SQL / f"{name}.sql").read_text(encoding="utf-8")


def _connection() -> duckdb.DuckDBPyConnection:
    """This thread's own in-memory connection, locked down; opening one costs more than most queries."""
    connection: duckdb.DuckDBPyConnection | None = getattr(_LOCAL, "connection", None)
    if connection is None:
        connection = duckdb.connect(":memory:", config={"threads": 2})
        connection.execute("SET enable_external_access = false")
        connection.execute("SET autoinstall_known_extensions = false")
        connection.execute("SET lock_configuration = true")
        _LOCAL.connection = connection
    return connection


@contextmanager
def _relation(name: str, tables: Mapping[str, pa.Table], params: Mapping[str, object]) -> Iterator[Any]:
    connection = _connection()
    for table_name, table in tables.items():
        connection.register(table_name, table)
    try:
        text = _text(name)
        yield connection.sql(text, params=dict(params)) if params else connection.sql(text)
    finally:
        for table_name in tables:
            connection.unregister(table_name)


def rows(name: str, tables: Mapping[str, pa.Table], **params: object) -> list[dict[str, Any]]:
    """The rows of `reports/sql/<name>.sql` over the given tables; DECIMALs come as Decimal."""
    with _relation(name, tables, params) as result:
        columns = [column[0] for column in result.description]
        return [dict(zip(columns, values, strict=True)) for values in result.fetchall()]


def arrow(name: str, tables: Mapping[str, pa.Table], **params: object) -> pa.Table:
    """The result of `reports/sql/<name>.sql` as an Arrow table."""
    with _relation(name, tables, params) as result:
        return result.to_arrow_table()
