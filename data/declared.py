"""What people declared about a workload: how long it may wait, what starts it, what one request holds.

Facts come from two places: descriptions that were imported, and declarations made by hand, which
win field by field. Nothing here is measured.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any, Final, Literal, get_args

Trigger = Literal["user", "event", "schedule", "queue", "ci", "manual"]
TRIGGERS: Final[tuple[Trigger, ...]] = get_args(Trigger)

MAX_WAIT_MS_LIMIT: Final = 366 * 24 * 3600 * 1000
"""A declared wait of more than a year is a slip of the pen."""

_UNIT_MS: Final = {"ms": 1, "s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000}
_DURATION: Final = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)\s*(ms|s|m|h|d)", re.IGNORECASE)
_YES: Final = {"yes", "y", "true", "1"}
_NO: Final = {"no", "n", "false", "0"}


@dataclass(frozen=True)
class Declared:
    """The declared facts of one workload; None means that nobody said.

    `input_tokens` is the total a request sends, `shared_prefix_tokens` of it the same in every
    request. `has_usage` tells whether a description was enough to make a bucket of usage (one
    run, else one day); `annual_factor` times that bucket is a year. `sources` names, for each field
    that is set, the file or person that said so; `declared_by` is the last of them.
    """

    name: str
    description: str | None = None
    trigger: Trigger | None = None
    user_waiting: bool | None = None
    max_wait_ms: int | None = None
    sequential: bool | None = None
    requests_per_day: Decimal | None = None
    requests_per_run: Decimal | None = None
    runs_per_year: Decimal | None = None
    provider: str | None = None
    model: str | None = None
    input_tokens: int | None = None
    shared_prefix_tokens: int | None = None
    output_tokens: int | None = None
    declared_by: str = ""
    has_usage: bool = False
    annual_factor: Decimal = Decimal(365)
    sources: Mapping[str, str] = field(default_factory=dict)


FACT_FIELDS: Final = tuple(
    item.name
    for item in fields(Declared)
    if item.name not in {"name", "declared_by", "has_usage", "annual_factor", "sources"}
)
"""The fields a person can declare."""

_DECIMAL_FIELDS: Final = {"requests_per_day", "requests_per_run", "runs_per_year"}
_COUNT_FIELDS: Final = {"max_wait_ms", "input_tokens", "shared_prefix_tokens", "output_tokens"}
_FLAG_FIELDS: Final = {"user_waiting", "sequential"}


def parse_duration_ms(text: str) -> int:
    """Reads `300ms`, `2s`, `5m`, `8h` or `7d` as whole milliseconds; m is minutes.

    Raises ValueError with a sentence for anything else, a fraction of a millisecond, zero, or
    more than a year.
    """
    match = _DURATION.fullmatch(text.strip())
    if not match:
        message = "Write a wait as a number and a unit: 300ms, 2s, 5m, 8h or 7d."
        raise ValueError(message)
    exact = Decimal(match[1]) * _UNIT_MS[match[2].lower()]
    if exact != int(exact):
        message = "A wait is a whole number of milliseconds."
        raise ValueError(message)
    if not 0 < exact <= MAX_WAIT_MS_LIMIT:
        message = "A wait is more than nothing and at most a year."
        raise ValueError(message)
    return int(exact)


def format_duration(wait_ms: int) -> str:
    """Writes milliseconds in the largest unit that keeps them whole: 300000 is `5m`."""
    for unit in ("d", "h", "m", "s"):
        if wait_ms and wait_ms % _UNIT_MS[unit] == 0:
            return f"{wait_ms // _UNIT_MS[unit]}{unit}"
    return f"{wait_ms}ms"


def parse_yes_no(text: str) -> bool:
    """Reads yes/no, true/false, y/n, 1/0 in any case; raises ValueError with a sentence otherwise."""
    word = text.strip().lower()
    if word in _YES:
        return True
    if word in _NO:
        return False
    message = "Write yes or no."
    raise ValueError(message)


def parse_amount(text: str) -> Decimal:
    """Reads a plain non-negative number, below 10^15 and with at most 9 decimals, exactly.

    Raises ValueError with a sentence otherwise.
    """
    try:
        amount = Decimal(text.strip())
    except InvalidOperation:
        amount = Decimal("NaN")
    exponent = amount.as_tuple().exponent
    if not amount.is_finite() or amount.is_signed() or amount >= 10**15 or not isinstance(exponent, int):
        message = "Write a plain number that is not negative."
        raise ValueError(message)
    if exponent < -9:
        message = "Write at most nine decimals."
        raise ValueError(message)
    return amount


def checked(name: str, value: Any) -> Any:
    """A fact as it is stored, or ValueError with a sentence; None clears a fact.

    Raises KeyError for a field that is not a fact.
    """
    if name not in FACT_FIELDS:
        message = f"{name!r} is not a declared fact; these are: {', '.join(FACT_FIELDS)}"
        raise KeyError(message)
    if value is None:
        return None
    if name in _FLAG_FIELDS:
        if not isinstance(value, bool):
            message = f"{name} is yes or no."
            raise ValueError(message)
        return value
    if name in _COUNT_FIELDS:
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 10**15:
            message = f"{name} is a whole number that is not negative."
            raise ValueError(message)
        if name == "max_wait_ms" and not 0 < value <= MAX_WAIT_MS_LIMIT:
            message = "A wait is more than nothing and at most a year."
            raise ValueError(message)
        return value
    if name in _DECIMAL_FIELDS:
        if isinstance(value, float) or not isinstance(value, (int, str, Decimal)):
            message = f"{name} is an exact number."
            raise ValueError(message)
        return parse_amount(str(value))
    if not isinstance(value, str):
        message = f"{name} is text."
        raise ValueError(message)
    if name == "trigger" and value not in TRIGGERS:
        message = f"trigger is one of {', '.join(TRIGGERS)}."
        raise ValueError(message)
    return value.strip() or None


def to_json(facts: Mapping[str, Any]) -> dict[str, Any]:
    """Facts as plain JSON values; exact numbers become strings."""
    return {name: str(value) if isinstance(value, Decimal) else value for name, value in facts.items()}


def bucket_requests(requests_per_day: Decimal | None, requests_per_run: Decimal | None) -> int | None:
    """How many requests the bucket of a description holds: one run, else one day, rounded half to even.

    Less than one is a bucket of one, so that rare work is not nothing; None when there is none.
    """
    described = requests_per_run if requests_per_run is not None else requests_per_day
    if not described:
        return None
    return max(1, int(described.to_integral_value(ROUND_HALF_EVEN)))


def requests_per_year(facts: Declared) -> Decimal | None:
    """What the declared numbers come to in a year; None when nobody said.

    Runs of unknown number count once, so that a yearly figure is never made up.
    """
    if facts.requests_per_run is not None and facts.runs_per_year is not None:
        return facts.requests_per_run * facts.runs_per_year
    if facts.requests_per_day is not None:
        return facts.requests_per_day * 365
    return facts.requests_per_run


def _overlaid(base: Declared, facts: Mapping[str, Any], declared_by: str) -> Declared:
    """The same workload with the named facts replaced, None included, and their source noted."""
    values = {name: checked(name, value) for name, value in facts.items()}
    sources = {**base.sources, **dict.fromkeys(values, declared_by)}
    return replace(base, **values, declared_by=declared_by, sources=sources)


def merged(
    described: Iterable[tuple[str, Mapping[str, Any]]], declarations: Mapping[str, Mapping[str, Any]]
) -> tuple[Declared, ...]:
    """All declared workloads by name.

    `described` are (file name, stored fact row) pairs, oldest first; `declarations` maps a
    workload to {"made": [{"by": person, "facts": {...}}, ...]} in the order they were made.
    """
    found: dict[str, Declared] = {}
    in_bucket: dict[str, int] = {}
    for source, row in described:
        facts = {name: value for name, value in row["facts"].items() if value is not None}
        name = row["name"]
        found[name] = _overlaid(found.get(name, Declared(name)), facts, source)
        if row["bucket_requests"]:
            in_bucket[name] = row["bucket_requests"]
    for name, made in declarations.items():
        for entry in made["made"]:
            found[name] = _overlaid(found.get(name, Declared(name)), entry["facts"], str(entry["by"]))
    for name, requests in in_bucket.items():
        a_year = requests_per_year(found[name])
        factor = Declared.annual_factor if a_year is None else a_year / requests
        found[name] = replace(found[name], has_usage=True, annual_factor=factor)
    return tuple(found[name] for name in sorted(found))
