"""What a preview of workload rules says: calls, shares and spend of each rule, worked out by hand."""

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from data.rules import RuleSet
from data.schema import UNATTRIBUTED
from reports import mapping
from reports.workbench import Workbench


def record(number: int, tokens: int, **more: Any) -> dict[str, Any]:
    return {
        "call_id": f"c{number}",
        "ts": f"2026-05-04T09:{number:02d}:00Z",
        "provider": "openai",
        "model": "gpt-4o",
        "input_tokens": tokens,
        "output_tokens": 0,
        **more,
    }


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Nine calls at 2.50 dollars per million tokens: 4 x 1,000, 3 x 2,000, 2 x 5,000; one without a price."""
    folder = tmp_path_factory.mktemp("template")
    rows = [record(n, 1000, metadata={"team": "data"}) for n in range(4)]
    rows += [record(n, 2000, metadata={"team": "web"}, tags=["night"]) for n in range(4, 7)]
    rows += [record(n, 5000) for n in range(7, 9)]
    rows += [record(9, 5000, model="house-model-1", provider="acme")]
    source = folder / "log.jsonl"
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    found = Workbench.open(folder / "home")
    assert found.import_file(source).accepted == 10
    found.analysis()  # leaves its roll-ups for the copies
    return found.workspace.path


@pytest.fixture
def bench(template: Path, tmp_path: Path) -> Workbench:
    return Workbench.open(shutil.copytree(template, tmp_path / "home"))


RULES = RuleSet.of(
    [
        {"when": {"tag": "night"}, "workload": "night work"},
        {"when": {"metadata.team": "*"}, "workload": "team {metadata.team}"},
        {"when": {"metadata.team": "data"}, "workload": "never reached"},
    ]
)


def test_each_rule_says_what_it_takes(bench: Workbench) -> None:
    preview = bench.preview_rules(RULES)
    night, team, never = (taken for _, taken in preview.rules)
    left = preview.unattributed
    # 3 x 2,000, 4 x 1,000 and 2 x 5,000 tokens at 2.50 micro-dollars each
    assert (night.n_requests, night.cost_micro_usd) == (3, Decimal(15_000))
    assert (team.n_requests, team.cost_micro_usd) == (4, Decimal(10_000))
    assert (never.n_requests, never.cost_micro_usd, never.workloads) == (0, Decimal(0), ())
    assert (left.n_requests, left.cost_micro_usd) == (3, Decimal(25_000))
    assert (preview.n_requests, preview.cost_micro_usd) == (10, Decimal(50_000))
    assert [taken.share_of_calls for taken in (night, team, never, left)] == [0.3, 0.4, 0.0, 0.3]
    assert [taken.share_of_cost for taken in (night, team, never, left)] == [0.3, 0.2, 0.0, 0.5]
    assert team.workloads == ("team data",)
    assert preview.workloads == {
        UNATTRIBUTED: (3, Decimal(25_000)),
        "night work": (3, Decimal(15_000)),
        "team data": (4, Decimal(10_000)),
    }


def test_a_rule_that_gives_no_name_leaves_its_calls_over(bench: Workbench) -> None:
    preview = bench.preview_rules(RuleSet.of([{"workload": UNATTRIBUTED}]))
    assert preview.rules[0][1].n_requests == 0
    assert preview.unattributed.n_requests == 10


def test_what_nothing_prices_has_no_cost(bench: Workbench) -> None:
    preview = bench.preview_rules(RuleSet.of([{"when": {"provider": "acme"}, "workload": "house"}]))
    house = preview.rules[0][1]
    assert (house.n_requests, house.cost_micro_usd, house.share_of_cost) == (1, None, 0.0)


def test_an_empty_workspace_has_no_shares(tmp_path: Path) -> None:
    preview = Workbench.open(tmp_path).preview_rules(RULES)
    assert (preview.n_requests, preview.cost_micro_usd) == (0, None)
    assert preview.unattributed.share_of_calls is None
    assert preview.unattributed.share_of_cost is None


def test_saved_rules_are_in_the_analysis_with_the_previewed_spend(bench: Workbench) -> None:
    assert bench.rules() == RuleSet.default()
    before = bench.fingerprint()
    assert bench.save_rules(RULES, author="Ann", note="teams")
    assert bench.fingerprint() != before
    assert not bench.save_rules(RULES, author="Ann", note="again")
    analysis = bench.analysis()
    spent = {result.workload: result.billed_micro_usd for result in analysis.workloads}
    assert spent == {
        UNATTRIBUTED: Decimal(25_000),
        "night work": Decimal(15_000),
        "team data": Decimal(10_000),
    }
    assert [version.author for version in bench.rules_history()] == ["Ann"]


def test_undo_goes_back_one_save_at_a_time_and_never_forward(bench: Workbench) -> None:
    other = RuleSet.of([{"workload": "{metadata.team}"}])
    assert not bench.can_undo_rules()
    assert not bench.undo_rules(author="Ann")
    bench.save_rules(RULES, author="Ann", note="one")
    bench.save_rules(other, author="Ann", note="two")
    assert bench.undo_rules(author="Bob")
    assert bench.rules() == RULES
    assert bench.undo_rules(author="Bob")
    assert bench.rules() == RuleSet.default()
    assert not bench.undo_rules(author="Bob")
    assert [version.seq for version in bench.rules_history()] == [4, 3, 2, 1]
    bench.save_rules(other, author="Ann", note="three")
    assert bench.undo_rules(author="Bob")
    assert bench.rules() == RuleSet.default()


def test_fields_are_listed_with_their_values_by_calls(bench: Workbench) -> None:
    seen = {item.field: item for item in mapping.fields_seen(bench.call_census())}
    assert set(seen) == {"format", "metadata.team", "model", "provider", "tag"}
    assert seen["metadata.team"].values == (("data", 4), ("web", 3))
    assert seen["model"].values == (("gpt-4o", 9), ("house-model-1", 1))
    assert seen["tag"].n_values == 1


def test_an_edited_price_is_in_the_preview(bench: Workbench) -> None:
    check = bench.check_prices(
        [
            {
                "provider": "acme",
                "model": "house-model-1",
                "tier": "standard",
                "min_prompt_tokens": 0,
                "input_usd_per_mtok": "1",
                "output_usd_per_mtok": "1",
                "source": "contract",
            }
        ]
    )
    assert check.problems == ()
    bench.apply_prices(check.rows, author="Ann", note="contract")
    assert bench.preview_rules(RULES).unattributed.cost_micro_usd == Decimal(30_000)
