"""What prices leave alone is made once: an edit is answered by pricing, a new call by everything."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from pricing.discounts import Discount
from reports.ground import ground_of
from reports.workbench import Workbench
from tests.test_reports_analysis import bench_with, call
from triage.policy import Policy

AS_OF = datetime(2026, 11, 20)


def edited(bench: Workbench) -> None:
    row = {"provider": "openai", "model": "gpt-4o", "tier": "standard", "input_usd_per_mtok": "9"}
    bench.apply_prices(bench.check_prices([row]).rows, author="ada", note="")


def test_an_edit_or_a_discount_reads_no_call_again(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, [call(n) for n in range(48)])
    before = bench.cube()
    spend = bench.analysis(AS_OF).totals.billed_micro_usd
    edited(bench)
    bench.discounts().set([Discount(provider="openai", percent_off=Decimal(50))], author="ada")
    assert bench.cube() is before
    assert bench.analysis(AS_OF).totals.billed_micro_usd != spend


def test_a_new_call_a_declaration_or_a_threshold_does(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, [call(n) for n in range(48)])
    first = bench.cube()
    bench.declare("w", author="ada", user_waiting=False)
    assert bench.cube() is not first
    log = tmp_path / "more.csv"
    log.write_text(
        "call_id,ts,provider,model,input_tokens,output_tokens\nx,2026-11-19T00:00:00Z,openai,gpt-4o,1,1\n"
    )
    second = bench.cube()
    assert bench.import_file(log).calls == 1
    assert bench.cube().num_rows == second.num_rows + 1
    other_bands = bench.cube(bench.prices().with_edits([]))
    assert other_bands is bench.cube()
    assert bench.analysis(AS_OF).totals.n_requests == 49


def test_the_ground_is_that_of_its_cube_facts_and_policy(tmp_path: Path) -> None:
    bench = bench_with(tmp_path, [call(n) for n in range(48)])
    inputs = bench.inputs(as_of=AS_OF)
    shown = (inputs.rollups, inputs.tags)
    known = ground_of(inputs.cube, inputs.declared, inputs.policy, *shown)
    assert ground_of(inputs.cube, inputs.declared, Policy.default(), *shown) is known
    bench.declare("w", author="ada", user_waiting=True)
    assert ground_of(inputs.cube, bench.workspace.declared(), inputs.policy, *shown) is not known
    other = replace(inputs, cube=inputs.cube.slice(0, 10))
    assert ground_of(other.cube, other.declared, other.policy, *shown).log["n_requests"] == 10
