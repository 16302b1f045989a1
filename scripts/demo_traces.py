"""The public traces behind the demo, and how their rows are spread over two weeks."""

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

T = TypeVar("T")

SEED: Final = 20261102
FIRST_DAY: Final = datetime.fromisoformat("2026-11-02")  # a Monday
DAYS: Final = 14

SOURCES: Final = {
    "conv": "azure2023/AzureLLMInferenceTrace_conv.csv",
    "code": "azure2023/AzureLLMInferenceTrace_code.csv",
    "mooncake": "mooncake/conversation_trace.jsonl",
    "agents": "exgentic_agent/swebench_claude_code_shard12.jsonl",
    "arxiv": "vidur/arxiv_summarization_stats_llama2_tokenizer_filtered_v2.csv",
}

OFFICE: Final = (0, 0, 0, 0, 0, 0, 1, 3, 7, 10, 10, 9, 8, 9, 10, 10, 9, 7, 4, 2, 1, 1, 0, 0)
ALL_DAY: Final = (2, 2, 1, 1, 1, 2, 3, 5, 7, 9, 10, 10, 9, 9, 10, 10, 9, 8, 7, 6, 6, 5, 4, 3)
FLAT: Final = (1,) * 24
"""Weights of the 24 hours of a day, UTC."""


class Row(NamedTuple):
    """A trace row without its date: where it falls within its hour, and its token counts."""

    offset: timedelta
    input_tokens: int
    output_tokens: int
    blocks: tuple[int, ...] = ()


def read_azure(path: Path) -> list[Row]:
    """An hour of Azure production calls; offsets count from the trace's first call."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            (
                datetime.fromisoformat(row["TIMESTAMP"][:23]),
                int(row["ContextTokens"]),
                int(row["GeneratedTokens"]),
            )
            for row in csv.DictReader(file)
        ]
    start = min(at for at, _, _ in rows)
    return [Row(at - start, read, written) for at, read, written in rows]


def read_mooncake(path: Path) -> list[list[Row]]:
    """An hour of chat in families that share their second prefix block; all share the first."""
    families: dict[int, list[Row]] = defaultdict(list)
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        blocks = tuple(row["hash_ids"])
        families[blocks[1] if len(blocks) > 1 else blocks[0]].append(
            Row(timedelta(milliseconds=row["timestamp"]), row["input_length"], row["output_length"], blocks)
        )
    return list(families.values())


def read_arxiv(path: Path) -> list[Row]:
    """Lengths of paper summaries; the source has no times, so offsets are zero."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Row(timedelta(0), int(row["num_prefill_tokens"]), int(row["num_decode_tokens"]))
            for row in csv.DictReader(file)
        ]


def read_agents(path: Path) -> list[dict[str, Any]]:
    """Agent calls in time order."""
    spans = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return sorted(spans, key=lambda span: (span["start_time_s"], span["span_id"]))


def dealt(cards: Sequence[T], purpose: str) -> Iterator[T]:
    """Endless rounds through one shuffle of the cards; nothing comes twice within a round."""
    order = sorted(range(len(cards)), key=lambda i: hashlib.sha256(f"{SEED}/{purpose}/{i}".encode()).digest())
    while order:
        for i in order:
            yield cards[i]


def hourly(per_weekday: int, weekend: float, weights: Sequence[int]) -> Iterator[tuple[datetime, int]]:
    """Each hour of the two weeks with how many calls it gets."""
    for day in range(DAYS):
        total = per_weekday * (weekend if day % 7 >= 5 else 1.0)
        for hour, weight in enumerate(weights):
            yield FIRST_DAY + timedelta(days=day, hours=hour), round(total * weight / sum(weights))
