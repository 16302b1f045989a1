"""Wall time of one action: the median of a few runs, after one that warms the file cache."""

import statistics
import time
from collections.abc import Callable


def seconds(action: Callable[[], object], runs: int = 3) -> float:
    """Median seconds of `runs` runs of `action`, one more run first."""
    action()
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        action()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)
