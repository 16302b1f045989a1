"""What `lanewise import` does with its paths, and what it says of each file."""

import sys
from collections.abc import Iterator
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

if TYPE_CHECKING:
    from data.ingest import ImportOutcome
    from data.mapping import ColumnMapping
    from data.progress import Progress
    from reports.workbench import Workbench

IMPORT_SCHEMA: Final = "lanewise.import/1"


def files(paths: tuple[Path, ...]) -> Iterator[Path]:
    """The files that paths stand for: a folder for all in it, hidden ones left out."""
    for path in paths:
        if path.is_dir():
            yield from sorted(
                item
                for item in path.rglob("*")
                if item.is_file() and not any(p.startswith(".") for p in item.parts)
            )
        else:
            yield path


def progress_line(step: "Progress") -> str:
    """How far an import is, in one line for a terminal."""
    parts = [step.stage if step.fraction is None else f"{step.stage} {step.fraction:.0%}"]
    if step.rows:
        parts.append(f"{step.rows:,} {'row' if step.rows == 1 else 'rows'}")
    if step.bytes_total and step.fraction is not None:
        parts.append(f"{step.bytes_read / 1e6:,.1f} of {step.bytes_total / 1e6:,.1f} MB")
    if step.seconds_left is not None:
        parts.append(f"about {time_left(step.seconds_left)} left")
    return ", ".join(parts)


def time_left(seconds: float) -> str:
    """Seconds below a minute and a half, else minutes, rounded up."""
    return f"{ceil(seconds)} s" if seconds < 90 else f"{ceil(seconds / 60)} min"


def import_path(
    bench: "Workbench",
    path: Path,
    format_name: str | None,
    mapping: "ColumnMapping | None",
    *,
    quiet: bool,
) -> Iterator[dict[str, Any]]:
    """Imports a file, or every file of an archive, and gives a summary of each as soon as it is done."""
    from data.errors import LanewiseDataError
    from data.ingest import ImportOutcome

    def progress(step: "Progress") -> None:
        if not quiet and sys.stderr.isatty():
            click.echo(f"\r{path.name}: {progress_line(step)}\x1b[K", nl=False, err=True)

    def shown(summary: dict[str, Any]) -> dict[str, Any]:
        if not quiet:
            if sys.stderr.isatty():
                click.echo("\r\x1b[K", nl=False, err=True)
            _print_summary(summary)
        return summary

    try:
        for done in bench.import_all(path, format_name=format_name, mapping=mapping, on_progress=progress):
            if isinstance(done, ImportOutcome):
                yield shown(_outcome_summary(bench, done))
            else:
                yield shown(_problem_summary(done.source, done.title, done.message))
    except LanewiseDataError as problem:
        yield shown(_problem_summary(path.name, problem.title, problem.message))


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
        "cost_usd": f"{dollars(cost):f}" if cost is not None else None,
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
        click.echo(
            f"  cost ${summary['cost_usd']}{partial}, computed for {summary['calls_priced']:,} of "
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


def import_summary(bench: "Workbench", summaries: list[dict[str, Any]]) -> dict[str, Any]:
    """What `lanewise import --json` prints."""
    return {
        "schema": IMPORT_SCHEMA,
        "workspace": str(bench.workspace.path),
        "files": summaries,
        "totals": {
            name: sum(s[name] for s in summaries) for name in ("read", "accepted", "rejected", "duplicates")
        },
    }
