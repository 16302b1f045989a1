"""The scenarios of a workspace by name: one document, every change a version, so nothing is ever lost."""

from collections.abc import Callable
from typing import Any, Final

from data.documents import Version
from data.errors import WorkspaceError
from data.store import Workspace
from reports.scenario import MAX_NAME, Scenario
from reports.scenario_link import ScenarioError, read
from reports.undo import last_change, undo

DOCUMENT: Final = "scenarios"
MAX_SAVED: Final = 200

_Named = dict[str, Scenario]


class SavedScenarios:
    """Save, rename, duplicate, delete, undo; names are told apart without regard to case."""

    def __init__(self, workspace: Workspace) -> None:
        self._document = workspace.document(DOCUMENT)

    def all(self) -> tuple[Scenario, ...]:
        """Every saved scenario by name; WorkspaceError when the document is damaged."""
        saved = self._document.current()
        found = _read(saved[1]) if saved is not None else {}
        return tuple(sorted(found.values(), key=lambda scenario: scenario.name.casefold()))

    def get(self, name: str) -> Scenario | None:
        """The scenario of that name; None when there is none."""
        return next((item for item in self.all() if item.name.casefold() == name.casefold()), None)

    def save(self, scenario: Scenario, *, author: str, replace: bool = False) -> None:
        """Saves a scenario under its name; ScenarioError when the name is taken and `replace` is not set."""

        def change(found: _Named) -> None:
            key = scenario.name.casefold()
            if key in found and not replace:
                raise ScenarioError(
                    f"There is a scenario called “{found[key].name}” already. Choose another name."
                )
            if key not in found and len(found) >= MAX_SAVED:
                raise ScenarioError(f"{MAX_SAVED} scenarios are saved; delete one before saving another.")
            found[key] = scenario

        self._change(change, author, f"saved “{scenario.name}”")

    def rename(self, name: str, new: str, *, author: str) -> Scenario:
        """Gives a scenario another name; ScenarioError when that is taken or no name."""
        renamed = read({**self._existing(name).model_dump(), "name": new})

        def change(found: _Named) -> None:
            old, key = name.casefold(), renamed.name.casefold()
            if key != old and key in found:
                raise ScenarioError(
                    f"There is a scenario called “{found[key].name}” already. Choose another name."
                )
            found.pop(old, None)
            found[key] = renamed

        self._change(change, author, f"renamed “{name}” to “{renamed.name}”")
        return renamed

    def duplicate(self, name: str, *, author: str) -> Scenario:
        """A copy under the next free name."""
        original = self._existing(name)
        taken = {item.name.casefold() for item in self.all()}
        copy = original.model_copy(update={"name": free_name(original.name, taken)})
        self.save(copy, author=author)
        return copy

    def delete(self, name: str, *, author: str) -> None:
        """Takes a scenario away; ScenarioError when there is none of that name."""
        self._existing(name)
        self._change(lambda found: found.pop(name.casefold(), None), author, f"deleted “{name}”")

    def can_undo(self) -> bool:
        """Whether a change is left to take back."""
        return last_change(self._document) is not None

    def undo(self, *, author: str) -> bool:
        """Takes the last change back, then the one before it; False when none is left."""
        return undo(self._document, _content({}), author=author)

    def history(self) -> tuple[Version, ...]:
        """Every version, newest first."""
        return self._document.history()[::-1]

    def _existing(self, name: str) -> Scenario:
        found = self.get(name)
        if found is None:
            raise ScenarioError(f"There is no scenario called “{name}” any more. Save it under a name first.")
        return found

    def _change(self, change: Callable[[_Named], object], author: str, note: str) -> None:
        def updated(content: dict[str, Any]) -> dict[str, Any]:
            found = _read(content) if content else {}
            change(found)
            return _content(found)

        self._document.update(updated, author=author, note=note)


def free_name(name: str, taken: set[str]) -> str:
    """`name copy`, or with the first number that makes it free; never longer than a name may be."""
    number = 1
    while True:
        ending = " copy" if number == 1 else f" copy {number}"
        candidate = name[: MAX_NAME - len(ending)].rstrip() + ending
        if candidate.casefold() not in taken:
            return candidate
        number += 1


def _content(found: _Named) -> dict[str, Any]:
    return {"version": 1, "scenarios": [scenario.plain() for scenario in found.values()]}


def _read(content: dict[str, Any]) -> _Named:
    try:
        scenarios = [read(plain) for plain in content["scenarios"]]
    except (KeyError, TypeError, ScenarioError) as error:
        raise WorkspaceError(
            "The saved scenarios cannot be read",
            "A version of the document “scenarios” was changed by hand and no longer makes sense. "
            "Delete its newest file in documents/scenarios to go back to the version before.",
        ) from error
    return {scenario.name.casefold(): scenario for scenario in scenarios}
