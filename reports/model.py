"""What an analysis says: frozen values that pages, exports and the command line render as they stand.

Money is Decimal micro-dollars (`_micro_usd`); None means unknown, never zero. Every figure is one
of three kinds (`Provenance`): billed (a source reported it), computed (tokens x price), estimated
(rests on a declared fact or a named assumption).
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from pricing.extract import PriceExtract
from reports.chosen import Narrowed
from triage.model import Label, Verdict
from triage.risk import Miss

Provenance = Literal["billed", "computed", "estimated"]

STAY = "stay"
"""The recommendation that leaves a workload where it is."""


NO_USAGE = "none"
"""The lane of a workload that is declared but neither logged nor described with its traffic."""


@dataclass(frozen=True)
class Range:
    """A projected amount as low, base and high; `low <= base <= high`, micro-dollars."""

    low: Decimal
    base: Decimal
    high: Decimal

    def scaled(self, factor: Decimal) -> "Range":
        """Every case times `factor`, which must not be negative."""
        return Range(self.low * factor, self.base * factor, self.high * factor)

    def __add__(self, other: "Range") -> "Range":
        return Range(self.low + other.low, self.base + other.base, self.high + other.high)


NOTHING = Range(Decimal(0), Decimal(0), Decimal(0))


@dataclass(frozen=True)
class TokenSums:
    """Token totals over the projection window; the cache parts are inside `input_tokens`."""

    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cache_write_long_tokens: int
    output_tokens: int

    @property
    def cached_share(self) -> float | None:
        """Cache reads over input tokens, 0 to 1; None without input. For charts and text only."""
        return self.cache_read_tokens / self.input_tokens if self.input_tokens else None


@dataclass(frozen=True)
class DeadlineRisk:
    """What a workload's deadline means for a batch.

    Attributes:
        deadline_s: the longest acceptable wait in seconds, from the moment a request is sent.
        miss: the share of answers that come later.
        n_batches: one's own batches that it was counted on; None where published figures are used.
        basis: where the figures are from.
        why_not: why the policy does not take the risk; None where it does.
        sync_run_s: seconds that today's synchronous run takes; None where the log does not show it.
        cancel_after_s: seconds after sending when what is not back has to be cancelled and run
            synchronously to meet the deadline; None where there is no time for that.
    """

    deadline_s: int
    miss: Miss
    n_batches: int | None
    basis: str
    why_not: str | None
    sync_run_s: int | None
    cancel_after_s: int | None


@dataclass(frozen=True)
class LaneCost:
    """One lane for one part: its cost over the projection window, or why it has none.

    `cost` is what the lane would cost with today's own token mix and the same cache hits;
    `projected` adds the named risks (in-lane hit rate, re-runs) as high, base and low *cost*.
    `reason` says why a cost is missing; `why_not` why an offered lane is not admissible.
    `risk` is there for batch lanes of workloads with a deadline; `saving_once` and `saving_twice` are
    then what the lane saves when late answers, billed in the batch too or not, run again.
    """

    lane: str
    cost_micro_usd: Decimal | None
    projected: Range | None
    reason_code: str | None
    reason: str | None
    admissible: bool
    why_not: str | None
    risk: DeadlineRisk | None = None
    saving_once_micro_usd: Decimal | None = None
    saving_twice_micro_usd: Decimal | None = None


@dataclass(frozen=True)
class Part:
    """One workload on one model of one provider: the unit that gets a lane.

    Costs are over the part's projection window at the prices of the year from the analysis date on
    (the average over its hours, where a change is announced); `year_factor` turns them into a year
    (None when the log has no dates). `billed_micro_usd` covers the whole log, each call at its own
    day's price, and is None for a described workload, which has no past.
    """

    workload: str
    provider: str
    model: str
    price_model: str | None
    described: bool
    n_requests: int
    n_failed: int
    n_unmetered_ok: int
    tokens: TokenSums
    tier_mix: dict[str, float]
    window_note: str
    year_factor: Decimal | None
    billed_micro_usd: Decimal | None
    current_lane: str
    current_micro_usd: Decimal | None
    lanes: tuple[LaneCost, ...]
    recommended_lane: str
    because: str
    saving_per_year: Range
    potential_per_year: Range | None

    @property
    def provenance(self) -> Provenance:
        """Computed from usage, or estimated from a description."""
        return "estimated" if self.described else "computed"

    def lane(self, name: str) -> LaneCost:
        """The cost of lane `name`; KeyError when there is no such lane."""
        for lane in self.lanes:
            if lane.lane == name:
                return lane
        raise KeyError(name)


@dataclass(frozen=True)
class WorkloadResult:
    """A workload's verdict beside its money; savings are sums over its parts.

    `saving_per_year` is zero for a workload that stays; `potential_per_year` is what an unknown
    workload would save if its owner said it can wait, and is in no total.
    """

    workload: str
    verdict: Verdict
    described: bool
    n_requests: int
    billed_micro_usd: Decimal | None
    current_per_year_micro_usd: Decimal | None
    saving_per_year: Range
    potential_per_year: Range | None
    current_lane: str
    recommended_lane: str
    because: str
    parts: tuple[Part, ...]
    complete: bool
    mixed: "Mixed | None" = None

    @property
    def basis(self) -> str:
        """What its figures rest on, as the reports say it."""
        if not self.parts:
            return "declared, no usage yet"
        return "estimated from a description" if self.described else "computed from usage"


@dataclass(frozen=True)
class HoursPart:
    """What a mixed workload does in some hours of the week, judged and priced by itself.

    Attributes:
        hours: hours of the week, 0 is Monday 00:00 UTC, ascending.
        share_of_calls: of the workload's dated single calls, 0 to 1.
        calls_per_hour: over the hours in which there are any.
        streaming_share: None where the log does not say.
        latency_mean_ms: likewise.
        result: its verdict and money; in no total, since the whole workload is.
    """

    hours: tuple[int, ...]
    share_of_calls: float
    calls_per_hour: float
    streaming_share: float | None
    latency_mean_ms: float | None
    result: WorkloadResult


MixedBy = Literal["streaming", "latency", "pace"]
"""What tells the parts of a mixed workload apart."""


@dataclass(frozen=True)
class Mixed:
    """Two behaviours under one name: `job` has the hours that look like a job, `rest` the others."""

    by: MixedBy
    job: HoursPart
    rest: HoursPart


@dataclass(frozen=True)
class Coverage:
    """How much of the log could be priced; totals below 100 % are partial."""

    n_requests: int
    n_priced: int
    n_failed_unmetered: int
    tokens: int
    priced_tokens: int
    reported_usd: Decimal | None = None
    """What the source itself said the calls cost; None where it said nothing."""
    priced_reported_usd: Decimal | None = None
    """The part of it that belongs to calls with a price."""

    @property
    def share_of_requests(self) -> float | None:
        """Priced calls over calls with something to price, 0 to 1; None without such calls."""
        billable = self.n_requests - self.n_failed_unmetered
        return self.n_priced / billable if billable else None

    @property
    def share_of_spend(self) -> float | None:
        """Priced share of the reported spend, 0 to 1; None where no spend is reported."""
        return float((self.priced_reported_usd or 0) / self.reported_usd) if self.reported_usd else None

    @property
    def share_of_tokens(self) -> float | None:
        """Priced tokens over all tokens, 0 to 1; None without tokens."""
        return self.priced_tokens / self.tokens if self.tokens else None

    @property
    def complete(self) -> bool:
        """Whether every call that could cost something has a price."""
        return self.n_priced + self.n_failed_unmetered == self.n_requests


@dataclass(frozen=True)
class Unpriced:
    """Calls of one model without a price, and why."""

    provider: str
    model: str
    n_requests: int
    tokens: int
    reason_code: str
    reason: str


@dataclass(frozen=True)
class NotCounted:
    """Something seen and left out of the totals: what, how many, and where to look."""

    what: str
    count: int
    detail: str


@dataclass(frozen=True)
class Assumption:
    """A named input of a projection that no log proves: its value by case and where it is from."""

    name: str
    low: str
    base: str
    high: str
    source: str


@dataclass(frozen=True)
class DaySpend:
    """What one UTC day of one workload cost, each call at its own day's price."""

    day_utc: date | None
    workload: str
    provider: str
    tier: str
    n_requests: int
    cost_micro_usd: Decimal | None


