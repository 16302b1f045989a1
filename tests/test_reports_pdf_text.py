"""Lines of the PDF: words stay whole where they can, and nothing is lost."""

import pytest

from reports.report_pdf_text import Measure


def measure() -> Measure:
    """Every letter is one point wide."""
    return Measure(lambda letter: float(len(letter)))


@pytest.mark.parametrize(
    ("text", "room", "lines"),
    [
        ("one two three", 7, ["one two", "three"]),
        ("one", 3, ["one"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]),
        ("a abcdefgh b", 3, ["a", "abc", "def", "gh", "b"]),
        ("first\nsecond", 20, ["first", "second"]),
        ("", 5, [""]),
        ("wide", 0.5, ["w", "i", "d", "e"]),
    ],
)
def test_text_is_wrapped(text: str, room: float, lines: list[str]) -> None:
    found = [line.strip(" ") for line in measure().wrap(text, room)]
    assert found == lines


def test_a_first_line_may_be_shorter() -> None:
    assert measure().wrap("one two three", 9, first=3) == ["one", "two three"]
    assert measure().wrap("three", 9, first=2) == ["", "three"]


def test_width_is_the_sum_of_its_letters() -> None:
    assert measure().width("abc") == 3
