"""OpenAI's organization usage: pages of the usage interface, and the dashboard's usage CSV.

Token rule: `input_tokens` is the total, cached reads and cache writes included; `input_text_tokens`,
`input_audio_tokens` and their like are a split of it that must not be added, and in newer exports
hold only its uncached part. On a real dashboard export input_cached + input_uncached = input on
every row, so a row on which the parts do not add up is kept as ambiguous. Cache writes come as a
total with a 30-minute and a 12-hour part, and are absent before they were billed.

* A bucket holds several results when the export is grouped, and the dashboard writes several rows
  with equal names into one bucket (seen in a real export): all count.
* `model`, `batch` and `service_tier` are null unless the export is grouped by them. Without a model
  nothing can be priced, so such a row is rejected with a word on what to ask for. Without a tier it
  is counted as standard and said so.
* A row without a count is one request in the lowest price band: it is the sum of many.
* CSV counts are floats ("10.0"). Buckets without usage are rows that have a time and nothing else; an
  export without any usage has only the four time columns.
* Embeddings have no output and no tier. Images, speech, transcription, moderation, storage and
  sessions are not billed by the token here: accepted, and no calls.
* No latency, status or session: buckets drive cost, not triage. The workload is the project, or the
  API key where the project is the default one.
"""

from collections.abc import Mapping
from typing import Final

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, MARKED, Container, FileHead, noted, share
from data.formats.flat_record import normal
from data.formats.openai_chat import without
from data.formats.pages import UNGROUPED, ExportRows, results_in, workload_of

_OBJECT: Final = "organization.usage."
_BOUNDS: Final = ("start_time", "end_time")
_ABOUT: Final = (
    "project_id",
    "user_id",
    "api_key_id",
    "model",
    "batch",
    "service_tier",
    "api_source",
    "size",
    "source",
)
_COUNTED: Final = ("model", "input_tokens", "output_tokens", "num_model_requests")


