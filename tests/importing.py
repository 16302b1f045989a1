"""What tests of imports share: reading a workspace back without the code under test."""

from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from data.store import Workspace


def calls_table(workspace: Workspace) -> pa.Table:
    """All calls of a workspace, in dataset and file order."""
    files = sorted((workspace.path / "datasets").glob("*/calls/*.parquet"))
    return pa.concat_tables([pq.read_table(file) for file in files], promote_options="permissive")


def calls(workspace: Workspace) -> list[dict[str, Any]]:
    """All calls of a workspace as dictionaries."""
    rows: list[dict[str, Any]] = calls_table(workspace).to_pylist()
    return rows


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Every file and folder below a folder, with the bytes of the files."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }
