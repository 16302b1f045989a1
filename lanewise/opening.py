"""What every command shares: where the workspace is, how it is opened, and how a command gives up."""

import getpass
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from reports.workbench import Workbench

EXIT_UNUSABLE: Final = 1

Command = TypeVar("Command", bound=Callable[..., Any])


def workspace_option(command: Command) -> Command:
    """Adds `--workspace` to a command."""
    return click.option(
        "--workspace",
        type=click.Path(file_okay=False, path_type=Path),
        default=None,
        metavar="DIR",
        help="Where datasets and settings are kept; else $LANEWISE_HOME, else your user data folder.",
    )(command)


def folder_of(context: click.Context, workspace: Path | None) -> Path:
    """The workspace that a command was given, else the one before the command, else the default."""
    from reports.workbench import default_workspace

    chosen = workspace if workspace is not None else context.obj
    return chosen if chosen is not None else default_workspace()


def bench_at(folder: Path) -> "Workbench":
    """The workspace, opened; the command ends with a sentence when it cannot be."""
    from data.errors import LanewiseDataError
    from reports.workbench import Workbench

    try:
        return Workbench.open(folder)
    except LanewiseDataError as problem:
        fail(problem.title, problem.message)


def fail(title: str, message: str) -> NoReturn:
    """Ends the command: what was wrong goes to standard error."""
    click.echo(f"{title}: {message}", err=True)
    raise click.exceptions.Exit(EXIT_UNUSABLE)


def who() -> str:
    """Who an edit on the command line is attributed to."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a container may run under a number without a name
        return "command line"
