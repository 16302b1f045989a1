"""Any other table: the units and rules a person stated, in every container, whatever the names are."""

import json
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.errors import LanewiseDataError, UnknownFormatError
from data.ingest import import_file
from data.mapping import ColumnMapping, MappingError, read_mapping
from data.mapping_preview import preview
from data.proposing import propose
from data.saved_mappings import SavedMappings
from data.store import Workspace
from data.table_sample import take_sample
from tests.formats_cases import calls
from tests.mapped_tables import TABLE, mapping


def one(fields: dict[str, Any], **answers: Any) -> ColumnMapping:
    """A mapping of a table with the columns m, i and o, and whatever a test adds."""
    least = {"model": {"column": "m"}, "input_tokens": {"column": "i"}, "output_tokens": {"column": "o"}}
    return read_mapping({"name": "t", "row_is": "call", **answers, "fields": {**least, **fields}}, "t")


def imported(tmp_path: Path, text: str, made: ColumnMapping, name: str = "t.csv") -> list[dict[str, Any]]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    workspace = Workspace.open(tmp_path / "w")
    import_file(workspace, path, mapping=made)
    return calls(workspace)


def outcome_of(tmp_path: Path, text: str, made: ColumnMapping) -> dict[int, tuple[str, str | None]]:
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    outcome = import_file(Workspace.open(tmp_path / "w"), path, mapping=made)
    assert outcome.accepted + outcome.rejected + outcome.duplicates == outcome.read
    return {item.line: (item.code, item.column) for item in outcome.first_rejects}


def test_a_table_becomes_calls(tmp_path: Path) -> None:
    path = tmp_path / "acme.csv"
    path.write_text(TABLE, encoding="utf-8")
    workspace = Workspace.open(tmp_path / "w")
    outcome = import_file(workspace, path, mapping=mapping())
    assert (outcome.read, outcome.accepted, outcome.rejected, outcome.duplicates) == (3, 2, 1, 0)
    (reject,) = outcome.first_rejects
    assert (reject.line, reject.code, reject.column) == (4, "not_a_whole_number", "in tok")
    assert outcome.format == "mapped:acme"
    assert outcome.token_rule == "As mapped: input is the total, cached tokens included."
    first, second = calls(workspace)
    assert first["ts"] == datetime(2026, 5, 4, 9, 0)
    assert second["ts"] == datetime(2026, 5, 4, 9, 1)
    assert (first["provider"], first["model"], first["workload"]) == ("openai", "gpt-4o", "search")
    assert (first["input_tokens"], first["cache_read_tokens"], first["output_tokens"]) == (1000, 400, 100)
    assert (first["latency_ms"], second["latency_ms"]) == (1500, 2250)
    assert first["reported_cost_usd"] == Decimal("0.0012")
    assert (first["grain"], first["n_requests"], first["token_basis"]) == ("call", 1, "inclusive")
    assert first["source_format"] == "mapped:acme"


def test_cached_tokens_outside_the_input_are_added(tmp_path: Path) -> None:
    text = "m,i,o,c,w\nclaude-sonnet-4-5,100,10,900,50\n"
    made = one(
        {"cache_read_tokens": {"column": "c"}, "cache_write_tokens": {"column": "w"}},
        input_includes_cached=False,
    )
    (call,) = imported(tmp_path, text, made)
    # 100 + 900 + 50
    assert (call["input_tokens"], call["token_basis"]) == (1050, "exclusive")
    assert (call["cache_read_tokens"], call["cache_write_tokens"]) == (900, 50)


def test_more_cached_than_input_is_rejected_where_input_is_the_total(tmp_path: Path) -> None:
    made = one({"cache_read_tokens": {"column": "c"}}, input_includes_cached=True)
    rejects = outcome_of(tmp_path, "m,i,o,c\ngpt-4o,100,10,900\ngpt-4o,1000,10,900\n", made)
    assert rejects == {2: ("parts_exceed_input", "i")}


@pytest.mark.parametrize(
    ("unit", "text"),
    [
        ("iso", "2026-05-04T09:00:00.25Z"),
        ("iso", "2026-05-04 11:00:00.25+02:00"),
        ("s", "1777885200.25"),
        ("ms", "1777885200250"),
        ("us", "1777885200250000"),
        ("ns", "1777885200250000000"),
    ],
)
def test_each_time_unit(unit: str, text: str, tmp_path: Path) -> None:
    made = one({"ts": {"column": "t"}}, time_unit=unit)
    (call,) = imported(tmp_path, f"m,i,o,t\ngpt-4o,1,1,{text}\n", made)
    assert call["ts"] == datetime(2026, 5, 4, 9, 0, 0, 250_000)


