"""Records what litellm and genai-prices say random calls cost: tests/golden/parity.csv.

Runs in an environment of its own that has both packages; the project never depends on them, its
tests read the recorded figures. The same seed, table and versions give the same file.

    python -m venv oracle && oracle/bin/pip install genai-prices==0.2.3
    oracle/bin/pip install litellm==1.109.1
    oracle/bin/python -m scripts.record_parity
"""

import csv
import hashlib
import json
import os
import random
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from importlib import metadata
from pathlib import Path
from typing import Any, Final

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # the list in the package, not one from the network

import genai_prices
import litellm
from litellm.cost_calculator import batch_cost_calculator
from litellm.litellm_core_utils.llm_cost_calc.utils import generic_cost_per_token
from litellm.llms.anthropic.cost_calculation import cost_per_token as anthropic_cost_per_token
from litellm.types.utils import CacheCreationTokenDetails, PromptTokensDetailsWrapper, Usage

from pricing.model import PriceRow
from pricing.table import PriceTable
from scripts.price_sources import litellm_keys

GOLDEN: Final = Path(__file__).resolve().parent.parent / "tests" / "golden"
SEED: Final = 20261121
RECORDED_AT: Final = datetime.fromisoformat("2026-11-20T12:00")
"""litellm has no dates: its figures are those of the day its list was made."""
CASES_A_PROVIDER: Final = {
    "openai": 500,
    "anthropic": 260,
    "gemini": 340,
    "mistral": 260,
    "xai": 120,
    "groq": 60,
    "deepseek": 80,
    "azure": 130,
    "bedrock": 130,
    "vertex_ai": 160,
}
PINNED: Final = """
openai o3 standard 2025-06-09T23:59 20000 8000 0 0 500
openai o3 batch 2025-06-09T23:59 20000 8000 0 0 500
openai o3 priority 2025-06-09T23:59 20000 8000 0 0 500
openai o3 standard 2025-06-10T00:00 20000 8000 0 0 500
openai gpt-4.5-preview batch 2026-11-20T12:00 20000 8000 0 0 500
openai gpt-5.5-cyber standard 2026-11-20T12:00 20000 8000 0 0 500
openai gpt-5.5-pro batch 2026-11-20T12:00 272001 0 0 0 500
openai gpt-5.5-pro flex 2026-11-20T12:00 272001 0 0 0 500
openai gpt-5.6-sol standard 2026-08-20T23:59 20000 8000 0 0 500
openai gpt-5.6-sol standard 2026-08-21T00:00 20000 8000 0 0 500
openai gpt-5.6-luna standard 2026-07-29T23:59 20000 8000 0 0 500
openai gpt-5.6-luna standard 2026-07-30T00:00 20000 8000 0 0 500
openai gpt-5.6-terra batch 2026-07-29T23:59 20000 8000 0 0 500
openai gpt-5.6-terra priority 2026-07-29T23:59 20000 8000 0 0 500
anthropic claude-opus-4-8 priority 2026-11-29T23:59 20000 8000 0 0 500
anthropic claude-opus-4-8 priority 2026-11-30T00:00 20000 8000 0 0 500
gemini gemini-4-argon standard 2026-11-30T23:59 20000 8000 0 0 500
gemini gemini-4-argon standard 2026-12-01T00:00 20000 8000 0 0 500
gemini gemini-3-pro-preview batch 2026-11-20T12:00 200001 8000 0 0 500
mistral magistral-medium-latest batch 2026-05-21T23:59 20000 8000 0 0 500
mistral mistral-large-latest standard 2025-12-01T23:59 20000 8000 0 0 500
mistral mistral-medium-latest batch 2026-06-15T23:59 20000 8000 0 0 500
mistral mistral-tiny standard 2026-11-20T12:00 20000 8000 0 0 500
xai grok-4.20 batch 2026-04-29T23:59 20000 8000 0 0 500
groq openai/gpt-oss-safeguard-20b standard 2026-11-20T12:00 20000 8000 0 0 500
groq openai/gpt-oss-20b batch 2026-11-20T12:00 20000 8000 0 0 500
deepseek deepseek-v4-flash standard 2026-08-18T09:00 20000 8000 0 0 500
deepseek deepseek-chat standard 2025-09-23T03:00 20000 8000 0 0 500
deepseek deepseek-chat standard 2025-08-20T16:10 20000 8000 0 0 500
deepseek deepseek-flash standard 2026-11-21T03:00 20000 8000 0 0 500
azure us/gpt-4o-mini batch 2026-11-20T12:00 20000 8000 0 0 500
bedrock claude_platform/claude-sonnet-4-5 batch 2026-11-20T12:00 20000 8000 1000 1000 500
vertex_ai claude-3-5-haiku standard 2026-11-20T12:00 20000 8000 0 0 500
vertex_ai claude-haiku-5-5 batch 2026-11-20T12:00 20000 8000 1000 1000 500
vertex_ai claude-sonnet-4-6 batch 2026-11-20T12:00 20000 8000 1000 1000 500
vertex_ai claude-sonnet-5 batch 2026-11-20T12:00 20000 8000 1000 0 500
vertex_ai claude-sonnet-4-5 batch 2026-11-20T12:00 200001 8000 1000 0 500
vertex_ai gemini-3.6-flash batch 2027-01-01T00:00 20000 8000 0 0 500
vertex_ai gemini-3.1-pro-preview batch 2026-11-20T12:00 200001 8000 0 0 500
vertex_ai gemini-3-pro-preview batch 2026-11-20T12:00 200001 8000 0 0 500
"""
"""What chance would seldom hit: the last minute before a change and the first after it, rare gaps."""

