"""Ways to break a file, as hypothesis strategies: its bytes, its JSON values, its table cells."""

import csv
import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq
from hypothesis import strategies as st

CANARY: Final = "the canary sang behind the blue door, " * 10
"""What stands for prompts and answers; too long for an identifier, and no plain column name."""

TOKENS: Final = (
    b"", b"\x00", b"\xef\xbb\xbf", b"\xff", b"\xc3", b"\r", b"\n", b"\r\n", b'"', b"'", b",", b";", b"\\",
    b"\\u0000", b"\\ud800", b"{", b"}", b"[", b"]", b"[[[[[[[[", b"null", b"true", b"NaN", b"-Infinity",
    b"1e999", b"-1", b"0.5", b"1,5", b"999999999999999999", b"9223372036854775808", b"9999-12-31T00:00:00Z",
    b"data: [DONE]\n", b"\xe2\x80\xa8", b"<tag>", b"$x", b"{}", b"%s",
)  # fmt: skip
"""What to put into the bytes of a file."""

ODD: Final[tuple[Any, ...]] = (
    None, True, False, 0, -1, 1.5, 10**15, 10**18, -(10**30), 1e308, float("nan"), "", " ", "\x00", "\ud800",
    "-1", "1,5", "1e5", "NaN", "null", "9999-12-31T23:59:59Z", "0001-01-01", "batch", "auto", "$.a", "'; --",
    "\u202e", "é" * 400, [], {}, [[]], [None], [{}], {"": 1}, {"a.b": {"c": [1]}}, [1, "two", {"three": 3}],
)  # fmt: skip
"""Values that somebody's log has where a number or a text belongs."""

ENCODINGS: Final = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-32", "latin-1", "cp1252")

numbers = st.integers(0, 1 << 30)
odd_values = st.sampled_from(ODD) | st.integers() | st.floats() | st.text(max_size=20)


@st.composite
def broken_bytes(draw: st.DrawFn, content: bytes) -> bytes:
    """The content after some flips, cuts, copies and insertions."""
    for _ in range(draw(st.integers(1, 4))):
        at = draw(numbers) % (len(content) + 1)
        length = draw(st.integers(0, 40)) if draw(st.booleans()) else draw(numbers) % (len(content) + 1)
        match draw(st.sampled_from(("flip", "cut", "insert", "copy", "end", "double"))):
            case "flip":
                flipped = bytes(byte ^ (1 << draw(st.integers(0, 7))) for byte in content[at : at + 1])
                content = content[:at] + flipped + content[at + 1 :]
            case "cut":
                content = content[:at] + content[at + length :]
            case "insert":
                content = content[:at] + draw(st.sampled_from(TOKENS)) + content[at:]
            case "copy":
                to = draw(numbers) % (len(content) + 1)
                content = content[:to] + content[at : at + length] + content[to:]
            case "end":
                content = content[:at]
            case _:
                content = content + content
    return content


@st.composite
def recoded(draw: st.DrawFn, content: bytes) -> bytes:
    """The content in another encoding, with other line ends, or with lines in another order."""
    text = content.decode("utf-8-sig", "replace")
    match draw(st.sampled_from(("encoding", "ends", "order", "blank"))):
        case "encoding":
            return text.encode(draw(st.sampled_from(ENCODINGS)), "replace")
        case "ends":
            ends = draw(st.lists(st.sampled_from(("\n", "\r\n", "\r", "\n\n")), min_size=1, max_size=3))
            lines = text.split("\n")
            return "".join(line + ends[n % len(ends)] for n, line in enumerate(lines)).encode()
        case "order":
            return "\n".join(draw(st.permutations(text.split("\n")[:50]))).encode()
        case _:
            return ("\n" * draw(st.integers(0, 3)) + text + " \n\t\n").encode()


