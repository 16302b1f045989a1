"""What the Describe page says, and what is said of aggregates beside calls."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from ui.strings.shared import day
from ui.text import plural

DESCRIBE_TITLE: Final = "Describe"
DESCRIBE_CAPTION: Final = (
    "Workloads without a log: what you know of them is enough for a label and the cost of every lane. "
    "Only the name is needed. A log of the same name counts instead, once there is one."
)
DESCRIBE_FORM: Final = "Describe a workload"
HOW_DESCRIBE_FORM: Final = "A name that is described already is described anew; it never counts twice."
DESCRIBE_SAVE: Final = "Save the workload"
DESCRIBE_GRID: Final = "Described workloads"
HOW_DESCRIBE_GRID: Final = (
    "Double-click a cell to edit it, add a row at the end, or select rows to remove them. Nothing changes "
    "until you save. An edited row replaces what a file said."
)
ALT_DESCRIBE_GRID: Final = "Described workloads, one a row, with what is known of each, editable"
DESCRIBE_NONE: Final = (
    "Nothing is described yet. Use the form, or upload a CSV or YAML file on the Data page."
)
DESCRIBE_GRID_SAVE: Final = "Save the table"
DESCRIBE_DISCARD: Final = "Discard"
DESCRIBE_DOWNLOAD: Final = "Download as YAML"
DESCRIBE_DOWNLOAD_HELP: Final = "The same rows for `lanewise import`, or to keep in your repository."
DESCRIBE_UNDO: Final = "Undo the last save"
DESCRIBE_UNDO_HELP: Final = "What was described before it holds again at once."
DESCRIBE_UNDONE: Final = "The last save is taken back."
DESCRIBE_PROBLEMS: Final = "This cannot be saved yet"
DESCRIBE_HISTORY: Final = "History of descriptions"
DESCRIBE_NO_HISTORY: Final = "Nothing has been described on this page yet."
DESCRIBE_GRID_NOTE: Final = "Edited as a table"
COL_FROM: Final = "From"

_DESCRIBE_COLUMNS: Final = {
    "name": ("Name", "The workload's name; a log with the same name joins it."),
    "description": ("Description", "For people."),
    "model": ("Model", "As the provider calls it, for example gpt-5.4-mini."),
    "provider": ("Provider", "Only where the model's name does not settle it."),
    "requests_per_day": ("Requests a day", "On an average day."),
    "requests_per_run": ("Requests a run", "For work that comes in runs, instead of requests a day."),
    "runs_per_year": ("Runs a year", "A weekly job has 52, a nightly one 365."),
    "input_tokens": ("Input tokens", "All that one request sends, the shared prefix included."),
    "shared_prefix_tokens": ("Shared prefix", "How many of them are the same in every request."),
    "output_tokens": ("Output tokens", "What one request answers, reasoning included."),
    "max_wait": ("Longest wait", "A number and a unit: 300ms, 2s, 5m, 8h, 7d."),
    "trigger": ("Trigger", "What makes a request happen."),
    "user_waiting": ("User waiting", "Does somebody wait for the answer?"),
    "sequential": ("Sequential", "Does each step need the answer before it?"),
}


def describe_column(column: str) -> str:
    """What a column of a description is called; no Markdown."""
    return _DESCRIBE_COLUMNS[column][0]


def describe_help(column: str) -> str:
    """What a column of a description means."""
    return _DESCRIBE_COLUMNS[column][1]


def describe_problem(line: int, name: str, sentence: str) -> str:
    """One problem of a row of the table."""
    return f"Row {line} ({name}): {sentence}" if name else f"Row {line}: {sentence}"


def describe_missing(name: str, source: str) -> str:
    """A removed row that a file still holds."""
    return f"{name} is described in {source}. Delete that dataset on the Data page to end it."


def describe_saved(name: str, label: str, cost: str) -> str:
    """After the form was saved."""
    return f"**{name}** is saved. Label: {label}. Today's lane costs {cost} a year."


def describe_saved_fact(name: str, label: str) -> str:
    """After the form was saved without model, requests or tokens."""
    return (
        f"**{name}** is saved. Label: {label}. Add a model, requests and tokens to see what every lane costs."
    )


def describe_saved_table(rows: int) -> str:
    """After the table was saved."""
    return f"{plural(rows, 'workload')} described."


def describe_note(name: str) -> str:
    """Why a version was saved through the form; no Markdown."""
    return f"described {name}"


AGGREGATES: Final = (
    "These are aggregates: they drive cost, not behaviour. Nothing in them shows how work behaves, so tell "
    "how long each project, key or workspace may wait."
)
AGGREGATES_WAY: Final = "Tell it on the Workloads page"
COUNTING_TITLE: Final = "The same spend may be counted twice"
COUNTING_SETTLED: Final = "Datasets that cover the same days"
COUNTING_QUESTION: Final = "Which counts on these days?"
COUNTING_HELP: Final = (
    "Choose one if both hold the same calls. Count both if they are different traffic, such as two services. "
    "What does not count is listed under “What is not counted” on the Overview."
)
COUNTING_HISTORY: Final = "History of these choices"
COUNTING_WAY: Final = "Choose which counts"

_COUNTS: Final = {"calls": "Only the calls", "aggregates": "Only the aggregates", "both": "Both"}
_REPORTS: Final = {"calls": "Only the newer import", "aggregates": "Only the older import", "both": "Both"}


def counting_choice(counts: str, *, are_reports: bool) -> str:
    """A choice of what counts, on the control."""
    return (_REPORTS if are_reports else _COUNTS)[counts]


def counting_overlap(
    provider: str, aggregates: str, calls: str, days: Sequence[datetime], *, are_reports: bool
) -> str:
    """Which two datasets cover which days."""
    span = day(days[0]) if len(days) == 1 else f"{day(days[0])} to {day(days[-1])}"
    first, second = ("older import", "newer import") if are_reports else ("aggregates", "calls")
    return (
        f"**{aggregates}** ({first}) and **{calls}** ({second}) both hold {provider} usage of "
        f"{plural(len(days), 'day')}, {span}."
    )


def counting_overview(pairs: int) -> str:
    """On the Overview, while nobody has chosen."""
    cover = "covers" if pairs == 1 else "cover"
    return (
        f"{plural(pairs, 'pair')} of datasets {cover} the same days of the same provider. Until somebody "
        "chooses which counts, both are in every figure."
    )


def counting_left_out(days: int, other: str) -> str:
    """On a dataset that does not count on some days."""
    return f"On {plural(days, 'day')} it does not count, because **{other}** does."
