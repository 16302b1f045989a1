"""One Chromium a test process; every test gets a fresh window."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from data.demo import build_demo
from data.store import Workspace
from tests.e2e.harness import PATIENCE_MS, PICTURES, Serve, Server, chromium, chromium_path, switching


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # `make test` installs a Chromium where it can and says loudly when it cannot; CI may never skip.
    if chromium_path() is None and os.environ.get("CI") != "true":
        pytest.skip("NO CHROMIUM: the browser tests did not run; install it or set CHROMIUM to its path")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        launched = chromium(playwright)
        yield launched
        launched.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True)
    context.set_default_timeout(PATIENCE_MS)
    yield context.new_page()
    context.close()


@pytest.fixture(scope="session")
def shots(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where screenshots go: the folder LANEWISE_SHOTS names, else a temporary one."""
    named = os.environ.get(PICTURES)
    return Path(named).resolve() if named else tmp_path_factory.mktemp("shots")


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serve]:
    """One server a test process; a test has the workspace served that it is about."""
    with switching(tmp_path_factory.mktemp("served")) as switch:
        yield switch


@pytest.fixture(scope="session")
def looked_at(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, for all tests of the process that only look."""
    workspace = tmp_path_factory.mktemp("looked-at") / "demo"
    build_demo(Workspace.open(workspace))
    return workspace


@pytest.fixture
def demo_server(looked_at: Path, serve: Serve) -> Server:
    return serve(looked_at)
