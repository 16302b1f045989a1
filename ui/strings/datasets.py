"""What the Data page says."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from reports.format import count, file_size
from ui.strings.shared import moment, zone_shown
from ui.text import plural

DATA_TITLE: Final = "Data"
DATA_CAPTION: Final = (
    "Logs come in here. A file already imported changes nothing: its calls are recognised as duplicates."
)
UPLOAD_LABEL: Final = "Usage logs or workload descriptions"
UPLOAD_HELP: Final = (
    "Logs and exports as they are, also packed with gzip or Zstandard, and ZIP archives of them. Each file "
    "of an archive becomes a dataset of its own."
)
FORMAT_LABEL: Final = "Format"
FORMAT_AUTO: Final = "Recognise automatically"
FORMAT_HELP: Final = (
    "Formats are told apart by the first rows of a file. Choose one only when that goes wrong."
)
STAGE_OPEN: Final = "opening"
_STAGES: Final = {"reading": "reading rows", "settling": "looking for duplicates and storing"}
RESULTS_TITLE: Final = "Last import"
IMPORT_ENDING: Final = "Ending the import"
RESULTS_EARLY: Final = (
    "The import was ended before it was done. Files listed here were finished by then and stay; nothing else "
    "came in."
)
RESULTS_IN_ARCHIVE: Final = (
    "A table inside an archive that no format knows can be mapped, column by column, when it is uploaded by "
    "itself."
)
COL_FILE: Final = "File"
COL_READ_AS: Final = "Read as"
COL_SIZE: Final = "Size"
MOMENT_FORMAT: Final = "YYYY-MM-DD HH:mm"
ALT_RESULTS: Final = "Every file of the import with its format or problem and its row counts"
FOLDER_TITLE: Final = "From a folder on this server"
FOLDER_WHICH: Final = "Folder"
FOLDER_EMPTY: Final = "There is no file in this folder. Hidden names and links are left out."
FOLDER_SEARCH: Final = "Name contains"
FOLDER_SEARCH_PLACEHOLDER: Final = "2026-11"
FOLDER_NO_MATCH: Final = "No file of this folder has that in its name."
FOLDER_REFRESH: Final = "List again"
ALT_FOLDER: Final = "Files of the folder with size and time of change, to choose from"
RESULTS_NEXT: Final = "See what can wait"
RESULTS_DISMISS: Final = "Dismiss"
NOTHING_NEW: Final = "Nothing new came in, so no dataset was made."
DATASETS_TITLE: Final = "Datasets"
HOW_DATASETS: Final = (
    "Each import makes one dataset. Open one to see what was accepted, what was not, and to delete it."
)
COUNT_READ: Final = "Read"
COUNT_ACCEPTED: Final = "Accepted"
COUNT_REJECTED: Final = "Rejected"
COUNT_DUPLICATES: Final = "Duplicates"
COUNT_UNDATED: Final = "Undated"
COUNT_COST: Final = "Cost"
HOW_READ: Final = "Rows of the source file."
HOW_REJECTED: Final = "Rows that could not be used; each has its line and reason."
HOW_DUPLICATES: Final = "Calls that are already in this workspace or came earlier in the file; counted once."
HOW_UNDATED: Final = "Accepted calls without a time: priced at today's prices, not projected."
HOW_IMPORT_COST: Final = (
    "**Computed from usage.** Accepted calls at the price of their own day; undated ones at today's."
)
COL_LINE: Final = "Line"
COL_COLUMN: Final = "Column"
COL_REASON: Final = "Reason"
WHOLE_ROW: Final = "whole row"
ALT_REJECTS: Final = "Rejected rows with line, column and reason"
DELETE: Final = "Delete this dataset"
DELETE_TITLE: Final = "Delete this dataset?"
DELETE_CONFIRM: Final = "Delete"
DAMAGED_DELETE: Final = "Delete the damaged dataset"
FIRST_DATA_TITLE: Final = "Nothing is loaded yet"
FIRST_DATA_BODY: Final = "Upload a log above, or look around with the demo data first."
FORMATS_TITLE: Final = "What can be uploaded"
FORMATS: Final = {
    "OpenAI": "Chat and Responses objects, bare, wrapped or streamed; batch files; usage and cost exports",
    "Anthropic": "Messages, bare, wrapped or streamed; batch results; usage and cost exports",
    "Google": "Gemini and Vertex AI responses, streams and batch output; Google Cloud billing rows",
    "Amazon": "Bedrock invocation logs and Converse responses",
    "Gateways": "LiteLLM, OpenRouter, Helicone and Portkey logs; DeepSeek exports; vLLM request logs",
    "Observability": "OpenTelemetry and OpenInference spans; Langfuse, Braintrust and W&B Weave exports",
    "Coding agents": "Claude Code and Codex transcripts",
    "Bills and traces": "FOCUS bills; traces (Azure, Mooncake, Qwen Bailian, BurstGPT, RAGPulse, Vidur)",
    "Lanewise": "CSV, JSON Lines or Parquet with one row a call",
    "Any other table": "CSV, JSON Lines, JSON or Parquet: you say once what its columns mean",
    "Workload descriptions": (
        "CSV or YAML with a name a row and, as far as you know it: trigger, user_waiting, max_wait, "
        "sequential, requests_per_day, provider, model, input_tokens, shared_prefix_tokens, output_tokens"
    ),
}
"""What the first screen of the Data page says about formats."""


def upload_button(files: int) -> str:
    """The import button; a label."""
    return "Import" if files == 0 else f"Import {plural(files, 'file')}"


def importing(files: int) -> str:
    """While files are read; a label."""
    return f"Importing {plural(files, 'file')}"


def imported(done: int, failed: int, to_map: int = 0) -> str:
    """After files were read; a label."""
    if to_map:
        return f"{plural(done, 'file')} read, {failed} not, {to_map} to map"
    return f"{plural(done, 'file')} read, {failed} not" if failed else f"{plural(done, 'file')} read"


def stage(name: str) -> str:
    """What an import is doing; no Markdown."""
    return _STAGES.get(name, name)


def import_place(name: str, place: int, files: int) -> str:
    """Which of several files is read; a label."""
    return f"{name} ({count(place)} of {count(files)})"


def import_step(name: str, *known: str) -> str:
    """One file's progress, the stage first; a label."""
    return f"{name}: {' · '.join(known)}"


