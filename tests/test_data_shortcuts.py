"""What makes an import quick changes nothing: every short way gives what the long way gives."""

import json
import string
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from data import settling
from data.db import open_engine, quoted
from data.formats.attributes import attribute_list
from data.formats.base import DRAFT, draft_select
from data.formats.json_paths import planned
from data.ingest import ImportOutcome, import_file
from data.schema import COLUMNS
from data.staged import create_word_types, is_call_file, packed, unpacked, unspoken
from data.staging import check_sql, macro_statements
from data.store import Workspace
from tests.formats_cases import calls_table
from tests.make_calls import write_calls, write_chat_completions

bounded = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

times = st.from_regex(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?)?"
    r"( ?(Z|UTC|PST|[+-][0-9]{2}(:?[0-9]{2})?))?",
    fullmatch=True,
)
near_times = st.datetimes().map(lambda moment: moment.isoformat(sep=" "))
numbers = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.integers(900_000_000, 4_200_000_000_000).map(str),
    st.floats().map(str),
    st.from_regex(r"[ +-]?[0-9]{1,20}([.][0-9]{0,3})?([eE]-?[0-9]{1,2})? ?", fullmatch=True),
)
words = st.text(alphabet=string.ascii_letters + string.digits + ' \t\n\x7f.-_/[]{}"\\éß ', max_size=12)
flags = st.sampled_from(["true", "false", "True", "FALSE", "t", "no", " yes ", "1", "0", "maybe", ""])
texts = st.lists(st.none() | times | near_times | numbers | words | flags, min_size=1, max_size=40)


@pytest.fixture(scope="module")
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_engine() as engine, engine.cursor() as cursor:
        for statement in macro_statements():
            cursor.execute(statement)
        yield cursor


def differing(
    cursor: duckdb.DuckDBPyConnection, texts: list[str | None], short: str, long: str
) -> list[tuple[Any, ...]]:
    return cursor.execute(
        f"""SELECT t, {short}, {long} FROM (SELECT cast(unnest($texts) AS VARCHAR) AS t)
        WHERE ({short}) IS DISTINCT FROM ({long})""",
        {"texts": texts},
    ).fetchall()


@bounded
@given(texts=texts)
@example(texts=["2026-01-01 10:00+02", "2026-01-01T10:00:00+02:00", "2026-01-01 10:00:00 PST"])
@example(texts=["2000-12-31 23:59:59", "2099-12-31 24:00:00", "2098-12-31T23:59:59-99:99", "2001-01-01"])
@example(texts=["2026-01-01 10:00:00.5+02", "2026-01-01 10:00:00.+2", "2026-01-01T10:00:00.123ZZ"])
@example(texts=["2026-01-01T10:00:00.Z", "2026-01-01 10:00:00.1 2", "2026-01-01T10:00:00.123456Z"])
@example(
    texts=[
        "2026-01-01T10:00:00Z\n",
        "2026-01-01 10:00:00.1234567",
        "2026-13-41T25:61:61Z",
        "2026-01-01t10:00:00",
    ]
)
@example(texts=["sk-12345678901234", "a@b.c", "{1}", "a b c d e f g", "-"])
@example(texts=["eu/sk-1234567890abcdef", "task-1234567890abcdef", "(unattributed)", "n" * 100, "n" * 101])
@example(texts=["978307199", "978307200", "4070908799", "4070908800", "4070908799999", "978307199999"])
@example(texts=["1e15-0", "205e-1", "1700000.55", "1e9", "2001-2001", "20260101", "2026-01-01 10:00:00.1x"])
@pytest.mark.parametrize("macro", ["whole_number", "moment", "flag", "label", "attribute_value"])
def test_a_usual_text_is_read_as_by_the_rule(
    cursor: duckdb.DuckDBPyConnection, macro: str, texts: list[str | None]
) -> None:
    assert differing(cursor, texts, f"{macro}(t)", f"{macro}_by_rule(t)") == []


