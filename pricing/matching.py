"""From the model id in a log to the ids a price table may know it by, most literal first.

Only spellings of the same model are tried: case, display names, routing prefixes, snapshot dates,
version tags, the order of the words in a Claude name. Nothing here guesses a family: an id that no
spelling settles stays unmatched and is listed. A fine-tuned model keeps its `ft:` in every
spelling, so that it is never priced as the model it was made from.
"""

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Final

_PREFIXES: Final[dict[str, tuple[str, ...]]] = {
    "openai": ("openai/", "text-completion-openai/"),
    "azure": ("azure/", "azure_ai/", "azure_text/", "openai/"),
    "anthropic": ("anthropic/",),
    "gemini": ("gemini/", "google/", "models/"),
    "vertex_ai": ("vertex_ai/", "google/", "anthropic/", "models/"),
    "bedrock": ("bedrock/", "bedrock_converse/", "bedrock_mantle/", "converse/", "invoke/"),
    "mistral": ("mistral/", "mistralai/"),
    "xai": ("xai/", "x-ai/"),
    "groq": ("groq/",),
    "deepseek": ("deepseek/", "deepseek-ai/"),
    "openrouter": ("openrouter/",),
    "together_ai": ("together_ai/", "together/", "togethercomputer/"),
    "fireworks_ai": (
        "fireworks_ai/",
        "fireworks/",
        "accounts/fireworks/models/",
        "accounts/fireworks/routers/",
    ),
    "cohere": ("cohere/", "cohere_chat/"),
    "dashscope": ("dashscope/", "alibaba/", "qwen/"),
    "moonshot": ("moonshot/", "moonshotai/"),
    "zai": ("zai/", "z-ai/", "zai-org/"),
    "minimax": ("minimax/", "minimaxai/"),
    "voyage": ("voyage/", "voyageai/"),
}
"""Routing prefixes that gateways put before an id of that provider."""

_PUBLISHER: Final = re.compile(r"^(?:.*/publishers/|publishers/)[^/]+/models/|^arn:aws[^/]*/")
"""Resource names: projects/.../publishers/google/models/<id>, arn:aws:bedrock:...:inference-profile/<id>."""

_BLANKS: Final = re.compile(r"[\s_]+")
"""What stands between the words of a display name such as `Claude Sonnet 4.5`."""

_CLAUDE_NUMBER_FIRST: Final = re.compile(
    r"^claude-(\d)(?:[.-](\d))?-(haiku|sonnet|opus|fable|mythos)(?=$|[-@])"
)
_CLAUDE_NAME_FIRST: Final = re.compile(
    r"^claude-(haiku|sonnet|opus|fable|mythos)-(\d)(?:[.-](\d))?(?=$|[-@])"
)
"""One model, two orders: claude-4.5-sonnet is claude-sonnet-4-5, claude-sonnet-3.7 is claude-3-7-sonnet."""

_SUFFIXES: Final[tuple[re.Pattern[str], ...]] = (
    re.compile(r"[-@]20\d{2}-[01]\d-[0-3]\d$"),  # -2025-08-07
    re.compile(r"[-@]20\d{2}[01]\d[0-3]\d$"),  # -20250929, @20250929
    re.compile(r"[-@](?:latest|default)$"),
)
_GEMINI_SUFFIXES: Final = (
    re.compile(r"-preview-\d{2}-(?:\d{2}|20\d{2})$"),  # -preview-05-06, -preview-09-2025
    re.compile(r"-00\d$"),
)
_BEDROCK_SUFFIXES: Final = (re.compile(r":\d+k?$"), re.compile(r"-v\d+$"))


def spellings(provider: str, model: str) -> Iterator[str]:
    """The ids to look up for a logged model, in order: as logged, without prefixes, without tags."""
    literal = model.strip().lower()
    seen: set[str] = set()
    for stem in _stems(provider, literal):
        for spelling in _untagged(provider, stem):
            for written in _respelled(spelling):
                if written and written not in seen:
                    seen.add(written)
                    yield written


def _stems(provider: str, literal: str) -> Iterator[str]:
    yield literal
    stem = _PUBLISHER.sub("", literal)
    if " " in stem:
        stem = _BLANKS.sub("-", stem)
    stripped = True
    while stripped:
        yield stem
        stripped = False
        for prefix in _PREFIXES.get(provider, (f"{provider}/",)):
            if stem.startswith(prefix):
                stem, stripped = stem[len(prefix) :], True
                break


def _untagged(provider: str, stem: str) -> Iterator[str]:
    yield stem
    if stem.startswith("ft:"):  # ft:<base>:<organisation>:<name>:<id>: the base's fine-tuned price
        stem = ":".join(stem.split(":")[:2])
        yield stem
    suffixes = _SUFFIXES
    if provider in ("gemini", "vertex_ai"):
        suffixes += _GEMINI_SUFFIXES
    elif provider == "bedrock":
        suffixes += _BEDROCK_SUFFIXES
    for _ in range(3):  # a date, a version and a tag at most
        for suffix in suffixes:
            shorter = suffix.sub("", stem)
            if shorter != stem:
                stem = shorter
                yield stem
                break


def _respelled(stem: str) -> Iterator[str]:
    """A Claude id in the order Anthropic writes it: the number first up to 3.7, the name first after."""
    yield stem
    found = _CLAUDE_NUMBER_FIRST.match(stem)
    if found is not None:
        major, minor, family = found.groups()
    else:
        found = _CLAUDE_NAME_FIRST.match(stem)
        if found is None:
            return
        family, major, minor = found.groups()
    number = major if minor is None else f"{major}-{minor}"
    name = f"claude-{number}-{family}" if int(major) < 4 else f"claude-{family}-{number}"
    yield name + stem[found.end() :]


def matches(model: str, model_glob: str) -> bool:
    """Whether a model id falls under alternatives like `gpt-5*|gpt-6*`."""
    return any(fnmatchcase(model, pattern) for pattern in model_glob.split("|"))
