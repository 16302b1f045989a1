"""Against two oracles: every recorded figure is ours, or its difference has a name and a right answer.

The figures are recorded by `scripts/record_parity.py`; the classes of difference, each with who is
right and why, stand in `tests/golden/parity_classes.yaml`.
"""

import csv
import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from pricing.cost import lane_costs
from pricing.model import AS_BILLED
from pricing.table import PriceTable
from tests.pricing_cases import TODAY, cube

GOLDEN: Final = Path(__file__).parent / "golden"
ORACLES: Final = {"litellm": "litellm_usd", "genai-prices": "genai_prices_usd"}
TOKENS: Final = (
    "input_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cache_write_long_tokens",
    "output_tokens",
)
RELATIVE: Final = Decimal("1e-9")


@dataclass(frozen=True)
class Case:
    """One recorded call, what the oracles said of it, and what our engine says; dollars."""

    name: str
    cells: Mapping[str, str]
    ours: Decimal | None
    reason: str | None

    def tokens(self, column: str) -> int:
        return int(self.cells[column])

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.cells["at_utc"])

    @property
    def said(self) -> dict[str, Decimal]:
        return {
            oracle: Decimal(self.cells[column]) for oracle, column in ORACLES.items() if self.cells[column]
        }

    def differing(self) -> set[str]:
        return {oracle for oracle, usd in self.said.items() if not same(self.ours, usd)}

    def __str__(self) -> str:
        cells = self.cells
        tokens = "/".join(cells[column] for column in TOKENS)
        return (
            f"{cells['provider']} {cells['model']} {cells['tier']} {cells['at_utc']} {tokens}: "
            f"ours {self.ours} ({self.reason}), {self.said}"
        )


@dataclass(frozen=True)
class Difference:
    """A class of difference: whose figure is wrong, for which cases, and what is right."""

    id: str
    wrong: frozenset[str]
    when: Mapping[str, Any]
    why: str
    source: str
    expect: Mapping[str, Any]

    def holds(self, case: Case) -> bool:
        return all(_CONDITIONS[name](case, wanted) for name, wanted in self.when.items())


def same(one: Decimal | None, other: Decimal | None) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= RELATIVE * abs(other)


def fits(text: str, wanted: str) -> bool:
    return any(fnmatchcase(text, pattern) for pattern in wanted.split("|"))


def instant(said: date) -> datetime:
    """A day or an instant of the YAML file."""
    return said if isinstance(said, datetime) else datetime.combine(said, time.min)


_CONDITIONS: Final[Mapping[str, Any]] = {
    "provider": lambda case, wanted: fits(case.cells["provider"], wanted),
    "model": lambda case, wanted: fits(case.cells["model"], wanted),
    "not_model": lambda case, wanted: not fits(case.cells["model"], wanted),
    "tier": lambda case, wanted: fits(case.cells["tier"], wanted),
    "before": lambda case, wanted: case.at < instant(wanted),
    "from": lambda case, wanted: case.at >= instant(wanted),
    "input_below": lambda case, wanted: case.tokens("input_tokens") < wanted,
    "input_from": lambda case, wanted: case.tokens("input_tokens") >= wanted,
    "cached": lambda case, wanted: (case.tokens("cache_read_tokens") > 0) is wanted,
    "long_writes": lambda case, wanted: (case.tokens("cache_write_long_tokens") > 0) is wanted,
    "hour": lambda case, wanted: case.at.hour in wanted,
    "weekend": lambda case, wanted: (case.at.isoweekday() >= 6) is wanted,
    "any_of": lambda case, wanted: any(
        all(_CONDITIONS[name](case, value) for name, value in one.items()) for one in wanted
    ),
}


@cache
def cases() -> tuple[Case, ...]:
    """All recorded calls, priced by our engine as one cube of one row a call in one statement."""
    with (GOLDEN / "parity.csv").open(encoding="utf-8", newline="") as file:
        recorded = list(csv.DictReader(file))
    table = PriceTable.shipped()
    thresholds = table.thresholds()
    rows = [
        {
            "workload": f"{number:05d}",
            "provider": cells["provider"],
            "model": cells["model"],
            "tier": cells["tier"],
            "hour_utc": datetime.fromisoformat(cells["at_utc"]).replace(minute=0),
            "prompt_band": max(
                (band for band in thresholds if band <= int(cells["input_tokens"])), default=0
            ),
            **{column: int(cells[column]) for column in TOKENS},
        }
        for number, cells in enumerate(recorded)
    ]
    priced = lane_costs(
        cube(*rows), table, group_by=["workload"], as_of=None, undated_as_of=TODAY, lanes=[AS_BILLED]
    )
    found = {row["workload"]: row for row in priced.to_pylist()}
    return tuple(
        Case(name, cells, None if micro is None else micro.scaleb(-6), found[name]["reason"])
        for number, cells in enumerate(recorded)
        for name in (f"{number:05d}",)
        for micro in (found[name]["cost_micro_usd"],)
    )


