"""The shipped demo: what its files hold, and that they import like anybody's."""

import csv
import hashlib
import json
from datetime import datetime
from typing import Any

import duckdb
import pyarrow.parquet as pq
import pytest

from data import cube, queries
from data.demo import DEMO_FILES, DEMO_FOLDER, DEMO_NOTICE, build_demo
from data.ingest import ImportOutcome
from data.schema import COLUMNS, UNATTRIBUTED
from data.store import Workspace

at = datetime.fromisoformat

WORKLOADS = {
    "support-chat": 25_932,
    "code-completion": 15_628,
    "document-qa": 9_339,
    "nightly-summaries": 28_257,
    "agent-evaluations": 4_390,
    "embedding-refresh": 5_000,
    "crm-enrichment": 8_940,
    "contract-review": 5_960,
    "filing-review": 8_122,
    UNATTRIBUTED: 5_616,
}


@pytest.fixture(scope="module")
def manifest() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((DEMO_FOLDER / "manifest.json").read_text(encoding="utf-8"))
    return content


def asked(query: str) -> list[tuple[Any, ...]]:
    """A question to the shipped Parquet files, under the name `calls`."""
    with duckdb.connect() as connection:
        paths = [str(path) for path in sorted(DEMO_FOLDER.glob("*.parquet"))]
        return connection.execute(
            f"with calls as (from read_parquet($paths)) {query}", {"paths": paths}
        ).fetchall()


# The files --------------------------------------------------------------------------------------


def test_the_files_are_those_of_the_manifest(manifest: dict[str, Any]) -> None:
    assert set(manifest["files"]) == set(DEMO_FILES)
    assert {path.name for path in DEMO_FOLDER.iterdir()} == {*DEMO_FILES, "manifest.json"}
    for name, facts in manifest["files"].items():
        content = (DEMO_FOLDER / name).read_bytes()
        assert (hashlib.sha256(content).hexdigest(), len(content)) == (facts["sha256"], facts["bytes"]), name
    assert sum(facts["bytes"] for facts in manifest["files"].values()) < 3_000_000


def test_the_files_use_the_call_records_names_and_hold_no_text() -> None:
    for path in DEMO_FOLDER.glob("*.parquet"):
        assert set(pq.read_schema(path).names) < set(COLUMNS)


def test_every_workload_is_there_in_its_volume() -> None:
    found = asked(f"select coalesce(workload, '{UNATTRIBUTED}'), count(*) from calls group by all")
    assert dict(found) == WORKLOADS
    assert asked("select count(*), count(distinct call_id) from calls") == [(117_184, 117_184)]


def test_two_whole_weeks_of_five_providers() -> None:
    assert asked("select min(ts) >= '2026-11-02', max(ts) < '2026-11-16' from calls") == [(True, True)]
    assert asked("select count(distinct ts::date) from calls") == [(14,)]
    providers = {row[0] for row in asked("select distinct provider from calls")}
    assert providers == {"openai", "anthropic", "gemini", "mistral", "deepseek"}


def test_cached_tokens_are_parts_of_the_input_and_failed_calls_have_none() -> None:
    broken = """select count(*) from calls where input_tokens < 0 or output_tokens < 0
      or coalesce(cache_read_tokens, 0) < 0 or coalesce(cache_write_tokens, 0) < 0
      or coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0) > input_tokens"""
    assert asked(broken) == [(0,)]
    known = (
        "count(input_tokens) + count(output_tokens) + count(cache_read_tokens) + count(cache_write_tokens)"
    )
    assert asked(f"select {known} from calls where status <> 'ok'") == [(0,)]
    assert asked(
        "select count(*) from calls where status = 'ok' and (input_tokens + output_tokens) is null"
    ) == [(0,)]


def test_contract_review_costs_more_in_batch_than_with_its_warm_cache() -> None:
    sums = "sum(input_tokens), sum(cache_read_tokens), sum(output_tokens), min(model), max(model)"
    ((total, read, output, *models),) = asked(f"select {sums} from calls where workload = 'contract-review'")
    assert models == ["gpt-4.1", "gpt-4.1"]
    assert read / total > 0.75
    # gpt-4.1 per million: 2 input, 0.50 cached, 8 output; in batch 1 for any input, 4 output.
    assert (total - read) * 2 + read * 0.5 + output * 8 < total * 1 + output * 4


def test_filing_review_moved_to_batch_and_some_of_its_lines_failed() -> None:
    weeks = """select tier, status, ts < '2026-11-09', count(*), count(batch_id), count(custom_id)
      from calls where workload = 'filing-review' group by all order by all"""
    assert asked(weeks) == [
        ("batch", "error", False, 51, 51, 51),
        ("batch", "expired", False, 40, 40, 40),
        ("batch", "ok", False, 3918, 3918, 3918),
        ("standard", "ok", False, 91, 0, 91),
        ("standard", "ok", True, 4022, 0, 0),
    ]
    run_again = """select count(*) from calls failed join calls again using (custom_id)
      where failed.status <> 'ok' and again.status = 'ok' and again.tier = 'standard'
      and again.ts > failed.ts"""
    assert asked(run_again) == [(91,)]
    assert asked("select count(distinct batch_id) from calls where tier = 'batch'") == [(5,)]


def test_cache_is_unknown_where_the_trace_shows_no_prefixes_and_known_elsewhere() -> None:
    known = """select coalesce(workload, 'untagged'), count(cache_read_tokens) > 0,
      round(sum(cache_read_tokens) / sum(input_tokens), 2)
      from calls where status = 'ok' group by all order by all"""
    assert {workload: share for workload, cached, share in asked(known) if cached} == {
        "agent-evaluations": 0.97,
        "contract-review": 0.83,
        "document-qa": 0.36,
        "filing-review": 0.40,
    }


