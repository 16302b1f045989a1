"""The parts of a policy beside its rules: promises people pick, overrides, what a move takes, deadlines."""

from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, StrictInt, model_validator

_ID: Final = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def _exact(value: Any) -> Any:
    """Takes a number as it is written; through a float 0.1 would become a neighbour of 0.1."""
    if isinstance(value, bool):
        raise ValueError(f"{value!r} is not a number")
    return Decimal(str(value)) if isinstance(value, int | float) else value


Exact = Annotated[Decimal, BeforeValidator(_exact)]
SlaName = Annotated[str, Field(pattern=_ID, max_length=50)]


class SlaClass(BaseModel):
    """A promise with a name: what somebody states by picking it.

    Attributes:
        max_wait_s: the longest acceptable wait for an answer, in whole seconds.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    user_waiting: StrictBool | None = None
    max_wait_s: Annotated[StrictInt, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "SlaClass":
        if self.user_waiting is None and self.max_wait_s is None:
            raise ValueError("says nothing; write user_waiting, max_wait_s or both")
        return self


class Override(BaseModel):
    """What holds for every workload with a name, or with a tag, that matches a pattern.

    Attributes:
        workload, tag: a pattern, one of the two; `*` is any text, letter case does not matter.
        sla: the SLA class that is taken as stated where nobody declared otherwise.
        min_requests_per_batch: the minimum volume in place of the policy's own.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    workload: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    tag: Annotated[str, Field(min_length=1, max_length=200)] | None = None
    sla: SlaName | None = None
    min_requests_per_batch: Annotated[StrictInt, Field(ge=1)] | None = None

    @model_validator(mode="after")
    def _is_whole(self) -> "Override":
        if (self.workload is None) == (self.tag is None):
            raise ValueError("must have workload or tag, one of the two, with a pattern such as nightly-*")
        if self.sla is None and self.min_requests_per_batch is None:
            raise ValueError("changes nothing; write sla, min_requests_per_batch or both")
        return self

    @property
    def named(self) -> str:
        """The override as its evidence names it."""
        return f"tag {self.tag}" if self.workload is None else f"workload {self.workload}"


class Moving(BaseModel):
    """What moving a workload takes: sizes in requests, effort in person-days at a cost in dollars.

    Attributes:
        pilot_requests: requests of the first trial.
        max_requests_per_batch: requests one batch may hold, whatever a provider allows.
        payback_within_days: a move that pays back later is not proposed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    pilot_requests: StrictInt = Field(default=200, ge=1)
    max_requests_per_batch: StrictInt = Field(default=10_000, ge=1)
    effort_days: Exact = Field(default=Decimal(2), ge=0)
    usd_per_effort_day: Exact = Field(default=Decimal(800), ge=0)
    payback_within_days: StrictInt = Field(default=365, ge=1)

    @property
    def effort_usd(self) -> Decimal:
        """What the effort of a move costs, in dollars."""
        return self.effort_days * self.usd_per_effort_day

    def payback_days(self, saving_usd_per_day: Decimal) -> Decimal | None:
        """Days until a saving has paid for the effort; None where it never does."""
        if not self.effort_usd:
            return Decimal(0)
        return self.effort_usd / saving_usd_per_day if saving_usd_per_day > 0 else None

    def pays_back(self, saving_usd_per_day: Decimal) -> bool:
        """Whether a saving pays for the effort within the time the policy gives."""
        return saving_usd_per_day * self.payback_within_days >= self.effort_usd


class Deadlines(BaseModel):
    """How a dispatcher treats deadlines.

    Attributes:
        max_miss_share: up to this chance to miss a deadline shorter than the batch window, a batch
            is still sent; half is where a 50 % discount breaks even if late answers are billed too.
        allow_unknown_risk: whether a batch is sent where nothing is known about that chance.
        flush_every_s: requests are collected and sent together at whole multiples of this.
        spill_over_margin_s: seconds kept in hand when late work is cancelled and run synchronously.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_miss_share: Exact = Field(default=Decimal("0.5"), ge=0, le=1)
    allow_unknown_risk: StrictBool = False
    flush_every_s: StrictInt = Field(default=3_600, ge=1, le=86_400)
    spill_over_margin_s: StrictInt = Field(default=300, ge=0)
