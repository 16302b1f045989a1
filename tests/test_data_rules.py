"""Mapping rules: what they match, what they make, how they are read, and what they do to the cube."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.cube import keyed_usage, signals, usage_cube
from data.errors import RulesError
from data.formats import FORMATS
from data.ingest import import_file
from data.rules import DOCUMENT, Match, Rule, RuleSet, current_rules, fields_of
from data.schema import UNATTRIBUTED
from data.store import Workspace


def rules(*made: dict[str, Any]) -> RuleSet:
    return RuleSet.of(list(made))


def call(**attributes: str | tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    return {
        name.replace("__", "."): value if isinstance(value, tuple) else (value,)
        for name, value in attributes.items()
    }


# ---------------------------------------------------------------- one rule


@pytest.mark.parametrize(
    ("said", "value", "fits"),
    [
        ("nightly", "nightly", True),
        ("nightly", "Nightly", True),
        ("nightly", "nightly-2", False),
        ("nightly-*", "nightly-2", True),
        ("nightly-?", "nightly-22", False),
        ("*", "anything", True),
        ("v[1]", "v[1]", True),
        ("v[1]", "v1", False),
        (["a", "b*"], "bee", True),
        (["a", "b*"], "c", False),
        ({"exact": "a*"}, "a*", True),
        ({"exact": "a*"}, "ab", False),
        ({"prefix": "ci["}, "ci[main]", True),
        ({"prefix": "ci["}, "ci", False),
        ({"glob": ["x", "y"]}, "Y", True),
        (3, "3", True),
    ],
)
def test_a_value_fits_whole_and_without_regard_to_case(said: Any, value: str, fits: bool) -> None:
    assert (Match.read(said).finds([value]) is not None) is fits


def test_all_conditions_of_a_rule_must_hold_and_the_first_rule_wins() -> None:
    made = rules(
        {"when": {"tag": "n*", "model": "gpt-4o"}, "workload": "both"},
        {"when": {"tag": "n*"}, "workload": "tag only"},
        {"when": {"model": "gpt-4o"}, "workload": "model only"},
    )
    assert made.deciding(call(tag="night", model="gpt-4o")) == (0, "both")
    assert made.deciding(call(tag="night", model="o3")) == (1, "tag only")
    assert made.deciding(call(tag="day", model="gpt-4o")) == (2, "model only")
    assert made.deciding(call(tag="day", model="o3")) == (None, UNATTRIBUTED)


def test_a_field_in_braces_is_the_value_that_matched() -> None:
    made = rules({"when": {"tag": "team-*"}, "workload": "{tag} on {model}"}, {"workload": "{tag}"})
    assert made.deciding(call(tag=("urgent", "team-a"), model="o3")) == (0, "team-a on o3")
    assert made.deciding(call(tag=("urgent", "late"), model="o3")) == (1, "urgent")


def test_a_rule_whose_field_is_absent_leaves_the_call_to_the_next() -> None:
    made = rules({"workload": "{metadata.team}"}, {"workload": "{project}"})
    assert made.deciding(call(metadata__team="data", project="blue")) == (0, "data")
    assert made.deciding(call(project="blue")) == (1, "blue")
    assert made.deciding(call(model="o3")) == (None, UNATTRIBUTED)


def test_a_name_is_one_line_of_bounded_length() -> None:
    rule = Rule(workload="{tag}")
    assert rule.names({"tag": ("a  b",)}) == "a b"
    assert rule.names({"tag": ("x" * 500,)}) == "x" * 300
    assert rule.names({"tag": (" ",)}) is None


def test_an_unattributed_call_has_no_name_in_its_log() -> None:
    seen = fields_of(named=UNATTRIBUTED, model="m", provider="p", source_format="f", attributes={})
    assert seen == {"model": ("m",), "provider": ("p",), "format": ("f",)}
    assert fields_of(named="w", model="m", provider="p", source_format="f", attributes={})["named"] == ("w",)


# ---------------------------------------------------------------- reading and writing


def test_the_text_form_is_read_as_it_is_written() -> None:
    text = """
rules:
  - name: Night jobs
    when:
      tag: nightly-*
      metadata.team: [no, 007]
      api_key_alias: {prefix: "ci["}
    workload: night {metadata.team}
  - workload: "{named}"
