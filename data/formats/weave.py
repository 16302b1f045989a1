"""Weave calls (Weights & Biases) as exported from the traces table or fetched from its API: JSON, JSON Lines.

Token rule: `summary.usage` maps a model to the provider's own usage, so what the input includes
follows from how it is spelled: `input_tokens` of Anthropic's models leaves cached tokens out;
`prompt_tokens`, and `input_tokens` of every other model, hold them. Under `prompt_tokens` a gateway
counted Anthropic's models: parts that do not fit are added, parts that do are marked ambiguous.

Weave sums the usage of a call up into every call above it. Only leaves are calls of a model: a call
below which another call has usage is accepted and left out. Where an export has only the top calls,
they are leaves with many requests and become buckets, with as many requests as `requests` says. A
call with usage of several models is one record a model. A failed call has no usage; it is a call
when its inputs name a model.

`summary.weave.latency_ms` is in milliseconds and `costs` in dollars, from Weave's own prices.
"""

from collections.abc import Mapping, Set
from typing import Final

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import FlatRecord
from data.formats.json_record import WORKLOAD_KEYS
from data.formats.parts import (
    between_ms,
    calls_only,
    guarded_rule,
    over,
    parts_sum,
    provider_in_name,
    records_of,
    unless,
)

_MARKERS: Final = {"op_name", "trace_id", "started_at"}
_READ: Final = (
    "prompt_tokens_details.cached_tokens",
    "input_tokens_details.cached_tokens",
    "cache_read_input_tokens",
)
_WRITE: Final = (
    "cache_creation_input_tokens",
    "prompt_tokens_details.cache_write_tokens",
    "input_tokens_details.cache_write_tokens",
)
_REASONING: Final = (
    "completion_tokens_details.reasoning_tokens",
    "output_tokens_details.reasoning_tokens",
)


