"""Counts how often verdicts are right on labelled workloads and writes `triage/calibration.csv`.

    python -m scripts.build_calibration

Procedure. Every labelled workload is judged under the default policy as it is described, with one
stated fact withheld, and with one stated fact misstated: descriptions in the field are neither
complete nor always right. Its true label stays. Together its variants count as one workload:
80 % as described, 15 % spread evenly over the withheld ones, 5 % over the misstated ones. A verdict
`unknown` defends no label and is not counted. Verdicts are sorted into bands by their score; the
confidence of a band is (right + 1) / (all + 2), so that few cases never give certainty and none
give even odds (Laplace's rule of succession). A band whose confidence would be below that of the
band under it is joined with it, so a firmer verdict never reads as a weaker one.

What the log suggests is counted on the cases of `benchmarks/triage`: workloads of generated companies
with an even seed, by their behaviour alone, and real traces. Those with an odd seed are kept to test the
count on. A name that several workloads share is right only if all of them are what it says.

The shares 80, 15 and 5 are assumptions about how people describe their workloads, not measurements.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from benchmarks.triage import cases
from triage.calibration import BASES, Basis
from triage.engine import judge, score
from triage.model import TRIGGERS, Label, WorkloadFacts
from triage.policy import Policy
from triage.signals import read_signals

ROOT: Final = Path(__file__).resolve().parent.parent
LABELLED: Final = ROOT / "tests" / "golden" / "labelled_workloads.csv"
TABLE: Final = ROOT / "triage" / "calibration.csv"
COLUMNS: Final = ("basis", "score_from", "n", "n_right", "confidence", "policy_version")

AS_STATED: Final = Decimal("0.80")
WITHHELD: Final = Decimal("0.15")
MISSTATED: Final = Decimal("0.05")
_STATED: Final = ("trigger", "user_waiting", "max_wait_ms", "sequential")
_SLIP: Final = 60
"""Seconds taken for minutes, minutes for hours."""

EDGES: Final[dict[Basis, tuple[Decimal, ...]]] = {
    "declared": tuple(map(Decimal, ("0", "0.8", "0.9"))),
    "behaves-interactive": tuple(map(Decimal, ("0", "3", "5", "7"))),
    "behaves-batch": tuple(map(Decimal, ("0", "5", "7", "9"))),
}
"""Where bands begin: rule scores for stated facts, points for signals of the log."""

_MS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_YES_NO: Final = {"yes": True, "no": False, "": None}


@dataclass(frozen=True)
class Case:
    """A workload with its true label, and how much it counts."""

    facts: WorkloadFacts
    truth: str
    weight: Decimal


def labelled_cases(path: Path = LABELLED) -> Iterator[Case]:
    """Every variant of every labelled workload."""
    with path.open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield from variants(_facts(row), row["expected_label"])


def behaviour_cases() -> Iterator[Case]:
    """The evaluated workloads that confidence is counted on, by behaviour alone."""
    for case in cases.read():
        if case.group == cases.REAL or cases.seed_of(case) % 2 == 0:
            truth = " ".join(sorted(case.truth))
            yield Case(WorkloadFacts(name="", behaviour=case.behaviour), truth, Decimal(1))


def _facts(row: Mapping[str, str]) -> WorkloadFacts:
    wait = re.fullmatch(r"(\d+)(ms|s|m|h|d)", row["max_wait"])
    return WorkloadFacts(
        name=row["name"],
        trigger=next((trigger for trigger in TRIGGERS if trigger == row["trigger"]), None),
        user_waiting=_YES_NO[row["user_waiting"]],
        max_wait_ms=int(wait[1]) * _MS[wait[2]] if wait else None,
        sequential=_YES_NO[row["sequential"]],
    )


def variants(facts: WorkloadFacts, truth: str) -> Iterator[Case]:
    """The workload as stated, and with each stated fact withheld or misstated in turn."""
    yield Case(facts, truth, AS_STATED)
    stated = [name for name in _STATED if getattr(facts, name) is not None]
    for name in stated:
        withheld: dict[str, Any] = {name: None}
        yield Case(replace(facts, **withheld), truth, WITHHELD / len(stated))
    slips: list[dict[str, Any]] = []
    for name in ("user_waiting", "sequential"):
        if getattr(facts, name) is not None:
            slips.append({name: not getattr(facts, name)})
    if facts.max_wait_ms is not None:
        slips += [{"max_wait_ms": facts.max_wait_ms * _SLIP}, {"max_wait_ms": facts.max_wait_ms // _SLIP}]
    if facts.trigger is not None:
        slips.append({"trigger": "schedule" if facts.trigger == "user" else "user"})
    for slip in slips:
        yield Case(replace(facts, **slip), truth, MISSTATED / len(slips))


def calibrate(labelled: Iterable[Case]) -> list[dict[str, str]]:
    """The rows of the table for these cases; a basis without a case gets one row of even odds."""
    policy = Policy.default()
    rules = {rule.id: rule for rule in policy.rules}
    counted: dict[tuple[Basis, int], list[Decimal]] = {
        (basis, index): [Decimal(0), Decimal(0)] for basis in BASES for index in range(len(EDGES[basis]))
    }
    for case in labelled:
        verdict = judge(case.facts, policy)
        label: Label = verdict.suggested or verdict.label
        if label == "unknown":
            continue
        rule = rules[verdict.rule_id]
        basis: Basis = "declared"
        points = score(rule, verdict.counter_evidence, policy)
        if "behaviour" in rule.when:
            reading = read_signals(case.facts.behaviour)
            basis = "behaves-interactive" if reading.lean == "interactive" else "behaves-batch"
            points = Decimal(reading.points)
        index = max(index for index, edge in enumerate(EDGES[basis]) if edge <= points)
        counted[basis, index][0] += case.weight
        counted[basis, index][1] += case.weight * (label == case.truth)
    return [
        _row(basis, edge, n, right, policy.version)
        for basis in BASES
        for edge, n, right in pooled(
            [(edge, *counted[basis, index]) for index, edge in enumerate(EDGES[basis])]
        )
    ]


def pooled(bands: Sequence[tuple[Decimal, ...]]) -> list[tuple[Decimal, Decimal, Decimal]]:
    """Joins neighbouring bands (edge, n, right) until the confidence rises; an empty one joins that below."""
    joined: list[tuple[Decimal, Decimal, Decimal]] = []
    for edge, n, right in bands:
        joined.append((edge, n, right))
        while len(joined) > 1 and (
            joined[-1][1] == 0 or confidence(*joined[-1][1:]) <= confidence(*joined[-2][1:])
        ):
            _, upper_n, upper_right = joined.pop()
            lower_edge, lower_n, lower_right = joined.pop()
            joined.append((lower_edge, lower_n + upper_n, lower_right + upper_right))
    return joined


def confidence(n: Decimal, right: Decimal) -> Decimal:
    """Laplace's rule of succession."""
    return (right + 1) / (n + 2)


def _row(basis: Basis, edge: Decimal, n: Decimal, right: Decimal, version: str) -> dict[str, str]:
    hundredth, thousandth = Decimal("0.01"), Decimal("0.001")
    counts = (n.quantize(hundredth), right.quantize(hundredth))
    figures = (edge, *counts, confidence(n, right).quantize(thousandth))
    return dict(zip(COLUMNS, (basis, *map(str, figures), version), strict=True))


def main() -> None:
    """Writes the table and prints it."""
    rows = calibrate([*labelled_cases(), *behaviour_cases()])
    with TABLE.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    print(TABLE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
