"""The snippets of the guide to dispatching run as they stand, and do what the text says."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from triage.policy import Policy
from triage.route import Request

GUIDE = Path(__file__).resolve().parent.parent / "docs" / "guide" / "dispatching.md"


def run_snippets() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for snippet in re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL):
        exec(snippet, found)  # noqa: S102 - our own documentation
    return found


def test_the_snippets_run(capsys: Any) -> None:
    run_snippets()
    assert "batch" in capsys.readouterr().out.lower()


def test_the_dispatcher_holds_back_what_may_wait_and_nothing_else() -> None:
    sent: list[tuple[str, str]] = []
    batches: list[tuple[tuple[str, str], list[str]]] = []
    dispatcher = run_snippets()["Dispatcher"](
        Policy.default(),
        lambda tier, body: sent.append((tier, body)),
        lambda key, ready: batches.append((key, [body for _, body in ready])),
    )
    report = Request(workload="report", deadline_s=7 * 86_400, provider="openai", model="gpt-5")
    dispatcher.submit(report, "a")
    dispatcher.submit(report, "b")
    dispatcher.submit(Request(workload="chat", user_waiting=True, provider="openai", model="gpt-5"), "now")
    assert sent == [("standard", "now")]
    dispatcher.tick(datetime.now(UTC) - timedelta(hours=2))
    assert batches == []
    dispatcher.tick(datetime.now(UTC) + timedelta(hours=2))
    assert batches == [(("openai", "gpt-5"), ["a", "b"])]
    dispatcher.tick(datetime.now(UTC) + timedelta(hours=4))
    assert len(batches) == 1
