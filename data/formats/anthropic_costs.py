"""Anthropic's costs: pages of the cost report interface, and the console's cost CSV.

These are what Anthropic says it charged, never calls: each row becomes a line of a bill.

* The interface writes `amount` as a decimal string in CENTS ("123.45" is $1.2345); `list_amount`, in
  newer reports, is the amount before discounts, in cents as well. The CSV writes `cost_usd` and
  `list_price_usd` in dollars, rounded to cents: rows of 0.00 are real, and sums of them are rough.
* The CSV is in long form, one row a kind of token, and names models for display ("Claude Haiku 4.5");
  `usage_type` holds `message` there, so the CSV knows no tier. Nothing of it is a call.
* Web searches and code execution are on the bill too. Priority Tier spend never is. A bucket is a day.
"""

from collections.abc import Mapping
from typing import Final

from data.db import quoted
from data.formats.anthropic_usage import period
from data.formats.base import EXACT, Container, FileHead, noted, share
from data.formats.flat_record import normal
from data.formats.pages import ExportRows, results_in, workload_of

_BOUNDS: Final = ("starting_at", "ending_at")
_ABOUT: Final = (
    "workspace_id",
    "workspace",
    "api_key_id",
    "api_key",
    "model",
    "service_tier",
    "usage_type",
    "context_window",
    "token_type",
    "cost_type",
    "description",
    "inference_geo",
    "speed",
    "product",
    "rbac_group_id",
)


class AnthropicCosts:
    """One result of a day, or one row of the console's CSV, a row."""

    name = "anthropic_costs"
    title = "Anthropic cost exports"
    token_rule = "A bill, not calls: the interface counts cents and the CSV dollars, and there are no tokens."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json", "csv"})
    labels: Mapping[str, str] = {"ts": "starting_at", "ts_end": "ending_at", "item": "token_type"}

    def claim(self, head: FileHead) -> int:
        """Results with an amount in a string and a cost type or description; the CSV's cost columns."""
        if head.container == "csv":
            columns = {normal(column) for column in head.columns}
            return EXACT if {"usage_date_utc", "token_type", "cost_usd"} <= columns else 0
        results = [result for result in results_in(head) if result is not None]
        matches = sum(_is_cost(result) for result in results)
        return share(matches, len(results), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a result, or a bucket without any."""
        rows = ExportRows(head, _BOUNDS)
        value = rows.value
        paged = head.container != "csv"
        amount = dollars(value("amount")) if paged else value("cost_usd")
        listed = dollars(value("list_amount")) if paged else value("list_price_usd")
        starts, ends = period(rows, head)
        billed = rows.column(rows.holds("cost_usd", "token_type", "model"))
        return rows.select(
            {
                "call_id": "NULL",
                "ts_text": starts,
                "ts_end_text": ends,
                "ts_strict": "true",
                "provider_text": "'anthropic'",
                "model_text": value("model"),
                "workload_text": workload_of(
                    value("workspace", "workspace_id"), value("api_key", "api_key_id")
                ),
                "item_text": value("token_type", "cost_type", "description"),
                "tier_text": value("service_tier"),
                "amount_text": amount,
                "list_amount_text": listed,
                "currency_text": value("currency"),
                "makes_bill": f"({billed} AND {value('rbac_group_id')} IS NULL)",
                "makes_call": "false",
                "notes": noted(
                    {
                        "no_charge": f"NOT {billed}",
                        "overlapping_groups": f"{value('rbac_group_id')} IS NOT NULL",
                    }
                ),
            },
            reject="CAST(NULL AS VARCHAR)",
            identity=rows.identity(quoted(self.name), (*_BOUNDS, "usage_date_utc"), _ABOUT),
        )


def dollars(cents: str) -> str:
    """SQL for an amount in cents as text in dollars; text that is no number stays what it is."""
    return f"coalesce(cast(try_cast({cents} AS DECIMAL(26, 12)) * 0.01 AS VARCHAR), {cents})"


def _is_cost(result: Mapping[str, object]) -> bool:
    return isinstance(result.get("amount"), str) and bool(
        {"cost_type", "description", "token_type"} & result.keys()
    )
