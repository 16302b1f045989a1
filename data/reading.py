"""What a file is before any format looks at it: readable at all, in which encoding, in which container.

Everything that is wrong with a file as a whole is found here, before the workspace is touched.
Only the head is read: at most 1 MiB, or one record where a record is longer.
"""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import UnreadableFileError
from data.formats.base import CsvDialect, FileHead, shown_column
from data.formats.flat_record import normal
from data.formats.yaml_records import looks_like_yaml, yaml_head
from data.packed import Member, Packed, open_packed, packing_of
from data.wrapped import is_wrapped, unwrapped

MAX_LINE_BYTES: Final = 8 * 1024 * 1024
"""The longest JSON line, JSON record or CSV row that is read."""

HEAD_BYTES: Final = 1024 * 1024
MAX_RECORDS: Final = 200
MAX_COLUMNS: Final = 2_000
_BLOCK: Final = 1024 * 1024

_PACKED: Final = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "ZIP",
    b"PK\x05\x06": "ZIP",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
}
_WIDE: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}
_DELIMITERS: Final = (",", ";", "\t", "|")
_BLANK: Final = b" \t\r\n\x0b\x0c"


def read_head(path: Path, name: str, member: Member | None = None) -> FileHead:
    """Reads the beginning of a file and says what container it is.

    `name` is the display name used in messages; `member` is the file inside the archive at `path`
    that is meant. gzip and Zstandard are looked into, and read through once. Raises
    UnreadableFileError, with what to do about it, for a file that cannot be read as a whole:
    missing, empty, binary, an archive without a member, cut off, not UTF-8, one endless line.
    """
    try:
        str(path).encode()
    except UnicodeEncodeError:
        raise UnreadableFileError(
            "The file name cannot be used",
            f"The name of “{name}” is not UTF-8 text. Rename the file and import it.",
        ) from None
    try:
        if not path.is_file():
            raise UnreadableFileError("No such file", f"“{name}” is not a file. Check the path.")
        log = _log(path, name, member)
        with log.open() as file:
            head = file.read(HEAD_BYTES)
    except OSError as error:
        raise UnreadableFileError(
            "The file cannot be opened",
            f"“{name}” cannot be read ({error.strerror or 'system error'}). Check that you may read it.",
        ) from error
    found = _head(log, head, name)
    return replace(found, packed=found.packed or log.packed)


@dataclass(frozen=True)
class _Log:
    """The bytes of a log, wherever they are."""

    path: Path
    size: int
    packed: Packed | None
    is_taken_apart: bool = False

    def open(self) -> BinaryIO:
        return self.packed.open() if self.packed else self.path.open("rb")

    def last_byte(self) -> bytes:
        """The last byte that is not blank; b"" for a blank file."""
        return self.packed.last_byte if self.packed else last_byte(self.path)


def _log(path: Path, name: str, member: Member | None) -> _Log:
    if member is not None:
        packed = member.packed()
        return _Log(path, packed.size_bytes, packed)
    with path.open("rb") as file:
        packing = packing_of(file.read(4))
    if packing is None:
        return _Log(path, path.stat().st_size, None)
    if packing == "zip":
        raise UnreadableFileError(
            "The file is an archive",
            f"“{name}” is a ZIP archive of files. Import them one by one, each is a log of its own.",
        )
    packed = open_packed(path, packing, name)
    return _Log(path, packed.size_bytes, packed)


def _head(log: _Log, head: bytes, name: str) -> FileHead:
    size = log.size
    if head.startswith(b"PAR1"):
        return _parquet_head(log, name)
    _refuse_binary(head, size, name)
    text = _decoded(head, size, name)
    if not text.strip():
        if size > len(head):
            text = _decoded(_after_blanks(log), size, name)
        if not text.strip():
            raise UnreadableFileError("The file is empty", f"“{name}” holds nothing but blank space.")
    if text.lstrip()[0] in "{[":
        return _json_head(log, text, name)
    if looks_like_yaml(text):
        return yaml_head(log.path, size, log.open, name)
    return _csv_head(log, text, name)


