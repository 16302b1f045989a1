"""The cost of every lane for a usage cube: rate vectors and one formula, in one SQL statement."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import duckdb
import pyarrow as pa

from pricing.discounts import FACTOR_SCALE
from pricing.errors import PricingError
from pricing.lanes import UNSETTLED, LaneRate, lane_rates
from pricing.model import AS_BILLED, BEGINNING, LANES, PRICE_DIGITS, PRICE_SCALE, ClockHours
from pricing.table import PriceTable

GROUP_COLUMNS: Final[Mapping[str, str]] = {
    **{
        column: f"cube.{column}"
        for column in (
            "hour_utc",
            "provider",
            "model",
            "workload",
            "tier",
            "prompt_band",
            "status",
            "grain",
            "source_format",
            "dataset_id",
        )
    },
    "day_utc": "cast(cube.hour_utc as date)",
    "as_of": "asked.as_of",
}
"""What costs can be grouped by -> its expression over the cube."""

REPORTED: Final = "reported_cost_usd"
"""The cube's column of what the source said; a cube without it has no reported cost."""

ALL_LANES: Final = (*LANES, AS_BILLED)

REASONING: Final = "reasoning_tokens"
"""The cube's column of tokens spent on thinking; a cube without it has no call that thought."""

ENDS: Final = "last_ts"
"""The cube's column of when a bucket ends; of a cube without it no bucket is known to be one whole hour."""

_NOT_OF_THE_CUBE: Final = ("day_utc", "as_of")

_CUBE_COLUMNS: Final = (
    "hour_utc",
    "provider",
    "model",
    "tier",
    "prompt_band",
    "status",
    "grain",
    "n_requests",
    "n_unmetered",
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cache_write_long_tokens",
    "output_tokens",
)

_SQL: Final = (Path(__file__).parent / "sql" / "lane_costs.sql").read_text(encoding="utf-8")
COST_SCALE: Final = PRICE_SCALE + FACTOR_SCALE
"""Decimal places of a micro-dollar: a price times its discounts, so that nothing is rounded."""

_PRICE: Final = pa.decimal128(PRICE_DIGITS + FACTOR_SCALE, COST_SCALE)
_TIMESTAMP: Final = pa.timestamp("us")
_ONE_AT_A_TIME: Final = Lock()
"""Relations are registered by name, and a connection serves one thread."""


def lane_costs(
    cube: pa.Table,
    prices: PriceTable,
    *,
    group_by: Sequence[str],
    as_of: datetime | Sequence[datetime] | None,
    undated_as_of: datetime,
    lanes: Sequence[str] = ALL_LANES,
) -> pa.Table:
    """What each group of calls costs in each lane and as billed, in exact micro-dollars.

    Args:
        cube: the usage cube; `prompt_band` must come from `prices.thresholds()`.
        prices: the table to price with.
        group_by: columns of `GROUP_COLUMNS`; empty gives one total a lane.
        as_of: price everything at this instant (naive UTC), or at each of several, told apart by the
            group column `as_of`; None prices each row at its own hour.
        undated_as_of: the instant for rows without a time when `as_of` is None.
        lanes: which of the eight lanes and `as_billed` to price, in the order of the result.

    Returns:
        One row a group and lane: the group columns, lane,
        n_requests, n_unmetered, n_failed_unmetered, n_priced, the five token sums, priced_tokens,
        reported_usd and priced_reported_usd (DECIMAL(38,12), NULL where the source said nothing),
        cost_micro_usd DECIMAL(38,17), reason. `n_priced` counts metered calls with a price; failed
        calls without tokens cost nothing and are counted in `n_failed_unmetered` alone. A cost
        with a reason is partial; a NULL cost is unknown. `tokens_unknown` beside a cost means that
        the calls without counts are not in it.

    Raises:
        PricingError: an unknown lane or group column, or a cube without the columns needed.
    """
    _check(cube, group_by, lanes)
    asked = [as_of] if as_of is None or isinstance(as_of, datetime) else list(as_of)
    if len(asked) > 1 and "as_of" not in group_by:
        raise PricingError("Several instants in one sum", "Group by as_of to price at more than one instant.")
    models = _logged_models(cube)
    rates = [rate for rate in lane_rates(prices, models) if rate.lane in lanes]
    relations = {
        "cube": cube,
        "rate": _rate_relation(rates),
        "instant": _instant_relation(rates),
        "clock": _clock_relation(prices, models),
        "asked": pa.table({"as_of": pa.array(asked, _TIMESTAMP)}),
    }
    connection = _connection()
    with _ONE_AT_A_TIME:
        for name, relation in relations.items():
            connection.register(name, relation)
        try:
            return connection.sql(
                _statement(group_by, cube.column_names),
                params={"undated_as_of": undated_as_of, "lanes": list(lanes)},
            ).to_arrow_table()
        finally:
            for name in relations:
                connection.unregister(name)


