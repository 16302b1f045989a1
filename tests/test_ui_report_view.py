"""The report is cut into text and tables without losing a word of it."""

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
