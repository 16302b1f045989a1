"""A filter over workloads, and what a part of a workspace says of the whole it was taken from."""

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from reports.format import label_title
from triage.model import Label


@dataclass(frozen=True)
class Chosen:
    """Which workloads to show: each field that is set has to fit, and any of its values will do.

    Attributes:
        find: a part of the name, in any case.
        labels: labels of the verdict.
        providers: a workload fits with all it has when any of its parts runs at one of these.
    """

    find: str = ""
    labels: tuple[Label, ...] = ()
    providers: tuple[str, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.find.strip() or self.labels or self.providers)

    def keeps(self, workload: str, label: str, providers: Collection[str]) -> bool:
        """Whether a workload of that name and label, with parts at these providers, is shown."""
        return (
            self.find.strip().casefold() in workload.casefold()
            and (not self.labels or label in self.labels)
            and (not self.providers or not set(self.providers).isdisjoint(providers))
        )

    @property
    def words(self) -> str:
        """The filter as people say it: `name contains “ocr”; label Batch or Unknown`; plain text."""
        found = [f"name contains “{self.find.strip()}”"] if self.find.strip() else []
        if self.labels:
            found.append(f"label {' or '.join(label_title(label) for label in self.labels)}")
        if self.providers:
            found.append(f"provider {' or '.join(self.providers)}")
        return "; ".join(found)


@dataclass(frozen=True)
class Narrowed:
    """That an analysis is of some workloads only, by which filter, and the figures of the whole beside it.

    Amounts are micro-dollars: the spend of the whole log (None where it has none) and the whole's cost
    of a year.
    """

    by: Chosen
    n_workloads: int
    of_workloads: int
    whole_n_requests: int
    whole_billed_micro_usd: Decimal | None
    whole_current_per_year_micro_usd: Decimal
