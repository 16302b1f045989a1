"""How a figure is computed, and the terms of the glossary."""

import re
from decimal import Decimal
from typing import Final

from reports.format import count
from ui.text import md, plural

EXPLAIN: Final = "How?"
EXPLAIN_PROVENANCE: Final = {
    "billed": "Billed: a source reported it",
    "computed": "Computed from usage",
    "estimated": "Estimated",
}
EXPLAIN_INPUT: Final = "Input"
EXPLAIN_NUMBER: Final = "Number"
EXPLAIN_RESULT: Final = "Gives"
EXPLAIN_IN_DOLLARS: Final = "Worked out in US dollars, which prices are in."
EXPLAIN_ROUNDED: Final = "Shown to the cent; the sum is of exact amounts."
EXPLAIN_PRICES: Final = "Price rows, USD per million tokens"
EXPLAIN_ASSUMED: Final = "Assumed, low / base / high"
EXPLAIN_LINK: Final = "All price rows"


def explain_help(label: str) -> str:
    """Over the button that opens it."""
    return f"How is this computed? {label}: formula, inputs, price rows."


def explain_named(what: str) -> str:
    """The button where several stand side by side; `what` is Markdown."""
    return f"How? {what}"


def explain_alt(label: str) -> str:
    """The numbers of a formula, for screen readers."""
    return f"The numbers that give: {label}"


def explain_spread(low: str, high: str) -> str:
    """Low to high of an estimate; both are Markdown."""
    return f"From low to high: {low if low == high else f'{low} to {high}'}"


def explain_exact(number: Decimal) -> str:
    """A number with its digits, six places at most; no Markdown."""
    return f"{round(number, 6).normalize():,f}"


def explain_cases(low: str, base: str, high: str) -> str:
    """The three cases of an assumption; plain text."""
    return f"{low} / {base} / {high}."


def explain_row(
    model: str,
    tier: str,
    min_prompt_tokens: int,
    price_in: Decimal | None,
    cached: Decimal | None,
    price_out: Decimal | None,
    source: str,
    checked: str,
) -> str:
    """A price row in one line; `model` and `source` are Markdown."""
    prices = ((price_in, "in"), (cached, "cached"), (price_out, "out"))
    said = ", ".join(f"{price.normalize():f} {what}" for price, what in prices if price is not None)
    band = f", prompts from {count(min_prompt_tokens)} tokens" if min_prompt_tokens else ""
    return f"{model}, {tier}{band}: {said} :small[{source}, checked {checked}]"


def explain_more_rows(n_more: int, version: str) -> str:
    """How many rows are not listed, and the table they are all from; plain text."""
    more = f"{plural(n_more, 'more row')} on the Prices page. " if n_more else ""
    return f"{more}Price table {version}."


GLOSSARY: Final = {
    "Workload": "The calls of one feature or job. Rules name it; calls that none names are (unattributed).",
    "Unattributed": "Calls that no rule can name. They are counted and priced like any other.",
    "Label": "Whether anybody waits: interactive (somebody does), semi-interactive (minutes are fine), batch "
    "(hours are fine), unknown (ask its owner).",
    "Confidence": "How often verdicts stated as firmly were right on labelled workloads.",
    "Lane": "A way to run a call that a provider prices: sync, batch or flex, each with or without cache, "
    "priority, off-peak.",
    "Tier": "What the provider served a call in: standard, batch, flex, priority, ultrafast, off-peak.",
    "Batch": "Requests handed over together and answered within a window, mostly at half the price.",
    "Batch window": "The time within which a provider aims to answer a batch, mostly 24 hours; no promise.",
    "Flex": "A cheaper tier for single calls that are slower and may be refused when capacity is short.",
    "Priority": "A dearer tier for calls that must be answered faster than standard.",
    "Off-peak": "Hours of the day in which a provider charges less for the same call.",
    "Cache hit": "Input tokens that the provider had seen lately and reads from its cache at a lower price.",
    "Cached share": "Cache hits divided by all input tokens.",
    "Cache write": "Input tokens put into the cache, at some providers for more than the plain input price.",
    "TTL": "Time to live: how long a cache entry lasts after its last use, mostly 5 minutes or an hour.",
    "As billed": "Each call at the price of its own day and tier.",
    "Price confidence": "How sure a price row is: high where its sources agree, less where only one says it, "
    "assumed where nobody publishes it.",
    "List price": "The provider's public price, before any discount of your own.",
    "P(miss)": "The chance that an answer of a batch comes after the workload's deadline.",
    "Re-run": "A call that expired, failed or was refused in its lane and runs again where it ran before.",
    "Realised saving": "What the same calls would have cost at once and without a cache, minus what they did "
    "cost. Computed from usage.",
    "Capture rate": "Realised saving divided by realised and still open saving together.",
    "Baseline": "How a workload's calls ran and what they cost before a move, frozen when it is claimed.",
    "Coverage": "How much of the log has a price, by calls, tokens and reported spend.",
    "Billed": "A figure that a provider or a gateway reported.",
    "Computed": "Tokens times price: a figure that needs no assumption.",
    "Estimated": "A figure that rests on a description or on a named assumption.",
}
"""Every term of art on the pages, explained once; docs/guide/glossary.md says the same. Plain text."""

