"""Importing a file: recognise it, stage it, settle it, and publish the dataset or leave all as it was."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from data.errors import UnreadableFileError
from data.files import display_name as fit_to_show
from data.files import exclusive
from data.formats import Recognition, recognise_head
from data.formats.base import Container, FileHead, Format, LogFormat
from data.reading import read_head
from data.schema import Reject
from data.settling import Settled, Source, finish, settle
from data.staging import stage_drafts, stage_log
from data.store import Manifest, Workspace


@dataclass(frozen=True)
class Progress:
    """How far an import is: reading the file or settling it, and the share of that, None when unknown."""

    stage: Literal["reading", "settling"]
    fraction: float | None


@dataclass(frozen=True)
class ImportOutcome:
    """What became of one file; accepted + rejected + duplicates == read.

    `dataset_id` is None when nothing in the file was new, and the workspace is then as it was.
    `notice` holds sentences about what was assumed, None when there is nothing to say.
    """

    source: str
    format: str
    container: Container
    token_rule: str
    read: int
    accepted: int
    rejected: int
    duplicates: int
    extra_calls: int
    calls: int
    undated: int
    reject_counts: Mapping[str, int]
    duplicates_of: Mapping[str, int]
    first_rejects: tuple[Reject, ...]
    first_duplicate_lines: tuple[int, ...]
    dataset_id: str | None
    notice: str | None


def recognise(path: Path, format_name: str | None = None, *, display_name: str | None = None) -> Recognition:
    """What a file would be imported as.

    Raises UnreadableFileError, UnknownFormatError or AmbiguousFormatError with what to do about it.
    """
    shown = fit_to_show(display_name or path.name)
    return recognise_head(read_head(path.resolve(), shown), shown, format_name)[1]


def import_file(
    workspace: Workspace,
    path: Path,
    *,
    display_name: str | None = None,
    format_name: str | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> ImportOutcome:
    """Imports one file as one dataset, or as none when nothing in it is new and usable.

    `display_name` is what the file is called for people (default: its own name); `format_name`
    overrides recognition. `on_progress` is called on the calling thread, and whatever it raises
    stops the import. Raises LanewiseDataError for a file that cannot be used as a whole. Unless a
    dataset was made the workspace is as it was, whatever happens.
    """
    shown = fit_to_show(display_name or path.name)
    head = read_head(path.resolve(), shown)
    chosen, _ = recognise_head(head, shown, format_name)

    def tell(stage: Literal["reading", "settling"], fraction: float | None) -> None:
        if on_progress is not None:
            on_progress(Progress(stage, fraction))

    tell("reading", 0.0)
    with workspace.scratch() as scratch, ThreadPoolExecutor(1) as pool:
        imported_at = datetime.now(UTC).replace(tzinfo=None)
        digest = pool.submit(_sha256, head.path, shown)
        # Every staged row carries the id of its dataset, so that it need not be written again.
        while not wait([digest], timeout=0.1).done:
            tell("reading", 0.0)
        dataset_id = f"{imported_at:%Y%m%dT%H%M%S%f}-{digest.result()[:8]}"
        notices: list[str] = []
        facts: Mapping[str, Mapping[str, Any]] = {}
        if isinstance(chosen, LogFormat):
            watch = None if on_progress is None else lambda fraction: tell("reading", fraction)
            staged = stage_log(chosen, head, shown, dataset_id, scratch, watch)
        else:
            described = chosen.describe(head, shown)
            staged, facts = stage_drafts(described, chosen.name, dataset_id, scratch), described.facts
            notices += described.notices
        tell("settling", None)
        source = Source(chosen.name, chosen.labels, facts)
        while True:
            against = workspace.dataset_ids()
            settled = settle(staged, source, workspace, against, dataset_id, scratch)
            if not settled.accepted:
                break
            manifest = _manifest(settled, chosen, head, shown, dataset_id, digest.result(), imported_at)
            (settled.folder / "manifest.json").write_text(
                manifest.model_dump_json(indent=1), encoding="utf-8"
            )
            finish(settled.folder)
            with exclusive(workspace.lock_file):
                # Someone else may have imported meanwhile; then every call is compared once more.
                if workspace.dataset_ids() == against:
                    workspace.publish(settled.folder, dataset_id)
                    break
            shutil.rmtree(settled.folder)
        notices += _notices(settled, workspace)
    return _outcome(settled, chosen, head, shown, dataset_id if settled.accepted else None, notices)


def _sha256(path: Path, shown: str) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise UnreadableFileError(
            "The file cannot be read to its end",
            f"“{shown}” went away or failed while it was read ({error.strerror or 'system error'}). "
            "Try again.",
        ) from error


def _manifest(
    settled: Settled,
    chosen: Format,
    head: FileHead,
    shown: str,
    dataset_id: str,
    digest: str,
    imported_at: datetime,
) -> Manifest:
    return Manifest(
        dataset_id=dataset_id,
        name=shown,
        source_sha256=digest,
        source_bytes=head.size_bytes,
        format=chosen.name,
        container=head.container,
        token_rule=chosen.token_rule,
        imported_at_utc=imported_at,
        read=settled.read,
        accepted=settled.accepted,
        rejected=settled.rejected,
        duplicates=settled.duplicates,
        extra_calls=settled.extra_calls,
        calls=settled.calls,
        undated=settled.undated,
        first_ts_utc=settled.first_ts_utc,
        last_ts_utc=settled.last_ts_utc,
        reject_counts=dict(settled.reject_counts),
        duplicates_of=dict(settled.duplicates_of),
        grain=settled.grain,
    )


def _notices(settled: Settled, workspace: Workspace) -> list[str]:
    """Sentences about the whole import; call while the datasets that duplicates point to are there."""
    found = []
    if settled.duplicates_of:
        names = [f"“{workspace.manifest(known).name}”" for known in list(settled.duplicates_of)[:3]]
        more = f" and {len(settled.duplicates_of) - 3} more" if len(settled.duplicates_of) > 3 else ""
        of = sum(settled.duplicates_of.values())
        found.append(
            f"{of:,} of {settled.read:,} rows are in the workspace already, from {', '.join(names)}{more}."
        )
    if not settled.accepted:
        found.append("Nothing in the file is new and usable, so no dataset was made.")
    elif settled.undated:
        found.append(
            f"{settled.undated:,} calls carry no time: they are counted, but no chart over time shows them."
        )
    return found


def _outcome(
    settled: Settled, chosen: Format, head: FileHead, shown: str, dataset_id: str | None, notices: list[str]
) -> ImportOutcome:
    made = dataset_id is not None
    return ImportOutcome(
        source=shown,
        format=chosen.name,
        container=head.container,
        token_rule=chosen.token_rule,
        read=settled.read,
        accepted=settled.accepted,
        rejected=settled.rejected,
        duplicates=settled.duplicates,
        extra_calls=settled.extra_calls if made else 0,
        calls=settled.calls if made else 0,
        undated=settled.undated if made else 0,
        reject_counts=settled.reject_counts,
        duplicates_of=settled.duplicates_of,
        first_rejects=settled.first_rejects,
        first_duplicate_lines=settled.first_duplicate_lines,
        dataset_id=dataset_id,
        notice=" ".join(notices) or None,
    )
