"""Logged models that the price table does not know: how much they carry, and what they might be.

A person says what such a model is; the answer is kept in the workspace's document `model_mapping`
and holds for every figure until it is taken back.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from difflib import SequenceMatcher
from typing import Any, Final

import pyarrow as pa

from data.documents import Version
from data.store import Workspace
from pricing.table import PriceTable

DOCUMENT: Final = "model_mapping"
MOST_SUGGESTIONS: Final = 5
SELLERS_OF_ONE_NAME: Final = 2
LEAST_ALIKE: Final = 0.6
"""Below this, names share little more than a family; nothing is suggested then."""

Model = tuple[str, str]
"""(provider, model)"""

_MAKERS: Final = (
    "openai",
    "anthropic",
    "gemini",
    "mistral",
    "xai",
    "deepseek",
    "cohere",
    "moonshot",
    "zai",
    "minimax",
    "dashscope",
    "voyage",
    "azure",
    "bedrock",
    "vertex_ai",
)
"""Of sellers whose models are called alike, the one that made it comes first, then the large clouds."""

_KINDS: Final = frozenset({"ft", "batch", "free"})
"""Words that make another product of a model: a fine-tuned one, a batch, a free trial of it."""

_PIECES: Final = re.compile(r"[a-z]+|\d+")


@dataclass(frozen=True)
class Suggestion:
    """A model of the price table with a name like the logged one; prices in USD per million tokens today."""

    provider: str
    model: str
    input_usd_per_mtok: Decimal | None
    output_usd_per_mtok: Decimal | None


@dataclass(frozen=True)
class Unmatched:
    """One logged model without a price; `reported_usd` is what the log says it cost, None where nothing."""

    provider: str
    model: str
    n_requests: int
    tokens: int
    reported_usd: Decimal | None
    suggestions: tuple[Suggestion, ...]


@dataclass(frozen=True)
class Mapped:
    """What a person said a logged model is. `in_force` is False where the table knows the id itself by now,
    or no longer has the model it was mapped to."""

    provider: str
    model: str
    to_provider: str
    to_model: str
    author: str
    at_utc: datetime
    in_force: bool


def unmatched(cube: pa.Table, prices: PriceTable, at: datetime) -> tuple[Unmatched, ...]:
    """The logged models that no spelling, alias or mapping finds, most tokens first.

    Args:
        cube: the usage cube.
        prices: the table in force, mappings included.
        at: the day whose prices the suggestions show.
    """
    totals = (
        cube.select(
            [
                "provider",
                "model",
                "n_requests",
                "n_reported",
                "input_tokens",
                "output_tokens",
                "reported_cost_usd",
            ]
        )
        .group_by(["provider", "model"])
        .aggregate(
            [
                (column, "sum")
                for column in (
                    "n_requests",
                    "n_reported",
                    "input_tokens",
                    "output_tokens",
                    "reported_cost_usd",
                )
            ]
        )
        .to_pylist()
    )
    found = [
        Unmatched(
            row["provider"],
            row["model"],
            int(row["n_requests_sum"]),
            int((row["input_tokens_sum"] or 0) + (row["output_tokens_sum"] or 0)),
            row["reported_cost_usd_sum"] if row["n_reported_sum"] else None,
            suggestions(prices, row["provider"], row["model"], at),
        )
        for row in totals
        if not prices.targets(row["provider"], row["model"])
    ]
    return tuple(sorted(found, key=lambda one: (-one.tokens, -one.n_requests, one.provider, one.model)))


def suggestions(prices: PriceTable, provider: str, model: str, at: datetime) -> tuple[Suggestion, ...]:
    """Up to five models with a name like the logged one, the likest first, at most two of one name.

    Other kinds of a model (fine-tuned, batch, free) are only suggested for ids of that kind.
    """
    pieces = _pieces(model)
    sellers = (provider, *model.lower().split("/")[:-1])
    scored: list[tuple[float, int, int, Model]] = []
    for candidate in prices.models():
        alike = _alike(pieces, _pieces(candidate[1]))
        if alike >= LEAST_ALIKE:
            place = (_rank(sellers, candidate[0]), candidate[1].count("/"))
            scored.append((-round(alike, 3), *place, candidate))
    named: Counter[str] = Counter()
    chosen = []
    for *_, candidate in sorted(scored):
        tail = " ".join(_pieces(candidate[1]))
        named[tail] += 1
        if named[tail] <= SELLERS_OF_ONE_NAME:
            chosen.append(_priced(prices, candidate, at))
        if len(chosen) == MOST_SUGGESTIONS:
            break
    return tuple(chosen)


def _pieces(model: str) -> list[str]:
    """The words and numbers of a name, without the vendor before it: `openai/gpt-4o` is gpt, 4, o.

    Of a fine-tuned id, without the names a customer gave it.
    """
    name = model.lower().rsplit("/", 1)[-1]
    if name.startswith("ft:"):
        name = ":".join(name.split(":")[:2])
    return _PIECES.findall(name)


def _alike(mine: list[str], theirs: list[str]) -> float:
    """0 to 1: shared words and numbers weigh more than the spelling, since `4` and `5` are other models."""
    shared = (Counter(mine) & Counter(theirs)).total()
    if not shared or _KINDS & set(mine) != _KINDS & set(theirs):
        return 0.0
    dice = 2 * shared / (len(mine) + len(theirs))
    if 0.6 * dice + 0.4 < LEAST_ALIKE:
        return 0.0
    return 0.6 * dice + 0.4 * SequenceMatcher(None, "-".join(mine), "-".join(theirs), autojunk=False).ratio()


def _rank(sellers: tuple[str, ...], candidate: str) -> int:
    """Of models called alike: those of the logged seller, of the vendor in the id, of a maker, the rest."""
    if candidate in sellers:
        return sellers.index(candidate) - len(sellers)
    return _MAKERS.index(candidate) if candidate in _MAKERS else len(_MAKERS)


def _priced(prices: PriceTable, candidate: Model, at: datetime) -> Suggestion:
    row = next(
        (
            row
            for row in prices.rows_for(*candidate)
            if row.tier == "standard" and row.min_prompt_tokens == 0 and row.covers(at)
        ),
        None,
    )
    return Suggestion(
        *candidate,
        None if row is None else row.input_usd_per_mtok,
        None if row is None else row.output_usd_per_mtok,
    )


class ModelMapping:
    """What people of a workspace said unmatched models are; every change is a version."""

    def __init__(self, workspace: Workspace) -> None:
        self._document = workspace.document(DOCUMENT)

    def targets(self) -> dict[Model, Model]:
        """(provider, model) as logged -> the (provider, model) whose prices it takes."""
        return {
            (entry["provider"], entry["model"]): (entry["to_provider"], entry["to_model"])
            for entry in self._entries()
        }

    def listed(self, prices: PriceTable) -> tuple[Mapped, ...]:
        """Every mapping in the order it was made; `prices` is the table they are laid over."""
        return tuple(
            Mapped(
                entry["provider"],
                entry["model"],
                entry["to_provider"],
                entry["to_model"],
                entry["author"],
                datetime.fromisoformat(entry["at_utc"]),
                _in_force(prices, entry),
            )
            for entry in self._entries()
        )

    def save(self, logged: Model, target: Model, *, author: str) -> None:
        """Records that a logged model takes the prices of another; an earlier answer is replaced."""
        entry = {
            "provider": logged[0],
            "model": logged[1],
            "to_provider": target[0],
            "to_model": target[1],
            "author": author,
            "at_utc": datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="seconds"),
        }
        self._document.update(
            lambda content: {"mapped": [*_without(content, logged), entry]},
            author=author,
            note=f"{logged[0]} {logged[1]} is {target[0]} {target[1]}",
        )

    def forget(self, logged: Model, *, author: str) -> bool:
        """Takes an answer back: the model has no price again. False when there is none."""
        if logged not in self.targets():
            return False
        self._document.update(
            lambda content: {"mapped": _without(content, logged)},
            author=author,
            note=f"{logged[0]} {logged[1]} has no price again",
        )
        return True

    def undo(self, *, author: str) -> bool:
        """Goes back to the version before the last change; False when nothing was changed."""
        versions = self._document.history()
        if not versions:
            return False
        previous = self._document.at(versions[-2].seq) if len(versions) > 1 else {"mapped": []}
        if previous.get("mapped", []) == self._entries():
            return False
        self._document.save(previous, author=author, note="Undo")
        return True

    def history(self) -> tuple[Version, ...]:
        """Who changed what, newest first."""
        return self._document.history()[::-1]

    def _entries(self) -> list[dict[str, Any]]:
        current = self._document.current()
        return [] if current is None else list(current[1].get("mapped", []))


def _in_force(prices: PriceTable, entry: Mapping[str, Any]) -> bool:
    target = prices.locate(entry["to_provider"], entry["to_model"])
    return target is not None and prices.locate(entry["provider"], entry["model"]) == target


def _without(content: Mapping[str, Any], logged: Model) -> list[dict[str, Any]]:
    entries: Iterable[dict[str, Any]] = content.get("mapped", [])
    return [entry for entry in entries if (entry["provider"], entry["model"]) != logged]
