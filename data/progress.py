"""How far an import is, in shares, bytes, rows and time left."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

_EARLY: Final = 0.02
"""Below this share a guess of the time left would only jump about."""


@dataclass(frozen=True)
class Progress:
    """How far an import is: reading the file or settling it, and the share of that, None when unknown.

    `bytes_read` of `bytes_total` are of the unpacked file; `rows` is how many rows that is, None while
    nobody knows; `seconds_left` is a guess for the stage from how it went so far, None when there is none.
    """

    stage: Literal["reading", "settling"]
    fraction: float | None
    bytes_read: int = 0
    bytes_total: int = 0
    rows: int | None = None
    seconds_left: float | None = None


class Reporter:
    """Tells a listener how far one import is.

    Args:
        listener: is called with every `Progress`; whatever it raises stops the import.
        bytes_total: the size of the unpacked file.
        lines: how many rows the file has in all, None while that is not known.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        listener: Callable[[Progress], None] | None,
        bytes_total: int,
        lines: Callable[[], int | None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._listener = listener
        self._bytes_total = bytes_total
        self._lines = lines
        self._clock = clock
        self._started = clock()

    @property
    def is_heard(self) -> bool:
        """Whether there is a listener."""
        return self._listener is not None

    def reading(self, fraction: float | None) -> None:
        """A share of the file was read, None when it is not known which."""
        found = Progress("reading", fraction, 0, self._bytes_total)
        if fraction is not None:
            lines = self._lines()
            found = replace(
                found,
                bytes_read=round(fraction * self._bytes_total),
                rows=None if lines is None else round(fraction * lines),
            )
            if _EARLY <= fraction < 1:
                gone = self._clock() - self._started
                found = replace(found, seconds_left=gone * (1 - fraction) / fraction)
        self._tell(found)

    def settling(self, rows: int) -> None:
        """The file is read, with so many rows, and they are being settled."""
        self._tell(Progress("settling", None, self._bytes_total, self._bytes_total, rows))

    def _tell(self, progress: Progress) -> None:
        if self._listener is not None:
            self._listener(progress)
