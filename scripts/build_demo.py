"""Makes the demo files: public request traces, laid out as two weeks of one team's LLM calls.

    python -m scripts.build_demo --traces DIR --out data/samples/demo

DIR holds the folders azure2023, mooncake, exgentic_agent and vidur with the files named in
`scripts.demo_traces.SOURCES`. The same traces and the same pyarrow give the same bytes.
data/samples/README.md says what is real and what is assigned; it has to be right after every change.
"""

import argparse
import csv
import hashlib
import json
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import fields, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from scripts.demo_calls import CACHE_TTL, SCHEMA, Call, Prompt, family_hit_share, numbered, with_prefix_cache
from scripts.demo_traces import (
    ALL_DAY,
    DAYS,
    FIRST_DAY,
    FLAT,
    OFFICE,
    SEED,
    SOURCES,
    Row,
    dealt,
    hourly,
    read_agents,
    read_arxiv,
    read_azure,
    read_mooncake,
)

IN_BATCH_HIT_SHARE: Final = 0.6
"""How many prefix hits survive inside a batch, where caching is best effort (30 to 98 % documented)."""

FILES: Final = {
    "openai": "openai.parquet",
    "anthropic": "anthropic.parquet",
    "gemini": "gemini.parquet",
    "mistral": "gateway.parquet",
    "deepseek": "gateway.parquet",
}
"""Which provider's calls are in which file: three from providers, the rest from one gateway."""

DECLARED: Final = (
    ("name", "description", "trigger", "user_waiting", "max_wait", "sequential"),
    ("support-chat", "customers chat with the assistant in the product", "user", "yes", "", "no"),
    ("code-completion", "code completion as the developer types", "user", "yes", "300ms", "no"),
    ("document-qa", "people ask questions about documents they uploaded", "user", "yes", "10s", "no"),
    ("nightly-summaries", "summarises the day's papers every night", "schedule", "no", "12h", "no"),
    ("embedding-refresh", "embeds the whole corpus anew every Sunday", "schedule", "no", "24h", "no"),
    ("crm-enrichment", "fills in a customer record behind the agent's answer", "event", "no", "15m", "no"),
    ("contract-review", "asks a fixed list of questions about each contract", "schedule", "no", "12h", "no"),
    ("filing-review", "checks filings after close of business", "schedule", "no", "24h", "no"),
)
"""What the team declared. Nobody declared agent-evaluations, and nobody can for the untagged key."""


# Workloads --------------------------------------------------------------------------------------


def chat_like(
    prefix: str, rows: Iterator[Row], hours: Iterable[tuple[datetime, int]], model: Callable[[], Call]
) -> list[Call]:
    """Calls that each stand alone, every one as long as its trace row and as far into its hour."""
    calls = []
    for hour, n in hours:
        for _ in range(n):
            row = next(rows)
            calls.append(
                replace(
                    model(),
                    ts=hour + row.offset,
                    input_tokens=row.input_tokens,
                    output_tokens=row.output_tokens,
                )
            )
    return numbered(prefix, calls)


def evenly(
    prefix: str, rows: Sequence[Row], start: datetime, length: timedelta, template: Call
) -> list[Call]:
    """Calls at even distances: for jobs whose source has lengths and no times."""
    return [
        replace(
            template,
            call_id=f"{prefix}-{start:%m%d}-{i:05d}",
            ts=start + length * i // len(rows),
            input_tokens=row.input_tokens,
            output_tokens=row.output_tokens,
        )
        for i, row in enumerate(rows)
    ]


def family_prompts(families: Iterable[Sequence[Row]], hour: datetime, template: Call) -> list[Prompt]:
    """Whole families, so that the distances between calls that share a prefix stay real."""
    return [
        Prompt(
            replace(
                template,
                ts=hour + row.offset,
                session=f"{template.workload}-{hour:%m%d%H}-{row.blocks[-1 if len(row.blocks) < 2 else 1]}",
                input_tokens=row.input_tokens,
                output_tokens=row.output_tokens,
            ),
            row.blocks,
        )
        for family in families
        for row in family
    ]


def taken(families: Iterator[list[Row]], n: int) -> list[list[Row]]:
    """The next families, until together they have `n` calls."""
    chosen: list[list[Row]] = []
    while sum(len(family) for family in chosen) < n:
        chosen.append(next(families))
    return chosen


def weekdays() -> Iterator[datetime]:
    """The ten weekdays of the two weeks."""
    return (FIRST_DAY + timedelta(days=day) for day in range(DAYS) if day % 7 < 5)


