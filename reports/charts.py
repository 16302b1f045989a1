"""Plotly figures of an analysis: aggregates of a few hundred points, labelled directly.

Floats appear here and nowhere else in reports: a pixel cannot show a micro-dollar. Every figure
takes the appearance ("light" or "dark") and draws on a transparent ground.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from html import escape
from typing import Any, Final

import plotly.graph_objects as go

from data.queries import LOG_BASE, log_bucket_bounds
from reports import display
from reports.format import LANE_TITLES, label_title, lane_title, percent, usd, usd_short, usd_signed
from reports.model import STAY, Analysis, DaySpend, Part
from reports.palette import Palette, ThemeName, palette
from reports.recommend import LANE_OF_TIER
from reports.scenario_terms import LEVER_TITLES
from reports.whatif import ScenarioResult
from triage.model import LABELS

_DAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_NAME_LENGTH: Final = 28
_SCENARIO_NAME: Final = 18
"""Letters of a scenario's name on a chart, which leave a small screen room for the bars."""
_BAR: Final = 34
"""Pixels a horizontal bar takes, gap included."""
_LEVER_NAMES: Final = 104
"""Pixels that the longest name of a lever takes on an axis."""


def _layout(colours: Palette, *, height: int, left: int = 8) -> dict[str, Any]:
    """What every figure has in common, as plain values: building a figure is quicker than changing one."""
    axis = {"gridcolor": colours.line, "zerolinecolor": colours.line, "automargin": True, "fixedrange": True}
    return {
        "height": height,
        "margin": {"l": left, "r": 16, "t": 8, "b": 8},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "font": {"color": colours.ink, "size": 13},
        "legend": {"orientation": "h", "yanchor": "bottom", "y": 1.02, "x": 0, "title": None},
        "bargap": 0.25,
        "hoverlabel": {"namelength": -1},
        "separators": ".,",
        "xaxis": dict(axis),
        "yaxis": dict(axis),
    }


def new_figure(colours: Palette, *, height: int, left: int = 8) -> go.Figure:
    """An empty figure as all of them begin: its ground, its letters, no zooming."""
    return go.Figure(layout=_layout(colours, height=height, left=left))


def _lying(layout: dict[str, Any], totals: Sequence[Decimal]) -> None:
    """Bars of dollars that lie, the first on top, with room for the amounts at their ends."""
    # Plotly finds out a margin by drawing twice; the height of one line of amounts is known.
    layout["margin"] |= {"b": 32}
    layout["xaxis"] |= {
        "tickprefix": display.mark(),
        "nticks": 5,
        "range": _room_for_text(totals),
        "automargin": False,
    }
    layout["yaxis"] |= {"autorange": "reversed", "showgrid": False, "zeroline": False}


def pixels(micro_usd: Decimal) -> float:
    """Micro-dollars to draw, in the currency shown."""
    return float(display.amount(micro_usd))


def _short(name: str, longest: int = _NAME_LENGTH) -> str:
    return name if len(name) <= longest else name[: longest - 1] + "…"


def _horizontal(figure: go.Figure) -> None:
    """Bars that lie: a line through every name would cross the labels at their ends."""
    figure.update_yaxes(showgrid=False, zeroline=False)


