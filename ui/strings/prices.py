"""What the Prices page says."""

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from reports.format import usd, usd_signed
from reports.price_preview import PricePreview
from ui.strings.shared import day
from ui.text import md, plural

PRICES_TITLE: Final = "Prices"
PRICES_EMPTY_TITLE: Final = "No price rows to show"
PRICES_EMPTY_BODY: Final = "No model matches. Load data, clear the search, or show every model."
PRICES_ALL: Final = "Every model"
PRICES_ALL_HELP: Final = "Off: only the models in your data. On: the whole price table."
PRICES_PROVIDER: Final = "Provider"
PRICES_ANY_PROVIDER: Final = "Any provider"
PRICES_SEARCH: Final = "Model contains"
PRICES_SEARCH_PLACEHOLDER: Final = "gpt, claude, flash"
PRICES_LOCKED: Final = "Apply or discard your edits to change what is shown."
PRICES_HOW_TO_EDIT: Final = (
    "Double-click a price to edit it, or add a row at the end of the table. Nothing changes until you apply "
    "it."
)
PRICE_MISSING: Final = "no price yet: fill in this row"
ALT_PRICES: Final = "Price rows in US dollars per million tokens, editable"
COL_TIER: Final = "Tier"
COL_BAND: Final = "From tokens"
COL_BAND_HELP: Final = "Total input of a request from which this row's prices hold for the whole request."
COL_CACHE_RULE: Final = "Cached tokens"
COL_CACHE_RULE_HELP: Final = (
    "How tokens read from cache are billed in this tier: at their own price, at the standard tier's cache "
    "price, as plain input, not sold, or not published."
)
COL_SINCE: Final = "Since (UTC)"
COL_SINCE_HELP: Final = "First day (UTC) of the price. Empty: since always, which no source states."
COL_UNTIL: Final = "Until (UTC)"
COL_UNTIL_HELP: Final = "First day (UTC) on which the price no longer holds. Empty: until further notice."
COL_SOURCE: Final = "Source"
COL_CHECKED: Final = "Checked"
PRICES_EFFECTIVE: Final = "Holds from (UTC)"
PRICES_EFFECTIVE_HELP: Final = (
    "Calls before this day keep the price they had. The first price of a model holds for all of its history."
)
PRICES_PROBLEMS: Final = "These rows cannot be applied yet"
PRICES_NOTE: Final = "Why (kept in the history)"
PRICES_NOTE_PLACEHOLDER: Final = "Our contract price from December"
PRICES_DEFAULT_NOTE: Final = "Edited on the Prices page"
PRICES_APPLY: Final = "Apply"
PRICES_DISCARD: Final = "Discard"
PRICES_UNDO: Final = "Undo the last edit"
PRICES_UNDO_HELP: Final = "Takes back what was changed last, a reset or an import too."
PRICES_RESET: Final = "Back to shipped prices"
PRICES_RESET_HELP: Final = "Takes back every edit of this workspace."
PRICES_RESET_TITLE: Final = "Take back every price edit?"
PRICES_RESET_CONFIRM: Final = "Take them back"
PRICES_UNDONE: Final = "The last edit is taken back."
PRICES_WERE_RESET: Final = "The shipped prices hold again."
PRICES_SPEND_AFTER: Final = "Spend in the log, after"
PRICES_SAVING_AFTER: Final = "Saving a year, after"
HOW_PREVIEW_SPEND: Final = "Calls on or after the effective day change; those before keep their price."
HOW_PREVIEW_SAVING: Final = "The base case over all workloads, at today's prices with your edits."
PRICES_EXPORT_CSV: Final = "Export CSV"
PRICES_EXPORT_YAML: Final = "Export YAML"
PRICES_EXPORT_SHOWN: Final = "The rows shown, every field, with sources and dates. It can be imported again."
PRICES_EXPORT_ALL: Final = "Every row of the price table, with sources and dates. It can be imported again."
PRICES_MODE: Final = "Change prices"
PRICES_MODES: Final = {
    "table": "In the table",
    "model": "Add a model",
    "change": "Add a dated change",
    "file": "Import a file",
    "discount": "Contract discounts",
}
PRICES_MODEL_HOW: Final = (
    "Any provider and model id, as they stand in your log. A price without a first day holds for all of the "
    "model's history."
)
PRICES_CHANGE_HOW: Final = (
    "A new price of a known model from a day on, past or future. What held before that day stays as it was."
)
PRICES_FILE_HOW: Final = (
    "CSV or YAML with the columns of an export; provider, model, tier and one price are enough. Rows that "
    "say what the table says are passed over. If anything is wrong, nothing is applied."
)
PRICES_DISCOUNT_HOW: Final = (
    "What a contract or a region does to list prices, as a percentage. List prices stay as they are; the "
    "percentage is multiplied into every figure."
)
PRICES_FILE: Final = "Price file (CSV, YAML)"
PRICES_FILE_NOTHING: Final = "Every row of the file says what the table says already."
PRICES_FILL_MODEL: Final = "Give a provider, a model and at least one price."
PRICES_FILL_CHANGE: Final = "Change at least one price."
PRICES_NO_ROW: Final = "This tier of the model has no price on that day; what you give will be its first."
PRICES_FIRST_DAY: Final = "First day (UTC), if any"
PRICES_LAST_DAY: Final = "No longer from (UTC), if any"
PRICES_SOURCE: Final = "Where it is from"
PRICES_SOURCE_PLACEHOLDER: Final = "https://… or a contract"
PRICES_KNOWN: Final = "The table knows this model. For a new price from a day on, add a dated change."
PRICES_FAULTS_ALT: Final = "Every problem of the file with its row and column"
COL_ROW: Final = "Row"
COL_PROBLEM: Final = "Problem"
COL_CHANGED: Final = "Changed"
CHANGED_PRICES: Final = "prices"
CHANGED_DISCOUNTS: Final = "discounts"
WHOLE_FILE: Final = "file"
FILE_NAME_SHOWN: Final = 80
DISCOUNT_MODELS: Final = "Models"
DISCOUNT_MODELS_HELP: Final = "Ids with * for any characters; alternatives divided by |. * alone is all."
DISCOUNT_ANY_TIER: Final = "every tier"
DISCOUNT_KIND: Final = "Kind"
DISCOUNT_KINDS: Final = {"contract": "Contract", "regional": "Regional"}
DISCOUNT_PERCENT: Final = "Percent off"
DISCOUNT_PERCENT_HELP: Final = "10 is a tenth off; -10 is a surcharge of a tenth."
DISCOUNT_NONE: Final = "No discount is in force in this workspace."
DISCOUNT_ALT: Final = "Contract and regional percentages with models, tier and dates"
DISCOUNT_REMOVE: Final = "Remove"
DISCOUNT_REMOVE_PICK: Final = "Remove one"
DISCOUNT_REMOVED: Final = "The discount is removed."
DISCOUNT_ADDED: Final = "Contract discount added"
DISCOUNT_UNDO: Final = "Undo the last discount change"
DISCOUNT_UNDONE: Final = "The last change of discounts is taken back."
COL_PERCENT: Final = "Percent off"
CONFLICT_TITLE: Final = "Shipped prices changed under your edits"
CONFLICT_YOURS: Final = "yours"
CONFLICT_THEN: Final = "shipped, when you edited"
CONFLICT_NOW: Final = "shipped, now"
CONFLICT_KEEP: Final = "Keep mine"
CONFLICT_TAKE: Final = "Take the shipped price"
CONFLICT_KEPT: Final = "Your price stays."
CONFLICT_TAKEN: Final = "The shipped price holds again."
CONFLICT_NOT_SHIPPED: Final = "not in the table"
CONFLICT_ALT: Final = "Your price, the shipped price when you edited, and the shipped price now"
COL_WHOSE: Final = "Whose"
PRICES_HISTORY: Final = "History of price edits"
PRICES_NO_HISTORY: Final = "No price has been edited in this workspace."