class OpenAIUsage:
    """One result of a bucket a row."""

    name = "openai_usage"
    title = "OpenAI usage exports"
    token_rule = (
        "input_tokens is the total of the bucket, cached tokens included; reasoning is inside output_tokens."  # noqa: S105
    )
    containers: frozenset[Container] = frozenset({"jsonl", "json", "csv"})
    labels: Mapping[str, str] = {
        "ts": "start_time",
        "ts_end": "end_time",
        "cache_read_tokens": "input_cached_tokens",
        "cache_write_tokens": "input_cache_write_tokens",
        "cache_write_long_tokens": "input_cache_write_12h_tokens",
        "n_requests": "num_model_requests",
        "tier": "service_tier",
    }

    def claim(self, head: FileHead) -> int:
        """Results of a usage object; a page of buckets without results; the CSV's four time columns."""
        if head.container == "csv":
            columns = {normal(column) for column in head.columns}
            timed = {"start_time", "end_time"} <= columns and "amount_value" not in columns
            own = "start_time_iso" in columns or {"input_tokens", "num_model_requests"} <= columns
            return EXACT if timed and own else 0
        results = [result for result in results_in(head) if result is not None]
        matches = sum(
            str(result.get("object")).startswith(_OBJECT) for result in results if result is not None
        )
        if matches:
            return share(matches, len(results), EXACT)
        empty = sum(_empty_page(record) for record in head.records)
        return share(empty, len(head.records), MARKED)

    def draft(self, head: FileHead) -> str:
        """One row a result, or a bucket without any."""
        rows = ExportRows(head, _BOUNDS)
        value = rows.value
        kind = value("object")
        tokens, embeddings = self._kinds(head, kind)
        input_text = value("input_tokens")
        output_text = f"CASE WHEN {embeddings} THEN '0' ELSE {value('output_tokens')} END"
        requests = value("num_model_requests")
        used = (
            f"({rows.holds(*_COUNTED)} AND NOT (coalesce(whole_number({requests}), 1) = 0 "
            f"AND coalesce(whole_number({input_text}), 0) = 0))"
        )
        total_write, long_write = value("input_cache_write_tokens"), value("input_cache_write_12h_tokens")
        parts = [value("input_uncached_tokens"), value("input_cached_tokens"), total_write, output_text]
        sums = " + ".join(f"coalesce(whole_number({part}), 0)" for part in parts)
        called = rows.column(f"({used} AND {tokens})")
        untold = f"({value('batch')} IS NULL AND {value('service_tier')} IS NULL)"
        return rows.select(
            {
                "call_id": "NULL",
                "ts_text": rows.bucket("start_time"),
                "ts_end_text": rows.bucket("end_time"),
                "ts_strict": "true",
                "provider_text": "'openai'",
                "model_text": value("model"),
                "workload_text": workload_of(
                    value("project_name", "project_id"), value("api_key_name", "api_key_id")
                ),
                "attributes": attribute_list(
                    {
                        "project": value("project_name", "project_id"),
                        "api_key_alias": value("api_key_name", "api_key_id"),
                        "metadata.api_source": value("api_source"),
                    }
                ),
                "input_rule": "'inclusive'",
                "input_text": f"CASE WHEN {called} THEN {input_text} END",
                "cache_read_text": f"CASE WHEN {called} THEN {value('input_cached_tokens')} END",
                "cache_write_text": (
                    f"CASE WHEN {called} THEN coalesce({value('input_cache_write_30m_tokens')}, "
                    f"{without(total_write, long_write)}) END"
                ),
                "cache_write_long_text": f"CASE WHEN {called} THEN {long_write} END",
                "output_text": f"CASE WHEN {called} THEN {output_text} END",
                "total_text": (
                    f"CASE WHEN {called} AND {value('input_uncached_tokens')} IS NOT NULL "
                    f"THEN cast({sums} AS VARCHAR) END"
                ),
                "tier_text": (
                    f"CASE WHEN flag({value('batch')}) THEN 'batch' ELSE {value('service_tier')} END"
                ),
                "requests_text": f"CASE WHEN {called} THEN {requests} END",
                "band_tokens_text": f"CASE WHEN {called} AND {requests} IS NULL THEN '0' END",
                "grain_text": "'bucket'",
                "makes_call": called,
                "notes": noted(
                    {
                        "no_usage": f"NOT {used}",
                        "not_token_usage": f"{used} AND NOT {tokens}",
                        "tier_unknown": f"{called} AND {untold} AND NOT {embeddings}",
                        "requests_unknown": f"{called} AND {requests} IS NULL",
                    }
                ),
            },
            reject=f"""CASE
              WHEN {called} AND {value("model")} IS NULL THEN '{UNGROUPED}:model'
              WHEN {called} AND {input_text} IS NULL THEN 'missing_value:input_tokens'
              WHEN {called} AND NOT {embeddings} AND {value("output_tokens")} IS NULL
                THEN 'missing_value:output_tokens'
            END""",
            identity=rows.identity(
                f"CASE WHEN {embeddings} THEN 'embeddings' WHEN {tokens} THEN 'completions' ELSE {kind} END",
                _BOUNDS,
                _ABOUT,
            ),
        )

    def _kinds(self, head: FileHead, kind: str) -> tuple[str, str]:
        """SQL conditions: the row counts tokens that are billed; it is of embeddings, without output."""
        if head.container == "csv":
            columns = {normal(column) for column in head.columns}
            return str("input_tokens" in columns), str("output_tokens" not in columns)
        embeddings = f"coalesce({kind} = '{_OBJECT}embeddings.result', false)"
        return f"({embeddings} OR coalesce({kind}, '') = '{_OBJECT}completions.result')", embeddings


def _empty_page(record: Mapping[str, object]) -> bool:
    """Whether a page of this interface, or of the costs, holds no result: its buckets count Unix seconds."""
    buckets = record.get("data")
    if record.get("object") != "page" or not isinstance(buckets, list):
        return False
    return all(
        isinstance(bucket, Mapping) and "start_time" in bucket and not bucket.get("results")
        for bucket in buckets
    )
