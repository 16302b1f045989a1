"""What a workspace is watched for, kept in it, and what fires there now."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from pydantic import ValidationError

from data.batches import batch_jobs
from data.documents import Version
from data.errors import WorkspaceError
from data.shared_engine import sharing_an_engine
from data.store import Workspace
from reports.alerts import Found, Seen, look
from reports.ledger import Ledger
from reports.look import Inputs
from reports.undo import UNDOES, last_change, undo
from reports.watch_model import Watched

DOCUMENT: Final = "alerts"


class Watch:
    """The budgets and thresholds of one workspace, each change a version, and the look at them."""

    def __init__(
        self, workspace: Workspace, ledger: Ledger, inputs: Callable[[datetime | None], Inputs]
    ) -> None:
        """`inputs` gives what an analysis rests on, at a date or today."""
        self._workspace = workspace
        self._document = workspace.document(DOCUMENT)
        self._ledger = ledger
        self._inputs = inputs

    def watched(self) -> Watched:
        """The budgets and thresholds in force; WorkspaceError when the document is damaged."""
        saved = self._document.current()
        if saved is None:
            return Watched()
        try:
            return Watched.model_validate({name: value for name, value in saved[1].items() if name != UNDOES})
        except ValidationError as error:
            raise WorkspaceError(
                "Budgets and thresholds cannot be read",
                f"The document “{DOCUMENT}” was changed by hand and no longer makes sense. Delete its newest "
                f"file in documents/{DOCUMENT} to go back to the version before.",
            ) from error

    def save(self, watched: Watched, *, author: str, note: str) -> bool:
        """Puts budgets and thresholds in force; False when they are already."""
        if watched == self.watched():
            return False
        self._document.save(_plain(watched), author=author, note=note)
        return True

    def history(self) -> tuple[Version, ...]:
        """Every version, newest first."""
        return self._document.history()[::-1]

    def can_undo(self) -> bool:
        """Whether a change is left to take back."""
        return last_change(self._document) is not None

    def undo(self, *, author: str) -> bool:
        """Takes the last change back, then the one before it; False when none is left."""
        return undo(self._document, _plain(Watched()), author=author)

    def look(self, at: datetime | None = None) -> Found:
        """What fires at a moment (naive UTC), now when None."""
        now = at if at is not None else datetime.now(UTC).replace(tzinfo=None)
        with sharing_an_engine(self._workspace):
            given = self._inputs(None)
            jobs = batch_jobs(self._workspace)
        return look(
            Seen(
                cube=given.cube,
                batches=jobs,
                prices=given.prices,
                entries=self._ledger.claimed(given.cube),
                watched=self.watched(),
                at=now,
            )
        )


def _plain(watched: Watched) -> dict[str, Any]:
    return watched.model_dump(mode="json")
