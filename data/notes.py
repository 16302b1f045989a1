"""What to know about rows that were accepted: one stable code a circumstance, with its sentence."""

from collections.abc import Mapping
from typing import Final

NOTES: Final[dict[str, str]] = {
    "no_usage": "No usage in {rows}: the export names the period and nothing else.",
    "batch_requests": (
        "Not calls: {rows} of requests handed to a batch, which have no usage. "
        "Import the batch's results, the file of errors included."
    ),
    "batch_object": (
        "Not calls: {rows} of batches that do not say what they used. Import the batch's results instead."
    ),
    "no_charge": "Nothing was charged in {rows}: the export names the period and nothing else.",
    "not_token_usage": (
        "Not billed by the token: {rows} of images, speech, searches, storage, moderation or their like. "
        "They are no calls and take no part in the costs."
    ),
    "tier_unknown": (
        "No service tier in {rows}, counted as standard. If some of it ran as batch, flex or priority, "
        "export it again grouped by service tier (and batch)."
    ),
    "requests_unknown": (
        "No number of requests in {rows}, each counted as one request: tokens and costs hold, "
        "figures per request do not."
    ),
    "overlapping_groups": (
        "Left out: {rows} of permission groups, which overlap with each other. Export without that grouping."
    ),
    "bucket_not_over": (
        "For {rows} the period had not ended at the import. What it gains later is not added: "
        "for its final figures delete this dataset then and import a new export."
    ),
    "other_services": "Left out as charges for other services than models: {rows}.",
    "not_a_charge": "Left out as credits, taxes or adjustments: {rows}.",
    "tags_overlap": ("Sums by tag: {rows}. A request with several tags is counted once for each of them."),
    "cached_not_told": (
        "For {rows} the export does not say which tokens were read from a cache. "
        "All are counted as plain input, so a computed cost is an upper bound."
    ),
    "audio_input": (
        "Audio in the prompts of {rows}. Providers charge more for it than for text; it is counted at the "
        "price of text, so computed costs are too low."
    ),
    "served_in_us": (
        "Kept in the US (inference_geo): {rows}. Anthropic charges 10 % more for that on Claude Opus and "
        "Sonnet 4.6 and newer models. The log's calls take the list price, unless a regional percentage is "
        "set on the Prices page, which holds for every call of its models."
    ),
}
"""Note code -> sentence; {rows} is filled in as a number of rows."""


def sentences(counts: Mapping[str, int]) -> list[str]:
    """The sentences of an import's notes, given how many accepted rows carry each."""
    shown = {code: f"{n:,} row" if n == 1 else f"{n:,} rows" for code, n in counts.items()}
    return [NOTES.get(code, "{rows}: " + code + ".").format(rows=rows) for code, rows in shown.items()]
