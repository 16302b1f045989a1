"""One target a family of parsers: golden inputs, broken in any way, give rows and rejects or one error.

`LANEWISE_FUZZ` is the number of examples a target; the default is small enough for every run.
"""

import io
import json
import os
from functools import cache
from pathlib import Path
from typing import Final

import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.errors import LanewiseDataError
from data.formats import FORMATS
from data.ingest import UnusableMember, import_all
from data.mapping import ColumnMapping
from data.store import Workspace
from data.wrapped import is_wrapped, unwrapped
from tests.formats_cases import CASES, attempt, source
from tests.fuzz.mutations import (
    CANARY,
    as_csv,
    as_parquet,
    broken_bytes,
    packed,
    recoded,
    spliced_json,
    spliced_table,
)

FAMILIES: Final = {
    "wrapped objects": (
        "openai_chat",
        "openai_responses",
        "anthropic_messages",
        "gemini_responses",
        "bedrock_converse",
        "openrouter_chat",
    ),
    "flat records": (
        "lanewise_csv",
        "lanewise_jsonl",
        "litellm_spend",
        "litellm_daily",
        "openai_activity",
        "openrouter_generations",
        "openrouter_daily",
        "openrouter_generation_api",
        "deepseek_console",
        "helicone",
        "portkey",
        "vllm_requests",
        "bedrock_invocation_log",
    ),
    "batches": ("openai_batch", "openai_batch_object", "anthropic_batch", "gemini_batch", "bedrock_batch"),
    "streams": ("openai_chat_stream", "openai_responses_stream", "anthropic_stream", "gemini_sse"),
    "pages of buckets": ("openai_usage", "anthropic_usage"),
    "transcripts": ("claude_code", "codex"),
    "spans and observations": ("otel_genai", "openinference", "langfuse", "braintrust", "weave"),
    "bills": ("openai_costs", "anthropic_costs", "gcp_billing", "focus", "deepseek_costs"),
    "public traces": (
        "azure_llm_trace",
        "burstgpt_trace",
        "mooncake_trace",
        "bailian_trace",
        "ragpulse_trace",
        "vidur_lengths",
    ),
    "descriptions": ("workload_description",),
}
"""Family -> its formats."""

EXAMPLES: Final = int(os.environ.get("LANEWISE_FUZZ", "3"))
bounded = settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.data_too_large,
        HealthCheck.too_slow,
    ],
)


@cache
def seed(case: Path) -> bytes:
    """The input of a case with a canary wherever texts stand."""
    content = source(case).read_bytes()
    for text in (b"(text)", b"a secret"):
        content = content.replace(text, CANARY.encode())
    return content


def seeds(*formats: str) -> list[Path]:
    return [case for case in CASES if case.parent.name in formats]


def kept(workspace: Workspace) -> str:
    """Everything that is in the workspace, as text."""
    found = ""
    for file in workspace.path.rglob("*"):
        if file.is_file():
            found += file.read_bytes().decode("latin-1")
            if file.suffix == ".parquet":
                found += str(pq.read_table(file, partitioning=None).to_pylist())
    return found


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


def test_every_format_has_a_target() -> None:
    listed = [name for names in FAMILIES.values() for name in names]
    assert sorted(listed) == sorted({known.name for known in FORMATS} - {"lanewise_parquet"})


@pytest.mark.parametrize("family", FAMILIES)
@bounded
@given(data=st.data())
def test_broken_bytes(workspace: Workspace, family: str, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(seeds(*FAMILIES[family])))
    content = data.draw(broken_bytes(seed(case)) | recoded(seed(case)))
    _, said = attempt(workspace, content, data.draw(st.sampled_from((None, case.parent.name))))
    assert "canary" not in said


