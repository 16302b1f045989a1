"""The ledger: what becomes of each recommendation, from proposed to verified, with who and when.

A recommendation is known by its workload, provider, model and lane, so analysing again never makes
a second one. Proposed ones come from the analysis; everything else is an event, and events are only
ever added: each is one version of the document, written whole or not at all.
"""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
from pydantic import ValidationError

from data.documents import Version
from data.errors import WorkspaceError
from data.store import Workspace
from reports.analysis import analyse
from reports.baseline import freeze, known_before
from reports.ledger_model import (
    EVENT,
    Amounts,
    Baseline,
    Claimed,
    Dismissed,
    Event,
    Failed,
    Key,
    Measured,
    Reopened,
    State,
    Verified,
    payback_days,
)
from reports.look import Inputs
from reports.model import STAY, Analysis, Part, Range
from reports.recommend import TIER_OF_LANE
from reports.regression import Regression, regression
from reports.verification import LedgerError, measure
from triage.policy import Policy

DOCUMENT: Final = "ledger"
RECHECK_DAYS: Final = 90
"""When nobody says otherwise, a dismissed recommendation is looked at again after so many days."""
LONGEST_NOTE: Final = 2_000

_NAMESPACE: Final = uuid.UUID("6b1c6d0e-8f0a-4c63-9d55-1f8f0f3f7a10")
_OPEN: Final = ("claimed", "verified")
_CLAIMED: Final = (*_OPEN, "failed")


@dataclass(frozen=True)
class Entry:
    """One recommendation and where it stands.

    Attributes:
        ref: its short name, the same for ever.
        note: what was said last; of a dismissed one the reason.
        changed: the last event, None while it is only proposed.
        recommended: whether the analysis of today still proposes it.
        lane_now: where the calls of a proposed one run today.
        expected_per_year: frozen once it is claimed; None where nothing is expected any more.
        effort_usd: what the policy said a move takes.
        recheck_on: when a dismissed one comes back; kept on one that has come back.
        regression: how a verified one fell back.
        blocked_by: the lane for which the same calls are claimed already.
        lost: it was claimed, and no call has its name any more; the same calls may stand under another.
    """

    ref: str
    key: Key
    state: State
    owner: str = ""
    note: str = ""
    changed: Version | None = None
    recommended: bool = False
    expected_per_year: Range | None = None
    effort_usd: Decimal = Decimal(0)
    because: str = ""
    lane_now: str | None = None
    baseline: Baseline | None = None
    measured: Measured | None = None
    recheck_on: date | None = None
    regression: Regression | None = None
    blocked_by: str | None = None
    lost: bool = False

    @property
    def verified_per_year_micro_usd(self) -> Decimal | None:
        """What its calls save a year by the last verification; None before one."""
        return self.measured.saving_per_year_micro_usd if self.measured is not None else None

    @property
    def lane_before(self) -> str | None:
        """The lane that the move leaves: the baseline's, else today's."""
        return self.baseline.lane if self.baseline is not None else self.lane_now

    @property
    def counts(self) -> bool:
        """Whether a sum may hold it: not where its calls are claimed for another lane, or are lost."""
        return self.blocked_by is None and not self.lost

    @property
    def came_back(self) -> bool:
        """Whether it was dismissed and its day has come."""
        return self.state == "proposed" and self.recheck_on is not None

    @property
    def payback_days(self) -> Decimal | None:
        """Days until the saving, the verified one where there is one, has paid for the move."""
        saving = self.verified_per_year_micro_usd
        if saving is None and self.expected_per_year is not None:
            saving = self.expected_per_year.base
        return None if saving is None else payback_days(self.effort_usd, saving)


@dataclass(frozen=True)
class Totals:
    """Savings a year by what became of them; no call counts twice, for a part is claimed once."""

    proposed: Decimal
    claimed: Decimal
    expected_of_verified: Decimal
    verified: Decimal
    failed: Decimal


@dataclass(frozen=True)
class Happened:
    """One event: when, by whom, about what."""

    version: Version
    event: Event


def ref_of(key: Key) -> str:
    """The short name of a recommendation: eight letters and digits that follow from what it is."""
    return uuid.uuid5(_NAMESPACE, "\x1f".join((*key.part, key.lane))).hex[:8]


def totals(entries: Sequence[Entry]) -> Totals:
    """Sums over the entries that count."""

    def expected(*states: State) -> Decimal:
        amounts = (
            entry.expected_per_year.base
            for entry in entries
            if entry.state in states and entry.expected_per_year is not None and entry.counts
        )
        return sum(amounts, Decimal(0))

    def measured(state: State) -> Decimal:
        found = (
            entry.verified_per_year_micro_usd for entry in entries if entry.state == state and entry.counts
        )
        return sum((amount for amount in found if amount is not None), Decimal(0))

    return Totals(
        proposed=expected("proposed"),
        claimed=expected("claimed"),
        expected_of_verified=expected("verified", "failed"),
        verified=measured("verified"),
        failed=measured("failed"),
    )


