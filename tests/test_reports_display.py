"""Amounts in another currency and moments in another time zone: the digits, and what they may not reach."""

import ast
import re
import threading
from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from reports import ledger_export, scenario_export
from reports.alerts import Found
from reports.charts import spend_by_day, spend_by_label
from reports.display import (
    CURRENCIES,
    DOLLARS,
    Conversion,
    Display,
    amount,
    in_dollars,
    local,
    mark,
    moment,
    show_in,
    shown,
    unit,
)
from reports.format import UNKNOWN, usd, usd_short, usd_signed, usd_unit
from reports.ledger_model import Measured
from reports.model import Analysis
from reports.report_charts import draw
from reports.report_compare import since
from reports.report_document import BarChart, DayChart
from reports.report_files import FORMATS
from reports.report_sections import document
from reports.scenario import Scenario
from reports.scenario_prices import ScenarioPrices
from reports.triage_report import json_text
from reports.watch_model import read_watched
from reports.whatif import run_scenario
from reports.workbench import Workbench
from tests.ledger_case import KEY, MOVED, after_the_move, before_the_move
from tests.report_cases import NAMES, nasty

ROOT = Path(__file__).resolve().parent.parent
AS_OF = datetime(2026, 11, 20)
RATE_OF = date(2026, 11, 20)
EUROS = Display("Europe/Berlin", Conversion("EUR", Decimal("0.92"), RATE_OF))
YEN = Display("Asia/Tokyo", Conversion("JPY", Decimal("151.37"), RATE_OF))
ABOUT = "≈\N{NO-BREAK SPACE}"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    """What a test shows in does not stay."""
    before = shown()
    yield
    show_in(before)


# ------------------------------------------------------------------ digits


@pytest.mark.parametrize(
    ("display", "micro_usd", "text"),
    [
        # 1,234.56789 x 0.92 = 1,135.8024588; x 151.37 = 186,876.54...
        (EUROS, "1234567890", "€1,135.80"),
        (YEN, "1234567890", "¥186,877"),
        (EUROS, "-500000", "-€0.46"),
        (EUROS, "0", "€0.00"),
        (YEN, "0", "¥0"),
        # 0.0042 x 0.92 = 0.003864; x 151.37 = 0.635754
        (EUROS, "4200", "€0.0039"),
        (YEN, "4200", "¥0.64"),
        (EUROS, "0.4", "€0.00000037"),
        (EUROS, "9000000000000000", "€8,280,000,000.00"),
        # half a cent of either side goes to the even one: 0.125 and 0.135
        (Display("UTC", Conversion("EUR", Decimal("0.5"), RATE_OF)), "250000", "€0.12"),
        (Display("UTC", Conversion("CAD", Decimal("0.5"), RATE_OF)), "270000", "CA$0.14"),
        (Display("UTC", Conversion("CHF", Decimal("1"), RATE_OF)), "1000000", "CHF 1.00"),
    ],
)
def test_exact_amounts_are_converted_and_marked(display: Display, micro_usd: str, text: str) -> None:
    show_in(display)
    assert usd(Decimal(micro_usd)) == f"{ABOUT}{text}"


@pytest.mark.parametrize(
    ("display", "micro_usd", "text"),
    [
        # 1,234 x 0.92 = 1,135.28; 100 x 0.92 = 92; 7 x 151.37 = 1,059.59; 0.3 x 151.37 = 45.411
        (EUROS, "1234000000", "€1.14k"),
        (EUROS, "100000000", "€92.00"),
        (EUROS, "-45600000000", "-€42.0k"),
        (YEN, "7000000", "¥1.06k"),
        (YEN, "300000", "¥45"),
    ],
)
def test_short_amounts_take_their_unit_after_the_conversion(
    display: Display, micro_usd: str, text: str
) -> None:
    show_in(display)
    assert usd_short(Decimal(micro_usd)) == f"{ABOUT}{text}"


def test_the_price_of_one_thing_keeps_four_digits_below_a_hundred_of_the_smallest_unit() -> None:
    show_in(EUROS)
    assert usd_unit(Decimal("12345.6")) == f"{ABOUT}€0.01136"  # 0.0123456 x 0.92 = 0.011357952
    assert usd_unit(Decimal("2000000")) == f"{ABOUT}€1.84"
    show_in(YEN)
    assert usd_unit(Decimal("50000")) == f"{ABOUT}¥7.568"  # 0.05 x 151.37 = 7.5685
    assert usd_unit(Decimal("2000000")) == f"{ABOUT}¥303"  # 302.74


