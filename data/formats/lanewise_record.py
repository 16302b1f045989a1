"""Lanewise's own record as CSV, JSON Lines or Parquet: the columns of the call record by name.

Token rule: `input_tokens` is the total, cached parts included; `cache_read_tokens`,
`cache_write_tokens` and `cache_write_long_tokens` are disjoint parts of it; reasoning is inside
`output_tokens`. `model`, `input_tokens` and `output_tokens` must be there, and `ts` or `call_id`;
every other column may be missing. Empty means not known, and is never read as 0.

Being our own, the format is strict: a value that is there and cannot be read rejects the row,
times included.

The columns `tag`, `tags`, `project`, `api_key_alias`, `trace_name`, `endpoint`, `user_agent` and
`metadata` are read for workload rules where they are there.
"""

from collections.abc import Mapping
from typing import Final

from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import FlatRecord, normal

_NEEDED: Final = {"model", "input_tokens", "output_tokens"}
_ONE_OF: Final = {"ts", "call_id"}

TEXT_COLUMNS: Final[dict[str, str]] = {
    "ts_text": "ts",
    "ts_end_text": "ts_end",
    "workload_text": "workload",
    "session_text": "session",
    "input_text": "input_tokens",
    "cache_read_text": "cache_read_tokens",
    "cache_write_text": "cache_write_tokens",
    "cache_write_long_text": "cache_write_long_tokens",
    "output_text": "output_tokens",
    "reasoning_text": "reasoning_tokens",
    "tier_text": "tier",
    "latency_text": "latency_ms",
    "ttft_text": "ttft_ms",
    "streamed_text": "streamed",
    "deadline_text": "deadline_s",
    "batch_eligible_text": "batch_eligible",
    "batch_id_text": "batch_id",
    "custom_id_text": "custom_id",
    "error_code_text": "error_code",
    "cost_text": "reported_cost_usd",
    "requests_text": "n_requests",
    "band_tokens_text": "band_tokens",
    "grain_text": "grain",
    "token_basis_text": "token_basis",
}
"""Draft column -> column of the file."""


class LanewiseRecord:
    """One call or one bucket of calls a record, in one of the three containers."""

    token_rule = "input_tokens is the total input, cached parts included."  # noqa: S105
    labels: Mapping[str, str] = {}

    def __init__(self, container: Container) -> None:
        kind = {"csv": "CSV", "jsonl": "JSON", "parquet": "Parquet"}[container]
        self.name = f"lanewise_{container}"
        self.title = f"Lanewise {kind}"
        self.containers: frozenset[Container] = frozenset(
            {"jsonl", "json"} if container == "jsonl" else {container}
        )

    def claim(self, head: FileHead) -> int:
        """The needed columns, or records with the needed keys."""
        if head.container in {"csv", "parquet"}:
            return EXACT if _is_ours({normal(column) for column in head.columns}) else 0
        return share(sum(_is_ours(set(record)) for record in head.records), len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a record."""
        record = FlatRecord(head)
        model = record.top("model")
        values, types = record.values(TEXT_COLUMNS)
        return record.select(
            {
                **values,
                "call_id": record.top("call_id"),
                "ts_strict": "true",
                "provider_text": f"coalesce({record.top('provider')}, provider_of_model({model}))",
                "model_text": model,
                "status_text": f"lower({record.top('status')})",
                "input_rule": "'inclusive'",
                "attributes": record.attributes(),
            },
            reject="CAST(NULL AS VARCHAR)",
            types=types,
        )


def _is_ours(names: set[str]) -> bool:
    return names >= _NEEDED and bool(names & _ONE_OF)
