"""Pricing through the cube: a million rows in one statement, one edit to a new analysis, and a call
against the loops of litellm and genai-prices over the same calls."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

import duckdb
import pyarrow as pa

from benchmarks import oracles
from benchmarks.timing import seconds
from data.cube import usage_cube
from pricing.cost import ALL_LANES, lane_costs
from pricing.table import PriceTable
from reports.workbench import Workbench
from tests.make_calls import write_calls

_AS_OF = datetime(2026, 11, 20)
_DAYS = 90
_ROWS = 1_000_000
_LOOP_CALLS = 2_000


def measure(folder: Path, calls: int) -> Iterator[str]:
    """The analysis after an edit, a million cube rows, and the engine against the loops."""
    bench = Workbench.open(folder / "priced")
    source = write_calls(folder / "priced.parquet", calls, days=_DAYS)
    bench.import_file(source)
    cube, prices = bench.cube(), bench.prices()
    yield from _edit(bench, f"{calls:,} calls over {_DAYS} days, {cube.num_rows:,} cube rows")
    yield from _million(cube, prices)
    priced = seconds(lambda: _lanes(cube, prices)) / calls
    rolled = seconds(lambda: _from_calls(bench, prices)) / calls
    yield from oracles.compare(_calls(source), priced=priced, rolled=rolled)


def _edit(bench: Workbench, what: str) -> Iterator[str]:
    bench.analysis(_AS_OF)
    prices = count(1)

    def edit() -> None:
        row = {
            "provider": "openai",
            "model": "gpt-4.1",
            "tier": "standard",
            "valid_from": "2026-11-01",
            "input_usd_per_mtok": f"2.{next(prices)}",
            "cache_read_usd_per_mtok": "0.5",
            "output_usd_per_mtok": "8",
        }
        bench.apply_prices(bench.check_prices([row]).rows, author="bench", note="")
        bench.analysis(_AS_OF)

    yield f"one edit to a new analysis ({what})  {seconds(edit) * 1000:,.0f} ms"
    bench.reset_prices(author="bench")


def _million(cube: pa.Table, prices: PriceTable) -> Iterator[str]:
    """The cube's rows over and over, each at its own hour: nothing of it can be summed before."""
    big = pa.concat_tables([cube] * (_ROWS // cube.num_rows + 1)).slice(0, _ROWS)
    for name, as_of in (("each row at its own hour", None), ("all at one date", _AS_OF)):
        taken = seconds(lambda as_of=as_of: _lanes(big, prices, as_of))  # type: ignore[misc]
        yield f"{_ROWS:,} cube rows x {len(ALL_LANES)} lanes, {name}  {taken:.2f} s"


def _lanes(cube: pa.Table, prices: PriceTable, as_of: datetime | None = None) -> None:
    lane_costs(cube, prices, group_by=("workload",), as_of=as_of, undated_as_of=_AS_OF)


def _from_calls(bench: Workbench, prices: PriceTable) -> None:
    """The same with the roll-up of the calls, as after an import."""
    for manifest in bench.workspace.datasets():
        shutil.rmtree(bench.workspace.cache_path(manifest.dataset_id), ignore_errors=True)
        bench.workspace.cache_path(manifest.dataset_id).mkdir(parents=True, exist_ok=True)
    _lanes(usage_cube(bench.workspace, prices.thresholds()), prices)


def _calls(source: Path) -> list[oracles.Call]:
    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(
            "SELECT provider, model, tier, ts, input_tokens, cache_read_tokens, cache_write_tokens, "
            f"output_tokens FROM read_parquet(?) WHERE input_tokens IS NOT NULL LIMIT {_LOOP_CALLS}",
            [str(source)],
        ).fetchall()
    return [oracles.Call(*row) for row in rows]
