"""From generated companies and real traces to verdicts: through import, roll-up and policy, tags removed."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.triage.companies import MONDAY, Company, Noise, company
from reports.look import Look
from reports.workbench import Workbench
from triage.behaviour import Behaviour
from triage.engine import judge
from triage.model import Label, WorkloadFacts
from triage.policy import Policy
from triage.signals import Lean, read_signals

NOISES: Final[Mapping[str, Noise]] = {
    "clean": Noise(),
    "missing tags": Noise(missing_tags=0.3),
    "wrong tags": Noise(wrong_tags=0.02),
    "mixed keys": Noise(mixed_keys=0.25),
    "clock skew": Noise(skew_s=45),
    "sampling": Noise(kept=0.3),
    "no streaming, no latency": Noise(says_streaming=False, says_latency=False),
    "all of it": Noise(
        missing_tags=0.2, wrong_tags=0.01, mixed_keys=0.15, skew_s=30, kept=0.5, says_latency=False
    ),
}

_SCHEMA: Final = pa.schema(
    [
        ("call_id", pa.string()),
        ("ts", pa.timestamp("us")),
        ("provider", pa.string()),
        ("model", pa.string()),
        ("workload", pa.string()),
        ("session", pa.string()),
        ("input_tokens", pa.int64()),
        ("output_tokens", pa.int64()),
        ("tier", pa.string()),
        ("status", pa.string()),
        ("latency_ms", pa.int64()),
        ("streamed", pa.bool_()),
    ]
)


@dataclass(frozen=True)
class Judged:
    """What the log alone says of one workload, beside what it truly is.

    Attributes:
        truth: every label that hides under the name; several where workloads share it.
        said: the label, or the one that is suggested.
        suggested: whether somebody has to confirm it.
        lean, points: what the signals say together.
    """

    group: str
    name: str
    truth: frozenset[Label]
    said: Label
    suggested: bool
    confidence: float
    behaviour: Behaviour
    lean: Lean | None
    points: Decimal

    @property
    def right(self) -> bool:
        """Whether it is what the log says; a shared name is right only if all under it are."""
        return self.truth == {self.said}


def judged(
    group: str, found: Mapping[str, Behaviour], truth: Mapping[str, frozenset[Label]]
) -> tuple[Judged, ...]:
    """Verdicts of the default policy from behaviour alone: the name is blanked, nothing is declared."""
    verdicts = {
        name: judge(WorkloadFacts(name="", behaviour=found.get(name)), Policy.default()) for name in truth
    }
    readings = {name: read_signals(found.get(name)) for name in truth}
    return tuple(
        Judged(
            group,
            name,
            truth[name],
            verdict.suggested or verdict.label,
            verdict.needs_confirmation,
            max(verdict.confidence, verdict.suggested_confidence),
            found.get(name, Behaviour(0)),
            readings[name].lean,
            Decimal(readings[name].points),
        )
        for name, verdict in verdicts.items()
    )


def behaviour_of_rows(folder: Path, rows: Iterable[Mapping[str, Any]]) -> dict[str, Behaviour]:
    """Imports rows of the call record into a workspace in `folder` and reads what each workload does."""
    folder.mkdir(parents=True)
    source = folder / "log.parquet"
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], _SCHEMA), source)
    bench = Workbench.open(folder / "workspace")
    bench.import_file(source)
    return Look(bench.inputs(as_of=datetime(2026, 11, 20))).ground.behaviours


def evaluate_companies(folder: Path, seeds: Sequence[int], noise_name: str) -> tuple[Judged, ...]:
    """The companies of these seeds under one kind of noise."""
    made = {f"{seed}/": company(seed, NOISES[noise_name]) for seed in seeds}
    found = behaviour_of_rows(folder, _rows(made))
    truth: dict[str, frozenset[Label]] = {}
    for prefix, one in made.items():
        truth |= {f"{prefix}{name}": frozenset({label}) for name, label in one.truth.items()}
        truth |= {f"{prefix}{name}": labels for name, labels in one.shared.items()}
    return judged(noise_name, found, truth)


def _rows(made: Mapping[str, Company]) -> Iterable[dict[str, Any]]:
    for prefix, one in made.items():
        for i, call in enumerate(one.calls):
            yield {
                "call_id": f"{prefix}{i}",
                "ts": MONDAY + timedelta(seconds=call.at_s),
                "provider": "openai",
                "model": "gpt-5.4-mini",
                "workload": f"{prefix}{call.workload}" if call.workload else None,
                "session": f"{prefix}{call.session}" if call.session else None,
                "input_tokens": None if call.failed else 1_000,
                "output_tokens": None if call.failed else 100,
                "tier": call.tier,
                "status": "error" if call.failed else "ok",
                "latency_ms": call.latency_ms,
                "streamed": call.streamed,
            }


# Real traces --------------------------------------------------------------------------------------

TRACES: Final[Mapping[str, tuple[str, Label]]] = {
    "chat (Azure)": ("azure2023/AzureLLMInferenceTrace_conv.csv", "interactive"),
    "code completion (Azure)": ("azure2023/AzureLLMInferenceTrace_code.csv", "interactive"),
    "online chat and questions (Mooncake)": ("mooncake/conversation_trace.jsonl", "interactive"),
    "agent evaluation (Exgentic)": ("exgentic_agent/swebench_claude_code_shard12.jsonl", "semi_interactive"),
}
"""Real traffic -> its file below a folder of traces, and what it truly is. In an evaluation nobody
waits, but each step needs the one before."""


def trace_behaviours(traces: Path, folder: Path) -> dict[str, Behaviour]:
    """How the traces there are behave, each a log of its own.

    Times that count from an unknown start begin on a Monday.
    """
    found: dict[str, Behaviour] = {}
    for name, (path, _) in TRACES.items():
        if (traces / path).exists():
            rows = [
                {"call_id": f"{i}", "provider": "openai", "model": "gpt-5.4-mini", "workload": name,
                 "tier": "standard", **row}
                for i, row in enumerate(_READERS[Path(path).parent.name](traces / path))
            ]  # fmt: skip
            found |= behaviour_of_rows(folder / Path(path).stem, rows)
    return found


def _azure(path: Path) -> Iterable[dict[str, Any]]:
    for line in path.read_text(encoding="utf-8").splitlines()[1:]:
        ts, tokens_in, tokens_out = line.split(",")
        yield {"ts": datetime.fromisoformat(ts[:26]), "input_tokens": int(tokens_in),
               "output_tokens": int(tokens_out), "status": "ok"}  # fmt: skip


def _mooncake(path: Path) -> Iterable[dict[str, Any]]:
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        yield {"ts": MONDAY + timedelta(milliseconds=row["timestamp"]), "status": "ok",
               "input_tokens": row["input_length"], "output_tokens": row["output_length"]}  # fmt: skip


def _exgentic(path: Path) -> Iterable[dict[str, Any]]:
    for row in map(json.loads, path.read_text(encoding="utf-8").splitlines()):
        failed = row["is_error"]
        yield {
            "ts": datetime.fromisoformat(row["start_time_iso"]).replace(tzinfo=None),
            "session": row["session_id"],
            "latency_ms": round(row["duration_ms"]),
            "status": "error" if failed else "ok",
            "input_tokens": None if failed else row["input_tokens"],
            "output_tokens": None if failed else row["output_tokens"],
        }


_READERS: Final = {"azure2023": _azure, "mooncake": _mooncake, "exgentic_agent": _exgentic}
