"""Cache potential: hits of block hashes by hand and on a whole trace, and bounds that hold without them."""

import json
import random
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data import prefixes
from data.db import open_engine
from data.ingest import import_file
from data.store import Workspace
from reports.cache_potential import (
    CachePotential,
    cache_potentials,
    choose_ttl,
    potentials,
    published_minimum,
)

HIDDEN = (
    "SELECT workload, provider, model, NULL AS session, at_ms, input_tokens, output_tokens, "
    "NULL AS cache_read_tokens FROM read_parquet($files)"
)
"""The requests of a prefix file without their hashes."""

TRACE = Path("traces") / "mooncake" / "conversation_trace.jsonl"


def trace(folder: Path, requests: Sequence[Mapping[str, Any]]) -> Workspace:
    """A workspace with a trace of these requests."""
    path = folder / "trace.jsonl"
    path.write_text("".join(json.dumps(request) + "\n" for request in requests), encoding="utf-8")
    workspace = Workspace.open(folder / "workspace")
    import_file(workspace, path)
    return workspace


def request(at_ms: int, length: int, blocks: Sequence[int], output: int = 10) -> dict[str, Any]:
    return {"timestamp": at_ms, "input_length": length, "output_length": output, "hash_ids": list(blocks)}


def shares(workspace: Workspace) -> dict[tuple[int, int], tuple[float, float]]:
    """(TTL, minimum) -> the low and high share of all input, over every workload."""
    return _shares(prefixes.measured(workspace))


def hidden(workspace: Workspace) -> dict[tuple[int, int], tuple[float, float]]:
    """The same from times and lengths alone."""
    (path,) = (workspace.path / "datasets").glob("*/prefixes.parquet")
    with open_engine(readable=[path]) as engine, engine.cursor() as cursor:
        return _shares(prefixes.shared(cursor, "prefix_bounds", HIDDEN, [str(path)]))


def _shares(table: pa.Table) -> dict[tuple[int, int], tuple[float, float]]:
    return {
        (row["ttl_s"], row["minimum_tokens"]): (
            row["low_tokens"] / row["input_tokens"],
            row["high_tokens"] / row["input_tokens"],
        )
        for row in table.to_pylist()
    }


def test_leading_blocks_seen_before_within_the_time(tmp_path: Path) -> None:
    """2,000 tokens of one prompt, sent four times; what is between is another prompt."""
    workspace = trace(
        tmp_path,
        [
            request(0, 2_000, [1, 2, 3, 4]),  # nothing is there yet
            request(1, 2_000, [1, 2, 3, 9]),  # 1,536 of three blocks
            request(2, 2_000, [8, 2, 3, 4]),  # the first block is new, so the others do not help
            request(300_001, 2_000, [1, 2, 3, 9]),  # exactly 300 s after its last use: 2,000, or 1,536 whole
            request(700_001, 2_000, [1, 2, 3, 9]),  # too late for 5 minutes, not for an hour
        ],
    )
    found = shares(workspace)
    assert found[300, 0] == (3_072 / 10_000, 3_536 / 10_000)
    assert found[3_600, 0] == (4_608 / 10_000, 5_536 / 10_000)
    assert found[300, 2_048] == (0, 0)
    low, high = hidden(workspace)[300, 0]
    assert (low, high) == (0, 6_000 / 10_000)  # of the five, the first and the last have none before them


def test_a_prompt_seen_at_the_same_moment_further_up_is_seen_before(tmp_path: Path) -> None:
    workspace = trace(tmp_path, [request(0, 1_024, [1, 2]), request(0, 1_024, [1, 2])])
    assert shares(workspace)[300, 1_024] == (0.5, 0.5)
    assert hidden(workspace)[300, 1_024][1] >= 0.5


