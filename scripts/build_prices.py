"""Builds the shipped price table from the wheels of litellm and genai-prices and our own decisions.

    python -m scripts.build_prices --litellm WHEEL --genai-prices WHEEL --date 2026-11-21

Writes prices.csv, aliases.csv, sources.csv, price_conflicts.csv and prices.meta.json beside
overrides.yaml and modifiers.csv, which it reads. The same inputs give the same bytes. It fails when
the sources disagree about a price and overrides.yaml does not say which of them is right.
"""

import argparse
import csv
import hashlib
import io
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Final

from pricing.aliases import AliasSpan
from pricing.matching import spellings
from pricing.model import PriceRow
from pricing.table import PriceTable
from scripts.price_conflicts import Conflict, find_conflicts
from scripts.price_genai import genai_models
from scripts.price_litellm import litellm_quotes
from scripts.price_merge import FIRST_PARTY, Draft, Evidence, merge
from scripts.price_modifiers import read_modifiers
from scripts.price_names import fold_same_priced, last, short_names
from scripts.price_overrides import Overrides
from scripts.price_sources import Quote, SourceModel, Wheel, open_wheel

TABLES: Final = Path(__file__).resolve().parent.parent / "pricing" / "tables"
LITELLM_MEMBER: Final = "litellm/model_prices_and_context_window_backup.json"
GENAI_MEMBER: Final = "genai_prices/data.py"
ROW_COLUMNS: Final = tuple(PriceRow.model_fields)


def main(arguments: Sequence[str] | None = None) -> int:
    """Builds the tables; 1 when the sources' conflicts and the decisions about them do not match."""
    parser = argparse.ArgumentParser(description="Build pricing/tables from two wheels.")
    parser.add_argument("--litellm", type=Path, required=True, metavar="WHEEL")
    parser.add_argument("--genai-prices", type=Path, required=True, metavar="WHEEL")
    parser.add_argument("--date", type=date.fromisoformat, required=True, help="day the sources were read")
    parser.add_argument("--out", type=Path, default=TABLES, metavar="FOLDER")
    options = parser.parse_args(arguments)
    litellm = open_wheel(options.litellm, LITELLM_MEMBER)
    genai = open_wheel(options.genai_prices, GENAI_MEMBER)
    overrides = Overrides.load(TABLES / "overrides.yaml")
    rows, aliases, conflicts = build(litellm.text, genai.text, overrides, options.date)
    _write(options.out, rows, aliases, conflicts, (litellm, genai), options.date)
    unused = overrides.unused_decisions((one.provider, one.model, one.tier, one.part) for one in conflicts)
    for decision in unused:
        print(f"decision about a conflict that no longer exists: {decision}", file=sys.stderr)
    unreviewed = [conflict for conflict in conflicts if conflict.resolution == "unreviewed"]
    for conflict in unreviewed:
        print(f"unreviewed: {conflict}", file=sys.stderr)
    print(
        f"{len(rows)} rows, {len(aliases)} aliases, {len(conflicts)} conflicts, {len(unreviewed)} unreviewed"
    )
    return 1 if unreviewed or unused else 0


