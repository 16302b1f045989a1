"""The roll-up SQL: portable text, exact sums, and parts that merge to the whole."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlglot import exp

from data.schema import COLUMNS, STATUSES, TIERS, TOKEN_BASES

SQL = Path(__file__).resolve().parent.parent / "data" / "sql"
FILES = sorted(path.name for path in SQL.glob("*.sql"))
PORTABLE = [
    "merge_batch_errors.sql",
    "merge_batch_jobs.sql",
    "merge_bursts.sql",
    "merge_minutes.sql",
    "merge_sessions.sql",
    "merge_signals.sql",
    "merge_usage.sql",
    "rollup_batch_errors.sql",
    "rollup_batch_jobs.sql",
    "rollup_bursts.sql",
    "rollup_minutes.sql",
    "rollup_sessions.sql",
    "rollup_signals.sql",
    "rollup_usage.sql",
]

ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "TIMESTAMP": pa.timestamp("us"),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DECIMAL(24,12)": pa.decimal128(24, 12),
}
CALLS_SCHEMA = pa.schema([(name, ARROW_TYPES[kind]) for name, kind in COLUMNS.items()])

at = datetime.fromisoformat

BLANK_CALL: dict[str, Any] = dict.fromkeys(COLUMNS) | {
    "call_id": "c",
    "ts": at("2026-11-02 09:41:07"),
    "provider": "openai",
    "model": "gpt-4.1",
    "model_raw": "gpt-4.1",
    "workload": "review",
    "input_tokens": 1000,
    "output_tokens": 100,
    "tier": "standard",
    "status": "ok",
    "n_requests": 1,
    "grain": "call",
    "source_format": "lanewise_csv",
    "token_basis": "inclusive",
    "dataset_id": "d1",
}


def call(**changes: Any) -> dict[str, Any]:
    return BLANK_CALL | changes


@cache
def connection() -> duckdb.DuckDBPyConnection:
    """One connection for all examples: opening one takes longer than most of them."""
    return duckdb.connect(config={"threads": 1})


def run(file: str, *, thresholds: Sequence[int] = (), **relations: pa.Table) -> pa.Table:
    """Runs one of the SQL files as it stands, over tables under the names it reads."""
    bands = {f"t{i}": [thresholds[i - 1] if i <= len(thresholds) else None] for i in range(1, 17)}
    schema = pa.schema([(name, pa.int64()) for name in bands])
    for name, table in {"prompt_bands": pa.table(bands, schema=schema), **relations}.items():
        connection().register(name, table)
    return connection().sql(sql_text(file)).to_arrow_table()


@cache
def sql_text(file: str) -> str:
    return (SQL / file).read_text(encoding="utf-8")


def usage(calls: Iterable[dict[str, Any]], thresholds: Sequence[int] = ()) -> pa.Table:
    return run("rollup_usage.sql", thresholds=thresholds, calls=pa.Table.from_pylist([*calls], CALLS_SCHEMA))


def signals(calls: Iterable[dict[str, Any]]) -> pa.Table:
    return run("rollup_signals.sql", calls=pa.Table.from_pylist([*calls], CALLS_SCHEMA))


def bursts(calls: Iterable[dict[str, Any]]) -> pa.Table:
    return run("rollup_bursts.sql", calls=pa.Table.from_pylist([*calls], CALLS_SCHEMA))


def sessions(calls: Iterable[dict[str, Any]]) -> pa.Table:
    return run("rollup_sessions.sql", calls=pa.Table.from_pylist([*calls], CALLS_SCHEMA))


def batch_jobs(calls: Iterable[dict[str, Any]]) -> pa.Table:
    return run("rollup_batch_jobs.sql", calls=pa.Table.from_pylist([*calls], CALLS_SCHEMA))


def rows(table: pa.Table) -> list[dict[str, Any]]:
    return sorted(table.to_pylist(), key=repr)


# The text ---------------------------------------------------------------------------------------


def without_comments(text: str) -> str:
    return re.sub(r"--[^\n]*", "", text)


def read_as(dialect: str, file: str) -> exp.Expression:
    """The query as a dialect reads it; sqlglot takes Spark's cast for a try_cast, its old behaviour."""
    tree = sqlglot.parse_one(sql_text(file), read=dialect)
    return tree.transform(
        lambda node: exp.Cast(this=node.this, to=node.args["to"]) if isinstance(node, exp.Cast) else node
    )


