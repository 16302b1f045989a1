"""From the browser's upload to a file on disk: copied in blocks, then let go of in memory."""

import re
import uuid
from pathlib import Path
from typing import Any, Final

from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.typing import UploadedFile

MAX_UPLOAD_MB: Final = 500
"""The same as `server.maxUploadSize`: the server holds an upload in memory until it is copied."""

_BLOCK: Final = 8 * 1024 * 1024
_SUFFIXES: Final = re.compile(r"(\.[a-z0-9]{1,12}){1,2}$")


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
