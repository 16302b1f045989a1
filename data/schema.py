"""The call record: one row a call, or one row a bucket of calls, the same for every format.

Everything that names a column of `calls/*.parquet` takes the name from here. Token semantics:
`input_tokens` is the total, cached parts included; `cache_read`, `cache_write` and
`cache_write_long` are disjoint parts of it; reasoning is inside output. Times are UTC
`TIMESTAMP`s; money is DECIMAL.
"""

from dataclasses import dataclass
from typing import Final, Literal

Tier = Literal["standard", "batch", "flex", "priority", "ultrafast", "offpeak"]
Status = Literal["ok", "error", "expired", "cancelled"]
Grain = Literal["call", "bucket"]
TokenBasis = Literal["inclusive", "exclusive", "ambiguous", "declared"]

TIERS: Final[tuple[Tier, ...]] = ("standard", "batch", "flex", "priority", "ultrafast", "offpeak")
STATUSES: Final[tuple[Status, ...]] = ("ok", "error", "expired", "cancelled")
TOKEN_BASES: Final[tuple[TokenBasis, ...]] = ("inclusive", "exclusive", "ambiguous", "declared")

UNATTRIBUTED: Final = "(unattributed)"
"""The workload of a call that nothing names; never null, never guessed."""

COLUMNS: Final[dict[str, str]] = {
    "call_id": "VARCHAR",
    "ts": "TIMESTAMP",
    "ts_end": "TIMESTAMP",
    "provider": "VARCHAR",
    "model": "VARCHAR",
    "model_raw": "VARCHAR",
    "workload": "VARCHAR",
    "session": "VARCHAR",
    "input_tokens": "BIGINT",
    "cache_read_tokens": "BIGINT",
    "cache_write_tokens": "BIGINT",
    "cache_write_long_tokens": "BIGINT",
    "output_tokens": "BIGINT",
    "reasoning_tokens": "BIGINT",
    "tier": "VARCHAR",
    "status": "VARCHAR",
    "latency_ms": "BIGINT",
    "ttft_ms": "BIGINT",
    "streamed": "BOOLEAN",
    "deadline_s": "BIGINT",
    "batch_eligible": "BOOLEAN",
    "batch_id": "VARCHAR",
    "custom_id": "VARCHAR",
    "error_code": "VARCHAR",
    "reported_cost_usd": "DECIMAL(24,12)",
    "n_requests": "BIGINT",
    "band_tokens": "BIGINT",
    "grain": "VARCHAR",
    "source_format": "VARCHAR",
    "token_basis": "VARCHAR",
    "dataset_id": "VARCHAR",
}
"""Column name -> DuckDB type, in file order. `ts` may be NULL: an undated call is kept and counted.

`error_code` is the code of a call that failed, as its log writes it; never a message, which may quote a
prompt.
`band_tokens` is the input of one request of a bucket, as far as it decides the price band, where the
source says that instead of how many requests there were; NULL means input_tokens over n_requests.
"""

BILL_COLUMNS: Final[dict[str, str]] = {
    "line_id": "VARCHAR",
    "ts": "TIMESTAMP",
    "ts_end": "TIMESTAMP",
    "provider": "VARCHAR",
    "model": "VARCHAR",
    "workload": "VARCHAR",
    "item": "VARCHAR",
    "tier": "VARCHAR",
    "amount": "DECIMAL(24,12)",
    "currency": "VARCHAR",
    "amount_usd": "DECIMAL(24,12)",
    "list_amount_usd": "DECIMAL(24,12)",
    "source_format": "VARCHAR",
    "dataset_id": "VARCHAR",
}
"""Columns of a bill line, `bills/*.parquet`: what a provider says it charged, never a call.

`ts` is the start of the charge and never NULL. `model` is as the bill writes it (a display name, a
SKU), `workload` the project or workspace; both NULL where the bill does not say, and so is `tier`:
a bill that names none may sum several. Amounts may be negative (credits). `amount` is in `currency`;
`amount_usd` is NULL where that is not USD and the source does not convert it.
"""

TOKEN_PARTS: Final = ("cache_read_tokens", "cache_write_tokens", "cache_write_long_tokens")


@dataclass(frozen=True)
class Reject:
    """One source row that was read and not accepted.

    Carries the line (1-based; the record number in a JSON array or Parquet file), a stable
    reason code, the column or JSON path at fault where there is one, and a sentence that
    says what was wrong and what to do. Never any prompt or answer text.
    """

    line: int
    code: str
    column: str | None
    reason: str
