"""The Markdown report on screen: its tables are drawn as the app's own, which fit and scroll within."""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Final
from urllib.parse import urlencode

import streamlit as st

from reports.report_document import Block, Code
from reports.report_markdown import render_blocks
from ui import components as c
from ui import nav
from ui.report_short import shortened

_RULE: Final = re.compile(r"\|(?:\s*:?-+:?\s*\|)+")
_STREAMLIT: Final = re.compile(r"\$|:(?=[a-z]+(?:-[a-z]+)?\[|material/|[a-z_+-][a-z0-9_+-]*:)")
"""What only Streamlit's Markdown gives a meaning: formulas, colours, badges, icons, emoji."""

_ESCAPED: Final = re.compile(r"\\(.)")
_CELL: Final = re.compile(r"(?<!\\)\|")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_SHORT: Final = 16


@dataclass(frozen=True)
class Table:
    """One pipe table: its header, its rows and which columns (by position) are aligned right."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    right: tuple[int, ...]


def blocks(markdown: str) -> Iterator[str | Table]:
    """The report in order: stretches of text, and its pipe tables read into cells."""
    text: list[str] = []
    lines = markdown.splitlines()
    position = 0
    while position < len(lines):
        if (
            lines[position].startswith("|")
            and position + 1 < len(lines)
            and _RULE.fullmatch(lines[position + 1])
        ):
            end = position + 2
            while end < len(lines) and lines[end].startswith("|"):
                end += 1
            if any(line.strip() for line in text):
                yield "\n".join(text)
            text = []
            yield _table(lines[position:end])
            position = end
        else:
            text.append(lines[position])
            position += 1
    if any(line.strip() for line in text):
        yield "\n".join(text)


def _table(lines: list[str]) -> Table:
    rule = _cells(lines[1])
    return Table(
        header=_cells(lines[0]),
        rows=tuple(_cells(line) for line in lines[2:]),
        right=tuple(position for position, cell in enumerate(rule) if cell.endswith("-:")),
    )


def _cells(line: str) -> tuple[str, ...]:
    return tuple(cell.strip() for cell in _CELL.split(line.strip())[1:-1])


def plain(markdown: str) -> str:
    """Markdown that means to Streamlit what it means to everybody else."""
    return _STREAMLIT.sub(r"\\\g<0>", markdown)


def _unbroken(cell: str) -> str:
    """A short cell on one line, dates included; narrow columns break anything else."""
    if len(cell) > _SHORT:
        return cell
    whole = cell.replace("-", "\u2011") if _DATE.fullmatch(cell) else cell
    return whole.replace(" ", "\u00a0")


def _linked(cell: str, workloads: Collection[str]) -> str:
    """The cell; a link to the page of the workload that it names."""
    name = _ESCAPED.sub(r"\1", cell)
    if name not in workloads:
        return _unbroken(cell)
    page = PurePosixPath(nav.WORKLOADS).stem
    return f"[{_unbroken(cell)}]({page}?{urlencode({nav.WORKLOAD_PARAM: name})})"


def draw(blocks: Iterable[Block]) -> None:
    """Blocks of a report's section: code with a button to copy it, the rest as the report shows it."""
    text: list[Block] = []
    for block in blocks:
        if isinstance(block, Code):
            show(render_blocks(text))
            text = []
            st.code(block.text, language=block.language)
        else:
            text.append(block)
    show(render_blocks(text))


def show(markdown: str, workloads: Collection[str] = ()) -> None:
    """Draws the report as plain Markdown; what means more to Streamlit is escaped here and only here.

    The first column leads to those of `workloads` that it names: a wide table scrolls, and what
    scrolls has to hold something that the keyboard reaches.
    """
    heading = ""
    for block in blocks(plain(shortened(markdown))):
        if isinstance(block, str):
            st.markdown(block)
            titles = [line.lstrip("# ") for line in block.splitlines() if line.startswith("#")]
            heading = titles[-1] if titles else heading
        else:
            columns = {
                # A header may be empty or stand twice; the column's position keeps the names apart.
                f"{_unbroken(name)}{chr(0x200B) * position}": [
                    _linked(row[position], workloads if position == 0 else ()) if position < len(row) else ""
                    for row in block.rows
                ]
                for position, name in enumerate(block.header)
            }
            names = list(columns)
            c.table(
                columns, alt=heading.replace("\\", ""), right=[names[position] for position in block.right]
            )
