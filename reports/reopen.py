"""A report that is opened again says what it said: its own prices travel in its JSON."""

import json
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from pricing.extract import PriceExtract
from reports.triage_report import SCHEMA


class ReportError(ValueError):
    """A file is no report of ours, or one without its prices; the text is fit to show."""


def prices_of(text: str) -> tuple[datetime, PriceExtract]:
    """The analysis date of a report's JSON and the prices it rests on; ReportError when it has none."""
    try:
        report: Any = json.loads(text)
        if not isinstance(report, dict) or report.get("schema") != SCHEMA:
            raise ReportError(f"This is no Lanewise report: its “schema” is not {SCHEMA}.")
        return datetime.fromisoformat(report["as_of"]), PriceExtract.model_validate(report["price_extract"])
    except ReportError:
        raise
    except KeyError as missing:
        raise ReportError(
            f"The report lacks {missing}: it was written before reports carried their prices, or was cut. "
            "Write it anew from its workspace."
        ) from missing
    except (ValueError, TypeError, ValidationError) as error:
        raise ReportError("The report cannot be read; open the JSON file as Lanewise wrote it.") from error