def upload_caption(most_mb: int) -> str:
    """Under the upload: what is kept, and where larger files go."""
    return (
        "Prompts and answers are dropped while reading. Only times, models, token counts and identifiers are "
        f"kept, on this machine. The browser takes files up to {most_mb} MB; larger ones go in with "
        "`lanewise import`, or from a folder named by `lanewise serve --folder`."
    )


def folder_caption(files: int, size_bytes: int, cut_at: int | None, unreadable: int) -> str:
    """Under the files of a folder: what importing them does, and what is not listed."""
    more = f" Only {count(cut_at)} files are listed; `lanewise import` reads them all." if cut_at else ""
    closed = (
        f" Not listed: {plural(unreadable, 'name')} that cannot be opened or read as UTF-8 text."
        if unreadable
        else ""
    )
    return (
        f"{plural(files, 'file')}, {file_size(size_bytes)}. Files are read where they are, in the format "
        f"chosen above; nothing is copied.{more}{closed}"
    )


def folder_import_chosen(files: int) -> str:
    """Imports the chosen files of a folder; a label."""
    return f"Import {plural(files, 'chosen file')}" if files else "Import chosen files"


def folder_import_all(files: int) -> str:
    """Imports every listed file of a folder; a label."""
    return "Import all" if files < 2 else f"Import all {count(files)}"


def results_files(usable: int, unusable: int) -> str:
    """How many files of an import could be read."""
    rest = f", {count(unusable)} could not be used" if unusable else ""
    return f"**{plural(usable, 'file')} read**{rest}"


def results_line(name: str, problem: str) -> str:
    """A file's line among many; a label."""
    return f"**{name}** · {problem}" if problem else f"**{name}**"


def recognised(format_name: str, container: str, token_rule: str) -> str:
    """How a file was read."""
    return f"Read as **{format_name}** ({container}). {token_rule}"


def counts_sum(read: int, accepted: int, rejected: int, duplicates: int) -> str:
    """The identity every import keeps."""
    parts = f"{count(accepted)} accepted + {count(rejected)} rejected + {plural(duplicates, 'duplicate')}"
    return f"{count(read)} read = {parts}"


def import_cost(cost: str, priced_share: str | None, *, aggregates: bool) -> str:
    """What the accepted calls cost, and how much of them has a price."""
    rows = "aggregates" if aggregates else "calls"
    if priced_share is None:
        return f"The accepted {rows} cost {cost}; every one of them is priced."
    return f"The accepted {rows} cost {cost}. That is partial: {priced_share} of their tokens have a price."


def aggregates_stand_for(aggregates: int, calls: int) -> str:
    """How many calls the rows of a usage report sum up."""
    stand = "stands" if aggregates == 1 else "stand"
    return f"{plural(aggregates, 'aggregate')} {stand} for {plural(calls, 'call')}."


def rejects_title(shown: int, total: int) -> str:
    """Above the rejects."""
    return (
        f"**Rejected rows** (the first {shown} of {count(total)})" if shown < total else "**Rejected rows**"
    )


def duplicate_lines(lines: Sequence[int], total: int) -> str:
    """Where the duplicates are."""
    listed = ", ".join(f"{line:,}" for line in lines)
    more = f" and {count(total - len(lines))} more" if total > len(lines) else ""
    return f"Duplicate on line {listed}." if total == 1 else f"Duplicates on lines {listed}{more}."


def holds(calls: int = 0, aggregates: int = 0, described: int = 0, bills: int = 0) -> str:
    """What there is of what; rows that sum up calls are never called calls."""
    kinds = (
        (calls, plural(calls, "call")),
        (aggregates, plural(aggregates, "aggregate")),
        (described, f"{plural(described, 'workload')} described"),
        (bills, plural(bills, "bill line")),
    )
    return ", ".join(text for number, text in kinds if number) or plural(0, "call")


def col_modified() -> str:
    """The column of when files were changed last."""
    return f"Modified ({zone_shown()})"


def dataset_line(name: str, content: str, imported_at: str) -> str:
    """A dataset's line in the list; a label."""
    return f"**{name}** · {content} · imported {imported_at}"


def dataset_window(first: datetime | None, last: datetime | None, size: int) -> str:
    """What a dataset covers and how large its source was."""
    if first is None or last is None:
        return f"No dated calls · {file_size(size)}"
    return f"{moment(first)} to {moment(last)} {zone_shown()} · {file_size(size)}"


def delete_body(name: str, content: str) -> str:
    """What deleting does."""
    return f"**{name}** ({content}) leaves every figure. The source file is not touched."


def damaged_body(name: str) -> str:
    """What deleting a damaged dataset does."""
    return (
        f"**{name}** is removed from the workspace, and the pages work again without it. The source file "
        "is not touched: import it again to have its calls back."
    )


def deleted(name: str) -> str:
    """After deleting."""
    return f"{name} is deleted"
