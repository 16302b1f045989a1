"""Compared scenarios as files to take along; amounts are exact dollars, unknown ones are empty."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from reports.format import dollars
from reports.model import Range
from reports.triage_report import safe_cell
from reports.whatif import ScenarioResult, ScenarioRow

SCHEMA: Final = "lanewise.whatif/1"
CSV_COLUMNS: Final = (
    "scenario",
    "workload",
    "lane_today",
    "lane",
    "model",
    "today_per_month_usd",
    "scenario_per_month_low_usd",
    "scenario_per_month_base_usd",
    "scenario_per_month_high_usd",
    "saving_per_month_low_usd",
    "saving_per_month_base_usd",
    "saving_per_month_high_usd",
    "needs_an_answer",
    "in_totals",
    "reason",
)


def csv_text(results: Sequence[ScenarioResult]) -> str:
    """One row a scenario and workload, and a total row a scenario; RFC 4180 with CRLF."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for result in results:
        name = safe_cell(result.scenario.name)
        for row in result.rows:
            writer.writerow([name, *_cells(row, _counted(row, result))])
        totals = [_exact(result.today_micro_usd), *_range(result.cost), *_range(result.saving)]
        writer.writerow([name, "TOTAL", "", "", "", *totals, "", "", ""])
    return out.getvalue()


def json_text(results: Sequence[ScenarioResult]) -> str:
    """Each scenario as it is stored, with its figures, levers, lanes and assumptions."""
    content = {"schema": SCHEMA, "per": "month", "scenarios": [_plain(result) for result in results]}
    return json.dumps(content, indent=2, ensure_ascii=False) + "\n"


def _counted(row: ScenarioRow, result: ScenarioResult) -> bool:
    return row.scenario is not None and row.workload not in result.set_aside


def _cells(row: ScenarioRow, counted: bool) -> list[str]:
    return [
        safe_cell(row.workload),
        row.lane_today,
        row.lane,
        safe_cell(row.model or ""),
        _exact(row.today_micro_usd),
        *_range(row.scenario),
        *_range(row.saving),
        "yes" if row.needs_answer else "no",
        "yes" if counted else "no",
        safe_cell(row.reason or ""),
    ]


def _plain(result: ScenarioResult) -> dict[str, Any]:
    return {
        "scenario": result.scenario.plain(),
        "today_usd": _exact(result.today_micro_usd),
        "cost_usd": _cases(result.cost),
        "saving_usd": _cases(result.saving),
        "levers": [
            {
                "lever": step.lever,
                "change_usd": _exact(step.change_micro_usd),
                "alone_usd": _exact(step.alone_micro_usd),
            }
            for step in result.steps
        ],
        "lanes_today_usd": _amounts(result.lanes_today),
        "lanes_usd": _amounts(result.lanes),
        "workloads": [
            {
                "workload": row.workload,
                "lane_today": row.lane_today,
                "lane": row.lane,
                "model": row.model,
                "today_usd": _exact(row.today_micro_usd) or None,
                "cost_usd": _cases(row.scenario),
                "saving_usd": _cases(row.saving),
                "needs_an_answer": row.needs_answer,
                "in_totals": _counted(row, result),
                "reason": row.reason,
            }
            for row in result.rows
        ],
        "assumptions": [vars(assumption) for assumption in result.assumptions],
        "notes": list(result.notes),
    }


def _amounts(found: Mapping[str, Decimal]) -> dict[str, str]:
    return {lane: _exact(amount) for lane, amount in found.items()}


def _cases(amount: Range | None) -> dict[str, str] | None:
    return None if amount is None else dict(zip(("low", "base", "high"), _range(amount), strict=True))


def _range(amount: Range | None) -> list[str]:
    return (
        ["", "", ""] if amount is None else [_exact(case) for case in (amount.low, amount.base, amount.high)]
    )


def _exact(micro_usd: Decimal | None) -> str:
    if micro_usd is None:
        return ""
    text = f"{dollars(micro_usd):f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"", "-0"} else text
