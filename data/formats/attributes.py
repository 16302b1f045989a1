"""What a format keeps of a call for workload rules: the SQL of the draft's `attributes` column.

A format names the fields it has; `data/sql/read_attributes.sql` decides which of their values are
plain enough to be kept. Nothing here belongs to the call record: attributes only help to say which
workload a call is part of.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from data.db import quoted

FIELDS: Final = ("tag", "project", "api_key_alias", "trace_name", "endpoint", "user_agent")
"""Attributes with a meaning of their own; the caller's own keys are `metadata.<key>`."""

METADATA: Final = "metadata."


_GROUP: Final = 4


def attribute_list(
    fields: Mapping[str, str],
    *,
    tags: Sequence[str] = (),
    metadata: Sequence[str] = (),
    column: Callable[[str], str] = str,
) -> str:
    """SQL for the draft's `attributes`.

    `fields` maps an attribute (one of FIELDS, or `metadata.<key>`) to SQL for its text. `tags` are
    SQL for texts that hold a JSON list of tags, `metadata` for texts that hold a JSON object of the
    caller's own keys. `column` names a column with the value of an expression, where the format has
    `Layers`: what is named twice is then worked out once. NULL when there is nothing to look at. Raises
    KeyError for an attribute that is none.
    """
    unknown = [name for name in fields if name not in FIELDS and not name.startswith(METADATA)]
    if unknown:
        message = f"not attributes: {unknown}"
        raise KeyError(message)
    reading = {"endpoint": "endpoint_path({0})", "user_agent": "agent_product({0})"}
    texts = {
        name: column(f"CASE WHEN {text} IS NOT NULL THEN {reading[name].format(text)} END")
        if name in reading
        else text
        for name, text in fields.items()
    }
    parts = [f"tag_attributes({text})" for text in tags]
    parts += [f"named_attribute({quoted(name)}, {text})" for name, text in texts.items()]
    parts += [f"metadata_attributes({text})" for text in metadata]
    if not parts:
        return "NULL"
    kept = f"attribute_set(list_concat({', '.join(parts)}))"
    if texts:
        # Without lists, which is how most rows are, the text is put together in a third of the time.
        absent = " AND ".join(f"{text} IS NULL" for text in [*tags, *metadata]) or "true"
        alone = column(f"CASE WHEN {absent} THEN {_alone(texts)} END")
        kept = f"CASE WHEN {absent} THEN attribute_texts({alone}) ELSE {kept} END"
    present = ", ".join([*tags, *fields.values(), *metadata])
    # Most logs have none of it, and then nothing is built.
    return f"CASE WHEN coalesce({present}) IS NOT NULL THEN {kept} END"


def _alone(texts: Mapping[str, str]) -> str:
    """SQL for the attributes as texts with commas between, "" when there are none.

    They are asked in groups, because a log has a few of them and a group that nobody fills costs nothing.
    """
    names = list(texts)
    groups = []
    for start in range(0, len(names), _GROUP):
        group = names[start : start + _GROUP]
        written = ", ".join(f"attribute_text({quoted(name)}, {texts[name]})" for name in group)
        present = ", ".join(texts[name] for name in group)
        groups.append(
            f"CASE WHEN coalesce({present}) IS NOT NULL THEN nullif(concat_ws(',', {written}), '') END"
        )
    return f"concat_ws(',', {', '.join(groups)})"
