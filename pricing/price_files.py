"""Price rows as files people keep: CSV and YAML, written exactly and read with suspicion.

Reading gives text cells by column and every problem of the file's form; what the cells mean is
decided by `pricing.edit_check`, as for rows typed in. Row numbers are those a spreadsheet shows (the
header is row 1); in YAML they count the entries from 1. Row 0 is the file as a whole.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

import yaml

from pricing.edit_check import EditCheck, Problem, read_edits
from pricing.model import PriceRow

if TYPE_CHECKING:
    from pricing.table import PriceTable

COLUMNS: Final = tuple(PriceRow.model_fields)
MAX_BYTES: Final = 5_000_000
MAX_ROWS: Final = 20_000
YAML_ENDINGS: Final = (".yaml", ".yml")
_DELIMITERS: Final = (",", ";", "\t")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_YAML_BLANKS: Final = ("null", "~")
_YAML_HEADER: Final = "# USD per million tokens; dates are UTC; leave out what is not known.\n"


@dataclass(frozen=True)
class PriceFile:
    """The cells of a file by row number and column, and what was wrong with its form."""

    rows: tuple[tuple[int, Mapping[str, str]], ...]
    problems: tuple[Problem, ...]


def csv_text(rows: Iterable[PriceRow]) -> str:
    """The rows as CSV with every field, RFC 4180; unknown prices are empty, formulas are escaped."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in rows:
        writer.writerow([_escaped(_cell(getattr(row, name))) for name in COLUMNS])
    return out.getvalue()


def yaml_text(rows: Iterable[PriceRow]) -> str:
    """The rows as a YAML list with every known field; prices are quoted, so no reader makes them floats."""
    entries = [
        {name: _cell(value) for name in COLUMNS if (value := getattr(row, name)) not in (None, "")}
        for row in rows
    ]
    return _YAML_HEADER + yaml.safe_dump(entries, sort_keys=False, allow_unicode=True, width=1_000)


def read_price_file(content: bytes, name: str) -> PriceFile:
    """The cells of a CSV or YAML file, told apart by the ending of its name."""
    if len(content) > MAX_BYTES:
        return _refused(f"The file has {len(content):,} bytes; {MAX_BYTES:,} are the most.")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return _refused(f"The file is not UTF-8 text: byte {error.start + 1:,}. Save it as CSV UTF-8.")
    if "\0" in text:
        return _refused("The file holds zero bytes, so it is no text. Save it as CSV UTF-8 or YAML.")
    read = _read_yaml if name.lower().endswith(YAML_ENDINGS) else _read_csv
    found = read(text)
    if not found.rows and not found.problems:
        return _refused("The file has no price rows.")
    if len(found.rows) > MAX_ROWS:
        return _refused(f"The file has {len(found.rows):,} rows; {MAX_ROWS:,} are the most.")
    return found


def check_price_file(table: "PriceTable", content: bytes, name: str, *, checked_on: date) -> EditCheck:
    """The file's rows as price rows, or every problem of its form and its cells with row and column."""
    found = read_price_file(content, name)
    check = read_edits(
        table,
        [cells for _, cells in found.rows],
        checked_on=checked_on,
        numbers=[number for number, _ in found.rows],
    )
    problems = sorted([*found.problems, *check.problems], key=lambda problem: problem.row)
    return EditCheck(check.rows, tuple(problems))


def _refused(sentence: str) -> PriceFile:
    return PriceFile((), (Problem(0, None, sentence),))


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def _escaped(text: str) -> str:
    """A cell that a spreadsheet would run as a formula, made text as spreadsheets do."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


def _plain(text: str) -> str:
    """The cell that `_escaped` made text of."""
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA_STARTS) else text


def _read_csv(text: str) -> PriceFile:
    head = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    records: list[list[str]] = []
    problems: list[Problem] = []
    try:
        for record in reader:
            records.append(record)
            if len(records) > MAX_ROWS + 1:
                return _refused(f"The file has more than {MAX_ROWS:,} rows.")
    except csv.Error as error:
        problems.append(Problem(len(records) + 1, None, f"The row cannot be read as CSV: {error}."))
    if not records:
        return PriceFile((), tuple(problems))
    header = [cell.strip().lower() for cell in records[0]]
    faults = _header_problems(header)
    if any(problem.row == 0 for problem in faults):
        return PriceFile((), tuple(faults))
    problems = [*faults, *problems]
    rows: list[tuple[int, Mapping[str, str]]] = []
    for number, record in enumerate(records[1:], start=2):
        if not any(cell.strip() for cell in record):
            continue
        if len(record) != len(header):
            problems.append(
                Problem(
                    number, None, f"The row has {len(record)} cells; the header has {len(header)} columns."
                )
            )
            continue
        cells = {
            column: _plain(cell) for column, cell in zip(header, record, strict=True) if column in COLUMNS
        }
        rows.append((number, cells))
    return PriceFile(tuple(rows), tuple(problems))


def _header_problems(header: Sequence[str]) -> list[Problem]:
    """Columns given twice, unknown or missing; row 0 where reading on would make no sense."""
    problems = []
    for position, column in enumerate(header):
        if column in header[:position]:
            problems.append(Problem(0, column, f"The column {column!r} is given twice."))
        elif column not in COLUMNS:
            problems.append(
                Problem(
                    1,
                    column or None,
                    f"There is no column {column!r} in a price row; columns are: {', '.join(COLUMNS)}.",
                )
            )
    problems.extend(
        Problem(0, column, f"The column {column!r} is missing; the first row must name the columns.")
        for column in ("provider", "model", "tier")
        if column not in header
    )
    return problems


class _TextLoader(yaml.BaseLoader):
    """Every scalar stays the text it is, so that no price becomes a float; aliases are refused."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.get_event().start_mark  # type: ignore[no-untyped-call]  # the stubs leave it bare
            raise yaml.MarkedYAMLError(problem="aliases (*name) are not supported", problem_mark=mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"{key.value!r} is given twice or is no name", problem_mark=key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _read_yaml(text: str) -> PriceFile:
    try:
        entries = yaml.load(text, Loader=_TextLoader)  # noqa: S506 - a BaseLoader makes only text
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"Line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        return _refused(f"{where}{error.problem}.")
    except (yaml.YAMLError, ValueError) as error:
        return _refused(f"The file is not YAML: {str(error).splitlines()[0]}.")
    except RecursionError:
        return _refused("Values are nested too deeply to be price rows.")
    if entries in (None, ""):
        return PriceFile((), ())
    if not isinstance(entries, list):
        return _refused("The file must be a list of price rows, each beginning with a hyphen.")
    rows: list[tuple[int, Mapping[str, str]]] = []
    problems: list[Problem] = []
    for number, entry in enumerate(entries, start=1):
        if not isinstance(entry, dict):
            problems.append(Problem(number, None, "The entry is no price row: write column: value lines."))
            continue
        nested = [str(column) for column, value in entry.items() if not isinstance(value, str)]
        if nested:
            problems.extend(Problem(number, column, "The value must be a single one.") for column in nested)
            continue
        rows.append((number, {column: _yaml_cell(value) for column, value in entry.items()}))
    return PriceFile(tuple(rows), tuple(problems))


def _yaml_cell(value: str) -> str:
    return "" if value.strip().lower() in _YAML_BLANKS else value
