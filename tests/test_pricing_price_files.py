"""Price rows as CSV and YAML: exact both ways, safe in a spreadsheet, and every fault with its place."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from pricing.edit_check import Problem
from pricing.model import PriceRow
from pricing.price_files import (
    COLUMNS,
    MAX_BYTES,
    MAX_ROWS,
    check_price_file,
    csv_text,
    read_price_file,
    yaml_text,
)
from pricing.table import PriceTable
from tests.pricing_cases import price_row

TODAY = date.fromisoformat("2026-11-21")
EMPTY = PriceTable([])
ROWS = [
    price_row("0.000000001 / - / - / - / 2.50", model="m", valid_from=datetime(2026, 12, 1, 16)),
    price_row("4 / 0.4 / 5 / 8 / 20", model="n", tier="batch", note='=HYPERLINK("x"), "quoted"\nand'),
]
HEADER = "provider,model,tier,valid_from,valid_to,input_usd_per_mtok,output_usd_per_mtok"


def test_the_csv_has_every_field_exact_prices_and_no_formulas() -> None:
    header, first, *rest = csv_text(ROWS).split("\r\n")
    assert header.split(",") == list(PriceRow.model_fields) == list(COLUMNS)
    assert ",0.000000001," in first
    assert "2026-12-01T16:00:00" in first
    assert "'=HYPERLINK" in rest[0]
    assert rest[-1] == ""


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_the_csv_begins_like_a_formula(start: str) -> None:
    text = csv_text([price_row("1", note=f"{start}1+1", model="m")])
    cells = [cell.strip('"') for cell in text.splitlines()[1].split(",")]
    assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in cells)


@pytest.mark.parametrize("name", ["prices.csv", "prices.yaml", "Prices.YML"])
def test_what_is_written_is_read_back_exactly(name: str) -> None:
    text = csv_text(ROWS) if name.endswith("csv") else yaml_text(ROWS)
    check = check_price_file(EMPTY, text.encode(), name, checked_on=TODAY)
    assert check.problems == ()
    first, second = check.rows
    assert first.input_usd_per_mtok == Decimal("0.000000001")
    assert first.output_usd_per_mtok == Decimal("2.50")
    assert first.valid_from == datetime(2026, 12, 1, 16)
    assert second.note == '=HYPERLINK("x"), "quoted" and'
    assert (second.tier, second.cache_write_long_usd_per_mtok, second.cache_rule) == (
        "batch",
        Decimal(8),
        "priced",
    )
    assert {row.source_kind for row in check.rows} == {"user"}
    assert [row.checked_on for row in check.rows] == [row.checked_on for row in ROWS]


def test_yaml_prices_are_quoted_so_that_no_reader_makes_them_floats() -> None:
    assert "output_usd_per_mtok: '2.50'" in yaml_text(ROWS)
    assert "cache_read_usd_per_mtok" not in yaml_text(ROWS[:1])


def test_every_fault_of_a_bad_csv_is_listed_with_its_row_and_column() -> None:
    text = "\n".join(
        [
            HEADER,
            "acme,m,standard,2026-01-01,2026-06-01,-1,5",
            "acme,m,batch,,,two,5",
            "acme,n,standard,2026-01-01,,1,5",
            "acme,n,standard,2026-01-01,,1,5",
            "acme,o,standard,2026-01-01,2026-06-01,1,5",
            "",
            "acme,o,standard,2026-05-01,,1,5",
            "acme,p,fast,,,1,5",
            "acme,q,standard,2026-06-01,2026-05-01,1,5",
            "acme,=1+1,standard,,,1,5",
            "acme,r,standard,,,1",
        ]
    )
    found = check_price_file(EMPTY, text.encode(), "bad.csv", checked_on=TODAY).problems
    assert [(problem.row, problem.column) for problem in found] == [
        (2, "input_usd_per_mtok"),
        (3, "input_usd_per_mtok"),
        (5, "valid_from"),
        (8, "valid_from"),
        (9, "tier"),
        (10, "valid_to"),
        (11, "model"),
        (12, None),
    ]
    assert "cannot be negative" in found[0].sentence
    assert "'two' is not a number" in found[1].sentence
    assert found[2].sentence == "The row repeats row 4: same provider, model, tier, band and start."
    assert "before row 6 ends (2026-06-01 00:00)" in found[3].sentence
    assert "use one of: standard, batch" in found[4].sentence
    assert "must be later than valid_from" in found[5].sentence
    assert "is no id" in found[6].sentence
    assert found[7].sentence == "The row has 6 cells; the header has 7 columns."


def test_a_bad_yaml_names_its_entries() -> None:
    text = """
