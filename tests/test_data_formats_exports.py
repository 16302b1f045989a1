"""What OpenAI and Anthropic export themselves: real samples summed twice, and batches."""

import csv
import json
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from data.bills import bill_lines
from data.ingest import ImportOutcome, import_file, recognise
from data.store import Workspace
from pricing.cost import lane_costs
from pricing.table import PriceTable
from reports.workbench import Workbench, today
from tests.conftest import COMMITTED_SAMPLES, ROOT, full_samples
from tests.formats_cases import calls


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


# Real samples, counted a second time in plain Python ----------------------------------------------

Sums = tuple[int, int, int, int]
"""Input (total), read from the cache, written to it, output."""

SAMPLES = {
    # file: format, read, accepted, rejected, calls, bills
    "openai_usage_api/usage_completions_page.doc_example.json": ("openai_usage", 1, 0, 1, 0, 0),
    "openai_usage_api/usage_completions_result_grouped.doc_example.json": ("openai_usage", 1, 1, 0, 1, 0),
    "openai_usage_api/costs_page.doc_example.json": ("openai_costs", 1, 1, 0, 0, 1),
    "openai_dashboard_csv/openai_activity_real_schema.csv": ("openai_activity", 4, 4, 0, 2, 0),
    "openai_dashboard_csv/openai_usage_sample.csv": ("openai_activity", 5, 5, 0, 5, 0),
    "openai_batch/aibrix_sample_job_input.jsonl": ("openai_batch", 10, 10, 0, 0, 0),
    "openai_batch/real_output_2_lines.jsonl": ("openai_batch", 2, 2, 0, 2, 0),
    "openai_batch/shape_only_error_lines.jsonl": ("openai_batch", 3, 3, 0, 3, 0),
    "recorded_api_responses/openai_chat_sse.jsonl": ("openai_chat_stream", 6, 0, 6, 0, 0),
    "recorded_api_responses/openai_responses_sse.jsonl": ("openai_responses_stream", 6, 6, 0, 6, 0),
    "recorded_api_responses/anthropic_messages_sse.jsonl": ("anthropic_stream", 6, 6, 0, 8, 0),
    "anthropic_usage_api/shape_only_usage_report_messages.json": ("anthropic_usage", 1, 1, 0, 1, 0),
    "anthropic_console_csv/anthropic_console_sample.csv": ("anthropic_usage", 4, 4, 0, 4, 0),
    "anthropic_console_csv/anthropic_usage_real_schema.csv": ("anthropic_usage", 3, 3, 0, 3, 0),
    "anthropic_console_csv/anthropic_cost_real_schema.csv": ("anthropic_costs", 4, 4, 0, 0, 4),
}


