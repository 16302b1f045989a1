"""What the Overview page says."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from reports.format import count, label_title, percent, usd, usd_short
from reports.model import (
    Analysis,
    Coverage,
    Range,
    Totals,
    Unpriced,
)
from reports.spend_treemap import Tile
from triage.model import LABELS
from ui.strings.shared import day, low_to_high
from ui.text import md, plural, short

KPI_SPEND: Final = "Spend in this log"
KPI_SPEND_DESCRIBED: Final = "Cost a year, as described"
KPI_WAIT: Final = "Can wait"
KPI_SAVING_YEAR: Final = "Projected saving a year"
KPI_SAVING_MONTH: Final = "Projected saving a month"
LINK_SPEND: Final = "Spend by workload"
LINK_WAIT: Final = "Workloads that can wait"
LINK_SAVING: Final = "The report behind it"
LINK_WHATIF: Final = "Try other lanes"
LINK_PRICES: Final = "Add the missing prices"
TOP_MOVES: Final = "Top moves"
NO_MOVES: Final = "No workload has to move: each is already in the cheapest lane its label allows."
NO_MOVES_YET: Final = (
    "No workload has to move as far as is known. Those labelled unknown wait for an answer from their owners."
)
TO_ASK: Final = "Worth a question"
NO_USAGE_YET: Final = "no usage yet"
ASK_NOT_IN_TOTAL: Final = "not in any total"
SPEND_BY_LABEL: Final = "Spend by label"
SPEND_BY_DAY: Final = "Spend by day"
NO_SPEND: Final = "The log has no priced calls yet, so there is no spend to draw."
NOT_COUNTED: Final = "What is not counted"
ALL_COUNTED: Final = "Every row that was read is in these figures."
PARTIAL_TITLE: Final = "Totals are partial"
COL_HOW_MANY: Final = "How many"
COL_WHERE: Final = "Why, and where to look"
COL_WHY_UNPRICED: Final = "Why there is no cost"
ALT_UNPRICED: Final = "Models without a price, with their calls, tokens and the reason"

HOW_SPEND: Final = (
    "**Computed from usage.** Tokens of each call times the price of its model and tier on the day of the "
    "call, cached tokens at their own price. Nothing is rounded before the sum."
)
HOW_DESCRIBED: Final = (
    "**Estimated.** Requests and tokens as described, at today's list prices, in the sync lane "
    "without caching."
)
HOW_WAIT: Final = (
    "Spend of workloads labelled batch (can wait hours) or semi-interactive (can wait minutes), divided by "
    "all spend of the log. Unknown workloads count as not waiting until somebody answers for them."
)
HOW_SAVING: Final = (
    "**Estimated.** For each workload: a year in today's lane minus a year in the recommended lane, at "
    "today's prices and the log's own volume. Low and high span the assumed cache hits and re-runs, which "
    "the report lists."
)
HOW_SAVING_MONTH: Final = "**Estimated.** A twelfth of the yearly saving, from low to high."
HOW_MOVES: Final = (
    "The recommended lane is the cheapest one that the workload's label allows, after cache hits and "
    "re-runs. Staying is a frequent answer."
)
HOW_ASK: Final = (
    "Nobody has said whether these can wait. The amount is what they would save a year if they can; it is "
    "kept out of every total until somebody answers."
)
HOW_LABELS: Final = (
    "**Interactive**: somebody waits. **Semi-interactive**: can wait minutes. **Batch**: can wait hours. "
    "**Unknown**: the evidence does not say, and Lanewise does not guess."
)
HOW_DAYS: Final = "**Computed from usage.** Each call at its own day's price; days are UTC."
SPEND_BY_WORKLOAD: Final = "Spend by label and workload"
HOW_TREEMAP: Final = (
    "**Computed from usage.** The area is the spend: each workload inside its label, the greatest by name, "
    "the rest of a label as one tile. The tiles add up to the spend of the log. Press a label to look into "
    "it, and its heading to come back."
)
HOW_NOT_COUNTED: Final = "Everything that was seen and left out, so that no total hides it."


def overview_headline(saving: Range, waiting: float | None, potential: Range) -> str:
    """The finding, as the page's title."""
    if saving.base > 0:
        return f"About {md(usd_short(saving.base))} a year to save by letting calls wait"
    if waiting:
        return f"{percent(waiting)} of the spend can wait, and it is already where it should be"
    if potential.base > 0:
        return f"Up to {md(usd_short(potential.base))} a year, once somebody says what can wait"
    return "Nothing to move yet"


