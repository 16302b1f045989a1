"""Why a row was not accepted: one stable code a reason, with the sentence people read.

Sentences never quote what was in the row, because any column of a broken row may hold prompt text.
The one exception is `detail`: a short identifier such as a tier name, checked before it is stored.
"""

from typing import Final

SENTENCES: Final[dict[str, str]] = {
    # the text of the row
    "not_json": "The line is not complete, valid JSON; it may be cut off. Write one JSON object a line.",
    "not_an_object": "The record is valid JSON but not an object. Write one JSON object a record.",
    "not_utf8": "The line is not UTF-8 text. Save the file as UTF-8 and import it again.",
    "line_too_long": "The line is longer than 8 MiB. Leave prompts and answers out and import the log again.",
    "wrong_columns": "The row has more or fewer columns than the header. Quote values with the delimiter in.",
    "bad_quotes": (
        "The row has a quote that is not closed or stands inside a value; rows after it may be missing up to "
        "the next quote. Double it, or close it."
    ),
    "bad_usage": "{column} holds a count that is not a whole number of tokens.",
    "unknown_token_kind": "{column} names a kind of tokens that this version knows no price for.",
    "not_this_format": (
        "The record is not of the kind this format reads. Import records of another kind as their own file."
    ),
    # the call
    "stream_chunk": (
        "The record is a piece of a streamed answer without usage. "
        "Ask for stream_options.include_usage and log the last piece, or log the finished answer."
    ),
    "no_usage_yet": (
        "The answer was still queued or running when it was logged, so it has no usage. "
        "Log it again once it has finished."
    ),
    "gateway_cache_hit": (
        "The gateway answered from its own cache: no provider was called and nothing was billed, "
        "so the row is left out of the usage."
    ),
    "not_a_model_call": "The row records an operation on files or batches that uses no tokens, not a call.",
    "cache_storage": (
        "The record stores content in a cache, which is billed by the hour it is kept: no call was made."
    ),
    "batch_size_unknown": (
        "The row stands for a whole batch and does not say how many requests that was. "
        "Import the batch's output file instead."
    ),
    "batch_not_over": "The batch was still running. Save its object again once it has ended.",
    "batch_without_totals": (
        "The batch does not say how many tokens it used. Import its output and error files instead."
    ),
    "batch_lines_present": (
        "The requests of this batch are there one by one, so its totals would count them twice. "
        "To use the totals instead, delete the dataset that has the requests."
    ),
    "batch_lines_likely": (
        "There are batch requests of this model from the time of this batch, in files that do not name "
        "their batch, so its totals may count them twice. To tell them apart, delete the dataset that has "
        "the requests and import it from a file named after its batch, such as batch_..._output.jsonl."
    ),
    "batch_totals_likely": (
        "The workspace has totals of a batch of this model from the time of this request, and the file "
        "does not name its batch, so the request may be counted twice. Name the file after its batch, such "
        "as batch_..._output.jsonl, or delete the dataset that has the totals."
    ),
    "batch_totals_present": (
        "The workspace has the totals of the batch that this request belongs to, so it would be counted "
        "twice. To use the requests, which say more, delete the dataset that has the totals and import "
        "them again."
    ),
    "not_grouped_by_model": (
        "The usage is summed over all models, so nothing can be priced. "
        "Export it again grouped by model, best also by project, service tier and batch."
    ),
    "unknown_tier": (
        "The service tier {detail} is not one this version knows; it is not taken for standard. "
        "Map it before importing: standard, batch, flex, priority or offpeak."
    ),
    "prepaid_capacity": (
        "The call was served from capacity bought in advance ({detail}), which is not billed by the token, "
        "so it has no place in a comparison of token prices."
    ),
    "unknown_status": "The status is none that this version knows. Use ok, error, expired or cancelled.",
    # values
    "missing_value": "{column} is missing. Fill it in.",
    "not_a_whole_number": "{column} is not a whole number.",
    "not_a_number": "{column} is not a plain number.",
    "negative": "{column} is negative.",
    "too_large": "{column} is 10^15 or more, which no call can have. Check the column and its unit.",
    "too_long": "{column} is longer than 300 characters, too long for an identifier. Check the columns.",
    "bad_timestamp": (
        "{column} is not a time between 2000 and 2100. "
        "Write ISO 8601, best with an offset, or Unix seconds or milliseconds."
    ),
    "not_yes_or_no": "{column} is neither yes nor no.",
    "bad_trigger": "{column} is not one of user, event, schedule, queue, ci and manual.",
    "bad_grain": "{column} is neither call nor bucket.",
    "bad_request_count": "{column} does not fit: a call is exactly 1 request, a bucket at least 1.",
    "bad_token_basis": "{column} is not one of inclusive, exclusive, ambiguous and declared.",
    "too_many_models": "{column} lists more than 100 models for one call, which no call uses.",
    "bad_iterations": "{column} lists a call that is billed on top, without token counts that can be read.",
    "bad_wait": "{column} is not a wait. Write a number and a unit, up to a year: 300ms, 2s, 5m, 8h or 7d.",
    "bad_amount": "{column} is not a plain number. Write digits, at most nine decimals, no separators.",
    "ends_before_it_starts": "{column} is earlier than the start.",
    "parts_exceed_input": (
        "Cached and written tokens together are more than the input tokens. "
        "input_tokens is the total, cached parts included."
    ),
    "cache_totals_disagree": (
        "The cache-creation total and its split by lifetime do not add up to the same number, "
        "so it is not known what was billed."
    ),
    "broken_bucket": (
        "Another row of the same period, model and key cannot be read, so their sums would be too small. "
        "Export the period again."
    ),
    "not_plain": "{column} holds a list or further keys. Write one plain value.",
    "duplicate_name": "The name stands in the file before. Describe each workload once.",
    "amount_too_large": (
        "{column} is 10^12 or more, which no line of a bill is. Check the column and its unit."
    ),
    "bad_currency": "{column} is not a currency code of three letters such as USD.",
    "parts_without_input": "Cache tokens are given without the input tokens they are part of.",
}
"""Reason code -> sentence; {column} and {detail} are filled in."""


def sentence(code: str, column: str | None, detail: str | None) -> str:
    """The sentence of a reason; a code from a newer version is named as it is."""
    template = SENTENCES.get(code, f"The row was rejected ({code}).")
    return template.format(column=column or "A value", detail=f"“{detail}”" if detail else "in this row")
