"""Workloads described in the workspace itself, row by row, by a person who has no log of them.

The versioned document `descriptions` holds the rows as they were typed, {"workloads": [...]} with the
columns of a description file. Every save renders all of them as one YAML list and imports it like an
uploaded one; the dataset replaces the one before in the moment it is published, so that an edited
description never counts twice. A workload that a file describes too counts as described here.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import yaml

from data.declared import format_duration
from data.errors import WorkspaceError
from data.files import exclusive
from data.formats.workload_description import WorkloadDescription
from data.formats.yaml_records import LIST_KEY
from data.ingest import import_file
from data.queries import DESCRIBED
from data.reading import read_head
from data.rejects import sentence
from data.staging import drafts_rejected
from data.store import DESCRIBED_HERE, Workspace

DOCUMENT: Final = "descriptions"
SOURCE_NAME: Final = "Described in Lanewise"
"""What the dataset is called, and who is named as the source of its facts."""

COLUMNS: Final = (
    "name",
    "description",
    "trigger",
    "user_waiting",
    "max_wait",
    "sequential",
    "requests_per_day",
    "requests_per_run",
    "runs_per_year",
    "provider",
    "model",
    "input_tokens",
    "shared_prefix_tokens",
    "output_tokens",
)
"""What a row may say, all as text; the meaning of each is that of a description file."""

Row = Mapping[str, str]


@dataclass(frozen=True)
class Described:
    """A described workload as it holds now: its row, who said so, and whether it was said here."""

    row: Row
    source: str
    here: bool


@dataclass(frozen=True)
class RowProblem:
    """What is wrong with one row, counted from 0: a code of `data.rejects`, the column where there is one."""

    row: int
    code: str
    column: str | None

    def sentence(self, column: str | None = None) -> str:
        """The problem in words, with the column under the name it has for the reader."""
        return sentence(self.code, column or self.column, None)


def tidy(row: Mapping[str, Any]) -> dict[str, str]:
    """A row as it is kept: known columns that say something, on one line each."""
    texts = {column: " ".join(str(row.get(column) or "").split()) for column in COLUMNS}
    return {column: text for column, text in texts.items() if text}


def described(workspace: Workspace) -> tuple[Described, ...]:
    """Every described workload, by name."""
    names = {manifest.dataset_id: manifest.name for manifest in workspace.datasets()}
    found = []
    for name, dataset_id in workspace.describing().items():
        fact = next(row for row in workspace.facts(dataset_id) if row["name"] == name)
        here = dataset_id.endswith(DESCRIBED_HERE)
        found.append(Described(_row(name, fact["facts"]), names[dataset_id], here))
    return tuple(sorted(found, key=lambda item: item.row["name"]))


def check(workspace: Workspace, rows: Sequence[Row]) -> tuple[RowProblem, ...]:
    """What an import would reject of the rows, first to last."""
    if not rows:
        return ()
    with workspace.scratch() as scratch:
        head = read_head(_render([{"name": "", **row} for row in rows], scratch), SOURCE_NAME)
        described = WorkloadDescription().describe(head, SOURCE_NAME)
    labels = WorkloadDescription.labels
    return tuple(
        RowProblem(position, code, labels.get(column, column) if column else None)
        for position, (code, column) in enumerate(drafts_rejected(described))
        if code is not None
    )


def save(workspace: Workspace, rows: Sequence[Row], *, author: str, note: str) -> None:
    """Describes these workloads here and no others; rows must have passed `check`.

    What a file says in the same words stays with the file.
    """
    told = _of_files(workspace)
    own = [row for row in map(tidy, rows) if told.get(row.get("name", "")) != row]
    workspace.document(DOCUMENT).save({LIST_KEY: own}, author=author, note=note)
    render(workspace)


def render(workspace: Workspace) -> None:
    """Makes the dataset what the document says; does nothing where it is that already.

    Called after every save, and when a workspace is opened, in case a crash came between. Raises
    WorkspaceError when the document is not as it was saved.
    """
    current = workspace.document(DOCUMENT).current()
    rows = _saved(current[1]) if current else []
    with exclusive(workspace.path / ".describing.lock"):
        before = [name for name in workspace.dataset_ids() if name.endswith(DESCRIBED_HERE)]
        text = _text(rows)
        digest = hashlib.sha256(text.encode()).hexdigest()
        if not rows or [workspace.manifest(name).source_sha256 for name in before] != [digest]:
            if rows:
                with workspace.scratch() as scratch:
                    import_file(
                        workspace,
                        _render(rows, scratch),
                        display_name=SOURCE_NAME,
                        format_name=DESCRIBED,
                        described_here=True,
                    )
            else:
                for name in before:
                    workspace.delete(name)
        for name in workspace.replaced_ids():
            workspace.delete(name)


def _saved(content: Mapping[str, Any]) -> list[Row]:
    rows = content.get(LIST_KEY, [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise WorkspaceError(
            "The descriptions cannot be read",
            f"A version of the document “{DOCUMENT}” was changed by hand and no longer makes sense. "
            f"Delete its newest file in documents/{DOCUMENT} to go back to the version before.",
        )
    return rows


def to_yaml(rows: Sequence[Row]) -> str:
    """The rows as a file that `lanewise import` reads."""
    return _text(rows)


def missing(workspace: Workspace, rows: Sequence[Row]) -> tuple[tuple[str, str], ...]:
    """Workloads that a file describes and the rows leave out, with the file: only deleting it ends them."""
    kept = {row.get("name") for row in rows}
    names = {manifest.dataset_id: manifest.name for manifest in workspace.datasets()}
    return tuple(
        (row["name"], names[dataset_id])
        for dataset_id in names
        if not dataset_id.endswith(DESCRIBED_HERE)
        for row in workspace.facts(dataset_id)
        if row["name"] not in kept
    )


def _of_files(workspace: Workspace) -> dict[str, Row]:
    """What files describe, by name, whether it is described here too or not."""
    found: dict[str, Row] = {}
    for dataset_id in workspace.dataset_ids():
        if not dataset_id.endswith(DESCRIBED_HERE):
            found |= {row["name"]: _row(row["name"], row["facts"]) for row in workspace.facts(dataset_id)}
    return found


def _row(name: str, facts: Mapping[str, Any]) -> dict[str, str]:
    said = {"name": name, **facts}
    if said.get("max_wait_ms") is not None:
        said["max_wait"] = format_duration(said["max_wait_ms"])
    for flag in ("user_waiting", "sequential"):
        if said.get(flag) is not None:
            said[flag] = "yes" if said[flag] else "no"
    return tidy({column: "0" if said.get(column) == 0 else said.get(column) for column in COLUMNS})


def _text(rows: Sequence[Row]) -> str:
    return yaml.safe_dump({LIST_KEY: [dict(row) for row in rows]}, sort_keys=False, allow_unicode=True)


def _render(rows: Sequence[Row], scratch: Path) -> Path:
    path = scratch / "descriptions.yaml"
    path.write_text(_text(rows), encoding="utf-8")
    return path