@pytest.mark.parametrize(
    ("unit", "line"),
    [("s", 2), ("ms", 3), ("us", 4), ("ns", 5), ("iso", 6)],
)
def test_a_time_in_another_unit_is_rejected_not_reinterpreted(unit: str, line: int, tmp_path: Path) -> None:
    times = ["1777885200", "1777885200250", "1777885200250000", "1777885200250000000", "2026-05-04", "soon"]
    rows = "".join(f"gpt-4o,1,1,{text}\n" for text in times)
    made = one({"ts": {"column": "t"}}, time_unit=unit)
    rejects = outcome_of(tmp_path, f"m,i,o,t\n{rows}", made)
    assert rejects == {other: ("bad_timestamp", "t") for other in range(2, 8) if other != line}


def test_no_time_is_an_undated_call_and_a_huge_number_is_no_crash(tmp_path: Path) -> None:
    made = one({"ts": {"column": "t"}}, time_unit="s")
    rejects = outcome_of(tmp_path, f"m,i,o,t\ngpt-4o,1,1,\ngpt-4o,1,1,{'9' * 60}\ngpt-4o,1,1,-1\n", made)
    assert rejects == {3: ("bad_timestamp", "t"), 4: ("bad_timestamp", "t")}


def test_latency_and_cost_in_our_own_units_stay_as_they_are(tmp_path: Path) -> None:
    made = one(
        {"latency_ms": {"column": "l"}, "ttft_ms": {"column": "f"}, "reported_cost_usd": {"column": "c"}},
        latency_unit="ms",
        cost_unit="usd",
    )
    (call,) = imported(tmp_path, "m,i,o,l,f,c\ngpt-4o,1,1,1500,20.4,0.000123456789\n", made)
    assert (call["latency_ms"], call["ttft_ms"]) == (1500, 20)
    assert call["reported_cost_usd"] == Decimal("0.000123456789")


def test_values_that_are_no_numbers_are_rejected_in_any_unit(tmp_path: Path) -> None:
    made = one(
        {"latency_ms": {"column": "l"}, "reported_cost_usd": {"column": "c"}},
        latency_unit="s",
        cost_unit="cents",
    )
    text = "m,i,o,l,c\ngpt-4o,1,1,fast,1\ngpt-4o,1,1,1,$2\ngpt-4o,1,1,-1,1\ngpt-4o,1,1,9e30,1\n"
    assert outcome_of(tmp_path, text, made) == {
        2: ("not_a_number", "l"),
        3: ("not_a_number", "c"),
        4: ("negative", "l"),
        5: ("too_large", "l"),
    }


def test_buckets_count_their_requests(tmp_path: Path) -> None:
    made = one({"n_requests": {"column": "n"}, "ts": {"column": "t"}}, row_is="bucket", time_unit="iso")
    text = "m,i,o,n,t\ngpt-4o,5000,600,12,2026-05-04\ngpt-4o,1,1,,2026-05-04\ngpt-4o,1,1,0,2026-05-04\n"
    path = tmp_path / "t.csv"
    path.write_text(text, encoding="utf-8")
    workspace = Workspace.open(tmp_path / "w")
    outcome = import_file(workspace, path, mapping=made)
    (call,) = calls(workspace)
    assert (call["grain"], call["n_requests"], call["input_tokens"]) == ("bucket", 12, 5000)
    assert [(item.line, item.code) for item in outcome.first_rejects] == [
        (3, "missing_value"),
        (4, "bad_request_count"),
    ]
    assert outcome.token_rule.endswith("One row is a bucket of requests.")


def test_statuses_in_words_and_codes(tmp_path: Path) -> None:
    words = {
        "Success": "ok",
        "200": "ok",
        "": "ok",
        "FAILED": "error",
        "429": "error",
        "canceled": "cancelled",
        "expired": "expired",
    }
    rows = "".join(f"gpt-4o,{number},1,{word}\n" for number, word in enumerate(words))
    made = one({"status": {"column": "s"}})
    found = imported(tmp_path, f"m,i,o,s\n{rows}", made)
    assert [call["status"] for call in found] == list(words.values())


