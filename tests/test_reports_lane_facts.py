"""A workload's own lanes: effective prices, terms and break-even shares from its log."""

from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from reports.lane_facts import LaneSheet, lane_sheet
from reports.workbench import Workbench
from tests.make_calls import write_four_configuration_calls
from tests.test_reports_analysis import bench_with, call

AS_OF = datetime(2026, 11, 20)


def sheet(bench: Workbench, workload: str) -> LaneSheet:
    (part,) = bench.analysis(AS_OF).workload(workload).parts
    return lane_sheet(bench.prices(), part, AS_OF)


def effective(found: LaneSheet) -> dict[str, Decimal | None]:
    return {fact.offer.lane: fact.effective_usd_per_mtok for fact in found.lanes}


def test_the_four_configurations_of_a_real_log(tmp_path: Path) -> None:
    bench = Workbench.open(tmp_path / "workspace")
    bench.import_file(write_four_configuration_calls(tmp_path / "calls.parquet"))
    found = sheet(bench, "four-configurations")
    # 50,000 requests of 4,000 + 200 tokens are 210 million tokens: $750, $210.0138, $375, $105.0069
    prices = effective(found)
    assert prices["sync"] == Decimal(750) / 210
    assert prices["sync+cache"] == Decimal("210.0138") / 210
    assert prices["batch"] == Decimal(375) / 210
    assert prices["batch+cache"] == Decimal("105.0069") / 210
    assert prices["flex"] is None
    assert found.lanes[3].offer.expiry_s == 86_400
    assert found.cached_share == Fraction(49_999, 50_000)
    assert found.batch_loses_above is None  # everything stacks
    # Without hits in the batch it would cost more than the warm cache: 1.25 x 1.5 for each missed token.
    # (199,996,000 x 1.875 + 4,000 x 1.5 + 75,000,000 - (199,996,000 x 0.3 + 4,000 x 3 + 150,000,000))
    # over 199,996,000 x (1.875 - 0.15)
    expected = Fraction(374_992_500 + 6_000 + 75_000_000 - 59_998_800 - 12_000 - 150_000_000, 344_993_100)
    assert found.hits_a_batch_needs == expected


def test_a_model_whose_batch_has_no_cache(tmp_path: Path) -> None:
    calls = [call(n, model="gpt-4.1", cache_read_tokens=900, output_tokens=10) for n in range(48)]
    found = sheet(bench_with(tmp_path, calls), "w")
    assert found.cached_share == Fraction(9, 10)
    # output is a hundredth of input: (2 - 1 + 0.01 x (8 - 4)) / 1.5
    assert found.batch_loses_above == Fraction(104, 150)
    assert found.hits_a_batch_needs is None  # no hit rate is enough: 1,040 in the batch against 730
    prices = effective(found)
    assert (prices["sync+cache"], prices["batch"]) == (Decimal(730) / 1_010, Decimal(1_040) / 1_010)


def test_a_log_without_tokens_has_no_shares(tmp_path: Path) -> None:
    calls = [call(n, input_tokens=None, output_tokens=None) for n in range(3)]
    found = sheet(bench_with(tmp_path, calls), "w")
    assert (found.cached_share, found.batch_loses_above, found.hits_a_batch_needs) == (None, None, None)
    assert effective(found)["sync"] is None
