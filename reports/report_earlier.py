"""An earlier report as a comparison reads it from its JSON."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation, localcontext
from typing import Any, Final

from reports.analysis import PRECISION
from reports.chosen import Narrowed
from reports.parts import MILLION
from reports.reopen import ReportError, part_of
from reports.triage_report import SCHEMA

_NONE: Final = Decimal(0)
RATES: Final[Mapping[str, str]] = {
    "input_usd_per_mtok": "input",
    "cache_read_usd_per_mtok": "cache read",
    "cache_write_usd_per_mtok": "cache write",
    "cache_write_long_usd_per_mtok": "long cache write",
    "output_usd_per_mtok": "output",
}
"""The rates of a price row, and what a comparison calls them."""
_GRAIN: Final = Decimal("0.000001")
"""Micro-dollars: below it an amount is the dust of a division, and nothing that anybody was charged."""


@dataclass(frozen=True)
class Then:
    """One workload as an earlier report has it; amounts are micro-dollars a year."""

    label: str
    rule_id: str
    current_lane: str
    recommended_lane: str
    cost: Decimal | None
    saving: Decimal
    calls_per_year: Decimal | None
    cached_share: float | None
    models: frozenset[tuple[str, str]]


@dataclass(frozen=True)
class Earlier:
    """What a comparison needs of an earlier report's JSON."""

    as_of: datetime
    price_version: str
    policy_version: str
    cost: Decimal
    saving: Decimal
    workloads: Mapping[str, Then]
    narrowed: Narrowed | None
    prices: Mapping[tuple[str, str, str, int, str], Mapping[str, str | None]]


def read_earlier(text: str) -> Earlier:
    """An earlier report's JSON; ReportError when it is none, or is damaged."""
    try:
        with localcontext() as context:
            context.prec = PRECISION
            return _read(json.loads(text))
    except ReportError:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, InvalidOperation) as error:
        raise ReportError("The report cannot be read; open the JSON file as Lanewise wrote it.") from error


def _read(report: Any) -> Earlier:
    if not isinstance(report, dict) or report.get("schema") != SCHEMA:
        raise ReportError(f"This is no Lanewise report: its “schema” is not {SCHEMA}.")
    totals = report["totals"]
    return Earlier(
        as_of=datetime.fromisoformat(report["as_of"]),
        price_version=str(report["price_version"]),
        policy_version=str(report["policy_version"]),
        cost=_amount(totals["current_per_year_usd"]) or _NONE,
        saving=_amount(totals["saving_per_year_usd"]["base"]) or _NONE,
        workloads={str(item["workload"]): _then(item) for item in report["workloads"]},
        narrowed=part_of(report),
        prices={
            (
                row["provider"],
                row["model"],
                row["tier"],
                row["min_prompt_tokens"],
                row["valid_from"] or "",
            ): {column: row[column] for column in RATES}
            for row in report["prices_used"]
        },
    )


def _amount(usd_text: str | None) -> Decimal | None:
    return None if usd_text is None else known_amount(Decimal(usd_text) * MILLION)


def known_amount(micro_usd: Decimal) -> Decimal:
    """An amount without the dust of divisions, to a millionth of a micro-dollar."""
    return micro_usd.quantize(_GRAIN)


def _then(item: Mapping[str, Any]) -> Then:
    parts = item["parts"]
    factors = [None if part["year_factor"] is None else Decimal(part["year_factor"]) for part in parts]
    read = sum(part["tokens"]["cache_read_tokens"] for part in parts)
    total = sum(part["tokens"]["input_tokens"] for part in parts)
    return Then(
        label=item["verdict"]["label"],
        rule_id=item["verdict"]["rule_id"],
        current_lane=item["current_lane"],
        recommended_lane=item["recommended_lane"],
        cost=_amount(item["current_per_year_usd"]),
        saving=_amount(item["saving_per_year_usd"]["base"]) or _NONE,
        calls_per_year=calls_a_year([part["n_requests"] for part in parts], factors),
        cached_share=read / total if total else None,
        models=frozenset((part["provider"], part["model"]) for part in parts),
    )


def calls_a_year(counts: list[int], factors: list[Decimal | None]) -> Decimal | None:
    """The calls of parts times how often their logs fit into a year; None where no part has a year."""
    known = [number * factor for number, factor in zip(counts, factors, strict=True) if factor is not None]
    return sum(known, _NONE) if known else None
