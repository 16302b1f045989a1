"""`lanewise check` and `lanewise notify`: budgets and alerts for cron and CI, and who is told.

Exit codes of `check`: 0 nothing fires; 4 warnings; 5 at least one breach; 6 a notification did not get
there, whatever fires. 1 and 2 are those of every command.
"""

import json
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from lanewise.opening import bench_at, fail, folder_of, workspace_option

if TYPE_CHECKING:
    from reports.alerts import Found
    from reports.workbench import Workbench

EXIT_WARNING: Final = 4
EXIT_BREACH: Final = 5
EXIT_NOT_NOTIFIED: Final = 6
CHECK_SCHEMA: Final = "lanewise.check/1"


@click.command()
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option(
    "--notify", "notifies", is_flag=True, help="Tell the addresses of `lanewise notify` what is new."
)
@click.option(
    "--template",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="Word the message with this Jinja template (.txt, or .html for services that show it).",
)
@click.pass_context
def check(
    context: click.Context, workspace: Path | None, as_json: bool, notifies: bool, template: Path | None
) -> None:
    """Evaluate budgets and alerts.

    Exit codes: 0 nothing fires, 4 warnings, 5 at least one breach, 6 a notification did not get there.
    """
    from data.errors import LanewiseDataError
    from reports.notices import one_line

    opened = bench_at(folder_of(context, workspace))
    now = datetime.now(UTC).replace(tzinfo=None)
    try:
        found = opened.watch().look(now)
        told = _tell(opened, found, now, template) if notifies else []
    except LanewiseDataError as problem:
        fail(problem.title, problem.message)
    if as_json:
        click.echo(json.dumps(_summary(found, told, now), indent=2, ensure_ascii=False))
    else:
        for alert in found.alerts:
            click.echo(f"{alert.severity.upper()}: {one_line(alert.sentence)}\n  {alert.todo}")
        if not found.alerts:
            click.echo("Nothing fires.")
    for one in told:
        if one["problem"] is not None:
            click.echo(f"Not notified: {one['target']} ({one['address']}): {one['problem']}.", err=True)
        elif one["alerts"] and not as_json:
            click.echo(f"Notified {one['target']} of {one['alerts']}.", err=True)
    if any(one["problem"] is not None for one in told):
        context.exit(EXIT_NOT_NOTIFIED)
    context.exit({"breach": EXIT_BREACH, "warning": EXIT_WARNING, None: 0}[found.worst])


def _tell(opened: "Workbench", found: "Found", now: datetime, template: Path | None) -> list[dict[str, Any]]:
    """Tells each address what is new to it, and what became of that."""
    from lanewise.notifying import send
    from reports.notices import VARIABLE, NoticeError, Targets, Told, message, title

    targets = Targets(opened.workspace).all()
    if not targets:
        raise NoticeError(
            "Nobody to notify",
            f"Add an address with `lanewise notify add URL --name NAME`, or set {VARIABLE}.",
        )
    again_after = timedelta(hours=opened.watch().watched().thresholds.renotify_hours)
    told = Told(opened.workspace)
    results = []
    for target in targets:
        due = told.due(target, found.alerts, now, again_after)
        problem = None
        if due:
            body = message(
                due,
                workspace=opened.workspace.path.name,
                at_utc=now,
                told_before=len(found.alerts) - len(due),
                template=template,
            )
            html = template is not None and template.suffix.lower() == ".html"
            urgent = any(alert.severity == "breach" for alert in due)
            problem = send(target, title=title(due), body=body, html=html, urgent=urgent)
        told.record(target, found.alerts, due if problem is None else (), now)
        results.append(
            {
                "target": target.name,
                "address": target.shown,
                "alerts": len(due) if problem is None else 0,
                "problem": problem,
            }
        )
    return results


