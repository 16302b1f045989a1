"""`lanewise ledger`: what becomes of the recommendations, from proposed to verified."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from lanewise.opening import bench_at, fail, folder_of, who, workspace_option

if TYPE_CHECKING:
    from reports.ledger import Entry
    from reports.ledger_model import Key
    from reports.workbench import Workbench

RECHECK_DAYS: Final = 90
_DAY: Final = click.DateTime(["%Y-%m-%d"])


@click.group()
def ledger() -> None:
    """Claim recommendations, verify what they saved, and keep the history."""


@ledger.command(name="list")
@workspace_option
@click.option(
    "--state",
    type=click.Choice(["proposed", "claimed", "verified", "failed", "dismissed"]),
    default=None,
    help="Only those in one state.",
)
@click.option("--moved-on", type=_DAY, default=None, help="What was proposed before that day (UTC).")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object, with baselines and history.")
@click.option("--csv", "as_csv", is_flag=True, help="Print CSV.")
@click.pass_context
def list_(
    context: click.Context,
    workspace: Path | None,
    state: str | None,
    moved_on: datetime | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """List the recommendations, dearest first, with their short names."""
    from reports import ledger_export

    if as_json and as_csv:
        message = "--json and --csv exclude each other."
        raise click.UsageError(message)
    opened = bench_at(folder_of(context, workspace))
    with _problems():
        found = [entry for entry in _entries(opened, moved_on) if state is None or entry.state == state]
        history = opened.ledger().history()
    if as_json:
        click.echo(ledger_export.json_text(found, history), nl=False)
    elif as_csv:
        click.echo(ledger_export.csv_text(found), nl=False)
    else:
        for entry in found:
            click.echo(_line(entry))
        if not found:
            click.echo("Nothing is proposed, and nothing was ever claimed.", err=True)


@ledger.command()
@click.argument("ref")
@workspace_option
@click.option("--owner", required=True, help="Who makes the move.")
@click.option("--note", default="", help="What others should know.")
@click.option(
    "--moved-on",
    type=_DAY,
    default=None,
    help="The day (UTC) the calls moved, if that was earlier: the baseline is what was known before.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the frozen baseline as JSON.")
@click.pass_context
def claim(
    context: click.Context,
    ref: str,
    workspace: Path | None,
    owner: str,
    note: str,
    moved_on: datetime | None,
    as_json: bool,
) -> None:
    """Claim REF: its baseline is frozen, and its saving measured from now on."""
    from reports.format import count, usd

    opened = bench_at(folder_of(context, workspace))
    with _problems():
        key = _key(_entries(opened, moved_on), ref)
        frozen = opened.ledger().claim(key, owner=owner, note=note, author=who(), moved_on=moved_on)
    if as_json:
        click.echo(json.dumps(frozen.model_dump(mode="json"), indent=2, ensure_ascii=False))
        return
    expected = frozen.expected_per_year
    click.echo(
        f"Claimed. Baseline: {count(frozen.n_requests)} calls, {usd(frozen.cost_micro_usd)} in "
        f"{frozen.lane}; expected {usd(expected.low)} to {usd(expected.high)} a year, measured from "
        f"{frozen.measured_from:%Y-%m-%d %H:%M} UTC on."
    )


@ledger.command()
@click.argument("ref")
@workspace_option
@click.option("--reason", required=True, help="Why it is not made.")
@click.option("--owner", default="", help="Who decided.")
@click.option(
    "--recheck",
    type=_DAY,
    default=None,
    help=f"When it comes back; in {RECHECK_DAYS} days by default.",
)
@click.pass_context
def dismiss(
    context: click.Context,
    ref: str,
    workspace: Path | None,
    reason: str,
    owner: str,
    recheck: datetime | None,
) -> None:
    """Dismiss REF until a day."""
    opened = bench_at(folder_of(context, workspace))
    due = recheck.date() if recheck is not None else _today() + timedelta(days=RECHECK_DAYS)
    with _problems():
        entries = _entries(opened, None)
        key = _key(entries, ref)
        expected = next(entry.expected_per_year for entry in entries if entry.key == key)
        opened.ledger().dismiss(
            key, owner=owner, reason=reason, author=who(), recheck_on=due, expected=expected
        )
    click.echo(f"Dismissed until {due}.")


@ledger.command()
@click.argument("ref")
@workspace_option
@click.option("--note", default="", help="Why.")
@click.pass_context
def reopen(context: click.Context, ref: str, workspace: Path | None, note: str) -> None:
    """Take the dismissal of REF back."""
    opened = bench_at(folder_of(context, workspace))
    with _problems():
        opened.ledger().reopen(_key(opened.ledger().known(), ref), author=who(), note=note)
    click.echo("Reopened.")


@ledger.command()
@click.argument("ref")
@workspace_option
@click.option("--note", default="", help="What others should know.")
@click.option("--json", "as_json", is_flag=True, help="Print the measurement as JSON.")
@click.pass_context
def verify(context: click.Context, ref: str, workspace: Path | None, note: str, as_json: bool) -> None:
    """Measure what the move of REF saved since its claim, and record it as verified or failed."""
    from reports.format import usd

    opened = bench_at(folder_of(context, workspace))
    with _problems():
        measured = opened.ledger().verify(_key(opened.ledger().known(), ref), author=who(), note=note)
    if as_json:
        content = {
            "outcome": "verified" if measured.holds else "failed",
            "saving_micro_usd": str(measured.saving_micro_usd),
            **measured.model_dump(mode="json"),
        }
        click.echo(json.dumps(content, indent=2, ensure_ascii=False))
        return
    expected = measured.expected
    click.echo(
        f"{'Verified' if measured.holds else 'Failed'}: saved {usd(measured.saving_micro_usd)}, expected "
        f"{usd(expected.low)} to {usd(expected.high)} of these calls."
    )
    click.echo(measured.sentence)
    for change in measured.changes:
        click.echo(f"{'* ' if change.changed else '  '}{change.sentence}")


# ------------------------------------------------------------------------ helpers


def _today() -> date:
    return datetime.now(UTC).date()


def _entries(opened: "Workbench", moved_on: datetime | None) -> "tuple[Entry, ...]":
    book = opened.ledger()
    if moved_on is not None:
        return book.entries_before(moved_on)
    given = opened.inputs()
    return book.entries(opened.analysis(), given.cube, given.policy, _today())


def _key(entries: "Sequence[Entry]", ref: str) -> "Key":
    """The recommendation that a short name, or the beginning of one, means."""
    found = [entry.key for entry in entries if ref and entry.ref.startswith(ref.lower())]
    if len(found) != 1:
        what = "There is none of that name" if not found else f"{len(found)} begin like that"
        fail("No such recommendation", f"{what}. `lanewise ledger list` shows them all.")
    return found[0]


def _line(entry: "Entry") -> str:
    from reports.format import usd_short
    from reports.notices import one_line

    expected = entry.expected_per_year
    parts = [
        entry.ref,
        f"{entry.state}{' (fell back)' if entry.regression is not None else ''}"
        f"{' (no calls of that name, in no sum)' if entry.lost else ''}",
        f"{entry.key.workload} · {entry.key.model} to {entry.key.lane}",
        f"expected {usd_short(expected.base)} a year" if expected is not None else "nothing expected",
    ]
    if entry.verified_per_year_micro_usd is not None:
        parts.append(f"measured {usd_short(entry.verified_per_year_micro_usd)} a year")
    if entry.owner:
        parts.append(f"owner {entry.owner}")
    if entry.recheck_on is not None:
        parts.append(f"re-check {entry.recheck_on}")
    return "  ".join(one_line(part) for part in parts)


@contextmanager
def _problems() -> "Iterator[None]":
    """Ends the command with a sentence where a problem is one a person can act on."""
    from data.errors import LanewiseDataError

    try:
        yield
    except LanewiseDataError as problem:
        fail(problem.title, problem.message)
