"""What is proposed from names and first rows, and what is left for a person to say."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.mapping import read_yaml
from data.mapping_yaml import proposal_yaml
from data.proposing import Proposal, kind_of, propose
from data.table_sample import Sample, join_path, split_path, take_sample
from tests.mapped_tables import TABLE


def sample(tmp_path: Path, text: str, name: str = "t.csv") -> Sample:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return take_sample(path)


def columns(proposal: Proposal) -> dict[str, str]:
    return {item.field: item.column for item in proposal.suggestions}


def test_names_and_contents_together(tmp_path: Path) -> None:
    proposal = propose(sample(tmp_path, TABLE))
    assert columns(proposal) == {
        "ts": "when",
        "model": "engine",
        "workload": "team",
        "input_tokens": "in tok",
        "output_tokens": "out tok",
        "latency_ms": "took",
        "reported_cost_usd": "cost",
    }
    assert {item.field: item.why for item in proposal.suggestions}["ts"] == "name and content"
    assert proposal.missing == ()


def test_units_are_asked_and_hinted_at_never_filled_in(tmp_path: Path) -> None:
    proposal = propose(sample(tmp_path, TABLE))
    assert proposal.answers == {}
    asked = {item.answer: item.hint for item in proposal.questions}
    assert asked == {
        "row_is": None,
        "time_unit": "The first rows look like seconds since 1970 (s).",
        "latency_unit": None,
        "cost_unit": None,
    }


def test_iso_times_say_so_themselves(tmp_path: Path) -> None:
    proposal = propose(sample(tmp_path, "at,model,prompt_tokens,completion_tokens\n2026-05-04,gpt-4o,1,1\n"))
    assert proposal.answers == {"time_unit": "iso"}
    assert [item.answer for item in proposal.questions] == ["row_is"]


def test_contents_alone_find_times_and_models_but_no_token_counts(tmp_path: Path) -> None:
    proposal = propose(sample(tmp_path, "a,b,c,d\n1777885200250,claude-haiku-4-5,10,20\n"))
    assert columns(proposal) == {"ts": "a", "model": "b"}
    assert {item.confidence for item in proposal.suggestions} == {0.4}
    assert proposal.missing == ("input_tokens", "output_tokens")


def test_a_name_whose_contents_do_not_fit_is_not_proposed(tmp_path: Path) -> None:
    text = (
        "input_tokens,model,time,status\nTell me a story,One long text about a great many other things,x,y\n"
    )
    proposal = propose(sample(tmp_path, text))
    assert columns(proposal) == {"status": "status"}
    assert set(proposal.missing) == {"model", "input_tokens", "output_tokens", "provider"}


def test_row_numbers_are_no_ids(tmp_path: Path) -> None:
    assert "call_id" not in columns(propose(sample(tmp_path, "id,model\n1,gpt-4o\n2,gpt-4o\n")))
    ids = "request_id,model\nreq-00000001,gpt-4o\nreq-00000002,gpt-4o\n"
    assert columns(propose(sample(tmp_path, ids)))["call_id"] == "request_id"
    twice = "request_id,model\nreq-00000001,gpt-4o\nreq-00000001,gpt-4o\n"
    assert "call_id" not in columns(propose(sample(tmp_path, twice)))


def test_the_provider_is_asked_for_where_models_do_not_settle_it(tmp_path: Path) -> None:
    assert propose(sample(tmp_path, "model,in_tokens,out_tokens\nhouse-7b,1,1\n")).missing == ("provider",)
    assert propose(sample(tmp_path, "model,in_tokens,out_tokens\ngpt-4o,1,1\n")).missing == ()


def test_more_cached_than_input_is_a_hint(tmp_path: Path) -> None:
    text = "model,input_tokens,completion_tokens,cached_tokens\ngpt-4o,1,1,9\ngpt-4o,9,1,1\n"
    hints = {item.answer: item.hint for item in propose(sample(tmp_path, text)).questions}
    assert (
        hints["input_includes_cached"] == "In 1 of the first rows the cached tokens are more than the input."
    )


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("latency_ms", "ms"),
        ("durationSeconds", "s"),
        ("elapsed_s", "s"),
    ],
)
def test_a_unit_in_a_name_is_a_hint(name: str, hint: str, tmp_path: Path) -> None:
    proposal = propose(sample(tmp_path, f"model,{name}\ngpt-4o,12\n"))
    hints = {item.answer: item.hint for item in proposal.questions}
    assert hints["latency_unit"] == f"The name of the column ends like {hint}."


def test_nested_json_is_proposed_by_path(tmp_path: Path) -> None:
    record = {
        "logged": {"at": 1777885200},
        "llm.model": "gpt-4o",
        "usage": {"promptTokens": 10, "completionTokens": 2, "details": {}},
        "messages": [{"content": "hello"}],
    }
    made = sample(tmp_path, json.dumps(record) + "\n", "t.jsonl")
    assert made.names == (
        "logged.at",
        '"llm.model"',
        "usage.promptTokens",
        "usage.completionTokens",
        "usage.details",
        "messages",
    )
    found = columns(propose(made))
    assert found["ts"] == "logged.at"
    assert found["model"] == '"llm.model"'
    assert (found["input_tokens"], found["output_tokens"]) == ("usage.promptTokens", "usage.completionTokens")


def test_the_printed_proposal_becomes_a_mapping_once_the_questions_are_answered(tmp_path: Path) -> None:
    text = proposal_yaml(propose(sample(tmp_path, TABLE, "acme-2026-05.csv")))
    assert "name: acme\n" in text
    for answer, chosen in {
        "row_is": "call",
        "time_unit": "s",
        "latency_unit": "s",
        "cost_unit": "cents",
    }.items():
        lines = [line for line in text.splitlines() if line.startswith(f"# {answer}: ")]
        assert len(lines) == 1
        text = text.replace(lines[0], f"{answer}: {chosen}")
    made = read_yaml(text, "mapping.yaml")
    assert made.fields["input_tokens"].column == "in tok"
    assert made.cost_unit == "cents"


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], None),
        (["1", "2.0", "x"], "integer"),
        (["1.5", "2"], "number"),
        (["1777885200", "1777885200.5"], "epoch_s"),
        (["1777885200250"], "epoch_ms"),
        (["1777885200250000"], "epoch_us"),
        (["1777885200250000000"], "epoch_ns"),
        (["2026-05-04T09:00:00+02:00", "2026-05-04"], "iso"),
        (["true", "no"], "flag"),
        (["gpt-4o", "openai/o3-mini"], "model"),
        (["a", "b"], "word"),
        (["a", "one two three four five six seven eight nine"], "prose"),
        (["a\nb"], "prose"),
    ],
)
def test_kinds_of_values(values: list[str], kind: str | None) -> None:
    assert kind_of(values) == kind


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_a_path_leads_back_to_its_keys(keys: list[str]) -> None:
    assert split_path(join_path(keys)) == tuple(keys)


def test_shapes_are_told_apart_by_kind_and_names_only(tmp_path: Path) -> None:
    first = sample(tmp_path, "a b,C\n1,2\n").signature
    assert sample(tmp_path, "c;A-b\n9;9\n").signature == first
    assert sample(tmp_path, "a_b,c,d\n1,2,3\n").signature != first
    assert sample(tmp_path, '{"a_b": 1, "c": 2}\n', "t.jsonl").signature != first
    nested = sample(tmp_path, '{"a": {"b": 1}}\n{"a": {"b": 2}}\n', "t.jsonl").signature
    assert sample(tmp_path, '[{"a": {"b": 3}}]', "t.json").signature == nested
    assert sample(tmp_path, '{"a": {"c": 1}}\n', "t.jsonl").signature != nested
