"""A report that is opened again says what it said: its own prices and policy travel in its JSON."""

import json
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from pricing.extract import PriceExtract
from reports.chosen import Chosen, Narrowed
from reports.model import PolicyUsed
from reports.parts import MILLION
from reports.triage_report import NARROWED, SCHEMA
from triage.errors import PolicyError
from triage.policy import Policy

_USED: Final = TypeAdapter(PolicyUsed)


class ReportError(ValueError):
    """A file is no report of ours, or one without its prices; the text is fit to show."""


def basis_of(text: str) -> tuple[datetime, PriceExtract, tuple[Policy, PolicyUsed]]:
    """The analysis date of a report's JSON, its prices and its policy; ReportError when it lacks one."""
    try:
        report: Any = json.loads(text)
        if not isinstance(report, dict) or report.get("schema") != SCHEMA:
            raise ReportError(f"This is no Lanewise report: its “schema” is not {SCHEMA}.")
        as_of = datetime.fromisoformat(report["as_of"])
        extract = PriceExtract.model_validate(report["price_extract"])
        used = _USED.validate_python(report["policy_used"])
        return as_of, extract, (Policy.load(used.text), used)
    except ReportError:
        raise
    except KeyError as missing:
        raise ReportError(
            f"The report lacks {missing}: it was written before reports carried their prices and policy, or "
            "was cut. Write it anew from its workspace."
        ) from missing
    except (ValueError, TypeError, ValidationError, PolicyError) as error:
        raise ReportError("The report cannot be read; open the JSON file as Lanewise wrote it.") from error


def part_of(report: Mapping[str, Any]) -> Narrowed | None:
    """Of which part of the workloads a report says it is; None for a whole one.

    ReportError where what it says makes no sense.
    """
    said = report.get(NARROWED)
    if said is None:
        return None
    try:
        by, billed = said["by"], said["whole_billed_usd"]
        return Narrowed(
            by=Chosen(str(by["find"]), tuple(by["labels"]), tuple(by["providers"])),
            n_workloads=int(said["n_workloads"]),
            of_workloads=int(said["of_workloads"]),
            whole_n_requests=int(said["whole_n_requests"]),
            whole_billed_micro_usd=Decimal(billed) * MILLION if billed is not None else None,
            whole_current_per_year_micro_usd=Decimal(said["whole_current_per_year_usd"]) * MILLION,
        )
    except (KeyError, TypeError, ValueError, InvalidOperation) as error:
        raise ReportError("The report cannot be read; open the JSON file as Lanewise wrote it.") from error


def named_part(text: str) -> tuple[tuple[str, ...], Narrowed] | None:
    """The workloads of a report's JSON and what it says of its part; None for a whole one."""
    report: Any = json.loads(text)
    mark = part_of(report)
    return None if mark is None else (tuple(item["workload"] for item in report["workloads"]), mark)
