"""A policy's YAML is read strictly: nothing a reader would overlook, nothing that runs code."""

import pytest

from triage.errors import PolicyError
from triage.policy import Policy


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "a: [",
            "Line 1, column 5: expected the node content, but found '<stream end>'; check indentation, "
            "brackets, quotes and colons there and on the line before.",
        ),
        ("name: a\nname: b", "Line 2, column 1: 'name' is given twice; keep one of them."),
        ("a: &x [1]\nb: *x", "Line 2, column 4: aliases (*name) are not supported; write it out."),
        ("1: 2", "Line 1, column 1: 1 cannot be a key; write a word."),
        ("? [a]\n: b", "Line 1, column 3: ['a'] cannot be a key; write a word."),
        ("[" * 5_000, "Values are nested too deeply to be a policy."),
        ("a: " + "b" * 200_000, "The file has 200,003 characters; a policy has at most 200,000."),
    ],
)
def test_text_that_is_not_plain_yaml_is_refused_with_line_and_column(text: str, problem: str) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.load(text)
    assert caught.value.title == "The policy cannot be read"
    assert caught.value.message == problem


@pytest.mark.parametrize(
    "text", ["a: !!python/object/apply:os.getcwd []", "a: \x00", "a: 2026-02-31", "a: !x 1"]
)
def test_text_that_yaml_itself_refuses_or_that_would_run_code_is_refused(text: str) -> None:
    with pytest.raises(PolicyError) as caught:
        Policy.load(text)
    assert caught.value.title == "The policy cannot be read"
    assert caught.value.problems[0].endswith(".")
