"""Undo of a document, step by step: every undo is a new version that says which change it took back."""

from collections.abc import Mapping
from typing import Any, Final

from data.documents import Document

UNDOES: Final = "undoes"
"""In a version made by undoing: the number of the change taken back."""


def last_change(document: Document) -> int | None:
    """The number of the newest change that no undo has taken back; None when there is none."""
    saved = document.current()
    seq = saved[0] if saved is not None else 0
    while seq and UNDOES in (content := document.at(seq)):
        seq = int(content[UNDOES]) - 1  # an undone change left the version before it in force
    return seq or None


def undo(document: Document, empty: Mapping[str, Any], *, author: str) -> bool:
    """Puts back what was before the last change, `empty` before the first; False when nothing is left."""
    seq = last_change(document)
    if seq is None:
        return False
    before = document.at(seq - 1) if seq > 1 else empty
    document.save({**before, UNDOES: seq}, author=author, note="Undo")
    return True
