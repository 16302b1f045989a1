"""Takes the pictures of the documentation from the running demo, so that they stay true.

    python -m scripts.take_pictures [--out docs/images]

Needs a Chromium (CHROMIUM, or on the PATH). Pictures are of the light appearance, 1280 pixels wide, with as
many colours as a page has and no more.
"""

import argparse
import io
import tempfile
from pathlib import Path
from typing import Final

from PIL import Image
from playwright.sync_api import sync_playwright

from data.demo import build_demo
from data.store import Workspace
from tests.e2e.harness import chromium, serving, visit

PAGES: Final = {
    "overview": "",
    "workloads": "workloads?workload=nightly-summaries",
    "whatif": "whatif",
    "report": "report",
    "calculators": "calculators",
    "savings": "savings",
    "batches": "batches",
    "bills": "bills",
    "ledger": "ledger",
    "alerts": "alerts",
    "data": "data",
    "describe": "describe",
    "rules": "rules",
    "policy": "policy",
    "prices": "prices",
}
"""Picture -> address; `tests/test_docs.py` asks for each of them in the guide."""

_COLOURS: Final = 256


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
                with Image.open(io.BytesIO(page.screenshot())) as taken:
                    few = taken.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
                    few.save(out / f"{name}.png", optimize=True)
                page.close()
        browser.close()


if __name__ == "__main__":
    main()
