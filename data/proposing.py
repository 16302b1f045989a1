"""A mapping proposed from a table's names and first rows, and the questions it leaves open.

A proposal says why and how sure it is, and is for a person to confirm. Units and what input counts
are never filled in from a guess: only ISO times are told by their text; everything else is a
question, with what the rows hint at.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any, Final, Literal

from data.formats.vocabulary import PROVIDERS, TIERS, provider_of_model
from data.mapping import CACHED, CHOICES, FIELDS, Answer, Field, Source, needed_answers
from data.table_sample import Sample, split_path

Kind = Literal[
    "integer",
    "number",
    "iso",
    "epoch_s",
    "epoch_ms",
    "epoch_us",
    "epoch_ns",
    "model",
    "flag",
    "prose",
    "word",
]

_NAMES: Final[dict[Field, str]] = {
    "ts": (
        "ts time timestamp datetime createdat created starttime startedat start eventtime requesttime "
        "loggedat date at when utctime calledat occurredat"
    ),
    "ts_end": "tsend endtime endedat end finishedat completedat",
    "provider": "provider vendor llmprovider modelprovider customllmprovider system genaisystem",
    "model": "model modelid modelname llmmodel engine deployment responsemodel requestmodel",
    "workload": "workload feature task usecase project application app team service route job tag component",
    "input_tokens": (
        "inputtokens prompttokens tokensin intokens inputtokencount prompttokencount tokensprompt "
        "tokensinput ninputtokens nprompttokens numinputtokens numprompttokens intok inputtok "
        "prompttok contexttokens usageinputtokens usageprompttokens genaiusageinputtokens "
        "llmtokencountprompt requesttokens"
    ),
    "output_tokens": (
        "outputtokens completiontokens tokensout outtokens outputtokencount completiontokencount "
        "tokenscompletion tokensoutput noutputtokens ncompletiontokens numoutputtokens numcompletiontokens "
        "outtok outputtok completiontok generatedtokens candidatestokencount usageoutputtokens "
        "usagecompletiontokens genaiusageoutputtokens llmtokencountcompletion responsetokens"
    ),
    "cache_read_tokens": (
        "cachereadtokens cachedtokens cachereadinputtokens cachedinputtokens cachedprompttokens tokenscached "
        "cachedcontenttokencount cachehittokens promptcachehittokens inputcachedtokens"
    ),
    "cache_write_tokens": (
        "cachewritetokens cachecreationtokens cachecreationinputtokens cachewriteinputtokens"
    ),
    "cache_write_long_tokens": "cachewritelongtokens ephemeral1hinputtokens cachewrite1htokens",
    "reasoning_tokens": "reasoningtokens thinkingtokens thoughtstokencount thoughttokens",
    "n_requests": (
        "nrequests requests requestcount numrequests nummodelrequests numrequest callcount calls ncalls"
    ),
    "call_id": "callid requestid reqid completionid generationid responseid messageid spanid uuid id",
    "session": "session sessionid conversationid traceid threadid chatid userid user enduser",
    "tier": "tier servicetier pricingtier",
    "status": "status state outcome statuscode httpstatus responsestatus success",
    "latency_ms": (
        "latencyms latency duration durationms responsetime responsetimems elapsed elapsedms totallatency "
        "latencys latencyseconds durations durationseconds elapseds requestduration requestdurationms took"
    ),
    "ttft_ms": "ttftms ttft timetofirsttoken timetofirsttokenms firsttokenms firsttokenlatency ttfts",
    "streamed": "streamed stream streaming isstream isstreaming",
    "deadline_s": "deadlines deadlineseconds",
    "batch_eligible": "batcheligible canbatch",
    "batch_id": "batchid batchjobid",
    "custom_id": "customid",
    "reported_cost_usd": (
        "reportedcostusd costusd cost totalcost spend price usd costcents cents amount totalcostusd "
        "responsecost estimatedcost"
    ),
}
"""Names each field goes by in logs, best first, without case and punctuation."""

_TIMES: Final = frozenset({"iso", "epoch_s", "epoch_ms", "epoch_us", "epoch_ns"})
_COUNTS: Final = frozenset({"integer", "epoch_s", "epoch_ms", "epoch_us", "epoch_ns"})
_AMOUNTS: Final = _COUNTS | {"number"}
_WORDS: Final = frozenset({"word", "model"})
_FITS: Final[dict[Field, frozenset[str]]] = {
    "ts": _TIMES,
    "ts_end": _TIMES,
    "model": _WORDS,
    "provider": frozenset({"word"}),
    "workload": _WORDS,
    "tier": _WORDS,
    "status": _WORDS | {"flag", "integer"},
    "streamed": frozenset({"flag"}),
    "batch_eligible": frozenset({"flag"}),
    "call_id": _WORDS | _COUNTS,
    "session": _WORDS | _COUNTS,
    "batch_id": _WORDS | _COUNTS,
    "custom_id": _WORDS | _COUNTS,
    "latency_ms": _AMOUNTS,
    "ttft_ms": _AMOUNTS,
    "reported_cost_usd": _AMOUNTS,
}
"""What the values of a field look like; where a field is not listed, whole numbers."""

_ISO: Final = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d([.,]\d+)?)?( ?(Z|UTC|[+-]\d\d:?(\d\d)?))?)?")
_INTEGER: Final = re.compile(r"\d{1,18}(\.0*)?|\d{19}")
_NUMBER: Final = re.compile(r"[+-]?\d{1,18}(\.\d*)?([eE][+-]?\d{1,2})?")
_EPOCHS: Final[dict[Kind, tuple[float, float]]] = {
    "epoch_s": (946_684_800, 4_102_444_800),
    "epoch_ms": (946_684_800_000, 4_102_444_800_000),
    "epoch_us": (946_684_800_000_000, 4_102_444_800_000_000),
    "epoch_ns": (946_684_800_000_000_000, 4_102_444_800_000_000_000),
}
"""2000 to 2100 in each unit; the ranges do not meet."""
_FLAGS: Final = {"true", "false", "yes", "no", "t", "f", "y", "n"}
_ENOUGH: Final = 0.6
"""The share of values that decides: some rows of a real file are broken."""
_MOST_WORDS: Final = 8
_LONGEST_NAME: Final = 120
_SHORTEST_ID: Final = 8


@dataclass(frozen=True)
class Suggestion:
    """A column proposed for a field: how sure (0 to 1), and whether name, content or both say so."""

    field: Field
    column: str
    confidence: float
    why: Literal["name", "content", "name and content"]


@dataclass(frozen=True)
class Question:
    """What the file cannot say: the answer's name, its choices, and what the rows hint at, if anything."""

    answer: Answer
    choices: tuple[str | bool, ...]
    hint: str | None


