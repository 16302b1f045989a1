"""JSON documents that hold all their records in one object, taken apart while they are read.

`{"data": [r1, r2, ...]}` is one value: whoever parses it needs memory for all of it. Here it becomes JSON
Lines of smaller documents of the same shape, `{"data": [r1, ...]}` and so on, each with the plain members
that stood before its list. Formats read such documents anyway. An element that is too long by itself is
taken apart in the same way when it is an object that lists records (OpenTelemetry nests three lists).

Only lists under LISTS are records; any other value, and what stands behind the list, is left whole and
has to fit. Nothing is written to disk; memory is that of the longest record.
"""

import codecs
import io
import json
import re
from collections.abc import Callable, Iterator
from typing import BinaryIO, Final

from data.errors import UnreadableFileError
from data.packed import Packed, read_through

LISTS: Final = (
    "data",
    "spans",
    "resourceSpans",
    "batches",
    "scopeSpans",
    "results",
    "calls",
    "objects",
    "events",
)
"""Keys under which exports list their records."""

_BEGINS: Final = re.compile(rf'"({"|".join(LISTS)})"\s*:\s*\[\s*\{{')
_BLOCK: Final = 1024 * 1024
_PART: Final = 8 * 1024
"""About how long a line becomes: the reader holds some two thousand lines at a time."""
_MAX_DEPTH: Final = 8


def is_wrapped(beginning: str) -> bool:
    """Whether a text begins as an object that lists records does."""
    return beginning.lstrip().startswith("{") and bool(_BEGINS.search(beginning))


def unwrapped(opened: Callable[[], BinaryIO], shown: str, limit: int) -> Packed:
    """The document as JSON Lines, to be read like a packed file; it is read through once here.

    `limit` is the length of a record in characters. Raises UnreadableFileError for a document that is
    damaged or has a record beyond the limit.
    """
    # To the reader it is like a member of an archive: bytes that only exist while they are read.
    return read_through("zip", lambda: io.BufferedReader(_Lines(opened(), shown, limit), _BLOCK), shown)


class _Lines(io.RawIOBase):
    """The lines of a document as bytes."""

    def __init__(self, raw: BinaryIO, shown: str, limit: int) -> None:
        super().__init__()
        self._raw = raw
        self._lines = _Document(raw, shown, limit).lines()
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int] | bytearray", /) -> int:  # type: ignore[override]
        while not self._left:
            line = next(self._lines, None)
            if line is None:
                return 0
            self._left = line.encode()
        count = min(len(buffer), len(self._left))
        buffer[:count] = self._left[:count]
        self._left = self._left[count:]
        return count

    def close(self) -> None:
        self._raw.close()
        super().close()


class _Document:
    """A text of JSON documents, of which only what is being looked at is in memory."""

    def __init__(self, raw: BinaryIO, shown: str, limit: int) -> None:
        self._raw = raw
        self._shown = shown
        self._limit = limit
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._json = json.JSONDecoder()
        self._text = ""
        self._at = 0
        self._over = False

    def lines(self) -> Iterator[str]:
        """One small document a line."""
        while self._peek():
            for document in self._object("", "", 0):
                # A line break in JSON stands between values only: inside a text it is escaped.
                yield document.replace("\n", " ").replace("\r", " ") + "\n"

    def _object(self, before: str, after: str, depth: int) -> Iterator[str]:
        """The documents that an object becomes; `before` and `after` are what it stands in."""
        if depth > _MAX_DEPTH:
            raise self._too_long()
        self._take("{")
        members: list[str] = []
        listed = False
        while self._peek() != "}":
            key = self._whole()
            self._take(":")
            if self._peek() == "[" and key.strip('"') in LISTS:
                listed = True
                opening = f"{before}{{{''.join(f'{member},' for member in members)}{key}:["
                yield from self._list(opening, f"]}}{after}", depth)
            else:
                value = self._whole()
                if not listed:
                    members.append(f"{key}:{value}")
                    if sum(map(len, members)) > self._limit:
                        raise self._too_long()
            if self._peek() != "}":
                self._take(",")
        self._take("}")
        if not listed:
            yield f"{before}{{{','.join(members)}}}{after}"

    def _list(self, before: str, after: str, depth: int) -> Iterator[str]:
        """The documents that a list of records becomes: some elements each, none for an empty list."""
        self._take("[")
        part: list[str] = []
        size = 0
        # What stands before the list is written with every part: at most as much again.
        enough = max(_PART, len(before))
        if self._peek() == "]":
            yield before + after
        while self._peek() != "]":
            element = self._value()
            if element is not None:
                part.append(element)
                size += len(element)
            if part and (element is None or size >= enough):
                yield before + ",".join(part) + after
                part, size = [], 0
            if element is None:
                yield from self._object(before, after, depth + 1)
            if self._peek() != "]":
                self._take(",")
        self._take("]")
        if part:
            yield before + ",".join(part) + after

    # -- text ---------------------------------------------------------------------------------

    def _fill(self) -> None:
        """Reads on; what was looked at is let go."""
        block = self._raw.read(_BLOCK)
        self._over = not block
        try:
            more = self._decoder.decode(block, final=self._over)
        except UnicodeDecodeError:
            raise UnreadableFileError(
                "The file is not UTF-8",
                f"“{self._shown}” has bytes that are not UTF-8. Save it as UTF-8 and import that.",
            ) from None
        self._text = self._text[self._at :] + more
        self._at = 0

    def _peek(self) -> str:
        """The next character that is not blank, "" at the end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in " \t\r\n":
                self._at += 1
            if self._at < len(self._text) or self._over:
                return self._text[self._at : self._at + 1]
            self._fill()

    def _take(self, expected: str) -> None:
        if self._peek() != expected:
            raise self._damaged()
        self._at += 1

    def _whole(self) -> str:
        """The next value as it is written."""
        value = self._value()
        if value is None:
            raise self._too_long()
        return value

    def _value(self) -> str | None:
        """The next value as it is written, None for one that does not fit and may be taken apart."""
        self._peek()
        while True:
            try:
                _, end = self._json.raw_decode(self._text, self._at)
            except (ValueError, RecursionError):
                end = len(self._text)
                if self._over:
                    raise self._damaged() from None
                if end - self._at > self._limit:
                    if self._peek() == "{":
                        return None
                    raise self._too_long() from None
            else:
                # A number at the end of what was read may go on.
                if end < len(self._text) or self._over:
                    value, self._at = self._text[self._at : end], end
                    return value
            self._fill()

    def _damaged(self) -> UnreadableFileError:
        return UnreadableFileError(
            "The JSON document is damaged",
            f"“{self._shown}” is not one complete, valid JSON document; it may have been cut off. "
            "Export it again, best as one object a line.",
        )

    def _too_long(self) -> UnreadableFileError:
        return UnreadableFileError(
            "A record is too long",
            f"A record of “{self._shown}” is longer than {self._limit // 1024 // 1024} MiB. "
            "Leave prompts and answers out, and export it again, best as one object a line.",
        )