def build(
    litellm_text: str, genai_text: str, overrides: Overrides, build_date: date
) -> tuple[list[PriceRow], dict[tuple[str, str], tuple[AliasSpan, ...]], list[Conflict]]:
    """Rows, aliases and conflicts from the text of both sources and the overrides."""
    listed = {key: _kept(quotes, overrides) for key, quotes in litellm_quotes(litellm_text).items()}
    listed = {key: quotes for key, quotes in listed.items() if quotes}
    sourced = [replace(model, quotes=_kept(model.quotes, overrides)) for model in genai_models(genai_text)]
    sourced = [model for model in sourced if model.quotes]
    modifiers = read_modifiers(TABLES / "modifiers.csv")
    evidence, aliases = _evidence(listed, sourced, overrides)
    drafts = [
        draft
        for one in evidence
        for draft in overrides.apply(one.provider, one.model, merge(one, modifiers, build_date))
    ]
    drafts.extend(overrides.new_models({(one.provider, one.model) for one in evidence}))
    moving = overrides.moving_aliases()
    drafts = [draft for draft in drafts if (draft.provider, draft.model) not in moving]
    aliases |= overrides.aliases()
    drafts, folded = fold_same_priced(drafts)
    aliases |= folded
    today = {key: spans[-1].model for key, spans in moving.items()}
    conflicts = find_conflicts(sourced, listed, aliases | today, drafts, overrides, build_date)
    rows = [_row(overrides.trusted(draft)) for draft in drafts]
    known = {(row.provider, row.model) for row in rows}
    for key, model in short_names(rows).items():
        aliases.setdefault(key, model)
    needed = {key: (AliasSpan(model),) for key, model in _needed(aliases, known, rows).items()}
    return rows, needed | moving, conflicts


def _kept(quotes: Iterable[Quote], overrides: Overrides) -> tuple[Quote, ...]:
    return tuple(kept for kept in map(overrides.kept, quotes) if kept is not None)


def _evidence(
    listed: dict[tuple[str, str], tuple[Quote, ...]], sourced: Iterable[SourceModel], overrides: Overrides
) -> tuple[list[Evidence], dict[tuple[str, str], str]]:
    """Which quotes speak of the same model, and the other names those models go by."""
    evidence: dict[tuple[str, str], Evidence] = {}
    aliases: dict[tuple[str, str], str] = {}
    for model in sourced:
        provider = model.provider
        names = [name for name in (model.model, *model.aliases) if not overrides.splits(provider, name)]
        found = [name for name in names if (provider, name) in listed]
        if model.by_clock and not found:
            continue
        if provider not in FIRST_PARTY and found and not overrides.prefers_genai(provider, found[0]):
            continue  # litellm knows this one, and comes first for this provider
        for name in names[1:]:
            if name.startswith("ft:") == model.model.startswith("ft:"):  # a fine-tuned model is not its base
                aliases[provider, name] = model.model
        quotes = listed[provider, found[0]] if found else ()
        evidence[provider, model.model] = Evidence(
            provider, model.model, None if model.by_clock else model, quotes
        )
        for name in model.aliases:
            if overrides.splits(provider, name):
                plain = SourceModel(
                    provider,
                    name,
                    (),
                    tuple(quote for quote in model.quotes if quote.tier == "standard"),
                    model.verified,
                    by_clock=False,
                )
                evidence[provider, name] = Evidence(provider, name, plain, listed.get((provider, name), ()))
    for (provider, name), quotes in listed.items():
        if (provider, name) in evidence or (provider, name) in aliases:
            continue
        family = _snapshot_of(provider, name, quotes, evidence)
        if family is not None:
            aliases[provider, name] = family
            if not evidence[provider, family].litellm:
                evidence[provider, family] = replace(evidence[provider, family], litellm=quotes)
        else:
            evidence[provider, name] = Evidence(provider, name, None, quotes)
    return [evidence[key] for key in sorted(evidence)], aliases


def _snapshot_of(
    provider: str,
    name: str,
    quotes: Sequence[Quote],
    evidence: dict[tuple[str, str], Evidence],
) -> str | None:
    """The model that an id listed by litellm is a snapshot of, when it costs what that model costs."""
    listed = next((quote.prices for quote in quotes if (quote.tier, quote.band) == ("standard", 0)), {})
    for spelling in spellings(provider, name):
        found = evidence.get((provider, spelling))
        if found is not None and found.genai is not None:
            prices = [
                quote.prices for quote in found.genai.quotes if (quote.tier, quote.band) == ("standard", 0)
            ]
            same = any(
                stated.get("input") == listed.get("input") and stated.get("output") == listed.get("output")
                for stated in prices
            )
            return spelling if same else None
    return None


