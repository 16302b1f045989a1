"""The contract and regional percentages of a workspace: one document, every change a version."""

from collections.abc import Sequence
from typing import Any, Final

from pydantic import ValidationError

from data.documents import Version
from data.errors import WorkspaceError
from data.store import Workspace
from pricing.discounts import Discount

DOCUMENT: Final = "discounts"

UNDOES: Final = "undoes"
"""In a version made by undoing: the number of the change taken back."""


class Discounts:
    """The percentages that a workspace lays over list prices; see `pricing.discounts.Discount`."""

    def __init__(self, workspace: Workspace) -> None:
        self._document = workspace.document(DOCUMENT)

    def current(self) -> tuple[Discount, ...]:
        """Those in force, in the order they were given; WorkspaceError when the document is damaged."""
        saved = self._document.current()
        return _read(saved[1]) if saved is not None else ()

    def set(self, discounts: Sequence[Discount], *, author: str, note: str = "") -> bool:
        """Replaces all of them; who entered one that stays is kept. False when nothing differs."""
        known = {discount.model_copy(update={"author": ""}): discount for discount in self.current()}
        named = tuple(
            known.get(unnamed, discount.model_copy(update={"author": author}))
            for discount in discounts
            for unnamed in (discount.model_copy(update={"author": ""}),)
        )
        if named == self.current():
            return False
        self._document.save(_content(named), author=author, note=note)
        return True

    def history(self) -> tuple[Version, ...]:
        """Every version, newest first."""
        return self._document.history()[::-1]

    def undo(self, *, author: str) -> bool:
        """Takes the last change back, then the one before it, and so on; False when none is left."""
        saved = self._document.current()
        seq = saved[0] if saved is not None else 0
        while seq and UNDOES in (content := self._document.at(seq)):
            seq = int(content[UNDOES]) - 1  # an undone change left the version before it in force
        if not seq:
            return False
        before = self._document.at(seq - 1) if seq > 1 else _content(())
        self._document.save({**before, UNDOES: seq}, author=author, note="Undo")
        return True


def _content(discounts: Sequence[Discount]) -> dict[str, Any]:
    """Plain values fit for JSON; percentages as text, so that no float touches them."""
    return {"discounts": [discount.model_dump(mode="json", exclude_none=True) for discount in discounts]}


def _read(content: dict[str, Any]) -> tuple[Discount, ...]:
    try:
        return tuple(Discount.model_validate(saved) for saved in content["discounts"])
    except (KeyError, TypeError, ValidationError) as error:
        raise WorkspaceError(
            "The saved discounts cannot be read",
            "A version of the document “discounts” was changed by hand and no longer makes sense. "
            "Delete its newest file in documents/discounts to go back to the version before.",
        ) from error
