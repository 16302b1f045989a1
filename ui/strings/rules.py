"""What the Workload rules page says."""

from collections.abc import Sequence
from typing import Final

from reports.format import percent
from ui.text import md, plural

RULES_TITLE: Final = "Workload rules"
RULES_CAPTION: Final = (
    "Which workload is a call part of? The rules are asked in order; the first that can name a call decides. "
    "A change is in every figure as soon as it is saved, without importing again."
)
RULES_EMPTY_TITLE: Final = "No calls to name yet"
RULES_EMPTY_BODY: Final = (
    "Rules look at the tags, keys and names in a log. Described workloads keep the name they were given."
)
RULES_LEFT_CALLS: Final = "Calls without a workload"
RULES_LEFT_SPEND: Final = "Their share of spend"
RULES_NAMED: Final = "Workloads made"
HOW_RULES_LEFT: Final = (
    "No rule can name these calls. They are counted and priced like any other, under “(unattributed)”."
)
RULES_LIST: Final = "Rules"
HOW_RULES_LIST: Final = (
    "Calls and spend of the logs in this workspace that each rule takes, after the rules above it. "
    "**Computed from usage**, each call at its own day's price."
)
ALT_RULES_LIST: Final = "Rules in order with their conditions, the workload, calls, spend and its share"
COL_RULE: Final = "Rule"
COL_WHEN_RULE: Final = "When"
COL_NAMES: Final = "Workload"
COL_SHARE: Final = "Share of spend"
COL_SPENT: Final = "Spend"
RULE_LEFT_OVER: Final = "no rule"
RULES_EVERY_CALL: Final = "every call"
RULES_ADD: Final = "Add a rule"
HOW_RULES_ADD: Final = (
    "It is put first, so it wins over the rules that are there. Change its place afterwards if it should not."
)
RULES_FIELD: Final = "Look at"
RULES_FIELD_HELP: Final = (
    "Only short, plain values of a log are kept for this: tags, keys, names. Never prompts or answers."
)
RULES_HOW: Final = "which"
RULES_VALUE: Final = "Value"
RULES_VALUE_HELP: Final = "Pick one that is in the logs, or type. Capitals do not matter."
RULES_VALUE_PLACEHOLDER: Final = "nightly-*"
RULES_WORKLOAD: Final = "is part of the workload"
RULES_WORKLOAD_HELP: Final = (
    "A name as it stands, or with fields in braces: {tag}, {project}, {metadata.team}. A call that does not "
    "have the field is left to the next rule."
)
RULES_ADD_BUTTON: Final = "Add it as the first rule"
RULES_ARRANGE: Final = "Change a rule's place"
RULES_PICK: Final = "Rule to move or remove"
RULES_UP: Final = "Up"
RULES_DOWN: Final = "Down"
RULES_REMOVE: Final = "Remove"
RULES_YAML: Final = "The list as YAML"
RULES_YAML_HELP: Final = (
    "Everything a rule can say: several conditions, alternatives, exact and prefix matches. Paste a list, or "
    "keep this one in your repository."
)
RULES_YAML_USE: Final = "Try this list"
RULES_YAML_DOWNLOAD: Final = "Download"
RULES_REFUSED: Final = "The list cannot be used yet"
RULES_PENDING: Final = "Not saved yet"
RULES_NOTE: Final = "Why (kept in the history)"
RULES_NOTE_PLACEHOLDER: Final = "The data team's jobs, as agreed in May"
RULES_DEFAULT_NOTE: Final = "Edited on the Workload rules page"
RULES_SAVE: Final = "Save the rules"
RULES_DISCARD: Final = "Discard"
RULES_UNDO: Final = "Undo the last save"
RULES_UNDO_HELP: Final = "The rules before it are in force again at once."
RULES_SHIPPED: Final = "Start again from the shipped rules"
RULES_SHIPPED_HELP: Final = "Puts the shipped list here to look at; nothing changes until you save it."
RULES_SAVED: Final = "The rules are saved and in force."
RULES_UNDONE: Final = "The last save is taken back."
RULES_HISTORY: Final = "History of the rules"
RULES_NO_HISTORY: Final = "The shipped rules are in force; nobody has saved others."
RULES_NO_EFFECT: Final = "No call changes its workload."
COL_CALLS_BEFORE: Final = "Calls now"
COL_CALLS_AFTER: Final = "Calls then"
COL_SPEND_AFTER: Final = "Spend then"
ALT_RULES_EFFECT: Final = "Workloads whose calls change, with calls now and then and the spend"

_HOWS: Final = {"glob": "is (with * and ?)", "prefix": "begins with", "exact": "is exactly"}
_RULE_FIELDS: Final = {
    "tag": "Tag",
    "project": "Project or team",
    "api_key_alias": "API key alias",
    "trace_name": "Trace name",
    "endpoint": "Endpoint",
    "user_agent": "User agent",
    "named": "Name in the log",
    "model": "Model",
    "provider": "Provider",
    "format": "Source format",
}


def rules_how(how: str) -> str:
    """A way of comparing, on the form."""
    return _HOWS[how]


def rules_field(field: str) -> str:
    """A field of a call as people call it; no Markdown."""
    return _RULE_FIELDS.get(field, field.replace("metadata.", "Metadata: ", 1))


def rules_when(field: str, how: str, texts: Sequence[str]) -> str:
    """One condition of a rule; no Markdown."""
    verb = {"glob": "is", "prefix": "begins with", "exact": "is exactly"}[how]
    return f"{rules_field(field)} {verb} {' or '.join(texts)}"


def rules_all(conditions: Sequence[str]) -> str:
    """All conditions of a rule; no Markdown."""
    return " and ".join(conditions) if conditions else RULES_EVERY_CALL


def rules_makes(template: str, names: Sequence[str], number: int) -> str:
    """What a rule names its calls: the name, or the template with the names it made."""
    if list(names) in ([], [template]):
        return md(template)
    more = f" and {number - 3} more" if number > 3 else ""
    return f"{md(template)}: {md(', '.join(names[:3]))}{more}"


def rules_line(position: int, when: str) -> str:
    """A rule in a selector; no Markdown."""
    return f"{position}. {when}"


def rules_candidate(calls: int, spend: str, share: float | None) -> str:
    """What a rule that is being written would take."""
    if not calls:
        return "It would take no call."
    part = f", {percent(share, 1)} of the spend" if share is not None else ""
    return f"It would take **{plural(calls, 'call')}** ({spend}{part})."


def rules_unattributed(share: float) -> str:
    """The way from the workloads to the rules; a label."""
    return f"(unattributed) is {percent(share, 1)} of the spend: write a rule"
