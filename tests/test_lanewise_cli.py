import csv
import io
import json
import os
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from data.folders import FOLDERS_VARIABLE
from data.mapping import read_yaml
from data.mapping_yaml import mapping_yaml
from data.progress import Progress
from lanewise.cli import cli
from lanewise.importing import progress_line
from lanewise.output_file import write_output
from reports.workbench import Workbench
from tests.mapped_tables import TABLE, mapping


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli, [str(argument) for argument in arguments])


CHAT = {
    "id": "chatcmpl-1",
    "object": "chat.completion",
    "created": 1_795_000_000,
    "model": "gpt-4o-2024-08-06",
    "usage": {
        "prompt_tokens": 1_000,
        "completion_tokens": 100,
        "prompt_tokens_details": {"cached_tokens": 400},
    },
}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "calls.jsonl"
    second = {**CHAT, "id": "chatcmpl-2"}
    path.write_text("\n".join([json.dumps(CHAT), "{broken", json.dumps(second), json.dumps(CHAT)]) + "\n")
    return path


def test_import_prints_one_json_summary_that_adds_up(tmp_path: Path, log: Path) -> None:
    result = run("import", log, "--workspace", tmp_path / "w", "--json")
    assert result.exit_code == 0, result.output
    summary = json.loads(result.stdout)
    (file,) = summary["files"]
    assert (file["format"], file["read"], file["accepted"], file["rejected"], file["duplicates"]) == (
        "openai_chat",
        4,
        2,
        1,
        1,
    )
    # 600 plain, 400 cached, 100 out, at $2.50, $1.25 and $10 a million; two calls.
    assert (
        Decimal(file["cost_usd"]) == 2 * (600 * Decimal("2.5") + 400 * Decimal("1.25") + 100 * 10) / 1_000_000
    )
    assert file["first_rejects"][0]["line"] == 2
    assert summary["totals"] == {"read": 4, "accepted": 2, "rejected": 1, "duplicates": 1}
    assert summary["counted_twice"] == []


def test_importing_again_changes_nothing(tmp_path: Path, log: Path) -> None:
    run("import", log, "--workspace", tmp_path / "w")
    result = run("import", log, "--workspace", tmp_path / "w", "--json")
    (file,) = json.loads(result.stdout)["files"]
    assert (file["accepted"], file["duplicates"], file["dataset_id"]) == (0, 3, None)


def test_rejects_can_fail_a_pipeline(tmp_path: Path, log: Path) -> None:
    assert run("import", log, "--workspace", tmp_path / "w", "--fail-on-rejects").exit_code == 3


def test_one_bad_file_is_reported_and_the_others_are_imported(tmp_path: Path, log: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    result = run("import", empty, log, "--workspace", tmp_path / "w", "--json")
    assert result.exit_code == 1
    bad, good = json.loads(result.stdout)["files"]
    assert bad["error"]["title"]
    assert good["accepted"] == 2


def test_text_summary_names_lines_and_cost(tmp_path: Path, log: Path) -> None:
    result = run("--workspace", tmp_path / "w", "import", log)
    assert "read 4 = accepted 2 + rejected 1 + duplicates 1" in result.stdout
    assert "cost $" in result.stdout
    assert "line 2: " in result.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """logs/ with two calls in a.jsonl, the same and another in 2026/b.jsonl, and hidden files."""
    for name, ids in (("a.jsonl", "12"), ("2026/b.jsonl", "23"), (".c.jsonl", "4"), ("2026/.d/e.jsonl", "5")):
        path = tmp_path / "logs" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(json.dumps({**CHAT, "id": f"chatcmpl-{i}"}) for i in ids) + "\n")
    return tmp_path / "logs"


def imported(*arguments: object) -> list[tuple[str, int, int]]:
    """Source, accepted and duplicates of each file."""
    result = run("import", *arguments, "--json")
    assert result.exit_code == 0, result.output
    return [
        (file["source"], file["accepted"], file["duplicates"]) for file in json.loads(result.stdout)["files"]
    ]