@dataclass(frozen=True)
class Proposal:
    """Proposed columns, the answers that the rows settle, and what a person has to say.

    `missing` are essential fields that no column was found for, `provider` where model names do not
    settle it.
    """

    name: str
    sample: Sample
    suggestions: tuple[Suggestion, ...]
    answers: Mapping[Answer, str]
    questions: tuple[Question, ...]
    missing: tuple[Field, ...]

    @cached_property
    def fields(self) -> dict[Field, Source]:
        """The proposed fields as a mapping has them."""
        return {item.field: Source(column=item.column) for item in self.suggestions}

    def content(self) -> dict[str, Any]:
        """The proposal as the plain data of a mapping that is not complete yet."""
        fields = {field: source.model_dump(exclude_none=True) for field, source in self.fields.items()}
        return {"name": self.name, **dict(self.answers.items()), "fields": fields}


def propose(sample: Sample) -> Proposal:
    """The best column for each field, one column for one field; what does not fit is not proposed."""
    candidates = []
    for position, name in enumerate(sample.names):
        values = sample.values(name)
        kind = kind_of(values)
        for order, field in enumerate(FIELDS):
            found = _scored(field, name, kind, values)
            if found is not None:
                rank, suggestion = found
                candidates.append((-suggestion.confidence, rank, order, position, suggestion))
    chosen: dict[Field, Suggestion] = {}
    taken: set[str] = set()
    for *_, suggestion in sorted(candidates, key=lambda item: item[:4]):
        if suggestion.field not in chosen and suggestion.column not in taken:
            chosen[suggestion.field] = suggestion
            taken.add(suggestion.column)
    suggestions = tuple(chosen[field] for field in FIELDS if field in chosen)
    fields = {item.field: Source(column=item.column) for item in suggestions}
    answers: dict[Answer, str] = {}
    if "ts" in fields and kind_of(sample.values(chosen["ts"].column)) == "iso":
        answers["time_unit"] = "iso"
    missing: list[Field] = [
        field for field in ("model", "input_tokens", "output_tokens") if field not in fields
    ]
    if "provider" not in fields and not settles_provider(sample, fields.get("model")):
        missing.append("provider")
    return Proposal(
        name=_short_name(sample.shown),
        sample=sample,
        suggestions=suggestions,
        answers=answers,
        questions=tuple(
            question(answer, sample, fields) for answer in needed_answers(fields) if answer not in answers
        ),
        missing=tuple(missing),
    )


