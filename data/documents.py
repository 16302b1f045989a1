"""Small versioned JSON documents: every save is a new file, so history is there and undo is a save."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, Literal

from data.errors import WorkspaceError
from data.files import exclusive, saving, write_atomically

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_FILE: Final = re.compile(r"(\d{6,})\.json")


@dataclass(frozen=True)
class Version:
    """One save of a document: its number (from 1), when (UTC, naive), by whom and why."""

    seq: int
    at_utc: datetime
    author: str
    note: str


class Document:
    """A named JSON object kept in versions `000001.json`, `000002.json`, ... that are never changed.

    Money and other exact numbers are stored as strings by whoever saves them.
    """

    def __init__(self, root: Path, name: str, lock_file: Path) -> None:
        """The folder `root/name` is made on the first save; raises ValueError for a name that is no word."""
        if not _NAME.fullmatch(name):
            message = f"A document name is lower case letters, digits and underscores, not {name!r}."
            raise ValueError(message)
        self._folder = root / name
        self._lock_file = lock_file

    def current(self) -> tuple[int, dict[str, Any]] | None:
        """The newest version's number and content, or None before the first save."""
        seqs = self._seqs()
        return (seqs[-1], self.at(seqs[-1])) if seqs else None

    def at(self, seq: int) -> dict[str, Any]:
        """The content of one version; raises WorkspaceError when there is none or it is damaged."""
        content = self._read(seq)["content"]
        if not isinstance(content, dict):
            raise self._damaged(seq)
        return content

    def history(self) -> tuple[Version, ...]:
        """All versions, oldest first."""
        return tuple(self._version(seq) for seq in self._seqs())

    def save(self, content: Mapping[str, Any], *, author: str, note: str) -> int:
        """Adds a version and returns its number; two savers at once get two numbers."""
        return self.update(lambda _: content, author=author, note=note)

    def update(self, change: Callable[[dict[str, Any]], Mapping[str, Any]], *, author: str, note: str) -> int:
        """Saves what `change` makes of the current content, {} before the first; no save gets between."""
        with exclusive(self._lock_file):
            current = self.current()
            return self._add(change(current[1] if current else {}), author, note)

    def revert(self, seq: int, *, author: str) -> int:
        """Adds a version equal to an old one and returns its number; nothing is ever removed."""
        return self.save(self.at(seq), author=author, note=f"back to version {seq}")

    def undo(self, *, author: str) -> bool:
        """Adds a version equal to the one before the last save that still holds, {} before the first.

        Undoing again goes further back. False when there is nothing to undo.
        """
        with exclusive(self._lock_file):
            seqs = self._seqs()
            before = self._before(seqs[-1]) if seqs else None
            if before is None:
                return False
            content = self.at(before) if before else {}
            further = self._before(before) if before else None
            self._add(content, author, f"undo, back to version {before}", before=further)
            return True

    def can_undo(self) -> bool:
        """Whether a save is left to undo."""
        seqs = self._seqs()
        return bool(seqs) and self._before(seqs[-1]) is not None

    def _before(self, seq: int) -> int | None:
        """Which version held before a save, 0 for none; None when the version itself undid the first save."""
        before = self._read(seq).get("before", seq - 1)
        return before if isinstance(before, int) else None

    def _add(
        self,
        content: Mapping[str, Any],
        author: str,
        note: str,
        *,
        before: int | Literal["last"] | None = "last",
    ) -> int:
        with saving(f"A change of “{self._folder.name}”"):
            self._folder.mkdir(parents=True, exist_ok=True)
        seqs = self._seqs()
        seq = seqs[-1] + 1 if seqs else 1
        version = {
            "seq": seq,
            "before": seq - 1 if before == "last" else before,
            "at_utc": datetime.now(UTC).replace(tzinfo=None).isoformat(timespec="microseconds"),
            "author": author,
            "note": note,
            "content": dict(content),
        }
        text = json.dumps(version, ensure_ascii=False, indent=1, sort_keys=False, allow_nan=False)
        with saving(f"A change of “{self._folder.name}”"):
            write_atomically(self._path(seq), text.encode())
        return seq

    def _seqs(self) -> list[int]:
        if not self._folder.is_dir():
            return []
        names = [_FILE.fullmatch(path.name) for path in self._folder.iterdir()]
        return sorted(int(name[1]) for name in names if name)

    def _path(self, seq: int) -> Path:
        return self._folder / f"{seq:06d}.json"

    def _read(self, seq: int) -> dict[str, Any]:
        try:
            version = json.loads(self._path(seq).read_bytes())
        except (OSError, ValueError) as error:
            raise self._damaged(seq) from error
        if not isinstance(version, dict) or version.get("seq") != seq or "content" not in version:
            raise self._damaged(seq)
        return version

    def _version(self, seq: int) -> Version:
        version = self._read(seq)
        try:
            return Version(
                seq, datetime.fromisoformat(version["at_utc"]), str(version["author"]), str(version["note"])
            )
        except (KeyError, TypeError, ValueError) as error:
            raise self._damaged(seq) from error

    def _damaged(self, seq: int) -> WorkspaceError:
        return WorkspaceError(
            "A saved document cannot be read",
            f"Version {seq} of “{self._folder.name}” is missing or damaged. "
            f"Restore {self._path(seq).name} from a backup, or delete it to fall back to the version before.",
        )
