"""Contract and regional percentages: those in force, one more with its preview, removal and undo."""

from datetime import date, datetime, time

import streamlit as st

from pricing.discounts import KINDS, Discount
from pricing.model import TIERS
from pricing.table import PriceTable
from reports.workbench import Workbench
from ui import components as c
from ui import price_change, state
from ui import strings as s
from ui.price_change import Pending
from ui.price_forms import FIRST_DAY, LAST_DAY
from ui.text import md

NO_TIER = "any"


def in_force(bench: Workbench) -> None:
    """The discounts of the workspace, with a way to remove one and to take the last change back."""
    st.caption(s.PRICES_DISCOUNT_HOW)
    held = bench.discounts().current()
    if not held:
        st.caption(s.DISCOUNT_NONE)
    else:
        c.table(
            {
                s.COL_PROVIDER: [md(item.provider) for item in held],
                s.DISCOUNT_MODELS: [md(item.model_glob) for item in held],
                s.COL_TIER: [item.tier or s.DISCOUNT_ANY_TIER for item in held],
                s.DISCOUNT_KIND: [s.DISCOUNT_KINDS[item.kind] for item in held],
                s.COL_PERCENT: [s.rate(item.percent_off) for item in held],
                s.COL_IN_FORCE: [s.in_force(item.valid_from, item.valid_to) for item in held],
                s.COL_WHO: [md(item.author) for item in held],
                s.COL_NOTE: [md(item.note) for item in held],
            },
            alt=s.DISCOUNT_ALT,
            right=(s.COL_PERCENT,),
        )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        if held:
            _removal(bench, held)
        if st.button(
            s.DISCOUNT_UNDO,
            icon=":material/undo:",
            key="discount_undo",
            disabled=not bench.discounts().can_undo(),
        ):
            bench.discounts().undo(author=state.author())
            price_change.done(s.DISCOUNT_UNDONE)


def _removal(bench: Workbench, held: tuple[Discount, ...]) -> None:
    chosen = st.selectbox(
        s.DISCOUNT_REMOVE_PICK,
        range(len(held)),
        format_func=lambda position: s.discount_line(
            held[position].provider, held[position].model_glob, s.rate(held[position].percent_off)
        ),
        key=f"discount_pick_{price_change.generation()}",
        width=320,
    )
    if st.button(s.DISCOUNT_REMOVE, icon=":material/delete:", key="discount_remove"):
        kept = [item for position, item in enumerate(held) if position != chosen]
        bench.discounts().set(kept, author=state.author(), note=s.DISCOUNT_REMOVED)
        price_change.done(s.DISCOUNT_REMOVED)


def form(bench: Workbench, table: PriceTable) -> Pending | None:
    """One more discount, checked together with those in force."""
    key = f"discount_{price_change.generation()}"
    with st.container(border=True):
        with st.grid(5, min_column_width=160):
            provider = st.selectbox(
                s.COL_PROVIDER,
                sorted({name for name, _ in table.models()}),
                index=None,
                key=f"{key}_provider",
            )
            models = st.text_input(
                s.DISCOUNT_MODELS, "*", help=s.DISCOUNT_MODELS_HELP, key=f"{key}_models", max_chars=200
            )
            tier = st.selectbox(
                s.COL_TIER,
                [NO_TIER, *TIERS],
                format_func=lambda name: s.DISCOUNT_ANY_TIER if name == NO_TIER else name,
                key=f"{key}_tier",
            )
            kind = st.selectbox(
                s.DISCOUNT_KIND, KINDS, format_func=lambda name: s.DISCOUNT_KINDS[name], key=f"{key}_kind"
            )
            percent = st.text_input(
                s.DISCOUNT_PERCENT, "", help=s.DISCOUNT_PERCENT_HELP, key=f"{key}_percent", max_chars=20
            )
        with st.grid(2, min_column_width=190):
            since = _day(s.PRICES_FIRST_DAY, f"{key}_since")
            until = _day(s.PRICES_LAST_DAY, f"{key}_until")
    if not provider or not percent.strip():
        return None
    asked = {
        "provider": provider,
        "model_glob": models,
        "tier": None if tier == NO_TIER else tier,
        "kind": kind,
        "percent_off": percent,
        "valid_from": since,
        "valid_to": until,
    }
    held = bench.discounts().current()
    known = [item.model_dump() for item in held]
    check = bench.check_discounts([*known, asked])
    st.header(s.discount_pending(md(provider), md(models)), anchor=False)

    def apply(note: str) -> None:
        said = check.discounts[-1].model_copy(update={"note": note})
        bench.discounts().set([*held, said], author=state.author(), note=note)

    return Pending(
        tuple(s.price_problem(problem.row, md(provider), md(problem.sentence)) for problem in check.problems),
        (),
        lambda: state.discount_preview(check.discounts),
        apply,
        s.discount_applied,
        s.DISCOUNT_ADDED,
    )


def _day(label: str, key: str) -> datetime | None:
    chosen = st.date_input(label, None, min_value=FIRST_DAY, max_value=LAST_DAY, key=key, format="YYYY-MM-DD")
    return datetime.combine(chosen, time.min) if isinstance(chosen, date) else None
