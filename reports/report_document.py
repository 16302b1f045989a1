"""The triage report before it has a format: sections of text, tables with typed columns, and charts as data.

Every format draws this one document, so a figure cannot differ between two of them. Amounts are
exact micro-dollars until a renderer shows them; None is unknown and never zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from reports.display import in_dollars
from reports.format import UNKNOWN, count, label_title, lane_title, percent, usd

Style = Literal["plain", "strong", "code"]

Kind = Literal["text", "label", "lane", "money", "rate", "count", "percent", "date"]
"""What a column holds: `money` is micro-dollars, `rate` dollars per million tokens, `percent` a share of 1,
`label` and `lane` ids that are shown by their titles."""

Cell = str | int | float | Decimal | date | None

NUMBERS: Final[frozenset[Kind]] = frozenset({"money", "rate", "count", "percent"})
"""Kinds that are aligned right."""


@dataclass(frozen=True)
class Span:
    """A stretch of text in one style; renderers escape it, whoever wrote it."""

    text: str
    style: Style = "plain"


Line = tuple[Span, ...]


def line(*parts: str | Span) -> Line:
    """A line of text made of plain strings and styled spans."""
    return tuple(Span(part) if isinstance(part, str) else part for part in parts)


def strong(text: str) -> Span:
    """Text that stands out."""
    return Span(text, "strong")


def code(text: str) -> Span:
    """An id, as it stands."""
    return Span(text, "code")


def line_text(parts: Line) -> str:
    """The text of a line without its styles."""
    return "".join(part.text for part in parts)


@dataclass(frozen=True)
class Paragraph:
    """One paragraph."""

    text: Line


@dataclass(frozen=True)
class Bullets:
    """A list, one line an item; `numbered` where the order matters."""

    items: tuple[Line, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Code:
    """Source text to copy."""

    text: str
    language: str


@dataclass(frozen=True)
class Column:
    """A column: its title, what its cells are, what an empty cell is called, and its share of the width."""

    title: str
    kind: Kind = "text"
    missing: str = UNKNOWN
    width: int = 10


@dataclass(frozen=True)
class Table:
    """Rows of typed cells; `total` is a last row, `sums` the columns whose total is the sum of their rows."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    sums: tuple[int, ...] = ()


@dataclass(frozen=True)
class Bar:
    """One bar: its name, amount and text, the palette's colour for it, and its range where it has one."""

    name: str
    micro_usd: Decimal
    text: str
    colour: str
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class BarChart:
    """Bars that lie, named and labelled; `caption` says what they are and in which unit."""

    caption: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class DayChart:
    """Spend a day, stacked by label: for each label id its micro-dollars by day, in the order of `days`."""

    caption: str
    days: tuple[date, ...]
    series: tuple[tuple[str, tuple[Decimal, ...]], ...]


Chart = BarChart | DayChart
Block = Paragraph | Bullets | Code | Table | Chart


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it; `level` is 2 for a chapter and 3 for a part of one."""

    title: str
    blocks: tuple[Block, ...]
    level: int = 2


@dataclass(frozen=True)
class Document:
    """The whole report in reading order, and what a file says about itself."""

    title: str
    subtitle: str
    sections: tuple[Section, ...]
    properties: dict[str, str] = field(default_factory=dict)


@in_dollars()
def cell_text(column: Column, value: Cell) -> str:
    """A cell as people read it; an empty string is a blank cell, None is what the column calls missing."""
    if value is None:
        return column.missing
    if isinstance(value, str):
        titles = {"label": label_title, "lane": lane_title}
        return titles[column.kind](value) if value and column.kind in titles else value
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if column.kind == "money":
        return usd(Decimal(value))
    if column.kind == "percent":
        return percent(float(value))
    return count(int(value)) if column.kind == "count" else f"{Decimal(value).normalize():f}"


def table_texts(table: Table) -> list[list[str]]:
    """Every row as text, the total last."""
    rows: Sequence[tuple[Cell, ...]] = [*table.rows, *([table.total] if table.total is not None else [])]
    return [
        [cell_text(column, value) for column, value in zip(table.columns, row, strict=True)] for row in rows
    ]
