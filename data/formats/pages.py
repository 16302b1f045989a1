"""JSON documents that hold many records: pages of time buckets, each with a list of results.

Usage and cost interfaces answer with `{"data": [bucket, ...]}` where a bucket is
`{start, end, "results": [...]}`; people save whole pages, lists of pages, the buckets alone or single
results. All of them become one record a result here, `{"bucket": {...}, "result": {...}}`, in the
order of the file. A bucket without results, and a page without buckets, is one record without
`result`: it says that nothing was used. Several results stand in one bucket as soon as the export is
grouped, so all of them are read.

Text that is not such a document passes as it is, to be judged as one record.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from data.db import quoted
from data.formats.base import FileHead
from data.formats.flat_record import FlatRecord

UNGROUPED: Final = "not_grouped_by_model"
"""Reject code: usage summed over models, which nothing can price."""


def results_in(head: FileHead) -> Iterator[Mapping[str, Any] | None]:
    """The results in the head's records; None for a bucket or page that has none."""
    for record in head.records:
        for bucket in _elements(record, "data"):
            yield from _elements(bucket, "results")


def _elements(record: Mapping[str, Any] | None, name: str) -> list[Mapping[str, Any] | None]:
    listed = None if record is None else record.get(name)
    if not isinstance(listed, list):
        return [record]
    return [item for item in listed if isinstance(item, Mapping)] or [None]


def unfolded(bucket_keys: tuple[str, ...]) -> str:
    """A relation with one column `raw`, one record a result, over the documents of `source`.

    `bucket_keys` are the keys of a bucket that its results need.
    """
    bounds = ", ".join(f"{quoted(key)}, json_extract(bucket, {quoted(f'$.{key}')})" for key in bucket_keys)
    return f"""(
  SELECT CASE
    WHEN bucket IS NULL AND page IS NULL THEN raw
    WHEN result IS NULL THEN cast(json_object('bucket', json_object({bounds})) AS VARCHAR)
    ELSE cast(json_object('bucket', json_object({bounds}), 'result', result) AS VARCHAR)
  END AS raw
  FROM (
    SELECT raw, page, bucket, unnest({_listed("bucket", "results")}) AS result
    FROM (
      SELECT raw, page, unnest({_listed("page", "data")}) AS bucket
      FROM (
        SELECT raw, CASE WHEN json_valid(raw) AND json_type(raw) = 'OBJECT' THEN cast(raw AS JSON) END AS page
        FROM source
      )
    )
  )
)"""


def _listed(column: str, name: str) -> str:
    """SQL: the elements of a list in a JSON value, [NULL] for an empty one, [the value] without one."""
    elements = f"json_extract({column}, '$.{name}[*]')"
    return (
        f"CASE WHEN json_type({column}, '$.{name}') = 'ARRAY' "
        f"THEN CASE WHEN len({elements}) > 0 THEN {elements} ELSE [cast(NULL AS JSON)] END "
        f"ELSE [{column}] END"
    )


_UNNAMED: Final = ("default", "default project", "default workspace")
"""Projects and workspaces that everybody has, so that their name says nothing."""


class ExportRows(FlatRecord):
    """The rows of a usage or cost export: the results of JSON pages, or the rows of a CSV.

    Args:
        head: the file's head.
        bucket_keys: the keys of a JSON bucket that its results need; columns of those names in a CSV.
    """

    def __init__(self, head: FileHead, bucket_keys: tuple[str, ...]) -> None:
        paged = head.container in {"jsonl", "json"}
        super().__init__(head, unfolded(bucket_keys) if paged else "source")
        self._paged = paged

    def value(self, *names: str) -> str:
        """The first of the paths in a result, or of the columns in a row, that has a value, as text."""
        return self.nested("result", *names) if self._paged else self.top(*names)

    def bucket(self, *names: str) -> str:
        """The same for what the bucket says."""
        return self.nested("bucket", *names) if self._paged else self.top(*names)

    def holds(self, *names: str) -> str:
        """SQL that is true when there is a result; in a CSV when one of the columns has a value."""
        if self._paged:
            return f"({self.top('result')} IS NOT NULL)"
        return f"(coalesce({', '.join(self.top(name) for name in names)}) IS NOT NULL)"

    def identity(self, kind: str, bucket_keys: Sequence[str], names: Sequence[str]) -> str:
        """SQL for what identifies a row: what it is about, not what it counts; `kind` is SQL.

        A period exported twice, the second time with more in it, is then found again. Equal rows of
        one file are told apart by their order. A row without a period is identified by all of it.
        """
        dated = " OR ".join(f"{self.bucket(key)} IS NOT NULL" for key in bucket_keys)
        whole = "raw" if self._paged else self.whole_row()
        parts = [kind, *(self.bucket(key) for key in bucket_keys), *(self.value(name) for name in names)]
        cells = ", ".join(f"lower(coalesce({part}, ''))" for part in parts)
        return f"CASE WHEN {dated} THEN concat_ws(chr(31), {cells}) ELSE {whole} END"


def workload_of(place: str, key: str) -> str:
    """SQL for a workload: the project or workspace; the API key's name where that is the default one."""
    unnamed = ", ".join(map(quoted, _UNNAMED))
    return (
        f"CASE WHEN lower(trim({place})) IN ({unnamed}) THEN coalesce({key}, {place}) "
        f"ELSE coalesce({place}, {key}) END"
    )
