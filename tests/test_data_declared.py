"""Declared facts: durations, amounts, and who wins."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.declared import (
    Declared,
    bucket_requests,
    checked,
    format_duration,
    merged,
    parse_amount,
    parse_duration_ms,
    parse_yes_no,
    requests_per_year,
)


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("300ms", 300),
        ("2s", 2_000),
        ("5m", 300_000),
        ("8h", 28_800_000),
        ("7d", 604_800_000),
        (" 1.5 s ", 1_500),
        ("12H", 43_200_000),
        ("366d", 31_622_400_000),
    ],
)
def test_durations(text: str, ms: int) -> None:
    assert parse_duration_ms(text) == ms


@pytest.mark.parametrize(
    "text", ["", "2", "s", "2 weeks", "-1s", "0s", "0.5ms", "367d", "1e3s", "2s 3s", "２s x"]
)
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"[Ww]ait"):
        parse_duration_ms(text)


@given(st.integers(min_value=1, max_value=366 * 24 * 3600 * 1000))
def test_a_written_duration_reads_back(wait_ms: int) -> None:
    assert parse_duration_ms(format_duration(wait_ms)) == wait_ms


@pytest.mark.parametrize(
    ("wait_ms", "text"), [(300, "300ms"), (2_000, "2s"), (90_000, "90s"), (300_000, "5m"), (86_400_000, "1d")]
)
def test_written_durations(wait_ms: int, text: str) -> None:
    assert format_duration(wait_ms) == text


def test_yes_and_no() -> None:
    assert [parse_yes_no(word) for word in ("yes", "TRUE", " y ", "1")] == [True] * 4
    assert [parse_yes_no(word) for word in ("no", "False", "n", "0")] == [False] * 4
    with pytest.raises(ValueError, match="yes or no"):
        parse_yes_no("maybe")


@pytest.mark.parametrize(
    ("text", "amount"), [("0", "0"), ("12", "12"), ("0.3", "0.3"), (" 7.000000001 ", "7.000000001")]
)
def test_amounts(text: str, amount: str) -> None:
    assert parse_amount(text) == Decimal(amount)


@pytest.mark.parametrize(
    "text", ["", "-1", "ten", "1,000", "NaN", "Infinity", "1e15", "0.0000000001", "1_000x"]
)
def test_what_is_no_amount(text: str) -> None:
    with pytest.raises(ValueError, match="Write"):
        parse_amount(text)


@pytest.mark.parametrize(
    ("per_day", "per_run", "n"),
    [
        (None, None, None),
        ("0", None, None),
        ("5", None, 5),
        ("5", "80", 80),
        ("2.5", None, 2),
        ("3.5", None, 4),
        ("0.3", None, 1),
        (None, "0", None),
    ],
)
def test_requests_of_a_bucket(per_day: str | None, per_run: str | None, n: int | None) -> None:
    assert bucket_requests(per_day and Decimal(per_day), per_run and Decimal(per_run)) == n  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("facts", "a_year"),
    [
        ({}, None),
        ({"requests_per_day": Decimal("10")}, Decimal(3650)),
        ({"requests_per_run": Decimal("500000"), "runs_per_year": Decimal(52)}, Decimal(26_000_000)),
        ({"requests_per_run": Decimal("100"), "requests_per_day": Decimal(20)}, Decimal(7300)),
        ({"requests_per_run": Decimal("100")}, Decimal(100)),
        ({"requests_per_run": Decimal("100"), "runs_per_year": Decimal(0)}, Decimal(0)),
    ],
)
def test_requests_of_a_year(facts: dict[str, Decimal], a_year: Decimal | None) -> None:
    assert requests_per_year(Declared("x", **facts)) == a_year  # type: ignore[arg-type]


def _row(name: str, bucket: int | None = None, **facts: Any) -> dict[str, Any]:
    return {"row_id": f"described-{name}", "name": name, "facts": facts, "bucket_requests": bucket}


def test_declarations_win_field_by_field() -> None:
    described = [
        ("old.csv", _row("Chat", trigger="user", max_wait_ms=2000, requests_per_day="100")),
        ("new.csv", _row("Chat", max_wait_ms=3000, user_waiting=None)),
    ]
    declarations = {
        "Chat": {
            "made": [{"by": "Ann", "facts": {"max_wait_ms": 5000}}, {"by": "Bob", "facts": {"trigger": None}}]
        },
        "Unknown so far": {"made": [{"by": "Bob", "facts": {"user_waiting": False}}]},
    }
    chat, other = merged(described, declarations)
    assert chat == Declared(
        "Chat",
        trigger=None,
        max_wait_ms=5000,
        requests_per_day=Decimal(100),
        declared_by="Bob",
        sources={"trigger": "Bob", "max_wait_ms": "Ann", "requests_per_day": "old.csv"},
    )
    assert other == Declared(
        "Unknown so far", user_waiting=False, declared_by="Bob", sources={"user_waiting": "Bob"}
    )


@pytest.mark.parametrize(
    ("facts", "bucket", "declared", "factor"),
    [
        ({"requests_per_day": "1000"}, 1000, {}, Decimal(365)),
        ({"requests_per_day": "2.5"}, 2, {}, Decimal("456.25")),
        ({"requests_per_run": "500000", "runs_per_year": "52"}, 500_000, {}, Decimal(52)),
        ({"requests_per_run": "500000"}, 500_000, {}, Decimal(1)),
        ({"requests_per_day": "1000"}, 1000, {"requests_per_day": "2000"}, Decimal(730)),
        ({"requests_per_run": "10", "requests_per_day": "20"}, 10, {}, Decimal(730)),
    ],
)
def test_how_many_buckets_make_a_year(
    facts: dict[str, str], bucket: int, declared: dict[str, str], factor: Decimal
) -> None:
    declarations = {"W": {"made": [{"by": "Ann", "facts": declared}]}} if declared else {}
    (found,) = merged([("a.csv", _row("W", bucket, **facts))], declarations)
    assert found.has_usage
    assert found.annual_factor == factor


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("user_waiting", "yes"),
        ("max_wait_ms", 1.5),
        ("max_wait_ms", 0),
        ("max_wait_ms", True),
        ("input_tokens", -1),
        ("requests_per_day", 1.5),
        ("requests_per_day", "many"),
        ("trigger", "cron"),
        ("model", 7),
    ],
)
def test_bad_values_are_refused(field: str, value: Any) -> None:
    with pytest.raises(ValueError, match=r"\.$"):
        checked(field, value)


def test_only_facts_can_be_declared() -> None:
    with pytest.raises(KeyError, match="annual_factor"):
        checked("annual_factor", 1)
