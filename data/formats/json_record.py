"""JSON records in which a provider's object stands alone or inside the caller's own record.

The object is looked for at the record itself and under `response`, `body` and `response.body`. All
paths are taken out of the text in one go, because every extraction parses the text again: first
with the object at the place where the head has it, and again only for records that have it
elsewhere.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from data.db import quoted
from data.formats.attributes import METADATA, attribute_list
from data.formats.base import FileHead, draft_select
from data.formats.json_paths import JsonPaths, planned
from data.formats.layers import Layers, joined

PLACES: Final = ("", "response.", "body.", "response.body.")
"""Where the provider's object may stand, as path prefixes; the first that fits wins."""

WORKLOAD_KEYS: Final = (
    "workload",
    "feature",
    "use_case",
    "tag",
    "tags[0]",
    "application",
    "app",
    "project",
    "service",
)
_TIME_KEYS: Final = (
    "started_at",
    "start_time",
    "startTime",
    "request_time",
    "timestamp",
    "ts",
    "time",
    "created_at",
    "recorded_at",
    "logged_at",
    "date",
)
_SESSION_KEYS: Final = (
    "session_id",
    "session",
    "conversation_id",
    "thread_id",
    "trace_id",
    "user_id",
    "user",
)
_LATENCY_KEYS: Final = ("latency_ms", "duration_ms", "processing_ms", "elapsed_ms")
_STATUS_KEYS: Final = ("http_status", "status_code", "response.status_code", "status")
_IN_METADATA: Final = (*WORKLOAD_KEYS, *_SESSION_KEYS, "deadline_s", "batch_eligible")
_METADATA: Final = ("metadata", "request.metadata", "@metadata")
_ATTRIBUTE_KEYS: Final = {
    "tag": ("tag",),
    "project": ("project", "project_id", "organization"),
    "api_key_alias": ("api_key_alias", "api_key_name", "key_alias"),
    "trace_name": ("trace_name",),
    "endpoint": ("endpoint", "url", "path", "route"),
    "user_agent": ("user_agent", 'headers."user-agent"', 'request.headers."user-agent"'),
}


def value_at(record: Mapping[str, Any], path: str) -> Any:
    """What stands at a dotted path of keys, None where nothing does."""
    value: Any = record
    for key in filter(None, path.split(".")):
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


def objects_at(record: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, ...]:
    """What stands at each of PLACES, None where no object does."""
    found = (value_at(record, place) for place in PLACES)
    return tuple(value if isinstance(value, Mapping) else None for value in found)


def missing_counts(usage: str, input_text: str, output_text: str) -> str:
    """CASE branches that reject usage without its two counts; a call without any usage is kept, unmetered."""
    return f"""WHEN {usage} IS NOT NULL AND {input_text} IS NULL THEN 'missing_value:input_tokens'
      WHEN {usage} IS NOT NULL AND {output_text} IS NULL THEN 'missing_value:output_tokens'"""


