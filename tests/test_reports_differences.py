"""Differences by class: the first price that fits explains, and classes always sum to the difference."""

from datetime import date
from decimal import Decimal, localcontext

from hypothesis import given, settings
from hypothesis import strategies as st

from reports.differences import CAUSES, Alternative, Cause, Comparison, classify, grouped, together

D = Decimal
AMOUNT = st.decimals(min_value=0, max_value=10**12, places=6, allow_nan=False)


@st.composite
def any_alternative(draw: st.DrawFn) -> Alternative:
    return Alternative(draw(st.sampled_from(CAUSES)), "x", draw(AMOUNT))


@given(AMOUNT, AMOUNT, st.lists(any_alternative(), max_size=4), AMOUNT, st.sampled_from(CAUSES))
@settings(max_examples=60, deadline=None)
def test_classes_sum_to_the_difference(
    other: Decimal, computed: Decimal, ways: list[Alternative], rounding: Decimal, fallback: Cause
) -> None:
    causes, _ = classify(other, computed, ways, rounding=rounding, fallback=fallback)
    with localcontext() as context:
        context.prec = 60
        assert sum((amount for _, amount in causes), D(0)) == other - computed


def test_equal_amounts_have_no_class() -> None:
    assert classify(D(5), D(5), [], rounding=D(0)) == ((), None)


def test_rounding_comes_before_every_other_reason() -> None:
    assert classify(D(101), D(100), [Alternative("tier", "sync", D(101))], rounding=D(1)) == (
        (("rounding", D(1)),),
        None,
    )


def test_the_first_price_that_fits_explains_and_the_rest_is_rounding() -> None:
    ways = [
        Alternative("cache", "", D(1000)),
        Alternative("tier", "sync", D(2000)),
        Alternative("price_age", "2026-01-01", D(2000)),
    ]
    assert classify(D(2001), D(1000), ways, rounding=D(0)) == (
        (("tier", D(1000)), ("rounding", D(1))),
        "sync",
    )
    assert classify(D(2002), D(1000), ways, rounding=D(0)) == ((("unknown", D(1002)),), None)
    assert classify(D(0), D(1000), ways, rounding=D(0), fallback="missing_calls") == (
        (("missing_calls", D(-1000)),),
        None,
    )


def test_a_very_small_share_is_rounding_whatever_it_was_made_of() -> None:
    assert classify(D(100_040), D(100_000), [], rounding=D(1))[0] == (("rounding", D(40)),)
    assert classify(D(100_060), D(100_000), [], rounding=D(1))[0] == (("unknown", D(60)),)


def comparison(provider: str, computed: int, other: int, cause: Cause) -> Comparison:
    return Comparison(
        "d1", provider, None, None, None, date(2026, 11, 1), date(2026, 11, 1), 1, D(computed), D(other),
        ((cause, D(other - computed)),),
    )  # fmt: skip


def test_sums_keep_the_classes_apart() -> None:
    rows = [
        comparison("openai", 10, 20, "tier"),
        comparison("openai", 10, 4, "unknown"),
        comparison("gemini", 1, 2, "tier"),
    ]
    total = together(rows)
    assert total.causes == (("tier", D(11)), ("unknown", D(-6)))
    assert total.difference_micro_usd == 5
    assert rows[0].main_cause == "tier"
    assert list(grouped(rows, lambda row: row.provider)) == ["openai", "gemini"]
