"""YAML lists of records, as people write them by hand: small files, read whole, every value as text."""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, BinaryIO, Final

from data.errors import UnreadableFileError
from data.formats.base import FileHead
from data.formats.flat_record import normal
from data.strict_yaml import MAX_CHARACTERS, YamlFaultError, read_yaml

LIST_KEY: Final = "workloads"
"""The key a list may stand under; it may also stand alone."""

_START: Final = re.compile(r"(?:\s*(?:#[^\n]*)?\n)*(?:---|%YAML|- +[A-Za-z_][\w ]*:|workloads:)\s")
_EMPTY: Final = {"", "~", "null"}

Record = Mapping[str, str | None]
"""Normalised key -> text, or None where something else than plain text stands."""


def looks_like_yaml(text: str) -> bool:
    """Whether a text begins as a YAML list of records does; no CSV header does."""
    return bool(_START.match(text))


def yaml_head(path: Path, size: int, opened: Callable[[], BinaryIO], name: str) -> FileHead:
    """The keys of the records; raises UnreadableFileError for what is no list of records."""
    keys = dict.fromkeys(key for record in yaml_records(opened, size, name) for key in record)
    return FileHead(path, size, "yaml", columns=tuple(keys))


def yaml_records(opened: Callable[[], BinaryIO], size: int, name: str) -> list[Record]:
    """The records in order; raises UnreadableFileError with what is wrong and where."""
    if size > 4 * MAX_CHARACTERS:
        raise UnreadableFileError(
            "The YAML file is too long",
            f"“{name}” has more than {MAX_CHARACTERS:,} characters. Use CSV for long lists.",
        )
    try:
        with opened() as file:
            plain = read_yaml(file.read().decode("utf-8-sig"), as_text=True)
    except UnicodeDecodeError:
        raise UnreadableFileError(
            "The file is not UTF-8",
            f"“{name}” is stored in another encoding. Save it as UTF-8 and import that.",
        ) from None
    except YamlFaultError as fault:
        raise UnreadableFileError("The file is not valid YAML", f"“{name}”: {fault}") from None
    if isinstance(plain, Mapping) and set(plain) == {LIST_KEY}:
        plain = plain[LIST_KEY]
    if not isinstance(plain, list) or not all(isinstance(record, Mapping) for record in plain):
        raise UnreadableFileError(
            "The file is no list of workloads",
            f"“{name}” is YAML, but no list of records such as “- name: Chat”, alone or under “{LIST_KEY}”.",
        )
    if not plain:
        raise UnreadableFileError("The file has no rows", f"“{name}” is an empty list.")
    return [{normal(str(key)): _text(value) for key, value in record.items()} for record in plain]


def _text(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    return "" if value.strip().lower() in _EMPTY else value.strip()