def test_a_difference_has_its_sign_between_mark_and_currency() -> None:
    assert (usd_signed(Decimal(1_000_000)), usd_signed(Decimal(0))) == ("+$1.00", "$0.00")
    assert usd_signed(Decimal(-1_234_000_000), short=True) == "-$1.23k"
    show_in(EUROS)
    assert usd_signed(Decimal(1_000_000)) == f"{ABOUT}+€0.92"
    assert usd_signed(Decimal(-1_000_000)) == f"{ABOUT}-€0.92"


def test_unknown_is_not_converted() -> None:
    show_in(EUROS)
    assert {usd(None), usd_short(None), usd_unit(None)} == {UNKNOWN}


def test_an_amount_is_exact_at_any_rate() -> None:
    micro, rate = Decimal("9007199254740993.000000001"), Decimal("0.123456789012")
    show_in(Display("UTC", Conversion("EUR", rate, RATE_OF)))
    assert Fraction(amount(micro)) == Fraction(micro) * Fraction(rate) / 10**6


def test_no_two_currencies_look_alike_and_none_like_dollars() -> None:
    marks = [known.mark for known in CURRENCIES.values()]
    assert len(set(marks)) == len(marks)
    assert all(len(code) == 3 and code.isupper() for code in CURRENCIES)
    assert (mark(), unit()) == ("$", "US dollars")
    show_in(EUROS)
    assert (mark(), unit()) == (f"{ABOUT}€", f"{ABOUT}EUR")


# ------------------------------------------------------------------ times


@pytest.mark.parametrize(
    ("zone", "at_utc", "text"),
    [
        ("UTC", datetime(2026, 7, 1, 22, 30), "2026-07-01 22:30"),
        ("Europe/Berlin", datetime(2026, 7, 1, 22, 30), "2026-07-02 00:30"),
        ("Europe/Berlin", datetime(2026, 12, 31, 23, 15), "2027-01-01 00:15"),
        ("Asia/Kolkata", datetime(2026, 7, 1, 22, 30), "2026-07-02 04:00"),
        ("America/Los_Angeles", datetime(2026, 7, 1, 6, 59), "2026-06-30 23:59"),
        # clocks go back at 01:00 UTC: 02:30 comes twice
        ("Europe/Berlin", datetime(2026, 10, 25, 0, 30), "2026-10-25 02:30 (+02:00)"),
        ("Europe/Berlin", datetime(2026, 10, 25, 1, 30), "2026-10-25 02:30 (+01:00)"),
        ("Europe/Berlin", datetime(2026, 10, 25, 2, 30), "2026-10-25 03:30"),
    ],
)
def test_moments_are_on_the_clocks_of_the_zone(zone: str, at_utc: datetime, text: str) -> None:
    show_in(Display(zone))
    assert moment(at_utc) == text
    assert f"{local(at_utc):%Y-%m-%d %H:%M}" == text[:16]


# ---------------------------------------------------------------- isolation


def test_what_one_thread_shows_no_other_sees() -> None:
    both = threading.Barrier(2, timeout=30)
    said: dict[str, list[str]] = {}

    def session(name: str, display: Display) -> None:
        show_in(display)
        said[name] = []
        for _ in range(50):
            both.wait()
            said[name].append(usd(Decimal(1_000_000)))

    sessions = [
        threading.Thread(target=session, args=("euros", EUROS)),
        threading.Thread(target=session, args=("yen", YEN)),
    ]
    for thread in sessions:
        thread.start()
    for thread in sessions:
        thread.join()
    assert set(said["euros"]) == {f"{ABOUT}€0.92"}
    assert set(said["yen"]) == {f"{ABOUT}¥151"}
    assert usd(Decimal(1_000_000)) == "$1.00", "who started them sees dollars"


def test_in_dollars_ends_where_it_ends() -> None:
    show_in(EUROS)

    @in_dollars()
    def written() -> str:
        return usd(Decimal(1_000_000))

    with in_dollars(), in_dollars():
        assert usd(Decimal(1_000_000)) == "$1.00"
        assert shown().zone == "Europe/Berlin", "it is about money alone"
    with pytest.raises(KeyError), in_dollars():
        raise KeyError
    assert written() == written() == "$1.00"
    assert shown() == EUROS


# -------------------------------------------------------------------- leaks


@pytest.fixture(scope="module")
def small() -> Analysis:
    return nasty(len(NAMES))


def timeless(content: bytes) -> bytes:
    """A file without the second in which a PDF was made, and the id that follows from it."""
    return re.sub(rb"/CreationDate \(D:\d+Z\)|/ID \[<\w+><\w+>\]", b"", content)


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_is_the_same_file_in_every_currency(name: str, small: Analysis) -> None:
    written = timeless(FORMATS[name].write(small, None))
    show_in(EUROS)
    assert timeless(FORMATS[name].write(small, None)) == written


