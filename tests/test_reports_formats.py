"""One nasty workspace through every format of the report: whole, exact, and harmless to open."""

import csv
import io
import json
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from decimal import Decimal
from html.parser import HTMLParser
from importlib import import_module
from pathlib import Path

import openpyxl
import pytest
from pypdf import PdfReader

from reports.model import Analysis
from reports.report_compare import compare
from reports.report_earlier import read_earlier
from reports.report_files import FORMATS, format_of
from reports.report_html import MAX_BYTES, html
from reports.report_schema import schema, schema_text
from reports.triage_report import json_text
from tests.report_cases import HUGE, NAMES, nasty

ROOT = Path(__file__).resolve().parent.parent
MICRO = Decimal(10**6)

# 14 workloads by hand: $9 billion, $0.0000004, unknown, $1, then number x $1.010101 for 4 to 13 (sum 85).
SPEND = Decimal("9000000001.0000004") + 85 * Decimal("1.010101")
YEAR = SPEND * 26
# Odd numbers from 5 to 13 (sum 45) save twice their cost; before them $18 billion, $0.0000002 and -$1.
BASE = Decimal("17999999999.0000002") + 90 * Decimal("1.010101")


@pytest.fixture(scope="module")
def small() -> Analysis:
    return nasty(len(NAMES))


@pytest.fixture(scope="module")
def large() -> Analysis:
    return nasty(500)


@pytest.fixture(scope="module")
def files(small: Analysis) -> Mapping[str, bytes]:
    return {name: known.write(small, None) for name, known in FORMATS.items()}


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def test_the_totals_of_csv_and_json_are_exact(files: Mapping[str, bytes]) -> None:
    total = rows(files["csv"])[-1]
    assert Decimal(total["spend_in_log_usd"]) == SPEND
    assert Decimal(total["cost_per_year_usd"]) == YEAR
    assert Decimal(total["saving_per_year_base_usd"]) == BASE
    document = json.loads(files["json"])
    assert Decimal(document["totals"]["billed_usd"]) == SPEND
    assert Decimal(document["totals"]["current_per_year_usd"]) == YEAR
    assert Decimal(document["totals"]["saving_per_year_usd"]["base"]) == BASE


@pytest.mark.parametrize("name", ["md", "html", "pdf"])
def test_every_format_to_read_has_the_totals_to_the_cent(name: str, files: Mapping[str, bytes]) -> None:
    text = pdf_text(files["pdf"]) if name == "pdf" else files[name].decode()
    for amount in (f"${SPEND:,.2f}", f"${YEAR:,.2f}", f"${BASE:,.2f}", "$0.0000004", "unknown", "-$1.00"):
        assert amount in text, amount


def pdf_text(content: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)


def test_the_workbook_has_typed_cells_and_totals_that_equal_the_json(files: Mapping[str, bytes]) -> None:
    values = openpyxl.load_workbook(io.BytesIO(files["xlsx"]), data_only=True)
    decisions = list(values["Decisions"].iter_rows(values_only=True))
    head, first, total = decisions[0], decisions[1], decisions[-1]
    year, base = head.index("Cost a year"), head.index("Saving base")
    assert total[0] == "Total"
    assert Decimal(str(total[year])).quantize(Decimal("0.01")) == YEAR.quantize(Decimal("0.01"))
    assert Decimal(str(total[base])).quantize(Decimal("0.01")) == BASE.quantize(Decimal("0.01"))
    assert first[year] == float(HUGE * 26 / MICRO)
    assert first[0] == NAMES[0]
    assert decisions[2][year] == pytest.approx(0.0000104, rel=1e-12)
    assert decisions[3][year] == "unknown"
    assert first[head.index("Re-check")].date().isoformat() == "2026-12-24"  # type: ignore[union-attr]
    spend = list(values["Spend by day"].iter_rows(values_only=True))[-1]
    assert Decimal(str(spend[-1])).quantize(Decimal("0.01")) == SPEND.quantize(Decimal("0.01"))


