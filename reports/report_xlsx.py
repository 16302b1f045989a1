"""The triage report as a workbook: typed cells, one sheet a section, totals as formulas.

Text is written as text whatever it begins with: no formula, no link. A formula carries its exact
result, so that a reader which does not compute shows it too. Amounts are dollars as numbers, which
hold 15 digits; the JSON report has every digit.
"""

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from reports import migration, report_part
from reports import report_tables as tables
from reports.format import dollars
from reports.model import Analysis
from reports.report_compare import Comparison
from reports.report_compared import compared_table
from reports.report_document import NUMBERS, Cell, Column, Kind, Table, cell_text, line_text
from reports.report_sections import TITLE, coverage_line, method_text, summary_lines
from reports.spreadsheets import FORMULA_START

_MONEY: Final = '"$"#,##0.00;[Red]-"$"#,##0.00'
_SMALL: Final = '"$"0.00##########;[Red]-"$"0.00##########'
_FORMATS: Final[dict[Kind, str]] = {
    "money": _MONEY,
    "rate": '"$"0.00####',
    "count": "#,##0",
    "percent": "0.0%",
    "date": "yyyy-mm-dd",
}
_CELL_LENGTH: Final = 32_000
"""Excel refuses more than 32,767 characters in a cell."""

_MOVES: Final = (
    Column("Provider", width=12),
    Column("Lane", "lane", width=18),
    Column("Workloads", width=40),
    Column("Models", width=30),
    Column("Saving low", "money", width=16),
    Column("Saving base", "money", width=16),
    Column("Saving high", "money", width=16),
    Column("Effort", width=10),
    Column("What to do", width=90),
)


def workbook(analysis: Analysis, comparison: Comparison | None = None) -> bytes:
    """The report as an XLSX file."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        },
    )
    book.set_properties({"title": TITLE, "created": analysis.as_of})
    writer = _Sheets(book)
    writer.summary(analysis)
    for name, table in sheets(analysis, comparison):
        writer.table(name, table)
    book.close()
    return out.getvalue()


def sheets(analysis: Analysis, comparison: Comparison | None = None) -> list[tuple[str, Table]]:
    """Name and rows of every sheet after the summary, empty ones left out."""
    found = [
        ("Decisions", tables.decisions(analysis)),
        *([("Compared", compared_table(comparison))] if comparison is not None else []),
        ("Questions", tables.questions(analysis)),
        ("Evidence", tables.evidence(analysis)),
        ("Lanes", tables.lanes_of_all(analysis)),
        ("Spend by day", tables.days(analysis)),
        ("Assumptions", tables.assumptions(analysis)),
        ("No price", tables.unpriced(analysis)),
        ("Not counted", tables.not_counted(analysis)),
        ("Prices used", tables.prices(analysis)),
        ("Discounts", tables.discounts(analysis)),
        ("Migration", _moves(analysis)),
    ]
    return [(name, table) for name, table in found if table.rows]


def _moves(analysis: Analysis) -> Table:
    return Table(
        _MOVES,
        tuple(
            (
                note.provider,
                note.lane,
                ", ".join(note.workloads),
                ", ".join(note.models),
                note.saving_per_year.low,
                note.saving_per_year.base,
                note.saving_per_year.high,
                migration.EFFORT_TITLES[note.recipe.effort],
                f"{note.recipe.title}. "
                + " ".join(f"{number}. {step}" for number, step in enumerate(note.recipe.steps, start=1)),
            )
            for note in migration.notes(analysis)
        ),
    )


def _of_the_whole(analysis: Analysis) -> list[tuple[str, Kind, Cell]]:
    """The whole's figures, in a report on a part of the workloads."""
    mark = analysis.narrowed
    if mark is None:
        return []
    return [
        ("Spend in the log, all workloads", "money", mark.whole_billed_micro_usd),
        ("Calls in the log, all workloads", "count", mark.whole_n_requests),
    ]


