"""Anthropic Message objects.

Token rule: `input_tokens` is what was neither read from nor written to the cache, so the total is
input + cache_read_input_tokens + cache creation. Cache creation is `cache_creation.ephemeral_5m`
and `ephemeral_1h` where the split is given, else the flat `cache_creation_input_tokens` at the
default lifetime of 5 minutes. On 151 recorded messages with both, the split sums to the flat
number on every one; a message on which it does not is rejected, because either could be what was
billed. Thinking is inside `output_tokens`.

`speed: fast` is served and charged as fast mode, the tier priority here. `service_tier: priority` is
another thing: Priority Tier, capacity that was committed to and paid in advance, with no price by the
token. The former must not give its price to the latter.

`usage.iterations` lists the parts of one answer. Parts of type `message` add up to the top-level
numbers (verified); `advisor_message` (another, dearer model) and `compaction` are billed on top
and become calls of their own.

A message carries no time: without one in the caller's record the call is kept undated.
"""

from collections.abc import Callable, Mapping
from typing import Final

from data.formats.base import MARKED, Container, FileHead, noted, share
from data.formats.json_record import ProviderRecord, missing_counts, objects_at

_ITERATION: Final = """[{"type": "VARCHAR", "model": "VARCHAR",
 "input_tokens": "VARCHAR", "output_tokens": "VARCHAR",
 "cache_read_input_tokens": "VARCHAR", "cache_creation_input_tokens": "VARCHAR",
 "cache_creation": {"ephemeral_5m_input_tokens": "VARCHAR", "ephemeral_1h_input_tokens": "VARCHAR"}}]"""

_PARTS: Final = ("cache_read_tokens", "cache_write_tokens", "cache_write_long_tokens")


class AnthropicMessages:
    """One Message object a record, bare or inside the caller's own record."""

    name = "anthropic_messages"
    title = "Anthropic messages"
    token_rule = (
        "input_tokens leaves cached tokens out: the total is input_tokens + cache reads + cache writes."  # noqa: S105
    )
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels: Mapping[str, str] = {
        "input_tokens": "usage.input_tokens",
        "cache_read_tokens": "usage.cache_read_input_tokens",
        "cache_write_tokens": "usage.cache_creation_input_tokens",
        "cache_write_long_tokens": "usage.cache_creation.ephemeral_1h_input_tokens",
        "output_tokens": "usage.output_tokens",
        "reasoning_tokens": "usage.output_tokens_details.thinking_tokens",
        "tier": "usage.service_tier",
    }

    def claim(self, head: FileHead) -> int:
        """Records that hold a message with usage, or an API error."""
        matches = sum(
            any(
                (found.get("type") == "message" and isinstance(found.get("usage"), Mapping))
                or (found.get("type") == "error" and isinstance(found.get("error"), Mapping))
                for found in objects_at(record)
                if found is not None
            )
            for record in head.records
        )
        return share(matches, len(head.records), MARKED)

    def draft(self, head: FileHead) -> str:
        """One row a record, with the iterations billed on top beside it."""
        record = ProviderRecord(head, "type", ("message", "error"))
        own = record.own
        failed = f"({record.failed()} OR {own('type')} = 'error')"
        call_id = own("id")
        columns, faults = usage_columns(own, record.column, usage=record.has("usage"))
        return record.select(
            {
                **record.common(),
                "call_id": call_id,
                "ts_text": record.moment(),
                "provider_text": record.provider(
                    "anthropic",
                    by_id=f"CASE WHEN starts_with({call_id}, 'msg_bdrk_') THEN 'bedrock' "
                    f"WHEN starts_with({call_id}, 'msg_vrtx_') THEN 'vertex_ai' END",
                ),
                "session_text": record.session(),
                **columns,
                "status_text": f"CASE WHEN {failed} THEN 'error' ELSE 'ok' END",
                "notes": noted({"served_in_us": kept_in_us(own("usage.inference_geo"))}),
            },
            reject=f"CASE {faults} END",
        )