@cache
def differences() -> tuple[Difference, ...]:
    listed = yaml.safe_load((GOLDEN / "parity_classes.yaml").read_text(encoding="utf-8"))
    return tuple(
        Difference(
            one["id"],
            frozenset(one["wrong"].split("|")),
            one["when"],
            one["why"],
            one["source"],
            one.get("expect", {}),
        )
        for one in listed
    )


def expected(case: Case, expect: Mapping[str, Any]) -> Decimal | None:
    """What a class says the call costs, computed here and not by the engine."""
    if "times" in expect:
        of = next(oracle for oracle in expect["of"].split("|") if oracle in case.said)
        return case.said[of] * Decimal(expect["times"])
    if "unknown" in expect:
        return None
    rates = next(
        (listed for models, listed in expect["rates"].items() if fits(case.cells["model"], models)), None
    )
    assert rates is not None, f"no rates are written out for {case}"
    parts = dict(zip(TOKENS, str(rates).replace(" ", "").split("/"), strict=True))
    uncached = case.tokens("input_tokens") - sum(case.tokens(column) for column in TOKENS[1:4])
    total = Decimal(0)
    for column, rate in parts.items():
        tokens = uncached if column == "input_tokens" else case.tokens(column)
        if rate == "-" and tokens:
            return None
        total += tokens * Decimal(rate if rate != "-" else 0)
    return total.scaleb(-6)


def explain(case: Case) -> tuple[str | None, set[str]]:
    """What is wrong with a case (None: nothing), and the ids of the classes its differences need."""
    differing = case.differing()
    matching = [found for found in differences() if found.wrong & differing and found.holds(case)]
    excused: set[str] = set().union(*(found.wrong for found in matching)) & set(case.said)
    if differing - excused:
        return f"{', '.join(sorted(differing - excused))} differs without a class: {case}", set()
    if differing == set(case.said):  # nobody who was asked is right
        answers = [found.expect for found in matching if found.expect]
        if not answers:
            return f"no class says what is right: {case}", set()
        for answer in answers:
            if not same(case.ours, expected(case, answer)):
                return f"{expected(case, answer)} is right: {case}", set()
    return None, {found.id for found in matching}


def test_there_are_enough_cases_of_every_kind() -> None:
    about = json.loads((GOLDEN / "parity.meta.json").read_text(encoding="utf-8"))
    assert about["cases"] == len(cases()) >= 1_000
    assert about["versions"] == {"litellm": "1.109.1", "genai-prices": "0.2.3"}
    tiers = Counter(case.cells["tier"] for case in cases())
    assert all(tiers[tier] >= 90 for tier in ("standard", "batch", "flex", "priority")), tiers
    both = sum(1 for case in cases() if len(case.said) == 2)
    assert both >= 500
    assert sum(1 for case in cases() if case.said and not case.differing()) >= 1_000


def test_no_difference_is_unexplained() -> None:
    problems = [problem for case in cases() for problem, _ in [explain(case)] if problem]
    assert not problems, f"{len(problems)} of {len(cases())}:\n" + "\n".join(sorted(problems))


def test_every_class_is_needed_sourced_and_named_once() -> None:
    needed = Counter(name for case in cases() for name in explain(case)[1])
    for found in differences():
        assert needed[found.id], f"no case needs the class {found.id}"
        assert found.wrong <= set(ORACLES), found.id
        assert found.source.startswith("https://"), found.id
        assert found.why.endswith("."), found.id
    assert len({found.id for found in differences()}) == len(differences())


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param({"litellm_usd": "1"}, "differs without a class", id="a new difference"),
        pytest.param({"litellm_usd": "", "genai_prices_usd": "1"}, "differs without a class", id="the other"),
    ],
)
def test_a_difference_nobody_named_is_found(change: dict[str, str], words: str) -> None:
    case = next(case for case in cases() if len(case.said) == 2 and not case.differing())
    changed = Case(case.name, {**case.cells, **change}, case.ours, case.reason)
    problem, _ = explain(changed)
    assert problem is not None
    assert words in problem
