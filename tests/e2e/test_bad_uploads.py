"""Files that cannot be used, dropped into the real page: a clear message, and the workspace as it was."""

from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, expect

from tests.e2e.harness import Serve, Server, no_tracebacks, settle, visit, whole_page

pytestmark = pytest.mark.e2e

BAD_FILES = {
    "photo.csv": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40,
    "nothing.jsonl": b"",
    "cut.json": b'[{"object": "chat.completion", "model": "gpt-4o", "usage": {"prompt_tok',
}


@pytest.fixture
def server(tmp_path: Path, serve: Serve) -> Server:
    return serve(tmp_path / "workspace")


def test_each_bad_file_gives_a_clear_message(page: Page, server: Server, shots: Path) -> None:
    visit(page, server, "data")
    for name, content in BAD_FILES.items():
        settle(page)
        payload = FilePayload(name=name, mimeType="application/octet-stream", buffer=content)
        page.locator("input[type=file]").set_input_files(payload)
        settle(page)
        page.get_by_role("button", name="Import 1 file").click()
        message = page.get_by_test_id("stAlert").filter(has_text=name)
        expect(message).to_be_visible()
        assert len(message.inner_text()) > len(name) + 30
        expect(page.get_by_test_id("stException")).to_have_count(0)
        expect(page.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    whole_page(page, shots / "data-refused.png")
    assert list((server.workspace / "datasets").iterdir()) == []
    assert list(server.workspace.glob(".tmp-*")) == []
    expect(page.get_by_text("Nothing is loaded yet")).to_be_visible()
    no_tracebacks(server)
