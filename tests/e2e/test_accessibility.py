"""Every page of the demo held to axe's rules, light and dark: nothing serious, no heading skips a level."""

from typing import Any, Final

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect

from reports.palette import ThemeName, palette
from tests.e2e.harness import ROOT, Server, no_tracebacks, settle, visit

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

_ASKED: Final[dict[ThemeName, list[str]]] = {"light": [], "dark": ["color-contrast", "link-in-text-block"]}
"""Which rules are asked: all, and once more those whose answer depends on the appearance."""


def found(page: Page, rules: list[str]) -> list[dict[str, Any]]:
    """The findings that count of these rules (none named: of all) on the page as it is."""
    listed: list[dict[str, Any]] = page.evaluate(_FOUND, [rules, STREAMLIT, MINOR_BUT_ASKED])
    return listed


def test_no_page_has_a_serious_finding(browser: Browser, demo_server: Server) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme="light")
    context.add_init_script(AXE_SCRIPT)
    page = context.new_page()
    visit(page, demo_server)
    links = page.get_by_test_id("stSidebarNav").get_by_role("link")
    assert links.count() == len(list((ROOT / "ui" / "pages").glob("*.py")))
    findings: dict[str, list[str]] = {}
    occurred: set[str] = set()
    for theme, rules in _ASKED.items():
        page.emulate_media(color_scheme=theme)
        for position in range(links.count()):
            links.nth(position).click()
            expect(links.nth(position)).to_have_attribute("aria-current", "page")
            settle(page)
            expect(page.get_by_test_id("stException")).to_have_count(0)
            listed = found(page, rules)
            occurred |= {finding["rule"] for finding in listed if finding["known"]}
            ours = [finding["said"] for finding in listed if not finding["known"]]
            if ours:
                findings[f"{page.url}, {theme}"] = ours
        red, green, blue = bytes.fromhex(palette(theme).background.lstrip("#"))
        expect(page.get_by_test_id("stApp")).to_have_css("background-color", f"rgb({red}, {green}, {blue})")
    context.close()
    assert findings == {}
    assert occurred == set(STREAMLIT), "a finding that is gone must leave the list"
    no_tracebacks(demo_server)


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
