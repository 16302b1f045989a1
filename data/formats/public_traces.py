"""Public request traces, recognised by their columns: real arrival times and lengths, no prices to be had.

None of them names what would price a call, so nothing is priced and nothing is guessed: the model is
`(not logged)` (BurstGPT names one), and every lane says that there is no price for it. Their use is
the shape of traffic: lengths, and arrival where the time is one.

* Azure LLM inference (2023, 2024): TIMESTAMP, ContextTokens, GeneratedTokens; a time without a zone,
  read as UTC. The multimodal one has NumImages besides.
* BurstGPT: six columns, or eight with Session ID and Elapsed time (in seconds). Timestamp counts
  seconds from a midnight that nobody published. Response tokens of 0 are failures, whose tokens are
  unknown. Model is ChatGPT or GPT-4, served by Azure OpenAI.
* Mooncake: timestamp in milliseconds from the start of the trace; one hash of every 512 tokens.
* Bailian (Qwen): timestamp in seconds from the start; chat_id is a number counted in each file
  anew, so it is neither a call's id nor a session's.
* RAGPulse: timestamp in seconds, as text, from noon of a day that is not named; session ids.
* Vidur: lengths alone.

Times that count from an unknown start stay out: those calls are undated, not dated to 1970. Block
hashes tell what a cache could have held, not what a provider billed: those of Mooncake and Bailian are
kept beside the calls, with the trace's own clock (`data.prefixes`). RAGPulse hashes passages of any
length, from which no count of tokens follows, and they are dropped.
"""

from collections.abc import Callable, Mapping, Set
from dataclasses import dataclass
from typing import Any, Final

from data.formats.base import EXACT, Container, FileHead, share
from data.formats.flat_record import FlatRecord, normal
from data.formats.parts import seconds_as_ms
from data.schema import UNATTRIBUTED

NOT_LOGGED: Final = "(not logged)"
"""Provider and model of a call whose source names none: it is counted, and no price ever fits it."""

_PLACEHOLDER: Final = f"'{NOT_LOGGED}'"


@dataclass(frozen=True)
class Blocks:
    """How a trace writes block hashes: tokens a block, milliseconds a unit of time, the workload's key."""

    tokens: int
    ms: int
    workload: str | None = None


