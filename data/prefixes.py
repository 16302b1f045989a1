"""What prompts share: block hashes of a log, and how much of a prompt was sent before, token by token.

    datasets/<dataset_id>/prefixes.parquet    one row a request, in the order of the log

Some logs carry one hash for every so many tokens of a prompt, each hash standing for the prompt up to
there. They are kept at import, in a file beside the calls: numbers, never text. Where they are missing,
times and lengths alone still bound what a cache could have held.
"""

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Final, Protocol, runtime_checkable

import duckdb
import pyarrow as pa

from data.attributes import attribute_sets, has_attributes
from data.attribution import KEY_SQL, name_workloads
from data.db import open_engine
from data.errors import DamagedDatasetError, WorkspaceError
from data.formats.base import FileHead, Format
from data.packed import Feed
from data.queries import DESCRIBED
from data.rules import RuleSet, current_rules
from data.staging import bound_source, macro_statements, reader_sql
from data.store import Manifest, Workspace

TTLS_S: Final = (300, 3_600)
"""Seconds a cached prefix lives: the usual time and the extended one."""

MINIMUMS: Final = (0, 512, 1_024, 2_048, 4_096)
"""Shortest prefixes, in tokens, that hits are counted for; 0 counts any."""

BLOCKS: Final = {
    "at_ms": "BIGINT",
    "provider": "VARCHAR",
    "model": "VARCHAR",
    "workload": "VARCHAR",
    "input_tokens": "BIGINT",
    "output_tokens": "BIGINT",
    "block_tokens": "BIGINT",
    "blocks": "BIGINT[]",
}
"""Columns of the file and their types: `at_ms` counts from any start the log has; the last block may be
shorter than `block_tokens`."""

SHARED_SCHEMA: Final = pa.schema(
    [
        ("workload", pa.string()),
        ("provider", pa.string()),
        ("model", pa.string()),
        ("ttl_s", pa.int64()),
        ("minimum_tokens", pa.int64()),
        ("n_calls", pa.int64()),
        ("input_tokens", pa.int64()),
        ("low_tokens", pa.int64()),
        ("high_tokens", pa.int64()),
    ]
)
"""Input tokens that a cache of `ttl_s` could have read, at least and at most, over `n_calls` calls."""

_SQL: Final = Path(__file__).resolve().parent / "sql"
_FILE: Final = "prefixes.parquet"


@runtime_checkable
class PrefixFormat(Format, Protocol):
    """A log format whose files may carry block hashes."""

    def prefixes(self, head: FileHead) -> str | None:
        """A SELECT over `source` with the columns of `BLOCKS`; None when these files have no hashes.

        A row with a NULL is left out: it is a request that cannot be read.
        """


def write_prefixes(chosen: Format, head: FileHead, shown: str, folder: Path) -> None:
    """Keeps the block hashes of a log in its dataset folder; nothing where it has none.

    Raises WorkspaceError when the file cannot be read a second time or written.
    """
    query = chosen.prefixes(head) if isinstance(chosen, PrefixFormat) else None
    if query is None:
        return
    columns = ", ".join(f"cast({name} AS {kind}) AS {name}" for name, kind in BLOCKS.items())
    known = " AND ".join(f"{name} IS NOT NULL" for name in BLOCKS)
    statement = (
        f"COPY (WITH source AS ({reader_sql(head)}), found AS ({query}) "
        f"SELECT {columns} FROM found WHERE {known}) TO $kept (FORMAT parquet)"
    )
    zipped = head.packed is not None and head.packed.packing == "zip" and head.container != "parquet"
    feed = Feed(head.packed, shown) if zipped and head.packed else None
    path = Path(feed.path) if feed else head.path
    try:
        with (
            open_engine(
                readable=[] if feed else [path], writable=[folder], pipes=[feed.path] if feed else []
            ) as engine,
            engine.cursor() as cursor,
            feed or nullcontext(),
        ):
            for macro in macro_statements():
                cursor.execute(macro)
            cursor.execute(statement, {**bound_source(cursor, head, path), "kept": str(folder / _FILE)})
    except duckdb.Error as error:
        # The driver quotes what it failed on, so its message goes no further than this.
        raise WorkspaceError(
            "The import could not be finished",
            f"Keeping the block hashes of “{shown}” failed ({type(error).__name__}). Check that the disk is "
            "not full and that the file is still there.",
        ) from None