def test_a_folder_is_all_its_files_but_the_hidden_ones(tmp_path: Path, folder: Path) -> None:
    expected = [("a.jsonl", 2, 0), ("2026 › b.jsonl", 1, 1)]
    assert imported(folder, "--workspace", tmp_path / "w") == expected


def test_a_folder_named_upwards_is_read(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder / "2026")
    assert len(imported("../../logs", "--workspace", tmp_path / "w")) == 2


def test_patterns_files_and_folders_mix_and_no_file_is_read_twice(tmp_path: Path, folder: Path) -> None:
    arguments = (folder / "**" / "*.jsonl", folder / "a.jsonl", folder, "--workspace", tmp_path / "w")
    assert imported(*arguments) == [("2026 › b.jsonl", 2, 0), ("a.jsonl", 1, 1)]


def test_a_pattern_without_a_match_says_so_and_the_others_are_imported(tmp_path: Path, folder: Path) -> None:
    result = run("import", folder / "*.gz", folder / "a.jsonl", "--workspace", tmp_path / "w")
    assert result.exit_code == 1
    assert "No file matches" in result.stderr
    assert "quote it" in result.stderr
    assert "read 2 = accepted 2" in result.stdout


def test_an_empty_folder_is_no_success(tmp_path: Path) -> None:
    (tmp_path / "logs").mkdir()
    result = run("import", tmp_path / "logs", "--workspace", tmp_path / "w")
    assert result.exit_code == 1
    assert "The folder has no files" in result.stderr


def test_progress_says_what_is_known() -> None:
    assert progress_line("a.jsonl", Progress("reading", 0.25)) == "a.jsonl: reading 25%"
    step = Progress("reading", 0.25, rows=1_200_000, bytes_read=300_000_000, bytes_total=1_200_000_000)
    assert progress_line("a.jsonl (2 of 9)", step) == (
        "a.jsonl (2 of 9): reading 25%, 1,200,000 rows, 300.0 MB of 1.2 GB"
    )
    assert progress_line("a", Progress("settling", None, seconds_left=61)) == "a: settling, 2 min left"


