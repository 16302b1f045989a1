"""A report that is opened again says what it said: its own prices and policy travel in its JSON."""

import json
from datetime import datetime
from typing import Any, Final

from pydantic import TypeAdapter, ValidationError

from pricing.extract import PriceExtract
from reports.model import PolicyUsed
from reports.triage_report import SCHEMA
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
