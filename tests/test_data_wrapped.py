"""JSON documents beyond the limit of a record that hold many records in one object."""

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.errors import UnreadableFileError
from data.wrapped import is_wrapped, unwrapped
from tests.formats_cases import CASES, case_id, imported, source

LIMIT = 200
"""Of a record, in the small tests."""


def parts(text: str, limit: int = LIMIT) -> list[Any]:
    """The documents that a text is taken apart into."""
    with unwrapped(lambda: io.BytesIO(text.encode()), "log", limit).open() as file:
        return [json.loads(line) for line in file.read().decode().split("\n")[:-1]]


def test_a_list_becomes_documents_of_the_same_shape() -> None:
    records = [{"id": number, "text": "x" * 1000} for number in range(1000)]
    text = json.dumps({"object": "page", "empty": [], "data": records, "has_more": False}, indent=1)
    found = parts(text, 2000)
    assert 100 < len(found) < 200
    assert all({"object", "empty", "data"} == set(document) for document in found)
    assert [record for document in found for record in document["data"]] == records


def test_an_element_that_is_too_long_is_taken_apart_too() -> None:
    span = {"name": "x" * 50}
    tree = {
        "resourceSpans": [
            {"resource": {"a": 1}, "scopeSpans": [{"scope": "s", "spans": [span] * 7}, {"spans": [span]}]},
            {"resource": {"a": 2}, "scopeSpans": []},
        ]
    }
    found = parts(json.dumps(tree))
    spans = [
        (resource["resource"]["a"], len(scope["spans"]))
        for document in found
        for resource in document["resourceSpans"]
        for scope in resource["scopeSpans"]
    ]
    assert sum(count for _, count in spans) == 8
    assert {number for number, _ in spans} == {1}


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ('{"data": [{"a": 1}, {"a"', "The JSON document is damaged"),
        ('{"data": [{"a": 1} {"a": 2}]}', "The JSON document is damaged"),
        ('{"data": [{"a": 1}]', "The JSON document is damaged"),
        ('{"data": [1], "x": }', "The JSON document is damaged"),
        ("{data: [1]}", "The JSON document is damaged"),
        ('{"data": ["' + "x" * 9_000_000 + '"]}', "A record is too long"),
        ('{"data": [{"x": "' + "x" * 9_000_000 + '"}]}', "A record is too long"),
        ('{"x": {"a": "' + "x" * 9_000_000 + '"}, "data": [{}]}', "A record is too long"),
        ('{"data":[' * 200_000 + "1" + "]}" * 200_000, "A record is too long"),
        ('{"a":' * 200_000 + "1" + "}" * 200_000, "A record is too long"),
        ("{" + ",".join(f'"k{n}":{n}' for n in range(100)) + ',"data":[{}]}', "A record is too long"),
    ],
    ids=lambda value: value[:20],
)
def test_what_cannot_be_taken_apart_is_one_clear_error(text: str, title: str) -> None:
    with pytest.raises(UnreadableFileError) as refused:
        parts(text)
    assert refused.value.title == title
    assert "xxxx" not in str(refused.value)


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    del tmp_path
    with pytest.raises(UnreadableFileError, match="not UTF-8"):
        unwrapped(lambda: io.BytesIO(b'{"data": [{"a": "\xff"}]}'), "log", LIMIT)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)


@given(
    records=st.lists(st.dictionaries(st.text(max_size=3), values, max_size=3), max_size=20),
    before=st.dictionaries(st.text(min_size=1, max_size=3), values, max_size=2),
    indent=st.sampled_from([None, 1]),
    plain=st.booleans(),
)
def test_every_record_comes_out_once_and_as_it_was(
    records: list[dict[str, Any]], before: dict[str, Any], indent: int | None, *, plain: bool
) -> None:
    text = json.dumps({**before, "data": records}, indent=indent, ensure_ascii=plain)
    found = parts(text, 10_000)
    assert [record for document in found for record in document["data"]] == records
    assert all(document == {**before, "data": document["data"]} for document in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"data": [{', True),
        ('{\n "a": 1, "spans" : [\n{', True),
        ('{"rows": [{', False),
        ('[{"data": [{', False),
    ],
)
def test_what_begins_as_such_a_document(text: str, *, expected: bool) -> None:
    assert is_wrapped(text) is expected


WRAPPED = {
    case.parent.name: case
    for case in CASES
    if source(case).suffix == ".json" and is_wrapped(source(case).read_text(encoding="utf-8"))
}
"""Format -> a case with such a document."""


def test_there_are_formats_with_such_documents() -> None:
    assert WRAPPED.keys() >= {"braintrust", "langfuse", "litellm_daily", "openinference", "otel_genai"}


@pytest.mark.parametrize("case", WRAPPED.values(), ids=case_id)
def test_a_large_document_gives_the_same_calls(case: Path, tmp_path: Path) -> None:
    """Made large by what stands behind its list, so that it can no longer be read in one piece."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    _, plain, expected = imported(tmp_path / "a", source(case))
    text = source(case).read_text(encoding="utf-8").rstrip()
    assert text.endswith("}")
    padding = "(text) " * 700_000
    path = tmp_path / "log.gz"
    path.write_bytes(gzip.compress(f'{text[:-1]}, "pad_1": "{padding}", "pad_2": "{padding}"}}'.encode(), 1))
    _, outcome, rows = imported(tmp_path / "b", path)
    assert outcome.container == "jsonl"
    assert (outcome.format, outcome.read, outcome.reject_counts) == (
        plain.format,
        plain.read,
        plain.reject_counts,
    )
    for row in [*rows, *expected]:
        row["dataset_id"] = ""
    assert rows == expected


def test_a_document_of_many_megabytes_is_read(tmp_path: Path) -> None:
    said = "a prompt that is not kept " * 1_200
    spans = ",".join(
        f'{{"spanId":"{number:06d}","traceId":"t","name":"chat gpt-4o",'
        '"startTimeUnixNano":"1767225600100000000",'
        '"attributes":[{"key":"gen_ai.operation.name","value":{"stringValue":"chat"}},'
        '{"key":"gen_ai.request.model","value":{"stringValue":"gpt-4o"}},'
        '{"key":"gen_ai.usage.input_tokens","value":{"intValue":"10"}},'
        f'{{"key":"gen_ai.input.messages","value":{{"stringValue":"{said}"}}}},'
        '{"key":"gen_ai.usage.output_tokens","value":{"intValue":1}}]}'
        for number in range(300)
    )
    resource = '{"attributes":[{"key":"service.name","value":{"stringValue":"shop"}}]}'
    text = f'{{"resourceSpans":[{{"resource":{resource},"scopeSpans":[{{"spans":[{spans}]}}]}}]}}'
    assert len(text) > 8 * 1024 * 1024
    path = tmp_path / "traces.json"
    path.write_text(text, encoding="utf-8")
    _, outcome, rows = imported(tmp_path, path)
    assert (outcome.read, outcome.calls, outcome.rejected) == (300, 300, 0)
    assert {row["workload"] for row in rows} == {"shop"}