@pytest.mark.parametrize("given", ["option", "environment"])
def test_serve_hands_the_allowed_folders_to_the_pages(
    given: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[str] = []
    monkeypatch.setattr("lanewise.serve.serve", lambda *_, **__: served.append(os.environ[FOLDERS_VARIABLE]))
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    folders = [str(tmp_path / "one"), str(tmp_path / "two")]
    monkeypatch.setenv(FOLDERS_VARIABLE, os.pathsep.join(folders) if given == "environment" else "")
    options = [part for folder in folders for part in ("--folder", folder)] if given == "option" else []
    result = run("serve", "--workspace", tmp_path / "w", *options)
    assert result.exit_code == 0, result.output
    assert served == [os.pathsep.join(folders)]


def test_serve_refuses_a_folder_that_is_not_there(tmp_path: Path) -> None:
    result = run("serve", "--workspace", tmp_path / "w", "--folder", tmp_path / "absent")
    assert result.exit_code == 2
    assert "absent" in result.output


def test_unknown_format_lists_the_known_ones(tmp_path: Path, log: Path) -> None:
    result = run("import", log, "--workspace", tmp_path / "w", "--format", "nope")
    assert result.exit_code == 1
    assert "openai_chat" in result.output
    assert "anthropic_messages" in result.output


def test_report_in_every_format_has_the_same_total(tmp_path: Path, log: Path) -> None:
    run("import", log, "--workspace", tmp_path / "w")
    documents = {
        kind: run("report", "--workspace", tmp_path / "w", "--format", kind, "--as-of", "2026-11-20").stdout
        for kind in ("md", "csv", "json")
    }
    spend = json.loads(documents["json"])["totals"]["billed_usd"]
    rows = list(csv.DictReader(io.StringIO(documents["csv"])))
    assert rows[-1]["workload"] == "TOTAL"
    assert Decimal(rows[-1]["spend_in_log_usd"]) == Decimal(spend) == Decimal("0.006")
    assert "$0.006" in documents["md"]


def test_report_goes_to_a_file(tmp_path: Path, log: Path) -> None:
    run("import", log, "--workspace", tmp_path / "w")
    target = tmp_path / "report.md"
    result = run("report", "--workspace", tmp_path / "w", "--output", target)
    assert result.exit_code == 0
    assert target.read_text().startswith("# LLM triage report")


def test_report_takes_its_format_from_the_name_and_compares(tmp_path: Path, log: Path) -> None:
    run("import", log, "--workspace", tmp_path / "w")
    common = ("report", "--workspace", tmp_path / "w", "--as-of", "2026-11-20")
    assert run(*common, "-o", tmp_path / "old.json").exit_code == 0
    assert run(*common, "-o", tmp_path / "new.pdf").exit_code == 0
    assert (tmp_path / "new.pdf").read_bytes().startswith(b"%PDF-")
    compared = run(*common, "--compare", tmp_path / "old.json")
    assert "## Since the report of 2026-11-20" in compared.stdout
    refused = run(*common, "--format", "csv", "--compare", tmp_path / "old.json")
    assert refused.exit_code == 2
    assert "--compare goes with md, html, pdf, xlsx" in refused.output
    damaged = run(*common, "--compare", log)
    assert damaged.exit_code == 1
    assert "Nothing to compare with" in damaged.output


def test_a_workspace_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("x")
    result = run("report", "--workspace", blocked / "inside")
    assert result.exit_code == 1
    assert "Traceback" not in result.output


def test_missing_path_is_reported(tmp_path: Path) -> None:
    result = run("import", tmp_path / "absent.jsonl", "--workspace", tmp_path / "w")
    assert result.exit_code == 1
    assert "absent.jsonl" in result.output


def test_every_command_has_help() -> None:
    for name, command in cli.commands.items():
        assert command.help, name
        for parameter in command.params:
            assert parameter.param_type_name == "argument" or getattr(parameter, "help", None), (
                name,
                parameter.name,
            )


# ---------------------------------------------------------------- mappings


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "acme.csv"
    path.write_text(TABLE, encoding="utf-8")
    return path


def yaml_file(tmp_path: Path, text: str | None = None) -> Path:
    path = tmp_path / "mapping.yaml"
    path.write_text(mapping_yaml(mapping()) if text is None else text, encoding="utf-8")
    return path


def test_a_mapping_file_imports_any_other_table(tmp_path: Path, table: Path) -> None:
    refused = run("import", table, "--workspace", tmp_path / "w")
    assert refused.exit_code == 1
    assert "--mapping" in refused.output
    result = run("import", table, "--mapping", yaml_file(tmp_path), "--workspace", tmp_path / "w", "--json")
    assert result.exit_code == 0, result.output
    (file,) = json.loads(result.stdout)["files"]
    assert (file["format"], file["accepted"], file["rejected"]) == ("mapped:acme", 2, 1)
    # 600 plain, 400 cached, 100 out; 2,000 plain, 200 out; at $2.50, $1.25 and $10 a million.
    assert Decimal(file["cost_usd"]) == Decimal(1500 + 500 + 1000 + 5000 + 2000) / 1_000_000
    failing = run(
        "import",
        table,
        "--mapping",
        tmp_path / "mapping.yaml",
        "--workspace",
        tmp_path / "v",
        "--fail-on-rejects",
    )
    assert failing.exit_code == 3


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: [", "line 1"),
        ("name: x\nfields: {}\n", "input_tokens"),
        (b"\xff\xfe".decode("latin-1"), "mapping"),
    ],
)
def test_a_mapping_that_cannot_be_used_imports_nothing(
    text: str, said: str, tmp_path: Path, table: Path
) -> None:
    result = run("import", table, "--mapping", yaml_file(tmp_path, text), "--workspace", tmp_path / "w")
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output
    assert list((tmp_path / "w" / "datasets").iterdir()) == []


