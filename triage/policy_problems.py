"""Turns what is wrong with a policy file into sentences with the path and line of each place to mend."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from triage.errors import Place
from triage.model import LABELS
from triage.off_peak import OffPeak
from triage.rules import CONDITION_WORDS, ConfidenceTerms, Rule, Thresholds
from triage.sections import Deadlines, Moving, Override, SlaClass

Path = tuple[int | str, ...]

_PLAIN: Final = {
    "must be a valid boolean": "must be yes or no",
    "must be a valid decimal": "must be a number",
    "must be a valid integer": "must be a whole number",
    "must be a valid string": "must be text",
}

_SECTIONS: Final[dict[str, type[BaseModel]]] = {
    "thresholds": Thresholds,
    "moving": Moving,
    "deadlines": Deadlines,
    "off_peak": OffPeak,
    "confidence": ConfidenceTerms,
}

_STEP: Final = re.compile(r"\[(\d+)\](?: \([^)]*\))?|\.?([\w-]+)")


def place_of(problem: str, places: Mapping[Path, Place]) -> Place | None:
    """Line and column of the file that a problem is about; None when it is about the whole file."""
    path: list[int | str] = []
    position = 0
    while (match := _STEP.match(problem, position)) and (not path or problem[position] in "[."):
        path.append(int(match[1]) if match[1] else match[2])
        position = match.end()
    if not re.match(r"(\.\w+)*:", problem[position:]):
        return None
    while path and tuple(path) not in places:
        path.pop()
    return places.get(tuple(path)) if path else None


def problems_of(error: ValidationError, data: Mapping[str, Any], top: Sequence[str]) -> tuple[str, ...]:
    """One sentence for each thing to mend, its path first; `top` are the fields of a policy."""
    sentences: list[str] = []
    for item in error.errors(include_url=False):
        location = item["loc"]
        if item["type"] == "value_error" and not location:
            sentences += str(item["ctx"]["error"]).split("\n")
            continue
        sentences.append(f"{_path(location, data)}: {_what(item, location, top)}.")
    return tuple(sentences)


def _path(location: Path, data: Mapping[str, Any]) -> str:
    """The place in the file, with the rule's id where it has one."""
    path = ""
    for position, step in enumerate(location):
        if step == "[key]":
            continue
        path += f"[{step}]" if isinstance(step, int) else f".{step}" if path else str(step)
        if position == 1 and location[0] == "rules" and isinstance(step, int):
            rule = data["rules"][step]
            named = rule.get("id") if isinstance(rule, Mapping) else None
            path += f" ({named})" if isinstance(named, str) else ""
    return path


def _what(item: Any, location: Path, top: Sequence[str]) -> str:
    """What is wrong there and what may stand there instead."""
    given = str(item["input"]) if isinstance(item["input"], Decimal) else repr(item["input"])
    fields = ", ".join(_fields_at(location, top))
    message = str(item["msg"]).rstrip(".").replace("Input should be", "must be", 1)
    match item["type"]:
        case "extra_forbidden":
            message = f"there is no such field; fields here are {', '.join(_fields_at(location[:-1], top))}"
        case "missing":
            message = "is missing"
        case "literal_error":
            expected = str(item["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
            message = f"{given} is not one of {expected}"
        case "string_pattern_mismatch":
            message = f"{given} {_pattern_text(location)}"
        case "value_error":
            message = str(item["ctx"]["error"])
        case "tuple_type":
            message = "must be a list"
        case "model_type" | "dict_type":
            message = (
                f"must be a mapping with {fields}" if fields else "must be a mapping of fact to condition"
            )
        case _ if message.startswith("must be"):
            message = f"{given} {_PLAIN.get(message, message)}"
        case _:
            pass
    return message


def _pattern_text(location: Path) -> str:
    if location[0] == "off_peak":
        return 'must be a time of the day in quotes, such as "22:00"'
    example = "short-wait" if location[0] == "rules" else "by-morning"
    return f"must be lower-case words joined by hyphens, such as {example}"


def _fields_at(location: Path, top: Sequence[str]) -> tuple[str, ...]:
    """The fields that may stand at a place in the file."""
    fields: tuple[str, ...] = ()
    match location:
        case ():
            fields = tuple(top)
        case (str(section),) if section in _SECTIONS:
            model = _SECTIONS[section].model_fields
            fields = tuple(field.alias or name for name, field in model.items())
        case ("admissible_tiers",):
            fields = LABELS
        case ("sla_classes", str()):
            fields = tuple(SlaClass.model_fields)
        case ("overrides", int()):
            fields = tuple(Override.model_fields)
        case ("rules", int()):
            fields = tuple(Rule.model_fields)
        case ("rules", int(), "when", str()):
            fields = CONDITION_WORDS
        case _:
            pass
    return fields
