"""One edit of a price to a new analysis, and the engine against a loop over the calls."""

from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import duckdb

from benchmarks.timing import seconds
from pricing.cost import lane_costs
from pricing.table import PriceTable
from reports.workbench import Workbench
from tests.make_calls import write_calls

_AS_OF = datetime(2026, 11, 20)
_LOOP_CALLS = 20_000


def measure(folder: Path, calls: int) -> Iterator[str]:
    """The analysis on the cube, and pricing a call through the cube against a Python loop."""
    bench = Workbench.open(folder / "priced")
    source = write_calls(folder / "priced.parquet", calls)
    bench.import_file(source)
    cube = bench.cube()
    prices = bench.prices()
    whole = seconds(lambda: bench.analysis(_AS_OF))
    yield f"analysis of {calls:,} calls ({cube.num_rows:,} cube rows)  {whole:.3f} s"

    def engine() -> None:
        lane_costs(cube, prices, group_by=("workload",), as_of=_AS_OF, undated_as_of=_AS_OF)

    with duckdb.connect(":memory:") as connection:
        rows = connection.execute(
            "SELECT provider, model, input_tokens, cache_read_tokens, output_tokens "
            f"FROM read_parquet(?) WHERE input_tokens IS NOT NULL LIMIT {_LOOP_CALLS}",
            [str(source)],
        ).fetchall()
    per_call_engine = seconds(engine) / calls
    per_call_loop = seconds(lambda: _loop(prices, rows), runs=1) / len(rows)
    yield (
        f"nine lanes a call through the cube: {per_call_loop / per_call_engine:,.0f}x faster than a loop "
        "that prices one lane a call in Decimal"
    )


def _loop(prices: PriceTable, rows: list[tuple[str, str, int, int, int]]) -> Decimal:
    total = Decimal(0)
    for provider, model, tokens_in, read, out in rows:
        for row in prices.rows_for(provider, model):
            if row.tier == "standard" and row.min_prompt_tokens == 0 and row.covers(_AS_OF):
                cached = row.cache_read_usd_per_mtok or row.input_usd_per_mtok or Decimal(0)
                total += (tokens_in - read) * (row.input_usd_per_mtok or Decimal(0)) + read * cached
                total += out * (row.output_usd_per_mtok or Decimal(0))
                break
    return total