def test_a_missing_mapping_file_and_a_format_beside_it_are_refused(tmp_path: Path, table: Path) -> None:
    absent = run("import", table, "--mapping", tmp_path / "no.yaml", "--workspace", tmp_path / "w")
    assert absent.exit_code == 1
    assert "no.yaml" in absent.output
    both = run("import", table, "--mapping", yaml_file(tmp_path), "--format", "openai_chat")
    assert both.exit_code == 2


def test_mapping_prints_a_proposal_and_changes_nothing(tmp_path: Path, table: Path) -> None:
    result = run("mapping", table, "--workspace", tmp_path / "w")
    assert result.exit_code == 0, result.output
    assert "ts: {column: when}" in result.stdout
    assert "# time_unit: iso | s | ms | us | ns" in result.stdout
    assert "canary" not in result.output
    assert not (tmp_path / "w" / "documents" / "mappings").exists()


def test_mapping_as_json_names_what_is_open(tmp_path: Path, table: Path) -> None:
    result = run("mapping", table, "--workspace", tmp_path / "w", "--json")
    found = json.loads(result.stdout)
    assert found["schema"] == "lanewise.mapping/1"
    assert (found["complete"], found["read_without_mapping_as"], found["missing"]) == (False, None, [])
    assert found["mapping"]["fields"]["input_tokens"] == {"column": "in tok"}
    assert {item["answer"] for item in found["questions"]} == {
        "row_is",
        "time_unit",
        "latency_unit",
        "cost_unit",
    }
    assert found["suggestions"]["ts"] == {"column": "when", "confidence": 0.95, "why": "name and content"}


def test_mapping_prints_the_saved_one_where_there_is_one(tmp_path: Path, table: Path) -> None:
    bench = Workbench.open(tmp_path / "w")
    bench.import_mapped(table, mapping(), author="ann")
    printed = run("mapping", table, "--workspace", tmp_path / "w")
    assert read_yaml(printed.stdout, "printed") == mapping()
    found = json.loads(run("mapping", table, "--workspace", tmp_path / "w", "--json").stdout)
    assert (found["complete"], found["questions"]) == (True, [])
    assert run("import", table, "--workspace", tmp_path / "w").exit_code == 0


def test_mapping_says_when_none_is_needed_and_refuses_what_it_cannot_read(tmp_path: Path, log: Path) -> None:
    result = run("mapping", log, "--workspace", tmp_path / "w")
    assert result.exit_code == 0
    assert "read as openai_chat without a mapping" in result.stderr
    empty = tmp_path / "empty.csv"
    empty.write_bytes(b"")
    assert run("mapping", empty, "--workspace", tmp_path / "w").exit_code == 1


def test_a_file_that_cannot_be_finished_leaves_the_old_one_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, made = tmp_path / "kept.md", tmp_path / "made.md"
    kept.write_bytes(b"old")

    def full_disk(path: Path, content: bytes) -> int:
        with path.open("wb") as out:
            out.write(content[:3])
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full_disk)
    for target in (kept, made):
        with pytest.raises(OSError, match="No space"):
            write_output(target, b"a new report")
    assert [path.name for path in tmp_path.iterdir()] == ["kept.md"]
    assert kept.read_bytes() == b"old"


def test_a_file_that_is_written_keeps_its_rights_and_its_link(tmp_path: Path) -> None:
    target, link = tmp_path / "target.md", tmp_path / "link.md"
    target.write_bytes(b"old")
    target.chmod(0o640)
    link.symlink_to(target)
    write_output(link, b"new")
    assert (link.is_symlink(), target.read_bytes(), target.stat().st_mode & 0o777) == (True, b"new", 0o640)
