"""From a moved control of the What-if page to new figures and charts, in a real browser.

Two controls: volume, for which nothing is priced anew, and the cache hit rate, for which everything is.
Two workspaces: the demo, and a cube of the size that ten million calls make.
"""

import os
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import CDPSession, Page, sync_playwright

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
    """One control on one workspace: milliseconds from the key to new figures, move by move.

    `server_ms` and `page_ms` are the processor time of one move, on average: all threads of the server,
    and the page's own thread in the browser.
    """

    workspace: str
    cube_rows: int
    control: str
    milliseconds: tuple[float, ...]
    server_ms: float
    page_ms: float

    @property
    def median_ms(self) -> float:
        """The middle move."""
        return statistics.median(self.milliseconds)

    @property
    def fastest_ms(self) -> float:
        """The move that the machine disturbed least."""
        return min(self.milliseconds)


def measured(folder: Path) -> Iterator[Moved]:
    """Each control on each workspace; nothing where there is no Chromium, or no /proc."""
    if chromium_path() is None or not Path("/proc/self/stat").exists():
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
        f"median {moved.median_ms:.0f} ms, fastest {moved.fastest_ms:.0f} ms; "
        f"processor time: server {moved.server_ms:.0f} ms, page {moved.page_ms:.0f} ms"
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
        session = page.context.new_cdp_session(page)
        session.send("Performance.enable", {"timeDomain": "threadTicks"})
        for control, label in _SLIDERS.items():
            for _ in range(_WARM):
                _move(page, label)
            server_before, page_before = _server_ms(server.pid), _page_ms(session)
            taken = tuple(_move(page, label) for _ in range(_MOVES))
            used = _server_ms(server.pid) - server_before, _page_ms(session) - page_before
            yield Moved(name, rows, control, taken, used[0] / _MOVES, used[1] / _MOVES)
        browser.close()


def _server_ms(pid: int) -> float:
    """Processor time of the server so far."""
    after_name = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) * 1000 / os.sysconf("SC_CLK_TCK")


def _page_ms(session: CDPSession) -> float:
    """Processor time of the page's thread so far."""
    metrics = {item["name"]: item["value"] for item in session.send("Performance.getMetrics")["metrics"]}
    taken: float = metrics["TaskDuration"] * 1000
    return taken


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
