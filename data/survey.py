"""One plain read over the bytes of a log: what it is called by its content, and where its lines end.

It runs beside the first pass, which cannot tell all of this: the reader drops lines beyond its
limit, and where such a line crosses the border of two buffers it does not even say so.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from data.errors import UnreadableFileError
from data.formats.base import FileHead
from data.reading import MAX_LINE_BYTES

_BLOCK: Final = 4 * 1024 * 1024
TOO_LONG: Final = "line_too_long"


@dataclass(frozen=True)
class Survey:
    """The SHA-256 of a file, how many lines it has, and the numbers of those beyond the limit."""

    sha256: str
    lines: int
    overlong: tuple[int, ...]


def survey(head: FileHead, shown: str) -> Survey:
    """Reads a log once, unpacked, in blocks; raises UnreadableFileError when it goes away meanwhile."""
    digest = hashlib.sha256()
    lines, open_bytes = 0, 0
    overlong: list[int] = []
    try:
        with head.open() as file:
            while block := file.read(_BLOCK):
                digest.update(block)
                first = block.find(b"\n")
                if first < 0:
                    open_bytes += len(block)
                    continue
                # Lines that lie within one block are shorter than the limit.
                if open_bytes + first >= MAX_LINE_BYTES:
                    overlong.append(lines + 1)
                lines += block.count(b"\n")
                open_bytes = len(block) - block.rfind(b"\n") - 1
    except OSError as error:
        raise UnreadableFileError(
            "The file cannot be read to its end",
            f"“{shown}” went away or failed while it was read ({error.strerror or 'system error'}). "
            "Try again.",
        ) from error
    if open_bytes:
        lines += 1
        if open_bytes >= MAX_LINE_BYTES:
            overlong.append(lines)
    return Survey(digest.hexdigest(), lines, tuple(overlong))


def reconciled(reported: Iterable[tuple[int, str]], overlong: Sequence[int]) -> list[tuple[int, str]]:
    """What the reader skipped, with the lines it did not mention and true line numbers, in line order.

    `reported` are (line, code) pairs as the reader counts; it leaves out of its count the overlong
    lines that it does not mention.
    """
    mentioned: set[int] = set()
    others: list[tuple[int, str]] = []
    for line, code in reported:
        if code == TOO_LONG:
            mentioned.add(line)
        else:
            others.append((line, code))
    unmentioned: list[int] = []  # each as the number that the reader gave to the line after it
    for line in overlong:
        counted = line - len(unmentioned)
        if counted in mentioned:
            mentioned.remove(counted)
        else:
            unmentioned.append(counted)
    others += [(line, TOO_LONG) for line in mentioned]
    moved = [(line + bisect_right(unmentioned, line), code) for line, code in others]
    return sorted([*moved, *((line, TOO_LONG) for line in overlong)])
