"""The report document as Markdown."""

from collections.abc import Iterable, Sequence
from typing import Final

from reports.report_document import (
    NUMBERS,
    Block,
    Bullets,
    Code,
    Document,
    Line,
    Paragraph,
    Section,
    Span,
    Table,
    table_texts,
)

_MEANING: Final = ("\\", "|", "`", "*", "_", "<", ">", "[", "]", "#")


def render(document: Document) -> str:
    """The document as GitHub-flavoured Markdown; charts are left out, their tables stand beside them."""
    parts = [f"# {_escape(document.title)}", *(_section(section) for section in document.sections)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _section(section: Section) -> str:
    heading = f"{'#' * section.level} {_escape(section.title)}"
    return "\n\n".join(filter(None, (heading, render_blocks(section.blocks))))


def render_blocks(blocks: Iterable[Block]) -> str:
    """Blocks without a heading, an empty line between them."""
    return "\n\n".join(text for block in blocks if (text := _block(block)))


def _block(block: Block) -> str:
    if isinstance(block, Paragraph):
        return _line(block.text)
    if isinstance(block, Bullets):
        return "\n".join(
            f"{number}. {_line(item)}" if block.numbered else f"- {_line(item)}"
            for number, item in enumerate(block.items, start=1)
        )
    if isinstance(block, Code):
        return f"```{block.language}\n{block.text.rstrip()}\n```"
    return _table(block) if isinstance(block, Table) else ""


def _line(parts: Line) -> str:
    return "".join(_span(part) for part in parts)


def _span(span: Span) -> str:
    if span.style == "code":
        return f"`{span.text.replace('`', chr(39))}`"
    text = escape_inline(span.text)
    return f"**{text}**" if span.style == "strong" and text else text


def _table(table: Table) -> str:
    rows = table_texts(table)
    right = [column.kind in NUMBERS for column in table.columns]
    lines = [
        _row([column.title for column in table.columns]),
        "|" + "|".join("---:" if number else "---" for number in right) + "|",
        *(_row(map(_escape, row)) for row in (rows[:-1] if table.total is not None else rows)),
    ]
    if table.total is not None:
        lines.append(_row(f"**{_escape(cell)}**" if cell == "Total" else _escape(cell) for cell in rows[-1]))
    return "\n".join(lines)


def _row(cells: Iterable[str] | Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _escape(text: str) -> str:
    return escape_inline(" ".join(text.split()))


def escape_inline(text: str) -> str:
    """Text on one line in which no sign means anything to Markdown."""
    for sign in ("\r", "\n", "\t"):
        text = text.replace(sign, " ")
    for sign in _MEANING:
        text = text.replace(sign, f"\\{sign}")
    return text