@dataclass(frozen=True)
class Totals:
    """The figures of the first screen, over logged workloads unless the name says otherwise."""

    billed_micro_usd: Decimal | None
    reported_micro_usd: Decimal | None
    n_reported: int
    spend_by_label: dict[Label, Decimal]
    current_per_year_micro_usd: Decimal
    saving_per_year: Range
    potential_per_year: Range
    n_requests: int
    list_micro_usd: Decimal | None = None
    """`billed_micro_usd` at list prices; None where no discount is set."""


@dataclass(frozen=True)
class Analysis:
    """Everything one look at a workspace yields; rendering needs nothing else."""

    as_of: datetime
    price_version: str
    policy_version: str
    first_hour_utc: datetime | None
    last_hour_utc: datetime | None
    window_hours: int
    totals: Totals
    workloads: tuple[WorkloadResult, ...]
    days: tuple[DaySpend, ...]
    coverage: Coverage
    unpriced: tuple[Unpriced, ...]
    not_counted: tuple[NotCounted, ...]
    assumptions: tuple[Assumption, ...]
    prices_used: tuple["PriceUsed", ...] = field(default=())
    price_extract: PriceExtract | None = None
    """What the figures were priced with, complete: enough to price the same calls again."""
    policy_used: "PolicyUsed | None" = None
    """The policy that decided, complete: enough to judge the same workloads again."""
    narrowed: Narrowed | None = None
    """That it is of some workloads only; None where it is of all of them."""

    @property
    def policy_title(self) -> str:
        """The policy as reports name it: name, preset and version where they are known; plain text."""
        return self.policy_used.title if self.policy_used else self.policy_version

    def workload(self, name: str) -> WorkloadResult:
        """The result of one workload; KeyError when the analysis has none of that name."""
        for result in self.workloads:
            if result.workload == name:
                return result
        raise KeyError(name)


