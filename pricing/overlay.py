"""Edits of prices: a user's own dated rows, laid over the shipped table and never into it.

An edit is a new dated row. From its `valid_from` on (until its `valid_to`, if it has one) it hides
whatever the table held for the same provider, model, tier and band; before that nothing changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pricing.edit_check import EditCheck, Problem, read_edits
from pricing.model import PriceRow

if TYPE_CHECKING:
    from pricing.table import PriceTable

__all__ = ["EditCheck", "Overlay", "PriceEdit", "Problem", "check_edits", "lay_over", "read_edits"]


@dataclass(frozen=True)
class PriceEdit:
    """One row that a person set, when, and why."""

    row: PriceRow
    author: str
    at_utc: datetime
    note: str = ""


@dataclass(frozen=True)
class Overlay:
    """All edits of a workspace, oldest first; undoing one is a shorter overlay."""

    edits: tuple[PriceEdit, ...] = ()

    def with_rows(
        self, rows: Iterable[PriceRow], *, author: str, at_utc: datetime, note: str = ""
    ) -> "Overlay":
        """The overlay with further edits at its end."""
        added = tuple(
            PriceEdit(row.model_copy(update={"source_kind": "user"}), author, at_utc, note) for row in rows
        )
        return Overlay(self.edits + added)

    def to_dict(self) -> dict[str, Any]:
        """Plain values fit for JSON; prices as text, so that no float touches them."""
        return {
            "edits": [
                {
                    "row": edit.row.model_dump(mode="json", exclude_none=True),
                    "author": edit.author,
                    "at_utc": edit.at_utc.isoformat(),
                    "note": edit.note,
                }
                for edit in self.edits
            ]
        }

    @classmethod
    def from_dict(cls, content: Mapping[str, Any]) -> "Overlay":
        """The overlay that `to_dict` described.

        Raises:
            pydantic.ValidationError: a stored row is not a price row.
        """
        return cls(
            tuple(
                PriceEdit(
                    PriceRow.model_validate(edit["row"]),
                    edit["author"],
                    datetime.fromisoformat(edit["at_utc"]),
                    edit["note"],
                )
                for edit in content["edits"]
            )
        )


def check_edits(table: "PriceTable", rows: Sequence[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """Every problem of submitted rows; empty means that `read_edits` will give them all."""
    return read_edits(table, rows, checked_on=date.min).problems


def lay_over(rows: Iterable[PriceRow], edits: Iterable[PriceEdit]) -> list[PriceRow]:
    """The rows with each edit cut out of them and put in; a later edit hides an earlier one."""
    by_key: dict[tuple[str, str, str, int], list[PriceRow]] = {}
    for row in rows:
        by_key.setdefault(row.key, []).append(row)
    for edit in edits:
        beside = by_key.get(edit.row.key, ())
        by_key[edit.row.key] = [part for row in beside for part in _outside(row, edit.row)] + [edit.row]
    return [row for found in by_key.values() for row in found]


def _outside(row: PriceRow, edit: PriceRow) -> list[PriceRow]:
    """What an edit of the same key leaves of a row: all, its beginning, its end, both, or nothing."""
    if row.valid_to is not None and edit.valid_from is not None and row.valid_to <= edit.valid_from:
        return [row]
    if edit.valid_to is not None and row.valid_from is not None and edit.valid_to <= row.valid_from:
        return [row]
    parts = []
    if edit.valid_from is not None and (row.valid_from is None or row.valid_from < edit.valid_from):
        parts.append(row.model_copy(update={"valid_to": edit.valid_from}))
    if edit.valid_to is not None and (row.valid_to is None or edit.valid_to < row.valid_to):
        parts.append(row.model_copy(update={"valid_from": edit.valid_to}))
    return parts