def test_every_shipped_query_is_covered_here() -> None:
    assert [file for file in FILES if file.startswith(("merge_", "rollup_"))] == PORTABLE


@pytest.mark.parametrize("file", PORTABLE)
def test_duckdb_and_spark_read_the_same_query(file: str) -> None:
    assert read_as("duckdb", file) == read_as("spark", file)


@pytest.mark.parametrize("file", PORTABLE)
def test_transpiling_changes_nothing(file: str) -> None:
    """But for two spellings: DuckDB writes no NULLS LAST, which it takes for granted, and DOY in full."""

    def written(read: str, write: str) -> list[str]:
        found = sqlglot.transpile(sql_text(file), read=read, write=write)
        return [one.replace(" NULLS LAST", "").replace("DAYOFYEAR", "DOY") for one in found]

    assert written("duckdb", "duckdb") == written("duckdb", "spark") == written("spark", "spark")


@pytest.mark.parametrize("file", PORTABLE)
def test_uses_the_portable_subset_only(file: str) -> None:
    text = sql_text(file)
    code = without_comments(text).lower()
    for forbidden in ("/", "::", "$", "?", "{", ";", "->", "[", '"', "`"):
        assert forbidden not in code, forbidden
    words = set(re.findall(r"[a-z_0-9]+", code))
    forbidden_words = {"qualify", "lambda", "filter", "try_cast", "avg", "distinct", "percentile", "median"}
    assert not words & (forbidden_words | {"hugeint", "double", "float", "int128", "now", "random"})
    assert "group by all" not in code
    tree = sqlglot.parse_one(text, read="duckdb")
    assert not list(
        tree.find_all(exp.Parameter, exp.Placeholder, exp.Div, exp.Lambda, exp.Qualify, exp.Filter)
    )
    grouped = [group for group in tree.find_all(exp.Group) if group.expressions]
    assert grouped
    for group in grouped:
        assert all(isinstance(column, exp.Column) for column in group.expressions), "no ordinals, no ALL"


@pytest.mark.parametrize("file", PORTABLE)
def test_every_sum_is_cast_to_an_exact_type(file: str) -> None:
    tree = sqlglot.parse_one(sql_text(file), read="duckdb")
    sums = list(tree.find_all(exp.Sum))
    assert sums
    for total in sums:
        parent = total.parent
        assert isinstance(parent, exp.Cast)
        assert parent.args["to"].sql() in {"DECIMAL(38, 0)", "DECIMAL(38, 12)"}


@pytest.mark.parametrize("file", PORTABLE)
def test_the_header_states_grain_and_relations(file: str) -> None:
    header = sql_text(file).split("\n\n", 1)[0]
    assert all(line.startswith("--") for line in header.splitlines())
    assert "Grain" in header
    assert "Reads" in header
    assert "Portable" in header


# Usage, by hand ---------------------------------------------------------------------------------


def test_usage_sums_one_hour_of_one_workload() -> None:
    cube = usage(
        [
            call(input_tokens=1000, cache_read_tokens=600, cache_write_tokens=0, output_tokens=100,
                 reported_cost_usd=Decimal("0.001000000001"), batch_eligible=True, deadline_s=3600,
                 streamed=True, latency_ms=900),
            call(ts=at("2026-11-02 09:59:59.999999"), input_tokens=2000, cache_read_tokens=0,
                 cache_write_tokens=1500, cache_write_long_tokens=100, output_tokens=50, reasoning_tokens=40,
                 reported_cost_usd=Decimal("0.002"), batch_eligible=False, deadline_s=60,
                 token_basis="ambiguous", streamed=False, latency_ms=100),
            call(ts=at("2026-11-02 09:00"), input_tokens=None, output_tokens=None, status="ok"),
            call(ts=at("2026-11-02 10:00"), input_tokens=7, output_tokens=3),
        ]
    )  # fmt: skip
    nine, ten = sorted(cube.to_pylist(), key=lambda row: row["hour_utc"])
    assert nine == {
        "hour_utc": at("2026-11-02 09:00"),
        "provider": "openai",
        "model": "gpt-4.1",
        "workload": "review",
        "tier": "standard",
        "prompt_band": 0,
        "status": "ok",
        "grain": "call",
        "source_format": "lanewise_csv",
        "dataset_id": "d1",
        "n_requests": 3,
        "n_unmetered": 1,
        "input_tokens": 3000,
        "cache_read_tokens": 600,
        "cache_write_tokens": 1500,
        "cache_write_long_tokens": 100,
        "output_tokens": 150,
        "reasoning_tokens": 40,
        "n_reported": 2,
        "reported_cost_usd": Decimal("0.003000000001"),
        "n_batch_eligible": 1,
        "n_batch_ineligible": 1,
        "n_deadline": 2,
        "min_deadline_s": 60,
        "n_ambiguous": 1,
        "n_streamed": 1,
        "n_unstreamed": 1,
        "n_timed": 2,
        "latency_ms": 1000,
        "first_ts": at("2026-11-02 09:00"),
        "last_ts": at("2026-11-02 09:59:59.999999"),
    }
    assert ten["input_tokens"] == 7
    assert ten["n_reported"] == 0
    assert ten["reported_cost_usd"] is None


