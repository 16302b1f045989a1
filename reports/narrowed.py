"""An analysis of some workloads only: every figure in it is of these, none of the whole.

A workload's verdict, lanes and saving do not depend on other workloads, so they stay as they are. All
that is summed over workloads (totals, days, coverage, models without a price, price rows used) is made
again from the part of the cube that is theirs, by the same formulas as the whole, so the parts of a
partition add up to the whole exactly.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from decimal import localcontext
from functools import cached_property
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from reports import tables
from reports.analysis import PRECISION, assembled, of_calls, of_files
from reports.chosen import Chosen, Narrowed
from reports.ground import Ground
from reports.log_hours import covered
from reports.look import Inputs, Look
from reports.model import Analysis, NotCounted, WorkloadResult
from reports.windows import log_windows

UNDIVIDED: Final = "whole workspace"
_WHY_UNDIVIDED: Final = (
    "Counted for the whole workspace: these rows are in no workload that a filter could keep."
)


def chosen_of(whole: Analysis, by: Chosen) -> tuple[WorkloadResult, ...]:
    """The workloads that a filter keeps, in their order."""
    return tuple(
        result
        for result in whole.workloads
        if by.keeps(result.workload, result.verdict.label, {part.provider for part in result.parts})
    )


def narrowed(whole: Analysis, inputs: Inputs, by: Chosen) -> Analysis:
    """The analysis of the workloads that a filter keeps, and that it is one; `inputs` made `whole`."""
    names = [result.workload for result in chosen_of(whole, by)]
    totals = whole.totals
    mark = Narrowed(
        by=by,
        n_workloads=len(names),
        of_workloads=len(whole.workloads),
        whole_n_requests=totals.n_requests,
        whole_billed_micro_usd=totals.billed_micro_usd,
        whole_current_per_year_micro_usd=totals.current_per_year_micro_usd,
    )
    return only(whole, inputs, names, mark)


def only(whole: Analysis, inputs: Inputs, names: Collection[str], mark: Narrowed) -> Analysis:
    """The analysis of the workloads of these names, marked as part of a whole."""
    kept = tuple(result for result in whole.workloads if result.workload in set(names))
    look = _PartLook(inputs, [result.workload for result in kept])
    first, last, hours = look.window()
    set_aside = [item for item in inputs.set_aside if item.count]
    with localcontext(prec=PRECISION):
        part = assembled(look, kept)
    return replace(
        part,
        price_version=whole.price_version,
        first_hour_utc=first,
        last_hour_utc=last,
        window_hours=hours,
        not_counted=(*map(_undivided, of_files(inputs)), *of_calls(look), *map(_undivided, set_aside)),
        policy_used=whole.policy_used,
        narrowed=mark,
    )


def _undivided(item: NotCounted) -> NotCounted:
    return replace(item, what=f"{item.what} ({UNDIVIDED})", detail=f"{item.detail} {_WHY_UNDIVIDED}")


class _PartLook(Look):
    """A look at some workloads of a workspace."""

    def __init__(self, inputs: Inputs, names: Collection[str]) -> None:
        self._whole = Look(inputs).ground
        declared = tuple(item for item in inputs.declared if item.name in set(names))
        self._names = pa.array(names, pa.string())
        super().__init__(replace(inputs, cube=self._theirs(inputs.cube), declared=declared))

    @cached_property
    def ground(self) -> Ground:
        """Everything that no price changes; not kept among the recent ones, where the whole's belongs."""
        given = self.inputs
        return Ground(given.cube, given.declared, given.policy, given.rollups, given.tags)

    def window(self) -> tuple[datetime | None, datetime | None, int]:
        """First and last hour with a call, and covered hours, of the logs that hold these workloads.

        A log's window is its own, not that of one workload: a weekly job in a log of two weeks was
        watched for two weeks, in whatever files they came, and its year is projected from them.
        """
        cube = self._whole.cube
        names = set(self._names.to_pylist())
        windows = {
            window for (name, _, _), found in log_windows(cube).items() if name in names for window in found
        }
        if not windows:
            return None, None, 0
        first, last = min(window.first for window in windows), max(window.last for window in windows)
        hour = pc.field("hour_utc")
        log = tables.rows("log_totals", {"cube": cube.filter((hour >= first) & (hour <= last))})[0]
        return log["first_hour"], log["last_hour"], covered(windows).hours

    def _theirs(self, cube: pa.Table) -> pa.Table:
        return cube.filter(pc.field("workload").isin(self._names))
