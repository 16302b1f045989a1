"""Usage reports beside call logs, and beside each other: where both cover the same days, and which counts.

A provider's usage report holds aggregates of calls that a log may hold one by one, or that another report
holds in other groups: by the hour instead of the day, or once more by service tier. Nothing in either
says so, so nothing is left out by itself: a person is told, and chooses.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations
from typing import Any, Final, Literal, get_args

import pyarrow as pa
import pyarrow.compute as pc

from data.errors import WorkspaceError
from data.queries import DESCRIBED
from data.store import Manifest
from reports import tables
from reports.model import NotCounted

DOCUMENT: Final = "counting"
"""The workspace document of the choices, as {"choices": [{provider, aggregates, calls, counts}]}."""

Counts = Literal["calls", "aggregates", "both"]
COUNTS: Final[tuple[Counts, ...]] = get_args(Counts)

_SET_ASIDE: Final = pa.schema(
    [("dataset_id", pa.string()), ("provider", pa.string()), ("day_utc", pa.timestamp("us"))]
)


@dataclass(frozen=True)
class Overlap:
    """Two datasets of one provider, aggregates and calls, that cover the same UTC days.

    Of two reports `aggregates` is the one imported first and `calls` the other. `counts` is what
    somebody chose, None while nobody has: then both count.
    """

    provider: str
    aggregates: Manifest
    calls: Manifest
    days_utc: tuple[datetime, ...]
    counts: Counts | None

    @property
    def key(self) -> tuple[str, str, str]:
        """What the choice is kept under."""
        return (self.provider, self.aggregates.dataset_id, self.calls.dataset_id)

    @property
    def are_reports(self) -> bool:
        """Whether both are aggregates."""
        return is_aggregate(self.calls)

    @property
    def left_out(self) -> Manifest | None:
        """The dataset that does not count on these days, None when both do."""
        return {"calls": self.aggregates, "aggregates": self.calls}.get(self.counts or "both")


def is_aggregate(manifest: Manifest) -> bool:
    """Whether a dataset holds a provider's aggregates and no single call."""
    return manifest.grain == "bucket" and manifest.format != DESCRIBED and manifest.calls > 0


def only_aggregates(cube: pa.Table) -> frozenset[str]:
    """The workloads that usage reports name and of which no single call is in the cube."""
    logged = cube.filter(pc.field("source_format") != DESCRIBED)
    called = logged.filter(pc.field("grain") == "call")
    return frozenset(logged["workload"].to_pylist()) - frozenset(called["workload"].to_pylist())


def choices(content: Mapping[str, Any] | None) -> dict[tuple[str, str, str], Counts]:
    """The choices of a saved document; WorkspaceError when it is no list of choices.

    A choice of a kind that this version does not know is no choice.
    """
    saved = (content or {}).get("choices", [])
    if not isinstance(saved, list) or not all(isinstance(entry, dict) for entry in saved):
        raise WorkspaceError(
            "The choices of what counts cannot be read",
            f"A version of the document “{DOCUMENT}” was changed by hand and no longer makes sense. "
            f"Delete its newest file in documents/{DOCUMENT} to go back to the version before.",
        )
    found: dict[tuple[str, str, str], Counts] = {}
    for entry in saved:
        if entry.get("counts") in COUNTS:
            found[entry["provider"], entry["aggregates"], entry["calls"]] = entry["counts"]
    return found


def with_choice(content: Mapping[str, Any], key: tuple[str, str, str], counts: Counts) -> dict[str, Any]:
    """The document with one choice made anew."""
    kept = {**choices(content), key: counts}
    return {
        "choices": [
            {"provider": provider, "aggregates": aggregates, "calls": calls, "counts": chosen}
            for (provider, aggregates, calls), chosen in sorted(kept.items())
        ]
    }


