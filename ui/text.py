"""Text of other people's making, made safe to show: names, file names, reasons."""

import re
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_{}\[\]()#+\-!|~<>$:^=@&]|(?<=www)\.|(?<=^\d)\.)")
# But for the no-break space, which holds an amount together.
_SPACE: Final = re.compile(r"[^\S\xa0]+")
_LINK: Final = re.compile(r"(?<=http:)(?=//)|(?<=https:)(?=//)|(?<=www)(?=\.)", re.IGNORECASE)
WORD_JOINER: Final = "\N{WORD JOINER}"
LONGEST_NAME: Final = 80
"""Characters of a name shown in running text; the full name is in tables and exports."""


def md(text: str) -> str:
    """`text` as literal Markdown: nothing in it becomes a link, a formula, a colour or a heading.

    A dollar sign is escaped too: two of them in one paragraph would otherwise be a formula. A web
    address becomes a link however it is escaped, so one that came in a name is broken by a mark
    without width.
    """
    return _SPECIAL.sub(r"\\\1", _LINK.sub(WORD_JOINER, _plain(text)))


def linked(text: str) -> str:
    """Like `md`, but web addresses are links: for sources, which people follow."""
    return _SPECIAL.sub(r"\\\1", _plain(text))


def _plain(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def short(name: str, longest: int = LONGEST_NAME) -> str:
    """`name` cut in its middle, where tags differ least, when it is longer than `longest`."""
    if len(name) <= longest:
        return name
    head = (longest - 1) * 2 // 3
    return f"{name[:head]}…{name[-(longest - 1 - head) :]}"


def plural(number: int, one: str, many: str | None = None) -> str:
    """`1 call`, `2 calls`, `1,234 calls`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
