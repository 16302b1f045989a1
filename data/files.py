"""Writing so that a crash leaves the old state or the new one, and names fit to show."""

import os
import re
import shutil
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from data.errors import WorkspaceError

if sys.platform == "win32":  # pragma: no cover - the locking call is the only difference
    import msvcrt
    import time
else:
    import fcntl

TEMPORARY: Final = ".tmp-"
"""How the name of everything unfinished begins."""

MAX_NAME_LENGTH: Final = 120
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def sync_folder(folder: Path) -> None:
    """Makes a rename inside the folder survive a power cut; a no-op where folders cannot be opened."""
    if sys.platform == "win32":  # pragma: no cover
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    """Waits until the bytes of a finished file are on the disk."""
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def write_atomically(path: Path, content: bytes) -> None:
    """Replaces a small file whole: written under a temporary name beside it, synced, renamed."""
    temporary = path.with_name(f"{TEMPORARY}{path.name}")
    temporary.write_bytes(content)
    sync_file(temporary)
    temporary.replace(path)
    sync_folder(path.parent)


@contextmanager
def saving(what: str) -> Iterator[None]:
    """Turns a disk that is full, or a folder that nobody may write, into a WorkspaceError; the old stays."""
    try:
        yield
    except OSError as error:
        raise WorkspaceError(
            "The workspace cannot be written",
            f"{what} was not saved ({error.strerror or 'system error'}); all is as it was before. "
            "Free some space, or see that you may write there, and try again.",
        ) from error


def hard_link_or_copy(source: Path, target: Path) -> None:
    """Gives a finished file a second name; a copy of its own where the file system has no such links."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def try_lock(handle: int) -> bool:
    """Takes the lock of an open file, which ends with the process; False when someone else holds it."""
    try:
        if sys.platform == "win32":  # pragma: no cover
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


@contextmanager
def exclusive(lock_file: Path) -> Iterator[None]:
    """Holds a lock against every other thread and process that asks for the same file; waits for it.

    Not re-entrant: a thread that asks twice waits for itself.
    """
    handle = os.open(lock_file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if sys.platform == "win32":  # pragma: no cover
            while not try_lock(handle):
                time.sleep(0.05)
        else:
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def display_name(text: str) -> str:
    """A file name fit to show: the last path part, without control or direction characters, cut to 120.

    The name comes from whoever made the file. It is shown and stored, never used as a path.
    """
    last = re.split(r"[/\\]", text)[-1]
    shown = "".join(character for character in last if unicodedata.category(character) not in _HIDDEN).strip()
    if len(shown) > MAX_NAME_LENGTH:
        shown = shown[: MAX_NAME_LENGTH - 1] + "…"
    return shown or "unnamed"