class Ledger:
    """The ledger of one workspace."""

    def __init__(self, workspace: Workspace, inputs: Callable[[datetime | None], Inputs]) -> None:
        """`inputs` gives what an analysis rests on, at a date or today."""
        self._document = workspace.document(DOCUMENT)
        self._inputs = inputs

    # ---------------------------------------------------------------- reading

    def history(self) -> tuple[Happened, ...]:
        """Every event, oldest first; WorkspaceError when one is damaged."""
        return tuple(
            Happened(version, _read(version.seq, self._document.at(version.seq)))
            for version in self._document.history()
        )

    def entries(self, analysis: Analysis, cube: pa.Table, policy: Policy, on: date) -> tuple[Entry, ...]:
        """Everything proposed, claimed, verified, failed and dismissed on a day, dearest first."""
        known = _folded(self.history())
        found: dict[Key, Entry] = {}
        claimed = {key.part: key.lane for key, entry in known.items() if entry.state in _OPEN}
        effort = policy.moving.effort_usd
        for part in proposals(analysis):
            key = key_of(part)
            lane = claimed.get(key.part)
            if lane is not None and lane != key.lane and TIER_OF_LANE.get(lane) == TIER_OF_LANE.get(key.lane):
                continue  # the cache beside a claimed batch is no second move
            found[key] = Entry(
                ref_of(key),
                key,
                "proposed",
                recommended=True,
                expected_per_year=part.saving_per_year,
                effort_usd=effort,
                because=part.because,
                lane_now=part.current_lane,
                blocked_by=lane if lane != key.lane else None,
            )
        named = _parts(cube)
        for key, entry in known.items():
            found[key] = _with_proposal(entry, found.get(key), on, cube, named)
        return tuple(sorted(found.values(), key=_dearest_first))

    def entries_before(self, moved_on: datetime) -> tuple[Entry, ...]:
        """What was proposed from the calls before a moment, to claim a move that was made then."""
        given = known_before(self._inputs, moved_on)
        proposed = analyse(given)
        return self.entries(proposed, given.cube, given.policy, moved_on.date())

    def known(self) -> tuple[Entry, ...]:
        """Everything that ever happened to a recommendation, after its last event; asks no analysis."""
        return tuple(_folded(self.history()).values())

    def claimed(self, cube: pa.Table) -> tuple[Entry, ...]:
        """What was claimed and since, with what fell back; asks no analysis."""
        named = _parts(cube)
        return tuple(
            _with_proposal(entry, None, date.min, cube, named) for entry in self.known() if entry.baseline
        )

    # ---------------------------------------------------------------- changing

    def claim(
        self, key: Key, *, owner: str, note: str, author: str, moved_on: datetime | None = None
    ) -> Baseline:
        """Freezes the baseline of a recommendation; its saving is measured from the next hour on.

        `moved_on` (naive UTC) is when the calls moved, if that was earlier: the baseline is then what was
        known before. LedgerError when nothing is proposed, or its calls are claimed already.
        """
        owner, note = _said(owner, "an owner"), _note(note)
        now = datetime.now(UTC).replace(tzinfo=None)
        if moved_on is not None and moved_on > now:
            raise LedgerError("The move lies ahead", "Claim it with a day that has come, or without one.")
        baseline = freeze(key, self._inputs, moved_on, now)
        event = Claimed(key=key, owner=owner, baseline=baseline)

        def check(known: Mapping[Key, Entry]) -> None:
            for other, entry in known.items():
                if (
                    other.part == key.part
                    and entry.state in _OPEN
                    and not (other == key and entry.state == "verified")
                ):
                    raise LedgerError(
                        "Its calls are claimed already",
                        f"{key.workload} on {key.model} is {entry.state} for {other.lane} by "
                        f"{entry.owner}. Verify or dismiss that first, so that nothing is counted twice.",
                    )

        self._add(event, check, author=author, note=note)
        return baseline

    def dismiss(
        self,
        key: Key,
        *,
        owner: str,
        reason: str,
        author: str,
        recheck_on: date,
        expected: Range | None = None,
    ) -> None:
        """Puts a recommendation aside for a reason until a day; LedgerError without a reason."""
        if recheck_on <= datetime.now(UTC).date():
            raise LedgerError("The re-check date has passed", "Choose a day that lies ahead.")
        amounts = Amounts.of(expected) if expected is not None else None
        event = Dismissed(key=key, owner=owner.strip(), recheck_on=recheck_on, expected_per_year=amounts)
        self._add(event, lambda _: None, author=author, note=_said(_note(reason), "a reason"))

    def reopen(self, key: Key, *, author: str, note: str = "") -> None:
        """Takes a dismissal back; LedgerError when it is not dismissed."""

        def check(known: Mapping[Key, Entry]) -> None:
            if key not in known or known[key].state != "dismissed":
                raise LedgerError("Not dismissed", "Only a dismissed recommendation can be reopened.")

        self._add(Reopened(key=key, owner=""), check, author=author, note=_note(note))

    def verify(self, key: Key, *, author: str, note: str = "") -> Measured:
        """Measures the calls since the claim and records whether the saving is there.

        LedgerError when it was never claimed, or there is nothing to measure yet.
        """
        known = _folded(self.history()).get(key)
        baseline = known.baseline if known is not None else None
        if baseline is None or known is None or known.state not in _CLAIMED:
            raise LedgerError(
                "Not claimed",
                "Only a claimed recommendation has a baseline to verify against. Claim it first.",
            )
        measured = measure(key, baseline, self._inputs(None))
        kind = Verified if measured.holds else Failed
        event = kind(key=key, owner=known.owner, measured=measured)

        def check(now: Mapping[Key, Entry]) -> None:
            if now[key].baseline != baseline:
                raise LedgerError("It changed meanwhile", "Somebody else changed it just now; look again.")

        self._add(event, check, author=author, note=_note(note))
        return measured

    def _add(
        self, event: Event, check: Callable[[Mapping[Key, Entry]], None], *, author: str, note: str
    ) -> None:
        def change(_: dict[str, Any]) -> dict[str, Any]:
            check(_folded(self.history()))
            return event.model_dump(mode="json")

        self._document.update(change, author=author, note=note)


