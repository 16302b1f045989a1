"""Every sentence triage says that is not in a policy, and how a policy's templates are filled in."""

from collections.abc import Mapping
from decimal import Decimal
from string import Formatter
from typing import Final

from triage.durations import duration_text, number_text, seconds_text, share_text
from triage.facts import (
    batch_eligible_share,
    batch_marked_share,
    deadline_share,
    max_wait_s,
    min_deadline_s,
    wait_s,
)
from triage.model import Label, Tier, Trigger, WorkloadFacts
from triage.rules import Thresholds
from triage.signals import read_signals

PLACEHOLDERS: Final[dict[str, tuple[str, ...]]] = {
    "wait": ("wait_s", "max_wait_s", "min_deadline_s"),
    "wait_basis": ("wait_s", "max_wait_s", "min_deadline_s"),
    "deadline": ("min_deadline_s", "deadline_share"),
    "with_deadline": ("deadline_share",),
    "eligible": ("batch_eligible_share",),
    "marked": ("batch_marked_share",),
    "trigger": ("trigger",),
    "requests_per_day": ("requests_per_day",),
    "signals": ("behaviour",),
    "interactive_below": (),
    "semi_up_to": (),
    "batch_window": (),
}
"""Placeholder -> facts of which one must be known for it to have a value; none for a threshold."""

_WAIT_BASES: Final = {
    "max_wait_ms": "longest acceptable wait",
    "min_deadline_s": "shortest deadline in the log",
}

_TRIGGERS: Final[dict[Trigger, str]] = {
    "user": "a user",
    "event": "an event",
    "schedule": "a schedule",
    "queue": "a queue",
    "ci": "a CI pipeline",
    "manual": "a person, by hand,",
}

_CONFIDENCE: Final = (
    (0.85, "High: stated facts decide, and little or nothing speaks against it."),
    (0.65, "Medium: stated facts decide, but read what speaks against it."),
    (0.01, "Low: decided on the safe side against several doubts; ask the owner before acting."),
)
_SENT: Final[dict[Tier, str]] = {
    "standard": "Sent synchronously.",
    "priority": "Sent synchronously in the priority tier.",
    "flex": "Sent in the flex tier.",
    "batch": "Sent in a batch.",
    "offpeak": "Held for off-peak hours.",
}

STREAMS: Final = (
    "Its answer is streamed to somebody who reads along, and no batch streams. Sent synchronously."
)
TOO_RISKY: Final = "The chance to miss that deadline in a batch is unknown or above what the policy takes."

NO_CONFIDENCE: Final = "None: no label is defended until the question is answered."


def placeholders_in(template: str) -> tuple[str, ...]:
    """The placeholders of a template; ValueError when it has anything in braces but plain names."""
    names: list[str] = []
    try:
        parts = list(Formatter().parse(template))
    except ValueError:
        raise ValueError("has a brace without its partner; write {{ for a brace that is meant") from None
    for _, name, form, conversion in parts:
        if name is None:
            continue
        if form or conversion or not name.isidentifier():
            raise ValueError(f"{{{name}}} is not a plain placeholder")
        names.append(name)
    return tuple(names)


def filled(template: str, facts: WorkloadFacts, thresholds: Thresholds) -> str:
    """A template with the workload's own numbers, as one sentence that starts with a capital."""
    text = template.format_map(_phrases(facts, thresholds)).strip()
    return text[:1].upper() + text[1:]


def _phrases(facts: WorkloadFacts, thresholds: Thresholds) -> Mapping[str, str]:
    """A phrase for every placeholder that has a value for this workload."""
    phrases = {
        "interactive_below": seconds_text(thresholds.interactive_below_s),
        "semi_up_to": seconds_text(thresholds.semi_up_to_s),
        "batch_window": seconds_text(thresholds.batch_window_s),
    }
    wait = wait_s(facts)
    if wait is not None:
        phrases["wait"] = seconds_text(wait)
        phrases["wait_basis"] = _WAIT_BASES["max_wait_ms" if wait == max_wait_s(facts) else "min_deadline_s"]
    deadline = min_deadline_s(facts)
    if deadline is not None:
        phrases["deadline"] = seconds_text(deadline)
    if deadline_share(facts) is not None:
        phrases["with_deadline"] = calls_text(facts.n_deadline or 0, facts.requests_seen or 0, "call")
    if batch_eligible_share(facts) is not None:
        phrases["eligible"] = marked_text(facts, eligible=True)
    if batch_marked_share(facts) is not None:
        marked = facts.n_batch_eligible + facts.n_batch_ineligible
        phrases["marked"] = calls_text(marked, facts.requests_seen or 0, "call")
    if facts.trigger is not None:
        phrases["trigger"] = _TRIGGERS[facts.trigger]
    if facts.requests_per_day is not None:
        phrases["requests_per_day"] = _shown(facts.requests_per_day)
    reading = read_signals(facts.behaviour)
    if reading.lean is not None:
        n_for = sum(item.direction == reading.lean for item in reading.evidence)
        against = [item for item in reading.evidence if item.direction not in (reading.lean, "unknown")]
        said = (
            f"{n_for} {'signal of its log says' if n_for == 1 else 'signals of its log say'} {reading.lean}"
        )
        phrases["signals"] = (
            f"{said}, {len(against) or 'none'} {'say' if len(against) > 1 else 'says'} otherwise"
        )
    return phrases


