"""Records that are one call each and are not wrapped: a JSON object, a CSV row, a Parquet row.

The same field names are asked of all three, so one module can serve a format in every container.
Fields that hold JSON themselves (as an object, or as text that a database dump encoded once more)
are taken apart with `nested`.
"""

from collections.abc import Mapping

from data.db import quoted
from data.formats.attributes import FIELDS, attribute_list
from data.formats.base import TYPED, FileHead, draft_select
from data.formats.json_paths import planned
from data.formats.layers import Layers, joined


def normal(column: str) -> str:
    """A column name as formats look for it: lower case, blanks and hyphens as underscores."""
    return column.strip().lower().replace(" ", "_").replace("-", "_")


class FlatRecord(Layers):
    """Builds a draft over the rows of one file; fields that the file does not have are NULL."""

    def __init__(self, head: FileHead, source: str = "source") -> None:
        """`source` is the relation the rows stand in, where the format makes them of the file's own."""
        super().__init__()
        self._source = source
        self._container = head.container
        self._is_json = head.container in {"jsonl", "json"}
        self._keys: list[str] = []
        self._opened: dict[str, list[str]] = {}
        self._columns: dict[str, str] = {}
        for position, column in enumerate(head.columns):
            reference = f"c{position}" if head.container == "csv" else '"' + column.replace('"', '""') + '"'
            self._columns.setdefault(normal(column), reference)
        self._types = dict(zip(map(normal, head.columns), head.types, strict=False))

    def values(self, names: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
        """Draft columns from fields by name: the expressions, and the types of those that are not text."""
        types = {
            draft: kind
            for draft, name in names.items()
            if draft in TYPED.get(kind := self._types.get(name, ""), frozenset())
        }
        found = {
            draft: self._columns[name] if draft in types else self.top(name) for draft, name in names.items()
        }
        return found, types

    def top(self, *names: str) -> str:
        """The first of the fields that has a value, as text."""
        return self.column("coalesce(" + ", ".join(f"nullif({self.text(name)}, '')" for name in names) + ")")

    def nested(self, name: str, *paths: str) -> str:
        """The first of the paths inside a field that holds JSON, as text."""
        known = self._opened.setdefault(name, [])
        known.extend(path for path in paths if path not in known)
        self.text(name)
        found = (f"nullif(opened_{name}[{known.index(path) + 1}], '')" for path in paths)
        return self.column(f"coalesce({', '.join(found)})")

    def attributes(self) -> str:
        """The attributes that stand in fields of their own name, `tags` and `metadata` as JSON text."""
        fields, tags, metadata = (
            {name: self.top(name) for name in names if self._is_json or name in self._columns}
            for names in (FIELDS, ("tags",), ("metadata",))
        )
        return attribute_list(
            fields, tags=list(tags.values()), metadata=list(metadata.values()), column=self.column
        )

    def text(self, name: str) -> str:
        """A field as it stands; of a field that holds JSON its text."""
        if not self._is_json:
            reference = self._columns.get(normal(name))
            return f"cast({reference} AS VARCHAR)" if reference else "cast(NULL AS VARCHAR)"
        if name not in self._keys:
            self._keys.append(name)
        return f"k{self._keys.index(name) + 1}"

    def json_text(self, name: str) -> str:
        """The text of a field that holds JSON, also where a dump wrote it as a JSON string of that text."""
        return self.column(_unwrapped(self.text(name)))

    def select(
        self,
        values: Mapping[str, str],
        *,
        reject: str,
        identity: str | None = None,
        types: Mapping[str, str] | None = None,
    ) -> str:
        """The draft's SELECT over the rows.

        `values` must name `call_id`; `types` are those of `values`, if any. `reject` is SQL for a code
        with an optional `:column`, or NULL, asked of every whole record. `identity` is SQL for the text
        that identifies a row without call id; the whole row unless told.
        """
        fault = self.column(f"coalesce(broken, {reject})")
        whole = identity or ("raw" if self._is_json else self.whole_row())
        filled = {
            **values,
            "row_key": f"CASE WHEN {fault} IS NULL AND {values['call_id']} IS NULL THEN sha256({whole}) END",
            "reject_code": f"split_part({fault}, ':', 1)",
            "reject_column": f"nullif(split_part({fault}, ':', 2), '')",
        }
        opened = "".join(f",\n    {self._open(name)} AS opened_{name}" for name in self._opened)
        layers, last = self.expressions("opened")
        tables = [
            f"fields AS (\n{self._fields()}\n)",
            f"opened AS (\n  SELECT *{opened}\n  FROM fields\n)",
            *layers,
        ]
        return f"{joined(tables)}\n{draft_select(filled, last, types=types)}"

    def _fields(self) -> str:
        if self._is_json:
            paths = [self._path(name) for name in self._keys]
            plan = planned(paths)
            values = "".join(
                f",\n    {plan.value(path, 't', 'l')} AS k{number}"
                for number, path in enumerate(paths, start=1)
            )
            return f"""  SELECT raw{values}, CASE
    WHEN NOT coalesce(valid, false)
      THEN CASE WHEN raw IS NULL OR trim(raw, ' \t\r\n') = '' THEN 'blank' ELSE 'not_json' END
    WHEN NOT (starts_with(raw, '{{') OR starts_with(ltrim(raw, ' \t\r\n'), '{{')) THEN 'not_an_object'
  END AS broken
  FROM ({plan.read(self._source)})"""
        if self._container == "csv":
            empty = " AND ".join(f"{reference} IS NULL" for reference in self._columns.values())
            return f"  SELECT *, CASE WHEN {empty} THEN 'blank' END AS broken FROM {self._source}"
        return f"  SELECT *, cast(NULL AS VARCHAR) AS broken FROM {self._source}"

    def _path(self, name: str) -> str:
        """Where a field stands in a JSON record, as `json_paths` writes it."""
        return name

    def whole_row(self) -> str:
        """SQL for all cells of a CSV or Parquet row as one text."""
        cells = (f"coalesce(cast({reference} AS VARCHAR), '')" for reference in self._columns.values())
        return f"concat_ws(chr(31), {', '.join(cells)})"

    def _open(self, name: str) -> str:
        paths = ", ".join(quoted(f"$.{path}") for path in self._opened[name])
        text = _unwrapped(self.text(name))
        return f"CASE WHEN json_valid({text}) THEN json_extract_string({text}, [{paths}]) END"


def _unwrapped(text: str) -> str:
    """SQL: JSON text out of the JSON string that a dump of a database may hold it in."""
    return (
        f"CASE WHEN starts_with({text}, '\"') AND json_valid({text}) "
        f"THEN json_extract_string({text}, '$') ELSE {text} END"
    )