"""
    loaded = RuleSet.load(text)
    first, second = loaded.rules
    assert first.name == "Night jobs"
    assert first.when["metadata.team"] == Match(how="glob", texts=("no", "007"))
    assert first.when["api_key_alias"] == Match(how="prefix", texts=("ci[",))
    assert second.when == {}
    assert RuleSet.load(loaded.to_yaml()) == loaded
    assert RuleSet.of(json.loads(json.dumps(loaded.plain()))) == loaded


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C"]), min_size=1, max_size=20).filter(
    str.strip
)
MATCHES = st.builds(
    lambda how, texts: Match(how=how, texts=tuple(texts)),
    st.sampled_from(["glob", "exact", "prefix"]),
    st.lists(TEXTS, min_size=1, max_size=3),
)
FIELD_NAMES = st.sampled_from(["tag", "model", "project", "metadata.team", "named"])
RULES = st.builds(
    Rule,
    name=TEXTS,
    when=st.dictionaries(FIELD_NAMES, MATCHES, max_size=3),
    workload=TEXTS.filter(lambda text: not set(text) & {"{", "}"}),
)


@given(st.lists(RULES, max_size=4))
def test_any_rules_come_back_from_yaml_as_they_were(made: list[Rule]) -> None:
    whole = RuleSet(rules=tuple(made))
    assert RuleSet.load(whole.to_yaml()) == whole


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "list of rules"),
        ("rules: 5", "list of rules"),
        ("rules:\n- when: {tag: a}\n", "Rule 1, workload: it is missing."),
        ("rules:\n- workload: a\n- workload: b\n  wehn: {tag: a}\n", "Rule 2, wehn: there is no such key"),
        ("rules:\n- {workload: a, when: {teg: a}}\n", "“teg” is no field; these are: tag, project"),
        ("rules:\n- {workload: '{teg}'}\n", "{teg} is no field"),
        ("rules:\n- {workload: 'a{'}\n", "brace"),
        ("rules:\n- {workload: a, when: tag}\n", "write fields"),
        ("rules:\n- {workload: a, when: {tag: {regex: a}}}\n", "{exact: text} or {prefix: text}"),
        ("rules:\n- {workload: a, when: {tag: []}}\n", "Rule 1"),
        ("rules:\n- {workload: a, when: {tag: ' '}}\n", "1 to 300 characters"),
        ("rules:\n- {workload: a, workload: b}\n", "Line 2, column 17: a key is given twice."),
        ("rules: [&a {workload: x}, *a]", "aliases"),
        ("rules: [", "valid"),
        ("rules:\n- {workload: ''}\n", "Rule 1, workload"),
    ],
)
def test_what_is_wrong_with_a_list_is_said_with_its_place(text: str, sentence: str) -> None:
    with pytest.raises(RulesError) as refused:
        RuleSet.load(text)
    assert any(sentence in problem for problem in refused.value.problems), refused.value.problems


def test_every_problem_is_listed() -> None:
    with pytest.raises(RulesError) as refused:
        RuleSet.load("rules:\n- {workload: '{x}'}\n- {when: {y: a}, workload: b}\n")
    assert [problem.split(":")[0] for problem in refused.value.problems] == ["Rule 1", "Rule 2, when"]


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_the_shipped_rules_keep_the_name_of_the_log_in_every_format(known: Any) -> None:
    shipped = RuleSet.default()
    said = fields_of(named="as logged", model="m", provider="p", source_format=known.name, attributes={})
    assert shipped.deciding(said)[1] == "as logged"
    unsaid = fields_of(
        named=UNATTRIBUTED,
        model="m",
        provider="p",
        source_format=known.name,
        attributes={"user_agent": ("t",)},
    )
    assert shipped.deciding(unsaid) == (None, UNATTRIBUTED)


# ---------------------------------------------------------------- over a workspace


def record(number: int, **more: Any) -> dict[str, Any]:
    return {
        "call_id": f"c{number}",
        "ts": f"2026-05-04T09:{number:02d}:00Z",
        "provider": "openai",
        "model": "gpt-4o",
        "input_tokens": 1000,
        "output_tokens": 100,
        "latency_ms": 800,
        **more,
    }


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Six calls: two of team data, one of team web, one with a name in the log, one with nothing, one o3."""
    source = tmp_path / "log.jsonl"
    rows = [
        record(0, metadata={"team": "data"}, workload="etl"),
        record(1, metadata={"team": "data"}),
        record(2, metadata={"team": "web"}),
        record(3, workload="etl"),
        record(4),
        record(5, model="o3"),
    ]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = Workspace.open(tmp_path / "workspace")
    assert import_file(found, source).accepted == 6
    return found


def by_workload(workspace: Workspace, made: RuleSet | None = None) -> dict[str, int]:
    counted: dict[str, int] = {}
    for row in usage_cube(workspace, [], made).to_pylist():
        counted[row["workload"]] = counted.get(row["workload"], 0) + row["n_requests"]
    return counted


