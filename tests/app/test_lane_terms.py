"""The terms of each lane on the Workloads page: what is promised, and where a batch would lose."""

import json
from fractions import Fraction
from pathlib import Path

from reports.workbench import Workbench
from tests.app.conftest import RunApp
from ui import strings as s


def test_the_terms_of_every_lane_are_shown(run_app: RunApp, home: Path, tmp_path: Path) -> None:
    call = {
        "call_id": "a",
        "ts": "2026-11-02T10:00:00",
        "provider": "anthropic",
        "model": "claude-sonnet-4-5",
        "workload": "notes",
        "input_tokens": 100_000,
        "cache_read_tokens": 50_000,
        "output_tokens": 100_000,
    }
    log = tmp_path / "log.jsonl"
    log.write_text(json.dumps(call) + "\n", encoding="utf-8")
    bench = Workbench.open(home)
    bench.import_file(log)
    (result,) = bench.analysis().workloads
    sheet = bench.lane_sheet(result.parts[0])
    by_lane = {fact.offer.lane: fact for fact in sheet.lanes}
    # (50,000 x 3 + 50,000 x 0.3 + 100,000 x 15) / 200,000, and half of it
    assert f"{by_lane['sync+cache'].effective_usd_per_mtok:.4f}" == "8.3250"
    assert f"{by_lane['batch+cache'].effective_usd_per_mtok:.4f}" == "4.1625"
    assert s.lane_window(by_lane["batch"].offer) == "aims at 1 h, gives up after 24 h"
    assert s.lane_limits(by_lane["batch"].offer).startswith("100,000 requests")
    assert "own cache price, 30 % to 98 % of hits, from 1,024 tokens" in s.lane_cached(
        by_lane["batch+cache"].offer
    )
    assert s.break_even(sheet.cached_share, None, None).startswith("50.0 % of its input")
    app = run_app("workloads")
    assert not app.exception
    assert [expander.label for expander in app.expander if expander.label == s.TERMS] == [s.TERMS]


def test_the_break_even_in_words() -> None:
    assert s.break_even(None, None, None) == "Without input there is nothing to compare."
    assert s.break_even(Fraction(4, 5), Fraction(2, 3), Fraction(611, 1000)) == (
        "80.0 % of its input is read from a cache today. A batch costs more as soon as more than 66.7 % of "
        "it is. With this cache, a batch pays only from an in-batch hit rate of 61.1 %."
    )
