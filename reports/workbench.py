"""One workspace and everything a front end may ask of it: import, analyse, declare, edit prices.

The pages and the command line go through this class, so neither grows rules of its own.
"""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Final

import platformdirs
import pyarrow as pa
import pyarrow.compute as pc

from data import descriptions
from data.batches import batch_jobs
from data.cube import bursts, keyed_usage, sessions, signals
from data.declared import parse_duration_ms
from data.documents import Version
from data.errors import WorkspaceError
from data.ingest import ImportOutcome, UnusableMember, import_all, import_file
from data.mapping import ColumnMapping
from data.mapping_preview import Preview, preview
from data.progress import Progress
from data.proposing import Proposal, propose
from data.rules import DOCUMENT as RULES_DOCUMENT
from data.rules import RuleSet, current_rules
from data.saved_mappings import SavedMappings
from data.shared_engine import sharing_an_engine
from data.store import DESCRIBED_HERE, Workspace
from data.table_sample import Sample, take_sample, take_shape
from pricing.discounts import Discount, DiscountCheck, read_discounts
from pricing.errors import PricingError
from pricing.model import PriceRow
from pricing.overlay import EditCheck, Overlay, PriceEdit, changing, read_edits
from pricing.price_files import check_price_file
from pricing.table import PriceTable
from reports import counting, mapping
from reports.analysis import analyse, coverage
from reports.behaviour import Rollups
from reports.cache_potential import CachePotential, cache_potentials
from reports.confirming import Confirming
from reports.cubes import Cubes
from reports.discounts import Discounts
from reports.display_settings import DOCUMENT as DISPLAY
from reports.display_settings import DisplaySettings
from reports.lane_facts import LaneSheet, lane_sheet
from reports.lane_risk import turnarounds
from reports.ledger import Ledger
from reports.look import Inputs, billed, sum_costs
from reports.model import Analysis, Coverage, Part
from reports.narrowed import only
from reports.policy_book import PolicyBook
from reports.price_book import PriceBook
from reports.price_preview import PricePreview, compare, looks_ahead
from reports.reopen import basis_of, named_part
from reports.saved_scenarios import DOCUMENT as SCENARIOS
from reports.saved_scenarios import SavedScenarios
from reports.tagging import workload_tags
from reports.unmatched import Mapped, ModelMapping, Unmatched, unmatched
from reports.verify import Verify
from reports.watch import Watch
from triage.policy import Policy
from triage.risk import Turnaround

WORKSPACE_VARIABLE: Final = "LANEWISE_HOME"


def default_workspace() -> Path:
    """`$LANEWISE_HOME`, else the system's folder for a user's application data."""
    named = os.environ.get(WORKSPACE_VARIABLE)
    return (
        Path(named).expanduser() if named else Path(platformdirs.user_data_dir("lanewise", appauthor=False))
    )


def today() -> datetime:
    """Midnight UTC of the current day: the default analysis date."""
    return datetime.combine(datetime.now(UTC).date(), time.min)


