"""Tables that no format claims, with mappings for them; what tests of mappings share."""

from typing import Any, Final

from data.mapping import ColumnMapping, read_mapping

CANARY: Final = "the canary sang behind the blue door"

TABLE: Final = (
    "when,engine,in tok,out tok,from cache,took,prompt,team,cost\n"
    # 4 May 2026, 09:00, 09:01 and 09:02 UTC
    f'1777885200,gpt-4o,1000,100,400,1.5,"{CANARY}, said one",search,0.12\n'
    f'1777885260,gpt-4o,2000,200,0,2.25,"{CANARY}, said two",search,0.2\n'
    f'1777885320,gpt-4o,many,200,0,2.25,"{CANARY}, said three",search,0.2\n'
)

MAPPED: Final[dict[str, Any]] = {
    "name": "acme",
    "row_is": "call",
    "time_unit": "s",
    "input_includes_cached": True,
    "latency_unit": "s",
    "cost_unit": "cents",
    "fields": {
        "ts": {"column": "when"},
        "model": {"column": "engine"},
        "workload": {"column": "team"},
        "input_tokens": {"column": "in tok"},
        "output_tokens": {"column": "out tok"},
        "cache_read_tokens": {"column": "from cache"},
        "latency_ms": {"column": "took"},
        "reported_cost_usd": {"column": "cost"},
    },
}


def mapping(**changes: Any) -> ColumnMapping:
    """The mapping of `TABLE`; `fields` adds to its fields or, with None, takes one away."""
    fields = {**MAPPED["fields"], **changes.pop("fields", {})}
    content = {**MAPPED, **changes, "fields": {name: said for name, said in fields.items() if said}}
    return read_mapping({key: value for key, value in content.items() if value is not None}, "test")
