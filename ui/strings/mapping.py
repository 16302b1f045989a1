"""What is said while the columns of a table are named."""

from collections.abc import Sequence
from typing import Final

from reports.format import count, percent
from ui.text import md, plural

MAP_TITLE: Final = "Tell Lanewise what the columns mean"
MAP_NOTHING: Final = "(not in this file)"
MAP_CONSTANT: Final = "(one value for every row)"
MAP_MORE: Final = "More columns"
MAP_QUESTIONS: Final = "What the file cannot say"
HOW_MAP_QUESTIONS: Final = (
    "A wrong unit or a double count would show in no total, so these are never guessed. Ask whoever writes "
    "the log, or look at one call you know."
)
MAP_NAME: Final = "Name of this column mapping"
MAP_NAME_HELP: Final = (
    "Files with the same columns are read with it from now on. Letters, digits, - _ and dots."
)
MAP_NAME_BAD: Final = "Use up to 60 letters, digits, dots, hyphens and underscores, without blanks."
MAP_PREVIEW: Final = "Preview"
HOW_MAP_PREVIEW: Final = (
    "The first rows as an import would read them. Nothing is stored yet; duplicates are found when importing."
)
MAP_NO_CALLS: Final = (
    "None of these rows would be a call. Check the columns and the units above; each row says why."
)
MAP_SAVE: Final = "Save and import"
MAP_LEAVE: Final = "Leave this file out"
MAP_COL_RESULT: Final = "Result"
MAP_COL_ROW: Final = "Row"
MAP_IS_CALL: Final = "call"
MAP_IS_BUCKET: Final = "bucket"
ALT_MAP_PREVIEW: Final = "The first rows of the file as calls, or the reason why a row is none"
MAPPINGS_TITLE: Final = "Saved column mappings"
MAPPINGS_HOW: Final = "Files with the columns of one of these are imported without questions."
MAPPING_FORGET: Final = "Forget"
MAPPING_YAML: Final = "YAML"
MAPPING_YAML_HELP: Final = "The mapping as a file for the command line: import --mapping."

_FIELDS: Final = {
    "ts": ("Time", "When the call was made, or a bucket began."),
    "ts_end": ("End", "When the bucket ended."),
    "provider": ("Provider", "Who ran the model; may be left open where the model's name settles it."),
    "model": ("Model", "The id of the model that answered."),
    "workload": ("Workload", "What the call was for: a feature, job, team or tag."),
    "input_tokens": ("Input tokens", "Tokens sent. Whether cached ones are among them is asked below."),
    "output_tokens": ("Output tokens", "Tokens answered, reasoning included; one value 0 for embeddings."),
    "cache_read_tokens": ("Cache read tokens", "Input tokens read from the provider's cache."),
    "cache_write_tokens": ("Cache write tokens", "Input tokens written to cache at the default lifetime."),
    "cache_write_long_tokens": ("Long cache write tokens", "The same at the extended lifetime."),
    "reasoning_tokens": ("Reasoning tokens", "Part of the output; for information."),
    "n_requests": ("Requests in the bucket", "How many requests the row sums up."),
    "call_id": (
        "Call id",
        "An id that no two calls share, in any file. Without one, a call is known by its content.",
    ),
    "session": ("Session or user", "Kept as a hash when it looks personal."),
    "tier": ("Service tier", "standard, batch, flex, priority or off-peak; empty is standard."),
    "status": ("Status", "Words such as ok, failed, cancelled, or HTTP codes; empty is ok."),
    "latency_ms": ("Latency", "How long the call took."),
    "ttft_ms": ("Time to first token", "How long until the answer began."),
    "streamed": ("Streamed", "Yes or no."),
    "deadline_s": ("Deadline", "Seconds the call may wait, where the log says so."),
    "batch_eligible": ("May be batched", "Yes or no, where the log says so."),
    "batch_id": ("Batch id", "The batch job the call ran in."),
    "custom_id": ("Custom id", "Your own id inside a batch job."),
    "reported_cost_usd": ("Cost", "What the source says the call cost."),
}
_QUESTIONS: Final = {
    "row_is": "What is one row?",
    "time_unit": "How is the time written?",
    "input_includes_cached": "Do input tokens count the cached ones?",
    "latency_unit": "What are durations in?",
    "cost_unit": "What is the cost in?",
}
_CHOICES: Final = {
    ("row_is", "call"): "One call",
    ("row_is", "bucket"): "A bucket of several calls",
    ("time_unit", "iso"): "As text (ISO 8601)",
    ("time_unit", "s"): "Seconds since 1970",
    ("time_unit", "ms"): "Milliseconds",
    ("time_unit", "us"): "Microseconds",
    ("time_unit", "ns"): "Nanoseconds",
    ("input_includes_cached", "True"): "Yes, input is the total",
    ("input_includes_cached", "False"): "No, they come on top",
    ("latency_unit", "ms"): "Milliseconds",
    ("latency_unit", "s"): "Seconds",
    ("cost_unit", "usd"): "US dollars",
    ("cost_unit", "cents"): "US cents",
}


