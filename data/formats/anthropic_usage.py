"""Anthropic's usage: pages of the usage report interface, and the console's usage CSV.

Token rule: uncached input, cache reads and cache writes of both lifetimes stand side by side, so the
total is their sum. Output includes thinking.

* A bucket holds several results as soon as the report is grouped; `model` and `service_tier` are null
  unless it is grouped by them. Without a model nothing can be priced and the row is rejected with a
  word on what to ask for; without a tier it is counted as standard and said so. In the CSV the tier
  stands in `usage_type`. Fast mode (`speed`) is priced as the tier priority; Priority Tier
  (`service_tier`) is committed capacity, which is rejected as paid in advance.
* The report does not count requests (newer analytics reports do): a row without a count is one
  request. What decides the price band is then the context window: up to 200k is the lowest band,
  beyond it the long one; without a window the lowest is assumed.
* The default workspace and the keys of the console's own workbench are null. The workload is the
  workspace, or the key where that is the default one.
* Results of a permission group (`rbac_group_id`) overlap with each other: accepted, and no calls.
* CSV dates are days, or hours with a time: `2026-07-03 01:00`. Context windows are written with a
  sign that is not ASCII (`≤ 200k`). Older exports lack the columns for cache, window, region or speed.
  A simplified table of `date, workspace, model, input_tokens, output_tokens, cost_usd` a day is read
  too; it knows no cache.
* Web searches are in no price table; only tokens are read. The dearer region (`inference_geo`) is told.
"""

from collections.abc import Mapping
from typing import Final

from data.db import quoted
from data.formats.anthropic_messages import kept_in_us, tier_served
from data.formats.attributes import attribute_list
from data.formats.base import EXACT, MARKED, Container, FileHead, noted, share
from data.formats.flat_record import normal
from data.formats.pages import UNGROUPED, ExportRows, results_in, workload_of

_BOUNDS: Final = ("starting_at", "ending_at")
_SIMPLE: Final = {"date", "workspace", "model", "input_tokens", "output_tokens", "cost_usd"}
_ABOUT: Final = (
    "workspace_id",
    "workspace",
    "api_key_id",
    "api_key",
    "model",
    "model_version",
    "service_tier",
    "usage_type",
    "context_window",
    "inference_geo",
    "speed",
    "account_id",
    "service_account_id",
    "product",
    "rbac_group_id",
)
_LONG_WINDOW: Final = 200_001
"""The smallest input that is beyond the window of 200k."""