def test_the_whole_conversation_trace(tmp_path: Path, samples_dir: Path) -> None:
    """Against a plain loop over the file; for the whole trace the published figures are known."""
    source = samples_dir / TRACE
    if not source.exists():
        source = Path(__file__).parent / "formats" / "mooncake_trace" / "conversation" / "input.jsonl"
    workspace = Workspace.open(tmp_path / "workspace")
    import_file(workspace, source)
    requests = [json.loads(line) for line in source.read_text(encoding="utf-8").splitlines()]
    found, blind = shares(workspace), hidden(workspace)
    for ttl_s in (300, 3_600):
        any_block, whole = by_loop(requests, ttl_s)
        assert found[ttl_s, 0][1] == pytest.approx(any_block, abs=1e-12)
        assert found[ttl_s, 1_024][0] == pytest.approx(whole, abs=1e-12)
        assert blind[ttl_s, 0][0] <= any_block <= blind[ttl_s, 0][1]
        assert blind[ttl_s, 1_024][0] <= whole <= blind[ttl_s, 1_024][1]
    if len(requests) == 12_031:
        rounded = [round(found[key][end], 3) for key, end in
                   (((300, 0), 1), ((3_600, 0), 1), ((300, 1_024), 0), ((3_600, 1_024), 0))]  # fmt: skip
        assert rounded == [0.293, 0.374, 0.264, 0.347]


