"""Scenarios as documents and links: kept whole through a kill, refused when somebody tampered with them."""

import base64
import json
import os
import signal
import subprocess
import sys
import zlib
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.errors import WorkspaceError
from data.store import Workspace
from reports.saved_scenarios import SavedScenarios
from reports.scenario import CACHE, MODEL, TAG, TIER, Choice, Scenario
from reports.scenario_link import MAX_LINK, ScenarioError, link, read, read_link
from reports.workbench import Workbench

ROOT = Path(__file__).resolve().parent.parent
FULL = Scenario(
    name="Everything *set*",
    lane="if_tagged",
    min_saving_usd=Decimal("12.50"),
    share=Decimal("0.4"),
    hit_rate=Decimal("0.75"),
    batch_hit_rate=Decimal("0.3"),
    ttl="1h",
    prefix_tokens=-250,
    volume=Decimal("1.5"),
    growth=Decimal("0.025"),
    models={"openai/gpt-4o": "anthropic/claude-haiku-4-5"},
    discounts={"openai": Decimal("12.5")},
    on=date(2027, 1, 1),
    rerun_share=Decimal("0.05"),
    billed_twice=True,
    order=(TIER, CACHE, MODEL, TAG),
    workloads={"näch|tly": Choice(lane="batch", share=Decimal("0.2"), volume=Decimal(0))},
)


@pytest.fixture
def saved(tmp_path: Path) -> SavedScenarios:
    return SavedScenarios(Workspace.open(tmp_path / "workspace"))


def packed(text: str | bytes) -> str:
    """A link that holds any text, as somebody could make one."""
    raw = text.encode() if isinstance(text, str) else text
    return "1-" + base64.urlsafe_b64encode(zlib.compress(raw)).decode().rstrip("=")


@pytest.mark.parametrize("scenario", [Scenario(), FULL])
def test_a_link_holds_the_whole_scenario(scenario: Scenario) -> None:
    word = link(scenario)
    assert read_link(word) == scenario
    assert word.replace("-", "").replace("_", "").isalnum()
    assert len(link(Scenario())) < 50


@pytest.mark.parametrize(
    "hostile",
    [
        "",
        "1-",
        "1-%%%",
        "2-" + link(FULL)[2:],
        link(FULL)[:-9],
        link(FULL) + "AAAA",
        "1-" + "A" * MAX_LINK,
        packed("[]"),
        packed("{"),
        packed("[" * 100_000),
        packed(b"\xff\xfe"),
        packed("{" + " " * 300_000 + "}"),
        packed('{"version":2}'),
        packed('{"version":1,"surprise":1}'),
        packed('{"version":1,"share":"NaN"}'),
        packed('{"version":1,"volume":"Infinity"}'),
        packed('{"version":1,"volume":1e400}'),
        packed('{"version":1,"growth":"-1"}'),
        packed('{"version":1,"lane":"cheapest"}'),
        packed('{"version":1,"order":["tag","tag","model","tier"]}'),
        packed('{"version":1,"name":"a\\u202eb"}'),
        packed('{"version":1,"name":"  "}'),
        packed('{"version":1,"prefix_tokens":99999999999}'),
        packed('{"version":1,"on":"1970-01-01"}'),
        packed(json.dumps({"version": 1, "workloads": {"w": {"lane": "batch", "share": "1.1"}}})),
        packed(json.dumps({"version": 1, "models": {"no-provider": "openai/gpt-4o"}})),
    ],
)
def test_what_is_no_scenario_is_refused_with_a_sentence(hostile: str) -> None:
    with pytest.raises(ScenarioError, match=r"cannot be read|no readable scenario"):
        read_link(hostile)


@settings(max_examples=60, deadline=None)
@given(text=st.text(max_size=60) | st.binary(max_size=60).map(packed))
def test_any_other_word_is_refused_too(text: str) -> None:
    with pytest.raises(ScenarioError):
        read_link(text)


def test_a_scenario_too_long_for_an_address_says_what_to_do() -> None:
    many = {os.urandom(40).hex(): Choice(lane="batch") for _ in range(200)}
    with pytest.raises(ScenarioError, match="JSON"):
        link(Scenario(workloads=many))