class _Sheets:
    """Writes sheets of one workbook; a format is made once for each look."""

    def __init__(self, book: Any) -> None:
        self._book = book
        self._formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def _format(self, **look: Any) -> Any:
        key = tuple(sorted({"valign": "top", **look}.items()))
        if key not in self._formats:
            self._formats[key] = self._book.add_format(dict(key))
        return self._formats[key]

    def _text(self, sheet: Any, row: int, column: int, text: str, **look: Any) -> None:
        if text.startswith(FORMULA_START):
            look["quote_prefix"] = True  # stays text when somebody edits the cell
        sheet.write_string(row, column, text[:_CELL_LENGTH], self._format(**look))

    def summary(self, analysis: Analysis) -> None:
        """What the report is about, in figures and words."""
        sheet = self._book.add_worksheet("Summary")
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 1, 90)
        self._text(sheet, 0, 0, TITLE, bold=True, font_size=16)
        totals = analysis.totals
        saved = totals.saving_per_year
        facts: list[tuple[str, Kind, Cell]] = [
            ("Covers", "text", report_part.covers(analysis)),
            *_of_the_whole(analysis),
            ("Spend in the log", "money", totals.billed_micro_usd),
            ("Calls in the log", "count", totals.n_requests),
            ("Cost a year at today's volume", "money", totals.current_per_year_micro_usd),
            ("Saving a year, low", "money", saved.low),
            ("Saving a year, base", "money", saved.base),
            ("Saving a year, high", "money", saved.high),
            ("Up to, if unknown workloads can wait", "money", totals.potential_per_year.base),
            ("Analysis date", "date", analysis.as_of.date()),
            ("Price table", "text", analysis.price_version),
            ("Policy", "text", f"{analysis.policy_title} ({analysis.policy_version})"),
        ]
        row = 2
        for name, kind, value in facts:
            self._text(sheet, row, 0, name, bold=True)
            self._cell(sheet, row, 1, Column(name, kind), value, align="left")
            row += 1
        row += 1
        words = [*map(line_text, summary_lines(analysis)), coverage_line(analysis), method_text()]
        for text in filter(None, words):
            sheet.merge_range(row, 0, row, 1, "", self._format(text_wrap=True))
            self._text(sheet, row, 0, text, text_wrap=True)
            sheet.set_row(row, 16 * (1 + len(text) // 115))
            row += 1

    def table(self, name: str, table: Table) -> None:
        """One table with a frozen header, a filter and, where it has one, a row of totals."""
        sheet = self._book.add_worksheet(name)
        for index, column in enumerate(table.columns):
            sheet.set_column(index, index, min(60, column.width * 1.25 + 2))
            align = "right" if column.kind in NUMBERS else "left"
            self._text(
                sheet,
                0,
                index,
                column.title,
                bold=True,
                bottom=1,
                bg_color="#F3F5F8",
                align=align,
                text_wrap=True,
            )
        sheet.freeze_panes(1, 1)
        sheet.repeat_rows(0)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.autofilter(0, 0, len(table.rows), len(table.columns) - 1)
        for number, cells in enumerate(table.rows, start=1):
            for index, (column, value) in enumerate(zip(table.columns, cells, strict=True)):
                self._cell(sheet, number, index, column, value)
        if table.total is not None:
            self._totals(sheet, table, table.total)

    def _totals(self, sheet: Any, table: Table, total: tuple[Cell, ...]) -> None:
        last = len(table.rows)
        for index, (column, value) in enumerate(zip(table.columns, total, strict=True)):
            if index in table.sums and isinstance(value, Decimal):
                cells = f"{xl_rowcol_to_cell(1, index)}:{xl_rowcol_to_cell(last, index)}"
                look = {"bold": True, "top": 1, "num_format": _money_format(value)}
                sheet.write_formula(
                    last + 1, index, f"=SUM({cells})", self._format(**look), float(dollars(value))
                )
            else:
                self._cell(sheet, last + 1, index, column, value, bold=True, top=1)

    def _cell(self, sheet: Any, row: int, index: int, column: Column, value: Cell, **look: Any) -> None:
        number_format = _FORMATS.get(column.kind)
        if value is None or isinstance(value, str) or number_format is None:
            text = cell_text(column, value)
            unknown = value is None
            self._text(
                sheet,
                row,
                index,
                text,
                **{
                    "text_wrap": column.kind == "text",
                    **({"align": "right", "italic": True, "font_color": "#55606E"} if unknown else {}),
                    **look,
                },
            )
        elif isinstance(value, date):
            moment = datetime(value.year, value.month, value.day)
            sheet.write_datetime(
                row, index, moment, self._format(**{"num_format": number_format, "align": "left", **look})
            )
        elif column.kind == "money":
            amount = Decimal(value)
            sheet.write_number(
                row, index, float(dollars(amount)), self._format(num_format=_money_format(amount), **look)
            )
        else:
            sheet.write_number(row, index, float(value), self._format(num_format=number_format, **look))


def _money_format(micro_usd: Decimal) -> str:
    """Cents, or every digit of an amount under a cent, which would look like nothing."""
    return _SMALL if 0 < abs(dollars(micro_usd)) < Decimal("0.01") else _MONEY
