"""Taking many values out of one JSON text at once.

A list of paths costs each of them a walk, found or not, and each element of the result another copy.
One `json_transform` walks the text once, a path that is not there costs nothing, and its fields are
references. What it cannot name (a path that leads on to others, quoted keys, keys that differ only in
case) is taken out with a list of paths after all.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from data.db import quoted

_STEP: Final = re.compile(r"(@?[A-Za-z_][A-Za-z0-9_-]*)(?:\[(\d)\])?")


@dataclass(frozen=True)
class JsonPaths:
    """How to read a set of paths: the shape to transform the text to, and where each path is then.

    `shape` is the argument of `json_transform`. `places` maps a path to what follows the transformed
    value; `others` are the paths that are read with `json_extract_string`.
    """

    shape: str
    places: dict[str, str]
    others: tuple[str, ...]

    def transformed(self, text: str) -> str:
        """SQL of the transformed value of a valid JSON text; NULL when no path is read from it."""
        if not self.places:
            return "cast(NULL AS VARCHAR)"
        return f"json_transform({text}, {quoted(self.shape)})"

    def listed(self, text: str) -> str:
        """SQL of the list that holds the other paths of a valid JSON text; NULL when there are none."""
        wanted = ", ".join(quoted(path if path.startswith("/") else f"$.{path}") for path in self.others)
        return f"json_extract_string({text}, [{wanted}])" if wanted else "cast(NULL AS VARCHAR[])"

    def value(self, path: str, transformed: str, listed: str) -> str:
        """SQL of the text at a path, given the names of the two values above."""
        if path in self.places:
            return f"{transformed}{self.places[path]}"
        return f"({listed})[{self.others.index(path) + 1}]"

    def object_at(self, path: str, transformed: str) -> str:
        """SQL of the struct at a path that leads on to others; NULL where there is no object."""
        node: Any = json.loads(self.shape)
        steps = path.split(".")
        for step in steps:
            node = node.get(step) if isinstance(node, dict) else None
        if not isinstance(node, dict):
            return "NULL"
        return transformed + "".join(f'."{step}"' for step in steps)


def planned(paths: Sequence[str]) -> JsonPaths:
    """Plans reading the paths, each written as after `$.` in a JSON path, or as a JSON Pointer."""
    shape: dict[str, Any] = {}
    places: dict[str, str] = {}
    others: list[str] = []
    # Longer paths first: a path that leads on to others is found to be taken.
    for path in sorted(dict.fromkeys(paths), key=lambda path: -path.count(".")):
        place = _placed(shape, path)
        if place is None:
            others.append(path)
        else:
            places[path] = place
    return JsonPaths(json.dumps(shape), places, tuple(others))


def _placed(shape: dict[str, Any], path: str) -> str | None:
    """Adds a path to the shape and says where it is, or None when the shape cannot hold it."""
    steps = [_STEP.fullmatch(step) for step in path.split(".")]
    keys = [step[1] for step in steps if step]
    indexes = [step[2] for step in steps if step]
    if len(keys) < len(steps) or any(indexes[:-1]):
        return None
    for position in range(len(keys)):
        node = _node(shape, keys[:position])
        last = position == len(keys) - 1
        there = node.get(keys[position]) if node is not None else None
        if node is None or not (there is None or (isinstance(there, dict) and not last)):
            # an array may be asked for more than one of its elements
            if not (last and indexes[-1] and there == ["VARCHAR"]):
                return None
        elif there is None and keys[position].lower() in {key.lower() for key in node}:
            return None
    leaf: Any = ["VARCHAR"] if indexes[-1] else "VARCHAR"
    node = shape
    for key in keys[:-1]:
        node = node.setdefault(key, {})
    node[keys[-1]] = leaf
    at = "".join(f'."{key}"' for key in keys)
    return f"{at}[{int(indexes[-1]) + 1}]" if indexes[-1] else at


def _node(shape: dict[str, Any], keys: Sequence[str]) -> dict[str, Any] | None:
    """The shape below the keys, empty where it holds none yet, None where something else stands."""
    node: Any = shape
    for key in keys:
        node = node.get(key, {}) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else None
