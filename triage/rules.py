"""The parts of a policy: its thresholds, and rules as data over the facts."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, model_validator

from triage.facts import FactValue
from triage.model import Label

COMPARISONS: Final = ("below", "at_most", "at_least", "above")
"""Words that compare a number with a threshold; none of them holds for a fact nobody stated."""

CONDITION_WORDS: Final = ("is", "one_of", "known", *COMPARISONS)


class Thresholds(BaseModel):
    """The numbers rules refer to by name; durations in whole seconds, volume in requests."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    interactive_below_s: StrictInt = Field(gt=0)
    semi_up_to_s: StrictInt = Field(gt=0)
    batch_window_s: StrictInt = Field(gt=0)
    min_requests_per_batch: StrictInt = Field(ge=1)


class ConfidenceTerms(BaseModel):
    """How counter-evidence lowers a rule's score."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    lost_per_counter: Decimal = Field(ge=0, le=1)
    floor: Decimal = Field(gt=0, le=1)


def _number(value: Any) -> Any:
    """Takes a number or the name of a threshold; text that merely looks like a number is refused."""
    names = tuple(Thresholds.model_fields)
    if isinstance(value, str) and value in names:
        return value
    if isinstance(value, Decimal):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        number = Decimal(str(value))
        if number.is_finite():
            return number
    raise ValueError(f"{value!r} is neither a number nor a threshold; thresholds are {', '.join(names)}")


def _plain(value: Any) -> Any:
    if isinstance(value, bool | str):
        return value
    raise ValueError(f"{value!r} is neither yes, no nor a word; numbers take {', '.join(COMPARISONS)}")


Number = Annotated[Decimal | str, BeforeValidator(_number)]


class Condition(BaseModel):
    """What one fact must be; several words in one condition must all hold."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    is_: Annotated[bool | str | None, BeforeValidator(_plain)] = Field(default=None, alias="is")
    one_of: tuple[str, ...] | None = None
    known: Annotated[bool | None, Field(strict=True)] = None
    below: Number | None = None
    at_most: Number | None = None
    at_least: Number | None = None
    above: Number | None = None

    @model_validator(mode="before")
    @classmethod
    def _from_scalar(cls, data: Any) -> Any:
        """Lets `user_waiting: yes` stand for `user_waiting: {is: yes}`."""
        if isinstance(data, Mapping):
            if not data:
                raise ValueError(f"says nothing; write one or more of {', '.join(CONDITION_WORDS)}")
            empty = [str(word) for word, value in data.items() if value is None]
            if empty:
                raise ValueError(f"gives no value to {', '.join(empty)}")
            return data
        if data is None:
            raise ValueError("says nothing; write a value, or 'known: no' for a fact nobody stated")
        return {"is": data}

    @property
    def words(self) -> tuple[str, ...]:
        """The words this condition uses."""
        return tuple(word for word in CONDITION_WORDS if self.value_of(word) is not None)

    def value_of(self, word: str) -> Any:
        """What the condition says after `word`; None when it does not use it."""
        return getattr(self, "is_" if word == "is" else word)

    @property
    def needs_value(self) -> bool:
        """Whether the condition can only hold for a fact that somebody stated."""
        return self.known is not False

    def holds(self, value: FactValue | None, thresholds: Thresholds) -> bool:
        """Whether `value` meets every word; an unstated fact meets only `known: no`."""
        if value is None:
            return self.known is False and self.words == ("known",)
        if self.known is False:
            return False
        if self.is_ is not None and value != self.is_:
            return False
        if self.one_of is not None and value not in self.one_of:
            return False
        if not isinstance(value, Decimal):
            return True
        return (
            (self.below is None or value < limit(self.below, thresholds))
            and (self.at_most is None or value <= limit(self.at_most, thresholds))
            and (self.at_least is None or value >= limit(self.at_least, thresholds))
            and (self.above is None or value > limit(self.above, thresholds))
        )


def limit(number: Decimal | str, thresholds: Thresholds) -> Decimal:
    """The number a comparison means: itself, or the threshold it names."""
    return Decimal(getattr(thresholds, number)) if isinstance(number, str) else number


class Rule(BaseModel):
    """One line of a policy: when every condition holds, the label, its reason and what to ask.

    Attributes:
        reason: the verdict's sentence; placeholders in braces are filled with the workload's numbers.
        confidence: before counter-evidence; required unless the label is `unknown`.
        suggests: the label the log points to, for a person to confirm; only where the label is
            `unknown` and a condition asks for `behaviour`.
        question, answer: what to ask and the shortest answer that settles it; exactly when the
            label is `unknown`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str = Field(pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$", max_length=50)
    when: dict[str, Condition]
    label: Label
    reason: str = Field(min_length=1)
    confidence: Decimal | None = Field(default=None, gt=0, le=1)
    suggests: Label | None = None
    question: str | None = Field(default=None, min_length=1)
    answer: str | None = Field(default=None, min_length=1)
