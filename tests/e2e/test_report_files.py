"""The HTML report in a real browser: it asks for nothing, runs nothing and fits a phone."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from reports.palette import DARK, LIGHT
from reports.report_html import html
from tests.report_cases import NAMES, nasty

pytestmark = pytest.mark.e2e


def watched(page: Page) -> tuple[list[str], list[str]]:
    """What a page asks for, and what it says or opens."""
    asked: list[str] = []
    said: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.on("dialog", lambda dialog: said.append(dialog.message))
    return asked, said


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_html_report_makes_no_request_and_runs_nothing(
    scheme: Literal["light", "dark"], browser: Browser, tmp_path: Path
) -> None:
    file = tmp_path / "report.html"
    file.write_bytes(html(nasty(len(NAMES))))
    context = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme=scheme)
    page = context.new_page()
    asked, said = watched(page)
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert said == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    ground = page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--background')")
    assert ground == (DARK if scheme == "dark" else LIGHT).background
    cells = page.locator("td:first-child").all_inner_texts()
    for name in NAMES:
        assert " ".join(name.split()) in cells, name
    context.close()
