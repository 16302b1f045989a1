"""Text from outside stays text: nothing in a name becomes Markdown, and long names keep both ends."""

import pytest

from ui.text import LONGEST_NAME, linked, md, plural, short

SPECIAL = r"\`*_{}[]()#+-!|~<>$:^=@&"


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("plain name", "plain name"),
        ("$5 and $6", r"\$5 and \$6"),
        (":red[danger]", r"\:red\[danger\]"),
        ("**bold** _it_", r"\*\*bold\*\* \_it\_"),
        ("[x](http://a.b)", "\\[x\\]\\(http\\:\N{WORD JOINER}//a.b\\)"),
        ("HTTPS://a.b", "HTTPS\\:\N{WORD JOINER}//a.b"),
        ("<b>&amp;", r"\<b\>\&amp;"),
        ("a | b", r"a \| b"),
        ("www.example.com", "www\N{WORD JOINER}.example.com"),
        ("1. first", r"1\. first"),
        ("me@example.com", r"me\@example.com"),
        ("# title", r"\# title"),
        ("two\n\nparagraphs\tand tab", "two paragraphs and tab"),
        ("≈\N{NO-BREAK SPACE}€1", "≈\N{NO-BREAK SPACE}€1"),
    ],
)
def test_markdown_is_escaped(text: str, escaped: str) -> None:
    assert md(text) == escaped


@pytest.mark.parametrize("character", SPECIAL)
def test_every_character_with_a_meaning_gets_a_backslash(character: str) -> None:
    assert md(f"a{character}b") == f"a\\{character}b"


def test_the_address_of_a_source_stays_a_link() -> None:
    assert linked("a *page* at https://a.b") == r"a \*page\* at https\://a.b"


def test_short_names_are_left_alone_and_long_ones_keep_both_ends() -> None:
    assert short("nightly-summaries") == "nightly-summaries"
    cut = short("team-a/" + "x" * 200 + "/nightly")
    assert len(cut) == LONGEST_NAME
    assert cut.startswith("team-a/")
    assert cut.endswith("/nightly")
    assert cut.count("…") == 1


def test_plural() -> None:
    assert plural(1, "call") == "1 call"
    assert plural(0, "call") == "0 calls"
    assert plural(1234567, "call") == "1,234,567 calls"
    assert plural(2, "reply", "replies") == "2 replies"
