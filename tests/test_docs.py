"""The guide keeps up with the code: every format, command, option and page is in it."""

import re
from pathlib import Path

import click
import pytest

from data.declared import FACT_FIELDS
from data.formats import FORMATS, AnyFormat
from data.schema import COLUMNS
from lanewise.cli import cli
from reports.display import CURRENCIES
from reports.report_files import FORMATS as REPORT_FORMATS
from reports.report_tables import DECISIONS
from scripts.take_pictures import PAGES
from ui import strings as s

ROOT = Path(__file__).resolve().parent.parent
GUIDE = ROOT / "docs" / "guide"


def text(name: str) -> str:
    return (GUIDE / name).read_text(encoding="utf-8")


CONTAINERS = {"jsonl": "JSON Lines", "json": "JSON", "csv": "CSV", "parquet": "Parquet", "yaml": "YAML"}


def rows_naming(format_name: str, section: str) -> list[list[str]]:
    """The cells of the rows of a table that name a format."""
    lines = [line.strip("| ").split(" | ") for line in section.splitlines() if line.startswith("| `")]
    return [cells for cells in lines if f"`{format_name}`" in cells[0]]


@pytest.mark.parametrize("known", FORMATS, ids=lambda known: known.name)
def test_every_format_its_containers_and_its_token_rule_are_documented(known: AnyFormat) -> None:
    listed, _, after = text("formats.md").partition("## Token rules")
    rules = after.partition("\n## ")[0]
    (row,) = rows_naming(known.name, listed)
    assert set(row[2].split(", ")) == {CONTAINERS[container] for container in known.containers}
    (row,) = rows_naming(known.name, rules)
    assert row[1] == known.token_rule


def test_no_format_is_documented_that_there_is_not() -> None:
    listed = text("formats.md").partition("## Token rules")[0]
    cells = [line.split(" | ")[0] for line in listed.splitlines() if line.startswith("| `")]
    named = {name for cell in cells for name in re.findall("`([^`]+)`", cell)}
    assert named == {known.name for known in FORMATS}


def test_every_column_of_the_record_is_documented() -> None:
    provenance = {"dataset_id", "source_format", "model_raw"}
    for column in COLUMNS.keys() - provenance:
        assert column in text("formats.md"), column


def test_every_declared_fact_is_documented() -> None:
    for fact in FACT_FIELDS:
        column = "max_wait" if fact == "max_wait_ms" else fact
        assert f"`{column}`" in text("formats.md"), fact


COMMANDS = {
    **cli.commands,
    **{
        f"{group.name} {name}": command
        for group in cli.commands.values()
        if isinstance(group, click.Group)
        for name, command in group.commands.items()
    },
}


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_command_and_option_is_documented(name: str) -> None:
    guide = text("command-line.md")
    assert f"`lanewise {name}" in guide
    for parameter in COMMANDS[name].params:
        if isinstance(parameter, click.Option):
            assert any(option in guide for option in (*parameter.opts, *parameter.secondary_opts)), (
                parameter.opts
            )


def test_every_report_format_and_column_is_documented() -> None:
    guide = text("report.md")
    for known in REPORT_FORMATS.values():
        assert f"| `{known.name}` | {s.REPORT_FORMATS[known.name][0]} |" in guide
    columns = guide.partition("## Decisions")[2].partition("## What each format")[0]
    for column in DECISIONS[2:]:
        assert column.title.removeprefix("Saving ") in columns, column.title


def test_every_page_is_documented() -> None:
    pages = {path.stem for path in (ROOT / "ui" / "pages").glob("*.py")}
    titles = {"whatif": "What-if", "rules": "Workload rules", "batches": "Batch jobs"}
    for page in pages:
        assert f"**{titles.get(page, page.capitalize())}**" in text("README.md"), page


@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_pictured_in_the_guide(name: str) -> None:
    shown = f"](../images/{name}.png)"
    assert any(shown in path.read_text(encoding="utf-8") for path in GUIDE.glob("*.md"))
    assert (ROOT / "docs" / "images" / f"{name}.png").stat().st_size > 10_000


def test_a_picture_is_taken_of_every_page_and_no_other_is_kept() -> None:
    assert set(PAGES) == {path.stem for path in (ROOT / "ui" / "pages").glob("*.py")}
    assert {path.stem for path in (ROOT / "docs" / "images").glob("*.png")} == set(PAGES)


def test_the_glossary_says_what_the_pages_say() -> None:
    rows = [line for line in text("glossary.md").splitlines() if line.startswith("| **")]
    assert rows == [f"| **{name}** | {meaning} |" for name, meaning in s.GLOSSARY.items()]
    assert "](glossary.md)" in text("README.md")


def test_links_between_documents_lead_somewhere() -> None:
    for document in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *(ROOT / "docs").rglob("*.md")]:
        for part in document.read_text(encoding="utf-8").split("](")[1:]:
            target = part.split(")")[0].split("#")[0]
            if target and "://" not in target:
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def test_every_currency_is_documented() -> None:
    listed = text("display.md").partition("Currencies: ")[2].strip().rstrip(".")
    assert re.split(r",\s+", listed) == sorted(CURRENCIES)
