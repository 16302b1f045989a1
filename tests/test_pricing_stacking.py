"""Whether discounts stack is data: each class of model, every lane, costs written out by hand.

One mix for all: a million input tokens, of which 800,000 are read from a cache and 100,000 written
to it, and 100,000 output tokens. So a lane with caching costs 0.1 x input + 0.8 x read + 0.1 x write
+ 0.1 x output, and one without costs input + 0.1 x output, in dollars.
"""

from decimal import Decimal
from typing import Final

import pytest

from pricing.model import LANES
from tests.pricing_cases import costs, usd

MIX: Final = {
    "n_requests": 100,
    "input_tokens": 1_000_000,
    "cache_read_tokens": 800_000,
    "cache_write_tokens": 100_000,
    "output_tokens": 100_000,
}

# The lanes in their order, sync to offpeak; a word is the reason for none.
NOT: Final = "tier_not_offered"
CASES: Final = {
    "everything stacks, writing costs a quarter more": {
        # 3 / 0.3 / 3.75 / 15 and half of each in a batch
        "anthropic claude-sonnet-4-5": f"4.5 / 2.415 / 2.25 / 1.2075 / {NOT} / {NOT} / {NOT} / {NOT}",
        # 1 / 0.1 / 1.25 / 5
        "anthropic claude-haiku-4-5": f"1.5 / 0.805 / 0.75 / 0.4025 / {NOT} / {NOT} / {NOT} / {NOT}",
        # 4 / 0.2 / 5 / 20; fast mode costs twice as much
        "anthropic claude-opus-5-5": f"6 / 3.06 / 3 / 1.53 / {NOT} / {NOT} / 6.12 / {NOT}",
        # the same where Google sells it
        "vertex_ai claude-haiku-4-5": f"1.5 / 0.805 / 0.75 / 0.4025 / {NOT} / {NOT} / {NOT} / {NOT}",
    },
    "everything stacks in batch and flex, from GPT-5 on": {
        # 1.25 / 0.125 / 10, writing costs what input costs; priority 2.5 / 0.25 / 20
        "openai gpt-5": f"2.25 / 1.35 / 1.125 / 0.675 / 1.125 / 0.675 / 2.7 / {NOT}",
        # 4 / 0.4 / 5 / 20; priority twice
        "openai gpt-5.6-sol": f"6 / 3.22 / 3 / 1.61 / 3 / 1.61 / 6.44 / {NOT}",
        # Azure publishes the batch cache of GPT-5, and no flex
        "azure gpt-5": f"2.25 / 1.35 / 1.125 / 0.675 / {NOT} / {NOT} / 2.7 / {NOT}",
    },
    "everything stacks, from Gemini 3.1 Flash-Lite on": {
        # 0.25 / 0.025 / 1.5; priority 0.45 / 0.045 / 2.7
        "gemini gemini-3.1-flash-lite": f"0.4 / 0.22 / 0.2 / 0.11 / 0.2 / 0.11 / 0.396 / {NOT}",
        # 1.5 / 0.15 / 9; flex publishes its cached price rounded up to 0.08; priority 2.7 / 0.27 / 16.2
        "gemini gemini-3.5-flash": f"2.4 / 1.32 / 1.2 / 0.66 / 1.2 / 0.664 / 2.376 / {NOT}",
    },
    "everything stacks at four fifths": {
        # 1.25 / 0.2 / 2.5
        "xai grok-4.3": f"1.5 / 0.66 / 1.2 / 0.528 / {NOT} / {NOT} / {NOT} / {NOT}",
        "xai grok-4.20": f"1.5 / 0.66 / 1.2 / 0.528 / {NOT} / {NOT} / {NOT} / {NOT}",
    },
    "everything stacks, priority is 1.75 times": {
        # 1.5 / 0.15 / 7.5
        "mistral mistral-medium-3-5": f"2.25 / 1.17 / 1.125 / 0.585 / {NOT} / {NOT} / 2.0475 / {NOT}",
        # 0.5 / 0.05 / 1.5
        "mistral mistral-large-2512": f"0.65 / 0.29 / 0.325 / 0.145 / {NOT} / {NOT} / 0.5075 / {NOT}",
    },
    "cached tokens keep the standard cache price in batch and flex": {
        # 1.25 / 0.125 / 10; batch 0.625 and 5, cached still 0.125; priority 2.25 / 0.225 / 18
        "gemini gemini-2.5-pro": f"2.25 / 1.35 / 1.125 / 0.725 / 1.125 / 0.725 / 2.43 / {NOT}",
        # 0.3 / 0.03 / 2.5; priority 0.54 / 0.054 / 4.5
        "gemini gemini-2.5-flash": f"0.55 / 0.334 / 0.275 / 0.179 / 0.275 / 0.179 / 0.6012 / {NOT}",
        # 2 / 0.2 / 12; priority 3.6 / 0.36 / 21.6
        "gemini gemini-3.1-pro-preview": f"3.2 / 1.76 / 1.6 / 0.96 / 1.6 / 0.96 / 3.168 / {NOT}",
        "vertex_ai gemini-2.5-flash": f"0.55 / 0.334 / 0.275 / 0.179 / 0.275 / 0.179 / 0.6012 / {NOT}",
    },
    "a batch before GPT-5 has no cache; flex has": {
        # 2 / 0.5 / 8; priority 3.5 / 0.875 / 14
        "openai gpt-4.1": f"2.8 / 1.6 / 1.4 / 1.4 / {NOT} / {NOT} / 2.8 / {NOT}",
        # 2.5 / 1.25 / 10; priority 4.25 / 2.125 / 17
        "openai gpt-4o": f"3.5 / 2.5 / 1.75 / 1.75 / {NOT} / {NOT} / 4.25 / {NOT}",
        # 2 / 0.5 / 8; flex 1 / 0.25 / 4; priority 3.5 / 0.875 / 14
        "openai o3": f"2.8 / 1.6 / 1.4 / 1.4 / 1.4 / 0.8 / 2.8 / {NOT}",
        "azure gpt-4.1": f"2.8 / 1.6 / 1.4 / 1.4 / {NOT} / {NOT} / 2.8 / {NOT}",
    },
    "a batch has no cache; flex costs what standard costs": {
        # 0.15 / 0.075 / 0.6
        "groq openai/gpt-oss-120b": f"0.21 / 0.15 / 0.105 / 0.105 / 0.21 / 0.15 / {NOT} / {NOT}",
        # 0.075 / 0.0375 / 0.3
        "groq openai/gpt-oss-20b": f"0.105 / 0.075 / 0.0525 / 0.0525 / 0.105 / 0.075 / {NOT} / {NOT}",
    },
    "a batch sells no caching at all": {
        # 3 / 0.3 / 3.75 / 15; no flex for Claude
        "bedrock anthropic.claude-sonnet-4-5-20250929-v1:0": (
            f"4.5 / 2.415 / 2.25 / cache_not_offered / {NOT} / {NOT} / {NOT} / {NOT}"
        ),
        # 0.33 / 0.0825 / 2.75; flex half; priority 0.5775 / 0.144375 / 4.8125
        "bedrock us.amazon.nova-2-lite-v1:0": (
            f"0.605 / 0.407 / 0.3025 / cache_not_offered / 0.3025 / 0.2035 / 0.71225 / {NOT}"
        ),
    },
    "no batch; the night is half": {
        # 1.32 / 0.044 / 3.96
        "deepseek deepseek-v4-pro": f"1.716 / 0.6952 / {NOT} / {NOT} / {NOT} / {NOT} / {NOT} / 0.3476",
        # 0.3 / 0.006 / 1.2
        "deepseek deepseek-v4-flash": f"0.42 / 0.1848 / {NOT} / {NOT} / {NOT} / {NOT} / {NOT} / 0.0924",
    },
}


@pytest.mark.parametrize(
    ("name", "lanes"),
    [
        pytest.param(name, lanes, id=f"{name}: {rule}")
        for rule, models in CASES.items()
        for name, lanes in models.items()
    ],
)
def test_every_lane_of_a_stacking_class(name: str, lanes: str) -> None:
    provider, model = name.split(" ")
    found = costs([{"provider": provider, "model": model, **MIX}])
    for lane, expected in zip(LANES, lanes.split(" / "), strict=True):
        row = found[lane]
        if expected[0].isdecimal():
            assert (usd(row), row["reason"]) == (Decimal(expected), None), lane
        else:
            assert (usd(row), row["reason"]) == (None, expected), lane


def test_every_class_has_two_models() -> None:
    assert all(len(models) >= 2 for models in CASES.values())