@bounded
@given(texts=texts)
@example(texts=["a" * 15 + "1", "a1" * 8, "user-" + "a1" * 8, " ", "", "é1" * 8])
def test_a_short_session_key_is_hashed_without_looking(
    cursor: duckdb.DuckDBPyConnection, texts: list[str | None]
) -> None:
    rule = (
        "CASE WHEN t IS NULL OR trim(t) = '' THEN NULL WHEN is_opaque(t) THEN t "
        "ELSE 'h-' || left(sha256(t), 24) END"
    )
    assert differing(cursor, texts, "session_key(t)", rule) == []


@pytest.fixture(scope="module")
def both_ways(cursor: duckdb.DuckDBPyConnection) -> Iterator[duckdb.DuckDBPyConnection]:
    """The table `rows`, and the statement `put_together` of the attributes of each row, in both ways.

    To plan it takes longer than to run it, so it is planned once.
    """
    fields = {
        "project": "one",
        "tag": "two",
        "metadata.team": "three",
        "endpoint": "two",
        "user_agent": "one",
    }
    with cursor.cursor() as opened:
        opened.execute("CREATE TEMP TABLE rows (one VARCHAR, two VARCHAR, three VARCHAR)")
        # A metadata object of which nothing is kept sends the row the long way.
        opened.execute(
            f"""PREPARE put_together AS
            SELECT {attribute_list(fields, metadata=["absent"])}, {attribute_list(fields, metadata=["empty"])}
            FROM (SELECT *, cast(NULL AS VARCHAR) AS absent, '{{}}' AS empty FROM rows)"""
        )
        yield opened


@settings(bounded, max_examples=8)
@given(rows=st.lists(st.tuples(*[st.none() | words | st.just("blue")] * 3), min_size=1))
@example(rows=[('"', "\\", "é"), ("x" * 101, None, "\x01"), (None, None, None), ("", " ", "a@b.cd")])
def test_attributes_without_lists_are_put_together_alike(
    both_ways: duckdb.DuckDBPyConnection, rows: list[tuple[str | None, ...]]
) -> None:
    both_ways.execute("DELETE FROM rows")
    both_ways.execute(
        "INSERT INTO rows SELECT r[1], r[2], r[3] FROM (SELECT cast(unnest($rows) AS VARCHAR[]) AS r)",
        {"rows": [list(row) for row in rows]},
    )
    found = both_ways.execute("EXECUTE put_together").fetchall()
    assert len(found) == len(rows)
    assert [one for one, _ in found] == [two for _, two in found]


def test_the_words_that_are_asked_first_mean_themselves(cursor: duckdb.DuckDBPyConnection) -> None:
    known = ["openai", "azure", "anthropic", "gemini", "vertex_ai", "bedrock", "mistral", "deepseek"]
    others = ["google", "aws", "OpenAI", " openai", "my proxy", None]
    found = cursor.execute(
        "SELECT usual_provider(t), provider_of(t) FROM (SELECT unnest($texts) AS t)",
        {"texts": [*known, *others]},
    ).fetchall()
    assert found[: len(known)] == [(name, name) for name in known]
    assert [usual for usual, _ in found[len(known) :]] == [None] * len(others)


@bounded
@given(values=st.lists(st.decimals(-(10**17), 10**17, places=6), min_size=1))
@example(
    values=[Decimal("0.5"), Decimal("1.5"), Decimal("2.500000"), Decimal("-0.5"), Decimal("999999999.5")]
)
def test_rounding_in_one_word_is_rounding(cursor: duckdb.DuckDBPyConnection, values: list[Decimal]) -> None:
    number = "cast(t AS DECIMAL(24, 6))"
    texts: list[str | None] = [f"{value:f}" for value in values]
    assert differing(cursor, texts, f"rounded({number})", f"cast(round({number}) AS BIGINT)") == []


# -- the glance over a row --------------------------------------------------------------------

