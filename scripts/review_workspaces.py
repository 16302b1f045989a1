"""Workspaces in every state that a page can meet, for a person to look at.

Nothing in them is asserted anywhere; tests build their own, with figures worked out by hand.
"""

import csv
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from data.demo import build_demo
from reports.workbench import Workbench
from tests import nasty_files
from tests.ledger_case import after_the_move, before_the_move

_FORMATS: Final = Path(__file__).resolve().parent.parent / "tests" / "formats"
_MONDAY: Final = datetime(2026, 11, 2)
_HEADER: Final = (
    *("call_id", "ts", "ts_end", "provider", "model", "workload", "tier", "input_tokens", "output_tokens"),
    *("latency_ms", "n_requests", "grain"),
)
_DESCRIBED: Final = (
    "name,user_waiting,max_wait,requests_per_day,provider,model,input_tokens,output_tokens\n"
    "nightly,no,24h,1000,openai,gpt-4o,1000,100\n"
    "chat,yes,2s,,,,,\n"
)


def _calls(
    n: int,
    workload: str,
    *,
    model: str = "openai/gpt-4o",
    first: datetime | None = _MONDAY,
    minutes: int = 90,
) -> Iterator[dict[str, Any]]:
    """`n` calls, one every `minutes`; without a time where `first` is None."""
    provider, name = model.split("/")
    for number in range(n):
        yield {
            "call_id": f"{workload}-{number}",
            "ts": (first + timedelta(minutes=minutes * number)).isoformat() if first else "",
            "provider": provider,
            "model": name,
            "workload": workload,
            "tier": "standard",
            "input_tokens": 1_500 + 7 * number,
            "output_tokens": 120,
            "latency_ms": 900 + number,
            "n_requests": 1,
            "grain": "call",
        }


