"""The report's charts as shapes: one geometry for HTML and PDF, in points, without a chart library.

A shape names its colour by role (`ink`, `muted`, `line`, `saving`, `label-batch`); whoever paints
looks it up in the palette of its appearance. Floats appear here only: a point cannot show a cent.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Literal

from reports.display import in_dollars
from reports.format import dollars, label_title, usd_short
from reports.palette import Palette
from reports.report_document import BarChart, Chart, DayChart

WIDTH: Final = 720.0
_NAME: Final = 190.0
"""Points for the names at the left."""
_VALUE: Final = 110.0
"""Points for the amounts at the right."""
_ROW: Final = 22.0
_BAR: Final = 13.0
_NAME_LENGTH: Final = 32
_DAY_HEIGHT: Final = 150.0
_AXIS: Final = 56.0
_TICKS: Final = 4
SIZE: Final = 10.0
"""Font size of every text, points."""


@dataclass(frozen=True)
class Rectangle:
    """A filled rectangle; `title` is what it stands for."""

    x: float
    y: float
    width: float
    height: float
    colour: str
    title: str = ""


@dataclass(frozen=True)
class Stroke:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    colour: str
    width: float = 1.0


@dataclass(frozen=True)
class Words:
    """Text on a baseline; `anchor` says which end of it stands at x."""

    x: float
    y: float
    text: str
    colour: str = "ink"
    anchor: Literal["start", "middle", "end"] = "start"


@dataclass(frozen=True)
class Drawing:
    """Shapes on a ground of `WIDTH` by `height` points, y downwards."""

    height: float
    shapes: tuple[Rectangle | Stroke | Words, ...]


def colour_of(role: str, palette: Palette) -> str:
    """The #RRGGBB of a role in one appearance."""
    if role.startswith("label-"):
        return palette.labels[role.removeprefix("label-")]
    found: str = getattr(palette, role)
    return found


@in_dollars()
def draw(chart: Chart) -> Drawing:
    """The shapes of a chart."""
    return _bars(chart) if isinstance(chart, BarChart) else _days(chart)


def _bars(chart: BarChart) -> Drawing:
    amounts = [_float(bar.micro_usd) for bar in chart.bars]
    ends = amounts + [_float(bar.high) for bar in chart.bars if bar.high is not None]
    starts = amounts + [_float(bar.low) for bar in chart.bars if bar.low is not None]
    most, least = max([0.0, *ends]), min([0.0, *starts])
    scale = (WIDTH - _NAME - _VALUE) / ((most - least) or 1.0)
    zero = _NAME - least * scale
    shapes: list[Rectangle | Stroke | Words] = []
    for number, (bar, amount) in enumerate(zip(chart.bars, amounts, strict=True)):
        top = number * _ROW + (_ROW - _BAR) / 2
        middle = top + _BAR / 2
        width = max(abs(amount) * scale, 1.0)
        left = zero if amount >= 0 else zero - width
        right = left + width
        shapes.append(Words(_NAME - 8, middle + SIZE * 0.35, short_name(bar.name), "ink", "end"))
        shapes.append(Rectangle(left, top, width, _BAR, bar.colour, f"{bar.name}: {bar.text}"))
        if bar.low is not None and bar.high is not None:
            low, high = zero + _float(bar.low) * scale, zero + _float(bar.high) * scale
            shapes += [
                Stroke(low, middle, high, middle, "ink", 1.2),
                Stroke(low, middle - 3, low, middle + 3, "ink", 1.2),
                Stroke(high, middle - 3, high, middle + 3, "ink", 1.2),
            ]
            right = max(right, high)
        shapes.append(Words(right + 6, middle + SIZE * 0.35, bar.text))
    height = len(chart.bars) * _ROW
    return Drawing(height, (*shapes, Stroke(zero, 0, zero, height, "line")))


def _days(chart: DayChart) -> Drawing:
    sums = [sum((amounts[day] for _, amounts in chart.series), Decimal(0)) for day in range(len(chart.days))]
    top = 22.0
    step = _nice(max(map(_float, sums), default=0.0) / _TICKS)
    most = step * _TICKS
    scale = _DAY_HEIGHT / most
    floor = top + _DAY_HEIGHT
    shapes: list[Rectangle | Stroke | Words] = []
    for tick in range(_TICKS + 1):
        y = floor - tick * step * scale
        shapes.append(Stroke(_AXIS, y, WIDTH, y, "line"))
        amount = usd_short(Decimal(str(tick * step)) * 1_000_000)
        shapes.append(Words(_AXIS - 6, y + SIZE * 0.35, amount, "muted", "end"))
    slot = (WIDTH - _AXIS) / len(chart.days)
    wide = min(slot * 0.8, 40.0)
    for number, day in enumerate(chart.days):
        x = _AXIS + number * slot + (slot - wide) / 2
        y = floor
        for label, amounts in chart.series:
            height = _float(amounts[number]) * scale
            if height > 0:
                y -= height
                title = f"{day:%Y-%m-%d} {label_title(label)}: {usd_short(amounts[number])}"
                shapes.append(Rectangle(x, y, wide, height, f"label-{label}", title))
    every = -(-len(chart.days) // 8)
    for number in range(0, len(chart.days), every):
        x = _AXIS + number * slot + slot / 2
        shapes.append(Words(x, floor + 14, f"{chart.days[number]:%d %b}", "muted", "middle"))
    x = _AXIS
    for label, _ in chart.series:
        shapes += [Rectangle(x, 3, 10, 10, f"label-{label}"), Words(x + 14, 12, label_title(label))]
        x += 14 + 7 * len(label_title(label)) + 16
    return Drawing(floor + 20, tuple(shapes))


def _nice(step: float) -> float:
    """The next 1, 2 or 5 times a power of ten."""
    if step <= 0:
        return 1.0
    power = 10.0 ** Decimal(str(step)).adjusted()
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step)


def _float(micro_usd: Decimal) -> float:
    return float(dollars(micro_usd))


def short_name(name: str) -> str:
    """A name that fits beside a bar."""
    return name if len(name) <= _NAME_LENGTH else f"{name[: _NAME_LENGTH - 1]}…"