@dataclass(frozen=True)
class PolicyUsed:
    """The policy an analysis rests on and where it is from.

    Attributes:
        preset: the shipped policy it is or was edited from; None where nobody knows.
        saved: its number in the workspace's history; None where it was never saved there.
        text: all of it as YAML.
    """

    name: str
    preset: str | None
    edited: bool
    saved: int | None
    text: str

    @property
    def title(self) -> str:
        """`Gateway (preset gateway, edited), version 3`; plain text."""
        origin = f"preset {self.preset}" if self.preset else "of your own"
        edited = ", edited" if self.edited and self.preset else ""
        version = f", version {self.saved}" if self.saved else ", as shipped" if self.preset else ""
        return f"{self.name} ({origin}{edited}){version}"


@dataclass(frozen=True)
class PriceUsed:
    """One price row that an analysis rests on, as it stood, with its provenance."""

    provider: str
    model: str
    tier: str
    min_prompt_tokens: int
    valid_from: datetime | None
    input_usd_per_mtok: Decimal | None
    cache_read_usd_per_mtok: Decimal | None
    cache_write_usd_per_mtok: Decimal | None
    cache_write_long_usd_per_mtok: Decimal | None
    output_usd_per_mtok: Decimal | None
    cache_rule: str
    source: str
    checked_on: str
    confidence: str
