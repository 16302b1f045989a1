"""A mapping as the YAML file that the command line takes; what is still open stands there as comments."""

from typing import Any, Final

import yaml

from data.mapping import FIELDS, Answer, ColumnMapping
from data.proposing import Proposal

_ASKED: Final[dict[Answer, str]] = {
    "row_is": "what is one row: one call, or a bucket of several?",
    "time_unit": "how is the time written?",
    "input_includes_cached": "does input_tokens count the cached tokens?",
    "latency_unit": "what are durations in?",
    "cost_unit": "what is the cost in?",
}


def mapping_yaml(mapping: ColumnMapping) -> str:
    """A complete mapping; `data.mapping.read_yaml` reads it back."""
    content = mapping.content()
    lines = [_line(key, value) for key, value in content.items() if key != "fields"]
    lines += ["fields:", *(f"  {_line(field, value)}" for field, value in content["fields"].items())]
    return "\n".join(lines) + "\n"


def proposal_yaml(proposal: Proposal) -> str:
    """A proposal to complete: every open question and every field that was not found is a comment."""
    lines = [
        f"# A mapping proposed for “{proposal.sample.shown}”. Check the columns, answer what is marked with",
        "# a question mark (remove the # and choose), and import with --mapping.",
        _line("name", proposal.name),
        *(
            f"{_line(answer, value)}  # as the first rows are written"
            for answer, value in proposal.answers.items()
        ),
    ]
    for question in proposal.questions:
        choices = " | ".join(_scalar(choice) for choice in question.choices)
        hint = f" {question.hint}" if question.hint else ""
        lines += [f"# ? {_ASKED[question.answer]}{hint}", f"# {question.answer}: {choices}"]
    lines.append("fields:")
    proposed = {item.field: item for item in proposal.suggestions}
    for field in FIELDS:
        if field in proposal.missing:
            lines += [
                f"  # ? {field} was not found; name its column, or one value for every row",
                f"  # {field}: {{}}",
            ]
        elif field in proposed:
            item = proposed[field]
            comment = f"  # {item.confidence:.0%}, by {item.why}"
            off = "# in a bucket: " if field == "n_requests" else ""
            lines.append(f"  {off}{_line(field, {'column': item.column})}{comment}")
    # A file without a header has a row of values where its names should be; texts stay out of this one.
    names = [
        _scalar(name)
        for name in proposal.sample.names[:200]
        if _is_name(name)
        if name not in {i.column for i in proposed.values()}
    ]
    if names:
        lines += ["# Other columns: " + ", ".join(names)]
    return "\n".join(lines) + "\n"


def _is_name(text: str) -> bool:
    return len(text) <= 60 and len(text.split()) <= 4


def _line(key: str, value: Any) -> str:
    if isinstance(value, dict):
        inner = ", ".join(f"{name}: {_scalar(text)}" for name, text in value.items())
        return f"{key}: {{{inner}}}"
    return f"{key}: {_scalar(value)}"


def _scalar(value: Any) -> str:
    """One value in YAML, quoted where it has to be, on one line."""
    text: str = yaml.safe_dump([value], default_flow_style=True, allow_unicode=True, width=10**9)
    return text.strip()[1:-1]
