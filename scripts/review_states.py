"""Takes a picture of every page in every state, for a person to review.

    python -m scripts.review_states --out DIR [--state demo] [--page savings] [--dark] [--width 390]
        [--currency] [--query label=Batch]

Needs a Chromium (CHROMIUM, or on the PATH). `unwritable` is a workspace that cannot be opened at all.
"""

import argparse
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser, ViewportSize, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeout

from reports.display_settings import Rate, Settings
from reports.workbench import Workbench
from scripts.review_workspaces import STATES, build
from tests.e2e.harness import PICTURES, Server, chromium, serving, visit, whole_page
from ui import nav

UNWRITABLE: Final = "error-unwritable"
PAGES: Final = tuple(
    Path(path).stem
    for path in (
        *(nav.OVERVIEW, nav.WORKLOADS, nav.WHATIF, nav.REPORT, nav.CALCULATORS),
        *(nav.SAVINGS, nav.BATCHES, nav.BILLS, nav.LEDGER, nav.ALERTS),
        *(nav.DATA, nav.DESCRIBE, nav.RULES, nav.POLICY, nav.PRICES),
    )
)
_EURO: Final = Settings(currency="EUR", rates={"EUR": Rate(per_usd=Decimal("0.92"), of=date(2026, 11, 20))})


def main() -> None:
    """Builds each state that is asked for, serves it and writes one PNG a page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--state", action="append", help="a state, or how several begin; else all")
    parser.add_argument("--page", action="append", choices=PAGES, help="a page; else all")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("--width", type=int, default=1280, help="of the window, in pixels")
    parser.add_argument("--currency", action="store_true", help="show amounts in euros")
    parser.add_argument("--query", default="", help="what the address says after its question mark")
    asked = parser.parse_args()
    wanted = tuple(asked.state or ("",))
    states = [state for state in (*STATES, UNWRITABLE) if state.startswith(wanted)]
    if not states:
        parser.error(f"no such state; there are {', '.join((*STATES, UNWRITABLE))}")
    os.environ[PICTURES] = str(asked.out)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = chromium(playwright)
        for state in states:
            with _served(state, Path(folder) / state, euro=asked.currency) as server:
                _take(browser, server, state, asked)
        browser.close()


@contextmanager
def _served(state: str, folder: Path, *, euro: bool) -> Iterator[Server]:
    if state == UNWRITABLE:
        folder.mkdir()
        (folder / "file").touch()
        with serving(folder / "unused", LANEWISE_HOME=str(folder / "file" / "home")) as server:
            yield server
        return
    home = build(state, folder)
    if euro:
        Workbench.open(home).display_settings().save("local user", _EURO)
    with serving(home) as server:
        yield server


def _take(browser: Browser, server: Server, state: str, asked: argparse.Namespace) -> None:
    context = browser.new_context(
        viewport=ViewportSize(width=asked.width, height=900),
        color_scheme="dark" if asked.dark else "light",
        timezone_id="Europe/Berlin",
    )
    for name in asked.page or PAGES:
        page = context.new_page()
        path = "" if name == PAGES[0] else name
        try:
            visit(page, server, f"{path}?{asked.query}" if asked.query else path)
        except PlaywrightTimeout:
            print(f"{state} {name}: still running; pictured as it is")
        page.wait_for_timeout(700)  # the charts' first drawing is not part of the script's run
        whole_page(page, asked.out / state / f"{name}.png")
        page.close()
    context.close()
    if "Traceback" in server.log.read_text(encoding="utf-8"):
        print(f"{state}: the server printed a traceback")


if __name__ == "__main__":
    main()
