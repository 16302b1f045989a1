"""From a moved control of the What-if page to new figures and charts, in a real browser.

Two controls: volume, for which nothing is priced anew, and the cache hit rate, for which everything is.
Two workspaces: the demo, and a cube of the size that ten million calls make.
"""

import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright

from data.demo import build_demo
from data.store import Workspace
from reports.workbench import Workbench
from tests.e2e.harness import chromium, chromium_path, serving, settle, visit
from tests.make_calls import write_calls

_MOVES: Final = 15
_WARM: Final = 3
"""Moves before those that count: the browser compiles what it runs often."""

_LARGE_CALLS: Final = 1_000_000
_LARGE_DAYS: Final = 170
"""A cube grows with hours and workloads, not with calls: so many days give as many rows as ten million
calls of a quarter do, and take less time to import."""

_SLIDERS: Final = {"volume": "Volume, today is 100 %", "cache hit rate": "Input read from cache"}

_WATCH: Final = """() => {
  const month = () => [...document.querySelectorAll('[data-testid=stMetric]')]
    .find(element => element.innerText.includes('Scenario, a month'))?.innerText
  const chart = () => document.querySelector('[data-testid=stPlotlyChart]')?.innerText
  const before = [month(), chart()]
  window.moved = null
  window.shown = null
  addEventListener('keydown', () => { window.moved = performance.now() }, {once: true, capture: true})
  const look = () => {
    const now = [month(), chart()]
    if (window.moved && now[0] && now[1] && now[0] !== before[0] && now[1] !== before[1]) {
      window.shown = performance.now()
    } else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
}"""


@dataclass(frozen=True)
class Moved:
    """One control on one workspace: milliseconds from the key to new figures, move by move."""

    workspace: str
    cube_rows: int
    control: str
    milliseconds: tuple[float, ...]

    @property
    def median_ms(self) -> float:
        """The middle move."""
        return statistics.median(self.milliseconds)

    @property
    def fastest_ms(self) -> float:
        """The move that the machine disturbed least."""
        return min(self.milliseconds)


def measured(folder: Path) -> Iterator[Moved]:
    """Each control on each workspace; nothing where there is no Chromium."""
    if chromium_path() is None:
        return
    demo = folder / "demo"
    build_demo(Workspace.open(demo))
    large = Workbench.open(folder / "large")
    large.import_file(write_calls(folder / "large.parquet", _LARGE_CALLS, days=_LARGE_DAYS))
    for name, home in (("the demo", demo), ("ten million calls' cube", folder / "large")):
        yield from _on(name, home)


def described(moved: Moved) -> str:
    """One line of the benchmark's output."""
    return (
        f"what-if: {moved.control} on {moved.workspace} ({moved.cube_rows:,} cube rows)  "
        f"median {moved.median_ms:.0f} ms, fastest {moved.fastest_ms:.0f} ms"
    )


def _on(name: str, home: Path) -> Iterator[Moved]:
    rows = Workbench.open(home).cube().num_rows
    with sync_playwright() as playwright, serving(home) as server:
        browser = chromium(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(120_000)
        visit(page, server, "whatif")
        page.get_by_text("Set the cache hit rate").click()
        settle(page)
        for control, label in _SLIDERS.items():
            taken = [_move(page, label) for _ in range(_WARM + _MOVES)][_WARM:]
            yield Moved(name, rows, control, tuple(taken))
        browser.close()


def _move(page: Page, label: str) -> float:
    """One step of a slider; the next begins when the page is at rest."""
    page.get_by_role("slider", name=label).focus()
    page.evaluate(_WATCH)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("() => window.shown !== null")
    taken: float = page.evaluate("() => window.shown - window.moved")
    settle(page)
    page.wait_for_timeout(250)
    return taken
