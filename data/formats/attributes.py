"""What a format keeps of a call for workload rules: the SQL of the draft's `attributes` column.

A format names the fields it has; `data/sql/read_attributes.sql` decides which of their values are
plain enough to be kept. Nothing here belongs to the call record: attributes only help to say which
workload a call is part of.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from data.db import quoted

FIELDS: Final = ("tag", "project", "api_key_alias", "trace_name", "endpoint", "user_agent")
"""Attributes with a meaning of their own; the caller's own keys are `metadata.<key>`."""

METADATA: Final = "metadata."


def attribute_list(
    fields: Mapping[str, str],
    *,
    tags: Sequence[str] = (),
    metadata: Sequence[str] = (),
) -> str:
    """SQL for the draft's `attributes`.

    `fields` maps an attribute (one of FIELDS, or `metadata.<key>`) to SQL for its text. `tags` are
    SQL for texts that hold a JSON list of tags, `metadata` for texts that hold a JSON object of the
    caller's own keys. NULL when there is nothing to look at. Raises KeyError for an attribute that is none.
    """
    unknown = [name for name in fields if name not in FIELDS and not name.startswith(METADATA)]
    if unknown:
        message = f"not attributes: {unknown}"
        raise KeyError(message)
    reading = {"endpoint": "endpoint_path({})", "user_agent": "agent_product({})"}
    texts = {name: reading.get(name, "{}").format(text) for name, text in fields.items()}
    parts = [f"tag_attributes({text})" for text in tags]
    parts += [f"named_attribute({quoted(name)}, {text})" for name, text in texts.items()]
    parts += [f"metadata_attributes({text})" for text in metadata]
    if not parts:
        return "NULL"
    kept = f"attribute_set(list_concat({', '.join(parts)}))"
    if texts:
        # Without lists, which is how most rows are, the text is put together in a third of the time.
        alone = ", ".join(f"attribute_text({quoted(name)}, {text})" for name, text in texts.items())
        absent = " AND ".join(f"{text} IS NULL" for text in [*tags, *metadata]) or "true"
        kept = f"CASE WHEN {absent} THEN attribute_texts(concat_ws(',', {alone})) ELSE {kept} END"
    present = ", ".join([*tags, *fields.values(), *metadata])
    # Most logs have none of it, and then nothing is built.
    return f"CASE WHEN coalesce({present}) IS NOT NULL THEN {kept} END"
