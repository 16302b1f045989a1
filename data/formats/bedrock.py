"""Amazon Bedrock: model invocation logs, and Converse answers in the caller's own log.

Token rule: `inputTokens` (in the log `inputTokenCount`) is what was neither read from nor written to
the cache, so the total is input + cache read + cache write. Verified on 78 recorded Converse answers:
the three and the output add up to `totalTokens` on every one. The answer repeats each cache number
under two names (`cacheReadInputTokens`, `cacheReadInputTokenCount`), equal on every recorded answer
that has them; one is read. `cacheDetails` splits the writes by lifetime; without it they are the
default lifetime of 5 minutes. A split that does not add up to the total rejects the record.

The log has one record a request: counts at the top level, and the answer's own usage inside
`outputBodyJson`, which repeats them and is used only for what the top level lacks. Bodies beyond
100 KB are in S3, and then only the top level is left. An `errorCode` is a failed call. Operations
that stream have `Stream` in their name. Models that bill by the image have no token counts.

Model ids may be ARNs: of a foundation model or inference profile the id at the end counts; an
application inference profile does not name its model, so unless the answer's body does, the profile
stands for it. It then also names the workload, after `requestMetadata`; the role that called is the
last choice. Provisioned throughput and the reserved tier are paid in advance. Neither log nor answer
says that an answer was served latency-optimised at a dearer price, only that it was asked for;
it is kept as standard.
"""

from collections.abc import Mapping
from typing import Final

from data.formats.attributes import attribute_list
from data.formats.base import EXACT, MARKED, Container, FileHead, share
from data.formats.flat_record import FlatRecord
from data.formats.json_record import WORKLOAD_KEYS, ProviderRecord, missing_counts, objects_at, value_at
from data.formats.openai_chat import without

_RULE: Final = "inputTokens leaves cached tokens out: the total is input + cache reads + cache writes."
_DETAIL: Final = '[{"inputTokens": "VARCHAR", "ttl": "VARCHAR"}]'
_TEAM_KEYS: Final = (*WORKLOAD_KEYS, "job", "team")
_METRICS: Final = '"amazon-bedrock-invocationMetrics"'
_LAST: Final = "output.outputBodyJson[#-1]"
"""The last event of a logged stream, which has the metrics."""