- {provider: acme, model: m, tier: standard, input_usd_per_mtok: -1}
- just words
- {provider: acme, model: m, tier: [standard], input_usd_per_mtok: 1}
- {provider: acme, model: n, tier: standard, input_usd_per_mtok: 1.10, output_usd_per_mtok: null, colour: red}
"""
    found = check_price_file(EMPTY, text.encode(), "bad.yaml", checked_on=TODAY).problems
    assert [(problem.row, problem.column) for problem in found] == [
        (1, "input_usd_per_mtok"),
        (2, None),
        (3, "tier"),
        (4, "colour"),
    ]


def test_yaml_numbers_keep_their_digits() -> None:
    text = "- {provider: acme, model: '1', tier: standard, input_usd_per_mtok: 0.1000000}"
    (row,) = check_price_file(EMPTY, text.encode(), "x.yml", checked_on=TODAY).rows
    assert (row.model, str(row.input_usd_per_mtok)) == ("1", "0.1")


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "x.csv", "has no price rows"),
        (b"", "x.yaml", "has no price rows"),
        (b"\n\n", "x.csv", "'provider' is missing"),
        (b"\xff\xfe\x00", "x.csv", "not UTF-8 text: byte 1"),
        (b"provider\0", "x.csv", "zero bytes"),
        (b"x" * (MAX_BYTES + 1), "x.csv", "5,000,001 bytes"),
        (b"model,model,provider,tier\n", "x.csv", "'model' is given twice"),
        (b"model,price\nm,1", "x.csv", "'provider' is missing"),
        (b"a: &x 1\nb: *x", "x.yaml", "aliases"),
        (b"- {model: a, model: b}", "x.yaml", "given twice"),
        (b"provider: acme", "x.yaml", "must be a list"),
        (b"- {", "x.yaml", "Line 1"),
        (b"[" * 5000, "x.yaml", "nested too deeply"),
        (b"- !!python/object/apply:os.system ['true']", "x.yaml", "no price row"),
    ],
)
def test_a_file_that_cannot_be_used_says_why(content: bytes, name: str, words: str) -> None:
    check = check_price_file(EMPTY, content, name, checked_on=TODAY)
    assert check.rows == ()
    assert any(words in problem.sentence for problem in check.problems)


def test_more_rows_than_anybody_needs_are_refused() -> None:
    text = HEADER + "\nacme,m,standard,,,1,5" * (MAX_ROWS + 1)
    assert [problem.row for problem in read_price_file(text.encode(), "x.csv").problems] == [0]


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_spreadsheets_of_other_countries_and_a_byte_order_mark(delimiter: str) -> None:
    text = "\ufeff" + HEADER.replace(",", delimiter) + "\n" + "acme,m,standard,,,1,5".replace(",", delimiter)
    (row,) = check_price_file(EMPTY, text.encode(), "x.csv", checked_on=TODAY).rows
    assert (row.input_usd_per_mtok, row.output_usd_per_mtok) == (Decimal(1), Decimal(5))


def test_an_unknown_column_is_named_once_and_broken_quotes_have_their_row() -> None:
    text = f"{HEADER},discount\n" + "acme,m,standard,,,1,5,9\n" * 2 + 'acme,n,"standard"x,,,1,5,9\n'
    found = read_price_file(text.encode(), "x.csv")
    assert [(problem.row, problem.column) for problem in found.problems] == [(1, "discount"), (4, None)]
    assert len(found.rows) == 2
    assert "There is no column 'discount'" in found.problems[0].sentence


def test_the_whole_shipped_table_survives_both_formats() -> None:
    shipped = PriceTable.shipped()
    some = shipped.rows[::40]
    for text, name in ((csv_text(some), "x.csv"), (yaml_text(some), "x.yaml")):
        check = check_price_file(shipped, text.encode(), name, checked_on=TODAY)
        assert check.problems == ()
        assert [row.model_copy(update={"source_kind": "user"}) for row in some] == list(check.rows)


def test_problems_have_a_place() -> None:
    assert read_price_file(b"", "x.csv").problems == (Problem(0, None, "The file has no price rows."),)
