"""Which cache lifetime is cheaper for a workload, by its hits and by its gaps; by hand."""

from datetime import datetime
from decimal import Decimal

import pytest

from pricing.table import PriceTable
from reports.behaviour import local_hours
from reports.cache_choice import CacheChoice, cache_choice
from reports.cache_potential import CachePotential
from reports.model import Part
from tests.test_reports_deadlines import AS_OF, bench_with, usage

PRICES = PriceTable.shipped()


@pytest.fixture(scope="module")
def part(tmp_path_factory: pytest.TempPathFactory) -> Part:
    bench = bench_with(tmp_path_factory.mktemp("cache"), usage("w"))
    (found,) = bench.analysis(AS_OF).workload("w").parts
    return found


def potential(ttl_s: int, low: str, high: str, workload: str = "w") -> CachePotential:
    return CachePotential(
        workload, "anthropic", "claude-sonnet-4-5", ttl_s, Decimal(low), Decimal(high),
        "estimated", 10, 1_000, 1_024, True, "said",
    )  # fmt: skip


def choice(part: Part, *potentials: CachePotential, gaps: dict[int, int] | None = None) -> CacheChoice:
    return cache_choice(PRICES, part, potentials, gaps or {}, AS_OF)


def test_gaps_inside_five_minutes_make_the_short_lifetime_cheaper(part: Part) -> None:
    """Bucket 20 ends at 1.25^21 = 108 s. Three gaps are four requests: one write and three reads."""
    found = choice(part, gaps={20: 3})
    assert [(item.ttl_s, item.writes, item.reads) for item in found.by_gaps] == [
        (None, 0, 0),
        (300, 1, 3),
        (3_600, 1, 3),
    ]
    # 1,000 tokens: 4 x 3; 3.75 + 3 x 0.3; 6 + 3 x 0.3 thousandths of a dollar
    assert [item.cost_micro_usd for item in found.by_gaps] == [12_000, 4_650, 6_900]
    assert found.cheapest == found.by_gaps[1]


def test_gaps_of_half_an_hour_need_the_long_one(part: Part) -> None:
    """Bucket 32 ends at 1.25^33 = 1,578 s: five minutes write each time."""
    found = choice(part, gaps={32: 3})
    assert [item.cost_micro_usd for item in found.by_gaps] == [12_000, 15_000, 6_900]
    assert found.cheapest == found.by_gaps[2]


def test_hits_decide_only_where_the_bounds_do(part: Part) -> None:
    sure = choice(part, potential(300, "0.8", "0.8"), potential(3_600, "0.82", "0.82"))
    assert sure.by_hits is not None
    # 0.8 x 0.1 + 0.2 x 1.25 against 0.82 x 0.1 + 0.18 x 2
    assert sure.by_hits.costs[300] == (Decimal("0.33"), Decimal("0.33"))
    assert sure.by_hits.costs[3_600] == (Decimal("0.442"), Decimal("0.442"))
    assert sure.by_hits.best == 300
    wide = choice(part, potential(300, "0", "0.8"), potential(3_600, "0", "0.9"))
    assert wide.by_hits is not None
    assert wide.by_hits.best is None


def test_only_its_own_potentials_and_nothing_made_up(part: Part) -> None:
    found = choice(
        part, potential(3_600, "0", "1"), potential(300, "0", "1"), potential(300, "0", "1", "other")
    )
    assert [item.ttl_s for item in found.potentials] == [300, 3_600]
    assert (found.by_gaps, found.cheapest) == ((), None)
    assert choice(part).by_hits is None


def test_hours_on_the_clocks_of_a_place() -> None:
    """Sunday 25 October 2026: Berlin's clocks show 02:00 to 03:00 twice, at 00:00 and 01:00 UTC."""
    night = datetime(2026, 10, 25)
    sunday = 6 * 24
    counted = local_hours(
        [(night, 5), (night.replace(hour=1), 7), (night.replace(hour=2), 1)], "Europe/Berlin"
    )
    assert counted == {sunday + 2: 12, sunday + 3: 1}
    # a late Sunday evening in New York is Monday in UTC, and half an hour off in India
    monday = datetime(2026, 11, 2, 3)
    assert local_hours([(monday, 1)], "America/New_York") == {sunday + 22: 1}
    assert local_hours([(monday, 1)], "Asia/Kolkata") == {8: 1}