def _summary(found: "Found", told: list[dict[str, Any]], now: datetime) -> dict[str, Any]:
    from reports.format import dollars

    return {
        "schema": CHECK_SCHEMA,
        "at_utc": now.isoformat(timespec="seconds"),
        "newest_hour_utc": found.newest_hour_utc.isoformat() if found.newest_hour_utc is not None else None,
        "worst": found.worst,
        "alerts": [
            {
                "kind": alert.kind,
                "key": alert.key,
                "severity": alert.severity,
                "sentence": alert.sentence,
                "todo": alert.todo,
                "page": alert.where,
                "workload": alert.workload,
            }
            for alert in found.alerts
        ],
        "budgets": [
            {
                "channel": item.budget.channel,
                "which": item.budget.which or None,
                "period": item.budget.period,
                "first_day": item.first_day.isoformat(),
                "last_day": item.last_day.isoformat(),
                "spent_usd": f"{dollars(item.micro_usd).normalize():f}",
                "limit_usd": f"{item.budget.limit_usd.normalize():f}",
                "alert_at_usd": f"{dollars(item.alert_micro_usd).normalize():f}",
                "state": "breach" if item.breached else "warning" if item.alerting else "ok",
                "calls_without_a_price": item.n_unpriced,
            }
            for item in found.budgets
        ],
        "notified": told,
    }


@click.group()
def notify() -> None:
    """Say who is told when `lanewise check --notify` finds something.

    An address is a URL as the Apprise library writes them: slack://, mailto://, pagerduty://, json:// and
    more. It holds secrets, so it is kept for you alone to read and never shown.
    """


@notify.command()
@click.argument("url")
@workspace_option
@click.option("--name", required=True, help="What you call it.")
@click.pass_context
def add(context: click.Context, url: str, workspace: Path | None, name: str) -> None:
    """Add an address; a dash for URL reads it from standard input, past the shell's history."""
    from data.errors import LanewiseDataError
    from lanewise.notifying import usable
    from reports.notices import Targets

    address = sys.stdin.readline().strip() if url == "-" else url
    opened = bench_at(folder_of(context, workspace))
    if not usable(address):
        fail("The address cannot be used", "It is of no known kind, or incomplete; see docs/guide/alerts.md.")
    try:
        Targets(opened.workspace).add(name, address)
    except LanewiseDataError as problem:
        fail(problem.title, problem.message)
    click.echo(f"{name} is told from now on.")


@notify.command(name="list")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def list_(context: click.Context, workspace: Path | None, as_json: bool) -> None:
    """List who is told, without the addresses."""
    from data.errors import LanewiseDataError
    from reports.notices import Targets

    try:
        found = Targets(bench_at(folder_of(context, workspace)).workspace).all()
    except LanewiseDataError as problem:
        fail(problem.title, problem.message)
    if as_json:
        listed = [{"name": target.name, "address": target.shown} for target in found]
        click.echo(json.dumps(listed, indent=2, ensure_ascii=False))
        return
    for target in found:
        click.echo(f"{target.name}  {target.shown}")
    if not found:
        click.echo("Nobody is told.", err=True)


@notify.command()
@click.argument("name")
@workspace_option
@click.pass_context
def remove(context: click.Context, name: str, workspace: Path | None) -> None:
    """Forget an address."""
    from data.errors import LanewiseDataError
    from reports.notices import Targets

    try:
        removed = Targets(bench_at(folder_of(context, workspace)).workspace).remove(name)
    except LanewiseDataError as problem:
        fail(problem.title, problem.message)
    if not removed:
        fail("No such name", "`lanewise notify list` shows who is told.")
    click.echo(f"{name} is no longer told.")


@notify.command()
@workspace_option
@click.option("--name", default=None, help="Only this one.")
@click.pass_context
def test(context: click.Context, workspace: Path | None, name: str | None) -> None:
    """Send everybody a test message."""
    from data.errors import LanewiseDataError
    from lanewise.notifying import send
    from reports.notices import Targets

    try:
        targets = Targets(bench_at(folder_of(context, workspace)).workspace).all()
    except LanewiseDataError as problem:
        fail(problem.title, problem.message)
    chosen = [target for target in targets if name is None or target.name == name]
    if not chosen:
        fail("Nobody to notify", "Add an address with `lanewise notify add URL --name NAME`.")
    failed = False
    for target in chosen:
        refused = send(
            target, title="Lanewise: test", body="Alerts will come here.", html=False, urgent=False
        )
        failed = failed or refused is not None
        click.echo(f"{target.name} ({target.shown}): {refused or 'sent'}", err=refused is not None)
    if failed:
        context.exit(EXIT_NOT_NOTIFIED)
