"""Runs every benchmark and prints one line each: `make bench`, or `python -m benchmarks [CALLS]`."""

import sys
import tempfile
from pathlib import Path

from benchmarks import importing, pricing


def main() -> None:
    """Measures on generated calls (default 200,000) in a temporary folder."""
    calls = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with tempfile.TemporaryDirectory(prefix="lanewise-bench-") as folder:
        for measure in (importing.measure, pricing.measure):
            for line in measure(Path(folder), calls):
                print(line, flush=True)


if __name__ == "__main__":
    main()