@pytest.mark.parametrize(("known_input", "known_output"), [(None, None), (900, None), (None, 90)])
def test_a_request_with_half_its_tokens_is_unmetered_and_adds_none(
    known_input: int | None, known_output: int | None
) -> None:
    half = call(status="error", input_tokens=known_input, cache_read_tokens=None, output_tokens=known_output)
    (row,) = usage([half]).to_pylist()
    assert (row["n_requests"], row["n_unmetered"]) == (1, 1)
    assert (row["n_streamed"], row["n_unstreamed"], row["n_timed"], row["latency_ms"]) == (0, 0, 0, None)
    token_sums = [row[name] for name in row if name.endswith("_tokens")]
    assert token_sums == [None] * 6, "unknown is not 0"

    (row,) = usage([half, call(status="error", input_tokens=10, output_tokens=1)]).to_pylist()
    assert (row["n_requests"], row["n_unmetered"], row["input_tokens"], row["output_tokens"]) == (2, 1, 10, 1)


def test_undated_calls_are_kept_apart() -> None:
    cube = rows(usage([call(), call(ts=None), call(ts=None)]))
    assert sorted((row["hour_utc"] is None, row["n_requests"]) for row in cube) == [(False, 1), (True, 2)]


@pytest.mark.parametrize(
    ("input_tokens", "band"),
    [(0, 0), (99_999, 0), (100_000, 100_000), (199_999, 100_000), (200_000, 200_000), (272_001, 200_000)],
)
def test_prompt_band_is_the_largest_threshold_reached(input_tokens: int, band: int) -> None:
    (row,) = usage([call(input_tokens=input_tokens)], thresholds=[100_000, 200_000]).to_pylist()
    assert row["prompt_band"] == band


def test_all_sixteen_bands_are_told_apart() -> None:
    thresholds = [1000 * i for i in range(1, 17)]
    calls = [call(input_tokens=t + d) for t in thresholds for d in (-1, 0)]
    counts = {row["prompt_band"]: row["n_requests"] for row in usage(calls, thresholds).to_pylist()}
    assert counts == {0: 1} | dict.fromkeys(thresholds[:-1], 2) | {16_000: 1}


def test_the_mean_request_of_a_bucket_decides_its_band() -> None:
    below = call(grain="bucket", n_requests=3, input_tokens=599_999)
    reached = call(grain="bucket", n_requests=3, input_tokens=600_000)
    bands = [usage([bucket], [200_000]).to_pylist()[0]["prompt_band"] for bucket in (below, reached)]
    assert bands == [0, 200_000]


@pytest.mark.parametrize(("band_tokens", "band"), [(0, 0), (200_001, 200_001), (None, 200_001)])
def test_a_bucket_may_say_how_large_its_requests_are(band_tokens: int | None, band: int) -> None:
    bucket = call(grain="bucket", n_requests=1, input_tokens=5_000_000, band_tokens=band_tokens)
    row = usage([bucket], [200_001]).to_pylist()[0]
    assert (row["prompt_band"], row["input_tokens"], row["n_requests"]) == (band, 5_000_000, 1)


def test_a_bucket_counts_its_requests_and_lasts_to_its_end() -> None:
    day = call(
        grain="bucket", n_requests=500, ts=at("2026-11-02"), ts_end=at("2026-11-03"),
        input_tokens=5_000_000, output_tokens=10_000, reported_cost_usd=Decimal("10.09"),
    )  # fmt: skip
    (row,) = usage([day]).to_pylist()
    assert (row["n_requests"], row["n_reported"]) == (500, 500)
    assert (row["first_ts"], row["last_ts"]) == (at("2026-11-02"), at("2026-11-03"))


