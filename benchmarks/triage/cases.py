"""The evaluated workloads as a committed table: how each behaves, and what it truly is.

Made by `python -m benchmarks triage`. Whoever changes a weight or a threshold sees at once what it does
to every case, without making the logs again.
"""

import csv
import dataclasses
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.triage.companies import KINDS
from benchmarks.triage.measuring import Judged, judged
from triage.behaviour import Behaviour
from triage.model import LABELS, Label

TABLE: Final = Path(__file__).parent / "cases.csv"
REAL: Final = "real traces"
"""The group of cases that nobody generated."""

_FIELDS: Final = tuple(field.name for field in dataclasses.fields(Behaviour))
_COUNTS: Final = {"n_calls", "n_users", "n_sessions"}


def write(cases: Iterable[Judged]) -> None:
    """Writes the table, six digits a number."""
    with TABLE.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(("group", "name", "truth", *_FIELDS))
        for case in cases:
            values = [_text(getattr(case.behaviour, name)) for name in _FIELDS]
            writer.writerow((case.group, case.name, " ".join(sorted(case.truth)), *values))


def _text(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:.6g}" if isinstance(value, float) else str(int(value))


def read() -> tuple[Judged, ...]:
    """The cases, judged anew under the default policy, by behaviour alone."""
    with TABLE.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return tuple(
        case
        for row in rows
        for case in judged(row["group"], {row["name"]: _behaviour(row)}, {row["name"]: _truth(row["truth"])})
    )


def _truth(text: str) -> frozenset[Label]:
    return frozenset(label for label in LABELS if label in text.split())


def _behaviour(row: Mapping[str, str]) -> Behaviour:
    values: dict[str, Any] = {
        name: int(row[name]) if name in _COUNTS else float(row[name])
        for name in _FIELDS
        if row[name] and name != "two_behaviours"
    }
    return Behaviour(**values, two_behaviours=row["two_behaviours"] == "1")


def seed_of(case: Judged) -> int:
    """Which company a generated case is of."""
    return int(case.name.split("/")[0])


def kind_of(case: Judged) -> str:
    """What kind of workload a generated case is."""
    kinds = {kind.name for kind in KINDS}
    return next(kind for kind in kinds if case.name.split("/")[1].rsplit("-", 1)[0] == kind)