def test_only_our_totals_are_formulas_and_they_add_the_rows_up(files: Mapping[str, bytes]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(files["xlsx"]))
    found = {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f" or cell.hyperlink is not None
    }
    last = len(NAMES) + 1
    assert found == {
        **{("Decisions", f"{column}{last + 1}"): f"=SUM({column}2:{column}{last})" for column in "DFGH"},
        ("Spend by day", f"F{2 * len(NAMES) + 2}"): f"=SUM(F2:F{2 * len(NAMES) + 1})",
    }
    assert all(sheet.freeze_panes == "B2" for sheet in book if sheet.title != "Summary")
    values = openpyxl.load_workbook(io.BytesIO(files["xlsx"]), data_only=True)["Decisions"]
    for column in "DFGH":
        cells = [values[f"{column}{row}"].value for row in range(2, last + 1)]
        total = values[f"{column}{last + 1}"].value
        assert sum(cell for cell in cells if isinstance(cell, (int, float))) == pytest.approx(
            total, rel=1e-14
        )


@pytest.mark.parametrize("name", ["csv", "focus"])
def test_no_text_cell_is_a_formula(name: str, files: Mapping[str, bytes]) -> None:
    for row in rows(files[name]):
        for column, cell in row.items():
            if not re.fullmatch(r"-?\d+(\.\d+)?", cell):
                assert not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (column, cell)


class Outside(HTMLParser):
    """Collects what a page could load, run or send."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.references: list[str] = []
        self.handlers: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            if name in {"src", "href", "srcset", "action", "data", "poster", "xlink:href"}:
                self.references.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)


def test_the_html_asks_for_nothing(files: Mapping[str, bytes]) -> None:
    page = Outside()
    page.feed(files["html"].decode())
    assert not page.tags & {"script", "link", "img", "iframe", "object", "embed", "form", "base", "b"}
    assert all(reference.startswith("#section-") for reference in page.references)
    assert page.references
    assert page.handlers == []
    assert "default-src 'none'" in files["html"].decode()
    style = files["html"].decode().partition("<style>")[2].partition("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_the_pdf_can_be_searched_and_shows_what_it_cannot_draw(files: Mapping[str, bytes]) -> None:
    text = pdf_text(files["pdf"])
    assert "LLM triage report" in text
    assert "=cmd|' /C calc'!A0" in text
    assert re.search(r"triage ▯ \[\d+\] émoji", text)
    code_points = " ".join(f"U+{ord(letter):04X}" for letter in "日本語の要約")
    assert code_points in " ".join(text.split())
    assert "OpenAI Batch API" in text
    pages = PdfReader(io.BytesIO(files["pdf"])).pages
    assert f"1 / {len(pages)}" in pages[0].extract_text()


def test_the_published_schema_is_this_one_and_every_report_obeys_it(
    files: Mapping[str, bytes], large: Analysis
) -> None:
    assert (ROOT / "docs" / "guide" / "report.schema.json").read_text(encoding="utf-8") == schema_text()
    validator = import_module("jsonschema").Draft202012Validator(schema())
    for text in (files["json"], json_text(large)):
        validator.validate(json.loads(text))
    broken = json.loads(files["json"])
    broken["totals"]["billed_usd"] = 9.0
    assert not validator.is_valid(broken)


def test_five_hundred_workloads_fit(large: Analysis) -> None:
    page = html(large)
    assert len(page) < MAX_BYTES
    # 486 plain workloads after the 14 hostile ones, each in the table of decisions.
    assert page.decode().count("<tr><td>workload-") == 486
    assert "Total" in page.decode()


def test_html_that_would_be_too_large_sheds_evidence_and_says_so(
    large: Analysis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("reports.report_html.MAX_BYTES", 600_000)
    page = html(large)
    assert len(page) < 600_000
    text = page.decode()
    assert "would make this file too large" in text
    assert "workload-499" in text


def test_the_pdf_of_five_hundred_workloads_repeats_its_headers(large: Analysis) -> None:
    pages = PdfReader(io.BytesIO(FORMATS["pdf"].write(large, None))).pages
    assert all("Recommended" in page.extract_text() for page in pages[:6])
    assert any("the evidence for 350 more" in page.extract_text() for page in pages)


def test_focus_rows_say_what_is_computed_and_add_up(files: Mapping[str, bytes]) -> None:
    found = rows(files["focus"])
    assert len(found) == 2 * len(NAMES)
    assert sum((Decimal(row["EffectiveCost"]) for row in found if row["EffectiveCost"]), Decimal(0)) == SPEND
    assert {row["BilledCost"] for row in found} == {""}
    assert {row["x_CostBasis"] for row in found} == {"computed from usage"}
    first = found[0]
    assert (first["ChargePeriodStart"], first["ChargePeriodEnd"]) == (
        "2026-11-02T00:00:00Z",
        "2026-11-03T00:00:00Z",
    )
    assert (first["BillingPeriodStart"], first["BillingPeriodEnd"]) == (
        "2026-11-01T00:00:00Z",
        "2026-12-01T00:00:00Z",
    )
    assert (first["ProviderName"], first["ServiceName"], first["SkuId"]) == (
        "OpenAI",
        "OpenAI API",
        "openai/standard",
    )
    assert json.loads(first["Tags"])["workload"] == NAMES[0]
    assert (first["ConsumedQuantity"], first["ConsumedUnit"]) == ("500", "Requests")


def test_a_report_compares_with_itself_in_every_format_that_can(small: Analysis) -> None:
    same = compare(read_earlier(json_text(small)), small, small)
    assert same.changes == ()
    for known in FORMATS.values():
        if known.compares and known.text:
            assert b"Since the report of 2026" in known.write(small, same).replace(b"\\", b"")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("a.pdf", "pdf"), ("A.HTML", "html"), ("x.focus.csv", "focus"), ("x.csv", "csv"), ("x", "md")],
)
def test_a_files_name_says_its_format(name: str, expected: str) -> None:
    assert format_of(name) == expected


def without_results(workbook: bytes) -> bytes:
    """The workbook without the kept results of its formulas, so that only who computes has the totals."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as source, zipfile.ZipFile(out, "w") as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename.startswith("xl/worksheets/"):
                content = re.sub(rb"(</f>)<v>[^<]*</v>", rb"\1", content)
            target.writestr(item, content)
    return out.getvalue()


