"""One odd value anywhere in a record costs that record at most, never the file.

Every value of a format's golden records is replaced in turn by values of other types and sizes.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from data.formats import FORMATS as KNOWN
from data.ingest import import_file
from data.store import Workspace
from tests.formats_cases import FORMATS

ODD: tuple[Any, ...] = (
    None,
    [],
    {"a": [1]},
    "",
    "0x10",
    "%ff%zz",
    "arn:aws:x",
    "{",
    "a\x00b",
    -1,
    "-9223372036854775808",
    10**18,
    1e300,
    True,
)
RECORDS = {
    "anthropic_messages": None,
    "gemini_responses": "usage",
    "gemini_sse": "usage",
    "gemini_batch": "vertex",
    "bedrock_converse": "usage",
    "bedrock_invocation_log": "usage",
    "claude_code": "lines",
    "codex": "lines",
    "openrouter_chat": "usage",
    "gcp_billing": "rows",
}
MESSAGE = {
    "id": "msg_1",
    "type": "message",
    "model": "claude-opus-4-8",
    "usage": {
        "input_tokens": 5,
        "output_tokens": 5,
        "cache_creation": {"ephemeral_5m_input_tokens": 1},
        "iterations": [{"type": "advisor_message", "model": "m", "input_tokens": 1, "output_tokens": 1}],
    },
}


def varied(value: Any) -> Iterator[Any]:
    """The value with one part replaced, for every part and every odd value."""
    yield from ODD
    if isinstance(value, dict):
        for key, part in value.items():
            yield from (value | {key: other} for other in varied(part))
    elif isinstance(value, list):
        for position, part in enumerate(value):
            yield from ([*value[:position], other, *value[position + 1 :]] for other in varied(part))


def records(name: str, case: str | None) -> list[Any]:
    if case is None:
        return [MESSAGE]
    found = []
    for line in (FORMATS / name / case / "input.jsonl").read_text(encoding="utf-8").splitlines():
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


@pytest.mark.parametrize("name", RECORDS)
def test_every_record_is_accounted_for(name: str, tmp_path: Path) -> None:
    originals = records(name, RECORDS[name])
    lines = [json.dumps(original) for original in originals]
    lines += [json.dumps(variant) for original in originals for variant in varied(original)]
    source = tmp_path / "odd.jsonl"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    outcome = import_file(Workspace.open(tmp_path / "workspace"), source, format_name=name)
    assert outcome.accepted + outcome.rejected + outcome.duplicates == outcome.read == len(lines)
    assert outcome.rejected


@pytest.mark.parametrize("name", RECORDS)
def test_no_claim_breaks_on_an_odd_head(name: str, tmp_path: Path) -> None:
    from data.reading import read_head

    for original in records(name, RECORDS[name])[:3]:
        variants = [variant for variant in varied(original) if isinstance(variant, dict)]
        for start in range(0, len(variants), 150):
            source = tmp_path / "odd.jsonl"
            text = "".join(json.dumps(variant) + "\n" for variant in variants[start : start + 150])
            source.write_text(text, encoding="utf-8")
            head = read_head(source, "odd.jsonl")
            assert all(0 <= known.claim(head) <= 100 for known in KNOWN)
