"""Plotly figures of what was verified: savings over time, by day and lever, and a change by its causes."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import plotly.graph_objects as go

from reports import display
from reports.before_after import STEPS, Change
from reports.charts import new_figure, pixels
from reports.format import usd, usd_short, usd_signed
from reports.palette import ThemeName, palette
from reports.realised import Levers, Track

STEP_TITLES = {
    "volume": "Volume",
    "mix": "Mix",
    "price": "Prices",
    "cache": "Cache",
    "tier": "Tier",
    "errors": "Errors",
}
"""What the causes of a change are called in charts and tables."""


def savings_track(track: Track, theme: ThemeName) -> go.Figure:
    """Realised and attainable saving up to each day; the distance between the lines is still open."""
    colours = palette(theme)
    figure = new_figure(colours, height=300)
    days = [day.day_utc for day in track.days]
    for name, colour, dash, amounts in (
        ("Realised", colours.saving, "solid", [day.realised_micro_usd for day in track.days]),
        (
            "Realised and still open",
            colours.muted,
            "dash",
            [day.attainable_micro_usd for day in track.days],
        ),
    ):
        figure.add_scatter(
            x=days,
            y=[pixels(amount) for amount in amounts],
            name=name,
            mode="lines+markers" if len(days) < 3 else "lines",
            line={"color": colour, "dash": dash, "width": 2.5},
            customdata=[usd(amount) for amount in amounts],
            hovertemplate=f"%{{x|%a %d %b}}, {name.lower()}: %{{customdata}}<extra></extra>",
        )
    figure.update_yaxes(
        tickprefix=display.mark(), title=f"{display.unit()} since the first day", rangemode="tozero"
    )
    figure.update_xaxes(tickformat="%d %b")
    return figure


def savings_by_day(by_day: Mapping[date, Levers], theme: ThemeName) -> go.Figure:
    """What each lever saved on each UTC day; what lost money is below the line."""
    colours = palette(theme)
    figure = new_figure(colours, height=300)
    days = list(by_day)
    for name, colour, amounts in (
        ("Cache", colours.lanes["sync+cache"], [by_day[day].cache_micro_usd for day in days]),
        ("Tier", colours.lanes["batch+cache"], [by_day[day].tier_micro_usd for day in days]),
        ("Lost to failures", colours.loss, [-by_day[day].lost_micro_usd for day in days]),
    ):
        if any(amounts):
            figure.add_bar(
                x=days,
                y=[pixels(amount) for amount in amounts],
                name=name,
                marker_color=colour,
                customdata=[usd(amount) for amount in amounts],
                hovertemplate=f"%{{x|%a %d %b}}, {name.lower()}: %{{customdata}}<extra></extra>",
            )
    figure.update_layout(barmode="relative", showlegend=True)
    figure.update_yaxes(tickprefix=display.mark(), title=f"{display.unit()} a UTC day")
    figure.update_xaxes(tickformat="%d %b")
    return figure


def change_steps(change: Change, theme: ThemeName) -> go.Figure:
    """From the spend before to the spend after, a bar a cause; what cannot be told is the last but one."""
    colours = palette(theme)
    steps = [(STEP_TITLES[step], change.steps[step] or Decimal(0)) for step in STEPS]
    steps.append(("Residual", change.residual_micro_usd))
    before, after = change.before.total, change.after.total
    figure = new_figure(colours, height=320)
    figure.add_waterfall(
        x=["Before", *(name for name, _ in steps), "After"],
        y=[pixels(before), *(pixels(amount) for _, amount in steps), pixels(after)],
        measure=["absolute", *("relative" for _ in steps), "total"],
        text=[usd_short(before), *(usd_signed(amount, short=True) for _, amount in steps), usd_short(after)],
        textposition="outside",
        cliponaxis=False,
        increasing={"marker": {"color": colours.loss}},
        decreasing={"marker": {"color": colours.saving}},
        totals={"marker": {"color": colours.muted}},
        connector={"line": {"color": colours.line}},
        customdata=[usd(before), *(usd(amount) for _, amount in steps), usd(after)],
        hovertemplate="%{x}: %{customdata}<extra></extra>",
        showlegend=False,
    )
    figure.update_yaxes(tickprefix=display.mark(), title=f"{display.unit()} in {change.days} days")
    figure.update_xaxes(showgrid=False)
    return figure