def measured(workspace: Workspace, rules: RuleSet | None = None) -> pa.Table:
    """What prompts shared by their block hashes, as `SHARED_SCHEMA`; logs without hashes are not in it.

    The high end counts every block seen within the time before, the last one up to the prompt's end; the
    low end only whole blocks. Raises WorkspaceError when a dataset cannot be read.
    """
    return _over(workspace, rules, "prefix_hits", lambda manifest: _blocks(workspace, manifest))


def bounded(workspace: Workspace, rules: RuleSet | None = None) -> pa.Table:
    """What prompts may have shared by times and lengths alone, as `SHARED_SCHEMA`, for dated calls.

    Raises WorkspaceError when a dataset cannot be read.
    """
    return _over(workspace, rules, "prefix_bounds", lambda manifest: _calls(workspace, manifest))


def shared(cursor: duckdb.DuckDBPyConnection, name: str, source: str, files: Sequence[str]) -> pa.Table:
    """Runs `sql/<name>.sql` over `requests`, the relation `source` of $files, once for each TTL."""
    text = (_SQL / f"{name}.sql").read_text(encoding="utf-8")
    query = f"WITH requests AS ({source}), minimums AS (SELECT unnest($minimums) AS minimum_tokens)\n{text}"
    found = [
        cursor.sql(
            query, params={"files": list(files), "ttl_s": ttl_s, "minimums": list(MINIMUMS)}
        ).to_arrow_table()
        for ttl_s in TTLS_S
    ]
    return pa.concat_tables([part.select(SHARED_SCHEMA.names).cast(SHARED_SCHEMA) for part in found])


Source = tuple[str, list[str]] | None


def _over(
    workspace: Workspace, rules: RuleSet | None, name: str, source_of: Callable[[Manifest], Source]
) -> pa.Table:
    asked = current_rules(workspace) if rules is None else rules
    parts = [SHARED_SCHEMA.empty_table()]
    with (
        workspace.scratch() as scratch,
        open_engine(readable=[workspace.path], spill=scratch / "spill") as engine,
        engine.cursor() as cursor,
    ):
        for manifest in workspace.datasets():
            source = source_of(manifest)
            if source is None:
                continue
            try:
                part = shared(cursor, name, *source)
            except duckdb.Error as error:
                raise DamagedDatasetError(manifest.dataset_id, "The calls") from error
            sets = attribute_sets(workspace, manifest.dataset_id)
            parts.append(name_workloads(cursor, part, asked, sets, manifest.format))
    together = pa.concat_tables(parts).group_by(SHARED_SCHEMA.names[:5])
    summed = together.aggregate([(column, "sum") for column in SHARED_SCHEMA.names[5:]])
    return summed.rename_columns(SHARED_SCHEMA.names).sort_by(
        [(column, "ascending") for column in SHARED_SCHEMA.names[:5]]
    )


def _blocks(workspace: Workspace, manifest: Manifest) -> Source:
    path = workspace.dataset_path(manifest.dataset_id) / _FILE
    # A file whose requests are partly in another dataset would count those twice as seen before.
    if not path.exists() or manifest.duplicates:
        return None
    return "SELECT * FROM read_parquet($files)", [str(path)]


def _calls(workspace: Workspace, manifest: Manifest) -> Source:
    files = [str(file) for file in workspace.call_files(manifest.dataset_id)]
    if not files or manifest.format == DESCRIBED:
        return None
    key = KEY_SQL if has_attributes(workspace, manifest.dataset_id) else "workload"
    return (
        f"SELECT {key} AS workload, provider, model, session, epoch_ms(ts) AS at_ms, input_tokens, "
        "output_tokens, cache_read_tokens FROM read_parquet($files) "
        "WHERE grain = 'call' AND ts IS NOT NULL AND input_tokens IS NOT NULL",
        files,
    )
