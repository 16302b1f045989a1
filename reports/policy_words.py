"""What a policy says, in words: one section for each part of it, for pages and terminals alike."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from reports.format import LABEL_TITLES
from triage.durations import number_text, seconds_text, share_text
from triage.model import LABELS
from triage.off_peak import DAYS, OffPeak
from triage.policy import Policy
from triage.rules import Condition, Rule
from triage.sections import Override, SlaClass

_DAY_NAMES: Final = dict(
    zip(DAYS, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)
_YES_NO: Final = {
    "user_waiting": ("somebody waits", "nobody waits", "whether somebody waits"),
    "sequential": ("steps depend on one another", "no step depends on another", "whether steps depend"),
}
_SUBJECTS: Final = {
    "trigger": "what starts it",
    "wait_s": "the wait",
    "max_wait_s": "the declared wait",
    "min_deadline_s": "the shortest deadline in the log",
    "deadline_share": "the share of calls with a deadline",
    "batch_eligible_share": "the share of marks that allow batch",
    "batch_marked_share": "the share of calls with a mark",
    "requests_per_day": "requests a day",
    "behaviour": "the lean of the log",
}
_LOWER_FIRST: Final = ("at_least", "above", "below", "at_most")
_SHARES: Final = frozenset({"deadline_share", "batch_eligible_share", "batch_marked_share"})
EVERYTHING: Final = "always"


def _plural(number: int, one: str) -> str:
    """`1 request`, `1,234 requests`."""
    return f"{number_text(number)} {one}{'' if number == 1 else 's'}"


@dataclass(frozen=True)
class Section:
    """One part of a policy: sentences, then a table whose rows are in the policy's own order; plain text."""

    title: str
    sentences: tuple[str, ...]
    header: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def described(policy: Policy) -> tuple[Section, ...]:
    """Every part of a policy, in the order in which it decides."""
    return (
        _labels(policy),
        _rules(policy),
        _off_peak(policy.off_peak),
        _deadlines(policy),
        _overrides(policy),
        _moving(policy),
        _classes(policy),
    )


def rule_when(rule: Rule, policy: Policy) -> str:
    """The conditions of a rule as one phrase."""
    return " and ".join(_conditions(rule, policy)) or EVERYTHING


def _labels(policy: Policy) -> Section:
    lines = policy.thresholds
    short, hour = seconds_text(lines.interactive_below_s), seconds_text(lines.semi_up_to_s)
    by_wait = {
        "interactive": f"somebody waits, or below {short}",
        "semi_interactive": f"from {short} up to {hour}",
        "batch": f"above {hour}",
        "unknown": "nobody said enough: it stays where it is",
    }
    return Section(
        "Labels",
        (
            f"A batch window is {seconds_text(lines.batch_window_s)}; in a batch, a shorter stated wait is a "
            "deadline risk, which is priced.",
            f"A batch is worth moving from {_plural(lines.min_requests_per_batch, 'request')} on.",
        ),
        ("Label", "How long an answer may take", "Tiers allowed"),
        tuple(
            (LABEL_TITLES[label], by_wait[label], ", ".join(policy.admissible_tiers[label]))
            for label in LABELS
        ),
    )


def _rules(policy: Policy) -> Section:
    return Section(
        "Rules, in order",
        ("The first rule whose conditions all hold decides.",),
        ("No.", "Rule", "Label", "Confidence", "When"),
        tuple(
            (
                str(number),
                rule.id,
                LABEL_TITLES[rule.label]
                + (f", suggests {LABEL_TITLES[rule.suggests].lower()}" if rule.suggests else ""),
                "asks" if rule.confidence is None else share_text(float(rule.confidence)),
                rule_when(rule, policy),
            )
            for number, rule in enumerate(policy.rules, 1)
        ),
    )


def _conditions(rule: Rule, policy: Policy) -> Iterator[str]:
    for fact, condition in rule.when.items():
        if condition.known is False:
            subject = _YES_NO[fact][2] if fact in _YES_NO else _SUBJECTS[fact]
            yield f"nobody said {subject}"
        elif fact in _YES_NO:
            yes, no, whether = _YES_NO[fact]
            yield f"somebody said {whether}" if condition.is_ is None else yes if condition.is_ else no
        else:
            yield f"{_SUBJECTS[fact]} is {' and '.join(_tests(fact, condition, policy))}"


