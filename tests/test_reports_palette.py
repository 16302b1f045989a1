"""The palette's promises, computed: contrast as WCAG defines it, distance under three colour deficiencies."""

import math
import tomllib
from itertools import combinations
from pathlib import Path

import pytest

from pricing.model import LANES
from reports.palette import DARK, LIGHT, THEMES, Palette, ThemeName, palette
from triage.model import LABELS

ROOT = Path(__file__).resolve().parent.parent
APART = 18.0
"""CIE76 distance; about eight times what the eye can just tell apart side by side."""

# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
DEFICIENCIES = {
    "normal": ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 1.0)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
SRGB_TO_XYZ = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
WHITE = (0.95047, 1.0, 1.08883)

Triple = tuple[float, float, float]
Matrix = tuple[Triple, Triple, Triple]


def linear(colour: str) -> Triple:
    channels = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return red, green, blue


def times(matrix: Matrix, vector: Triple) -> Triple:
    x, y, z = (sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix)
    return x, y, z


def contrast(one: str, other: str) -> float:
    light, dark = sorted(
        (
            sum(a * b for a, b in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))
            for colour in (one, other)
        ),
        reverse=True,
    )
    return (light + 0.05) / (dark + 0.05)


def lab(colour: str, deficiency: Matrix) -> Triple:
    seen = times(deficiency, linear(colour))
    clipped = (min(max(seen[0], 0), 1), min(max(seen[1], 0), 1), min(max(seen[2], 0), 1))
    xyz = times(SRGB_TO_XYZ, clipped)
    fx, fy, fz = (
        math.cbrt(value / white) if value / white > 0.008856 else 7.787 * value / white + 16 / 116
        for value, white in zip(xyz, WHITE, strict=True)
    )
    return 116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)


def test_contrast_agrees_with_the_published_extremes() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.478, abs=0.001)


@pytest.mark.parametrize("theme", THEMES)
def test_every_label_and_lane_has_a_colour(theme: ThemeName) -> None:
    assert set(LABELS) == set(palette(theme).labels)
    assert set(LANES) <= set(palette(theme).lanes)


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=THEMES)
def test_labels_and_lanes_stay_apart_for_every_kind_of_sight(colours: Palette, deficiency: str) -> None:
    for names in (dict(colours.labels), {lane: colours.lanes[lane] for lane in LANES}):
        for (one, first), (other, second) in combinations(names.items(), 2):
            distance = math.dist(lab(first, DEFICIENCIES[deficiency]), lab(second, DEFICIENCIES[deficiency]))
            assert distance >= APART, f"{one} and {other}: {distance:.1f}"


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=THEMES)
def test_marks_and_text_reach_wcag_aa_on_the_page(colours: Palette) -> None:
    for colour in (*colours.labels.values(), *colours.lanes.values(), colours.accent):
        assert contrast(colour, colours.background) >= 3, colour
    for colour in (colours.ink, colours.muted, colours.saving, colours.loss):
        assert contrast(colour, colours.background) >= 4.5, colour
        assert contrast(colour, colours.surface) >= 4.5, colour
    assert contrast("#FFFFFF", colours.accent) >= 4.5


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=THEMES)
def test_the_heat_scale_runs_one_way(colours: Palette) -> None:
    lightness = [lab(colour, DEFICIENCIES["normal"])[0] for colour in colours.heat]
    assert lightness in (sorted(lightness), sorted(lightness, reverse=True))
    assert len(set(lightness)) == len(lightness)


@pytest.mark.parametrize("theme", THEMES)
def test_the_streamlit_theme_has_the_same_colours(theme: ThemeName) -> None:
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"][theme]
    colours = palette(theme)
    assert config["backgroundColor"] == colours.background
    assert config["secondaryBackgroundColor"] == colours.surface
    assert config["textColor"] == colours.ink
    assert config["primaryColor"] == colours.accent
    assert config["blueColor"] == colours.labels["interactive"]
    assert config["orangeColor"] == colours.labels["semi_interactive"]
    assert config["greenColor"] == colours.labels["batch"]
    assert config["grayColor"] == colours.labels["unknown"]
    assert config["redColor"] == colours.loss
    for name in (
        "linkColor",
        "blueTextColor",
        "orangeTextColor",
        "greenTextColor",
        "grayTextColor",
        "redTextColor",
    ):
        assert contrast(config[name], colours.background) >= 4.5, name
