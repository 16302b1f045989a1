"""One nasty workspace through every text format of the report."""

import csv
import io
import json
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from reports.format import dollars, usd
from reports.model import Analysis
from reports.triage_report import CSV_COLUMNS, SCHEMA, csv_text, json_text, markdown, safe_cell
from reports.workbench import Workbench

AS_OF = datetime(2026, 11, 20)
START = datetime(2026, 11, 2)
NAMES = ("=cmd|' /C calc'!A0", "+1+1", "@SUM(A1)", "-2", "naïve | pipe `tick` <b>", "日本語", "w" * 200)
CANARY = "the-heron-stood-in-the-ford-at-dawn"


@pytest.fixture(scope="module")
def analysis(tmp_path_factory: pytest.TempPathFactory) -> Analysis:
    folder = tmp_path_factory.mktemp("nasty")
    rows: list[dict[str, object]] = [
        {
            "call_id": f"{number}",
            "ts": (START + timedelta(hours=number)).isoformat(),
            "provider": "openai",
            "model": "made-up" if name == "-2" else "gpt-4o",
            "workload": name,
            "input_tokens": 1_000,
            "output_tokens": 10,
            "tier": "standard",
            "status": "ok",
            "prompt": CANARY,
        }
        for number, name in enumerate(NAMES)
    ]
    rows[0]["input_tokens"] = 100_000_000_000_000  # $250 million in one row
    log = folder / "log.jsonl"
    log.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    bench = Workbench.open(folder / "workspace")
    outcome = bench.import_file(log)
    assert outcome.accepted == len(NAMES), outcome.first_rejects
    bench.declare(NAMES[0], author="Ada", user_waiting=False, max_wait="24h")
    return bench.analysis(AS_OF)


def test_no_cell_of_the_csv_is_a_formula(analysis: Analysis) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_text(analysis))))
    assert len(rows) == len(NAMES) + 1
    for row in rows:
        for column in ("workload", "why", "question", "because"):
            assert not row[column].startswith(("=", "+", "-", "@", "\t", "\r")), row[column]
    assert {row["workload"].removeprefix("'") for row in rows} == {*NAMES, "TOTAL"}


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\tx", "\rx"])
def test_formula_starts_are_disarmed(text: str) -> None:
    assert safe_cell(text) == f"'{text}"
    assert safe_cell(f"a{text}") == f"a{text}"


def test_the_totals_of_all_formats_are_the_analysis(analysis: Analysis) -> None:
    saved = analysis.totals.saving_per_year
    total = list(csv.DictReader(io.StringIO(csv_text(analysis))))[-1]
    document = json.loads(json_text(analysis))
    for name in ("low", "base", "high"):
        exact = dollars(getattr(saved, name))
        assert Decimal(total[f"saving_per_year_{name}_usd"]) == exact
        assert Decimal(document["totals"]["saving_per_year_usd"][name]) == exact
        assert usd(getattr(saved, name)) in markdown(analysis)
    assert analysis.totals.billed_micro_usd is not None
    assert Decimal(total["spend_in_log_usd"]) == dollars(analysis.totals.billed_micro_usd)
    assert usd(analysis.totals.billed_micro_usd) in markdown(analysis)


def test_unknown_amounts_are_empty_or_null_and_never_zero(analysis: Analysis) -> None:
    row = next(row for row in csv.DictReader(io.StringIO(csv_text(analysis))) if row["workload"] == "'-2")
    assert row["spend_in_log_usd"] == ""
    assert row["complete"] == "no"
    document = json.loads(json_text(analysis))
    unpriced = next(item for item in document["workloads"] if item["workload"] == "-2")
    assert unpriced["billed_usd"] is None
    assert "(partial: not every call has a price)" in markdown(analysis)
    assert "made-up" in markdown(analysis)


def test_json_names_its_schema_and_carries_evidence(analysis: Analysis) -> None:
    document = json.loads(json_text(analysis))
    assert document["schema"] == SCHEMA
    assert document["workloads"][0]["verdict"]["evidence"]
    assert document["workloads"][0]["parts"][0]["lanes"][0]["lane"] == "sync"
    assert not any("micro_usd" in key for key in _keys(document))


def _keys(value: object) -> list[str]:
    if isinstance(value, dict):
        return [*value, *(key for item in value.values() for key in _keys(item))]
    if isinstance(value, list):
        return [key for item in value for key in _keys(item)]
    return []


def test_names_cannot_break_a_markdown_table(analysis: Analysis) -> None:
    lines = markdown(analysis).splitlines()
    start = next(index for index, line in enumerate(lines) if line.startswith("| Workload"))
    cells = lines[start].count("|")
    for line in lines[start : start + 2 + len(NAMES) + 1]:
        assert line.replace("\\|", "").count("|") == cells, line
    assert "<b>" not in markdown(analysis).replace("\\<b\\>", "")


def test_no_prompt_text_reaches_a_report(analysis: Analysis) -> None:
    for text in (markdown(analysis), csv_text(analysis), json_text(analysis)):
        assert CANARY not in text


def test_csv_columns_are_the_documented_ones(analysis: Analysis) -> None:
    assert csv_text(analysis).splitlines()[0].split(",") == list(CSV_COLUMNS)
