"""What the Policy page says."""

from datetime import datetime
from typing import Final

from reports.policy_preview import PolicyPreview
from ui.strings.shared import moment, zone_shown
from ui.text import md, plural

POLICY_TITLE: Final = "Policy"
POLICY_CAPTION: Final = (
    "What decides which workloads can wait. A change is shown workload by workload before it is saved, and "
    "is in every figure as soon as it is."
)
POLICY_CHANGE: Final = "Change it"
POLICY_WAYS: Final = {
    "preset": "Choose a preset",
    "override": "Override one workload",
    "yaml": "Edit the YAML",
    "file": "Upload a file",
}
POLICY_PRESET: Final = "Preset"
POLICY_PRESET_USE: Final = "Try this preset"
POLICY_OVERRIDE_HOW: Final = (
    "It states what nobody declared of this workload; a declaration on its own page holds against it. "
    "Patterns such as nightly-\\* and tags go into the YAML."
)
POLICY_OVERRIDE_SLA: Final = "What holds for it"
POLICY_OVERRIDE_SLA_HELP: Final = "One of the policy's SLA classes, taken as stated."
POLICY_OVERRIDE_NONE: Final = "As stated elsewhere"
POLICY_OVERRIDE_MINIMUM: Final = "Minimum volume, requests"
POLICY_OVERRIDE_MINIMUM_HELP: Final = (
    "From how many requests on a batch of it is worth moving. Empty: as for all."
)
POLICY_OVERRIDE_ADD: Final = "Try this override"
POLICY_OVERRIDE_PICK: Final = "Override to remove"
POLICY_OVERRIDE_REMOVE: Final = "Remove it"
POLICY_OVERRIDE_NO_WORKLOADS: Final = "There is no workload yet. Load data, or write a pattern into the YAML."
POLICY_MEND_FIRST: Final = "Mend the YAML first; an override is written into a policy that can be used."
POLICY_YAML: Final = "Policy as YAML"
POLICY_YAML_HELP: Final = (
    "Every field is explained in docs/policy.md. Ctrl + Enter, or a press on the button, checks the text on "
    "the server and shows what it would change; nothing is saved by that."
)
POLICY_YAML_CHECK: Final = "Check and preview"
POLICY_FILE: Final = "A policy as YAML or JSON"
POLICY_FILE_NOT_TEXT: Final = "The file is not UTF-8 text. Save it as UTF-8 and upload it again."
POLICY_PENDING: Final = "Not saved yet"
POLICY_NOTE: Final = "Why (kept in the history)"
POLICY_NOTE_PLACEHOLDER: Final = "Exports may take until the morning, as agreed in May"
POLICY_DEFAULT_NOTE: Final = "Edited on the Policy page"
POLICY_SAVE: Final = "Save the policy"
POLICY_DISCARD: Final = "Discard"
POLICY_FURTHER: Final = "Once these are mended, the rules are checked together as well."
POLICY_NO_PREVIEW: Final = (
    "What is in force cannot be used, so there is nothing to compare with. You can save all the same."
)
POLICY_NOTHING_CHANGES: Final = "No workload of this workspace would change."
POLICY_SAVING_AFTER: Final = "Projected saving a year, then"
POLICY_POTENTIAL_AFTER: Final = "Waiting for an answer a year, then"
HOW_POLICY_SAVING: Final = (
    "**Estimated.** All recommendations under this policy together, base case, at today's prices; below it, "
    "what it is now."
)
HOW_POLICY_POTENTIAL: Final = (
    "**Estimated.** What the workloads labelled unknown would save if they can wait. It is in no total."
)
POLICY_HALVES: Final = "Rows with hours are halves of a mixed workload; they are in no total, the whole is."
COL_FROM_LANE: Final = "Recommended lane"
COL_SAVING_CHANGE: Final = "Saving a year"
COL_COLUMN_NUMBER: Final = "Column"
COL_MEND: Final = "What to mend"
COL_AS_WRITTEN: Final = "As written"
COL_VERSION: Final = "Version"
ALT_POLICY_FAULTS: Final = "What to mend in the policy, with line, column and the line as it stands"
ALT_POLICY_PREVIEW: Final = (
    "Workloads that would change, with label, recommended lane and saving now and then"
)
POLICY_YAML_DOWNLOAD: Final = "YAML"
POLICY_YAML_DOWNLOAD_HELP: Final = "The policy in force with its comments, to keep in your repository."
POLICY_JSON_DOWNLOAD: Final = "JSON for gateways"
POLICY_JSON_DOWNLOAD_HELP: Final = (
    "The policy in force for a dispatcher of your own; its layout is in the schema."
)
POLICY_SCHEMA_DOWNLOAD: Final = "JSON schema"
POLICY_DRAFT_DOWNLOAD: Final = "Download this draft"
POLICY_UNDO: Final = "Undo the last save"
POLICY_UNDO_HELP: Final = "The policy before it is in force again at once."
POLICY_UNDONE: Final = "The last save is taken back."
POLICY_RESET: Final = "Back to the preset"
POLICY_RESET_HELP: Final = "Puts the preset as it ships here to look at; nothing changes until you save it."
POLICY_HISTORY: Final = "History of the policy"
POLICY_NO_HISTORY: Final = "The shipped default is in force; nobody has saved another."
POLICY_PICK_VERSION: Final = "Version"
POLICY_LOOK: Final = "Look at this version"
POLICY_OUTDATED: Final = (
    "The preset ships in another version by now. Yours stays in force until you go back to the preset."
)
POLICY_SAYS: Final = "What it says"
POLICY_SAYS_DRAFT: Final = "What the draft says"


