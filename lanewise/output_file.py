"""Writing the file that a command was asked for: the whole of it, or none and the old one stays."""

import shutil
from contextlib import suppress
from pathlib import Path

from data.files import TEMPORARY


def write_output(path: Path, content: bytes) -> None:
    """Writes a file beside its place and renames it, so that a full disk leaves no half of a report.

    A link is followed, and a file that is there keeps its rights. What is no plain file, such as
    `/dev/stdout` or a named pipe, is written to as it is. Raises OSError, and then leaves nothing behind.
    """
    target = path.resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    temporary = target.with_name(f"{TEMPORARY}{target.name}")
    try:
        temporary.write_bytes(content)
        if target.exists():
            shutil.copymode(target, temporary)
        temporary.replace(target)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise
