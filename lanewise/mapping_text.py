"""Mappings on the command line: the file that is read, and what `lanewise mapping` prints."""

import json
from pathlib import Path
from typing import Any, Final

from data.errors import AmbiguousFormatError, UnknownFormatError
from data.ingest import recognise
from data.mapping import ColumnMapping, MappingError, read_yaml
from data.mapping_yaml import mapping_yaml, proposal_yaml
from data.proposing import Proposal
from reports.workbench import Workbench

SCHEMA: Final = "lanewise.mapping/1"


def read_mapping_file(path: Path) -> ColumnMapping:
    """The mapping in a YAML file; raises MappingError with what is wrong in it, and where."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise MappingError("The mapping cannot be read", f"“{path}”: {reason}. Check the path.") from None
    return read_yaml(text, path.name)


def printed(bench: Workbench, path: Path, *, as_json: bool) -> tuple[str, str | None]:
    """The saved mapping or a proposal for a file, and a note when a format reads the file without one."""
    sample = bench.sample(path)
    saved, proposal, known = bench.mapping_for(sample), bench.propose_mapping(sample), _known_format(path)
    note = f"{sample.shown} is read as {known} without a mapping." if known else None
    if as_json:
        summary = mapping_json(proposal, saved, known)
        return json.dumps(summary, indent=2, ensure_ascii=False) + "\n", note
    return mapping_yaml(saved) if saved is not None else proposal_yaml(proposal), note


def _known_format(path: Path) -> str | None:
    """The format that claims the file without any mapping."""
    try:
        return recognise(path).format
    except (UnknownFormatError, AmbiguousFormatError):
        return None


def mapping_json(proposal: Proposal, saved: ColumnMapping | None, known: str | None) -> dict[str, Any]:
    """A saved mapping or a proposal for programs; `complete` says whether it can be used as it stands."""
    return {
        "schema": SCHEMA,
        "source": proposal.sample.shown,
        "container": proposal.sample.head.container,
        "signature": proposal.sample.signature,
        "read_without_mapping_as": known,
        "complete": saved is not None,
        "mapping": saved.content() if saved is not None else proposal.content(),
        "suggestions": {
            item.field: {"column": item.column, "confidence": item.confidence, "why": item.why}
            for item in (proposal.suggestions if saved is None else ())
        },
        "questions": [
            {"answer": item.answer, "choices": list(item.choices), "hint": item.hint}
            for item in (proposal.questions if saved is None else ())
        ],
        "missing": list(proposal.missing if saved is None else ()),
    }