class AnthropicUsage:
    """One result of a bucket, or one row of the console's CSV, a row."""

    name = "anthropic_usage"
    title = "Anthropic usage exports"
    token_rule = "Uncached input, cache reads and cache writes stand apart: input_tokens is their sum."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json", "csv"})
    labels: Mapping[str, str] = {
        "ts": "starting_at",
        "ts_end": "ending_at",
        "input_tokens": "uncached_input_tokens",
        "cache_read_tokens": "cache_read_input_tokens",
        "cache_write_tokens": "cache_creation.ephemeral_5m_input_tokens",
        "cache_write_long_tokens": "cache_creation.ephemeral_1h_input_tokens",
        "tier": "service_tier",
        "n_requests": "requests",
    }

    def claim(self, head: FileHead) -> int:
        """Results with uncached input; a page of buckets without results; the columns of the console."""
        if head.container == "csv":
            columns = {normal(column) for column in head.columns}
            return EXACT if "usage_input_tokens_no_cache" in columns or columns == _SIMPLE else 0
        results = [result for result in results_in(head) if result is not None]
        matches = sum("uncached_input_tokens" in result for result in results)
        if matches:
            return share(matches, len(results), EXACT)
        empty = sum(_empty_page(record) for record in head.records)
        return share(empty, len(head.records), MARKED)

    def draft(self, head: FileHead) -> str:
        """One row a result, or a bucket without any."""
        rows = ExportRows(head, _BOUNDS)
        value = rows.value
        uncached = value("uncached_input_tokens", "usage_input_tokens_no_cache", "input_tokens")
        read = value("cache_read_input_tokens", "usage_input_tokens_cache_read")
        write = value("cache_creation.ephemeral_5m_input_tokens", "usage_input_tokens_cache_write_5m")
        long = value("cache_creation.ephemeral_1h_input_tokens", "usage_input_tokens_cache_write_1h")
        output = value("output_tokens", "usage_output_tokens")
        model, requests = value("model", "model_version"), value("requests")
        tier = value("service_tier", "usage_type")
        used = rows.column(
            rows.holds("usage_input_tokens_no_cache", "input_tokens", "model_version", "model")
        )
        apart = f"{value('rbac_group_id')} IS NULL"
        called = rows.column(f"({used} AND {apart})")
        starts, ends = period(rows, head)
        window = f"lower({value('context_window')})"
        beyond = f"(starts_with({window}, '200k') OR starts_with({window}, '>'))"

        def counted(text: str) -> str:
            return f"CASE WHEN {called} THEN {text} END"

        return rows.select(
            {
                "call_id": "NULL",
                "ts_text": starts,
                "ts_end_text": ends,
                "ts_strict": "true",
                "provider_text": (
                    f"coalesce(provider_of_model({model}), 'anthropic')"
                    if _is_simple(head)
                    else "'anthropic'"
                ),
                "model_text": model,
                "workload_text": workload_of(
                    value("workspace", "workspace_id"), value("api_key", "api_key_id")
                ),
                "attributes": attribute_list(
                    {
                        "project": value("workspace", "workspace_id"),
                        "api_key_alias": value("api_key", "api_key_id"),
                        "metadata.product": value("product"),
                    }
                ),
                "input_rule": "'exclusive'",
                "input_text": counted(uncached),
                "cache_read_text": counted(read),
                "cache_write_text": counted(write),
                "cache_write_long_text": counted(long),
                "output_text": counted(output),
                "tier_text": counted(tier_served(value("speed"), tier)),
                "cost_text": value("cost_usd"),
                "requests_text": counted(requests),
                "band_tokens_text": (
                    f"CASE WHEN {called} AND {requests} IS NULL "
                    f"THEN CASE WHEN {beyond} THEN '{_LONG_WINDOW}' ELSE '0' END END"
                ),
                "grain_text": "'bucket'",
                "makes_call": called,
                "notes": noted(
                    {
                        "no_usage": f"NOT {used}",
                        "overlapping_groups": f"NOT {apart}",
                        "tier_unknown": f"{called} AND {tier} IS NULL",
                        "requests_unknown": f"{called} AND {requests} IS NULL",
                        "served_in_us": f"{called} AND {kept_in_us(value('inference_geo'))}",
                    }
                ),
            },
            reject=f"""CASE
              WHEN {called} AND {model} IS NULL THEN '{UNGROUPED}:model'
              WHEN {called} AND {uncached} IS NULL THEN 'missing_value:input_tokens'
              WHEN {called} AND {output} IS NULL THEN 'missing_value:output_tokens'
            END""",
            identity=rows.identity(quoted(self.name), (*_BOUNDS, "usage_date_utc", "date"), _ABOUT),
        )


def period(rows: ExportRows, head: FileHead) -> tuple[str, str]:
    """SQL for start and end of a row: the bucket's, or in a CSV the day, or the hour where one is named."""
    if head.container != "csv":
        return rows.bucket(_BOUNDS[0]), rows.bucket(_BOUNDS[1])
    day = rows.top("usage_date_utc", "date")
    begins = rows.column(f"moment({day})")
    length = f"CASE WHEN length(trim({day})) > 10 THEN INTERVAL 1 HOUR ELSE INTERVAL 1 DAY END"
    return day, f"cast({begins} + {length} AS VARCHAR)"


def _is_simple(head: FileHead) -> bool:
    return {normal(column) for column in head.columns} == _SIMPLE


def _empty_page(record: Mapping[str, object]) -> bool:
    """Whether a page of this interface, or of the costs, holds no result: its buckets have RFC 3339 times."""
    buckets = record.get("data")
    if not isinstance(buckets, list) or not buckets:
        return False
    return all(
        isinstance(bucket, Mapping) and "starting_at" in bucket and bucket.get("results") == []
        for bucket in buckets
    )
