"""A real server on a free port with a workspace of its own, and a real Chromium to look at it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, Locator, Page, Playwright, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from tests.e2e.switchable import SWITCH

ROOT: Final = Path(__file__).resolve().parent.parent.parent
IDLE: Final = "[data-testid=stApp][data-test-script-state=notRunning][data-test-connection-state=CONNECTED]"
STALE: Final = "[data-stale=true]"
PATIENCE_S: Final = 90
PATIENCE_MS: Final = 45_000

CHROMIUM_ARGS: Final = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass(frozen=True)
class Server:
    """Where a running server answers, what it serves, what it said and which process it is."""

    url: str
    workspace: Path
    log: Path
    pid: int
    said_before: int = 0
    """Bytes of the log that were there when it came to this workspace."""


Serve = Callable[[Path], Server]
"""Has a workspace served, and tells where."""


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(workspace: Path, module: str = "streamlit", **variables: str) -> Iterator[Server]:
    """Serves `workspace` until the block ends; raises with the server's own words when it does not start.

    `variables` are added to the server's environment; `module` is what Python runs.
    """
    workspace.mkdir(parents=True, exist_ok=True)
    log = workspace.parent / f"{workspace.name}.log"
    port = free_port()
    command = [sys.executable, "-m", module, "run", str(ROOT / "app.py"), f"--server.port={port}"]
    environment = {**os.environ, "LANEWISE_HOME": str(workspace), "PYTHONUNBUFFERED": "1", **variables}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*command, "--server.headless=true"],
            cwd=ROOT,
            env=environment,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
        try:
            _wait_for_health(port, process, log)
            yield Server(f"http://127.0.0.1:{port}", workspace, log, process.pid)
        finally:
            process.terminate()
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)


@contextmanager
def switching(folder: Path, **variables: str) -> Iterator[Serve]:
    """One server for many tests: each names the workspace it wants served from then on, and has its own."""
    switch = folder / "workspace.txt"
    switch.write_text(str(folder / "none"), encoding="utf-8")
    variables = {**variables, SWITCH: str(switch)}
    with serving(folder / "none", "tests.e2e.switchable", **variables) as running:

        def serve(workspace: Path) -> Server:
            workspace.mkdir(parents=True, exist_ok=True)
            # Never half written when the server reads it.
            beside = switch.with_suffix(".new")
            beside.write_text(str(workspace), encoding="utf-8")
            beside.replace(switch)
            return replace(running, workspace=workspace, said_before=running.log.stat().st_size)

        yield serve


def _wait_for_health(port: int, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        connection = HTTPConnection("127.0.0.1", port, timeout=2)
        try:
            connection.request("GET", "/_stcore/health")
            if connection.getresponse().read() == b"ok":
                return
        except (HTTPException, OSError):
            time.sleep(0.1)
        finally:
            connection.close()
    raise RuntimeError(f"The server did not start:\n{log.read_text(encoding='utf-8')[-2000:]}")


def chromium_path() -> str | None:
    """The system's Chromium: named by CHROMIUM, or found on the path."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


def chromium(playwright: Playwright) -> Browser:
    """Starts the system's Chromium; nothing is downloaded."""
    found = chromium_path()
    if not found:
        raise RuntimeError("No Chromium: install it, or name one in CHROMIUM.")
    return playwright.chromium.launch(executable_path=found, args=list(CHROMIUM_ARGS))


def settle(page: Page) -> None:
    """Waits until the script has run to its end and nothing is loading."""
    page.locator(IDLE).wait_for(timeout=PATIENCE_S * 1000)
    expect(page.get_by_test_id("stSkeleton")).to_have_count(0, timeout=PATIENCE_MS)
    expect(page.locator(STALE)).to_have_count(0, timeout=PATIENCE_MS)


def visit(page: Page, server: Server, path: str = "") -> None:
    """Opens a page of the app and waits for it."""
    page.goto(f"{server.url}/{path}", wait_until="domcontentloaded")
    settle(page)


def go(page: Page, title: str) -> None:
    """Follows the navigation to another page."""
    page.get_by_test_id("stSidebarNav").get_by_role("link", name=title, exact=True).click()
    expect(page.get_by_test_id("stSidebarNav").locator("[aria-current=page]")).to_contain_text(title)
    settle(page)


def dialog_by(page: Page, name: str) -> Locator:
    """The dialog that the button of that name opens.

    On a busy machine the page may swap the button's node between the press and the release of the
    mouse, and the browser then sends no click: pressed once more, as a person would.
    """
    dialog = page.get_by_role("dialog")
    for _ in range(2):
        page.get_by_role("button", name=name, exact=True).click()
        try:
            dialog.wait_for(timeout=PATIENCE_MS / 3)
        except PlaywrightTimeout:
            continue
        return dialog
    expect(dialog, f"the dialog of {name!r}").to_be_visible()
    return dialog


def unfold(page: Page, title: str) -> Locator:
    """Opens the part that is folded away under that title, and gives it.

    A rerun that is still under way would draw it closed again, so the page settles first; pressed once
    more where the press was lost all the same, as a person would.
    """
    part = page.get_by_test_id("stExpander").filter(has=page.locator("summary", has_text=title)).first
    for _ in range(2):
        settle(page)
        if part.locator("details[open]").count() == 0:
            part.locator("summary").click()
        settle(page)
    expect(part.locator("details[open]"), f"what is folded away under {title!r}").to_have_count(1)
    return part


def heading(page: Page, text: str) -> Locator:
    """The page's heading with that text."""
    return page.get_by_role("heading", name=text)


def no_tracebacks(server: Server) -> None:
    """Nothing the server printed, since it came to this workspace, is a traceback."""
    said = server.log.read_bytes()[server.said_before :].decode()
    assert "Traceback" not in said, said[-4000:]


PICTURES: Final = "LANEWISE_SHOTS"
"""The variable that names the folder for screenshots; without it none are taken, they are a second each."""


def whole_page(page: Page, path: Path) -> None:
    """A screenshot of all of the page, not only of what fits the window; for a person to look at."""
    if not os.environ.get(PICTURES):
        return
    size = page.viewport_size
    assert size is not None
    height = page.evaluate("document.querySelector('[data-testid=stMain]').scrollHeight")
    page.set_viewport_size(
        {"width": size["width"], "height": min(max(size["height"], int(height) + 16), 8000)}
    )
    # Plotly and the data grid draw again for the new size.
    page.wait_for_timeout(600)
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path)
    page.set_viewport_size(size)
