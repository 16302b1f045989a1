"""Edits of prices: a user's own dated rows, laid over the shipped table and never into it.

An edit is a new dated row. From its `valid_from` on (until its `valid_to`, if it has one) it hides
whatever the table held for the same provider, model, tier and band; before that nothing changes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from pricing.edit_check import EditCheck, Problem, read_edits
from pricing.model import BEGINNING, PRICE_COLUMNS, PriceRow

if TYPE_CHECKING:
    from pricing.table import PriceTable

__all__ = [
    "EditCheck",
    "Key",
    "Overlay",
    "PriceEdit",
    "Problem",
    "changing",
    "check_edits",
    "hidden_by",
    "lay_over",
    "outside",
    "read_edits",
    "rows_by_key",
]


Key = tuple[str, str, str, int]


@dataclass(frozen=True)
class PriceEdit:
    """One row that a person set, when, and why.

    `replaced` are the shipped rows that it hid when it was made, cut to its dates, and
    `shipped_version` the version of the shipped table they are from: that is how a later shipped
    change is noticed. An empty version means that nothing was recorded.
    """

    row: PriceRow
    author: str
    at_utc: datetime
    note: str = ""
    shipped_version: str = ""
    replaced: tuple[PriceRow, ...] = ()


@dataclass(frozen=True)
class Overlay:
    """All edits of a workspace, oldest first; undoing one is a shorter overlay."""

    edits: tuple[PriceEdit, ...] = ()

    def with_rows(
        self,
        rows: Iterable[PriceRow],
        *,
        author: str,
        at_utc: datetime,
        note: str = "",
        shipped: "PriceTable | None" = None,
    ) -> "Overlay":
        """The overlay with further edits at its end, each remembering the shipped rows it hides."""
        version = shipped.version if shipped is not None else ""
        known = rows_by_key(shipped.rows if shipped is not None else ())
        added = tuple(
            PriceEdit(
                row.model_copy(update={"source_kind": "user"}),
                author,
                at_utc,
                note,
                version,
                hidden_by(row, known.get(row.key, ())),
            )
            for row in rows
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
                    "shipped_version": edit.shipped_version,
                    "replaced": [row.model_dump(mode="json", exclude_none=True) for row in edit.replaced],
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
                    edit.get("shipped_version", ""),
                    tuple(PriceRow.model_validate(row) for row in edit.get("replaced", ())),
                )
                for edit in content["edits"]
            )
        )


def check_edits(table: "PriceTable", rows: Sequence[Mapping[str, Any]]) -> tuple[Problem, ...]:
    """Every problem of submitted rows; empty means that `read_edits` will give them all."""
    return read_edits(table, rows, checked_on=date.max).problems


def lay_over(rows: Iterable[PriceRow], edits: Iterable[PriceEdit]) -> list[PriceRow]:
    """The rows with each edit cut out of them and put in; a later edit hides an earlier one."""
    result = rows_by_key(rows)
    for edit in edits:
        held = result.get(edit.row.key, [])
        result[edit.row.key] = [*(part for row in held for part in outside(row, edit.row)), edit.row]
    return [row for held in result.values() for row in held]


def rows_by_key(rows: Iterable[PriceRow]) -> dict[Key, list[PriceRow]]:
    """The rows of each provider, model, tier and band: an edit concerns those of its own key alone."""
    found: dict[Key, list[PriceRow]] = {}
    for row in rows:
        found.setdefault(row.key, []).append(row)
    return found


def hidden_by(edit: PriceRow, rows: Iterable[PriceRow]) -> tuple[PriceRow, ...]:
    """What an edit hides of the rows, cut to its dates, oldest first."""
    found = []
    for row in rows:
        if row.key != edit.key or outside(row, edit) == [row]:
            continue
        start = max(filter(None, (row.valid_from, edit.valid_from)), default=None)
        end = min(filter(None, (row.valid_to, edit.valid_to)), default=None)
        found.append(row.model_copy(update={"valid_from": start, "valid_to": end}))
    return tuple(sorted(found, key=lambda row: row.valid_from or BEGINNING))


def changing(table: "PriceTable", rows: Iterable[PriceRow]) -> tuple[PriceRow, ...]:
    """The rows that say something else than the table in force: its own export changes nothing."""
    known = {_content(row) for row in table.rows}
    return tuple(row for row in rows if _content(row) not in known)


def _content(row: PriceRow) -> tuple[Any, ...]:
    values = tuple(getattr(row, column) for column in PRICE_COLUMNS)
    return (*row.key, row.valid_from, row.valid_to, *values, row.cache_rule, row.promo_until)


def outside(row: PriceRow, edit: PriceRow) -> list[PriceRow]:
    """What an edit leaves of a row: all, its beginning, its end, both, or nothing."""
    if row.key != edit.key:
        return [row]
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
