"""The Workload rules page piece by piece: the list being edited, what it would take, saving, undo."""

from collections.abc import Callable, Sequence
from decimal import Decimal

import streamlit as st

from data.errors import RulesError
from data.formats.attributes import METADATA
from data.rules import RECORD_FIELDS, Match, Rule, RuleSet
from data.schema import UNATTRIBUTED
from reports import explain_inputs, mapping
from reports.format import count, percent, usd
from reports.mapping import CallGroup, RulesPreview
from reports.model import Analysis
from reports.workbench import Workbench
from ui import components as c
from ui import explain, nav, state
from ui import strings as s
from ui.text import md, short

_DRAFT = "rules_draft"
_GENERATION = "rules_generation"
_NOTICE = "rules_notice"
HOWS = ("glob", "prefix", "exact")
NAME_LENGTH = 60
WORTH_A_RULE = Decimal("0.005")
"""The share of the spend, what rounds to a percent, from which nameless calls are worth writing a rule."""


def draft(bench: Workbench) -> RuleSet:
    """The list on screen: the one being edited, else the one in force."""
    edited: RuleSet | None = st.session_state.get(_DRAFT)
    return bench.rules() if edited is None else edited


def _edit(rules: RuleSet | None) -> None:
    """Puts a list on screen (None: the one in force) and starts the editors afresh."""
    if rules is None:
        st.session_state.pop(_DRAFT, None)
    else:
        st.session_state[_DRAFT] = rules
    st.session_state[_GENERATION] = _generation() + 1


def _generation() -> int:
    return int(st.session_state.get(_GENERATION, 0))


def when_text(rule: Rule) -> str:
    """A rule's conditions as people read them; no Markdown."""
    return s.rules_all([s.rules_when(field, match.how, match.texts) for field, match in rule.when.items()])


def figures(preview: RulesPreview) -> None:
    """What the rules leave over, and how many workloads they make."""
    left = preview.unattributed
    named = [name for name in preview.workloads if name != UNATTRIBUTED]
    with st.grid(3, min_column_width=200):
        explain.figure(
            s.RULES_LEFT_CALLS,
            count(left.n_requests),
            "left_calls",
            lambda: explain_inputs.left_calls(preview),
            about=s.HOW_RULES_LEFT,
        )
        explain.figure(
            s.RULES_LEFT_SPEND,
            percent(left.share_of_cost, 1),
            "left_spend",
            lambda: explain_inputs.left_spend(preview, state.workbench().prices().version),
            about=s.HOW_RULES_LEFT,
        )
        explain.figure(
            s.RULES_NAMED,
            count(len(named)),
            "named",
            lambda: explain_inputs.named_workloads(preview),
        )


def table(preview: RulesPreview) -> None:
    """Every rule with what it takes, and at the end what none takes."""
    st.header(s.RULES_LIST, help=s.HOW_RULES_LIST, anchor=False)
    lines = [
        (
            str(position),
            md(short(rule.name, NAME_LENGTH)) if rule.name else "",
            md(when_text(rule)),
            s.rules_makes(rule.workload, taken.workloads, taken.n_workloads),
            taken,
        )
        for position, (rule, taken) in enumerate(preview.rules, 1)
    ]
    lines.append(("", "", s.RULE_LEFT_OVER, f"**{md(UNATTRIBUTED)}**", preview.unattributed))
    c.table(
        {
            s.COL_RULE: [" ".join(filter(None, (position, name))) for position, name, *_ in lines],
            s.COL_WHEN_RULE: [when for _, _, when, _, _ in lines],
            s.COL_NAMES: [makes for _, _, _, makes, _ in lines],
            s.COL_CALLS: [count(taken.n_requests) for *_, taken in lines],
            s.COL_SPENT: [_money(taken.cost_micro_usd) for *_, taken in lines],
            s.COL_SHARE: [percent(taken.share_of_cost, 1) for *_, taken in lines],
        },
        alt=s.ALT_RULES_LIST,
        right=(s.COL_CALLS, s.COL_SPENT, s.COL_SHARE),
    )


def _money(amount: Decimal | None) -> str:
    return md(usd(amount))


