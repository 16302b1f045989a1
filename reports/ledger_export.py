"""The ledger as CSV and JSON: every recommendation with its baseline and what was measured."""

import csv
import io
import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from reports.format import dollars
from reports.ledger import Entry, Happened, ref_of, totals
from reports.triage_report import safe_cell

SCHEMA: Final = "lanewise.ledger/1"

CSV_COLUMNS: Final = (
    "ref",
    "state",
    "workload",
    "provider",
    "model",
    "lane",
    "owner",
    "note",
    "changed_utc",
    "changed_by",
    "expected_per_year_low_usd",
    "expected_per_year_base_usd",
    "expected_per_year_high_usd",
    "verified_per_year_usd",
    "effort_usd",
    "payback_days",
    "measured_from_utc",
    "measured_saving_usd",
    "recheck_on",
    "regressed",
    "lost",
)


def csv_text(entries: Sequence[Entry]) -> str:
    """One row a recommendation, RFC 4180 with CRLF; unknown amounts are empty cells."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(CSV_COLUMNS)
    for entry in entries:
        row = _row(entry)
        writer.writerow([_cell(row[column]) for column in CSV_COLUMNS])
    return out.getvalue()


def json_value(entries: Sequence[Entry], history: Sequence[Happened]) -> dict[str, Any]:
    """Everything, amounts as exact dollars in text; baselines and measurements as they are stored."""
    found = totals(entries)
    return {
        "schema": SCHEMA,
        "totals_per_year": {
            name: _usd(getattr(found, name))
            for name in ("proposed", "claimed", "expected_of_verified", "verified", "failed")
        },
        "recommendations": [
            {
                **_row(entry),
                "because": entry.because,
                "still_recommended": entry.recommended,
                "baseline": entry.baseline.model_dump(mode="json") if entry.baseline is not None else None,
                "measured": entry.measured.model_dump(mode="json") if entry.measured is not None else None,
            }
            for entry in entries
        ],
        "history": [
            {
                "seq": item.version.seq,
                "at_utc": item.version.at_utc.isoformat(),
                "author": item.version.author,
                "event": item.event.event,
                "ref": ref_of(item.event.key),
                "owner": item.event.owner,
                "note": item.version.note,
            }
            for item in history
        ],
    }


def json_text(entries: Sequence[Entry], history: Sequence[Happened]) -> str:
    """The same as text."""
    return json.dumps(json_value(entries, history), indent=2, ensure_ascii=False) + "\n"


def _row(entry: Entry) -> dict[str, Any]:
    expected, baseline, measured = entry.expected_per_year, entry.baseline, entry.measured
    payback = entry.payback_days
    return {
        "ref": entry.ref,
        "state": entry.state,
        **entry.key.model_dump(),
        "owner": entry.owner,
        "note": entry.note,
        "changed_utc": entry.changed.at_utc.isoformat() if entry.changed is not None else None,
        "changed_by": entry.changed.author if entry.changed is not None else None,
        "expected_per_year_low_usd": _usd(expected.low) if expected is not None else None,
        "expected_per_year_base_usd": _usd(expected.base) if expected is not None else None,
        "expected_per_year_high_usd": _usd(expected.high) if expected is not None else None,
        "verified_per_year_usd": _usd(entry.verified_per_year_micro_usd),
        "effort_usd": f"{entry.effort_usd:f}",
        "payback_days": f"{payback:.1f}" if payback is not None else None,
        "measured_from_utc": baseline.measured_from.isoformat() if baseline is not None else None,
        "measured_saving_usd": _usd(measured.saving_micro_usd) if measured is not None else None,
        "recheck_on": entry.recheck_on.isoformat() if entry.recheck_on is not None else None,
        "regressed": entry.regression is not None,
        "lost": entry.lost,
    }


def _usd(micro_usd: Decimal | None) -> str | None:
    return None if micro_usd is None else f"{dollars(micro_usd).quantize(Decimal('0.000001')):f}"


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return safe_cell(str(value)) if not _is_number(value) else str(value)


def _is_number(value: object) -> bool:
    """Whether a cell holds an amount of ours, whose minus sign is no formula."""
    try:
        Decimal(str(value))
    except ArithmeticError:
        return False
    return True
