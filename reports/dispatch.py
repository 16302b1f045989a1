"""The policy replayed over the log, as if a dispatcher had asked it for every call: what it would defer,
when that would leave, what it saves and what it risks.

Calls count by the minute in which they began. Amounts are micro-dollars a year, in the base case of the
lane that each part would use; what a part does today is priced as in the analysis.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from data.declared import Declared
from reports.look import Inputs
from reports.model import Analysis, Part
from reports.recommend import TIER_OF_LANE
from triage.model import Tier
from triage.replay import Call, LaneKey, Replay, replay
from triage.route import Request

INTERVALS_S: Final = (600, 3_600, 14_400, 86_400)
"""How often a dispatcher could send what it collected: 10 minutes, an hour, four hours, a day."""

_SYNCHRONOUS: Final = ("standard", "priority")


@dataclass(frozen=True)
class DispatchRow:
    """One workload in the replay.

    Attributes:
        n_calls, n_deferred, n_flex: calls replayed, sent later, and sent in flex at once.
        saving_per_year: None where a lane they would use has no price or nothing can be projected.
    """

    workload: str
    n_calls: int
    n_deferred: int
    n_flex: int
    saving_per_year: Decimal | None


@dataclass(frozen=True)
class Dispatch:
    """What a dispatcher would have done with the log.

    Attributes:
        n_left_out: calls that were in a batch, flex or off-peak hours already.
        rows: by workload, the largest saving first, unknown ones last.
    """

    flush_every_s: int
    outcome: Replay
    n_left_out: int
    rows: tuple[DispatchRow, ...]

    @property
    def saving_per_year(self) -> Decimal:
        """What the workloads with a known saving save together."""
        return sum((row.saving_per_year for row in self.rows if row.saving_per_year is not None), Decimal(0))

    @property
    def n_unpriced(self) -> int:
        """Workloads of which something would move and the saving is unknown."""
        return sum(row.saving_per_year is None and row.n_deferred + row.n_flex > 0 for row in self.rows)


def dispatch(
    minutes: pa.Table, inputs: Inputs, analysis: Analysis, flush_every_s: int | None = None
) -> Dispatch:
    """Replays the calls that were made synchronously.

    Args:
        minutes: the calls by minute (see `data.minutes`).
        inputs: what `analysis` rests on.
        flush_every_s: how often what was collected is sent; None takes the policy's interval.
    """
    parts = {
        (part.workload, part.provider, part.model): part
        for result in analysis.workloads
        for part in result.parts
    }
    synchronous = minutes.filter(pc.field("tier").isin(list(_SYNCHRONOUS)))
    every = inputs.policy.deadlines.flush_every_s if flush_every_s is None else flush_every_s
    outcome = replay(
        _calls(synchronous, inputs, parts),
        inputs.policy,
        flush_every_s=every,
        turnarounds=inputs.turnarounds,
    )
    n_all = pc.sum(minutes["n"]).as_py() or 0
    return Dispatch(every, outcome, n_all - outcome.n_calls, _rows(outcome.n_by_lane, parts))


def _calls(minutes: pa.Table, inputs: Inputs, parts: Mapping[tuple[str, str, str], Part]) -> Iterable[Call]:
    said = {item.name: item for item in inputs.declared}
    known: dict[tuple[Any, ...], Request] = {}
    for row in minutes.to_pylist():
        kind = tuple(row[name] for name in minutes.schema.names[1:8])
        request = known.get(kind)
        if request is None:
            workload = row["workload"]
            request = known[kind] = _request(
                row,
                said.get(workload),
                inputs.tags.get(workload, ()),
                parts.get((workload, row["provider"], row["model"])),
            )
        yield Call(row["minute_utc"], request, row["n"])


def _request(
    row: Mapping[str, Any], said: Declared | None, tags: tuple[str, ...], part: Part | None
) -> Request:
    """What a dispatcher would know of a call: what it carries, and what was declared of its workload."""
    waits = [
        *([row["deadline_s"]] if row["deadline_s"] is not None else []),
        *([said.max_wait_ms // 1_000] if said is not None and said.max_wait_ms is not None else []),
    ]
    return Request(
        workload=row["workload"],
        tags=tags,
        deadline_s=min(waits, default=None),
        user_waiting=said.user_waiting if said is not None else None,
        stream=row["streamed"],
        batch_eligible=row["batch_eligible"],
        trigger=said.trigger if said is not None else None,
        sequential=said.sequential if said is not None else None,
        provider=row["provider"],
        model=row["model"],
        offered_tiers=_offered(part),
    )


def _offered(part: Part | None) -> tuple[Tier, ...]:
    lanes = [lane for lane in part.lanes if lane.cost_micro_usd is not None] if part is not None else []
    tiers: dict[Tier, None] = {"standard": None}
    for lane in lanes:
        tiers[TIER_OF_LANE[lane.lane]] = None  # type: ignore[index]
    return tuple(tiers)


def _rows(
    n_by_lane: Mapping[LaneKey, int], parts: Mapping[tuple[str, str, str], Part]
) -> tuple[DispatchRow, ...]:
    calls: Counter[tuple[str, str, str]] = Counter()
    moved: dict[str, Counter[str]] = {}
    for key, n in n_by_lane.items():
        calls[key.workload, key.provider, key.model] += n
        moved.setdefault(key.workload, Counter())[key.tier] += n
    savings: dict[str, Decimal | None] = dict.fromkeys(moved, Decimal(0))
    for key, n in n_by_lane.items():
        if key.tier in _SYNCHRONOUS:
            continue
        whole = (key.workload, key.provider, key.model)
        saved, so_far = _saving(parts.get(whole), key.tier), savings[key.workload]
        savings[key.workload] = None if saved is None or so_far is None else so_far + saved * n / calls[whole]
    rows = (
        DispatchRow(
            name,
            tiers.total(),
            tiers["batch"] + tiers["offpeak"],
            tiers["flex"],
            savings[name],
        )
        for name, tiers in moved.items()
    )
    return tuple(
        sorted(
            rows,
            key=lambda row: (row.saving_per_year is None, -(row.saving_per_year or 0), row.workload),
        )
    )


def _saving(part: Part | None, tier: Tier) -> Decimal | None:
    """What a year of the whole part would save in a tier, with the cache where that is cheaper there."""
    if part is None or part.current_micro_usd is None or part.year_factor is None:
        return None
    costs = [
        lane.projected.base
        for lane in part.lanes
        if TIER_OF_LANE[lane.lane] == tier and lane.projected is not None
    ]
    return (part.current_micro_usd - min(costs)) * part.year_factor if costs else None
