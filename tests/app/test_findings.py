"""What a workload's owner should look at is said on its page."""

import random
from pathlib import Path

import pytest

from tests.app.conftest import RunApp
from tests.test_reports_mixed import chat, run, workbench


def test_two_workloads_under_one_name_are_named(
    tmp_path: Path, run_app: RunApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    luck = random.Random(3)  # noqa: S311 - a test, not a secret
    bench = workbench(tmp_path, [*chat(luck, streamed=True), *run(luck, 22, 800, streamed=False)])
    monkeypatch.setenv("LANEWISE_HOME", str(bench.workspace.path))
    app = run_app("workloads")
    assert not app.exception
    (finding,) = app.warning
    said = finding.value.replace("\\", "")
    assert said.startswith("Two workloads under one name: every day 22:00 to 24:00 UTC (60 % of its calls)")
    assert "< 1 % of the calls stream, else 100 %" in said


def test_the_demo_has_no_findings(demo: Path, run_app: RunApp) -> None:
    app = run_app("workloads", workload="support-chat")
    assert not app.exception
    assert not app.warning
