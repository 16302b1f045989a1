"""What owners declare about their workloads, confirm or answer."""

from datetime import datetime
from typing import Final

from reports.format import count, label_title, usd_short
from reports.model import (
    Range,
)
from ui.strings.shared import moment, zone_shown
from ui.text import md, plural

SLA_TITLE: Final = "What you know about it"
HOW_SLA: Final = "What a person declares outweighs everything the log shows. Who said it, and when, is kept."
SLA_WAITING: Final = "Does somebody wait for the answer?"
SLA_WAITING_HELP: Final = "A person in front of a screen, or a system that blocks until the answer is there."
SLA_MAX_WAIT: Final = "Longest acceptable wait"
SLA_MAX_WAIT_HELP: Final = (
    "A number and a unit: ms, s, m (minutes), h or d. Leave it empty when nobody has said."
)
SLA_MAX_WAIT_PLACEHOLDER: Final = "300ms, 2s, 5m, 8h, 7d"
SLA_TRIGGER: Final = "What starts it?"
SLA_TRIGGER_HELP: Final = "What makes a request happen, as far as you know."
SLA_SEQUENTIAL: Final = "Does each step need the answer before it?"
SLA_SEQUENTIAL_HELP: Final = (
    "Agents and chains that wait for one answer before asking the next cannot be batched as one."
)
SLA_SAVE: Final = "Save"
SLA_SAVED: Final = "Saved"
SLA_REFUSED: Final = "Not saved"
SLA_HISTORY: Final = "History of decisions"
SLA_NO_HISTORY: Final = "Nobody has decided anything about this workload yet."

_TRIGGERS: Final = {
    None: "Not said",
    "user": "A user's action",
    "event": "An event",
    "schedule": "A schedule",
    "queue": "A queue",
    "ci": "Continuous integration",
    "manual": "Somebody, by hand",
}


def declared_facts(names: str) -> str:
    """Which facts somebody declared, from the note of the version; no Markdown."""
    titles = {
        "user_waiting": "whether somebody waits",
        "max_wait_ms": "the longest acceptable wait",
        "trigger": "what starts it",
        "sequential": "whether steps depend on one another",
    }
    return ", ".join(titles.get(name, name.replace("_", " ")) for name in names.split(", "))


def yes_no(answer: str) -> str:
    """An answer as it reads on the form."""
    return {"yes": "Yes", "no": "No", "unsaid": "Not said"}[answer]


def trigger_title(trigger: str | None) -> str:
    """A trigger as it reads on the form."""
    return _TRIGGERS.get(trigger, str(trigger))


def sla_effect(label_before: str | None, label_now: str, saving_before: str, saving_now: str) -> str:
    """What a saved declaration changed."""
    label = f"Label: {label_before} → {label_now}" if label_before else f"The label stays {label_now}"
    if saving_before == saving_now:
        return f"{label}. The projected saving stays {saving_now} a year."
    return f"{label}. Projected saving: {saving_before} → **{saving_now}** a year."


CONFIRM_HOW: Final = (
    "The log suggests these labels; it decides nothing. Tick the workloads you can answer for, then say it "
    "for all of them with one press. Your name and the time are kept, and the press can be taken back."
)
HOW_CONFIRM_SAVING: Final = (
    "**Estimated.** A year's saving once it is confirmed, base case; until then it is in no total. As on the "
    "workload's own page."
)
HOW_CONFIRM_CONFIDENCE: Final = "How often such a suggestion was right on labelled workloads."
CONFIRM_REFUSE: Final = "No, somebody waits"
CONFIRM_REFUSE_HELP: Final = "They are interactive from then on, and are not asked about again."
CONFIRM_UNDO: Final = "Take it back"
CONFIRM_UNDONE: Final = "Taken back: what was declared before holds again."
CONFIRM_CHANGED: Final = (
    "Somebody has declared something since, so it is not taken back here. Use the form below."
)
COL_SUGGESTED: Final = "Suggested"
COL_SUGGESTED_BY: Final = "What the log shows"
COL_IF_CONFIRMED: Final = "Saves a year, if so"
COL_CONFIRM_LANE: Final = "Then in"
ALT_CONFIRM: Final = (
    "Workloads whose log suggests a label, with confidence, evidence and the saving if confirmed"
)


def confirm_title(workloads: int) -> str:
    """The heading of the list, which says how many wait for an answer."""
    looks = "looks as if it" if workloads == 1 else "look as if they"
    return f"{plural(workloads, 'workload')} {looks} could wait: confirm or refuse"


def confirm_button(workloads: int) -> str:
    """The press that confirms what is ticked; a label."""
    return f"Confirm {plural(workloads, 'workload')}" if workloads else "Confirm"


def confirm_ticked(workloads: int, of: int, saving: Range) -> str:
    """What the ticked rows would save together."""
    if not workloads:
        return "Nothing is ticked."
    base, low, high = (md(usd_short(amount)) for amount in (saving.base, saving.low, saving.high))
    return f"Ticked: {workloads} of {of}, **{base}** a year if confirmed ({low} to {high})."


def confirm_means(label: str, waits: str) -> str:
    """What a confirmation declares; `waits` as people write durations."""
    return f"Confirming {label_title(label).lower()} declares that an answer may take {waits}."


def confirm_not_by_press(names: str) -> str:
    """Rows that a press cannot confirm; names come in escaped."""
    return (
        f"A press cannot confirm {names}: what else is known leads to another label. Declare on their own "
        "page how long an answer may take."
    )


def confirm_last(author: str, at: datetime, what: str) -> str:
    """The last press that can be taken back; author and note come in escaped."""
    return f"{author}, {moment(at)} {zone_shown()}: {what}"


def confirm_saved(workloads: int, refused: bool, before: str, after: str) -> str:
    """What a press did."""
    said = "refused: somebody waits" if refused else "confirmed"
    return f"{plural(workloads, 'workload')} {said}. Projected saving: {before} → **{after}** a year."


WAITS_HOW: Final = (
    "A usage report shows cost, not behaviour, so only a person can say how long the work of each project, "
    "key or workspace may wait. Choose rows and press once for all of them."
)
WAITS_UNATTRIBUTED: Final = (
    "“(unattributed)” is what the report does not tell apart. Export it grouped by project, key or "
    "workspace to answer for each."
)
WAITS_PRESS: Final = "The chosen ones may wait:"
COL_LONGEST_WAIT: Final = "May wait"
ALT_WAITS: Final = (
    "Workloads known from aggregates only, with label, stated wait, calls and spend, to choose from"
)
_WAITS: Final = {
    "now": "Not at all",
    "5m": "5 minutes",
    "1h": "1 hour",
    "8h": "8 hours",
    "24h": "24 hours",
    "unsaid": "Nobody has said",
}


def waits_title(workloads: int, unanswered: int) -> str:
    """Above the workloads of usage reports; a label."""
    known = f"{plural(workloads, 'workload')} known from aggregates only"
    if not unanswered:
        return known
    all_of_them = "it" if workloads == 1 else "they"
    who = all_of_them if unanswered == workloads else f"{count(unanswered)} of them"
    return f"{known}: how long may {who} wait?"


def waits_choice(choice: str) -> str:
    """How long something may wait, on a button."""
    return _WAITS[choice]


def waits_saved(workloads: int, choice: str, before: str, after: str) -> str:
    """What one press for many changed."""
    said = f"{plural(workloads, 'workload')} saved: {waits_choice(choice).lower()}."
    if before == after:
        return f"{said} The projected saving stays {after} a year."
    return f"{said} Projected saving: {before} → **{after}** a year."
