"""Roll-ups that belong together run on one engine: opened when first needed, closed with the block."""

from pathlib import Path

import duckdb
import pytest

from data import shared_engine
from data.db import Engine, open_engine
from data.shared_engine import roll_up_engine, sharing_an_engine
from data.store import Workspace


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Engine]:
    """The engines opened during the test."""
    found: list[Engine] = []
    really = open_engine

    def counted(*, readable: list[Path], spill: Path) -> Engine:
        found.append(really(readable=readable, spill=spill))
        return found[-1]

    monkeypatch.setattr(shared_engine, "open_engine", counted)
    return found


def test_one_engine_serves_the_block_and_blocks_within(tmp_path: Path, opened: list[Engine]) -> None:
    workspace = Workspace.open(tmp_path / "workspace")
    with sharing_an_engine(workspace):
        assert opened == [], "nobody has asked yet"
        with roll_up_engine(workspace) as first:
            pass
        with sharing_an_engine(Workspace.open(workspace.path)), roll_up_engine(workspace) as second:
            pass
        assert [first, second] == opened * 2
        with first.cursor() as cursor:
            assert cursor.execute("SELECT 1").fetchall() == [(1,)]
    with pytest.raises(duckdb.Error), first.cursor():
        pass
    assert list(workspace.path.glob(".tmp-*")) == []


def test_another_workspace_and_what_comes_after_have_engines_of_their_own(
    tmp_path: Path, opened: list[Engine]
) -> None:
    one, other = Workspace.open(tmp_path / "one"), Workspace.open(tmp_path / "other")
    with sharing_an_engine(one):
        with roll_up_engine(one) as first, roll_up_engine(other) as second:
            assert first is not second
        with roll_up_engine(one) as again:
            assert again is first
    with roll_up_engine(one) as later:
        assert later is not first
    assert len(opened) == 3
