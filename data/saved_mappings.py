"""The mappings of a workspace, by the shape of the files they are for, and which format a file takes.

Kept in the document `mappings`: header signature -> mapping. The order of recognition is an
explicit choice, then the claims of the formats, then a saved mapping.
"""

from collections.abc import Mapping
from typing import Any, Final

from data.errors import UnknownFormatError, WorkspaceError
from data.formats import AnyFormat, recognise_head
from data.formats.base import FileHead
from data.formats.mapped import PREFIX, MappedFormat, mapped_format
from data.mapping import ColumnMapping, MappingError, read_mapping
from data.store import Workspace
from data.table_sample import has_name, signature

DOCUMENT: Final = "mappings"


class SavedMappings:
    """The mappings that a workspace knows."""

    def __init__(self, workspace: Workspace) -> None:
        self._document = workspace.document(DOCUMENT)

    def all(self) -> dict[str, ColumnMapping]:
        """Every mapping by signature, in the order they were first saved; WorkspaceError when damaged."""
        return _read(self._content())

    def fitting(self, head: FileHead) -> ColumnMapping | None:
        """The mapping saved for files of this shape."""
        return self.all().get(signature(head))

    def resembling(self, head: FileHead) -> ColumnMapping | None:
        """A mapping saved for another shape whose columns this file has too, the newest first."""
        for mapping in reversed(self.all().values()):
            columns = [source.column for source in mapping.fields.values() if source.column is not None]
            if columns and all(has_name(head, column) for column in columns):
                return mapping
        return None

    def named(self, name: str) -> ColumnMapping | None:
        """The mapping of that name."""
        return next((mapping for mapping in self.all().values() if mapping.name == name), None)

    def check_name(self, shape: str, mapping: ColumnMapping) -> None:
        """Raises MappingError when another mapping of another shape has the name."""
        _check_name(self.all(), shape, mapping)

    def save(self, shape: str, mapping: ColumnMapping, *, author: str) -> None:
        """Saves a mapping for the files of a shape; raises MappingError when the name means another one."""
        if self.all().get(shape) == mapping:
            return

        def change(content: dict[str, Any]) -> Mapping[str, Any]:
            _check_name(_read(content), shape, mapping)
            return {**content, shape: mapping.content()}

        self._document.update(change, author=author, note=f"{mapping.name}: saved")

    def forget(self, name: str, *, author: str) -> bool:
        """Removes a mapping from use, for every shape; datasets stay. False when there is none."""
        if self.named(name) is None:
            return False
        self._document.update(
            lambda content: {
                shape: kept for shape, kept in content.items() if _read({shape: kept})[shape].name != name
            },
            author=author,
            note=f"{name}: forgotten",
        )
        return True

    def _content(self) -> dict[str, Any]:
        current = self._document.current()
        return current[1] if current is not None else {}


def _check_name(known: Mapping[str, ColumnMapping], shape: str, mapping: ColumnMapping) -> None:
    if any(of != shape and other.name == mapping.name and other != mapping for of, other in known.items()):
        raise MappingError(
            "The name is taken",
            f"The workspace has another mapping “{mapping.name}”. Choose a different name, "
            "or forget that one first.",
        )


def choose_format(
    workspace: Workspace,
    head: FileHead,
    shown: str,
    format_name: str | None = None,
    mapping: ColumnMapping | None = None,
) -> AnyFormat:
    """The format to read a file with: the one said, else the strongest claim, else a saved mapping.

    Raises what `recognise_head` raises, and MappingError when a mapping does not fit the file.
    """
    if mapping is not None:
        return mapped_format(mapping, head, shown)
    if format_name is not None and format_name.startswith(PREFIX):
        return mapped_format(_known(workspace, format_name), head, shown)
    try:
        return recognise_head(head, shown, format_name)[0]
    except UnknownFormatError:
        if format_name is not None:
            raise
        saved = SavedMappings(workspace).fitting(head)
        if saved is None:
            raise
        return MappedFormat(saved)


def _known(workspace: Workspace, format_name: str) -> ColumnMapping:
    saved = SavedMappings(workspace)
    found = saved.named(format_name.removeprefix(PREFIX))
    if found is None:
        names = ", ".join(sorted({PREFIX + mapping.name for mapping in saved.all().values()})) or "none yet"
        raise UnknownFormatError(
            "No such mapping", f"The workspace has no mapping “{format_name[:80]}”. There are: {names}."
        )
    return found


def _read(content: Mapping[str, Any]) -> dict[str, ColumnMapping]:
    try:
        return {shape: read_mapping(mapping, DOCUMENT) for shape, mapping in content.items()}
    except MappingError as error:
        raise WorkspaceError(
            "The saved mappings cannot be read",
            "A version of the document “mappings” was changed by hand and no longer makes sense. "
            "Delete its newest file in documents/mappings to go back to the version before.",
        ) from error