@dataclass(frozen=True)
class PublicTrace:
    """One request a record, under the column names of one published trace."""

    name: str
    title: str
    token_rule: str
    containers: frozenset[Container]
    labels: Mapping[str, str]
    fits: Callable[[Set[str], Mapping[str, Any]], bool]
    values: Callable[[FlatRecord], dict[str, str]]
    blocks: Blocks | None = None

    def prefixes(self, head: FileHead) -> str | None:
        """The block hashes of the trace: see `data.prefixes`."""
        if self.blocks is None:
            return None
        named = (
            f"coalesce(raw->>'$.{self.blocks.workload}', '{UNATTRIBUTED}')" if self.blocks.workload else None
        )
        return f"""SELECT
          cast(round(try_cast(raw->>'$.timestamp' AS DOUBLE) * {self.blocks.ms}) AS BIGINT) AS at_ms,
          {_PLACEHOLDER} AS provider,
          {_PLACEHOLDER} AS model,
          {named or f"'{UNATTRIBUTED}'"} AS workload,
          try_cast(raw->>'$.input_length' AS UINTEGER) AS input_tokens,
          try_cast(raw->>'$.output_length' AS UINTEGER) AS output_tokens,
          {self.blocks.tokens} AS block_tokens,
          try_cast(raw->'$.hash_ids' AS BIGINT[]) AS blocks
        FROM (SELECT CASE WHEN json_valid(raw) THEN raw END AS raw FROM source)"""

    def claim(self, head: FileHead) -> int:
        """The published columns, no more and no less than tell the trace from its kin."""
        if head.container in {"csv", "parquet"}:
            return EXACT if self.fits({normal(column) for column in head.columns}, {}) else 0
        matches = sum(self.fits({normal(key) for key in record}, record) for record in head.records)
        return share(matches, len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a request."""
        record = FlatRecord(head)
        values = self.values(record)
        tokens_in, tokens_out = values["input_text"], values["output_text"]
        return record.select(
            {
                "call_id": "cast(NULL AS VARCHAR)",
                "ts_strict": "true",
                "provider_text": _PLACEHOLDER,
                "model_text": _PLACEHOLDER,
                "input_rule": "'inclusive'",
                **values,
            },
            reject=f"""CASE
              WHEN {record.top(self.labels["input_tokens"])} IS NULL
                AND {record.top(self.labels["output_tokens"])} IS NULL THEN 'not_this_format'
              WHEN {tokens_in} IS NULL AND {_ok(values)} THEN 'missing_value:input_tokens'
              WHEN {tokens_out} IS NULL AND {_ok(values)} THEN 'missing_value:output_tokens'
            END""",
        )


def _ok(values: Mapping[str, str]) -> str:
    return f"coalesce({values.get('status_text', 'NULL')}, 'ok') = 'ok'"


def _azure(record: FlatRecord) -> dict[str, str]:
    return {
        "ts_text": record.top("TIMESTAMP"),
        "input_text": record.top("ContextTokens"),
        "output_text": record.top("GeneratedTokens"),
    }


def _burstgpt(record: FlatRecord) -> dict[str, str]:
    prompt, answer = record.top("Request tokens"), record.top("Response tokens")
    failed = record.column(f"coalesce(whole_number({answer}) = 0, false)")
    return {
        "provider_text": "'azure'",
        "model_text": record.top("Model"),
        "workload_text": record.top("Log Type"),
        "session_text": record.top("Session ID"),
        "input_text": f"CASE WHEN NOT {failed} THEN {prompt} END",
        "output_text": f"CASE WHEN NOT {failed} THEN {answer} END",
        "total_text": f"CASE WHEN NOT {failed} THEN {record.top('Total tokens')} END",
        "latency_text": seconds_as_ms(record.top("Elapsed time")),
        "status_text": f"CASE WHEN {failed} THEN 'error' ELSE 'ok' END",
    }


def _lengths(record: FlatRecord) -> dict[str, str]:
    return {"input_text": record.top("input_length"), "output_text": record.top("output_length")}


def _bailian(record: FlatRecord) -> dict[str, str]:
    return {**_lengths(record), "workload_text": record.top("type")}


def _ragpulse(record: FlatRecord) -> dict[str, str]:
    return {**_lengths(record), "session_text": record.top("session_id")}


def _vidur(record: FlatRecord) -> dict[str, str]:
    return {
        "input_text": record.top("num_prefill_tokens"),
        "output_text": record.top("num_decode_tokens"),
        "total_text": record.top("num_total_tokens"),
    }


_BLOCKS: Final = {"timestamp", "input_length", "output_length", "hash_ids"}
_BURST: Final = {"timestamp", "model", "request_tokens", "response_tokens", "log_type"}
_LENGTH_LABELS: Final = {"input_tokens": "input_length", "output_tokens": "output_length"}
_FAILED: Final = "0 response tokens are a failure, its tokens unknown."
_UNPRICED: Final = "no model is logged, so the calls stay unpriced."

PUBLIC_TRACES: Final[tuple[PublicTrace, ...]] = (
    PublicTrace(
        name="azure_llm_trace",
        title="Azure LLM inference trace",
        token_rule=f"ContextTokens is the whole input; {_UNPRICED}",
        containers=frozenset({"csv"}),
        labels={"ts": "TIMESTAMP", "input_tokens": "ContextTokens", "output_tokens": "GeneratedTokens"},
        fits=lambda names, _: names >= {"timestamp", "contexttokens", "generatedtokens"},
        values=_azure,
    ),
    PublicTrace(
        name="burstgpt_trace",
        title="BurstGPT trace",
        token_rule=f"Request tokens is the whole input; {_FAILED}",
        containers=frozenset({"csv"}),
        labels={
            "input_tokens": "Request tokens",
            "output_tokens": "Response tokens",
            "latency_ms": "Elapsed time",
            "model": "Model",
        },
        fits=lambda names, _: names >= _BURST,
        values=_burstgpt,
    ),
    PublicTrace(
        name="mooncake_trace",
        title="Mooncake trace",
        token_rule=f"input_length is all input tokens; {_UNPRICED}",
        containers=frozenset({"jsonl", "json"}),
        labels=_LENGTH_LABELS,
        fits=lambda names, record: (
            names >= _BLOCKS
            and not names & {"chat_id", "session_id"}
            and isinstance(record.get("hash_ids"), list)
        ),
        values=_lengths,
        blocks=Blocks(tokens=512, ms=1),
    ),
    PublicTrace(
        name="bailian_trace",
        title="Qwen Bailian trace",
        token_rule=f"input_length is all input tokens of the turn; {_UNPRICED}",
        containers=frozenset({"jsonl", "json"}),
        labels=_LENGTH_LABELS,
        fits=lambda names, _: names >= {*_BLOCKS, "chat_id", "parent_chat_id"},
        values=_bailian,
        blocks=Blocks(tokens=16, ms=1_000, workload="type"),
    ),
    PublicTrace(
        name="ragpulse_trace",
        title="RAGPulse trace",
        token_rule=f"input_length is all input tokens, retrieved passages and history included; {_UNPRICED}",
        containers=frozenset({"jsonl", "json"}),
        labels=_LENGTH_LABELS,
        fits=lambda names, record: (
            names >= {*_BLOCKS, "session_id"} and isinstance(record.get("hash_ids"), dict)
        ),
        values=_ragpulse,
    ),
    PublicTrace(
        name="vidur_lengths",
        title="Vidur request lengths",
        token_rule=f"num_prefill_tokens is the whole input; no time is logged, and {_UNPRICED}",
        containers=frozenset({"csv"}),
        labels={"input_tokens": "num_prefill_tokens", "output_tokens": "num_decode_tokens"},
        fits=lambda names, _: names >= {"num_prefill_tokens", "num_decode_tokens"},
        values=_vidur,
    ),
)