@pytest.mark.parametrize("family", FAMILIES)
@bounded
@given(data=st.data())
def test_spliced_values(workspace: Workspace, family: str, data: st.DataObject) -> None:
    """Texts stay where texts stand, so none may be anywhere afterwards."""
    case = data.draw(st.sampled_from(seeds(*FAMILIES[family])))
    content, kind = seed(case), source(case).suffix
    if kind in {".json", ".jsonl"}:
        content = data.draw(spliced_json(content, lines=kind == ".jsonl"))
    elif kind == ".csv":
        content = as_csv(data.draw(spliced_table(content)), data.draw(st.sampled_from(",;\t|")))
    else:
        content = data.draw(recoded(content))
    _, said = attempt(workspace, content, data.draw(st.sampled_from((None, case.parent.name))))
    assert "canary" not in said + kept(workspace)


PARQUET: Final = [
    case
    for case in seeds("lanewise_csv", "vllm_requests", "focus", "otel_genai", "openinference")
    if source(case).suffix == ".csv"
]


@bounded
@given(data=st.data())
def test_parquet(workspace: Workspace, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(PARQUET))
    content = data.draw(as_parquet(data.draw(spliced_table(seed(case)))))
    named = case.parent.name.replace("lanewise_csv", "lanewise_parquet")
    if data.draw(st.booleans()):
        content = data.draw(broken_bytes(content))
    _, said = attempt(workspace, content, data.draw(st.sampled_from((None, named))))
    assert "canary" not in said


@bounded
@given(data=st.data())
def test_mapped_tables(workspace: Workspace, data: st.DataObject) -> None:
    case = data.draw(
        st.sampled_from(seeds("litellm_daily", "portkey", "focus", "lanewise_csv", "vllm_requests"))
    )
    content, is_csv = seed(case), source(case).suffix == ".csv"
    rows = data.draw(spliced_table(content)) if is_csv else []
    content = (
        as_csv(rows) if is_csv else data.draw(spliced_json(content, lines=source(case).suffix == ".jsonl"))
    )
    names = (
        [name for name in rows[0] if name] if is_csv else ["model", "req_units", "res_units", "created_at"]
    )
    column = st.sampled_from(names or ["model"])
    fields = {
        name: {"column": data.draw(column)}
        for name in ("model", "input_tokens", "output_tokens", "ts", "workload")
    }
    made = ColumnMapping.model_validate(
        {
            "name": "fuzz",
            "fields": {**fields, "provider": {"constant": "openai"}},
            "row_is": "call",
            "time_unit": data.draw(st.sampled_from(("iso", "s", "ms", "us", "ns"))),
        }
    )
    _, said = attempt(workspace, content, mapping=made)
    assert "canary" not in said


@bounded
@given(data=st.data())
def test_packed_files(workspace: Workspace, data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(CASES))
    content = packed(seed(case), data.draw(st.sampled_from(("gzip", "zstd", "zip"))))
    path = workspace.path.parent / "log.bin"
    path.write_bytes(data.draw(broken_bytes(content)) if data.draw(st.booleans()) else content)
    for manifest in workspace.datasets():
        workspace.delete(manifest.dataset_id)
    said = ""
    try:
        for outcome in import_all(workspace, path):
            said += str(outcome)
            if not isinstance(outcome, UnusableMember):
                assert outcome.accepted + outcome.rejected + outcome.duplicates == outcome.read
    except LanewiseDataError as error:
        said += error.title + error.message
    assert "canary" not in said + kept(workspace)


WRAPPED: Final = [
    case for case in CASES if source(case).suffix == ".json" and is_wrapped(seed(case).decode())
]


@bounded
@given(data=st.data())
def test_documents_taken_apart(data: st.DataObject) -> None:
    case = data.draw(st.sampled_from(WRAPPED))
    content = data.draw(
        broken_bytes(seed(case)) | recoded(seed(case)) | spliced_json(seed(case), lines=False)
    )
    try:
        with unwrapped(lambda: io.BytesIO(content), "log", 2_000).open() as file:
            lines = file.read().decode().split("\n")
    except LanewiseDataError as error:
        lines = []
        said = error.title + error.message
    else:
        said = ""
    assert "canary" not in said
    assert all(isinstance(json.loads(line), dict) for line in lines if line)
