"""FOCUS: the FinOps Open Cost and Usage Specification, versions 1.0 to 1.2, as CSV or Parquet.

Token rule: none. It is a bill, not a log: rows become lines of the bill and never calls. It has the
costs of every service of a cloud; only what is billed for language models is kept. `ServiceCategory`
does not tell them: the nine rows of *AI and Machine Learning* in the specification's own sample are
disks, networks and virtual machines of a workspace. So a row counts when its service is one that sells
models (Bedrock, Azure OpenAI, Vertex AI, ...), or when it is of that category and its text names
tokens or a model family.

Costs: `BilledCost` is the amount, because the lines of a bill add up to the invoice with it (a covered
charge is 0 and its commitment a line of its own); `ListCost` is the list amount. Both in
`BillingCurrency`, negative where money came back. Credits, taxes and adjustments are accepted and left
out. Batch and the other tiers stand in the text of the meter only.

Exports of several vendors write NULL as a word, and the sample has `Id` where `ServiceName` follows;
columns are read by name, so neither matters.
"""

from collections.abc import Mapping
from typing import Final

from data.formats.base import EXACT, Container, FileHead
from data.formats.flat_record import FlatRecord, normal
from data.formats.json_record import WORKLOAD_KEYS

_SERVICES: Final = (
    "bedrock|openai|anthropic|claude|gemini|vertex ai|generative language|cognitive services|"
    "ai foundry|foundry models|mistral|deepseek|groq"
)
_MODELS: Final = "token|gpt-|claude|gemini|llama|mistral|nova (micro|lite|pro|premier)"
_PROVIDERS: Final[dict[str, str]] = {
    "bedrock": "bedrock",
    "gemini api|generative language": "gemini",
    "vertex ai": "vertex_ai",
}
"""Part of a service's name -> provider id; other services are their cloud's."""
_CLOUDS: Final[dict[str, str]] = {
    "aws|amazon": "bedrock",
    "microsoft|azure": "azure",
    "google": "vertex_ai",
}
_IDENTITY: Final = (
    "chargeperiodstart",
    "chargeperiodend",
    "billingaccountid",
    "subaccountid",
    "resourceid",
    "skuid",
    "skupriceid",
    "chargecategory",
    "chargeclass",
    "chargedescription",
    "regionid",
    "availabilityzone",
    "commitmentdiscountid",
    "tags",
)
"""What a line is about, without its costs: an export that is made again finds its lines again."""


class Focus:
    """One charge a row."""

    name = "focus"
    title = "FOCUS bills"
    token_rule = "There are no tokens: lines of a bill, of which those for language models are kept."  # noqa: S105
    containers: frozenset[Container] = frozenset({"csv", "parquet"})
    labels: Mapping[str, str] = {
        "ts": "ChargePeriodStart",
        "ts_end": "ChargePeriodEnd",
        "amount": "BilledCost",
        "list_amount_usd": "ListCost",
        "currency": "BillingCurrency",
        "provider": "ProviderName",
    }

    def claim(self, head: FileHead) -> int:
        """The two columns that every version demands."""
        wanted = {"chargeperiodstart", "billedcost", "chargecategory"}
        return EXACT if {normal(name) for name in head.columns} >= wanted else 0

    def draft(self, head: FileHead) -> str:
        """One line of the bill a row, or a row of something else."""
        record = FlatRecord(head)
        column = record.column

        def top(*names: str) -> str:
            return column(
                "coalesce(" + ", ".join(f"nullif({record.top(name)}, 'NULL')" for name in names) + ")"
            )

        item = top("skumeter", "chargedescription", "skuid")
        service = column(f"lower({top('servicename')})")
        meter = column(f"lower(concat_ws(' ', {item}, {top('chargedescription')}, {top('skupricedetails')}))")
        category = top("servicecategory")
        sold = column(
            f"coalesce(regexp_matches({service}, '{_SERVICES}'), false) OR coalesce("
            f"{category} = 'AI and Machine Learning' AND regexp_matches({meter}, '{_MODELS}'), false)"
        )
        charged = column(f"coalesce({top('chargecategory')} NOT IN ('Credit', 'Tax', 'Adjustment'), true)")
        cloud = column(f"lower({top('serviceprovidername', 'providername', 'publishername')})")
        said = [
            f"WHEN regexp_matches({service}, '{part}') THEN '{name}'" for part, name in _PROVIDERS.items()
        ]
        said += [f"WHEN regexp_matches({cloud}, '{part}') THEN '{name}'" for part, name in _CLOUDS.items()]
        tags = record.nested("tags", *WORKLOAD_KEYS)
        same = ", ".join(f"coalesce({top(name)}, chr(30))" for name in _IDENTITY)
        return record.select(
            {
                "call_id": "cast(NULL AS VARCHAR)",
                "makes_call": "false",
                "makes_bill": f"{sold} AND {charged}",
                "notes": left_out(sold, charged),
                "ts_text": top("chargeperiodstart"),
                "ts_end_text": top("chargeperiodend"),
                "ts_strict": "true",
                "provider_text": f"CASE {' '.join(said)} ELSE {cloud} END",
                "workload_text": f"coalesce({tags}, {top('subaccountname', 'subaccountid')})",
                "item_text": f"left({item}, 300)",
                "tier_text": tier_in(meter),
                "amount_text": top("billedcost"),
                "list_amount_text": top("listcost"),
                "currency_text": top("billingcurrency"),
            },
            reject="cast(NULL AS VARCHAR)",
            identity=f"concat_ws(chr(31), 'focus', {same})",
        )


def left_out(sold: str, charged: str) -> str:
    """SQL: the note of a row that is no line for a model, NULL for one that is."""
    return f"CASE WHEN NOT {sold} THEN ['other_services'] WHEN NOT {charged} THEN ['not_a_charge'] END"


def tier_in(meter: str) -> str:
    """SQL: the tier that the lower-case text of a meter names, NULL where it names none."""
    return (
        f"CASE WHEN regexp_matches({meter}, '\\bbatch\\b|_batch|batch_') THEN 'batch' "
        f"WHEN regexp_matches({meter}, '\\bflex\\b|_flex') THEN 'flex' "
        f"WHEN regexp_matches({meter}, '\\bpriority\\b|_priority') THEN 'priority' END"
    )