def test_save_duplicate_rename_delete_undo(saved: SavedScenarios) -> None:
    assert saved.all() == ()
    saved.save(FULL, author="Ada")
    assert saved.get("everything *SET*") == FULL
    with pytest.raises(ScenarioError, match="already"):
        saved.save(FULL.model_copy(update={"name": "EVERYTHING *set*"}), author="Ada")
    changed = read({**FULL.model_dump(), "share": "1"})
    saved.save(changed, author="Ada", replace=True)
    assert saved.get(FULL.name) == changed
    names = [saved.duplicate(FULL.name, author="Ada").name for _ in range(2)]
    assert names == ["Everything *set* copy", "Everything *set* copy 2"]
    with pytest.raises(ScenarioError, match="already"):
        saved.rename(names[0], FULL.name, author="Ada")
    with pytest.raises(ScenarioError, match="name"):
        saved.rename(names[0], " ", author="Ada")
    assert saved.rename(names[0], " Half ", author="Ada").name == "Half"
    saved.delete(names[1], author="Ada")
    with pytest.raises(ScenarioError, match="no scenario"):
        saved.delete(names[1], author="Ada")
    assert [item.name for item in saved.all()] == ["Everything *set*", "Half"]
    assert saved.undo(author="Ada")
    assert [item.name for item in saved.all()] == ["Everything *set*", "Everything *set* copy 2", "Half"]
    assert saved.history()[0].note == "Undo"


def test_saving_a_scenario_makes_nothing_be_computed_anew(tmp_path: Path) -> None:
    bench = Workbench.open(tmp_path / "workspace")
    before = bench.fingerprint()
    bench.scenarios().save(FULL, author="Ada")
    assert bench.fingerprint() == before
    bench.declare("nightly", author="Ada", user_waiting=False)
    assert bench.fingerprint() != before


def test_a_long_name_is_copied_within_its_limit(saved: SavedScenarios) -> None:
    saved.save(Scenario(name="n" * 60), author="Ada")
    assert saved.duplicate("n" * 60, author="Ada").name == "n" * 55 + " copy"


def test_a_document_changed_by_hand_is_told_as_such(saved: SavedScenarios, tmp_path: Path) -> None:
    saved.save(Scenario(), author="Ada")
    (file,) = (tmp_path / "workspace" / "documents" / "scenarios").glob("*.json")
    file.write_text(file.read_text().replace('"version": 1', '"version": 7'))
    with pytest.raises(WorkspaceError, match="changed by hand"):
        saved.all()


KILLED_IN_A_SAVE = """
import os, signal, sys
from decimal import Decimal
from pathlib import Path
from data.store import Workspace
from reports.saved_scenarios import SavedScenarios
from reports.scenario import Scenario

saved = SavedScenarios(Workspace.open(Path(sys.argv[1])))
saved.save(Scenario(name="before", share=Decimal("0.25")), author="Ada")

def killed(self, target):
    os.kill(os.getpid(), signal.SIGKILL)

Path.replace = killed  # the new version is written, and not yet in its place
saved.save(Scenario(name="during"), author="Ada")
"""


def test_a_kill_in_the_middle_of_a_save_leaves_what_was_saved_before(tmp_path: Path) -> None:
    home = tmp_path / "workspace"
    Workspace.open(home)
    ended = subprocess.run(
        [sys.executable, "-c", KILLED_IN_A_SAVE, str(home)],
        check=False,
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=120,
    )
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()[-2000:]
    folder = home / "documents" / "scenarios"
    assert any(path.name.startswith(".tmp-") for path in folder.iterdir())
    restarted = SavedScenarios(Workspace.open(home))
    assert restarted.all() == (Scenario(name="before", share=Decimal("0.25")),)
    # Nobody holds the lock, and the leftovers are in nobody's way.
    restarted.save(Scenario(name="after"), author="Ada")
    assert [item.name for item in SavedScenarios(Workspace.open(home)).all()] == ["after", "before"]