class BedrockInvocationLog:
    """One logged request a record, as CloudWatch and S3 hold them."""

    name = "bedrock_invocation_log"
    title = "Bedrock model invocation logs"
    token_rule = _RULE.replace("inputTokens", "inputTokenCount")
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels: Mapping[str, str] = {
        "input_tokens": "input.inputTokenCount",
        "cache_read_tokens": "input.cacheReadInputTokenCount",
        "cache_write_tokens": "input.cacheWriteInputTokenCount",
        "cache_write_long_tokens": "usage.cacheDetails",
        "output_tokens": "output.outputTokenCount",
        "model": "modelId",
        "ts": "timestamp",
    }

    def claim(self, head: FileHead) -> int:
        """`schemaType` says so."""
        matches = sum(record.get("schemaType") == "ModelInvocationLog" for record in head.records)
        return share(matches, len(head.records), EXACT)

    def draft(self, head: FileHead) -> str:
        """One row a record."""
        record = FlatRecord(head)
        top = record.top

        def body(*paths: str) -> str:
            return top(*(f"output.outputBodyJson.{path}" for path in paths))

        model_id = record.column(_unescaped(top("modelId")))
        profile = f"starts_with({end_of_arn(model_id)}, 'application-inference-profile/')"
        caller = top("identity.arn")
        role = f"nullif(regexp_extract({caller}, ':assumed-role/([^/]+)', 1), '')"
        writes = CacheWrites(
            record.column(
                f"coalesce({top('input.cacheWriteInputTokenCount')}, "
                f"{body('usage.cacheWriteInputTokens', 'usage.cache_creation_input_tokens')})"
            ),
            record.column(cache_details(body("usage.cacheDetails"))),
            body("usage.cache_creation.ephemeral_1h_input_tokens"),
        )
        operation = top("operation")
        return record.select(
            {
                "call_id": top("requestId"),
                "ts_text": top("timestamp"),
                "ts_strict": "false",
                "provider_text": "'bedrock'",
                "model_text": f"CASE WHEN {profile} "
                f"THEN coalesce({bedrock_name(body('model'))}, {end_of_arn(model_id)}) "
                f"ELSE {end_of_arn(model_id)} END",
                "workload_text": (
                    f"coalesce({top(*(f'requestMetadata.{key}' for key in _TEAM_KEYS))}, "
                    f"CASE WHEN {profile} THEN {end_of_arn(model_id)} END, {role})"
                ),
                "attributes": attribute_list(
                    {
                        "project": top("accountId"),
                        "api_key_alias": role,
                        "metadata.profile": f"CASE WHEN {profile} THEN {end_of_arn(model_id)} END",
                    },
                    metadata=[top("requestMetadata")],
                ),
                "session_text": caller,
                "input_rule": "'exclusive'",
                "input_text": f"coalesce({top('input.inputTokenCount')}, "
                f"{body('usage.inputTokens', 'usage.input_tokens')})",
                "cache_read_text": f"coalesce({top('input.cacheReadInputTokenCount')}, "
                f"{body('usage.cacheReadInputTokens', 'usage.cache_read_input_tokens')})",
                **writes.columns(),
                "output_text": f"coalesce({top('output.outputTokenCount')}, "
                f"{body('usage.outputTokens', 'usage.output_tokens')})",
                "total_text": body("usage.totalTokens"),
                "tier_text": f"CASE WHEN {_is_provisioned(model_id)} THEN 'provisioned' "
                f"ELSE {body('serviceTier.type')} END",
                "status_text": f"CASE WHEN {top('errorCode')} IS NULL THEN 'ok' ELSE 'error' END",
                "latency_text": top(
                    "output.outputBodyJson.metrics.latencyMs",
                    f"output.outputBodyJson.{_METRICS}.invocationLatency",
                    f"{_LAST}.{_METRICS}.invocationLatency",
                    f"{_LAST}.metadata.metrics.latencyMs",
                ),
                "ttft_text": top(
                    f"output.outputBodyJson.{_METRICS}.firstByteLatency",
                    f"{_LAST}.{_METRICS}.firstByteLatency",
                ),
                "streamed_text": f"CASE WHEN {operation} IS NOT NULL "
                f"THEN CASE WHEN contains({operation}, 'Stream') THEN 'true' ELSE 'false' END END",
            },
            reject=f"""CASE
              WHEN {top("schemaType")} IS DISTINCT FROM 'ModelInvocationLog' THEN 'not_this_format'
              WHEN {writes.disagree()} THEN 'cache_totals_disagree:cache_write_tokens'
            END""",
        )


class BedrockConverse:
    """One Converse answer a record, bare or inside the caller's own record."""

    name = "bedrock_converse"
    title = "Bedrock Converse responses"
    token_rule = _RULE
    containers: frozenset[Container] = frozenset({"jsonl", "json"})
    labels: Mapping[str, str] = {
        "input_tokens": "usage.inputTokens",
        "cache_read_tokens": "usage.cacheReadInputTokens",
        "cache_write_tokens": "usage.cacheWriteInputTokens",
        "cache_write_long_tokens": "usage.cacheDetails",
        "output_tokens": "usage.outputTokens",
        "latency_ms": "metrics.latencyMs",
        "tier": "serviceTier.type",
    }

    def claim(self, head: FileHead) -> int:
        """Records that hold usage as Converse writes it."""
        matches = sum(
            any(value_at(found, "usage.inputTokens") is not None for found in objects_at(record) if found)
            for record in head.records
        )
        return share(matches, len(head.records), MARKED)

    def draft(self, head: FileHead) -> str:
        """One row a record."""
        record = ProviderRecord(head, "usage.inputTokens")
        own = record.own
        url = record.beside("url", "base_url", "api_base")
        asked = record.beside("request.modelId", "request.model", "modelId", "model_id", "model")
        in_url = f"nullif(regexp_extract({url}, '/model/([^/?]+)/(?:converse|invoke)', 1), '')"
        model_id = record.column(_unescaped(f"coalesce({asked}, {in_url})"))
        profile = f"starts_with({end_of_arn(model_id)}, 'application-inference-profile/')"
        common = record.common()
        writes = CacheWrites(
            own("usage.cacheWriteInputTokens", "usage.cacheWriteInputTokenCount"),
            record.column(cache_details(own("usage.cacheDetails"))),
            "NULL",
        )
        return record.select(
            {
                **common,
                "call_id": own("ResponseMetadata.RequestId"),
                "ts_text": record.moment(),
                "provider_text": f"coalesce({record.beside('provider')}, 'bedrock')",
                "model_text": end_of_arn(model_id),
                "workload_text": f"coalesce({common['workload_text']}, "
                f"CASE WHEN {profile} THEN {end_of_arn(model_id)} END)",
                "session_text": record.session(),
                "input_rule": "'exclusive'",
                "input_text": own("usage.inputTokens"),
                "cache_read_text": own("usage.cacheReadInputTokens", "usage.cacheReadInputTokenCount"),
                **writes.columns(),
                "output_text": own("usage.outputTokens"),
                "total_text": own("usage.totalTokens"),
                "tier_text": f"CASE WHEN {_is_provisioned(model_id)} THEN 'provisioned' "
                f"ELSE {own('serviceTier.type')} END",
                "status_text": f"CASE WHEN {record.failed()} THEN 'error' ELSE 'ok' END",
                "latency_text": f"coalesce({own('metrics.latencyMs')}, {common['latency_text']})",
                "streamed_text": f"CASE WHEN ends_with({url}, '/converse') THEN 'false' "
                f"WHEN ends_with({url}, '/converse-stream') THEN 'true' ELSE {common['streamed_text']} END",
            },
            reject=f"""CASE
              {missing_counts(record.has("usage"), own("usage.inputTokens"), own("usage.outputTokens"))}
              WHEN {writes.disagree()} THEN 'cache_totals_disagree:cache_write_tokens'
            END""",
        )


