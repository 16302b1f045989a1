"""The Describe page piece by piece: the form, the table of all described workloads, undo, history."""

from collections.abc import Sequence
from typing import Any

import pandas as pd
import streamlit as st

from data.descriptions import COLUMNS, Described, Row, RowProblem, missing, tidy, to_yaml
from reports.format import usd_short
from reports.workbench import Workbench
from triage.model import TRIGGERS
from ui import components as c
from ui import nav, state
from ui import strings as s
from ui.text import md, short

_GENERATION = "describe_generation"
_NOTICE = "describe_notice"
_FROM = "from"
_YES_NO = {"yes": "yes", "no": "no", "unsaid": ""}
ROWS_SHOWN = 12
ROW_PIXELS = 35
ORDER = (
    "name",
    "model",
    "requests_per_day",
    "requests_per_run",
    "runs_per_year",
    "input_tokens",
    "shared_prefix_tokens",
    "output_tokens",
    "max_wait",
    "trigger",
    "user_waiting",
    "sequential",
    "provider",
    "description",
    _FROM,
)
WIDTHS = {"name": 150, "model": 140, "description": 240}


def _generation() -> int:
    return int(st.session_state.get(_GENERATION, 0))


def _done(message: str | None) -> None:
    st.session_state[_GENERATION] = _generation() + 1
    if message is not None:
        st.session_state[_NOTICE] = message
    st.rerun()


def notice() -> None:
    """Once after a save or an undo."""
    message = st.session_state.pop(_NOTICE, None)
    if message:
        st.success(message, icon=":material/check_circle:")


def form(bench: Workbench, known: Sequence[Described]) -> None:
    """One workload; a name that is described already is described anew."""
    with st.form(f"describe_form_{_generation()}"):
        st.header(s.DESCRIBE_FORM, help=s.HOW_DESCRIBE_FORM, anchor=False)
        with st.grid(3, min_column_width=200):
            said = {column: _text(column) for column in ("name", "model", "provider")}
        with st.grid(3, min_column_width=200):
            said |= {
                column: _text(column) for column in ("requests_per_day", "requests_per_run", "runs_per_year")
            }
        with st.grid(3, min_column_width=200):
            said |= {
                column: _text(column) for column in ("input_tokens", "shared_prefix_tokens", "output_tokens")
            }
        with st.grid(4, min_column_width=160):
            said["max_wait"] = _text("max_wait", placeholder=s.SLA_MAX_WAIT_PLACEHOLDER)
            said["trigger"] = (
                st.selectbox(
                    s.describe_column("trigger"),
                    [None, *TRIGGERS],
                    format_func=s.trigger_title,
                    help=s.describe_help("trigger"),
                    key=_key("trigger"),
                )
                or ""
            )
            said |= {column: _answer(column) for column in ("user_waiting", "sequential")}
        said["description"] = _text("description")
        wanted = st.form_submit_button(s.DESCRIBE_SAVE, type="primary", icon=":material/save:")
    if wanted:
        _save_one(bench, known, tidy(said))


def _key(column: str) -> str:
    return f"describe_{column}_{_generation()}"


def _text(column: str, placeholder: str | None = None) -> str:
    return st.text_input(
        s.describe_column(column), help=s.describe_help(column), placeholder=placeholder, key=_key(column)
    )


def _answer(column: str) -> str:
    chosen = st.segmented_control(
        s.describe_column(column),
        list(_YES_NO),
        default="unsaid",
        required=True,
        format_func=s.yes_no,
        help=s.describe_help(column),
        key=_key(column),
    )
    return _YES_NO[chosen]


def _save_one(bench: Workbench, known: Sequence[Described], row: Row) -> None:
    problems = bench.check_descriptions([row])
    if problems:
        _problems([_sentence(item) for item in problems])
        return
    name = row["name"]
    others = [item.row for item in known if item.row["name"] != name]
    bench.save_descriptions([*others, row], author=state.author(), note=s.describe_note(name))
    result = next((item for item in state.analysis().workloads if item.workload == name), None)
    if result is None:
        _done(s.describe_saved_table(1))
        return
    label = c.label_badge(result.verdict.label)
    if result.current_per_year_micro_usd is None:
        _done(s.describe_saved_fact(md(short(name)), label))
    else:
        cost = md(usd_short(result.current_per_year_micro_usd))
        _done(s.describe_saved(md(short(name)), label, cost))