def test_sums_beyond_double_precision_stay_exact() -> None:
    cube = usage([call(input_tokens=9_007_199_254_740_993), call(input_tokens=9_007_199_254_740_992)])
    assert cube["input_tokens"].to_pylist() == [Decimal(18_014_398_509_481_985)]


def test_no_calls_make_an_empty_cube() -> None:
    assert usage([]).num_rows == 0
    assert signals([]).num_rows == 0


# Signals, by hand -------------------------------------------------------------------------------


def test_signals_of_one_call() -> None:
    one = call(latency_ms=1000, ttft_ms=200, streamed=True, input_tokens=1000, output_tokens=0)
    # 1.25^30 = 807.8 <= 1000 < 1009.7 = 1.25^31; 1.25^23 = 169.4 <= 200 < 211.8 = 1.25^24.
    assert {(row["signal"], row["bucket"], row["n"]) for row in signals([one]).to_pylist()} == {
        ("minute_of_hour", 41, 1),
        ("latency_log", 30, 1),
        ("ttft_log", 23, 1),
        ("input_log", 30, 1),
        ("output_log", 0, 1),
        ("streamed", 1, 1),
        ("status", 0, 1),
    }


def test_what_a_call_does_not_tell_is_in_no_histogram() -> None:
    silent = call(ts=None, input_tokens=None, output_tokens=None, status="expired")
    assert [(row["signal"], row["bucket"]) for row in signals([silent]).to_pylist()] == [("status", 2)]


def test_buckets_of_calls_send_no_signals() -> None:
    assert signals([call(grain="bucket", n_requests=9)]).num_rows == 0


def test_each_status_has_its_bucket() -> None:
    table = signals([call(status=status) for status in STATUSES])
    status = sorted(row["bucket"] for row in table.to_pylist() if row["signal"] == "status")
    assert (STATUSES, status) == (("ok", "error", "expired", "cancelled"), [0, 1, 2, 3])


@given(value=st.integers(min_value=0, max_value=10**9))
@settings(max_examples=60, deadline=None)
def test_a_log_bucket_holds_its_value(value: int) -> None:
    table = signals([call(latency_ms=value)])
    (bucket,) = [row["bucket"] for row in table.to_pylist() if row["signal"] == "latency_log"]
    assert math.pow(1.25, bucket) <= max(value, 1) < math.pow(1.25, bucket + 1)


# Bursts and sessions, by hand -------------------------------------------------------------------


def test_a_minute_without_calls_ends_a_burst() -> None:
    """09:41:59 and 09:42:00 touch; 09:44 does not, though it is only 61 s after 09:42:59."""
    times = ["09:41:07", "09:41:59", "09:42:00", "09:42:59", "09:44:00", "23:59:59"]
    table = bursts(
        [*(call(ts=at(f"2026-11-02 {time}")) for time in times), call(ts=at("2026-11-03 00:00:00"))]
    )
    found = sorted((row["first_minute_utc"], row["last_minute_utc"], row["n"]) for row in table.to_pylist())
    assert found == [
        (at("2026-11-02 09:41"), at("2026-11-02 09:42"), 4),
        (at("2026-11-02 09:44"), at("2026-11-02 09:44"), 1),
        (at("2026-11-02 23:59"), at("2026-11-03 00:00"), 2),
    ]


def test_bursts_are_of_one_workload_and_model_and_of_dated_single_calls() -> None:
    table = bursts(
        [
            call(),
            call(model="gpt-5.4"),
            call(workload="other"),
            call(ts=None),
            call(grain="bucket", n_requests=9),
        ]
    )
    assert sorted((row["workload"], row["model"], row["n"]) for row in table.to_pylist()) == [
        ("other", "gpt-4.1", 1),
        ("review", "gpt-4.1", 1),
        ("review", "gpt-5.4", 1),
    ]


def test_bursts_of_parts_join_where_they_touch() -> None:
    """Halves that hold every other minute are one burst together."""
    minutes = [call(ts=at(f"2026-11-02 10:{minute:02d}:30")) for minute in range(10)]
    together = run("merge_bursts.sql", parts=pa.concat_tables([bursts(minutes[::2]), bursts(minutes[1::2])]))
    (row,) = together.to_pylist()
    assert (row["first_minute_utc"], row["last_minute_utc"], row["n"]) == (
        at("2026-11-02 10:00"),
        at("2026-11-02 10:09"),
        10,
    )


