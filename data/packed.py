"""Packed files: gzip, Zstandard, and the members of zip archives, streamed and never unpacked to disk.

What is inside a packed log is prompts and answers, and these must not reach the disk. So nothing here
writes: DuckDB reads gzip and Zstandard by itself, block by block; a zip member, which DuckDB cannot
read, is fed to it through a pipe (see `Feed`); only Parquet, which is read from its end, is unpacked
into memory, up to `MAX_IN_MEMORY_BYTES`.

Before anybody parses a packed file it is read once from beginning to end, which checks its check
sums and its bounds: how much comes out altogether and for how much that goes in. Names inside an
archive are text to show; they are never used as paths. An archive within an archive is refused.
"""

import gzip
import io
import os
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Thread
from typing import BinaryIO, Final, Literal, Protocol

import pyarrow as pa

from data.errors import UnreadableFileError

Packing = Literal["gzip", "zstd", "zip"]

MAX_UNPACKED_BYTES: Final = 64 * 1024**3
"""How much may come out of one file, or of all members of one archive."""
MAX_RATIO: Final = 1000
"""How many bytes may come out for one that goes in, once more than `FREE_BYTES` have come out."""
FREE_BYTES: Final = 256 * 1024**2
MAX_MEMBERS: Final = 1000
MAX_IN_MEMORY_BYTES: Final = 256 * 1024**2
_MAX_DIRECTORY_BYTES: Final = 4 * 1024**2
"""The list of an archive's members is read whole; this is some 50,000 of them."""

_MAGIC: Final[dict[bytes, Packing]] = {
    b"\x1f\x8b": "gzip",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"PK\x03\x04": "zip",
    b"PK\x05\x06": "zip",
}
_BLOCK: Final = 1024 * 1024
_BLANK: Final = b" \t\r\n\x0b\x0c"
_METHODS: Final = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_ENCRYPTED: Final = 0x1


def packing_of(beginning: bytes) -> Packing | None:
    """How a file is packed that begins with these bytes, None when it is not."""
    return next((kind for magic, kind in _MAGIC.items() if beginning.startswith(magic)), None)


@dataclass(frozen=True)
class Packed:
    """A packed file, or one member of an archive, that was read to its end once and is within bounds.

    `size_bytes` is its unpacked size and `last_byte` its last byte that is not blank, b"" for a
    blank file.
    """

    packing: Packing
    size_bytes: int
    last_byte: bytes
    opener: Callable[[], BinaryIO] = field(repr=False)

    def open(self) -> BinaryIO:
        """The unpacked bytes from the beginning; a fault on the way is an UnreadableFileError."""
        return self.opener()

    def whole(self, shown: str) -> bytes:
        """All unpacked bytes; raises UnreadableFileError when they are more than fit in memory."""
        if self.size_bytes > MAX_IN_MEMORY_BYTES:
            raise UnreadableFileError(
                "The packed Parquet file is too large",
                f"“{shown}” is Parquet, which is compressed by itself, of "
                f"{self.size_bytes // 1024**2:,} MiB. Unpack it and import that.",
            )
        with self.open() as file:
            return file.read()


@dataclass(frozen=True)
class Member:
    """One file inside a zip archive; `shown` is its name for people, never a path."""

    shown: str
    _archive: "Archive" = field(repr=False)
    _info: zipfile.ZipInfo = field(repr=False)

    def packed(self) -> Packed:
        """Reads the member through; raises UnreadableFileError when it is damaged or too much."""
        return read_through("zip", lambda: self._archive.stream(self._info, self.shown), self.shown)


def open_packed(path: Path, packing: Literal["gzip", "zstd"], shown: str) -> Packed:
    """Reads a packed file through; raises UnreadableFileError when it is damaged or too much."""
    return read_through(packing, lambda: _stream(path, packing, shown), shown)


def read_through(packing: Packing, opener: Callable[[], BinaryIO], shown: str) -> Packed:
    """Reads a stream to its end once; raises UnreadableFileError when it is empty, damaged or too much."""
    size, last = 0, b""
    with opener() as file:
        while block := file.read(_BLOCK):
            size += len(block)
            last = block.rstrip(_BLANK)[-1:] or last
    if size == 0:
        raise UnreadableFileError("The file is empty", f"“{shown}” has nothing in it. Export it again.")
    return Packed(packing, size, last, opener)