def table(bench: Workbench, known: Sequence[Described]) -> None:
    """All described workloads, edited in place and saved together."""
    st.header(s.DESCRIBE_GRID, help=s.HOW_DESCRIBE_GRID, anchor=False)
    if not known and not bench.descriptions_history():
        st.caption(s.DESCRIBE_NONE)
        return
    before = pd.DataFrame(
        [{**dict.fromkeys(COLUMNS, ""), **item.row, _FROM: item.source} for item in known],
        columns=[*COLUMNS, _FROM],
        dtype=str,
    )
    edited = st.data_editor(
        before,
        key=f"describe_grid_{_generation()}",
        column_order=ORDER,
        num_rows="dynamic",
        hide_index=True,
        row_height=ROW_PIXELS,
        height=(min(len(known) + 1, ROWS_SHOWN) + 1) * ROW_PIXELS + 2,
        placeholder="",
        alt=s.ALT_DESCRIBE_GRID,
        disabled=[_FROM],
        column_config=_grid_columns(),
    )
    cells = edited.fillna("")
    rows = [tidy(dict(zip(cells.columns, line, strict=True))) for line in cells.to_numpy().tolist()]
    rows = [row for row in rows if row]
    changed = rows != [dict(item.row) for item in known]
    if changed:
        _pending(bench, rows)
    with st.container(horizontal=True):
        st.download_button(
            s.DESCRIBE_DOWNLOAD,
            data=to_yaml([item.row for item in known]),
            file_name="workloads.yaml",
            mime="application/yaml",
            icon=":material/download:",
            on_click="ignore",
            disabled=not known,
            key="describe_download",
            help=s.DESCRIBE_DOWNLOAD_HELP,
        )
        if st.button(
            s.DESCRIBE_UNDO,
            icon=":material/undo:",
            disabled=not bench.can_undo_descriptions(),
            key="describe_undo",
            help=s.DESCRIBE_UNDO_HELP,
        ):
            bench.undo_descriptions(author=state.author())
            _done(s.DESCRIBE_UNDONE)
        if known:
            c.link(s.SEE_WORKLOADS, nav.WORKLOADS, key="describe_see")


def _grid_columns() -> dict[str, Any]:
    options: dict[str, list[str]] = {
        "trigger": ["", *TRIGGERS],
        "user_waiting": ["", "yes", "no"],
        "sequential": ["", "yes", "no"],
    }
    columns: dict[str, Any] = {
        column: (
            st.column_config.SelectboxColumn(
                s.describe_column(column),
                help=s.describe_help(column),
                options=options[column],
                width=110,
            )
            if column in options
            else st.column_config.TextColumn(
                s.describe_column(column),
                help=s.describe_help(column),
                width=WIDTHS.get(column, 128),
                pinned=column == "name",
            )
        )
        for column in COLUMNS
    }
    return {**columns, _FROM: st.column_config.TextColumn(s.COL_FROM, width=170)}


def _pending(bench: Workbench, rows: Sequence[Row]) -> None:
    """What keeps the edited table from being saved, or the button that saves it."""
    problems = [
        s.describe_problem(item.row + 1, md(short(rows[item.row].get("name", ""))), _sentence(item))
        for item in bench.check_descriptions(rows)
    ]
    problems += [s.describe_missing(md(name), md(source)) for name, source in missing(bench.workspace, rows)]
    if problems:
        _problems(problems)
    with st.container(horizontal=True):
        if st.button(
            s.DESCRIBE_GRID_SAVE,
            type="primary",
            icon=":material/save:",
            disabled=bool(problems),
            key="describe_grid_save",
        ):
            bench.save_descriptions(rows, author=state.author(), note=s.DESCRIBE_GRID_NOTE)
            _done(s.describe_saved_table(len(rows)))
        if st.button(s.DESCRIBE_DISCARD, icon=":material/close:", key="describe_discard"):
            _done(None)


def _sentence(problem: RowProblem) -> str:
    column = problem.column
    return md(problem.sentence(s.describe_column(column) if column in COLUMNS else None))


def _problems(problems: Sequence[str]) -> None:
    st.error(
        "\n".join(f"- {problem}" for problem in problems), title=s.DESCRIBE_PROBLEMS, icon=":material/error:"
    )


def history(bench: Workbench) -> None:
    """Every save: when, who, what."""
    versions = bench.descriptions_history()
    with st.expander(s.DESCRIBE_HISTORY, icon=":material/history:"):
        if not versions:
            st.caption(s.DESCRIBE_NO_HISTORY)
            return
        c.table(
            {
                s.col_when(): [s.moment(version.at_utc) for version in versions],
                s.COL_WHO: [md(version.author) for version in versions],
                s.COL_WHAT: [md(version.note) for version in versions],
            },
            alt=s.DESCRIBE_HISTORY,
        )
