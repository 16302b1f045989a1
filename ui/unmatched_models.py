"""Prices page, models without a price: what they carry, what they might be, and what was said of them."""

import streamlit as st

from reports.unmatched import Suggestion, Unmatched
from reports.workbench import Workbench
from ui import components as c
from ui import state
from ui import strings as s
from ui.text import md, short

SHOWN = 8
"""Models with a choice on screen; the rest follow when these are settled."""
_NOTICE = "unmatched_notice"


def section(bench: Workbench) -> None:
    """Every logged model that the table does not know, each with a choice; nothing where all are known."""
    message = st.session_state.pop(_NOTICE, None)
    if message:
        st.success(message, icon=":material/check_circle:")
    missing = state.unmatched_models()
    if missing:
        with st.container(border=True, key="unmatched"):
            st.header(s.unmatched_title(len(missing)), anchor=False)
            st.caption(s.UNMATCHED_HOW)
            for one in missing[:SHOWN]:
                _choice(bench, one)
            if len(missing) > SHOWN:
                st.caption(s.unmatched_more(len(missing) - SHOWN))
    _said(bench)


def _choice(bench: Workbench, one: Unmatched) -> None:
    key = f"{one.provider}/{one.model}"
    st.markdown(
        s.unmatched_line(md(one.provider), md(short(one.model)), one.n_requests, one.tokens, one.reported_usd)
    )
    if one.suggestions:
        chosen = st.pills(
            s.UNMATCHED_LIKE,
            list(one.suggestions),
            format_func=_offer,
            key=f"like_{key}",
            label_visibility="collapsed",
        )
    else:
        chosen = None
        st.caption(s.UNMATCHED_NONE_LIKE)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if one.suggestions:
            used = st.button(
                s.UNMATCHED_USE,
                type="primary",
                icon=":material/link:",
                disabled=chosen is None,
                key=f"use_{key}",
                help=s.UNMATCHED_USE_HELP,
            )
            if used and chosen is not None:
                _map(bench, one, (chosen.provider, chosen.model))
        with st.popover(s.UNMATCHED_OTHER, icon=":material/search:", key=f"other_{key}"):
            _any_model(bench, one, key)


def _any_model(bench: Workbench, one: Unmatched, key: str) -> None:
    """Every model of the table, for one that none of the suggestions is."""
    other = st.selectbox(
        s.UNMATCHED_ANY,
        bench.prices().models(),
        index=None,
        format_func=s.seller_and_model,
        placeholder=s.UNMATCHED_ANY_PLACEHOLDER,
        key=f"any_{key}",
    )
    used = st.button(s.UNMATCHED_USE, type="primary", disabled=other is None, key=f"use_any_{key}")
    if used and other is not None:
        _map(bench, one, other)


def _offer(suggestion: Suggestion) -> str:
    return s.unmatched_offer(
        md(suggestion.provider),
        md(short(suggestion.model, 40)),
        suggestion.input_usd_per_mtok,
        suggestion.output_usd_per_mtok,
    )


def _map(bench: Workbench, one: Unmatched, target: tuple[str, str]) -> None:
    try:
        bench.map_model((one.provider, one.model), target, author=state.author())
    except c.PROBLEMS as error:
        c.problem(error)
        return
    _done(s.unmatched_mapped(md(one.model), md(target[0]), md(target[1])))


def _said(bench: Workbench) -> None:
    """What was said of models before, each to be taken back, and who changed what."""
    mapped, versions = bench.model_mappings(), bench.model_mapping_history()
    if not versions:
        return
    with st.expander(s.matched_title(len(mapped)), icon=":material/link:", key="mapped_models"):
        for one in mapped:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(
                    s.mapped_line(
                        md(s.seller_and_model((one.provider, one.model))),
                        md(s.seller_and_model((one.to_provider, one.to_model))),
                        md(one.author),
                        one.at_utc,
                        in_force=one.in_force,
                    ),
                    width="stretch",
                )
                if st.button(
                    s.MAPPED_REMOVE, icon=":material/link_off:", key=f"unmap_{one.provider}/{one.model}"
                ):
                    bench.unmap_model((one.provider, one.model), author=state.author())
                    _done(s.mapped_removed(md(one.model)))
        if st.button(s.MAPPED_UNDO, icon=":material/undo:", key="mapped_undo"):
            undone = bench.undo_model_mapping(author=state.author())
            _done(s.MAPPED_UNDONE if undone else s.MAPPED_NOTHING_TO_UNDO)
        c.table(
            {
                s.col_when(): [s.moment(version.at_utc) for version in versions],
                s.COL_WHO: [md(version.author) for version in versions],
                s.COL_NOTE: [md(version.note) for version in versions],
            },
            alt=s.ALT_MAPPED_HISTORY,
        )


def _done(message: str) -> None:
    st.session_state[_NOTICE] = message
    st.rerun()
