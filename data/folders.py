"""The files that a folder or a pattern stands for, and the folders a page may import from.

Names that begin with a dot are left out everywhere: what editors, syncing tools and this project
itself leave in a folder is nobody's log.
"""

import glob
import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final

from data.errors import UnreadableFileError
from data.files import MAX_NAME_LENGTH, display_name

FOLDERS_VARIABLE: Final = "LANEWISE_FOLDERS"
"""Names the folders that the pages may import from, separated as the system separates paths."""

MOST_LISTED: Final = 2_000
"""How many files of a folder a page offers; the command line has no such limit."""

_WILDCARDS: Final = frozenset("*?[")


@dataclass(frozen=True)
class FoundFile:
    """A file that a path stands for; `shown` is what it is called for people, never a whole path."""

    path: Path
    shown: str


@dataclass(frozen=True)
class ListedFile:
    """A file below an allowed folder: `name` is its way from there, with slashes; the time is naive UTC."""

    name: str
    shown: str
    size_bytes: int
    modified_utc: datetime


@dataclass(frozen=True)
class Listing:
    """What an allowed folder offers, newest first; `cut` when it has more than are listed.

    `unreadable` counts folders that may not be opened and names that are not UTF-8 text.
    """

    files: tuple[ListedFile, ...]
    cut: bool
    unreadable: int


def named_files(path: Path) -> tuple[FoundFile, ...]:
    """The files that a path means: itself, those below a folder, or those that match a pattern.

    A pattern has `*`, `?`, `[...]` or `**` (any folders) in it; a folder that matches stands for the
    files below it. Raises UnreadableFileError when a folder or a pattern stands for no file, or when
    a folder cannot be opened.
    """
    if path.is_dir():
        found = _below_folder(path)
        if not found:
            raise UnreadableFileError(
                "The folder has no files",
                f"There is no file in “{path}”; names that begin with a dot are left out. Check the path.",
            )
        return found
    if _WILDCARDS.isdisjoint(str(path)) or path.exists():
        return (FoundFile(path, path.name),)
    return _matching(path)


def _below_folder(folder: Path) -> tuple[FoundFile, ...]:
    closed: list[Path] = []
    found = tuple(
        FoundFile(path, _shown(path.relative_to(folder).parts))
        for path in _walk(folder, closed, follow_file_links=True)
    )
    if closed:
        raise UnreadableFileError(
            "A folder cannot be opened",
            f"“{closed[0]}” cannot be listed. Check that you may read it, or name the files themselves.",
        )
    return found


def _matching(pattern: Path) -> tuple[FoundFile, ...]:
    parts = pattern.expanduser().parts
    fixed = next(place for place, part in enumerate(parts) if not _WILDCARDS.isdisjoint(part))
    base = Path(*parts[:fixed])
    found: dict[Path, FoundFile] = {}
    # `Path.glob` would find hidden names too.
    names = glob.iglob(str(Path(*parts[fixed:])), root_dir=base, recursive=True)  # noqa: PTH207
    for name in sorted(names):
        path = base / name
        if "**" in parts and _through_link(base, Path(name)):
            continue  # it would go round in a circle of links, file after file
        for item in _walk(path, [], follow_file_links=True) if path.is_dir() else (path,):
            found.setdefault(item, FoundFile(item, _shown(item.relative_to(base).parts)))
    if not found:
        raise UnreadableFileError(
            "No file matches",
            f"“{pattern}” matches no file; names that begin with a dot are left out. Check the pattern, and "
            "quote it so that the shell leaves it as it is.",
        )
    return tuple(found.values())


def _through_link(base: Path, name: Path) -> bool:
    """Whether a name goes through, or is, a link to a folder."""
    steps = [base / name, *(base / way for way in name.parents if way.parts)]
    return any(step.is_symlink() and step.is_dir() for step in steps)


