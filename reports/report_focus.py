"""What the log cost, as FOCUS-shaped rows: for a FinOps tool that takes custom cost data.

Column names and values follow the FinOps Open Cost and Usage Specification 1.2 (focus.finops.org).
These rows are computed, not billed: `EffectiveCost`, `ListCost` and `ContractedCost` are tokens x
price of the day, and `BilledCost` is empty, because only a provider can say it. `x_` columns are our
own, as the specification allows. A row is one day of one workload at one provider in one tier; calls
without a date have no charge period and are left out of the rows, never out of the report.
"""

import csv
import io
import json
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from reports.exact import exact_usd
from reports.model import Analysis, DaySpend, WorkloadResult
from reports.report_part import covers
from reports.spreadsheets import safe_cell

VERSION: Final = "1.2"
COLUMNS: Final = (
    "BilledCost",
    "EffectiveCost",
    "ContractedCost",
    "ListCost",
    "BillingAccountId",
    "BillingCurrency",
    "BillingPeriodStart",
    "BillingPeriodEnd",
    "ChargePeriodStart",
    "ChargePeriodEnd",
    "ChargeCategory",
    "ChargeClass",
    "ChargeDescription",
    "ChargeFrequency",
    "ConsumedQuantity",
    "ConsumedUnit",
    "PricingCategory",
    "ProviderName",
    "PublisherName",
    "InvoiceIssuerName",
    "ServiceCategory",
    "ServiceSubcategory",
    "ServiceName",
    "SkuId",
    "Tags",
    "x_CostBasis",
    "x_Workload",
    "x_Label",
    "x_Tier",
    "x_RecommendedLane",
    "x_PriceTableVersion",
    "x_Covers",
)

PROVIDERS: Final = {
    "openai": ("OpenAI", "OpenAI API"),
    "azure": ("Microsoft", "Azure OpenAI"),
    "anthropic": ("Anthropic", "Claude API"),
    "gemini": ("Google", "Gemini API"),
    "vertex_ai": ("Google", "Vertex AI"),
    "bedrock": ("AWS", "Amazon Bedrock"),
    "mistral": ("Mistral AI", "Mistral API"),
    "groq": ("Groq", "Groq API"),
    "xai": ("xAI", "xAI API"),
    "deepseek": ("DeepSeek", "DeepSeek API"),
}
"""Provider id -> who sells it and what it is called; others keep their id."""

_CATEGORY: Final = {"standard": "Standard", "priority": "Standard", "ultrafast": "Standard"}
"""Tiers that are bought as they come; FOCUS has no category of its own for a batch or off-peak price."""


def focus_csv(analysis: Analysis) -> str:
    """The rows as CSV with CRLF; an amount that is unknown is an empty cell."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    results = {result.workload: result for result in analysis.workloads}
    for day in analysis.days:
        if day.day_utc is not None:
            writer.writerow(_row(analysis, day, day.day_utc, results.get(day.workload)))
    return out.getvalue()


def _row(analysis: Analysis, day: DaySpend, at: date, result: WorkloadResult | None) -> list[object]:
    seller, service = PROVIDERS.get(day.provider, (day.provider, day.provider))
    cost = exact_usd(day.cost_micro_usd) or ""
    label = result.verdict.label if result is not None else ""
    lane = result.recommended_lane if result is not None else ""
    month = at.replace(day=1)
    tags = {"workload": day.workload, "lanewise/label": label, "lanewise/tier": day.tier}
    # A discount of the workspace is in the price already, so the list cost is known only without one.
    listed = cost if analysis.totals.list_micro_usd is None else ""
    return [
        "",
        cost,
        cost,
        listed,
        "",
        "USD",
        _utc(month),
        _utc((month + timedelta(days=32)).replace(day=1)),
        _utc(at),
        _utc(at + timedelta(days=1)),
        "Usage",
        "",
        safe_cell(
            f"{day.n_requests:,} calls of {day.workload} in the {day.tier} tier, tokens x price of the day"
        ),
        "Usage-Based",
        Decimal(day.n_requests),
        "Requests",
        _CATEGORY.get(day.tier, "Other"),
        safe_cell(seller),
        safe_cell(seller),
        safe_cell(seller),
        "AI and Machine Learning",
        "Generative AI",
        safe_cell(service),
        safe_cell(f"{day.provider}/{day.tier}"),
        json.dumps(tags, ensure_ascii=False),
        "computed from usage",
        safe_cell(day.workload),
        label,
        day.tier,
        lane,
        analysis.price_version,
        safe_cell(covers(analysis)),
    ]


def _utc(day: date) -> str:
    return f"{datetime.combine(day, time.min).isoformat()}Z"
