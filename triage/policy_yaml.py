"""Reads a policy's YAML more strictly than the format itself: what a reader would overlook is refused."""

from collections.abc import Hashable, Iterator
from typing import Any, Final

import yaml

from triage.errors import Place, PolicyError

_UNREADABLE: Final = "The policy cannot be read"
_LOOK_THERE: Final = "check indentation, brackets, quotes and colons there and on the line before"
_MAX_CHARACTERS: Final = 200_000


class _Refused(yaml.MarkedYAMLError):
    """What the format allows and a policy does not; says itself what to do."""


class _StrictLoader(yaml.SafeLoader):
    """Refuses a key given twice, which YAML settles in silence, and aliases, which can grow without end."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]  # the stubs leave it bare
            raise _Refused(problem="aliases (*name) are not supported; write it out", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise _Refused(
                    problem=f"{key!r} cannot be a key; write a word", problem_mark=key_node.start_mark
                )
            if key in seen:
                raise _Refused(
                    problem=f"{key!r} is given twice; keep one of them", problem_mark=key_node.start_mark
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
        what = error.problem if isinstance(error, _Refused) else f"{error.problem}; {_LOOK_THERE}"
        raise PolicyError(_UNREADABLE, (f"{what}.",), (_place(error.problem_mark),)) from None
    except (yaml.YAMLError, ValueError) as error:
        raise PolicyError(_UNREADABLE, (f"{str(error).splitlines()[0]}.",)) from None
    except RecursionError:
        raise PolicyError(_UNREADABLE, ("Values are nested too deeply to be a policy.",)) from None


def read_yaml_places(text: str) -> dict[tuple[int | str, ...], Place]:
    """Where every key and list item of text that `read_yaml` has read stands, by its path."""
    root = compose(text)
    return {} if root is None else dict(_places(root, ()))


def compose(text: str) -> yaml.Node | None:
    """The nodes of text that `read_yaml` has read, with their marks; None of an empty document."""
    return yaml.compose(text, Loader=_StrictLoader)


def _place(mark: yaml.Mark | None) -> Place | None:
    return None if mark is None else (mark.line + 1, mark.column + 1)


def _places(node: yaml.Node, path: tuple[int | str, ...]) -> Iterator[tuple[tuple[int | str, ...], Place]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield (*path, key.value), (key.start_mark.line + 1, key.start_mark.column + 1)
            yield from _places(value, (*path, key.value))
    elif isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            yield (*path, index), (item.start_mark.line + 1, item.start_mark.column + 1)
            yield from _places(item, (*path, index))
