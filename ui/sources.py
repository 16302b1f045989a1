"""Where an import gets its file from: an upload, copied in blocks, or a file of an allowed folder."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from streamlit.typing import UploadedFile

from data.folders import AllowedFolder, ListedFile
from reports.workbench import Workbench
from ui import uploads


class Incoming(Protocol):
    """A file to import: what it is called, and a path to it as long as a block lasts."""

    @property
    def name(self) -> str:
        """The name for people; other people's making, so it is escaped before it is shown."""
        ...

    def at(self, bench: Workbench) -> AbstractContextManager[Path]:
        """The file under a path; LanewiseDataError when it went away."""
        ...


@dataclass(frozen=True)
class Upload:
    """A file from the browser; it is copied for the import, and freed as soon as that is done."""

    uploaded: UploadedFile = field(repr=False)

    @property
    def name(self) -> str:
        """The browser's name of it."""
        return str(self.uploaded.name)

    @contextmanager
    def at(self, bench: Workbench) -> Iterator[Path]:
        """A copy in memory, or where there is no room for that in the workspace, gone afterwards."""
        with uploads.folder_for(self.uploaded.size, bench.workspace.scratch()) as folder:
            path = uploads.copy_to(folder, self.uploaded)
            uploads.free(self.uploaded)
            yield path


@dataclass(frozen=True)
class InFolder:
    """A file below a folder that the server was allowed to import from."""

    folder: AllowedFolder
    file: ListedFile

    @property
    def name(self) -> str:
        """Its way from the folder."""
        return self.file.shown

    @contextmanager
    def at(self, bench: Workbench) -> Iterator[Path]:
        """The file where it lies, checked once more: the folder may have changed since it was listed."""
        del bench
        yield self.folder.path_of(self.file.name)