def _stream(path: Path, packing: Literal["gzip", "zstd"], shown: str) -> BinaryIO:
    with _clear_faults(shown):
        raw = path.open("rb")
        try:
            unpacked: _Source = (
                gzip.GzipFile(fileobj=raw, mode="rb")
                if packing == "gzip"
                else pa.CompressedInputStream(pa.PythonFile(raw, mode="r"), "zstd")
            )
        except BaseException:
            raw.close()
            raise
    return io.BufferedReader(_Bounded(unpacked, raw, raw.tell, _Budget(shown)), _BLOCK)


# -- zip --------------------------------------------------------------------------------------


class Archive:
    """A zip archive: its members, and their bytes as streams; all members together share one bound."""

    def __init__(self, path: Path, shown: str) -> None:
        """Raises UnreadableFileError for an archive that is damaged, encrypted or beyond the bounds."""
        self._shown = shown
        self._file = _Capped(path.open("rb", buffering=0), shown)
        try:
            with _clear_faults(shown):
                self._zip = zipfile.ZipFile(self._file)
            self.members = self._listed(path.stat().st_size)
        except BaseException:
            self._file.close()
            raise

    def _listed(self, size: int) -> tuple[Member, ...]:
        infos = self._zip.infolist()
        if any(info.filename == "[Content_Types].xml" for info in infos):
            raise UnreadableFileError(
                "The file is an office document",
                f"“{self._shown}” is an Excel workbook or the like. Save it as CSV UTF-8 and import that.",
            )
        files = [info for info in infos if not _is_skipped(info)]
        if len(files) > MAX_MEMBERS:
            raise UnreadableFileError(
                "The archive has too many files",
                f"“{self._shown}” has {len(files):,} files in it; up to {MAX_MEMBERS:,} are read. Split it.",
            )
        if not files:
            raise UnreadableFileError("The archive is empty", f"“{self._shown}” has no files in it.")
        if any(info.flag_bits & _ENCRYPTED for info in files):
            raise UnreadableFileError(
                "The archive is encrypted",
                f"“{self._shown}” asks for a password. Unpack it and import the files.",
            )
        if sum(info.compress_size for info in infos) > size:
            raise _too_much(self._shown, "its files share the same bytes")
        if sum(info.file_size for info in files) > MAX_UNPACKED_BYTES:
            raise _too_much(self._shown, f"more than {MAX_UNPACKED_BYTES // 1024**3} GiB would come out")
        return tuple(Member(self._name(info), self, info) for info in files)

    def _name(self, info: zipfile.ZipInfo) -> str:
        parts = [part for part in info.filename.replace("\\", "/").split("/") if part]
        return " › ".join([self._shown, *parts])

    def stream(self, info: zipfile.ZipInfo, shown: str) -> BinaryIO:
        """The bytes of a member, checked against its check sum at the end."""
        if info.compress_type not in _METHODS:
            raise UnreadableFileError(
                "The archive is packed in an unusual way",
                f"“{shown}” is compressed by a method other than deflate. Unpack it and import the file.",
            )
        with _clear_faults(shown):
            unpacked = self._zip.open(info)
        bounded = _Bounded(unpacked, None, lambda: info.compress_size, _Budget(shown))
        return io.BufferedReader(bounded, _BLOCK)

    def close(self) -> None:
        """Closes the archive; its members cannot be read afterwards."""
        self._zip.close()
        self._file.close()

    def __enter__(self) -> "Archive":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _is_skipped(info: zipfile.ZipInfo) -> bool:
    """Folders, and what file managers leave behind: such names are no logs anybody exported."""
    parts = info.filename.replace("\\", "/").split("/")
    hidden = any(part.startswith(".") and part not in {".", ".."} for part in parts)
    return info.is_dir() or hidden or parts[0] == "__MACOSX"


class _Capped(io.BufferedReader):
    """Refuses to read a list of members that does not fit in memory, whatever the archive says of it."""

    def __init__(self, raw: io.FileIO, shown: str) -> None:
        super().__init__(raw)
        self._shown = shown

    def read(self, size: int | None = -1, /) -> bytes:
        if size is not None and size > _MAX_DIRECTORY_BYTES:
            raise _too_much(self._shown, "its list of files is too long")
        return super().read(size)