counts = st.none() | st.sampled_from(
    ["0", "1", "7", "100", "-1", "1.5", "x", "", "999999999999999", "10" * 9]
)
amounts = st.none() | st.sampled_from(["0", "0.25", "812.5", "-0.1", "NaN", "1e16", "x"])
names = st.none() | st.sampled_from(["gpt-4o", "openai", " ", "a" * 301, "é" * 200, "ß" * 300, "two  blanks"])
drafts = st.fixed_dictionaries(
    {name: counts for name in DRAFT if name.endswith("_text")}
    | dict.fromkeys(("latency_text", "ttft_text", "cost_text"), amounts)
    | dict.fromkeys(("amount_text", "list_amount_text", "amount_usd_text"), amounts)
    | dict.fromkeys(("model_text", "workload_text", "batch_id_text", "custom_id_text", "call_id"), names)
    | {
        "provider_text": st.sampled_from(["openai", "Google", "x" * 301, None]),
        "ts_text": st.none() | times | st.just("2026-05-04T09:00:00Z"),
        "ts_end_text": st.none() | st.sampled_from(["2026-05-04T10:00:00Z", "2026-05-03", "soon"]),
        "ts_strict": st.none() | st.booleans(),
        "input_rule": st.sampled_from(["inclusive", "exclusive"]),
        "tier_text": st.none() | st.sampled_from(["standard", "batch", "scale", "auto", ""]),
        "status_text": st.none() | st.sampled_from(["ok", "error", "done"]),
        "grain_text": st.none() | st.sampled_from(["call", "bucket", "day"]),
        "token_basis_text": st.none() | st.sampled_from(["declared", "guess"]),
        "streamed_text": st.none() | st.sampled_from(["true", "no", "perhaps"]),
        "batch_eligible_text": st.none() | st.sampled_from(["true", "no", "perhaps"]),
        "makes_call": st.none() | st.booleans(),
        "reject_code": st.sampled_from([None, None, None, "stream_chunk"]),
        "reject_column": st.none(),
        "reject_detail": st.none(),
        "row_key": st.none(),
        "extra_calls": st.none(),
        "makes_bill": st.sampled_from([None, None, None, False, True]),
        "notes": st.none() | st.just(["no_usage"]),
        "attributes": st.none() | st.just("[]"),
        "currency_text": st.none() | st.sampled_from(["usd", "Eur", "euro"]),
        "item_text": names,
    }
)
# Mostly plain, so that a row is often in order but for one value, and often altogether.
plain = dict.fromkeys(DRAFT) | {
    "provider_text": "openai",
    "model_text": "gpt-4o",
    "input_rule": "inclusive",
    "input_text": "100",
    "cache_read_text": "40",
    "output_text": "10",
    "ts_text": "2026-05-04T09:00:00Z",
    "ts_strict": True,
    "row_key": "k",
}
changed = st.builds(
    lambda draft, some: plain | {name: draft[name] for name in some},
    drafts,
    st.sets(st.sampled_from(list(DRAFT)), max_size=4),
)


@settings(bounded, max_examples=25)
@given(rows=st.lists(changed | drafts, min_size=1, max_size=20))
def test_a_glance_never_hides_a_fault(cursor: duckdb.DuckDBPyConnection, rows: list[dict[str, Any]]) -> None:
    columns = ", ".join(f"cast(row.{name} AS {kind}) AS {name}" for name, kind in DRAFT.items())
    glance, always = "when in_order then null", "when in_order is null and false then null"
    assert glance in check_sql()
    found = [
        cursor.execute(
            f"WITH draft AS (SELECT {columns} FROM (SELECT unnest($rows) AS row)), checked AS ({sql}) "
            "SELECT * FROM checked",
            {"rows": rows},
        ).fetchall()
        for sql in (check_sql(), check_sql().replace(glance, always))
    ]
    assert found[0] == found[1]


# -- rows in the shape of calls ---------------------------------------------------------------

ids = st.sampled_from(["a", "b", "row-1", "\x01", "\x01kx", "\x01i", "\x01\x01", "k", "é", "a" * 300])
BESIDE = {
    "makes_call": "BOOLEAN", "extra_calls": DRAFT["extra_calls"], "notes": "VARCHAR[]",
    "attributes": "VARCHAR", "makes_bill": "BOOLEAN", "item": "VARCHAR", "bill_model": "VARCHAR",
    "bill_workload": "VARCHAR", "bill_tier": "VARCHAR", "amount": "DECIMAL(24,12)",
    "currency": "VARCHAR", "amount_usd": "DECIMAL(24,12)", "list_amount_usd": "DECIMAL(24,12)",
}  # fmt: skip