MONTHS_NAMED: Final = 3
_PRICE_COLUMNS: Final = {
    "input_usd_per_mtok": ("Input", "USD per million input tokens that are not cached."),
    "cache_read_usd_per_mtok": ("Cache read", "USD per million tokens read from cache."),
    "cache_write_usd_per_mtok": (
        "Cache write",
        "USD per million tokens written to cache at the default lifetime.",
    ),
    "cache_write_long_usd_per_mtok": (
        "Long write",
        "USD per million tokens written to cache at the extended lifetime.",
    ),
    "output_usd_per_mtok": ("Output", "USD per million output tokens, reasoning included."),
}


def prices_caption(version: str, as_of: datetime) -> str:
    """What the table is."""
    return f"US dollars per million tokens · table {md(version)} · rows in force on {day(as_of)} or later"


def price_column(name: str) -> str:
    """A price column's title with its unit; no Markdown."""
    return f"{_PRICE_COLUMNS[name][0]} ($/M)"


def price_heading(name: str) -> str:
    """The same in the grid, where "cache" goes without saying: all five fit a laptop's screen."""
    return price_column(name).removeprefix("Cache ").capitalize().replace("($/m)", "($/M)")


def price_column_help(name: str) -> str:
    """A price column's unit and meaning."""
    return _PRICE_COLUMNS[name][1]


def price_entered_by(author: str) -> str:
    """The source of a price a person typed; no Markdown."""
    return f"entered by {author}"


