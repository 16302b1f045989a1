"""Realised savings and reconciliation on the command line: as lines for people and as one JSON object."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reports.differences import Comparison
    from reports.realised import Levers
    from reports.workbench import Workbench


def savings_summary(bench: "Workbench") -> dict[str, Any]:
    """The realised saving as a whole and by workload, lane, provider and day, with the capture rate.

    Amounts are exact dollars as text.
    """
    from reports.realised import track

    found = bench.verify().realised()
    beside = track(found, bench.analysis())
    rate = beside.capture_rate
    return {
        "provenance": "computed",
        "total": _levers(found.total),
        "still_to_be_had_usd": _usd(beside.open_micro_usd),
        "capture_rate": None if rate is None else round(float(rate), 6),
        "undated": _levers(found.undated()),
        "by_workload": {name: _levers(item) for name, item in found.by_workload().items()},
        "by_lane": {name: _levers(item) for name, item in found.by_lane().items()},
        "by_provider": {name: _levers(item) for name, item in found.by_provider().items()},
        "by_day": {day.isoformat(): _levers(item) for day, item in found.by_day().items()},
    }


def bills_summary(bench: "Workbench") -> dict[str, Any]:
    """Bills and reported costs beside computed ones: causes, whom to trust, what was not compared.

    Amounts are exact dollars as text.
    """
    billed, reported = bench.verify().bills(), bench.verify().reported()
    names = {manifest.dataset_id: manifest.name for manifest in bench.workspace.datasets()}
    return {
        "bills": _compared(billed.rows),
        "reported": _compared(reported.rows),
        "trust": [
            {
                "provider": item.provider,
                "source": "computed" if item.source is None else names.get(item.source, item.source),
                "total_usd": _usd(item.micro_usd),
                "bill_usd": _usd(item.bill_micro_usd),
                "off_by": None if item.off_by is None else round(float(item.off_by), 6),
                "agrees": item.agrees,
            }
            for item in billed.trust
        ],
        "not_compared": [
            {"source": names.get(item.source, item.source), "reason": item.reason, "n": item.n}
            for item in (*billed.not_compared, *reported.not_compared)
        ],
    }


def savings_lines(summary: Mapping[str, Any]) -> Iterable[str]:
    """The realised saving for a person at a terminal."""
    total, rate = summary["total"], summary["capture_rate"]
    yield (
        f"Realised saving {_money(total['saved_usd'])}: cache {_money(total['cache_usd'])}, tier "
        f"{_money(total['tier_usd'])}, lost to failures {_money(total['lost_usd'])}. Computed from usage."
    )
    yield (
        f"Still to be had {_money(summary['still_to_be_had_usd'])} in as many days (estimated)"
        + (f"; capture rate {rate:.1%}." if rate is not None else ".")
    )
    if total["n_unpriced"]:
        yield f"{total['n_unpriced']:,} calls have no price to compare with and are in no amount."
    for name, item in summary["by_workload"].items():
        yield f"  {name}: {_money(item['saved_usd'])} of {_money(item['counterfactual_usd'])}"


def bills_lines(summary: Mapping[str, Any]) -> Iterable[str]:
    """The reconciliation for a person at a terminal."""
    for title, key, none in (
        ("Bills", "bills", "No bill has been imported."),
        ("Reported costs", "reported", "No log that was imported carries costs."),
    ):
        part = summary[key]
        if not part["rows"]:
            yield none
            continue
        yield (
            f"{title}: {_money(part['other_usd'])} beside {_money(part['computed_usd'])} computed, "
            f"difference {_money(part['difference_usd'])}"
        )
        for cause, amount in part["causes_usd"].items():
            yield f"  {cause}: {_money(amount)}"
    for item in summary["trust"]:
        verdict = "agrees with the bill" if item["agrees"] else "does not agree with the bill"
        off = "" if item["off_by"] is None else f" ({item['off_by']:+.2%})"
        yield f"{item['provider']}, {item['source']}: {_money(item['total_usd'])} {verdict}{off}"
    for item in summary["not_compared"]:
        yield f"Not compared: {item['n']:,} of {item['source']} ({item['reason']})"


def _levers(item: "Levers") -> dict[str, Any]:
    return {
        "saved_usd": _usd(item.saved_micro_usd),
        "cache_usd": _usd(item.cache_micro_usd),
        "tier_usd": _usd(item.tier_micro_usd),
        "lost_usd": _usd(item.lost_micro_usd),
        "billed_usd": _usd(item.billed_micro_usd),
        "counterfactual_usd": _usd(item.counterfactual_micro_usd),
        "n_requests": item.n_requests,
        "n_failed": item.n_failed,
        "n_answered_twice": item.n_repeated,
        "n_unpriced": item.n_unpriced,
    }


def _compared(rows: "tuple[Comparison, ...]") -> dict[str, Any]:
    from reports.differences import together

    total = together(rows)
    return {
        "computed_usd": _usd(total.computed_micro_usd),
        "other_usd": _usd(total.other_micro_usd),
        "difference_usd": _usd(total.difference_micro_usd),
        "causes_usd": {cause: _usd(amount) for cause, amount in total.causes},
        "rows": [
            {
                "provider": row.provider,
                "model": row.model,
                "workload": row.workload,
                "tier": row.tier,
                "first_day": row.first_day.isoformat() if row.first_day else None,
                "last_day": row.last_day.isoformat() if row.last_day else None,
                "computed_usd": _usd(row.computed_micro_usd),
                "other_usd": _usd(row.other_micro_usd),
                "causes_usd": {cause: _usd(amount) for cause, amount in row.causes},
                "explained_by": row.detail,
            }
            for row in rows
        ],
    }


def _usd(micro_usd: Decimal) -> str:
    from reports.format import dollars

    return f"{dollars(micro_usd).normalize():f}"


def _money(exact: str) -> str:
    amount = Decimal(exact)
    return f"{'-' if amount < 0 else ''}${abs(amount):,.2f}"