def adder(groups: Sequence[CallGroup], rules: RuleSet) -> None:
    """A rule with one condition, from what the logs have; what it would take is said before it is added."""
    seen = {item.field: item for item in sorted(mapping.fields_seen(groups), key=_telling_first)}
    generation = _generation()
    with st.container(border=True):
        st.header(s.RULES_ADD, help=s.HOW_RULES_ADD, anchor=False)
        look, compare = st.columns([3, 2])
        field = look.selectbox(
            s.RULES_FIELD,
            list(seen),
            format_func=s.rules_field,
            help=s.RULES_FIELD_HELP,
            key=f"rules_field_{generation}",
        )
        how = compare.selectbox(s.RULES_HOW, HOWS, format_func=s.rules_how, key=f"rules_how_{generation}")
        value = st.selectbox(
            s.RULES_VALUE,
            [text for text, _ in seen[field].values] if field else [],
            index=None,
            accept_new_options=True,
            placeholder=s.RULES_VALUE_PLACEHOLDER,
            help=s.RULES_VALUE_HELP,
            key=f"rules_value_{generation}_{field}",
        )
        workload = st.text_input(
            s.RULES_WORKLOAD,
            help=s.RULES_WORKLOAD_HELP,
            max_chars=300,
            key=f"rules_workload_{generation}",
        )
        made = _written(field, how, value, workload)
        if made is not None:
            taken = mapping.preview(groups, RuleSet(rules=(made, *rules.rules))).rules[0][1]
            st.markdown(
                s.rules_candidate(taken.n_requests, _money(taken.cost_micro_usd), taken.share_of_cost)
            )
        if st.button(
            s.RULES_ADD_BUTTON,
            icon=":material/add:",
            disabled=made is None,
            key="rules_add",
        ):
            if made is not None:
                _edit(RuleSet(rules=(made, *rules.rules)))
            st.rerun()


def _telling_first(item: mapping.FieldSeen) -> tuple[bool, bool, str]:
    """What the caller said before what every call has."""
    return item.field in RECORD_FIELDS, item.field.startswith(METADATA), item.field


def _written(field: str | None, how: str, value: str | None, workload: str) -> Rule | None:
    """The rule the form holds, None while it is unfinished; says what is wrong with it."""
    if not field or not value or not value.strip() or not workload.strip():
        return None
    try:
        match = Match.read({how: value.strip()})
        return RuleSet.of([{"when": {field: match.plain()}, "workload": workload}]).rules[0]
    except RulesError as refusal:
        _problems(refusal)
    return None


def arranger(rules: RuleSet) -> None:
    """One rule up, down or out."""
    generation = _generation()
    with st.container(border=True):
        st.header(s.RULES_ARRANGE, anchor=False)
        position = st.selectbox(
            s.RULES_PICK,
            range(len(rules.rules)),
            format_func=lambda at: s.rules_line(at + 1, short(when_text(rules.rules[at]))),
            key=f"rules_pick_{generation}",
        )
        moves: dict[str, tuple[str, str, Callable[[list[Rule], int], None], bool]] = {
            "rules_up": (s.RULES_UP, "arrow_upward", _up, position == 0),
            "rules_down": (
                s.RULES_DOWN,
                "arrow_downward",
                _down,
                position == len(rules.rules) - 1,
            ),
            "rules_remove": (s.RULES_REMOVE, "delete", lambda items, at: items.__delitem__(at), False),
        }
        with st.container(horizontal=True):
            for key, (label, icon, change, impossible) in moves.items():
                pressed = st.button(
                    label,
                    icon=f":material/{icon}:",
                    disabled=position is None or impossible,
                    key=key,
                )
                if pressed and position is not None:
                    items = list(rules.rules)
                    change(items, position)
                    _edit(RuleSet(rules=tuple(items)))
                    st.rerun()


def _up(items: list[Rule], at: int) -> None:
    items.insert(at - 1, items.pop(at))


def _down(items: list[Rule], at: int) -> None:
    items.insert(at + 1, items.pop(at))


def as_yaml(rules: RuleSet) -> None:
    """The whole list as text, to edit, paste and take along."""
    with st.expander(s.RULES_YAML, icon=":material/data_object:"):
        st.caption(s.RULES_YAML_HELP)
        text = st.text_area(
            s.RULES_YAML,
            value=rules.to_yaml(),
            height=320,
            label_visibility="collapsed",
            key=f"rules_yaml_{_generation()}",
        )
        with st.container(horizontal=True):
            if st.button(s.RULES_YAML_USE, icon=":material/check:", key="rules_yaml_use"):
                try:
                    _edit(RuleSet.load(text))
                except RulesError as refusal:
                    _problems(refusal)
                else:
                    st.rerun()
            st.download_button(
                s.RULES_YAML_DOWNLOAD,
                data=rules.to_yaml(),
                file_name="lanewise-rules.yaml",
                mime="application/yaml",
                icon=":material/download:",
                on_click="ignore",
                key="rules_yaml_download",
            )