# -- bytes ------------------------------------------------------------------------------------


def _refuse_binary(head: bytes, size: int, name: str) -> None:
    if size == 0:
        raise UnreadableFileError("The file is empty", f"“{name}” has no bytes in it. Export it again.")
    for magic, kind in _PACKED.items():
        if head.startswith(magic):
            raise UnreadableFileError(
                "The file is packed",
                f"“{name}” is a {kind} file inside, or one that is not read. Unpack it and import that.",
            )
    if head[257:262] == b"ustar":
        raise UnreadableFileError(
            "The file is packed",
            f"“{name}” is a tar archive. Unpack it and import the files, or pack them as ZIP.",
        )
    if head.startswith((*_WIDE, b"\x00\x00\xfe\xff")) or _looks_wide(head):
        raise UnreadableFileError(
            "The file is UTF-16",
            f"“{name}” is stored as UTF-16. Save it as UTF-8 (in Excel: “CSV UTF-8”; in Notepad: "
            "“Save as”, encoding UTF-8) and import that.",
        )
    if b"\x00" in head:
        raise UnreadableFileError(
            "The file is binary",
            f"“{name}” is not a text file and not Parquet. Import CSV, JSON, JSON Lines or Parquet.",
        )


def _looks_wide(head: bytes) -> bool:
    """UTF-16 without a byte order mark: every other byte of plain text is zero."""
    sample = head[:4096]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    return half > 1 and (max(even, odd) > half * 7 // 10) and min(even, odd) < half // 10 + 1


def _decoded(head: bytes, size: int, name: str) -> str:
    """The head as text, without a byte order mark and without a character cut off at its end."""
    try:
        return head.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.start >= len(head) - 3 and error.reason.startswith("unexpected end"):
            return head[: error.start].decode("utf-8-sig")
        line = head.count(b"\n", 0, error.start) + 1
        raise UnreadableFileError(
            "The file is not UTF-8",
            f"Line {line} of “{name}” has a byte (0x{head[error.start]:02X}) that is not UTF-8; the file is "
            "probably stored in an older encoding such as Latin-1 or Windows-1252. "
            "Save it as UTF-8 and import that.",
        ) from None


def _after_blanks(log: _Log) -> bytes:
    """The first block of a file that is not all blank, b"" when there is none."""
    with log.open() as file:
        while block := file.read(_BLOCK):
            if block.strip(_BLANK):
                return block.lstrip(_BLANK)
    return b""


def last_byte(path: Path) -> bytes:
    """The last byte that is not blank; b"" for a blank file."""
    with path.open("rb") as file:
        end = file.seek(0, io.SEEK_END)
        while end:
            start = max(0, end - _BLOCK)
            file.seek(start)
            block = file.read(end - start).rstrip(_BLANK)
            if block:
                return block[-1:]
            end = start
    return b""


# -- Parquet ----------------------------------------------------------------------------------


def _parquet_head(log: _Log, name: str) -> FileHead:
    source = pa.BufferReader(log.packed.whole(name)) if log.packed else log.path
    try:
        with pq.ParquetFile(source) as file:
            columns = tuple(file.schema_arrow.names)
            types = tuple(_read_as(kind) for kind in file.schema_arrow.types)
            rows = file.metadata.num_rows
    except (OSError, ValueError, pa.ArrowException) as error:
        raise UnreadableFileError(
            "The Parquet file is damaged",
            f"“{name}” begins like a Parquet file but cannot be read to its end; it was probably cut off. "
            "Copy or export it again.",
        ) from error
    if rows == 0:
        raise UnreadableFileError("The file has no rows", f"“{name}” is a Parquet file without rows.")
    return FileHead(log.path, log.size, "parquet", columns=columns, types=types)


def _read_as(kind: pa.DataType) -> str:
    """The type as which a draft may take the values of a Parquet column; "" for those it takes as text."""
    if pa.types.is_integer(kind) and kind != pa.uint64():
        return "BIGINT"
    if kind == pa.timestamp("us"):
        return "TIMESTAMP"
    return "BOOLEAN" if pa.types.is_boolean(kind) else ""


# -- JSON -------------------------------------------------------------------------------------


def _json_head(log: _Log, text: str, name: str) -> FileHead:
    path, size = log.path, log.size
    text = text.lstrip()
    whole = size <= HEAD_BYTES
    if text[0] == "[":
        items = _array_items(text)
        if not items and not whole:
            items = _array_items(_longer(log, name))
        if log.last_byte() != b"]":
            raise UnreadableFileError(
                "The file is cut off",
                f"“{name}” is a JSON list without its end; it was probably cut off. Copy or export it again.",
            )
        if not items:
            raise _no_items(name, whole=whole)
        return FileHead(path, size, "json", records=_objects(items), is_array=True)
    lines = text.split("\n")
    if not whole:
        lines.pop()  # cut off by the end of the head
    parsed = [_parsed(line) for line in lines[: 2 * MAX_RECORDS]]
    records = _objects(iter(parsed))
    first_line_ends = len(lines) > (1 if whole else 0)
    if records and (isinstance(parsed[0], dict) or not _opens_a_document(lines[0])):
        return FileHead(path, size, "jsonl", records=records)
    if not first_line_ends and not whole:
        return _long_first_line(log, text, name)
    documents = _objects(_documents(text if whole else _longer(log, name)))
    if documents:
        return FileHead(path, size, "json", records=documents)
    if _is_one_for_all(log, text):
        return _taken_apart(log, name)
    raise UnreadableFileError(
        "The file is not valid JSON",
        f"“{name}” begins like JSON, but not one complete JSON object stands at its beginning; it may "
        "have been cut off. Export it again, one object a line or one JSON document.",
    )


def _no_items(name: str, *, whole: bool) -> UnreadableFileError:
    if whole:
        return UnreadableFileError(
            "The file has no rows",
            f"“{name}” is a JSON list without a readable record. Export it again with data.",
        )
    return UnreadableFileError(
        "A record is too long",
        f"The first record of “{name}” is longer than {MAX_LINE_BYTES // 1024 // 1024} MiB. "
        "Leave prompts and answers out, and export it again.",
    )


def _opens_a_document(line: str) -> bool:
    """Whether a first line looks like the start of a pretty-printed object rather than a broken one-liner."""
    return line.rstrip().endswith(("{", "[", ","))


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _objects(values: Iterator[Any] | list[Any]) -> tuple[dict[str, Any], ...]:
    found: list[dict[str, Any]] = []
    for value in values:
        if isinstance(value, dict):
            found.append(value)
            if len(found) == MAX_RECORDS:
                break
    return tuple(found)


def _documents(text: str, start: int = 0, separator: str = "") -> Iterator[Any]:
    """The complete JSON values standing one after the other in a text that may be cut off."""
    decoder = json.JSONDecoder()
    while start < len(text):
        while start < len(text) and (text[start].isspace() or text[start] == separator):
            start += 1
        try:
            value, start = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            return
        yield value


def _array_items(text: str) -> list[Any]:
    return list(_documents(text.lstrip(), 1, ","))


def _longer(log: _Log, name: str) -> str:
    """As much of the file as one record may take."""
    with log.open() as file:
        return _decoded(file.read(MAX_LINE_BYTES), log.size, name).lstrip()


def _is_one_for_all(log: _Log, text: str) -> bool:
    """Whether a file begins as one JSON object that holds all records, too long to be read in one piece."""
    return log.size > MAX_LINE_BYTES and not log.is_taken_apart and is_wrapped(text)


def _taken_apart(log: _Log, name: str) -> FileHead:
    """The head of the JSON Lines that such an object is taken apart into."""
    lines = unwrapped(log.open, name, MAX_LINE_BYTES)
    with lines.open() as file:
        text = _decoded(file.read(HEAD_BYTES), lines.size_bytes, name)
    inside = _Log(log.path, lines.size_bytes, lines, is_taken_apart=True)
    return replace(_json_head(inside, text, name), packed=lines)


def _long_first_line(log: _Log, text: str, name: str) -> FileHead:
    """JSON Lines whose first line is longer than the head; that line may be too long, the next ones not."""
    size = log.size
    with log.open() as file:
        whole_lines: list[bytes] = []
        while len(whole_lines) < MAX_RECORDS and sum(map(len, whole_lines)) <= MAX_LINE_BYTES:
            line = file.readline(MAX_LINE_BYTES + 1)
            if not line:
                break
            if len(line) <= MAX_LINE_BYTES:
                whole_lines.append(line)
            while line and not line.endswith(b"\n"):
                line = file.readline(_BLOCK)
    records = _objects([_parsed(_decoded(line, size, name)) for line in whole_lines])
    if records:
        return FileHead(log.path, size, "jsonl", records=records)
    if _is_one_for_all(log, text):
        return _taken_apart(log, name)
    raise UnreadableFileError(
        "The file is one endless line",
        f"“{name}” has no line of at most {MAX_LINE_BYTES // 1024 // 1024} MiB that is a JSON object. "
        "Write one object a line, and leave prompts and answers out.",
    )


# -- CSV --------------------------------------------------------------------------------------


def _csv_head(log: _Log, text: str, name: str) -> FileHead:
    size = log.size
    skip, rest, delimiter = 0, text, None
    while rest and not (line := rest.partition("\n")[0]).strip():
        skip, rest = skip + 1, rest[len(line) + 1 :]
    hint = rest.partition("\n")[0].strip()
    if hint.lower().startswith("sep=") and len(hint) == 5:
        delimiter = hint[4]  # Excel's own hint, a line before the header
        skip, rest = skip + 1, rest.partition("\n")[2]
    if not rest.strip() or (size > HEAD_BYTES and "\n" not in rest):
        raise _not_a_table(name)
    headers = {mark: _header(rest, mark) for mark in ([delimiter] if delimiter else _DELIMITERS)}
    delimiter = max(headers, key=lambda mark: len(headers[mark]))
    columns = headers[delimiter]
    if not any(columns) or len(columns) > MAX_COLUMNS or any(not _is_printable(column) for column in columns):
        raise _not_a_table(name)
    names = [normal(column) for column in columns if column.strip()]
    if len(set(names)) < len(names):
        twice = next(column for column in columns if names.count(normal(column)) > 1)
        raise UnreadableFileError(
            "Two columns have the same name",
            f"The header of “{name}” names the column {shown_column(twice)} more than once. "
            "Rename or remove one.",
        )
    records = csv.reader(io.StringIO(rest), delimiter=delimiter)
    try:
        next(records)
        has_rows = any(any(cell.strip() for cell in record) for record in records)
    except csv.Error:
        has_rows = True
    return FileHead(
        log.path,
        size,
        "csv",
        columns=tuple(columns),
        csv=CsvDialect(delimiter, skip),
        has_rows=has_rows or size > HEAD_BYTES,
    )


def _header(text: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader(io.StringIO(text), delimiter=delimiter), [])]
    except csv.Error:
        return []


def _is_printable(text: str) -> bool:
    return all(character.isprintable() for character in text)


def _not_a_table(name: str) -> UnreadableFileError:
    return UnreadableFileError(
        "Not a table and not JSON",
        f"“{name}” is text, but begins neither with a CSV header nor with a JSON object. "
        "Import CSV, JSON, JSON Lines or Parquet.",
    )
