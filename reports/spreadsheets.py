"""Text in files that spreadsheets open: no cell of ours is a formula, whoever wrote it."""

from typing import Final

FORMULA_START: Final = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins with one of these is computed by some spreadsheet."""


def safe_cell(text: str) -> str:
    """Text that no spreadsheet takes for a formula: an apostrophe goes before a formula's first sign."""
    return f"'{text}" if text.startswith(FORMULA_START) else text
