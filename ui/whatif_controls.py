"""The controls of a scenario: each section reads what the scenario says and returns what it says now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, Final

import streamlit as st

from reports.format import lane_title
from reports.model import Analysis, WorkloadResult
from reports.scenario import CURRENT, IF_TAGGED, ORDERS, RECOMMENDED, Choice, Scenario
from reports.scenario_link import ScenarioError, read
from reports.scenario_terms import LEVER_TITLES
from ui import state
from ui import strings as s
from ui.price_forms import FIRST_DAY, LAST_DAY
from ui.text import md

FOLLOW: Final = "follow"
"""The choice that leaves a workload to the setting for everything."""

KEEP: Final = "keep"
_HALF: Final = Decimal("0.5")


@dataclass(frozen=True)
class Desk:
    """What the sections need: the analysis, and the beginning of their keys."""

    analysis: Analysis
    prefix: str

    def key(self, name: str) -> str:
        """The key of one control of the scenario that is edited."""
        return f"{self.prefix}_{name}"

    @property
    def priced(self) -> list[WorkloadResult]:
        """The workloads that have usage."""
        return [result for result in self.analysis.workloads if result.parts]


def controls(scenario: Scenario, analysis: Analysis, prefix: str) -> Scenario:
    """Draws every section; the scenario as the controls say it, the old one where they say nonsense."""
    desk = Desk(analysis, prefix)
    sections: tuple[tuple[str, str, Callable[[Scenario, Desk], dict[str, Any]], bool], ...] = (
        (s.WHATIF_LANES, ":material/alt_route:", _lanes, True),
        (s.WHATIF_CACHE, ":material/cached:", _cache, True),
        (s.WHATIF_TRAFFIC, ":material/trending_up:", _traffic, True),
        (s.WHATIF_ONE, ":material/checklist:", _one_workload, False),
        (s.WHATIF_MODELS, ":material/swap_horiz:", _models, False),
        (s.WHATIF_PRICES, ":material/sell:", _prices, False),
        (s.WHATIF_RISK, ":material/casino:", _risk, False),
    )
    said: dict[str, Any] = {}
    for title, icon, section, opened in sections:
        name = section.__name__.removeprefix("_")
        # A closed section draws nothing: its controls would slow every move of the others.
        place = st.expander(
            title, expanded=opened, icon=icon, key=f"whatif_section_{name}", on_change="rerun"
        )
        if place.open:
            with place:
                said |= section(scenario, desk)
    try:
        return read({**scenario.model_dump(), **said})
    except ScenarioError as error:
        st.error(md(str(error)), title=s.WHATIF_BROKEN, icon=":material/error:")
        return scenario


def _percent(
    label: str,
    share: Decimal,
    key: str,
    *,
    low: int = 0,
    high: int = 100,
    step: float = 1.0,
    help: str | None = None,
) -> Decimal:
    """A slider in percent that gives a share back, untouched where nobody moved it."""
    shown = float(share * 100)
    moved = st.slider(
        label,
        min(float(low), shown),
        max(float(high), shown),
        shown,
        step,
        format="%g %%",
        key=key,
        help=help,
    )
    return share if moved == shown else Decimal(str(round(moved, 4))) / 100


def _optional_percent(
    toggle: str,
    label: str,
    share: Decimal | None,
    key: str,
    *,
    start: Decimal = _HALF,
    help: str | None = None,
) -> Decimal | None:
    """A share that is set or left open."""
    if not st.toggle(toggle, share is not None, key=f"{key}_set", help=help):
        return None
    return _percent(label, share if share is not None else start, key)


def _lanes(scenario: Scenario, desk: Desk) -> dict[str, Any]:
    lane = st.segmented_control(
        s.WHATIF_DEFAULT,
        [RECOMMENDED, IF_TAGGED, CURRENT],
        default=scenario.lane if scenario.lane in (RECOMMENDED, IF_TAGGED, CURRENT) else None,
        format_func=s.default_lane,
        help=s.WHATIF_DEFAULT_HELP,
        key=desk.key("lane"),
    )
    share = _percent(s.WHATIF_SHARE_MOVED, scenario.share, desk.key("share"))
    floor = st.number_input(
        s.WHATIF_FLOOR,
        min_value=0.0,
        max_value=1e9,
        value=None if scenario.min_saving_usd is None else float(scenario.min_saving_usd),
        step=10.0,
        format="%.2f",
        placeholder=s.WHATIF_FLOOR_NONE,
        key=desk.key("floor"),
    )
    order = st.selectbox(
        s.WHATIF_ORDER,
        ORDERS,
        ORDERS.index(scenario.order),
        format_func=lambda order: " → ".join(LEVER_TITLES[lever] for lever in order),
        help=s.WHATIF_ORDER_HELP,
        key=desk.key("order"),
    )
    return {
        "lane": lane or scenario.lane,
        "share": share,
        "min_saving_usd": None if floor is None else Decimal(str(round(floor, 2))),
        "order": order,
    }


def _cache(scenario: Scenario, desk: Desk) -> dict[str, Any]:
    hits = _optional_percent(
        s.WHATIF_SET_HITS, s.WHATIF_HITS, scenario.hit_rate, desk.key("hits"), help=s.WHATIF_HITS_HELP
    )
    in_batch = _optional_percent(
        s.WHATIF_SET_BATCH_HITS,
        s.WHATIF_BATCH_HITS,
        scenario.batch_hit_rate,
        desk.key("batch_hits"),
        help=s.WHATIF_BATCH_HITS_HELP,
    )
    ttl = st.segmented_control(
        s.WHATIF_TTL,
        ["log", "5m", "1h"],
        default=scenario.ttl or "log",
        required=True,
        format_func=s.scenario_ttl,
        help=s.WHATIF_TTL_HELP,
        key=desk.key("ttl"),
    )
    return {"hit_rate": hits, "batch_hit_rate": in_batch, "ttl": None if ttl == "log" else ttl}


def _traffic(scenario: Scenario, desk: Desk) -> dict[str, Any]:
    return {
        "volume": _percent(
            s.WHATIF_VOLUME,
            scenario.volume,
            desk.key("volume"),
            high=400,
            step=5.0,
            help=s.WHATIF_VOLUME_HELP,
        ),
        "growth": _percent(
            s.WHATIF_GROWTH,
            scenario.growth,
            desk.key("growth"),
            low=-20,
            high=30,
            step=0.5,
            help=s.WHATIF_GROWTH_HELP,
        ),
        "prefix_tokens": _prefix(scenario.prefix_tokens, desk.key("prefix")),
    }


def _prefix(tokens: int, key: str) -> int:
    return st.number_input(
        s.WHATIF_PREFIX, -1_000_000, 1_000_000, tokens, step=100, help=s.WHATIF_PREFIX_HELP, key=key
    )


def _one_workload(scenario: Scenario, desk: Desk) -> dict[str, Any]:
    names = [result.workload for result in desk.priced]
    picked = st.selectbox(s.WHATIF_ONE_PICK, names, format_func=str, key=desk.key("workload"))
    result = desk.analysis.workload(picked if picked in names else names[0])
    choice = scenario.choice(result.workload)
    # Each workload has controls of its own, so that one's settings never show up as another's.
    key = desk.key(f"of_{names.index(result.workload)}")
    offered = options(result, choice.lane)
    lane = st.selectbox(
        s.WHATIF_ONE_LANE,
        offered,
        offered.index(choice.lane or FOLLOW),
        format_func=partial(choice_title, result=result, default_lane=scenario.lane),
        help=s.WHATIF_ONE_LANE_HELP,
        key=f"{key}_lane",
    )
    own = choice.model_copy(update={"lane": None}) != Choice()
    said = Choice(lane=None if lane == FOLLOW else lane)
    if st.toggle(s.WHATIF_ONE_OWN, own, key=f"{key}_own"):
        said = Choice(
            lane=said.lane,
            share=_percent(s.WHATIF_SHARE_MOVED, _either(choice.share, scenario.share), f"{key}_share"),
            hit_rate=_optional_percent(
                s.WHATIF_SET_HITS, s.WHATIF_HITS, _either(choice.hit_rate, scenario.hit_rate), f"{key}_hits"
            ),
            volume=_percent(
                s.WHATIF_VOLUME, _either(choice.volume, scenario.volume), f"{key}_volume", high=400, step=5.0
            ),
            prefix_tokens=_prefix(_either(choice.prefix_tokens, scenario.prefix_tokens), f"{key}_prefix"),
            model=_model(choice.model, f"{key}_model"),
        )
    return {"workloads": {**scenario.with_choice(result.workload, said).workloads}}


def _either(own: Any, general: Any) -> Any:
    return general if own is None else own


def options(result: WorkloadResult, chosen: str | None = None) -> list[str]:
    """What a workload can be set to: the setting for everything, today, recommended, and each lane that
    is offered for every model it uses and allowed, or could be once somebody says that it can wait."""
    unanswered = result.verdict.label == "unknown"
    could = state.workbench().policy().admissible_tiers["batch"] if unanswered else ()
    possible = [
        {
            lane.lane
            for lane in part.lanes
            if lane.cost_micro_usd is not None and (lane.admissible or lane.lane.partition("+")[0] in could)
        }
        for part in result.parts
    ]
    shared = set.intersection(*possible) if possible else set()
    offered = [lane.lane for lane in result.parts[0].lanes if lane.lane in shared] if result.parts else []
    found = [FOLLOW, CURRENT, RECOMMENDED, *offered]
    return found if chosen is None or chosen in found else [*found, chosen]


def choice_title(lane: str, result: WorkloadResult, default_lane: str) -> str:
    """One option as it reads in the picker."""
    if lane == FOLLOW:
        return s.follow(_lane_name(default_lane))
    if lane == CURRENT:
        return s.today_is(lane_title(result.current_lane))
    if lane == RECOMMENDED:
        return s.recommended_is(lane_title(result.recommended_lane))
    return _lane_name(lane)


def _lane_name(lane: str) -> str:
    return s.default_lane(lane) if lane in (CURRENT, RECOMMENDED, IF_TAGGED) else lane_title(lane)


def _models(scenario: Scenario, desk: Desk) -> dict[str, Any]:
    st.caption(s.WHATIF_SWAP_CAVEAT)
    used = sorted({f"{part.provider}/{part.model}" for result in desk.priced for part in result.parts})
    picked = st.selectbox(s.WHATIF_SWAP, used, format_func=str, key=desk.key("swap"))
    logged = picked if picked in used else used[0]
    target = _model(scenario.models.get(logged), desk.key(f"swap_{used.index(logged)}"))
    others = {name: model for name, model in scenario.models.items() if name != logged}
    return {"models": others if target is None else {**others, logged: target}}


def _model(chosen: str | None, key: str) -> str | None:
    listed = state.priced_models()
    offered = [KEEP, *listed] if chosen is None or chosen in listed else [KEEP, chosen, *listed]
    found = st.selectbox(
        s.WHATIF_SWAP_TO,
        offered,
        offered.index(chosen or KEEP),
        format_func=lambda name: s.WHATIF_KEEP_MODEL if name == KEEP else name,
        help=s.WHATIF_SWAP_HELP,
        key=key,
    )
    return None if found in (None, KEEP) else found


def _prices(scenario: Scenario, desk: Desk) -> dict[str, Any]:
    used = {part.provider for result in desk.priced for part in result.parts}
    providers = sorted(used | {name.partition("/")[0] for name in scenario.models.values()})
    picked = st.selectbox(s.WHATIF_PROVIDER, providers, format_func=str, key=desk.key("provider"))
    provider = picked if picked in providers else providers[0]
    percent = st.number_input(
        s.WHATIF_DISCOUNT,
        -100.0,
        100.0,
        float(scenario.discounts.get(provider, Decimal(0))),
        step=1.0,
        format="%.2f",
        help=s.WHATIF_DISCOUNT_HELP,
        key=desk.key(f"discount_{provider}"),
    )
    day = st.date_input(
        s.WHATIF_ON,
        scenario.on,
        FIRST_DAY,
        LAST_DAY,
        format="YYYY-MM-DD",
        help=s.WHATIF_ON_HELP,
        key=desk.key("on"),
    )
    others: Mapping[str, Decimal] = {
        name: off for name, off in scenario.discounts.items() if name != provider
    }
    exact = Decimal(str(round(percent, 2)))
    return {"discounts": {**others, provider: exact} if exact else others, "on": day}


def _risk(scenario: Scenario, desk: Desk) -> dict[str, Any]:
    rerun = _optional_percent(
        s.WHATIF_SET_RERUN,
        s.WHATIF_RERUN,
        scenario.rerun_share,
        desk.key("rerun"),
        start=Decimal("0.05"),
        help=s.WHATIF_RERUN_HELP,
    )
    twice = st.toggle(s.WHATIF_TWICE, scenario.billed_twice, help=s.WHATIF_TWICE_HELP, key=desk.key("twice"))
    return {"rerun_share": rerun, "billed_twice": twice}
