"""The page of measurements is made of results, and peers that are not there are said to be skipped."""

import json
from pathlib import Path

import pytest

from benchmarks.importing import Cost, Result, growth
from benchmarks.peers import Peer, compared, described, write_transcripts
from benchmarks.results import with_imports, with_moves, with_peers
from benchmarks.whatif import Moved
from data.ingest import import_file
from data.store import Workspace
from tests.make_calls import write_calls

_PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
_RESULTS = [
    Result("own CSV", 100_000, Cost(2.0, 1.0, 90.0), Cost(6.0, 4.0, 1234.4), 3.04, 4.0, 1.21),
    Result("own CSV", 1_000_000, Cost(20.0, 10.0, 90.0), Cost(60.0, 44.0, 1300.0), 3.0, 4.4, 1.2),
]
_PEERS = [Peer("pandas", "read it", 2.0, 0.5), Peer("frugon", "analyse", None, None)]


def test_the_tables_stand_between_their_markers() -> None:
    page = "a\n<!-- import -->\nold\n<!-- end of import -->\nb\n<!-- peers -->\n<!-- end of peers -->\nc\n"
    made = with_peers(with_imports(page, _RESULTS), _PEERS)
    assert made.startswith("a\n<!-- import -->\n| File |")
    assert "| own CSV | 100,000 | 3.0 | 4.0 | 1.2 | 1,234 MiB |" in made
    assert "old" not in made
    assert "| pandas | read it | 0.5 |\n| frugon | analyse | skipped" in made
    assert with_peers(with_imports(made, _RESULTS), _PEERS) == made


def test_moved_controls_have_a_table_of_their_own_and_keep_it_where_nothing_was_measured() -> None:
    page = _PAGE.read_text(encoding="utf-8")
    moved = [Moved("the demo", 2_636, "volume", (310.4, 120.0, 99.6), 40.2, 61.0)]
    made = with_moves(page, moved)
    assert "| the demo | 2,636 | volume | 120 ms | 100 ms | 40 ms | 61 ms |" in made
    assert with_moves(made, []) == made


def test_a_page_without_markers_is_refused() -> None:
    with pytest.raises(ValueError, match="import"):
        with_imports("nothing here", _RESULTS)


def test_the_page_of_the_docs_has_the_markers() -> None:
    page = _PAGE.read_text(encoding="utf-8")
    assert "100,000 | 3.0" in with_imports(page, _RESULTS)
    assert "pandas | read it | 0.5" in with_peers(page, _PEERS)


def test_growth_is_what_a_call_costs_more() -> None:
    (line,) = growth(_RESULTS)
    assert " ".join(line.split()) == "a call of own CSV costs 1.00x at 100,000, 1.10x at 1,000,000"


def test_what_is_not_there_is_skipped_loudly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LANEWISE_BENCH_PYTHON", "/bin/false")
    table = write_calls(tmp_path / "calls.csv", 20)
    found = list(compared(tmp_path, table, table, write_transcripts(tmp_path / "t", 3), runs=1))
    assert [peer.name for peer in found] == ["pandas", "litellm", "frugon", "ccusage"]
    assert [peer.seconds is None for peer in found] == [False, True, True, True]
    assert described(found[1]).startswith("SKIPPED litellm")
    assert found[0].ratio is not None


def test_generated_transcripts_are_calls_counted_once(tmp_path: Path) -> None:
    folder = write_transcripts(tmp_path / "t", 12, a_session=5)
    files = sorted(folder.rglob("*.jsonl"))
    assert [len(file.read_text().splitlines()) for file in files] == [10, 10, 4]
    workspace = Workspace.open(tmp_path / "ws")
    outcomes = [import_file(workspace, file) for file in files]
    assert [outcome.calls for outcome in outcomes] == [5, 5, 2]
    assert json.loads(files[0].read_text().splitlines()[0])["message"]["role"] == "assistant"
