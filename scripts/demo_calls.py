"""The calls of the demo, and the cache hits that their real prefixes give them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime, timedelta
from typing import Final, NamedTuple

import pyarrow as pa

from scripts.demo_traces import FIRST_DAY, Row

BLOCK_TOKENS: Final = 512
"""Tokens of one Mooncake prefix block."""
CACHE_TTL: Final = timedelta(minutes=5)


@dataclass(frozen=True)
class Call:
    """One row of a demo file; the names are those of the call record."""

    call_id: str
    ts: datetime
    provider: str
    model: str
    workload: str | None
    session: str | None = None
    input_tokens: int | None = None
    cache_read_tokens: int | None = None
    cache_write_tokens: int | None = None
    output_tokens: int | None = None
    tier: str = "standard"
    status: str = "ok"
    latency_ms: int | None = None
    streamed: bool | None = None
    batch_id: str | None = None
    custom_id: str | None = None


_ARROW_TYPES: Final = {"ts": pa.timestamp("ms"), "streamed": pa.bool_()}
_NUMBERS: Final = ("_tokens", "_ms")

SCHEMA: Final = pa.schema(
    [
        (name, _ARROW_TYPES.get(name, pa.int64() if name.endswith(_NUMBERS) else pa.string()))
        for name in (field.name for field in fields(Call))
    ]
)


def numbered(prefix: str, calls: Iterable[Call]) -> list[Call]:
    """The calls in time order, with ids that count up."""
    ordered = sorted(calls, key=lambda call: call.ts)
    return [replace(call, call_id=f"{prefix}-{i:06d}") for i, call in enumerate(ordered, start=1)]


class Prompt(NamedTuple):
    """A call whose prefix blocks are known."""

    call: Call
    blocks: tuple[int, ...]


def always(_: Call) -> bool:
    """Every possible hit is one."""
    return True


def with_prefix_cache(
    prompts: Iterable[Prompt],
    *,
    minimum_tokens: int,
    writes_billed: bool = False,
    hit: Callable[[Call], bool] = always,
) -> list[Call]:
    """The calls with the cache reads (and billed writes) that their prefixes would have had.

    A block is warm for five minutes after any call that carried it. Fewer than `minimum_tokens` in a
    row are not cached. `hit` may turn a possible hit into a miss.
    """
    last_seen: dict[int, datetime] = {}
    calls = []
    for call, blocks in sorted(prompts, key=lambda prompt: prompt.call.ts):
        total = call.input_tokens or 0
        warm = 0
        for block in blocks:
            if block not in last_seen or call.ts - last_seen[block] > CACHE_TTL:
                break
            warm += 1
        last_seen.update(dict.fromkeys(blocks, call.ts))
        read = min(warm * BLOCK_TOKENS, total)
        if read < minimum_tokens or not hit(call):
            read = 0
        cacheable = total // BLOCK_TOKENS * BLOCK_TOKENS
        written = max(0, cacheable - read) if writes_billed and cacheable >= minimum_tokens else 0
        calls.append(replace(call, cache_read_tokens=read, cache_write_tokens=written))
    return calls


def family_hit_share(family: Sequence[Row]) -> float:
    """Share of a family's input that finds its prefix warm when the family runs alone."""
    alone = Call("", FIRST_DAY, "", "", None)
    prompts = [
        Prompt(replace(alone, ts=FIRST_DAY + row.offset, input_tokens=row.input_tokens), row.blocks)
        for row in family
    ]
    cached = with_prefix_cache(prompts, minimum_tokens=0)
    return sum(call.cache_read_tokens or 0 for call in cached) / sum(row.input_tokens for row in family)
