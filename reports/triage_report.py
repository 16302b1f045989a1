"""The triage report as Markdown, CSV and JSON: the same analysis, the same totals, to the cent.

Text from users goes into cells escaped: no Markdown table breaks, no spreadsheet formula runs.
JSON and CSV carry exact dollars as text; Markdown rounds to cents.
"""

import csv
import io
import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel

from reports.exact import exact_usd
from reports.model import Analysis, Range
from reports.report_markdown import render
from reports.report_part import covers
from reports.report_sections import document
from reports.spreadsheets import safe_cell

SCHEMA: Final = "lanewise.triage-report/1"
NARROWED: Final = "narrowed"
"""The one field that a report may lack."""
_MONTHS: Final = Decimal(12)

CSV_COLUMNS: Final = (
    "workload",
    "label",
    "why",
    "confidence",
    "question",
    "basis",
    "requests",
    "spend_in_log_usd",
    "cost_per_year_usd",
    "current_lane",
    "recommended_lane",
    "saving_per_year_low_usd",
    "saving_per_year_base_usd",
    "saving_per_year_high_usd",
    "saving_per_month_base_usd",
    "because",
    "complete",
    "policy",
    "policy_version",
    "covers",
)


def markdown(analysis: Analysis, *, appendix: bool = True) -> str:
    """The report a manager reads first and an engineer checks after; `appendix` is the migration notes."""
    return render(document(analysis, appendix=appendix))


def csv_text(analysis: Analysis) -> str:
    """One row a workload and a total row, RFC 4180 with CRLF; unknown amounts are empty cells."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    tail = [safe_cell(analysis.policy_title), analysis.policy_version, safe_cell(covers(analysis))]
    for result in analysis.workloads:
        saved = result.saving_per_year
        writer.writerow(
            [
                safe_cell(result.workload),
                result.verdict.label,
                safe_cell(result.verdict.sentence),
                f"{result.verdict.confidence:.2f}",
                safe_cell(result.verdict.question or ""),
                result.basis,
                result.n_requests,
                exact_usd(result.billed_micro_usd),
                exact_usd(result.current_per_year_micro_usd),
                result.current_lane,
                result.recommended_lane,
                exact_usd(saved.low),
                exact_usd(saved.base),
                exact_usd(saved.high),
                exact_usd(saved.base / _MONTHS),
                safe_cell(result.because),
                "yes" if result.complete else "no",
                *tail,
            ]
        )
    totals = analysis.totals
    saved = totals.saving_per_year
    blank = ""
    writer.writerow(
        [
            "TOTAL",
            *[blank] * 5,
            totals.n_requests,
            exact_usd(totals.billed_micro_usd),
            exact_usd(totals.current_per_year_micro_usd),
            *[blank] * 2,
            exact_usd(saved.low),
            exact_usd(saved.base),
            exact_usd(saved.high),
            exact_usd(saved.base / _MONTHS),
            blank,
            "yes" if analysis.coverage.complete else "no",
            *tail,
        ]
    )
    return out.getvalue()


def json_text(analysis: Analysis) -> str:
    """The whole analysis with evidence, lanes and prices; amounts are exact dollars as strings.

    Keys that end in `_usd` are dollars, a `Range` is an object of low, base and high dollars;
    null is unknown. The top-level `schema` names the version of this shape. `narrowed` is there only in the
    report on a part of the workloads.
    """
    content = {"schema": SCHEMA, **_plain(analysis)}
    if analysis.narrowed is None:
        del content[NARROWED]
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _plain(value: Any) -> Any:
    if isinstance(value, Range):
        return {name: exact_usd(getattr(value, name)) for name in ("low", "base", "high")}
    if is_dataclass(value) and not isinstance(value, type):
        return {json_name(item.name): _money(item.name, getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, (Decimal, datetime, date)):
        return f"{value:f}" if isinstance(value, Decimal) else value.isoformat()
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value.model_dump(mode="json", exclude_none=True) if isinstance(value, BaseModel) else value


def json_name(name: str) -> str:
    """The key of a field of the model: amounts are dollars there, whatever they are inside."""
    if name == "spend_by_label":
        return "spend_by_label_usd"
    if name in {"saving_per_year", "potential_per_year", "projected"}:
        return f"{name}_usd"
    return name.replace("_micro_usd", "_usd")


def _money(name: str, value: Any) -> Any:
    if isinstance(value, Decimal) and name.endswith("_micro_usd"):
        return exact_usd(value)
    if name == "spend_by_label":
        return {label: exact_usd(amount) for label, amount in value.items()}
    return _plain(value)


__all__ = ["CSV_COLUMNS", "NARROWED", "SCHEMA", "csv_text", "json_text", "markdown", "safe_cell"]
