"""Taking many values out of one JSON text at once.

A list of paths costs each of them a walk, found or not, and each element of the result another copy.
One `json_transform` walks the text once, a path that is not there costs nothing, and its fields are
references. What it cannot name (a path that leads on to others, keys that differ only in case) is taken
out with a list of paths after all.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from data.db import quoted

_STEP: Final = re.compile(r"""(?:(@?[A-Za-z_][A-Za-z0-9_-]*)|"([^"\\*\[\]]+)")(?:\[(\d)\])?(?:\.(?=.)|$)""")


@dataclass(frozen=True)
class JsonPaths:
    """How to read a set of paths: the shape to transform the text to, and where each path is then.

    `shape` is the argument of `json_transform`. `places` maps a path to what follows the transformed
    value; `within` those to what follows and a path in the JSON there; `others` are the paths that are
    read with `json_extract_string`.
    """

    shape: str
    places: dict[str, str]
    within: dict[str, tuple[str, str]]
    others: tuple[str, ...]

    def transformed(self, text: str) -> str:
        """SQL of the transformed value of a valid JSON text; NULL when no path is read from it."""
        if not self.places and not self.within:
            return "cast(NULL AS VARCHAR)"
        return f"json_transform({text}, {quoted(self.shape)})"

    def read(self, relation: str) -> str:
        """The rows of a relation with a column `raw`, which says whether each is valid JSON, and the values.

        `valid` is whether `raw` is JSON, `t` the transformed value and `l` the list of the other paths.
        """
        # TRY gives NULL for a text that is no JSON, and costs nothing for one that is: asking whether it
        # is would walk it once more.
        tried = f"TRY({self.transformed('raw')})"
        return f"""SELECT raw, valid, t, CASE WHEN valid THEN {self.listed("raw")} END AS l
  FROM (
    SELECT raw, t, CASE WHEN t IS NOT NULL THEN true ELSE json_valid(raw) END AS valid
    FROM (SELECT raw, {tried} AS t FROM {relation})
  )"""

    def listed(self, text: str) -> str:
        """SQL of the list that holds the other paths of a valid JSON text; NULL when there are none."""
        wanted = ", ".join(quoted(path if path.startswith("/") else f"$.{path}") for path in self.others)
        return f"json_extract_string({text}, [{wanted}])" if wanted else "cast(NULL AS VARCHAR[])"

    def value(self, path: str, transformed: str, listed: str) -> str:
        """SQL of the text at a path, given the names of the two values above."""
        if path in self.places:
            return f"{transformed}{self.places[path]}"
        if path in self.within:
            at, inner = self.within[path]
            return f"json_extract_string({transformed}{at}, {quoted(inner)})"
        return f"({listed})[{self.others.index(path) + 1}]"

    def object_at(self, path: str, transformed: str) -> str:
        """SQL of the struct at a path that leads on to others; NULL where there is no object."""
        node: Any = json.loads(self.shape)
        keys, _ = _steps(path) or ([], None)
        for key in keys:
            node = node.get(key) if isinstance(node, dict) else None
        return f"{transformed}{_at(keys)}" if keys and isinstance(node, dict) else "NULL"


def planned(paths: Sequence[str]) -> JsonPaths:
    """Plans reading the paths, each written as after `$.` in a JSON path, or as a JSON Pointer."""
    shape: dict[str, Any] = {}
    places: dict[str, str] = {}
    within: dict[str, tuple[str, str]] = {}
    others: list[str] = []
    steps = {path: found for path in paths if (found := _steps(path))}
    whole = {tuple(keys) for keys, index in steps.values() if index is None}
    listed = {tuple(keys) for keys, index in steps.values() if index is not None}
    # Longer paths first: a path that leads on to others is found to be taken.
    for path in sorted(dict.fromkeys(paths), key=lambda path: -len(steps.get(path, ([], None))[0])):
        if path not in steps:
            others.append(path)
            continue
        keys, index = steps[path]
        is_both = tuple(keys) in whole & listed
        leaf: Any = "JSON" if is_both else "VARCHAR" if index is None else ["VARCHAR"]
        if not _placed(shape, keys, leaf):
            others.append(path)
        elif is_both:
            within[path] = (_at(keys), "$" if index is None else f"$[{index}]")
        else:
            places[path] = _at(keys) if index is None else f"{_at(keys)}[{index + 1}]"
    return JsonPaths(json.dumps(shape), places, within, tuple(others))


def _steps(path: str) -> tuple[list[str], int | None] | None:
    """The keys of a path and the index at its end; None when a shape cannot say it."""
    found = list(_STEP.finditer(path))
    if not found or "".join(step[0] for step in found) != path or any(step[3] for step in found[:-1]):
        return None
    index = found[-1][3]
    return [step[1] or step[2] for step in found], int(index) if index else None


def _at(keys: Sequence[str]) -> str:
    return "".join(f'."{key}"' for key in keys)


def _placed(shape: dict[str, Any], keys: Sequence[str], leaf: Any) -> bool:
    """Adds a leaf to the shape, unless the shape cannot hold it."""
    for position, key in enumerate(keys):
        node = _node(shape, keys[:position])
        if node is None:
            return False
        there = node.get(key)
        is_last = position == len(keys) - 1
        if there is None:
            if key.lower() in {known.lower() for known in node}:
                return False
        elif there != leaf if is_last else not isinstance(there, dict):
            return False
    node = shape
    for key in keys[:-1]:
        node = node.setdefault(key, {})
    node[keys[-1]] = leaf
    return True


def _node(shape: dict[str, Any], keys: Sequence[str]) -> dict[str, Any] | None:
    """The shape below the keys, empty where it holds none yet, None where something else stands."""
    node: Any = shape
    for key in keys:
        node = node.get(key, {}) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else None
