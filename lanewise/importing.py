"""What `lanewise import` does with its paths, and what it says of each file."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from data.folders import FoundFile
    from data.ingest import ImportOutcome
    from data.mapping import ColumnMapping
    from data.progress import Progress
    from reports.workbench import Workbench

IMPORT_SCHEMA: Final = "lanewise.import/1"


def import_paths(
    bench: "Workbench",
    paths: tuple[Path, ...],
    format_name: str | None,
    mapping: "ColumnMapping | None",
    *,
    quiet: bool,
) -> Iterator[dict[str, Any]]:
    """Imports what the paths stand for, each file once, and gives a summary of each when it is done."""
    from data.errors import LanewiseDataError
    from data.folders import FoundFile, named_files

    found: dict[Path, FoundFile] = {}
    problems: list[dict[str, Any]] = []
    for path in paths:
        try:
            for file in named_files(path):
                found.setdefault(file.path.absolute(), file)
        except LanewiseDataError as problem:
            problems.append(_problem_summary(str(path), problem.title, problem.message))
    for summary in problems:
        if not quiet:
            _print_summary(summary)
        yield summary
    with _heeding_interrupts() as heed:
        for place, file in enumerate(found.values(), 1):
            whose = file.shown if len(found) == 1 else f"{file.shown} ({place:,} of {len(found):,})"
            for summary in _import_path(bench, file, format_name, mapping, whose, quiet=quiet):
                heed()
                if not quiet:
                    _print_summary(summary)
                yield summary


@contextmanager
def _heeding_interrupts() -> Iterator[Callable[[], None]]:
    """Gives a function that raises KeyboardInterrupt when Ctrl-C was pressed and something swallowed it.

    A statement of the database that Ctrl-C ends may report that it failed, which reads like a fault of
    the file.
    """
    pressed: list[int] = []

    def on_signal(number: int, frame: FrameType | None) -> None:
        pressed.append(number)
        signal.default_int_handler(number, frame)

    def heed() -> None:
        if pressed:
            raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, on_signal)
    try:
        yield heed
    finally:
        signal.signal(signal.SIGINT, before)


def _import_path(
    bench: "Workbench",
    file: "FoundFile",
    format_name: str | None,
    mapping: "ColumnMapping | None",
    whose: str,
    *,
    quiet: bool,
) -> Iterator[dict[str, Any]]:
    """Imports a file, or every file of an archive."""
    from data.errors import LanewiseDataError
    from data.ingest import ImportOutcome

    def progress(step: "Progress") -> None:
        if not quiet and sys.stderr.isatty():
            click.echo(f"\r{progress_line(whose, step)}\x1b[K", nl=False, err=True)

    try:
        for done in bench.import_all(
            file.path,
            display_name=file.shown,
            format_name=format_name,
            mapping=mapping,
            on_progress=progress,
        ):
            if isinstance(done, ImportOutcome):
                yield _outcome_summary(bench, done)
            else:
                yield _problem_summary(done.source, done.title, done.message)
    except LanewiseDataError as problem:
        yield _problem_summary(file.shown, problem.title, problem.message)


def progress_line(whose: str, step: "Progress") -> str:
    """How far one import is, on one line: stage, share, and what else is known."""
    from reports.format import progress_facts

    share = "" if step.fraction is None else f" {step.fraction:.0%}"
    facts = progress_facts(
        rows=step.rows,
        bytes_read=step.bytes_read,
        bytes_total=step.bytes_total,
        seconds_left=step.seconds_left,
    )
    return ", ".join([f"{whose}: {step.stage}{share}", *facts])


def _problem_summary(source: str, title: str, message: str) -> dict[str, Any]:
    return {
        "source": source,
        "error": {"title": title, "message": message},
        "read": 0,
        "accepted": 0,
        "rejected": 0,
        "duplicates": 0,
    }


def _outcome_summary(bench: "Workbench", outcome: "ImportOutcome") -> dict[str, Any]:
    from reports.format import dollars

    cost, covered = bench.import_cost(outcome.dataset_id) if outcome.dataset_id is not None else (None, None)
    return {
        "source": outcome.source,
        "format": outcome.format,
        "container": outcome.container,
        "token_rule": outcome.token_rule,
        "dataset_id": outcome.dataset_id,
        "read": outcome.read,
        "accepted": outcome.accepted,
        "rejected": outcome.rejected,
        "duplicates": outcome.duplicates,
        "extra_calls": outcome.extra_calls,
        "calls": outcome.calls,
        "bills": outcome.bills,
        "undated": outcome.undated,
        "cost_usd": f"{dollars(cost).normalize():f}" if cost is not None else None,
        "cost_provenance": "computed",
        "calls_priced": covered.n_priced if covered is not None else 0,
        "calls_to_price": covered.n_requests - covered.n_failed_unmetered if covered is not None else 0,
        "reject_counts": dict(outcome.reject_counts),
        "first_rejects": [
            {"line": item.line, "code": item.code, "column": item.column, "reason": item.reason}
            for item in outcome.first_rejects
        ],
        "notice": outcome.notice,
    }


def _print_summary(summary: dict[str, Any]) -> None:
    from reports.format import usd

    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)  # over the progress line
    if "error" in summary:
        click.echo(
            f"{summary['source']}: {summary['error']['title']}. {summary['error']['message']}", err=True
        )
        return
    click.echo(f"{summary['source']}: {summary['format']}")
    click.echo(
        f"  read {summary['read']:,} = accepted {summary['accepted']:,} + rejected {summary['rejected']:,} "
        f"+ duplicates {summary['duplicates']:,}"
    )
    if summary["extra_calls"]:
        click.echo(
            f"  {summary['extra_calls']:,} more calls were inside accepted ones "
            "(sub-calls with a model of their own)"
        )
    if summary["bills"]:
        click.echo(f"  {summary['bills']:,} lines of a bill, kept beside the calls and not counted as usage")
    if summary["cost_usd"] is not None:
        partial = "" if summary["calls_priced"] == summary["calls_to_price"] else " (partial)"
        cost = usd(Decimal(summary["cost_usd"]) * 1_000_000)
        click.echo(
            f"  cost {cost}{partial}, computed for {summary['calls_priced']:,} of "
            f"{summary['calls_to_price']:,} calls"
        )
    elif summary["calls_to_price"]:
        click.echo(f"  cost unknown: none of the {summary['calls_to_price']:,} calls has a price")
    if summary["undated"]:
        click.echo(f"  {summary['undated']:,} calls have no time; they are priced at today's prices")
    click.echo(f"  {summary['token_rule']}")
    if summary["notice"]:
        click.echo(f"  {summary['notice']}")
    for item in summary["first_rejects"]:
        click.echo(f"  line {item['line']}: {item['reason']}", err=True)
    hidden = summary["rejected"] - len(summary["first_rejects"])
    if hidden > 0:
        click.echo(f"  ... and {hidden:,} more rejected rows", err=True)


def counted_twice(bench: "Workbench") -> list[dict[str, Any]]:
    """The pairs of datasets that may hold the same usage, of which nobody has chosen one."""
    return [
        {
            "provider": overlap.provider,
            "datasets": [overlap.aggregates.dataset_id, overlap.calls.dataset_id],
            "names": [overlap.aggregates.name, overlap.calls.name],
            "days": len(overlap.days_utc),
        }
        for overlap in bench.overlaps()
        if overlap.counts is None
    ]


def print_counted_twice(bench: "Workbench") -> None:
    """Says on standard error where the same usage may be in every figure twice."""
    for pair in counted_twice(bench):
        first, second = pair["names"]
        days = f"{pair['days']:,} {'day' if pair['days'] == 1 else 'days'}"
        click.echo(
            f"“{first}” and “{second}” both hold {pair['provider']} usage of the same {days}. If it is the "
            "same usage, it counts twice: choose on the Data page which counts, or delete one.",
            err=True,
        )


def import_summary(bench: "Workbench", summaries: list[dict[str, Any]]) -> dict[str, Any]:
    """What `lanewise import --json` prints."""
    return {
        "schema": IMPORT_SCHEMA,
        "workspace": str(bench.workspace.path),
        "files": summaries,
        "totals": {
            name: sum(s[name] for s in summaries) for name in ("read", "accepted", "rejected", "duplicates")
        },
        "counted_twice": counted_twice(bench),
    }
