"""Charts of what was verified: every amount drawn, losses below the line, a waterfall that ends right."""

from datetime import date
from decimal import Decimal

import pytest

from reports.before_after import Change, Period, explain_change
from reports.format import usd_unit
from reports.palette import THEMES, ThemeName
from reports.realised import Levers, Track, TrackDay
from reports.verify_charts import change_steps, savings_by_day, savings_track

D = Decimal
DAYS = [date(2026, 11, 2), date(2026, 11, 3)]


@pytest.mark.parametrize("theme", THEMES)
def test_the_track_has_both_lines(theme: ThemeName) -> None:
    track = Track(
        tuple(TrackDay(day, D(i * 1_000_000), D(i * 3_000_000)) for i, day in enumerate(DAYS)),
        D(1_000_000),
        D(2_000_000),
    )
    realised, attainable = savings_track(track, theme).data
    assert list(realised.y) == [0, 1]
    assert list(attainable.y) == [0, 3]


@pytest.mark.parametrize("theme", THEMES)
def test_losses_are_drawn_below_the_line_and_absent_levers_not_at_all(theme: ThemeName) -> None:
    by_day = {DAYS[0]: Levers(tier_micro_usd=D(2_000_000), lost_micro_usd=D(500_000)), DAYS[1]: Levers()}
    tier, lost = savings_by_day(by_day, theme).data
    assert list(tier.y) == [2, 0]
    assert list(lost.y) == [-0.5, 0]


@pytest.mark.parametrize("theme", THEMES)
def test_the_waterfall_goes_from_before_to_after(theme: ThemeName) -> None:
    before = Period(1, *(D(4_000_000),) * 5)
    after = Period(2, *(D(6_000_000),) * 5, apart=D(1_000_000))
    steps, residual = explain_change(before, after)
    (bars,) = change_steps(Change("notes", DAYS[1], 1, before, after, steps, residual), theme).data
    assert list(bars.y) == [4, 4, -2, 0, 0, 0, 0, 1, 7]
    assert bars.text[1] == "+$4.00"
    assert sum(bars.y[:-1]) == bars.y[-1]


@pytest.mark.parametrize(
    ("micro", "text"),
    [
        (None, "unknown"),
        (D(0), "$0.00"),
        (D("10645.4"), "$0.01065"),
        (D(-250), "-$0.00025"),
        (D(1_250_000), "$1.25"),
    ],
)
def test_the_price_of_one_thing_keeps_its_digits(micro: Decimal | None, text: str) -> None:
    assert usd_unit(micro) == text