def test_a_status_nobody_knows_is_rejected(tmp_path: Path) -> None:
    made = one({"status": {"column": "s"}})
    assert outcome_of(tmp_path, "m,i,o,s\ngpt-4o,1,1,perhaps\n", made) == {2: ("unknown_status", "s")}


def test_constants_fill_every_row_and_are_only_text(tmp_path: Path) -> None:
    made = one(
        {
            "model": {"constant": "o'brien\"; drop table draft; --"},
            "provider": {"constant": "azure_openai"},
            "workload": {"constant": "it's ours"},
            "output_tokens": {"constant": 0},
        }
    )
    (call,) = imported(tmp_path, "i\n7\n", made)
    assert (call["provider"], call["workload"], call["output_tokens"]) == ("azure", "it's ours", 0)
    assert call["model_raw"] == "o'brien\"; drop table draft; --"


def test_a_provider_that_nothing_settles_is_a_reject_with_a_reason(tmp_path: Path) -> None:
    assert outcome_of(tmp_path, "m,i,o\nhouse-7b,1,1\ngpt-4o,1,1\n", one({})) == {
        2: ("missing_value", "provider")
    }


RECORDS: list[dict[str, Any]] = [
    {
        "at": "2026-05-04T09:00:00Z",
        "llm": {"id": "gpt-4o"},
        "gen.usage": {'in"put': 10, "o/ut~": 2, "é'; --": "batch"},
        "parts": [{"n": 4}],
        "tags": ["a", "b"],
    },
    {"at": "2026-05-04T09:01:00Z", "llm": {"id": "gpt-4o"}, "gen.usage": {'in"put': 11, "o/ut~": 3}},
]
NESTED = {
    "ts": {"column": "at"},
    "model": {"column": "llm.id"},
    "input_tokens": {"column": '"gen.usage"."in""put"'},
    "output_tokens": {"column": '"gen.usage".o/ut~'},
    "tier": {"column": '"gen.usage".é\'; --'},
    "reasoning_tokens": {"column": "parts.0.n"},
    "workload": {"column": "tags"},
}


@pytest.mark.parametrize("container", ["jsonl", "json"])
def test_json_paths_reach_any_key(container: str, tmp_path: Path) -> None:
    text = "".join(json.dumps(record) + "\n" for record in RECORDS)
    if container == "json":
        text = json.dumps(RECORDS, indent=1)
    made = one(NESTED, time_unit="iso")
    first, second = imported(tmp_path, text, made, f"t.{container}")
    assert (first["input_tokens"], first["output_tokens"], first["tier"]) == (10, 2, "batch")
    assert (second["input_tokens"], second["output_tokens"], second["tier"]) == (11, 3, "standard")
    # A list is no name, and what is missing is unknown.
    assert (first["reasoning_tokens"], first["workload"]) == (4, "(unattributed)")
    assert second["reasoning_tokens"] is None


