"""Sentences live in one package: nothing a person reads is written anywhere else in ui."""

import ast
import re
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from data.formats import FORMATS
from reports.model import NOTHING, Coverage, Range, Totals
from ui import strings as s

ROOT = Path(__file__).resolve().parent.parent
SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
STRINGS = ROOT / "ui" / "strings"
SOURCES = sorted(path for path in (ROOT / "ui").rglob("*.py") if path.parent != STRINGS)


def docstrings(tree: ast.Module) -> set[int]:
    """The ids of constants that are docstrings, of definitions or of the constants above them."""
    return {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


@pytest.mark.parametrize("path", [*SOURCES, ROOT / "app.py"], ids=lambda path: path.name)
def test_no_sentence_outside_the_strings(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    exempt = docstrings(tree)
    found = [
        f"{node.lineno}: {node.value}"
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in exempt
        and SENTENCE.search(node.value)
    ]
    assert found == [] or (path.name == "state.py" and found[0].endswith("local user"))


def test_no_two_pages_use_one_name_for_two_sentences() -> None:
    names = [
        name
        for path in STRINGS.glob("*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        for name in defined(node)
        if not name.startswith("_")
    ]
    assert len(names) == len(set(names)), sorted({name for name in names if names.count(name) > 1})


def defined(node: ast.stmt) -> list[str]:
    """The name a statement of a module defines."""
    if isinstance(node, ast.FunctionDef):
        return [node.name]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def test_every_format_is_named_on_the_data_page() -> None:
    said = " ".join([*s.FORMATS, *s.FORMATS.values()]).lower()
    for known in FORMATS:
        assert known.title.split()[0].lower() in said, known.title


def test_dollars_in_markdown_are_escaped() -> None:
    saving = Range(Decimal(10**9), Decimal(2 * 10**9), Decimal(3 * 10**9))
    assert s.overview_headline(saving, 0.4, NOTHING) == r"About \$2.00k a year to save by letting calls wait"
    assert s.move_saving("$5.00") == r"**\$5.00** a year"


def test_headlines_without_a_saving() -> None:
    assert s.overview_headline(NOTHING, None, NOTHING) == "Nothing to move yet"
    assert s.overview_headline(NOTHING, 0.25, NOTHING).startswith("25 % of the spend can wait")
    potential = Range(Decimal(0), Decimal(15 * 10**9), Decimal(20 * 10**9))
    assert s.overview_headline(NOTHING, 0.0, potential).startswith(r"Up to \$15.0k a year")


def test_partial_totals_count_what_is_missing_and_not_what_failed() -> None:
    coverage = Coverage(n_requests=1000, n_priced=900, n_failed_unmetered=40, tokens=200, priced_tokens=150)
    assert s.partial(coverage, ()).startswith("60 calls of 1,000 could not be priced")
    assert "75.0 % of all tokens" in s.partial(coverage, ())


def test_the_shares_of_a_label_are_of_the_spend() -> None:
    totals = Totals(
        billed_micro_usd=Decimal(400),
        reported_micro_usd=None,
        n_reported=0,
        spend_by_label={"batch": Decimal(100), "interactive": Decimal(300)},
        current_per_year_micro_usd=Decimal(0),
        saving_per_year=NOTHING,
        potential_per_year=NOTHING,
        n_requests=7,
    )
    assert s.kpi_wait_detail(totals) == "interactive 75 %, batch 25 %"


def test_counts_are_written_as_the_identity_they_keep() -> None:
    assert s.counts_sum(1200, 1180, 15, 5) == "1,200 read = 1,180 accepted + 15 rejected + 5 duplicates"


def test_a_rejected_list_says_when_it_is_cut() -> None:
    assert s.rejects_title(20, 500) == "**Rejected rows** (the first 20 of 500)"
    assert s.rejects_title(3, 3) == "**Rejected rows**"


def test_report_file_names_carry_the_day() -> None:
    assert s.report_file(datetime(2026, 11, 21)) == "lanewise-triage-2026-11-21"