def by_loop(requests: Sequence[Mapping[str, Any]], ttl_s: int) -> tuple[float, float]:
    """Any block, and whole blocks of hits of at least 1,024 tokens, as shares of the input."""
    seen: dict[int, int] = {}
    loose = strict = 0
    for one in requests:
        warm = 0
        for block in one["hash_ids"]:
            if block not in seen or one["timestamp"] - seen[block] > ttl_s * 1_000:
                break
            warm += 1
        seen.update(dict.fromkeys(one["hash_ids"], one["timestamp"]))
        loose += min(one["input_length"], warm * 512)
        whole = min(warm, one["input_length"] // 512) * 512
        strict += whole if whole >= 1_024 else 0
    total = sum(one["input_length"] for one in requests)
    return loose / total, strict / total


def test_bounds_hold_on_any_traffic(tmp_path: Path) -> None:
    """Random families of prompts: what hashes measure lies between what gaps alone allow."""
    luck = random.Random(5)  # noqa: S311 - a test, not a secret
    requests = []
    for at_ms in sorted(luck.randrange(2 * 3_600_000) for _ in range(400)):
        family, depth = luck.randrange(40), luck.randrange(1, 9)
        blocks = [family * 1_000 + i for i in range(depth)] + [luck.randrange(10**6, 10**7)]
        requests.append(request(at_ms, 512 * depth + luck.randrange(1, 513), blocks))
    workspace = trace(tmp_path, requests)
    found, blind = shares(workspace), hidden(workspace)
    for key, (low, high) in found.items():
        assert low <= high
        assert blind[key][0] <= low
        assert high <= blind[key][1]
    assert found[3_600, 0][1] == pytest.approx(by_loop(requests, 3_600)[0], abs=1e-12)


def logged(folder: Path, calls: Sequence[Mapping[str, Any]]) -> Workspace:
    """A workspace with a log in Lanewise's own format."""
    path = folder / "log.parquet"
    pq.write_table(pa.Table.from_pylist([dict(call) for call in calls]), path)
    workspace = Workspace.open(folder / "workspace")
    import_file(workspace, path)
    return workspace


def test_sessions_and_cache_reads_raise_the_low_end(tmp_path: Path) -> None:
    """Turns of 2,000, 3,000 and 4,000 tokens a minute apart: the 5,000 of the turns before, of 9,000."""
    start = datetime(2026, 11, 2)
    blank = {"provider": "anthropic", "model": "claude-sonnet-4-6", "workload": "agent", "output_tokens": 100}
    calls = [
        blank | {"call_id": f"c{i}", "ts": start + timedelta(minutes=i), "session": "s",
                 "input_tokens": 2_000 + 1_000 * i, "cache_read_tokens": 0}
        for i in range(3)
    ]  # fmt: skip
    five, hour = cache_potentials(logged(tmp_path, calls))
    assert (five.ttl_s, hour.ttl_s, five.basis, five.minimum_tokens) == (300, 3_600, "estimated", 1_024)
    # High: 2,100 + 3,100, the turn before with its answer.
    assert (five.low, five.high) == (Decimal(5_000) / 9_000, Decimal(5_200) / 9_000)
    assert five.sentence == (
        "A cache of 5 minutes could have read 55.6 % to 57.8 % of the input. Bounded by times and lengths "
        "alone, 2.2 % of the input wide; prefixes below 1,024 tokens, this model's minimum, count as none."
    )


def test_the_minimum_of_the_model_counts() -> None:
    assert published_minimum("anthropic", "claude-sonnet-4-6") == 1_024
    assert published_minimum("anthropic", "claude-haiku-4-5-20251001") == 4_096
    assert published_minimum("anthropic", "claude-opus-4-7") == 2_048
    assert published_minimum("anthropic", "claude-opus-5.5") == 512
    assert published_minimum("gemini", "gemini-2.5-flash") == 2_048
    assert published_minimum("openai", "gpt-4.1") == 1_024
    assert published_minimum("groq", "llama-3.3-70b-versatile") is None
    rows = [
        {"workload": "w", "provider": "anthropic", "model": "claude-haiku-4-5", "ttl_s": 300,
         "minimum_tokens": minimum, "n_calls": 5, "input_tokens": 10_000, "low_tokens": 9_000 - minimum,
         "high_tokens": 9_000}
        for minimum in prefixes.MINIMUMS
    ]  # fmt: skip
    (found,) = potentials(pa.Table.from_pylist(rows, prefixes.SHARED_SCHEMA), "measured")
    assert (found.minimum_tokens, found.minimum_known, found.low) == (4_096, True, Decimal("0.4904"))


def _potential(ttl_s: int, low: str, high: str) -> CachePotential:
    return CachePotential(
        "w", "anthropic", "m", ttl_s, Decimal(low), Decimal(high), "measured", 10, 10_000, 1_024, True, ""
    )


@pytest.mark.parametrize(
    ("five", "hour", "best"),
    [
        (("0.26", "0.29"), ("0.35", "0.37"), 300),  # 0.951 to 0.917 against 1.335 and 1
        (("0.00", "0.10"), ("0.10", "0.20"), 0),  # 1.135 at best, so no cache
        (("0.10", "0.15"), ("0.90", "0.95"), 3_600),  # 0.29 at worst
        (("0.00", "0.99"), ("0.00", "0.99"), None),  # bounds that leave it open
    ],
)
def test_five_minutes_or_an_hour(five: tuple[str, str], hour: tuple[str, str], best: int | None) -> None:
    """Reads at 0.1, writes at 1.25 and 2 times the input price."""
    choice = choose_ttl(
        [_potential(300, *five), _potential(3_600, *hour)],
        read=Decimal("0.1"),
        write={300: Decimal("1.25"), 3_600: Decimal(2)},
    )
    assert choice.best == best


def test_a_log_whose_requests_are_partly_known_is_not_measured(tmp_path: Path) -> None:
    first = [request(0, 1_024, [1, 2]), request(1, 1_024, [1, 3])]
    workspace = trace(tmp_path, first)
    trace(tmp_path, [*first, request(2, 1_024, [1, 2, 4])])
    assert len(workspace.dataset_ids()) == 2
    assert prefixes.measured(workspace)["n_calls"].to_pylist() == [2] * 10


def test_logs_without_hashes_keep_none(tmp_path: Path) -> None:
    workspace = logged(tmp_path, [{"call_id": "c", "ts": datetime(2026, 11, 2), "provider": "openai",
                                   "model": "gpt-4.1", "input_tokens": 5, "output_tokens": 1}])  # fmt: skip
    assert not list((workspace.path / "datasets").glob("*/prefixes.parquet"))
    assert prefixes.measured(workspace).num_rows == 0
