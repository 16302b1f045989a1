"""Google Cloud billing: rows of the BigQuery export, standard or detailed, as JSON or CSV.

Token rule: none. It is a bill, not a log: rows become lines of the bill and never calls. Only what is
billed for models is kept: all of the Gemini API, and of Vertex AI the SKUs that name a model family.
Pipelines, training and the rest of the cloud are accepted and left out, and so are taxes, adjustments
and rounding.

A line's amount is `cost` plus the sum of its `credits` (negative amounts), in `currency`; `cost_at_list`
is the list amount. A SKU's unit may say *count* or *requests* and still mean tokens. The model is read
from the SKU, *Flash Lite* before *Flash*; SKUs such as "Flash GA / Lite input caching" are shared by two
models and name none. Batch is in the SKU's text too. A day is filled up over several days, so rows are
known by what they are about and not by their cost.

CSV exports have the nested fields under names such as `sku.description` or `sku_description`; credits
are JSON or one number there.
"""

from collections.abc import Mapping
from typing import Final

from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import FlatRecord, normal
from data.formats.focus import left_out, tier_in
from data.formats.json_record import WORKLOAD_KEYS, value_at

_OWN_SERVICES: Final = "gemini api|generative language|^claude|^gemini"
_MODELS: Final = (
    "gemini|claude|palm|bison|gecko|llama|mistral|codestral|deepseek|qwen|embedding|imagen|veo|token"
)
_GEMINI: Final = "Gemini [0-9][0-9.]* (?:Flash[ -]Lite|Flash|Pro|Ultra|Nano)"
_OTHER: Final = "(?:Claude|Llama|Mistral|Codestral|DeepSeek|Qwen)[A-Za-z0-9. -]*?[0-9][0-9.]*"
_CREDIT: Final = ("amount",)
_PAIR: Final = ("key", "value")


class GcpBilling:
    """One SKU of one project and hour or day a row."""

    name = "gcp_billing"
    title = "Google Cloud billing exports"
    token_rule = (
        "There are no tokens: lines of a bill, cost plus credits, of which those for models are kept."  # noqa: S105
    )
    containers: frozenset[Container] = frozenset({"csv", "jsonl", "json"})
    labels: Mapping[str, str] = {
        "ts": "usage_start_time",
        "ts_end": "usage_end_time",
        "amount": "cost",
        "list_amount_usd": "cost_at_list",
    }

    def claim(self, head: FileHead) -> int:
        """A SKU's description beside a cost and the time of use."""
        if head.container == "csv":
            names = {normal(name).replace(".", "_") for name in head.columns}
            return EXACT if names >= {"sku_description", "cost", "usage_start_time"} else 0
        matches = sum(
            value_at(record, "sku.description") is not None and {"cost", "usage_start_time"} <= record.keys()
            for record in head.records
        )
        return share(matches, len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One line of the bill a row, or a row of something else."""
        record = FlatRecord(head)
        top, column = record.top, record.column

        def field(path: str) -> str:
            return top(path, path.replace(".", "_")) if "." in path else top(path)

        sku, service = field("sku.description"), column(f"lower({field('service.description')})")
        meter = column(f"lower({sku})")
        own = column(f"coalesce(regexp_matches({service}, '{_OWN_SERVICES}'), false)")
        sold = column(
            f"{own} OR coalesce("
            f"contains({service}, 'vertex ai') AND regexp_matches({meter}, '{_MODELS}'), false)"
        )
        charged = column(f"coalesce(lower({top('cost_type')}) = 'regular', true)")
        cost, credits, labels = top("cost"), record.text("credits"), record.text("labels")
        given, labelled = column(_listed(credits, _CREDIT)), column(_listed(labels, _PAIR))
        # A number alone is valid JSON: flattened exports have the sum of the credits there.
        amounts = f"list_transform({given}, lambda c: try_cast(c.amount AS DECIMAL(24, 12)))"
        back = column(
            f"CASE WHEN {given} IS NOT NULL THEN coalesce(list_sum({amounts}), 0) "
            f"ELSE coalesce(try_cast({credits} AS DECIMAL(24, 12)), 0) END"
        )
        amount = f"try_cast({cost} AS DECIMAL(24, 12))"
        keys = ", ".join(f"'{key}'" for key in WORKLOAD_KEYS)
        label = f"list_filter({labelled}, lambda l: l.key IN ({keys}))[1].value"
        about = [
            "billing_account_id",
            "service.id",
            "sku.id",
            "sku.description",
            "usage_start_time",
            "usage_end_time",
            "project.id",
            "resource.name",
            "cost_type",
        ]
        same = ", ".join(f"coalesce({part}, chr(30))" for part in [*map(field, about), labels])
        return record.select(
            {
                "call_id": "cast(NULL AS VARCHAR)",
                "makes_call": "false",
                "makes_bill": f"{sold} AND {charged}",
                "notes": left_out(sold, charged),
                "ts_text": top("usage_start_time"),
                "ts_end_text": top("usage_end_time"),
                "ts_strict": "true",
                "provider_text": (
                    f"CASE WHEN regexp_matches({service}, 'gemini api|generative language') "
                    "THEN 'gemini' ELSE 'vertex_ai' END"
                ),
                "model_text": f"nullif(regexp_extract({sku}, '{_GEMINI}|{_OTHER}'), '')",
                "workload_text": f"coalesce({label}, {field('project.name')}, {field('project.id')})",
                "item_text": f"left({sku}, 300)",
                "tier_text": tier_in(meter),
                "amount_text": (
                    f"CASE WHEN {amount} IS NULL THEN {cost} ELSE cast({amount} + {back} AS VARCHAR) END"
                ),
                "list_amount_text": top("cost_at_list"),
                "currency_text": top("currency"),
            },
            reject="cast(NULL AS VARCHAR)",
            identity=f"concat_ws(chr(31), 'gcp_billing', {same})",
        )


def _listed(text: str, keys: tuple[str, ...]) -> str:
    """SQL: a JSON list of objects as a list of structs with some of their keys, NULL where it is none."""
    shape = ", ".join(f'"{key}": "VARCHAR"' for key in keys)
    kind = ", ".join(f"{key} VARCHAR" for key in keys)
    return f"cast(from_json(json_list({text}), '[{{{shape}}}]') AS STRUCT({kind})[])"
