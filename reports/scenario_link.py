"""A scenario as one word of an address, and back; what comes back is treated as anybody's input."""

import base64
import json
import zlib
from typing import Final

from pydantic import ValidationError

from reports.scenario import Scenario

MAX_LINK: Final = 6_000
"""Characters of one scenario; addresses of 8,000 work everywhere, and four of these in most places."""

MAX_TEXT: Final = 200_000
"""Bytes that a link may unpack to: a small file can claim to be a large one."""

_MARK: Final = "1-"


class ScenarioError(ValueError):
    """A scenario cannot be used; the text says why and is fit to show."""


def link(scenario: Scenario) -> str:
    """The scenario as letters, digits, `-` and `_`; ScenarioError when it is too long for an address."""
    text = json.dumps(scenario.plain(), ensure_ascii=False, separators=(",", ":")).encode()
    packed = base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")
    if len(packed) + len(_MARK) > MAX_LINK:
        raise ScenarioError(
            "The scenario has too many choices of its own for an address. Download it as JSON to pass it on."
        )
    return _MARK + packed


def read_link(word: str) -> Scenario:
    """The scenario of a link; ScenarioError when it was cut, changed or never was one."""
    if len(word) > MAX_LINK or not word.startswith(_MARK) or not word.isascii():
        raise ScenarioError(_NOT_ONE)
    packed = word.removeprefix(_MARK)
    try:
        unpacker = zlib.decompressobj()
        # The alphabet is checked: the decoder would skip what is not in it.
        text = unpacker.decompress(
            base64.b64decode(packed + "=" * (-len(packed) % 4), altchars=b"-_", validate=True), MAX_TEXT
        )
        if not unpacker.eof or unpacker.unused_data:
            raise ScenarioError(_NOT_ONE)
        return read(json.loads(text))
    except ScenarioError:
        raise
    except (ValueError, zlib.error, RecursionError) as error:
        raise ScenarioError(_NOT_ONE) from error


def read(content: object) -> Scenario:
    """A scenario from plain values; ScenarioError names the first field that is wrong."""
    try:
        return Scenario.model_validate(content)
    except ValidationError as invalid:
        first = invalid.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])[:80] or "scenario"
        raise ScenarioError(
            f"The scenario cannot be read: {place}: {first['msg'].removeprefix('Value error, ')}."
        ) from invalid


_NOT_ONE: Final = (
    "The address holds no readable scenario: it was cut or changed on its way. Ask for the link again."
)
