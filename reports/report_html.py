"""The report document as one HTML file that asks for nothing: no script, no font, no image, no request.

A file above the limit sheds the evidence of the cheapest workloads and says so; totals stay whole.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from reports.model import Analysis
from reports.palette import DARK, LIGHT, Palette
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
from reports.report_sections import document

MAX_BYTES: Final = 2_000_000
_ASSETS: Final = Path(__file__).parent / "assets"
_ROLES: Final = (
    "background", "surface", "ink", "muted", "line", "saving",
    "label-interactive", "label-semi_interactive", "label-batch", "label-unknown",
)  # fmt: skip


def html(analysis: Analysis, *, before: Iterable[Section] = ()) -> bytes:
    """The report as an HTML file of less than `MAX_BYTES`."""
    extra = tuple(before)
    shown: int | None = None
    while True:
        page = render(document(analysis, before=extra, evidence=shown)).encode()
        if len(page) < MAX_BYTES or shown == 0:
            return page
        whole = len(analysis.workloads) if shown is None else shown
        shown = min(whole - 1, whole * MAX_BYTES * 9 // (len(page) * 10))


def render(report: Document) -> str:
    """A document as an HTML page."""
    environment = Environment(
        loader=FileSystemLoader(_ASSETS),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
    )
    sections = [
        {
            "id": f"section-{number}",
            "level": section.level,
            "title": section.title,
            "blocks": [_block(block) for block in section.blocks],
        }
        for number, section in enumerate(report.sections)
    ]
    return environment.get_template("report.html.j2").render(document=report, sections=sections, css=_css())


def _css() -> Markup:
    """The stylesheet and the palette's colours in both appearances; paper is always light."""
    sheet = (_ASSETS / "report.css").read_text(encoding="utf-8")
    light, dark = _colours(LIGHT), _colours(DARK)
    return Markup(  # noqa: S704 - files and constants of our own
        f"{sheet}:root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}"
    )


def _colours(palette: Palette) -> str:
    return "".join(f"--{role}:{colour_of(role, palette)};" for role in _ROLES)


def _block(block: Block) -> Markup:
    if isinstance(block, Paragraph):
        return Markup('<p dir="auto">{}</p>').format(_line(block.text))
    if isinstance(block, Bullets):
        listed = Markup("<ol>{}</ol>") if block.numbered else Markup("<ul>{}</ul>")
        items = Markup("").join(Markup('<li dir="auto">{}</li>').format(_line(item)) for item in block.items)
        return listed.format(items)
    if isinstance(block, Code):
        return Markup("<pre><code>{}</code></pre>").format(block.text.rstrip())
    return _table(block) if isinstance(block, Table) else _chart(block)


def _line(parts: Line) -> Markup:
    tags = {"strong": Markup("<strong>{}</strong>"), "code": Markup("<code>{}</code>"), "plain": Markup("{}")}
    return Markup("").join(tags[part.style].format(part.text) for part in parts)


def _table(table: Table) -> Markup:
    """Closing tags of cells and rows are left out, as HTML allows: they are a third of a large report."""
    rows = table_texts(table)
    head = Markup("").join(
        Markup('<th scope="col"{}>{}').format(
            Markup(' class="r"') if column.kind in NUMBERS else "", column.title
        )
        for column in table.columns
    )
    total = Markup("")
    if table.total is not None:
        total = Markup("<tfoot><tr>{}</tfoot>").format(_cells(rows.pop(), table))
    body = Markup("\n").join(Markup("<tr>{}").format(_cells(row, table)) for row in rows)
    return Markup('<div class="wide"><table><thead><tr>{}</thead><tbody>\n{}</tbody>{}</table></div>').format(
        head, body, total
    )


def _cells(row: list[str], table: Table) -> Markup:
    return Markup("").join(
        _cell(text).format(text)
        if column.kind == "text"
        else _NUMBER.format(text)
        if column.kind in NUMBERS
        else _SHORT.format(text)
        for column, text in zip(table.columns, row, strict=True)
    )


_PLAIN: Final = Markup("<td>{}")
_NUMBER: Final = Markup('<td class="r">{}')
_SHORT: Final = Markup('<td class="s">{}')
_LONG_WORD: Final = 24
_SHORT_TEXT: Final = 18
_SENTENCE: Final = 30


def _cell(text: str) -> Markup:
    """A cell of text: broken within words only where one would not fit, right to left where it is."""
    if len(text) <= _SHORT_TEXT and " " in text and text.isascii():
        return _SHORT
    long = any(len(word) > _LONG_WORD for word in text.split())
    if text.isascii():
        if long:
            return Markup('<td class="w">{}')
        return Markup('<td class="t">{}') if len(text) > _SENTENCE else _PLAIN
    return Markup('<td class="w" dir="auto">{}') if long else Markup('<td dir="auto">{}')


def _chart(chart: Chart) -> Markup:
    drawing = draw(chart)
    shapes = Markup("").join(_shape(shape) for shape in drawing.shapes)
    return Markup(
        "<figure><figcaption>{caption}</figcaption>"
        '<svg viewBox="0 0 {width} {height}" role="img" aria-label="{caption}">{shapes}</svg></figure>'
    ).format(caption=chart.caption, width=f"{WIDTH:g}", height=f"{drawing.height:g}", shapes=shapes)


def _shape(shape: Rectangle | Stroke | Words) -> Markup:
    colour = escape(shape.colour)
    if isinstance(shape, Words):
        return Markup(
            '<text x="{}" y="{}" text-anchor="{}" font-size="{}" fill="var(--{})">{}</text>'
        ).format(f"{shape.x:.1f}", f"{shape.y:.1f}", shape.anchor, f"{SIZE:g}", colour, shape.text)
    if isinstance(shape, Stroke):
        return Markup('<path d="M{} {}L{} {}" stroke="var(--{})" stroke-width="{}"/>').format(
            *(f"{number:.1f}" for number in (shape.x1, shape.y1, shape.x2, shape.y2)),
            colour,
            f"{shape.width:g}",
        )
    return Markup(
        '<rect x="{}" y="{}" width="{}" height="{}" fill="var(--{})"><title>{}</title></rect>'
    ).format(
        *(f"{number:.1f}" for number in (shape.x, shape.y, shape.width, shape.height)), colour, shape.title
    )
