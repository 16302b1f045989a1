"""Cells that people typed or uploaded: read into a value, or refused in a sentence."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from pricing.model import is_whole_hour


class BadCellError(Exception):
    """A cell that cannot be read; its text is the sentence shown."""


def is_blank(cell: Any) -> bool:
    """Whether a cell holds nothing, in the spellings of spreadsheets and data frames."""
    return cell is None or str(cell).strip().lower() in ("", "nan", "nat", "<na>")


def name(cell: Any) -> str:
    """A provider or model id, lower case."""
    found = str(cell).strip().lower()
    if any(character.isspace() for character in found):
        raise BadCellError(f"{found!r} contains a space; give the id as it appears in the log.")
    return found


def one_of(allowed: Sequence[str]) -> Callable[[Any], str]:
    """A reader of one of a few words, in any case."""

    def read(cell: Any) -> str:
        found = str(cell).strip().lower()
        if found not in allowed:
            raise BadCellError(f"{found!r} is not known here; use one of: {', '.join(allowed)}.")
        return found

    return read


def hour(cell: Any) -> datetime:
    """An instant at which a price may change: UTC without a zone, on a whole hour."""
    if isinstance(cell, datetime):
        at = cell
    else:
        try:
            at = datetime.fromisoformat(str(cell).strip())
        except ValueError:
            raise BadCellError(
                f"{str(cell).strip()!r} is not a date; write 2026-12-01 or 2026-12-01T16:00 (UTC)."
            ) from None
    if at.tzinfo is not None:
        raise BadCellError("Give the time in UTC, without a zone.")
    if not is_whole_hour(at):
        raise BadCellError("A price changes on a whole hour.")
    return at