def _walk(folder: Path, closed: list[Path], *, follow_file_links: bool) -> Iterator[Path]:
    """Every file below a folder in order of names; links to folders are never followed."""
    waiting = [folder]
    while waiting:
        current = waiting.pop()
        try:
            with os.scandir(current) as listed:
                entries = sorted(listed, key=lambda entry: entry.name)
        except OSError:
            closed.append(current)
            continue
        inner: list[Path] = []
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                inner.append(Path(entry.path))
            elif entry.is_file(follow_symlinks=follow_file_links):
                yield Path(entry.path)
        waiting += reversed(inner)


def _shown(parts: Sequence[str]) -> str:
    """The way to a file for people: cut at its beginning, because the end tells files apart."""
    names = [display_name(part) for part in parts]
    for start in range(len(names)):
        text = " › ".join([*(["…"] if start else []), *names[start:]])
        if len(text) <= MAX_NAME_LENGTH:
            return text
    return names[-1]


# -- folders that pages may import from -------------------------------------------------------


@dataclass(frozen=True)
class AllowedFolder:
    """A folder whose files the pages may import where they are; nothing outside it can be reached.

    `label` is its own name, never the way to it.
    """

    root: Path
    label: str

    def listing(self, *, without: Path, most: int = MOST_LISTED) -> Listing:
        """The files below the folder, `without` one folder (the workspace); links are left out.

        Raises UnreadableFileError when the folder itself cannot be listed.
        """
        closed: list[Path] = []
        files: list[ListedFile] = []
        unreadable = 0
        inside = (
            path
            for path in _walk(self.root, closed, follow_file_links=False)
            if not path.is_relative_to(without)
        )
        taken = list(islice(inside, most + 1))
        if self.root in closed:
            raise UnreadableFileError(
                "The folder cannot be opened",
                f"“{self.label}” is not there or may not be read by this server. Whoever started it can "
                "name another folder.",
            )
        for path in taken[:most]:
            listed = self._listed(path)
            if listed is None:
                unreadable += 1
            else:
                files.append(listed)
        files.sort(key=lambda item: (item.modified_utc, item.name), reverse=True)
        return Listing(tuple(files), len(taken) > most, unreadable + len(closed))

    def _listed(self, path: Path) -> ListedFile | None:
        way = path.relative_to(self.root)
        try:
            str(way).encode()
            state = path.stat(follow_symlinks=False)
        except (OSError, UnicodeEncodeError):
            return None
        modified = datetime.fromtimestamp(state.st_mtime, UTC).replace(tzinfo=None)
        return ListedFile(way.as_posix(), _shown(way.parts), state.st_size, modified)

    def path_of(self, name: str) -> Path:
        """Where the file of that name is; raises UnreadableFileError for anything but a file below.

        A name from a browser is not trusted: no step of it may be `..`, hidden or a link.
        """
        parts = PurePosixPath(name).parts
        if any(part.startswith(".") or part == "/" or "\x00" in part for part in parts):
            raise self._refused(name)
        steps = [self.root.joinpath(*parts[: end + 1]) for end in range(len(parts))]
        try:
            linked = any(step.is_symlink() for step in steps)
            is_file = bool(steps) and stat.S_ISREG(steps[-1].stat(follow_symlinks=False).st_mode)
            resolved = self.root.joinpath(*parts).resolve(strict=True)
        except OSError:
            raise self._refused(name) from None
        if linked or not is_file or not resolved.is_relative_to(self.root):
            raise self._refused(name)
        return resolved

    def _refused(self, name: str) -> UnreadableFileError:
        return UnreadableFileError(
            "No such file in the folder",
            f"“{display_name(name)}” is no file below “{self.label}”, or went away. List the folder again.",
        )


def allowed_folders(text: str | None) -> tuple[AllowedFolder, ...]:
    """The folders that a value of `FOLDERS_VARIABLE` names, each once; none when it is unset or empty."""
    roots = dict.fromkeys(
        Path(named).expanduser().resolve() for named in (text or "").split(os.pathsep) if named.strip()
    )
    labels: list[str] = []
    for root in roots:
        own = display_name(root.name or str(root))
        alike = sum(label == own or label.startswith(f"{own} (") for label in labels)
        labels.append(f"{own} ({alike + 1})" if alike else own)
    return tuple(AllowedFolder(root, label) for root, label in zip(roots, labels, strict=True))
