"""The words of the field: how tiers, providers, hosts and model families are written in logs.

Each table maps what is written, in lower case, to our own id. What is in no table stays what it
is (providers) or is refused (tiers): nothing is taken for standard or for OpenAI in silence.
"""

import re
from collections.abc import Mapping
from typing import Final

from data.db import quoted
from data.schema import Tier

TIERS: Final[dict[str, Tier]] = {
    "default": "standard",
    "standard": "standard",
    "on_demand": "standard",
    "batch": "batch",
    "flex": "flex",
    "flex-tier": "flex",
    "flex_tier": "flex",
    "flex_discount": "flex",
    "on_demand_flex": "flex",
    "priority": "priority",
    "fast": "priority",
    "on_demand_priority": "priority",
    "ultrafast": "ultrafast",
    "offpeak": "offpeak",
    "on_demand_offpeak": "offpeak",
}
"""Tier words of OpenAI, Anthropic, Gemini, Vertex, Groq and OpenRouter; absent or empty is standard."""

PREPAID: Final = ("scale", "provisioned", "provisioned_throughput", "reserved", "priority_tier")
"""Capacity bought in advance: no price by the token, so no lane to compare."""

PROVIDERS: Final[dict[str, str]] = {
    "azure_openai": "azure",
    "azure-openai": "azure",
    "azure_ai": "azure",
    "microsoft": "azure",
    "azure.ai.openai": "azure",
    "azure.ai.inference": "azure",
    "az.ai.openai": "azure",
    "az.ai.inference": "azure",
    "azure-ai": "azure",
    "google": "gemini",
    "google_ai_studio": "gemini",
    "google-gla": "gemini",
    "vertex": "vertex_ai",
    "vertexai": "vertex_ai",
    "vertex_ai_beta": "vertex_ai",
    "google_vertex": "vertex_ai",
    "vertex_ai-language-models": "vertex_ai",
    "vertex_ai-anthropic_models": "vertex_ai",
    "vertex_ai-mistral_models": "vertex_ai",
    "google-vertex": "vertex_ai",
    "vertex-ai": "vertex_ai",
    "gcp.gemini": "gemini",
    "gcp.gen_ai": "gemini",
    "gcp.vertex_ai": "vertex_ai",
    "aws": "bedrock",
    "aws_bedrock": "bedrock",
    "amazon": "bedrock",
    "amazon-bedrock": "bedrock",
    "bedrock_converse": "bedrock",
    "aws.bedrock": "bedrock",
    "mistralai": "mistral",
    "mistral_ai": "mistral",
    "mistral-ai": "mistral",
    "codestral": "mistral",
    "x.ai": "xai",
    "x_ai": "xai",
    "x-ai": "xai",
    "x": "xai",
    "text-completion-openai": "openai",
    "together": "together_ai",
    "togetherai": "together_ai",
    "together-ai": "together_ai",
    "fireworks": "fireworks_ai",
    "fireworks-ai": "fireworks_ai",
    "cohere_chat": "cohere",
    "z.ai": "zai",
    "voyageai": "voyage",
    "voyage-ai": "voyage",
    "alibaba": "dashscope",
    "alibaba-cloud": "dashscope",
    "deep-infra": "deepinfra",
}
"""Other spellings -> canonical provider id."""