@bounded
@given(
    rows=st.lists(
        st.tuples(st.none() | ids, st.none() | st.sampled_from(["not_json", "negative"])), min_size=1
    ),
    spoken=st.sets(st.sampled_from(list(BESIDE))),
)
def test_packing_loses_nothing(
    tmp_path: Path, rows: list[tuple[str | None, str | None]], spoken: set[str]
) -> None:
    staged = tmp_path / "rows.parquet"
    call = {
        **dict.fromkeys(name for name in COLUMNS if name not in {"source_format", "dataset_id"}),
        "provider": "openai", "model": "gpt-4o", "model_raw": "GPT-4o", "workload": "w", "tier": "batch",
        "status": "ok", "n_requests": 1, "grain": "call", "token_basis": "inclusive", "input_tokens": 5,
    }  # fmt: skip
    words = ("call_id", "provider", "model", "model_raw", "workload", "status", "grain", "token_basis")
    unsaid = dict.fromkeys(BESIDE) | {"makes_call": True, "makes_bill": False}
    said = {"makes_call": False, "notes": ["no_usage"], "attributes": "[]", "makes_bill": True, "item": "x"}
    given_rows = [
        call
        | (dict.fromkeys(words) if code else {"call_id": call_id})
        | {"row_key": None if code or call_id else "key"}
        | {"reject_code": code, "reject_column": "tier" if code else None}
        | {"reject_detail": "auto" if code == "negative" else None}
        | unsaid
        | {name: said[name] for name in spoken & said.keys()}
        for call_id, code in rows
    ]
    kinds = COLUMNS | dict.fromkeys(("row_key", "reject_code", "reject_column", "reject_detail"), "VARCHAR")
    kinds |= BESIDE
    columns = ", ".join(f"cast(row.{name} AS {kinds[name]}) AS {name}" for name in given_rows[0])
    with open_engine(writable=[tmp_path]) as engine, engine.cursor() as cursor:
        create_word_types(cursor, "x", "d-1")
        select = packed("checked", "x", "d-1", BESIDE.keys() - spoken)
        cursor.execute(
            f"COPY (WITH checked AS (SELECT {columns} FROM (SELECT unnest($rows) AS row)) {select}) "
            f"TO {quoted(str(staged))} (FORMAT parquet)",
            {"rows": given_rows},
        )
        names = ", ".join(given_rows[0])
        back = cursor.execute(
            f"SELECT {names}, p FROM {unpacked(staged)} ORDER BY p", {"rows": str(staged)}
        ).fetchall()
        finished = is_call_file(cursor, staged)
    assert back == [(*row.values(), p) for p, row in enumerate(given_rows)]
    assert finished == (
        spoken <= {"attributes"}
        and all(code is None and call_id is not None and "\x01" not in call_id[:1] for call_id, code in rows)
    )


def test_only_what_every_draft_leaves_alone_is_unspoken() -> None:
    silent = draft_select({"call_id": "'a'"}, "source")
    assert unspoken(silent) == BESIDE.keys()
    assert "makes_call" not in unspoken(draft_select({"makes_call": "false"}, "source"))
    assert unspoken(draft_select({"makes_bill": "true"}, "source")) == {"notes", "attributes"}
    assert "notes" not in unspoken(f"{silent} UNION ALL {draft_select({'notes': 'x'}, 'source')}")
    assert "attributes" not in unspoken(f"SELECT * REPLACE (x AS attributes) FROM ({silent})")


def test_a_bucket_that_is_not_over_is_noted_either_way(tmp_path: Path) -> None:
    lines = [
        {"model": "gpt-4o", "ts": "2026-05-04T00:00:00Z", "ts_end": end, "grain": "bucket", "n_requests": 3}
        | {"input_tokens": 9, "output_tokens": 1, "call_id": end}
        for end in ("2026-05-05T00:00:00Z", "2098-05-05T00:00:00Z")
    ]
    source = tmp_path / "log.jsonl"
    source.write_text("\n".join(map(json.dumps, lines)) + "\n")
    _, once = imported(tmp_path / "once", source)
    source.write_text(source.read_text() + "{\n")
    _, again = imported(tmp_path / "again", source)
    assert once.notice is not None
    assert once.notice.startswith("For 1 row the period had not ended")
    assert again.notice == once.notice


