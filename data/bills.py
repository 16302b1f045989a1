"""What the providers say they charged: the bill lines of a workspace, to hold computed costs against.

They come from exports of costs (OpenAI costs, Anthropic cost reports, cloud bills). A bill line is
no call: it never enters the usage cube, and its model, project and item are as the provider wrote
them.
"""

from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from data.errors import DamagedDatasetError
from data.schema import BILL_COLUMNS
from data.store import Workspace

_ARROW: Final = {
    "VARCHAR": pa.string(),
    "TIMESTAMP": pa.timestamp("us"),
    "DECIMAL(24,12)": pa.decimal128(24, 12),
}

BILLS_SCHEMA: Final = pa.schema([(name, _ARROW[kind]) for name, kind in BILL_COLUMNS.items()])
"""Columns of a bill line, in order; their meaning is in `schema.BILL_COLUMNS`."""


def bill_lines(workspace: Workspace) -> pa.Table:
    """The bill lines of all datasets, as `BILLS_SCHEMA`, in order of time and provider.

    Raises DamagedDatasetError when the bill lines of a dataset cannot be read.
    """
    parts = [BILLS_SCHEMA.empty_table()]
    for dataset_id in workspace.dataset_ids():
        for file in workspace.bill_files(dataset_id):
            try:
                parts.append(pq.read_table(file, partitioning=None).cast(BILLS_SCHEMA))
            except (OSError, ValueError, pa.ArrowException) as error:
                raise DamagedDatasetError(dataset_id, "The bill lines") from error
    return pa.concat_tables(parts).sort_by(
        [("ts", "ascending"), ("provider", "ascending"), ("line_id", "ascending")]
    )
