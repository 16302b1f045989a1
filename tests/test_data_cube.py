"""The cube of a workspace: exact types, a cache that may be lost, and the small questions asked of it."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import cube, queries
from data.errors import LanewiseDataError, WorkspaceError
from data.ingest import import_file
from data.schema import COLUMNS
from data.store import Manifest, Workspace
from tests.make_calls import write_calls, write_four_configuration_calls

at = datetime.fromisoformat

ARROW_TYPES = {
    "VARCHAR": pa.string(),
    "TIMESTAMP": pa.timestamp("us"),
    "BIGINT": pa.int64(),
    "BOOLEAN": pa.bool_(),
    "DECIMAL(24,12)": pa.decimal128(24, 12),
}
CALLS_SCHEMA = pa.schema([(name, ARROW_TYPES[kind]) for name, kind in COLUMNS.items()])


def call(**changes: Any) -> dict[str, Any]:
    return (
        dict.fromkeys(COLUMNS)
        | {
            "call_id": "c",
            "ts": at("2026-11-02 09:41:07"),
            "provider": "openai",
            "model": "gpt-4.1",
            "workload": "review",
            "input_tokens": 1000,
            "output_tokens": 100,
            "tier": "standard",
            "status": "ok",
            "latency_ms": 1000,
            "n_requests": 1,
            "grain": "call",
            "source_format": "lanewise_csv",
            "token_basis": "inclusive",
        }
        | changes
    )


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "it's a work space")


def add_dataset(workspace: Workspace, dataset_id: str, *files: list[dict[str, Any]]) -> Path:
    """Lays a dataset down as the import would, one Parquet file for each list of calls."""
    folder = workspace.path / "datasets" / dataset_id
    (folder / "calls").mkdir(parents=True)
    for i, calls in enumerate(files):
        rows = [one | {"dataset_id": dataset_id} for one in calls]
        pq.write_table(pa.Table.from_pylist(rows, CALLS_SCHEMA), folder / "calls" / f"{i}.parquet")
    n = sum(len(calls) for calls in files)
    manifest = Manifest(
        dataset_id=dataset_id, name="log.csv", source_sha256="0" * 64, source_bytes=1, format="lanewise_csv",
        container="csv", token_rule="", imported_at_utc=at("2026-11-20"), read=n, accepted=n, rejected=0,
        duplicates=0, extra_calls=0, calls=n, undated=0, first_ts_utc=None, last_ts_utc=None,
        reject_counts={}, duplicates_of={}, grain="call",
    )  # fmt: skip
    (folder / "manifest.json").write_text(manifest.model_dump_json(), encoding="utf-8")
    return folder


def cached_files(workspace: Workspace) -> list[Path]:
    return sorted((workspace.path / "cache").glob("*/*.parquet"))


# The cube ---------------------------------------------------------------------------------------


def test_an_empty_workspace_has_an_empty_cube_of_the_right_shape(workspace: Workspace) -> None:
    assert cube.usage_cube(workspace, [200_000]).schema == cube.USAGE_SCHEMA
    assert cube.usage_cube(workspace, []).num_rows == 0
    assert cube.signals(workspace).schema == cube.SIGNALS_SCHEMA
    assert cube.signals(workspace).num_rows == 0


def test_the_files_of_a_dataset_come_together_with_exact_types(workspace: Workspace) -> None:
    precise = call(input_tokens=9_007_199_254_740_993, reported_cost_usd=Decimal("0.000000000001"))
    add_dataset(workspace, "d1", [precise], [precise, call(input_tokens=250_000)])
    add_dataset(workspace, "d2-described-only")
    table = cube.usage_cube(workspace, [200_000, 128_000])
    assert table.schema == cube.USAGE_SCHEMA
    (row,) = table.to_pylist()
    assert (row["prompt_band"], row["n_requests"], row["n_reported"]) == (200_000, 3, 2)
    assert row["input_tokens"] == 18_014_398_509_731_986
    assert row["reported_cost_usd"] == Decimal("0.000000000002")


def test_one_row_of_each_dataset(workspace: Workspace) -> None:
    add_dataset(workspace, "d1", [call(), call()])
    add_dataset(workspace, "d2", [call(ts=None, status="error", input_tokens=None, output_tokens=None)])
    first, second = cube.usage_cube(workspace, []).to_pylist()
    assert (first["dataset_id"], first["hour_utc"], first["n_requests"]) == ("d1", at("2026-11-02 09:00"), 2)
    assert (second["dataset_id"], second["hour_utc"], second["n_requests"]) == ("d2", None, 1)
    assert (second["n_unmetered"], second["input_tokens"], second["output_tokens"]) == (1, None, None)


def test_signals_add_up_over_datasets(workspace: Workspace) -> None:
    add_dataset(workspace, "d1", [call(), call(latency_ms=5)])
    add_dataset(workspace, "d2", [call()])
    table = cube.signals(workspace)
    assert table.schema == cube.SIGNALS_SCHEMA
    # 1.25^7 = 4.77 <= 5 < 5.96; 1.25^30 = 807.8 <= 1000 < 1009.7
    assert queries.histogram(table, "latency_log") == {7: 1, 30: 2}
    assert queries.histogram(table, "minute_of_hour", "review") == {41: 3}
    assert queries.histogram(table, "latency_log", "another") == {}


@pytest.mark.parametrize("thresholds", [[0], [-1, 200_000], list(range(1, 18))])
def test_thresholds_that_make_no_bands_are_refused(workspace: Workspace, thresholds: list[int]) -> None:
    with pytest.raises(LanewiseDataError) as caught:
        cube.usage_cube(workspace, thresholds)
    assert caught.value.title
    assert ("17" in caught.value.message) == (len(thresholds) == 17)


def test_sixteen_thresholds_in_any_order_and_twice_over_are_fine(workspace: Workspace) -> None:
    add_dataset(workspace, "d1", [call(input_tokens=16)])
    (row,) = cube.usage_cube(workspace, [*range(16, 0, -1), *range(1, 17)]).to_pylist()
    assert row["prompt_band"] == 16


# The cache --------------------------------------------------------------------------------------


def test_the_second_answer_comes_from_the_cache(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_dataset(workspace, "d1", [call()])
    first = cube.usage_cube(workspace, [200_000])
    first_signals = cube.signals(workspace)

    def no_roll_up(*_: Any) -> pa.Table:
        raise AssertionError("rolled up again")

    monkeypatch.setattr(cube, "_roll_up", no_roll_up)
    assert cube.usage_cube(workspace, [200_000]).equals(first)
    assert cube.signals(workspace).equals(first_signals)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-40])


def flip_a_byte(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[60] ^= 0xFF
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def other_columns(path: Path) -> None:
    pq.write_table(pa.table({"n_requests": [1]}), path)


@pytest.mark.parametrize("damage", [Path.unlink, cut_short, flip_a_byte, empty, other_columns])
def test_a_lost_or_damaged_cache_is_made_again(workspace: Workspace, damage: Callable[[Path], None]) -> None:
    add_dataset(workspace, "d1", [call(workload=f"w{i}", input_tokens=i) for i in range(50)])
    usage, signals = cube.usage_cube(workspace, []), cube.signals(workspace)
    paths = cached_files(workspace)
    assert len(paths) == 2
    for path in paths:
        damage(path)
    assert cube.usage_cube(workspace, []).equals(usage)
    assert cube.signals(workspace).equals(signals)
    assert cached_files(workspace) == paths
    for path, schema in zip(paths, [cube.SIGNALS_SCHEMA, cube.USAGE_SCHEMA], strict=True):
        assert pq.read_table(path).schema == schema


def test_other_thresholds_replace_what_was_cached(workspace: Workspace) -> None:
    add_dataset(workspace, "d1", [call(input_tokens=250_000)])
    bands = [cube.usage_cube(workspace, t)["prompt_band"].to_pylist() for t in ([], [200_000], [128_000])]
    assert bands == [[0], [200_000], [128_000]]
    assert len(cached_files(workspace)) == 1


def test_a_dataset_made_again_under_its_old_id_is_rolled_up_again(workspace: Workspace) -> None:
    add_dataset(workspace, "d1", [call()])
    assert cube.usage_cube(workspace, [])["n_requests"].to_pylist() == [1]
    kept = cached_files(workspace)[0].read_bytes()
    workspace.delete("d1")
    add_dataset(workspace, "d1", [call(), call()])
    (workspace.cache_path("d1") / "usage-left-over.parquet").write_bytes(kept)
    assert cube.usage_cube(workspace, [])["n_requests"].to_pylist() == [2]
    assert len(cached_files(workspace)) == 1


def test_no_cache_can_be_written_and_the_answer_is_the_same(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_dataset(workspace, "d1", [call()])

    def full_disk(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pq, "write_table", full_disk)
    assert cube.usage_cube(workspace, [])["n_requests"].to_pylist() == [1]
    assert list((workspace.path / "cache" / "d1").iterdir()) == []


def test_damaged_calls_are_named_not_counted_as_none(workspace: Workspace) -> None:
    folder = add_dataset(workspace, "d1", [call()])
    cut_short(folder / "calls" / "0.parquet")
    with pytest.raises(WorkspaceError) as caught:
        cube.usage_cube(workspace, [])
    assert "d1" in caught.value.message
    assert "import its source file again" in caught.value.message


def test_a_changed_query_is_run_again(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    add_dataset(workspace, "d1", [call()])
    assert cube.usage_cube(workspace, [])["model"].to_pylist() == ["gpt-4.1"]
    changed = tmp_path / "sql"
    changed.mkdir()
    for path in (Path(cube.__file__).parent / "sql").glob("*_usage.sql"):
        text = path.read_text(encoding="utf-8")
        (changed / path.name).write_text(text.replace("calls.model,", "'other' as model,"), encoding="utf-8")
    monkeypatch.setattr(cube, "_SQL", changed)
    assert cube.usage_cube(workspace, [])["model"].to_pylist() == ["other"]


# From files -------------------------------------------------------------------------------------


def test_the_four_configuration_calls_add_up_through_import_and_roll_up(
    workspace: Workspace, tmp_path: Path
) -> None:
    outcome = import_file(workspace, write_four_configuration_calls(tmp_path / "four.csv"))
    assert (outcome.accepted, outcome.rejected, outcome.duplicates) == (50_000, 0, 0)
    table = cube.usage_cube(workspace, [200_000])
    assert {name: sum(table[name].to_pylist()) for name in table.schema.names if "tokens" in name} == {
        "input_tokens": 200_000_000,
        "cache_read_tokens": 199_996_000,
        "cache_write_tokens": 4_000,
        "cache_write_long_tokens": 0,
        "output_tokens": 10_000_000,
        "reasoning_tokens": 0,
    }
    assert sum(table["n_requests"].to_pylist()) == 50_000
    assert set(table["workload"].to_pylist()) == {"four-configurations"}


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_made_calls_are_accepted_whole_and_alike_in_every_format(
    workspace: Workspace, tmp_path: Path, suffix: str
) -> None:
    path = write_calls(tmp_path / f"calls{suffix}", 3_000, seed=5)
    outcome = import_file(workspace, path)
    assert (outcome.read, outcome.accepted, outcome.undated) == (3_000, 3_000, 0)
    with duckdb.connect() as connection:
        names = "sum(input_tokens), sum(cache_read_tokens), sum(cache_write_tokens), sum(output_tokens)"
        parquet = write_calls(tmp_path / "same.parquet", 3_000, seed=5)
        expected = connection.execute(f"select count(*), {names} from read_parquet($p)", {"p": str(parquet)})
        n, *tokens = expected.fetchall()[0]
    table = cube.usage_cube(workspace, [])
    sums = [sum(value or 0 for value in table[name].to_pylist()) for name in (
        "input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens")]  # fmt: skip
    assert (sum(table["n_requests"].to_pylist()), sums) == (n, tokens)
    assert len(set(table["workload"].to_pylist())) == 8
    assert 0 < sum(table["n_unmetered"].to_pylist()) < 100


# The small questions ----------------------------------------------------------------------------


def usage_of(workspace: Workspace, *calls: dict[str, Any]) -> pa.Table:
    add_dataset(workspace, "d1", list(calls))
    return cube.usage_cube(workspace, [])


def test_the_observed_window_runs_over_logged_hours(workspace: Workspace) -> None:
    table = usage_of(
        workspace,
        call(ts=at("2026-11-02 09:41:07")),
        call(ts=at("2026-11-03 08:00:00")),
        call(ts=None),
        call(ts=at("2026-12-24 00:00"), source_format="workload_description", grain="bucket"),
    )
    window = queries.observed_window(table)
    assert window == (at("2026-11-02 09:00"), at("2026-11-03 08:00"), 24)


def test_a_dataset_without_a_column_that_came_later_is_still_read(workspace: Workspace) -> None:
    add_dataset(workspace, "old", [call(input_tokens=300_000)])
    file = workspace.call_files("old")[0]
    pq.write_table(pq.read_table(file, partitioning=None).drop_columns(["band_tokens"]), file)
    assert cube.usage_cube(workspace, [200_001]).to_pylist()[0]["prompt_band"] == 200_001


def test_a_bucket_is_observed_to_its_end(workspace: Workspace) -> None:
    day = call(grain="bucket", ts=at("2026-11-02"), ts_end=at("2026-11-03"), n_requests=10)
    assert queries.observed_window(usage_of(workspace, day)) == (at("2026-11-02"), at("2026-11-02 23:00"), 24)


def test_nothing_logged_is_no_window(workspace: Workspace) -> None:
    assert queries.observed_window(cube.usage_cube(workspace, [])) is None
    assert queries.observed_window(usage_of(workspace, call(ts=None))) is None


def test_hour_of_week_starts_on_monday(workspace: Workspace) -> None:
    table = queries.hour_of_week(
        usage_of(
            workspace,
            call(ts=at("2026-11-02 00:10")),
            call(ts=at("2026-11-09 00:50")),
            call(ts=at("2026-11-08 23:59")),
            call(ts=at("2026-11-08 23:00"), workload="another"),
            call(ts=None),
            call(ts=at("2026-11-03"), grain="bucket", n_requests=99),
        )
    )
    assert table.to_pylist() == [
        {"workload": "another", "hour_of_week": 167, "n_requests": 1},
        {"workload": "review", "hour_of_week": 0, "n_requests": 2},
        {"workload": "review", "hour_of_week": 167, "n_requests": 1},
    ]
    assert queries.hour_of_week(cube.usage_cube(workspace, []), ())["n_requests"].to_pylist() == [2, 2]


def test_percentiles_lie_in_the_bucket_of_their_rank() -> None:
    counts = {0: 10, 10: 80, 30: 10}
    assert queries.percentile(counts, 0.1) == (0.0, 1.25)
    assert queries.percentile(counts, 0.11) == (1.25**10, 1.25**11)
    assert queries.percentile(counts, 0.5) == (1.25**10, 1.25**11)
    assert queries.percentile(counts, 0.95) == (1.25**30, 1.25**31)
    assert queries.percentile({5: 7, 6: 93}, 0.07) == (1.25**5, 1.25**6), "rank 7, not 8"
    assert queries.percentile({}, 0.5) is None


@pytest.mark.parametrize("q", [0.0, -0.5, 1.01])
def test_a_quantile_out_of_range_is_refused(q: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        queries.percentile({1: 1}, q)