class Weave:
    """One leaf call a record, or one call and model where a call used several."""

    name = "weave"
    title = "W&B Weave calls"
    token_rule = (
        "usage is the provider's own: Anthropic's input_tokens leaves cached tokens out, others hold them."  # noqa: S105
    )
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels: Mapping[str, str] = {
        "input_tokens": "summary.usage.prompt_tokens",
        "output_tokens": "summary.usage.completion_tokens",
        "n_requests": "summary.usage.requests",
        "latency_ms": "summary.weave.latency_ms",
    }

    def claim(self, head: FileHead) -> int:
        """`op_name` beside a trace id and a start."""
        records = records_of(head, "calls", "data")
        return share(sum(_is_ours(record.keys()) for record in records), len(records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a call and model."""
        record = FlatRecord(head)
        top, nested = record.top, record.nested
        model, answered = top("model", "asked_model"), top("model")
        failed = record.column(
            f"{top('exception')} IS NOT NULL OR coalesce({top('status')} = 'error', false)"
        )
        is_call = record.column(
            f"coalesce(flag({top('is_leaf')}), false) AND "
            f"({answered} IS NOT NULL OR ({failed} AND {top('asked_model')} IS NOT NULL))"
        )
        native = nested("usage", "input_tokens")
        prompt = record.column(f"coalesce({nested('usage', 'prompt_tokens')}, {native})")
        completion = nested("usage", "completion_tokens", "output_tokens")
        unmetered = record.column(
            f"coalesce(whole_number({prompt}), 0) = 0 AND coalesce(whole_number({completion}), 0) = 0"
        )

        def usage(*paths: str) -> str:
            return unless(unmetered, nested("usage", *paths))

        read, write = usage(*_READ), usage(*_WRITE)
        parts = record.column(parts_sum(read, write))
        own_count = f"contains(lower({model}), 'claude') AND {nested('usage', 'prompt_tokens')} IS NULL"
        requests = nested("usage", "requests")
        many = record.column(f"coalesce(whole_number({requests}) > 1, false)")
        embeds = f"{completion} IS NULL AND coalesce(contains(lower({model}), 'embed'), false)"
        started, ended = top("started_at"), top("ended_at")
        project = record.column(f"nullif(regexp_extract({top('project_id')}, '/(.*)', 1), '')")
        costs = [
            f"try_cast({nested('costs', f'{side}_tokens_total_cost')} AS DECIMAL(24, 12))"
            for side in ("prompt", "completion")
        ]
        values = calls_only(
            {
                "call_id": (
                    f"CASE WHEN flag({top('is_one_of_many')}) THEN concat_ws('/', {top('id')}, {model}) "
                    f"ELSE {top('id')} END"
                ),
                "ts_text": started,
                "ts_end_text": f"CASE WHEN {many} THEN {ended} END",
                "ts_strict": "false",
                "provider_text": f"coalesce({provider_in_name(model)}, '(unknown)')",
                "model_text": model,
                "workload_text": (f"coalesce({nested('attributes', *WORKLOAD_KEYS)}, {project})"),
                "attributes": attribute_list(
                    {
                        "project": project,
                        "trace_name": top("display_name"),
                        "metadata.op_name": f"regexp_replace({top('op_name')}, '^.*/op/|:[^:]*$', '', 'g')",
                    },
                    metadata=[top("attributes")],
                ),
                "session_text": top("trace_id"),
                "input_rule": (
                    f"CASE WHEN {own_count} THEN 'exclusive' ELSE {guarded_rule(prompt, read, write)} END"
                ),
                "token_basis_text": (
                    f"CASE WHEN contains(lower({model}), 'claude') AND NOT ({own_count}) AND {parts} > 0 "
                    f"AND {parts} <= whole_number({prompt}) THEN 'ambiguous' END"
                ),
                "input_text": unless(unmetered, prompt),
                "cache_read_text": read,
                "cache_write_text": write,
                "output_text": unless(unmetered, f"coalesce({completion}, CASE WHEN {embeds} THEN '0' END)"),
                "reasoning_text": usage(*_REASONING),
                "total_text": f"CASE WHEN {parts} = 0 THEN {usage('total_tokens')} END",
                "tier_text": usage("service_tier"),
                "status_text": f"CASE WHEN {failed} THEN 'error' ELSE 'ok' END",
                "latency_text": unless(many, f"coalesce({top('latency_ms')}, {between_ms(started, ended)})"),
                "cost_text": f"cast({costs[0]} + {costs[1]} AS VARCHAR)",
                "requests_text": requests,
                "grain_text": f"CASE WHEN {many} THEN 'bucket' END",
            },
            is_call,
        )
        draft = record.select(
            values,
            reject=f"""CASE
              WHEN {top("op_name")} IS NULL THEN 'not_this_format'
              WHEN flag({top("too_many_models")}) THEN 'too_many_models:summary.usage'
              WHEN NOT {is_call} THEN NULL
              WHEN NOT {failed} AND NOT {unmetered} AND {prompt} IS NULL THEN 'missing_value:input_tokens'
              WHEN NOT {failed} AND NOT {unmetered} AND {completion} IS NULL AND NOT ({embeds})
                THEN 'missing_value:output_tokens'
            END""",
        )
        return over(draft, _SPLIT)


_MAX_MODELS: Final = 100
"""More models than that in one call is no usage."""

_FIELDS: Final = (
    "id",
    "parent_id",
    "trace_id",
    "project_id",
    "started_at",
    "ended_at",
    "exception",
    "attributes",
    "summary.weave.status",
    "summary.weave.latency_ms",
    "inputs.model",
    "op_name",
    "display_name",
)
_PATHS: Final = ", ".join(f"'$.{field}'" for field in _FIELDS)

# Whether a call is a leaf is known only when every call was read. What that takes is a few short
# values a call; prompts and answers are left behind in the first step.
_SPLIT: Final = f"""slim AS MATERIALIZED (
  SELECT row_number() OVER () AS n, good, CASE WHEN NOT good THEN raw END AS raw,
    CASE WHEN good THEN json_extract_string(raw, [{_PATHS}]) END AS f,
    CASE WHEN good THEN json_keys(raw, '$.summary.usage') END AS models,
    CASE WHEN good THEN json_extract(raw, '$.summary.usage.*') END AS usages,
    CASE WHEN good THEN json_keys(raw, '$.summary.weave.costs') END AS priced,
    CASE WHEN good THEN json_extract(raw, '$.summary.weave.costs.*') END AS costs
  FROM (
    SELECT raw, coalesce(json_valid(raw) AND starts_with(ltrim(raw, ' \\t\\r\\n'), '{{'), false) AS good
    FROM source
  )
),
parents AS (SELECT DISTINCT f[2] AS id FROM slim WHERE len(models) > 0 AND f[2] IS NOT NULL),
priced AS (
  SELECT n, good, raw, f, len(models) AS n_models,
    NOT coalesce(f[1] IN (SELECT id FROM parents), false) AS is_leaf,
    CASE WHEN len(models) BETWEEN 1 AND {_MAX_MODELS} THEN models ELSE [NULL] END AS models,
    CASE WHEN len(models) BETWEEN 1 AND {_MAX_MODELS} THEN usages ELSE [NULL] END AS usages,
    CASE WHEN len(models) BETWEEN 1 AND {_MAX_MODELS}
      THEN list_transform(models, lambda m: costs[list_position(priced, m)]) ELSE [NULL] END AS costs
  FROM slim
),
each_model AS (
  SELECT n, good, raw, f, n_models, is_leaf,
    unnest(models) AS model, unnest(usages) AS usage, unnest(costs) AS cost
  FROM priced
),
source AS (
  SELECT CASE WHEN good THEN cast(json_object(
    'id', f[1], 'trace_id', f[3], 'project_id', f[4], 'started_at', f[5], 'ended_at', f[6], 'exception',
    CASE WHEN f[7] IS NOT NULL THEN 'yes' END, 'attributes', f[8], 'status', f[9], 'latency_ms', f[10],
    'asked_model', f[11], 'op_name', f[12], 'display_name', f[13],
    'model', model, 'usage', usage, 'costs', cost,
    'is_leaf', is_leaf, 'is_one_of_many', n_models > 1, 'too_many_models', n_models > {_MAX_MODELS}
  ) AS VARCHAR) ELSE raw END AS raw
  FROM each_model
  ORDER BY n, model
)"""


def _is_ours(names: Set[str]) -> bool:
    return names >= _MARKERS