def map_intro(name: str, columns: int, is_json: bool) -> str:
    """Why the form is there and what becomes of it."""
    what = plural(columns, "key") if is_json else plural(columns, "column")
    return (
        f"**{name}** ({what}) is none of the formats known. Map it once, and the next file with the same "
        f"{'keys' if is_json else 'columns'} is imported without questions. Only what you choose is read; "
        "leave prompts and answers out."
    )


def map_proposed(fields: int) -> str:
    """How much of the form is filled in already."""
    if not fields:
        return "No column could be proposed from names and contents. Choose at least model, input and output."
    return f"{plural(fields, 'field')} proposed from names and contents. Check them."


def map_resembles(name: str) -> str:
    """The form is filled in from a mapping of a similar file."""
    return f"The columns of your mapping **{name}** are all here, so its answers are filled in. Check them."


def map_waiting(files: int) -> str:
    """More files that nobody knows."""
    return f"{plural(files, 'more file')} of another shape to map after this one."


def map_together(files: int) -> str:
    """Files that one mapping serves."""
    return f"{plural(files, 'more file')} with the same columns will be imported with it."


def field_title(field: str) -> str:
    """A field of the call record as people call it; a label."""
    return _FIELDS[field][0]


def field_help(field: str) -> str:
    """What belongs into a field."""
    return _FIELDS[field][1]


def map_why(field: str, confidence: float, why: str) -> str:
    """What belongs into a field, and why a column was proposed for it."""
    return f"{field_help(field)} Proposed by {why}, {percent(confidence)} sure."


def map_constant(field: str) -> str:
    """The value for every row; a label."""
    return f"{field_title(field)} of every row"


def map_question(answer: str) -> str:
    """A question that a file cannot answer; a label."""
    return _QUESTIONS[answer]


def map_choice(answer: str, choice: str | bool) -> str:
    """One answer to it; a label."""
    return _CHOICES[answer, str(choice)]


def map_open(settings: Sequence[str]) -> str:
    """What is still to be said before there is a preview."""
    titles = [_QUESTIONS.get(name) or (_FIELDS[name][0] if name in _FIELDS else name) for name in settings]
    return f"The first rows show here as calls once these are said: {' · '.join(md(it) for it in titles)}"


def map_prose(column: str, field: str) -> str:
    """A column that seems to hold texts."""
    kept_as = field_title(field).lower()
    return f"“{column}” looks like text that people wrote. Its values would be kept as {kept_as}."


def map_preview(rows: int, calls: int) -> str:
    """The preview in one line."""
    return f"{plural(rows, 'row')} tried: {count(calls)} usable, {count(rows - calls)} not."


def mapped_title(name: str) -> str:
    """A format made by a mapping; no Markdown."""
    return f"Your mapping {name}"


def mapping_line(name: str, columns: int) -> str:
    """A saved mapping in the list."""
    return f"**{name}** · {plural(columns, 'field')}"


def mapping_forgotten(name: str) -> str:
    """After forgetting a mapping."""
    return f"The mapping {name} is forgotten. What was imported with it stays."
