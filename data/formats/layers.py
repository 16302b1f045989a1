"""Expressions that many columns of a draft need, computed once.

SQL has no local variables: an expression written into five columns is computed five times. A layer
is a common table expression that adds such expressions as columns `v1, v2, ...`; an expression that
uses others goes one layer up.
"""

import re
from collections.abc import Sequence
from typing import Final

_ALIAS: Final = re.compile(r"\bv\d+\b")


class Layers:
    """Collects shared expressions over a relation."""

    def __init__(self) -> None:
        self._layers: list[dict[str, str]] = []
        self._level: dict[str, int] = {}

    def column(self, expression: str) -> str:
        """The name of the column that holds an expression; equal expressions share one."""
        level = max((self._level[used] + 1 for used in set(_ALIAS.findall(expression))), default=0)
        while len(self._layers) <= level:
            self._layers.append({})
        layer = self._layers[level]
        if expression not in layer:
            layer[expression] = f"v{len(self._level) + 1}"
            self._level[layer[expression]] = level
        return layer[expression]

    def expressions(self, relation: str) -> tuple[list[str], str]:
        """The common table expressions on top of a relation, and the name of the last one."""
        tables = []
        for number, layer in enumerate(self._layers):
            added = "".join(f",\n    {expression} AS {name}" for expression, name in layer.items())
            tables.append(f"layer{number} AS (\n  SELECT *{added}\n  FROM {relation}\n)")
            relation = f"layer{number}"
        return tables, relation


def joined(tables: Sequence[str]) -> str:
    """A WITH clause of common table expressions."""
    return "WITH " + ",\n".join(tables)
