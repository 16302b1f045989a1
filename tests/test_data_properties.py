"""Whatever is in a file, it becomes rows and rejects that account for every record, or one clear error."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.formats import FORMATS
from data.ingest import import_file
from data.store import Workspace
from tests.formats_cases import attempt, snapshot

# One call a line, so that a line can be changed without changing the others.
LINE_FORMATS = {"lanewise_jsonl", "openai_chat", "openai_responses", "anthropic_messages", "litellm_spend"}
SEEDS = sorted(
    path
    for path in (Path(__file__).parent / "formats").glob("*/*/input.*")
    if path.parent.name
    in {"plain", "wrapped", "states", "usage", "spend_logs", "spend_logs_dump", "callback"}
    and path.parent.parent.name in LINE_FORMATS
)
bounded = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace.open(tmp_path / "workspace")


@bounded
@given(content=st.binary(max_size=400))
def test_random_bytes(workspace: Workspace, content: bytes) -> None:
    attempt(workspace, content)


@bounded
@given(content=st.text(alphabet='{}[]",:;\n\r\t |0159.-+eE\\ué a', max_size=200))
def test_random_text_of_data_characters(workspace: Workspace, content: str) -> None:
    attempt(workspace, content.encode())


@bounded
@given(
    seed=st.sampled_from(SEEDS),
    cuts=st.lists(
        st.tuples(st.integers(0, 10_000), st.integers(0, 60), st.binary(max_size=12)), min_size=1, max_size=4
    ),
)
def test_random_mutations_of_real_logs(
    workspace: Workspace, seed: Path, cuts: list[tuple[int, int, bytes]]
) -> None:
    content = seed.read_bytes()
    for position, length, replacement in cuts:
        at = position % (len(content) + 1)
        content = content[:at] + replacement + content[at + length :]
    attempt(workspace, content)


@bounded
@given(seed=st.sampled_from(SEEDS), keep=st.floats(0, 1))
def test_random_truncation(workspace: Workspace, seed: Path, keep: float) -> None:
    content = seed.read_bytes()
    if attempt(workspace, content[: int(len(content) * keep)])[0]:
        before = snapshot(workspace.path)
        again = import_file(workspace, workspace.path.parent / "log.bin")
        assert again.accepted == 0
        assert snapshot(workspace.path) == before


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


def _paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    found = [path] if path else []
    for key, child in children:
        found += _paths(child, (*path, key))
    return found


@bounded
@given(data=st.data())
def test_random_values_in_random_places(workspace: Workspace, data: st.DataObject) -> None:
    """Every format keeps its head over a well-formed record with any JSON value anywhere in it."""
    seed = data.draw(st.sampled_from([path for path in SEEDS if path.suffix == ".jsonl"]))
    records = [json.loads(line) for line in seed.read_text().splitlines() if line]
    for _ in range(data.draw(st.integers(1, 4))):
        record = data.draw(st.sampled_from(records))
        path = data.draw(st.sampled_from(_paths(record) or [("empty",)]))
        holder = record
        for key in path[:-1]:
            holder = holder[key]
        holder[path[-1]] = data.draw(values)
    content = "\n".join(json.dumps(record) for record in records)
    outcome, _ = attempt(workspace, content.encode(), format_name=seed.parent.parent.name)
    assert outcome is None or outcome.read == len(records)


@bounded
@given(
    cells=st.lists(
        st.lists(st.text(max_size=8) | st.integers(-5, 10**16).map(str), min_size=6, max_size=6),
        min_size=1,
        max_size=5,
    )
)
def test_random_cells(workspace: Workspace, cells: list[list[str]]) -> None:
    header = "call_id,ts,model,provider,input_tokens,output_tokens"
    rows = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in cells]
    outcome, _ = attempt(workspace, "\n".join([header, *rows]).encode("utf-8", "replace"), "lanewise_csv")
    assert outcome is None or outcome.read <= len(cells)


@pytest.mark.parametrize("name", [known.name for known in FORMATS])
def test_no_format_trips_over_the_files_of_another(workspace: Workspace, name: str) -> None:
    # Each format reads an eighth of the files, each another eighth; together they read all of them.
    place = [known.name for known in FORMATS].index(name)
    for seed in SEEDS[place % 8 :: 8]:
        attempt(workspace, seed.read_bytes(), format_name=name)
