"""The `lanewise` command: serve, import, mapping, policy, report, savings, bills, ledger, check, ...

Exit codes: 0 done; 1 a file or the workspace could not be used; 2 the call was wrong; 3 rows were
rejected and `--fail-on-rejects` was given; `lanewise.alert_commands` has those of `check`. Results go to
standard output, progress and problems to standard error, so that both `| jq` and a person at a terminal
are served.
"""

import json
import os
import sys
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from lanewise import __version__
from lanewise.paths import use_app_root

use_app_root()

from data.folders import FOLDERS_VARIABLE  # noqa: E402 - found only now, where the command is installed
from lanewise.alert_commands import check, notify  # noqa: E402
from lanewise.ledger_commands import ledger  # noqa: E402
from lanewise.opening import EXIT_UNUSABLE, Command  # noqa: E402
from lanewise.opening import bench_at as _bench  # noqa: E402
from lanewise.opening import fail as _fail  # noqa: E402
from lanewise.opening import folder_of as _folder  # noqa: E402
from lanewise.opening import workspace_option as _workspace_option  # noqa: E402
from lanewise.policy_commands import policy  # noqa: E402

if TYPE_CHECKING:
    from reports.workbench import Workbench

EXIT_REJECTS: Final = 3


def _server_options(command: Command) -> Command:
    for option in (
        click.option("--browser/--no-browser", default=True, help="Open the page in a browser."),
        click.option(
            "--port",
            type=click.IntRange(1, 65535),
            default=None,
            help="Default: the first free one from 8501.",
        ),
        click.option("--address", default="127.0.0.1", show_default=True, help="The address to listen on."),
    ):
        command = option(command)
    return command