def _row(draft: Draft) -> PriceRow:
    prices: dict[str, Decimal | None] = {
        f"{part}_usd_per_mtok": draft.prices.get(part)
        for part in ("input", "cache_read", "cache_write", "cache_write_long", "output")
    }
    return PriceRow.model_validate(
        {
            "provider": draft.provider,
            "model": draft.model,
            "tier": draft.tier,
            "min_prompt_tokens": draft.band,
            "valid_from": draft.start,
            "valid_to": draft.end,
            **prices,
            "cache_rule": draft.rule,
            "promo_until": draft.promo_until,
            "source_kind": draft.kind,
            "source": draft.source,
            "checked_on": draft.checked_on,
            "confidence": draft.confidence,
            "note": draft.note,
        }
    )


def _needed(
    aliases: dict[tuple[str, str], str], known: set[tuple[str, str]], rows: Sequence[PriceRow]
) -> dict[tuple[str, str], str]:
    """The aliases that lead somewhere and that spelling rules alone would not find."""
    plain = PriceTable(rows)
    needed = {}
    unfolded = {key: model for key, model in aliases.items() if key not in known}
    for provider, alias in sorted(unfolded):
        model = last(unfolded, (provider, alias))
        if (
            (provider, model) in known
            and (provider, alias) not in known
            and plain.resolve(provider, alias) != model
        ):
            needed[provider, alias] = model
    return needed


def _write(
    folder: Path,
    rows: Sequence[PriceRow],
    aliases: dict[tuple[str, str], tuple[AliasSpan, ...]],
    conflicts: Sequence[Conflict],
    wheels: Sequence[Wheel],
    build_date: date,
) -> None:
    table = PriceTable(rows)
    keys = {
        source: hashlib.sha256(source.encode()).hexdigest()[:6] for source in {row.source for row in rows}
    }
    prices = _csv(ROW_COLUMNS, ([_cell(row, column, keys) for column in ROW_COLUMNS] for row in table.rows))
    (folder / "prices.csv").write_text(prices, encoding="utf-8", newline="")
    (folder / "sources.csv").write_text(
        _csv(("key", "source"), sorted((key, source) for source, key in keys.items())),
        encoding="utf-8",
        newline="",
    )
    (folder / "aliases.csv").write_text(
        _csv(
            ("provider", "alias", "model", "valid_from", "valid_to"),
            (
                (*key, span.model, _day(span.valid_from), _day(span.valid_to))
                for key, spans in sorted(aliases.items())
                for span in spans
            ),
        ),
        encoding="utf-8",
        newline="",
    )
    (folder / "price_conflicts.csv").write_text(
        _csv(Conflict.COLUMNS, (conflict.cells() for conflict in conflicts)), encoding="utf-8", newline=""
    )
    meta = {
        "build_date": build_date.isoformat(),
        "sources": [
            {"name": wheel.name, "version": wheel.version, "sha256": wheel.sha256, "licence": "MIT"}
            for wheel in wheels
        ],
        "curated": {
            name: hashlib.sha256((TABLES / name).read_bytes()).hexdigest()
            for name in ("modifiers.csv", "overrides.yaml")
        },
        "prices_sha256": hashlib.sha256(prices.encode()).hexdigest(),
        "rows": len(rows),
        "models": len(table.models()),
        "aliases": len(aliases),
        "conflicts": len(conflicts),
    }
    (folder / "prices.meta.json").write_text(json.dumps(meta, indent=1) + "\n", encoding="utf-8")


def _cell(row: PriceRow, column: str, keys: dict[str, str]) -> str:
    value = getattr(row, column)
    if value is None:
        return ""
    if column == "source":
        return keys[row.source]
    if isinstance(value, Decimal):
        return format(value.normalize(), "f")
    return _day(value) if isinstance(value, datetime) else str(value)


def _day(at: datetime | None) -> str:
    if at is None:
        return ""
    return at.date().isoformat() if at.hour == 0 else at.isoformat(timespec="minutes")


def _csv(columns: Sequence[str], rows: Iterable[Iterable[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    sys.exit(main())
