"""The ledger: baselines that do not move, savings added up by hand, and saves that survive a kill."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from data.errors import WorkspaceError
from data.rules import RuleSet
from pricing.model import PriceRow
from reports.ledger import Entry, Ledger, ref_of, totals
from reports.ledger_model import Change, Key, Measured, State, payback_days
from reports.model import Range
from reports.verification import LedgerError
from reports.watch_model import read_watched
from reports.workbench import Workbench
from tests.ledger_case import KEY, MOVED, after_the_move, before_the_move, lines, write
from triage.policy import Policy

ROOT = Path(__file__).resolve().parent.parent
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Seven nights in sync, imported once; tests work on copies."""
    return before_the_move(tmp_path_factory.mktemp("before")).workspace.path


@pytest.fixture(scope="module")
def after(before: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The job claimed on the day it moved, and a week of calls since."""
    folder = tmp_path_factory.mktemp("after")
    bench = Workbench.open(shutil.copytree(before, folder / "home"))
    bench.ledger().claim(KEY, owner="Ann", note="with the next release", author="ann@x", moved_on=MOVED)
    after_the_move(bench, folder)
    bench.inputs()  # rolled up once for all
    return bench.workspace.path


@pytest.fixture
def bench(before: Path, tmp_path: Path) -> Workbench:
    return Workbench.open(shutil.copytree(before, tmp_path / "home"))


@pytest.fixture
def moved(after: Path, tmp_path: Path) -> Workbench:
    return Workbench.open(shutil.copytree(after, tmp_path / "home"))


def entries(bench: Workbench, on: date = TODAY) -> dict[Key, Entry]:
    found = bench.ledger().entries(bench.analysis(), bench.inputs().cube, bench.policy(), on)
    return {entry.key: entry for entry in found}


def standing(bench: Workbench) -> Entry:
    """Where the claimed job stands; asks no analysis."""
    (entry,) = bench.ledger().claimed(bench.inputs().cube)
    return entry


def change(measured: Measured, kind: str) -> Change:
    (found,) = [item for item in measured.changes if item.kind == kind]
    return found


def price_row(bench: Workbench, valid_from: datetime, usd: str) -> PriceRow:
    """The standard price of the model's input from a day on."""
    (row,) = [
        row
        for row in bench.prices().rows_for("openai", "gpt-4o")
        if row.tier == "standard" and row.min_prompt_tokens == 0 and row.valid_to is None
    ]
    return row.model_copy(update={"valid_from": valid_from, "input_usd_per_mtok": Decimal(usd)})


def test_a_proposal_is_the_same_one_however_often_the_log_is_analysed(bench: Workbench) -> None:
    first, second = entries(bench), entries(Workbench.open(bench.workspace.path))
    assert list(first) == [KEY]
    assert first[KEY].state == "proposed"
    assert first[KEY].ref == second[KEY].ref == ref_of(KEY)
    assert bench.ledger().history() == (), "looking writes nothing"
    assert ref_of(KEY.model_copy(update={"lane": "flex"})) != ref_of(KEY)


def test_a_claim_freezes_what_was_known_before_the_move(moved: Workbench) -> None:
    entry = standing(moved)
    assert (entry.state, entry.owner, entry.note) == ("claimed", "Ann", "with the next release")
    baseline = entry.baseline
    assert baseline is not None
    assert (baseline.n_requests, baseline.lane, baseline.tiers) == (1_400, "sync", {"standard": 1_400})
    assert (baseline.tokens.input_tokens, baseline.tokens.output_tokens) == (1_400_000, 140_000)
    # 2 November 01:00 to 8 November 23:59 and the hour that makes it seven days; 1,400 lines at 3,500
    assert baseline.hours == 7 * 24
    assert baseline.cost_micro_usd == 4_900_000
    assert baseline.unit_micro_usd == 3_500
    # half is saved where no line runs again, 1 % of it less at 3,500 - 1,750, 5 % in the low case
    assert baseline.saving.high == 2_450_000
    assert baseline.saving.base == 2_450_000 - 14 * 1_750
    assert baseline.saving.low == 2_450_000 - 70 * 1_750
    assert baseline.policy_version == moved.policy().version
    assert {row.model for row in baseline.prices.rows} == {"gpt-4o"}


def test_verified_is_what_the_answers_would_have_cost_less_what_ran(moved: Workbench) -> None:
    measured = moved.ledger().verify(KEY, author="bob@x")
    nights, answers, again = 7, 190, 10
    assert measured.actual_micro_usd == nights * (answers * 1_750 + again * 3_500)
    assert measured.baseline_lane_micro_usd == nights * 200 * 3_500
    assert measured.saving_micro_usd == 2_327_500
    assert (measured.n_requests, measured.n_ok) == (nights * 210, nights * 200)
    assert measured.saving_per_year_micro_usd == 2_327_500 * 8_760 / Decimal(168)
    assert not [item for item in measured.changes if item.changed]
    entry = entries(moved)[KEY]
    assert entry.state == "verified", "exactly the low end of what was expected"
    assert entry.verified_per_year_micro_usd == 121_362_500
    # 2 days at 800 dollars over 121.3625 dollars a year
    assert entry.payback_days == Decimal(1_600) * 365 / Decimal("121.3625")
    found = totals(list(entries(moved).values()))
    assert found.verified == 121_362_500
    assert found.proposed == found.claimed == 0


def test_one_line_more_that_runs_again_and_it_falls_short(moved: Workbench, tmp_path: Path) -> None:
    late = lines("again", datetime(2026, 11, 15, 9), 1, "standard", "ok")
    failed = lines("slow", datetime(2026, 11, 15, 1), 1, "batch", "error")
    failed[0][-2:] = [1_000, 100]
    moved.import_file(write(tmp_path / "more.csv", [*late, *failed]))
    measured = moved.ledger().verify(KEY, author="bob@x")
    assert measured.saving_micro_usd == 2_327_500 - 1_750, "a failed line that is billed is no answer"
    assert not measured.holds
    assert standing(moved).state == "failed"


def test_a_price_edited_later_moves_the_verification_and_not_the_baseline(moved: Workbench) -> None:
    before = standing(moved).baseline
    moved.apply_prices([price_row(moved, MOVED, "3.50")], author="Ann", note="list price up")
    after = standing(moved)
    assert after.baseline == before
    assert before is not None
    assert after.expected_per_year == before.expected_per_year.range()
    measured = moved.ledger().verify(KEY, author="bob@x")
    assert measured.baseline_lane_micro_usd == 7 * 200 * 4_500
    assert measured.actual_micro_usd == 7 * (190 * 1_750 + 10 * 4_500)
    prices = change(measured, "prices")
    assert prices.changed
    assert "the price table was edited since" in prices.sentence
    assert "would have saved $2.33" in prices.sentence
    assert prices.effect_micro_usd == 7 * (200 * 1_000 - 10 * 1_000)
    assert not change(measured, "policy").changed
    assert not change(measured, "volume").changed


def test_a_price_announced_before_the_claim_is_a_change_when_it_comes(
    bench: Workbench, tmp_path: Path
) -> None:
    bench.apply_prices([price_row(bench, MOVED + timedelta(days=1), "3.50")], author="Ann", note="announced")
    bench.ledger().claim(KEY, owner="Ann", note="", author="ann", moved_on=MOVED)
    after_the_move(bench, tmp_path)
    prices = change(bench.ledger().verify(KEY, author="bob"), "prices")
    assert prices.changed
    assert "a dated price took effect" in prices.sentence
    assert prices.effect_micro_usd == 6 * (200 - 10) * 1_000, "from the second night on"


def test_a_policy_changed_later_is_said_and_moves_no_baseline(moved: Workbench) -> None:
    strict = Policy.named("strict_24h")
    ledger = Ledger(moved.workspace, lambda as_of: replace(moved.inputs(as_of=as_of), policy=strict))
    before = standing(moved).baseline
    measured = ledger.verify(KEY, author="bob@x")
    policy = change(measured, "policy")
    assert policy.changed
    assert f"({moved.policy().version} to {strict.version})" in policy.sentence
    assert not change(measured, "prices").changed
    assert standing(moved).baseline == before
    assert before is not None
    assert before.policy_version != measured.policy_version == strict.version


def test_volume_that_doubled_is_said_with_its_part_of_the_saving(moved: Workbench, tmp_path: Path) -> None:
    extra = [
        line for day in range(9, 16) for line in lines(f"v{day}", datetime(2026, 11, day, 2), 200, "batch")
    ]
    moved.import_file(write(tmp_path / "more.csv", extra))
    measured = moved.ledger().verify(KEY, author="bob@x")
    volume = change(measured, "volume")
    assert volume.changed
    assert "200 at the claim, 400 since (+100 %)" in volume.sentence
    # 2,327,500 and 1,400 more lines at 1,750 saved; the baseline's pace is 1,400 in 168 hours
    saving = 2_327_500 + 1_400 * 1_750
    share = 1 - (Decimal(1_400) / 168) / (Decimal(2_800) / 168)
    assert volume.effect_micro_usd == round(saving * share)
    assert not change(measured, "prices").changed
    assert not change(measured, "calls").changed


def test_the_baseline_lane_keeps_the_hits_it_had(tmp_path: Path) -> None:
    """80 % hits before and none in batch: half the list price is no saving of half."""
    bench = Workbench.open(tmp_path / "home")
    header = "call_id,ts,provider,model,workload,tier,input_tokens,cache_read_tokens,output_tokens\n"

    def rows(name: str, day: int, tier: str, read: int) -> str:
        at = f"2026-11-{day:02}T01:00:00"
        return "".join(f"{name}{n},{at},openai,gpt-4o,cached,{tier},1000,{read},0\n" for n in range(100))

    def imported(name: str, text: str) -> None:
        path = tmp_path / name
        path.write_text(header + text, encoding="utf-8")
        bench.import_file(path)

    imported("before.csv", rows("a", 2, "standard", 800))
    bench.declare("cached", author="Ann", user_waiting=False, max_wait="24h")
    key = Key(workload="cached", provider="openai", model="gpt-4o", lane="batch")
    # 200 x 2.50 + 800 x 1.25 = 1,500 a call with its hits; a batch of plain input is 1,250
    assert entries(bench)[key].expected_per_year is not None
    bench.ledger().claim(key, owner="Ann", note="", author="ann", moved_on=datetime(2026, 11, 3))
    imported("after.csv", rows("b", 3, "batch", 0))
    measured = bench.ledger().verify(key, author="bob")
    assert measured.baseline_lane_micro_usd == 100 * 1_500
    assert measured.actual_micro_usd == 100 * 1_250


def test_dismissed_comes_back_on_its_day(bench: Workbench) -> None:
    ledger = bench.ledger()
    with pytest.raises(LedgerError, match="a reason"):
        ledger.dismiss(KEY, owner="Ann", reason=" ", author="ann", recheck_on=TODAY + timedelta(days=30))
    with pytest.raises(LedgerError, match="lies ahead"):
        ledger.dismiss(KEY, owner="Ann", reason="no", author="ann", recheck_on=TODAY)
    due = TODAY + timedelta(days=30)
    ledger.dismiss(KEY, owner="Ann", reason="waits for the new pipeline", author="ann", recheck_on=due)
    assert entries(bench, due - timedelta(days=1))[KEY].state == "dismissed"
    back = entries(bench, due)[KEY]
    assert (back.state, back.came_back, back.recheck_on) == ("proposed", True, due)
    assert back.note == "waits for the new pipeline"
    assert back.expected_per_year is not None
    ledger.reopen(KEY, author="ann")
    reopened = entries(bench)[KEY]
    assert (reopened.state, reopened.came_back) == ("proposed", False)
    with pytest.raises(LedgerError, match="Not dismissed"):
        ledger.reopen(KEY, author="ann")


def test_the_same_calls_are_claimed_once(moved: Workbench) -> None:
    with pytest.raises(LedgerError, match="claimed for batch by Ann"):
        moved.ledger().claim(KEY, owner="Eve", note="", author="eve", moved_on=MOVED)
    with pytest.raises(LedgerError, match="an owner"):
        moved.ledger().claim(KEY, owner="", note="", author="eve")
    other = KEY.model_copy(update={"lane": "flex"})
    with pytest.raises(LedgerError, match="proposes no flex"):
        moved.ledger().claim(other, owner="Eve", note="", author="eve", moved_on=MOVED)
    with pytest.raises(LedgerError, match="lies ahead"):
        moved.ledger().claim(KEY, owner="Eve", note="", author="eve", moved_on=datetime(2999, 1, 1))


def test_nothing_is_verified_before_there_are_calls_or_a_claim(bench: Workbench) -> None:
    with pytest.raises(LedgerError, match="Only a claimed"):
        bench.ledger().verify(KEY, author="ann")
    bench.ledger().claim(KEY, owner="Ann", note="", author="ann")
    with pytest.raises(LedgerError, match="no calls of nightly on gpt-4o from"):
        bench.ledger().verify(KEY, author="ann")
    assert entries(bench)[KEY].state == "claimed"


def test_a_verified_move_that_falls_back_is_told(moved: Workbench, tmp_path: Path) -> None:
    moved.ledger().verify(KEY, author="bob@x")
    held = lines("h", datetime(2026, 11, 16, 1), 100, "batch") + lines("i", datetime(2026, 11, 16, 2), 100)
    moved.import_file(write(tmp_path / "held.csv", held))
    # 1,400 of 1,470 lines ran in batch when verified; 100 of 200 are more than half of that share
    assert standing(moved).regression is None
    moved.import_file(write(tmp_path / "back.csv", lines("j", datetime(2026, 11, 16, 3), 11)))
    found = standing(moved).regression
    assert found is not None
    assert (found.n_requests, found.share) == (211, Decimal(100) / 211)
    assert found.share_when_verified == Decimal(1_400) / 1_470
    assert standing(moved).state == "verified", "what was measured stays measured"


def test_who_and_when_of_everything_is_kept(moved: Workbench) -> None:
    moved.ledger().verify(KEY, author="bob@x", note="after a week")
    again = Workbench.open(moved.workspace.path).ledger().history()
    said = [(item.event.event, item.version.author, item.version.note) for item in again]
    assert said == [("claimed", "ann@x", "with the next release"), ("verified", "bob@x", "after a week")]
    assert again[0].version.at_utc <= again[1].version.at_utc
    assert standing(Workbench.open(moved.workspace.path)) == standing(moved)


def test_a_damaged_event_is_told_with_its_file(moved: Workbench) -> None:
    file = moved.workspace.path / "documents" / "ledger" / "000001.json"
    file.write_text(file.read_text(encoding="utf-8").replace('"claimed"', '"clamed"'), encoding="utf-8")
    with pytest.raises(WorkspaceError, match=r"documents/ledger/000001\.json"):
        moved.ledger().history()


@pytest.mark.parametrize(
    ("effort", "per_year", "days"), [(0, 5, 0), (800, 365_000_000, 800), (800, 0, None), (800, -1, None)]
)
def test_payback(effort: int, per_year: int, days: int | None) -> None:
    assert payback_days(Decimal(effort), Decimal(per_year)) == days


def test_a_proposal_for_calls_that_are_claimed_is_in_no_total() -> None:
    def entry(lane: str, state: State, dollars: int, blocked_by: str | None = None) -> Entry:
        amount = Decimal(dollars)
        expected = Range(amount, amount, amount)
        key = KEY.model_copy(update={"lane": lane})
        return Entry(lane, key, state, expected_per_year=expected, blocked_by=blocked_by)

    found = totals(
        [
            entry("batch", "claimed", 100),
            entry("flex", "proposed", 90, "batch"),
            entry("sync", "dismissed", 7),
        ]
    )
    assert found.claimed == 100
    assert found.proposed == 0
    assert found.expected_of_verified == found.verified == found.failed == 0


KILLED = """
import sys, time
from datetime import date
from pathlib import Path
from data import files
from reports.watch_model import read_watched
from reports.workbench import Workbench
from tests.ledger_case import KEY

def stuck(path):
    print("in the middle", flush=True)
    time.sleep(60)

bench = Workbench.open(Path(sys.argv[1]))
files.sync_file = stuck
if sys.argv[2] == "ledger":
    bench.ledger().dismiss(KEY, owner="", reason="killed", author="ann", recheck_on=date(2999, 1, 1))
else:
    bench.watch().save(read_watched({"time_zone": "Asia/Tokyo"}), author="Ann", note="killed")
"""


@pytest.mark.parametrize("document", ["ledger", "alerts"])
def test_a_save_that_is_killed_leaves_the_old_state(bench: Workbench, document: str) -> None:
    far = date(2999, 1, 1)
    berlin = read_watched({"time_zone": "Europe/Berlin"})
    bench.ledger().dismiss(KEY, owner="Ann", reason="first", author="ann", recheck_on=far)
    bench.watch().save(berlin, author="Ann", note="first")
    command: Sequence[str] = [sys.executable, "-c", KILLED, str(bench.workspace.path), document]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == "in the middle"
        process.send_signal(signal.SIGKILL)
        process.wait(30)
    assert list((bench.workspace.path / "documents" / document).glob(".tmp-*")), "it was killed in the middle"
    again = Workbench.open(bench.workspace.path)
    assert [item.version.note for item in again.ledger().history()] == ["first"]
    assert [version.note for version in again.watch().history()] == ["first"]
    assert again.watch().watched() == berlin
    assert not list((again.workspace.path / "documents").glob("*/.tmp-*"))
    again.ledger().dismiss(KEY, owner="", reason="later", author="ann", recheck_on=far)
    assert [item.version.note for item in again.ledger().history()] == ["first", "later"]


def test_a_claim_whose_calls_a_rule_renames_is_told_and_counts_nowhere(moved: Workbench) -> None:
    rules = RuleSet.of([{"when": {"named": "nightly"}, "workload": "night jobs"}, {"workload": "{named}"}])
    moved.ledger().verify(KEY, author="Ann")
    before = totals(tuple(entries(moved).values()))
    assert before.expected_of_verified > 0
    moved.save_rules(rules, author="Ann", note="")
    found = entries(moved)
    after = totals(tuple(found.values()))
    assert (found[KEY].lost, found[KEY].state) == (True, "verified")
    assert not any((after.claimed, after.expected_of_verified, after.verified))
    assert not any(entry.lost for key, entry in found.items() if key != KEY)
    with pytest.raises(LedgerError, match="named nightly on gpt-4o any more"):
        moved.ledger().verify(KEY, author="Ann")
    moved.undo_rules(author="Ann")
    assert totals(tuple(entries(moved).values())) == before


def test_a_claim_of_which_half_the_calls_are_renamed_says_so(moved: Workbench, tmp_path: Path) -> None:
    whole = moved.ledger().verify(KEY, author="Ann").changes[2]
    moved.import_file(write(tmp_path / "late.csv", lines("late", datetime(2026, 11, 3, 5), 7)))
    late = moved.ledger().verify(KEY, author="Ann").changes[2]
    assert [change.kind for change in (whole, late)] == ["volume", "volume"]
    assert "have this name now" not in whole.sentence
    assert "1,407 calls have this name now and 1,400 had it at the claim" in late.sentence
    assert late.changed
