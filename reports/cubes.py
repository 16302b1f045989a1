"""The usage cube of a workspace, read once for every state of its calls: price edits leave it alone."""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from data.cube import usage_cube
from data.store import Workspace

PRICE_DOCUMENTS: Final = frozenset({"price_overlay", "discounts", "model_mapping"})
"""Documents that change what calls cost and never what they are."""

_KEPT: Final = 4


class Cubes:
    """The last few cubes of one workspace, by the state of its calls and the thresholds."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._known: OrderedDict[tuple[object, ...], pa.Table] = OrderedDict()

    def cube(self, thresholds: Sequence[int]) -> pa.Table:
        """The usage cube, banded by `thresholds`; the same table as long as no call changes."""
        key = (self.state(), tuple(thresholds))
        known = self._known.get(key)
        if known is None:
            known = usage_cube(self._workspace, thresholds)
            self._known[key] = known
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return known

    def state(self) -> tuple[tuple[str, int], ...]:
        """Changes whenever a dataset or a document does that is not about prices."""
        path = self._workspace.path
        documents = (
            document
            for document in (path / "documents").glob("*/*.json")
            if document.parent.name not in PRICE_DOCUMENTS
        )
        files = sorted([*(path / "datasets").glob("*/manifest.json"), *documents])
        return tuple((str(file), file.stat().st_mtime_ns) for file in files)
