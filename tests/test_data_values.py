"""How one logged text is read: numbers, times, names, keys, tiers, providers."""

import random
from collections.abc import Iterator
from typing import Any

import duckdb
import pytest

from data.db import open_engine
from data.formats import vocabulary
from data.schema import TIERS
from data.staging import macro_statements


@pytest.fixture(scope="module")
def cursor() -> Iterator[duckdb.DuckDBPyConnection]:
    with open_engine() as engine, engine.cursor() as cursor:
        for statement in macro_statements():
            cursor.execute(statement)
        yield cursor


def ask(cursor: duckdb.DuckDBPyConnection, expression: str, text: str | None) -> Any:
    return cursor.execute(
        f"SELECT {expression} FROM (SELECT cast($t AS VARCHAR) AS t)", {"t": text}
    ).fetchall()[0][0]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0", 0),
        ("12", 12),
        ("-3", -3),
        ("12.0", 12),
        ("12.", 12),
        (" 7 ", 7),
        ("+5", 5),
        ("007", 7),
        ("999999999999999999", 999999999999999999),
        ("12.5", None),
        ("1e3", None),
        ("0x10", None),
        ("1_000", None),
        ("1,000", None),
        ("true", None),
        ("", None),
        ("NaN", None),
        ("９", None),
        (None, None),
    ],
)
def test_whole_number(cursor: duckdb.DuckDBPyConnection, text: str | None, number: int | None) -> None:
    assert ask(cursor, "whole_number(t)", text) == number


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, None),
        ("0", None),
        ("-0", None),
        ("999999999999999", None),
        ("1000000000000000", "too_large"),
        ("123456789012345678901234567890", "too_large"),
        ("-1", "negative"),
        ("-123456789012345678901234567890", "negative"),
        ("1.5", "not_a_whole_number"),
        ("-1.5", "not_a_whole_number"),
        ("ten", "not_a_whole_number"),
        ("1e2", "not_a_whole_number"),
    ],
)
def test_count_problem(cursor: duckdb.DuckDBPyConnection, text: str | None, problem: str | None) -> None:
    assert ask(cursor, "count_problem(t, whole_number(t))", text) == problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (None, None),
        ("0", None),
        ("1.5", None),
        ("9e-05", None),
        ("999999999999999.5", None),
        ("1e15", "too_large"),
        ("1e300", "too_large"),
        ("-0.1", "negative"),
        ("free", "not_a_number"),
        ("NaN", "not_a_number"),
        ("Infinity", "not_a_number"),
        ("", "not_a_number"),
    ],
)
def test_decimal_problem(cursor: duckdb.DuckDBPyConnection, text: str | None, problem: str | None) -> None:
    assert ask(cursor, "decimal_problem(t, try_cast(t AS DECIMAL(24, 6)))", text) == problem


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-05-04T09:00:00Z", "2026-05-04 09:00:00"),
        ("2026-05-04T11:00:00+02:00", "2026-05-04 09:00:00"),
        ("2026-05-04T09:00:00-0530", "2026-05-04 14:30:00"),
        ("2026-05-04T09:00:00", "2026-05-04 09:00:00"),
        ("2026-05-04 09:00:00.123456789", "2026-05-04 09:00:00.123456"),
        ("2026-05-04", "2026-05-04 00:00:00"),
        ("2026-03-29T02:30:00", "2026-03-29 02:30:00"),
        ("1777885200", "2026-05-04 09:00:00"),
        ("1777885200.25", "2026-05-04 09:00:00.25"),
        ("1777885200123", "2026-05-04 09:00:00.123"),
        ("1777885200123456", "2026-05-04 09:00:00.123456"),
        ("1777885200123456789", "2026-05-04 09:00:00.123456"),
        ("1.7778852e9", "2026-05-04 09:00:00"),
        ("Mon, 04 May 2026 09:00:00 GMT", "2026-05-04 09:00:00"),
        ("2000-01-01T00:00:00Z", "2000-01-01 00:00:00"),
        ("2099-12-31T23:59:59Z", "2099-12-31 23:59:59"),
        ("1999-12-31T23:59:59Z", None),
        ("2100-01-01T00:00:00Z", None),
        ("0", None),
        ("-1", None),
        ("2026", None),
        ("20260504", None),
        ("2026-02-30", None),
        ("epoch", None),
        ("infinity", None),
        ("now", None),
        ("yesterday", None),
        ("04/05/2026 09:00", None),
        ("9999999999999999999999", None),
        ("{}", None),
        ("", None),
        (None, None),
    ],
)
def test_moment(cursor: duckdb.DuckDBPyConnection, text: str | None, moment: str | None) -> None:
    assert ask(cursor, "cast(moment(t) AS VARCHAR)", text) == moment


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Support chat", "Support chat"),
        ("  two   blanks\tand\na line ", "two blanks and a line"),
        ("nul\x00 and \x1b[31m", "nul and [31m"),
        ("[draft] mails", "[draft] mails"),
        ('{"a": 1}', None),
        ('["a"]', None),
        ("   ", None),
        ("", None),
        ("Überprüfung – Nr. 5", "Überprüfung – Nr. 5"),
        (None, None),
    ],
)
def test_label(cursor: duckdb.DuckDBPyConnection, text: str | None, label: str | None) -> None:
    assert ask(cursor, "label(t)", text) == label


