"""Reads a policy's YAML more strictly than the format itself: what a reader would overlook is refused."""

from collections.abc import Hashable, Iterator
from typing import Any, Final

import yaml

from triage.errors import PolicyError

_UNREADABLE: Final = "The policy cannot be read"
_MAX_CHARACTERS: Final = 200_000


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
                raise yaml.MarkedYAMLError(
                    problem=f"{key!r} cannot be a key", problem_mark=key_node.start_mark
                )
            if key in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"{key!r} is given twice", problem_mark=key_node.start_mark
                )
            seen.add(key)
        return super().construct_mapping(node, deep=deep)


def read_yaml(text: str) -> Any:
    """The plain values of one YAML document.

    Raises:
        PolicyError: with line and column, when the text is not YAML, repeats a key or uses aliases.
    """
    if len(text) > _MAX_CHARACTERS:
        raise PolicyError(
            _UNREADABLE,
            (f"The file has {len(text):,} characters; a policy has at most {_MAX_CHARACTERS:,}.",),
        )
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - a subclass of SafeLoader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"Line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise PolicyError(_UNREADABLE, (f"{where}{error.problem}.",)) from None
    except (yaml.YAMLError, ValueError) as error:
        raise PolicyError(_UNREADABLE, (f"{str(error).splitlines()[0]}.",)) from None
    except RecursionError:
        raise PolicyError(_UNREADABLE, ("Values are nested too deeply to be a policy.",)) from None


def read_yaml_lines(text: str) -> dict[tuple[int | str, ...], int]:
    """The line, from 1, of every key and list item of text that `read_yaml` has read, by its path."""
    root = yaml.compose(text, Loader=_StrictLoader)
    return {} if root is None else dict(_lines(root, ()))


def _lines(node: yaml.Node, path: tuple[int | str, ...]) -> Iterator[tuple[tuple[int | str, ...], int]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), key.start_mark.line + 1
            yield from _lines(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield (*path, index), item.start_mark.line + 1
            yield from _lines(item, (*path, index))
