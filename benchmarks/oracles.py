"""The same calls priced one at a time by litellm and genai-prices, where they are installed.

Neither is a dependency: install them beside the project for a run, or read that it was not made.
"""

import importlib
import importlib.util
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from benchmarks.timing import seconds

_PREFIX = {"gemini": "gemini/", "mistral": "mistral/", "deepseek": "deepseek/"}
_GENAI = {"gemini": "google"}


@dataclass(frozen=True)
class Call:
    """One call as it stands in the log."""

    provider: str
    model: str
    tier: str
    ts: datetime
    input_tokens: int
    cache_read_tokens: int
    cache_write_tokens: int
    output_tokens: int


def compare(calls: list[Call], *, priced: float, rolled: float) -> Iterator[str]:
    """One line an oracle: its seconds a call over ours, with a cube (`priced`) and from calls (`rolled`)."""
    for name, module, make in (
        ("litellm", "litellm", _litellm),
        ("genai-prices", "genai_prices", _genai_prices),
    ):
        if importlib.util.find_spec(module) is None:
            yield f"NOT COMPARED with {name}: it is not installed here (pip install {name}, in a copy)"
            continue
        one = make()
        taken = seconds(partial(_loop, one, calls), runs=1) / len(calls)
        yield (
            f"{name}, one lane a call: {taken * 1e6:,.0f} us; nine lanes a call through the cube: "
            f"{taken / priced:,.0f}x faster, with the roll-up {taken / rolled:,.0f}x"
        )


def _loop(one: Callable[[Call], object], calls: list[Call]) -> None:
    for call in calls:
        one(call)


def _litellm() -> Callable[[Call], object]:
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    importlib.import_module("litellm")
    costs: Any = importlib.import_module("litellm.litellm_core_utils.llm_cost_calc.utils")
    batches: Any = importlib.import_module("litellm.cost_calculator")
    types: Any = importlib.import_module("litellm.types.utils")

    def one(call: Call) -> object:
        usage = types.Usage(
            prompt_tokens=call.input_tokens,
            completion_tokens=call.output_tokens,
            total_tokens=call.input_tokens + call.output_tokens,
            prompt_tokens_details=types.PromptTokensDetailsWrapper(
                cached_tokens=call.cache_read_tokens, cache_creation_tokens=call.cache_write_tokens
            ),
        )
        model = _PREFIX.get(call.provider, "") + call.model
        if call.tier == "batch":
            return batches.batch_cost_calculator(usage, model, call.provider)
        tier = None if call.tier == "standard" else call.tier
        return costs.generic_cost_per_token(
            model, usage, call.provider, service_tier=tier, current_time=call.ts
        )

    return one


def _genai_prices() -> Callable[[Call], object]:
    prices: Any = importlib.import_module("genai_prices")
    context = {"batch": {"processing": "batch"}, "flex": {"service_tier": "flex"}}

    def one(call: Call) -> object:
        usage = prices.Usage(
            input_tokens=call.input_tokens,
            cache_read_tokens=call.cache_read_tokens,
            cache_write_tokens=call.cache_write_tokens,
            output_tokens=call.output_tokens,
        )
        return prices.calc_price(
            usage,
            call.model,
            provider_id=_GENAI.get(call.provider, call.provider),
            genai_request_timestamp=call.ts.replace(tzinfo=UTC),
            price_context=context.get(call.tier),
        )

    return one