TERMS_OVERVIEW: Final = (
    "Workload", "Unattributed", "Label", "Lane", "Tier", "Batch", "Flex", "As billed", "Coverage", "Computed",
    "Estimated",
)  # fmt: skip
TERMS_WORKLOADS: Final = (
    "Workload", "Unattributed", "Label", "Confidence", "Lane", "Tier", "Batch", "Batch window", "Flex",
    "Priority", "Off-peak", "Cache hit", "Cached share", "P(miss)", "Re-run",
)  # fmt: skip
TERMS_WHATIF: Final = (
    "Workload", "Lane", "Batch", "Flex", "Off-peak", "Cache hit", "Cached share", "Cache write", "TTL",
    "List price", "Re-run", "Estimated",
)  # fmt: skip
TERMS_REPORT: Final = (
    "Workload", "Unattributed", "Label", "Confidence", "Lane", "Tier", "Batch", "Batch window", "Flex",
    "List price", "Coverage", "P(miss)", "Re-run", "Billed", "Computed", "Estimated",
)  # fmt: skip
TERMS_CALCULATORS: Final = (
    "Lane", "Tier", "Batch", "Flex", "Cache hit", "Cache write", "TTL", "Price confidence",
)  # fmt: skip
TERMS_SAVINGS: Final = (
    "Workload", "Realised saving", "Capture rate", "Lane", "Tier", "Batch", "Cache hit", "Cache write",
    "Computed",
)  # fmt: skip
TERMS_BATCHES: Final = (
    "Workload", "Batch", "Batch window", "Re-run", "List price", "Cache hit", "Cached share", "Computed",
)  # fmt: skip
TERMS_BILLS: Final = ("Workload", "Tier", "Cache hit", "List price", "Billed", "Computed")
TERMS_LEDGER: Final = (
    "Workload", "Baseline", "Realised saving", "Lane", "Tier", "Batch", "Flex", "Re-run",
)  # fmt: skip
TERMS_ALERTS: Final = ("Workload", "Unattributed", "Batch", "As billed", "Cached share", "Billed")
TERMS_DATA: Final = ("Workload", "Unattributed", "Coverage", "Billed")
TERMS_DESCRIBE: Final = ("Workload", "Label", "Lane", "Cached share")
TERMS_RULES: Final = ("Workload", "Unattributed", "As billed")
TERMS_POLICY: Final = (
    "Workload", "Label", "Confidence", "Lane", "Tier", "Batch", "Batch window", "Off-peak", "P(miss)",
)  # fmt: skip
TERMS_PRICES: Final = (
    "Workload", "Tier", "Batch", "Flex", "Cache hit", "Cache write", "TTL", "List price", "Price confidence",
)  # fmt: skip


def terms_in(text: str) -> tuple[str, ...]:
    """The terms that a text uses, in its order; of one inside another only the longer."""
    found: list[tuple[int, str]] = []
    for name in sorted(GLOSSARY, key=len, reverse=True):
        used = re.search(rf"(?<![\w-]){re.escape(name)}(s|es)?(?![\w-])", text, re.IGNORECASE)
        if used:
            found.append((used.start(), name))
            text = f"{text[: used.start()]}{' ' * len(used[0])}{text[used.end() :]}"
    return tuple(name for _, name in sorted(found))


def terms(*names: str) -> str:
    """Terms of a page with what they mean, for the help beside the sentence that uses them first."""
    return "\n".join(f"- **{name}**: {md(GLOSSARY[name])}" for name in names)
