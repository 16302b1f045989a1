"""The treemap of the spend and the curve of a deadline's risk, on small cases computed by hand."""

from decimal import Decimal

import pytest

from reports import risk_curve, spend_treemap
from reports.model import NOTHING
from reports.palette import THEMES, ThemeName, palette
from tests.report_cases import analysis, workload
from triage.model import LABELS, Label
from triage.risk import Turnaround, published_turnarounds

USD = Decimal(1_000_000)


def test_tiles_are_the_greatest_by_name_and_the_rest_of_a_label_together() -> None:
    spent = {"a": 5, "b": 4, "c": 3, "d": 2, "e": 1}
    labels: dict[str, Label] = {
        "a": "batch",
        "b": "interactive",
        "c": "batch",
        "d": "batch",
        "e": "interactive",
    }
    given = analysis([workload(name, spent[name] * USD, NOTHING, label=labels[name]) for name in spent])
    found = [
        (tile.label, tile.name, int(tile.micro_usd / USD)) for tile in spend_treemap.tiles(given, most=2)
    ]
    assert found == [
        ("interactive", "b", 4),
        ("interactive", "e", 1),
        ("batch", "a", 5),
        ("batch", "2 others", 5),
    ]


def test_the_treemap_adds_up_and_takes_names_as_text() -> None:
    given = analysis([workload("<b>x</b>", 3 * USD, NOTHING), workload("y", USD, NOTHING, label="unknown")])
    (tree,) = spend_treemap.spend_treemap(spend_treemap.tiles(given), "dark").data
    roots = [value for value, parent in zip(tree.values, tree.parents, strict=True) if not parent]
    leaves = [value for value, parent in zip(tree.values, tree.parents, strict=True) if parent]
    assert sum(roots) == sum(leaves) == 4.0
    assert "&lt;b&gt;x&lt;/b&gt;" in tree.labels
    assert "$3.00 (75 %)" in tree.text


def test_nothing_spent_has_no_tile() -> None:
    assert spend_treemap.tiles(analysis([workload("free", Decimal(0), NOTHING)])) == ()


@pytest.mark.parametrize("theme", THEMES)
def test_letters_on_every_tile_reach_4_5_to_1(theme: ThemeName) -> None:
    def luminance(colour: str) -> float:
        r, g, b = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
        lr, lg, lb = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in (r, g, b))
        return 0.2126 * lr + 0.7152 * lg + 0.0722 * lb

    for label in LABELS:
        fill = palette(theme).labels[label]
        low, high = sorted((luminance(fill), luminance(spend_treemap.readable_on(fill))))
        assert (high + 0.05) / (low + 0.05) >= 4.5, (theme, label)


def test_the_curve_of_own_batches_steps_down_where_they_were_back() -> None:
    own = Turnaround.from_samples([600, 600, 1200, None], "a log")
    at = dict(risk_curve.curve(own, 900))
    assert [at[seconds].base for seconds in (599, 600, 900, 1199, 1200)] == [
        Decimal(1),
        Decimal("0.5"),
        Decimal("0.5"),
        Decimal("0.5"),
        Decimal("0.25"),
    ]


def test_only_bounds_draw_a_band_and_no_line_before_the_longest_time() -> None:
    openai = published_turnarounds()["openai"]
    assert risk_curve.only_bounds(openai)
    figure = risk_curve.risk_curve(openai, 21_600, Decimal("0.05"), "light")
    low, high, line, limit = figure.data
    at = list(line.x)
    assert (low.y[at.index(21_600)], high.y[at.index(21_600)], line.y[at.index(21_600)]) == (0, 1, None)
    assert (high.y[at.index(86_400)], line.y[at.index(86_400)]) == (0, 0)
    assert set(limit.y) == {0.05}
    assert [shape.x0 for shape in figure.layout.shapes] == [21_600]
    assert "6 h" in figure.layout.annotations[0].text


def test_a_published_median_draws_a_line_inside_its_band() -> None:
    anthropic = published_turnarounds()["anthropic"]
    assert not risk_curve.only_bounds(anthropic)
    half = dict(risk_curve.curve(anthropic, 1800))[1800]
    assert (half.low, half.base, half.high) == (Decimal("0.5"), Decimal("0.75"), Decimal(1))


def test_there_is_no_curve_where_nothing_bounds_the_wait() -> None:
    assert not risk_curve.is_known(published_turnarounds()["mistral"])
    assert not risk_curve.is_known(None)


def test_a_curve_stays_small_for_many_batches() -> None:
    own = Turnaround.from_samples(list(range(60, 5000)), "a log")
    assert len(risk_curve.curve(own, 86_400)) <= 250
