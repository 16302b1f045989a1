"""A triage policy: thresholds, admissible tiers and ordered rules, read from YAML and proved fit for use."""

import hashlib
import json
from collections.abc import Mapping
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Any, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from triage.errors import PolicyError, TriageError
from triage.model import Label, Tier
from triage.off_peak import OffPeak
from triage.policy_checks import rule_problems, section_problems, threshold_problems, tier_problems
from triage.policy_problems import place_of, problems_of
from triage.policy_yaml import read_yaml, read_yaml_places
from triage.rules import ConfidenceTerms, Rule, Thresholds
from triage.sections import Deadlines, Moving, Override, SlaClass, SlaName

_FOLDER: Final = Path(__file__).parent / "policies"
_DEFAULT: Final = "default"
_REFUSED: Final = "The policy cannot be used"
_VERSION_DIGITS: Final = 12
_LINE_LENGTH: Final = 110


class Policy(BaseModel):
    """Ordered rules over facts, the numbers they refer to, and the tiers that each label admits.

    Build one with `Policy.load`, `Policy.named` or `Policy.default`: `load` raises `PolicyError`,
    which names every path at fault, its line and the values allowed there.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy_format: Literal[1]
    name: str = Field(min_length=1, max_length=100)
    description: str = ""
    thresholds: Thresholds
    sla_classes: dict[SlaName, SlaClass] = Field(default_factory=dict)
    overrides: tuple[Override, ...] = ()
    moving: Moving = Moving()
    deadlines: Deadlines = Deadlines()
    off_peak: OffPeak | None = None
    confidence: ConfidenceTerms
    admissible_tiers: dict[Label, tuple[Tier, ...]]
    rules: tuple[Rule, ...]

    @model_validator(mode="after")
    def _fit_for_use(self) -> "Policy":
        problems = [
            *threshold_problems(self.thresholds),
            *tier_problems(self.admissible_tiers),
            *section_problems(self.thresholds, self.sla_classes, self.overrides, self.moving),
        ]
        problems += [] if problems else rule_problems(self.thresholds, self.rules, self.confidence.floor)
        if problems:
            raise ValueError("\n".join(problems))
        return self

    @classmethod
    def load(cls, text: str) -> "Policy":
        """Reads a policy from YAML text, or from the JSON that `to_json` writes, which is YAML too.

        Raises:
            PolicyError: when the text is not YAML, or not a policy that is fit for use.
        """
        data = read_yaml(text)
        if not isinstance(data, Mapping):
            raise PolicyError(_REFUSED, (f"The file must be a mapping with {', '.join(cls.model_fields)}.",))
        try:
            return cls.model_validate(data)
        except ValidationError as error:
            problems = problems_of(error, data, tuple(cls.model_fields))
            places = read_yaml_places(text)
            raise PolicyError(
                _REFUSED, problems, tuple(place_of(item, places) for item in problems)
            ) from None

    @classmethod
    def default(cls) -> "Policy":
        """The policy that holds until somebody chooses another."""
        return cls.named(_DEFAULT)

    @classmethod
    def named(cls, preset: str) -> "Policy":
        """A shipped policy by the name of its file.

        Raises:
            TriageError: when no policy of that name is shipped.
        """
        if preset not in cls.presets():
            raise TriageError(
                "There is no such policy", f"{preset!r} is not shipped; there are {', '.join(cls.presets())}."
            )
        return _shipped(preset)

    @classmethod
    def presets(cls) -> tuple[str, ...]:
        """The names of the shipped policies, the default first."""
        return tuple(
            sorted((path.stem for path in _FOLDER.glob("*.yaml")), key=lambda name: (name != _DEFAULT, name))
        )

    @classmethod
    def preset_text(cls, preset: str) -> str:
        """A shipped policy as its file has it, comments included: what people start to edit from.

        Raises:
            TriageError: when no policy of that name is shipped.
        """
        cls.named(preset)
        return (_FOLDER / f"{preset}.yaml").read_text(encoding="utf-8")

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits of what the policy says; comments and layout do not change it."""
        content = json.dumps(self.model_dump(mode="json", by_alias=True), sort_keys=True)
        return hashlib.sha256(content.encode()).hexdigest()[:_VERSION_DIGITS]

    def to_yaml(self) -> str:
        """The policy as YAML that `load` reads back to the same version; comments are not kept."""
        return yaml.safe_dump(self._plain(), sort_keys=False, allow_unicode=True, width=_LINE_LENGTH)

    def to_json(self) -> str:
        """The policy as JSON for gateways, in the shape of `json_schema`; `load` reads it back."""
        return json.dumps(self._plain(), indent=2, ensure_ascii=False) + "\n"

    @classmethod
    def json_schema(cls) -> str:
        """The JSON schema of `to_json`, as shipped in `policies/policy.schema.json`."""
        schema = {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            **cls.model_json_schema(by_alias=True, mode="validation"),
        }
        return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"

    def _plain(self) -> dict[str, Any]:
        content: dict[str, Any] = _numbers(self.model_dump(mode="python", by_alias=True, exclude_none=True))
        return content


@cache
def _shipped(preset: str) -> Policy:
    return Policy.load((_FOLDER / f"{preset}.yaml").read_text(encoding="utf-8"))


def _numbers(value: Any) -> Any:
    """Decimals as plain numbers: each came from one, so its shortest form is the same number again."""
    match value:
        case Decimal():
            return int(value) if value == int(value) else float(value)
        case dict():
            return {key: _numbers(item) for key, item in value.items()}
        case list() | tuple():
            return [_numbers(item) for item in value]
        case _:
            return value