def contract_review(families: Sequence[list[Row]]) -> list[Call]:
    """The families with the warmest prefixes, every weekday evening, on a model whose batch has no cache."""
    template = Call("", FIRST_DAY, "openai", "gpt-4.1", "contract-review", streamed=False)
    prompts = [p for day in weekdays() for p in family_prompts(families, day + timedelta(hours=19), template)]
    return numbered("contract", with_prefix_cache(prompts, minimum_tokens=1024))


def document_qa(families: Iterator[list[Row]]) -> list[Call]:
    """Families of two or more questions, in office hours."""
    template = Call("", FIRST_DAY, "gemini", "gemini-2.5-pro", "document-qa", streamed=True)
    prompts: list[Prompt] = []
    for hour, n in hourly(850, 0.15, OFFICE):
        prompts += family_prompts(taken(families, n), hour, template)
    return numbered("docqa", with_prefix_cache(prompts, minimum_tokens=2048))


def filing_review(families: Iterator[list[Row]]) -> list[Call]:
    """A week of calls that somebody moved to batch in the second week, with the lines that failed there.

    In every batch one line in a hundred errors; on Thursday the last 40 expire after 24 hours. All of
    them run again, at the standard price, the next morning.
    """
    luck = random.Random(SEED)  # noqa: S311 - a demo, not a secret
    template = Call("", FIRST_DAY, "anthropic", "claude-sonnet-4-6", "filing-review", streamed=False)
    ran: list[Prompt] = []
    failed: list[Call] = []
    for number, day in enumerate(weekdays()):
        evening = day + timedelta(hours=18)
        prompts = sorted(family_prompts(taken(families, 800), evening, template), key=lambda p: p.call.ts)
        if number < 5:
            ran += prompts
            continue
        expired = range(len(prompts) - 40, len(prompts)) if number == 8 else range(0)
        again = []
        for i, (call, blocks) in enumerate(prompts):
            line = replace(
                call, tier="batch", batch_id=f"filings-{day:%m%d}", custom_id=f"filing-{day:%m%d}-{i:04d}"
            )
            errored = luck.random() < 0.01
            if not errored and i not in expired:
                ran.append(Prompt(line, blocks))
                continue
            status = "expired" if i in expired else "error"
            failed.append(replace(line, ts=evening, status=status, input_tokens=None, output_tokens=None))
            again.append((line, blocks))
        morning = day + timedelta(days=1, hours=7)
        ran += [
            Prompt(
                replace(line, ts=morning + timedelta(seconds=20 * i), tier="standard", batch_id=None), blocks
            )
            for i, (line, blocks) in enumerate(again)
        ]
    cached = with_prefix_cache(
        ran,
        minimum_tokens=1024,
        writes_billed=True,
        hit=lambda call: call.tier != "batch" or luck.random() < IN_BATCH_HIT_SHARE,
    )
    return numbered("filing", [*cached, *failed])


def agent_evaluations(spans: Sequence[dict[str, Any]]) -> list[Call]:
    """The agents' five days, twice, on the same weekdays; what falls before the first day is left out.

    A session only ever appends, so a call reads what the call before it in its session sent, if that
    was at most five minutes ago, and writes the rest. A failed call used no tokens that anyone logged.
    """
    first = datetime.fromisoformat("2026-04-20")  # the Monday of the traced week
    calls = []
    for week in (0, 7):
        before: dict[tuple[str, int], tuple[datetime, int, int]] = {}
        for span in spans:
            traced = datetime.fromisoformat(span["start_time_iso"]).replace(tzinfo=None)
            ts = FIRST_DAY + (traced - first) + timedelta(days=week)
            if ts < FIRST_DAY:
                continue
            call = Call(
                "",
                ts - timedelta(microseconds=ts.microsecond % 1000),
                "anthropic",
                "claude-opus-4-8",
                "agent-evaluations",
                session=f"run-{week // 7 + 1}-{span['session_id']}",
                latency_ms=round(span["duration_ms"]) or None,
                streamed=False,
            )
            if span["is_error"]:
                calls.append(replace(call, status="error"))
                continue
            total = span["input_tokens"]
            thread = (span["session_id"], span["tool_definitions_chars"])
            at, sent, chars = before.get(thread, (datetime.min, 0, 0))  # noqa: DTZ901
            grown = ts - at <= CACHE_TTL and total >= sent and span["input_messages_chars"] >= chars
            read = sent if grown and sent >= 1024 else 0
            calls.append(
                replace(
                    call,
                    input_tokens=total,
                    cache_read_tokens=read,
                    cache_write_tokens=total - read if total >= 1024 else 0,
                    output_tokens=span["output_tokens"],
                )
            )
            before[thread] = (ts, total, span["input_messages_chars"])
    return numbered("agent", calls)


