"""What a contract or a region does to list prices: dated percentages beside the table, never in it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final, Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from pricing.cells import BadCellError, hour, is_blank, name, one_of
from pricing.edit_check import Problem
from pricing.model import BEGINNING, TIERS, PriceRow, Tier, is_whole_hour

if TYPE_CHECKING:
    from pricing.table import PriceTable

DiscountKind = Literal["contract", "regional"]
KINDS: Final[tuple[DiscountKind, ...]] = get_args(DiscountKind)

PERCENT_SCALE: Final = 2
"""Decimal places of a percentage."""

FACTOR_SCALE: Final = len(KINDS) * (PERCENT_SCALE + 2)
"""Decimal places of the factor that one percentage of each kind makes together."""

_FOREVER: Final = datetime.fromisoformat("9999-12-31")


class Discount(BaseModel):
    """A percentage off every price of the models, tier and days it names; negative is a surcharge.

    `model_glob` has alternatives separated by `|`, with `*`; a `tier` of None is every tier. Dates
    are naive UTC on whole hours, `[valid_from, valid_to)`. Kinds multiply: a contract's 10 % off and
    a region's 10 % on make 0.9 x 1.1. Within one kind only the most specific holds, so a model's own
    percentage replaces its provider's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    provider: str = Field(min_length=1, pattern=r"^[^A-Z\s]+$")
    model_glob: str = Field(default="*", min_length=1, pattern=r"^[^A-Z\s]+$")
    tier: Tier | None = None
    kind: DiscountKind = "contract"
    percent_off: Decimal = Field(ge=-100, le=100, decimal_places=PERCENT_SCALE, allow_inf_nan=False)
    valid_from: datetime | None = None
    valid_to: datetime | None = None
    author: str = ""
    note: str = ""

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        for field in ("valid_from", "valid_to"):
            at: datetime | None = getattr(self, field)
            if at is not None and not is_whole_hour(at):
                raise ValueError(f"{field} must be a UTC time without zone on a whole hour")
        if self.valid_from is not None and self.valid_to is not None and self.valid_from >= self.valid_to:
            raise ValueError("valid_to must be later than valid_from")
        return self

    @property
    def factor(self) -> Decimal:
        """What a price is multiplied by, exact."""
        return (100 - self.percent_off).scaleb(-2)

    def covers(self, at: datetime | None) -> bool:
        """Whether it is in force at an instant; None stands for before all dated changes."""
        if at is None:
            return self.valid_from is None
        return (self.valid_from is None or self.valid_from <= at) and (
            self.valid_to is None or at < self.valid_to
        )

    def applies(self, provider: str, model: str, tier: str) -> bool:
        """Whether it names this model of the price table in this tier."""
        return self.provider == provider and self.tier in (None, tier) and bool(_fitting(self, model))

    def rank(self, model: str) -> tuple[bool, int, bool]:
        """How specific it is to a model it names: by its id, then the longer pattern, then the tier."""
        patterns = _fitting(self, model)
        longest = max(len(pattern.replace("*", "")) for pattern in patterns)
        return (model in patterns, longest, self.tier is not None)

    def overlaps(self, other: Self) -> bool:
        """Whether both say something about the same models, by the same words, on the same day."""
        return (
            (self.provider, self.model_glob, self.tier, self.kind)
            == (other.provider, other.model_glob, other.tier, other.kind)
            and (self.valid_from or BEGINNING) < (other.valid_to or _FOREVER)
            and (other.valid_from or BEGINNING) < (self.valid_to or _FOREVER)
        )


def factor_at(discounts: Iterable[Discount], row: PriceRow, at: datetime | None) -> Decimal:
    """What the prices of a row are multiplied by at an instant; 1 where no discount applies."""
    held: dict[str, Discount] = {}
    for discount in discounts:
        if discount.applies(row.provider, row.model, row.tier) and discount.covers(at):
            before = held.get(discount.kind)
            if before is None or discount.rank(row.model) >= before.rank(row.model):
                held[discount.kind] = discount
    factor = Decimal(1)
    for discount in held.values():
        factor *= discount.factor
    return factor


