"""OpenAI's organization costs: pages of the costs interface, and the dashboard's cost CSV.

These are what OpenAI says it charged, never calls: each row becomes a line of a bill. Amounts are US
dollars, floats in the interface and decimals with up to 16 places in the CSV. A bucket is a day.
`line_item` ("gpt-4o-2024-08-06, input") is null unless the export is grouped by it; what stands
before its comma is the model as the bill writes it. Lines for tools, storage and images are there
too: a bill is more than tokens. A day without charges is a row that has a time and no amount.
"""

from collections.abc import Mapping
from typing import Final

from data.db import quoted
from data.formats.base import EXACT, Container, FileHead, noted, share
from data.formats.flat_record import normal
from data.formats.pages import ExportRows, results_in, workload_of

_OBJECT: Final = "organization.costs.result"
_BOUNDS: Final = ("start_time", "end_time")
_ABOUT: Final = (
    "line_item",
    "project_id",
    "api_key_id",
    "user_id",
    "organization_id",
    "api_source",
    "quantity_unit",
)


class OpenAICosts:
    """One result of a day a row."""

    name = "openai_costs"
    title = "OpenAI cost exports"
    token_rule = "A bill, not calls: amounts are US dollars, and there are no tokens."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json", "csv"})
    labels: Mapping[str, str] = {"ts": "start_time", "ts_end": "end_time", "item": "line_item"}

    def claim(self, head: FileHead) -> int:
        """Results of a costs object, or the CSV's `amount_value` beside a start time."""
        if head.container == "csv":
            columns = {normal(column) for column in head.columns}
            return EXACT if {"start_time", "amount_value"} <= columns else 0
        results = [result for result in results_in(head) if result is not None]
        matches = sum(result.get("object") == _OBJECT for result in results)
        return share(matches, len(results), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a result, or a bucket without any."""
        rows = ExportRows(head, _BOUNDS)
        value = rows.value
        amount = value("amount.value") if head.container != "csv" else value("amount_value")
        currency = value("amount.currency") if head.container != "csv" else value("amount_currency")
        item = value("line_item")
        billed = rows.column(rows.holds("amount_value", "line_item"))
        named = f"split_part({item}, ', ', 1)"
        return rows.select(
            {
                "call_id": "NULL",
                "ts_text": rows.bucket("start_time"),
                "ts_end_text": rows.bucket("end_time"),
                "ts_strict": "true",
                "provider_text": "'openai'",
                "model_text": (
                    f"CASE WHEN contains({item}, ', ') "
                    f"AND regexp_full_match({named}, '[A-Za-z0-9][A-Za-z0-9._:/-]*') THEN {named} END"
                ),
                "workload_text": workload_of(
                    value("project_name", "project_id"), value("api_key_name", "api_key_id")
                ),
                "item_text": item,
                "amount_text": amount,
                "currency_text": currency,
                "makes_bill": billed,
                "makes_call": "false",
                "notes": noted({"no_charge": f"NOT {billed}"}),
            },
            reject=f"CASE WHEN {value('object')} <> '{_OBJECT}' THEN 'not_this_format' END",
            identity=rows.identity(quoted(self.name), _BOUNDS, _ABOUT),
        )
