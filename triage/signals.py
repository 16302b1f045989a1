"""What each signal of the log points to, how heavily, and what a workload's signals say together.

Signals suggest; they never make a workload semi-interactive or batch. Weights are whole points: 3 for
a signal that settles most cases, 2 for a strong one, 1 for a hint.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

from triage.behaviour import Behaviour
from triage.durations import number_text, seconds_text, share_text
from triage.model import Evidence, Label

Lean = Literal["interactive", "batch"]
LEANS: Final[tuple[Lean, ...]] = ("interactive", "batch")

MIN_CALLS: Final = 100
"""Fewer calls than this say nothing: one afternoon of testing looks like a job."""

INTERACTIVE_FROM: Final = 3
BATCH_FROM: Final = 5
BATCH_MARGIN: Final = 4
STRONG: Final = 2
"""Points: enough for interactive; enough for batch, by how much more; and what alone forbids batch."""

_LOG: Final = "log"


@dataclass(frozen=True)
class Signal:
    """One signal: when it holds, it points to `label` with `weight` points.

    Attributes:
        field: the field of `Behaviour` it is read from.
        side: whether it holds from the threshold upwards or up to the threshold.
        needs: further fields that must lie inside (low, high) for it to hold.
        sentence: with `{value}` and `{line}`.
    """

    field: str
    side: Literal["at_least", "at_most"]
    threshold: float
    label: Label
    weight: int
    text: Callable[[float], str]
    sentence: str
    needs: tuple[tuple[str, float, float], ...] = ()

    def holds(self, behaviour: Behaviour) -> bool:
        """Whether the log shows this signal; a signal that the log cannot show does not hold."""
        value = getattr(behaviour, self.field)
        if value is None:
            return False
        if value < self.threshold if self.side == "at_least" else value > self.threshold:
            return False
        for name, low, high in self.needs:
            other = getattr(behaviour, name)
            if other is None or not low <= other <= high:
                return False
        return True

    def evidence(self, behaviour: Behaviour) -> Evidence:
        """The signal as a piece of evidence, with its value and threshold."""
        value = getattr(behaviour, self.field)
        said = self.sentence.format(value=self.text(value), line=self.text(self.threshold))
        return Evidence(
            "behaviour", f"behaviour.{self.field}", value, self.threshold, self.label, self.weight, said, _LOG
        )


def _count(value: float) -> str:
    return number_text(round(value))


def _seconds(value: float) -> str:
    return seconds_text(round(value))


SIGNALS: Final[tuple[Signal, ...]] = (
    Signal(
        "streaming_share", "at_least", 0.5, "interactive", 3, share_text,
        "{value} of the calls stream their answer, as for somebody who reads along (line: {line}).",
    ),
    Signal(
        "multi_turn_share", "at_least", 0.3, "interactive", 2, share_text,
        "{value} of the sessions go on after a pause as long as a person takes to read and type "
        "(line: {line}).",
        needs=(("session_gap_p50_s", 5, 1_800),),
    ),
    Signal(
        "priority_tier_share", "at_least", 0.5, "interactive", 2, share_text,
        "{value} of the calls pay for the priority tier, so somebody wants them fast (line: {line}).",
    ),
    Signal(
        "n_users", "at_least", 20, "interactive", 1, _count,
        "{value} different users are behind the calls (line: {line}).",
    ),
    Signal(
        "hour_of_week_spread", "at_least", 0.3, "interactive", 1, share_text,
        "Calls come in {value} of the hours of the week, without a peak, as people do (line: {line}).",
        needs=(("busiest_hours_share", 0, 0.4), ("cron_likeness", 0, 0.1)),
    ),
    Signal(
        "flex_tier_share", "at_least", 0.5, "semi_interactive", 2, share_text,
        "{value} of the calls already run in the flex tier (line: {line}).",
    ),
    Signal(
        "latency_p50_ms", "at_least", 60_000, "semi_interactive", 1, lambda value: _seconds(value / 1_000),
        "Half of the answers take {value} or longer: hardly anybody watches a screen that long "
        "(line: {line}).",
    ),
    Signal(
        "batch_tier_share", "at_least", 0.5, "batch", 3, share_text,
        "{value} of the calls already run in a batch (line: {line}).",
    ),
    Signal(
        "cron_likeness", "at_least", 0.2, "batch", 2, share_text,
        "Calls keep to the same minutes of the hour, {value} of the way from even to all in one minute, as "
        "a scheduled job does (line: {line}).",
    ),
    Signal(
        "busiest_hours_share", "at_least", 0.8, "batch", 2, share_text,
        "{value} of the calls come in three hours of the day (line: {line}).",
    ),
    Signal(
        "burst_size_p50", "at_least", 50, "batch", 2, _count,
        "Calls come in bursts of {value} without a minute's pause (line: {line}).",
    ),
    Signal(
        "hour_of_week_spread", "at_most", 0.15, "batch", 1, share_text,
        "Calls come in only {value} of the hours of the week (line: {line}).",
    ),
    Signal(
        "streaming_share", "at_most", 0.01, "batch", 1, share_text,
        "{value} of the calls stream their answer, so nobody reads along (line: {line}).",
    ),
    Signal(
        "n_users", "at_most", 2, "batch", 1, _count,
        "The calls come from no more than {value} users or service keys (line: {line}).",
    ),
    Signal(
        "error_share", "at_least", 0.1, "unknown", 1, share_text,
        "{value} of the calls fail, so bursts may be repeats and not a job (line: {line}).",
    ),
    Signal(
        "retry_share", "at_least", 0.1, "unknown", 1, share_text,
        "{value} of the calls repeat a failed one, so bursts may be repeats and not a job (line: {line}).",
    ),
)  # fmt: skip
"""In the order they are shown: heaviest first within each label."""


@dataclass(frozen=True)
class Reading:
    """What the signals say together.

    Attributes:
        evidence: every signal that holds, in the order of `SIGNALS`.
        lean: where they point; None when they are too few, too weak or divided.
        points: how far the signals for `lean` outweigh those for the other label; 0 without one.
    """

    evidence: tuple[Evidence, ...]
    lean: Lean | None
    points: int


_SILENT: Final = Reading((), None, 0)


def read_signals(behaviour: Behaviour | None) -> Reading:
    """Reads the signals of a workload; below `MIN_CALLS` calls they say nothing.

    Interactive needs fewer points than batch: taking a job for a chat costs money, taking a chat
    for a job costs a person's time. One strong signal for interactive forbids batch. Of two behaviours
    under one name the numbers are those of neither, so they point nowhere.
    """
    if behaviour is None or behaviour.n_calls < MIN_CALLS:
        return _SILENT
    evidence = tuple(signal.evidence(behaviour) for signal in SIGNALS if signal.holds(behaviour))
    interactive, batch = (sum(item.weight for item in evidence if item.direction == lean) for lean in LEANS)
    strong = any(item.direction == "interactive" and item.weight >= STRONG for item in evidence)
    if behaviour.two_behaviours:
        return Reading(evidence, None, 0)
    if interactive >= INTERACTIVE_FROM and interactive > batch:
        return Reading(evidence, "interactive", interactive - batch)
    if batch >= BATCH_FROM and batch - interactive >= BATCH_MARGIN and not strong:
        return Reading(evidence, "batch", batch - interactive)
    return Reading(evidence, None, 0)


_NAME_WORDS: Final[dict[Lean, tuple[str, ...]]] = {
    "interactive": ("autocomplete", "assistant", "chat", "chatbot", "copilot", "live", "realtime", "voice"),
    "batch": ("backfill", "batch", "bulk", "cron", "eval", "evals", "nightly", "offline", "weekly"),
}
"""Words that name a habit; a word alone decides nothing, so the list stays short."""


def name_evidence(name: str) -> tuple[Evidence, ...]:
    """Words of a workload's name that hint at a label; shown where the label is open, never decisive."""
    words = "".join(letter if letter.isalnum() else " " for letter in name.lower()).split()
    return tuple(
        Evidence(
            "name", "name", word, None, lean, 0, f"Its name says {word!r}; a name decides nothing.", "name"
        )
        for lean in LEANS
        for word in _NAME_WORDS[lean]
        if word in words
    )