class CacheWrites:
    """Cache writes as SQL: the total, its split (a column made with `_details`), a long part named apart."""

    def __init__(self, total: str, details: str, named_long: str) -> None:
        self._total = total
        self._details = details
        one_hour = f"list_filter({details}, lambda d: d.ttl = '1h')"
        in_details = f"CASE WHEN {details} IS NOT NULL THEN cast({_sum(one_hour)} AS VARCHAR) END"
        self._long = f"coalesce({named_long}, {in_details})"

    def columns(self) -> dict[str, str]:
        """The two draft columns."""
        return {"cache_write_text": without(self._total, self._long), "cache_write_long_text": self._long}

    def disagree(self) -> str:
        """SQL that is true when total and split cannot both be right."""
        total = f"whole_number({self._total})"
        unread = f"len(list_filter({self._details}, lambda d: whole_number(d.inputTokens) IS NULL)) > 0"
        return (
            f"{total} < whole_number({self._long}) OR {unread} "
            f"OR (len({self._details}) > 0 AND {_sum(self._details)} <> {total})"
        )


def bedrock_name(model: str) -> str:
    """SQL: the Bedrock id of a Claude model that is named as Anthropic names it; others as they are."""
    named = f"'anthropic.' || {model}"
    version = f"CASE WHEN regexp_matches({model}, '-[0-9]{{8}}$') THEN '-v1:0' ELSE '' END"
    return f"CASE WHEN starts_with({model}, 'claude-') THEN {named} || {version} ELSE {model} END"


def cache_details(text: str) -> str:
    """SQL: `cacheDetails` as a list of structs, NULL where it is none."""
    return f"from_json(json_list({text}), '{_DETAIL}')"


def _sum(details: str) -> str:
    return f"coalesce(list_sum(list_transform({details}, lambda d: whole_number(d.inputTokens))), 0)"


def _unescaped(model_id: str) -> str:
    """SQL: a model id out of a URL; of its characters only these two are escaped there."""
    return f"regexp_replace(regexp_replace({model_id}, '%3[Aa]', ':', 'g'), '%2[Ff]', '/', 'g')"


def end_of_arn(model_id: str) -> str:
    """SQL: the model id at the end of an ARN, an application inference profile with its kind."""
    return (
        f"CASE WHEN regexp_matches({model_id}, '^arn:') "
        f"THEN regexp_replace({model_id}, '^(?:[^:]*:){{5}}(?:foundation-model/|inference-profile/)?', '') "
        f"ELSE {model_id} END"
    )


def _is_provisioned(model_id: str) -> str:
    return f"coalesce(contains({model_id}, ':provisioned-model/'), false)"
