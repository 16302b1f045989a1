"""OpenRouter's generation interface: the answers of `GET /api/v1/generation?id=gen-...`, one a call.

Token rule: `native_tokens_prompt` is the total input, cached tokens (`native_tokens_cached`) included, and
`native_tokens_completion` the output, reasoning included: counted as the model's own provider bills
them. `tokens_prompt` and `tokens_completion` are counted in another way, alike for all models. They are
read only where the native counts are absent, and the call is then marked ambiguous.

`total_cost` is what OpenRouter charged, in dollars; with a key of one's own (`is_byok`) the provider charges
`upstream_inference_cost` besides. Cache writes are not told. `generation_time` and `latency` are in
milliseconds; the documentation calls the second the total, elsewhere it is the time to the first token,
so the larger of the two is the latency and the time to the first token stays unknown. The id is the
one of the answer itself, so a call that is also logged as its body counts once.
"""

from collections.abc import Mapping
from typing import Any, Final

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import FlatRecord
from data.formats.openrouter import money_sum
from data.formats.parts import each_listed, items_under, listed_under, records_of

_MARKERS: Final = {"native_tokens_prompt", "tokens_prompt"}


class OpenRouterGenerationApi:
    """One generation a record, with or without `data` around it."""

    name = "openrouter_generation_api"
    title = "OpenRouter generation interface"
    token_rule = "native_tokens_prompt is the total input, cached tokens included; cache writes are not told."  # noqa: S105
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels: Mapping[str, str] = {
        "input_tokens": "native_tokens_prompt",
        "cache_read_tokens": "native_tokens_cached",
        "output_tokens": "native_tokens_completion",
        "reasoning_tokens": "native_tokens_reasoning",
        "latency_ms": "generation_time",
        "reported_cost_usd": "total_cost",
        "tier": "service_tier",
    }

    def claim(self, head: FileHead) -> int:
        """An id as OpenRouter makes them, a total cost, and either of the prompt counts."""
        records = records_of(head, "data")
        return share(sum(map(_is_generation, records)), len(records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a generation."""
        record = FlatRecord(head)

        def top(*names: str) -> str:
            return record.top(*(f"{place}{name}" for place in ("data.", "") for name in names))

        native, alike = top("native_tokens_prompt"), top("tokens_prompt")
        prompt = record.column(f"coalesce({native}, {alike})")
        completion = record.column(
            f"coalesce({top('native_tokens_completion')}, {top('tokens_completion')}, "
            f"CASE WHEN {top('api_type')} = 'embeddings' THEN '0' END)"
        )
        cancelled = f"coalesce(flag({top('cancelled')}), false)"
        failed = f"coalesce(lower({top('finish_reason')}) = 'error', false)"
        met = f"NOT {cancelled} AND NOT {failed}"
        spent = [f"try_cast({top(name)} AS DECIMAL(24, 6))" for name in ("generation_time", "latency")]
        draft = record.select(
            {
                "call_id": top("id"),
                "ts_text": top("created_at"),
                "ts_strict": "false",
                "provider_text": "'openrouter'",
                "model_text": top("model"),
                "attributes": attribute_list(
                    {
                        "api_key_alias": top("api_key_name"),
                        "user_agent": top("user_agent"),
                        "metadata.app": top("app_name", "app_id"),
                        "metadata.origin": top("origin"),
                        "metadata.router": top("router"),
                    }
                ),
                "workload_text": top("app_name", "api_key_name"),
                "session_text": top("session_id", "external_user"),
                "input_rule": "'inclusive'",
                "token_basis_text": f"CASE WHEN {native} IS NULL AND {alike} <> '' THEN 'ambiguous' END",
                "input_text": prompt,
                "cache_read_text": f"CASE WHEN {prompt} IS NOT NULL THEN {top('native_tokens_cached')} END",
                "output_text": completion,
                "reasoning_text": top("native_tokens_reasoning"),
                "tier_text": top("service_tier"),
                "status_text": (
                    f"CASE WHEN {cancelled} THEN 'cancelled' WHEN {failed} THEN 'error' ELSE 'ok' END"
                ),
                "latency_text": f"cast(greatest({', '.join(spent)}) AS VARCHAR)",
                "streamed_text": top("streamed"),
                "cost_text": money_sum(
                    top("total_cost"),
                    f"CASE WHEN flag({top('is_byok')}) THEN {top('upstream_inference_cost')} END",
                ),
            },
            reject=f"""CASE
              WHEN {top("id")} IS NULL OR {top("total_cost")} IS NULL THEN 'not_this_format'
              WHEN {met} AND {prompt} IS NULL THEN 'missing_value:input_tokens'
              WHEN {met} AND {completion} IS NULL THEN 'missing_value:output_tokens'
            END""",
        )
        key = listed_under(head, "data")
        return each_listed(draft, items_under(key)) if key else draft


def _is_generation(record: Mapping[str, Any]) -> bool:
    found = record.get("data", record)
    if not isinstance(found, Mapping) or not str(found.get("id")).startswith("gen-"):
        return False
    return "total_cost" in found and bool(_MARKERS & found.keys())
