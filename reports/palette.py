"""One colour for each label and lane, the same in every chart, table and export.

Chosen by search, not by eye: within a set any two colours stay apart (CIE76 distance of 18 or more)
for normal sight and for protan, deutan and tritan sight, and each reaches 3:1 against its page
(WCAG 1.4.11); the tests compute both. A lane's cached twin is the lighter tone of its hue. Colour
never carries a meaning alone: whatever is coloured is also named.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

ThemeName = Literal["light", "dark"]

THEMES: Final[tuple[ThemeName, ...]] = ("light", "dark")


@dataclass(frozen=True)
class Palette:
    """Every colour of one appearance, as #RRGGBB."""

    background: str
    surface: str
    ink: str
    muted: str
    line: str
    accent: str
    saving: str
    loss: str
    labels: Mapping[str, str]
    lanes: Mapping[str, str]
    heat: tuple[str, ...]


LIGHT: Final = Palette(
    background="#FFFFFF",
    surface="#F3F5F8",
    ink="#0F1722",
    muted="#55606E",
    line="#D3D9E1",
    accent="#1B5FC1",
    saving="#005A44",
    loss="#B3261E",
    labels=MappingProxyType(
        {
            "interactive": "#1B6FD0",
            "semi_interactive": "#C46A05",
            "batch": "#005A44",
            "unknown": "#8A8F99",
        }
    ),
    lanes=MappingProxyType(
        {
            "sync": "#174EA6",
            "sync+cache": "#6B8FF0",
            "batch": "#00392F",
            "batch+cache": "#00845C",
            "flex": "#7A560F",
            "flex+cache": "#BC8A2C",
            "priority": "#D65AAE",
            "offpeak": "#44286B",
            "mixed": "#55606E",
            "as_billed": "#55606E",
        }
    ),
    heat=("#F3F5F8", "#C9DBF5", "#93B8EC", "#5A90DE", "#1B6FD0", "#0E3F7E"),
)

DARK: Final = Palette(
    background="#12161D",
    surface="#1C222C",
    ink="#E8ECF2",
    muted="#A3ADBB",
    line="#36404E",
    accent="#2F6FCB",
    saving="#5BE3BC",
    loss="#FF8A80",
    labels=MappingProxyType(
        {
            "interactive": "#3E9BEA",
            "semi_interactive": "#EB9A4A",
            "batch": "#5BE3BC",
            "unknown": "#7F848E",
        }
    ),
    lanes=MappingProxyType(
        {
            "sync": "#3E9BEA",
            "sync+cache": "#B9C3EE",
            "batch": "#0A7A5A",
            "batch+cache": "#86F2DA",
            "flex": "#946516",
            "flex+cache": "#E6AC5C",
            "priority": "#F7689A",
            "offpeak": "#7E63AB",
            "mixed": "#A3ADBB",
            "as_billed": "#A3ADBB",
        }
    ),
    heat=("#1C222C", "#1C3554", "#1D5088", "#2472BC", "#3E9BEA", "#B5D9FA"),
)


def palette(theme: ThemeName) -> Palette:
    """The colours of one appearance."""
    return DARK if theme == "dark" else LIGHT
