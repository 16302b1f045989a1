"""The mapping form: an upload that nobody knows, column by column, with what it would make of the file."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import streamlit as st

from data.errors import LanewiseDataError
from data.mapping import (
    CHOICES,
    ESSENTIAL,
    FIELDS,
    Answer,
    ColumnMapping,
    Field,
    Source,
    needed_answers,
    problems,
    read_mapping,
)
from data.mapping_preview import Preview
from data.proposing import Proposal, kind_of, question
from reports.workbench import Workbench
from ui import components as c
from ui import strings as s
from ui.sources import Incoming
from ui.text import md, short

NOTHING = "\x00nothing"
CONSTANT = "\x00constant"
_FIRST: tuple[Field, ...] = ("model", "input_tokens", "output_tokens", "ts", "provider", "workload")
_CONSTANTS: tuple[Field, ...] = ("model", "output_tokens", "provider", "workload", "tier")
_KEPT_AS_TEXT: tuple[Field, ...] = ("model", "provider", "workload", "call_id", "batch_id", "custom_id")


@dataclass(frozen=True)
class Unmapped:
    """A file that no format claims; an upload is held in memory until it is mapped or left out.

    `key` tells its widgets from those of other files; `like` is a mapping of a similar file.
    """

    key: str
    source: Incoming
    proposal: Proposal
    like: ColumnMapping | None


@dataclass(frozen=True)
class Decision:
    """What the person decided: a mapping to import with, or to leave the file out."""

    mapping: ColumnMapping | None


def show(bench: Workbench, asked: Unmapped, others: Sequence[Unmapped]) -> Decision | None:
    """The form for one file; the decision once a button is pressed."""
    sample = asked.proposal.sample
    with st.container(border=True, key="mapping_form"):
        st.header(s.MAP_TITLE, anchor=False)
        st.markdown(s.map_intro(md(short(sample.shown)), len(sample.names), sample.is_json))
        st.caption(
            s.map_resembles(md(asked.like.name))
            if asked.like is not None
            else s.map_proposed(len(asked.proposal.suggestions))
        )
        fields = _columns(asked)
        answers = _answers(asked, fields)
        if answers.get("row_is") == "bucket":
            _add(fields, "n_requests", asked)
        name = st.text_input(
            s.MAP_NAME, value=_said(asked)["name"], help=s.MAP_NAME_HELP, key=f"{asked.key}_name", width=320
        )
        content: dict[str, Any] = {
            "name": name.strip(),
            **dict(answers.items()),
            "fields": {key: source.model_dump(exclude_none=True) for key, source in fields.items()},
        }
        found = [problem.field for problem in problems(content)]
        if "name" in found:
            st.error(s.MAP_NAME_BAD, icon=":material/error:")
        st.markdown(f"**{s.MAP_PREVIEW}**", help=s.HOW_MAP_PREVIEW)
        mapping = None if found else read_mapping(content, name)
        if still := [known for known in dict.fromkeys(found) if known != "name"]:
            st.info(s.map_open(still), icon=":material/help:")
        tried = _preview(bench, asked, mapping)
        _others(asked, others)
        with st.container(horizontal=True):
            if (
                st.button(
                    s.MAP_SAVE,
                    type="primary",
                    icon=":material/save:",
                    disabled=tried is None,
                    key=f"{asked.key}_save",
                )
                and mapping is not None
            ):
                return Decision(mapping)
            if st.button(s.MAP_LEAVE, icon=":material/close:", key=f"{asked.key}_leave"):
                return Decision(None)
    return None


def _said(asked: Unmapped) -> dict[str, Any]:
    """What the form begins with."""
    return asked.like.content() if asked.like is not None else asked.proposal.content()


# -- columns ----------------------------------------------------------------------------------


def _columns(asked: Unmapped) -> dict[Field, Source]:
    fields: dict[Field, Source] = {}
    with st.grid(3, min_column_width=210):
        for name in _FIRST:
            _add(fields, name, asked)
    rest = [name for name in FIELDS if name not in _FIRST and name != "n_requests"]
    proposed = any(name in _said(asked)["fields"] for name in rest)
    with (
        st.expander(s.MAP_MORE, expanded=proposed, key=f"{asked.key}_more"),
        st.grid(3, min_column_width=210),
    ):
        for name in rest:
            _add(fields, name, asked)
    for name in _KEPT_AS_TEXT:
        column = fields[name].column if name in fields else None
        if column is not None and kind_of(asked.proposal.sample.values(column)) == "prose":
            st.warning(s.map_prose(md(short(column)), name), icon=":material/visibility:")
    return fields


def _add(fields: dict[Field, Source], name: Field, asked: Unmapped) -> None:
    """One field: its column, or the value that every row has."""
    said = _said(asked)["fields"].get(name, {})
    names = asked.proposal.sample.names
    options = [NOTHING, *([CONSTANT] if name in _CONSTANTS else []), *names]
    first = said.get("column") if said.get("column") in names else CONSTANT if "constant" in said else NOTHING
    why = next((item for item in asked.proposal.suggestions if item.field == name), None)
    with st.container(gap="xsmall"):
        chosen = st.selectbox(
            f"{s.field_title(name)} *" if name in ESSENTIAL else s.field_title(name),
            options,
            index=options.index(first) if first in options else 0,
            format_func=_option,
            help=s.map_why(name, why.confidence, why.why) if why else s.field_help(name),
            key=f"{asked.key}_{name}",
        )
        if chosen == CONSTANT:
            value = st.text_input(
                s.map_constant(name), value=said.get("constant", ""), key=f"{asked.key}_{name}_constant"
            )
            if value.strip() and value.isprintable() and len(value) <= 300:
                fields[name] = Source(constant=value.strip())
        elif chosen is not None and chosen != NOTHING:
            fields[name] = Source(column=chosen)


def _option(value: str) -> str:
    return {NOTHING: s.MAP_NOTHING, CONSTANT: s.MAP_CONSTANT}.get(value, short(value))


# -- answers ----------------------------------------------------------------------------------


def _answers(asked: Unmapped, fields: dict[Field, Source]) -> dict[Answer, str | bool]:
    """The questions that the chosen columns raise; nothing is chosen beforehand that the file cannot say."""
    said = _said(asked)
    answers: dict[Answer, str | bool] = {}
    st.markdown(f"**{s.MAP_QUESTIONS}**", help=s.HOW_MAP_QUESTIONS)
    with st.grid(2, min_column_width=320):
        for answer in needed_answers(fields):
            chosen = _answer(asked, answer, fields, said.get(answer))
            if chosen is not None:
                answers[answer] = chosen
    return answers


def _answer(
    asked: Unmapped, answer: Answer, fields: dict[Field, Source], known: str | bool | None
) -> str | bool | None:
    choices = CHOICES[answer]
    with st.container(gap="xsmall"):
        chosen = st.radio(
            s.map_question(answer),
            choices,
            index=choices.index(known) if known in choices else None,
            format_func=lambda choice: s.map_choice(answer, choice),
            horizontal=True,
            key=f"{asked.key}_{answer}",
        )
        hint = question(answer, asked.proposal.sample, fields).hint
        if hint:
            st.caption(md(hint))
    return chosen


# -- what it would make -----------------------------------------------------------------------


def _preview(bench: Workbench, asked: Unmapped, mapping: ColumnMapping | None) -> Preview | None:
    if mapping is None:
        return None
    try:
        tried = bench.preview_mapping(asked.proposal.sample, mapping)
    except LanewiseDataError as error:
        c.problem(error)
        return None
    st.caption(s.map_preview(len(tried.rows), tried.accepted))
    if not tried.accepted:
        st.warning(s.MAP_NO_CALLS, icon=":material/warning:")
    is_call = s.MAP_IS_BUCKET if mapping.row_is == "bucket" else s.MAP_IS_CALL
    frame = pd.DataFrame(
        {
            s.MAP_COL_ROW: [row.row for row in tried.rows],
            s.MAP_COL_RESULT: [row.reject.reason if row.reject else is_call for row in tried.rows],
            **{
                s.field_title(column): [_cell(row.call, column) for row in tried.rows]
                for column in tried.columns
            },
        }
    )
    st.dataframe(
        frame,
        hide_index=True,
        placeholder=s.NOT_KNOWN_DASH,
        alt=s.ALT_MAP_PREVIEW,
        key=f"{asked.key}_preview",
        column_config={s.MAP_COL_ROW: st.column_config.NumberColumn(width=50)},
    )
    return tried


def _cell(call: Any, column: str) -> str | None:
    value = None if call is None else call[column]
    if value is None:
        return None
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


def _others(asked: Unmapped, others: Sequence[Unmapped]) -> None:
    same = sum(other.proposal.sample.signature == asked.proposal.sample.signature for other in others)
    if same:
        st.caption(s.map_together(same))
    if len(others) > same:
        st.caption(s.map_waiting(len(others) - same))
