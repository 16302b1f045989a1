"""A what-if scenario as people make, save and share it: small, frozen, exact, and checked like any input.

Shares are 0 to 1. A field left out keeps what the log says, so an empty scenario is the recommendation.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from pricing.model import LANES

CURRENT: Final = "current"
RECOMMENDED: Final = "recommended"
IF_TAGGED: Final = "if_tagged"
"""Recommended, and what nobody has answered for moves too, as if its owner had said that it can wait."""

TAG: Final = "tag"
MODEL: Final = "model"
CACHE: Final = "cache"
TIER: Final = "tier"
LEVERS: Final = (TAG, MODEL, CACHE, TIER)
"""What a team can do, in the order that costs least effort first."""

ORDERS: Final = tuple(permutations(LEVERS))
MAX_WORKLOADS: Final = 1000
MAX_NAME: Final = 60


def _printable(text: str) -> str:
    if any(unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"} for sign in text):
        raise ValueError("it holds signs that cannot be shown")
    return text


def _known_lane(lane: str) -> str:
    if lane not in (CURRENT, RECOMMENDED, IF_TAGGED, *LANES):
        raise ValueError(f"{lane!r} is no lane")
    return lane


def _order(order: tuple[str, ...]) -> tuple[str, ...]:
    if order not in ORDERS:
        raise ValueError("the order names tag, model, cache and tier once each")
    return order


Share = Annotated[Decimal, Field(ge=0, le=1, decimal_places=6, allow_inf_nan=False)]
LaneChoice = Annotated[str, AfterValidator(_known_lane)]
PrefixTokens = Annotated[int, Field(ge=-1_000_000, le=1_000_000)]
Volume = Annotated[Decimal, Field(ge=0, le=10_000, decimal_places=4, allow_inf_nan=False)]
ModelName = Annotated[str, StringConstraints(pattern=r"^[^/\s]{1,60}/\S{1,140}$"), AfterValidator(_printable)]
"""`provider/model`; the model may have slashes of its own."""

WorkloadName = Annotated[str, StringConstraints(min_length=1, max_length=400)]
ProviderName = Annotated[str, StringConstraints(pattern=r"^[^A-Z\s]{1,60}$")]
Percent = Annotated[Decimal, Field(ge=-100, le=100, decimal_places=2, allow_inf_nan=False)]
ScenarioName = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_NAME),
    AfterValidator(_printable),
]


class Choice(BaseModel):
    """What one workload does differently from the scenario's own dials; None follows them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lane: LaneChoice | None = None
    share: Share | None = None
    model: ModelName | None = None
    hit_rate: Share | None = None
    prefix_tokens: PrefixTokens | None = None
    volume: Volume | None = None


class Scenario(BaseModel):
    """What is asked of the cube, version 1 of the stored form.

    Attributes:
        lane: where workloads run unless they have a choice of their own.
        min_saving_usd: moves that save less a month are left out; own choices are not.
        share: of the calls of a workload that moves, how many do.
        hit_rate: of the input tokens, read from a cache; None keeps the log's hits.
        batch_hit_rate: the same inside a batch; None assumes a share of the hits, by case.
        ttl: which lifetime cache writes are priced at; None keeps the log's own.
        prefix_tokens: added to every prompt's shared prefix; negative shortens it.
        volume: a factor; `growth` is a share a month on top of it, compounding over the year.
        models: (provider/model) of the log -> the one whose prices it takes.
        discounts: provider -> percent off, on top of the prices in force.
        on: the day whose following year is priced; None is today.
        rerun_share: of the moved calls, run again where they ran before; None assumes one, by case.
        billed_twice: whether a call that runs again was billed in the first place.
        order: of the levers in the waterfall.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    name: ScenarioName = "Scenario"
    lane: LaneChoice = RECOMMENDED
    min_saving_usd: Annotated[Decimal, Field(ge=0, le=10**9, decimal_places=2)] | None = None
    share: Share = Decimal(1)
    hit_rate: Share | None = None
    batch_hit_rate: Share | None = None
    ttl: Literal["5m", "1h"] | None = None
    prefix_tokens: PrefixTokens = 0
    volume: Volume = Decimal(1)
    growth: Annotated[Decimal, Field(ge=Decimal("-0.9"), le=1, decimal_places=4, allow_inf_nan=False)] = (
        Decimal(0)
    )
    models: Annotated[Mapping[ModelName, ModelName], Field(max_length=100)] = Field(default_factory=dict)
    discounts: Annotated[Mapping[ProviderName, Percent], Field(max_length=50)] = Field(default_factory=dict)
    on: Annotated[date, Field(ge=date(2020, 1, 1), le=date(2100, 1, 1))] | None = None
    rerun_share: Share | None = None
    billed_twice: bool = False
    order: Annotated[tuple[str, ...], AfterValidator(_order)] = LEVERS
    workloads: Annotated[Mapping[WorkloadName, Choice], Field(max_length=MAX_WORKLOADS)] = Field(
        default_factory=dict
    )

    def choice(self, workload: str) -> Choice:
        """The workload's own choice; an empty one where it has none."""
        return self.workloads.get(workload, _NO_CHOICE)

    def with_choice(self, workload: str, choice: Choice) -> "Scenario":
        """The scenario with another choice for a workload; an empty one takes it out."""
        others = {name: known for name, known in self.workloads.items() if name != workload}
        kept = others if choice == _NO_CHOICE else {**others, workload: choice}
        return self.model_copy(update={"workloads": kept})

    def plain(self) -> dict[str, object]:
        """What differs from an empty scenario, fit for JSON; exact numbers as text."""
        return {"version": 1, **self.model_dump(mode="json", exclude_defaults=True)}


_NO_CHOICE: Final = Choice()