def rows_of(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".csv":
        return list(csv.DictReader(text.splitlines()))
    return [json.loads(text)] if path.suffix == ".json" else [json.loads(line) for line in text.splitlines()]


def whole(text: Any) -> int:
    return int(float(text or 0))


def sums(path: Path) -> Iterator[Sums]:
    """The tokens of each call in a sample, straight from its fields."""
    for row in rows_of(path):
        if path.name.startswith("openai_responses_sse"):
            usage = row["usage_bearing_events"][-1]["response"]["usage"]
            details = usage["input_tokens_details"]
            written = details.get("cache_write_tokens", 0)
            yield usage["input_tokens"], details["cached_tokens"], written, usage["output_tokens"]
        elif path.name.startswith("anthropic_messages_sse"):
            start, delta = row["usage_bearing_events"][0]["message"], row["usage_bearing_events"][-2]
            usage = {**start["usage"], **delta["usage"]}
            parts = usage.get("iterations", [])
            for billed in [usage, *(part for part in parts if part["type"] != "message")]:
                read, written = billed["cache_read_input_tokens"], billed["cache_creation_input_tokens"]
                yield billed["input_tokens"] + read + written, read, written, billed["output_tokens"]
        elif path.name.startswith("real_output"):
            usage = row["response"]["body"]["usage"]
            cached = usage["prompt_tokens_details"]["cached_tokens"]
            yield usage["prompt_tokens"], cached, 0, usage["completion_tokens"]
        elif path.name.endswith("result_grouped.doc_example.json"):
            yield (
                row["input_tokens"],
                row["input_cached_tokens"],
                row["input_cache_write_tokens"],
                row["output_tokens"],
            )
        elif path.name.startswith("shape_only_usage_report"):
            (result,) = row["data"][0]["results"]
            written = sum(result["cache_creation"].values())
            read = result["cache_read_input_tokens"]
            yield result["uncached_input_tokens"] + read + written, read, written, result["output_tokens"]
        elif "usage_input_tokens_no_cache" in row:
            written = whole(row["usage_input_tokens_cache_write_5m"])
            written += whole(row["usage_input_tokens_cache_write_1h"])
            read = whole(row["usage_input_tokens_cache_read"])
            total = whole(row["usage_input_tokens_no_cache"]) + read + written
            yield total, read, written, whole(row["usage_output_tokens"])
        elif row.get("n_context_tokens_total"):
            cached = whole(row.get("n_cached_context_tokens_total"))
            yield whole(row["n_context_tokens_total"]), cached, 0, whole(row["n_generated_tokens_total"])
        elif "output_tokens" in row:
            yield whole(row["input_tokens"]), 0, 0, whole(row["output_tokens"])


def sample_files() -> list[Any]:
    """The committed part of each sample, and the whole where this machine has it and it is another file."""
    found = []
    for name in SAMPLES:
        committed = COMMITTED_SAMPLES / "exports" / name
        found.append(pytest.param(committed, name, id=f"{name}-committed"))
        samples = full_samples()
        full = samples / "exports" / name if samples else committed
        if full.read_bytes() != committed.read_bytes():
            found.append(pytest.param(full, name, id=f"{name}-full"))
    return found


@pytest.mark.parametrize(("path", "name"), sample_files())
def test_sample(path: Path, name: str, workspace: Workspace) -> None:
    format_name, read, accepted, rejected, n_calls, bills = SAMPLES[name]
    found = recognise(path)
    assert found.format == format_name
    assert all(strength < found.strength for _, strength in found.also)

    outcome = import_file(workspace, path)
    assert (outcome.read, outcome.accepted, outcome.rejected) == (read, accepted, rejected)
    assert (outcome.calls, outcome.bills, outcome.duplicates) == (n_calls, bills, 0)
    made = calls(workspace)
    totals = [
        sum(call[column] or 0 for call in made)
        for column in ("input_tokens", "cache_read_tokens", "cache_write_tokens", "output_tokens")
    ]
    totals[2] += sum(call["cache_write_long_tokens"] or 0 for call in made)
    again = list(sums(path)) if made else []
    assert tuple(totals) == tuple(sum(each[part] for each in again) for part in range(4))


@pytest.mark.parametrize(
    ("name", "known"),
    [("anthropic_messages_via_other", "anthropic_messages"), ("openai_compatible_other", "openai_chat")],
)
def test_answers_of_other_hosts_are_still_read_by_the_providers_own_format(name: str, known: str) -> None:
    folder = full_samples()
    if folder is not None:
        path = folder / "exports" / "recorded_api_responses" / f"{name}.jsonl"
        assert recognise(path).format == known


def test_the_real_cost_csv_adds_up_to_its_bill(workspace: Workspace) -> None:
    path = COMMITTED_SAMPLES / "exports" / "anthropic_console_csv" / "anthropic_cost_real_schema.csv"
    import_file(workspace, path)
    billed = sum((line["amount_usd"] for line in bill_lines(workspace).to_pylist()), Decimal(0))
    assert billed == sum((Decimal(row["cost_usd"]) for row in rows_of(path)), Decimal(0)) == Decimal("14.00")


# Buckets ----------------------------------------------------------------------------------------


def page(*results: dict[str, Any], start: int = 1767225600) -> dict[str, Any]:
    bucket = {"object": "bucket", "start_time": start, "end_time": start + 86400, "results": [*results]}
    return {"object": "page", "data": [bucket]}


def used(tokens: int, **more: Any) -> dict[str, Any]:
    return {
        "object": "organization.usage.completions.result",
        "input_tokens": tokens,
        "output_tokens": 1,
        "num_model_requests": 1,
        "model": "gpt-4o",
        "batch": False,
        "service_tier": "default",
    } | more


def write(path: Path, *records: dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_a_bucket_that_grew_is_found_again_and_not_counted_twice(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_file(workspace, write(tmp_path / "first.json", page(used(10), used(20))))
    outcome = import_file(
        workspace,
        write(tmp_path / "second.json", page(used(10), used(25)), page(used(7), start=1767312000)),
    )
    assert (outcome.read, outcome.duplicates, outcome.accepted) == (3, 2, 1)
    assert sorted(call["input_tokens"] for call in calls(workspace)) == [7, 10, 20]


def test_a_page_and_the_csv_of_the_same_bucket_are_one(workspace: Workspace, tmp_path: Path) -> None:
    import_file(workspace, write(tmp_path / "page.json", page(used(10, project_id="proj_1"))))
    sheet = tmp_path / "usage.csv"
    sheet.write_text(
        "start_time,end_time,start_time_iso,end_time_iso,project_id,num_model_requests,model,batch,"
        "service_tier,input_tokens,output_tokens\n"
        "1767225600,1767312000,2026-01-01T00:00:00+00:00,2026-01-02T00:00:00+00:00,proj_1,1.0,gpt-4o,"
        "FALSE,default,10.0,1.0\n",
        encoding="utf-8",
    )
    assert import_file(workspace, sheet).duplicates == 1


def test_an_export_without_any_usage_says_so(workspace: Workspace, tmp_path: Path) -> None:
    empty = tmp_path / "completions_usage_2025-01-01_2025-01-02.csv"
    empty.write_text(
        "start_time,end_time,start_time_iso,end_time_iso\n"
        "1735689600,1735776000,2025-01-01T00:00:00+00:00,2025-01-02T00:00:00+00:00\n"
        "1735776000,1735862400,2025-01-02T00:00:00+00:00,2025-01-03T00:00:00+00:00\n",
        encoding="utf-8",
    )
    assert recognise(empty).format == "openai_usage"
    outcome = import_file(workspace, empty)
    assert (outcome.read, outcome.accepted, outcome.calls, outcome.dataset_id) == (2, 2, 0, None)
    assert outcome.notice is not None
    assert outcome.notice.startswith("No usage in 2 rows")
    assert workspace.dataset_ids() == ()


def dashboard(path: Path, columns: str, row: str) -> Path:
    times = "1735689600,1735776000,2025-01-01T00:00:00+00:00,2025-01-02T00:00:00+00:00"
    header = "start_time,end_time,start_time_iso,end_time_iso"
    path.write_text(f"{header},{columns}\n{times},{row}\n", encoding="utf-8")
    return path


def test_an_export_of_embeddings_has_no_output(workspace: Workspace, tmp_path: Path) -> None:
    path = dashboard(
        tmp_path / "embeddings_usage.csv",
        "project_id,num_model_requests,model,input_tokens",
        "proj_1,3.0,text-embedding-3-small,900.0",
    )
    assert import_file(workspace, path).rejected == 0
    (call,) = calls(workspace)
    assert (call["input_tokens"], call["output_tokens"], call["n_requests"]) == (900, 0, 3)


def test_an_export_of_images_makes_no_calls(workspace: Workspace, tmp_path: Path) -> None:
    path = dashboard(tmp_path / "images_usage.csv", "images,num_model_requests,model", "4,4.0,gpt-image-1")
    outcome = import_file(workspace, path)
    assert (outcome.accepted, outcome.calls) == (1, 0)
    assert outcome.notice is not None
    assert outcome.notice.startswith("Not billed by the token: 1 row of images")


def test_the_sum_of_uncounted_requests_is_no_long_request(workspace: Workspace, tmp_path: Path) -> None:
    path = dashboard(tmp_path / "usage.csv", "model,input_tokens,output_tokens", "gpt-5.6-sol,90000000,10")
    import_file(workspace, path)
    (call,) = calls(workspace)
    assert (call["n_requests"], call["band_tokens"]) == (1, 0)


def test_a_period_that_is_not_over_is_named(workspace: Workspace, tmp_path: Path) -> None:
    far_ahead = page(used(10), start=4070908800)  # 2099-01-01
    outcome = import_file(workspace, write(tmp_path / "page.json", far_ahead))
    assert outcome.calls == 1
    assert outcome.notice is not None
    assert outcome.notice.startswith("For 1 row the period had not ended")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('{"object": "page", "data": [{"start_time": 1, "end_time": 2, "results": []}]}', "openai_usage"),
        ('{"data": [{"starting_at": "2026-03-01T00:00:00Z", "results": []}]}', "anthropic_usage"),
    ],
)
def test_a_page_without_results_is_recognised(text: str, name: str, tmp_path: Path) -> None:
    path = tmp_path / "page.json"
    path.write_text(text, encoding="utf-8")
    assert recognise(path).format == name


def test_the_context_window_decides_the_price_band(tmp_path: Path) -> None:
    """4M tokens of short requests cost the lower price; a day is not one long request."""
    result = {
        "uncached_input_tokens": 4_000_000,
        "cache_read_input_tokens": 0,
        "output_tokens": 1000,
        "model": "claude-sonnet-4-5",
        "service_tier": "standard",
    }
    bucket = {"starting_at": "2026-03-01T00:00:00Z", "ending_at": "2026-03-02T00:00:00Z"}
    # $3 in and $15 out a million up to 200k tokens, $6 and $22.50 beyond.
    prices = {"0-200k": Decimal("12.015"), None: Decimal("12.015"), "200k-1M": Decimal("24.0225")}
    for window, usd in prices.items():
        bench = Workbench.open(tmp_path / f"workspace-{window}")
        report = {"data": [bucket | {"results": [result | {"context_window": window}]}]}
        outcome = bench.import_file(write(tmp_path / "report.json", report))
        assert outcome.dataset_id is not None
        assert bench.import_cost(outcome.dataset_id)[0] == usd * 1_000_000


# Batches ----------------------------------------------------------------------------------------

PUBLISHED = ROOT / "tests" / "formats" / "openai_batch_object" / "published" / "input.json"
JOB_ID = "batch_68c4a0dd1d3c8190b2f4a7d3e9c05f61"


def published(**changes: Any) -> dict[str, Any]:
    batch: dict[str, Any] = json.loads(PUBLISHED.read_text(encoding="utf-8"))
    return batch | {"id": JOB_ID} | changes


def spread(total: int, count: int) -> list[int]:
    """A total in `count` parts that differ by at most one."""
    return [total // count + (number < total % count) for number in range(count)]


def result_files(folder: Path, stem: str, ok: int = 9872, failed: int = 128) -> tuple[Path, Path]:
    """Output and error file of a job with the published totals: by default 9,872 answers, 128 failures."""
    usage = published()["usage"]
    columns = zip(
        spread(usage["input_tokens"], ok),
        spread(usage["input_tokens_details"]["cached_tokens"], ok),
        spread(usage["output_tokens"], ok),
        spread(usage["output_tokens_details"]["reasoning_tokens"], ok),
        strict=True,
    )
    answers = [
        {
            "id": f"batch_req_ok_{number}",
            "custom_id": f"creative-{number}",
            "response": {
                "status_code": 200,
                "body": {
                    "id": f"resp_{number}",
                    "object": "response",
                    "created_at": 1757679766 + number,
                    "model": "gpt-5-2025-08-07",
                    "status": "completed",
                    "service_tier": "default",
                    "usage": {
                        "input_tokens": tokens_in,
                        "input_tokens_details": {"cached_tokens": cached},
                        "output_tokens": tokens_out,
                        "output_tokens_details": {"reasoning_tokens": reasoning},
                        "total_tokens": tokens_in + tokens_out,
                    },
                },
            },
            "error": None,
        }
        for number, (tokens_in, cached, tokens_out, reasoning) in enumerate(columns)
    ]
    failures = [
        {
            "id": f"batch_req_failed_{number}",
            "custom_id": f"creative-{ok + number}",
            "response": {"status_code": 500, "body": {"error": {"code": "server_error"}}},
            "error": None,
        }
        for number in range(failed)
    ]
    output, errors = folder / f"{stem}_output.jsonl", folder / f"{stem}_error.jsonl"
    return write(output, *answers), write(errors, *failures)


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workbench, Path, list[ImportOutcome]]:
    folder = tmp_path_factory.mktemp("batch")
    bench = Workbench.open(folder / "workspace")
    return bench, folder, [bench.import_file(path) for path in result_files(folder, JOB_ID)]


def lane_usd(bench: Workbench, lane: str) -> Decimal:
    prices = PriceTable.shipped()
    cube = bench.cube(prices)
    costs = lane_costs(cube, prices, group_by=[], as_of=None, undated_as_of=today(), lanes=[lane])
    (row,) = costs.to_pylist()
    return Decimal(row["cost_micro_usd"]) / 1_000_000


def test_a_published_job_has_its_published_figures(
    job: tuple[Workbench, Path, list[ImportOutcome]],
) -> None:
    bench, _, outcomes = job
    assert [(outcome.read, outcome.accepted, outcome.calls) for outcome in outcomes] == [
        (9872, 9872, 9872),
        (128, 128, 128),
    ]
    made = calls(bench.workspace)
    ok = [call for call in made if call["status"] == "ok"]
    failed = [call for call in made if call["status"] == "error"]
    assert (len(ok), len(failed), len(made)) == (9872, 128, 10_000)
    assert {call["tier"] for call in made} == {"batch"}
    assert {call["batch_id"] for call in made} == {JOB_ID}
    assert {call["input_tokens"] for call in failed} == {None}
    tokens_in = sum(call["input_tokens"] for call in ok)
    cached = sum(call["cache_read_tokens"] for call in ok)
    assert (tokens_in, cached, sum(call["output_tokens"] for call in ok)) == (31493594, 24045184, 19786241)

    assert round(Decimal(cached) / tokens_in, 3) == Decimal("0.763")
    assert Decimal(len(failed)) / len(made) == Decimal("0.0128")
    assert round(lane_usd(bench, "as_billed"), 2) == Decimal("105.09")
    assert round(lane_usd(bench, "sync+cache"), 2) == Decimal("210.18")


def test_the_published_job_on_the_batch_page(job: tuple[Workbench, Path, list[ImportOutcome]]) -> None:
    bench, _, _ = job
    (found,) = bench.verify().batch_jobs()
    assert (found.batch_id, found.n_requests, found.n_ok, found.n_error) == (JOB_ID, 10_000, 9872, 128)
    assert found.cost_micro_usd is not None
    assert found.list_micro_usd is not None
    assert found.cost_per_usable_micro_usd is not None
    assert round(found.cost_micro_usd / 1_000_000, 2) == Decimal("105.09")
    assert round(found.list_micro_usd / 1_000_000, 2) == Decimal("210.18")
    assert round(found.cost_per_usable_micro_usd / 1_000_000, 6) == Decimal("0.010645")
    assert round(float(found.hit_rate or 0), 3) == 0.763
    assert found.error_rate == Fraction(128, 10_000)
    assert found.errors == {"server_error": 128}
    lines = bench.verify().retry_lines(found)
    assert {line.custom_id for line in lines} == {f"creative-{number}" for number in range(9872, 10_000)}


def test_importing_the_job_again_changes_nothing(job: tuple[Workbench, Path, list[ImportOutcome]]) -> None:
    bench, folder, _ = job
    before = bench.fingerprint()
    again = [bench.import_file(path) for path in result_files(folder, JOB_ID)]
    assert [(outcome.duplicates, outcome.dataset_id) for outcome in again] == [(9872, None), (128, None)]
    assert bench.fingerprint() == before


def test_totals_are_refused_where_the_lines_are(job: tuple[Workbench, Path, list[ImportOutcome]]) -> None:
    bench, folder, _ = job
    before = bench.fingerprint()
    outcome = bench.import_file(write(folder / "batch.json", published()))
    assert (outcome.accepted, outcome.dataset_id) == (0, None)
    assert outcome.reject_counts == {"batch_lines_present": 2}
    assert "would count them twice" in outcome.first_rejects[0].reason
    assert bench.fingerprint() == before


def test_totals_of_another_batch_are_welcome(job: tuple[Workbench, Path, list[ImportOutcome]]) -> None:
    bench, folder, _ = job
    other = published(id="batch_b", output_file_id="file-b", error_file_id=None)
    outcome = bench.import_file(write(folder / "other.json", other))
    assert (outcome.accepted, outcome.calls) == (2, 2)
    assert outcome.dataset_id is not None
    bench.delete(outcome.dataset_id)


def test_totals_cost_what_the_lines_cost(tmp_path: Path) -> None:
    bench = Workbench.open(tmp_path / "workspace")
    bench.import_file(write(tmp_path / "batch.json", published()))
    assert round(lane_usd(bench, "as_billed"), 2) == Decimal("105.09")


@pytest.mark.parametrize(
    ("stem", "codes"),
    [
        (JOB_ID, [{"batch_totals_present": 9}, {"batch_totals_present": 2}]),
        ("file-abcedefabcedefabcedef12", [{"batch_totals_present": 9}, {"batch_totals_present": 2}]),
        # Nameless failures have neither a time nor tokens: nothing ties them to the batch.
        ("results", [{"batch_totals_likely": 9}, {}]),
        ("batch_00000000000000000000000000000000", [{}, {}]),
    ],
)
def test_lines_are_refused_where_their_totals_are(
    stem: str, codes: list[dict[str, int]], workspace: Workspace, tmp_path: Path
) -> None:
    file_id = "file-abcedefabcedefabcedef12"
    batch = published(output_file_id=file_id, error_file_id=file_id)
    totals = import_file(workspace, write(tmp_path / "batch.json", batch))
    assert totals.dataset_id is not None
    files = result_files(tmp_path, stem, 9, 2)
    assert [import_file(workspace, path).reject_counts for path in files] == codes

    workspace.delete(totals.dataset_id)
    after = [import_file(workspace, path) for path in files]
    assert [outcome.accepted + outcome.duplicates for outcome in after] == [9, 2]


def test_nameless_lines_of_the_hours_of_a_batch_are_taken_for_its_own(
    workspace: Workspace, tmp_path: Path
) -> None:
    import_file(workspace, result_files(tmp_path, "results", 9, 2)[0])
    outcome = import_file(workspace, write(tmp_path / "batch.json", published()))
    assert outcome.reject_counts == {"batch_lines_likely": 2}
    later = published(created_at=1757711520, completed_at=1757711600)
    assert import_file(workspace, write(tmp_path / "later.json", later)).accepted == 2


def test_a_file_with_totals_and_lines_keeps_the_lines(workspace: Workspace, tmp_path: Path) -> None:
    bucket = {
        "ts": "2026-01-01T00:00:00Z", "ts_end": "2026-01-02T00:00:00Z", "call_id": "b", "batch_id": "b-1",
        "grain": "bucket", "n_requests": 2, "model": "gpt-4o", "input_tokens": 30, "output_tokens": 3,
        "tier": "batch",
    }  # fmt: skip
    line = bucket | {"call_id": "l", "grain": "call", "n_requests": 1, "ts_end": None, "input_tokens": 10}
    outcome = import_file(workspace, write(tmp_path / "mixed.jsonl", line, bucket, line | {"call_id": "m"}))
    assert outcome.reject_counts == {"batch_lines_present": 1}
    assert [reject.line for reject in outcome.first_rejects] == [2]
    assert [call["call_id"] for call in calls(workspace)] == ["l", "m"]


def test_failures_of_two_batches_with_the_same_custom_ids_are_told_apart_by_name(
    workspace: Workspace, tmp_path: Path
) -> None:
    expired = {"custom_id": "request-1", "result": {"type": "expired"}}
    for number in (1, 2):
        path = write(tmp_path / f"msgbatch_0000000000000000000{number}_results.jsonl", expired)
        assert import_file(workspace, path).accepted == 1
        assert import_file(workspace, path).duplicates == 1
    assert [call["batch_id"][-1] for call in calls(workspace)] == ["1", "2"]
