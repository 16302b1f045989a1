"""What the columns of a table that no format knows mean: said once by a person, then data.

A mapping names, for each field of the call record, the column (in JSON: the path) it is read from,
or one value for every row. What no file can say for itself (units, whether input includes cached
tokens, whether a row is one call) is an answer of its own: the answers a mapping needs follow from
its fields, and a mapping without one of them is refused with the field's name.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final, Literal, Self, get_args

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from data.errors import LanewiseDataError

Field = Literal[
    "ts",
    "ts_end",
    "provider",
    "model",
    "workload",
    "input_tokens",
    "output_tokens",
    "cache_read_tokens",
    "cache_write_tokens",
    "cache_write_long_tokens",
    "reasoning_tokens",
    "n_requests",
    "call_id",
    "session",
    "tier",
    "status",
    "latency_ms",
    "ttft_ms",
    "streamed",
    "deadline_s",
    "batch_eligible",
    "batch_id",
    "custom_id",
    "reported_cost_usd",
]
FIELDS: Final[tuple[Field, ...]] = get_args(Field)
"""The fields of the call record that a mapping can fill, in the order people are asked for them."""

ESSENTIAL: Final[tuple[Field, ...]] = ("model", "input_tokens", "output_tokens")
CACHED: Final[tuple[Field, ...]] = ("cache_read_tokens", "cache_write_tokens", "cache_write_long_tokens")
MAX_YAML_BYTES: Final = 256 * 1024

Answer = Literal["row_is", "time_unit", "input_includes_cached", "latency_unit", "cost_unit"]
ANSWERS: Final[tuple[Answer, ...]] = get_args(Answer)
TimeUnit = Literal["iso", "s", "ms", "us", "ns"]
LatencyUnit = Literal["ms", "s"]
CostUnit = Literal["usd", "cents"]
RowIs = Literal["call", "bucket"]
CHOICES: Final[dict[Answer, tuple[str | bool, ...]]] = {
    "row_is": get_args(RowIs),
    "time_unit": get_args(TimeUnit),
    "input_includes_cached": (True, False),
    "latency_unit": get_args(LatencyUnit),
    "cost_unit": get_args(CostUnit),
}
"""What each answer may be."""

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,59}")
_ASKED_BY: Final[dict[Answer, tuple[Field, ...]]] = {
    "time_unit": ("ts", "ts_end"),
    "latency_unit": ("latency_ms", "ttft_ms"),
    "cost_unit": ("reported_cost_usd",),
    "input_includes_cached": CACHED,
}


class MappingError(LanewiseDataError):
    """A mapping cannot be used; the message names every field at fault."""


@dataclass(frozen=True)
class Problem:
    """What keeps a mapping from being used: the field or answer, and a sentence that begins with its name."""

    field: str
    sentence: str


def _as_text(value: object) -> object:
    """Numbers and dates that YAML has read, as the text they were."""
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else value


class Source(BaseModel):
    """Where a field comes from: a column (in JSON a path of keys joined by dots), or one constant."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    column: Annotated[str | None, BeforeValidator(_as_text)] = None
    constant: Annotated[str | None, BeforeValidator(_as_text)] = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if (self.column is None) == (self.constant is None):
            raise PydanticCustomError("mapping", "needs either a column or a constant")
        text = self.column if self.column is not None else self.constant
        if not text or not text.strip() or not text.isprintable() or len(text) > 1000:
            raise PydanticCustomError("mapping", "needs a name or value that can be printed, not empty")
        if self.constant is not None and len(self.constant) > 300:
            raise PydanticCustomError("mapping", "has a constant of more than 300 characters")
        return self


