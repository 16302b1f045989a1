"""The report is cut into text and tables without losing a word of it."""

from ui.report_short import MOST_POINTS, MOST_SECTIONS, shortened
from ui.report_view import Table, blocks, plain

REPORT = """# Title

Some text | with a pipe.

| Workload | Cost |
|---|---:|
| a \\| b | \\$5.00 |
| c |  |

After it.

| not a table
"""


def test_text_and_tables_come_in_order() -> None:
    before, table, after = blocks(REPORT)
    assert before == "# Title\n\nSome text | with a pipe.\n"
    assert table == Table(header=("Workload", "Cost"), rows=((r"a \| b", r"\$5.00"), ("c", "")), right=(1,))
    assert after == "\nAfter it.\n\n| not a table"


def test_a_report_without_tables_is_one_stretch_of_text() -> None:
    assert list(blocks("# Nothing\n\nto see")) == ["# Nothing\n\nto see"]


def test_a_table_without_rows_is_still_a_table() -> None:
    (table,) = blocks("| a |\n|:--|")
    assert table == Table(header=("a",), rows=(), right=())


def test_what_only_streamlit_gives_a_meaning_is_escaped() -> None:
    assert plain("$1 and :red[x] :blue-badge[y] :material/home: :tada:") == (
        r"\$1 and \:red[x] \:blue-badge[y] \:material/home: \:tada:"
    )
    assert plain("At 10:30: see https://example.com/a?b, **Cost:** 1") == (
        "At 10:30: see https://example.com/a?b, **Cost:** 1"
    )


def test_a_report_that_fits_is_shown_whole() -> None:
    assert shortened(REPORT.rstrip("\n")) == REPORT.rstrip("\n")


def test_a_long_list_is_cut_and_says_so_and_a_table_is_not() -> None:
    table = ["| a | b |", "|---|---:|", *(f"| {row} | 1 |" for row in range(700))]
    points = [f"- point {number}" for number in range(MOST_POINTS + 1_234)]
    shown = shortened("\n".join([*table, "", *points, "", "After."])).splitlines()
    left_out = ["", "*1,234 more in the files above.*", "", "", "After."]
    assert shown == [*table, "", *points[:MOST_POINTS], *left_out]


def test_the_evidence_of_the_first_workloads_is_shown_and_the_sections_after_it() -> None:
    evidence = [line for number in range(MOST_SECTIONS + 2) for line in (f"### w{number}", f"text {number}")]
    shown = shortened("\n".join(["# Report", "## Evidence", *evidence, "## Method", "### m", "Said."]))
    kept = evidence[: 2 * MOST_SECTIONS]
    assert [line for line in shown.splitlines() if line] == (
        ["# Report", "## Evidence", *kept, "*2 more in the files above.*", "## Method", "### m", "Said."]
    )
