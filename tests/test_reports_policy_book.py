"""The policy of a workspace: chosen, edited, checked, saved, taken back; and every answer follows it."""

import json
import shutil
from pathlib import Path

import pytest

from data.errors import WorkspaceError
from reports.policy_book import PolicyBook, check
from reports.triage_report import csv_text, json_text, markdown
from reports.workbench import Workbench
from tests.test_reports_counting import CALL, call, day, write
from triage.errors import PolicyError, TriageError
from triage.policy import Policy

DEFAULT = Policy.preset_text("default")
GATEWAY = Policy.preset_text("gateway")
LOWER = DEFAULT.replace("min_requests_per_batch: 100", "min_requests_per_batch: 7").replace(
    "name: Lanewise default", "name: Ours"
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("book")
    found = Workbench.open(folder / "home")
    found.import_file(write(folder / "calls.csv", CALL, [call(1, day(9))]))
    found.declare("app", author="Ann", max_wait="45m")
    found.analysis()  # leaves its roll-ups for the copies
    return found.workspace.path


@pytest.fixture
def bench(template: Path, tmp_path: Path) -> Workbench:
    """One workload `app` of one call, declared to tolerate 45 minutes."""
    return Workbench.open(shutil.copytree(template, tmp_path / "home"))


@pytest.fixture
def book(tmp_path: Path) -> PolicyBook:
    """The policy of a workspace without data."""
    return Workbench.open(tmp_path / "empty").policy_book()


def label(bench: Workbench) -> str:
    return bench.analysis().workload("app").verdict.label


def test_without_a_saved_policy_the_shipped_default_is_in_force(book: PolicyBook) -> None:
    found = book.in_force()
    assert found.policy is Policy.default() or found.policy == Policy.default()
    assert (found.stored.seq, found.stored.preset, found.stored.edited, found.outdated) == (
        0, "default", False, False,
    )  # fmt: skip
    assert found.used.title == "Lanewise default (preset default), as shipped"
    assert book.history() == ()
    assert not book.can_undo()
    assert list(book.presets().items()) == [
        ("default", "Lanewise default"), ("gateway", "Gateway"), ("strict_24h", "Strict 24 h"),
    ]  # fmt: skip


def test_choosing_a_preset_changes_labels_and_the_cache_key_at_once(bench: Workbench) -> None:
    book = bench.policy_book()
    assert label(bench) == "semi_interactive"  # 45 minutes are within the hour
    before = bench.fingerprint()
    assert book.choose("gateway", author="Ann", note="we sort at the gateway")
    assert bench.policy() == Policy.named("gateway")
    assert bench.fingerprint() != before
    assert label(bench) == "batch"  # and above the gateway's 30 minutes
    (version,) = book.history()
    assert (version.seq, version.author, version.note) == (1, "Ann", "we sort at the gateway")
    assert not book.choose("gateway", author="Ann", note="again"), "nothing differs"
    assert len(book.history()) == 1


def test_a_preset_that_is_not_shipped_is_refused(book: PolicyBook) -> None:
    with pytest.raises(TriageError, match="'lenient' is not shipped"):
        book.choose("lenient", author="Ann", note="")


def test_an_edited_policy_names_its_preset_and_its_version(book: PolicyBook) -> None:
    book.choose("gateway", author="Ann", note="")
    book.save(GATEWAY.replace("name: Gateway", "name: Ours"), author="Ben", note="renamed")
    found = book.in_force()
    assert found.used.title == "Ours (preset gateway, edited), version 2"
    assert found.stored.text.startswith("#"), "comments are kept"


def test_a_text_of_unknown_origin_is_of_the_preset_of_its_name_else_of_the_one_in_force(
    book: PolicyBook,
) -> None:
    book.save(GATEWAY.replace("flush_every_s: 900", "flush_every_s: 901"), author="Ann", note="")
    assert book.in_force().used.title == "Gateway (preset gateway, edited), version 1"
    book.save(GATEWAY.replace("name: Gateway", "name: Ours"), author="Ann", note="")
    assert book.in_force().used.title == "Ours (preset gateway, edited), version 2"


def test_a_text_that_says_what_a_preset_says_is_that_preset(book: PolicyBook) -> None:
    book.save(Policy.named("strict_24h").to_yaml(), author="Ann", note="")
    assert book.in_force().used.title == "Strict 24 h (preset strict_24h), version 1"
    assert not book.in_force().stored.edited


def test_going_back_undo_and_reset_are_versions_of_their_own(book: PolicyBook) -> None:
    book.save(LOWER, author="Ann", note="seven")
    book.choose("strict_24h", author="Ann", note="")
    assert book.save(book.at(1).text, author="Ben", note="back to version 1", preset=book.at(1).preset)
    assert book.policy().thresholds.min_requests_per_batch == 7
    assert book.in_force().used.title == "Ours (preset default, edited), version 3"
    assert book.undo(author="Ben")
    assert book.policy() == Policy.named("strict_24h")
    assert book.undo(author="Ben")
    assert book.policy().name == "Ours"
    assert book.undo(author="Ben")
    assert book.policy() == Policy.default(), "before the first save the shipped default held"
    assert not book.can_undo()
    assert [version.seq for version in book.history()] == [6, 5, 4, 3, 2, 1]
    assert book.in_force().used.saved == 6


def test_a_policy_that_cannot_be_used_is_not_saved(book: PolicyBook) -> None:
    with pytest.raises(PolicyError, match="Line 13, column 3"):
        book.save(DEFAULT.replace("semi_up_to_s: 3600", "semi_up_to_s: soon"), author="Ann", note="")
    assert book.history() == ()


def test_every_problem_has_its_place_and_the_line_as_it_stands() -> None:
    text = DEFAULT.replace("pilot_requests: 200", "pilot_requests: many").replace(
        "flush_every_s: 3600", "flush_evry_s: 3600"
    )
    found = check(text)
    assert found.policy is None
    first, second = found.faults
    lines = text.splitlines()
    assert (first.column, first.text) == (3, "pilot_requests: many")
    assert first.line is not None
    assert lines[first.line - 1].strip() == first.text
    assert first.sentence == "moving.pilot_requests: 'many' must be a whole number."
    assert second.text == "flush_evry_s: 3600"
    assert "there is no such field; fields here are max_miss_share" in second.sentence
    (whole,) = check("just words").faults
    assert (whole.line, whole.column, whole.text) == (None, None, "")


def test_two_editors_do_not_overwrite_each_other_in_silence(book: PolicyBook) -> None:
    assert book.save(LOWER, author="Ann", note="", expected=0)
    with pytest.raises(WorkspaceError) as caught:
        book.save(GATEWAY, author="Ben", note="", expected=0)
    assert "Version 1 is in force; yours was edited over version 0." in caught.value.message
    assert book.policy().name == "Ours"
    assert book.save(GATEWAY, author="Ben", note="", expected=1)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            {"preset": "default", "edited": True, "yaml": "name: ["},
            "Version 1 of the policy: Line 1, column 8",
        ),
        ({"preset": "default", "edited": True, "yaml": "name: x"}, "And "),
        ({"yaml": 7}, "was changed by hand and no longer makes sense"),
        ({"preset": "default", "edited": "no", "yaml": DEFAULT}, "was changed by hand"),
    ],
)
def test_a_damaged_policy_is_a_sentence_and_can_be_left_behind(
    bench: Workbench, content: dict[str, object], said: str
) -> None:
    bench.workspace.document("policy").save(content, author="x", note="by hand")
    book = bench.policy_book()
    with pytest.raises(WorkspaceError) as caught:
        bench.analysis()
    assert said in caught.value.message
    assert book.choose("default", author="Ann", note="reset")
    assert label(bench) == "semi_interactive"