def test_the_night_job_runs_at_night_and_the_refresh_on_sundays() -> None:
    hours = "select distinct hour(ts) from calls where workload = 'nightly-summaries' order by all"
    assert asked(hours) == [(1,), (2,), (3,)]
    days = "select distinct ts::date::varchar from calls where workload = 'embedding-refresh' order by all"
    assert asked(days) == [("2026-11-08",), ("2026-11-15",)]


def test_two_workloads_were_left_undeclared() -> None:
    with (DEMO_FOLDER / "declared.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert WORKLOADS.keys() - {row["name"] for row in rows} == {UNATTRIBUTED, "agent-evaluations"}
    assert not {"model", "input_tokens", "output_tokens"} & set(rows[0]), "facts, no usage"


def test_the_sources_are_credited_where_the_data_is(manifest: dict[str, Any]) -> None:
    text = (DEMO_FOLDER.parent / "README.md").read_text(encoding="utf-8")
    for owed in ("Splitwise", "ISCA 2024", "CC-BY-4.0", "Mooncake", "Apache-2.0", "Exgentic",
                 "CDLA-Permissive-2.0", "Vidur", "MIT", "assigned"):  # fmt: skip
        assert owed in text
    for name in DEMO_FILES:
        rows = f"{manifest['files'][name]['rows']:,}" if name.endswith(".parquet") else ""
        assert f"| `{name}` | {rows}" in text
    for licence in ("Apache-2.0", "CDLA-Permissive-2.0", "MIT-Vidur"):
        assert (DEMO_FOLDER.parent / "licences" / f"{licence}.txt").is_file()
        assert f"`licences/{licence}.txt`" in text
    for workload, calls in WORKLOADS.items():
        assert workload == UNATTRIBUTED or f"| {workload} |" in text, (workload, calls)
    assert "assigned" in DEMO_NOTICE
    assert "real" in DEMO_NOTICE


# The workspace ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, tuple[ImportOutcome, ...]]:
    workspace = Workspace.open(tmp_path_factory.mktemp("demo"))
    return workspace, build_demo(workspace)


def test_every_row_is_accepted_by_the_ordinary_import(
    demo: tuple[Workspace, tuple[ImportOutcome, ...]], manifest: dict[str, Any]
) -> None:
    _, outcomes = demo
    for name, outcome in zip(DEMO_FILES, outcomes, strict=True):
        rows = manifest["files"][name]["rows"]
        assert (outcome.read, outcome.accepted, outcome.rejected, outcome.duplicates) == (rows, rows, 0, 0), (
            name
        )
        assert outcome.undated == 0
        assert outcome.first_rejects == ()
    assert [outcome.format for outcome in outcomes] == ["lanewise_parquet"] * 4 + ["workload_description"]
    assert sum(outcome.calls for outcome in outcomes) == 117_184


def test_the_cube_of_the_demo_holds_every_call_and_token(
    demo: tuple[Workspace, tuple[ImportOutcome, ...]],
) -> None:
    workspace, _ = demo
    rows = cube.usage_cube(workspace, [128_000, 200_000, 272_000]).to_pylist()
    by_workload: dict[str, int] = {}
    for row in rows:
        by_workload[row["workload"]] = by_workload.get(row["workload"], 0) + row["n_requests"]
    assert by_workload == WORKLOADS
    (sums,) = asked("select sum(input_tokens), sum(cache_read_tokens), sum(output_tokens) from calls")
    totals = [
        sum(row[name] or 0 for row in rows) for name in ("input_tokens", "cache_read_tokens", "output_tokens")
    ]
    assert totals == list(sums)
    assert sum(row["n_unmetered"] for row in rows) == 274 + 91
    assert len(rows) < 10_000


def test_the_demo_is_observed_for_fourteen_days(demo: tuple[Workspace, tuple[ImportOutcome, ...]]) -> None:
    workspace, _ = demo
    window = queries.observed_window(cube.usage_cube(workspace, []))
    assert window == (at("2026-11-02 00:00"), at("2026-11-15 23:00"), 14 * 24)


def test_only_the_agents_log_latencies(demo: tuple[Workspace, tuple[ImportOutcome, ...]]) -> None:
    workspace, _ = demo
    signals = cube.signals(workspace)
    assert queries.histogram(signals, "latency_log") == queries.histogram(
        signals, "latency_log", "agent-evaluations"
    )
    median = queries.percentile(queries.histogram(signals, "latency_log"), 0.5)
    exact = asked("select quantile_disc(latency_ms, 0.5) from calls")[0][0]
    assert median is not None
    assert median.low <= exact < median.high


def test_declared_facts_reach_the_workspace(demo: tuple[Workspace, tuple[ImportOutcome, ...]]) -> None:
    workspace, _ = demo
    declared = {fact.name: fact for fact in workspace.declared()}
    assert set(declared) == set(WORKLOADS) - {UNATTRIBUTED, "agent-evaluations"}
    assert (declared["code-completion"].max_wait_ms, declared["code-completion"].user_waiting) == (300, True)
    assert declared["nightly-summaries"].max_wait_ms == 12 * 3_600_000
    assert not any(fact.has_usage for fact in declared.values())


def test_building_the_demo_again_changes_nothing(demo: tuple[Workspace, tuple[ImportOutcome, ...]]) -> None:
    workspace, _ = demo
    before = workspace.fingerprint()
    again = build_demo(workspace)
    assert workspace.fingerprint() == before
    assert [outcome.dataset_id for outcome in again] == [None] * 5
    assert sum(outcome.duplicates for outcome in again) == 117_184 + 8