class Workbench:
    """A workspace with the shipped price table and policy; safe to share between threads for reading."""

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self._cubes = Cubes(workspace)
        self._shown: (
            tuple[object, Rollups, Mapping[str, tuple[str, ...]], Mapping[str, Turnaround]] | None
        ) = None

    @classmethod
    def open(cls, path: Path) -> "Workbench":
        """Opens, and where needed creates, the workspace at `path`; WorkspaceError when it cannot."""
        workspace = Workspace.open(path)
        # A damaged document is told where it is used, not by refusing everything else.
        with suppress(WorkspaceError):
            descriptions.render(workspace)
        return cls(workspace)

    def fingerprint(self) -> str:
        """Changes whenever a dataset, a declaration, an edit, the policy or the shipped prices change."""
        # A saved scenario or a person's currency changes no figure, so it does not analyse everything anew.
        seen = self.workspace.fingerprint(but=(SCENARIOS, DISPLAY))
        return f"{seen}-{PriceTable.shipped().version}"

    # ---------------------------------------------------------------- reading

    def shipped_prices(self) -> PriceTable:
        """The price table as it ships, without the workspace's edits."""
        return PriceTable.shipped()

    def prices(self) -> PriceTable:
        """The shipped price table with the workspace's edits and model mapping over it, and its discounts."""
        return self._table(self.price_book().overlay(), self.discounts().current())

    def _table(self, overlay: Overlay, discounts: Sequence[Discount]) -> PriceTable:
        table = PriceTable.shipped()
        mapped = ModelMapping(self.workspace).targets()
        if mapped:
            table = table.with_aliases(mapped)
        if overlay.edits:
            table = table.with_edits(overlay.edits)
        return table.with_discounts(discounts) if discounts else table

    def discounts(self) -> Discounts:
        """The workspace's contract and regional percentages: current, set, history, undo."""
        return Discounts(self.workspace)

    def display_settings(self) -> DisplaySettings:
        """The time zone and the currency that each person chose for the pages."""
        return DisplaySettings(self.workspace)

    def policy_book(self) -> PolicyBook:
        """The workspace's triage policy: in force, checked, saved, history, undo."""
        return PolicyBook(self.workspace)

    def verify(self) -> Verify:
        """Batch jobs, realised savings, and costs held against reported ones and bills."""
        return Verify(self)

    def policy(self) -> Policy:
        """The triage policy in force; WorkspaceError when what was saved cannot be used."""
        return self.policy_book().policy()

    def cube(self, prices: PriceTable | None = None) -> pa.Table:
        """The usage cube of every dataset, banded by the price table's context thresholds."""
        table = prices if prices is not None else self.prices()
        return self._cubes.cube(table.thresholds())

    def signals(self) -> pa.Table:
        """The behavioural histograms of every dataset."""
        return signals(self.workspace)

    def rollups(self) -> Rollups:
        """What shows how the calls of every dataset behave."""
        return Rollups(self.signals(), bursts(self.workspace), sessions(self.workspace))

    def _behaviour(
        self, thresholds: Sequence[int]
    ) -> tuple[Rollups, Mapping[str, tuple[str, ...]], Mapping[str, Turnaround]]:
        """Rollups, tags and turnarounds; prices do not change them, so a preview reads them once."""
        asked, known = self._cubes.state(), self._shown
        if known is None or known[0] != asked:
            keyed = keyed_usage(self.workspace, thresholds)
            took = turnarounds(batch_jobs(self.workspace))
            known = (asked, self.rollups(), workload_tags(self.workspace, keyed, self.rules()), took)
            self._shown = known
        return known[1:]

    def analysis(self, as_of: datetime | None = None) -> Analysis:
        """The analysis of the workspace at `as_of` (naive UTC; None is today)."""
        return self._analysis(self.prices(), as_of)

    def reopen(self, report: str) -> Analysis:
        """The analysis behind a report's JSON, made again from the report's own date, prices and policy.

        Figures are the same to the cent as long as the workspace holds the same calls and declarations,
        whatever price table and policy say by now. ReportError when it is no such report.
        """
        as_of, extract, policy = basis_of(report)
        inputs = replace(self.inputs(extract.table(), as_of), policy=policy[0], policy_used=policy[1])
        whole, part = analyse(inputs), named_part(report)
        shown = whole if part is None else only(whole, inputs, *part)
        return replace(shown, price_version=extract.version, price_extract=extract)

    def inputs(self, prices: PriceTable | None = None, as_of: datetime | None = None) -> Inputs:
        """What an analysis of this workspace rests on."""
        table = prices if prices is not None else self.prices()
        with sharing_an_engine(self.workspace):
            whole = self.cube(table)
            rollups, tags, took = self._behaviour(table.thresholds())
        found = self._overlaps(whole)
        kept = counting.counted(whole, found)
        in_force = self.policy_book().in_force()
        return Inputs(
            cube=kept,
            declared=self.workspace.declared(),
            manifests=self.workspace.datasets(),
            prices=table,
            policy=in_force.policy,
            policy_used=in_force.used,
            as_of=as_of if as_of is not None else today(),
            set_aside=(*counting.undecided(found), *counting.not_counted(whole, kept, found)),
            rollups=rollups,
            tags=tags,
            turnarounds=took,
        )

    def _analysis(self, prices: PriceTable, as_of: datetime | None) -> Analysis:
        return analyse(self.inputs(prices, as_of))

    def ledger(self) -> Ledger:
        """The workspace's recommendations and what became of them."""
        return Ledger(self.workspace, lambda as_of: self.inputs(as_of=as_of))

    def watch(self) -> Watch:
        """The workspace's budgets and thresholds, and what fires."""
        return Watch(self.workspace, self.ledger(), lambda as_of: self.inputs(as_of=as_of))

    def lane_sheet(self, part: Part, as_of: datetime | None = None) -> LaneSheet:
        """What each lane of a part promises, its own tokens' price there, and where a batch would lose."""
        prices, at = self.prices(), as_of if as_of is not None else today()
        return lane_sheet(prices, part, at, prices.cache_terms(part.provider, part.model, at))

    def cache_potentials(self) -> tuple[CachePotential, ...]:
        """What a prompt cache could have read, by workload, model and time to live; reads every call."""
        return cache_potentials(self.workspace)

    # --------------------------------------------------------------- datasets

    def import_file(
        self,
        path: Path,
        *,
        display_name: str | None = None,
        format_name: str | None = None,
        mapping: ColumnMapping | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> ImportOutcome:
        """Imports one file: see `data.ingest.import_file`."""
        return import_file(
            self.workspace,
            path,
            display_name=display_name,
            format_name=format_name,
            mapping=mapping,
            on_progress=on_progress,
        )

    def import_all(
        self,
        path: Path,
        *,
        display_name: str | None = None,
        format_name: str | None = None,
        mapping: ColumnMapping | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> Iterator[ImportOutcome | UnusableMember]:
        """Imports one file, or each file of an archive: see `data.ingest.import_all`."""
        return import_all(
            self.workspace,
            path,
            display_name=display_name,
            format_name=format_name,
            mapping=mapping,
            on_progress=on_progress,
        )

    def import_cost(self, dataset_id: str) -> tuple[Decimal | None, Coverage]:
        """One dataset's cost as billed, micro-dollars, and how much of it is priced.

        Undated calls take today's price. None when nothing of it could be priced.
        """
        prices = self.prices()
        cube = self.cube(prices)
        mine = cube.filter(pc.equal(cube["dataset_id"], dataset_id))
        rows = billed(mine, prices, today(), "provider", "model")
        return sum_costs(rows), coverage(rows)

    def delete(self, dataset_id: str, *, author: str = "") -> None:
        """Deletes one dataset; the calls it held are gone from every figure.

        The dataset of workloads described here goes by describing none, which can be undone.
        """
        if dataset_id.endswith(DESCRIBED_HERE):
            descriptions.save(self.workspace, (), author=author, note="deleted")
        else:
            self.workspace.delete(dataset_id)

    # ----------------------------------------------------- described workloads

    def described(self) -> tuple[descriptions.Described, ...]:
        """Every described workload, by name, with who described it."""
        return descriptions.described(self.workspace)

    def check_descriptions(self, rows: Sequence[descriptions.Row]) -> tuple[descriptions.RowProblem, ...]:
        """What is wrong with described workloads, row by row; nothing when they can be saved."""
        return descriptions.check(self.workspace, rows)

    def save_descriptions(self, rows: Sequence[descriptions.Row], *, author: str, note: str) -> None:
        """Describes these workloads here and no others; every figure follows."""
        descriptions.save(self.workspace, rows, author=author, note=note)

    def descriptions_history(self) -> tuple[Version, ...]:
        """The versions of what is described here, newest first."""
        return self.workspace.document(descriptions.DOCUMENT).history()[::-1]

    def can_undo_descriptions(self) -> bool:
        """Whether a save of descriptions is left to undo."""
        return self.workspace.document(descriptions.DOCUMENT).can_undo()

    def undo_descriptions(self, *, author: str) -> bool:
        """Describes what was described before the last save; False when nothing was saved."""
        undone = self.workspace.document(descriptions.DOCUMENT).undo(author=author)
        descriptions.render(self.workspace)
        return undone

    # ------------------------------------------------- aggregates beside calls

    def overlaps(self) -> tuple[counting.Overlap, ...]:
        """Datasets of one provider that cover the same days, with what was chosen to count."""
        return self._overlaps(self.cube())

    def _overlaps(self, cube: pa.Table) -> tuple[counting.Overlap, ...]:
        current = self.workspace.document(counting.DOCUMENT).current()
        chosen = counting.choices(current[1] if current is not None else None)
        return counting.overlaps(cube, self.workspace.datasets(), chosen)

    def choose_counting(self, overlap: counting.Overlap, counts: counting.Counts, *, author: str) -> None:
        """Records which of two overlapping datasets counts on the days they share."""
        self.workspace.document(counting.DOCUMENT).update(
            lambda content: counting.with_choice(content, overlap.key, counts),
            author=author,
            note=f"{overlap.provider}: {counts} ({overlap.aggregates.name}, {overlap.calls.name})",
        )

    def counting_history(self) -> tuple[Version, ...]:
        """Who chose what counts, newest first."""
        return self.workspace.document(counting.DOCUMENT).history()[::-1]

    # --------------------------------------------------------------- mappings

    def sample(self, path: Path, *, display_name: str | None = None) -> Sample:
        """The first rows of a file, in memory, to propose a mapping from and to try one on."""
        return take_sample(path, display_name)

    def propose_mapping(self, sample: Sample) -> Proposal:
        """What the columns of a file could mean, and what a person has to say about them."""
        return propose(sample)

    def mapping_for(self, sample: Sample) -> ColumnMapping | None:
        """The mapping saved for files of this shape."""
        return SavedMappings(self.workspace).fitting(sample.head)

    def mapping_like(self, sample: Sample) -> ColumnMapping | None:
        """A mapping saved for another shape that names only columns this file has too."""
        return SavedMappings(self.workspace).resembling(sample.head)

    def preview_mapping(self, sample: Sample, mapping: ColumnMapping) -> Preview:
        """The first 20 rows as calls, or why they are none; nothing is written to the disk."""
        return preview(sample, mapping)

    def import_mapped(
        self,
        path: Path,
        mapping: ColumnMapping,
        *,
        author: str,
        display_name: str | None = None,
        on_progress: Callable[[Progress], None] | None = None,
    ) -> ImportOutcome:
        """Imports one file as mapped and, when any row was usable, keeps the mapping for its shape.

        Raises what `data.ingest.import_file` raises, and MappingError when the name is taken.
        """
        shape = take_shape(path, display_name)
        saved = SavedMappings(self.workspace)
        saved.check_name(shape, mapping)
        outcome = import_file(
            self.workspace, path, display_name=display_name, mapping=mapping, on_progress=on_progress
        )
        if outcome.accepted or outcome.duplicates:
            saved.save(shape, mapping, author=author)
        return outcome

    def mappings(self) -> tuple[ColumnMapping, ...]:
        """The saved mappings by name, each once."""
        by_name = {mapping.name: mapping for mapping in SavedMappings(self.workspace).all().values()}
        return tuple(by_name[name] for name in sorted(by_name))

    def forget_mapping(self, name: str, *, author: str) -> bool:
        """Removes a mapping from use; what was imported with it stays. False when there is none."""
        return SavedMappings(self.workspace).forget(name, author=author)

    # ----------------------------------------------------------- declarations

    def declare(
        self,
        workload: str,
        *,
        author: str,
        user_waiting: bool | None = None,
        max_wait: str | None = None,
        trigger: str | None = None,
        sequential: bool | None = None,
    ) -> bool:
        """Records what a person says of a workload; None leaves a fact open again.

        `max_wait` is text such as `8h` or `300ms`; ValueError carries a sentence to show. Only what
        differs from the facts in force is recorded, so that each keeps the name of who said it;
        False when nothing differs.
        """
        said = {
            "user_waiting": user_waiting,
            "max_wait_ms": parse_duration_ms(max_wait) if max_wait else None,
            "trigger": trigger,
            "sequential": sequential,
        }
        known = next((item for item in self.workspace.declared() if item.name == workload), None)
        changed = {fact: value for fact, value in said.items() if value != getattr(known, fact, None)}
        if not changed:
            return False
        self.workspace.declare(workload, author=author, **changed)
        return True

    def declare_waits(
        self, workloads: Sequence[str], *, author: str, somebody_waits: bool, max_wait: str | None
    ) -> int:
        """Records of several workloads at once whether somebody waits, or else how long they may wait.

        `max_wait` is text such as `8h`; None with nobody waiting leaves both open again. A wait takes
        back that somebody waits, because nothing that somebody waits for is deferred; other facts stay.
        Returns of how many it is news; ValueError carries a sentence to show.
        """
        wait_ms = parse_duration_ms(max_wait) if max_wait else None
        known = {item.name: item for item in self.workspace.declared()}
        changed = 0
        for name in workloads:
            said = known.get(name)
            waiting = said.user_waiting if said is not None else None
            wanted: dict[str, bool | int | None] = {"max_wait_ms": wait_ms}
            if somebody_waits or waiting or max_wait is None:
                wanted["user_waiting"] = somebody_waits or None
            news = {fact: value for fact, value in wanted.items() if value != getattr(said, fact, None)}
            if news:
                self.workspace.declare(name, author=author, **news)
                changed += 1
        return changed

    def declaration_history(self) -> tuple[Version, ...]:
        """Who declared what, newest first."""
        return self.workspace.document("declarations").history()[::-1]

    def confirming(self) -> Confirming:
        """What confirms and refuses, for many workloads at once, the labels that their logs suggest."""
        return Confirming(self.workspace)

    # ---------------------------------------------------------- workload rules

    def rules(self) -> RuleSet:
        """The workload rules in force: the saved ones, else the shipped ones."""
        return current_rules(self.workspace)

    def call_census(self, as_of: datetime | None = None) -> tuple[mapping.CallGroup, ...]:
        """The logged calls by what rules see of them, priced: what previews are asked of."""
        prices = self.prices()
        keyed = keyed_usage(self.workspace, prices.thresholds())
        keyed = counting.counted(keyed, self._overlaps(keyed))
        return mapping.census(self.workspace, keyed, prices, as_of if as_of is not None else today())

    def preview_rules(self, rules: RuleSet, as_of: datetime | None = None) -> mapping.RulesPreview:
        """What a list of rules would take, rule by rule, and what it would leave over."""
        return mapping.preview(self.call_census(as_of), rules)

    def save_rules(self, rules: RuleSet, *, author: str, note: str) -> bool:
        """Puts rules in force; every figure follows without another import. False when they are already."""
        if rules == self.rules():
            return False
        self.workspace.document(RULES_DOCUMENT).save(rules.plain(), author=author, note=note)
        return True

    def rules_history(self) -> tuple[Version, ...]:
        """The versions of the workload rules, newest first."""
        return self.workspace.document(RULES_DOCUMENT).history()[::-1]

    def can_undo_rules(self) -> bool:
        """Whether a save of the rules is left to undo."""
        return self.workspace.document(RULES_DOCUMENT).can_undo()

    def undo_rules(self, *, author: str) -> bool:
        """Puts the rules before the last save in force again; False when nothing was saved."""
        return self.workspace.document(RULES_DOCUMENT).undo(author=author)

    # ------------------------------------------------- models without a price

    def unmatched_models(self, as_of: datetime | None = None) -> tuple[Unmatched, ...]:
        """The logged models that the price table does not know, with what they might be."""
        prices = self.prices()
        return unmatched(self.cube(prices), prices, as_of if as_of is not None else today())

    def model_mappings(self) -> tuple[Mapped, ...]:
        """What people said unmatched models are, oldest first."""
        return ModelMapping(self.workspace).listed(self.prices())

    def map_model(self, logged: tuple[str, str], target: tuple[str, str], *, author: str) -> None:
        """Prices a logged (provider, model) as another one of the table, for all of the log.

        Raises:
            PricingError: the table has no such model.
        """
        if self.prices().locate(*target) is None:
            raise PricingError(
                "No such model",
                f"The price table has no model {target[1]} of {target[0]}. Choose one that it lists.",
            )
        ModelMapping(self.workspace).save(logged, target, author=author)

    def unmap_model(self, logged: tuple[str, str], *, author: str) -> bool:
        """Takes a mapping back; False when there is none."""
        return ModelMapping(self.workspace).forget(logged, author=author)

    def undo_model_mapping(self, *, author: str) -> bool:
        """Takes the last change of the mappings back; False when there is nothing to take back."""
        return ModelMapping(self.workspace).undo(author=author)

    def model_mapping_history(self) -> tuple[Version, ...]:
        """Who mapped what, newest first."""
        return ModelMapping(self.workspace).history()

    # ----------------------------------------------------------------- prices

    def check_prices(self, rows: Sequence[Mapping[str, object]]) -> EditCheck:
        """The submitted rows as price rows of the table in force, or every problem with its place."""
        return read_edits(self.prices(), rows, checked_on=today().date())

    def check_price_file(self, content: bytes, name: str) -> EditCheck:
        """The rows of a CSV or YAML file that change the table in force, or every problem in the file."""
        table = self.prices()
        check = check_price_file(table, content, name, checked_on=today().date())
        return EditCheck(changing(table, check.rows), check.problems)

    def apply_prices(self, rows: Sequence[PriceRow], *, author: str, note: str) -> None:
        """Lays checked rows over the price table; history before their dates does not change."""
        self.price_book().apply(rows, author=author, note=note)

    def preview_prices(self, rows: Sequence[PriceRow], as_of: datetime | None = None) -> PricePreview:
        """What applying `rows` would change in spend, saving and lanes."""
        overlay = self.price_book().with_rows(rows, author="preview")
        table = self._table(overlay, self.discounts().current())
        return self._preview(table, as_of, [row.valid_from for row in rows])

    def check_discounts(self, rows: Sequence[Mapping[str, object]]) -> DiscountCheck:
        """The submitted rows as discounts on the table in force, or every problem with its place."""
        return read_discounts(self.prices(), rows)

    def preview_discounts(self, discounts: Sequence[Discount], as_of: datetime | None = None) -> PricePreview:
        """What these discounts in place of those in force would change in spend, saving and lanes."""
        known = self.discounts().current()
        starts = [discount.valid_from for discount in discounts if discount not in known]
        return self._preview(self._table(self.price_book().overlay(), discounts), as_of, starts)

    def _preview(
        self, after_table: PriceTable, as_of: datetime | None, starts: Sequence[datetime | None]
    ) -> PricePreview:
        at = looks_ahead(starts, as_of if as_of is not None else today())
        return compare(self._analysis(self.prices(), at), self._analysis(after_table, at))

    def undo_prices(self, *, author: str) -> bool:
        """Takes the last change of the price edits back; False when there is none."""
        return self.price_book().undo(author=author)

    def reset_prices(self, *, author: str) -> None:
        """Takes every edit back; the shipped table is in force again."""
        self.price_book().reset(author=author)

    def price_edits(self) -> tuple[PriceEdit, ...]:
        """The edits in force, oldest first."""
        return self.price_book().overlay().edits

    def scenarios(self) -> SavedScenarios:
        """The scenarios saved in the workspace: save, rename, duplicate, delete, undo."""
        return SavedScenarios(self.workspace)

    def price_book(self) -> PriceBook:
        """The workspace's price edits: their history, undo, and conflicts with a newer shipped table."""
        return PriceBook(self.workspace, self.shipped_prices())
