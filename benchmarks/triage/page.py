"""The evaluation as a page of the documentation."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from benchmarks.triage.cases import REAL, kind_of, seed_of
from benchmarks.triage.companies import KINDS
from benchmarks.triage.measuring import Judged
from scripts.build_calibration import AS_STATED, Case, labelled_cases
from triage.calibration import band_of, bands
from triage.engine import judge
from triage.model import LABELS
from triage.policy import Policy

_TEMPLATE: Final = Path(__file__).parent / "page.md"
PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "evaluation.md"


def held_out(case: Judged) -> bool:
    """Whether confidence was counted without this case: companies with an odd seed."""
    return case.group != REAL and seed_of(case) % 2 == 1


def precision(cases: Iterable[Judged]) -> tuple[int, int]:
    """Suggestions of batch that are right, of all."""
    said = [case for case in cases if case.said == "batch"]
    return sum(case.right for case in said), len(said)


def recall(cases: Iterable[Judged]) -> tuple[int, int]:
    """Batch workloads that are suggested as such, of all."""
    true = [case for case in cases if case.truth == {"batch"}]
    return sum(case.right for case in true), len(true)


def text(cases: Sequence[Judged]) -> str:
    """The whole page: `page.md` with its tables."""
    generated = [case for case in cases if case.group != REAL]
    groups = dict.fromkeys(case.group for case in generated)
    noises = [_line(group, [case for case in generated if case.group == group]) for group in groups]
    return _TEMPLATE.read_text(encoding="utf-8").format(
        policy=Policy.default().version,
        stated="\n".join(_stated()),
        noises="\n".join([*noises, _line("**all**", generated)]),
        kinds="\n".join(_kinds(generated)),
        traces="\n".join(_trace(case) for case in cases if case.group == REAL),
        calibration="\n".join(_calibration([case for case in generated if held_out(case)])),
    )


def _trace(case: Judged) -> str:
    said = f"{case.said.replace('_', '-')}{', to be confirmed' if case.suggested else ''}"
    truth = ", ".join(sorted(case.truth)).replace("_", "-")
    return f"| {case.name} | {case.behaviour.n_calls:,} | {truth} | {said} | {case.confidence:.2f} |"


def _stated() -> list[str]:
    whole: list[Case] = []
    withheld: list[Case] = []
    slips: list[Case] = []
    for case in labelled_cases():
        if case.weight == AS_STATED:
            whole.append(case)
        elif _stated_facts(case) < _stated_facts(whole[-1]):
            withheld.append(case)
        else:
            slips.append(case)
    blanked = [replace(case, facts=replace(case.facts, name="", description=None)) for case in whole]
    return [
        _verdicts("as described", whole),
        _verdicts("names and descriptions blanked", blanked),
        _verdicts("one stated fact withheld", withheld),
        _verdicts("one stated fact wrong", slips),
    ]


def _stated_facts(case: Case) -> int:
    facts = case.facts
    stated = (facts.trigger, facts.user_waiting, facts.max_wait_ms, facts.sequential)
    return sum(fact is not None for fact in stated)


def _verdicts(title: str, cases: Sequence[Case]) -> str:
    policy = Policy.default()
    labels = [(judge(case.facts, policy).label, case.truth) for case in cases]
    right = sum(label == truth for label, truth in labels)
    unsettled = sum(label == "unknown" != truth for label, truth in labels)
    return f"| {title} | {len(labels)} | {right} | {unsettled} | {len(labels) - right - unsettled} |"


def _line(title: str, cases: Sequence[Judged]) -> str:
    return f"| {title} | {len(cases)} | {_ratio(*precision(cases))} | {_ratio(*recall(cases))} |"


def _ratio(part: int, whole: int) -> str:
    return f"{part} of {whole} ({part / whole:.3f})" if whole else "none"


def _kinds(cases: Sequence[Judged]) -> list[str]:
    said: dict[str, Counter[str]] = {kind.name: Counter() for kind in KINDS}
    for case in cases:
        if len(case.truth) == 1:
            said[kind_of(case)][case.said] += 1
    lines = []
    for kind in KINDS:
        counts = said[kind.name]
        columns = [sum(counts.values()), *(counts[label] for label in LABELS)]
        truth = kind.truth.replace("_", "-")
        lines.append(f"| {kind.name} | {truth} | {' | '.join(map(str, columns))} |")
    return lines


def _calibration(cases: Sequence[Judged]) -> list[str]:
    lines = []
    for band in bands():
        if band.basis == "declared":
            continue
        own = [
            case
            for case in cases
            if case.lean == band.basis.removeprefix("behaves-") and band_of(band.basis, case.points) == band
        ]
        right = sum(case.right for case in own)
        came = f"{right / len(own):.3f}" if own else "–"
        title = "batch" if band.basis == "behaves-batch" else "interactive"
        lines.append(f"| {title} | {band.score_from} | {band.confidence} | {len(own)} | {right} | {came} |")
    return lines
