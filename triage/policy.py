"""A triage policy: thresholds, admissible tiers and ordered rules, read from YAML and proved fit for use."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from triage.errors import PolicyError
from triage.model import LABELS, Label, Tier
from triage.policy_checks import rule_problems, threshold_problems, tier_problems
from triage.policy_yaml import read_yaml
from triage.rules import CONDITION_WORDS, Rule, Thresholds

_DEFAULT: Final = Path(__file__).parent / "policies" / "default.yaml"
_REFUSED: Final = "The policy cannot be used"
_VERSION_DIGITS: Final = 12

_PLAIN: Final = {
    "must be a valid boolean": "must be yes or no",
    "must be a valid decimal": "must be a number",
    "must be a valid integer": "must be a whole number",
    "must be a valid string": "must be text",
}


class ConfidenceTerms(BaseModel):
    """How counter-evidence lowers a rule's confidence."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lost_per_counter: Decimal = Field(ge=0, le=1)
    floor: Decimal = Field(gt=0, le=1)


class Policy(BaseModel):
    """Ordered rules over facts, the numbers they refer to, and the tiers that each label admits.

    Build one with `Policy.load` or `Policy.default`: both raise `PolicyError`, which names every
    path at fault and the values allowed there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy_format: Literal[1]
    name: str = Field(min_length=1, max_length=100)
    description: str = ""
    thresholds: Thresholds
    confidence: ConfidenceTerms
    admissible_tiers: dict[Label, tuple[Tier, ...]]
    rules: tuple[Rule, ...]

    @model_validator(mode="after")
    def _fit_for_use(self) -> "Policy":
        problems = [*threshold_problems(self.thresholds), *tier_problems(self.admissible_tiers)]
        problems += [] if problems else rule_problems(self.thresholds, self.rules, self.confidence.floor)
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @classmethod
    def load(cls, text: str) -> "Policy":
        """Reads a policy from YAML text.

        Raises:
            PolicyError: when the text is not YAML, or not a policy that is fit for use.
        """
        data = read_yaml(text)
        if not isinstance(data, Mapping):
            raise PolicyError(_REFUSED, (f"The file must be a mapping with {', '.join(cls.model_fields)}.",))
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            raise PolicyError(_REFUSED, _problems(error, data)) from None

    @classmethod
    def default(cls) -> "Policy":
        """The policy Lanewise ships."""
        return _default()

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits of what the policy says; comments and layout do not change it."""
        content = json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:_VERSION_DIGITS]


@lru_cache(maxsize=1)
def _default() -> Policy:
    return Policy.load(_DEFAULT.read_text(encoding="utf-8"))


def _problems(error: ValidationError, data: Mapping[str, Any]) -> tuple[str, ...]:
    """One sentence for each thing to mend, its path first."""
    sentences: list[str] = []
    for item in error.errors(include_url=False):
        location = item["loc"]
        if item["type"] == "value_error" and not location:
            sentences += str(item["ctx"]["error"]).split("\n")
            continue
        sentences.append(f"{_path(location, data)}: {_what(item, location)}.")
    return tuple(sentences)


def _path(location: tuple[int | str, ...], data: Mapping[str, Any]) -> str:
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


def _what(item: Any, location: tuple[int | str, ...]) -> str:
    """What is wrong there and what may stand there instead."""
    given = f"{item['input']!r}"
    fields = ", ".join(_fields_at(location))
    message = str(item["msg"]).rstrip(".").replace("Input should be", "must be", 1)
    match item["type"]:
        case "extra_forbidden":
            message = f"there is no such field; fields here are {', '.join(_fields_at(location[:-1]))}"
        case "missing":
            message = "is missing"
        case "literal_error":
            expected = str(item["ctx"]["expected"]).replace("'", "").replace(" or ", ", ")
            message = f"{given} is not one of {expected}"
        case "string_pattern_mismatch":
            message = f"{given} must be lower-case words joined by hyphens, such as short-wait"
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


def _fields_at(location: tuple[int | str, ...]) -> tuple[str, ...]:
    """The fields that may stand at a place in the file."""
    fields: tuple[str, ...] = ()
    match location:
        case ():
            fields = tuple(Policy.model_fields)
        case ("thresholds",):
            fields = tuple(Thresholds.model_fields)
        case ("confidence",):
            fields = tuple(ConfidenceTerms.model_fields)
        case ("admissible_tiers",):
            fields = LABELS
        case ("rules", int()):
            fields = tuple(Rule.model_fields)
        case ("rules", int(), "when", str()):
            fields = CONDITION_WORDS
        case _:
            pass
    return fields
