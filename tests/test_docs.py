"""The guide keeps up with the code: every format, command, option and page is in it."""

from pathlib import Path

import click
import pytest

from data.declared import FACT_FIELDS
from data.formats import FORMATS
from data.schema import COLUMNS
from lanewise.cli import cli

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "guide"


def text(name: str) -> str:
    return (GUIDE / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_every_format_and_its_token_rule_is_documented(known: object) -> None:
    name, rule = getattr(known, "name"), getattr(known, "token_rule")  # noqa: B009
    assert f"`{name}`" in text("formats.md")
    assert rule in text("formats.md")


def test_every_column_of_the_record_is_documented() -> None:
    provenance = {"dataset_id", "source_format", "model_raw"}
    for column in COLUMNS.keys() - provenance:
        assert column in text("formats.md"), column


def test_every_declared_fact_is_documented() -> None:
    for fact in FACT_FIELDS:
        column = "max_wait" if fact == "max_wait_ms" else fact
        assert f"`{column}`" in text("formats.md"), fact


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_every_command_and_option_is_documented(name: str) -> None:
    guide = text("command-line.md")
    assert f"`lanewise {name}" in guide
    for parameter in cli.commands[name].params:
        if isinstance(parameter, click.Option):
            assert any(option in guide for option in (*parameter.opts, *parameter.secondary_opts)), (
                parameter.opts
            )


def test_every_page_is_documented() -> None:
    pages = {path.stem for path in (ROOT / "ui" / "pages").glob("*.py")}
    titles = {"whatif": "What-if", "rules": "Workload rules"}
    for page in pages:
        assert f"**{titles.get(page, page.capitalize())}**" in text("README.md"), page


def test_links_between_documents_lead_somewhere() -> None:
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for part in document.read_text(encoding="utf-8").split("](")[1:]:
            target = part.split(")")[0].split("#")[0]
            if target and "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"
