"""Evaluates triage and writes what came out: `python -m benchmarks triage`."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from benchmarks.triage import cases, page
from benchmarks.triage.measuring import NOISES, TRACES, Judged, evaluate_companies, judged, trace_behaviours
from scripts import build_calibration
from triage.calibration import bands

COMPANIES: Final = 10
"""Companies for each noise."""

ROOT: Final = Path(__file__).resolve().parents[2]


def seeds(noise_name: str) -> range:
    """Every noise has companies of its own."""
    first = 1_000 * list(NOISES).index(noise_name)
    return range(first, first + COMPANIES)


def measure(folder: Path) -> Iterator[str]:
    """Makes the logs, writes cases, calibration and page, and gives one line a noise."""
    found: list[Judged] = []
    for i, noise_name in enumerate(NOISES):
        own = evaluate_companies(folder / f"companies-{i}", seeds(noise_name), noise_name)
        found += own
        (right, said), (known, true) = page.precision(own), page.recall(own)
        yield f"triage, {noise_name:26} precision of batch {right} of {said}, recall {known} of {true}"
    traces = Path(os.environ.get("LANEWISE_SAMPLES", ROOT.parent / "shared" / "samples")) / "traces"
    real = trace_behaviours(traces, folder / "traces")
    truth = {name: frozenset({label}) for name, (_, label) in TRACES.items() if name in real}
    kept = [case for case in cases.read() if case.group == cases.REAL and case.name not in real]
    cases.write([*found, *judged(cases.REAL, real, truth), *kept])
    build_calibration.main()
    bands.cache_clear()
    page.PAGE.write_text(page.text(cases.read()), encoding="utf-8")
    yield f"written: {cases.TABLE.relative_to(ROOT)}, {page.PAGE.relative_to(ROOT)}"