def policy_in_force(title: str, version: str) -> str:
    """Which policy is in force; the title comes in escaped."""
    return f"In force: **{title}**. Its fingerprint, which every verdict carries: {md(version)}."


def policy_saved_by(author: str, at: datetime, note: str) -> str:
    """Who saved what is in force; author and note come in escaped."""
    return f"Saved by {author}, {moment(at)} {zone_shown()}" + (f": {note}" if note else "")


def policy_preset(name: str, file: str) -> str:
    """A preset in the choice; no Markdown."""
    return f"{name} ({file})"


def policy_draft_note(way: str, what: str) -> str:
    """The note of a save when nobody wrote one; no Markdown."""
    return {
        "preset": f"Preset {what}",
        "override": f"Override of {what}",
        "remove": f"Removed the override of {what}",
        "file": f"From the file {what}",
        "version": f"Back to version {what}",
    }[way]


def policy_faults(number: int) -> str:
    """How much there is to mend."""
    return f"{plural(number, 'thing')} to mend before this can be saved"


def policy_effect(preview: PolicyPreview) -> str:
    """What a policy would change, in one line."""
    if not preview.n_workloads:
        return "There is no workload yet, so nothing changes today."
    if not preview.effects:
        return POLICY_NOTHING_CHANGES
    rest = preview.n_workloads - preview.n_changed
    others = f" The other {rest} {'stays' if rest == 1 else 'stay'} exactly as now." if rest else ""
    return (
        f"{preview.n_changed} of {plural(preview.n_workloads, 'workload')} would change, "
        f"{preview.n_labels or 'none'} of them the label.{others}"
    )


def now_then(now: str, then: str) -> str:
    """A value and what becomes of it; one of them when they are the same."""
    return now if now == then else f"{now} → {then}"


def policy_saved(title: str, before: str, after: str) -> str:
    """What a save did; title and amounts come in escaped."""
    return f"{title} is saved and in force. Projected saving: {before} → **{after}** a year."


def policy_saved_only(title: str) -> str:
    """What a save did where nothing could be compared; the title comes in escaped."""
    return f"{title} is saved and in force."


def policy_section(title: str, rows: int) -> str:
    """A part of the policy that is folded away; a label."""
    return f"{title} ({rows})"
