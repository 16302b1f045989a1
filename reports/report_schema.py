"""The JSON Schema of the report's JSON, made from the types that write it."""

import json
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, Final, Literal, Union, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from reports.model import Analysis, Range
from reports.triage_report import NARROWED, SCHEMA, json_name

_PRIMITIVES: Final[Mapping[type, dict[str, Any]]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    str: {"type": "string"},
    Decimal: {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"},
    datetime: {"type": "string", "format": "date-time", "description": "UTC, without an offset"},
    date: {"type": "string", "format": "date"},
    NoneType: {"type": "null"},
}

_OF_A_PART: Final = (
    "Only in the report on some of the workloads: the filter that chose them, how many of how many they are, "
    "and the figures of the whole. Everything else in the report is of these workloads alone."
)


def schema_text() -> str:
    """The published schema, as the file in `docs/guide` has it."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of every report that this version writes."""
    definitions: dict[str, Any] = {}
    body = _dataclass(Analysis, definitions)
    body["properties"] = {"schema": {"const": SCHEMA}, **body["properties"]}
    body["required"] = ["schema", *(name for name in body["required"] if name != NARROWED)]
    body["properties"][NARROWED] = {"$ref": "#/$defs/Narrowed", "description": _OF_A_PART}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{SCHEMA.replace('/', ':')}",
        "title": "Lanewise triage report",
        "description": "Keys ending in _usd are exact US dollars as text. null is unknown, never zero.",
        **body,
        "$defs": dict(sorted(definitions.items())),
    }


def _of(hint: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    if hint in _PRIMITIVES:
        return dict(_PRIMITIVES[hint])
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin in (Union, UnionType):
        return {"anyOf": [_of(argument, definitions) for argument in arguments]}
    if origin is tuple:
        return {"type": "array", "items": _of(arguments[0], definitions)}
    if origin is dict:
        return {"type": "object", "additionalProperties": _of(arguments[1], definitions)}
    return _named(hint, definitions)


def _named(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    """A reference to a class of ours; it is defined once, so that one may hold another of its kind."""
    name: str = kind.__name__
    if name not in definitions:
        definitions[name] = {}
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found = kind.model_json_schema(mode="serialization", ref_template="#/$defs/{model}")
            definitions.update(found.pop("$defs", {}))
            definitions[name] = found
        elif kind is Range:
            cases = {case.name: _PRIMITIVES[Decimal] for case in fields(Range)}
            definitions[name] = _object(cases)
        elif is_dataclass(kind):
            definitions[name] = _dataclass(kind, definitions)
        else:
            raise TypeError(f"{kind!r} has no JSON form in a report")
    return {"$ref": f"#/$defs/{name}"}


def _dataclass(kind: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return _object({json_name(item.name): _of(hints[item.name], definitions) for item in fields(kind)})


def _object(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
