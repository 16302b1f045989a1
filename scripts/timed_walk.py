"""Walks through Lanewise as somebody new to it, in a real browser, and says how long each step took.

    python -m scripts.timed_walk [--out test-results/walk]

An empty workspace, the demo, then a log of one's own: page open to first figure, upload to first
saving, saving to a downloaded report (PDF where the page offers it). Writes a picture of each step.
Needs a Chromium (CHROMIUM, or on the PATH). Nothing waits for a person to read.
"""

import argparse
import csv
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.e2e.harness import PATIENCE_MS, chromium, go, heading, serving, settle

WORKLOAD = "nightly-notes"
SAVING = "Projected saving a year"


def log(path: Path) -> Path:
    """Two weeks of 200 summaries a night on gpt-4o, as a gateway would export them."""
    start = datetime(2026, 11, 2, 1)
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["call_id", "ts", "provider", "model", "workload", "input_tokens", "output_tokens"])
        for number in range(2800):
            night, within = divmod(number, 200)
            at = start + timedelta(days=night, seconds=within * 30)
            writer.writerow([f"n-{number}", at.isoformat(), "openai", "gpt-4o", WORKLOAD, 20_000, 500])
    return path


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Prints how long the block took."""
    before = time.perf_counter()
    yield
    print(f"{what:48} {time.perf_counter() - before:6.1f} s", flush=True)


def on_the_demo(page: Page, url: str, out: Path) -> None:
    """Page open, one press, and the first figures."""
    with timed("page open to the first screen"):
        page.goto(url)
        button = page.get_by_role("button", name="Load the demo")
        button.wait_for()
    page.screenshot(path=out / "1-first-screen.png")
    with timed("one press to the first figure (demo)"):
        button.click()
        page.get_by_test_id("stMetric").filter(has_text=SAVING).wait_for()
    settle(page)
    page.screenshot(path=out / "2-demo.png")


def on_ones_own(page: Page, url: str, out: Path) -> None:
    """A file, one answer, the saving, and the report of it."""
    page.goto(url)
    page.get_by_role("button", name="Upload a log").click()
    page.locator("input[type=file]").first.wait_for(state="attached")
    file = log(out / "nightly.csv")
    with timed("upload to the imported log"):
        page.locator("input[type=file]").first.set_input_files(file)
        page.get_by_role("button", name="Import 1 file").click()
        heading(page, "Last import").wait_for()
    settle(page)
    page.screenshot(path=out / "3-imported.png")
    with timed("imported log to the first saving"):
        go(page, "Workloads")
        heading(page, WORKLOAD).wait_for()
        page.get_by_role("radiogroup").filter(has_text="No").first.get_by_text("No", exact=True).click()
        page.get_by_role("textbox", name="Longest acceptable wait").fill("36h")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_test_id("stAlert").filter(has_text="Saved")).to_contain_text("a year")
    page.screenshot(path=out / "4-saving.png")
    with timed("saving to the downloaded report"):
        go(page, "Report")
        pdf = page.get_by_role("button", name="PDF", exact=True)
        button = pdf if pdf.count() else page.get_by_role("button", name="Markdown", exact=True)
        with page.expect_download() as download:
            button.click()
        target = out / download.value.suggested_filename
        download.value.save_as(target)
    page.screenshot(path=out / "5-report.png")
    print(f"{target.name}: {target.stat().st_size:,} bytes")


def main() -> None:
    """Serves two new workspaces, one after the other, and walks."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("test-results/walk"))
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        browser = chromium(playwright)
        for walk in (on_the_demo, on_ones_own):
            with serving(folder / walk.__name__) as server:
                page = browser.new_page(viewport={"width": 1280, "height": 900}, accept_downloads=True)
                page.set_default_timeout(PATIENCE_MS)
                walk(page, server.url, out)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
