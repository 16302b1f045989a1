"""What moved since an earlier report: the split adds up, and each cause is named."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from reports.model import NOTHING, Analysis, PriceUsed, Range, WorkloadResult
from reports.reopen import ReportError
from reports.report_compare import Change, compare, since
from reports.report_compared import compared_section, compared_table
from reports.report_earlier import read_earlier
from reports.report_markdown import render_blocks
from reports.triage_report import json_text
from tests.report_cases import analysis, workload

USD = Decimal(10**6)


def one(name: str, usd: int, calls: int = 1000) -> WorkloadResult:
    """A workload that costs `usd` over the window, 26 times that a year."""
    return workload(name, usd * USD, NOTHING, calls=calls)


def only(then: Analysis, now: Analysis, at_old_prices: Analysis | None) -> Change:
    (change,) = compare(read_earlier(json_text(then)), now, at_old_prices).changes
    return change


def test_a_price_change_is_told_from_more_calls_and_from_another_mix() -> None:
    # $100 for 1,000 calls then; 1,500 calls now, $180 at the old prices and $200 at today's.
    then = analysis([one("a", 100)], price="2.5")
    now = analysis([one("a", 200, calls=1500)], price="3")
    change = only(then, now, analysis([one("a", 180, calls=1500)], price="2.5"))
    assert change.change == 100 * 26 * USD
    assert change.by_prices == 20 * 26 * USD
    assert change.by_volume == 50 * 26 * USD
    assert change.by_mix == 30 * 26 * USD
    assert "Prices: gpt-4o standard input 2.5 then, 3 now." in change.why
    assert "Volume: +50 % calls a year." in change.why


def test_the_split_adds_up_to_the_change_whatever_the_figures() -> None:
    then = analysis([one("a", 97), one("b", 3)])
    now = analysis([one("a", 61, calls=777), one("b", 7, calls=999)])
    old = analysis([one("a", 59, calls=777), one("b", 11, calls=999)])
    for change in compare(read_earlier(json_text(then)), now, old).changes:
        assert change.by_prices is not None
        assert change.by_volume is not None
        assert change.by_mix is not None
        assert change.by_prices + change.by_volume + change.by_mix == change.change


def test_verdict_lane_and_models_are_causes() -> None:
    then = analysis([one("a", 100)])
    moved = workload("a", 100 * USD, Range(USD, 2 * USD, 3 * USD), label="unknown")
    (part,) = moved.parts
    moved = replace(
        moved,
        current_lane="flex",
        parts=(replace(part, model="gpt-5", tokens=replace(part.tokens, cache_read_tokens=750_000)),),
    )
    change = only(then, analysis([moved]), None)
    assert change.why == (
        "Verdict: Batch then, Unknown now (rule nobody-waits then, nobody-waits now).",
        "It runs in another lane: sync, no caching then, flex, no caching now.",
        "Recommended: stay then, batch, no caching now.",
        "Models: gpt-5 came and gpt-4o went.",
        "Mix: 25 % of the input cached then, 75 % now.",
    )
    assert (change.saving_then, change.saving_now) == (Decimal(0), 2 * USD)
    assert change.by_prices is None


def test_a_workload_that_came_or_went_is_volume() -> None:
    then, now = analysis([one("gone", 10)]), analysis([one("new", 4)])
    came, went = sorted(
        compare(read_earlier(json_text(then)), now, now).changes,
        key=lambda change: change.workload,
        reverse=True,
    )
    assert (came.cost_then, came.by_volume, came.why) == (None, 104 * USD, ("New since then.",))
    assert (went.cost_now, went.by_volume, went.why) == (None, -260 * USD, ("No longer in the workspace.",))


def test_what_has_no_price_is_unknown_and_not_nothing() -> None:
    then = analysis([one("a", 100)])
    change = only(then, analysis([workload("a", None, NOTHING, calls=2000)]), None)
    assert (change.cost_now, change.change, change.by_volume) == (None, None, None)


def test_the_totals_of_the_table_are_those_of_the_two_reports() -> None:
    then, now = analysis([one("a", 100), one("same", 1)]), analysis([one("a", 150), one("same", 1)])
    comparison = compare(read_earlier(json_text(then)), now, now)
    assert comparison.n_unchanged == 1
    total = compared_table(comparison).total
    assert total is not None
    assert total[1:4] == (101 * 26 * USD, 151 * 26 * USD, 50 * 26 * USD)
    text = render_blocks(compared_section(comparison).blocks)
    assert "$2,626.00 then, $3,926.00 now, +$1,300.00" in text
    assert "1 workload is as it was" in text


def test_a_new_price_row_is_named() -> None:
    then, now = analysis([one("a", 100)]), analysis([one("a", 90)])
    batch = PriceUsed(
        "openai",
        "gpt-4o",
        "batch",
        0,
        now.as_of,
        Decimal(1),
        None,
        None,
        None,
        Decimal(5),
        "none",
        "s",
        "c",
        "high",
    )
    now = replace(now, prices_used=(*now.prices_used, batch))
    assert only(then, now, None).why == ("Prices: gpt-4o batch has new prices from 2026-11-20.",)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "cannot be read"),
        ("[]", "no Lanewise report"),
        ('{"schema": "lanewise.triage-report/1"}', "cannot be read"),
        ('{"schema": "other"}', "no Lanewise report"),
    ],
)
def test_what_is_no_report_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(ReportError, match=words):
        read_earlier(text)


def test_damaged_figures_are_refused() -> None:
    document = json.loads(json_text(analysis([one("a", 100)])))
    document["totals"]["current_per_year_usd"] = "a lot"
    with pytest.raises(ReportError, match="cannot be read"):
        read_earlier(json.dumps(document))


def test_a_report_without_its_prices_is_compared_without_the_split() -> None:
    then, now = analysis([one("a", 100)]), analysis([one("a", 150)])

    def refuse(text: str) -> Analysis:
        raise ReportError(text[:1])

    (change,) = since(json_text(then), now, refuse).changes
    assert change.change == 50 * 26 * USD
    assert change.by_prices is None