def _problems(refusal: RulesError) -> None:
    st.error(
        "\n".join(f"- {md(problem)}" for problem in refusal.problems),
        title=s.RULES_REFUSED,
        icon=":material/error:",
    )


def pending(bench: Workbench, groups: Sequence[CallGroup], rules: RuleSet, after: RulesPreview) -> None:
    """While the list differs from the one in force: what would change, and the button that saves it."""
    saved = bench.rules()
    if rules == saved:
        return
    before = mapping.preview(groups, saved)
    with st.container(border=True):
        st.header(s.RULES_PENDING, anchor=False)
        _effect(before, after)
        note = st.text_input(
            s.RULES_NOTE, placeholder=s.RULES_NOTE_PLACEHOLDER, key="rules_note", max_chars=200
        )
        with st.container(horizontal=True):
            if st.button(s.RULES_SAVE, type="primary", icon=":material/save:", key="rules_save"):
                bench.save_rules(rules, author=state.author(), note=note.strip() or s.RULES_DEFAULT_NOTE)
                _done(s.RULES_SAVED)
            if st.button(s.RULES_DISCARD, icon=":material/close:", key="rules_discard"):
                _done(None)


def _effect(before: RulesPreview, after: RulesPreview) -> None:
    """The workloads whose calls change."""
    nothing: tuple[int, Decimal | None] = (0, Decimal(0))
    names = [
        name
        for name in sorted({*before.workloads, *after.workloads})
        if before.workloads.get(name, nothing)[0] != after.workloads.get(name, nothing)[0]
    ]
    if not names:
        st.caption(s.RULES_NO_EFFECT)
        return
    c.table(
        {
            s.COL_WORKLOAD: [md(name) for name in names],
            s.COL_CALLS_BEFORE: [count(before.workloads.get(name, nothing)[0]) for name in names],
            s.COL_CALLS_AFTER: [count(after.workloads.get(name, nothing)[0]) for name in names],
            s.COL_SPEND_AFTER: [_money(after.workloads.get(name, nothing)[1]) for name in names],
        },
        alt=s.ALT_RULES_EFFECT,
        right=(s.COL_CALLS_BEFORE, s.COL_CALLS_AFTER, s.COL_SPEND_AFTER),
    )


def undo_panel(bench: Workbench) -> None:
    """Back to the list before the last save, or to the shipped one."""
    with st.container(horizontal=True):
        if st.button(
            s.RULES_UNDO,
            icon=":material/undo:",
            disabled=not bench.can_undo_rules(),
            key="rules_undo",
            help=s.RULES_UNDO_HELP,
        ):
            bench.undo_rules(author=state.author())
            _done(s.RULES_UNDONE)
        if st.button(
            s.RULES_SHIPPED,
            icon=":material/restart_alt:",
            disabled=draft(bench) == RuleSet.default(),
            key="rules_shipped",
            help=s.RULES_SHIPPED_HELP,
        ):
            _edit(RuleSet.default())
            st.rerun()


def _done(message: str | None) -> None:
    _edit(None)
    if message is not None:
        st.session_state[_NOTICE] = message
    st.rerun()


def notice() -> None:
    """Once after a save or an undo."""
    message = st.session_state.pop(_NOTICE, None)
    if message:
        st.success(message, icon=":material/check_circle:")
        c.link(s.SEE_WORKLOADS, nav.WORKLOADS, key="rules_see")


def history(bench: Workbench) -> None:
    """Every saved list: when, who, why."""
    versions = bench.rules_history()
    with st.expander(s.RULES_HISTORY, icon=":material/history:"):
        if not versions:
            st.caption(s.RULES_NO_HISTORY)
            return
        c.table(
            {
                s.col_when(): [s.moment(version.at_utc) for version in versions],
                s.COL_WHO: [md(version.author) for version in versions],
                s.COL_NOTE: [md(version.note) for version in versions],
            },
            alt=s.RULES_HISTORY,
        )


def unattributed(analysis: Analysis) -> None:
    """On the Workloads page: the share of spend that no rule names, where it matters, with a way to rules."""
    spent = analysis.totals.billed_micro_usd
    if not spent:
        return
    left = [result for result in analysis.workloads if result.workload == UNATTRIBUTED]
    cost = sum((result.billed_micro_usd or Decimal(0) for result in left), Decimal(0))
    if cost / spent >= WORTH_A_RULE:
        c.link(s.rules_unattributed(float(cost / spent)), nav.RULES, key="go_rules")