def untagged() -> Callable[[], Call]:
    """What came in on the shared key: four models of four providers, in fixed shares."""
    models = (
        *[("openai", "gpt-5.4-mini")] * 8,
        *[("anthropic", "claude-haiku-4-5")] * 5,
        *[("gemini", "gemini-2.5-flash")] * 4,
        *[("deepseek", "deepseek-v4-flash")] * 3,
    )
    deck = dealt(models, "models")

    def call() -> Call:
        provider, model = next(deck)
        return Call("", FIRST_DAY, provider, model, None)

    return call


def build_calls(traces: Path) -> list[Call]:
    """All calls of the two weeks, in time order."""
    conv = dealt(read_azure(traces / SOURCES["conv"]), "conv")
    code = dealt(read_azure(traces / SOURCES["code"]), "code")
    arxiv = read_arxiv(traces / SOURCES["arxiv"])
    families = [family for family in read_mooncake(traces / SOURCES["mooncake"]) if len(family) > 1]
    warmest = [family for family in families if len(family) > 2 and family_hit_share(family) >= 0.75]
    others = [family for family in families if family not in warmest]
    longer = [family for family in others if len(family) > 3]
    arxiv_dealt = dealt(arxiv, "embeddings")

    chat = Call("", FIRST_DAY, "openai", "gpt-5.5", "support-chat", streamed=True)
    completion = Call("", FIRST_DAY, "mistral", "codestral-2508", "code-completion", streamed=True)
    enrichment = Call("", FIRST_DAY, "openai", "gpt-5.4", "crm-enrichment", streamed=False)
    summary = Call("", FIRST_DAY, "openai", "gpt-5.5", "nightly-summaries", streamed=False)
    embedding = Call("", FIRST_DAY, "openai", "text-embedding-3-small", "embedding-refresh", streamed=False)

    calls = chat_like("chat", conv, hourly(2200, 0.45, ALL_DAY), lambda: chat)
    calls += chat_like("completion", code, hourly(1500, 0.1, OFFICE), lambda: completion)
    calls += chat_like("crm", conv, hourly(800, 0.3, OFFICE), lambda: enrichment)
    calls += chat_like("shared", conv, hourly(450, 0.6, FLAT), untagged())
    for day in range(DAYS):
        share = arxiv[len(arxiv) * day // DAYS : len(arxiv) * (day + 1) // DAYS]
        night = FIRST_DAY + timedelta(days=day, hours=1)
        calls += evenly("summary", share, night, timedelta(hours=3), summary)
    for day in (6, 13):
        chunks = [next(arxiv_dealt)._replace(output_tokens=0) for _ in range(2500)]
        sunday = FIRST_DAY + timedelta(days=day, hours=2)
        calls += evenly("embed", chunks, sunday, timedelta(minutes=50), embedding)
    calls += contract_review(warmest)
    calls += document_qa(dealt(others, "document-qa"))
    calls += filing_review(dealt(longer, "filing-review"))
    calls += agent_evaluations(read_agents(traces / SOURCES["agents"]))
    return sorted(calls, key=lambda call: (call.ts, call.call_id))


# Files ------------------------------------------------------------------------------------------


def build(traces: Path, out: Path) -> dict[str, Any]:
    """Writes the demo files and their manifest to `out`; returns the manifest."""
    by_file: dict[str, list[Call]] = {name: [] for name in FILES.values()}
    for call in build_calls(traces):
        by_file[FILES[call.provider]].append(call)
    out.mkdir(parents=True, exist_ok=True)
    for name, calls in by_file.items():
        columns = {field.name: [getattr(call, field.name) for call in calls] for field in fields(Call)}
        table = pa.table(columns, schema=SCHEMA)
        pq.write_table(
            table, out / name, compression="zstd", compression_level=19, row_group_size=len(calls) or 1
        )
    with (out / "declared.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(DECLARED)
    manifest = {
        "seed": SEED,
        "pyarrow": pa.__version__,
        "sources": {path: sha256(traces / path) for path in SOURCES.values()},
        "files": {
            name: {"rows": rows, "bytes": (out / name).stat().st_size, "sha256": sha256(out / name)}
            for name, rows in [(n, len(c)) for n, c in by_file.items()]
            + [("declared.csv", len(DECLARED) - 1)]
        },
    }
    (out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    return manifest


def sha256(path: Path) -> str:
    """The checksum of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Builds the demo from the command line."""
    parser = argparse.ArgumentParser(description="Make the demo files from public traces.")
    parser.add_argument("--traces", type=Path, required=True, help="folder with the public traces")
    parser.add_argument("--out", type=Path, required=True, help="folder for the demo files")
    arguments = parser.parse_args()
    manifest = build(arguments.traces, arguments.out)
    for name, file in manifest["files"].items():
        print(f"{file['rows']:>7} rows {file['bytes']:>9} bytes  {name}")


if __name__ == "__main__":
    main()
