"""LiteLLM daily activity: the usage export (CSV, JSON), pages of the activity interfaces, table dumps.

Token rule: `prompt_tokens` is the total for every provider, as in LiteLLM's spend logs; reads and
writes of the cache are inside it. Writes have no lifetime and are taken for the default one.

A row is the sum of one day, model and key (or team, user, tag): a bucket of `api_requests` requests,
failed ones included, or of one request where that is 0 or missing. Days are UTC. `spend` is in US
dollars; `flat_cost` is not usage and is left out. Pages nest the same sums several times over
(`metrics` of the day, then by model, provider, endpoint, key): only `breakdown.models` is read, split
by the keys inside it. Rows without requests and tokens are accepted and make no call. Rows by tag
count a request once for each of its tags.

The same traffic may be in the spend logs: those have the calls and say more.
"""

from collections.abc import Mapping
from typing import Any, Final

from data.db import quoted
from data.formats.attributes import attribute_list
from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import FlatRecord, normal
from data.formats.vocabulary import HOSTS

_COLUMNS: Final = frozenset({"date", "model", "spend", "prompt_tokens", "completion_tokens", "api_requests"})
_KNOWN: Final = ", ".join(map(quoted, sorted(set(HOSTS.values()))))


def _entries(value: str, path: str) -> str:
    """SQL: the entries of an object inside a JSON value as a list of (key, value), [NULL] without any."""
    inner = f"try_cast(json_extract({value}, '{path}') AS MAP(VARCHAR, JSON))"
    return f"coalesce(nullif(map_entries({inner}), []), [NULL])"


_UNFOLDED: Final = f"""(
  SELECT CASE
    WHEN day IS NULL THEN raw
    ELSE cast(json_object(
      'date', json_extract(day, '$.date'),
      'model', model.key,
      'api_key', api_key.key,
      'key_alias', json_extract(api_key.value, '$.metadata.key_alias'),
      'team_id', json_extract(api_key.value, '$.metadata.team_id'),
      'metrics', json_extract(coalesce(api_key.value, model.value, day), '$.metrics')
    ) AS VARCHAR)
  END AS raw
  FROM (
    SELECT raw, day, model, unnest({_entries("model.value", "$.api_key_breakdown")}) AS api_key
    FROM (
      SELECT raw, day, unnest({_entries("day", "$.breakdown.models")}) AS model
      FROM (
        SELECT raw, unnest(coalesce(nullif(json_extract(page, '$.results[*]'), []), [NULL])) AS day
        FROM (SELECT raw, CASE WHEN json_valid(raw) THEN cast(raw AS JSON) END AS page FROM source)
      )
    )
  )
)"""
"""One flat record a day, model and key, out of the pages; a record that is no page stays as it is."""


class LiteLLMDaily:
    """The sum of one day, model and key a record."""

    name = "litellm_daily"
    title = "LiteLLM daily activity"
    token_rule = (
        "prompt_tokens is the total input, cached tokens included; a row is the sum of a day and model."  # noqa: S105
    )
    containers: frozenset[Container] = frozenset({"csv", "json", "jsonl"})
    labels: Mapping[str, str] = {
        "ts": "date",
        "input_tokens": "prompt_tokens",
        "cache_read_tokens": "cache_read_input_tokens",
        "cache_write_tokens": "cache_creation_input_tokens",
        "output_tokens": "completion_tokens",
        "n_requests": "api_requests",
        "reported_cost_usd": "spend",
    }

    def claim(self, head: FileHead) -> int:
        """The columns of a daily sum, or pages of days with metrics."""
        if head.container == "csv":
            return EXACT if {normal(name) for name in head.columns} >= _COLUMNS else 0
        matches = sum(_is_page(record) or record.keys() >= _COLUMNS for record in head.records)
        return share(matches, len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One bucket a day, model and key."""
        paged = head.container != "csv" and any(map(_is_page, head.records))
        record = FlatRecord(head, _UNFOLDED if paged else "source")
        top = record.top

        def metric(name: str) -> str:
            return top(f"metrics.{name}", name) if head.container != "csv" else top(name)

        model = top("model")
        prefix = record.column(f"lower(split_part({model}, '/', 1))")
        day = record.column(f"date_trunc('day', moment({top('date')}))")
        requests, prompt, completion = (
            metric(name) for name in ("api_requests", "prompt_tokens", "completion_tokens")
        )
        nothing = record.column(
            " AND ".join(
                f"coalesce(whole_number({count}) = 0, {count} IS NULL)"
                for count in (requests, prompt, completion)
            )
        )
        # The key's name says most of what the calls were for; addresses are people.
        names = [top(name) for name in ("key_alias", "entity_alias", "entity_id", "tag", "team_id")]
        workload = ", ".join(f"CASE WHEN NOT contains({name}, '@') THEN {name} END" for name in names)
        owner = [
            top(name) for name in ("entity_id", "api_key", "user_id", "tag", "team_id", "custom_llm_provider")
        ]
        same = ", ".join(f"coalesce({part}, '')" for part in [top("date"), model, *owner])
        return record.select(
            {
                "call_id": "cast(NULL AS VARCHAR)",
                "makes_call": f"NOT {nothing}",
                "ts_text": f"coalesce(cast({day} AS VARCHAR), {top('date')})",
                "ts_end_text": f"cast({day} + INTERVAL 1 DAY AS VARCHAR)",
                "ts_strict": "true",
                "provider_text": (
                    f"coalesce({top('custom_llm_provider')}, "
                    f"CASE WHEN {prefix} IN ({_KNOWN}) THEN {prefix} END, "
                    f"provider_of_model({model}), '(unknown)')"
                ),
                "model_text": model,
                "workload_text": f"coalesce({workload})",
                "attributes": attribute_list(
                    {
                        "tag": top("tag"),
                        "project": top("team_alias", "team_id"),
                        "api_key_alias": top("key_alias"),
                        "metadata.entity": top("entity_alias", "entity_id"),
                    }
                ),
                "input_rule": "'inclusive'",
                "input_text": prompt,
                "cache_read_text": metric("cache_read_input_tokens"),
                "cache_write_text": metric("cache_creation_input_tokens"),
                "output_text": completion,
                "cost_text": metric("spend"),
                "requests_text": f"CASE WHEN coalesce(whole_number({requests}), -1) <> 0 THEN {requests} END",
                "grain_text": "'bucket'",
                "notes": (
                    f"list_filter([CASE WHEN {top('tag')} IS NOT NULL THEN 'tags_overlap' END, "
                    f"CASE WHEN coalesce(whole_number({requests}), 0) = 0 AND NOT {nothing} "
                    "THEN 'requests_unknown' END], lambda n: n IS NOT NULL)"
                ),
            },
            reject=f"""CASE
              WHEN {top("date")} IS NULL AND {model} IS NULL THEN 'not_this_format'
              WHEN {top("date")} IS NULL THEN 'missing_value:ts'
              WHEN NOT {nothing} AND {prompt} IS NULL THEN 'missing_value:input_tokens'
              WHEN NOT {nothing} AND {completion} IS NULL THEN 'missing_value:output_tokens'
            END""",
            identity=f"concat_ws(chr(31), 'litellm_daily', {same})",
        )


def _is_page(record: Mapping[str, Any]) -> bool:
    results = record.get("results")
    if not isinstance(results, list):
        return False
    if not results:
        return isinstance(record.get("metadata"), Mapping) and "total_spend" in record["metadata"]
    return all(isinstance(day, Mapping) and "date" in day and "metrics" in day for day in results)
