"""`lanewise policy`: show, check, set and export the triage policy of a workspace."""

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from lanewise.opening import EXIT_UNUSABLE, bench_at, fail, folder_of, who, workspace_option

if TYPE_CHECKING:
    from reports.policy_book import Checked, InForce
    from reports.workbench import Workbench

SCHEMA: Final = "lanewise.policy/1"
CHECK_SCHEMA: Final = "lanewise.policy-check/1"

_FILE: Final = click.Path(dir_okay=False, allow_dash=True, path_type=Path)


@click.group(name="policy", context_settings={"help_option_names": ["-h", "--help"]})
def policy() -> None:
    """Show, check, set or export the policy that decides which workloads can wait."""


@policy.command()
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def show(context: click.Context, workspace: Path | None, as_json: bool) -> None:
    """Say in words what the policy in force says, where it is from and who saved it."""
    from lanewise.policy_text import as_plain, as_text

    bench = bench_at(folder_of(context, workspace))
    found = _in_force(bench)
    history = bench.policy_book().history()
    if as_json:
        click.echo(json.dumps({"schema": SCHEMA, **as_plain(found, history)}, indent=2, ensure_ascii=False))
    else:
        click.echo(as_text(found, history), nl=False)


@policy.command()
@click.argument("path", type=_FILE, metavar="FILE")
@workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def check(context: click.Context, path: Path, workspace: Path | None, as_json: bool) -> None:
    """Check the policy in FILE (- is standard input) and tell what it would change; nothing is saved.

    Ends with 1 when it cannot be used; every problem has its line and column.
    """
    found, _ = _read(path)
    bench = bench_at(folder_of(context, workspace))
    _report(bench, found, path, as_json=as_json)
    if found.policy is None:
        context.exit(EXIT_UNUSABLE)


@policy.command(name="set")
@click.argument("path", type=_FILE, metavar="[FILE]", required=False)
@workspace_option
@click.option("--preset", default=None, metavar="NAME", help="A shipped policy instead of a file.")
@click.option("--note", default="", help="Why; kept in the history.")
@click.option("--author", default=None, metavar="NAME", help="Who; default: your user name.")
@click.pass_context
def set_(
    context: click.Context,
    path: Path | None,
    workspace: Path | None,
    preset: str | None,
    note: str,
    author: str | None,
) -> None:
    """Put the policy in FILE (- is standard input), or a preset, in force, and tell what that changes."""
    from reports.policy_book import PolicyBook
    from reports.policy_book import check as checked

    if (path is None) == (preset is None):
        message = "Give a FILE or --preset NAME, one of the two."
        raise click.UsageError(message)
    if preset is not None and preset not in PolicyBook.presets():
        message = f"{preset!r} is not shipped; there are {', '.join(PolicyBook.presets())}."
        raise click.BadParameter(message, param_hint="--preset")
    if path is not None:
        found, text = _read(path)
    else:
        text = PolicyBook.preset_text(preset or "")
        found = checked(text)
    bench = bench_at(folder_of(context, workspace))
    _report(bench, found, path or Path(preset or ""), as_json=False)
    if found.policy is None:
        context.exit(EXIT_UNUSABLE)
    from data.errors import LanewiseDataError

    try:
        saved = bench.policy_book().save(text, author=author or who(), note=note, preset=preset)
    except LanewiseDataError as problem:
        fail(problem.title, problem.message)
    title = _in_force(bench).used.title
    click.echo(f"In force: {title}." if saved else f"It is in force already: {title}.", err=True)


@policy.command()
@workspace_option
@click.option(
    "--format",
    "kind",
    type=click.Choice(["json", "yaml", "schema"]),
    default="json",
    show_default=True,
    help="For gateways; with its comments; or the layout of the JSON.",
)
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="A file instead of standard output.",
)
@click.pass_context
def export(context: click.Context, workspace: Path | None, kind: str, output: Path | None) -> None:
    """Write the policy in force: as JSON for gateways, as YAML to edit, or the JSON schema."""
    from lanewise.output_file import write_output

    found = _in_force(bench_at(folder_of(context, workspace)))
    text = {
        "json": found.policy.to_json,
        "yaml": lambda: found.stored.text,
        "schema": found.policy.json_schema,
    }[kind]()
    if output is None:
        sys.stdout.write(text)
        return
    try:
        write_output(output, text.encode())
    except OSError as problem:
        fail("Policy not written", f"{output}: {problem.strerror}.")
    click.echo(f"Wrote {output}", err=True)


def _in_force(bench: "Workbench") -> "InForce":
    from data.errors import LanewiseDataError

    try:
        return bench.policy_book().in_force()
    except LanewiseDataError as problem:
        fail(problem.title, f"{problem.message} Here: lanewise policy set FILE, or --preset NAME.")


def _read(path: Path) -> "tuple[Checked, str]":
    from reports.policy_book import check as checked

    try:
        content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        fail("The policy cannot be read", f"“{path}”: {reason}. Check the path.")
    return checked(text), text


def _report(bench: "Workbench", found: "Checked", path: Path, *, as_json: bool) -> None:
    """Problems to standard error, effects to standard output; one JSON object to the latter if asked."""
    from data.errors import LanewiseDataError
    from lanewise.policy_text import effects_plain, effects_text, faults_plain, faults_text
    from reports.policy_preview import preview

    if found.policy is None:
        if as_json:
            _print({"schema": CHECK_SCHEMA, "usable": False, "problems": faults_plain(found.faults)})
        else:
            click.echo(faults_text(path, found.faults), err=True, nl=False)
        return
    try:
        inputs = bench.inputs()
        seen = preview(inputs, bench.analysis(), found.policy)
    except LanewiseDataError as problem:
        if as_json:
            _print({"schema": CHECK_SCHEMA, "usable": True, "problems": [], "changes": None})
        click.echo(f"Nothing to compare with. {problem.title}: {problem.message}", err=True)
        return
    if as_json:
        usable = {"usable": True, "problems": [], "version": found.policy.version}
        _print({"schema": CHECK_SCHEMA, **usable, **effects_plain(seen)})
    else:
        click.echo(effects_text(found.policy.name, seen), nl=False)


def _print(content: dict[str, Any]) -> None:
    click.echo(json.dumps(content, indent=2, ensure_ascii=False))
