"""How the demo is made from the traces: dealing, cache hits from prefixes, and the same bytes again."""

import json
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from scripts.build_demo import agent_evaluations, build, sha256, taken
from scripts.demo_calls import Call, Prompt, with_prefix_cache
from scripts.demo_traces import (
    DAYS,
    FIRST_DAY,
    SOURCES,
    Row,
    dealt,
    hourly,
    read_arxiv,
    read_azure,
    read_mooncake,
)

MINUTE = timedelta(minutes=1)
DEMO_FOLDER = Path(__file__).resolve().parent.parent / "data" / "samples" / "demo"


def test_dealing_uses_every_card_before_any_comes_again() -> None:
    cards = list(range(10))
    deck = dealt(cards, "test")
    first, second = [[next(deck) for _ in cards] for _ in range(2)]
    assert sorted(first) == cards
    assert first == second
    assert first != cards
    assert [next(dealt(cards, "another")) for _ in cards] != first


def test_hours_follow_the_profile_and_the_week() -> None:
    weights = [1] * 12 + [3] * 12
    hours = dict(hourly(480, 0.5, weights))
    assert len(hours) == DAYS * 24
    assert hours[datetime.fromisoformat("2026-11-02 00:00")] == 10  # 480 x 1 / 48
    assert hours[datetime.fromisoformat("2026-11-06 23:00")] == 30
    assert hours[datetime.fromisoformat("2026-11-07 23:00")] == 15  # a Saturday
    assert sum(hours.values()) == 480 * 10 + 240 * 4


def prompt(minutes: int, blocks: tuple[int, ...], tokens: int) -> Prompt:
    return Prompt(Call("", FIRST_DAY + minutes * MINUTE, "p", "m", "w", input_tokens=tokens), blocks)


def test_a_prefix_is_warm_for_five_minutes_after_its_last_use() -> None:
    calls = with_prefix_cache(
        [
            prompt(0, (1, 2, 3), 1400),
            prompt(5, (1, 2, 4), 1500),  # two blocks warm
            prompt(10, (1, 2, 3), 1400),  # kept warm by the call before; block 3 is ten minutes old
            prompt(16, (1, 2, 3), 1400),  # cold
            prompt(17, (9, 2, 3), 1400),  # a prefix begins at the beginning
            prompt(18, (1, 2, 3), 1400),  # the whole prompt, and no more than it has
        ],
        minimum_tokens=1024,
    )
    assert [call.cache_read_tokens for call in calls] == [0, 1024, 1024, 0, 0, 1400]
    assert [call.cache_write_tokens for call in calls] == [0] * 6


def test_writes_are_the_other_whole_blocks_where_they_are_billed() -> None:
    calls = with_prefix_cache(
        [prompt(0, (1, 2, 3), 1400), prompt(1, (1, 2, 4, 5), 1900), prompt(2, (8,), 600)],
        minimum_tokens=1024,
        writes_billed=True,
    )
    assert [(call.cache_read_tokens, call.cache_write_tokens) for call in calls] == [
        (0, 1024),
        (1024, 512),
        (0, 0),
    ]


def test_too_short_a_prefix_and_a_missed_hit_read_nothing() -> None:
    short = with_prefix_cache([prompt(0, (1,), 600), prompt(1, (1, 2), 900)], minimum_tokens=1024)
    assert [call.cache_read_tokens for call in short] == [0, 0]
    twice = [prompt(0, (1, 2), 1024), prompt(1, (1, 2), 1024)]
    missed = with_prefix_cache(twice, minimum_tokens=0, hit=lambda _: False)
    assert [call.cache_read_tokens for call in missed] == [0, 0]


def test_families_are_taken_whole() -> None:
    families = iter([[Row(MINUTE, 1, 1)] * 3, [Row(MINUTE, 2, 2)] * 4, [Row(MINUTE, 3, 3)]])
    assert [len(family) for family in taken(families, 5)] == [3, 4]
    assert taken(families, 0) == []