def _fitting(discount: Discount, model: str) -> list[str]:
    return [pattern for pattern in discount.model_glob.split("|") if fnmatchcase(model, pattern)]


@dataclass(frozen=True)
class DiscountCheck:
    """What became of submitted discounts; `discounts` may be used only when there are no problems."""

    discounts: tuple[Discount, ...]
    problems: tuple[Problem, ...]


def read_discounts(table: "PriceTable", rows: Sequence[Mapping[str, Any]]) -> DiscountCheck:
    """Reads rows of text, numbers or dates (a form, a CSV file) as discounts and lists all problems.

    Columns: `provider` and `percent_off` are required; `model_glob`, `tier`, `kind`, `valid_from`,
    `valid_to`, `author` and `note` may be blank.
    """
    problems: list[Problem] = []
    clean: list[tuple[int, Discount]] = []
    for number, cells in enumerate(rows, start=1):
        discount, found = _read_row(table, number, cells)
        problems.extend(found)
        if discount is not None:
            clean.append((number, discount))
    for (first, earlier), (second, later) in combinations(clean, 2):
        if earlier.overlaps(later):
            problems.append(
                Problem(
                    second,
                    "valid_from",
                    f"The row overlaps row {first}: same provider, models, tier and kind on the same day.",
                )
            )
    return DiscountCheck(
        tuple(discount for _, discount in clean), tuple(sorted(problems, key=lambda found: found.row))
    )


def _read_row(
    table: "PriceTable", number: int, cells: Mapping[str, Any]
) -> tuple[Discount | None, list[Problem]]:
    problems = [
        Problem(number, str(column), f"There is no column {str(column)!r} in a discount.")
        for column in cells
        if column not in _READERS
    ]
    values: dict[str, Any] = {}
    for column, read in _READERS.items():
        cell = cells.get(column)
        if is_blank(cell):
            if column in ("provider", "percent_off"):
                problems.append(Problem(number, column, f"The {column.replace('_', ' ')} is missing."))
            continue
        try:
            values[column] = read(cell)
        except BadCellError as bad:
            problems.append(Problem(number, column, str(bad)))
    if problems:
        return None, problems
    try:
        discount = Discount.model_validate(values)
    except ValidationError as invalid:
        return None, [
            Problem(number, None, f"{error['msg'].removeprefix('Value error, ').capitalize()}.")
            for error in invalid.errors()
        ]
    unknown = _names_nothing(table, discount)
    return (None, [Problem(number, *unknown)]) if unknown else (discount, [])


def _names_nothing(table: "PriceTable", discount: Discount) -> tuple[str, str] | None:
    """The column and sentence of a discount that would never apply."""
    models = [model for provider, model in table.models() if provider == discount.provider]
    if not models:
        known = ", ".join(sorted({provider for provider, _ in table.models()}))
        return "provider", f"No price of {discount.provider!r} is known; providers are: {known}."
    if not any(_fitting(discount, model) for model in models):
        return "model_glob", f"No model of {discount.provider} in the price table is called that."
    return None


def _percent(cell: Any) -> Decimal:
    text = str(cell).strip().removesuffix("%").strip()
    try:
        percent = Decimal(text)
    except InvalidOperation:
        raise BadCellError(f"{text!r} is not a number; give a percentage such as 12.5.") from None
    if not percent.is_finite() or not -100 <= percent <= 100:
        raise BadCellError(f"{text} is no percentage off; it lies between -100 (double price) and 100.")
    if percent != round(percent, PERCENT_SCALE):
        raise BadCellError(f"{text} has more than {PERCENT_SCALE} decimal places.")
    return round(percent, PERCENT_SCALE)


def _text(cell: Any) -> str:
    return str(cell).strip()


_READERS: Final = {
    "provider": name,
    "model_glob": name,
    "tier": one_of(TIERS),
    "kind": one_of(KINDS),
    "percent_off": _percent,
    "valid_from": hour,
    "valid_to": hour,
    "author": _text,
    "note": _text,
}
