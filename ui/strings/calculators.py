"""What the Calculators page says."""

from datetime import date, datetime
from decimal import Decimal
from typing import Final

from reports.format import count, percent
from ui.strings.shared import NOT_KNOWN_DASH, day
from ui.text import md, plural

CALC_TITLE: Final = "Calculators"
CALC_CAPTION: Final = (
    "The same price engine as everywhere else, on figures you type. The address of this page keeps them."
)
CALC_PICK: Final = "Question"
CALC_MODEL: Final = "Model"
CALC_DATE: Final = "At the prices of (UTC)"
CALC_DATE_HELP: Final = "Any day: past prices are kept, announced ones are known."
CALC_REQUESTS: Final = "Requests"
CALC_PREFIX: Final = "Shared prefix, tokens"
CALC_PREFIX_HELP: Final = "The part of the prompt that all requests have in common and that can be cached."
CALC_SUFFIX: Final = "Own part, tokens"
CALC_SUFFIX_HELP: Final = "The part of each prompt that no other request has."
CALC_OUTPUT: Final = "Answer, tokens"
CALC_CACHE: Final = "Caching"
CALC_HITS: Final = "Requests that find the prefix cached"
CALC_MISS: Final = "The others"
CALC_LONG: Final = "Longer cache lifetime"
CALC_LONG_HELP: Final = "Writes at the price of the extended lifetime: one hour, or twelve at OpenAI."
CALC_CHEAPEST: Final = "Cheapest lane"
CALC_BILL: Final = "Bill a month (USD)"
CALC_SHARE: Final = "Share of it that can wait"
CALC_PAID: Final = "Paid today in"
CALC_CACHED: Final = "Input read from cache"
CALC_CACHED_HELP: Final = (
    "Share of the input tokens that the cache serves today, and would serve in the lane."
)
CALC_RATIO: Final = "Input tokens per output token"
CALC_TOKENS: Final = "Input tokens"
CALC_TOKENS_HELP: Final = "A number with K, M, B or T: 10B is ten thousand million."
CALC_OUT_TOKENS: Final = "Output tokens"
CALC_SIZE: Final = "Tokens per request"
CALC_SIZE_HELP: Final = "Decides the context band: long prompts cost more per token at some providers."
CALC_NO_NUMBER: Final = "Write a whole number of tokens such as 10B, 2.5M or 100 000, up to 1000T."
CALC_GPU_HOUR: Final = "USD per GPU-hour"
CALC_GPUS: Final = "GPUs"
CALC_HOURS: Final = "Hours reserved a night"
CALC_SPEED: Final = "Tokens a second, no prefix cache"
CALC_SPEED_CACHED: Final = "Tokens a second, prefix cache"
CALC_SPEED_HELP: Final = (
    "Prompt and answer together, all GPUs together, measured on requests of about this size."
)
CALC_NIGHT: Final = "The GPU a night"
CALC_NIGHT_HELP: Final = "USD per hour x GPUs x hours, used or not."
CALC_FITS: Final = "Requests that fit, no prefix cache"
CALC_FITS_CACHED: Final = "Requests that fit, prefix cache"
CALC_WORKING: Final = "Working: formula, prices, sources"
CALC_LINK: Final = "This calculation as a link, with its date:"
CALC_LANES_ALT: Final = "Cost in each lane, or the reason why it has none"
CALC_RATES: Final = "**Rates used**, USD per million tokens"
CALC_RATES_ALT: Final = "The tokens of each kind and the rate of each lane for them"
CALC_SOURCES: Final = "**Price rows used**"
CALC_SOURCES_ALT: Final = "Price rows with validity, source, day checked and confidence"
CALC_NO_PRICE: Final = "No price row of this model is in force on that day."
CALC_DISCOUNTED: Final = "Contract and regional percentages of this workspace are multiplied into the rates."
CALC_EXACT: Final = "Exactly, USD"
CALC_KIND_TOKENS: Final = "Tokens"
COL_COST: Final = "Cost"
COL_PER_THOUSAND: Final = "1,000 requests"
COL_AGAINST_SYNC: Final = "Against sync, no caching"
COL_LOW_MONTH: Final = "A month, low"
COL_HIGH_MONTH: Final = "A month, high"
COL_HIGH_YEAR: Final = "A year, high"
COL_RATIO: Final = "Price against today"
COL_IN_FORCE: Final = "In force"
COL_API_NIGHT: Final = "API a night"
COL_VOLUME: Final = "GPU pays from"
COL_PREFIX_PLAIN: Final = "By prefix length, no prefix cache"
COL_PREFIX_CACHED: Final = "By prefix length, prefix cache"
COL_LIFETIME: Final = "Write"
COL_PAYS: Final = "Caching pays"
COL_REQUEST_N: Final = "Requests with the prefix"
COL_NOT_CACHED: Final = "Not cached"
COL_CACHED_DEFAULT: Final = "Cached"
COL_CACHED_LONG: Final = "Cached, longer lifetime"
PAYBACK_ALT: Final = "From which request on a cache write pays, by lane and lifetime"
PAYBACK_STEPS: Final = "**In sync, request by request**"
PAYBACK_STEPS_ALT: Final = "Cost of one to six requests that share the prefix, cached and not"
GPU_ALT: Final = "Each lane's bill for the night against the GPU"
LIFETIME_DEFAULT: Final = "default lifetime"
LIFETIME_LONG: Final = "longer lifetime"

