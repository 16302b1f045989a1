"""Typed or uploaded price rows, cell by cell: either clean rows or every problem with its place."""

import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from pricing.cells import BadCellError, hour, is_blank, name, one_of
from pricing.edit_spans import Problem, Span, clashes, misordered, successors
from pricing.model import (
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

__all__ = ["HIGHEST_USD_PER_MTOK", "LONGEST_PROMPT", "EditCheck", "Problem", "read_edits"]

LONGEST_ID: Final = 128
LONGEST_NUMBER: Final = 40
LONGEST_TEXT: Final = 500
LONGEST_PROMPT: Final = 100_000_000
EARLIEST_YEAR: Final = 2015
LATEST_YEAR: Final = 2100
_ID: Final = re.compile(r"~?[a-z0-9][a-z0-9._:/@+-]*")

HIGHEST_USD_PER_MTOK: Final = 10_000
"""Above this a price is surely in another unit; the dearest published model costs 600."""


@dataclass(frozen=True)
class EditCheck:
    """What became of submitted rows; `rows` may be used only when there are no problems."""

    rows: tuple[PriceRow, ...]
    problems: tuple[Problem, ...]


def read_edits(
    table: "PriceTable",
    rows: Sequence[Mapping[str, Any]],
    *,
    checked_on: date,
    numbers: Sequence[int] | None = None,
) -> EditCheck:
    """Reads rows of text, numbers or dates (a CSV file, a grid) as price rows and lists all problems.

    `provider`, `model`, `tier` and at least one price are required. An alias of a model is read as
    the model. A row that is open-ended and followed by a later row of the same key ends there,
    whichever comes first in the submission.

    Args:
        table: the prices in force; it knows aliases and context thresholds.
        rows: column -> cell.
        checked_on: today; the day checked of rows that do not name one.
        numbers: what to call each row in a problem; counted from 1 where not given.
    """
    problems: list[Problem] = []
    clean: list[tuple[int, PriceRow]] = []
    spans: list[Span] = []
    for number, cells in zip(numbers or range(1, len(rows) + 1), rows, strict=True):
        values, found = _read_cells(table, number, cells, checked_on)
        span = _span(number, values, {problem.column for problem in found})
        if span is not None:
            spans.append(span)
            found += misordered(span)
        if not found:
            row, found = _row(number, values)
            if row is not None:
                clean.append((number, row))
        problems.extend(found)
    problems.extend(clashes(spans))
    problems.extend(_too_many_thresholds(table, clean))
    ends = successors(spans)
    return EditCheck(
        tuple(
            row.model_copy(update={"valid_to": ends[number]}) if number in ends else row
            for number, row in clean
        ),
        tuple(sorted(problems, key=lambda found: found.row)),
    )


def _read_cells(
    table: "PriceTable", number: int, cells: Mapping[str, Any], checked_on: date
) -> tuple[dict[str, Any], list[Problem]]:
    """The cells that can be read, and a problem for each that cannot or is missing."""
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
    if values["checked_on"] > checked_on:
        problems.append(Problem(number, "checked_on", "A price cannot have been checked in the future."))
    if "provider" in values and "model" in values:
        values["model"] = table.resolve(values["provider"], values["model"]) or values["model"]
    return values, problems


def _span(number: int, values: Mapping[str, Any], faulty: Set[str | None]) -> Span | None:
    """Which prices the row replaces and when; None while a cell that says so cannot be read."""
    if faulty & {"provider", "model", "tier", "min_prompt_tokens", "valid_from", "valid_to"}:
        return None
    key = (values["provider"], values["model"], values["tier"], values.get("min_prompt_tokens", 0))
    return Span(number, key, values.get("valid_from"), values.get("valid_to"))


def _row(number: int, values: dict[str, Any]) -> tuple[PriceRow | None, list[Problem]]:
    if all(values.get(column) is None for column in PRICE_COLUMNS):
        return None, [
            Problem(number, None, "The row has no price; give at least one, in USD per million tokens.")
        ]
    values.setdefault("confidence", "high")
    values.setdefault("cache_rule", "unknown" if values.get("cache_read_usd_per_mtok") is None else "priced")
    try:
        return PriceRow.model_validate(values), []
    except ValidationError as invalid:
        return None, [
            Problem(number, None, f"{error['msg'].removeprefix('Value error, ').capitalize()}.")
            for error in invalid.errors()
        ]


def _identifier(cell: Any) -> str:
    found = name(cell)
    if len(found) > LONGEST_ID:
        raise BadCellError(f"An id of {len(found)} characters is too long; {LONGEST_ID} are the most.")
    if not _ID.fullmatch(found):
        raise BadCellError(
            f"{found!r} is no id of a provider or model; it is made of letters, digits and . _ : / @ + - and "
            "begins with a letter or digit."
        )
    return found


def _price(cell: Any) -> Decimal:
    text = str(cell).strip()  # a float's repr, so that 0.1 from a grid is 0.1
    if len(text) > LONGEST_NUMBER:
        raise BadCellError(f"A price of {len(text)} characters is not read; give USD per million tokens.")
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
    if not text.isdecimal() or len(text) > LONGEST_NUMBER:
        raise BadCellError(f"{text[:LONGEST_NUMBER]!r} is not a whole number of tokens.")
    if int(text) > LONGEST_PROMPT:
        raise BadCellError(f"{text} tokens are more than any model reads; {LONGEST_PROMPT:,} are the most.")
    return int(text)


def _instant(cell: Any) -> datetime:
    at = hour(cell)
    if not EARLIEST_YEAR <= at.year <= LATEST_YEAR:
        raise BadCellError(
            f"{at:%Y-%m-%d} is not a date of a price; years from {EARLIEST_YEAR} to {LATEST_YEAR} are."
        )
    return at


def _day(cell: Any) -> date:
    return _instant(cell).date()


def _text(cell: Any) -> str:
    text = " ".join(str(cell).split())
    if len(text) > LONGEST_TEXT:
        raise BadCellError(f"The text has {len(text)} characters; {LONGEST_TEXT} are the most.")
    if not text.isprintable():
        raise BadCellError("The text holds characters that cannot be shown.")
    return text


_READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "provider": _identifier,
    "model": _identifier,
    "tier": one_of(TIERS),
    "min_prompt_tokens": _tokens,
    "valid_from": _instant,
    "valid_to": _instant,
    **dict.fromkeys(PRICE_COLUMNS, _price),
    "cache_rule": one_of(CACHE_RULES),
    "promo_until": _day,
    "confidence": one_of(CONFIDENCES),
    "checked_on": _day,
    "note": _text,
    "source": _text,
}


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