def _tests(fact: str, condition: Condition, policy: Policy) -> Iterator[str]:
    if condition.is_ is not None:
        yield str(condition.is_)
    if condition.one_of is not None:
        yield " or ".join(condition.one_of)
    for word in _LOWER_FIRST:
        value = condition.value_of(word)
        if value is not None:
            yield f"{word.replace('_', ' ')} {_amount(fact, value, policy)}"
    if condition.words == ("known",):
        yield "known"


def _amount(fact: str, value: Decimal | str, policy: Policy) -> str:
    number = Decimal(getattr(policy.thresholds, value)) if isinstance(value, str) else value
    if fact in _SHARES:
        return share_text(float(number))
    return seconds_text(number) if fact.endswith("_s") else number_text(number)


def _classes(policy: Policy) -> Section:
    return Section(
        "SLA classes",
        ("Promises with a name, for overrides to use.",) if policy.sla_classes else ("There are none.",),
        ("Class", "Does somebody wait?", "Longest acceptable wait") if policy.sla_classes else (),
        tuple((name, *_promise(sla)) for name, sla in policy.sla_classes.items()),
    )


def _promise(sla: SlaClass) -> tuple[str, str]:
    waiting = "not said" if sla.user_waiting is None else "yes" if sla.user_waiting else "no"
    return waiting, "not said" if sla.max_wait_s is None else seconds_text(sla.max_wait_s)


def _overrides(policy: Policy) -> Section:
    if not policy.overrides:
        return Section("Overrides", ("There are none.",))
    return Section(
        "Overrides",
        (
            "They state what nobody declared; what a person declared for the very workload holds against "
            "them. Of several promises the stricter holds, of several minimum volumes the first.",
        ),
        ("For", "Promise", "Minimum volume"),
        tuple((item.named, _promised(item, policy), _minimum(item)) for item in policy.overrides),
    )


def _promised(override: Override, policy: Policy) -> str:
    if override.sla is None:
        return "as stated elsewhere"
    waiting, wait = _promise(policy.sla_classes[override.sla])
    said = {"yes": "somebody waits", "no": "nobody waits"}.get(waiting)
    return f"{override.sla}: " + ", ".join(
        filter(None, (said, f"within {wait}" if wait != "not said" else None))
    )


def _minimum(override: Override) -> str:
    minimum = override.min_requests_per_batch
    return "as for all" if minimum is None else _plural(minimum, "request")


def _off_peak(hours: OffPeak | None) -> Section:
    title = "Off-peak hours"
    if hours is None:
        return Section(title, ("There are none: the hour of the day decides nothing.",))
    days = "every day" if set(hours.days) == set(DAYS) else ", ".join(_DAY_NAMES[day] for day in hours.days)
    end = f"{hours.to} on the next day" if hours.to < hours.from_ else hours.to
    deferred = (
        "A request of which nothing is stated is sent in a batch while they last."
        if hours.defer_unstated
        else "They defer nothing by themselves: work that may wait is held for them where a provider sells "
        "off-peak prices."
    )
    return Section(
        title,
        (
            f"They open {days} at {hours.from_} and close at {end}, on the clocks of {hours.time_zone}; "
            "daylight saving there moves them.",
            deferred,
            "They sort single requests and change no workload's label, and never override what says that an "
            "answer is needed.",
        ),
    )


def _deadlines(policy: Policy) -> Section:
    terms = policy.deadlines
    chance = share_text(float(terms.max_miss_share))
    unknown = "is sent all the same" if terms.allow_unknown_risk else "is not sent in a batch"
    return Section(
        "Deadlines of single requests",
        (
            f"A deadline inside the batch window is accepted up to a chance of {chance} to miss it; where "
            f"nothing is known about that chance, the request {unknown}.",
            f"Requests are collected and sent together every {seconds_text(terms.flush_every_s)}.",
            "Late work is cancelled and run synchronously "
            f"{seconds_text(terms.spill_over_margin_s)} before it is due.",
        ),
    )


def _moving(policy: Policy) -> Section:
    moving = policy.moving
    return Section(
        "What a move takes",
        (
            f"A pilot has {_plural(moving.pilot_requests, 'request')}, a batch at most "
            f"{number_text(moving.max_requests_per_batch)}.",
            f"A move takes {number_text(moving.effort_days)} person-days at "
            f"${number_text(moving.usd_per_effort_day)} and has to pay for them within "
            f"{_plural(moving.payback_within_days, 'day')}.",
        ),
    )
