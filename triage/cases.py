"""Finds the workloads that a list of rules leaves to the next one, without trying each combination of facts.

Rules only compare a fact with a few numbers and words, so one value between each pair of
neighbouring numbers stands for all values there, and the search is exact.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

from triage.facts import FACTS, Fact, FactValue
from triage.rules import COMPARISONS, Condition, Rule, Thresholds, limit

Values = tuple[FactValue | None, ...]
Box = dict[str, Values]


def whole_space(thresholds: Thresholds, rules: Sequence[Rule]) -> Box:
    """Every fact with values that stand for all it can take: both sides of each number in a rule."""
    lines: dict[str, set[Decimal]] = {name: set() for name in FACTS}
    lines["wait_s"] |= {Decimal(thresholds.interactive_below_s), Decimal(thresholds.semi_up_to_s)}
    for rule in rules:
        for name, condition in rule.when.items():
            for word in COMPARISONS:
                number = condition.value_of(word)
                if number is not None:
                    lines[name].add(limit(number, thresholds))
    return {name: _values(fact, lines[name]) for name, fact in FACTS.items()}


def _values(fact: Fact, lines: set[Decimal]) -> Values:
    if fact.kind == "yes_no":
        return (None, False, True)
    if fact.kind == "word":
        return (None, *fact.words)
    edges = sorted({Decimal(0), *lines, *(() if fact.high is None else (fact.high,))})
    between = [(low + high) / 2 for low, high in pairwise(edges)]
    points = sorted([*edges, *between, edges[-1] + 1])
    return (None, *(point for point in points if point >= 0 and (fact.high is None or point <= fact.high)))


def within(box: Box, when: Mapping[str, Condition], thresholds: Thresholds) -> Box | None:
    """The part of `box` that meets every condition; None when there is none."""
    narrowed = dict(box)
    for name, condition in when.items():
        narrowed[name] = tuple(value for value in narrowed[name] if condition.holds(value, thresholds))
        if not narrowed[name]:
            return None
    return narrowed


def find_case(
    box: Box, earlier: Sequence[Rule], thresholds: Thresholds
) -> dict[str, FactValue | None] | None:
    """A combination of facts inside `box` that no earlier rule decides; None when there is none."""
    if not earlier:
        return {name: values[0] for name, values in box.items()}
    first, *later = earlier
    rest = dict(box)
    for name, condition in first.when.items():
        outside = tuple(value for value in rest[name] if not condition.holds(value, thresholds))
        if outside:
            case = find_case({**rest, name: outside}, later, thresholds)
            if case is not None:
                return case
        rest[name] = tuple(value for value in rest[name] if value not in outside)
        if not rest[name]:
            return None
    return None
