"""The log formats, and which of them a file is."""

from dataclasses import dataclass
from typing import Final

from data.errors import AmbiguousFormatError, UnknownFormatError, UnreadableFileError
from data.formats.anthropic_batch import AnthropicBatch
from data.formats.anthropic_costs import AnthropicCosts
from data.formats.anthropic_messages import AnthropicMessages
from data.formats.anthropic_usage import AnthropicUsage
from data.formats.base import (
    CONTAINER_TITLES,
    Container,
    DescriptionFormat,
    FileHead,
    LogFormat,
    shown_column,
)
from data.formats.bedrock import BedrockConverse, BedrockInvocationLog
from data.formats.bedrock_batch import BedrockBatch
from data.formats.braintrust import Braintrust
from data.formats.claude_code import ClaudeCode
from data.formats.codex import Codex
from data.formats.deepseek_console import DeepSeekConsole
from data.formats.deepseek_costs import DeepSeekCosts
from data.formats.focus import Focus
from data.formats.gcp_billing import GcpBilling
from data.formats.gemini import GeminiBatch, GeminiResponses, GeminiStreams
from data.formats.helicone import Helicone
from data.formats.lanewise_record import LanewiseRecord
from data.formats.langfuse import Langfuse
from data.formats.litellm_daily import LiteLLMDaily
from data.formats.litellm_spend import LiteLLMSpend
from data.formats.openai_activity import OpenAIActivity
from data.formats.openai_batch import OpenAIBatch
from data.formats.openai_batch_object import OpenAIBatchObject
from data.formats.openai_chat import OpenAIChat
from data.formats.openai_costs import OpenAICosts
from data.formats.openai_responses import OpenAIResponses
from data.formats.openai_usage import OpenAIUsage
from data.formats.openinference import OpenInference
from data.formats.openrouter import OpenRouterChat, OpenRouterDaily, OpenRouterGenerations
from data.formats.openrouter_api import OpenRouterGenerationApi
from data.formats.otel_genai import OTelGenAI
from data.formats.portkey import Portkey
from data.formats.public_traces import PUBLIC_TRACES
from data.formats.streams import STREAMS
from data.formats.vllm_requests import VllmRequests
from data.formats.weave import Weave
from data.formats.workload_description import WorkloadDescription

AnyFormat = LogFormat | DescriptionFormat

FORMATS: Final[tuple[AnyFormat, ...]] = (
    LanewiseRecord("csv"),
    LanewiseRecord("jsonl"),
    LanewiseRecord("parquet"),
    OpenAIChat(),
    OpenAIResponses(),
    AnthropicMessages(),
    GeminiResponses(),
    GeminiStreams(),
    GeminiBatch(),
    BedrockInvocationLog(),
    BedrockConverse(),
    BedrockBatch(),
    ClaudeCode(),
    Codex(),
    OpenRouterChat(),
    OpenRouterGenerations(),
    OpenRouterGenerationApi(),
    OpenRouterDaily(),
    LiteLLMSpend(),
    *STREAMS,
    OpenAIBatch(),
    OpenAIBatchObject(),
    OpenAIUsage(),
    OpenAICosts(),
    OpenAIActivity(),
    AnthropicBatch(),
    AnthropicUsage(),
    AnthropicCosts(),
    LiteLLMDaily(),
    DeepSeekConsole(),
    DeepSeekCosts(),
    GcpBilling(),
    Focus(),
    VllmRequests(),
    OTelGenAI(),
    OpenInference(),
    Langfuse(),
    Helicone(),
    Portkey(),
    Braintrust(),
    Weave(),
    *PUBLIC_TRACES,
    WorkloadDescription(),
)
"""Every format there is; the order means nothing, the strongest claim wins."""


@dataclass(frozen=True)
class Recognition:
    """What a file was taken for, and who else laid claim to it, strongest first."""

    format: str
    container: Container
    strength: int
    also: tuple[tuple[str, int], ...]


def format_named(name: str) -> AnyFormat:
    """The format of that name; raises UnknownFormatError listing the names there are."""
    for known in FORMATS:
        if known.name == name:
            return known
    names = ", ".join(sorted(known.name for known in FORMATS))
    raise UnknownFormatError(
        "No such format", f"There is no format named “{name[:60]}”. Choose one of: {names}."
    )


def recognise_head(
    head: FileHead, shown: str, format_name: str | None = None
) -> tuple[AnyFormat, Recognition]:
    """Asks every format about the head and returns the one with the strongest claim.

    `shown` is the file's display name. An explicit `format_name` overrides all claims. Raises
    UnknownFormatError when nobody claims the file, AmbiguousFormatError on a tie.
    """
    claims = [(known.claim(head), known) for known in FORMATS if head.container in known.containers]
    ranked = sorted(
        ((strength, known) for strength, known in claims if strength), key=lambda claim: -claim[0]
    )
    if format_name is not None:
        chosen = format_named(format_name)
        if head.container not in chosen.containers:
            kinds = " or ".join(sorted(CONTAINER_TITLES[container] for container in chosen.containers))
            raise UnreadableFileError(
                "The file is not of that kind",
                f"“{shown}” is {CONTAINER_TITLES[head.container]}, and {chosen.name} reads {kinds}. "
                "Choose another format, or leave the choice out.",
            )
        strength = next((claimed for claimed, known in ranked if known is chosen), 0)
    elif not ranked:
        raise _unclaimed(head, shown)
    else:
        strength, chosen = ranked[0]
        if len(ranked) > 1 and ranked[1][0] == strength:
            names = " and ".join(known.name for claimed, known in ranked if claimed == strength)
            raise AmbiguousFormatError(
                "Two formats fit equally well",
                f"“{shown}” could be {names}. Say which with --format, or choose it on the page.",
            )
    also = tuple((known.name, claimed) for claimed, known in ranked if known is not chosen)
    return chosen, Recognition(chosen.name, head.container, strength, also)


def _unclaimed(head: FileHead, shown: str) -> UnknownFormatError:
    titles = ", ".join(sorted({known.title for known in FORMATS}))
    if head.columns:
        seen = "Its columns are: " + ", ".join(shown_column(column) for column in head.columns[:12])
        seen += ", …." if len(head.columns) > 12 else "."
    else:
        seen = "Its records have none of the marks of a known log."
    return UnknownFormatError(
        "Not a log that is known",
        f"“{shown}” is none of the formats known: {titles}. {seen} "
        "If it is one of them after all, name it with --format; "
        "else say what its columns mean with --mapping.",
    )
