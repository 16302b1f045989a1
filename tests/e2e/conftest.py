"""One Chromium a test process; every test gets a fresh window."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from data.demo import build_demo
from data.store import Workspace
from tests.e2e.harness import PATIENCE_MS, PICTURES, Server, chromium, chromium_path, serving


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
def demo_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the demo, for all tests of the process that only look."""
    workspace = tmp_path_factory.mktemp("looked-at") / "demo"
    build_demo(Workspace.open(workspace))
    with serving(workspace) as running:
        yield running
