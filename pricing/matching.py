"""From the model id in a log to the ids a price table may know it by, most literal first.

Only spellings of the same model are tried (case, routing prefixes, snapshot dates, version tags).
Nothing here guesses a family: an id that no spelling settles stays unmatched and is listed.
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
    "deepseek": ("deepseek/",),
}
"""Routing prefixes that gateways put before an id of that provider."""

_PUBLISHER: Final = re.compile(r"^(?:.*/publishers/|publishers/)[^/]+/models/|^arn:aws[^/]*/")
"""Resource names: projects/.../publishers/google/models/<id>, arn:aws:bedrock:...:inference-profile/<id>."""

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
            if spelling and spelling not in seen:
                seen.add(spelling)
                yield spelling


def _stems(provider: str, literal: str) -> Iterator[str]:
    yield literal
    stem = _PUBLISHER.sub("", literal)
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
    if stem.startswith("ft:"):  # ft:<base>:<organisation>:<name>:<id> is priced by its base
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


def matches(model: str, model_glob: str) -> bool:
    """Whether a model id falls under alternatives like `gpt-5*|gpt-6*`."""
    return any(fnmatchcase(model, pattern) for pattern in model_glob.split("|"))