CALCULATORS: Final = {
    "job": "Four configurations",
    "share": "Share that can wait",
    "bulk": "Bulk tokens",
    "gpu": "API or GPU",
    "write": "Cache writes",
}
CALC_ABOUT: Final = {
    "job": "One job, with and without caching, now or in a batch: which lane is cheapest?",
    "share": "A part of a bill can wait. What does it save in each lane, for tokens like yours?",
    "bulk": "A heap of tokens without a shared prefix: now, in a batch, or in flex?",
    "gpu": "A night's job on the API against GPUs reserved by the hour.",
    "write": "From which request on does writing a prefix to the cache pay?",
}
CALC_FORMULA: Final = {
    "job": (
        "cost = uncached x input + read x cache read + write x cache write + output x output; prompts are "
        "prefix + own part; requests that find the prefix read it. Tokens x USD per million is micro-dollars."
    ),
    "share": (
        "saving = bill x share x (1 - cost in the lane / cost in today's lane), both for a million output "
        "tokens with the stated input and cached share, at short prompts."
    ),
    "bulk": "cost = input tokens x input price + output tokens x output price, nothing cached.",
    "gpu": (
        "GPU a night G = USD per hour x GPUs x hours. It serves 3,600 x hours x tokens a second in a night. "
        "The GPU pays from the first number of requests whose API bill reaches G. The prefix columns compare "
        "a request's share of G at full use with its API cost, as the prefix grows; everything else stays."
    ),
    "write": (
        "not cached: n x prefix x input; cached: prefix x cache write + (n - 1) x prefix x cache read. "
        "Caching pays from the first n at which the second is smaller."
    ),
}
CACHE_MODES: Final = {
    "once": "First request writes, the rest read",
    "rate": "By a hit rate",
}
MISS_MODES: Final = {"write": "Write it again", "input": "Send it as plain input"}
TOKEN_KINDS: Final = {
    "input_usd_per_mtok": "Uncached input",
    "cache_read_usd_per_mtok": "Cache read",
    "cache_write_usd_per_mtok": "Cache write",
    "cache_write_long_usd_per_mtok": "Long write",
    "output_usd_per_mtok": "Output",
}


def calc_model(provider: str, model: str) -> str:
    """A model in the picker and in the address; no Markdown."""
    return f"{provider} / {model}"


def rate(amount: Decimal | None) -> str:
    """A rate in USD per million tokens; no Markdown."""
    return NOT_KNOWN_DASH if amount is None else f"{amount.normalize():f}"


def exact_usd(amount: Decimal | None) -> str:
    """Every digit of an amount in dollars; no Markdown."""
    return NOT_KNOWN_DASH if amount is None else f"{amount.normalize():,f}"


def calc_saving(amount: str, share: float | None) -> str:
    """A saving and what part of the cost it is; no Markdown."""
    return f"saves {amount}" if share is None else f"saves {amount} ({percent(share, 1)})"


def calc_saves(share: str) -> str:
    """The label of the saving against sync without caching; no Markdown."""
    return f"Saves {share} against sync, no caching"


def calc_more(amount: str) -> str:
    """A negative saving; no Markdown."""
    return f"costs {amount} more"


def calc_batches(batches: int) -> str:
    """How many batch files the requests fill."""
    return f"By the provider's limit on requests, that is {plural(batches, 'batch', 'batches')}."


def in_force(since: datetime | None, until: datetime | None) -> str:
    """A validity interval; no Markdown."""
    if since is None:
        return "always" if until is None else f"until {day(until)}"
    return f"since {day(since)}" if until is None else f"{day(since)} to {day(until)}"


def from_band(min_prompt_tokens: int) -> str:
    """A context band; no Markdown."""
    return f"from {count(min_prompt_tokens)} tokens" if min_prompt_tokens else "any length"


def calc_prices(version: str, at: date) -> str:
    """Which table and day the figures rest on."""
    return f"Price table {md(version)}, prices in force on {day(at)} at 00:00 UTC."


def gpu_volume(requests: int | None, capacity: int) -> str:
    """The break-even volume, or why there is none; no Markdown."""
    if requests is None:
        return NOT_KNOWN_DASH
    if requests > capacity:
        return f"never: full at {count(capacity)} of {count(requests)} requests"
    return f"{plural(requests, 'request')} a night"


def gpu_prefix(api_cheaper_without: bool, tokens: int | None) -> str:
    """Which side is cheaper below and above the break-even prefix; no Markdown."""
    first, second = ("API", "GPU") if api_cheaper_without else ("GPU", "API")
    if tokens is None:
        return f"{first} at any length"
    return f"{first} below {count(tokens)} tokens, {second} from there"


def gpu_hours(hours: str, reserved: str, fits: bool, cached: bool) -> str:
    """Whether the job fits into the night."""
    with_cache = "with prefix cache" if cached else "without prefix cache"
    verdict = "fits" if fits else "**does not fit**"
    return f"The job takes {hours} of the {reserved} reserved hours {with_cache}: it {verdict}."


def pays_from(request: int | None) -> str:
    """From which request on; no Markdown."""
    if request is None:
        return "never"
    endings = {1: "st", 2: "nd", 3: "rd"}
    ending = "th" if request % 100 in (11, 12, 13) else endings.get(request % 10, "th")
    return f"from the {request}{ending} request"
