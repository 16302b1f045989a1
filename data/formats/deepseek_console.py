"""DeepSeek console: the `amount-*.csv` of a usage export.

Token rule: the input is `input_cache_hit_tokens` + `input_cache_miss_tokens` (older exports:
`input_tokens` for the latter), so the total is their sum and the hits are its cached part.

The file is in long form: a row has one `type` of one period, model and API key, with its `amount`.
The rows of one such bucket become one call record at its first row; the others are accepted and make
no call. A type that is absent in a bucket is 0, but a bucket without `request_count` is one request.
A type may have several rows at several prices (peak and off-peak hours); they add up. Types that count
no tokens (searches) are accepted and left out. When a row of a bucket cannot be read, or counts tokens
of a kind that is not known, none of the bucket is counted.
`price` is in the account's currency, which the file does not name, so no cost is taken from it.

Periods are days or hours: `start_time_iso` and `end_time_iso` with the offset of the account, or, in
older exports, `utc_date` as 2026-07-25 or 20260725. Files begin with a byte order mark and end their
lines with CR LF. The `cost-*.csv` beside it is `deepseek_costs`.
"""

from collections.abc import Mapping
from typing import Final

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, Container, FileHead
from data.formats.deepseek_costs import day_of
from data.formats.flat_record import FlatRecord, normal

_HIT: Final = "'input_cache_hit_tokens'"
_MISS: Final = "'input_cache_miss_tokens', 'input_tokens'"
_OUTPUT: Final = "'output_tokens'"
_REQUESTS: Final = "'request_count'"


class DeepSeekConsole:
    """One kind of count of one bucket a row."""

    name = "deepseek_console"
    title = "DeepSeek console usage"
    token_rule = (
        "The input tokens are cache hits + cache misses; "  # noqa: S105 - tokens of text
        "the rows of one period, model and key are one bucket."
    )
    containers: frozenset[Container] = frozenset({"csv"})
    labels: Mapping[str, str] = {"ts": "start_time_iso or utc_date", "workload": "api_key_name"}

    def claim(self, head: FileHead) -> int:
        """`type`, `price` and `amount` beside a model and an API key."""
        names = {normal(name) for name in head.columns}
        dated = bool(names & {"start_time_iso", "utc_date"})
        return EXACT if dated and names >= {"model", "api_key_name", "type", "price", "amount"} else 0

    def draft(self, head: FileHead) -> str:
        """One row a row, the bucket's sums on its first."""
        record = FlatRecord(head)
        top, column = record.top, record.column
        position = column("row_number() OVER ()")
        kind = column(f"lower({top('type')})")
        amount = top("amount")
        count = column(f"whole_number({amount})")
        day = column(day_of(top("utc_date")))
        start = column(f"coalesce({top('start_time_iso')}, {day})")
        owner = [top(name) for name in ("user_id", "api_key_name", "api_key")]
        bucket = [start, top("end_time_iso"), top("model"), *owner]
        known = column(f"coalesce({kind} IN ({_HIT}, {_MISS}, {_OUTPUT}, {_REQUESTS}), false)")
        uncounted = column(f"count_problem({amount}, {count})")
        wrong = column(
            f"""CASE
              WHEN {start} IS NULL THEN 'missing_value:ts'
              WHEN {top("model")} IS NULL THEN 'missing_value:model'
              WHEN {kind} IS NULL THEN 'missing_value:type'
              WHEN ends_with({kind}, 'tokens') AND NOT {known} THEN 'unknown_token_kind:type'
              WHEN {amount} IS NULL THEN 'missing_value:amount'
              WHEN {uncounted} IS NOT NULL THEN {uncounted} || ':amount'
            END"""
        )
        window = f"OVER (PARTITION BY {', '.join(bucket)})"

        def total(kinds: str) -> str:
            """The sum of a bucket's rows of some kinds, NULL where it has none."""
            return column(f"sum({count}) FILTER (WHERE {kind} IN ({kinds})) {window}")

        broken = column(f"bool_or({wrong} IS NOT NULL) {window}")
        first = column(f"coalesce({position} = min({position}) FILTER (WHERE {known}) {window}, false)")
        hit, miss, output, requests = (total(kinds) for kinds in (_HIT, _MISS, _OUTPUT, _REQUESTS))
        metered = column(f"coalesce({hit}, {miss}, {output}) IS NOT NULL")
        ended = f"cast(moment({day}) + INTERVAL 1 DAY AS VARCHAR)"
        same = ", ".join(f"coalesce({part}, '')" for part in bucket)
        draft = record.select(
            {
                "call_id": "cast(NULL AS VARCHAR)",
                "makes_call": first,
                "ts_text": start,
                "ts_end_text": f"coalesce({top('end_time_iso')}, {ended})",
                "ts_strict": "true",
                "provider_text": "'deepseek'",
                "model_text": top("model"),
                "workload_text": top("api_key_name"),
                "attributes": attribute_list({"api_key_alias": top("api_key_name")}),
                "input_rule": "'inclusive'",
                "input_text": f"CASE WHEN {metered} THEN coalesce({hit}, 0) + coalesce({miss}, 0) END",
                "cache_read_text": f"CASE WHEN {metered} THEN coalesce({hit}, 0) END",
                "output_text": f"CASE WHEN {metered} THEN coalesce({output}, 0) END",
                "requests_text": f"nullif({requests}, 0)",
                "notes": f"CASE WHEN NOT {known} THEN ['not_token_usage'] "
                f"WHEN {first} AND nullif({requests}, 0) IS NULL THEN ['requests_unknown'] END",
                "grain_text": "'bucket'",
            },
            reject=f"coalesce({wrong}, CASE WHEN {broken} THEN 'broken_bucket' END)",
            identity=f"CASE WHEN {first} THEN concat_ws(chr(31), 'deepseek_console', {same}) ELSE '' END",
        )
        # Sums over a bucket leave the rows in another order than the file's.
        return f"{draft}\nORDER BY {position}"