def test_libreoffice_opens_the_workbook_and_computes_the_totals_of_the_json(
    files: Mapping[str, bytes], tmp_path: Path
) -> None:
    office = shutil.which("soffice") or shutil.which("libreoffice")
    if office is None and os.environ.get("CI") != "true":
        pytest.skip("NO LIBREOFFICE: nobody opened the workbook in a spreadsheet program")
    assert office is not None, "CI may not skip: install libreoffice-calc"
    source = tmp_path / "report.xlsx"
    source.write_bytes(without_results(files["xlsx"]))
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    command = [office, "--headless", profile, "--convert-to", "xlsx:Calc MS Excel 2007 XML"]
    command += ["--outdir", str(tmp_path / "out"), str(source)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    again = openpyxl.load_workbook(tmp_path / "out" / "report.xlsx", data_only=True)
    totals = json.loads(files["json"])["totals"]
    saving = totals["saving_per_year_usd"]
    expected = {
        ("Decisions", f"D{len(NAMES) + 2}"): totals["current_per_year_usd"],
        ("Decisions", f"F{len(NAMES) + 2}"): saving["low"],
        ("Decisions", f"G{len(NAMES) + 2}"): saving["base"],
        ("Decisions", f"H{len(NAMES) + 2}"): saving["high"],
        ("Spend by day", f"F{2 * len(NAMES) + 2}"): totals["billed_usd"],
    }
    cent = Decimal("0.01")
    computed = {place: Decimal(str(again[place[0]][place[1]].value)).quantize(cent) for place in expected}
    assert computed == {place: Decimal(amount).quantize(cent) for place, amount in expected.items()}
    assert again.sheetnames == openpyxl.load_workbook(io.BytesIO(files["xlsx"])).sheetnames
    assert again["Decisions"]["A2"].value == NAMES[0]
