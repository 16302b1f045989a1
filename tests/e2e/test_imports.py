"""The ways in on the real page: archives, allowed folders, too large an upload, and a cancelled import."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, Page, ViewportSize, expect

from tests.e2e.harness import (
    Serve,
    Server,
    go,
    heading,
    no_tracebacks,
    settle,
    switching,
    unfold,
    visit,
    whole_page,
)
from tests.e2e.test_screens import NARROW, sound
from ui.uploads import MEMORY_FOLDER

pytestmark = pytest.mark.e2e

WIDE = ViewportSize(width=1280, height=900)
MANY = 300_000
"""Calls that keep an import busy for some seconds, 40 MB."""


def log(name: str, calls: int) -> str:
    """Calls on gpt-4o of 1,000 tokens in and 100 out, a minute apart."""
    usage = {"prompt_tokens": 1_000, "completion_tokens": 100}
    return "".join(
        json.dumps(
            {
                "id": f"{name}-{number}",
                "object": "chat.completion",
                "created": 1_795_000_000 + number * 60,
                "model": "gpt-4o",
                "usage": usage,
            }
        )
        + "\n"
        for number in range(calls)
    )


@pytest.fixture(scope="module")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """llm-logs/{large.jsonl, new.jsonl, unknown.csv, 2026-11/{a,b}.jsonl, .hidden.jsonl}, and a way out."""
    folder = tmp_path_factory.mktemp("folders") / "llm-logs"
    (folder / "2026-11").mkdir(parents=True)
    (folder / "2026-11" / "a.jsonl").write_text(log("a", 20))
    (folder / "2026-11" / "b.jsonl").write_text(log("b", 30))
    (folder / "new.jsonl").write_text(log("new", 5))
    (folder / "unknown.csv").write_text("when,engine,in tok,out tok\n1777885200,gpt-4o,1000,100\n")
    (folder / ".hidden.jsonl").write_text(log("hidden", 5))
    (folder.parent / "secret.jsonl").write_text(log("secret", 5))
    (folder / "secret.jsonl").symlink_to(folder.parent / "secret.jsonl")
    (folder / "large.jsonl").write_text(log("large", MANY))
    return folder


@pytest.fixture(scope="module")
def serve_beside(tmp_path_factory: pytest.TempPathFactory, logs: Path) -> Iterator[Serve]:
    """A server that may read `logs`."""
    with switching(tmp_path_factory.mktemp("served"), LANEWISE_FOLDERS=str(logs)) as switch:
        yield switch


@pytest.fixture
def server(tmp_path: Path, serve_beside: Serve) -> Server:
    return serve_beside(tmp_path / "workspace")


def datasets(server: Server) -> int:
    return len(list((server.workspace / "datasets").iterdir()))


def nothing_left(server: Server, in_memory: set[Path]) -> None:
    """No dataset, nothing unfinished in the workspace, and in memory only what was there before."""
    assert datasets(server) == 0
    assert list(server.workspace.glob(".tmp-*")) == []
    assert set(MEMORY_FOLDER.glob("lanewise-*")) <= in_memory


def archive() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("export 2026-11/search/part-0.jsonl", log("a", 20))
        out.writestr("export 2026-11/search/part-1.jsonl", log("b", 30) + "{broken\n")
        out.writestr("../../outside.jsonl", log("c", 5))
        out.writestr("export 2026-11/notes.txt", "These are notes.\nNothing else.\n")
    return packed.getvalue()


def test_an_archive_goes_in_file_by_file(page: Page, server: Server, shots: Path) -> None:
    visit(page, server, "data")
    page.locator("input[type=file]").set_input_files(
        FilePayload(name="november.zip", mimeType="application/zip", buffer=archive())
    )
    page.get_by_role("button", name="Import 1 file").click()
    expect(heading(page, "Last import")).to_be_visible()
    expect(page.get_by_text("3 files read, 1 could not be used")).to_be_visible()
    expect(page.get_by_text("56 read = 55 accepted + 1 rejected + 0 duplicates")).to_be_visible()
    settle(page)
    page.get_by_test_id("stExpander").filter(has_text="part-1.jsonl").first.click()
    # 30 x (1,000 x 2.50 + 100 x 10) micro-dollars
    expect(page.get_by_text("The accepted calls cost $0.10; every one of them is priced.")).to_be_visible()
    expect(page.get_by_text("can be mapped, column by column, when it is uploaded by itself")).to_be_visible()
    settle(page)
    sound(page)
    whole_page(page, shots / "data-archive.png")
    page.set_viewport_size(NARROW)
    settle(page)
    sound(page)
    whole_page(page, shots / "data-archive-narrow.png")
    assert datasets(server) == 3
    assert not (server.workspace.parent.parent / "outside.jsonl").exists()
    no_tracebacks(server)


def test_files_of_an_allowed_folder_are_read_where_they_are(
    page: Page, server: Server, logs: Path, shots: Path
) -> None:
    visit(page, server, "data")
    unfold(page, "From a folder on this server")
    expect(page.get_by_text("5 files,")).to_be_visible()
    settle(page)
    assert str(logs.parent) not in page.content()
    assert "secret" not in page.content()
    assert "hidden.jsonl" not in page.content()
    choose = page.get_by_role("button", name="Import chosen files")
    expect(choose).to_be_disabled()
    sound(page)
    whole_page(page, shots / "data-folder.png")
    page.set_viewport_size(NARROW)
    settle(page)
    sound(page)
    whole_page(page, shots / "data-folder-narrow.png")
    page.set_viewport_size(WIDE)
    settle(page)

    (logs / "later.jsonl").write_text(log("later", 7))
    page.get_by_role("button", name="List again").click()
    expect(page.get_by_text("6 files,")).to_be_visible()
    settle(page)
    box = page.get_by_test_id("stDataFrame").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 15, box["y"] + 35 + 17)  # the newest is the first
    page.get_by_role("button", name="Import 1 chosen file").click()
    expect(page.get_by_text("7 read = 7 accepted + 0 rejected + 0 duplicates").first).to_be_visible()
    assert datasets(server) == 1
    (logs / "later.jsonl").unlink()

    (logs / "large.jsonl").rename(logs.parent / "large.jsonl")
    try:
        settle(page)
        page.get_by_role("button", name="List again").click()
        expect(page.get_by_text("4 files,")).to_be_visible()
        page.get_by_role("button", name="Import all 4").click()
        expect(heading(page, "Tell Lanewise what the columns mean")).to_be_visible()
        expect(heading(page, "Last import")).to_be_visible()
        settle(page)
        sound(page)
        assert datasets(server) == 4
        assert list(server.workspace.glob(".tmp-*")) == []
    finally:
        (logs.parent / "large.jsonl").rename(logs / "large.jsonl")
    no_tracebacks(server)


@pytest.mark.parametrize(("way", "from_folder"), [("Cancel", True), ("Stop", False), ("another page", False)])
def test_a_cancelled_import_leaves_nothing(
    way: str, from_folder: bool, page: Page, server: Server, logs: Path, shots: Path
) -> None:
    in_memory = set(MEMORY_FOLDER.glob("lanewise-*"))
    visit(page, server, "data")
    if from_folder:
        unfold(page, "From a folder on this server")
        settle(page)
        box = page.get_by_test_id("stDataFrame").bounding_box()
        assert box is not None
        page.mouse.click(box["x"] + 15, box["y"] + 35 + 17)
        page.get_by_role("button", name="Import 1 chosen file").click()
    else:
        page.locator("input[type=file]").set_input_files(logs / "large.jsonl")
        page.get_by_role("button", name="Import 1 file").click()
    expect(page.get_by_text("large.jsonl: reading rows")).to_be_visible()
    if way == "Cancel":
        page.screenshot(path=shots / "data-importing.png")
        page.get_by_role("button", name="Cancel", exact=True).click()
    elif way == "Stop":
        page.get_by_test_id("stStatusWidget").get_by_role("button", name="Stop").click()
        settle(page)
        go(page, "Prices")
        go(page, "Data")
    else:
        go(page, "Prices")
        go(page, "Data")
    expect(page.get_by_text("The import was ended before it was done.")).to_be_visible()
    expect(page.get_by_text("Importing 1 file")).to_have_count(0)
    settle(page)
    nothing_left(server, in_memory)
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    page.get_by_role("button", name="Dismiss").click()
    expect(heading(page, "Last import")).to_have_count(0)
    no_tracebacks(server)


def test_too_large_an_upload_is_refused_with_the_bound(
    page: Page, server: Server, tmp_path: Path, shots: Path
) -> None:
    large = tmp_path / "large.jsonl"
    with large.open("wb") as file:
        file.truncate(501 * 1024 * 1024)
    visit(page, server, "data")
    expect(page.get_by_text("The browser takes files up to 500 MB")).to_be_visible()
    page.locator("input[type=file]").set_input_files(large)
    expect(page.get_by_text("File must be 500.0MB or smaller.")).to_be_visible()
    expect(page.get_by_role("button", name="Import", exact=True)).to_be_disabled()
    settle(page)
    whole_page(page, shots / "data-too-large.png")
    no_tracebacks(server)
