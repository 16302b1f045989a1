"""What the log cost as a treemap: labels, and in each its workloads, the greatest by name."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from typing import Final

import plotly.graph_objects as go

from reports.charts import new_figure, pixels
from reports.format import label_title, percent, usd, usd_short
from reports.model import Analysis
from reports.palette import ThemeName, palette
from triage.model import LABELS

MOST_NAMED: Final = 30
"""Workloads that get a tile of their own; the rest share one in each label."""
_NAME: Final = 30
_DARK_TEXT: Final = "#0F1722"
_LIGHT_TEXT: Final = "#FFFFFF"


@dataclass(frozen=True)
class Tile:
    """One workload's spend, micro-dollars; `others` counts the workloads that share it, 0 for one by name."""

    label: str
    name: str
    micro_usd: Decimal
    others: int = 0


def tiles(analysis: Analysis, most: int = MOST_NAMED) -> tuple[Tile, ...]:
    """The workloads that cost anything by label, each label's greatest first; their sum is the spend.

    Args:
        analysis: what is drawn.
        most: workloads with a tile of their own, over all labels together.
    """
    spent = sorted(
        (
            Tile(item.verdict.label, item.workload, item.billed_micro_usd)
            for item in analysis.workloads
            if item.billed_micro_usd is not None and item.billed_micro_usd > 0
        ),
        key=lambda tile: (-tile.micro_usd, tile.name),
    )
    named: dict[str, list[Tile]] = defaultdict(list)
    rest: dict[str, list[Tile]] = defaultdict(list)
    for place, tile in enumerate(spent):
        (named if place < most else rest)[tile.label].append(tile)
    for label, small in rest.items():
        # One that is left over takes no more room under its own name.
        alone = small[0] if len(small) == 1 else None
        total = sum((tile.micro_usd for tile in small), Decimal(0))
        named[label].append(alone or Tile(label, f"{len(small)} others", total, len(small)))
    return tuple(tile for label in LABELS for tile in named.get(label, ()))


def spend_treemap(found: tuple[Tile, ...], theme: ThemeName) -> go.Figure:
    """The tiles in the colours of their labels; short amounts on them, exact ones on hover."""
    colours = palette(theme)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for tile in found:
        sums[tile.label] += tile.micro_usd
    total = sum(sums.values(), Decimal(0))
    labels = list(sums)
    amounts = [*sums.values(), *(tile.micro_usd for tile in found)]
    fills = [colours.labels[label] for label in (*labels, *(tile.label for tile in found))]
    figure = new_figure(colours, height=380)
    figure.add_treemap(
        ids=[*labels, *(f"{tile.label}/{place}" for place, tile in enumerate(found))],
        # Names are other people's: Plotly would take their angle brackets for markup.
        labels=[*map(label_title, labels), *(escape(_short(tile.name)) for tile in found)],
        parents=[*[""] * len(labels), *(tile.label for tile in found)],
        values=[pixels(amount) for amount in amounts],
        branchvalues="total",
        marker={"colors": fills, "line": {"color": colours.background, "width": 2}, "cornerradius": 3},
        text=[f"{usd_short(amount)} ({percent(float(amount / total))})" for amount in amounts],
        texttemplate="<b>%{label}</b><br>%{text}",
        textfont={"color": [readable_on(fill) for fill in fills]},
        customdata=[
            [escape(name), usd(amount)]
            for name, amount in zip(
                [*map(label_title, labels), *(t.name for t in found)], amounts, strict=True
            )
        ],
        hovertemplate="%{customdata[0]}: %{customdata[1]}<extra></extra>",
        pathbar={"visible": False},
        tiling={"pad": 2},
    )
    # A name that does not fit its tile is left to the hover: letters too small to read help nobody.
    figure.update_layout(uniformtext={"minsize": 11, "mode": "hide"}, margin={"l": 0, "r": 0, "t": 0, "b": 0})
    return figure


def readable_on(fill: str) -> str:
    """The colour of letters on `fill` (#RRGGBB), light or dark, that stands out more; at least 4.5:1."""
    ground = _luminance(fill)
    light = (_luminance(_LIGHT_TEXT) + 0.05) / (ground + 0.05)
    dark = (ground + 0.05) / (_luminance(_DARK_TEXT) + 0.05)
    return _LIGHT_TEXT if light >= dark else _DARK_TEXT


def _luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB; source: WCAG 2.2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _short(name: str) -> str:
    return name if len(name) <= _NAME else name[: _NAME - 1] + "…"