def overlaps(
    cube: pa.Table, manifests: Sequence[Manifest], chosen: Mapping[tuple[str, str, str], Counts]
) -> tuple[Overlap, ...]:
    """Every pair of one provider that shares days, by provider and import: aggregates and calls, and
    two reports that also share a model (reports of other services of a provider have other models).
    """
    aggregates = [manifest for manifest in manifests if is_aggregate(manifest)]
    logs = [manifest for manifest in manifests if manifest.grain == "call" and manifest.format != DESCRIBED]
    pairs = [(report, log) for report in aggregates for log in logs]
    pairs += combinations(aggregates, 2)
    if not pairs:
        return ()
    covered: dict[tuple[str, str], set[datetime]] = defaultdict(set)
    for row in tables.rows("dataset_days", {"cube": cube}):
        covered[row["dataset_id"], row["provider"]].add(row["day_utc"])
    models: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in cube.group_by(["dataset_id", "provider", "model"]).aggregate([]).to_pylist():
        models[row["dataset_id"], row["provider"]].add(row["model"])
    return tuple(
        Overlap(provider, report, other, days, chosen.get((provider, report.dataset_id, other.dataset_id)))
        for provider in sorted({provider for _, provider in covered})
        for report, other in pairs
        if (days := tuple(sorted(_days(covered, report, provider) & _days(covered, other, provider))))
        and (
            not is_aggregate(other)
            or models[report.dataset_id, provider] & models[other.dataset_id, provider]
        )
    )


def _days(
    covered: Mapping[tuple[str, str], set[datetime]], manifest: Manifest, provider: str
) -> set[datetime]:
    return covered.get((manifest.dataset_id, provider), set())


def counted(cube: pa.Table, found: Iterable[Overlap]) -> pa.Table:
    """The cube without what the choices leave out."""
    rows = [
        {"dataset_id": overlap.left_out.dataset_id, "provider": overlap.provider, "day_utc": day}
        for overlap in found
        if overlap.left_out is not None
        for day in overlap.days_utc
    ]
    if not rows:
        return cube
    return tables.arrow(
        "counted_cube", {"cube": cube, "set_aside": pa.Table.from_pylist(rows, _SET_ASIDE)}
    ).cast(cube.schema)


def undecided(found: Iterable[Overlap]) -> tuple[NotCounted, ...]:
    """The pairs of which nobody has chosen one, so that the same usage may be in every figure twice."""
    return tuple(
        NotCounted(
            f"Days on which “{overlap.aggregates.name}” and “{overlap.calls.name}” both count",
            len(overlap.days_utc),
            f"Both hold {overlap.provider} usage of these days. If it is the same, it is in every figure "
            "twice: choose on the Data page which counts.",
        )
        for overlap in found
        if overlap.counts is None
    )


def not_counted(whole: pa.Table, kept: pa.Table, found: Iterable[Overlap]) -> tuple[NotCounted, ...]:
    """What the choices leave out, one line a dataset, with why."""
    before, after = _requests(whole), _requests(kept)
    beside: dict[str, list[str]] = defaultdict(list)
    named: dict[str, Manifest] = {}
    for overlap in found:
        if overlap.left_out is not None:
            other = overlap.calls if overlap.left_out is overlap.aggregates else overlap.aggregates
            named[overlap.left_out.dataset_id] = overlap.left_out
            beside[overlap.left_out.dataset_id].append(f"“{other.name}”")
    return tuple(
        NotCounted(
            f"Requests of “{manifest.name}” that another dataset counts",
            before.get(dataset_id, 0) - after.get(dataset_id, 0),
            f"On the same days {' and '.join(dict.fromkeys(beside[dataset_id]))} counts, "
            "as chosen on the Data page.",
        )
        for dataset_id, manifest in named.items()
    )


def _requests(cube: pa.Table) -> dict[str, int]:
    totals = cube.group_by("dataset_id").aggregate([("n_requests", "sum")]).to_pylist()
    return {row["dataset_id"]: int(row["n_requests_sum"]) for row in totals}