@cache
def _connection() -> duckdb.DuckDBPyConnection:
    """The engine of this module alone: in memory, no files, no network, nothing of a workspace."""
    connection = duckdb.connect(config={"threads": 2, "memory_limit": "1GB"})
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _check(cube: pa.Table, group_by: Sequence[str], lanes: Sequence[str]) -> None:
    if not set(lanes) <= set(ALL_LANES):
        raise PricingError(
            "Unknown lane", f"Lanes are {', '.join(ALL_LANES)}; asked for: {', '.join(lanes)}."
        )
    unknown = [column for column in group_by if column not in GROUP_COLUMNS]
    if unknown or len(set(group_by)) != len(group_by):
        raise PricingError(
            "Costs cannot be grouped like that",
            f"Group by any of {', '.join(GROUP_COLUMNS)}, each once; asked for: {', '.join(group_by)}.",
        )
    needed = {*_CUBE_COLUMNS, *(column for column in group_by if column not in _NOT_OF_THE_CUBE)}
    missing = sorted(needed - set(cube.column_names))
    if missing:
        raise PricingError("Not a usage cube", f"The table lacks the columns {', '.join(missing)}.")


def _logged_models(cube: pa.Table) -> list[tuple[str, str]]:
    pairs = cube.select(["provider", "model"]).group_by(["provider", "model"]).aggregate([])
    return sorted((row["provider"], row["model"]) for row in pairs.to_pylist())


def _statement(group_by: Sequence[str], columns: Sequence[str]) -> str:
    """The statement with its lists of group columns; every name is from `GROUP_COLUMNS`."""
    names = {f"g{position}": column for position, column in enumerate(group_by)}
    lists = {
        "{group_derived}": "".join(f"{GROUP_COLUMNS[column]} as {name}, " for name, column in names.items()),
        "{group_inner}": "".join(f"called.{name}, " for name in names),
        "{group_inner_usage}": "".join(f"usage.{name} as {column}, " for name, column in names.items()),
        "{group_exclude}": "".join(f"{name}, " for name in names),
        "{group_outer}": "".join(f"{column}, " for column in group_by),
        "{reported}": f"cube.{REPORTED}" if REPORTED in columns else "cast(null as decimal(38, 12))",
        "{hour_known}": "cube.grain = 'call'"
        + (f" or cube.{ENDS} = cube.hour_utc + interval 1 hour" if ENDS in columns else ""),
        "{thinking}": f"coalesce(cube.{REASONING}, 0) > 0" if REASONING in columns else "false",
        "{group_order}": "".join(f"{column} nulls last, " for column in group_by),
    }
    statement = _SQL
    for place, text in lists.items():
        statement = statement.replace(place, text)
    return statement


def _rate_relation(rates: Sequence[LaneRate]) -> pa.Table:
    columns: dict[str, tuple[str, Any]] = {
        "provider": ("provider", pa.string()),
        "model": ("model", pa.string()),
        "lane": ("lane", pa.string()),
        "tier": ("tier", pa.string()),
        "min_prompt_tokens": ("min_prompt_tokens", pa.int64()),
        "max_prompt_tokens": ("max_prompt_tokens", pa.int64()),
        "valid_from": ("valid_from", _TIMESTAMP),
        "valid_to": ("valid_to", _TIMESTAMP),
        "input": ("input_usd_per_mtok", _PRICE),
        "cache_read": ("cache_read_usd_per_mtok", _PRICE),
        "cache_write": ("cache_write_usd_per_mtok", _PRICE),
        "cache_write_long": ("cache_write_long_usd_per_mtok", _PRICE),
        "output": ("output_usd_per_mtok", _PRICE),
        "reason": ("reason", pa.string()),
        "cache_reason": ("cache_reason", pa.string()),
        "thinking_apart": ("thinking_apart", pa.bool_()),
    }
    return pa.table(
        {
            name: pa.array([getattr(rate, field) for rate in rates], kind)
            for name, (field, kind) in columns.items()
        }
    )


def _instant_relation(rates: Sequence[LaneRate]) -> pa.Table:
    changes = {at for rate in rates for at in (rate.valid_from, rate.valid_to) if at is not None}
    return pa.table({"began": pa.array([BEGINNING, *sorted(changes)], _TIMESTAMP)})


def _clock_relation(prices: PriceTable, models: Sequence[tuple[str, str]]) -> pa.Table:
    """The billed tier of each hour of the week, and weekday 0 for calls whose hour is unknown."""
    rows: list[dict[str, Any]] = []
    for provider, model in models:
        for period, hours in _by_period(prices.clock(provider, model)).items():
            billed = {
                (weekday, hour): found.billed
                for found in hours
                for weekday in range(found.weekday_first, found.weekday_last + 1)
                for hour in range(found.hour_from, found.hour_to)
            }
            billed[0, 0] = UNSETTLED
            rows.extend(
                {
                    "provider": provider,
                    "model": model,
                    "valid_from": period[0],
                    "valid_to": period[1],
                    "weekday": weekday,
                    "hour": hour,
                    "billed": tier,
                }
                for (weekday, hour), tier in billed.items()
            )
    return pa.Table.from_pylist(
        rows,
        schema=pa.schema(
            [
                ("provider", pa.string()),
                ("model", pa.string()),
                ("valid_from", _TIMESTAMP),
                ("valid_to", _TIMESTAMP),
                ("weekday", pa.int64()),
                ("hour", pa.int64()),
                ("billed", pa.string()),
            ]
        ),
    )


def _by_period(
    clock: Sequence[ClockHours],
) -> dict[tuple[datetime | None, datetime | None], list[ClockHours]]:
    periods: dict[tuple[datetime | None, datetime | None], list[ClockHours]] = {}
    for hours in clock:
        periods.setdefault((hours.valid_from, hours.valid_to), []).append(hours)
    return periods
