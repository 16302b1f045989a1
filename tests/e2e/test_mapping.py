"""A table that nobody knows, in a real browser: mapped, imported, and the next one goes in unasked."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.e2e.harness import (
    PATIENCE_MS,
    Serve,
    Server,
    heading,
    no_tracebacks,
    settle,
    unfold,
    visit,
    whole_page,
)
from tests.e2e.test_screens import NARROW, sound
from tests.mapped_tables import CANARY, TABLE

pytestmark = pytest.mark.e2e

TITLE = "Tell Lanewise what the columns mean"


@pytest.fixture
def server(tmp_path: Path, serve: Serve) -> Server:
    return serve(tmp_path / "workspace")


def drop(page: Page, name: str, text: str) -> None:
    payload = FilePayload(name=name, mimeType="text/csv", buffer=text.encode())
    page.locator("input[type=file]").set_input_files(payload)
    button = page.get_by_role("button", name="Import 1 file")
    button.click()
    # The field is emptied when the import is over.
    expect(button).to_have_count(0, timeout=PATIENCE_MS)
    settle(page)


def say(page: Page, question: str, answer: str) -> None:
    group = page.get_by_role("radiogroup", name=question)
    group.get_by_text(answer, exact=True).click()
    settle(page)


def choose(page: Page, field: str, column: str) -> None:
    page.get_by_role("combobox", name=field).click()
    page.get_by_role("option", name=column, exact=True).click()
    settle(page)


def test_map_once_and_the_next_file_goes_in_unasked(page: Page, server: Server, shots: Path) -> None:
    visit(page, server, "data")
    drop(page, "acme.csv", TABLE)
    expect(heading(page, TITLE)).to_be_visible()
    settle(page)
    sound(page)
    whole_page(page, shots / "mapping-asked.png")
    save = page.get_by_role("button", name="Save and import")
    expect(save).to_be_disabled()
    assert list(server.workspace.glob(".tmp-*")) == []

    choose(page, "Cache read tokens", "from cache")
    say(page, "What is one row?", "One call")
    say(page, "How is the time written?", "Seconds since 1970")
    say(page, "Do input tokens count the cached ones?", "Yes, input is the total")
    say(page, "What are durations in?", "Seconds")
    say(page, "What is the cost in?", "US cents")
    expect(page.get_by_text("3 rows tried: 2 usable, 1 not.")).to_be_visible()
    sound(page)
    whole_page(page, shots / "mapping-preview.png")
    save.click()

    expect(page.get_by_text("3 read = 2 accepted + 1 rejected + 0 duplicates").first).to_be_visible()
    # 600 x 2.50 + 400 x 1.25 + 100 x 10, and 2,000 x 2.50 + 200 x 10 micro-dollars
    expect(page.get_by_text("The accepted calls cost $0.01; every one of them is priced.")).to_be_visible()
    expect(heading(page, TITLE)).to_have_count(0)
    unfold(page, "Saved column mappings")
    expect(page.get_by_role("button", name="Forget")).to_be_visible()
    settle(page)
    sound(page)
    whole_page(page, shots / "mapping-imported.png")

    drop(page, "next.csv", TABLE.replace("17778852", "17778862"))
    expect(page.get_by_text("next.csv").first).to_be_visible()
    settle(page)
    expect(page.get_by_text("Read as Your mapping acme (csv).").first).to_be_visible()
    expect(heading(page, TITLE)).to_have_count(0)
    assert len(list((server.workspace / "datasets").iterdir())) == 2
    for file in server.workspace.rglob("*"):
        assert not file.is_file() or CANARY.encode() not in file.read_bytes()
    no_tracebacks(server)


def test_the_form_is_sound_on_a_phone(browser: Browser, server: Server, shots: Path) -> None:
    context = browser.new_context(viewport=NARROW, color_scheme="dark")
    page = context.new_page()
    visit(page, server, "data")
    drop(page, "usage.csv", "day,model,in_tokens,out_tokens,requests\n2026-05-04,gpt-4o,5000,600,12\n")
    expect(heading(page, TITLE)).to_be_visible()
    settle(page)
    say(page, "What is one row?", "A bucket of several calls")
    sound(page)
    whole_page(page, shots / "mapping-narrow-dark.png")
    context.close()
    no_tracebacks(server)