def window(analysis: Analysis) -> str:
    """What the figures cover: the log's dates, its size, the day of the prices."""
    size = f"{plural(analysis.totals.n_requests, 'call')}, {plural(len(analysis.workloads), 'workload')}"
    prices = f"projections at the prices of {day(analysis.as_of)}"
    if analysis.first_hour_utc is None or analysis.last_hour_utc is None:
        return f"{size} · {prices}"
    first, last = day(analysis.first_hour_utc), day(analysis.last_hour_utc)
    return f"{first} to {last} (UTC) · {size} · {prices}"


def partial(coverage: Coverage, unpriced: Sequence[Unpriced]) -> str:
    """How partial the totals are and what to do about it."""
    missing = coverage.n_requests - coverage.n_priced - coverage.n_failed_unmetered
    models = len({(item.provider, item.model) for item in unpriced})
    return (
        f"{plural(missing, 'call')} of {count(coverage.n_requests)} could not be priced "
        f"({plural(models, 'model')}); {percent(coverage.share_of_tokens, 1)} of all tokens are priced. "
        "The calls left out are listed at the end of this page; they are not counted as free."
    )


def kpi_spend_detail(totals: Totals, hours: int) -> str:
    """Under the spend: the exact amount and its window; no Markdown."""
    days = f"{hours // 24} days" if hours and hours % 24 == 0 else plural(hours, "hour")
    reported = ""
    if totals.reported_micro_usd is not None:
        reported = (
            f"; the source reported {usd(totals.reported_micro_usd)} for {plural(totals.n_reported, 'call')}"
        )
    return f"{usd(totals.billed_micro_usd)} over {days}, computed from tokens{reported}"


def described_detail(n_workloads: int) -> str:
    """Under the described cost; no Markdown."""
    return f"{plural(n_workloads, 'workload')}, estimated from descriptions"


def kpi_wait_detail(totals: Totals) -> str:
    """Under the waiting share: each label's part of the spend; no Markdown."""
    spend = sum(totals.spend_by_label.values(), Decimal(0))
    if spend <= 0:
        return "no spend to share out yet"
    parts = [
        f"{label_title(label).lower()} {percent(float(totals.spend_by_label[label] / spend))}"
        for label in LABELS
        if totals.spend_by_label.get(label)
    ]
    return ", ".join(parts)


def kpi_saving_detail(saving: Range, current_per_year: Decimal) -> str:
    """Under the saving: the range and its share of the yearly cost; no Markdown."""
    low, high = usd_short(saving.low), usd_short(saving.high)
    spread = low if low == high else low_to_high(low, high)
    if current_per_year <= 0 or saving.base == 0:
        return spread
    return (
        f"{spread}; {percent(float(saving.base / current_per_year))} of {usd_short(current_per_year)} a year"
    )


def move_saving(amount: str) -> str:
    """One move's worth."""
    return f"**{md(amount)}** a year"


def ask_saving(amount: str) -> str:
    """What an answered question could be worth."""
    return f"up to **{md(amount)}** a year :small[({ASK_NOT_IN_TOTAL})]"


def small(text: str) -> str:
    """Markdown in small print, at full strength where a caption would fade its colours."""
    return f":small[{text}]"


def more_moves(number: int, amount: str) -> str:
    """The moves not shown; a label, no block Markdown."""
    return f"{plural(number, 'more move')}, {md(amount)} a year together"


def basis(price_version: str, policy: str) -> str:
    """What the page rests on."""
    return f"Price table {md(price_version)}, triage policy {md(policy)}."


def alt_spend_by_label(totals: Totals) -> str:
    """The bar by label in words; no Markdown."""
    return f"Spend by label: {kpi_wait_detail(totals)}"


def alt_treemap(tiles: Sequence[Tile]) -> str:
    """The treemap in words, each label with its greatest workloads; no Markdown."""
    said = []
    for label in dict.fromkeys(tile.label for tile in tiles):
        own = [tile for tile in tiles if tile.label == label]
        total = sum((tile.micro_usd for tile in own), Decimal(0))
        named = ", ".join(f"{short(tile.name, 40)} {usd_short(tile.micro_usd)}" for tile in own[:4])
        more = f" and {count(len(own) - 4)} more" if len(own) > 4 else ""
        said.append(f"{label_title(label)} {usd_short(total)}: {named}{more}")
    return f"Spend by label and workload. {'; '.join(said)}"


def alt_spend_by_day(analysis: Analysis) -> str:
    """The chart by day in words; no Markdown."""
    return f"Spend by UTC day and label over {analysis.window_hours // 24} days"
