"""Mapping rules: which workload a call is part of, by the plain attributes its log has.

A rule says `when` (field: values, all of which must hold) and names a `workload`, either as it stands
or with `{field}` filled in. The rules are asked in order and the first that can name the call decides;
a rule whose `{field}` the call does not have cannot. Calls that no rule names are `(unattributed)`.

    rules:
      - name: Night jobs of the data team
        when: {tag: "nightly-*", metadata.team: [data, research]}
        workload: nightly-{metadata.team}
      - when: {api_key_alias: {prefix: "ci["}}
        workload: ci

A value is matched whole and without regard to case; `*` and `?` stand for any characters unless it
is written `{exact: ...}` or `{prefix: ...}`.
"""

import re
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from data.errors import RulesError
from data.formats.attributes import FIELDS as ATTRIBUTES
from data.schema import UNATTRIBUTED
from data.store import Workspace
from data.strict_yaml import YamlFaultError, read_yaml

DOCUMENT: Final = "workload_rules"
"""The workspace document that holds the rules, as {"rules": [...]}; {} stands for the shipped ones."""

RECORD_FIELDS: Final = ("named", "model", "provider", "format")
"""Fields every call has: the workload its log names, its model, provider and source format."""

FIELDS: Final = (*ATTRIBUTES, *RECORD_FIELDS)
"""The fields a rule may look at besides `metadata.<key>`."""

MAX_RULES: Final = 500
MAX_WORKLOAD: Final = 300

How = Literal["glob", "exact", "prefix"]
Fields = Mapping[str, tuple[str, ...]]
"""What rules see of a call: field -> its values; a field without a value is absent."""

_UNREADABLE: Final = "The rules cannot be used"
_PLACEHOLDER: Final = re.compile(r"\{([^{}]*)\}")
_METADATA_FIELD: Final = re.compile(r"metadata\.[A-Za-z_][A-Za-z0-9_.-]{0,59}")


def is_field(name: str) -> bool:
    """Whether a rule may look at a field of that name."""
    return name in FIELDS or bool(_METADATA_FIELD.fullmatch(name))


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Match(_Strict):
    """What a field must be: any of some texts, compared whole and without regard to case."""

    how: How
    texts: tuple[str, ...] = Field(min_length=1, max_length=200)

    @field_validator("texts")
    @classmethod
    def _not_blank(cls, texts: tuple[str, ...]) -> tuple[str, ...]:
        if any(not text.strip() or len(text) > MAX_WORKLOAD for text in texts):
            message = f"a value to match is 1 to {MAX_WORKLOAD} characters"
            raise ValueError(message)
        return texts

    @classmethod
    def read(cls, said: Any) -> "Match":
        """From YAML: a text or a list of texts is a glob, `{exact: ...}` and `{prefix: ...}` are not."""
        how: Any = "glob"
        if isinstance(said, Mapping):
            if len(said) != 1 or next(iter(said)) not in {"glob", "exact", "prefix"}:
                message = "write a text, a list of texts, {exact: text} or {prefix: text}"
                raise ValueError(message)
            how, said = next(iter(said.items()))
        texts = said if isinstance(said, (list, tuple)) else [said]
        if any(isinstance(text, (Mapping, list, tuple)) or text is None for text in texts):
            message = "write a text, a list of texts, {exact: text} or {prefix: text}"
            raise ValueError(message)
        return cls(how=how, texts=tuple(str(text) for text in texts))

    def plain(self) -> Any:
        """As YAML writes it; `read` gives it back."""
        texts: Any = self.texts[0] if len(self.texts) == 1 else list(self.texts)
        return texts if self.how == "glob" else {self.how: texts}

    def finds(self, values: Sequence[str]) -> str | None:
        """The first of the values that fits, None when none does."""
        return next((value for value in values if self._fits(value.lower())), None)

    def _fits(self, value: str) -> bool:
        wanted = [text.lower() for text in self.texts]
        if self.how == "exact":
            return value in wanted
        if self.how == "prefix":
            return value.startswith(tuple(wanted))
        return any(fnmatchcase(value, text.replace("[", "[[]")) for text in wanted)