class ProviderRecord(Layers):
    """Builds a draft over JSON records that hold one kind of provider object.

    Args:
        head: the file's head, to see where the objects mostly stand.
        marker: the path whose value tells the object, such as `object` or `usage.inputTokens`.
        values: the values it has for this kind; none when any value tells it.
    """

    def __init__(self, head: FileHead, marker: str, values: Sequence[str] = ()) -> None:
        super().__init__()
        self._values = values
        self._markers = [f"{place}{marker}" for place in PLACES]
        self._errors = [f"{place}error" for place in PLACES]
        # The probes are taken out with everything else.
        self._paths = [*self._markers, *self._errors, *_STATUS_KEYS]
        places = [0] * len(PLACES)
        for record in head.records:
            for number, found in enumerate(objects_at(record)):
                told = None if found is None else value_at(found, marker)
                if told is not None and (not values or told in values):
                    places[number] += 1
                    break
        self._usual = places.index(max(places))

    def own(self, *paths: str) -> str:
        """The first of the paths inside the provider's object that has a value, as text."""
        return self._first([f"@{path}" for path in paths])

    def has(self, path: str) -> str:
        """'true' where the provider's object has a value at the path, else NULL.

        For a path that leads on to others, such as `usage`: to take its text out, too, would mean
        reading the record once more.
        """
        return self._slot(f"?@{path}")

    def beside(self, *paths: str) -> str:
        """The first of the paths in the caller's record that has a value, as text."""
        return self._first(list(paths))

    def _first(self, paths: Sequence[str]) -> str:
        return self.column("coalesce(" + ", ".join(f"nullif({self._slot(path)}, '')" for path in paths) + ")")

    def _slot(self, path: str) -> str:
        if path not in self._paths:
            self._paths.append(path)
        return f"f.k{self._paths.index(path) + 1}"

    # -- what the caller may have put beside the object ---------------------------------------

    def _metadata(self, *keys: str) -> str:
        """The first of the keys in the caller's or the provider's metadata that has a value."""
        text = self._metadata_text()
        wanted = ", ".join(quoted(f"$.{key}") for key in _IN_METADATA)
        opened = self.column(f"CASE WHEN json_valid({text}) THEN json_extract_string({text}, [{wanted}]) END")
        found = ", ".join(f"nullif({opened}[{_IN_METADATA.index(key) + 1}], '')" for key in keys)
        return self.column(f"coalesce({found})")

    def _metadata_text(self) -> str:
        filled = ", ".join(f"nullif({self._slot(path)}, '{{}}')" for path in _METADATA)
        return self.column(f"coalesce({filled})")

    def attributes(self) -> str:
        """What the caller says beside the object that a workload rule may look at."""
        fields = {name: self.beside(*keys) for name, keys in _ATTRIBUTE_KEYS.items()}
        own = [key for key in WORKLOAD_KEYS if key not in {"tag", "tags[0]", "project"}]
        fields |= {f"{METADATA}{key}": self.beside(key) for key in own}
        return attribute_list(
            fields, tags=[self.beside("tags")], metadata=[self._metadata_text()], column=self.column
        )

    def workload(self) -> str:
        """The caller's name for what the call was for."""
        return f"coalesce({self.beside(*WORKLOAD_KEYS)}, {self._metadata(*WORKLOAD_KEYS)})"

    def moment(self) -> str:
        """The caller's own time of the call."""
        return self.beside(*_TIME_KEYS)

    def session(self, *own_paths: str) -> str:
        """The caller's session or user key, else one inside the object."""
        found = [self.beside(*_SESSION_KEYS), self._metadata(*_SESSION_KEYS)]
        if own_paths:
            found.append(self.own(*own_paths))
        return f"coalesce({', '.join(found)})"

    def model(self) -> str:
        """The model that answered, else the one that was asked."""
        return f"coalesce({self.own('model')}, {self.beside('request.model', 'model')})"

    def provider(self, otherwise: str, *, by_id: str = "NULL") -> str:
        """What the caller says, else what host, `by_id` (SQL) or model settle; else the host; `otherwise`."""
        host = self.column(f"host_of({self.beside('url', 'base_url', 'api_base')})")
        return (
            f"coalesce({self.beside('provider')}, provider_of_host({host}), {by_id}, "
            f"provider_of_model({self.own('model')}), {host}, {quoted(otherwise)})"
        )

    def failed(self) -> str:
        """SQL that is true when the provider answered with an error instead of an object."""
        status = self.column(f"try_cast({self.beside(*_STATUS_KEYS)} AS INTEGER)")
        return f"(coalesce({status} >= 400, false) OR {self.own('error')} IS NOT NULL)"

    def common(self) -> dict[str, str]:
        """The draft columns that every wrapped record fills alike."""
        return {
            "ts_strict": "false",
            "model_text": self.model(),
            "workload_text": self.workload(),
            "attributes": self.attributes(),
            "latency_text": self.beside(*_LATENCY_KEYS),
            "ttft_text": self.beside("ttft_ms", "time_to_first_token_ms"),
            "streamed_text": self.beside("streamed", "stream", "request.stream"),
            "deadline_text": f"coalesce({self.beside('deadline_s')}, {self._metadata('deadline_s')})",
            "batch_eligible_text": (
                f"coalesce({self.beside('batch_eligible')}, {self._metadata('batch_eligible')})"
            ),
            "custom_id_text": self.beside("custom_id"),
            "cost_text": self.beside("cost_usd", "reported_cost_usd"),
        }

    # -- putting it together ------------------------------------------------------------------

    def select(self, values: Mapping[str, str], *, reject: str) -> str:
        """The draft's SELECT over `source`.

        `values` must name `call_id`. `reject` is SQL for a code with an optional `:column`, or
        NULL; it is asked only of records that hold the object or an error in its place.
        """
        call_id = values["call_id"]
        fault = self.column(
            f"coalesce(broken, CASE WHEN place IS NULL THEN 'not_this_format' ELSE {reject} END)"
        )
        filled = {
            **values,
            "row_key": f"CASE WHEN {fault} IS NULL AND {call_id} IS NULL THEN sha256(raw) END",
            "reject_code": f"split_part({fault}, ':', 1)",
            "reject_column": f"nullif(split_part({fault}, ':', 2), '')",
        }
        layers, last = self.expressions("fields")
        return f"{joined([*self._fields(), *layers])}\n{draft_select(filled, last)}"

    def _fields(self) -> list[str]:
        """`fields`: raw, what is broken about it, the object's place, and `f`, the texts at all paths."""
        plan = self._plan(PLACES[self._usual])
        elsewhere = "\n      ".join(
            f"WHEN place = {number} THEN {self._packed_elsewhere(place)}"
            for number, place in enumerate(PLACES)
            if number != self._usual
        )

        def usual(path: str) -> str:
            return plan.value(path, "t", "l")

        known = ", ".join(map(quoted, self._values))
        told = f"IN ({known})" if known else "IS NOT NULL"
        marked = " ".join(
            f"WHEN {usual(path)} {told} THEN {number}" for number, path in enumerate(self._markers)
        )
        # An error in place of the object: the record then has no marker.
        failed = " ".join(
            f"WHEN starts_with({usual(path)}, '{{') THEN {number}" for number, path in enumerate(self._errors)
        )
        statuses = ", ".join(usual(path) for path in _STATUS_KEYS)
        return [
            f"usual AS (\n  {plan.read('source')}\n)",
            f"""placed AS (
  SELECT raw, t, l,
    CASE
      WHEN NOT coalesce(valid, false)
        THEN CASE WHEN raw IS NULL OR trim(raw, ' \t\r\n') = '' THEN 'blank' ELSE 'not_json' END
      WHEN NOT (starts_with(raw, '{{') OR starts_with(ltrim(raw, ' \t\r\n'), '{{')) THEN 'not_an_object'
    END AS broken,
    CASE {marked} {failed} WHEN try_cast(coalesce({statuses}) AS INTEGER) >= 400 THEN 0 END AS place
  FROM usual
)""",
            f"""fields AS (
  SELECT raw, place, broken,
    CASE
      WHEN place = {self._usual} THEN {self._packed(PLACES[self._usual], "t", "l")}
      {elsewhere}
    END AS f
  FROM placed
)""",
        ]

    def _plan(self, place: str) -> JsonPaths:
        return planned([_at(place, path) for path in self._paths if not path.startswith("?")])

    def _packed(self, place: str, transformed: str, listed: str) -> str:
        """The values at all paths as one struct with the fields k1, k2, ..."""
        plan = self._plan(place)
        fields = []
        for number, path in enumerate(self._paths, start=1):
            if path.startswith("?"):
                whole = _at(place, path[1:])
                value = (
                    f"CASE WHEN {plan.object_at(whole, transformed)} IS NOT NULL THEN 'true' "
                    f"WHEN json_extract_string(raw, {quoted(f'$.{whole}')}) <> '' THEN 'true' END"
                )
            else:
                value = plan.value(_at(place, path), transformed, listed)
            fields.append(f"k{number} := {value}")
        return f"struct_pack({', '.join(fields)})"

    def _packed_elsewhere(self, place: str) -> str:
        # The lambda is there to take the text apart once; SQL has no local variables.
        plan = self._plan(place)
        packed = self._packed(place, "other", plan.listed("raw"))
        return f"list_transform([{plan.transformed('raw')}], lambda other: {packed})[1]"


def _at(place: str, path: str) -> str:
    """A path in the record: `@` begins one inside the provider's object."""
    return f"{place}{path[1:]}" if path.startswith("@") else path