def places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (holder, key) inside a JSON value."""
    children = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, child in list(children):
        yield value, key
        yield from places(child)


@st.composite
def spliced_json(draw: st.DrawFn, content: bytes, *, lines: bool) -> bytes:
    """The JSON of the content with some values replaced, removed, moved or repeated; texts stay in place."""
    text = content.decode()
    records = [_parsed(line) for line in text.splitlines()] if lines else [_parsed(text)]
    records = [record for record in records if record is not None]
    for _ in range(draw(st.integers(1, 5))):
        every = [place for record in records for place in places(record)]
        if not every:
            break
        holder, key = every[draw(numbers) % len(every)]
        other, name = every[draw(numbers) % len(every)]
        match draw(st.sampled_from(("odd", "odd", "other", "remove", "nest"))):
            case "odd":
                holder[key] = draw(odd_values)
            case "other":
                if CANARY not in json.dumps(other[name]):
                    holder[key] = json.loads(json.dumps(other[name]))
            case "remove" if isinstance(holder, dict):
                del holder[key]
            case _:
                holder[key] = draw(
                    st.sampled_from(([holder[key]], {"data": holder[key]}, json.dumps(holder[key])))
                )
    return "\n".join(json.dumps(record, ensure_ascii=draw(st.booleans())) for record in records).encode(
        "utf-8", "replace"
    )


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


@st.composite
def spliced_table(draw: st.DrawFn, content: bytes) -> list[list[str]]:
    """The cells of a CSV with some replaced, rows and columns removed, swapped or repeated."""
    text = content.decode("utf-8-sig")
    rows = list(
        csv.reader(io.StringIO(text), delimiter=";" if text.partition("\n")[0].count(";") > 1 else ",")
    )
    rows = [row for row in rows if row]
    for _ in range(draw(st.integers(1, 5))):
        row = rows[draw(numbers) % len(rows)]
        at = draw(numbers) % max(1, len(row))
        match draw(
            st.sampled_from(("odd", "odd", "odd", "other", "column", "row", "short", "long", "repeat"))
        ):
            case "odd" if row is not rows[0] and row:
                row[at] = str(draw(odd_values))
            case "other" if row is not rows[0] and row:
                source = rows[draw(numbers) % len(rows)]
                cell = source[draw(numbers) % len(source)] if source else ""
                row[at] = row[at] if CANARY in cell else cell
            case "column":
                rows = [[cell for n, cell in enumerate(cells) if n != at] for cells in rows]
            case "row":
                rows.insert(draw(numbers) % len(rows) + 1, list(row))
            case "short" if row is not rows[0]:
                del row[at:]
            case "long":
                row.append(draw(st.text(max_size=5)))
            case _:
                rows = [[*cells, *cells[at : at + 1]] for cells in rows]
    return rows


def as_csv(rows: list[list[str]], delimiter: str = ",") -> bytes:
    """Cells as a CSV."""
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    return text.getvalue().encode("utf-8", "replace")


@st.composite
def as_parquet(draw: st.DrawFn, rows: list[list[str]]) -> bytes:
    """Cells as Parquet, each column in a type of its own as far as its values go."""
    header = list(dict.fromkeys(rows[0]))
    arrays = []
    for n, _ in enumerate(header):
        cells = [row[n] if n < len(row) else None for row in rows[1:]]
        arrays.append(draw(st.sampled_from(_TYPES))(cells))
    table = pa.table(arrays, names=[name.encode("utf-8", "replace").decode() for name in header])
    target = pa.BufferOutputStream()
    pq.write_table(table, target)
    return bytes(target.getvalue().to_pybytes())


def _texts(cells: list[str | None]) -> pa.Array:
    return pa.array([None if cell is None else cell.encode("utf-8", "replace").decode() for cell in cells])


def _typed(kind: pa.DataType) -> Any:
    def made(cells: list[str | None]) -> pa.Array:
        try:
            return _texts(cells).cast(kind)
        except pa.ArrowException:
            return _texts(cells)

    return made


_TYPES: Final = (
    _texts,
    _texts,
    _typed(pa.int64()),
    _typed(pa.float64()),
    _typed(pa.decimal128(38, 9)),
    _typed(pa.timestamp("us")),
    _typed(pa.binary()),
    lambda cells: pa.array([[cell] for cell in cells], pa.list_(pa.string())),
    lambda cells: pa.array([{"a": cell} for cell in cells], pa.struct([("a", pa.string())])),
    lambda cells: pa.nulls(len(cells)),
)


def packed(content: bytes, packing: str) -> bytes:
    """The content packed as gzip, Zstandard or in an archive."""
    if packing == "gzip":
        return gzip.compress(content, mtime=0)
    if packing == "zstd":
        sink = pa.BufferOutputStream()
        with pa.CompressedOutputStream(sink, "zstd") as stream:
            stream.write(content)
        return bytes(sink.getvalue().to_pybytes())
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/log", content)
        archive.writestr("b.txt", b"not a log")
    return target.getvalue()
