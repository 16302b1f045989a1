"""From the browser's upload to a file that can be read: copied in blocks, kept in memory where possible."""

import os
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, Final

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.typing import UploadedFile

MAX_UPLOAD_MB: Final = 500
"""The same as `server.maxUploadSize`: the server holds an upload in memory until it is copied."""

MEMORY_FOLDER: Final = Path("/dev/shm")  # noqa: S108 - a folder of our own is made in it
"""Where Linux keeps files in memory: prompts of an upload need not touch a disk."""

_BLOCK: Final = 8 * 1024 * 1024
_SUFFIXES: Final = re.compile(r"(\.[a-z0-9]{1,12}){1,2}$")


def folder_for(size: int, on_disk: AbstractContextManager[Path]) -> AbstractContextManager[Path]:
    """A folder for the copy of an upload of `size` bytes, gone at the end of the block.

    In memory where the system has room for that, else `on_disk`.
    """
    try:
        roomy = shutil.disk_usage(MEMORY_FOLDER).free > 2 * size
    except OSError:
        return on_disk
    return _in_memory() if roomy and os.access(MEMORY_FOLDER, os.W_OK) else on_disk


@contextmanager
def _in_memory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="lanewise-", dir=MEMORY_FOLDER) as folder:
        yield Path(folder)


def copy_to(folder: Path, uploaded: UploadedFile) -> Path:
    """Writes the upload into `folder` under a name of our own; its suffixes are kept, nothing else.

    The browser's file name is untrusted (it may hold a path) and is only ever shown.
    """
    suffix = _SUFFIXES.search(uploaded.name.lower().replace("\\", "/").rsplit("/", 1)[-1])
    target = folder / f"{uuid.uuid4().hex}{suffix.group() if suffix else ''}"
    uploaded.seek(0)
    with target.open("wb") as out:
        while block := uploaded.read(_BLOCK):
            out.write(block)
    return target


def free(uploaded: UploadedFile) -> bool:
    """Gives the server's memory of an upload back now, not when the session ends; True when it did.

    Streamlit has no public call for this. Where its insides differ from what is expected here, the
    upload simply stays in memory until the session ends, as it would without this function.
    """
    try:
        context = get_script_run_ctx(suppress_warning=True)
        if context is None:
            return False
        manager: Any = context.uploaded_file_mgr
        manager.remove_file(session_id=context.session_id, file_id=uploaded.file_id)
    except (AttributeError, TypeError, KeyError):
        return False
    return True