def test_sessions_have_turns_and_a_mean_pause() -> None:
    """Three calls in 90 s: a mean pause of 45 s; 1.25^17 = 44.4 <= 45 < 55.5; 1.25^4 = 2.44 <= 3 < 3.05."""
    spread = [call(session="a", ts=at(f"2026-11-02 09:{time}")) for time in ("00:00", "00:10", "01:30")]
    table = sessions([*spread, call(session="b"), call(session=None), call(session="c", ts=None)])
    found = sorted(
        (row["turns_log"], row["pause_log"], row["n_sessions"], row["n_calls"], row["n_repeats"])
        for row in table.to_pylist()
    )
    assert found == [(0, None, 1, 1, 0), (4, 17, 1, 3, 0)]


def test_pauses_over_new_year_and_leap_day() -> None:
    """86,400 s each: 1.25^50 = 70,065 <= 86,400 < 87,581."""
    days = [("2027-12-31 12:00", "2028-01-01 12:00"), ("2028-02-28 12:00", "2028-02-29 12:00"),
            ("2028-02-29 12:00", "2028-03-01 12:00"), ("2028-12-31 12:00", "2029-01-01 12:00")]  # fmt: skip
    table = sessions(call(session=first, ts=at(time)) for first, last in days for time in (first, last))
    assert [(row["pause_log"], row["n_sessions"]) for row in table.to_pylist()] == [(50, 4)]


def test_a_failure_is_repeated_when_its_session_goes_on() -> None:
    again = [
        call(session="a", ts=at("2026-11-02 09:00"), status="error"),
        call(session="a", ts=at("2026-11-02 09:01"), status="error"),
        call(session="a", ts=at("2026-11-02 09:02")),
        call(session="b", ts=at("2026-11-02 09:00")),
        call(session="b", ts=at("2026-11-02 09:01"), status="error"),
    ]
    assert sum(row["n_repeats"] for row in sessions(again).to_pylist()) == 2


def test_sessions_add_up_over_datasets() -> None:
    one = [call(session="a"), call(session="a", dataset_id="d2")]
    parts = pa.concat_tables([sessions(one[:1]), sessions(one[1:])])
    assert rows(run("merge_sessions.sql", parts=parts)) == rows(sessions(one))


# Any calls --------------------------------------------------------------------------------------

SMALL = st.integers(min_value=0, max_value=400_000)
MAYBE = st.none() | SMALL
START = at("2026-11-02")


@st.composite
def any_call(draw: st.DrawFn) -> dict[str, Any]:
    grain = draw(st.sampled_from(["call", "call", "bucket"]))
    seconds = draw(st.none() | st.integers(0, 5 * 3600))
    ts = None if seconds is None else START + timedelta(seconds=seconds)
    cost = st.decimals(min_value=0, max_value=100, places=12, allow_nan=False)
    return call(
        ts=ts,
        ts_end=ts + timedelta(days=1) if ts and grain == "bucket" and draw(st.booleans()) else None,
        provider=draw(st.sampled_from(["openai", "anthropic"])),
        model=draw(st.sampled_from(["gpt-4.1", "claude-sonnet-4-6"])),
        workload=draw(st.sampled_from(["review", "(unattributed)"])),
        input_tokens=draw(MAYBE),
        cache_read_tokens=draw(MAYBE),
        cache_write_tokens=draw(MAYBE),
        cache_write_long_tokens=draw(MAYBE),
        output_tokens=draw(MAYBE),
        reasoning_tokens=draw(MAYBE),
        tier=draw(st.sampled_from(TIERS)),
        status=draw(st.sampled_from(STATUSES)),
        latency_ms=draw(MAYBE),
        ttft_ms=draw(MAYBE),
        streamed=draw(st.none() | st.booleans()),
        deadline_s=draw(MAYBE),
        batch_eligible=draw(st.none() | st.booleans()),
        reported_cost_usd=draw(st.none() | cost),
        n_requests=1 if grain == "call" else draw(st.integers(1, 1000)),
        batch_id=draw(st.sampled_from([None, "b1"])),
        grain=grain,
        token_basis=draw(st.sampled_from(TOKEN_BASES)),
        dataset_id=draw(st.sampled_from(["d1", "d2"])),
    )


