"""Price rows and cube tables for the pricing tests, in as few words as a test should need."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa

from pricing.cost import lane_costs
from pricing.model import PriceRow
from pricing.table import PriceTable

TODAY = datetime.fromisoformat("2026-11-21")

_CUBE_TYPES: Mapping[str, pa.DataType] = {
    "hour_utc": pa.timestamp("us"),
    "provider": pa.string(),
    "model": pa.string(),
    "workload": pa.string(),
    "tier": pa.string(),
    "prompt_band": pa.int64(),
    "status": pa.string(),
    "grain": pa.string(),
    "source_format": pa.string(),
    "dataset_id": pa.string(),
    "n_requests": pa.int64(),
    "n_unmetered": pa.int64(),
    "input_tokens": pa.int64(),
    "cache_read_tokens": pa.int64(),
    "cache_write_tokens": pa.int64(),
    "cache_write_long_tokens": pa.int64(),
    "output_tokens": pa.int64(),
    "reasoning_tokens": pa.int64(),
    "last_ts": pa.timestamp("us"),
}
_CUBE_DEFAULTS: Mapping[str, Any] = {
    "hour_utc": TODAY,
    "provider": "anthropic",
    "model": "claude-sonnet-4-5",
    "workload": "w",
    "tier": "standard",
    "prompt_band": 0,
    "status": "ok",
    "grain": "call",
    "source_format": "test",
    "dataset_id": "d",
    "n_requests": 1,
    "n_unmetered": 0,
    "input_tokens": 0,
    "cache_read_tokens": 0,
    "cache_write_tokens": 0,
    "cache_write_long_tokens": 0,
    "output_tokens": 0,
    "reasoning_tokens": None,
    "last_ts": None,
}


def at(text: str) -> datetime:
    """An instant from `2026-08-17` or `2026-08-17T16:00`, naive UTC."""
    return datetime.fromisoformat(text)


def cube(*rows: Mapping[str, Any]) -> pa.Table:
    """A usage cube; what a row leaves out is one ok standard call of today without tokens."""
    filled = [{**_CUBE_DEFAULTS, **row} for row in rows]
    return pa.table(
        {name: pa.array([row[name] for row in filled], kind) for name, kind in _CUBE_TYPES.items()}
    )


def price_row(
    prices: str = "", *, tier: str = "standard", band: int = 0, rule: str | None = None, **fields: Any
) -> PriceRow:
    """A row from `input / read / write / write_long / output` with `-` for none (`3 / - / - / - / 15`)."""
    cells = [None if cell in ("", "-") else Decimal(cell) for cell in prices.replace(" ", "").split("/")]
    cells += [None] * (5 - len(cells))
    values = {
        "provider": "acme",
        "model": "m",
        "tier": tier,
        "min_prompt_tokens": band,
        "input_usd_per_mtok": cells[0],
        "cache_read_usd_per_mtok": cells[1],
        "cache_write_usd_per_mtok": cells[2],
        "cache_write_long_usd_per_mtok": cells[3],
        "output_usd_per_mtok": cells[4],
        "cache_rule": rule or ("none" if cells[1] is None else "priced"),
        "source_kind": "override",
        "source": "test",
        "checked_on": date.fromisoformat("2026-11-21"),
        "confidence": "high",
    }
    return PriceRow.model_validate(values | fields)


def costs(
    rows: Iterable[Mapping[str, Any]] | pa.Table,
    table: PriceTable | None = None,
    *,
    as_of: datetime | None = TODAY,
    undated_as_of: datetime = TODAY,
    group_by: Sequence[str] = (),
) -> dict[Any, dict[str, Any]]:
    """Lane -> result row; with group columns, (group values..., lane) -> result row."""
    usage = rows if isinstance(rows, pa.Table) else cube(*rows)
    found = lane_costs(
        usage,
        table or PriceTable.shipped(),
        group_by=group_by,
        as_of=as_of,
        undated_as_of=undated_as_of,
    ).to_pylist()
    return {
        (*(row[column] for column in group_by), row["lane"]) if group_by else row["lane"]: row
        for row in found
    }


def usd(row: Mapping[str, Any]) -> Decimal | None:
    """A result row's cost in dollars, exact."""
    cost: Decimal | None = row["cost_micro_usd"]
    return None if cost is None else cost.scaleb(-6)