def test_the_documents_parts_are_dollars_too(small: Analysis) -> None:
    whole = document(small)
    charts = [
        block for part in whole.sections for block in part.blocks if isinstance(block, BarChart | DayChart)
    ]
    drawn = [draw(chart) for chart in charts]
    assert charts
    show_in(YEN)
    assert document(small) == whole
    assert [draw(chart) for chart in charts] == drawn


@pytest.fixture(scope="module")
def moved(tmp_path_factory: pytest.TempPathFactory) -> Workbench:
    folder = tmp_path_factory.mktemp("moved")
    bench = before_the_move(folder)
    bench.ledger().claim(KEY, owner="Ann", note="", author="ann", moved_on=MOVED)
    after_the_move(bench, folder)
    budget = {"channel": "workload", "which": "nightly", "period": "day", "limit_usd": "0.30"}
    bench.watch().save(read_watched({"budgets": [budget]}), author="Ann", note="")
    return bench


def in_both(work: Callable[[], object]) -> None:
    """Whatever `work` makes is the same for who looks in dollars and who looks in yen."""
    show_in(Display())
    in_dollars_made = work()
    show_in(YEN)
    assert work() == in_dollars_made


def test_all_that_is_cached_saved_or_sent_is_dollars(moved: Workbench) -> None:
    in_both(lambda: moved.analysis(AS_OF))

    def found() -> Found:
        return moved.watch().look(datetime(2026, 11, 16))

    assert any("$0.30 a day" in alert.sentence for alert in found().alerts)
    in_both(found)

    inputs = moved.inputs(as_of=AS_OF)
    show_in(YEN)
    measured: Measured = moved.ledger().verify(KEY, author="bob")
    assert "¥" not in measured.sentence
    assert "$" in measured.sentence
    analysis = moved.analysis(AS_OF)
    entries = moved.ledger().entries(analysis, inputs.cube, inputs.policy, AS_OF.date())
    history = moved.ledger().history()
    in_both(lambda: ledger_export.csv_text(entries))
    in_both(lambda: ledger_export.json_text(entries, history))
    result = run_scenario(ScenarioPrices(inputs), analysis, Scenario(name="as proposed"))
    in_both(lambda: scenario_export.csv_text([result]))
    in_both(lambda: scenario_export.json_text([result]))
    comparison = since(json_text(analysis), analysis, moved.reopen)
    for known in FORMATS.values():
        if known.compares:
            in_both(lambda write=known.write: timeless(write(analysis, comparison)))  # type: ignore[misc]


PAGES_ONLY = {"charts", "spend_treemap", "verify_charts"}
"""Modules of reports that draw for a page and for nothing else: what they write is converted."""
GUARDED = {
    "alerts": "look",
    "report_charts": "draw",
    "report_compared": "compared_section",
    "report_document": "cell_text",
    "report_notes": "note_blocks",
    "report_part": "section",
    "report_sections": "document",
    "verification": "measure",
}
"""Modules whose sentences leave the page, and the way in that keeps them in dollars."""


def test_every_module_that_writes_amounts_is_known_to_do_it_for_pages_or_in_dollars() -> None:
    writers = set()
    for path in (ROOT / "reports").glob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = {
            name.name
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module == "reports.format"
            for name in node.names
        }
        if any(name == "usd" or name.startswith("usd_") for name in imported):
            writers.add(path.stem)
        if path.stem in GUARDED:
            (found,) = (
                node
                for node in tree.body
                if isinstance(node, ast.FunctionDef) and node.name == GUARDED[path.stem]
            )
            assert "in_dollars()" in map(ast.unparse, found.decorator_list), path.stem
    assert writers == PAGES_ONLY | set(GUARDED)


# ------------------------------------------------------------------- charts


def test_charts_draw_and_label_in_the_currency(small: Analysis) -> None:
    in_usd = spend_by_day(small, "light")
    plain = spend_by_label(small, "light")
    show_in(EUROS)
    figure = spend_by_day(small, "light")
    assert figure.layout.yaxis.tickprefix == f"{ABOUT}€"
    assert figure.layout.yaxis.title.text == f"{ABOUT}EUR a UTC day"
    assert figure.data[0].y[0] == pytest.approx(in_usd.data[0].y[0] * 0.92)
    assert in_usd.layout.yaxis.tickprefix == "$"
    labels = spend_by_label(small, "light")
    assert all(text.startswith(ABOUT) for text in labels.data[0].text)
    assert all(text.startswith("$") for text in plain.data[0].text)


def test_every_currency_of_the_list_writes_amounts() -> None:
    for code, known in CURRENCIES.items():
        if code != DOLLARS:
            show_in(Display("UTC", Conversion(code, Decimal(1), RATE_OF)))
            cents = "" if known.places == 0 else ".00"
            assert usd(Decimal(1_000_000)) == f"{ABOUT}{known.mark}1{cents}"
            assert known.places in (0, 2)