def prices_age(checked: date, days: int) -> str:
    """How fresh the prices of the models in use are."""
    return f"The oldest price of your models was checked on {day(checked)}, {plural(days, 'day')} ago."


def prices_stale(stale: int, rows: int, after: int, oldest: date, models: Sequence[str]) -> str:
    """The same when some were checked long ago."""
    listed = ", ".join(models[:5]) + (f" and {len(models) - 5} more" if len(models) > 5 else "")
    return (
        f"Checked more than {after} days ago: {stale} of {plural(rows, 'price row')} of your models, the "
        f"oldest on {day(oldest)} ({listed}). Compare them with the provider's page before you rely on them."
    )


def signed(amount: Decimal) -> str:
    """A difference with its sign; no Markdown."""
    return usd_signed(amount)


def prices_change(preview: PricePreview) -> str:
    """What a change of prices does, in a sentence or three."""
    listed = [
        f"**{_month(change.month)}** by **{md(signed(change.difference_micro_usd))}**"
        for change in preview.months[:MONTHS_NAMED]
    ]
    rest = preview.months[MONTHS_NAMED:]
    if rest:
        together = sum((change.difference_micro_usd for change in rest), Decimal(0))
        listed.append(f"{plural(len(rest), 'more month')} by **{md(signed(together))}**")
    spend = f"This changes {_listed(listed)}" if listed else "This changes no month of the log"
    moves = len(preview.lane_changes)
    lanes = plural(moves, "workload changes lane", "workloads change lane") if moves else "no lane changes"
    said = [f"{spend}, {lanes}."]
    if preview.n_newly_priced:
        said.append(f"{plural(preview.n_newly_priced, 'call')} without a price get one.")
    year = preview.year_after_micro_usd - preview.year_before_micro_usd
    if year:
        said.append(
            f"A year in today's lanes, at the prices of {day(preview.as_of)}: **{md(signed(year))}** "
            f"({md(usd(preview.year_before_micro_usd))} → {md(usd(preview.year_after_micro_usd))})."
        )
    return " ".join(said)


def _month(month: date | None) -> str:
    return "the calls without a date" if month is None else f"{month:%B %Y}"


def _listed(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def file_problems(problems: int, rows: int) -> str:
    """Above the problems of an imported file."""
    return f"Nothing is applied: {plural(problems, 'problem')} in {plural(rows, 'row')}"


def imported_note(name: str) -> str:
    """The note of an import in the history; no Markdown."""
    return f"Imported {name}"


def model_option(provider: str, model: str, used: bool) -> str:
    """A model in the picker of dated changes; no Markdown."""
    return f"{provider} / {model}" + (" (in your data)" if used else "")


def conflict_how(number: int) -> str:
    """What the person is asked to decide."""
    return f"{plural(number, 'edited row')} to decide on. Your prices hold until you do."


def conflict_keep_all(number: int) -> str:
    """A button."""
    return f"Keep all {number} of mine"


def conflict_take_all(number: int) -> str:
    """A button."""
    return f"Take all {number} shipped prices"


def conflict_line(provider: str, model: str, tier: str) -> str:
    """Which price has changed beneath an edit."""
    return f"The shipped price of **{provider} / {model}**, {tier}, has changed since you edited it."


def discount_pending(provider: str, models: str) -> str:
    """Above what a discount would change; a label."""
    return f"A discount on {provider}, {models}, not applied yet"


def discount_line(provider: str, models: str, percent_off: str) -> str:
    """A discount in the picker; no Markdown."""
    return f"{provider}, {models}: {percent_off} %"


def discount_applied(before: str, after: str) -> str:
    """After applying a discount."""
    if before == after:
        return f"The discount is applied. The projected saving stays {after} a year."
    return f"The discount is applied. Projected saving: {before} → **{after}** a year."


def prices_pending(rows: int) -> str:
    """Above what an edit would change; a label."""
    return f"{plural(rows, 'changed row')}, not applied yet"


def price_problem(line: int, what: str, sentence: str) -> str:
    """One problem with its line."""
    return f"Row {line} ({what}): {sentence}"


def prices_applied(rows: int, before: str, after: str) -> str:
    """After applying."""
    if before == after:
        return f"{plural(rows, 'row')} applied. The projected saving stays {after} a year."
    return f"{plural(rows, 'row')} applied. Projected saving: {before} → **{after}** a year."


def prices_reset_body(edits: int) -> str:
    """What a reset does."""
    return f"{plural(edits, 'edited row')} will no longer hold. The history keeps them."


def was(amount: str) -> str:
    """The value before an edit; no Markdown."""
    return f"now {amount}"


def lane_change(workload: str, before: str, after: str) -> str:
    """A recommendation that an edit moves."""
    return f"{workload}: {before} → {after}"
