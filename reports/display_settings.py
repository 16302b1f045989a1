"""Each person's time zone and currency for the pages, remembered in one document of the workspace."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Final
from zoneinfo import available_timezones

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from data.errors import WorkspaceError
from data.store import Workspace
from reports.display import CURRENCIES, DOLLARS, UTC_ZONE, Conversion, Display

DOCUMENT: Final = "display"
LEAST_RATE: Final = Decimal("0.000001")
MOST_RATE: Final = Decimal(10_000_000)
FIRST_RATE_DAY: Final = date.fromisoformat("2000-01-01")
_RATE: Final = re.compile(r"[0-9]{1,8}(\.[0-9]{1,12})?")
# Files of a time zone database that name no place.
_NO_ZONES: Final = frozenset({"Factory", "localtime", UTC_ZONE})


class RateError(ValueError):
    """A typed rate that is none; the text is fit to show."""


def read_rate(text: str) -> Decimal:
    """How much of a currency one dollar is, as typed; RateError says what to type instead."""
    typed = text.strip()
    if not _RATE.fullmatch(typed):
        raise RateError(f"“{typed[:20]}” is no rate. Type a number with a point, such as 0.92.")
    rate = Decimal(typed)
    if not LEAST_RATE <= rate <= MOST_RATE:
        raise RateError(f"A rate is between {LEAST_RATE:f} and {MOST_RATE:,f}.")
    return rate


@cache
def zones() -> tuple[str, ...]:
    """Every IANA time zone this machine knows, UTC first, the rest by name."""
    return (UTC_ZONE, *sorted(available_timezones() - _NO_ZONES))


def _rate(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else read_rate(str(value))


class Rate(BaseModel):
    """How much of a currency one dollar is, exactly as typed, and of which day."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    per_usd: Annotated[Decimal, BeforeValidator(_rate)]
    of: Annotated[date, Field(ge=FIRST_RATE_DAY)]


class Settings(BaseModel):
    """What one person chose.

    time_zone: None follows the browser.
    rates: by currency, those not shown now too, so that changing to and fro asks for none again.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    time_zone: str | None = None
    currency: str = DOLLARS
    rates: Mapping[str, Rate] = Field(default_factory=dict)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str | None) -> str | None:
        if name is not None and name not in zones():
            raise ValueError(f"{name} is no time zone")
        return name

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, code: str) -> str:
        if code not in CURRENCIES:
            raise ValueError(f"{code} is no currency of the list")
        return code

    def display(self, browser_zone: str | None) -> Display:
        """What to show in; a currency without a rate leaves dollars, a browser that says nothing UTC."""
        browser = browser_zone if browser_zone in zones() else None
        rate = self.rates.get(self.currency)
        return Display(
            zone=self.time_zone or browser or UTC_ZONE,
            conversion=Conversion(self.currency, rate.per_usd, rate.of)
            if rate is not None and self.currency != DOLLARS
            else None,
        )


class DisplaySettings:
    """Read and save what people chose; no figure depends on it (see `Workbench.fingerprint`)."""

    def __init__(self, workspace: Workspace) -> None:
        self._document = workspace.document(DOCUMENT)

    def of(self, person: str) -> Settings:
        """What a person chose, else the defaults; WorkspaceError when it cannot be read."""
        saved = self._document.current()
        chosen = _people(saved[1]).get(person) if saved is not None else None
        if chosen is None:
            return Settings()
        try:
            return Settings.model_validate(chosen)
        except ValidationError as error:
            raise WorkspaceError(
                "Display settings cannot be read",
                "What is saved of your time zone and currency makes no sense. Choose them again.",
            ) from error

    def save(self, person: str, settings: Settings) -> None:
        """Remembers what a person chose; nothing is written when it is what was chosen before."""

        chosen = settings.model_dump(mode="json")

        def change(content: dict[str, Any]) -> Mapping[str, Any]:
            return {"version": 1, "people": {**_people(content), person: chosen}}

        current = self._document.current()
        if current is None or _people(current[1]).get(person) != chosen:
            self._document.update(change, author=person, note="time zone and currency of the pages")


def _people(content: Mapping[str, Any]) -> dict[str, Any]:
    people = content.get("people")
    return people if isinstance(people, dict) else {}
