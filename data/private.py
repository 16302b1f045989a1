"""Small files of a workspace that only its owner may read, such as addresses with passwords in them.

Unlike documents they keep no history: what is removed is gone. They are outside the workspace's
fingerprint, so that sending a message makes no page compute anew.
"""

import json
import os
from collections.abc import Callable, Mapping
from typing import Any, Final

from data.errors import WorkspaceError
from data.files import TEMPORARY, exclusive, saving, sync_folder
from data.store import Workspace

FOLDER: Final = "private"


class PrivateFile:
    """One JSON object, readable by its owner alone, replaced whole or not at all."""

    def __init__(self, workspace: Workspace, name: str) -> None:
        """`name` is one of our own constants; the file is made on the first update."""
        self._folder = workspace.path / FOLDER
        self._path = self._folder / f"{name}.json"
        self._lock_file = workspace.lock_file

    def read(self) -> dict[str, Any]:
        """What it holds, {} before the first update; WorkspaceError, without its content, when damaged."""
        try:
            content = json.loads(self._path.read_bytes())
        except FileNotFoundError:
            return {}
        except (OSError, ValueError):
            content = None
        if not isinstance(content, dict):
            raise WorkspaceError(
                "A saved file cannot be read",
                f"{FOLDER}/{self._path.name} of the workspace is damaged. Delete it, and set up anew what it "
                "held.",
            )
        return content

    def update(self, change: Callable[[dict[str, Any]], Mapping[str, Any]]) -> None:
        """Replaces the content by what `change` makes of it; no other update gets between."""
        with exclusive(self._lock_file), saving(f"{FOLDER}/{self._path.name}"):
            text = json.dumps(dict(change(self.read())), ensure_ascii=False, indent=1)
            self._folder.mkdir(mode=0o700, exist_ok=True)
            temporary = self._path.with_name(f"{TEMPORARY}{self._path.name}")
            temporary.unlink(missing_ok=True)
            # The mode is given when the file is made: a moment of being readable by all is enough to be read.
            handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as out:
                out.write(text.encode())
                out.flush()
                os.fsync(out.fileno())
            temporary.replace(self._path)
            sync_folder(self._folder)