def _written(path: Path, rows: Sequence[Mapping[str, Any]], encoding: str = "utf-8") -> Path:
    with path.open("w", newline="", encoding=encoding) as out:
        writer = csv.DictWriter(out, _HEADER, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def _none(_folder: Path, _bench: Workbench) -> None:
    """Nothing is loaded."""


def _demo(_folder: Path, bench: Workbench) -> None:
    build_demo(bench.workspace)


def _dirty(folder: Path, bench: Workbench) -> None:
    """The demo beside rejected rows, duplicates, a byte order mark, two logs of a day, an edited price."""
    build_demo(bench.workspace)
    good = list(_calls(160, "invoices-überprüfen", first=_MONDAY + timedelta(hours=2)))
    broken = [
        {**row, "call_id": f"broken-{number}", "ts": "yesterday" if number % 2 else row["ts"], **wrong}
        for number, row in enumerate(good[:12])
        for wrong in ({"input_tokens": "many"}, {"output_tokens": -3})
    ]
    bench.import_file(_written(folder / "invoices.csv", [*good, *broken]))
    bench.import_file(_written(folder / "invoices-again.csv", good[40:90]))
    bench.import_file(_written(folder / "exporté.csv", list(_calls(90, "précis")), "utf-8-sig"))
    buckets = [
        {**row, "ts_end": (_MONDAY + timedelta(days=number + 1)).isoformat(), "n_requests": 40}
        | {"ts": (_MONDAY + timedelta(days=number)).isoformat(), "grain": "bucket", "workload": ""}
        for number, row in enumerate(_calls(6, "usage"))
    ]
    bench.import_file(_written(folder / "usage-report.csv", buckets))
    row = next(row for row in bench.prices().rows if (row.provider, row.model) == ("openai", "gpt-4.1"))
    edited = row.model_copy(update={"input_usd_per_mtok": (row.input_usd_per_mtok or 0) * 2})
    bench.apply_prices([edited], author="Ann", note="what our contract says from November")


def _nasty(folder: Path, bench: Workbench) -> None:
    """Names that are code, 500 workloads, amounts from nothing to billions."""
    bench.import_file(nasty_files.write_calls(folder / "calls.csv"))
    bench.import_file(nasty_files.write_descriptions(folder / "said.csv", nasty_files.names()[::2]))
    bench.import_file(nasty_files.write_bill(folder / "bill.json"))


def _unpriced(folder: Path, bench: Workbench) -> None:
    """Models that no price row knows, some calls without token counts."""
    named = [
        *_calls(300, "summaries", model="acme/house-llm-70b"),
        *_calls(120, "triage-bot", model="acme/house-llm-8b-instruct", minutes=150),
        *_calls(60, "crm-notes", model="openai/gpt-4o-our-tuned-one", minutes=300),
    ]
    uncounted = [
        {**row, "input_tokens": "", "output_tokens": ""} for row in _calls(40, "transcripts", minutes=400)
    ]
    bench.import_file(_written(folder / "house.csv", [*named, *uncounted]))


def _bill(_folder: Path, bench: Workbench) -> None:
    bench.import_file(_FORMATS / "openai_costs" / "pages" / "input.json")


def _aggregates(_folder: Path, bench: Workbench) -> None:
    bench.import_file(_FORMATS / "openai_usage" / "pages" / "input.json")


def _described(folder: Path, bench: Workbench) -> None:
    path = folder / "described.csv"
    path.write_text(_DESCRIBED, encoding="utf-8")
    bench.import_file(path)


def _hours(folder: Path, bench: Workbench) -> None:
    """Five hours of one workload."""
    bench.import_file(_written(folder / "this-morning.csv", list(_calls(60, "chat", minutes=5))))


def _undated(folder: Path, bench: Workbench) -> None:
    """Calls that say no time."""
    rows = [*_calls(50, "extraction", first=None), *_calls(30, "chat", first=None)]
    bench.import_file(_written(folder / "undated.csv", rows))


def _moved(folder: Path, bench: Workbench) -> None:
    """A job that moved to batch, with its ledger."""
    del bench
    after_the_move(before_the_move(folder), folder)


def _bad_manifest(_folder: Path, bench: Workbench) -> None:
    build_demo(bench.workspace)
    _first(bench, "manifest.json").write_text("{", encoding="utf-8")


def _bad_calls(_folder: Path, bench: Workbench) -> None:
    build_demo(bench.workspace)
    _first(bench, "calls/*.parquet").write_bytes(b"PAR1 damaged")


def _bad_policy(_folder: Path, bench: Workbench) -> None:
    build_demo(bench.workspace)
    bench.workspace.document("policy").save({"preset": 3}, author="Ann", note="by hand")


def _bad_prices(_folder: Path, bench: Workbench) -> None:
    build_demo(bench.workspace)
    bench.workspace.document("price_overlay").save({"edits": 3}, author="Ann", note="by hand")


def _first(bench: Workbench, pattern: str) -> Path:
    return min((bench.workspace.path / "datasets").glob(f"*/{pattern}"))


STATES: Final[Mapping[str, Callable[[Path, Workbench], None]]] = {
    "none": _none,
    "demo": _demo,
    "dirty": _dirty,
    "dirty-nasty": _nasty,
    "unpriced": _unpriced,
    "partial-bill": _bill,
    "partial-aggregates": _aggregates,
    "partial-described": _described,
    "partial-hours": _hours,
    "partial-undated": _undated,
    "partial-moved": _moved,
    "error-manifest": _bad_manifest,
    "error-calls": _bad_calls,
    "error-policy": _bad_policy,
    "error-prices": _bad_prices,
}
"""What builds each state; a state may be asked for by the first part of its name."""


def build(state: str, folder: Path) -> Path:
    """Builds one state below `folder`, which keeps its source files too, and returns its workspace."""
    folder.mkdir(parents=True, exist_ok=True)
    home = folder / "home"
    STATES[state](folder, Workbench.open(home))
    return home
