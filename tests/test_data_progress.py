"""What a listener is told of an import: shares, bytes, rows and a guess of the time left."""

from collections.abc import Iterator

import pytest

from data.progress import Progress, Reporter
from lanewise.importing import progress_line


def reporter(told: list[Progress], seconds: Iterator[float], lines: int | None) -> Reporter:
    return Reporter(told.append, 2_000_000, lambda: lines, lambda: next(seconds))


def test_rows_and_bytes_follow_the_share_and_time_the_pace() -> None:
    told: list[Progress] = []
    job = reporter(told, iter([100.0, 110.0, 190.0]), 8_000)
    job.reading(0.0)
    job.reading(0.25)
    job.reading(0.75)
    job.reading(1.0)
    job.settling(7_990)
    assert told == [
        Progress("reading", 0.0, 0, 2_000_000, 0),
        Progress("reading", 0.25, 500_000, 2_000_000, 2_000, 30.0),
        Progress("reading", 0.75, 1_500_000, 2_000_000, 6_000, 30.0),
        Progress("reading", 1.0, 2_000_000, 2_000_000, 8_000),
        Progress("settling", None, 2_000_000, 2_000_000, 7_990),
    ]


def test_what_nobody_knows_is_not_told() -> None:
    told: list[Progress] = []
    job = reporter(told, iter([0.0, 1.0]), None)
    job.reading(None)
    job.reading(0.01)
    assert told == [Progress("reading", None, 0, 2_000_000), Progress("reading", 0.01, 20_000, 2_000_000)]


def test_nobody_need_listen() -> None:
    job = Reporter(None, 10, lambda: None)
    job.reading(0.5)
    assert not job.is_heard


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Progress("reading", 0.0, 0, 2_000_000), "a: reading 0%"),
        (
            Progress("reading", 0.25, 500_000, 2_000_000, 2_000, 29.2),
            "a: reading 25%, 2,000 rows, 500 kB of 2.0 MB, 30 s left",
        ),
        (
            Progress("reading", 0.5, 1_000_000, 2_000_000, 1, 91.0),
            "a: reading 50%, 1 row, 1.0 MB of 2.0 MB, 2 min left",
        ),
        (Progress("settling", None, 9, 9, 7_990), "a: settling, 7,990 rows"),
        (Progress("settling", None), "a: settling"),
    ],
)
def test_it_is_said_on_the_terminal(step: Progress, said: str) -> None:
    assert progress_line("a", step) == said
