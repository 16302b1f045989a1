"""What the pages share: the open workspace and its analysis, computed once for each state it is in."""

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import streamlit as st

from pricing.discounts import Discount
from pricing.edit_check import EditCheck
from pricing.model import PriceRow
from reports import counting
from reports.alerts import Found
from reports.answers import Answer, Answers
from reports.chosen import Chosen
from reports.counting import Overlap
from reports.ledger import Entry
from reports.look import Inputs
from reports.mapping import CallGroup
from reports.model import Analysis, Coverage
from reports.moves import MoveMade
from reports.moves import moves_made as found_moves
from reports.narrowed import narrowed as narrowed_to
from reports.price_preview import PricePreview
from reports.report_compare import Comparison, since
from reports.scenario import Scenario
from reports.scenario_prices import ScenarioPrices
from reports.unmatched import Unmatched
from reports.whatif import ScenarioResult, run_scenario
from reports.workbench import Workbench, default_workspace, today


@st.cache_resource(max_entries=4, show_spinner=False)
def _open(path: str) -> Workbench:
    return Workbench.open(Path(path))


def workbench() -> Workbench:
    """The workspace this server was started on, opened once for all sessions."""
    return _open(str(default_workspace()))


# A resource, not data: the analysis is frozen, so sessions share one instead of each unpickling its own.
@st.cache_resource(max_entries=8, show_spinner=False)
def _analysis(path: str, fingerprint: str, as_of: datetime) -> Analysis:
    del path, fingerprint  # they are the cache key: any change to the workspace makes a new analysis
    return workbench().analysis(as_of)


def analysis() -> Analysis:
    """The analysis of the workspace as it is now, at today's prices."""
    bench = workbench()
    return _analysis(str(bench.workspace.path), bench.fingerprint(), today())


@st.cache_resource(max_entries=16, show_spinner=False)
def _narrowed(path: str, fingerprint: str, as_of: datetime, by: Chosen) -> Analysis:
    return narrowed_to(_analysis(path, fingerprint, as_of), _inputs(path, fingerprint, as_of), by)


def narrowed(by: Chosen) -> Analysis:
    """The analysis of the workloads that a filter keeps, as the workspace is now."""
    bench = workbench()
    return _narrowed(str(bench.workspace.path), bench.fingerprint(), today(), by)


@st.cache_resource(max_entries=4, show_spinner=False)
def _comparison(path: str, fingerprint: str, as_of: datetime, earlier: str, by: Chosen) -> Comparison:
    whole = _analysis(path, fingerprint, as_of)
    now = _narrowed(path, fingerprint, as_of, by) if by.any else whole
    return since(earlier, now, workbench().reopen, {result.workload for result in whole.workloads})


def comparison(earlier: str, by: Chosen) -> Comparison:
    """What moved since an earlier report (its JSON), filtered by `by`; ReportError when it is none."""
    bench = workbench()
    return _comparison(str(bench.workspace.path), bench.fingerprint(), today(), earlier, by)


@st.cache_data(max_entries=256, show_spinner=False)
def _import_cost(
    path: str, fingerprint: str, as_of: datetime, dataset_id: str
) -> tuple[Decimal | None, Coverage]:
    del path, fingerprint, as_of
    return workbench().import_cost(dataset_id)


def import_cost(dataset_id: str) -> tuple[Decimal | None, Coverage]:
    """What one dataset cost as billed, micro-dollars, and how much of it is priced."""
    bench = workbench()
    return _import_cost(str(bench.workspace.path), bench.fingerprint(), today(), dataset_id)


@st.cache_resource(max_entries=4, show_spinner=False)
def _call_census(path: str, fingerprint: str, as_of: datetime) -> tuple[CallGroup, ...]:
    del path, fingerprint
    return workbench().call_census(as_of)


def call_census() -> tuple[CallGroup, ...]:
    """The logged calls by what workload rules see of them, priced once for each state of the workspace."""
    bench = workbench()
    return _call_census(str(bench.workspace.path), bench.fingerprint(), today())


@st.cache_resource(max_entries=4, show_spinner=False)
def _overlaps(path: str, fingerprint: str) -> tuple[Overlap, ...]:
    del path, fingerprint
    return workbench().overlaps()


def overlaps() -> tuple[Overlap, ...]:
    """Aggregates and calls that cover the same days, and what was chosen to count."""
    bench = workbench()
    return _overlaps(str(bench.workspace.path), bench.fingerprint())


@st.cache_resource(max_entries=4, show_spinner=False)
def _entries(path: str, fingerprint: str, as_of: datetime, moved_on: datetime | None) -> tuple[Entry, ...]:
    del path, fingerprint
    book = workbench().ledger()
    if moved_on is not None:
        return book.entries_before(moved_on)
    given = inputs()
    return book.entries(analysis(), given.cube, given.policy, as_of.date())


def ledger_entries(moved_on: datetime | None = None) -> tuple[Entry, ...]:
    """The ledger as it stands, or as it was before the calls moved."""
    bench = workbench()
    return _entries(str(bench.workspace.path), bench.fingerprint(), today(), moved_on)


def moves_made() -> tuple[MoveMade, ...]:
    """The parts that changed tier in the log."""
    return found_moves(inputs().cube)


@st.cache_resource(max_entries=4, show_spinner=False)
def _found(path: str, fingerprint: str, hour: datetime) -> Found:
    del path, fingerprint
    return workbench().watch().look(hour)