def test_without_rules_of_its_own_a_workspace_keeps_the_names_of_the_log(workspace: Workspace) -> None:
    assert by_workload(workspace) == {"etl": 2, UNATTRIBUTED: 4}


def test_saved_rules_rename_calls_without_another_import(workspace: Workspace) -> None:
    made = rules(
        {"when": {"metadata.team": "*"}, "workload": "team {metadata.team}"},
        {"when": {"model": "o3"}, "workload": "reasoning"},
        {"workload": "{named}"},
    )
    workspace.document(DOCUMENT).save(made.plain(), author="Ann", note="teams")
    assert current_rules(workspace) == made
    expected = {"team data": 2, "team web": 1, "etl": 1, "reasoning": 1, UNATTRIBUTED: 1}
    assert by_workload(workspace) == expected
    latencies = [row for row in signals(workspace).to_pylist() if row["signal"] == "latency_log"]
    assert {row["workload"]: row["n"] for row in latencies} == expected
    workspace.document(DOCUMENT).undo(author="Ann")
    assert by_workload(workspace) == {"etl": 2, UNATTRIBUTED: 4}


def test_rules_move_calls_between_workloads_and_nothing_else(workspace: Workspace) -> None:
    plain = usage_cube(workspace, [128_000])
    one = usage_cube(workspace, [128_000], rules({"workload": "everything"}))
    for measure in ("n_requests", "input_tokens", "output_tokens", "n_unmetered"):
        assert sum(plain[measure].to_pylist()) == sum(one[measure].to_pylist()), measure
    assert [(row["workload"], row["model"], row["n_requests"]) for row in one.to_pylist()] == [
        ("everything", "gpt-4o", 5),
        ("everything", "o3", 1),
    ]
    assert one.schema == plain.schema


def test_another_list_of_rules_reads_no_call_again(workspace: Workspace) -> None:
    usage_cube(workspace, [])
    (cached,) = (workspace.path / "cache").glob("*/usage-*.parquet")
    before = cached.stat().st_mtime_ns
    assert by_workload(workspace, rules({"workload": "{metadata.team}"})) == {
        "data": 2, "web": 1, UNATTRIBUTED: 3,
    }  # fmt: skip
    (still,) = (workspace.path / "cache").glob("*/usage-*.parquet")
    assert (still, still.stat().st_mtime_ns) == (cached, before)


def test_a_dataset_without_attributes_is_asked_about_what_it_has(tmp_path: Path) -> None:
    source = tmp_path / "log.jsonl"
    source.write_text(
        "".join(json.dumps(record(n, workload=f"w{n % 2}")) + "\n" for n in range(4)), encoding="utf-8"
    )
    workspace = Workspace.open(tmp_path / "workspace")
    import_file(workspace, source)
    assert by_workload(workspace) == {"w0": 2, "w1": 2}
    made = rules(
        {"when": {"metadata.team": "*"}, "workload": "x"}, {"when": {"named": "w1"}, "workload": "y"}
    )
    assert by_workload(workspace, made) == {"y": 2, UNATTRIBUTED: 2}


def test_described_workloads_keep_the_name_a_person_gave_them(tmp_path: Path) -> None:
    source = tmp_path / "workloads.csv"
    source.write_text(
        "name,requests_per_day,model,input_tokens,output_tokens\nReports,10,gpt-4o,1000,100\n",
        encoding="utf-8",
    )
    workspace = Workspace.open(tmp_path / "workspace")
    import_file(workspace, source)
    assert by_workload(workspace, rules({"workload": "everything"})) == {"Reports": 10}


def test_keys_of_different_datasets_do_not_meet(workspace: Workspace, tmp_path: Path) -> None:
    other = tmp_path / "other.jsonl"
    other.write_text(json.dumps(record(7, metadata={"team": "ops"})) + "\n", encoding="utf-8")
    import_file(workspace, other)
    counted = by_workload(workspace, rules({"workload": "{metadata.team}"}))
    assert counted == {"data": 2, "web": 1, "ops": 1, UNATTRIBUTED: 3}
    keys = keyed_usage(workspace, [])["workload"].to_pylist()
    assert sum("\x1f" in key for key in keys) == len(keys)


def test_rules_changed_by_hand_into_nonsense_are_a_sentence(workspace: Workspace) -> None:
    workspace.document(DOCUMENT).save({"rules": [{"workload": 5, "wehn": 1}]}, author="Ann", note="x")
    with pytest.raises(RulesError, match="no such key"):
        usage_cube(workspace, [])
