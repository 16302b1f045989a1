"""The price edits of a workspace: one document; every change is attributed, dated and can be undone."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import ValidationError

from data.documents import Version
from data.errors import WorkspaceError
from data.store import Workspace
from pricing import overlay_conflicts
from pricing.model import PriceRow
from pricing.overlay import Overlay, PriceEdit
from pricing.overlay_conflicts import Conflict
from pricing.table import PriceTable
from reports.undo import last_change, undo

DOCUMENT: Final = "price_overlay"


class PriceBook:
    """The edits that a workspace lays over the shipped table; the table itself never changes."""

    def __init__(self, workspace: Workspace, shipped: PriceTable) -> None:
        self._document = workspace.document(DOCUMENT)
        self._shipped = shipped

    def overlay(self) -> Overlay:
        """The edits in force, oldest first; WorkspaceError when the document is damaged."""
        saved = self._document.current()
        return _read(saved[1]) if saved is not None else Overlay()

    def with_rows(self, rows: Sequence[PriceRow], *, author: str, note: str = "") -> Overlay:
        """The overlay as it would be with further rows; nothing is saved."""
        return self._extended(self.overlay(), rows, author, note)

    def apply(self, rows: Sequence[PriceRow], *, author: str, note: str) -> None:
        """Lays checked rows over the price table; history before their dates does not change."""
        self._change(lambda overlay: self._extended(overlay, rows, author, note), author, note)

    def reset(self, *, author: str) -> None:
        """Takes every edit back; the shipped table is in force again."""
        if self.overlay().edits:
            self._change(lambda _: Overlay(), author, "Reset")

    def can_undo(self) -> bool:
        """Whether a change is left to take back."""
        return last_change(self._document) is not None

    def undo(self, *, author: str) -> bool:
        """Takes the last change back, a reset too, then the one before it; False when none is left."""
        return undo(self._document, Overlay().to_dict(), author=author)

    def conflicts(self) -> tuple[Conflict, ...]:
        """Edits whose shipped price has changed since they were made."""
        return overlay_conflicts.conflicts(self._shipped, self.overlay())

    def keep(self, edits: Sequence[PriceEdit], *, author: str) -> None:
        """Settles conflicts: the edits stand."""

        def kept(overlay: Overlay) -> Overlay:
            for edit in edits:
                overlay = overlay_conflicts.keep(self._shipped, overlay, edit)
            return overlay

        self._change(kept, author, f"Kept the own price of {_names(edits)}")

    def take(self, edits: Sequence[PriceEdit], *, author: str) -> None:
        """Settles conflicts: the shipped prices hold."""

        def taken(overlay: Overlay) -> Overlay:
            for edit in edits:
                overlay = overlay_conflicts.take(overlay, edit)
            return overlay

        self._change(taken, author, f"Took the shipped price of {_names(edits)}")

    def history(self) -> tuple[Version, ...]:
        """Every version, newest first."""
        return self._document.history()[::-1]

    def _extended(self, overlay: Overlay, rows: Sequence[PriceRow], author: str, note: str) -> Overlay:
        now = datetime.now(UTC).replace(tzinfo=None)
        return overlay.with_rows(rows, author=author, at_utc=now, note=note, shipped=self._shipped)

    def _change(self, change: Callable[[Overlay], Overlay], author: str, note: str) -> None:
        """Saves what a change makes of the overlay as it is then, so that two editors lose nothing."""

        def changed(content: dict[str, Any]) -> dict[str, Any]:
            return change(_read(content) if content else Overlay()).to_dict()

        self._document.update(changed, author=author, note=note)


def _names(edits: Sequence[PriceEdit]) -> str:
    if len(edits) > 1:
        return f"{len(edits)} rows"
    return ", ".join(f"{edit.row.provider} / {edit.row.model}, {edit.row.tier}" for edit in edits)


def _read(content: dict[str, Any]) -> Overlay:
    try:
        return Overlay.from_dict(content)
    except (KeyError, TypeError, ValueError, ValidationError) as error:
        raise WorkspaceError(
            "The saved price edits cannot be read",
            f"A version of the document “{DOCUMENT}” was changed by hand and no longer makes sense. "
            f"Delete its newest file in documents/{DOCUMENT} to go back to the version before.",
        ) from error