def imported(folder: Path, source: Path) -> tuple[Workspace, ImportOutcome]:
    workspace = Workspace.open(folder)
    return workspace, import_file(workspace, source)


def same_outcome(one: ImportOutcome, other: ImportOutcome) -> bool:
    own = ("dataset_id", "duplicates_of", "notice")
    return all(
        getattr(one, name) == getattr(other, name)
        for name in ImportOutcome.__annotations__
        if name not in own
    )


log_lines = st.lists(
    st.one_of(
        st.builds(
            lambda call_id, tokens: json.dumps(
                {"model": "gpt-4o", "ts": "2026-05-04", "input_tokens": tokens, "output_tokens": 1}
                | ({"call_id": call_id} if call_id else {})
            ),
            st.none() | st.sampled_from(["a", "b", "c", "row-x", "\x01a", "\x01k1"]),
            st.sampled_from([1, 2, -1]),
        ),
        st.sampled_from(["", "{", "[]"]),
    ),
    max_size=12,
)


@settings(bounded, max_examples=8)
@given(lines=log_lines, known=log_lines)
def test_a_call_file_taken_as_it_is_equals_one_written_again(
    tmp_path_factory: pytest.TempPathFactory, lines: list[str], known: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("log")
    first = json.dumps(
        {"model": "m-1", "ts": "2026-05-04", "input_tokens": 9, "output_tokens": 1, "provider": "x"}
    )
    before, source = folder / "before.jsonl", folder / "log.jsonl"
    before.write_text("\n".join([first, *known]) + "\n")
    source.write_text("\n".join([first.replace("m-1", "m-2"), *lines]) + "\n")
    results = []
    for name, patched in (("one", False), ("two", True)):
        with pytest.MonkeyPatch.context() as patch:
            if patched:
                patch.setattr(settling, "is_call_file", lambda *_: False)
                patch.setattr(settling, "_HASH", "length(call_id)")  # equal for almost every two ids
            workspace, _ = imported(folder / name, before)
            outcome = import_file(workspace, source)
        results.append((outcome, calls_table(workspace).drop_columns(["dataset_id"])))
    assert same_outcome(results[0][0], results[1][0])
    assert results[0][1].equals(results[1][1])


@pytest.mark.parametrize("suffix", [".csv", ".jsonl", ".parquet"])
def test_a_clean_log_is_written_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    source = write_calls(tmp_path / f"log{suffix}", 3000)
    again, _ = imported(tmp_path / "again", source)  # to compare with, written twice
    monkeypatch.delattr(settling._Settling, "_copy")
    workspace, outcome = imported(tmp_path / "ws", source)
    assert (outcome.accepted, outcome.calls) == (3000, 3000)
    (file,) = workspace.call_files(str(outcome.dataset_id))
    assert file.stat().st_nlink == 1
    beside = ["attributes_id", "attributes"] if suffix == ".jsonl" else []
    assert pq.read_schema(file).names == [*COLUMNS, *beside]
    assert calls_table(workspace)["dataset_id"].unique().to_pylist() == [outcome.dataset_id]
    one, two = (calls_table(known).drop_columns(["dataset_id"]) for known in (workspace, again))
    assert one.equals(two)


def test_a_file_system_without_links_gets_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise OSError

    monkeypatch.setattr("os.link", refused)
    workspace, outcome = imported(tmp_path / "ws", write_calls(tmp_path / "log.csv", 50))
    assert outcome.calls == 50
    assert calls_table(workspace).num_rows == 50


def test_typed_values_are_the_values_of_the_text(tmp_path: Path) -> None:
    typed = write_calls(tmp_path / "typed.parquet", 2000)
    table = pq.read_table(typed)
    bad = {"input_tokens": [-1, 10**17, None, 5], "ts": [None, None, None, None]}
    odd = table.slice(0, 4)
    for name, values in bad.items():
        odd = odd.set_column(
            odd.schema.get_field_index(name), name, pa.array(values, table.schema.field(name).type)
        )
    odd = odd.set_column(0, "call_id", pa.array(["o1", "o2", "o3", "o4"]))
    table = pa.concat_tables([table, odd])
    pq.write_table(table, typed)
    text = tmp_path / "text.parquet"
    pq.write_table(table.cast(pa.schema([(name, pa.string()) for name in table.column_names])), text)
    pa_csv.write_csv(table, tmp_path / "text.csv")
    results = [
        imported(tmp_path / name, source)
        for name, source in (("a", typed), ("b", text), ("c", tmp_path / "text.csv"))
    ]
    codes = ("negative", "parts_exceed_input", "parts_without_input", "too_large")
    assert results[0][1].reject_counts == dict.fromkeys(codes, 1)
    own = ["dataset_id", "source_format"]
    first = calls_table(results[0][0]).drop_columns(own)
    for workspace, outcome in results[1:]:
        assert outcome.reject_counts == results[0][1].reject_counts
        assert calls_table(workspace).drop_columns(own).equals(first)


def test_generated_completions_are_the_calls_they_were_made_from(tmp_path: Path) -> None:
    chat, _ = imported(tmp_path / "chat", write_chat_completions(tmp_path / "chat.jsonl", 500))
    own, _ = imported(tmp_path / "own", write_calls(tmp_path / "own.jsonl", 500))
    names = ["workload", "session", "model", "status", "tier", "input_tokens", "cache_read_tokens"]
    names += ["output_tokens", "latency_ms", "ttft_ms", "streamed"]
    ok = [row for row in calls_table(own).to_pylist() if row["status"] == "ok"]
    found = [row for row in calls_table(chat).to_pylist() if row["status"] == "ok"]
    assert [{name: row[name] for name in names} for row in found] == [
        {name: row[name] for name in names} for row in ok
    ]


# -- taking JSON apart ------------------------------------------------------------------------

keys = st.sampled_from(["a", "A", "usage", "tags", "@x", "n-1", "b.c"])
leaves = st.none() | st.booleans() | st.integers(-(10**25), 10**25) | st.text(max_size=4)
documents = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=4),
    max_leaves=12,
)
steps = st.builds(
    lambda key, index: (f'"{key}"' if "." in key else key) + index,
    keys,
    st.sampled_from(["", "", "", "[0]", "[1]"]),
)
wanted = st.lists(st.lists(steps, min_size=1, max_size=3).map(".".join), min_size=1, max_size=8, unique=True)


