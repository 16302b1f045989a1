"""`lanewise policy`: shown, checked, set and exported; problems as file:line:column, effects in figures."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from lanewise.cli import cli
from reports.workbench import Workbench
from tests.test_reports_behaviour import log
from tests.test_reports_policy_preview import calls
from triage.policy import Policy

DEFAULT = Policy.preset_text("default")


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["policy", *(str(argument) for argument in arguments)], input=stdin)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """`minutes` may wait 45 minutes and costs 1,471.68 dollars a year."""
    found = log(tmp_path_factory.mktemp("policy"), list(calls()))
    found.declare("minutes", author="Ann", max_wait="45m")
    return found.workspace.path


def policy_file(folder: Path, text: str) -> Path:
    path = folder / "policy.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_show_says_it_in_words_and_as_json(tmp_path: Path) -> None:
    shown = run("show", "--workspace", tmp_path / "w")
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith("Lanewise default (preset default), as shipped\nFingerprint ")
    assert (
        "\n  24   nothing-stated         Unknown                             asks        always\n"
        in shown.stdout
    )
    assert "  Semi-interactive  from 30 s up to 1 h" in shown.stdout
    assert "Off-peak hours\n  There are none" in shown.stdout
    found = json.loads(run("show", "--json", "--workspace", tmp_path / "w").stdout)
    assert (found["schema"], found["preset"], found["saved"], found["saved_by"]) == (
        "lanewise.policy/1", "default", None, None,
    )  # fmt: skip
    assert found["policy"]["thresholds"]["semi_up_to_s"] == 3_600


def test_check_tells_every_problem_with_its_place_and_saves_nothing(tmp_path: Path) -> None:
    wrong = DEFAULT.replace("semi_up_to_s: 3600 ", "semi_up_to_s: soon ").replace("\nname:", "\nnamed:")
    path = policy_file(tmp_path, wrong)
    result = run("check", path, "--workspace", tmp_path / "w")
    assert result.exit_code == 1
    assert result.stdout == ""
    assert f"{path}:13:3: thresholds.semi_up_to_s: 'soon' must be a whole number." in result.stderr
    assert f"{path}: name: is missing." in result.stderr
    found = json.loads(run("check", path, "--json", "--workspace", tmp_path / "w").stdout)
    assert found["usable"] is False
    assert {"line": 13, "column": 3} in [
        {key: item[key] for key in ("line", "column")} for item in found["problems"]
    ]
    assert run("set", path, "--workspace", tmp_path / "w").exit_code == 1
    assert Workbench.open(tmp_path / "w").policy_book().history() == ()


def test_check_tells_what_would_change(filled: Path) -> None:
    text = Policy.preset_text("gateway")
    result = run("check", "-", "--workspace", filled, stdin=text)
    assert result.exit_code == 0, result.output
    assert "“Gateway” can be used. 1 of 4 workloads change, 1 of them the label." in result.stdout
    assert (
        "- minutes: Semi-interactive -> Batch, Stay -> Batch, no caching, $0.00 -> $699.05 a year"
        in result.stdout
    )
    assert "Projected saving a year: $0.00 -> $699.05" in result.stdout
    found = json.loads(run("check", "-", "--json", "--workspace", filled, stdin=text).stdout)
    (change,) = found["changes"]
    assert (change["workload"], change["now"]["label"], change["then"]["label"]) == (
        "minutes", "semi_interactive", "batch",
    )  # fmt: skip
    assert float(found["saving_per_year_usd"]["then"]) == pytest.approx(699.048)
    assert Workbench.open(filled).policy() == Policy.default()


def test_set_puts_a_file_or_a_preset_in_force_with_author_and_note(tmp_path: Path) -> None:
    home = tmp_path / "w"
    path = policy_file(tmp_path, DEFAULT.replace("name: Lanewise default", "name: Ours"))
    result = run("set", path, "--workspace", home, "--note", "ours", "--author", "Ann")
    assert result.exit_code == 0, result.output
    assert "In force: Ours (preset default, edited), version 1." in result.stderr
    again = run("set", path, "--workspace", home)
    assert "It is in force already: Ours (preset default, edited), version 1." in again.stderr
    chosen = run("set", "--preset", "gateway", "--workspace", home)
    assert chosen.exit_code == 0
    assert chosen.stdout == "“Gateway” can be used. The workspace has no workload yet.\n"
    bench = Workbench.open(home)
    assert bench.policy() == Policy.named("gateway")
    newest, first = bench.policy_book().history()
    assert (first.author, first.note) == ("Ann", "ours")
    assert newest.author
    shown = run("show", "--workspace", home)
    assert "Gateway (preset gateway), version 2" in shown.stdout
    assert "They open every day at 22:00 and close at 06:00 on the next day" in shown.stdout


def test_a_wrong_call_is_2_and_an_unreadable_file_is_1(tmp_path: Path) -> None:
    home = tmp_path / "w"
    assert run("set", "--workspace", home).exit_code == 2
    assert (
        run("set", policy_file(tmp_path, DEFAULT), "--preset", "gateway", "--workspace", home).exit_code == 2
    )
    unknown = run("set", "--preset", "lenient", "--workspace", home)
    assert unknown.exit_code == 2
    assert "there are default, gateway, strict_24h" in unknown.output
    absent = run("check", tmp_path / "no.yaml", "--workspace", home)
    assert absent.exit_code == 1
    assert "no.yaml" in absent.output
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"name: caf\xe9")
    assert "it is not UTF-8 text" in run("check", latin, "--workspace", home).output


def test_export_writes_json_yaml_and_the_schema(tmp_path: Path) -> None:
    home = tmp_path / "w"
    exported = run("export", "--workspace", home)
    assert Policy.load(exported.stdout) == Policy.default()
    assert json.loads(exported.stdout)["policy_format"] == 1
    assert run("export", "--format", "yaml", "--workspace", home).stdout == DEFAULT
    target = tmp_path / "schema.json"
    assert run("export", "--format", "schema", "--output", target, "--workspace", home).exit_code == 0
    assert json.loads(target.read_text("utf-8"))["additionalProperties"] is False
    assert run("export", "--output", tmp_path / "no" / "x.json", "--workspace", home).exit_code == 1


def test_a_damaged_policy_is_a_sentence_and_set_leaves_it_behind(tmp_path: Path) -> None:
    home = tmp_path / "w"
    Workbench.open(home).workspace.document("policy").save(
        {"preset": "default", "edited": True, "yaml": "name: ["}, author="x", note="by hand"
    )
    for command in (("show",), ("export",)):
        result = run(*command, "--workspace", home)
        assert result.exit_code == 1
        assert "Line 1, column 8" in result.stderr
        assert "Traceback" not in result.output
    report = CliRunner().invoke(cli, ["report", "--workspace", str(home)])
    assert report.exit_code == 1
    assert "The saved policy cannot be used" in report.stderr
    fixed = run("set", "--preset", "default", "--workspace", home)
    assert fixed.exit_code == 0
    assert "Nothing to compare with." in fixed.stderr
    assert run("show", "--workspace", home).exit_code == 0
