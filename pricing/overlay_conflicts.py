"""Edits whose shipped price has changed since: found after an upgrade, settled by a person."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pricing.model import PRICE_COLUMNS, PriceRow
from pricing.overlay import Key, Overlay, PriceEdit, hidden_by, outside, rows_by_key
from pricing.table import PriceTable


@dataclass(frozen=True)
class Conflict:
    """An edit, the shipped rows it hid when it was made, and those it hides now."""

    edit: PriceEdit
    then: tuple[PriceRow, ...]
    now: tuple[PriceRow, ...]


def conflicts(shipped: PriceTable, overlay: Overlay) -> tuple[Conflict, ...]:
    """The edits that still decide a price and hide other shipped prices than when they were made.

    Only prices, cache rule and dates count; a shipped row that was merely checked again, or cut in
    two at no change of price, is the same.
    """
    if all(edit.shipped_version in ("", shipped.version) for edit in overlay.edits):
        return ()
    rows = rows_by_key(shipped.rows)
    later: dict[Key, list[PriceEdit]] = {}
    found = []
    for edit in reversed(overlay.edits):
        hiding = later.setdefault(edit.row.key, [])
        if edit.shipped_version and _visible(edit, hiding):
            now = hidden_by(edit.row, rows.get(edit.row.key, ()))
            if _substance(now) != _substance(edit.replaced):
                found.append(Conflict(edit, edit.replaced, now))
        hiding.append(edit)
    return tuple(reversed(found))


def keep(shipped: PriceTable, overlay: Overlay, edit: PriceEdit) -> Overlay:
    """The overlay in which the edit stands, knowing the shipped price of today."""
    renewed = replace(edit, shipped_version=shipped.version, replaced=hidden_by(edit.row, shipped.rows))
    return Overlay(tuple(renewed if known == edit else known for known in overlay.edits))


def take(overlay: Overlay, edit: PriceEdit) -> Overlay:
    """The overlay in which the shipped price holds on the edit's dates; other dates stay as they were."""
    kept: list[PriceEdit] = []
    for known in overlay.edits:
        if known != edit:
            kept.extend(
                replace(known, row=row, replaced=hidden_by(row, known.replaced))
                for row in outside(known.row, edit.row)
            )
    return Overlay(tuple(kept))


def _visible(edit: PriceEdit, later: Iterable[PriceEdit]) -> bool:
    rows = [edit.row]
    for hiding in later:
        rows = [part for row in rows for part in outside(row, hiding.row)]
    return bool(rows)


_Piece = tuple[datetime | None, datetime | None, tuple[Any, ...]]


def _substance(rows: Iterable[PriceRow]) -> list[_Piece]:
    """When which prices hold, with neighbours of the same prices joined."""
    pieces: list[_Piece] = []
    for row in rows:
        values = (*(getattr(row, column) for column in PRICE_COLUMNS), row.cache_rule)
        start = row.valid_from
        if pieces and pieces[-1][1:] == (start, values):
            start = pieces.pop()[0]
        pieces.append((start, row.valid_to, values))
    return pieces
