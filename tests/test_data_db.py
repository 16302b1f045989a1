"""The engine reaches what it was given and nothing else."""

import threading
from pathlib import Path

import duckdb
import pytest

from data.db import open_engine, quoted


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    file = tmp_path / "outside" / "secret.csv"
    file.parent.mkdir()
    file.write_text("a\n1\n")
    return file


def test_reads_an_allowed_file_and_an_allowed_folder(tmp_path: Path, outside: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "x.csv").write_text("a\n2\n")
    with open_engine(readable=[outside, folder]) as engine, engine.cursor() as cursor:
        for path, value in ((outside, 1), (folder / "x.csv", 2)):
            assert cursor.execute("SELECT a FROM read_csv($path)", {"path": str(path)}).fetchall() == [
                (value,)
            ]


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT * FROM read_csv($path)",
        "COPY (SELECT 1) TO $path",
        "SELECT * FROM read_text($path)",
    ],
)
def test_refuses_everything_outside(tmp_path: Path, outside: Path, statement: str) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "link.csv").symlink_to(outside)
    with open_engine(readable=[folder], writable=[folder]) as engine, engine.cursor() as cursor:
        for path in (outside, folder / ".." / "outside" / "secret.csv", folder / "link.csv"):
            with pytest.raises(duckdb.PermissionException):
                cursor.execute(statement, {"path": str(path)}).fetchall()


@pytest.mark.parametrize(
    "statement",
    [
        "SET memory_limit = '64GB'",
        "SET enable_external_access = true",
        "SET lock_configuration = false",
        "INSTALL httpfs",
        "ATTACH 'x.duckdb'",
    ],
)
def test_cannot_be_unlocked(statement: str) -> None:
    with open_engine() as engine, engine.cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute(statement)


def test_local_variables_are_no_tables() -> None:
    secret = [{"a": 1}]
    with open_engine() as engine, engine.cursor() as cursor, pytest.raises(duckdb.Error):
        cursor.execute("SELECT * FROM secret").fetchall()
    assert secret


def test_times_are_utc_on_every_cursor() -> None:
    with open_engine() as engine, engine.cursor() as cursor:
        rows = cursor.execute(
            "SELECT cast(cast('2026-05-04T11:00:00+02:00' AS TIMESTAMPTZ) AS TIMESTAMP)::VARCHAR"
        ).fetchall()
    assert rows == [("2026-05-04 09:00:00",)]


def test_does_not_spill_unless_told_where(tmp_path: Path) -> None:
    query = "SELECT count(*) FROM (SELECT range AS a FROM range(3000000) ORDER BY hash(range), a::VARCHAR)"
    with (
        open_engine(memory_limit="40MB", threads=1) as engine,
        engine.cursor() as cursor,
        pytest.raises(duckdb.OutOfMemoryException),
    ):
        cursor.execute("CREATE TABLE t AS SELECT md5(range::VARCHAR) AS a FROM range(3000000)")
    with (
        open_engine(memory_limit="40MB", threads=1, spill=tmp_path / "spill") as engine,
        engine.cursor() as cursor,
    ):
        assert cursor.execute(query).fetchall() == [(3_000_000,)]


def test_threads_have_cursors_of_their_own() -> None:
    found: list[int] = []
    with open_engine() as engine:

        def ask(number: int) -> None:
            with engine.cursor() as cursor:
                found.append(
                    cursor.execute("SELECT sum(range) + $n FROM range(100000)", {"n": number}).fetchall()[0][
                        0
                    ]
                )

        workers = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert sorted(found) == [4999950000 + number for number in range(4)]


def test_quoted_is_one_literal() -> None:
    text = "it's; DROP TABLE x --"
    with open_engine() as engine, engine.cursor() as cursor:
        assert cursor.execute(f"SELECT {quoted(text)}").fetchall() == [(text,)]
