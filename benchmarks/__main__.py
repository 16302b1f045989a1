"""Runs every benchmark, prints one line each and rewrites the tables of docs/benchmarks.md.

`make bench`, or `python -m benchmarks [CALLS ... | triage | whatif | soak]`; the largest of the sizes is for
the other measurements, `triage` evaluates triage alone, `whatif` times the What-if page alone and `soak`
watches the server's memory over a long session.
"""

import sys
import tempfile
from pathlib import Path

from benchmarks import importing, peers, pricing, results, soak, whatif
from benchmarks.triage import running
from tests.make_calls import write_calls, write_chat_completions

_PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"


def main() -> None:
    """Measures on generated calls (default 200,000) in a temporary folder."""
    asked = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="lanewise-bench-") as name:
        folder = Path(name)
        if asked == ["whatif"]:
            _whatif(folder)
            return
        if asked == ["soak"]:
            _soak(folder)
            return
        for line in running.measure(folder):
            print(line, flush=True)
        if asked == ["triage"]:
            return
        sizes = [int(size) for size in asked] or [200_000]
        imports = []
        for calls in sizes:
            for found in importing.measured(folder, calls):
                imports.append(found)
                print(importing.described(found), flush=True)
        for line in importing.growth(imports):
            print(line, flush=True)
        calls = max(sizes)
        table, log = write_calls(folder / "peers.csv", calls), folder / "peers.jsonl"
        write_chat_completions(log, calls)
        transcripts = peers.write_transcripts(folder / "transcripts", calls // 10)
        others = []
        for peer in peers.compared(folder, table, log, transcripts):
            others.append(peer)
            print(peers.described(peer), flush=True)
        for line in pricing.measure(folder, calls):
            print(line, flush=True)
        _PAGE.write_text(results.filled(_PAGE.read_text(encoding="utf-8"), imports, others), encoding="utf-8")
        _whatif(folder)
        _soak(folder)


def _soak(folder: Path) -> None:
    soaked = soak.measured(folder / "soak")
    if soaked is not None:
        print(soak.described(soaked), flush=True)
        if not soaked.flat:
            sys.exit(1)


def _whatif(folder: Path) -> None:
    moves = []
    for moved in whatif.measured(folder / "whatif"):
        moves.append(moved)
        print(whatif.described(moved), flush=True)
    _PAGE.write_text(results.with_moves(_PAGE.read_text(encoding="utf-8"), moves), encoding="utf-8")


if __name__ == "__main__":
    main()
