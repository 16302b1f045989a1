"""The triage policy of a workspace: one document of YAML texts; every change is a version with its author."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from data.documents import Version
from data.errors import WorkspaceError
from data.store import Workspace
from reports.model import PolicyUsed
from triage.errors import PolicyError
from triage.policy import Policy
from triage.policy_edit import pattern_of, with_override, without_override
from triage.sections import Override

DOCUMENT: Final = "policy"
_SHOWN: Final = 3
"""Problems of a damaged policy that are told where it is used; the Policy page lists them all."""


@dataclass(frozen=True)
class Fault:
    """One thing to mend in a policy's text: line and column from 1, None where it is about the whole file.

    `text` is the line as it stands, so that it is found where an editor shows no numbers.
    """

    line: int | None
    column: int | None
    sentence: str
    text: str


@dataclass(frozen=True)
class Checked:
    """A policy's text, read: the policy, or everything to mend."""

    policy: Policy | None
    faults: tuple[Fault, ...]

    @property
    def description(self) -> str:
        """What a usable policy says it is for."""
        return self.policy.description if self.policy is not None else ""


@dataclass(frozen=True)
class Stored:
    """A version as it was saved; `seq` 0 is the shipped default that nobody has changed."""

    seq: int
    preset: str
    edited: bool
    text: str


@dataclass(frozen=True)
class InForce:
    """The policy in force with where it is from.

    Attributes:
        outdated: the preset was chosen as shipped, and another version of it ships by now.
    """

    policy: Policy
    stored: Stored
    used: PolicyUsed
    outdated: bool


@lru_cache(maxsize=32)
def check(text: str) -> Checked:
    """Reads a policy's text; problems are values, each with its place."""
    try:
        return Checked(Policy.load(text), ())
    except PolicyError as error:
        lines = text.splitlines()
        return Checked(
            None,
            tuple(
                Fault(
                    line=place[0] if place else None,
                    column=place[1] if place else None,
                    sentence=said,
                    text=lines[place[0] - 1].strip() if place and place[0] <= len(lines) else "",
                )
                for said, place in zip(error.problems, error.places, strict=True)
            ),
        )


class PolicyBook:
    """The versions of a workspace's policy; without one the shipped default is in force."""

    def __init__(self, workspace: Workspace) -> None:
        self._document = workspace.document(DOCUMENT)

    @staticmethod
    def presets() -> Mapping[str, str]:
        """The shipped policies, the default first: how each is called -> its own name."""
        return {preset: Policy.named(preset).name for preset in Policy.presets()}

    @staticmethod
    def preset_text(preset: str) -> str:
        """A shipped policy with its comments; TriageError when there is none of that name."""
        return Policy.preset_text(preset)

    def stored(self) -> Stored:
        """The text in force, fit for use or not; WorkspaceError when the document is damaged."""
        saved = self._document.current()
        return _read(*saved) if saved is not None else _shipped(0)

    def in_force(self) -> InForce:
        """The policy in force; WorkspaceError when what was saved cannot be used."""
        stored = self.stored()
        policy = _usable(stored)
        shipped = Policy.named(stored.preset).version if stored.preset in Policy.presets() else ""
        return InForce(policy, stored, used(policy, stored), not stored.edited and policy.version != shipped)

    def policy(self) -> Policy:
        """The policy in force, without where it is from."""
        return self.in_force().policy

    def save(
        self, text: str, *, author: str, note: str, preset: str | None = None, expected: int | None = None
    ) -> bool:
        """Puts a policy in force; every verdict follows. False when this very text is in force already.

        `preset` is what it was edited from, by default the one of its name, else that of the text in force;
        a text that says what a preset says is that preset. `expected` is the version it was edited over.

        Raises:
            PolicyError: the text cannot be used.
            WorkspaceError: another version than `expected` is in force by now.
        """
        policy = Policy.load(text)

        def change(content: dict[str, Any]) -> Mapping[str, Any]:
            now = self._seq()
            if expected is not None and now != expected:
                raise WorkspaceError(
                    "Somebody else saved the policy meanwhile",
                    f"Version {now} is in force; yours was edited over version {expected}. Keep your text "
                    "(download it), discard the draft here, and make your change over theirs.",
                )
            return _content(policy, text, preset or _preset_of(policy, content))

        with suppress(WorkspaceError):  # a damaged version is no reason to keep it
            if self.stored().text == text:
                return False
        self._document.update(change, author=author, note=note)
        return True

    def choose(self, preset: str, *, author: str, note: str) -> bool:
        """Puts a shipped policy in force as it ships; False when it is. TriageError without such a preset."""
        return self.save(Policy.preset_text(preset), author=author, note=note, preset=preset)

    def at(self, seq: int) -> Stored:
        """One version as it was saved; WorkspaceError when there is none or it is damaged."""
        return _read(seq, self._document.at(seq))

    def _seq(self) -> int:
        saved = self._document.current()
        return saved[0] if saved is not None else 0

    def can_undo(self) -> bool:
        """Whether a change is left to take back."""
        return self._document.can_undo()

    def undo(self, *, author: str) -> bool:
        """Takes the last change back, then the one before it, and so on; False when none is left."""
        return self._document.undo(author=author)

    def history(self) -> tuple[Version, ...]:
        """Every version, newest first."""
        return self._document.history()[::-1]

    @staticmethod
    def override(text: str, workload: str, *, sla: str | None, min_requests: int | None) -> str:
        """The text of a usable policy with what holds for one workload; nothing is saved."""
        asked = Override(workload=pattern_of(workload), sla=sla, min_requests_per_batch=min_requests)
        return with_override(text, asked)

    @staticmethod
    def without_override(text: str, index: int) -> str:
        """The text of a usable policy without one of its overrides, from 0; nothing is saved."""
        return without_override(text, index)