def proposals(analysis: Analysis) -> tuple[Part, ...]:
    """The parts that the analysis wants in another lane."""
    return tuple(
        part for result in analysis.workloads for part in result.parts if part.recommended_lane != STAY
    )


def key_of(part: Part) -> Key:
    """What the recommendation of a part is known by."""
    return Key(workload=part.workload, provider=part.provider, model=part.model, lane=part.recommended_lane)


def _folded(history: Sequence[Happened]) -> dict[Key, Entry]:
    """Where every recommendation that anything happened to stands after its last event."""
    found: dict[Key, Entry] = {}
    for happened in history:
        event, version = happened.event, happened.version
        before = found.get(event.key, Entry(ref_of(event.key), event.key, "proposed"))
        entry = replace(before, changed=version, owner=event.owner or before.owner, note=version.note)
        match event:
            case Claimed():
                entry = replace(
                    entry,
                    state="claimed",
                    baseline=event.baseline,
                    measured=None,
                    recheck_on=None,
                    expected_per_year=event.baseline.expected_per_year.range(),
                    effort_usd=event.baseline.effort_usd,
                )
            case Verified() | Failed():
                entry = replace(entry, state=event.event, measured=event.measured)
            case Dismissed():
                expected = event.expected_per_year
                entry = replace(
                    entry,
                    state="dismissed",
                    recheck_on=event.recheck_on,
                    expected_per_year=expected.range() if expected is not None else None,
                )
            case Reopened():
                entry = replace(entry, state="proposed", recheck_on=None, baseline=None, measured=None)
        found[event.key] = entry
    return found


def _parts(cube: pa.Table) -> frozenset[tuple[str, str, str]]:
    """Workload, provider and model of everything that has calls, described ones included."""
    names = cube.select(["workload", "provider", "model"])
    found = names.group_by(names.column_names).aggregate([]).to_pylist()
    return frozenset((row["workload"], row["provider"], row["model"]) for row in found)


def _with_proposal(
    entry: Entry, proposed: Entry | None, on: date, cube: pa.Table, named: frozenset[tuple[str, str, str]]
) -> Entry:
    """What happened to a recommendation, beside what the analysis says of it now."""
    because = proposed.because if proposed is not None else ""
    entry = replace(entry, recommended=proposed is not None, because=because)
    due = entry.state == "dismissed" and entry.recheck_on is not None and entry.recheck_on <= on
    if proposed is not None and (due or entry.state == "proposed"):
        return replace(
            proposed,
            owner=entry.owner,
            note=entry.note,
            changed=entry.changed,
            recheck_on=entry.recheck_on if due else None,
        )
    if entry.state in _CLAIMED and entry.key.part not in named:
        return replace(entry, lost=True)
    if entry.state == "verified" and entry.measured is not None:
        return replace(entry, regression=regression(entry.key, entry.measured, cube))
    return entry


def _dearest_first(entry: Entry) -> tuple[Decimal, str, str]:
    expected = entry.expected_per_year
    return (-expected.base if expected is not None else Decimal(0), entry.key.workload, entry.ref)


def _said(text: str, what: str) -> str:
    if not text.strip():
        raise LedgerError("Something is missing", f"Give {what}, so that others know later.")
    return text.strip()


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise LedgerError("The note is too long", f"Keep it below {LONGEST_NOTE:,} characters.")
    return text.strip()


def _read(seq: int, content: dict[str, Any]) -> Event:
    try:
        return EVENT.validate_python(content, strict=False)
    except ValidationError as error:
        raise WorkspaceError(
            "The ledger cannot be read",
            f"Version {seq} of the document “{DOCUMENT}” was changed by hand and no longer makes sense. "
            f"Restore documents/{DOCUMENT}/{seq:06d}.json from a backup.",
        ) from error