@click.group(
    invoke_without_command=True,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@_workspace_option
@click.version_option(__version__, prog_name="lanewise")
@click.pass_context
def cli(context: click.Context, workspace: Path | None) -> None:
    """Which of your LLM calls can wait, what each lane would cost, and what you really saved.

    Without a command, serves the dashboard.
    """
    context.obj = workspace
    if context.invoked_subcommand is None:
        _serve(_folder(context, None), address="127.0.0.1", port=None, browser=True)


@cli.command()
@_workspace_option
@_server_options
@click.option(
    "--folder",
    "folders",
    multiple=True,
    envvar=FOLDERS_VARIABLE,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help=f"A folder the Data page may import files from; repeatable, else ${FOLDERS_VARIABLE}.",
)
@click.pass_context
def serve(
    context: click.Context,
    workspace: Path | None,
    address: str,
    port: int | None,
    browser: bool,
    folders: tuple[Path, ...],
) -> None:
    """Serve the dashboard (on this machine only, unless told otherwise)."""
    _serve(_folder(context, workspace), address=address, port=port, browser=browser, folders=folders)


@cli.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH...")
@_workspace_option
@click.option(
    "--format",
    "format_name",
    default=None,
    metavar="NAME",
    help="Skip recognition; an unknown name lists them all.",
)
@click.option(
    "--mapping",
    "mapping_file",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    metavar="FILE",
    help="What the columns mean (YAML), for tables that no format knows.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON summary instead of text.")
@click.option("--fail-on-rejects", is_flag=True, help=f"Exit with {EXIT_REJECTS} when any row was rejected.")
@click.pass_context
def import_(
    context: click.Context,
    paths: tuple[Path, ...],
    workspace: Path | None,
    format_name: str | None,
    mapping_file: Path | None,
    as_json: bool,
    fail_on_rejects: bool,
) -> None:
    """Import usage logs and exports; a folder or a zip archive stands for the files in it.

    A quoted pattern such as 'logs/**/*.jsonl.gz' stands for what matches. Names that begin with a dot are
    left out. gzip and Zstandard are unpacked on the way. A file that cannot be used is reported and the
    others are imported all the same.
    """
    from data.errors import LanewiseDataError
    from lanewise.importing import import_paths, import_summary, print_counted_twice
    from lanewise.mapping_text import read_mapping_file

    if mapping_file is not None and format_name is not None:
        message = "--mapping and --format exclude each other: a mapping is the format."
        raise click.UsageError(message)
    bench = _bench(_folder(context, workspace))
    try:
        mapping = read_mapping_file(mapping_file) if mapping_file is not None else None
    except LanewiseDataError as problem:
        _fail(problem.title, problem.message)
    summaries = list(import_paths(bench, paths, format_name, mapping, quiet=as_json))
    if as_json:
        click.echo(json.dumps(import_summary(bench, summaries), indent=2, ensure_ascii=False))
    elif any(summary.get("dataset_id") for summary in summaries):
        print_counted_twice(bench)
    if any("error" in summary for summary in summaries):
        context.exit(EXIT_UNUSABLE)
    if fail_on_rejects and any(summary["rejected"] for summary in summaries):
        context.exit(EXIT_REJECTS)


@cli.command()
@click.argument("path", type=click.Path(path_type=Path), metavar="FILE")
@_workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of YAML.")
@click.pass_context
def mapping(context: click.Context, path: Path, workspace: Path | None, as_json: bool) -> None:
    """Print a mapping for FILE, to complete and give to `lanewise import --mapping`.

    It is the saved one where the workspace has one for files of this shape, else a proposal with
    the open questions as comments. Nothing is imported.
    """
    from data.errors import LanewiseDataError
    from lanewise.mapping_text import printed

    bench = _bench(_folder(context, workspace))
    try:
        text, note = printed(bench, path, as_json=as_json)
    except LanewiseDataError as problem:
        _fail(problem.title, problem.message)
    if note:
        click.echo(note, err=True)
    click.echo(text, nl=False)


@cli.command()
@_workspace_option
@click.option(
    "--format",
    "kind",
    type=click.Choice(["md", "html", "pdf", "xlsx", "csv", "json", "focus"]),
    default=None,
    help="What to write; default: what the output's name ends in, else md.",
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    default=None,
    help="Price projections on this day (default: today).",
)
@click.option(
    "--compare",
    "earlier",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    default=None,
    metavar="OLD.json",
    help="Say what moved since this earlier report (its JSON), and why.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default=None,
    help="A file instead of standard output.",
)
@click.pass_context
def report(
    context: click.Context,
    workspace: Path | None,
    kind: str | None,
    as_of: datetime | None,
    earlier: Path | None,
    output: Path | None,
) -> None:
    """Write the triage report."""
    from data.errors import LanewiseDataError
    from lanewise.output_file import write_output
    from reports.reopen import ReportError
    from reports.report_compare import since
    from reports.report_files import FORMATS, format_of

    wanted = FORMATS[kind or format_of(output.name if output is not None else "")]
    if earlier is not None and not wanted.compares:
        able = ", ".join(name for name, known in FORMATS.items() if known.compares)
        message = f"--compare goes with {able}; {wanted.name} has no place for a comparison."
        raise click.UsageError(message)
    if output is None and not wanted.text and sys.stdout.isatty():
        message = f"{wanted.name} is no text for a terminal; name a file with --output."
        raise click.UsageError(message)
    bench = _bench(_folder(context, workspace))
    try:
        analysis = bench.analysis(as_of)
        compared = (
            since(earlier.read_text(encoding="utf-8"), analysis, bench.reopen)
            if earlier is not None
            else None
        )
    except LanewiseDataError as problem:
        _fail(problem.title, problem.message)
    except (ReportError, OSError, UnicodeDecodeError) as problem:
        _fail("Nothing to compare with", f"{earlier}: {problem}")
    content = wanted.write(analysis, compared)
    if output is not None:
        try:
            write_output(output, content)
        except OSError as problem:
            _fail("Report not written", f"{output}: {problem.strerror}.")
        click.echo(f"Wrote {output}", err=True)
    else:
        sys.stdout.buffer.write(content)


@cli.command()
@_workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def savings(context: click.Context, workspace: Path | None, as_json: bool) -> None:
    """Print what batch, flex, off-peak and caches really saved."""
    from lanewise.verifying import savings_lines, savings_summary

    _print(context, workspace, savings_summary, savings_lines, as_json=as_json)


@cli.command()
@_workspace_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def bills(context: click.Context, workspace: Path | None, as_json: bool) -> None:
    """Hold computed costs against imported bills and reported costs, and name every difference."""
    from lanewise.verifying import bills_lines, bills_summary

    _print(context, workspace, bills_summary, bills_lines, as_json=as_json)


@cli.command()
@_workspace_option
@_server_options
@click.option("--serve/--no-serve", "serves", default=True, help="Serve it, or only build it.")
@click.pass_context
def demo(
    context: click.Context,
    workspace: Path | None,
    address: str,
    port: int | None,
    browser: bool,
    serves: bool,
) -> None:
    """Build the demo workspace (once) and serve it.

    Timings and lengths come from public traces; names, models and tiers are assigned.
    """
    from data.demo import build_demo
    from data.errors import LanewiseDataError
    from reports.workbench import default_workspace

    named = workspace if workspace is not None else context.obj
    folder = named if named is not None else default_workspace() / "demo"
    bench = _bench(folder)
    try:
        if not bench.workspace.datasets():
            click.echo(f"Building the demo workspace in {folder} ...", err=True)
            build_demo(bench.workspace)
    except LanewiseDataError as problem:
        _fail(problem.title, problem.message)
    if serves:
        _serve(folder, address=address, port=port, browser=browser)
    else:
        click.echo(str(folder))


cli.add_command(policy)
cli.add_command(ledger)
cli.add_command(check)
cli.add_command(notify)

# ------------------------------------------------------------------------ helpers


def _print(
    context: click.Context,
    workspace: Path | None,
    summarise: "Callable[[Workbench], dict[str, Any]]",
    lines: Callable[[Mapping[str, Any]], Iterable[str]],
    *,
    as_json: bool,
) -> None:
    """Prints what is known of the workspace, as JSON or as lines."""
    from data.errors import LanewiseDataError

    bench = _bench(_folder(context, workspace))
    try:
        summary = summarise(bench)
    except LanewiseDataError as problem:
        _fail(problem.title, problem.message)
    if as_json:
        click.echo(json.dumps(summary, indent=2, ensure_ascii=False))
    else:
        for text in lines(summary):
            click.echo(text)


def _serve(
    folder: Path, *, address: str, port: int | None, browser: bool, folders: tuple[Path, ...] = ()
) -> None:
    from lanewise.serve import serve as serve_forever

    for named in folders:
        if os.pathsep in str(named.resolve()):
            message = f"“{named}” has a “{os.pathsep}” in its path, which separates folders. Rename it."
            raise click.BadParameter(message, param_hint="--folder")
    _bench(folder)
    if folders:
        os.environ[FOLDERS_VARIABLE] = os.pathsep.join(str(named.resolve()) for named in folders)
    try:
        serve_forever(folder.resolve(), address=address, port=port, browser=browser)
    except OSError as problem:
        _fail("The dashboard cannot be served", f"{problem}. Choose another with --port.")


def main() -> int:
    """Runs the command line and returns its exit code."""
    try:
        result = cli.main(standalone_mode=False)
    except click.exceptions.Abort:
        click.echo("Interrupted.", err=True)
        return EXIT_UNUSABLE
    except click.ClickException as problem:
        problem.show()
        return problem.exit_code
    return result if isinstance(result, int) else 0
