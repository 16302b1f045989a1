"""Typed or uploaded price rows, cell by cell: either clean rows or every problem with its place."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from pricing.cells import BadCellError, hour, is_blank, name, one_of
from pricing.model import (
    BEGINNING,
    CACHE_RULES,
    CONFIDENCES,
    MAX_THRESHOLDS,
    PRICE_COLUMNS,
    PRICE_SCALE,
    TIERS,
    PriceRow,
)

if TYPE_CHECKING:
    from pricing.table import PriceTable

HIGHEST_USD_PER_MTOK: Final = 10_000
"""Above this a price is surely in another unit; the dearest published model costs 600."""


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one row (counted from 1), the column where there is one, and a sentence."""

    row: int
    column: str | None
    sentence: str


@dataclass(frozen=True)
class EditCheck:
    """What became of submitted rows; `rows` may be used only when there are no problems."""

    rows: tuple[PriceRow, ...]
    problems: tuple[Problem, ...]


def read_edits(table: "PriceTable", rows: Sequence[Mapping[str, Any]], *, checked_on: date) -> EditCheck:
    """Reads rows of text, numbers or dates (a CSV file, a grid) as price rows and lists all problems.

    `provider`, `model`, `tier` and at least one price are required. An alias of a model is read as
    the model. A row that is open-ended and followed by a later row of the same key ends there.
    """
    problems: list[Problem] = []
    clean: list[tuple[int, PriceRow]] = []
    for number, cells in enumerate(rows, start=1):
        row, found = _read_row(table, number, cells, checked_on)
        problems.extend(found)
        if row is not None:
            clean.append((number, row))
    problems.extend(_clashes(clean))
    problems.extend(_too_many_thresholds(table, clean))
    return EditCheck(tuple(row for _, row in clean), tuple(sorted(problems, key=lambda found: found.row)))


def _read_row(
    table: "PriceTable", number: int, cells: Mapping[str, Any], checked_on: date
) -> tuple[PriceRow | None, list[Problem]]:
    problems: list[Problem] = []
    values: dict[str, Any] = {"source_kind": "user", "source": "user", "checked_on": checked_on}
    for column in cells:
        if column not in PriceRow.model_fields:
            problems.append(
                Problem(number, str(column), f"There is no column {str(column)!r} in a price row.")
            )
    for column, read in _READERS.items():
        cell = cells.get(column)
        if is_blank(cell):
            if column in ("provider", "model", "tier"):
                problems.append(Problem(number, column, f"The {column} is missing."))
            continue
        try:
            values[column] = read(cell)
        except BadCellError as bad:
            problems.append(Problem(number, column, str(bad)))
    if problems:
        return None, problems
    if all(values.get(column) is None for column in PRICE_COLUMNS):
        return None, [
            Problem(number, None, "The row has no price; give at least one, in USD per million tokens.")
        ]
    values["model"] = table.resolve(values["provider"], values["model"]) or values["model"]
    values.setdefault("confidence", "high")
    values.setdefault("cache_rule", "unknown" if values.get("cache_read_usd_per_mtok") is None else "priced")
    try:
        return PriceRow.model_validate(values), []
    except ValidationError as invalid:
        return None, [
            Problem(number, None, f"{error['msg'].removeprefix('Value error, ').capitalize()}.")
            for error in invalid.errors()
        ]


def _price(cell: Any) -> Decimal:
    text = str(cell).strip()  # a float's repr, so that 0.1 from a grid is 0.1
    try:
        price = Decimal(text)
    except InvalidOperation:
        raise BadCellError(f"{text!r} is not a number; give USD per million tokens, such as 2.50.") from None
    if not price.is_finite():
        raise BadCellError(f"{text!r} is not a price.")
    if price < 0:
        raise BadCellError(f"A price cannot be negative ({text}).")
    if price > HIGHEST_USD_PER_MTOK:
        raise BadCellError(
            f"{text} is too much for a price in USD per million tokens; convert it from another unit."
        )
    price = price.normalize()
    if -int(price.as_tuple().exponent) > PRICE_SCALE:
        raise BadCellError(f"{text} has more than {PRICE_SCALE} decimal places.")
    return price


def _tokens(cell: Any) -> int:
    text = str(cell).strip().replace(",", "").removesuffix(".0")
    if not text.isdecimal():
        raise BadCellError(f"{text!r} is not a whole number of tokens.")
    return int(text)


def _day(cell: Any) -> date:
    return hour(cell).date()


_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "provider": name,
    "model": name,
    "tier": one_of(TIERS),
    "min_prompt_tokens": _tokens,
    "valid_from": hour,
    "valid_to": hour,
    **dict.fromkeys(PRICE_COLUMNS, _price),
    "cache_rule": one_of(CACHE_RULES),
    "promo_until": _day,
    "confidence": one_of(CONFIDENCES),
    "note": lambda cell: str(cell).strip(),
    "source": lambda cell: str(cell).strip(),
}


def _clashes(clean: Sequence[tuple[int, PriceRow]]) -> list[Problem]:
    """Rows of one submission that repeat each other or overlap in time."""
    problems = []
    by_start = sorted(clean, key=lambda item: (item[1].key, item[1].valid_from or BEGINNING, item[0]))
    for (first, earlier), (second, later) in pairwise(by_start):
        if earlier.key != later.key:
            continue
        if earlier.valid_from == later.valid_from:
            problems.append(
                Problem(
                    second,
                    "valid_from",
                    f"The row repeats row {first}: same provider, model, tier, band and start.",
                )
            )
        elif (
            earlier.valid_to is not None
            and later.valid_from is not None
            and (earlier.valid_to > later.valid_from)
        ):
            problems.append(
                Problem(
                    second,
                    "valid_from",
                    f"The row starts {later.valid_from:%Y-%m-%d %H:%M}, before row {first} ends "
                    f"({earlier.valid_to:%Y-%m-%d %H:%M}).",
                )
            )
    return problems


def _too_many_thresholds(table: "PriceTable", clean: Sequence[tuple[int, PriceRow]]) -> list[Problem]:
    known = set(table.thresholds())
    problems = []
    for number, row in clean:
        if row.min_prompt_tokens and row.min_prompt_tokens not in known:
            known.add(row.min_prompt_tokens)
            if len(known) > MAX_THRESHOLDS:
                problems.append(
                    Problem(
                        number,
                        "min_prompt_tokens",
                        f"{row.min_prompt_tokens} would be context threshold number {len(known)}; "
                        f"{MAX_THRESHOLDS} can be told apart. Use one that the table knows: "
                        f"{', '.join(str(start) for start in table.thresholds())}.",
                    )
                )
    return problems
