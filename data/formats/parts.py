"""Pieces that several drafts need: records that are no calls, lists of records, units, the cache guard."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from data.db import quoted
from data.formats.base import FileHead
from data.formats.vocabulary import MODEL_PREFIXES, PROVIDERS

_ALWAYS: Final = ("makes_call",)


def calls_only(values: Mapping[str, str], is_call: str) -> dict[str, str]:
    """The draft columns of a file in which only some records are calls.

    `is_call` is SQL that is never NULL. A record that is no call is accepted and leaves nothing
    behind: whatever it holds, none of it is checked or kept.
    """
    kept = {name: f"CASE WHEN {is_call} THEN {value} END" for name, value in values.items()}
    return kept | {"makes_call": is_call}


def listed_under(head: FileHead, *keys: str) -> str | None:
    """The key under which the documents of a file list their records, None where records stand alone."""
    for record in head.records:
        for key in keys:
            if isinstance(record.get(key), list):
                return key
    return None


def records_of(head: FileHead, *keys: str) -> tuple[dict[str, Any], ...]:
    """The records of the head, taken out of the documents that list them."""
    key = listed_under(head, *keys)
    if key is None:
        return head.records
    listed = (record.get(key) for record in head.records)
    return tuple(
        item for items in listed if isinstance(items, list) for item in items if isinstance(item, dict)
    )


def each_listed(draft: str, items: str) -> str:
    """A draft over the items of documents; `items` is SQL over `raw`, valid JSON, for a list of JSON texts.

    The items take the place of the documents in `source`. A document without items leaves one
    blank row, which counts as nothing read; text that is not JSON stays one row, to be rejected.
    """
    source = f"""SELECT unnest(CASE
    WHEN raw IS NULL OR NOT json_valid(raw) THEN [raw]
    ELSE coalesce(nullif({items}, []), [NULL])
  END) AS raw FROM source"""
    return over(draft, f"source AS (\n  {source}\n)")


def over(draft: str, tables: str) -> str:
    """A draft over a `source` of its own: `tables` are common table expressions, the last one named so.

    An expression does not see itself, so in it `source` is still the relation of the file's rows.
    """
    return f"WITH {tables},\n{draft.removeprefix('WITH ')}"


def items_under(key: str) -> str:
    """SQL for `each_listed`: what stands in the list under a key; a record without it stands for itself."""
    path = quoted(f"$.{key}")
    return (
        f"CASE WHEN json_type(raw, {path}) = 'ARRAY' "
        f"THEN cast(json_extract(raw, {quoted(f'$.{key}[*]')}) AS VARCHAR[]) ELSE [raw] END"
    )


def unless(condition: str, value: str) -> str:
    """SQL for a value that counts only where a condition, never NULL, does not hold."""
    return f"CASE WHEN NOT {condition} THEN {value} END"


def seconds_as_ms(text: str) -> str:
    """SQL text of a number of seconds as milliseconds; what is no number stays as it is and is rejected."""
    return f"coalesce(cast(try_cast({text} AS DECIMAL(24, 9)) * 1000 AS VARCHAR), {text})"


def between_ms(start: str, end: str) -> str:
    """SQL text of the milliseconds from one logged time to another; NULL when it would be negative."""
    us = f"epoch_us(moment({end})) - epoch_us(moment({start}))"
    return f"CASE WHEN {us} >= 0 THEN cast(cast({us} AS DECIMAL(18, 0)) * 0.001 AS VARCHAR) END"


def guarded_rule(input_text: str, *parts: str) -> str:
    """SQL for `input_rule` where the input is said to hold the cached parts: unless they do not fit."""
    return f"CASE WHEN {parts_sum(*parts)} > whole_number({input_text}) THEN 'exclusive' ELSE 'inclusive' END"


def parts_sum(*parts: str) -> str:
    """SQL for the sum of the cached parts, 0 where none is logged."""
    return " + ".join(f"coalesce(whole_number({part}), 0)" for part in parts)


def provider_in_name(model: str) -> str:
    """SQL for the provider that a model id names before a slash or settles by itself; NULL for neither."""
    known = ", ".join(
        map(quoted, sorted({*PROVIDERS.values(), *MODEL_PREFIXES.values(), "groq", "openrouter"}))
    )
    # Not split_part: in a table without a model column, DuckDB 2.0 cannot bind it inside CASE.
    prefix = f"provider_of(regexp_extract({model}, '^[^/]*'))"
    return (
        f"coalesce(CASE WHEN contains({model}, '/') AND {prefix} IN ({known}) THEN {prefix} END, "
        f"provider_of_model({model}), provider_of_model(regexp_extract({model}, '[^/]*$')))"
    )


def first_of(values: Sequence[str]) -> str:
    """SQL for the first of the values that is there."""
    return f"coalesce({', '.join(values)})" if len(values) > 1 else values[0]
