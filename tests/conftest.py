"""Shared fixtures: the folder of real samples and a throwaway workspace."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def samples_dir() -> Path:
    """The folder of real exports and traces, beside the checkout or named by LANEWISE_SAMPLES."""
    named = os.environ.get("LANEWISE_SAMPLES")
    folder = Path(named) if named else ROOT.parent / "shared" / "samples"
    if not folder.is_dir():
        folder = ROOT / "tests" / "samples"
    return folder


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps the developer's own workspace out of every test."""
    monkeypatch.setenv("LANEWISE_HOME", str(tmp_path / "lanewise-home"))
