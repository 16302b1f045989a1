"""Importing a file: recognise it, stage it, settle it, and publish the dataset or leave all as it was."""

import secrets
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow.parquet as pq

from data.errors import LanewiseDataError, UnreadableFileError
from data.files import display_name as fit_to_show
from data.files import exclusive
from data.formats import Recognition, recognise_head
from data.formats.base import Container, FileHead, Format, LogFormat, RepeatingFormat
from data.mapping import ColumnMapping
from data.notes import sentences
from data.packed import Archive, Member, packing_of
from data.prefixes import write_prefixes
from data.progress import Progress, Reporter
from data.reading import read_head
from data.saved_mappings import choose_format
from data.schema import Reject
from data.settling import Settled, Source, finish, settle
from data.staging import complete, stage_drafts, stage_log
from data.store import DESCRIBED_HERE, Manifest, Workspace
from data.survey import Survey, survey


@dataclass(frozen=True)
class ImportOutcome:
    """What became of one file; accepted + rejected + duplicates == read.

    `dataset_id` is None when nothing in the file was new, or nothing in it is a call, a bill line or a
    declared fact; the workspace is then as it was. `bills` are lines of a bill, which are no calls.
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
    bills: int = 0


@dataclass(frozen=True)
class UnusableMember:
    """A file inside an archive that could not be imported, and why, in words fit to show."""

    source: str
    title: str
    message: str


def recognise(
    path: Path,
    format_name: str | None = None,
    *,
    display_name: str | None = None,
    member: Member | None = None,
) -> Recognition:
    """What a file, or the member of an archive, would be imported as.

    Raises UnreadableFileError, UnknownFormatError or AmbiguousFormatError with what to do about it.
    """
    shown = fit_to_show(display_name or path.name)
    return recognise_head(replace(read_head(path.resolve(), shown, member), name=shown), shown, format_name)[
        1
    ]


def import_all(
    workspace: Workspace,
    path: Path,
    *,
    display_name: str | None = None,
    format_name: str | None = None,
    mapping: ColumnMapping | None = None,
    on_progress: Callable[[Progress], None] | None = None,
) -> Iterator[ImportOutcome | UnusableMember]:
    """Imports a file, or every file of a zip archive one after the other, each as a source of its own.

    A file that is no archive is imported as by `import_file`, and so are its errors. A member of an
    archive that cannot be used is a value, and the others are imported all the same. Raises
    LanewiseDataError for an archive that cannot be used as a whole.
    """
    shown = fit_to_show(display_name or path.name)
    if not _is_archive(path):
        yield import_file(
            workspace,
            path,
            display_name=shown,
            format_name=format_name,
            mapping=mapping,
            on_progress=on_progress,
        )
        return
    with Archive(path.resolve(), shown) as archive:
        for member in archive.members:
            name = fit_to_show(member.shown)
            try:
                yield import_file(
                    workspace,
                    path,
                    display_name=name,
                    format_name=format_name,
                    mapping=mapping,
                    on_progress=on_progress,
                    member=member,
                )
            except LanewiseDataError as problem:
                yield UnusableMember(name, problem.title, problem.message)


def _is_archive(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return packing_of(file.read(4)) == "zip"
    except OSError:
        return False  # what is wrong with the file is said where it is imported


def import_file(
    workspace: Workspace,
    path: Path,
    *,
    display_name: str | None = None,
    format_name: str | None = None,
    mapping: ColumnMapping | None = None,
    on_progress: Callable[[Progress], None] | None = None,
    member: Member | None = None,
    described_here: bool = False,
) -> ImportOutcome:
    """Imports one file as one dataset, or as none when nothing in it is new and usable.

    `display_name` is what the file is called for people (default: its own name); `format_name`
    or a `mapping` of its columns overrides recognition; `member` is the file that is meant inside an
    archive (see `import_all`). `described_here` is for the workloads described in the workspace
    itself (`data.descriptions`): their dataset replaces the one before and wins over files.
    `on_progress` is called on the calling thread, and whatever it raises stops the import. Raises
    LanewiseDataError for a file that cannot be used as a whole. Unless a dataset was made the
    workspace is as it was, whatever happens.
    """
    shown = fit_to_show(display_name or path.name)
    head = replace(read_head(path.resolve(), shown, member), name=shown)
    if not head.has_rows:
        raise UnreadableFileError(
            "The file has no rows",
            f"“{shown}” has a header line and nothing below it. Export it again with data.",
        )
    chosen = choose_format(workspace, head, shown, format_name, mapping)

    with workspace.scratch() as scratch, ThreadPoolExecutor(1) as pool:
        surveyed = pool.submit(survey, head, shown)
        reporter = Reporter(on_progress, head.size_bytes, lambda: _lines(head, surveyed))
        reporter.reading(0.0)
        imported_at = datetime.now(UTC).replace(tzinfo=None)
        # Every staged row carries the id of its dataset, so that it need not be written again.
        ending = DESCRIBED_HERE if described_here else f"-{secrets.token_hex(4)}"
        dataset_id = f"{imported_at:%Y%m%dT%H%M%S%f}{ending}"
        notices: list[str] = []
        facts: Mapping[str, Mapping[str, Any]] = {}
        if isinstance(chosen, LogFormat):
            watch = reporter.reading if reporter.is_heard else None
            staged = stage_log(chosen, head, shown, dataset_id, scratch, watch)
            staged = complete(staged, surveyed.result(), head, shown)
        else:
            described = chosen.describe(head, shown)
            staged, facts = stage_drafts(described, chosen.name, dataset_id, scratch), described.facts
            notices += described.notices
        reporter.settling(pq.read_metadata(staged.rows).num_rows)
        source = Source(chosen.name, chosen.labels, facts, _keeps_last(chosen, head))
        while True:
            against = workspace.dataset_ids()
            compared = () if described_here else against
            settled = settle(staged, source, workspace, compared, dataset_id, scratch)
            if not settled.holds_anything:
                break
            manifest = _manifest(
                settled, chosen, head, shown, dataset_id, surveyed.result().sha256, imported_at
            )
            (settled.folder / "manifest.json").write_text(
                manifest.model_dump_json(indent=1), encoding="utf-8"
            )
            write_prefixes(chosen, head, shown, settled.folder)
            finish(settled.folder)
            with exclusive(workspace.lock_file):
                # Someone else may have imported meanwhile; then every call is compared once more.
                if workspace.dataset_ids() == against:
                    workspace.publish(settled.folder, dataset_id)
                    break
            shutil.rmtree(settled.folder)
        notices += _notices(settled, workspace, imported_at, described=bool(facts))
    return _outcome(settled, chosen, head, shown, dataset_id if settled.holds_anything else None, notices)


def _lines(head: FileHead, surveyed: Future[Survey]) -> int | None:
    """How many rows a text of lines has, once it is known; other containers say it when they are read."""
    if head.container not in {"jsonl", "csv"} or not surveyed.done() or surveyed.exception():
        return None
    return max(0, surveyed.result().lines - (head.csv.skip_lines + 1 if head.csv else 0))


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
        bills=settled.bills,
        undated=settled.undated,
        first_ts_utc=settled.first_ts_utc,
        last_ts_utc=settled.last_ts_utc,
        reject_counts=dict(settled.reject_counts),
        duplicates_of=dict(settled.duplicates_of),
        grain=settled.grain,
    )


_AHEAD: Final = timedelta(days=1)
"""How far clocks may differ."""


def _keeps_last(chosen: Format, head: FileHead) -> bool:
    return isinstance(chosen, RepeatingFormat) and chosen.keeps_last(head)


def _notices(settled: Settled, workspace: Workspace, imported_at: datetime, *, described: bool) -> list[str]:
    """Sentences about the whole import; call while the datasets that duplicates point to are there."""
    found = sentences(settled.note_counts)
    if settled.duplicates_of:
        names = [f"“{workspace.manifest(known).name}”" for known in list(settled.duplicates_of)[:3]]
        more = f" and {len(settled.duplicates_of) - 3} more" if len(settled.duplicates_of) > 3 else ""
        of = sum(settled.duplicates_of.values())
        found.append(
            f"{of:,} of {settled.read:,} rows are in the workspace already, from {', '.join(names)}{more}."
        )
    no_calls = settled.accepted + settled.extra_calls - settled.calls - settled.bills
    if no_calls and not described and not settled.note_counts:
        found.append(
            f"{no_calls:,} of {settled.read:,} records are not calls of a model (such as the steps around a "
            "call): nothing of them is kept."
        )
    if settled.dropped_attributes:
        found.append(
            f"Workload rules cannot look at {', '.join(settled.dropped_attributes)}: nearly every call has a "
            "value of its own."
        )
    if not settled.accepted:
        found.append("Nothing in the file is new and usable, so no dataset was made.")
    elif not settled.holds_anything:
        found.append("There are no calls and no costs in the file, so no dataset was made.")
    elif settled.last_ts_utc is not None and settled.last_ts_utc > imported_at + _AHEAD:
        found.append(
            f"The newest call is of {settled.last_ts_utc:%Y-%m-%d}, after this import. Check the unit and "
            "the clock of its time: what is seen over time begins or ends there."
        )
    if settled.holds_anything and settled.undated:
        found.append(
            f"{settled.undated:,} calls carry no time that can be read: they are counted, but no chart over "
            "time shows them."
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
        bills=settled.bills if made else 0,
    )