@given(calls=st.lists(any_call(), max_size=24), data=st.data())
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_two_halves_merge_to_the_whole(calls: list[dict[str, Any]], data: st.DataObject) -> None:
    cut = data.draw(st.lists(st.booleans(), min_size=len(calls), max_size=len(calls)))
    left = [one for one, first in zip(calls, cut, strict=True) if first]
    right = [one for one, first in zip(calls, cut, strict=True) if not first]
    thresholds = [128_000, 200_000]

    merged = run(
        "merge_usage.sql", parts=pa.concat_tables([usage(left, thresholds), usage(right, thresholds)])
    )
    whole = usage(calls, thresholds)
    assert merged.schema == whole.schema
    assert rows(merged) == rows(whole)

    merged_jobs = run("merge_batch_jobs.sql", parts=pa.concat_tables([batch_jobs(left), batch_jobs(right)]))
    whole_jobs = batch_jobs(calls)
    assert merged_jobs.schema == whole_jobs.schema
    assert rows(merged_jobs) == rows(whole_jobs)

    merged_bursts = run("merge_bursts.sql", parts=pa.concat_tables([bursts(left), bursts(right)]))
    whole_bursts = bursts(calls)
    assert merged_bursts.schema == whole_bursts.schema
    assert rows(merged_bursts) == rows(whole_bursts)

    merged_signals = run("merge_signals.sql", parts=pa.concat_tables([signals(left), signals(right)]))
    whole_signals = signals(calls)
    assert merged_signals.schema == whole_signals.schema
    assert rows(merged_signals) == rows(whole_signals)


@given(calls=st.lists(any_call(), max_size=24))
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
def test_usage_equals_a_plain_loop_over_the_calls(calls: list[dict[str, Any]]) -> None:
    thresholds = [128_000, 200_000]
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for one in calls:
        hour = one["ts"] and one["ts"].replace(minute=0, second=0, microsecond=0)
        mean = (one["input_tokens"] or 0) / one["n_requests"]
        band = max([0, *(t for t in thresholds if mean >= t)])
        named = ("provider", "model", "workload", "tier", "status", "grain", "source_format", "dataset_id")
        key = [one[name] for name in named]
        groups[hour, *key[:4], band, *key[4:]].append(one)

    def total(group: list[dict[str, Any]], name: str) -> Any:
        metered = [g for g in group if g["input_tokens"] is not None and g["output_tokens"] is not None]
        return sum(g[name] or 0 for g in metered) if metered else None

    expected = []
    for grain_values, group in groups.items():
        costs = [g["reported_cost_usd"] for g in group if g["reported_cost_usd"] is not None]
        starts = [g["ts"] for g in group if g["ts"]]
        ends = [
            (g["ts_end"] if g["grain"] == "bucket" and g["ts_end"] else g["ts"]) for g in group if g["ts"]
        ]

        def n(wanted: Any, group: list[dict[str, Any]] = group) -> int:
            return sum(g["n_requests"] for g in group if wanted(g))

        expected.append(
            (
                *grain_values,
                n(lambda g: True),
                n(lambda g: g["input_tokens"] is None or g["output_tokens"] is None),
                total(group, "input_tokens"),
                total(group, "cache_read_tokens"),
                total(group, "cache_write_tokens"),
                total(group, "cache_write_long_tokens"),
                total(group, "output_tokens"),
                total(group, "reasoning_tokens"),
                n(lambda g: g["reported_cost_usd"] is not None),
                sum(costs) if costs else None,
                n(lambda g: g["batch_eligible"] is True),
                n(lambda g: g["batch_eligible"] is False),
                n(lambda g: g["deadline_s"] is not None),
                min((g["deadline_s"] for g in group if g["deadline_s"] is not None), default=None),
                n(lambda g: g["token_basis"] == "ambiguous"),
                n(lambda g: g["streamed"] is True and g["grain"] == "call"),
                n(lambda g: g["streamed"] is False and g["grain"] == "call"),
                n(lambda g: g["latency_ms"] is not None and g["grain"] == "call"),
                sum(timed)
                if (
                    timed := [
                        g["latency_ms"] for g in group if g["grain"] == "call" and g["latency_ms"] is not None
                    ]
                )
                else None,
                min(starts, default=None),
                max(ends, default=None),
            )
        )
    got = [tuple(row.values()) for row in usage(calls, thresholds).to_pylist()]

    def in_order(table: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
        return sorted(table, key=lambda row: repr(row[:10]))

    assert in_order(got) == in_order(expected)
