"""Reads YAML more strictly than the format itself: what a reader would overlook is refused."""

from collections.abc import Hashable
from typing import Any, Final

import yaml

MAX_CHARACTERS: Final = 1_000_000


class YamlFaultError(Exception):
    """The text is not one plain YAML document; the message says where and why, and quotes no value."""


class _StrictLoader(yaml.SafeLoader):
    """Refuses a key given twice, which YAML settles in silence, and aliases, which can grow without end."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]  # the stubs leave it bare
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not supported", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise yaml.MarkedYAMLError(problem="a key is not text", problem_mark=key_node.start_mark)
            if key in seen:
                raise yaml.MarkedYAMLError(problem="a key is given twice", problem_mark=key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


class _TextLoader(_StrictLoader):
    """Leaves every plain value the text it is written as, so that `yes` and `007` stay what they are."""


_TextLoader.yaml_implicit_resolvers = {}


def read_yaml(text: str, *, as_text: bool = False) -> Any:
    """The plain values of one YAML document; with `as_text` every value stays the text it is written as.

    Raises YamlFaultError for what is not YAML, repeats a key, uses aliases, or is longer than
    MAX_CHARACTERS.
    """
    if len(text) > MAX_CHARACTERS:
        message = f"The text has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read."
        raise YamlFaultError(message)
    try:
        return yaml.load(text, Loader=_TextLoader if as_text else _StrictLoader)  # noqa: S506 - both are SafeLoaders
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"Line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise YamlFaultError(f"{where}{_unquoted(error.problem)}.") from None
    except (yaml.YAMLError, ValueError):
        raise YamlFaultError("The text is not YAML: it has a character that YAML does not allow.") from None
    except RecursionError:
        raise YamlFaultError("Values are nested too deeply.") from None


def _unquoted(problem: str | None) -> str:
    """The parser's problem without a value it quotes."""
    return "this is not valid YAML" if not problem or "'" in problem or '"' in problem else problem