HOSTS: Final[dict[str, str]] = {
    "api.openai.com": "openai",
    "openai.azure.com": "azure",
    "cognitiveservices.azure.com": "azure",
    "services.ai.azure.com": "azure",
    "api.anthropic.com": "anthropic",
    "generativelanguage.googleapis.com": "gemini",
    "aiplatform.googleapis.com": "vertex_ai",
    "amazonaws.com": "bedrock",
    "api.aws": "bedrock",
    "api.mistral.ai": "mistral",
    "api.x.ai": "xai",
    "api.groq.com": "groq",
    "api.deepseek.com": "deepseek",
    "openrouter.ai": "openrouter",
    "api.cerebras.ai": "cerebras",
    "api.together.ai": "together_ai",
    "api.together.xyz": "together_ai",
    "api.fireworks.ai": "fireworks_ai",
    "api.perplexity.ai": "perplexity",
    "router.huggingface.co": "huggingface",
    "api.z.ai": "zai",
    "api.cohere.com": "cohere",
    "api.cohere.ai": "cohere",
    "api.moonshot.ai": "moonshot",
    "api.moonshot.cn": "moonshot",
    "api.minimax.io": "minimax",
    "api.deepinfra.com": "deepinfra",
    "api.novita.ai": "novita",
    "api.studio.nebius.com": "nebius",
    "api.tokenfactory.nebius.com": "nebius",
    "api.sambanova.ai": "sambanova",
    "api.voyageai.com": "voyage",
    "dashscope.aliyuncs.com": "dashscope",
    "dashscope-intl.aliyuncs.com": "dashscope",
    "cloud.databricks.com": "databricks",
    "azuredatabricks.net": "databricks",
}
"""Host, or the end of a host after a dot or hyphen -> canonical provider id."""

MODEL_PREFIXES: Final[dict[str, str]] = {
    "gpt-": "openai",
    "chatgpt-": "openai",
    "o1": "openai",
    "o3": "openai",
    "o4": "openai",
    "text-embedding-": "openai",
    "claude": "anthropic",
    "gemini": "gemini",
    "grok": "xai",
    "mistral": "mistral",
    "codestral": "mistral",
    "deepseek": "deepseek",
}
"""How model ids begin that settle their provider when nothing else names one."""


def provider_of_model(model: str) -> str | None:
    """The provider that a model id settles, None where it settles none."""
    return next((name for prefix, name in MODEL_PREFIXES.items() if model.lower().startswith(prefix)), None)


def _table(words: Mapping[str, str]) -> str:
    """A MAP literal: asking a CASE of many branches would write its subject into the plan once for each."""
    return "MAP {" + ", ".join(f"{quoted(word)}: {quoted(meaning)}" for word, meaning in words.items()) + "}"


def _when(conditions: Mapping[str, str]) -> str:
    return (
        "CASE "
        + " ".join(f"WHEN {test} THEN {quoted(meaning)}" for test, meaning in conditions.items())
        + " END"
    )


def macros() -> tuple[str, ...]:
    """The tables as SQL macros.

    tier_of, is_prepaid, provider_of, provider_of_host, provider_of_model; and usual_provider, which is
    the text itself where it is a canonical id, else NULL. The words most rows have are asked first.
    """
    own_tiers = ", ".join(quoted(word) for word in TIERS if TIERS[word] == word)
    canonical = {*PROVIDERS.values(), *HOSTS.values()} - PROVIDERS.keys()
    usual = ", ".join(quoted(name) for name in sorted(canonical))
    tier = f"{_table(dict(TIERS))}[lower(trim(t))]"
    provider = f"coalesce({_table(PROVIDERS)}[lower(trim(t))], lower(trim(t)))"
    ends = f"(?:^|[.-])({'|'.join(re.escape(host) for host in HOSTS)})$"
    hosts = f"CASE WHEN h IS NOT NULL THEN {_table(HOSTS)}[regexp_extract(h, {quoted(ends)}, 1)] END"
    models = _when(
        {f"starts_with(lower(m), {quoted(prefix)})": name for prefix, name in MODEL_PREFIXES.items()}
    )
    prepaid = ", ".join(quoted(word) for word in PREPAID)
    return (
        f"CREATE MACRO tier_of(t) AS CASE WHEN t IN ({own_tiers}) THEN t WHEN t IS NULL OR t = 'default' "
        f"OR trim(t) = '' THEN 'standard' ELSE {tier} END",
        f"CREATE MACRO usual_provider(t) AS CASE WHEN t IN ({usual}) THEN t END",
        f"CREATE MACRO is_prepaid(t) AS lower(trim(t)) IN ({prepaid})",
        f"CREATE MACRO provider_of(t) AS {provider}",
        f"CREATE MACRO provider_of_host(h) AS {hosts}",
        f"CREATE MACRO provider_of_model(m) AS {models}",
    )
