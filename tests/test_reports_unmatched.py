"""Models without a price: what they carry, what they might be, and the answer that is remembered."""

import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from pricing.errors import PricingError
from pricing.table import PriceTable
from reports.unmatched import suggestions
from reports.workbench import Workbench
from tests.pricing_cases import TODAY, at, price_row

TABLE = PriceTable(
    [
        price_row("2.5 / - / - / - / 10", provider="openai", model="gpt-4o"),
        price_row("0.15 / - / - / - / 0.6", provider="openai", model="gpt-4o-mini"),
        price_row("3.75 / - / - / - / 15", provider="openai", model="ft:gpt-4o"),
        price_row("2.5 / - / - / - / 10", provider="azure", model="gpt-4o"),
        price_row("2.75 / - / - / - / 11", provider="azure", model="eu/gpt-4o"),
        price_row("2.6 / - / - / - / 11", provider="openrouter", model="openai/gpt-4o"),
        price_row("1.3 / - / - / - / 5", provider="openrouter", model="openai/gpt-4o:batch"),
        price_row("3 / - / - / - / 15", provider="anthropic", model="claude-sonnet-4-5"),
        price_row("0.1 / - / - / - / 0.2", provider="groq", model="llama-3.3-70b"),
        price_row("4 / - / - / - / 8", provider="acme", model="cheaper-soon", valid_to=at("2026-06-01")),
        price_row("1 / - / - / - / 2", provider="acme", model="cheaper-soon", valid_from=at("2026-06-01")),
    ]
)


def offered(provider: str, model: str) -> list[str]:
    return [f"{one.provider} {one.model}" for one in suggestions(TABLE, provider, model, TODAY)]


def test_the_likest_name_comes_first_and_its_maker_before_other_sellers() -> None:
    found = offered("gateway", "gpt-4o-2")
    assert found[0] == "openai gpt-4o"
    assert found[1] == "azure gpt-4o"
    assert "openai gpt-4o-mini" in found[2:]
    assert len([one for one in found if one.endswith("gpt-4o")]) == 2  # not every seller of one name


def test_the_logged_seller_comes_before_the_maker() -> None:
    assert offered("azure", "prod-gpt4o")[0] == "azure gpt-4o"
    assert offered("openrouter", "openai/gpt-4o:nitro")[0] == "openrouter openai/gpt-4o"
    assert offered("gateway", "azure/gpt-4o:nitro")[0] == "azure gpt-4o"


def test_a_fine_tuned_model_is_not_taken_for_its_base_nor_a_batch_for_the_model() -> None:
    assert offered("openai", "ft:gpt-4-custom:acme::1") == ["openai ft:gpt-4o"]
    assert "openai ft:gpt-4o" not in offered("gateway", "gpt-4o-2")
    assert "openrouter openai/gpt-4o:batch" not in offered("openrouter", "openai/gpt-4o:nitro")


def test_nothing_is_suggested_for_a_name_that_is_like_none() -> None:
    assert offered("acme", "house-model-1") == []
    assert offered("(unknown)", "(not logged)") == []
    assert offered("acme", "???") == []