def span(start: str, tokens: int, chars: int, **changes: object) -> dict[str, object]:
    return {
        "start_time_iso": f"2026-04-{start}+00:00",
        "session_id": "s",
        "tool_definitions_chars": 7,
        "input_messages_chars": chars,
        "input_tokens": tokens,
        "output_tokens": 5,
        "duration_ms": 1500.6,
        "is_error": False,
    } | changes


def test_an_agent_reads_what_its_session_sent_before() -> None:
    calls = agent_evaluations(
        [
            span("19T10:00:00", 9000, 1),  # a Sunday: before the first day, so in the second week only
            span("20T10:00:00.123456", 2000, 10),
            span("20T10:01:00", 3000, 20),
            span("20T10:02:00", 0, 30, is_error=True, output_tokens=0, duration_ms=0.0),
            span("20T10:03:00", 2500, 40),  # shrunk: not the same history
            span("20T10:04:00", 4000, 50, session_id="other"),
            span("20T10:09:00", 2600, 50),  # six minutes later: cold
        ]
    )
    assert len(calls) == 6 + 7
    monday = [call for call in calls if call.ts < FIRST_DAY + timedelta(days=5)]
    assert [(c.input_tokens, c.cache_read_tokens, c.cache_write_tokens) for c in monday] == [
        (2000, 0, 2000),
        (3000, 2000, 1000),
        (None, None, None),
        (2500, 0, 2500),
        (4000, 0, 4000),
        (2600, 0, 2600),
    ]
    assert monday[0].ts == datetime.fromisoformat("2026-11-02 10:00:00.123")
    assert (monday[0].latency_ms, monday[2].latency_ms, monday[2].status) == (1501, None, "error")
    assert calls[6].ts == datetime.fromisoformat("2026-11-08 10:00:00")
    assert len({call.call_id for call in calls}) == 13


def test_the_traces_are_read_as_they_are_written(tmp_path: Path) -> None:
    azure = tmp_path / "azure.csv"
    azure.write_text(
        "TIMESTAMP,ContextTokens,GeneratedTokens\n"
        "2023-11-16 18:15:46.6805900,374,44\n"
        "2023-11-16 18:15:50.9951690,396,109\n",
        encoding="utf-8",
    )
    assert read_azure(azure) == [
        Row(timedelta(0), 374, 44),
        Row(timedelta(seconds=4, milliseconds=315), 396, 109),
    ]
    mooncake = tmp_path / "mooncake.jsonl"
    rows = [(0, [0, 1]), (500, [0, 2]), (1000, [0, 1, 3])]
    mooncake.write_text(
        "\n".join(
            json.dumps({"timestamp": ms, "input_length": 900, "output_length": 9, "hash_ids": ids})
            for ms, ids in rows
        ),
        encoding="utf-8",
    )
    assert [[row.blocks for row in family] for family in read_mooncake(mooncake)] == [
        [(0, 1), (0, 1, 3)],
        [(0, 2)],
    ]
    arxiv = tmp_path / "arxiv.csv"
    arxiv.write_text("num_prefill_tokens,num_decode_tokens,pd_ratio\n3772,54,69.8\n", encoding="utf-8")
    assert read_arxiv(arxiv) == [Row(timedelta(0), 3772, 54)]


def test_the_shipped_files_come_from_the_traces(samples_dir: Path, tmp_path: Path) -> None:
    traces = samples_dir / "traces"
    if not all((traces / name).is_file() for name in SOURCES.values()):
        pytest.skip("the public traces are not on this machine; the shipped files are tested without them")
    shipped = json.loads((DEMO_FOLDER / "manifest.json").read_text(encoding="utf-8"))
    assert {name: sha256(traces / name) for name in shipped["sources"]} == shipped["sources"]
    made = build(traces, tmp_path)
    for name in shipped["files"]:
        if name.endswith(".parquet"):
            assert pq.read_table(tmp_path / name).equals(pq.read_table(DEMO_FOLDER / name))
    if made["pyarrow"] == shipped["pyarrow"] == pa.__version__:
        assert made == shipped
