"""Writes calls in Lanewise's own record format, as a test words them."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def write_records(path: Path, *calls: Mapping[str, Any]) -> Path:
    """One JSON line a call, numbered where it has no id."""
    lines = (
        json.dumps({"call_id": f"{path.stem}-{number}"} | dict(call), default=str)
        for number, call in enumerate(calls)
    )
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path