def question(answer: Answer, sample: Sample, fields: Mapping[Field, Source]) -> Question:
    """One question about a choice of fields, with what the first rows hint at."""
    return Question(answer, CHOICES[answer], _hint(answer, sample, fields))


def settles_provider(sample: Sample, model: Source | None) -> bool:
    """Whether every model in the first rows names its provider by the way it begins."""
    if model is None:
        return False
    names = (model.constant,) if model.constant is not None else sample.values(model.column or "")
    return bool(names) and all(provider_of_model(name or "") is not None for name in names)


def kind_of(values: Sequence[str]) -> Kind | None:
    """What most of the values look like; None when there are none, prose as soon as one is."""
    texts = [value.strip() for value in values]
    if not texts:
        return None
    if any(len(text) > _LONGEST_NAME or "\n" in text or len(text.split()) > _MOST_WORDS for text in texts):
        return "prose"
    tests: dict[Kind, Callable[[str], object]] = {
        "integer": _INTEGER.fullmatch,
        "number": _NUMBER.fullmatch,
        "iso": _ISO.fullmatch,
        "flag": lambda text: text.lower() in _FLAGS,
        "model": lambda text: provider_of_model(text.split("/")[-1]),
    }
    enough = len(texts) * _ENOUGH
    kind: Kind = next(
        (kind for kind, test in tests.items() if sum(map(bool, map(test, texts))) >= enough), "word"
    )
    return (_epoch(texts) or kind) if kind in ("integer", "number") else kind


def _epoch(texts: Sequence[str]) -> Kind | None:
    numbers = [_number(text) for text in texts]
    for kind, (first, last) in _EPOCHS.items():
        if sum(first <= number < last for number in numbers) >= len(texts) * _ENOUGH:
            return kind
    return None


def _scored(
    field: Field, name: str, kind: Kind | None, values: Sequence[str]
) -> tuple[int, Suggestion] | None:
    """How well a column fits a field: the place of its name among the known ones, and the suggestion."""
    if kind == "prose" or (kind is not None and kind not in _FITS.get(field, frozenset({"integer"}))):
        return None
    rank = _rank(field, name)
    if field == "call_id" and kind is not None:
        longest = max(len(value) for value in values)
        if len(set(values)) < len(values) or longest < _SHORTEST_ID:
            return None  # a row number is no id: another file has the same ones
    if rank is not None:
        # A kind that most columns have says less than one that is rare.
        certain = kind in _TIMES or kind == "model" or _is_vocabulary(field, values)
        confidence = 0.5 if kind is None else 0.95 if certain else 0.85
        why: Literal["name", "name and content"] = "name" if kind is None else "name and content"
        return rank, Suggestion(field, name, confidence, why)
    if (field == "model" and kind == "model") or (field == "ts" and kind in _TIMES):
        return len(_NAMES[field]), Suggestion(field, name, 0.4, "content")
    return None


