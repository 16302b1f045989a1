"""What the front ends ask about mappings."""

from pathlib import Path

import pytest

from data.mapping import MappingError
from reports.workbench import Workbench
from tests.mapped_tables import TABLE, mapping


@pytest.fixture
def bench(tmp_path: Path) -> Workbench:
    return Workbench.open(tmp_path / "w")


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "acme.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def test_a_mapping_is_kept_once_it_has_worked(bench: Workbench, table: Path) -> None:
    sample = bench.sample(table, display_name="shown.csv")
    assert sample.shown == "shown.csv"
    assert bench.mapping_for(sample) is None
    assert bench.preview_mapping(sample, mapping()).accepted == 2
    assert bench.mappings() == ()
    assert bench.import_mapped(table, mapping(), author="ann").accepted == 2
    assert bench.mapping_for(sample) == mapping()
    assert bench.mappings() == (mapping(),)
    assert bench.import_file(table).format == "mapped:acme"
    assert bench.forget_mapping("acme", author="ann")
    assert bench.mappings() == ()
    assert len(bench.workspace.datasets()) == 1


def test_a_mapping_that_made_no_call_is_not_kept(bench: Workbench, table: Path) -> None:
    outcome = bench.import_mapped(table, mapping(time_unit="ms"), author="ann")
    assert (outcome.accepted, outcome.rejected) == (0, 3)
    assert bench.mappings() == ()


def test_a_taken_name_is_refused_before_anything_is_read(
    bench: Workbench, table: Path, tmp_path: Path
) -> None:
    bench.import_mapped(table, mapping(), author="ann")
    other = tmp_path / "other.csv"
    other.write_text(TABLE.replace("cost\n", "cost,more\n", 1), encoding="utf-8")
    with pytest.raises(MappingError, match="acme"):
        bench.import_mapped(other, mapping(latency_unit="ms"), author="ann")
    assert len(bench.workspace.datasets()) == 1


def test_a_file_with_the_same_columns_and_more_resembles_a_mapped_one(
    bench: Workbench, table: Path, tmp_path: Path
) -> None:
    bench.import_mapped(table, mapping(), author="ann")
    wider = tmp_path / "wider.csv"
    wider.write_text("more," + TABLE.replace("\n1777", "\nx,1777"), encoding="utf-8")
    sample = bench.sample(wider)
    assert bench.mapping_for(sample) is None
    assert bench.mapping_like(sample) == mapping()
    narrow = tmp_path / "narrow.csv"
    narrow.write_text("when,engine\n1,2\n", encoding="utf-8")
    assert bench.mapping_like(bench.sample(narrow)) is None