def spend_by_label(analysis: Analysis, theme: ThemeName) -> go.Figure:
    """What the log cost by label: a bar a label, named and with its amount and share at its end."""
    colours = palette(theme)
    spend = analysis.totals.spend_by_label
    total = sum(spend.values(), Decimal(0))
    labels = [label for label in LABELS if spend.get(label)][::-1]
    figure = new_figure(colours, height=24 + _BAR * max(1, len(labels)))
    figure.add_bar(
        x=[pixels(spend[label]) for label in labels],
        y=[label_title(label) for label in labels],
        orientation="h",
        marker_color=[colours.labels[label] for label in labels],
        text=[f"{usd_short(spend[label])} ({percent(float(spend[label] / total))})" for label in labels],
        textposition="outside",
        cliponaxis=False,
        customdata=[usd(spend[label]) for label in labels],
        hovertemplate="%{y}: %{customdata}<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(visible=False, range=_room_for_text([spend[label] for label in labels]))
    figure.update_yaxes(showgrid=False, tickfont={"size": 13, "color": colours.ink})
    return figure


def spend_by_day(analysis: Analysis, theme: ThemeName) -> go.Figure:
    """Spend a UTC day by label, stacked; undated calls are not drawn."""
    colours = palette(theme)
    label_of = {result.workload: result.verdict.label for result in analysis.workloads}
    sums: dict[str, dict[date, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for day in analysis.days:
        if day.day_utc is not None and day.cost_micro_usd is not None:
            sums[label_of.get(day.workload, "unknown")][day.day_utc] += day.cost_micro_usd
    figure = new_figure(colours, height=300)
    for label in LABELS:
        if not sums.get(label):
            continue
        days = sorted(sums[label])
        figure.add_bar(
            x=days,
            y=[pixels(sums[label][day]) for day in days],
            name=label_title(label),
            marker_color=colours.labels[label],
            customdata=[usd(sums[label][day]) for day in days],
            hovertemplate=f"%{{x|%a %d %b}}: %{{customdata}} {label_title(label).lower()}<extra></extra>",
        )
    figure.update_layout(barmode="stack")
    figure.update_yaxes(tickprefix=display.mark(), title=f"{display.unit()} a UTC day")
    figure.update_xaxes(tickformat="%d %b")
    return figure


def top_savings(analysis: Analysis, theme: ThemeName, limit: int = 10) -> go.Figure:
    """Base-case saving a year by workload, with its low and high as a line."""
    colours = palette(theme)
    moves = [r for r in analysis.workloads if r.recommended_lane != STAY and r.saving_per_year.base > 0]
    moves = sorted(moves, key=lambda r: r.saving_per_year.base, reverse=True)[:limit][::-1]
    figure = new_figure(colours, height=60 + _BAR * max(1, len(moves)))
    figure.add_bar(
        x=[pixels(r.saving_per_year.base) for r in moves],
        y=[_short(r.workload) for r in moves],
        orientation="h",
        marker_color=colours.saving,
        text=[usd_short(r.saving_per_year.base) for r in moves],
        textposition="outside",
        cliponaxis=False,
        error_x={
            "type": "data",
            "symmetric": False,
            "array": [pixels(r.saving_per_year.high - r.saving_per_year.base) for r in moves],
            "arrayminus": [pixels(r.saving_per_year.base - r.saving_per_year.low) for r in moves],
            "color": colours.muted,
            "thickness": 1.5,
        },
        customdata=[[usd(r.saving_per_year.low), usd(r.saving_per_year.high)] for r in moves],
        hovertemplate="%{y}: low %{customdata[0]}, high %{customdata[1]} a year<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(
        tickprefix=display.mark(), title="Saved a year, base case; the line spans low to high"
    )
    _horizontal(figure)
    return figure


def lane_costs(part: Part, theme: ThemeName) -> go.Figure:
    """A year of one part in every lane it is offered, today's token mix and hits; grey is not admissible."""
    colours = palette(theme)
    factor = part.year_factor
    lanes = (
        [lane for lane in part.lanes if lane.cost_micro_usd is not None][::-1] if factor is not None else []
    )
    figure = new_figure(colours, height=60 + _BAR * max(1, len(lanes)))
    costs = [
        lane.cost_micro_usd * factor
        for lane in lanes
        if lane.cost_micro_usd is not None and factor is not None
    ]
    figure.add_bar(
        x=[pixels(cost) for cost in costs],
        y=[lane_title(lane.lane) + (" (today)" if lane.lane == part.current_lane else "") for lane in lanes],
        orientation="h",
        marker_color=[colours.lanes[lane.lane] if lane.admissible else colours.line for lane in lanes],
        text=[
            usd_short(cost) + ("" if lane.admissible else "  not allowed")
            for lane, cost in zip(lanes, costs, strict=True)
        ],
        textposition="outside",
        cliponaxis=False,
        customdata=[usd(cost) for cost in costs],
        hovertemplate="%{y}: %{customdata} a year<extra></extra>",
        showlegend=False,
    )
    figure.update_xaxes(
        tickprefix=display.mark(), title=f"{display.unit()} a year", range=_room_for_text(costs)
    )
    _horizontal(figure)
    return figure


def _room_for_text(costs: Sequence[Decimal]) -> list[float] | None:
    highest = max((pixels(cost) for cost in costs), default=0.0)
    return [0.0, highest * 1.5] if highest > 0 else None


def scenario_waterfall(result: ScenarioResult, theme: ThemeName) -> go.Figure:
    """From today's month to the scenario's, lever by lever, base case; levers without effect left out."""
    colours = palette(theme)
    steps = [step for step in result.steps if step.change_micro_usd]
    names = ["Today", *(LEVER_TITLES[step.lever] for step in steps), "Scenario"]
    amounts = [result.today_micro_usd, *(step.change_micro_usd for step in steps), result.scenario_micro_usd]
    reached, highest = result.today_micro_usd, result.today_micro_usd
    for step in steps:
        reached += step.change_micro_usd
        highest = max(highest, reached)
    layout = {**_layout(colours, height=44 + _BAR * len(names)), "bargap": 0.35}
    _lying(layout, [highest])
    layout["margin"] |= {"l": _LEVER_NAMES}
    layout["yaxis"] |= {"automargin": False}
    bars = {
        "type": "waterfall",
        "x": [pixels(amount) for amount in amounts],
        "y": names,
        "measure": ["absolute", *["relative"] * len(steps), "total"],
        "orientation": "h",
        "text": [
            usd_signed(amount, short=True) if 0 < place < len(names) - 1 else usd_short(amount)
            for place, amount in enumerate(amounts)
        ],
        "textposition": "outside",
        "cliponaxis": False,
        "increasing": {"marker": {"color": colours.loss}},
        "decreasing": {"marker": {"color": colours.saving}},
        "totals": {"marker": {"color": colours.muted}},
        "connector": {"line": {"color": colours.line, "width": 1}},
        "customdata": [usd(amount) for amount in amounts],
        "hovertemplate": "%{y}: %{customdata} a month<extra></extra>",
        "showlegend": False,
    }
    return go.Figure(data=[bars], layout=layout)


def scenario_lanes(results: Sequence[ScenarioResult], theme: ThemeName) -> go.Figure:
    """A month by lane: today and each scenario as one stacked bar, in the base case.

    Today is that of the first scenario; where another leaves workloads out, the page says so.
    """
    colours = palette(theme)
    bars = [("Today", results[0].lanes_today, results[0].today_micro_usd)]
    bars += [(result.scenario.name, result.lanes, result.scenario_micro_usd) for result in results]
    places = list(range(len(bars)))
    present = {lane for _, amounts, _ in bars for lane in amounts}
    stacks = []
    for lane in [*(lane for lane in LANE_TITLES if lane in present), *sorted(present - set(LANE_TITLES))]:
        amounts = [found.get(lane, Decimal(0)) for _, found, _ in bars]
        stacks.append(
            {
                "type": "bar",
                "x": [pixels(amount) for amount in amounts],
                "y": places,
                "orientation": "h",
                "name": lane_title(lane),
                "marker": {"color": colours.lanes.get(lane, colours.muted)},
                "customdata": [usd(amount) for amount in amounts],
                "hovertemplate": f"{lane_title(lane)}: %{{customdata}} a month<extra></extra>",
            }
        )
    totals = [total for _, _, total in bars]
    ends = {
        "type": "scatter",
        "x": [pixels(total) for total in totals],
        "y": places,
        "mode": "text",
        "text": [f" {usd_short(total)}" for total in totals],
        "textposition": "middle right",
        "cliponaxis": False,
        "hoverinfo": "skip",
        "showlegend": False,
    }
    layout = {**_layout(colours, height=90 + _BAR * len(bars) + 12 * len(present)), "barmode": "stack"}
    layout["legend"] |= {"traceorder": "normal"}
    names = [_short(name, _SCENARIO_NAME) for name, _, _ in bars]
    _lying(layout, totals)
    # Names are other people's: Plotly would take their angle brackets for markup.
    layout["yaxis"] |= {"tickvals": places, "ticktext": [escape(name) for name in names]}
    return go.Figure(data=[*stacks, ends], layout=layout)


def week_heatmap(hours: Mapping[int, int], theme: ThemeName, zone: str = "UTC") -> go.Figure:
    """Calls by hour of the week on the clocks of `zone`; `hours` maps 0 (Monday 00:00) to 167 to a count."""
    colours = palette(theme)
    grid = [[hours.get(day * 24 + hour, 0) for hour in range(24)] for day in range(7)]
    steps = len(colours.heat) - 1
    figure = new_figure(colours, height=260)
    figure.add_heatmap(
        z=grid,
        x=list(range(24)),
        y=list(_DAYS),
        colorscale=[[index / steps, colour] for index, colour in enumerate(colours.heat)],
        xgap=2,
        ygap=2,
        hovertemplate=f"%{{y}} %{{x}}:00 {zone}: %{{z:,}} calls<extra></extra>",
        colorbar={"title": {"text": "calls"}, "thickness": 10, "outlinewidth": 0},
    )
    figure.update_yaxes(autorange="reversed", showgrid=False)
    figure.update_xaxes(title=f"Hour of the day, {zone}", dtick=3, showgrid=False)
    return figure


def log_histogram(counts: Mapping[int, int], unit: str, theme: ThemeName) -> go.Figure:
    """Calls by a log-bucketed signal, a bar a bucket; `unit` is `ms` (drawn as seconds), `s` or `tokens`."""
    colours = palette(theme)
    scale = 1000.0 if unit == "ms" else 1.0
    buckets = sorted(counts)
    bounds = [log_bucket_bounds(bucket) for bucket in buckets]
    figure = new_figure(colours, height=260)
    figure.add_bar(
        x=buckets,
        y=[counts[bucket] for bucket in buckets],
        marker_color=colours.accent,
        customdata=[[bound.low / scale, bound.high / scale] for bound in bounds],
        hovertemplate="%{customdata[0]:,.3~g} to %{customdata[1]:,.3~g}: %{y:,} calls<extra></extra>",
        showlegend=False,
    )
    first, last = (buckets[0], buckets[-1]) if buckets else (0, 1)
    # The axis counts buckets, which are already logarithmic; its labels are the powers of ten.
    powers = [power for power in range(-3, 13) if first <= _bucket_place(10**power * scale) <= last + 1]
    figure.update_layout(bargap=0.06)
    figure.update_xaxes(
        title="Tokens a call" if unit == "tokens" else "Seconds",
        range=[first - 0.7, last + 0.7],
        tickvals=[_bucket_place(10**power * scale) - 0.5 for power in powers],
        ticktext=[f"{10**power:,g}" for power in powers],
        showgrid=False,
    )
    figure.update_yaxes(title="Calls")
    return figure


def _bucket_place(value: float) -> float:
    """Where a value lies on an axis of log buckets."""
    return math.log(value) / math.log(LOG_BASE)


def tier_history(days: Iterable[DaySpend], theme: ThemeName) -> go.Figure:
    """Calls a UTC day by the tier that served them, stacked; undated calls are not drawn."""
    colours = palette(theme)
    counts: dict[str, Counter[date]] = defaultdict(Counter)
    for item in days:
        if item.day_utc is not None:
            counts[item.tier][item.day_utc] += item.n_requests
    figure = new_figure(colours, height=260)
    for tier in sorted(counts, key=lambda name: -counts[name].total()):
        figure.add_bar(
            x=sorted(counts[tier]),
            y=[counts[tier][day] for day in sorted(counts[tier])],
            name=tier,
            marker_color=colours.lanes.get(LANE_OF_TIER.get(tier, tier), colours.muted),
            hovertemplate=f"%{{x|%a %d %b}}: %{{y:,}} {tier}<extra></extra>",
        )
    figure.update_layout(barmode="stack", showlegend=True)
    figure.update_yaxes(title="Calls a UTC day")
    figure.update_xaxes(tickformat="%d %b", type="date")
    return figure
