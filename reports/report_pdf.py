"""The report document as a PDF: text that can be searched, tables that break over pages, charts as lines.

Made in Python alone, with DejaVu Sans from `assets/`. A letter that the font lacks is drawn as ▯, and
the text gets a number that leads to a list of code points at the end, so that nothing is lost unseen.
"""

import io
import unicodedata
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from fpdf import FPDF
from fpdf.enums import Align, XPos, YPos
from fpdf.fonts import TTFFont

from reports.model import Analysis
from reports.palette import LIGHT
from reports.report_charts import SIZE, WIDTH, Rectangle, Stroke, Words, colour_of, draw
from reports.report_document import (
    NUMBERS,
    Block,
    Bullets,
    Chart,
    Code,
    Document,
    Line,
    Paragraph,
    Section,
    Table,
    table_texts,
)
from reports.report_pdf_text import Measure
from reports.report_sections import document

_ASSETS: Final = Path(__file__).parent / "assets"
_SANS: Final = "DejaVu"
_MONO: Final = "DejaVuMono"
_MARGIN: Final = 36.0
_TEXT: Final = 9.0
_LEADING: Final = 1.45
_MISSING: Final = "▯"
_FEW_COLUMNS: Final = 8
_PADDING: Final = 3.0
_WORD: Final = 16
"""Words of a table up to this many letters are never broken."""
_FEWEST_LINES: Final = 3
"""A row is not begun at the foot of a page with fewer lines than this."""
_MAX_WORKLOADS: Final = 150
"""Evidence beyond this would make a file of hundreds of pages that nobody turns."""


def pdf(analysis: Analysis, *, before: Iterable[Section] = ()) -> bytes:
    """The report as a PDF on A4, landscape."""
    many = len(analysis.workloads) > _MAX_WORKLOADS
    return render(document(analysis, before=before, evidence=_MAX_WORKLOADS if many else None))


def render(report: Document) -> bytes:
    """A document as a PDF."""
    paper = _Paper(report)
    for section in report.sections:
        paper.section(section)
    paper.unreadable()
    out = io.BytesIO()
    paper.output(out)
    return out.getvalue()


def _rgb(role: str) -> tuple[int, int, int]:
    text = colour_of(role, LIGHT)
    return int(text[1:3], 16), int(text[3:5], 16), int(text[5:7], 16)


def _letters(font: object) -> frozenset[int]:
    return frozenset(font.cmap) if isinstance(font, TTFFont) else frozenset()


class _Grid:
    """The columns of one table on paper: widths and leading in points."""

    def __init__(self, table: Table, room: float, size: float, needed: Sequence[float]) -> None:
        self.size = size
        self.leading = size * 1.35
        self.titles = [column.title for column in table.columns]
        self.numbers = [column.kind in NUMBERS for column in table.columns]
        total = sum(column.width for column in table.columns)
        shares = [column.width * room / total for column in table.columns]
        # Amounts and the words of a header are never broken; what is left goes by the columns' shares.
        spare = max(0.0, room - sum(needed))
        wishes = [max(0.0, share - need) for share, need in zip(shares, needed, strict=True)]
        wanted = sum(wishes) or 1.0
        self.widths = [need + spare * wish / wanted for need, wish in zip(needed, wishes, strict=True)]


