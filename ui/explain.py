"""How a figure is computed, a click or a key press away from it."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Final

import streamlit as st

from reports import display
from reports.explanation import Explanation, Unit
from reports.format import count, percent, usd, usd_unit
from reports.model import PriceUsed
from ui import components as c
from ui import nav
from ui import strings as s
from ui.text import md, short

_ADDRESS: Final = re.compile(r"https?://([^\s/()<>\[\]]+)[^\s()<>\[\]]*")
_BADGES: Final = {"billed": "green", "computed": "blue", "estimated": "orange"}


def how(label: str, key: str, explained: Callable[[], Explanation], *, button: str = s.EXPLAIN) -> None:
    """The button beside the figure `label` that opens its explanation, which is made when it is opened.

    `button` is what it says where several stand side by side; Markdown.
    """
    place = st.popover(
        button,
        type="tertiary",
        icon=":material/function:",
        help=s.explain_help(label),
        key=f"how_{key}",
        on_change="rerun",
    )
    if place.open:
        converted = display.shown().conversion is not None
        # Prices are dollars a million tokens: in another currency the figures would not multiply out.
        with place, display.in_dollars():
            if converted:
                st.caption(s.EXPLAIN_IN_DOLLARS)
            _body(label, key, explained())


def figure(
    label: str,
    value: str,
    key: str,
    explained: Callable[[], Explanation],
    *,
    about: str | None = None,
    details: Sequence[str] = (),
    was: str | None = None,
) -> None:
    """A figure in a card: what it means on hover, what stands below it, and how it is computed.

    `value`, `details` and `was`, what it is compared with, are Markdown.
    """
    with st.container(border=True, height="stretch", gap="xsmall"):
        st.metric(label, value, help=about, delta=was, delta_color="off", delta_arrow="off")
        for detail in details:
            st.caption(detail)
        st.space("stretch")
        how(label, key, explained)


def _body(label: str, key: str, found: Explanation) -> None:
    st.markdown(
        f"**{md(label)}** :{_BADGES[found.provenance]}-badge[{s.EXPLAIN_PROVENANCE[found.provenance]}]"
    )
    st.markdown(md(found.formula))
    names = [md(short(item.name, 60)) for item in found.inputs]
    c.table(
        {
            s.EXPLAIN_INPUT: [*names, f"**{s.EXPLAIN_RESULT}**"],
            s.EXPLAIN_NUMBER: [
                *(_number(item.amount, item.unit) for item in found.inputs),
                f"**{_number(found.figure, found.unit)}**",
            ],
        },
        alt=s.explain_alt(label),
        right=(s.EXPLAIN_NUMBER,),
    )
    if found.spread is not None:
        low, high = (_number(amount, found.unit) for amount in (found.spread.low, found.spread.high))
        st.markdown(s.explain_spread(low, high))
    rounded = (s.EXPLAIN_ROUNDED,) if found.unit == "usd" else ()
    notes = [md(note) for note in (*found.notes, *rounded)]
    if notes:
        st.caption("  \n".join(notes))
    if found.prices is not None:
        if found.prices.rows:
            st.markdown(f"**{s.EXPLAIN_PRICES}**")
            st.markdown("\n".join(f"- {_row(row)}" for row in found.prices.rows))
        st.caption(md(s.explain_more_rows(found.prices.n_more, found.prices.version)))
    if found.assumptions:
        st.markdown(f"**{s.EXPLAIN_ASSUMED}**")
        st.markdown(
            "\n".join(
                f"- {md(item.name)}: {md(s.explain_cases(item.low, item.base, item.high))} "
                f":small[{md(item.source)}]"
                for item in found.assumptions
            )
        )
    if found.prices is not None:
        c.link(s.EXPLAIN_LINK, nav.PRICES, key=f"prices_{key}")


def _number(amount: Decimal | None, unit: Unit) -> str:
    if amount is None or unit == "usd":
        return md(usd(amount))
    if unit == "usd_each":
        return md(usd_unit(amount))
    if unit == "share":
        return md(percent(float(amount), 1))
    if unit == "ms":
        return s.about(int(amount))
    return count(int(amount)) if unit == "number" else s.explain_exact(amount)


def _row(row: PriceUsed) -> str:
    """A price row in a line: model, tier, prices, source, day of the check."""
    found = _ADDRESS.fullmatch(row.source)
    source = f"[{md(found.group(1))}]({row.source})" if found else md(short(row.source))
    return s.explain_row(
        f"{md(row.provider)} / {md(row.model)}",
        row.tier,
        row.min_prompt_tokens,
        row.input_usd_per_mtok,
        row.cache_read_usd_per_mtok,
        row.output_usd_per_mtok,
        source,
        row.checked_on,
    )