@pytest.mark.parametrize(
    "key",
    [
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "4bf92f3577b34da6a3ce929d0e0e4736",
        "sess_0123456789abcdef",
        "user-5f3C9aB1d2E4f6G7",
    ],
)
def test_an_opaque_session_key_is_kept(cursor: duckdb.DuckDBPyConnection, key: str) -> None:
    assert ask(cursor, "session_key(t)", key) == key


@pytest.mark.parametrize(
    "key",
    [
        "alice@example.com",
        "Alice Smith",
        "alice.smith",
        "johnsmith1985",
        "user_alexandrabartholomew",
        "+49 170 5550101",
        "491705550101",
        "1234567890123456",
        "u-17",
        "203.0.113.9",
        "x" * 500,
    ],
)
def test_a_personal_session_key_is_hashed(cursor: duckdb.DuckDBPyConnection, key: str) -> None:
    kept = ask(cursor, "session_key(t)", key)
    assert kept.startswith("h-")
    assert len(kept) == 26
    assert key not in kept
    assert ask(cursor, "session_key(t)", key) == kept
    assert ask(cursor, "session_key(t)", key + "x") != kept


def test_no_session_is_none(cursor: duckdb.DuckDBPyConnection) -> None:
    assert ask(cursor, "session_key(t)", None) is None
    assert ask(cursor, "session_key(t)", " ") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("true", True),
        ("YES", True),
        ("1", True),
        ("no", False),
        ("F", False),
        ("2", None),
        ("", None),
        (None, None),
    ],
)
def test_flag(cursor: duckdb.DuckDBPyConnection, text: str | None, value: bool | None) -> None:
    assert ask(cursor, "flag(t)", text) is value


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        (None, "standard"),
        ("", "standard"),
        ("default", "standard"),
        ("on_demand", "standard"),
        ("Standard", "standard"),
        ("flex", "flex"),
        ("flex-tier", "flex"),
        ("priority", "priority"),
        ("fast", "priority"),
        ("batch", "batch"),
        ("offpeak", "offpeak"),
        ("auto", None),
        ("scale", None),
        ("ultrafast", None),
        ("standard_only", None),
        ("anything", None),
    ],
)
def test_tier_of(cursor: duckdb.DuckDBPyConnection, text: str | None, tier: str | None) -> None:
    assert ask(cursor, "tier_of(t)", text) == tier


def test_every_tier_word_means_one_of_our_tiers() -> None:
    assert set(vocabulary.TIERS.values()) == set(TIERS)
    assert not set(vocabulary.TIERS) & set(vocabulary.PREPAID)
    assert all(
        word == word.strip().lower()
        for word in (*vocabulary.TIERS, *vocabulary.PREPAID, *vocabulary.PROVIDERS)
    )


