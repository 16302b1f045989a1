"""The Ledger page's blocks: totals, the table, one recommendation with its actions, history, files."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial

import streamlit as st

from data.errors import LanewiseDataError
from reports import explain_moves, ledger_export
from reports.format import label_title, lane_title, usd, usd_short
from reports.ledger import RECHECK_DAYS, Entry, ref_of, totals
from reports.ledger_model import Baseline, Key, Measured
from reports.model import Analysis
from reports.workbench import Workbench
from ui import components as c
from ui import explain, state
from ui import strings as s
from ui.text import md, short

_NOTICE = "ledger_notice"
_COLOURS = {"proposed": "gray", "claimed": "blue", "verified": "green", "failed": "red", "dismissed": "gray"}


def notice() -> None:
    """What the last action did, once."""
    message = st.session_state.pop(_NOTICE, None)
    if message:
        st.success(message, icon=":material/check_circle:")


def figures(analysis: Analysis, entries: Sequence[Entry]) -> None:
    """Expected against verified, a year; no call is in two of them."""
    sums = totals(entries)
    expected = partial(explain_moves.ledger_expected, analysis, entries)
    verified = partial(explain_moves.ledger_verified, analysis, entries)
    with st.grid(4, min_column_width=180):
        for title, amount, how, explained in (
            (s.KPI_PROPOSED, sums.proposed, s.HOW_PROPOSED, partial(expected, ("proposed",))),
            (s.KPI_CLAIMED, sums.claimed, s.HOW_CLAIMED, partial(expected, ("claimed",))),
            (
                s.KPI_EXPECTED_OF,
                sums.expected_of_verified,
                s.HOW_EXPECTED_OF,
                partial(expected, ("verified", "failed")),
            ),
            (s.KPI_VERIFIED, sums.verified, s.HOW_VERIFIED, verified),
        ):
            with st.container(border=True, height="stretch", gap="xsmall"):
                st.metric(title, md(usd_short(amount)), help=how)
                st.space("stretch")
                explain.how(title, title, explained)


def table(entries: Sequence[Entry]) -> None:
    """One row a recommendation."""
    if not entries:
        st.caption(s.LEDGER_NONE_IN_STATE)
        return
    c.table(
        {
            s.COL_WORKLOAD: [
                f"{md(short(entry.key.workload, 40))}  \n:small[{md(entry.key.model)}]" for entry in entries
            ],
            s.COL_MOVE: [_move(entry) for entry in entries],
            s.COL_STATE: [badge(entry) for entry in entries],
            s.COL_OWNER: [md(entry.owner) or s.NOT_KNOWN_DASH for entry in entries],
            s.COL_EXPECTED_YEAR: [
                c.money(entry.expected_per_year.base, short=True)
                if entry.expected_per_year is not None
                else s.NOT_KNOWN_DASH
                for entry in entries
            ],
            s.COL_VERIFIED_YEAR: [
                c.money(entry.verified_per_year_micro_usd, short=True)
                if entry.measured is not None
                else s.NOT_KNOWN_DASH
                for entry in entries
            ],
            s.COL_PAYBACK: [s.ledger_payback(entry.payback_days) for entry in entries],
        },
        alt=s.ALT_LEDGER,
        right=(s.COL_EXPECTED_YEAR, s.COL_VERIFIED_YEAR, s.COL_PAYBACK),
    )


def _move(entry: Entry) -> str:
    before = entry.lane_before
    after = c.lane_text(entry.key.lane)
    return after if before is None else f"{c.lane_text(before)} → {after}"


def badge(entry: Entry) -> str:
    """The state as a Markdown badge, with what else is to be known at once."""
    shown = f":{_COLOURS[entry.state]}-badge[{s.LEDGER_STATES[entry.state]}]"
    if entry.regression is not None:
        shown += f" :red-badge[{s.LEDGER_FELL_BACK}]"
    if entry.lost:
        shown += f" :orange-badge[{s.LEDGER_LOST}]"
    if entry.came_back:
        shown += f" :orange-badge[{s.LEDGER_CAME_BACK}]"
    return shown


def detail(bench: Workbench, entries: Sequence[Entry]) -> None:
    """One recommendation: its baseline, what was measured, and what can be done with it."""
    if not entries:
        return
    by_ref = {entry.ref: entry for entry in entries}
    ref = st.selectbox(
        s.LEDGER_OPEN, list(by_ref), format_func=lambda name: _title(by_ref[name]), key="ledger_open"
    )
    entry = by_ref[ref]
    with st.container(border=True):
        name = f"**{md(entry.key.workload)}** · {md(entry.key.model)}"
        st.markdown(f"{name}: {_move(entry)} {badge(entry)}")
        _situation(entry)
        st.caption(s.ledger_effort(entry.effort_usd, entry.payback_days))
        if entry.baseline is not None:
            _baseline(entry.baseline)
        if entry.measured is not None:
            _measured(entry.measured)
        _actions(bench, entry)


def _title(entry: Entry) -> str:
    key = entry.key
    return s.ledger_line(
        short(key.workload, 40), key.model, lane_title(key.lane), s.LEDGER_STATES[entry.state]
    )


def _situation(entry: Entry) -> None:
    if entry.lost:
        st.warning(s.LEDGER_LOST_WHY, icon=":material/label_off:")
    if entry.regression is not None:
        back = entry.regression
        st.error(
            s.regression_line(back.share, back.share_when_verified, back.since_utc, of_cache=back.of_cache),
            icon=":material/undo:",
        )
    if entry.state == "dismissed" and entry.recheck_on is not None:
        st.info(s.dismissed_line(entry.recheck_on, md(entry.note)), icon=":material/snooze:")
    elif entry.came_back and entry.recheck_on is not None:
        st.info(s.came_back_line(entry.recheck_on, md(entry.note)), icon=":material/alarm:")
    elif entry.note:
        st.markdown(md(entry.note))
    if entry.because:
        st.caption(md(entry.because))
    elif not entry.recommended and entry.state in ("proposed", "dismissed"):
        st.caption(s.no_longer(s.LEDGER_STATES[entry.state]))


def _baseline(baseline: Baseline) -> None:
    st.markdown(f"**{s.LEDGER_BASELINE}**", help=s.LEDGER_HOW_BASELINE)
    st.markdown(
        s.baseline_line(
            n_requests=baseline.n_requests,
            hours=baseline.hours,
            cost=md(usd(baseline.cost_micro_usd)),
            unit=md(usd(baseline.unit_micro_usd)),
            lane=md(lane_title(baseline.lane)),
            first=baseline.first_hour_utc,
            since=baseline.measured_from,
        )
    )
    st.caption(
        s.baseline_versions(
            baseline.policy_version,
            baseline.price_version,
            label_title(baseline.label),
            len(baseline.prices.rows),
        )
    )


def _measured(measured: Measured) -> None:
    st.markdown(f"**{s.LEDGER_MEASURED}**")
    st.markdown(
        s.measured_line(
            saving=md(usd(measured.saving_micro_usd)),
            low=md(usd(measured.expected.low)),
            high=md(usd(measured.expected.high)),
            year=md(usd(measured.saving_per_year_micro_usd)),
            first=measured.first_hour_utc,
            last=measured.last_hour_utc,
        )
    )
    st.caption(md(measured.sentence))
    c.table(
        {
            s.LEDGER_CHANGED: [
                f"{s.CHANGE_KINDS[change.kind]} "
                + (f":orange-badge[{s.CHANGE_YES}]" if change.changed else f":gray-badge[{s.CHANGE_NO}]")
                for change in measured.changes
            ],
            s.COL_WHAT: [md(change.sentence) for change in measured.changes],
            s.COL_EFFECT: [
                s.NOT_KNOWN_DASH if change.effect_micro_usd is None else c.money(change.effect_micro_usd)
                for change in measured.changes
            ],
        },
        alt=s.ALT_LEDGER_CHANGES,
        right=(s.COL_EFFECT,),
    )


def _actions(bench: Workbench, entry: Entry) -> None:
    key, ref = entry.key, entry.ref
    if entry.blocked_by is not None:
        st.info(s.LEDGER_BLOCKED, icon=":material/block:")
        return
    if entry.state == "dismissed":
        if st.button(s.LEDGER_REOPEN, icon=":material/undo:", key=f"reopen_{ref}"):
            _do(lambda: bench.ledger().reopen(key, author=state.author()), s.LEDGER_REOPENED)
        return
    left, right = st.columns(2, gap="medium")
    with left:
        if entry.state == "proposed" or (entry.recommended and entry.state != "claimed"):
            title = s.LEDGER_CLAIM if entry.state == "proposed" else s.LEDGER_CLAIM_AGAIN
            if entry.recommended:
                _claim_form(bench, key, title, None)
        if entry.state != "proposed":
            _verify_form(bench, key)
    with right:
        _dismiss_form(bench, entry)


def _claim_form(bench: Workbench, key: Key, title: str, moved_on: datetime | None) -> None:
    with st.form(f"claim_{ref_of(key)}", border=False):
        owner = st.text_input(
            s.LEDGER_OWNER, help=s.LEDGER_OWNER_HELP, max_chars=100, key=f"owner_{ref_of(key)}"
        )
        note = st.text_input(s.LEDGER_NOTE, help=s.LEDGER_NOTE_HELP, max_chars=500, key=f"note_{ref_of(key)}")
        if moved_on is None:
            st.caption(s.LEDGER_CLAIM_HOW)
        asked = st.form_submit_button(title, type="primary", icon=":material/flag:")
    if asked:
        _do(
            lambda: bench.ledger().claim(
                key, owner=owner, note=note, author=state.author(), moved_on=moved_on
            ),
            s.LEDGER_CLAIMED,
        )


def _verify_form(bench: Workbench, key: Key) -> None:
    with st.form(f"verify_{ref_of(key)}", border=False):
        note = st.text_input(s.LEDGER_NOTE, help=s.LEDGER_NOTE_HELP, max_chars=500, key=f"said_{ref_of(key)}")
        st.caption(s.LEDGER_VERIFY_HOW)
        asked = st.form_submit_button(s.LEDGER_VERIFY, type="primary", icon=":material/fact_check:")
    if asked:

        def measure() -> str:
            measured = bench.ledger().verify(key, author=state.author(), note=note)
            return s.LEDGER_MEASURED_OK if measured.holds else s.LEDGER_MEASURED_SHORT

        _do(measure, None)


def _dismiss_form(bench: Workbench, entry: Entry) -> None:
    today = datetime.now(UTC).date()
    with st.form(f"dismiss_{entry.ref}", border=False):
        reason = st.text_input(s.LEDGER_REASON, max_chars=500, key=f"reason_{entry.ref}")
        due = st.date_input(
            s.LEDGER_RECHECK,
            today + timedelta(days=RECHECK_DAYS),
            min_value=today + timedelta(days=1),
            max_value=today + timedelta(days=3650),
            format="YYYY-MM-DD",
            key=f"recheck_{entry.ref}",
        )
        st.caption(s.LEDGER_DISMISS_HOW)
        asked = st.form_submit_button(s.LEDGER_DISMISS, icon=":material/snooze:")
    if asked and isinstance(due, date):
        _do(
            lambda: bench.ledger().dismiss(
                entry.key,
                owner=entry.owner or state.author(),
                reason=reason,
                author=state.author(),
                recheck_on=due,
                expected=entry.expected_per_year,
            ),
            s.LEDGER_DISMISSED,
        )


def _do(action: Callable[[], object], said: str | None) -> None:
    """Does it and starts the page afresh; a refusal is a sentence, and what was typed stays."""
    try:
        result = action()
    except LanewiseDataError as refused:
        c.problem(refused)
        return
    st.session_state[_NOTICE] = said if said is not None else str(result)
    st.rerun()


def moves(bench: Workbench, entries: Sequence[Entry]) -> None:
    """Moves that the log shows and nobody claimed, to claim them as of their day."""
    known = {entry.key.part for entry in entries if entry.state in ("claimed", "verified", "failed")}
    made = [item for item in state.moves_made() if item.part not in known]
    if not made:
        return
    with st.expander(s.LEDGER_MADE, icon=":material/history_toggle_off:"):
        st.caption(s.LEDGER_MADE_HOW)
        chosen = st.selectbox(
            s.COL_MOVE,
            made,
            format_func=lambda item: s.made_line(
                short(item.part[0], 40),
                item.part[2],
                item.move.before,
                item.move.after,
                item.move.since,
            ),
            index=None,
            key="ledger_made",
        )
        if chosen is None:
            return
        before = state.ledger_entries(chosen.move.since)
        key = next(
            (entry.key for entry in before if entry.key.part == chosen.part and entry.recommended), None
        )
        if key is None:
            st.info(s.LEDGER_MADE_NOT_PROPOSED, icon=":material/info:")
            return
        _claim_form(bench, key, s.LEDGER_CLAIM, chosen.move.since)


def files(bench: Workbench, entries: Sequence[Entry]) -> None:
    """The ledger to take along."""
    with st.container(horizontal=True):
        st.download_button(
            s.LEDGER_CSV,
            data=lambda: ledger_export.csv_text(entries),
            file_name="lanewise-ledger.csv",
            mime="text/csv",
            icon=":material/table_view:",
            on_click="ignore",
            key="ledger_csv",
            help=s.LEDGER_EXPORT_HELP,
        )
        st.download_button(
            s.LEDGER_JSON,
            data=lambda: ledger_export.json_text(entries, bench.ledger().history()),
            file_name="lanewise-ledger.json",
            mime="application/json",
            icon=":material/data_object:",
            on_click="ignore",
            key="ledger_json",
            help=s.LEDGER_EXPORT_HELP,
        )


def history(bench: Workbench) -> None:
    """Every event, newest first: it is only ever added to."""
    events = bench.ledger().history()[::-1]
    with st.expander(s.LEDGER_HISTORY, icon=":material/history:"):
        if not events:
            st.caption(s.LEDGER_NO_HISTORY)
            return
        c.table(
            {
                s.col_when(): [s.moment(item.version.at_utc) for item in events],
                s.COL_WHO: [md(item.version.author) for item in events],
                s.COL_STATE: [s.LEDGER_EVENTS[item.event.event] for item in events],
                s.COL_WORKLOAD: [md(short(item.event.key.workload, 40)) for item in events],
                s.COL_MOVE: [c.lane_text(item.event.key.lane) for item in events],
                s.COL_OWNER: [md(item.event.owner) or s.NOT_KNOWN_DASH for item in events],
                s.COL_NOTE: [md(item.version.note) or s.NOT_KNOWN_DASH for item in events],
            },
            alt=s.LEDGER_HISTORY,
        )
