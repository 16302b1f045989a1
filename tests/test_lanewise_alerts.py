"""`lanewise check`, `notify` and `ledger` on real workspaces, told to a real local server."""

import csv
import io
import json
import shutil
import stat
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from data.store import Workspace
from lanewise.cli import cli
from reports.alerts import Alert
from reports.ledger_export import csv_text
from reports.notices import VARIABLE, NoticeError, Target, Told, message, title
from reports.watch_model import Budget, Watched, read_watched
from reports.workbench import Workbench
from tests.ledger_case import HEADER, MOVED, after_the_move, before_the_move, write
from tests.test_data_privacy import CANARY

SECRET = "tok3n-of-nobodys-business"
NOW = datetime.now(UTC).replace(tzinfo=None)


def run(*arguments: object, text: str | None = None) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments], input=text)


class Received:
    """A server that keeps what it was sent, and answers with `status`."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.status = 200
        received = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                received.bodies.append(json.loads(body))
                self.send_response(received.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Says nothing."""

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"json://user:{SECRET}@127.0.0.1:{self.server.server_port}/{SECRET}"


@pytest.fixture
def server() -> Iterator[Received]:
    received = Received()
    thread = threading.Thread(target=received.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield received
    received.server.shutdown()
    thread.join()
    received.server.server_close()


@pytest.fixture(autouse=True)
def _nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Today 40 dollars ran in batch, of a budget of 50 with an alert at 80 %; prompts were in the file."""
    folder = tmp_path_factory.mktemp("template")
    bench = Workbench.open(folder / "home")
    # 1.25 dollars a million in batch
    row = ["b", NOW.isoformat(), "openai", "gpt-4o", "nightly", "batch", "ok", 32_000_000, 0]
    path = write(folder / "calls.csv", [[*row, CANARY]])
    path.write_text(
        path.read_text().replace(",".join(HEADER), ",".join([*HEADER, "prompt"])), encoding="utf-8"
    )
    assert bench.import_file(path).accepted == 1
    budget = Budget.model_validate({"channel": "batch", "period": "day", "limit_usd": "50"})
    bench.watch().save(Watched(budgets=(budget,)), author="Ann", note="")
    bench.inputs()  # leaves its roll-ups for the copies
    return bench.workspace.path


@pytest.fixture
def home(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "home"))


def limit(home: Path, usd: str) -> None:
    asked = {"budgets": [{"channel": "batch", "period": "day", "limit_usd": usd}]}
    Workbench.open(home).watch().save(read_watched(asked), author="Ann", note="")


def test_the_exit_code_says_how_bad_it_is(home: Path) -> None:
    for usd, code, state in (("50.000001", 0, "ok"), ("50", 4, "warning"), ("40", 5, "breach")):
        limit(home, usd)
        result = run("check", "--workspace", home, "--json")
        assert result.exit_code == code, result.output
        found = json.loads(result.stdout)
        assert found["schema"] == "lanewise.check/1"
        assert found["worst"] == (None if state == "ok" else state)
        assert (found["budgets"][0]["spent_usd"], found["budgets"][0]["state"]) == ("40", state)
        shown = run("check", "--workspace", home)
        assert shown.exit_code == code
        assert ("Budget of batch: $40.00 of" in shown.stdout) == (state != "ok")


def test_an_alert_is_sent_once_until_it_changes_or_time_has_passed(home: Path, server: Received) -> None:
    added = run("notify", "add", "-", "--name", "ops", "--workspace", home, text=f"{server.url}\n")
    assert added.exit_code == 0, added.output
    first = run("check", "--notify", "--workspace", home)
    assert first.exit_code == 4
    assert "Notified ops of 1." in first.stderr
    (sent,) = server.bodies
    assert sent["title"] == "Lanewise: 1 warning"
    assert "WARNING: Budget of batch: $40.00 of $50.00 a day" in sent["message"]
    assert run("check", "--notify", "--workspace", home).exit_code == 4
    assert len(server.bodies) == 1, "it goes on, and was told"
    limit(home, "40")
    assert run("check", "--notify", "--workspace", home).exit_code == 5
    assert server.bodies[1]["title"] == "Lanewise: 1 breach"
    told = home / "private" / "told.json"
    old = (NOW - timedelta(hours=25)).isoformat()
    content = json.loads(told.read_text())
    told.write_text(json.dumps({name: dict.fromkeys(states, old) for name, states in content.items()}))
    assert run("check", "--notify", "--workspace", home).exit_code == 5
    assert len(server.bodies) == 3, "after a day it is sent again"
    assert CANARY not in json.dumps(server.bodies)


def test_no_secret_is_shown_logged_or_readable_by_others(
    home: Path, server: Received, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [run("notify", "add", server.url, "--name", "ops", "--workspace", home)]
    monkeypatch.setenv(VARIABLE, f"  {server.url} \n")
    server.status = 500
    said.append(run("notify", "list", "--workspace", home))
    said.append(run("check", "--notify", "--json", "--workspace", home))
    assert said[-1].exit_code == 6
    report = json.loads(said[-1].stdout)
    assert [one["target"] for one in report["notified"]] == ["ops", "environment 1"]
    assert all("not accepted" in one["problem"] for one in report["notified"])
    server.server.server_close()
    said.append(run("notify", "test", "--workspace", home))
    assert said[-1].exit_code == 6
    said.append(run("notify", "add", f"nonsense://{SECRET}", "--name", "x", "--workspace", home))
    said.append(run("notify", "add", f"slack://{SECRET}", "--name", "x", "--workspace", home))
    said.append(run("notify", "add", server.url, "--name", "../x", "--workspace", home))
    assert [result.exit_code for result in said[-3:]] == [1, 1, 1]
    said.append(run("notify", "remove", "ops", "--workspace", home))
    assert said[-1].exit_code == 0
    for result in said:
        assert SECRET not in result.output
        assert "Traceback" not in result.output
    assert "ops  json://…" in said[1].stdout
    assert SECRET not in caplog.text
    assert SECRET not in repr(Target("ops", server.url))
    for file in (home / "private").iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file
        assert SECRET not in file.read_text()
    others = [path for path in home.rglob("*") if path.is_file() and path.parent.name != "private"]
    assert not [path for path in others if SECRET.encode() in path.read_bytes()]


def test_nobody_to_notify_is_a_problem_said(home: Path) -> None:
    result = run("check", "--notify", "--workspace", home)
    assert result.exit_code == 1
    assert "Nobody to notify" in result.stderr
    assert run("notify", "remove", "ops", "--workspace", home).exit_code == 1
    assert run("check", "--surely").exit_code == 2


ALERT = Alert(
    "errors", "errors/x", "breach", "a <b>\n* all fine_ failed", "Look.", "workloads", "evil\n\u202ename"
)


def test_a_message_is_filled_in_a_sandbox(tmp_path: Path) -> None:
    def filled(name: str, text: str) -> str:
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return message([ALERT], workspace="w", at_utc=MOVED, told_before=2, template=path)

    assert filled("a.html", "{{ alerts[0].sentence }}") == "a &lt;b&gt; * all fine_ failed"
    assert filled("a.txt", "{{ alerts[0].sentence }}|{{ alerts[0].workload }}") == (
        "a <b> * all fine_ failed|evil name"
    )
    for text in ("{{ ''.__class__.__mro__ }}", "{{ nothing }}", "{% if %}", "{{ 1 / 0 }}"):
        with pytest.raises(NoticeError, match="cannot be filled"):
            filled("bad.txt", text)
    with pytest.raises(NoticeError, match="cannot be read"):
        message([ALERT], workspace="w", at_utc=MOVED, told_before=0, template=tmp_path / "none.txt")
    ours = message([ALERT], workspace="w", at_utc=MOVED, told_before=1)
    assert ours == (
        "BREACH: a <b> * all fine_ failed\n  Look.\n\n1 more still fires and was sent before.\n\n"
        "Workspace w, 2026-11-09 00:00 UTC. See the Alerts page, or run: lanewise check"
    )
    assert title([ALERT, ALERT]) == "Lanewise: 2 breaches"


def test_what_ended_is_news_when_it_comes_back(tmp_path: Path) -> None:
    told = Told(Workspace.open(tmp_path / "home"))
    ops, day = Target("ops", "json://x"), timedelta(days=1)
    assert told.due(ops, [ALERT], NOW, day) == (ALERT,)
    told.record(ops, [ALERT], [ALERT], NOW)
    assert told.due(ops, [ALERT], NOW + day - timedelta(seconds=1), day) == ()
    assert told.due(ops, [ALERT], NOW + day, day) == (ALERT,)
    assert told.due(Target("mail", "json://y"), [ALERT], NOW, day) == (ALERT,)
    told.record(ops, [], [], NOW)
    assert told.due(ops, [ALERT], NOW, day) == (ALERT,)


def test_the_ledger_from_list_to_verified_on_the_command_line(tmp_path: Path) -> None:
    bench = before_the_move(tmp_path)
    after_the_move(bench, tmp_path)
    home = ("--workspace", bench.workspace.path)
    listed = run("ledger", "list", "--moved-on", "2026-11-09", "--json", *home)
    (proposed,) = json.loads(listed.stdout)["recommendations"]
    assert (proposed["workload"], proposed["lane"], proposed["state"]) == ("nightly", "batch", "proposed")
    ref = proposed["ref"]
    claimed = run("ledger", "claim", ref, "--owner", "Ann", "--moved-on", "2026-11-09", *home)
    assert claimed.exit_code == 0, claimed.output
    assert "Baseline: 1,400 calls, $4.90 in sync" in claimed.stdout
    verified = run("ledger", "verify", ref[:4], *home)
    assert verified.exit_code == 0, verified.output
    assert verified.stdout.startswith("Verified: saved $2.33, expected $2.33 to $2.45 of these calls.")
    table = run("ledger", "list", "--csv", *home)
    (row,) = csv.DictReader(io.StringIO(table.stdout))
    assert (row["state"], row["owner"], row["verified_per_year_usd"]) == ("verified", "Ann", "121.362500")
    assert row["measured_saving_usd"] == "2.327500"
    gone = run("ledger", "dismiss", ref, "--reason", "=too risky", "--recheck", "2999-01-01", *home)
    assert gone.stdout == "Dismissed until 2999-01-01.\n"
    text = run("ledger", "list", *home).stdout
    assert f"{ref}  dismissed  nightly · gpt-4o to batch" in text
    assert csv_text(bench.ledger().known()).count("'=too risky") == 1
    assert run("ledger", "reopen", ref, *home).exit_code == 0
    assert [item.event.event for item in bench.ledger().history()][2:] == ["dismissed", "reopened"]
    assert run("ledger", "verify", "nope", *home).exit_code == 1
    assert run("ledger", "list", "--json", "--csv", *home).exit_code == 2