class Rule(_Strict):
    """One rule; `name` is for people."""

    name: str = Field(default="", max_length=MAX_WORKLOAD)
    when: dict[str, Match] = Field(default_factory=dict, max_length=12)
    workload: str = Field(min_length=1, max_length=MAX_WORKLOAD)

    @field_validator("when", mode="before")
    @classmethod
    def _read_when(cls, said: Any) -> Any:
        if said is None or said == "":
            return {}
        if not isinstance(said, Mapping):
            message = "write fields with what they must be: {tag: nightly-*}"
            raise ValueError(message)
        found = {}
        for field, value in said.items():
            if not is_field(str(field)):
                message = f"“{str(field)[:60]}” is no field; these are: {', '.join(FIELDS)}, metadata.<key>"
                raise ValueError(message)
            found[str(field)] = value if isinstance(value, Match) else Match.read(value)
        return found

    @field_validator("workload", "name", mode="before")
    @classmethod
    def _one_line(cls, said: Any) -> Any:
        return " ".join(str(said).split()) if isinstance(said, (str, int, float)) else said

    @model_validator(mode="after")
    def _known_placeholders(self) -> Self:
        for name in self.placeholders():
            if not is_field(name):
                message = f"{{{name[:60]}}} is no field; these are: {', '.join(FIELDS)}, metadata.<key>"
                raise ValueError(message)
        if re.search(r"[{}]", _PLACEHOLDER.sub("", self.workload)):
            message = "a brace in the workload is not closed"
            raise ValueError(message)
        return self

    def placeholders(self) -> tuple[str, ...]:
        """The fields that the workload's name is made of."""
        return tuple(_PLACEHOLDER.findall(self.workload))

    def names(self, call: Fields) -> str | None:
        """The workload of a call, None when the rule does not take it."""
        found: dict[str, str] = {}
        for field, match in self.when.items():
            value = match.finds(call.get(field, ()))
            if value is None:
                return None
            found[field] = value
        for field in self.placeholders():
            if field not in found:
                values = call.get(field)
                if not values:
                    return None
                found[field] = values[0]
        name = " ".join(_PLACEHOLDER.sub(lambda match: found[match[1]], self.workload).split())
        return name[:MAX_WORKLOAD] or None

    def plain(self) -> dict[str, Any]:
        """As YAML and JSON hold it."""
        shown: dict[str, Any] = {"name": self.name} if self.name else {}
        if self.when:
            shown["when"] = {field: match.plain() for field, match in self.when.items()}
        return {**shown, "workload": self.workload}


class RuleSet(_Strict):
    """Rules in the order they are asked."""

    rules: tuple[Rule, ...] = Field(max_length=MAX_RULES)

    @classmethod
    def default(cls) -> "RuleSet":
        """The shipped rules: each call keeps the name its log gives it."""
        return _default()

    @classmethod
    def load(cls, text: str) -> "RuleSet":
        """From YAML; raises RulesError with one sentence for each thing to mend."""
        try:
            # As text, so that a team called `no` or `007` stays what it is.
            plain = read_yaml(text, as_text=True)
        except YamlFaultError as fault:
            raise RulesError(_UNREADABLE, (str(fault),)) from None
        return cls.of(plain)

    @classmethod
    def of(cls, plain: Any) -> "RuleSet":
        """From plain values; raises RulesError with one sentence for each thing to mend."""
        if isinstance(plain, list):
            plain = {"rules": plain}
        if not isinstance(plain, Mapping) or not isinstance(plain.get("rules"), (list, tuple)):
            raise RulesError(_UNREADABLE, ("Write a list of rules under the key “rules”.",))
        try:
            return cls.model_validate(plain)
        except ValidationError as error:
            raise RulesError(_UNREADABLE, tuple(_sentence(one) for one in error.errors())) from None

    def plain(self) -> dict[str, Any]:
        """As the workspace document holds them."""
        return {"rules": [rule.plain() for rule in self.rules]}

    def to_yaml(self) -> str:
        """As people edit them; `load` gives them back."""
        return yaml.safe_dump(self.plain(), sort_keys=False, allow_unicode=True, width=100)

    def deciding(self, call: Fields) -> tuple[int | None, str]:
        """Which rule names the call, by position, and the workload; None where no rule does."""
        for position, rule in enumerate(self.rules):
            name = rule.names(call)
            if name is not None:
                return position, name
        return None, UNATTRIBUTED


def current_rules(workspace: Workspace) -> RuleSet:
    """The rules in force: the saved ones, else the shipped ones.

    Raises RulesError when the saved ones were changed by hand and make no sense any more.
    """
    saved = workspace.document(DOCUMENT).current()
    return RuleSet.of(saved[1]) if saved is not None and saved[1] else RuleSet.default()


def fields_of(
    *, named: str, model: str, provider: str, source_format: str, attributes: Mapping[str, tuple[str, ...]]
) -> Fields:
    """What rules see of a call."""
    record = {"model": (model,), "provider": (provider,), "format": (source_format,)}
    return {**attributes, **record, **({} if named == UNATTRIBUTED else {"named": (named,)})}


@cache
def _default() -> RuleSet:
    path = Path(__file__).resolve().parent / "workload_rules.yaml"
    return RuleSet.load(path.read_text(encoding="utf-8"))


def _sentence(error: Any) -> str:
    place = [part for part in error["loc"] if part != "rules"]
    where = f"Rule {place[0] + 1}" if place and isinstance(place[0], int) else "The list"
    inside = ".".join(str(part) for part in place[1:] if not isinstance(part, int))
    what = str(error.get("ctx", {}).get("error") or error["msg"])
    if error["type"] == "missing":
        what = "it is missing"
    elif error["type"] == "extra_forbidden":
        what = "there is no such key; a rule has name, when and workload"
    return f"{where}{f', {inside[:80]}' if inside else ''}: {what}."