class ColumnMapping(BaseModel):
    """A complete mapping; construct it from text or a form with `read_mapping`.

    `row_is` says whether a row is one call or a bucket of `n_requests` calls. `time_unit`,
    `latency_unit` and `cost_unit` are the file's units; `input_includes_cached` says whether its
    input tokens count the cached ones. An answer that the fields do not need may be left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    fields: dict[Field, Source]
    row_is: RowIs | None = None
    time_unit: TimeUnit | None = None
    input_includes_cached: bool | None = None
    latency_unit: LatencyUnit | None = None
    cost_unit: CostUnit | None = None

    @model_validator(mode="after")
    def _complete(self) -> Self:
        found = list(_problems(self))
        if found:
            raise PydanticCustomError("incomplete", "incomplete", {"problems": found})
        return self

    def content(self) -> dict[str, Any]:
        """The mapping as plain data, fields in the order of `FIELDS`; `read_mapping` reads it back."""
        said = self.model_dump(exclude_none=True)
        fields = {field: said["fields"][field] for field in FIELDS if field in said["fields"]}
        return {
            "name": self.name,
            **{key: said[key] for key in ANSWERS if key in said},
            "fields": fields,
        }


def needed_answers(fields: Mapping[Field, Source]) -> tuple[Answer, ...]:
    """The questions that a choice of fields raises: a constant is in our own units and raises none."""
    read = {field for field, source in fields.items() if source.column is not None}
    return tuple(
        answer
        for answer in ANSWERS
        if answer == "row_is" or any(field in read for field in _ASKED_BY[answer])
    )


_OPEN: Final[dict[Answer, str]] = {
    "row_is": "row_is: say what one row is, one call (call) or a bucket of several (bucket).",
    "time_unit": "time_unit: say how the time is written: iso, s, ms, us or ns (since 1970).",
    "input_includes_cached": (
        "input_includes_cached: say whether input_tokens counts the cached tokens (true) or leaves them out "
        "(false)."
    ),
    "latency_unit": "latency_unit: say whether durations are in milliseconds (ms) or seconds (s).",
    "cost_unit": "cost_unit: say whether the cost is in dollars (usd) or cents (cents).",
}


def _problems(mapping: ColumnMapping) -> list[Problem]:
    found = []
    if not _NAME.fullmatch(mapping.name):
        found.append(
            Problem("name", "name: use up to 60 letters, digits, dots, hyphens and underscores, no blanks.")
        )
    found += [
        Problem(field, f"{field}: say which column it is in, or one value for every row.")
        for field in ESSENTIAL
        if field not in mapping.fields
    ]
    found += [
        Problem(answer, _OPEN[answer])
        for answer in needed_answers(mapping.fields)
        if getattr(mapping, answer) is None
    ]
    identity = mapping.fields.get("call_id")
    if identity is not None and identity.constant is not None:
        found.append(
            Problem("call_id", "call_id: one value for every row would make all rows the same call.")
        )
    if mapping.row_is == "bucket" and "n_requests" not in mapping.fields:
        found.append(Problem("n_requests", "n_requests: say which column counts the requests of a bucket."))
    if mapping.row_is == "call" and "n_requests" in mapping.fields:
        found.append(Problem("n_requests", "n_requests: leave it out where one row is one call."))
    return found


def problems(content: object) -> tuple[Problem, ...]:
    """What keeps plain data from being a mapping, nothing when it is one."""
    try:
        ColumnMapping.model_validate(content)
    except ValidationError as error:
        return tuple(problem for item in error.errors() for problem in _told(item))
    return ()


def read_mapping(content: object, shown: str) -> ColumnMapping:
    """Plain data as a mapping; `shown` names where it is from. Raises MappingError naming every field."""
    found = problems(content)
    if found:
        raise MappingError(
            "The mapping is not complete", f"“{shown}”: " + " ".join(problem.sentence for problem in found)
        )
    return ColumnMapping.model_validate(content)


def read_yaml(text: str, shown: str) -> ColumnMapping:
    """A mapping from its YAML file; raises MappingError with the line or the fields at fault."""
    if len(text.encode()) > MAX_YAML_BYTES:
        raise MappingError(
            "The mapping cannot be read", f"“{shown}” is too large to be a mapping. Check the file name."
        )
    try:
        content = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1} of “{shown}”" if mark is not None else f"“{shown}”"
        raise MappingError(
            "The mapping is not valid YAML",
            f"Something is wrong in {where}. “lanewise mapping FILE” prints one to start from.",
        ) from None
    return read_mapping(content, shown)


def _told(item: Any) -> list[Problem]:
    """One validation error as sentences; what was written is not repeated."""
    if item["type"] == "incomplete":
        found: list[Problem] = item["ctx"]["problems"]
        return found
    place = [str(part) for part in item["loc"] if part not in ("[key]",)]
    where = ".".join(part if part.isprintable() else "?" for part in place)[:80]
    field = place[1] if len(place) > 1 and place[0] == "fields" else place[0] if place else "mapping"
    if not place:
        sentence = "A mapping is a list of settings with their values, such as “row_is: call”."
    elif item["type"] == "mapping":
        sentence = f"{where}: {item['msg']}."
    elif item["type"] == "missing":
        sentence = f"{where}: is missing."
    elif item["type"] == "extra_forbidden" or (place[-1] not in ANSWERS and item["type"] == "literal_error"):
        sentence = f"{where}: is not a setting of a mapping. Check the spelling."
    elif place[0] in CHOICES:
        choices = ", ".join(_yaml(choice) for choice in CHOICES[place[0]])
        sentence = f"{where}: is not one of {choices}."
    else:
        sentence = f"{where}: is not what belongs there; write {{column: name}} or {{constant: value}}."
    return [Problem(field, sentence)]


def _yaml(choice: str | bool) -> str:
    return str(choice).lower()
