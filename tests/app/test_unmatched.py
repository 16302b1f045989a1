"""Prices page: models without a price are matched in two clicks, and disagreements are there to be read."""

import csv
import shutil
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from reports.workbench import Workbench
from tests.app.conftest import RunApp


def write_log(path: Path) -> Path:
    """24 calls by a name of the house and one by a name like no other, 1,000 tokens in and 100 out each."""
    start = datetime.fromisoformat("2026-11-02")
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(
            ["ts", "provider", "model", "workload", "input_tokens", "output_tokens", "reported_cost_usd"]
        )
        for hour in range(24):
            at = (start + timedelta(hours=hour)).isoformat()
            writer.writerow([at, "gateway", "our-gpt-4o", "chat", 1000, 100, "0.01"])
        writer.writerow([start.isoformat(), "acme", "house-model-1", "chat", 1000, 100, ""])
    return path


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nicknamed")
    bench = Workbench.open(folder / "workspace")
    bench.import_file(write_log(folder / "calls.csv"))
    bench.analysis()  # leaves its roll-ups for the copies
    return bench.workspace.path


@pytest.fixture
def nicknamed(home: Path, template: Path) -> Path:
    """A workspace in which no model has a price."""
    shutil.copytree(template, home)
    return home


def offers(app: AppTest) -> Any:
    """The pills of the first model."""
    return app.get("button_group")[0]


def texts(app: AppTest) -> str:
    return "\n".join(
        [
            *(one.value for one in app.markdown),
            *(one.value for one in app.caption),
            *(one.value for one in app.success),
        ]
    )


def test_a_model_is_matched_in_two_clicks_remembered_and_removed(nicknamed: Path, run_app: RunApp) -> None:
    app = run_app("prices")
    assert not app.exception
    assert "2 models without a price" in [heading.value for heading in app.header]
    assert r"**gateway / our\-gpt\-4o** · 24 calls, 26,400 tokens, reported as \$0.24" in texts(app)
    assert app.button(key="use_gateway/our-gpt-4o").disabled
    first = offers(app).options[0]
    assert first == r"gpt\-4o (openai) · \$2.5 in, \$10 out"

    chosen = Workbench.open(nicknamed).unmatched_models()[0].suggestions[0]
    offers(app).select(chosen).run()
    app.button(key="use_gateway/our-gpt-4o").click().run()
    assert not app.exception
    assert r"our\-gpt\-4o takes the prices of gpt\-4o (openai) from now on" in texts(app)
    assert "1 model without a price" in [heading.value for heading in app.header]
    # 24 x (1,000 x 2.50 + 100 x 10) micro-dollars
    assert Workbench.open(nicknamed).analysis().totals.billed_micro_usd == Decimal(84_000)

    again = run_app("prices")
    assert "Models you matched (1)" in [one.label for one in again.expander]
    again.button(key="unmap_gateway/our-gpt-4o").click().run()
    assert "2 models without a price" in [heading.value for heading in again.header]
    assert Workbench.open(nicknamed).model_mappings() == ()


def test_any_model_of_the_table_can_be_chosen_and_the_change_undone(nicknamed: Path, run_app: RunApp) -> None:
    app = run_app("prices")
    app.selectbox(key="any_acme/house-model-1").set_value(("anthropic", "claude-haiku-4-5")).run()
    app.button(key="use_any_acme/house-model-1").click().run()
    assert not app.exception
    (mapped,) = Workbench.open(nicknamed).model_mappings()
    assert (mapped.to_provider, mapped.to_model) == ("anthropic", "claude-haiku-4-5")
    app.button(key="mapped_undo").click().run()
    assert Workbench.open(nicknamed).model_mappings() == ()
    assert "The last change is taken back." in texts(app)


def test_where_every_model_is_known_nothing_is_asked(demo: Path, run_app: RunApp) -> None:
    app = run_app("prices")
    assert not [one.value for one in app.header if "without a price" in one.value]
    assert not [one.label for one in app.expander if "you matched" in one.label]


def test_sources_that_disagree_are_listed_with_reason_and_confidence(home: Path, run_app: RunApp) -> None:
    app = run_app("prices")
    labels = [one.label for one in app.expander if one.label.startswith("Sources that disagree")]
    assert len(labels) == 1
    listed = app.dataframe[-1].value
    assert list(listed.columns) == ["About", "What sources say", "Taken", "Why", "Price confidence"]
    sonnet = listed[listed["About"] == "Cache read price · anthropic: claude-sonnet-5-5"].iloc[0]
    assert (sonnet["Taken"], sonnet["Price confidence"]) == ("0.10", "medium")
