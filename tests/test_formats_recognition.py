"""Every export there is a sample of is taken for what it is, without being told, and by one format only."""

from pathlib import Path
from typing import Final

import pytest

from data.errors import UnreadableFileError
from data.ingest import import_file, recognise
from data.store import Workspace
from tests.conftest import COMMITTED_SAMPLES, full_samples
from tests.formats_cases import CASES, source

EXPECTED: Final = {
    "anthropic_console_csv/anthropic_console_sample.csv": "anthropic_usage",
    "anthropic_console_csv/anthropic_cost_real_schema.csv": "anthropic_costs",
    "anthropic_console_csv/anthropic_usage_real_schema.csv": "anthropic_usage",
    "anthropic_usage_api/shape_only_usage_report_messages.json": "anthropic_usage",
    "bedrock_invocation_log/shape_only_record.json": "bedrock_invocation_log",
    "focus/focus_sample.csv": "focus",
    "helicone/helicone_sample.csv": "helicone",
    "litellm/example_standard_logging_payload.json": "litellm_spend",
    "litellm/litellm_proxy_sample.jsonl": "litellm_spend",
    "openai_usage_api/costs_page.doc_example.json": "openai_costs",
    "openai_usage_api/usage_completions_page.doc_example.json": "openai_usage",
    "openai_usage_api/usage_completions_result_grouped.doc_example.json": "openai_usage",
    "openrouter/activity_daily_aggregate.header_and_2_rows.csv": "openrouter_daily",
    "openrouter/activity_generation_export.header.csv": "openrouter_generations",
    "recorded_api_responses/anthropic_messages.jsonl": "anthropic_messages",
    "recorded_api_responses/anthropic_messages_sse.jsonl": "anthropic_stream",
    "recorded_api_responses/anthropic_messages_via_other.jsonl": "anthropic_messages",
    "recorded_api_responses/bedrock_converse.jsonl": "bedrock_converse",
    "recorded_api_responses/gemini_generate_content.jsonl": "gemini_responses",
    "recorded_api_responses/gemini_sse.jsonl": "gemini_sse",
    "recorded_api_responses/openai_chat.jsonl": "openai_chat",
    "recorded_api_responses/openai_chat_sse.jsonl": "openai_chat_stream",
    "recorded_api_responses/openai_compatible_other.jsonl": "openai_chat",
    "recorded_api_responses/openai_responses.jsonl": "openai_responses",
    "recorded_api_responses/openai_responses_sse.jsonl": "openai_responses_stream",
    "recorded_api_responses/openrouter_chat.jsonl": "openrouter_chat",
    "vertex/batch_output.doc_shape.jsonl": "gemini_batch",
    # folders of files of one kind
    "claude_code_transcripts/": "claude_code",
    "codex_transcripts/": "codex",
    "openai_batch/": "openai_batch",
    "openai_dashboard_csv/": "openai_activity",
    "otel_genai/": "otel_genai",
}
"""File or folder of the samples -> the format it is in."""

NOTES: Final = {"SOURCE.txt", "SOURCES.md"}


def samples() -> list[tuple[Path, str]]:
    """Every exported file there is here, committed or not, with its name below `exports`."""
    found = []
    for folder in (COMMITTED_SAMPLES, full_samples()):
        if folder is not None:
            files = [path for path in sorted((folder / "exports").rglob("*")) if path.is_file()]
            found += [
                (path, str(path.relative_to(folder / "exports"))) for path in files if path.name not in NOTES
            ]
    return found


@pytest.mark.parametrize(("path", "name"), samples(), ids=[name for _, name in samples()])
def test_a_sample_is_recognised_by_exactly_one_format(path: Path, name: str) -> None:
    expected = EXPECTED.get(name) or EXPECTED[f"{Path(name).parent}/"]
    found = recognise(path)
    assert found.format == expected
    assert all(strength < found.strength for _, strength in found.also)


CSV_CASES = [case for case in CASES if source(case).suffix == ".csv"]


@pytest.mark.parametrize("case", CSV_CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_a_header_alone_is_recognised_and_not_imported(case: Path, tmp_path: Path) -> None:
    text = source(case).read_text(encoding="utf-8")
    kept = 2 if text.startswith("sep=") else 1
    path = tmp_path / "export.csv"
    path.write_text("".join(text.splitlines(keepends=True)[:kept]), encoding="utf-8")
    assert recognise(path).format == case.parent.name
    workspace = Workspace.open(tmp_path / "workspace")
    with pytest.raises(UnreadableFileError, match="a header line and nothing below it"):
        import_file(workspace, path)
    assert not workspace.datasets()


# A transcript begins with lines that are no calls.
JSON_CASES = [
    case
    for case in CASES
    if source(case).suffix == ".jsonl" and case.parent.name not in {"claude_code", "codex"}
]


@pytest.mark.parametrize("case", JSON_CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_the_first_line_alone_says_what_a_file_is(case: Path, tmp_path: Path) -> None:
    path = tmp_path / "log"
    lines = source(case).read_text(encoding="utf-8").splitlines()
    path.write_text(next(line for line in lines if line.startswith("{")) + "\n", encoding="utf-8")
    assert recognise(path).format == case.parent.name