# -- bounds -----------------------------------------------------------------------------------


class _Source(Protocol):
    def read(self, size: int, /) -> bytes: ...

    def close(self) -> None: ...


@dataclass
class _Budget:
    """How much may still come out of a stream."""

    shown: str
    taken: int = 0

    def take(self, count: int, packed: int) -> None:
        self.taken += count
        if self.taken > MAX_UNPACKED_BYTES:
            raise _too_much(self.shown, f"more than {MAX_UNPACKED_BYTES // 1024**3} GiB would come out")
        if self.taken > FREE_BYTES + MAX_RATIO * packed:
            raise _too_much(self.shown, f"more than {MAX_RATIO:,} times its size would come out")


class _Bounded(io.RawIOBase):
    """A decompressed stream that stops at its bounds and says what is wrong in words fit to show."""

    def __init__(
        self, unpacked: _Source, raw: BinaryIO | None, packed: Callable[[], int], budget: _Budget
    ) -> None:
        super().__init__()
        self._unpacked = unpacked
        self._raw = raw
        self._packed = packed
        self._budget = budget

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "memoryview[int] | bytearray", /) -> int:  # type: ignore[override]
        with _clear_faults(self._budget.shown):
            block = self._unpacked.read(len(buffer))
        buffer[: len(block)] = block
        self._budget.take(len(block), self._packed())
        return len(block)

    def close(self) -> None:
        if not self.closed:
            with suppress(Exception):
                self._unpacked.close()
            if self._raw is not None:
                self._raw.close()
        super().close()


@contextmanager
def _clear_faults(shown: str) -> Iterator[None]:
    """Whatever a decompressor says about a damaged file, of a dozen kinds of error, in words fit to show."""
    try:
        yield
    except UnreadableFileError:
        raise
    except Exception as error:
        raise UnreadableFileError(
            "The packed file is damaged",
            f"“{shown}” cannot be unpacked to its end; it was probably cut off. Copy or export it again.",
        ) from error


def _too_much(shown: str, why: str) -> UnreadableFileError:
    return UnreadableFileError(
        "The packed file unpacks to too much",
        f"“{shown}” is not unpacked: {why}. If it is a log all the same, unpack it and import the files.",
    )


# -- feeding ----------------------------------------------------------------------------------


class Feed:
    """Hands unpacked bytes to a reader that wants a path: a pipe, filled by a thread of its own.

    The pipe holds a few kilobytes and has no name in any folder. It can be read once, from the
    beginning to the end. Use as a context; after it, `fault` is what went wrong on the way, and then
    the reader took a part for the whole.
    """

    def __init__(self, packed: Packed, shown: str) -> None:
        """Raises UnreadableFileError where the system has no paths for pipes."""
        if not Path("/dev/fd").exists():
            raise UnreadableFileError(
                "Not read on this system",
                f"“{shown}” is inside a zip archive, or is one JSON document of many records. Unpack it and "
                "import the file, or export one object a line.",
            )
        self._packed = packed
        self.fault: Exception | None = None
        self._taken = 0
        self._read_end, self._write_end = os.pipe()
        self._thread = Thread(target=self._fill, name="feed", daemon=True)

    @property
    def path(self) -> str:
        """The path under which the pipe is read."""
        return f"/dev/fd/{self._read_end}"

    @property
    def fraction(self) -> float:
        """The share of the bytes that was fed."""
        return self._taken / self._packed.size_bytes

    def _fill(self) -> None:
        try:
            with os.fdopen(self._write_end, "wb", buffering=0) as pipe, self._packed.open() as file:
                while block := file.read(_BLOCK):
                    view = memoryview(block)
                    while view:
                        view = view[pipe.write(view) or 0 :]
                    self._taken += len(block)
        except BrokenPipeError:
            pass  # the reader has had enough
        except Exception as error:
            self.fault = error

    def __enter__(self) -> "Feed":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        # Closing the last reading end releases a thread that waits to write.
        os.close(self._read_end)
        self._thread.join()
