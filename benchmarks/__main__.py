"""Runs the benchmarks, prints one line each and rewrites the tables of docs/benchmarks.md.

`make bench`, or `python -m benchmarks [PART ...] [CALLS ...]`: only the parts that are named, in this order
(`triage`, `imports`, `peers`, `pricing`, `whatif`, `soak`), or all. `imports` measures every size that is
given, the other parts that need calls take the largest.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final

from benchmarks import importing, peers, pricing, results, soak, whatif
from benchmarks.triage import running
from tests.make_calls import write_calls, write_chat_completions

_PAGE: Final = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"
_USUAL_CALLS: Final = 200_000


def main() -> None:
    """Measures on generated calls (200,000 unless told otherwise) in a temporary folder."""
    asked = sys.argv[1:]
    sizes = [int(word) for word in asked if word.isdecimal()] or [_USUAL_CALLS]
    named = [word for word in asked if not word.isdecimal()]
    unknown = [word for word in named if word not in PARTS]
    if unknown:
        sys.exit(f"There is no part {', '.join(unknown)}. Parts are {', '.join(PARTS)}.")
    with tempfile.TemporaryDirectory(prefix="lanewise-bench-") as name:
        for part, measure in PARTS.items():
            if not named or part in named:
                folder = Path(name) / part
                folder.mkdir()
                measure(folder, sizes)


def _say(line: str) -> None:
    print(line, flush=True)


def _rewrite(filled: Callable[[str], str]) -> None:
    _PAGE.write_text(filled(_PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def _triage(folder: Path, _: list[int]) -> None:
    for line in running.measure(folder):
        _say(line)


def _imports(folder: Path, sizes: list[int]) -> None:
    imports = []
    for calls in sizes:
        for found in importing.measured(folder, calls):
            imports.append(found)
            _say(importing.described(found))
    for line in importing.growth(imports):
        _say(line)
    _rewrite(lambda text: results.with_imports(text, imports))


def _peers(folder: Path, sizes: list[int]) -> None:
    calls = max(sizes)
    table, log = write_calls(folder / "peers.csv", calls), folder / "peers.jsonl"
    write_chat_completions(log, calls)
    transcripts = peers.write_transcripts(folder / "transcripts", calls // 10)
    others = []
    for peer in peers.compared(folder, table, log, transcripts):
        others.append(peer)
        _say(peers.described(peer))
    _rewrite(lambda text: results.with_peers(text, others))


def _pricing(folder: Path, sizes: list[int]) -> None:
    for line in pricing.measure(folder, max(sizes)):
        _say(line)


def _whatif(folder: Path, _: list[int]) -> None:
    moves = []
    for moved in whatif.measured(folder):
        moves.append(moved)
        _say(whatif.described(moved))
    _rewrite(lambda text: results.with_moves(text, moves))


def _soak(folder: Path, _: list[int]) -> None:
    soaked = soak.measured(folder)
    if soaked is not None:
        _say(soak.described(soaked))
        if not soaked.flat:
            sys.exit(1)


PARTS: Final[dict[str, Callable[[Path, list[int]], None]]] = {
    "triage": _triage,
    "imports": _imports,
    "peers": _peers,
    "pricing": _pricing,
    "whatif": _whatif,
    "soak": _soak,
}


if __name__ == "__main__":
    main()
