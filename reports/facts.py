"""From what people declared and what the log shows to the facts that triage judges."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa

from data.declared import Declared
from reports import tables
from triage.behaviour import Behaviour
from triage.model import WorkloadFacts

_HOURS_A_DAY: Final = Decimal(24)
_DECLARED_FIELDS: Final = (
    "trigger",
    "user_waiting",
    "max_wait_ms",
    "sequential",
    "requests_per_day",
    "requests_per_run",
)


def workload_facts(
    cube: pa.Table,
    declared: Iterable[Declared],
    hours: Mapping[str, int],
    behaviours: Mapping[str, Behaviour],
) -> tuple[WorkloadFacts, ...]:
    """One `WorkloadFacts` for every workload of the cube or of the declarations, by name.

    `hours` are those that the logs of each workload cover. Requests per day are the declared ones, else the
    dated calls of the log over its hours; a log without dates gives none.
    """
    seen = {row["workload"]: row for row in tables.rows("log_facts", {"cube": cube})}
    said = {item.name: item for item in declared}
    return tuple(
        _facts(name, seen.get(name), said.get(name), hours.get(name, 0), behaviours.get(name))
        for name in sorted({*seen, *said})
    )


def _facts(
    name: str,
    seen: dict[str, Any] | None,
    said: Declared | None,
    hours: int,
    behaviour: Behaviour | None,
) -> WorkloadFacts:
    sources: dict[str, str] = {}
    if said is not None:
        for field in _DECLARED_FIELDS:
            if getattr(said, field) is not None:
                sources[field] = said.declared_by
    logged = seen is not None and not seen["described"]
    requests_per_day = said.requests_per_day if said else None
    if requests_per_day is None and logged and seen is not None and hours:
        requests_per_day = Decimal(seen["n_dated"]) * _HOURS_A_DAY / Decimal(hours)
        sources["requests_per_day"] = "log"
    n_eligible = int(seen["n_batch_eligible"]) if logged and seen else 0
    n_ineligible = int(seen["n_batch_ineligible"]) if logged and seen else 0
    n_said = n_eligible + n_ineligible
    return WorkloadFacts(
        name=name,
        description=said.description if said else None,
        trigger=said.trigger if said else None,
        user_waiting=said.user_waiting if said else None,
        max_wait_ms=said.max_wait_ms if said else None,
        sequential=said.sequential if said else None,
        requests_per_day=requests_per_day,
        requests_per_run=said.requests_per_run if said else None,
        batch_eligible_share=n_eligible / n_said if n_said else None,
        n_batch_eligible=n_eligible,
        n_batch_ineligible=n_ineligible,
        min_deadline_s=seen["min_deadline_s"] if logged and seen else None,
        n_deadline=int(seen["n_deadline"]) if logged and seen else None,
        sources=sources,
        requests_seen=int(seen["n_requests"]) if logged and seen else None,
        behaviour=behaviour,
    )
