"""Shared fixtures: the folder of real samples and a throwaway workspace."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says more about the machine than about the code.
settings.register_profile("suite", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("suite")

ROOT = Path(__file__).resolve().parent.parent


COMMITTED_SAMPLES = ROOT / "tests" / "samples"


def full_samples() -> Path | None:
    """The whole folder of real exports and traces, where this machine has it."""
    named = os.environ.get("LANEWISE_SAMPLES")
    folder = Path(named) if named else ROOT.parent / "shared" / "samples"
    return folder if folder.is_dir() else None


@pytest.fixture(scope="session")
def samples_dir() -> Path:
    """Real exports: the whole folder where there is one, else the committed part without texts."""
    return full_samples() or COMMITTED_SAMPLES


@pytest.fixture(autouse=True)
def _own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keeps the developer's own workspace out of every test."""
    monkeypatch.setenv("LANEWISE_HOME", str(tmp_path / "lanewise-home"))