def usage_columns(
    own: Callable[..., str], column: Callable[[str], str], message: str = "", *, usage: str | None = None
) -> tuple[dict[str, str], str]:
    """The draft columns of a message's usage, and the CASE branches that reject it.

    `own` gives SQL for the first of some paths that has a value, `column` names an expression, and
    `message` is the path of the message, with a dot at its end, below where `own` begins. `usage` is SQL
    that is NULL for a message without usage, its text unless told.
    """
    usage = usage or own(f"{message}usage")
    flat = own(f"{message}usage.cache_creation_input_tokens")
    five_minutes = own(f"{message}usage.cache_creation.ephemeral_5m_input_tokens")
    one_hour = own(f"{message}usage.cache_creation.ephemeral_1h_input_tokens")
    input_text, output_text = own(f"{message}usage.input_tokens"), own(f"{message}usage.output_tokens")
    billed = column(billed_iterations(own(f"{message}usage.iterations"), own(f"{message}model")))
    columns = {
        "input_rule": "'exclusive'",
        "input_text": input_text,
        "cache_read_text": own(f"{message}usage.cache_read_input_tokens"),
        "cache_write_text": f"coalesce({five_minutes}, CASE WHEN {one_hour} IS NULL THEN {flat} END)",
        "cache_write_long_text": one_hour,
        "output_text": output_text,
        "reasoning_text": own(f"{message}usage.output_tokens_details.thinking_tokens"),
        "tier_text": tier_served(own(f"{message}usage.speed"), own(f"{message}usage.service_tier")),
        "extra_calls": billed,
    }
    faults = f"""
      {missing_counts(usage, input_text, output_text)}
      WHEN ({five_minutes} IS NOT NULL OR {one_hour} IS NOT NULL) AND whole_number({flat})
        <> coalesce(whole_number({five_minutes}), 0) + coalesce(whole_number({one_hour}), 0)
        THEN 'cache_totals_disagree:cache_write_tokens'
      WHEN {unreadable_iterations(billed)} THEN 'bad_iterations:usage.iterations'"""
    return columns, faults


def tier_served(speed: str, tier: str) -> str:
    """SQL: the tier word of an answer from its `speed` and `service_tier`; see the head of this module."""
    return f"""CASE
      WHEN lower({speed}) = 'fast' AND coalesce(lower({tier}), 'standard') = 'standard' THEN 'fast'
      WHEN lower({tier}) = 'priority' THEN 'priority_tier'
      ELSE {tier}
    END"""


def kept_in_us(inference_geo: str) -> str:
    """SQL that is true when an answer's `inference_geo` is the one that costs more."""
    return f"lower({inference_geo}) = 'us'"


def billed_iterations(iterations: str, model: str) -> str:
    """SQL: the iterations billed on top of the message as `extra_calls`, NULL where there are none."""
    parsed = f"from_json(json_list({iterations}), '{_ITERATION}')"
    five = "e.cache_creation.ephemeral_5m_input_tokens"
    hour = "e.cache_creation.ephemeral_1h_input_tokens"
    count = "coalesce(whole_number({0}), CASE WHEN {0} IS NULL THEN 0 END)"
    unsplit = f"{five} IS NULL AND {hour} IS NULL"
    write = f"CASE WHEN {unsplit} THEN e.cache_creation_input_tokens ELSE coalesce({five}, '0') END"
    read_n, write_n, long_n = (
        count.format(text) for text in ("e.cache_read_input_tokens", f"({write})", hour)
    )
    return f"""CASE WHEN {iterations} IS NOT NULL THEN list_transform(
      list_filter({parsed}, lambda e: e.type IN ('advisor_message', 'compaction')),
      lambda e: struct_pack(
        kind := e.type,
        model := lower(coalesce(label(e.model), {model})),
        input_tokens := whole_number(e.input_tokens) + {read_n} + {write_n} + {long_n},
        cache_read_tokens := {read_n},
        cache_write_tokens := {write_n},
        cache_write_long_tokens := {long_n},
        output_tokens := whole_number(e.output_tokens)
      )) END"""


def unreadable_iterations(billed: str) -> str:
    """SQL that is true when one of `billed_iterations` lacks a count or has an impossible one."""
    counts = ["input_tokens", "output_tokens", *_PARTS]
    good = " AND ".join(f"coalesce(c.{name} BETWEEN 0 AND 999999999999999, false)" for name in counts)
    parts = " + ".join(f"c.{name}" for name in _PARTS)
    good += f" AND {parts} <= c.input_tokens AND length(c.model) <= 300"
    return f"len(list_filter({billed}, lambda c: NOT ({good}))) > 0"
