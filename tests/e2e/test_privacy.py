"""A prompt dropped into the real page: found in no file, no log, no report and on no screen."""

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.harness import Serve, Server, go, no_tracebacks, settle, visit

pytestmark = pytest.mark.e2e

CANARY = "the kingfisher waited under the third arch"


@pytest.fixture
def server(tmp_path: Path, serve: Serve) -> Server:
    return serve(tmp_path / "workspace")


def log_with_canaries() -> bytes:
    call = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1_795_000_000,
        "model": "gpt-4o",
        "choices": [{"message": {"role": "assistant", "content": CANARY}}],
        "usage": {"prompt_tokens": 1_000, "completion_tokens": 100},
    }
    good = {"workload": "chat", "messages": [{"role": "user", "content": CANARY}], "response": call}
    bad = {**call, "id": "chatcmpl-2", "usage": {"prompt_tokens": CANARY, "completion_tokens": 1}}
    broken = '{"prompt": "' + CANARY
    return "\n".join([json.dumps(good), json.dumps(bad), broken]).encode()


def test_a_prompt_reaches_nothing(page: Page, server: Server) -> None:
    visit(page, server, "data")
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="log.jsonl", mimeType="application/jsonl", buffer=log_with_canaries())
    )
    settle(page)
    page.get_by_role("button", name="Import 1 file").click()
    expect(page.get_by_text("3 read = 1 accepted + 2 rejected")).to_be_visible()
    settle(page)
    assert CANARY not in page.content()
    go(page, "Report")
    assert CANARY not in page.content()
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON").click()
    report = download.value.path().read_text(encoding="utf-8")
    assert "chat" in report
    assert CANARY not in report
    no_tracebacks(server)
    assert CANARY not in server.log.read_text(encoding="utf-8")
    files = [path for path in server.workspace.rglob("*") if path.is_file()]
    assert any(path.suffix == ".parquet" for path in files)
    for path in files:
        assert CANARY.encode() not in path.read_bytes(), path
        if path.suffix == ".parquet":
            assert CANARY not in str(pq.ParquetFile(path).read().to_pylist()), path
