"""Writes overrides into a policy's text; every other line, comments included, stays as it is."""

import json
import re
from collections.abc import Sequence
from typing import Any, Final

import yaml

from triage.policy import Policy
from triage.policy_yaml import compose, read_yaml
from triage.sections import Override

_KEY: Final = "overrides"
_WILD: Final = re.compile(r"[*?[]")
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_YAML_WORDS: Final = frozenset({"yes", "no", "on", "off", "true", "false", "null", "y", "n"})


def pattern_of(name: str) -> str:
    """The pattern that matches this very name and no other."""
    return _WILD.sub(r"[\g<0>]", name)


def with_override(text: str, override: Override) -> str:
    """The text of a usable policy with one more override; one for the same pattern is replaced.

    Raises:
        PolicyError: when the text is not a usable policy.
    """
    kept = [item for item in Policy.load(text).overrides if item.named.lower() != override.named.lower()]
    return _written(text, [*kept, override])


def without_override(text: str, index: int) -> str:
    """The text of a usable policy without the override at `index`, from 0; IndexError when there is none.

    Raises:
        PolicyError: when the text is not a usable policy.
    """
    kept = list(Policy.load(text).overrides)
    del kept[index]
    return _written(text, kept)


def _written(text: str, overrides: Sequence[Override]) -> str:
    listed = "".join(f"\n  - {_item(override)}" for override in overrides) or " []"
    root = compose(text)
    if not isinstance(root, yaml.MappingNode) or _KEY not in read_yaml(text):
        return f"{text.rstrip()}\n\n{_KEY}:{listed}\n"
    key, value = next((key, value) for key, value in root.value if key.value == _KEY)
    return f"{text[: key.end_mark.index]}:{listed}{text[_end(value) :]}"


def _end(node: yaml.Node) -> int:
    """Where what the node says ends; a block's own end mark lies behind the comments after it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    end: int = node.end_mark.index
    return end


def _item(override: Override) -> str:
    said = override.model_dump(exclude_none=True)
    return "{" + ", ".join(f"{name}: {_scalar(value)}" for name, value in said.items()) + "}"


def _scalar(value: Any) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _YAML_WORDS:
        return value
    # What JSON quotes YAML reads as the same text, but for signs that YAML takes for breaks or refuses.
    quoted = json.dumps(value, ensure_ascii=False)
    return "".join(sign if sign.isprintable() else f"\\U{ord(sign):08x}" for sign in quoted)
