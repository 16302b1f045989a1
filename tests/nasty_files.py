"""Files as nasty as they come: names that are code, amounts from nothing to billions, 500 workloads."""

import csv
import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

TAG: Final = "tag:" + "x" * 196
"""A tag as long as a gateway lets one be."""

NAMES: Final = (
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "日本語の要約 — 夜間バッチ",
    "תמיכה בעברית",
    "دعم العملاء",
    "triage 🚦 👩‍👩‍👧 émoji",
    "naïve | pipe `tick` **bold** [link](http://x.example) ![i](http://x.example/i.png)",
    "<script>alert('workload')</script><img src=x onerror=alert(1)>",
    "$1 and $2 :red[hot] :material/home: $$x^2$$",
    "# heading",
    "1. list",
    "---",
    "a\\b\\*c",
    "%s {0} {name} ${name}",
    "null",
    "../../etc/passwd",
    "workload&label=Batch#x?y=%00",
    TAG,
)
"""The first workloads; the others are `workload-20` and so on."""

WORKLOADS: Final = 500

_HEADER: Final = (
    *("call_id", "ts", "provider", "model", "workload", "tags", "tier", "status", "input_tokens"),
    *("cache_write_tokens", "output_tokens", "latency_ms", "batch_id", "error_code", "n_requests", "grain"),
)
_START: Final = datetime(2026, 11, 2)
_ODD: Final = "house-モデル <b>"


def names() -> list[str]:
    """The name of every workload."""
    return [*NAMES, *(f"workload-{number}" for number in range(len(NAMES), WORKLOADS))]


def _rows() -> Iterator[dict[str, object]]:
    """Four calls of each workload over two weeks, but for those that are special."""
    for number, name in enumerate(names()):
        plain: dict[str, object] = {
            "provider": "openai",
            "model": "gpt-4o",
            "workload": name,
            "tags": TAG,
            "tier": "standard",
            "status": "ok",
            "input_tokens": 1000 + number,
            "output_tokens": 100,
            "latency_ms": 900,
            "n_requests": 1,
            "grain": "call",
        }
        for call in range(4):
            at = _START + timedelta(days=3 * call + number % 3, hours=number % 24)
            row = plain | {"call_id": f"c{number}-{call}", "ts": at.isoformat()}
            if name == "+1+1":
                # 20 tokens of an embedding at $0.02 a million: $0.0000004.
                if call:
                    continue
                row |= {"model": "text-embedding-3-small", "input_tokens": 20, "output_tokens": 0}
            elif name == "@SUM(A1)":
                # Four buckets of 9 x 10^14 tokens at $2.50 a million: $9 billion.
                row |= {
                    "input_tokens": 9 * 10**14,
                    "output_tokens": 0,
                    "latency_ms": "",
                    "n_requests": 10**9,
                    "grain": "bucket",
                }
            elif name == "-2+3":
                # A cache that is written and never read: 900 tokens at $0.75 a million more, four times.
                row |= {"provider": "anthropic", "model": "claude-sonnet-4-6", "cache_write_tokens": 900}
            elif number % 25 == 7:
                row |= {"provider": "acme", "model": _ODD}  # no price: its cost is NULL
            elif number % 25 == 8:
                row |= {"input_tokens": "", "output_tokens": ""}  # nobody counted: NULL tokens
            elif number % 10 == 9:
                failed = call == 3
                row |= {"tier": "batch", "batch_id": f"=b {name[:20]}-{call}", "latency_ms": 3_600_000}
                if failed:
                    row |= {"status": "expired", "error_code": "<b>batch_expired</b>"}
                    row |= {"input_tokens": "", "output_tokens": ""}
            yield row


def write_calls(path: Path) -> Path:
    """The calls of all the workloads as a Lanewise CSV."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, _HEADER, restval="")
        writer.writeheader()
        writer.writerows(_rows())
    return path


def write_descriptions(path: Path, described: Sequence[str]) -> Path:
    """What the owners of some workloads say: every third is waited for, the others may take a day."""
    with path.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(["name", "description", "trigger", "user_waiting", "max_wait", "requests_per_day"])
        for number, name in enumerate(described):
            waits = number % 3 == 2
            answer = ["user", "yes", "2s"] if waits else ["schedule", "no", "24h"]
            writer.writerow([name, f"Says {name}", *answer, 1000])
    return path


def write_bill(path: Path) -> Path:
    """What a provider says it charged, with a credit, nearly nothing and an item that is code."""
    amounts = ("9000000000", "0.0000004", "-12.5")
    items = ("gpt-4o-2024-08-06, input", "=cmd|' /C calc'!A0 <b>", "refund 返金")
    results = [
        {
            "object": "organization.costs.result",
            "amount": {"value": amount, "currency": "usd"},
            "line_item": item,
            "project_id": TAG,
        }
        for amount, item in zip(amounts, items, strict=True)
    ]
    start = 1_793_577_600  # 2 November 2026
    bucket = {"object": "bucket", "start_time": start, "end_time": start + 86_400, "results": results}
    path.write_text(json.dumps({"object": "page", "data": [bucket]}, ensure_ascii=False), encoding="utf-8")
    return path
