"""The demo workspace: two weeks of calls made from public traces, imported like anybody's files.

What is real in them and what is assigned is told in `data/samples/README.md`.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from data.ingest import ImportOutcome, import_file
from data.progress import Progress
from data.store import Workspace

DEMO_FOLDER: Final = Path(__file__).resolve().parent / "samples" / "demo"

DEMO_FILES: Final = (
    "openai.parquet",
    "anthropic.parquet",
    "gemini.parquet",
    "gateway.parquet",
    "declared.csv",
)

DEMO_NOTICE: Final = (
    "Timings and token counts are real, from public production and benchmark traces. The names of the"
    " workloads, the models, the tiers and the calendar days are assigned."
)
"""What every page that shows the demo says about it."""


def build_demo(
    workspace: Workspace, on_progress: Callable[[Progress], None] | None = None
) -> tuple[ImportOutcome, ...]:
    """Imports the shipped demo files into the workspace, one outcome a file; again changes nothing.

    Raises:
        LanewiseDataError: a shipped file is missing or damaged, or the workspace cannot be written.
    """
    return tuple(
        import_file(workspace, DEMO_FOLDER / name, display_name=f"demo-{name}", on_progress=on_progress)
        for name in DEMO_FILES
    )