def calls_text(count: int, total: int, noun: str) -> str:
    """`600 of 1,000 calls`, or `all 1,000 calls` when none is left over."""
    if count == total:
        return f"the only {noun}" if total == 1 else f"all {total:,} {noun}s"
    return f"{count:,} of {total:,} {noun}s"


def marked_text(facts: WorkloadFacts, *, eligible: bool) -> str:
    """How many of the marked calls are marked eligible, or not eligible, as a phrase."""
    marked = facts.n_batch_eligible + facts.n_batch_ineligible
    if marked:
        return calls_text(
            facts.n_batch_eligible if eligible else facts.n_batch_ineligible, marked, "marked call"
        )
    share = batch_eligible_share(facts) or Decimal(0)
    share = share if eligible else 1 - share
    return "all marked calls" if share == 1 else f"{number_text(share * 100)} % of the marked calls"


def wait_sentence(field: str, wait: Decimal, label: Label, thresholds: Thresholds) -> str:
    """What a stated wait says by itself; `field` is the field of the facts it comes from."""
    said = f"The {_WAIT_BASES[field]} is {seconds_text(wait)}"
    interactive, semi = (
        seconds_text(thresholds.interactive_below_s),
        seconds_text(thresholds.semi_up_to_s),
    )
    window = seconds_text(thresholds.batch_window_s)
    if label == "interactive":
        return f"{said}, below the {interactive} line."
    if label == "semi_interactive":
        return f"{said}, from {interactive} up to {semi}: a short delay is acceptable, a batch window is not."
    if wait >= thresholds.batch_window_s:
        return f"{said}: the {window} batch window fits into it."
    return f"{said}, above the {semi} line: the work may be deferred."


def deadline_risk_sentence(wait: Decimal, thresholds: Thresholds) -> str:
    """Why a batch may come too late although its label is batch."""
    window = seconds_text(thresholds.batch_window_s)
    return (
        f"{seconds_text(wait)} is shorter than the {window} batch window: some answers may come late, "
        "so the saving has to be priced with that deadline risk."
    )


def user_waiting_sentence(waiting: bool | None) -> str:
    """Whether somebody waits, or that nobody said."""
    if waiting is None:
        return "Nobody said whether somebody waits for the answer."
    return "Somebody waits for the answer." if waiting else "Nobody waits for the answer."


def trigger_sentence(trigger: Trigger) -> str:
    """Who starts the work and what that usually means."""
    starts = f"{_TRIGGERS[trigger]} starts it".capitalize()
    match trigger:
        case "user":
            return f"{starts}, so somebody may look for the answer soon."
        case "schedule" | "queue":
            return f"{starts}, and such work can often wait."
        case "ci":
            return f"{starts.replace('ci', 'CI')}, and such work can often wait."
        case "event" | "manual":
            return f"{starts}, which says nothing about how long the answer may take."


def sequential_sentence(sequential: bool) -> str:
    """Whether steps depend on one another, and what that means for a batch."""
    if sequential:
        return "Each step needs the answer before it: a batch would add a window for every step."
    return "No step needs the answer of another, so all requests can be sent at once."


def eligible_sentence(facts: WorkloadFacts) -> str:
    """How many calls the log marks as eligible for batch."""
    return f"The log allows batch for {marked_text(facts, eligible=True)}."


def ineligible_sentence(facts: WorkloadFacts) -> str:
    """How many calls the log marks as not eligible for batch."""
    return f"The log refuses batch for {marked_text(facts, eligible=False)}."


