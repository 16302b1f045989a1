"""Runs every benchmark and prints one line each: `make bench`, or `python -m benchmarks [CALLS | triage]`."""

import sys
import tempfile
from pathlib import Path

from benchmarks import importing, pricing_loop
from benchmarks.triage import running


def main() -> None:
    """Measures on generated calls (default 200,000) in a temporary folder; `triage` evaluates that alone."""
    asked = sys.argv[1] if len(sys.argv) > 1 else "200000"
    with tempfile.TemporaryDirectory(prefix="lanewise-bench-") as folder:
        for line in running.measure(Path(folder)):
            print(line, flush=True)
        if asked == "triage":
            return
        calls = int(asked)
        for measure in (importing.measure, pricing_loop.measure):
            for line in measure(Path(folder), calls):
                print(line, flush=True)


if __name__ == "__main__":
    main()