def alerts() -> Found:
    """What fires in the workspace as it is now, looked for at most once an hour while nothing changes."""
    bench = workbench()
    hour = datetime.now(UTC).replace(minute=0, second=0, microsecond=0, tzinfo=None)
    return _found(str(bench.workspace.path), bench.fingerprint(), hour)


def author() -> str:
    """Who an edit is attributed to: the signed-in person, else the local user."""
    name = st.user.get("email") or st.user.get("name") if st.user else None
    return str(name) if name else "local user"


@st.cache_resource(max_entries=4, show_spinner=False)
def _inputs(path: str, fingerprint: str, as_of: datetime) -> Inputs:
    del path, fingerprint
    return workbench().inputs(as_of=as_of)


def inputs() -> Inputs:
    """What the analysis of the workspace as it is now rests on."""
    bench = workbench()
    return _inputs(str(bench.workspace.path), bench.fingerprint(), today())


@st.cache_resource(max_entries=4, show_spinner=False)
def _answers(path: str, fingerprint: str, as_of: datetime) -> Answers:
    del path, fingerprint, as_of
    return Answers(inputs())


def answers(workload: str) -> tuple[Answer, ...]:
    """What each possible answer of a workload's owner would change."""
    bench = workbench()
    return _answers(str(bench.workspace.path), bench.fingerprint(), today()).of(workload)


@st.cache_resource(max_entries=2, show_spinner=False)
def _scenario_prices(path: str, fingerprint: str, as_of: datetime) -> ScenarioPrices:
    return ScenarioPrices(_inputs(path, fingerprint, as_of))


@st.cache_resource(max_entries=64, show_spinner=False)
def _scenario(
    path: str, fingerprint: str, as_of: datetime, asked: str, set_aside: frozenset[str]
) -> ScenarioResult:
    prices = _scenario_prices(path, fingerprint, as_of)
    analysed = _analysis(path, fingerprint, as_of)
    return run_scenario(prices, analysed, Scenario.model_validate_json(asked), set_aside)


def scenarios(asked: Sequence[Scenario]) -> list[ScenarioResult]:
    """What-ifs over the workspace as it is now, all over the workloads that each has a figure for.

    What one shares with the last ones is not priced again.
    """
    bench = workbench()
    key = (str(bench.workspace.path), bench.fingerprint(), today())
    texts = [scenario.model_dump_json() for scenario in asked]
    found = [_scenario(*key, text, frozenset()) for text in texts]
    set_aside = frozenset(row.workload for result in found for row in result.left_out)
    return [_scenario(*key, text, set_aside) for text in texts] if set_aside else found


@st.cache_resource(max_entries=4, show_spinner=False)
def _priced_models(version: str) -> tuple[str, ...]:
    del version
    return tuple("/".join(model) for model in workbench().prices().models())


def priced_models() -> tuple[str, ...]:
    """Every `provider/model` that the price table in force knows."""
    return _priced_models(workbench().fingerprint())


def only_aggregates() -> frozenset[str]:
    """The workloads of which the logs hold aggregates and no single call."""
    bench = workbench()
    return counting.only_aggregates(_inputs(str(bench.workspace.path), bench.fingerprint(), today()).cube)


@st.cache_resource(max_entries=16, show_spinner=False)
def _price_preview(path: str, fingerprint: str, as_of: datetime, rows: tuple[PriceRow, ...]) -> PricePreview:
    del path, fingerprint
    return workbench().preview_prices(rows, as_of)


def price_preview(rows: tuple[PriceRow, ...]) -> PricePreview:
    """What applying the rows would change, computed once for each set of rows."""
    bench = workbench()
    return _price_preview(str(bench.workspace.path), bench.fingerprint(), today(), rows)


@st.cache_resource(max_entries=16, show_spinner=False)
def _discount_preview(
    path: str, fingerprint: str, as_of: datetime, discounts: tuple[Discount, ...]
) -> PricePreview:
    del path, fingerprint
    return workbench().preview_discounts(discounts, as_of)


def discount_preview(discounts: tuple[Discount, ...]) -> PricePreview:
    """What these discounts in place of those in force would change, computed once for each set."""
    bench = workbench()
    return _discount_preview(str(bench.workspace.path), bench.fingerprint(), today(), discounts)


@st.cache_resource(max_entries=2, show_spinner=False)
def _price_file(path: str, fingerprint: str, content: bytes, name: str) -> EditCheck:
    del path, fingerprint
    return workbench().check_price_file(content, name)


def price_file(content: bytes, name: str) -> EditCheck:
    """The rows of an uploaded price file that change anything, or every problem; read once a file."""
    bench = workbench()
    return _price_file(str(bench.workspace.path), bench.fingerprint(), content, name)


@st.cache_resource(max_entries=4, show_spinner=False)
def _unmatched(path: str, fingerprint: str, as_of: datetime) -> tuple[Unmatched, ...]:
    del path, fingerprint
    return workbench().unmatched_models(as_of)


def unmatched_models() -> tuple[Unmatched, ...]:
    """The logged models without a price, with suggestions at today's prices."""
    bench = workbench()
    return _unmatched(str(bench.workspace.path), bench.fingerprint(), today())


def dataset_ids() -> set[str]:
    """The datasets that are in the workspace now."""
    return {manifest.dataset_id for manifest in workbench().workspace.datasets()}