def test_parquet_columns_of_any_name_and_type(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    columns = {
        '"; drop': pa.array(["gpt-4o"]),
        "": pa.array(["a"]),
        "Ünïcode 'x'": pa.array([12], pa.int64()),
        "OUT": pa.array([3.0]),
        "out": pa.array([99]),
        "at": pa.array([datetime(2026, 5, 4, 9, 0)], pa.timestamp("us")),
        "blob": pa.array([b"\xff\x00"]),
        "deep": pa.array([{"a": [1]}]),
    }
    pq.write_table(pa.table(list(columns.values()), names=list(columns)), path)
    fields = {
        "model": {"column": '"; drop'},
        "input_tokens": {"column": "Ünïcode 'x'"},
        "output_tokens": {"column": "OUT"},
        "ts": {"column": "at"},
    }
    made = one(fields, time_unit="iso")
    workspace = Workspace.open(tmp_path / "w")
    outcome = import_file(workspace, path, mapping=made)
    assert (outcome.accepted, outcome.rejected) == (1, 0)
    (call,) = calls(workspace)
    assert (call["input_tokens"], call["output_tokens"]) == (12, 3)
    assert call["ts"] == datetime(2026, 5, 4, 9, 0)
    (row,) = preview(take_sample(path), made).rows
    assert row.call is not None
    assert (row.call["input_tokens"], row.call["ts"]) == (12, datetime(2026, 5, 4, 9, 0))


HOSTILE = [
    "'",
    '"',
    "''; --",
    'a"b',
    "$path",
    "c0",
    "{x}",
    "%s",
    "日本語",
    "ﷺ",
    "é'é",
    "raw",
    "source",
    "f[1]",
]


def test_hostile_headers_are_only_names(tmp_path: Path) -> None:
    header = ",".join('"' + name.replace('"', '""') + '"' for name in HOSTILE)
    for position, name in enumerate(HOSTILE):
        cells = ["zzz"] * len(HOSTILE)
        cells[position] = "gpt-4o"
        path = tmp_path / f"{position}.csv"
        path.write_text(f"{header}\n{','.join(cells)}\n", encoding="utf-8")
        fields = {
            "model": {"column": name},
            "input_tokens": {"constant": 1},
            "output_tokens": {"constant": 1},
        }
        made = one(fields)
        (row,) = preview(take_sample(path), made).rows
        assert row.call is not None
        assert row.call["model"] == "gpt-4o"
        if position < 4:
            workspace = Workspace.open(tmp_path / f"w{position}")
            assert import_file(workspace, path, mapping=made).accepted == 1


def test_hostile_names_in_rejects_are_only_text(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("m,o,\"i' THEN 'x\"\ngpt-4o,1,many\n", encoding="utf-8")
    made = one({"input_tokens": {"column": "i' THEN 'x"}})
    (reject,) = import_file(Workspace.open(tmp_path / "w"), path, mapping=made).first_rejects
    assert (reject.code, reject.column) == ("not_a_whole_number", "i' THEN 'x")


WIDE = {"m": "gpt-4o", "i": 1, "o": 2, **{f"k{n}": n for n in range(10_000)}}


def test_ten_thousand_columns_are_one_clear_error(tmp_path: Path) -> None:
    text = ",".join(WIDE) + "\n" + ",".join(map(str, WIDE.values())) + "\n"
    (tmp_path / "wide.csv").write_text(text, encoding="utf-8")
    pq.write_table(pa.Table.from_pylist([WIDE]), tmp_path / "wide.parquet")
    workspace = Workspace.open(tmp_path / "w")
    for name in ("wide.csv", "wide.parquet"):
        with pytest.raises(LanewiseDataError):
            take_sample(tmp_path / name)
        with pytest.raises(LanewiseDataError):
            import_file(workspace, tmp_path / name, mapping=one({}))
    assert workspace.datasets() == ()


def test_ten_thousand_json_keys_can_be_mapped(tmp_path: Path) -> None:
    path = tmp_path / "wide.jsonl"
    path.write_text(json.dumps(WIDE) + "\n", encoding="utf-8")
    sample = take_sample(path)
    assert len(sample.names) == 2_000
    assert len(propose(sample).suggestions) <= 5
    assert preview(sample, one({})).accepted == 1
    assert import_file(Workspace.open(tmp_path / "w"), path, mapping=one({})).accepted == 1


def test_two_thousand_parquet_columns_can_be_mapped(tmp_path: Path) -> None:
    path = tmp_path / "wide.parquet"
    pq.write_table(pa.Table.from_pylist([dict(list(WIDE.items())[:2_000])] * 3), path)
    assert preview(take_sample(path), one({})).accepted == 3
    assert import_file(Workspace.open(tmp_path / "w"), path, mapping=one({})).accepted == 3


def test_a_mapping_for_other_columns_says_which_fields_are_missing(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("m,i\ngpt-4o,1\n", encoding="utf-8")
    workspace = Workspace.open(tmp_path / "w")
    with pytest.raises(MappingError, match="output_tokens"):
        import_file(workspace, path, mapping=one({}))
    assert workspace.datasets() == ()
    jsonl = tmp_path / "t.jsonl"
    jsonl.write_text('{"x": 1}\n', encoding="utf-8")
    with pytest.raises(MappingError, match="model, input_tokens, output_tokens"):
        import_file(workspace, jsonl, mapping=one({}))


def test_importing_again_adds_nothing_and_a_grown_file_only_what_is_new(tmp_path: Path) -> None:
    path = tmp_path / "acme.csv"
    path.write_text(TABLE, encoding="utf-8")
    workspace = Workspace.open(tmp_path / "w")
    import_file(workspace, path, mapping=mapping())
    again = import_file(workspace, path, mapping=mapping())
    assert (again.accepted, again.duplicates, again.dataset_id) == (0, 2, None)
    path.write_text(TABLE + "1777885380,gpt-4o,1,1,0,1,p,search,0\n", encoding="utf-8")
    grown = import_file(workspace, path, mapping=mapping())
    assert (grown.accepted, grown.duplicates) == (1, 2)


# -- saved mappings ---------------------------------------------------------------------------


def test_the_next_file_of_the_same_shape_needs_no_questions(tmp_path: Path) -> None:
    path, workspace = tmp_path / "acme.csv", Workspace.open(tmp_path / "w")
    path.write_text(TABLE, encoding="utf-8")
    with pytest.raises(UnknownFormatError):
        import_file(workspace, path)
    SavedMappings(workspace).save(take_sample(path).signature, mapping(), author="ann")
    # Columns in another order, capitals and hyphens: the same shape.
    other = tmp_path / "next.csv"
    other.write_text(
        "Team,COST,prompt,took,from-cache,out_tok,In Tok,engine,when\n"
        "chat,0.5,hello,1,10,20,30,gpt-4o,1777885400\n",
        encoding="utf-8",
    )
    outcome = import_file(workspace, other)
    assert (outcome.format, outcome.accepted) == ("mapped:acme", 1)
    (call,) = calls(workspace)
    assert (call["input_tokens"], call["cache_read_tokens"], call["output_tokens"]) == (30, 10, 20)
    assert call["workload"] == "chat"
    wider = tmp_path / "wider.csv"
    wider.write_text(TABLE.replace("cost\n", "cost,x\n", 1), encoding="utf-8")
    with pytest.raises(UnknownFormatError):
        import_file(workspace, wider)


def test_a_format_that_claims_the_file_comes_before_a_saved_mapping(tmp_path: Path) -> None:
    path, workspace = tmp_path / "own.csv", Workspace.open(tmp_path / "w")
    path.write_text("call_id,model,input_tokens,output_tokens\na,gpt-4o,1,2\n", encoding="utf-8")
    swapped = read_mapping(
        {
            "name": "swapped",
            "row_is": "call",
            "fields": {
                "model": {"column": "model"},
                "input_tokens": {"column": "output_tokens"},
                "output_tokens": {"column": "input_tokens"},
            },
        },
        "x",
    )
    SavedMappings(workspace).save(take_sample(path).signature, swapped, author="ann")
    assert import_file(workspace, path).format == "lanewise_csv"
    assert import_file(Workspace.open(tmp_path / "v"), path, mapping=swapped).format == "mapped:swapped"


def test_a_saved_mapping_can_be_named_as_the_format(tmp_path: Path) -> None:
    path, workspace = tmp_path / "acme.csv", Workspace.open(tmp_path / "w")
    path.write_text(TABLE, encoding="utf-8")
    SavedMappings(workspace).save("another shape", mapping(), author="ann")
    assert import_file(workspace, path, format_name="mapped:acme").accepted == 2
    with pytest.raises(UnknownFormatError, match="mapped:acme"):
        import_file(workspace, path, format_name="mapped:other")


def test_a_name_means_one_mapping_and_forgetting_frees_it(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    saved = SavedMappings(workspace)
    saved.save("shape 1", mapping(), author="ann")
    saved.save("shape 2", mapping(), author="bob")
    with pytest.raises(MappingError, match="acme"):
        saved.save("shape 3", mapping(latency_unit="ms"), author="ann")
    assert saved.forget("acme", author="ann")
    assert not saved.forget("acme", author="ann")
    assert saved.all() == {}
    saved.save("shape 3", mapping(latency_unit="ms"), author="ann")
    history = workspace.document("mappings").history()
    assert [(item.author, item.note) for item in history] == [
        ("ann", "acme: saved"),
        ("bob", "acme: saved"),
        ("ann", "acme: forgotten"),
        ("ann", "acme: saved"),
    ]


def test_saving_the_same_again_makes_no_version(tmp_path: Path) -> None:
    workspace = Workspace.open(tmp_path / "w")
    SavedMappings(workspace).save("shape", mapping(), author="ann")
    SavedMappings(workspace).save("shape", mapping(), author="ann")
    assert len(workspace.document("mappings").history()) == 1
