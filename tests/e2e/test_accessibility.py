"""axe's rules for a page as it is; the test of the screens holds every page to them, this one what opens."""

from typing import Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from reports.palette import ThemeName, palette
from tests.e2e.harness import Server, settle, visit

pytestmark = pytest.mark.e2e

STREAMLIT: Final = {
    "list": "[data-testid=stSidebarNavItems]",
    "listitem": "[data-testid=stSidebarNavItems] li",
}
"""Serious findings in markup that only Streamlit can change: rule -> where.

A navigation with sections puts a `div` between its list and the items. Read aloud it still is a
navigation ("App pages") of links with names; without sections fifteen pages would be one row.
"""

MINOR_BUT_ASKED: Final = ("heading-order",)
"""Rules below serious that hold all the same: who reads by headings finds every section."""

_FOUND: Final = """
async ([rules, known, asked]) => {
  const options = {resultTypes: ['violations'], iframes: false, preload: false};
  if (rules.length) options.runOnly = {type: 'rule', values: rules};
  const {violations} = await axe.run(document, options);
  return violations
    .filter(rule => ['serious', 'critical'].includes(rule.impact) || asked.includes(rule.id))
    .flatMap(rule => rule.nodes.map(node => ({
      rule: rule.id,
      known: rule.id in known && document.querySelector(node.target[0]).matches(known[rule.id]),
      said: `${rule.id}: ${node.html.slice(0, 160)} (${node.failureSummary})`,
    })));
}
"""

ASKED: Final[dict[ThemeName, list[str]]] = {"light": [], "dark": ["color-contrast", "link-in-text-block"]}
"""Which rules are asked: all, and once more those whose answer depends on the appearance."""


def found(page: Page, rules: list[str]) -> list[dict[str, Any]]:
    """The findings that count of these rules (none named: of all) on the page as it is."""
    listed: list[dict[str, Any]] = page.evaluate(_FOUND, [rules, STREAMLIT, MINOR_BUT_ASKED])
    return listed


_FILLS: Final = """
() => [...document.querySelectorAll('.js-plotly-plot .bars path')].map(bar => getComputedStyle(bar).fill)
"""


def test_an_open_explanation_and_the_charts_follow_the_appearance(
    browser: Browser, demo_server: Server
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    context.add_init_script(AXE_SCRIPT)
    page = context.new_page()
    visit(page, demo_server)
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        red, green, blue = bytes.fromhex(palette(theme).labels["batch"].lstrip("#"))
        page.wait_for_function(f"() => ({_FILLS})().includes('rgb({red}, {green}, {blue})')")
    settle(page)
    page.get_by_role("button", name="How?").first.click()
    expect(page.get_by_test_id("stPopoverBody")).to_contain_text("Price table")
    assert [finding["said"] for finding in found(page, ["color-contrast"])] == []
    context.close()
