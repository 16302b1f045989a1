"""The halves of mixed workloads, judged and priced like any workload."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from reports.ground import Ground
from reports.look import Inputs, Look
from reports.mixed import Cell, Hours, Split, latency_mean_ms, pace_of, split_cube, streaming_share
from reports.model import HoursPart, Mixed, WorkloadResult
from triage.model import WorkloadFacts


class _SplitGround(Ground):
    """The ground of a cube whose mixed workloads are divided; `wholes` is half -> workload."""

    def __init__(self, inputs: Inputs, wholes: Mapping[str, str]) -> None:
        super().__init__(inputs.cube, inputs.declared, inputs.policy, inputs.rollups, inputs.tags)
        self._wholes = wholes

    @cached_property
    def splits(self) -> tuple[Split, ...]:
        """None: a half is not divided again."""
        return ()

    @cached_property
    def facts(self) -> dict[str, WorkloadFacts]:
        """What triage is told; a half goes by its whole's name, which rules of a policy may look at."""
        return {
            name: replace(
                item,
                name=self._wholes.get(name, name),
                tags=self.tags.get(self._wholes.get(name, name), ()),
            )
            for name, item in super().facts.items()
        }


class SplitLook(Look):
    """A look at the workspace in which the halves of mixed workloads are workloads."""

    def __init__(self, inputs: Inputs, splits: Sequence[Split]) -> None:
        """`splits` as `find` gives them."""
        halves = {name: split.workload for split in splits for name in split.part_names()}
        divided = split_cube(inputs.cube, splits)
        said = {item.name: item for item in inputs.declared}
        copies = tuple(
            # What was said of volumes was said of the whole.
            replace(said[whole], name=half, requests_per_day=None, requests_per_run=None, has_usage=False)
            for half, whole in halves.items()
            if whole in said
        )
        self._wholes = halves
        super().__init__(
            replace(inputs, cube=divided, declared=(*inputs.declared, *copies), rollups=pace_of(divided))
        )

    @cached_property
    def ground(self) -> Ground:
        """Everything that no price changes."""
        return _SplitGround(self.inputs, self._wholes)


def described(split: Split, cells: Mapping[int, Cell], results: Mapping[str, WorkloadResult]) -> Mixed:
    """The finding: each half with its figures, from the results of a `SplitLook` by workload."""
    whole = sum(cell.n for cell in cells.values())

    def half(name: str, hours: Hours) -> HoursPart:
        own = [cells[hour] for hour in sorted(hours)]
        n = sum(cell.n for cell in own)
        return HoursPart(
            hours=tuple(sorted(hours)),
            share_of_calls=n / whole,
            calls_per_hour=n / sum(cell.n_hours for cell in own),
            streaming_share=streaming_share(own),
            latency_mean_ms=latency_mean_ms(own),
            result=replace(results[name], workload=split.workload),
        )

    job, rest = split.part_names()
    return Mixed(by=split.by, job=half(job, split.job), rest=half(rest, split.rest))
