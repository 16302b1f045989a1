"""The chance that a batch is late as a curve over the deadline, from what is known of its provider."""

import math
from decimal import Decimal
from typing import Final

import plotly.graph_objects as go

from reports.charts import new_figure
from reports.palette import ThemeName, palette
from triage.durations import duration_text, share_text
from triage.risk import Miss, Turnaround

_SHORTEST_S: Final = 60
_GRID: Final = 80
_MOST_KNOTS: Final = 60
"""Own batches above this many draw a curve that the grid alone follows closely enough."""
_TICKS_S: Final = (60, 300, 900, 3_600, 14_400, 43_200, 86_400, 172_800, 345_600, 604_800, 1_209_600)


def is_known(turnaround: Turnaround | None) -> bool:
    """Whether anything bounds how long a batch takes, so that there is a curve to draw."""
    return turnaround is not None and bool(turnaround.knots)


def only_bounds(turnaround: Turnaround) -> bool:
    """Whether no figure is known before the longest time, only that the chance lies from none to all."""
    return turnaround.n_samples is None and len(turnaround.knots) == 1


def curve(turnaround: Turnaround, deadline_s: int | None) -> tuple[tuple[int, Miss], ...]:
    """Deadline in seconds -> the share that comes later, rising deadlines, at most some 200 points.

    Args:
        turnaround: how long the provider's batches take.
        deadline_s: a deadline that has to lie on the curve; None where nobody stated one.
    """
    steps = [seconds for seconds, _ in turnaround.knots]
    longest = max([*steps, deadline_s or 0, 3_600]) * 2
    ratio = longest / _SHORTEST_S
    at = {round(_SHORTEST_S * math.pow(ratio, place / (_GRID - 1))) for place in range(_GRID)}
    for seconds in steps if len(steps) <= _MOST_KNOTS else [steps[0], steps[-1]]:
        # A step stands upright only when the second before it is drawn too.
        at |= {seconds - 1, seconds}
    if deadline_s is not None:
        at.add(deadline_s)
    return tuple((seconds, turnaround.miss(seconds)) for seconds in sorted(at) if seconds > 0)


def risk_curve(
    turnaround: Turnaround, deadline_s: int | None, most: Decimal | None, theme: ThemeName
) -> go.Figure:
    """P(miss) by deadline with its band, the workload's own deadline and the policy's limit.

    Args:
        turnaround: one for which `is_known` holds.
        deadline_s: the workload's deadline; None where nobody stated one.
        most: the largest share of 1 that the policy takes; None leaves its line out.
        theme: the appearance.
    """
    colours = palette(theme)
    points = curve(turnaround, deadline_s)
    seconds = [at for at, _ in points]
    said = [
        [duration_text(at * 1000), share_text(float(miss.low)), share_text(float(miss.high))]
        for at, miss in points
    ]
    figure = new_figure(colours, height=280)
    edge = {"mode": "lines", "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False}
    figure.add_scatter(x=seconds, y=[float(miss.low) for _, miss in points], **edge)
    figure.add_scatter(
        x=seconds,
        y=[float(miss.high) for _, miss in points],
        mode="lines",
        line={"width": 0},
        fill="tonexty",
        fillcolor=_veil(colours.accent),
        name="what is known allows" if turnaround.n_samples is None else "95 % interval",
        customdata=said,
        hovertemplate="Deadline %{customdata[0]}: %{customdata[1]} to %{customdata[2]}<extra></extra>",
    )
    figure.add_scatter(
        x=seconds,
        y=[None if miss.base is None else float(miss.base) for _, miss in points],
        mode="lines",
        line={"color": colours.accent, "width": 2.5},
        connectgaps=False,
        name="P(miss)",
        customdata=said,
        hovertemplate="Deadline %{customdata[0]}: P(miss) %{y:.1%}<extra></extra>",
    )
    if most is not None:
        figure.add_scatter(
            x=[seconds[0], seconds[-1]],
            y=[float(most)] * 2,
            mode="lines",
            line={"color": colours.muted, "width": 1.5, "dash": "dot"},
            name=f"most the policy takes ({share_text(float(most))})",
            hoverinfo="skip",
        )
    if deadline_s is not None:
        _mark(figure, deadline_s, seconds[-1], colours.ink)
    ticks = [at for at in _TICKS_S if seconds[0] <= at <= seconds[-1]]
    figure.update_xaxes(
        type="log",
        title="Deadline after sending",
        tickvals=ticks,
        ticktext=[duration_text(at * 1000) for at in ticks],
        showgrid=False,
    )
    figure.update_yaxes(title="Comes too late", tickformat=".0%", range=[-0.02, 1.04])
    return figure


def _mark(figure: go.Figure, deadline_s: int, longest_s: int, ink: str) -> None:
    """The workload's own deadline as an upright line, named on the side that has room."""
    right_half = math.log(deadline_s / _SHORTEST_S) > math.log(longest_s / _SHORTEST_S) / 2
    figure.add_vline(x=deadline_s, line={"color": ink, "width": 1.5, "dash": "dash"})
    figure.add_annotation(
        x=math.log10(deadline_s),
        y=0.97,
        yref="paper",
        text=f"its deadline, {duration_text(deadline_s * 1000)}",
        showarrow=False,
        xanchor="right" if right_half else "left",
        xshift=-6 if right_half else 6,
        font={"color": ink},
    )


def _veil(colour: str) -> str:
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},0.22)"
