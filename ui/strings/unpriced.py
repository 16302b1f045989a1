"""What is said of models without a price and of sources that disagree."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from reports.format import usd
from ui.strings.shared import NOT_KNOWN, moment, zone_shown
from ui.text import md, plural

UNMATCHED_HOW: Final = (
    "Choose what a model is and it takes that model's prices, for all of the log and for later imports. You "
    "can also type its own price into the table below."
)
UNMATCHED_LIKE: Final = "Models with a similar name"
UNMATCHED_USE: Final = "Use this price"
UNMATCHED_USE_HELP: Final = "Choose a model first. The choice is kept in this workspace and can be removed."
UNMATCHED_NONE_LIKE: Final = "No model of the table has a similar name."
UNMATCHED_OTHER: Final = "Another model"
UNMATCHED_ANY: Final = "Any model of the table"
UNMATCHED_ANY_PLACEHOLDER: Final = "Type a part of its name"
MAPPED_REMOVE: Final = "Remove"
MAPPED_UNDO: Final = "Undo the last change"
MAPPED_UNDONE: Final = "The last change is taken back."
MAPPED_NOTHING_TO_UNDO: Final = "There is nothing to take back."
ALT_MAPPED_HISTORY: Final = "Who said what about which model, newest first"


def seller_and_model(model: tuple[str, str]) -> str:
    """A model with its seller; no Markdown."""
    return f"{model[0]} / {model[1]}"


def unmatched_title(models: int) -> str:
    """Above the models without a price."""
    return f"{plural(models, 'model')} without a price"


def unmatched_line(provider: str, model: str, calls: int, tokens: int, reported: Decimal | None) -> str:
    """One model without a price and what it carries."""
    said = f", reported as {md(usd(reported.scaleb(6)))}" if reported is not None else ""
    return f"**{provider} / {model}** · {plural(calls, 'call')}, {plural(tokens, 'token')}{said}"


def unmatched_offer(provider: str, model: str, price_in: Decimal | None, price_out: Decimal | None) -> str:
    """One suggestion with its prices."""

    def shown(price: Decimal | None) -> str:
        return NOT_KNOWN if price is None else md(f"${price.normalize():f}")

    return f"{model} ({provider}) · {shown(price_in)} in, {shown(price_out)} out"


def unmatched_more(models: int) -> str:
    """Below the models that have a choice."""
    return f"{plural(models, 'model')} with fewer tokens follow when these are settled."


def unmatched_mapped(model: str, provider: str, target: str) -> str:
    """After mapping a model."""
    return f"{model} takes the prices of {target} ({provider}) from now on, for all of the log."


def matched_title(models: int) -> str:
    """The expander of what was said of models."""
    return f"Models you matched ({models})"


def mapped_line(logged: str, target: str, author: str, at: datetime, *, in_force: bool) -> str:
    """One mapping: what, by whom, when, and whether it still counts."""
    idle = "" if in_force else " · not in force: the table has a price for this id, or lost the other model"
    return f"**{logged}** → {target} · {author}, {moment(at)} {zone_shown()}{idle}"


def mapped_removed(model: str) -> str:
    """After taking a mapping back."""
    return f"{model} is no longer matched."


REVIEW_HOW: Final = (
    "Shipped prices come from two public catalogues and the providers' pages. Where these differ, one was "
    "taken, and where it was a toss-up the higher price, so that no saving is overstated. US dollars per "
    "million tokens."
)
ALT_REVIEW: Final = "Every decision about a price that sources state differently"
COL_ABOUT: Final = "About"
COL_READINGS: Final = "What sources say"
COL_TAKEN: Final = "Taken"


def review_title(decisions: int) -> str:
    """The expander of the decisions about prices."""
    return f"Sources that disagree ({decisions} decisions)"


def review_about(topic: str, provider: str, models: str, prices: int | None) -> str:
    """What a decision is about; no Markdown."""
    figures = "" if prices is None else f" ({plural(prices, 'figure')})"
    return f"{topic}{figures} · {provider}: {models}"
