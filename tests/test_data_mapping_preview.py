"""The preview shows what the import will make, and nothing of an unmapped column goes anywhere."""

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from data.ingest import import_file
from data.mapping_preview import preview
from data.mapping_yaml import proposal_yaml
from data.proposing import propose
from data.saved_mappings import SavedMappings
from data.store import Workspace
from data.table_sample import take_sample
from tests.formats_cases import calls, snapshot
from tests.mapped_tables import CANARY, TABLE, mapping


def written(tmp_path: Path, kind: str) -> Path:
    """`TABLE` as a file of that kind, its numbers as numbers where the kind has them."""
    path = tmp_path / f"acme.{kind}"
    header, *lines = TABLE.splitlines()
    names = header.split(",")
    rows = [
        dict(zip(names, line.replace(f'"{CANARY}, ', f'"{CANARY} ').split(","), strict=True))
        for line in lines
    ]
    if kind == "csv":
        path.write_text(TABLE, encoding="utf-8")
    elif kind == "parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        text = "".join(json.dumps(row) + "\n" for row in rows)
        path.write_text(text if kind == "jsonl" else json.dumps(rows), encoding="utf-8")
    return path


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json", "parquet"])
def test_the_preview_is_what_the_import_makes_and_writes_nothing(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, kind)
    empty = tmp_path / "empty"
    empty.mkdir()
    monkeypatch.chdir(empty)
    before = snapshot(tmp_path)
    made = preview(take_sample(path), mapping())
    assert snapshot(tmp_path) == before
    assert [row.row for row in made.rows] == [1, 2, 3]
    assert made.accepted == 2
    broken = made.rows[2].reject
    assert broken is not None
    assert (broken.code, broken.column) == ("not_a_whole_number", "in tok")
    workspace = Workspace.open(tmp_path / "w")
    import_file(workspace, path, mapping=mapping())
    for row, call in zip(made.rows, calls(workspace), strict=False):
        assert row.call == {name: call[name] for name in made.columns}


@pytest.mark.parametrize("kind", ["csv", "jsonl", "json", "parquet"])
def test_the_canary_is_in_no_preview_proposal_file_or_error(
    kind: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path, kind)
    sample = take_sample(path)
    proposal = propose(sample)
    assert "prompt" not in {item.column for item in proposal.suggestions}
    shown = [repr(sample), repr(proposal), proposal_yaml(proposal), repr(preview(sample, mapping()))]
    workspace = Workspace.open(tmp_path / "w")
    SavedMappings(workspace).save(sample.signature, mapping(), author="ann")
    outcome = import_file(workspace, path)
    shown += [repr(outcome), *capfd.readouterr()]
    assert all("canary" not in text for text in shown)
    for file in (tmp_path / "w").rglob("*"):
        if file.is_file():
            content = file.read_bytes()
            if file.suffix == ".parquet":
                content += str(pq.read_table(file).to_pydict()).encode()
            assert b"canary" not in content, file


def test_a_row_of_texts_in_place_of_a_header_stays_out_of_what_is_saved(tmp_path: Path) -> None:
    path = tmp_path / "headless.csv"
    long = f"{CANARY} and would not stop until somebody came"
    path.write_text(f"gpt-4o,10,2,{long}\ngpt-4o,11,3,{long} again\n", encoding="utf-8")
    sample = take_sample(path)
    assert "canary" not in proposal_yaml(propose(sample))
    workspace = Workspace.open(tmp_path / "w")
    fields = {
        "ts": None,
        "workload": None,
        "cache_read_tokens": None,
        "latency_ms": None,
        "reported_cost_usd": None,
        "model": {"column": "gpt-4o"},
        "input_tokens": {"column": "10"},
        "output_tokens": {"column": "2"},
    }
    made = mapping(fields=fields)
    assert preview(sample, made).accepted == 1
    SavedMappings(workspace).save(sample.signature, made, author="ann")
    assert import_file(workspace, path).accepted == 1
    for file in (tmp_path / "w").rglob("*"):
        assert not file.is_file() or b"canary" not in file.read_bytes()


def test_only_twenty_rows_and_only_filled_columns_are_shown(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_text(TABLE + "1777885380,gpt-4o,1,1,0,1,p,search,0\n" * 50, encoding="utf-8")
    made = preview(take_sample(path), mapping())
    assert len(made.rows) == 20
    assert made.columns == (
        "ts",
        "provider",
        "model",
        "workload",
        "input_tokens",
        "output_tokens",
        "cache_read_tokens",
        "latency_ms",
        "reported_cost_usd",
    )


def test_broken_json_lines_show_as_rejects_and_blank_ones_not_at_all(tmp_path: Path) -> None:
    path = written(tmp_path, "jsonl")
    path.write_text(path.read_text(encoding="utf-8") + f'\n{{"{CANARY}\n[1]\n', encoding="utf-8")
    rows = preview(take_sample(path), mapping()).rows
    assert [row.reject.code for row in rows if row.reject is not None] == [
        "not_a_whole_number",
        "not_json",
        "not_an_object",
    ]
    assert len(rows) == 5


def test_cells_longer_than_any_name_are_cut_and_judged_alike(tmp_path: Path) -> None:
    path = tmp_path / "acme.csv"
    path.write_text(TABLE + f"1777885380,{'gpt-' + 'm' * 5000},1,1,0,1,p,search,0\n", encoding="utf-8")
    sample = take_sample(path)
    assert max(len(cell or "") for row in sample.rows for cell in row) == 400
    last = preview(sample, mapping()).rows[-1].reject
    assert last is not None
    assert (last.code, last.column) == ("too_long", "engine")