def test_a_preset_that_ships_anew_is_pointed_out_and_not_taken(
    book: PolicyBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    book.choose("strict_24h", author="Ann", note="")
    assert not book.in_force().outdated
    newer = Policy.load(LOWER)
    named = Policy.named
    monkeypatch.setattr(
        Policy, "named", classmethod(lambda cls, preset: newer if preset == "strict_24h" else named(preset))
    )
    assert book.in_force().outdated
    assert book.in_force().policy.name == "Strict 24 h"


def test_overrides_of_one_workload_are_written_and_removed_in_the_text(bench: Workbench) -> None:
    book = bench.policy_book()
    text = book.override(DEFAULT, "app[1]*", sla="by-morning", min_requests=None)
    assert '- {workload: "app[[]1][*]", sla: by-morning}' in text
    assert book.without_override(text, 0) == DEFAULT
    with_app = book.override(DEFAULT, "app", sla=None, min_requests=1)
    book.save(with_app, author="Ann", note="")
    assert (
        bench.analysis()
        .workload("app")
        .verdict.worth_reason.endswith("the 1 a batch needs to be worth moving.")
    )


def test_the_reports_name_preset_and_version_and_a_report_opened_again_has_its_policy(
    bench: Workbench,
) -> None:
    book = bench.policy_book()
    book.save(LOWER, author="Ann", note="")
    analysis = bench.analysis()
    version = Policy.load(LOWER).version
    assert f"policy Ours (preset default, edited), version 1, `{version}`." in markdown(analysis)
    assert csv_text(analysis).splitlines()[0].endswith(",policy,policy_version,covers")
    for row in csv_text(analysis).splitlines()[1:]:
        assert row.endswith(f',"Ours (preset default, edited), version 1",{version},all workloads')
    report = json_text(analysis)
    said = json.loads(report)
    assert said["policy_version"] == version
    assert {key: said["policy_used"][key] for key in ("name", "preset", "edited", "saved")} == {
        "name": "Ours", "preset": "default", "edited": True, "saved": 1,
    }  # fmt: skip
    book.choose("gateway", author="Ben", note="")
    assert label(bench) == "batch"
    again = bench.reopen(report)
    assert again.workload("app").verdict.label == "semi_interactive"
    assert json_text(bench.reopen(report)) == json_text(again)
    assert json.loads(json_text(again))["policy_used"] == said["policy_used"]


def test_books_of_two_workspaces_do_not_mix(tmp_path: Path) -> None:
    one, two = (Workbench.open(tmp_path / name) for name in ("one", "two"))
    PolicyBook(one.workspace).choose("gateway", author="Ann", note="")
    assert (one.policy().name, two.policy().name) == ("Gateway", "Lanewise default")