@settings(bounded, max_examples=200)
@given(document=documents, paths=wanted)
@example(document={"usage": {"a": 1}}, paths=["usage", "usage.a"])
@example(document={"a": 1, "A": 2}, paths=["a", "A"])
@example(document={"tags": ["x", "y"]}, paths=["tags[1]", "tags[0]", "tags"])
@example(document={"tags": "[1]"}, paths=["tags[0]", "tags"])
@example(document={"tags": None}, paths=["tags[0]", "tags"])
@example(document={"tags": [{"a": 1}]}, paths=["tags[0].a", "tags.a"])
def test_a_plan_reads_what_each_path_reads(
    cursor: duckdb.DuckDBPyConnection, document: Any, paths: list[str]
) -> None:
    plan = planned(paths)
    values = ", ".join(plan.value(path, "t", "l") for path in paths)
    alone = ", ".join(f"json_extract_string(raw, {quoted(f'$.{path}')})" for path in paths)
    found = cursor.execute(
        f"""SELECT [{values}], [{alone}] FROM (
          SELECT raw, {plan.transformed("raw")} AS t, {plan.listed("raw")} AS l
          FROM (SELECT cast($raw AS VARCHAR) AS raw)
        )""",
        {"raw": json.dumps(document)},
    ).fetchall()
    assert found[0][0] == found[0][1]


def test_a_plan_walks_once_where_it_can() -> None:
    paths = [
        "id",
        "usage.input",
        "usage.details.cached",
        "tags[0]",
        'quoted."a.key"',
        "list",
        "list[1]",
        "/a",
    ]
    plan = planned(paths)
    assert plan.others == ("/a",)
    assert plan.places['quoted."a.key"'] == '."quoted"."a.key"'
    assert plan.within == {"list": ('."list"', "$"), "list[1]": ('."list"', "$[1]")}
    assert plan.places["usage.details.cached"] == '."usage"."details"."cached"'
    assert plan.places["tags[0]"] == '."tags"[1]'
    assert plan.object_at("usage", "t") == 't."usage"'
    assert plan.object_at("id", "t") == "NULL"