@pytest.mark.parametrize(
    ("url", "host", "provider"),
    [
        ("https://api.openai.com/v1/chat/completions", "api.openai.com", "openai"),
        ("https://My-Team.openai.azure.com/openai/deployments/x", "my-team.openai.azure.com", "azure"),
        (
            "https://europe-west4-aiplatform.googleapis.com/v1",
            "europe-west4-aiplatform.googleapis.com",
            "vertex_ai",
        ),
        (
            "https://bedrock-runtime.eu-central-1.amazonaws.com/model/x",
            "bedrock-runtime.eu-central-1.amazonaws.com",
            "bedrock",
        ),
        ("http://localhost:8000/v1", "localhost", None),
        ("https://user:secret@api.x.ai/v1", "api.x.ai", "xai"),
        ("https://api.openai.com.evil.example/v1", "api.openai.com.evil.example", None),
        ("https://notapi.openai.com/", "notapi.openai.com", None),
        ("/v1/chat/completions", None, None),
        ("not a url", None, None),
    ],
)
def test_hosts(cursor: duckdb.DuckDBPyConnection, url: str, host: str | None, provider: str | None) -> None:
    assert ask(cursor, "host_of(t)", url) == host
    assert ask(cursor, "provider_of_host(host_of(t))", url) == provider


@pytest.mark.parametrize(
    ("written", "provider"),
    [
        ("OpenAI", "openai"),
        (" Azure_OpenAI ", "azure"),
        ("google", "gemini"),
        ("vertex_ai-anthropic_models", "vertex_ai"),
        ("bedrock_converse", "bedrock"),
        ("Some House", "some house"),
        (None, None),
    ],
)
def test_provider_of(cursor: duckdb.DuckDBPyConnection, written: str | None, provider: str | None) -> None:
    assert ask(cursor, "provider_of(t)", written) == provider


@pytest.mark.parametrize(
    ("model", "provider"),
    [
        ("gpt-4o", "openai"),
        ("o3-mini", "openai"),
        ("text-embedding-3-small", "openai"),
        ("Claude-Sonnet-4-5", "anthropic"),
        ("gemini-2.5-flash", "gemini"),
        ("grok-4", "xai"),
        ("codestral-latest", "mistral"),
        ("deepseek-chat", "deepseek"),
        ("llama-3.3-70b", None),
    ],
)
def test_provider_of_model_is_the_same_in_sql_and_python(
    cursor: duckdb.DuckDBPyConnection, model: str, provider: str | None
) -> None:
    assert ask(cursor, "provider_of_model(t)", model) == provider
    assert vocabulary.provider_of_model(model) == provider


def test_no_text_makes_a_macro_fail(cursor: duckdb.DuckDBPyConnection) -> None:
    every = (
        "whole_number(t), count_problem(t, whole_number(t)), moment(t), flag(t), label(t), host_of(t), "
        "session_key(t), tier_of(t), provider_of(t), provider_of_model(t), "
        "decimal_problem(t, try_cast(t AS DECIMAL(24, 6)))"
    )
    drawn = random.Random(20260504)  # noqa: S311 - the same texts every time
    alphabet = "0123456789-+.eE:TZ /\\\"'{}[],\x00\x1f\n\té\u202e漢🙂nainfGMT"
    texts = ["".join(drawn.choices(alphabet, k=drawn.randint(0, 40))) for _ in range(5000)]
    texts += ["".join(drawn.choices("0123456789.-eE+", k=drawn.randint(1, 30))) for _ in range(5000)]
    texts += ["1e999999", "9" * 400, "-" * 50, "99999999999999999999999.999999", "\x00"]
    rows = cursor.execute(f"SELECT {every} FROM (SELECT unnest($texts) AS t)", {"texts": texts}).fetchall()
    assert len(rows) == len(texts)
    for whole, problem, *_ in rows:
        assert (problem is None) == (whole is not None and 0 <= whole < 10**15)
