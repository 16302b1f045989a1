"""What every price leaves as it is: the usable cube, its projection, the facts and the verdicts.

An edited price, a discount or another date changes costs and nothing here, so the last few grounds
are kept and an edit is answered by pricing alone.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property
from typing import Any, Final

import pyarrow as pa

from data.declared import Declared
from reports import facts, projection, tables
from reports.behaviour import Rollups, behaviours, window_hours
from reports.log_hours import covered
from reports.mixed import Split, find
from reports.projection import Basis
from reports.windows import PartKey, log_windows
from triage.behaviour import Behaviour
from triage.engine import judge
from triage.model import Verdict, WorkloadFacts
from triage.policy import Policy

Tags = Mapping[str, tuple[str, ...]]
"""Workload -> what all of its calls are tagged with."""


class Ground:
    """One cube with what people declared and what the log shows, under one policy."""

    def __init__(
        self,
        cube: pa.Table,
        declared: tuple[Declared, ...],
        policy: Policy,
        rollups: Rollups,
        tags: Tags,
    ) -> None:
        self.whole = cube
        self.declared = declared
        self.policy = policy
        self.rollups = rollups
        self.tags = tags

    @cached_property
    def cube(self) -> pa.Table:
        """The cube without descriptions of workloads that also have a log."""
        return tables.arrow("usable_cube", {"cube": self.whole})

    @cached_property
    def logged(self) -> pa.Table:
        """The usable cube without described workloads, which have no past."""
        return tables.arrow("logged_cube", {"cube": self.cube})

    @cached_property
    def log(self) -> dict[str, Any]:
        """Totals of the logged part: see `reports/sql/log_totals.sql`."""
        return tables.rows("log_totals", {"cube": self.cube})[0]

    @cached_property
    def window_hours(self) -> int:
        """Hours that the logs cover together."""
        found = log_windows(self.cube).values()
        return covered({window for windows in found for window in windows}).hours

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """The workloads that are two under one name."""
        return find(self.cube)

    @cached_property
    def behaviours(self) -> dict[str, Behaviour]:
        """How the logged calls behave, by workload."""
        found = behaviours(self.cube, self.rollups)
        for split in self.splits:
            found[split.workload] = replace(found[split.workload], two_behaviours=True)
        return found

    @cached_property
    def facts(self) -> dict[str, WorkloadFacts]:
        """What triage is told, by workload."""
        known = facts.workload_facts(self.cube, self.declared, window_hours(self.cube), self.behaviours)
        return {item.name: replace(item, tags=self.tags.get(item.name, ())) for item in known}

    @cached_property
    def verdicts(self) -> dict[str, Verdict]:
        """What triage answers, by workload."""
        return {name: judge(item, self.policy) for name, item in self.facts.items()}

    @cached_property
    def bases(self) -> dict[PartKey, Basis]:
        """What each part's projection rests on."""
        return projection.bases(self.cube, self.declared)

    @cached_property
    def projected(self) -> pa.Table:
        """The cube rows that projections rest on."""
        return projection.projection_cube(self.cube, self.bases)

    @cached_property
    def tokens(self) -> list[Mapping[str, Any]]:
        """Tokens and requests of every part: see `reports/sql/part_tokens.sql`."""
        return list(tables.rows("part_tokens", {"cube": self.cube}))

    @cached_property
    def projected_tokens(self) -> list[Mapping[str, Any]]:
        """The same of the projection's rows."""
        return list(tables.rows("part_tokens", {"cube": self.projected}))


_RECENT: Final[deque[Ground]] = deque(maxlen=4)


def ground_of(
    cube: pa.Table,
    declared: tuple[Declared, ...],
    policy: Policy,
    rollups: Rollups,
    tags: Tags,
) -> Ground:
    """The ground of these very tables, made anew only when it is not one of the last four."""
    for known in tuple(_RECENT):
        same_log = known.whole is cube and known.rollups is rollups and known.tags == tags
        if same_log and known.declared == declared and known.policy.version == policy.version:
            return known
    made = Ground(cube, declared, policy, rollups, tags)
    _RECENT.appendleft(made)
    return made