def partly_marked_sentence(n_marked: int, n_seen: int) -> str:
    """That some calls carry no batch mark."""
    return f"A batch mark is on only {calls_text(n_marked, n_seen, 'call')}; the others say nothing."


def partly_due_sentence(n_deadline: int, n_seen: int) -> str:
    """That some calls carry no deadline."""
    return f"A deadline is on only {calls_text(n_deadline, n_seen, 'call')}; the others say nothing."


def no_wait_sentence() -> str:
    """That a batch verdict rests on marks alone."""
    return "Nobody stated the longest acceptable wait: the mark allows batch, but gives no deadline to meet."


def overruled_sentence(field: str, declared: bool | int, ruled: bool | int, override: str) -> str:
    """That a declared fact holds although a rule of the policy says something else."""
    if field == "user_waiting":
        said, wanted = ("somebody waits" if value else "nobody waits" for value in (declared, ruled))
    else:
        said, wanted = (f"it may wait {duration_text(value)}" for value in (declared, ruled))
    return (
        f"A person declared that {said}; the policy says for {override} that {wanted}. The declaration holds."
    )


def batched_but_urgent_sentence(batch_share: float, label: Label, thresholds: Thresholds) -> str:
    """That calls which may not wait are sent in batches."""
    soon = f"the answers are needed within {seconds_text(thresholds.semi_up_to_s)}"
    needs = "somebody waits" if label == "interactive" else soon
    return f"{share_text(batch_share)} of the calls run in a batch, yet {needs}: they may come too late."


def job_shaped_sentence(label: Label) -> str:
    """That calls run synchronously although they come as a job's do."""
    doubt = (
        "nobody stated how long it may wait"
        if label == "unknown"
        else f"its label is {label.replace('_', '-')}"
    )
    return (
        f"Its calls run synchronously and come as a scheduled job's do, yet {doubt}: ask whether it can wait."
    )


def refresh_sentence(burst: int) -> str:
    """That calls come many at once, as when a button fills a screen."""
    return (
        f"Calls come {number_text(burst)} at a time, side by side, at the hours people work, and nobody "
        "reads along: as when a refresh button fills a screen. It looks interactive; ask whether minutes "
        "would do."
    )


def calibrated_sentence(
    confidence: Decimal, n: Decimal, n_right: Decimal, *, same_policy: bool, seen: bool
) -> str:
    """What a confidence was measured on; `seen` is a verdict that rests on the log alone."""
    if seen and n:
        said = (
            f"{share_text(float(confidence))}: of {number_text(n)} workloads of generated companies and real "
            f"traces whose logs say so as firmly {number_text(n_right)} were right; one more right and one "
            "more wrong are added."
        )
    elif n == 0:
        said = "Not measured yet: no labelled case decides this way, so even odds are stated."
    else:
        said = (
            f"{share_text(float(confidence))}: of {number_text(n)} labelled workloads decided as firmly "
            f"{number_text(n_right)} were right; variants count in part, one more right and one more wrong "
            "are added."
        )
    return said if same_policy else f"{said} Measured under the default policy, from which this one differs."


def sent(reason: str, tier: Tier) -> str:
    """A rule's reason and where the request goes."""
    return f"{reason} {_SENT[tier]}"


def off_peak_sentence(opens: str, closes: str, time_zone: str) -> str:
    """That a request goes into a batch because of the hour alone."""
    return (
        f"Nothing is stated about it and it comes in off-peak hours, {opens} to {closes} in {time_zone}. "
        f"{_SENT['batch']}"
    )


def worth_sentence(requests: Decimal | None, *, per_run: bool, minimum: int) -> str:
    """The volume beside the policy's minimum; None where no volume is known."""
    if requests is None:
        return f"The volume is not known, so the minimum of {minimum:,} requests per batch was not checked."
    number = _shown(requests)
    noun = "request" if requests == 1 else "requests"
    said = f"One run has {number} {noun}" if per_run else f"A day brings {number} {noun}"
    if requests < minimum:
        return f"{said}, below the {minimum:,} a batch needs to be worth moving."
    return f"{said}, at least the {minimum:,} a batch needs to be worth moving."


def _shown(requests: Decimal) -> str:
    """A number of requests to two places, cut and not rounded: 99.999 is below 100."""
    return number_text(Decimal(int(requests * 100)) / 100)


def confidence_text(confidence: float) -> str:
    """What a confidence means, in words; the lines are 0.85 and 0.65."""
    for at_least, meaning in _CONFIDENCE:
        if confidence >= at_least:
            return meaning
    return NO_CONFIDENCE