class _Paper(FPDF):
    """One document on paper."""

    def __init__(self, report: Document) -> None:
        super().__init__(orientation="landscape", unit="pt", format="A4")
        self._foot = f"{report.title}. {report.subtitle}"
        self._numbers: dict[str, int] = {}
        self._measures: dict[tuple[str, str, float], Measure] = {}
        self.add_font(_SANS, "", _ASSETS / "DejaVuSans.ttf")
        self.add_font(_SANS, "B", _ASSETS / "DejaVuSans-Bold.ttf")
        self.add_font(_MONO, "", _ASSETS / "DejaVuSansMono.ttf")
        self._known = _letters(self.fonts[_SANS.lower()]) & _letters(self.fonts[f"{_SANS.lower()}B"])
        self.c_margin = 0
        self.set_margins(_MARGIN, _MARGIN, _MARGIN)
        self.set_auto_page_break(auto=True, margin=_MARGIN + 14)
        self.set_title(report.title)
        self.set_subject(report.subtitle)
        self.set_creator("Lanewise")
        self.set_lang("en")
        self.add_page()
        self._write(report.title, size=20, style="B")
        self._write(report.subtitle, colour="muted")

    def footer(self) -> None:
        """The report's name and the page's number."""
        self.set_y(-_MARGIN)
        self.set_font(_SANS, size=7.5)
        self.set_text_color(*_rgb("muted"))
        self.cell(self.epw / 2, 10, self._foot)
        self.cell(0, 10, f"{self.page_no()} / {{nb}}", align=Align.R)

    def section(self, section: Section) -> None:
        """A heading, never alone at the foot of a page, and what stands below it."""
        self.ln(10 if section.level == 2 else 6)
        if self.will_page_break(90):
            self.add_page()
        title = self._readable(section.title)
        self.set_font(_SANS, "B", 14 if section.level == 2 else 10.5)
        self.set_text_color(*_rgb("ink"))
        self.start_section(title, level=section.level - 2)
        self.multi_cell(
            0, self.font_size * _LEADING, title, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align=Align.L
        )
        for block in section.blocks:
            self._block(block)
            self.ln(5)

    def unreadable(self) -> None:
        """Texts with letters that the font lacks, by their numbers, as code points."""
        if not self._numbers:
            return
        rows = "\n".join(
            f"[{number}] " + " ".join(f"U+{ord(letter):04X}" for letter in text)
            for text, number in self._numbers.items()
        )
        self.section(Section("Letters that this file cannot draw", ()))
        self._write(
            "Shown as ▯ above, with a number. The other formats of this report carry them as they are; "
            "here they are by code point."
        )
        self._write(rows, size=7)

    def _block(self, block: Block) -> None:
        if isinstance(block, Paragraph):
            self._line(block.text)
        elif isinstance(block, Bullets):
            for number, item in enumerate(block.items, start=1):
                self._item(f"{number}." if block.numbered else "•", item)
        elif isinstance(block, Code):
            self._code(block)
        elif isinstance(block, Table):
            self._table(block)
        else:
            self._chart(block)

    def _write(self, text: str, *, size: float = _TEXT, style: str = "", colour: str = "ink") -> None:
        self.set_font(_SANS, style, size)
        self.set_text_color(*_rgb(colour))
        self.multi_cell(0, size * _LEADING, text, new_x=XPos.LMARGIN, new_y=YPos.NEXT, align=Align.L)

    def _line(self, parts: Line) -> None:
        """A line of spans, wrapped between the margins."""
        leading = _TEXT * _LEADING
        room = self.w - self.l_margin - self.r_margin
        used = 0.0
        self._keep(leading)
        for part in parts:
            family, style = _MONO if part.style == "code" else _SANS, "B" if part.style == "strong" else ""
            measure = self._measure(family, style, _TEXT)
            lines = measure.wrap(self._readable(part.text), room, room - used)
            for number, text in enumerate(lines):
                if number:
                    used = 0.0
                    self.set_y(self.get_y() + leading)
                    self._keep(leading)
                if text:
                    self.set_font(family, style, _TEXT)
                    self.set_text_color(*_rgb("ink"))
                    self.text(self.l_margin + used, self.get_y() + 0.78 * leading, text)
                used += measure.width(text)
        self.set_y(self.get_y() + leading)

    def _keep(self, height: float) -> None:
        """A new page where what comes would not fit on this one."""
        if self.get_y() + height > self.page_break_trigger:
            self.add_page()

    def _item(self, mark: str, item: Line) -> None:
        self._keep(_TEXT * _LEADING)
        self.set_font(_SANS, "", _TEXT)
        self.set_text_color(*_rgb("muted"))
        self.text(_MARGIN, self.get_y() + 0.78 * _TEXT * _LEADING, mark)
        self.set_left_margin(_MARGIN + 16)
        self._line(item)
        self.set_left_margin(_MARGIN)

    def _code(self, block: Code) -> None:
        self.set_font(_MONO, "", 7.5)
        self.set_text_color(*_rgb("ink"))
        self.set_fill_color(*_rgb("surface"))
        self.multi_cell(
            0, 7.5 * 1.4, self._readable(block.text.rstrip()), fill=True, padding=4, align=Align.L,
            new_x=XPos.LMARGIN, new_y=YPos.NEXT,
        )  # fmt: skip

    def _table(self, table: Table) -> None:
        size = 6.2 if len(table.columns) > _FEW_COLUMNS else 7.5
        rows = [[self._readable(text) for text in cells] for cells in table_texts(table)]
        bold = self._measure(_SANS, "B", size)
        needed = []
        for index, column in enumerate(table.columns):
            whole = column.kind in NUMBERS or column.kind == "date"
            texts = [row[index] for row in rows]
            words = texts if whole else [word for text in texts for word in text.split()]
            kept = [*column.title.split(), *(word for word in words if whole or len(word) <= _WORD)]
            needed.append(max(map(bold.width, kept)) + 2 * _PADDING + 1)
        grid = _Grid(table, self.epw, size, needed)
        self._row(grid, [column.title for column in table.columns], head=True)
        for number, cells in enumerate(rows):
            self._row(grid, cells, bold=table.total is not None and number == len(rows) - 1)

    def _row(self, grid: "_Grid", cells: Sequence[str], *, head: bool = False, bold: bool = False) -> None:
        """One row; what does not fit on a page goes on below the header of the next one."""
        style = "B" if head or bold else ""
        measure = self._measure(_SANS, style, grid.size)
        wrapped = [
            measure.wrap(text, width - 2 * _PADDING) if text else []
            for text, width in zip(cells, grid.widths, strict=True)
        ]
        while True:
            lines = max(1, *map(len, wrapped))
            room = int((self.page_break_trigger - self.get_y() - 2 * _PADDING) / grid.leading)
            if room < min(lines, _FEWEST_LINES) or (head and room < lines + _FEWEST_LINES):
                self.add_page()
                if not head:
                    self._row(grid, grid.titles, head=True)
                continue
            self._cells(grid, [cell[:room] for cell in wrapped], min(lines, room), style, head=head)
            wrapped = [cell[room:] for cell in wrapped]
            if not any(wrapped):
                return

    def _cells(
        self, grid: "_Grid", cells: Sequence[Sequence[str]], lines: int, style: str, *, head: bool
    ) -> None:
        top, x = self.get_y(), self.l_margin
        height = lines * grid.leading + 2 * _PADDING
        if head:
            self.set_fill_color(*_rgb("surface"))
            self.rect(x, top, sum(grid.widths), height, "F")
        self.set_draw_color(*_rgb("line"))
        self.set_line_width(0.5)
        self.line(x, top + height, x + sum(grid.widths), top + height)
        measure = self._measure(_SANS, style, grid.size)
        self.set_font(_SANS, style, grid.size)
        self.set_text_color(*_rgb("ink"))
        for texts, width, number in zip(cells, grid.widths, grid.numbers, strict=True):
            for row, text in enumerate(texts):
                start = x + width - _PADDING - measure.width(text) if number else x + _PADDING
                if text:
                    self.text(start, top + _PADDING + (row + 0.78) * grid.leading, text)
            x += width
        self.set_y(top + height)

    def _measure(self, family: str, style: str, size: float) -> Measure:
        """Widths of a font; it becomes the current one only while a letter is new."""
        key = (family, style, size)
        if key not in self._measures:

            def width_of(letter: str) -> float:
                self.set_font(family, style, size)
                return float(self.get_string_width(letter))

            self._measures[key] = Measure(width_of)
        return self._measures[key]

    def _chart(self, chart: Chart) -> None:
        drawing = draw(chart)
        scale = min(1.0, self.epw / WIDTH)
        if self.will_page_break(drawing.height * scale + 24):
            self.add_page()
        self._write(chart.caption, size=8, colour="muted")
        left, top = self.l_margin, self.get_y() + 4
        for shape in drawing.shapes:
            if isinstance(shape, Rectangle):
                self.set_fill_color(*_rgb(shape.colour))
                self.rect(
                    left + shape.x * scale,
                    top + shape.y * scale,
                    shape.width * scale,
                    shape.height * scale,
                    "F",
                )
            elif isinstance(shape, Stroke):
                self.set_draw_color(*_rgb(shape.colour))
                self.set_line_width(shape.width * 0.75)
                self.line(
                    left + shape.x1 * scale,
                    top + shape.y1 * scale,
                    left + shape.x2 * scale,
                    top + shape.y2 * scale,
                )
            else:
                self._words(shape, left, top, scale)
        self.set_y(top + drawing.height * scale)

    def _words(self, words: Words, left: float, top: float, scale: float) -> None:
        self.set_font(_SANS, "", SIZE * 0.85)
        self.set_text_color(*_rgb(words.colour))
        text = self._readable(words.text)
        width = self.get_string_width(text)
        shift = {"start": 0.0, "middle": width / 2, "end": width}[words.anchor]
        self.text(left + words.x * scale - shift, top + words.y * scale, text)

    def _readable(self, text: str) -> str:
        """Text in letters the font has; a run of others is ▯ for each, numbered for the list at the end.

        Letters of scripts that run from right to left count as missing: unshaped they would be wrong.
        """
        composed = unicodedata.normalize("NFC", text).replace("\t", " ").replace("\r", " ")
        if composed.isascii() and composed.isprintable():
            return composed
        shown, run = "", ""
        for letter in f"{composed}\n":
            if letter == "\n" or (
                ord(letter) in self._known and unicodedata.bidirectional(letter) not in _RIGHT_TO_LEFT
            ):
                if run and letter == " ":
                    run += letter
                    continue
                shown, run = shown + self._missing(run) + letter, ""
            else:
                run += letter
        return shown[:-1]

    def _missing(self, run: str) -> str:
        """What stands for letters that cannot be drawn; spaces at their end are kept as they are."""
        if not run:
            return ""
        name = run.rstrip(" ")
        number = self._numbers.setdefault(name, len(self._numbers) + 1)
        marks = "".join(
            " " if letter == " " else "" if unicodedata.category(letter) in _INVISIBLE else _MISSING
            for letter in name
        )
        return f"{marks} [{number}]{' ' * (len(run) - len(name))}"


_RIGHT_TO_LEFT: Final = frozenset({"R", "AL", "RLE", "RLO", "RLI"})
_INVISIBLE: Final = frozenset({"Cf", "Mn", "Me", "Cc", "Cs"})
