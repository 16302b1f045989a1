"""Takes the pictures of the documentation from the running demo, so that they stay true.

    python -m scripts.take_pictures [--out docs/images]

Needs a Chromium (CHROMIUM, or on the PATH). Pictures are of the light appearance, 1280 pixels wide.
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from data.demo import build_demo
from data.store import Workspace
from tests.e2e.harness import chromium, serving, visit

PAGES = {"overview": "", "workloads": "workloads?workload=nightly-summaries", "whatif": "whatif"}


def main() -> None:
    """Serves a demo workspace of its own and writes one PNG a page."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=Path("docs/images"))
    out: Path = parser.parse_args().out
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        workspace = Path(folder) / "demo"
        build_demo(Workspace.open(workspace))
        browser = chromium(playwright)
        with serving(workspace) as server:
            for name, path in PAGES.items():
                page = browser.new_page(viewport={"width": 1280, "height": 1000})
                visit(page, server, path)
                page.wait_for_timeout(1500)  # the charts' first drawing is not part of the script's run
                page.screenshot(path=out / f"{name}.png")
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