def used(policy: Policy, stored: Stored | None = None) -> PolicyUsed:
    """What a report says of a policy; without a stored version it is the preset it equals, if any."""
    if stored is None:
        preset = next((name for name in Policy.presets() if Policy.named(name) == policy), None)
        stored = Stored(0, preset or "", preset is None, "")
    return PolicyUsed(
        name=policy.name,
        preset=stored.preset or None,
        edited=stored.edited,
        saved=stored.seq or None,
        text=stored.text or policy.to_yaml(),
    )


def _shipped(seq: int) -> Stored:
    preset = Policy.presets()[0]
    return Stored(seq, preset, False, Policy.preset_text(preset))


def _content(policy: Policy, text: str, preset: str) -> dict[str, Any]:
    same = next((name for name in Policy.presets() if Policy.named(name) == policy), None)
    return {"preset": same or preset, "edited": same is None, "yaml": text}


def _preset_of(policy: Policy, content: Mapping[str, Any]) -> str:
    """What a text of unknown origin was edited from: the preset of its name, else that in force."""
    named = next((preset for preset in Policy.presets() if Policy.named(preset).name == policy.name), None)
    preset = named or content.get("preset")
    return preset if isinstance(preset, str) else Policy.presets()[0]


def _read(seq: int, content: Mapping[str, Any]) -> Stored:
    """A version as it was saved; undoing the first save leaves an empty one, which is the shipped default."""
    if not content:
        return _shipped(seq)
    match content:
        case {"preset": str(preset), "edited": bool(edited), "yaml": str(text)}:
            return Stored(seq, preset, edited, text)
        case _:
            raise WorkspaceError(
                "The saved policy cannot be read",
                f"Version {seq} of the document “{DOCUMENT}” was changed by hand and no longer makes sense. "
                "Go back to an older version or to a preset on the Policy page, or delete its newest file in "
                f"documents/{DOCUMENT}.",
            )


def _usable(stored: Stored) -> Policy:
    found = check(stored.text)
    if found.policy is not None:
        return found.policy
    said = " ".join(
        fault.sentence
        if fault.line is None
        else f"Line {fault.line}, column {fault.column}: {fault.sentence}"
        for fault in found.faults[:_SHOWN]
    )
    more = f" And {len(found.faults) - _SHOWN} more." if len(found.faults) > _SHOWN else ""
    raise WorkspaceError(
        "The saved policy cannot be used",
        f"Version {stored.seq} of the policy: {said}{more} Mend it, go back to an older version or reset it "
        "to a preset on the Policy page.",
    )
