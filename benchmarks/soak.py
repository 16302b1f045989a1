"""A server's memory over a long session: every page again and again in one window."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from playwright.sync_api import expect, sync_playwright

from data.demo import build_demo
from data.store import Workspace
from tests.e2e.harness import chromium, chromium_path, serving, settle, visit

RERUNS: Final = 100
WARM: Final = 20
"""Page changes after which every page was drawn once and every cache that one session fills is filled."""

MOST_GROWTH_MIB: Final = 24
"""What the server may hold more after all of them: a figure kept for each rerun would be more than this."""

_EVERY: Final = 20


@dataclass(frozen=True)
class Soaked:
    """Resident memory of the server, MiB, by the number of page changes before it."""

    resident_mib: dict[int, float]

    @property
    def growth_mib(self) -> float:
        """From the warm server to the end of the session."""
        return self.resident_mib[RERUNS] - self.resident_mib[WARM]

    @property
    def flat(self) -> bool:
        """Whether it stayed within the bound."""
        return self.growth_mib <= MOST_GROWTH_MIB


def measured(folder: Path) -> Soaked | None:
    """One session on the demo; None where there is no Chromium, or no /proc."""
    if chromium_path() is None or not Path("/proc/self/statm").exists():
        return None
    demo = folder / "demo"
    build_demo(Workspace.open(demo))
    held: dict[int, float] = {}
    with sync_playwright() as playwright, serving(demo) as server:
        browser = chromium(playwright)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.set_default_timeout(120_000)
        visit(page, server)
        links = page.get_by_test_id("stSidebarNav").get_by_role("link")
        for change in range(1, RERUNS + 1):
            link = links.nth(change % links.count())
            link.click()
            expect(link).to_have_attribute("aria-current", "page", timeout=120_000)
            settle(page)
            if change % _EVERY == 0:
                held[change] = _resident_mib(server.pid)
        browser.close()
    return Soaked(held)


def described(soaked: Soaked) -> str:
    """One line of the benchmark's output."""
    held = ", ".join(f"{mib:,.0f} after {change}" for change, mib in soaked.resident_mib.items())
    verdict = "flat" if soaked.flat else f"GROWS by more than {MOST_GROWTH_MIB} MiB"
    return f"soak: resident MiB of the server in one session: {held}; {soaked.growth_mib:+,.0f}: {verdict}"


def _resident_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8").splitlines()
    kib = next(line for line in lines if line.startswith("VmRSS:")).split()[1]
    return int(kib) / 1024
