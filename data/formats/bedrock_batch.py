"""Output of Amazon Bedrock batch inference: the `.jsonl.out` files of a model invocation job in S3.

A line is `{recordId, modelInput, modelOutput}`; where inference failed an `error` stands in place of
`modelOutput`. The answer is as the model itself writes it, or as Converse does; the two may not be mixed
in one job.

Token rule: that of the answer inside. Counts of Claude (`usage.input_tokens`) and of Converse
(`usage.inputTokens`) leave cached tokens out, so the total is input + cache reads + cache writes; under
`usage.prompt_tokens`, as OpenAI's open models and others write, cached tokens are inside; Llama
(`prompt_token_count`) and Titan (`inputTextTokenCount`) know no cache. Embeddings have no output.

* Every line ran in tier batch. Failed lines are calls without tokens: nobody was charged.
* Only Claude's answers name their model. For all others write the job's model into every line, as
  `modelId` beside `recordId`; without it nothing can be priced and the line is rejected.
* An answer without any counts (Cohere, Mistral) is a call whose tokens are not known.
* A line carries no time, so without one beside it (`timestamp`) it is undated.
* Lines of an input file, `{recordId, modelInput}`, are requests and no calls. `manifest.json.out` has the
  sums of a job and is not read.
"""

from collections.abc import Mapping
from typing import Any, Final

from data.formats.anthropic_messages import usage_columns
from data.formats.base import EXACT, Container, FileHead, noted, share
from data.formats.bedrock import CacheWrites, bedrock_name, cache_details, end_of_arn
from data.formats.flat_record import FlatRecord
from data.formats.json_record import WORKLOAD_KEYS, value_at

_OUT: Final = "modelOutput."


class BedrockBatch:
    """One result of a job a row."""

    name = "bedrock_batch"
    title = "Bedrock batch inference output"
    token_rule = (
        "As in the answer inside: input_tokens and inputTokens leave cached tokens out, prompt_tokens holds "  # noqa: S105
        "them; every line ran in tier batch."
    )
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels: Mapping[str, str] = {
        "input_tokens": "modelOutput.usage.input_tokens",
        "cache_read_tokens": "modelOutput.usage.cache_read_input_tokens",
        "cache_write_tokens": "modelOutput.usage.cache_creation_input_tokens",
        "cache_write_long_tokens": "modelOutput.usage.cache_creation.ephemeral_1h_input_tokens",
        "output_tokens": "modelOutput.usage.output_tokens",
        "model": "modelId",
    }

    def claim(self, head: FileHead) -> int:
        """`recordId` beside what went into the model."""
        return share(sum(map(_is_line, head.records)), len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a line."""
        line = FlatRecord(head)
        top = line.top

        def out(*paths: str) -> str:
            return top(*(f"{_OUT}{path}" for path in paths))

        claude, faults = usage_columns(out, line.column)
        own_count = line.column(f"({out('usage.input_tokens')} IS NOT NULL)")
        converse = CacheWrites(
            out("usage.cacheWriteInputTokens", "usage.cacheWriteInputTokenCount"),
            line.column(cache_details(out("usage.cacheDetails"))),
            "NULL",
        )
        other = {
            "input_text": out(
                "usage.inputTokens", "usage.prompt_tokens", "prompt_token_count", "inputTextTokenCount"
            ),
            "cache_read_text": out(
                "usage.cacheReadInputTokens",
                "usage.cacheReadInputTokenCount",
                "usage.prompt_tokens_details.cached_tokens",
            ),
            **converse.columns(),
            "output_text": out(
                "usage.outputTokens",
                "usage.completion_tokens",
                "generation_token_count",
                "results[0].tokenCount",
            ),
            "reasoning_text": out("usage.completion_tokens_details.reasoning_tokens"),
        }
        embeds = line.column(f"({out('embedding', 'embeddingsByType', 'embeddings')} IS NOT NULL)")
        other["output_text"] = f"CASE WHEN {embeds} THEN '0' ELSE {other['output_text']} END"
        counts = {
            name: line.column(f"CASE WHEN {own_count} THEN {claude[name]} ELSE {text} END")
            for name, text in other.items()
        }
        asked = top("modelId", "model_id", "model")
        answered, failed = top("modelOutput"), top("error")
        request = line.column(
            f"({answered} IS NULL AND {failed} IS NULL AND {top('modelInput')} IS NOT NULL)"
        )
        return line.select(
            {
                **counts,
                "call_id": out("id", "ResponseMetadata.RequestId"),
                "ts_text": top("timestamp", "ts", "endTime"),
                "ts_strict": "false",
                "provider_text": "'bedrock'",
                "model_text": (f"coalesce({end_of_arn(asked)}, {bedrock_name(out('model'))})"),
                "workload_text": (
                    f"coalesce({top(*WORKLOAD_KEYS)}, {line.nested('metadata', *WORKLOAD_KEYS)})"
                ),
                "attributes": line.attributes(),
                "input_rule": (
                    f"CASE WHEN {out('usage.prompt_tokens')} IS NULL THEN 'exclusive' ELSE 'inclusive' END"
                ),
                "total_text": out("usage.totalTokens", "usage.total_tokens"),
                "tier_text": "'batch'",
                "status_text": f"CASE WHEN {failed} IS NULL THEN 'ok' ELSE 'error' END",
                "latency_text": out("metrics.latencyMs"),
                "streamed_text": "'false'",
                "custom_id_text": top("recordId"),
                "error_code_text": top("error.errorCode"),
                "extra_calls": claude["extra_calls"],
                "makes_call": f"NOT {request}",
                "notes": noted({"batch_requests": request}),
            },
            reject=f"""CASE
              WHEN {request} THEN NULL
              WHEN {top("recordId")} IS NULL OR coalesce({answered}, {failed}) IS NULL THEN 'not_this_format'
              WHEN {counts["input_text"]} IS NULL AND {counts["output_text"]} IS NOT NULL
                THEN 'missing_value:input_tokens'
              WHEN {counts["output_text"]} IS NULL AND {counts["input_text"]} IS NOT NULL
                THEN 'missing_value:output_tokens'
              WHEN {converse.disagree()} THEN 'cache_totals_disagree:cache_write_tokens'
              WHEN {own_count} THEN CASE {faults} END
            END""",
        )


def _is_line(record: Mapping[str, Any]) -> bool:
    told = any(isinstance(value_at(record, key), Mapping) for key in ("modelInput", "modelOutput"))
    return told and isinstance(record.get("recordId"), str)
