"""What `lanewise policy` prints: a policy in words, what to mend in one, what one would change."""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from data.documents import Version
from reports.format import dollars, label_title, lane_title, usd
from reports.model import WorkloadResult
from reports.policy_book import Fault, InForce
from reports.policy_preview import Effect, PolicyPreview
from reports.policy_words import Section, described


def as_text(found: InForce, history: Sequence[Version]) -> str:
    """The policy in force for a terminal: where it is from, then every part of it."""
    lines = [found.used.title, f"Fingerprint {found.policy.version}"]
    if history:
        newest = history[0]
        note = f": {newest.note}" if newest.note else ""
        lines.append(f"Saved by {newest.author}, {newest.at_utc:%Y-%m-%d %H:%M} UTC{note}")
    if found.outdated:
        lines.append("The preset ships in another version by now; yours stays in force.")
    for section in described(found.policy):
        lines += ["", section.title, *_section(section)]
    return "\n".join(lines) + "\n"


def _section(section: Section) -> list[str]:
    return [f"  {sentence}" for sentence in section.sentences] + _columns([section.header, *section.rows])


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows with their columns aligned; the last one runs on."""
    if not any(rows):
        return []
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    ]


def as_plain(found: InForce, history: Sequence[Version]) -> dict[str, Any]:
    """The policy in force for programs, with all of it under `policy`."""
    newest = history[0] if history else None
    return {
        "name": found.used.name,
        "preset": found.used.preset,
        "edited": found.used.edited,
        "saved": found.used.saved,
        "saved_by": newest.author if newest else None,
        "saved_at_utc": newest.at_utc.isoformat(timespec="seconds") if newest else None,
        "note": newest.note if newest else None,
        "version": found.policy.version,
        "policy": json.loads(found.policy.to_json()),
    }


def faults_text(path: Path, faults: Sequence[Fault]) -> str:
    """What to mend, one line each, as compilers write it: file:line:column: sentence."""
    places = [str(path) if fault.line is None else f"{path}:{fault.line}:{fault.column}" for fault in faults]
    return "".join(f"{place}: {fault.sentence}\n" for place, fault in zip(places, faults, strict=True))


def faults_plain(faults: Sequence[Fault]) -> list[dict[str, Any]]:
    """What to mend, for programs."""
    return [
        {"line": fault.line, "column": fault.column, "problem": fault.sentence, "text": fault.text}
        for fault in faults
    ]


def effects_text(name: str, seen: PolicyPreview) -> str:
    """What a policy changes, workload by workload, and the total."""
    if not seen.n_workloads:
        return f"“{name}” can be used. The workspace has no workload yet.\n"
    lines = [
        f"“{name}” can be used. {seen.n_changed} of {seen.n_workloads} workloads change, "
        f"{seen.n_labels} of them the label."
    ]
    for effect in seen.effects:
        before, after = effect.before, effect.after
        what = [
            _now_then(label_title(before.verdict.label), label_title(after.verdict.label)),
            _now_then(lane_title(before.recommended_lane), lane_title(after.recommended_lane)),
            _now_then(usd(before.saving_per_year.base), usd(after.saving_per_year.base)) + " a year",
        ]
        half = f" ({len(effect.hours)} hours of its week)" if effect.hours else ""
        lines += [f"- {effect.workload}{half}: {', '.join(what)}", f"    {effect.why}"]
    lines.append(
        f"Projected saving a year: {_now_then(usd(seen.saving_before.base), usd(seen.saving_after.base))}"
    )
    return "\n".join(lines) + "\n"


def effects_plain(seen: PolicyPreview) -> dict[str, Any]:
    """What a policy changes, for programs; amounts are exact dollars as text."""
    return {
        "workloads": seen.n_workloads,
        "changes": [_effect(effect) for effect in seen.effects],
        "saving_per_year_usd": {
            "now": _exact(seen.saving_before.base),
            "then": _exact(seen.saving_after.base),
        },
    }


def _effect(effect: Effect) -> dict[str, Any]:
    def state(result: WorkloadResult) -> dict[str, str]:
        return {
            "label": result.verdict.label,
            "rule": result.verdict.rule_id,
            "recommended_lane": result.recommended_lane,
            "saving_per_year_usd": _exact(result.saving_per_year.base),
        }

    return {
        "workload": effect.workload,
        "hours_of_week": list(effect.hours) or None,
        "now": state(effect.before),
        "then": state(effect.after),
        "why": effect.why,
    }


def _exact(micro_usd: Decimal) -> str:
    return f"{dollars(micro_usd):f}"


def _now_then(now: str, then: str) -> str:
    return now if now == then else f"{now} -> {then}"