def _rank(field: Field, name: str) -> int | None:
    """The place of a name among those of a field: the whole path counts as much as its end."""
    keys = [re.sub(r"[^a-z0-9]", "", key.lower()) for key in split_path(name)]
    spellings = {keys[-1], "".join(keys[-2:]), "".join(keys)}
    known = _NAMES[field].split()
    return min((known.index(spelling) for spelling in spellings if spelling in known), default=None)


def _is_vocabulary(field: Field, values: Sequence[str]) -> bool:
    words: dict[Field, frozenset[str]] = {
        "provider": frozenset(PROVIDERS) | frozenset(PROVIDERS.values()),
        "tier": frozenset(TIERS),
    }
    return field in words and bool(values) and all(value.strip().lower() in words[field] for value in values)


def _hint(answer: Answer, sample: Sample, fields: Mapping[Field, Source]) -> str | None:
    def column(*wanted: Field) -> str | None:
        return next(
            (source.column for field in wanted if (source := fields.get(field)) and source.column), None
        )

    if answer == "time_unit" and (name := column("ts", "ts_end")):
        seconds = {
            "iso": "ISO 8601 text (iso)",
            "epoch_s": "seconds since 1970 (s)",
            "epoch_ms": "milliseconds since 1970 (ms)",
            "epoch_us": "microseconds since 1970 (us)",
            "epoch_ns": "nanoseconds since 1970 (ns)",
        }
        kind = kind_of(sample.values(name))
        return f"The first rows look like {seconds[kind]}." if kind in seconds else None
    if answer == "latency_unit" and (name := column("latency_ms", "ttft_ms")):
        return _unit_hint(name, {"ms": "ms", "milliseconds": "ms", "s": "s", "sec": "s", "seconds": "s"})
    if answer == "cost_unit" and (name := column("reported_cost_usd")):
        return _unit_hint(name, {"usd": "usd", "dollars": "usd", "cents": "cents"})
    if answer == "input_includes_cached":
        return _cached_hint(sample, fields)
    return None


def _unit_hint(name: str, units: Mapping[str, str]) -> str | None:
    words = re.split(r"[^A-Za-z]+|(?<=[a-z])(?=[A-Z])", split_path(name)[-1])
    unit = next((units[word.lower()] for word in reversed(words) if word.lower() in units), None)
    return f"The name of the column ends like {unit}." if unit else None


def _cached_hint(sample: Sample, fields: Mapping[Field, Source]) -> str | None:
    """More cached tokens than input prove that input leaves them out; the contrary proves nothing."""
    total, *parts = (fields.get(field) for field in ("input_tokens", *CACHED))
    if total is None or total.column is None:
        return None
    inputs = sample.column(total.column)
    beyond = 0
    for part in parts:
        if part is not None and part.column is not None:
            pairs = zip(inputs, sample.column(part.column), strict=True)
            beyond += sum(_number(cached) > _number(whole) for whole, cached in pairs if whole and cached)
    return f"In {beyond} of the first rows the cached tokens are more than the input." if beyond else None


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0


def _short_name(shown: str) -> str:
    """A name for the mapping from the file's name, without what changes from file to file."""
    stem = PurePath(shown).name.split(".")[0]
    kept = re.sub(r"[^A-Za-z0-9]+", "-", re.sub(r"\d{3,}([-_]\d\d)*", "", stem)).strip("-").lower()
    return kept[:60] or "table"
