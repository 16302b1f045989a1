"""A mapping is complete or names every field that keeps it from being used."""

import pytest

from data.mapping import ColumnMapping, MappingError, problems, read_mapping, read_yaml
from data.mapping_yaml import mapping_yaml
from tests.mapped_tables import MAPPED, mapping

LEAST = {
    "name": "least",
    "row_is": "call",
    "fields": {
        "model": {"constant": "gpt-4o"},
        "input_tokens": {"column": "in"},
        "output_tokens": {"constant": 0},
    },
}


def at_fault(content: object) -> set[str]:
    found = problems(content)
    assert all(problem.sentence.endswith(".") for problem in found)
    return {problem.field for problem in found}


def test_the_least_mapping_needs_no_units() -> None:
    made = read_mapping(LEAST, "x")
    assert made.fields["output_tokens"].constant == "0"
    assert made.time_unit is None


@pytest.mark.parametrize(
    ("answer", "field"),
    [
        ("time_unit", "ts"),
        ("time_unit", "ts_end"),
        ("latency_unit", "latency_ms"),
        ("latency_unit", "ttft_ms"),
        ("cost_unit", "reported_cost_usd"),
        ("input_includes_cached", "cache_read_tokens"),
        ("input_includes_cached", "cache_write_tokens"),
        ("input_includes_cached", "cache_write_long_tokens"),
    ],
)
def test_what_cannot_be_known_must_be_said(answer: str, field: str) -> None:
    fields = {**LEAST["fields"], field: {"column": "x"}}  # type: ignore[dict-item]
    assert at_fault({**LEAST, "fields": fields}) == {answer}


def test_essentials_are_named_all_at_once() -> None:
    assert at_fault({"name": "x", "fields": {}}) == {"model", "input_tokens", "output_tokens", "row_is"}
    with pytest.raises(MappingError) as caught:
        read_mapping({"name": "x", "fields": {}}, "m.yaml")
    for field in ("m.yaml", "model:", "input_tokens:", "output_tokens:", "row_is:"):
        assert field in caught.value.message


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"row_is": "bucket"}, "n_requests"),
        ({"fields": {**LEAST["fields"], "n_requests": {"column": "n"}}}, "n_requests"),  # type: ignore[dict-item]
        ({"fields": {**LEAST["fields"], "call_id": {"constant": "1"}}}, "call_id"),  # type: ignore[dict-item]
        ({"fields": {**LEAST["fields"], "model": {}}}, "model"),  # type: ignore[dict-item]
        ({"fields": {**LEAST["fields"], "model": {"column": "a", "constant": "b"}}}, "model"),  # type: ignore[dict-item]
        ({"fields": {**LEAST["fields"], "model": {"column": " "}}}, "model"),  # type: ignore[dict-item]
        ({"fields": {**LEAST["fields"], "model": {"column": "a\nb"}}}, "model"),  # type: ignore[dict-item]
        ({"fields": {**LEAST["fields"], "model": "gpt-4o"}}, "model"),  # type: ignore[dict-item]
        ({"fields": {**LEAST["fields"], "modle": {"column": "a"}}}, "modle"),  # type: ignore[dict-item]
        ({"row_is": "query"}, "row_is"),
        ({"name": "a b"}, "name"),
        ({"name": ""}, "name"),
        ({"time_units": "s"}, "time_units"),
    ],
)
def test_each_mistake_names_its_field(change: dict[str, object], field: str) -> None:
    assert at_fault({**LEAST, **change}) == {field}


@pytest.mark.parametrize("content", [None, [], "fields", 7, {"fields": []}, {1: 2}])
def test_other_data_is_no_mapping(content: object) -> None:
    assert problems(content)


def test_a_mapping_survives_its_yaml() -> None:
    made = mapping(fields={"provider": {"constant": "yes: \"no\" # 'x'"}, "tier": {"column": "é, {a}: [b]"}})
    assert read_yaml(mapping_yaml(made), "m.yaml") == made
    assert read_mapping(made.content(), "x") == made


def test_yaml_says_yes_and_dates_as_people_write_them() -> None:
    text = (
        "name: m\nrow_is: call\ninput_includes_cached: no\nfields:\n  model: {constant: gpt-4o}\n"
        "  input_tokens: {column: 1}\n  output_tokens: {constant: 0}\n  ts: {constant: 2026-05-04}\n"
        "  cache_read_tokens: {column: c}\n"
    )
    made = read_yaml(text, "m.yaml")
    assert made.input_includes_cached is False
    assert made.fields["ts"].constant == "2026-05-04"
    assert made.fields["input_tokens"].column == "1"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [", "line 1"),
        ("a: 1\n  b: 2", "line 2"),
        ("!!python/object/apply:os.system ['true']", "line 1"),
        ("x" * 300_000, "too large"),
        ("", "list of settings"),
        ("a: &a [1]\nb: *c", "line 2"),
    ],
)
def test_bad_yaml_is_one_sentence_with_its_place(text: str, said: str) -> None:
    with pytest.raises(MappingError) as caught:
        read_yaml(text, "m.yaml")
    assert said in caught.value.message
    assert "m.yaml" in caught.value.message


def test_a_mapping_cannot_be_changed() -> None:
    made = ColumnMapping.model_validate(MAPPED)
    with pytest.raises(ValueError, match="frozen"):
        made.name = "other"  # type: ignore[misc]