def test_suggestions_show_the_price_of_the_day() -> None:
    (before,) = suggestions(TABLE, "acme", "cheaper-soon-2", at("2026-05-31"))
    (after,) = suggestions(TABLE, "acme", "cheaper-soon-2", TODAY)
    assert (before.input_usd_per_mtok, before.output_usd_per_mtok) == (Decimal(4), Decimal(8))
    assert (after.input_usd_per_mtok, after.output_usd_per_mtok) == (Decimal(1), Decimal(2))


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten calls of gpt-4o and four of an in-house name, two of which say what they cost."""
    folder = tmp_path_factory.mktemp("template")
    lines = ["ts,workload,provider,model,input_tokens,output_tokens,reported_cost_usd"]
    lines += [f"2026-11-0{day}T10:00:00Z,chat,openai,gpt-4o,1000,100," for day in range(1, 10)]
    lines += ["2026-11-10T10:00:00Z,chat,openai,gpt-4o,1000,100,0.0035"]
    lines += [
        f"2026-11-1{day}T10:00:00Z,chat,gateway,Our-GPT-4o,2000,500,{'0.01' if day < 2 else ''}"
        for day in range(4)
    ]
    lines += ["2026-11-15T10:00:00Z,chat,acme,house-model-1,5,5,"]
    log = folder / "calls.csv"
    log.write_text("\n".join(lines) + "\n", encoding="utf-8")
    bench = Workbench.open(folder / "workspace")
    outcome = bench.import_file(log)
    assert outcome.accepted == 15, outcome.first_rejects
    bench.analysis()  # leaves its roll-ups for the copies
    return bench.workspace.path


@pytest.fixture
def bench(template: Path, tmp_path: Path) -> Workbench:
    return Workbench.open(shutil.copytree(template, tmp_path / "workspace"))


def test_unmatched_models_are_listed_with_what_they_carry(bench: Workbench) -> None:
    ours, house = bench.unmatched_models(TODAY)
    assert (ours.provider, ours.model, ours.n_requests, ours.tokens) == ("gateway", "our-gpt-4o", 4, 10_000)
    assert ours.reported_usd == Decimal("0.02")
    assert (ours.suggestions[0].provider, ours.suggestions[0].model) == ("openai", "gpt-4o")
    assert ours.suggestions[0].input_usd_per_mtok == Decimal("2.5")
    assert (house.model, house.n_requests, house.tokens, house.reported_usd) == ("house-model-1", 1, 10, None)
    assert house.suggestions == ()


def test_a_mapping_prices_the_log_is_remembered_and_can_be_taken_back(bench: Workbench) -> None:
    before = bench.fingerprint()
    # ten calls of 1,000 x 2.50 + 100 x 10 micro-dollars
    assert bench.analysis(TODAY).totals.billed_micro_usd == Decimal(35_000)
    bench.map_model(("gateway", "our-gpt-4o"), ("openai", "gpt-4o"), author="ann")
    again = Workbench.open(bench.workspace.path)
    assert again.fingerprint() != before
    # and four of 2,000 x 2.50 + 500 x 10
    assert again.analysis(TODAY).totals.billed_micro_usd == Decimal(35_000 + 40_000)
    assert [one.model for one in again.unmatched_models(TODAY)] == ["house-model-1"]
    (mapped,) = again.model_mappings()
    assert (mapped.model, mapped.to_provider, mapped.to_model) == ("our-gpt-4o", "openai", "gpt-4o")
    assert (mapped.author, mapped.in_force) == ("ann", True)
    assert again.unmap_model(("gateway", "our-gpt-4o"), author="bob") is True
    assert again.unmap_model(("gateway", "our-gpt-4o"), author="bob") is False
    assert again.analysis(TODAY).totals.billed_micro_usd == Decimal(35_000)
    assert [(one.author, one.note) for one in again.model_mapping_history()] == [
        ("bob", "gateway our-gpt-4o has no price again"),
        ("ann", "gateway our-gpt-4o is openai gpt-4o"),
    ]


def test_a_second_answer_replaces_the_first_and_undo_brings_it_back(bench: Workbench) -> None:
    assert bench.undo_model_mapping(author="ann") is False
    bench.map_model(("gateway", "our-gpt-4o"), ("openai", "gpt-4o"), author="ann")
    bench.map_model(("gateway", "our-gpt-4o"), ("openai", "gpt-4o-mini"), author="ann")
    assert [one.to_model for one in bench.model_mappings()] == ["gpt-4o-mini"]
    assert bench.undo_model_mapping(author="ann") is True
    assert [one.to_model for one in bench.model_mappings()] == ["gpt-4o"]


def test_undo_of_the_first_mapping_leaves_none(bench: Workbench) -> None:
    bench.map_model(("gateway", "our-gpt-4o"), ("openai", "gpt-4o"), author="ann")
    assert bench.undo_model_mapping(author="ann") is True
    assert bench.model_mappings() == ()


def test_a_model_can_only_be_mapped_to_one_that_has_a_price(bench: Workbench) -> None:
    with pytest.raises(PricingError, match="no model gpt-99 of openai"):
        bench.map_model(("gateway", "our-gpt-4o"), ("openai", "gpt-99"), author="ann")
    assert bench.model_mappings() == ()


def test_a_price_of_its_own_puts_a_mapping_out_of_force_and_both_survive_together(bench: Workbench) -> None:
    bench.map_model(("gateway", "our-gpt-4o"), ("openai", "gpt-4o"), author="ann")
    own = price_row("1 / - / - / - / 2", provider="gateway", model="our-gpt-4o")
    preview = bench.preview_prices([own], TODAY)
    assert preview.spend_before_micro_usd == Decimal(75_000)
    # the four calls at 2,000 x 1 + 500 x 2
    assert preview.spend_after_micro_usd == Decimal(35_000 + 12_000)
    bench.apply_prices([own], author="ann", note="our own server")
    assert bench.analysis(TODAY).totals.billed_micro_usd == Decimal(47_000)
    (mapped,) = bench.model_mappings()
    assert mapped.in_force is False


def test_an_edit_of_a_mapped_model_is_an_edit_of_that_very_id(bench: Workbench) -> None:
    bench.map_model(("gateway", "our-gpt-4o"), ("openai", "gpt-4o"), author="ann")
    check = bench.check_prices(
        [{"provider": "gateway", "model": "our-gpt-4o", "tier": "standard", "input_usd_per_mtok": "1"}]
    )
    assert check.problems == ()
    assert [(row.provider, row.model) for row in check.rows] == [("gateway", "our-gpt-4o")]


def test_a_workload_shows_the_model_whose_prices_it_takes(bench: Workbench) -> None:
    bench.map_model(("gateway", "our-gpt-4o"), ("openai", "gpt-4o"), author="ann")
    parts = {part.model: part for result in bench.analysis(TODAY).workloads for part in result.parts}
    assert parts["our-gpt-4o"].price_model == "gpt-4o"
    assert parts["house-model-1"].price_model is None