TIERS: Final = ("standard", "batch", "flex", "priority")
_GENAI_PROVIDER: Final = {
    "openai": "openai",
    "anthropic": "anthropic",
    "gemini": "google",
    "mistral": "mistral",
    "xai": "x-ai",
    "groq": "groq",
    "deepseek": "deepseek",
}
"""Whose own pages genai-prices checks; what it says of resellers is not recorded."""


@dataclass(frozen=True)
class Case:
    """One call: inclusive input tokens, as in the call record."""

    provider: str
    model: str
    tier: str
    at_utc: datetime
    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    cache_write_long_tokens: int
    output_tokens: int


def main() -> None:
    """Writes parity.csv and parity.meta.json; another seed may be given, to look for new differences."""
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else SEED
    table = PriceTable.shipped()
    keys = litellm_keys(json.loads(_litellm_list().read_bytes()))
    recorded = 0
    with (GOLDEN / "parity.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*(field.name for field in fields(Case)), "litellm_usd", "genai_prices_usd"])
        for case in _cases(table, keys, seed):
            answers = (_litellm_usd(case, keys), _genai_usd(case))
            if any(answer is not None for answer in answers):
                cells = asdict(case) | {"at_utc": case.at_utc.isoformat(timespec="minutes")}
                writer.writerow([*cells.values(), *answers])
                recorded += 1
    about = {
        "cases": recorded,
        "seed": seed,
        "versions": {name: metadata.version(name) for name in ("litellm", "genai-prices")},
        "litellm_list_sha256": hashlib.sha256(_litellm_list().read_bytes()).hexdigest(),
        "litellm_list_is_of": RECORDED_AT.isoformat(timespec="minutes"),
    }
    (GOLDEN / "parity.meta.json").write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
    print(f"{recorded} cases", file=sys.stderr)


def _litellm_list() -> Path:
    return Path(litellm.__file__).parent / "model_prices_and_context_window_backup.json"


def _cases(table: PriceTable, keys: dict[tuple[str, str], str], seed: int) -> Iterator[Case]:
    chance = random.Random(seed)  # noqa: S311 - reproducible cases, not secrets
    models: defaultdict[str, list[str]] = defaultdict(list)
    for provider, model in table.models():
        if (provider, model) in keys or _genai_knows(provider, model):
            models[provider].append(model)
    for line in PINNED.split("\n"):
        if line:
            provider, model, tier, at, *tokens = line.split()
            yield Case(provider, model, tier, datetime.fromisoformat(at), *map(int, tokens))
    for provider, count in CASES_A_PROVIDER.items():
        for _ in range(count if models[provider] else 0):
            model = chance.choice(models[provider])
            rows = [row for row in table.rows_for(provider, model) if row.tier in TIERS]
            tier = chance.choice(sorted({row.tier for row in rows}))
            yield _case(chance, table, [row for row in rows if row.tier == tier])


def _case(chance: random.Random, table: PriceTable, rows: list[PriceRow]) -> Case:
    row = rows[0]
    standard = table.rows_for(row.provider, row.model)
    tokens_in = _input_tokens(chance, [one.min_prompt_tokens for one in standard])
    read = write = write_long = 0
    if any(one.cache_read_usd_per_mtok is not None for one in standard) and chance.random() < 0.6:
        read = chance.randint(1, tokens_in)
    if any(one.cache_write_usd_per_mtok is not None for one in rows) and chance.random() < 0.6:
        write = chance.randint(0, tokens_in - read)
    # OpenAI's twelve hours are not in genai-prices; the hour is Anthropic's, wherever it is sold.
    if (
        "claude" in row.model
        and any(one.cache_write_long_usd_per_mtok is not None for one in rows)
        and chance.random() < 0.4
    ):
        write_long = chance.randint(0, tokens_in - read - write)
    embeds = "embed" in row.model or any(one.output_usd_per_mtok == 0 for one in rows)
    return Case(
        row.provider,
        row.model,
        row.tier,
        _instant(chance),
        tokens_in,
        read,
        write,
        write_long,
        0 if embeds else chance.choice((0, chance.randint(1, 800), chance.randint(1, 60_000))),
    )


def _input_tokens(chance: random.Random, starts: list[int]) -> int:
    bands = sorted({start for start in starts if start})
    kind = chance.random()
    if bands and kind < 0.3:  # just before, at and just after a threshold
        return max(1, chance.choice(bands) + chance.choice((-1, 0, 1)))
    if kind < 0.7:
        return chance.randint(1, 20_000)
    return chance.randint(20_000, 900_000 if bands else 120_000)


def _instant(chance: random.Random) -> datetime:
    """Mostly the day of the recording, some of the two years before, some of the months to come."""
    kind = chance.random()
    if kind < 0.6:
        return RECORDED_AT
    if kind < 0.85:
        return RECORDED_AT - timedelta(hours=chance.randint(1, 730 * 24))
    return RECORDED_AT + timedelta(hours=chance.randint(1, 300 * 24))


def _litellm_usd(case: Case, keys: dict[tuple[str, str], str]) -> str | None:
    key = keys.get((case.provider, case.model))
    if key is None:
        return None
    info = dict(litellm.model_cost[key])  # this very entry: a look-up may prefer another key
    seller = info["litellm_provider"]
    usage = Usage(
        prompt_tokens=case.input_tokens,
        completion_tokens=case.output_tokens,
        total_tokens=case.input_tokens + case.output_tokens,
        prompt_tokens_details=PromptTokensDetailsWrapper(
            cached_tokens=case.cache_read_tokens,
            cache_creation_tokens=case.cache_write_tokens + case.cache_write_long_tokens,
            cache_creation_token_details=CacheCreationTokenDetails(
                ephemeral_5m_input_tokens=case.cache_write_tokens,
                ephemeral_1h_input_tokens=case.cache_write_long_tokens,
            ),
        ),
    )
    if case.tier == "batch":
        parts = batch_cost_calculator(usage, key, seller, model_info=info)
    elif case.tier == "priority" and case.provider == "anthropic":
        usage.speed = "fast"
        parts = anthropic_cost_per_token(key, usage, model_info=info)
    else:
        tier = None if case.tier == "standard" else case.tier
        parts = generic_cost_per_token(
            key, usage, seller, service_tier=tier, model_info=info, current_time=_aware(case.at_utc)
        )
    return f"{sum(parts):.13g}"


def _genai_knows(provider: str, model: str) -> bool:
    if provider not in _GENAI_PROVIDER:
        return False
    return _genai_usd(Case(provider, model, "standard", RECORDED_AT, 1, 0, 0, 0, 1)) is not None


def _genai_usd(case: Case) -> str | None:
    seller = _GENAI_PROVIDER.get(case.provider)
    if seller is None:
        return None
    usage = genai_prices.Usage(
        input_tokens=case.input_tokens,
        cache_read_tokens=case.cache_read_tokens,
        cache_write_tokens=case.cache_write_tokens + case.cache_write_long_tokens,
        cache_write_5m_tokens=case.cache_write_tokens,
        cache_write_1h_tokens=case.cache_write_long_tokens,
        output_tokens=case.output_tokens,
    )
    try:
        found = genai_prices.calc_price(
            usage,
            case.model,
            provider_id=seller,
            genai_request_timestamp=_aware(case.at_utc),
            price_context=_context(case),
        )
    except LookupError:
        return None
    return f"{found.total_price.normalize():f}"


def _context(case: Case) -> dict[str, Any]:
    if case.tier == "batch":
        return {"processing": "batch"}
    if case.tier == "priority" and case.provider == "anthropic":
        return {"speed": "fast"}
    return {} if case.tier == "standard" else {"service_tier": case.tier}


def _aware(at: datetime) -> datetime:
    return at.replace(tzinfo=UTC)


if __name__ == "__main__":
    main()
